/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile.c: from an NVRTC program to a container: clang's device pass in a folder of its own, then the compiler's kernel
 * module. Results are kept in the cache under everything that went in, the files that were included among it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "frontend/cuda/dependencies.h"
#include "frontend/cuda/manifest.h"
#include "frontend/cuda/passes.h"
#include "frontend/nvrtc/options.h"
#include "frontend/nvrtc/result.h"
#include "frontend/nvrtc/workspace.h"
#include "module/module.h"

#define CACHE_KIND "nvrtc"
#define OPT_LEVEL 3

struct job {
    const struct cw_source *source;
    const char *name;
    struct cw_nvrtc_options options;
    struct cw_layout layout;
    struct cw_toolchain toolchain;
    struct cw_nvrtc_workspace workspace;
    struct cw_text log;
    struct cw_text bitcode;
    struct cw_source_result *result;
    uint8_t id[16]; /* of all that went in, as is `key` */
    char key[33];
    struct timespec start;
};

static bool fail(struct job *job, enum cw_source_outcome outcome) {
    job->result->outcome = outcome;
    return false;
}

/* ---- The cache --------------------------------------------------------------------------------------------------- */

static void hash_list(struct cw_hash *hash, const char *const *list, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        cw_hash_string(hash, list[i]);
    }
}

static void make_key(struct job *job) {
    const struct cw_source *source = job->source;
    const uint32_t counts[] = {source->header_count, source->expression_count, source->option_count};
    struct cw_hash hash;
    char *folder = getcwd(NULL, 0);
    cw_hash_init(&hash);
    cw_hash_string(&hash, "nvrtc 4 " CW_VERSION);
    cw_hash_string(&hash, folder ? folder : "");
    cw_hash_string(&hash, job->name);
    cw_hash_string(&hash, source->text);
    cw_hash_bytes(&hash, counts, sizeof counts);
    hash_list(&hash, source->header_names, source->header_count);
    hash_list(&hash, source->headers, source->header_count);
    hash_list(&hash, source->expressions, source->expression_count);
    hash_list(&hash, source->options, source->option_count);
    cw_hash_finish(&hash, job->id);
    cw_hash_hex(job->id, job->key);
    free(folder);
}

static bool find_cached(struct job *job) {
    struct cw_text bytes = {0};
    char *path = job->options.no_cache ? NULL : cw_manifest_find(job->key, CACHE_KIND);
    bool found = path && cw_file_read(path, &bytes) == CW_OK && cw_nvrtc_result_read(job->result, &bytes);
    cw_text_fini(&bytes);
    free(path);
    return found;
}

static void keep(const struct job *job) {
    struct cw_strings files = {0};
    struct cw_text bytes = {0}, problem = {0};
    char *path = cw_format("%s/result", job->workspace.folder);
    const char *tools[] = {job->toolchain.clang, job->layout.compiler, job->layout.math, NULL};
    const struct cw_manifest_inputs inputs = {&files, job->start, &job->layout, tools};
    cw_nvrtc_result_write(job->result, &bytes);
    if (!job->options.no_cache && cw_dependencies_read(job->workspace.dependencies, &files) == CW_OK &&
        cw_file_write(path, bytes.data, bytes.size, 0) == CW_OK) {
        free(cw_manifest_store(job->key, CACHE_KIND, path, &inputs, &problem));
    }
    cw_strings_fini(&files);
    cw_text_fini(&bytes);
    cw_text_fini(&problem);
    free(path);
}

/* ---- clang ------------------------------------------------------------------------------------------------------- */

