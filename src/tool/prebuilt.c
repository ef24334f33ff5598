/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prebuilt.c: running programs that nvcc built. What asks for NVIDIA's libraries by name finds ours, which have their names
 * in the toolkit folder: LD_LIBRARY_PATH leads there. What has NVIDIA's runtime inside (nvcc's default, -cudart static) is
 * started with ours preloaded, which takes the place of the functions inside (runtime/prebuilt/takeover.c).
 *
 * What can't work is told before the program starts, with what would help.
 */
#include "tool/prebuilt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/object.h"
#include "frontend/cuda/toolchain.h"
#include "tool/command.h"
#include "tool/launch.h"
#include "tool/terminal.h"

#define ELF_MAGIC_SIZE 4

static bool is_elf_file(const char *path) {
    char magic[ELF_MAGIC_SIZE];
    FILE *file = fopen(path, "rb");
    bool elf = file && fread(magic, 1, sizeof magic, file) == sizeof magic && cw_object_is_elf(magic, sizeof magic);
    if (file) {
        fclose(file);
    }
    return elf;
}

/* Objects and shared libraries are inputs of the linker, and go with sources. */
static void note_program(void *context, const struct cw_object *object) {
    struct cw_object_program program;
    bool *is_program = context;
    if (cw_object_program(object, &program)) {
        *is_program = program.executable || !program.native;
    }
}

char *cw_prebuilt_find(const char *word) {
    bool is_program = false;
    if (word[0] == '-') {
        return NULL;
    }
    char *path = cw_file_exists(word) ? cw_strdup(word) : strchr(word, '/') || strchr(word, '.') ? NULL : cw_program_find(word);
    bool read = path && is_elf_file(path) && cw_objects_visit(path, note_program, &is_program) == CW_OK;
    if (!read || !is_program) {
        free(path);
        path = NULL;
    }
    return path;
}

/* ---- What it needs ------------------------------------------------------------------------------------------------ */

struct needs {
    const char *folder; /* with our libraries under NVIDIA's names */
    struct cw_object_program program;
    bool shared_runtime; /* asks for libcudart.so */
    bool static_runtime; /* has it inside, with its symbols */
    bool device_code;    /* has device code of nvcc's */
    struct cw_text missing;
};

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* NVIDIA's libraries that programs link: the toolkit's and cuDNN, NCCL and the like. */
static bool is_nvidia(const char *name) {
    static const char *const prefixes[] = {"libcu", "libnv", "libnpp", "libnccl", NULL};
    static const char *const others[] = {"libcurl", "libcups", "libcue", "libcunit", NULL};
    for (int i = 0; others[i]; i++) {
        if (starts_with(name, others[i])) {
            return false;
        }
    }
    for (int i = 0; prefixes[i]; i++) {
        if (starts_with(name, prefixes[i])) {
            return true;
        }
    }
    return false;
}

static void note_needed(void *context, const char *name) {
    struct needs *needs = context;
    char *path = cw_format("%s/%s", needs->folder, name);
    needs->shared_runtime |= starts_with(name, "libcudart.so");
    if (is_nvidia(name) && !cw_file_exists(path)) {
        cw_text_printf(&needs->missing, "%s%s", needs->missing.size ? ", " : "", name);
    }
    free(path);
}

static void note_code(void *context, const void *data, size_t size) {
    struct needs *needs = context;
    (void)data;
    needs->device_code |= size > 0;
}

static void read_needs(void *context, const struct cw_object *object) {
    struct needs *needs = context;
    cw_object_program(object, &needs->program);
    if (!needs->program.native) {
        return;
    }
    cw_object_needed(object, note_needed, needs);
    cw_object_sections(object, ".nv_fatbin", note_code, needs);
    needs->static_runtime = !needs->shared_runtime && cw_object_function(object, "__cudaRegisterFatBinary");
}

/* False, and the reason said, when the program can't run here. */
static bool check(const char *path, const struct needs *needs) {
    const struct cw_object_program *program = &needs->program;
    if (!program->native) {
        cw_say_error("%s is a program for another processor than this machine's (ELF's number %u); build it for this one",
                     path, program->machine);
    } else if (needs->device_code && !program->dynamic) {
        cw_say_error("%s is linked statically as a whole, so no library can take the place of NVIDIA's; link it without "
                     "-static",
                     path);
    } else if (needs->missing.size > 0) {
        cw_say_error("%s needs %s, which CUDA-WASM does not have; it has the CUDA runtime of CUDA 11, 12 and 13 "
                     "(libcudart), the driver API (libcuda), NVRTC and nvJitLink",
                     path, needs->missing.data);
    } else if (needs->device_code && !needs->shared_runtime && !needs->static_runtime) {
        cw_say_error("%s links NVIDIA's runtime statically, and its symbols were stripped, so the runtime inside can't be "
                     "replaced; build it with nvcc's -cudart shared, or don't strip it",
                     path);
    } else {
        return true;
    }
    return false;
}

/* ---- Starting it --------------------------------------------------------------------------------------------------- */

/* Puts `value` before what the variable has. */
static void prepend(const char *variable, const char *value) {
    const char *old = getenv(variable);
    char *all = old && *old ? cw_format("%s:%s", value, old) : cw_strdup(value);
    setenv(variable, all, 1);
    free(all);
}

int cw_prebuilt_run(const char *path, char **words) {
    struct cw_layout layout;
    struct needs needs = {0};
    int result = CW_EXIT_FAILURE;
    if (!cw_layout_find(&layout, (const void *)cw_prebuilt_run)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        return CW_EXIT_ENVIRONMENT;
    }
    char *folder = cw_format("%s/lib64", layout.toolkit);
    needs.folder = folder;
    if (!cw_file_exists(folder)) {
        cw_say_error("%s is missing, where programs find NVIDIA's libraries; 'cuda-wasm cache toolkit' makes it", folder);
        result = CW_EXIT_ENVIRONMENT;
    } else if (cw_objects_visit(path, read_needs, &needs) != CW_OK) {
        cw_say_error("%s can't be read: %s", path, strerror(errno));
    } else if (check(path, &needs)) {
        prepend("LD_LIBRARY_PATH", folder);
        if (needs.static_runtime) {
            prepend("LD_PRELOAD", layout.runtime);
        }
        cw_launch_replace(path, words);
        cw_say_error("%s can't be started: %s", path, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    }
    cw_text_fini(&needs.missing);
    free(folder);
    cw_layout_fini(&layout);
    return result;
}
