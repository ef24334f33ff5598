/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/wasm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "frontend/cuda/dependencies.h"
#include "frontend/cuda/wasm.h"
#include "frontend/cuda/wasm_exceptions.h"
#include "frontend/cuda/wasm_stack.h"
#include "module/module.h"
#include "tool/command.h"
#include "tool/tasks.h"
#include "tool/terminal.h"

/* ---- Device code ---- */

/* A container that holds the table, and for an artifact the id by which the program finds the one that is linked in. */
static void make_container(struct cw_device_code *code, const uint8_t id[16], const struct cw_bytes *wgsl, struct cw_text *container) {
    struct cw_text table = {0};
    cw_table_write_module(&table, code->api, code->module);
    const struct cw_entry entries[] = {
        {CW_ENTRY_TABLE, "", "", "", table.data, table.size},
        {CW_ENTRY_ARTIFACT, "cpu", "", "", id, 16},
        {CW_ENTRY_ARTIFACT, "wgsl", "", "", wgsl->data, wgsl->size},
    };
    cw_container_write(container, entries, wgsl->size > 0 ? 3 : 2);
    cw_text_fini(&table);
}

/* For pages: the kernels for WebGPU too. A module that WGSL can't express at all runs as WebAssembly everywhere, and the page says so. */
static void emit_for_gpu(struct cw_device_code *code, const struct cw_wasm_options *wasm, struct cw_bytes *wgsl) {
    const struct cw_lower_options options = {.size = sizeof options, .target = "wgsl", .opt_level = 3};
    if (wasm->page && code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, wgsl) != CW_OK) {
        *wgsl = (struct cw_bytes){0};
    }
}

cw_status cw_wasm_linked_write(struct cw_device_code *code, const struct cw_setting *setting, const uint8_t id[16],
                               const struct cw_strings *registrars, const char *kernels_path, const char *object_path) {
    struct cw_text container = {0};
    struct cw_bytes kernels = {0}, object = {0}, wgsl = {0};
    char hex[33], symbol[64];
    cw_hash_hex(id, hex);
    snprintf(symbol, sizeof symbol, "cw_artifact_%s", hex);
    struct cw_text features = {0};
    const struct cw_wasm_options *wasm = &setting->options->wasm;
    cw_text_printf(&features, "%s+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext%s", wasm->no_simd ? "" : "+simd128,",
                   wasm->threads ? ",+atomics" : "");
    const struct cw_lower_options options = {
        .size = sizeof options,
        .target = "wasm",
        .features = cw_text_string(&features),
        .opt_level = setting->options->device_debug ? 0 : 3,
        .scalar = wasm->no_vectors,
        .symbol = symbol,
    };
    cw_status status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &kernels);
    if (status == CW_OK) {
        emit_for_gpu(code, wasm, &wgsl);
        make_container(code, id, &wgsl, &container);
    }
    if (status == CW_OK) {
        status = code->api->embed_wasm(code->compiler, id, symbol, (const char *const *)registrars->items, registrars->count,
                                       container.data, container.size, &object);
    }
    if (status == CW_OK) {
        status = cw_file_write(kernels_path, kernels.data, kernels.size, 0);
    }
    if (status == CW_OK) {
        status = cw_file_write(object_path, object.data, object.size, 0);
    }
    free(kernels.data);
    free(object.data);
    free(wgsl.data);
    cw_text_fini(&container);
    cw_text_fini(&features);
    return status;
}

cw_status cw_wasm_unit_write(struct cw_device_code *code, const struct cw_setting *setting,
                             const struct cw_compiled_unit *unit) {
    const struct cw_strings none = {0};
    return cw_wasm_linked_write(code, setting, unit->id, &none, unit->kernels, unit->device);
}

/* ---- Inputs ---- */

bool cw_wasm_inputs_fit(const struct cw_setting *setting) {
    bool fit = true;
    for (size_t i = 0; i < setting->options->input_count && fit; i++) {
        struct cw_text text = {0};
        const char *path = setting->options->inputs[i].path;
        if (setting->options->inputs[i].kind == CW_INPUT_LINKER && cw_file_read(path, &text) == CW_OK && text.size > 4 &&
            memcmp(text.data, "\x7f" "ELF", 4) == 0) {
            cw_say_error("%s is an object for this machine; programs for WebAssembly are built from sources: name them all, with "
                         "-rdc=true if they use each other's device code", path);
            fit = false;
        }
        cw_text_fini(&text);
    }
    return fit;
}

/* ---- Exceptions ---- */