/* The device pass with the prelude of NVRTC, and without the host's headers. */
static void make_command(struct job *job, struct cw_strings *argv) {
    static const char *const words[] = {"-nostdlibinc", "-nostdinc++", "-fdiagnostics-format=msvc", "-fno-show-column",
                                        NULL};
    struct cw_cuda_options *cuda = &job->options.cuda;
    struct cw_layout layout = job->layout;
    char *prelude = cw_format("%s/cw/rtc.h", layout.cuda_headers);
    layout.prelude = prelude;
    for (const char *const *word = words; *word; word++) {
        cw_strings_add(&cuda->warnings, *word);
    }
    cw_strings_addf(&cuda->warnings, "-ffile-prefix-map=%s=.", job->workspace.folder);
    cw_nvrtc_workspace_includes(&job->workspace, job->name, job->options.no_source_include, &cuda->preprocessor);
    for (size_t i = 0; i < job->options.pre_includes.count; i++) {
        cw_strings_add(&cuda->preprocessor, "-include");
        cw_strings_add(&cuda->preprocessor, job->options.pre_includes.items[i]);
    }
    if (!cuda->standard) {
        cuda->standard = cw_strdup("c++17"); /* NVRTC's default */
    }
    const struct cw_pass_files files = {
        .source = job->workspace.source,
        .output = "-",
        .dependencies = job->workspace.dependencies,
        .id = job->id,
    };
    cw_device_pass(argv, &job->toolchain, &layout, cuda, &files);
    free(prelude);
}

static bool run_clang(struct job *job) {
    struct cw_strings argv = {0};
    struct cw_process process = {0};
    make_command(job, &argv);
    if (cw_process_start(&process, argv.items) != CW_OK) {
        cw_text_printf(&job->log, "nvrtc: error: %s can't be started: %s\n", argv.items[0], strerror(errno));
        cw_process_fini(&process);
        cw_strings_fini(&argv);
        return fail(job, CW_SOURCE_ENVIRONMENT);
    }
    struct cw_process *all[] = {&process};
    cw_process_wait(all, 1);
    cw_nvrtc_workspace_log(&job->workspace, job->name, cw_text_string(&process.err), &job->log);
    bool fine = process.status == 0;
    if (fine) {
        cw_text_append(&job->bitcode, process.out.data, process.out.size);
    } else if (process.err.size == 0) {
        cw_text_printf(&job->log, "nvrtc: error: %s ended with status %d and said nothing\n", argv.items[0],
                       process.status);
    }
    cw_process_fini(&process);
    cw_strings_fini(&argv);
    return fine ? true : fail(job, CW_SOURCE_ERRORS);
}

/* ---- The kernel module ------------------------------------------------------------------------------------------- */

struct compiled {
    const struct cw_compiler_api *api;
    struct cw_compiler *compiler;
    struct cw_module *module;
};

static bool write_container(struct job *job, const struct compiled *c) {
    struct cw_text table = {0}, container = {0};
    struct cw_bytes bitcode = {0}, artifact = {0};
    struct cw_entry entries[3];
    uint32_t count = 0;
    cw_status status = c->api->module_bitcode(c->compiler, c->module, &bitcode);
    cw_table_write_module(&table, c->api, c->module);
    entries[count++] = (struct cw_entry){CW_ENTRY_TABLE, "", "", "", table.data, table.size};
    entries[count++] = (struct cw_entry){CW_ENTRY_BITCODE, "", "", "", bitcode.data, bitcode.size};
    if (status == CW_OK && job->options.real_architecture && !job->options.cuda.relocatable) {
        const struct cw_lower_options lower = {.size = sizeof lower, .target = "cpu", .opt_level = OPT_LEVEL};
        status = c->api->emit(c->compiler, c->module, &lower, CW_EMIT_ARTIFACT, &artifact);
        entries[count++] = (struct cw_entry){
            CW_ENTRY_ARTIFACT, "cpu",        c->api->host_cpu(c->compiler), c->api->host_features(c->compiler),
            artifact.data,     artifact.size};
    }
    if (status == CW_OK) {
        cw_container_write(&container, entries, count);
        job->result->container.data = cw_text_take(&container, &job->result->container.size);
    }
    cw_text_fini(&table);
    free(bitcode.data);
    free(artifact.data);
    return status == CW_OK;
}

static bool take_names(struct job *job, const struct compiled *c) {
    uint32_t count = job->source->expression_count;
    job->result->lowered = cw_alloc_array(count + 1, sizeof *job->result->lowered);
    job->result->lowered_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = c->api->lowered_name(c->module, i);
        if (!name) {
            cw_text_printf(&job->log,
                           "nvrtc: error: the name expression %s is no __global__ function, __device__ or "
                           "__constant__ variable\n",
                           job->source->expressions[i]);
            return false;
        }
        job->result->lowered[i] = cw_strdup(name);
    }
    return true;
}

