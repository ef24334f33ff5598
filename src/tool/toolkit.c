/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/toolkit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/object.h"
#include "tool/command.h"
#include "tool/terminal.h"

/* CUDA's name for this machine: its folders again, where some build systems look for them. */
#if defined(__aarch64__)
#define TARGET "targets/sbsa-linux"
#elif defined(__riscv)
#define TARGET "targets/riscv64-linux"
#else
#define TARGET "targets/x86_64-linux"
#endif

/* Links, from inside the toolkit. */
static const struct {
    const char *name, *target;
} links[] = {
    {"bin/nvcc", "../../../../bin/cuda-wasm"},
    {"bin/__nvcc_device_query", "../../../../bin/cuda-wasm"},
    {"include", "../../../include/cuda-wasm/cuda"},
    {"lib", "lib64"},
    {TARGET "/include", "../../include"},
    {TARGET "/lib", "../../lib64"},
    {"lib64/libcudawasm.so.0", "../../../libcudawasm.so.0"},
    {"lib64/libcudart.so", "../../../libcudawasm.so"},
    {"lib64/libcudart.so.11.0", "../../../libcudawasm.so"},
    {"lib64/libcudart.so.12", "../../../libcudawasm.so"},
    {"lib64/libcudart.so.13", "../../../libcudawasm.so"},
    {"lib64/libcuda.so", "../../../libcudawasm.so"},
    {"lib64/libcuda.so.1", "../../../libcudawasm.so"},
    {"lib64/stubs/libcuda.so", "../../../../libcudawasm.so"},
    {"lib64/libcurand.so", "../../../libcudawasm.so"},
    {"lib64/libnvrtc.so", "../../../libcudawasm.so"},
    {"lib64/libnvrtc.so.11.2", "../../../libcudawasm.so"},
    {"lib64/libnvrtc.so.12", "../../../libcudawasm.so"},
    {"lib64/libnvrtc.so.13", "../../../libcudawasm.so"},
    {"lib64/libnvJitLink.so", "../../../libcudawasm.so"},
    {"lib64/libnvJitLink.so.12", "../../../libcudawasm.so"},
    {"lib64/libnvJitLink.so.13", "../../../libcudawasm.so"},
    {"lib64/libnvToolsExt.so.1", "../../../libcudawasm.so"},
    {"lib64/stubs/libnvrtc.so", "../../../../libcudawasm.so"},
};

static const struct {
    const char *name, *text;
} files[] = {
    {"lib64/libcudart_static.a", "/* CUDA-WASM: the runtime, found by its path. */\nINPUT(libcudart_here.so)\n"},
    {"lib64/libcudadevrt.a", "!<arch>\n"},
    {"version.txt", "CUDA Version 12.9.1\n"},
    {"version.json", "{\n  \"cuda\" : {\n    \"name\" : \"CUDA SDK\",\n    \"version\" : \"12.9.1\"\n  }\n}\n"},
};

static const char *const folders[] = {"bin", "lib64/stubs", "nvvm/libdevice", TARGET};

static bool say_failed(const char *path) {
    cw_say_error("%s can't be made: %s", path, strerror(errno));
    return false;
}

/* Folders are for every user, whatever the mask. */
static bool make_folder(const char *toolkit, const char *name) {
    char *path = cw_format("%s/%s", toolkit, name);
    bool made = cw_folder_make(path) == CW_OK || say_failed(path);
    size_t least = strlen(toolkit);
    while (made && strlen(path) >= least) {
        (void)chmod(path, 0755);
        *strrchr(path, '/') = '\0';
    }
    free(path);
    return made;
}

static bool make_link(const char *toolkit, const char *name, const char *target) {
    char *path = cw_format("%s/%s", toolkit, name), *fresh = cw_format("%s.new", path);
    unlink(fresh);
    bool made = (symlink(target, fresh) == 0 && rename(fresh, path) == 0) || say_failed(path);
    free(fresh);
    free(path);
    return made;
}