static bool file_throws(const char *path) {
    struct cw_text text = {0};
    bool result = cw_file_read(path, &text) == CW_OK && cw_wasm_throws(cw_text_string(&text));
    cw_text_fini(&text);
    return result;
}

/* The libraries' headers throw in functions that most programs never call: those don't count. */
static bool is_library(const struct cw_setting *setting, const char *path) {
    const char *const folders[] = {setting->layout->headers, setting->layout->wasm, "/usr/lib/", "/usr/include/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (strncmp(path, folders[i], strlen(folders[i])) == 0) {
            return true;
        }
    }
    return setting->toolchain->wasi && strcmp(setting->toolchain->wasi, "/usr") != 0 &&
           strncmp(path, setting->toolchain->wasi, strlen(setting->toolchain->wasi)) == 0;
}

bool cw_wasm_sources_throw(const struct cw_setting *setting, const struct cw_units *units) {
    bool result = false;
    for (size_t i = 0; !units && !result && i < setting->options->input_count; i++) {
        enum cw_input_kind kind = setting->options->inputs[i].kind;
        result = (kind == CW_INPUT_CUDA || kind == CW_INPUT_CXX) && file_throws(setting->options->inputs[i].path);
    }
    for (size_t i = 0; units && !result && i < units->count; i++) {
        struct cw_strings files = {0};
        if (cw_dependencies_read(units->all[i].host_dependencies, &files) == CW_OK) {
            for (size_t j = 0; j < files.count && !result; j++) {
                result = !is_library(setting, files.items[j]) && file_throws(files.items[j]);
            }
        }
        cw_strings_fini(&files);
    }
    return result;
}

/* ---- Link ---- */

struct job {
    const struct cw_program *program;
    struct cw_strings link, fibers;
    char *linked; /* before fibers */
    char *hidden, *resumable; /* what Binaryen reads and writes where host code has exceptions that it doesn't know; else NULL */
    struct cw_text out, diagnostics, problem;
    bool needs_fibers;
    int result;
};

static int run_command(struct job *job, struct cw_strings *argv) {
    return cw_clang_run(argv, job->program->setting.options->verbose, &job->out, &job->diagnostics, &job->problem);
}

/* False, with the result and a sentence set, if the file can't be written. */
static bool write_module(struct job *job, const char *path, const struct cw_text *module) {
    if (cw_file_write(path, module->data, module->size, 0755) == CW_OK) {
        return true;
    }
    cw_text_printf(&job->problem, "%s can't be written: %s", path, strerror(errno));
    job->result = CW_EXIT_FAILURE;
    return false;
}

static bool read_module(struct job *job, const char *path, struct cw_text *module) {
    if (cw_file_read(path, module) == CW_OK) {
        return true;
    }
    cw_text_printf(&job->problem, "%s can't be read: %s", path, strerror(errno));
    job->result = CW_EXIT_ENVIRONMENT;
    return false;
}

static void run_binaryen(struct job *job) {
    struct cw_text linker = job->diagnostics;
    job->diagnostics = (struct cw_text){0};
    job->result = run_command(job, &job->fibers);
    if (job->result == CW_EXIT_OK) {
        cw_text_clear(&job->diagnostics); /* that some passes leave lines of source inexact */
    }
    cw_text_append(&linker, job->diagnostics.data ? job->diagnostics.data : "", job->diagnostics.size);
    cw_text_fini(&job->diagnostics);
    job->diagnostics = linker;
}

static void make_resumable(struct job *job, const struct cw_text *module) {
    struct cw_text changed = {0}, whole = {0};
    if (!job->program->setting.toolchain->wasm_opt) {
        cw_text_add(&job->problem, "this program has kernels whose threads wait for each other one by one, or that use assert or __trap; in "
                                   "WebAssembly that takes wasm-opt, which is not installed; it is in Debian's package " CW_WASM_OPT_PACKAGE
                                   ": apt-get install " CW_WASM_OPT_PACKAGE);
        job->result = CW_EXIT_ENVIRONMENT;
    } else if (!job->hidden) {
        run_binaryen(job);
    } else if (!cw_wasm_hide_exceptions(module->data, module->size, &changed, &job->problem)) {
        job->result = CW_EXIT_FAILURE;
    } else if (write_module(job, job->hidden, &changed)) {
        run_binaryen(job);
        cw_text_clear(&changed);
        if (job->result == CW_EXIT_OK && read_module(job, job->resumable, &changed)) {
            if (!cw_wasm_restore_exceptions(module->data, module->size, changed.data, changed.size, &whole, &job->problem)) {
                job->result = CW_EXIT_FAILURE;
            } else {
                (void)write_module(job, job->program->output, &whole);
            }
        }
    }
    cw_text_fini(&changed);
    cw_text_fini(&whole);
}

