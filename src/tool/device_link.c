/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/device_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/object.h"
#include "module/module.h"
#include "tool/command.h"
#include "tool/tasks.h"
#include "tool/terminal.h"

#define SECTION ".cw_device"
#define REGISTRAR "__cudaRegisterLinkedBinary"

/* A file that was read: the same may be named several times. */
struct seen {
    dev_t device;
    ino_t inode;
};

struct job {
    const struct cw_device_link *link;
    struct cw_text *bitcodes; /* owned, as are the units' names */
    struct cw_unit *units;
    size_t count, bitcode_capacity, unit_capacity;
    struct cw_strings registrars; /* functions to define, each once */
    struct seen *seen;
    size_t seen_count, seen_capacity;
    const char *object; /* being looked into */
    bool damaged;
    int result;
    struct cw_text problem;
};

/* ---- Collecting units ---- */

static void add_unit(struct job *job, const struct cw_entry *entry) {
    job->bitcodes = cw_grow(job->bitcodes, job->count, &job->bitcode_capacity, sizeof *job->bitcodes);
    job->units = cw_grow(job->units, job->count, &job->unit_capacity, sizeof *job->units);
    job->bitcodes[job->count] = (struct cw_text){0};
    cw_text_append(&job->bitcodes[job->count], entry->data, entry->size);
    bool ours = strncmp(job->object, job->link->folder, strlen(job->link->folder)) == 0;
    job->units[job->count].name = ours ? cw_strdup(entry->name) : cw_format("%s (%s)", job->object, entry->name);
    job->count++;
}

/* `ld -r` puts sections of one name behind each other, so there may be several containers. */
static void on_section(void *context, const void *data, size_t size) {
    struct job *job = context;
    const char *at = data;
    while (size >= CW_REFERENCE_SIZE) {
        struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
        uint32_t count;
        size_t length = cw_container_size(at);
        if (length == 0 || length > size || cw_container_read(at, length, entries, &count) != CW_OK) {
            job->damaged = true;
            return;
        }
        for (uint32_t i = 0; i < count; i++) {
            if (entries[i].kind == CW_ENTRY_BITCODE) {
                add_unit(job, &entries[i]);
            }
        }
        at += length;
        size -= length;
    }
}

static void on_symbol(void *context, const char *name, bool defined) {
    struct cw_strings *list = context;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return;
        }
    }
    if (!defined) {
        cw_strings_add(list, name);
    }
}

static void on_object(void *context, const struct cw_object *object) {
    struct job *job = context;
    job->object = object->name;
    cw_object_sections(object, SECTION, on_section, job);
    cw_object_symbols(object, REGISTRAR, on_symbol, &job->registrars);
    if (job->damaged) {
        cw_say_error("%s: its device code is damaged, or made by another version of cuda-wasm; compile it again",
                     object->name);
        job->damaged = false;
        job->result = CW_EXIT_FAILURE;
    }
}

static bool seen_before(struct job *job, const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) {
        return false;
    }
    for (size_t i = 0; i < job->seen_count; i++) {
        if (job->seen[i].device == st.st_dev && job->seen[i].inode == st.st_ino) {
            return true;
        }
    }
    job->seen = cw_grow(job->seen, job->seen_count, &job->seen_capacity, sizeof *job->seen);
    job->seen[job->seen_count++] = (struct seen){st.st_dev, st.st_ino};
    return false;
}

static void add_file(struct job *job, const char *path) {
    if (strstr(cw_path_name(path), ".so") || seen_before(job, path)) {
        return; /* a shared library's device code was linked when it was */
    }
    if (cw_objects_visit(path, on_object, job) != CW_OK) {
        cw_say_error("%s can't be read: %s", path, strerror(errno));
        job->result = CW_EXIT_FAILURE;
    }
}