static bool make_file(const char *toolkit, const char *name, const char *text) {
    char *path = cw_format("%s/%s", toolkit, name);
    bool made = cw_file_write(path, text, strlen(text), 0) == CW_OK || say_failed(path);
    free(path);
    return made;
}

/* ---- libcudart_here.so ---- */

/* The library has a name once for every version that it serves. */
static void add_function(void *context, const char *name, bool defined) {
    if (defined) {
        cw_text_printf(context, ".ifndef %s\n.globl %s\n.type %s, STT_FUNC\n%s:\n.endif\n", name, name, name, name);
    }
}

static void add_functions(void *context, const struct cw_object *object) {
    cw_object_symbols(object, "", add_function, context);
}

/* Links an object that has every symbol of the runtime, and nothing else of it. */
static int link_names(const struct cw_setting *setting, const char *source, const char *output) {
    struct cw_strings argv = {0};
    struct cw_text out = {0}, diagnostics = {0}, problem = {0};
    cw_strings_add(&argv, setting->toolchain->clang);
    cw_strings_addf(&argv, "--ld-path=%s", setting->toolchain->lld);
    static const char *const words[] = {"-shared", "-nostdlib", "-xassembler", NULL};
    for (size_t i = 0; words[i]; i++) {
        cw_strings_add(&argv, words[i]);
    }
    cw_strings_add(&argv, source);
    cw_strings_addf(&argv, "-Wl,-soname,%s.0", setting->layout->runtime);
    cw_strings_add(&argv, "-o");
    cw_strings_add(&argv, output);
    int result = cw_clang_run(&argv, false, &out, &diagnostics, &problem);
    fputs(cw_text_string(&diagnostics), stderr);
    if (problem.size > 0) {
        cw_say_error("%s", cw_text_string(&problem));
    }
    cw_strings_fini(&argv);
    cw_text_fini(&out);
    cw_text_fini(&diagnostics);
    cw_text_fini(&problem);
    return result;
}

static int make_names(const struct cw_setting *setting) {
    struct cw_text source = {0};
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        return CW_EXIT_ENVIRONMENT;
    }
    char *assembly = cw_format("%s/names.s", folder), *library = cw_format("%s/names.so", folder);
    char *output = cw_format("%s/lib64/libcudart_here.so", setting->layout->toolkit);
    int result = CW_EXIT_ENVIRONMENT;
    cw_text_add(&source, ".text\n");
    if (cw_objects_visit(setting->layout->runtime, add_functions, &source) != CW_OK) {
        cw_say_error("%s can't be read: %s", setting->layout->runtime, strerror(errno));
    } else if (cw_file_write(assembly, source.data, source.size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", assembly, strerror(errno));
    } else {
        result = link_names(setting, assembly, library);
    }
    if (result == CW_EXIT_OK) {
        struct cw_text bytes = {0};
        bool made =
            cw_file_read(library, &bytes) == CW_OK && cw_file_write(output, bytes.data, bytes.size, 0755) == CW_OK;
        result = made || say_failed(output) ? CW_EXIT_OK : CW_EXIT_ENVIRONMENT;
        cw_text_fini(&bytes);
    }
    cw_folder_remove(folder);
    cw_text_fini(&source);
    free(assembly);
    free(library);
    free(output);
    free(folder);
    return result;
}

int cw_toolkit_install(const struct cw_setting *setting) {
    const char *toolkit = setting->layout->toolkit;
    bool made = true;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && made; i++) {
        made = make_folder(toolkit, folders[i]);
    }
    for (size_t i = 0; i < sizeof links / sizeof links[0] && made; i++) {
        made = make_link(toolkit, links[i].name, links[i].target);
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0] && made; i++) {
        made = make_file(toolkit, files[i].name, files[i].text);
    }
    return made ? make_names(setting) : CW_EXIT_ENVIRONMENT;
}