static void run(void *context, size_t index) {
    struct job *job = context;
    struct cw_text module = {0};
    (void)index;
    job->result = run_command(job, &job->link);
    if (job->result == CW_EXIT_OK && read_module(job, job->linked, &module)) {
        if (job->program->setting.options->wasm.threads && cw_wasm_guard_stacks(module.data, module.size) > 0 &&
            !write_module(job, job->linked, &module)) {
            cw_text_fini(&module);
            return;
        }
        job->needs_fibers = cw_wasm_needs_fibers(module.data, module.size);
        if (job->needs_fibers) {
            make_resumable(job, &module);
        } else {
            (void)write_module(job, job->program->output, &module);
        }
    }
    cw_text_fini(&module);
}

static void interrupted(void *context) {
    const struct job *job = context;
    cw_folder_remove(job->program->folder);
}

static void report(struct job *job) {
    struct cw_text advice = {0};
    if (job->result != CW_EXIT_OK) {
        cw_wasm_link_explain(cw_text_string(&job->diagnostics), &advice);
    }
    if (advice.size > 0) {
        cw_say_error("%s", cw_text_string(&advice));
    } else {
        fputs(cw_text_string(&job->diagnostics), stderr);
    }
    if (job->problem.size > 0) {
        cw_say_error("%s", cw_text_string(&job->problem));
    }
    cw_text_fini(&advice);
}

/* What the link read beside what was made just now, as a rule of make: wasm-ld writes none. */
static void write_dependencies(const struct cw_setting *setting, const char *path) {
    struct cw_text rule = {0};
    cw_text_printf(&rule, "program: %s/libcudawasm%s.a", setting->layout->wasm, setting->options->wasm.threads ? "-threads" : "");
    for (size_t i = 0; i < setting->options->input_count; i++) {
        if (setting->options->inputs[i].kind == CW_INPUT_LINKER) {
            cw_text_printf(&rule, " %s", setting->options->inputs[i].path);
        }
    }
    cw_text_add(&rule, "\n");
    if (cw_file_write(path, rule.data, rule.size, 0) != CW_OK) {
        cw_say_note("%s can't be written, so the program will be built again next time", path);
    }
    cw_text_fini(&rule);
}

int cw_wasm_link(const struct cw_program *program, const struct cw_units *units, const struct cw_strings *more, const char *dependencies) {
    const struct cw_setting *setting = &program->setting;
    struct cw_strings objects = {0};
    struct job job = {.program = program, .linked = cw_format("%s/linked.wasm", program->folder)};
    /* Kernels first: what becomes of host code behind them leaves their lines of source where they are. */
    for (size_t i = 0; i < units->count; i++) {
        if (units->all[i].kernels) {
            cw_strings_add(&objects, units->all[i].kernels);
        }
    }
    for (size_t i = 0; i < more->count; i++) {
        cw_strings_add(&objects, more->items[i]);
    }
    for (size_t i = 0; i < units->count; i++) {
        cw_strings_add(&objects, units->all[i].host);
        if (units->all[i].kernels) { /* of relocatable code the device link has taken what there is */
            cw_strings_add(&objects, units->all[i].device);
        }
    }
    cw_wasm_link_command(&job.link, setting->toolchain, setting->layout, setting->options, &objects, job.linked);
    if (setting->toolchain->wasm_opt) {
        /* Binaryen 108 does not know the standard's instructions for exceptions, and knows those of the form with threads. */
        if (setting->options->wasm.exceptions && !setting->options->wasm.threads) {
            job.hidden = cw_format("%s/hidden.wasm", program->folder);
            job.resumable = cw_format("%s/resumable.wasm", program->folder);
        }
        cw_wasm_fibers_command(&job.fibers, setting->toolchain, setting->options, job.hidden ? job.hidden : job.linked,
                               job.hidden ? job.resumable : program->output);
    }
    const struct cw_tasks tasks = {.run = run, .context = &job, .count = 1, .doing = "linking", .interrupted = interrupted};
    cw_tasks_run(&tasks);
    report(&job);
    write_dependencies(setting, dependencies);
    cw_strings_fini(&objects);
    cw_strings_fini(&job.link);
    cw_strings_fini(&job.fibers);
    cw_text_fini(&job.out);
    cw_text_fini(&job.diagnostics);
    cw_text_fini(&job.problem);
    free(job.linked);
    free(job.hidden);
    free(job.resumable);
    return job.result;
}