/* The static library that the host's linker would take for -lNAME; system libraries hold no device code. */
static void add_library(struct job *job, const char *name) {
    const struct cw_strings *words = &job->link->setting.options->link;
    for (size_t i = 0; i < words->count; i++) {
        if (strncmp(words->items[i], "-L", 2) != 0) {
            continue;
        }
        const char *folder = words->items[i] + 2;
        char *shared = cw_format("%s/lib%s.so", folder, name);
        char *archive = name[0] == ':' ? cw_format("%s/%s", folder, name + 1) : cw_format("%s/lib%s.a", folder, name);
        bool taken = cw_file_exists(shared), found = !taken && cw_file_exists(archive);
        if (found) {
            add_file(job, archive);
        }
        free(shared);
        free(archive);
        if (taken || found) {
            return;
        }
    }
}

static void collect(struct job *job) {
    const struct cw_cuda_options *options = job->link->setting.options;
    for (size_t i = 0; i < job->link->objects->count; i++) {
        add_file(job, job->link->objects->items[i]);
    }
    for (size_t i = 0; i < options->input_count; i++) {
        if (options->inputs[i].kind == CW_INPUT_LINKER) {
            add_file(job, options->inputs[i].path);
        }
    }
    for (size_t i = 0; i < options->link.count; i++) {
        if (strncmp(options->link.items[i], "-l", 2) == 0) {
            add_library(job, options->link.items[i] + 2);
        }
    }
}

/* ---- Linking ---- */

static cw_status link_units(struct job *job, struct cw_device_code *code) {
    const struct cw_device_link *link = job->link;
    const struct cw_units target = {.setting = link->setting, .cpus = link->cpus, .cpu_count = link->cpu_count};
    struct cw_text container = {0};
    struct cw_bytes object = {0};
    for (size_t i = 0; i < job->count; i++) {
        job->units[i].bitcode = job->bitcodes[i].data;
        job->units[i].size = job->bitcodes[i].size;
    }
    cw_status status = CW_OK;
    if (job->count > 0) {
        status = code->api->link_units(code->compiler, job->units, job->count, &code->module);
        if (status == CW_OK) {
            status = cw_container_make(code, &target, &container);
        }
    }
    if (status == CW_OK) {
        status = code->api->embed_linked(code->compiler, (const char *const *)job->registrars.items,
                                         job->registrars.count, container.data, container.size, &object);
    }
    if (status == CW_OK && cw_file_write(link->output, object.data, object.size, 0) != CW_OK) {
        cw_text_printf(&code->problem, "%s can't be written: %s", link->output, strerror(errno));
        status = CW_ERROR_IO;
    }
    free(object.data);
    cw_text_fini(&container);
    return status;
}

static void run(void *context, size_t index) {
    struct job *job = context;
    struct cw_device_code code = {0};
    (void)index;
    code.api = cw_compiler_open(job->link->setting.layout, &code.problem);
    if (!code.api) {
        job->result = CW_EXIT_ENVIRONMENT;
    } else {
        code.compiler = code.api->create();
        cw_status status = code.compiler ? link_units(job, &code) : CW_ERROR_OUT_OF_MEMORY;
        if (status != CW_OK && code.problem.size == 0) {
            job->result = cw_device_code_failed(&code, status, "linking device code");
        } else if (status != CW_OK) {
            job->result = CW_EXIT_FAILURE;
        }
    }
    cw_text_append(&job->problem, code.problem.data, code.problem.size);
    cw_device_code_fini(&code);
}

static void interrupted(void *context) {
    const struct job *job = context;
    cw_folder_remove(job->link->folder);
}

static void free_job(struct job *job) {
    for (size_t i = 0; i < job->count; i++) {
        cw_text_fini(&job->bitcodes[i]);
        free((char *)job->units[i].name);
    }
    free(job->bitcodes);
    free(job->units);
    free(job->seen);
    cw_strings_fini(&job->registrars);
    cw_text_fini(&job->problem);
}

int cw_device_link_run(const struct cw_device_link *link, bool *made) {
    struct job job = {.link = link};
    collect(&job);
    *made = false;
    if (job.result == CW_EXIT_OK && (job.count > 0 || link->always)) {
        const struct cw_tasks tasks = {
            .run = run, .context = &job, .count = 1, .doing = "linking device code", .interrupted = interrupted};
        cw_tasks_run(&tasks);
        cw_problem_show("device link", &job.problem);
        *made = job.result == CW_EXIT_OK;
    }
    int result = job.result;
    free_job(&job);
    return result;
}
