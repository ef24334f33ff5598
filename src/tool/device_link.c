/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/device_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/object.h"
#include "frontend/cuda/wasm_code.h"
#include "module/module.h"
#include "tool/command.h"
#include "tool/tasks.h"
#include "tool/terminal.h"
#include "tool/wasm.h"

#define SECTION ".cw_device"
#define REGISTRAR "__cudaRegisterLinkedBinary"
#define CACHE_KIND "dlink"

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

/* WebAssembly's objects of host code name what they don't define as imports. */
static void on_import(void *context, const char *name, size_t size) {
    struct job *job = context;
    if (size >= sizeof REGISTRAR - 1 && memcmp(name, REGISTRAR, sizeof REGISTRAR - 1) == 0) {
        char *copy = cw_format("%.*s", (int)size, name);
        on_symbol(&job->registrars, copy, false);
        free(copy);
    }
}

static void add_wasm_object(struct job *job, const char *path) {
    struct cw_text text = {0};
    if (cw_file_read(path, &text) != CW_OK || !cw_wasm_visit_imports(text.data, text.size, on_import, job)) {
        cw_say_error("internal: %s is no object of WebAssembly", path);
        job->result = CW_EXIT_FAILURE;
    }
    cw_text_fini(&text);
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
    for (size_t i = 0; job->link->host_objects && i < job->link->host_objects->count; i++) {
        add_wasm_object(job, job->link->host_objects->items[i]);
    }
    if (job->link->kernels) {
        return; /* objects and archives for WebAssembly hold host code alone */
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

/* The compiler and the math library by their states, as they may be installed anew. */
static void hash_file(struct cw_hash *hash, const char *path) {
    struct stat st = {0};
    (void)stat(path, &st);
    const long long facts[] = {st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    cw_hash_bytes(hash, facts, sizeof facts);
}

/* What decides the object: units, registrars, processors and targets, and what the compiler reads of the environment. */
static void link_key(const struct job *job, const struct cw_device_code *code, char key[33]) {
    static const char *const variables[] = {"CUDA_WASM_VECTOR", "CUDA_WASM_VIA_PTX", "CUDA_WASM_LIBDEVICE", "CUDA_PATH",
                                            "CUDA_HOME",        "CUDA_WASM_TARGETS"};
    const struct cw_setting *setting = &job->link->setting;
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "device link 1 " CW_VERSION);
    hash_file(&hash, setting->layout->compiler);
    hash_file(&hash, setting->layout->math);
    cw_hash_string(&hash, code->api->host_cpu(code->compiler));
    cw_hash_string(&hash, code->api->host_features(code->compiler));
    cw_hash_string(&hash, setting->targets ? setting->targets : "");
    cw_hash_bytes(&hash, &setting->options->device_debug, sizeof setting->options->device_debug);
    cw_hash_bytes(&hash, &setting->options->architecture, sizeof setting->options->architecture);
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        cw_hash_string(&hash, value ? value : "");
    }
    for (size_t i = 0; i < job->link->cpu_count; i++) {
        cw_hash_string(&hash, job->link->cpus[i] ? job->link->cpus[i] : "host");
    }
    for (size_t i = 0; i < job->registrars.count; i++) {
        cw_hash_string(&hash, job->registrars.items[i]);
    }
    for (size_t i = 0; i < job->count; i++) {
        cw_hash_string(&hash, job->units[i].name);
        cw_hash_bytes(&hash, job->bitcodes[i].data, job->bitcodes[i].size);
    }
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

static cw_status write_object(const struct job *job, const void *data, size_t size, struct cw_device_code *code) {
    if (cw_file_write(job->link->output, data, size, 0) == CW_OK) {
        return CW_OK;
    }
    cw_text_printf(&code->problem, "%s can't be written: %s", job->link->output, strerror(errno));
    return CW_ERROR_IO;
}

static cw_status link_units(struct job *job, struct cw_device_code *code) {
    const struct cw_device_link *link = job->link;
    const struct cw_units target = {.setting = link->setting, .cpus = link->cpus, .cpu_count = link->cpu_count};
    struct cw_text container = {0};
    struct cw_bytes object = {0};
    struct cw_text cached = {0};
    char key[33];
    link_key(job, code, key);
    if (cw_cache_get(key, CACHE_KIND, &cached)) {
        cw_status written = write_object(job, cached.data, cached.size, code);
        cw_text_fini(&cached);
        return written;
    }
    for (size_t i = 0; i < job->count; i++) {
        job->units[i].bitcode = job->bitcodes[i].data;
        job->units[i].size = job->bitcodes[i].size;
    }
    cw_status status = CW_OK;
    if (job->count > 0) {
        status = code->api->link_units(code->compiler, job->units, job->count, &code->module);
        if (status == CW_OK && link->kernels) {
            return cw_wasm_linked_write(code, &link->setting, link->id, &job->registrars, link->kernels, link->output);
        }
        if (status == CW_OK) {
            status = cw_container_make(code, &target, &container);
        }
    }
    if (status == CW_OK) {
        status = code->api->embed_linked(code->compiler, (const char *const *)job->registrars.items,
                                         job->registrars.count, container.data, container.size, &object);
    }
    if (status == CW_OK) {
        status = write_object(job, object.data, object.size, code);
    }
    if (status == CW_OK && *code->api->log(code->compiler) == '\0') { /* what was said must be said again */
        (void)cw_cache_put(key, CACHE_KIND, object.data, object.size);
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