static bool make_module(struct job *job) {
    struct compiled c = {0};
    char *reason = NULL;
    c.api = job->source->compiler(&reason);
    c.compiler = c.api ? c.api->create() : NULL;
    if (!c.compiler) {
        cw_text_printf(&job->log, "nvrtc: error: %s\n", reason ? reason : "no memory for the compiler");
        free(reason);
        return fail(job, CW_SOURCE_ENVIRONMENT);
    }
    cw_status (*import)(struct cw_compiler *, const void *, size_t, struct cw_module **) =
        job->options.cuda.relocatable ? c.api->import_unit : c.api->import_bitcode;
    bool fine = import(c.compiler, job->bitcode.data, job->bitcode.size, &c.module) == CW_OK && take_names(job, &c) &&
                write_container(job, &c);
    if (!fine) {
        cw_nvrtc_workspace_log(&job->workspace, job->name, c.api->log(c.compiler), &job->log);
    }
    if (c.module) {
        c.api->module_destroy(c.module);
    }
    c.api->destroy(c.compiler);
    return fine ? true : fail(job, CW_SOURCE_ERRORS);
}

/* ---- All of it --------------------------------------------------------------------------------------------------- */

static bool prepare(struct job *job) {
    struct cw_text problem = {0};
    static const char anchor;
    clock_gettime(CLOCK_REALTIME, &job->start);
    cw_toolchain_find(&job->toolchain);
    if (!cw_layout_find(&job->layout, &anchor)) {
        cw_text_add(&problem, "the folder of libcudawasm-nvrtc.so can't be found out");
    }
    if (problem.size == 0 && cw_toolchain_check(&job->toolchain, false, &problem) == CW_OK) {
        cw_text_fini(&problem);
        return true;
    }
    cw_text_printf(&job->log, "nvrtc: error: %s\n", cw_text_string(&problem));
    cw_text_fini(&problem);
    return fail(job, CW_SOURCE_ENVIRONMENT);
}

static void run(struct job *job) {
    const struct cw_source *source = job->source;
    if (!cw_nvrtc_options_read(&job->options, source->options, source->option_count, &job->log)) {
        job->result->outcome = CW_SOURCE_INVALID_OPTION;
        return;
    }
    job->result->real_architecture = job->options.real_architecture;
    job->result->link_time = job->options.link_time;
    job->result->architecture = job->options.cuda.architecture / 10;
    job->result->relocatable = job->options.cuda.relocatable;
    if (!prepare(job)) {
        return;
    }
    make_key(job);
    if (find_cached(job)) {
        return;
    }
    if (!cw_nvrtc_workspace_open(&job->workspace, source, job->name, job->options.default_device, &job->log)) {
        job->result->outcome = CW_SOURCE_ENVIRONMENT;
        return;
    }
    if (run_clang(job) && (job->options.syntax_only || make_module(job))) {
        job->result->outcome = CW_SOURCE_OK;
        free(job->result->log);
        job->result->log = cw_strdup(cw_text_string(&job->log));
        keep(job);
    }
}

static void compile(const struct cw_source *source, struct cw_source_result *result) {
    struct job job = {.source = source, .name = source->name, .result = result};
    *result = (struct cw_source_result){0};
    run(&job);
    if (!result->log) {
        result->log = cw_strdup(cw_text_string(&job.log));
    }
    cw_nvrtc_workspace_close(&job.workspace);
    cw_nvrtc_options_fini(&job.options);
    cw_layout_fini(&job.layout);
    cw_toolchain_fini(&job.toolchain);
    cw_text_fini(&job.log);
    cw_text_fini(&job.bitcode);
}

const struct cw_source_api *cw_source_api(uint32_t abi_version) {
    static const struct cw_source_api api = {
        .abi_version = CW_SOURCE_ABI,
        .struct_size = sizeof api,
        .compile = compile,
        .free_result = cw_nvrtc_result_free,
    };
    return abi_version == CW_SOURCE_ABI ? &api : NULL;
}
