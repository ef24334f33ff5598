/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/dependencies.h"
#include "frontend/cuda/diagnostics.h"
#include "frontend/cuda/link.h"
#include "module/module.h"
#include "tool/command.h"
#include "tool/host_code.h"
#include "tool/prelude.h"
#include "tool/tasks.h"
#include "tool/terminal.h"

/* One pass of one source: a task. */
struct pass {
    const struct cw_input *input;
    bool device;
    uint8_t id[16];
    char *object;
    char *adapted; /* device pass: the host's object, in place of what the host pass made; or NULL */
    char *dependencies;
    char *reference;
    int result;                 /* enum cw_exit */
    struct cw_text diagnostics; /* clang's words */
    struct cw_text problem;     /* anybody else's */
};

struct job {
    struct cw_program *program;
    struct pass *passes;
    size_t count;
    bool colour;
    struct cw_link_template link;
    struct cw_prelude prelude;
};

/* ---- Device ---- */

static void add_artifacts(struct cw_device_code *code, const struct cw_program *program, struct cw_entry *entries,
                          uint32_t *count, struct cw_bytes *artifacts, cw_status *status) {
    for (size_t i = 0; i < program->cpu_count && *status == CW_OK; i++) {
        const struct cw_lower_options options = {
            .size = sizeof options,
            .target = "cpu",
            .cpu = program->cpus[i],
            .opt_level = program->setting.options->device_debug ? 0 : 3,
        };
        *status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &artifacts[i]);
        entries[(*count)++] = (struct cw_entry){
            .kind = CW_ENTRY_ARTIFACT,
            .name = "cpu",
            .cpu = program->cpus[i] ? program->cpus[i] : code->api->host_cpu(code->compiler),
            .features = program->cpus[i] ? "" : code->api->host_features(code->compiler),
            .data = artifacts[i].data,
            .size = artifacts[i].size,
        };
    }
}

/* The kernel table of a module, as bytes. */
static void write_table(const struct cw_device_code *code, struct cw_text *out) {
    struct cw_table table = {
        .kernel_count = code->api->kernel_count(code->module),
        .variable_count = code->api->variable_count(code->module),
    };
    table.kernels = cw_alloc_array(table.kernel_count + 1, sizeof *table.kernels);
    table.variables = cw_alloc_array(table.variable_count + 1, sizeof *table.variables);
    for (uint32_t i = 0; i < table.kernel_count; i++) {
        table.kernels[i] = *code->api->kernel(code->module, i);
    }
    for (uint32_t i = 0; i < table.variable_count; i++) {
        table.variables[i] = *code->api->variable(code->module, i);
    }
    cw_table_write(out, &table);
    free(table.kernels);
    free(table.variables);
}

/* Lowers the module for every CPU, and writes the object that registers the container with the runtime. */
static cw_status write_container(struct cw_device_code *code, const struct cw_program *program,
                                 const struct pass *pass) {
    struct cw_text table = {0}, container = {0};
    struct cw_bytes bitcode = {0}, object = {0};
    struct cw_bytes *artifacts = cw_alloc_array(program->cpu_count, sizeof *artifacts);
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count = 0;
    write_table(code, &table);
    entries[count++] = (struct cw_entry){CW_ENTRY_TABLE, "", "", "", table.data, table.size};
    cw_status status = code->api->module_bitcode(code->compiler, code->module, &bitcode);
    entries[count++] = (struct cw_entry){CW_ENTRY_BITCODE, "", "", "", bitcode.data, bitcode.size};
    add_artifacts(code, program, entries, &count, artifacts, &status);
    if (status == CW_OK) {
        cw_container_write(&container, entries, count);
        status = code->api->embed(code->compiler, pass->id, container.data, container.size, &object);
    }
    if (status == CW_OK) {
        status = cw_file_write(pass->object, object.data, object.size, 0);
    }
    for (size_t i = 0; i < program->cpu_count; i++) {
        free(artifacts[i].data);
    }
    free(artifacts);
    free(bitcode.data);
    free(object.data);
    cw_text_fini(&table);
    cw_text_fini(&container);
    return status;
}

/* The host's object again, beside the device's, for the sake of what only the device pass knows. */
static int adapt_host(const struct job *job, struct pass *pass, struct cw_device_code *code) {
    uint8_t reference[CW_REFERENCE_SIZE];
    char *reference_path = cw_format("%s.ref", pass->object);
    pass->adapted = cw_format("%s.host.o", pass->object);
    const struct cw_pass_files files = {
        .source = pass->input->path,
        .output = pass->adapted,
        .reference = reference_path,
        .id = pass->id,
        .precompiled = job->prelude.passes[0].path,
    };
    int result = CW_EXIT_ENVIRONMENT;
    cw_reference_write(reference, pass->id);
    if (cw_file_write(reference_path, reference, sizeof reference, 0) != CW_OK) {
        cw_text_printf(&code->problem, "%s can't be written: %s", reference_path, strerror(errno));
    } else {
        result = cw_host_code_adapt(&job->program->setting, code, &files);
    }
    free(reference_path);
    return result;
}

static void run_device_pass(const struct job *job, struct pass *pass) {
    struct cw_device_code code;
    const struct cw_pass_files files = {
        .source = pass->input->path,
        .dependencies = pass->dependencies,
        .id = pass->id,
        .precompiled = job->prelude.passes[1].path,
        .colour = job->colour,
    };
    pass->result = cw_device_code_make(&code, &job->program->setting, &files);
    if (pass->result == CW_EXIT_OK) {
        cw_status status = write_container(&code, job->program, pass);
        if (status != CW_OK) {
            pass->result = cw_device_code_failed(&code, status, "compiling device code");
        }
    }
    if (pass->result == CW_EXIT_OK && cw_host_code_must_adapt(&code)) {
        pass->result = adapt_host(job, pass, &code);
    }
    cw_text_append(&pass->diagnostics, code.clang_output.data, code.clang_output.size);
    cw_text_append(&pass->problem, code.problem.data, code.problem.size);
    cw_device_code_fini(&code);
}

/* ---- Host ---- */

static void run_host_pass(const struct job *job, struct pass *pass) {
    const struct cw_setting *setting = &job->program->setting;
    const struct cw_pass_files files = {
        .source = pass->input->path,
        .output = pass->object,
        .dependencies = pass->dependencies,
        .reference = pass->reference,
        .id = pass->id,
        .precompiled = job->prelude.passes[0].path,
        .colour = job->colour,
    };
    uint8_t reference[CW_REFERENCE_SIZE];
    cw_reference_write(reference, pass->id);
    if (pass->reference && cw_file_write(pass->reference, reference, sizeof reference, 0) != CW_OK) {
        cw_text_printf(&pass->problem, "%s can't be written: %s", pass->reference, strerror(errno));
        pass->result = CW_EXIT_ENVIRONMENT;
        return;
    }
    pass->result = cw_host_code_make(setting, pass->input->kind, &files, &pass->diagnostics, &pass->problem);
}

/* ---- Tasks ---- */

static void run_pass(void *context, size_t index) {
    struct job *job = context;
    struct pass *pass = &job->passes[index];
    if (pass->device) {
        run_device_pass(job, pass);
    } else {
        run_host_pass(job, pass);
    }
}

/* What can be done before any pass ends: open LLVM, learn how to link. */
static void prepare(void *context) {
    struct job *job = context;
    const struct cw_setting *setting = &job->program->setting;
    struct cw_text problem = {0}; /* the device pass that needs the compiler reports it */
    for (size_t i = 0; i < job->count; i++) {
        if (job->passes[i].device) {
            (void)cw_compiler_open(setting->layout, &problem);
            break;
        }
    }
    cw_text_fini(&problem);
    cw_link_template_find(&job->link, setting->toolchain, setting->options);
}

static void clean_up(void *context) {
    const struct job *job = context;
    cw_folder_remove(job->program->folder);
}

static void add_pass(struct job *job, const struct cw_input *input, bool device, const uint8_t id[16]) {
    const char *folder = job->program->folder;
    struct pass *pass = &job->passes[job->count];
    *pass = (struct pass){.input = input, .device = device};
    memcpy(pass->id, id, sizeof pass->id);
    pass->object = cw_format("%s/%zu.o", folder, job->count);
    pass->dependencies = cw_format("%s/%zu.d", folder, job->count);
    if (!device && input->kind == CW_INPUT_CUDA) {
        pass->reference = cw_format("%s/%zu.ref", folder, job->count);
    }
    job->count++;
}

static void free_passes(struct job *job) {
    for (size_t i = 0; i < job->count; i++) {
        struct pass *pass = &job->passes[i];
        free(pass->object);
        free(pass->adapted);
        free(pass->dependencies);
        free(pass->reference);
        cw_text_fini(&pass->diagnostics);
        cw_text_fini(&pass->problem);
    }
    free(job->passes);
}

/* Lists the passes of all sources. Device passes take longer (lowering follows clang), so they start first. */
static int plan(struct job *job) {
    const struct cw_cuda_options *options = job->program->setting.options;
    job->passes = cw_alloc_array(options->input_count * 2 + 1, sizeof *job->passes);
    for (int device = 1; device >= 0; device--) {
        for (size_t i = 0; i < options->input_count; i++) {
            const struct cw_input *input = &options->inputs[i];
            uint8_t id[16] = {0};
            if (input->kind == CW_INPUT_LINKER || (device && input->kind != CW_INPUT_CUDA)) {
                continue;
            }
            if (cw_source_id(options, input->path, id) != CW_OK) {
                cw_say_error("%s can't be read: %s", input->path, strerror(errno));
                return CW_EXIT_FAILURE;
            }
            add_pass(job, input, device, id);
        }
    }
    if (job->count == 0) {
        cw_say_error("there is no source among the inputs");
        return CW_EXIT_USAGE;
    }
    return CW_EXIT_OK;
}

/* ---- Results ---- */

/* Shows what the passes said, source by source, the host pass first. The worst of their results. */
static int report(struct job *job) {
    struct cw_diagnostics diagnostics = {0};
    int result = CW_EXIT_OK;
    const struct cw_cuda_options *options = job->program->setting.options;
    for (size_t i = 0; i < options->input_count; i++) {
        for (int device = 0; device < 2; device++) {
            for (size_t p = 0; p < job->count; p++) {
                if (job->passes[p].input == &options->inputs[i] && job->passes[p].device == device) {
                    cw_diagnostics_add(&diagnostics, cw_text_string(&job->passes[p].diagnostics));
                }
            }
        }
    }
    cw_diagnostics_finish(&diagnostics);
    fputs(cw_text_string(&diagnostics.text), stderr);
    for (size_t p = 0; p < job->count; p++) {
        const struct pass *pass = &job->passes[p];
        result = pass->result > result ? pass->result : result;
        cw_problem_show(pass->input->path, &pass->problem);
    }
    cw_diagnostics_fini(&diagnostics);
    return result;
}

/* ---- Link ---- */

struct link {
    const struct cw_program *program;
    struct cw_strings argv;
    struct cw_text out, diagnostics, problem;
    int result;
};

static void run_link(void *context, size_t index) {
    struct link *link = context;
    (void)index;
    link->result = cw_clang_run(&link->argv, link->program->setting.options->verbose, &link->out, &link->diagnostics,
                                &link->problem);
}

static void link_interrupted(void *context) {
    const struct link *link = context;
    cw_folder_remove(link->program->folder);
}

/* What a pass gives to the link: of a host pass its object, or the one that was adapted to the device pass. */
static const char *object_of(const struct job *job, const struct pass *pass) {
    for (size_t p = 0; p < job->count && !pass->device; p++) {
        if (job->passes[p].input == pass->input && job->passes[p].adapted) {
            return job->passes[p].adapted;
        }
    }
    return pass->object;
}

static int link_program(const struct job *job, const char *dependencies) {
    const struct cw_setting *setting = &job->program->setting;
    struct cw_strings objects = {0};
    struct link link = {.program = job->program};
    for (size_t p = 0; p < job->count; p++) {
        cw_strings_add(&objects, object_of(job, &job->passes[p]));
    }
    cw_link_command(&link.argv, &job->link, setting->toolchain, setting->layout, setting->options, &objects,
                    job->program->output, dependencies);
    const struct cw_tasks tasks = {
        .run = run_link, .context = &link, .count = 1, .doing = "linking", .interrupted = link_interrupted};
    cw_tasks_run(&tasks);
    fputs(cw_text_string(&link.diagnostics), stderr);
    if (link.problem.size > 0) {
        cw_say_error("%s", cw_text_string(&link.problem));
    }
    cw_text_clear(&link.problem);
    cw_link_explain(cw_text_string(&link.diagnostics), &link.problem);
    if (link.problem.size > 0) {
        cw_say_error("%s", cw_text_string(&link.problem));
    }
    cw_strings_fini(&objects);
    cw_strings_fini(&link.argv);
    cw_text_fini(&link.out);
    cw_text_fini(&link.diagnostics);
    cw_text_fini(&link.problem);
    return link.result;
}

static void collect_dependencies(const struct job *job, const char *link_dependencies) {
    struct cw_strings *list = &job->program->dependencies;
    for (size_t p = 0; p < job->count; p++) {
        if (cw_dependencies_read(job->passes[p].dependencies, list) != CW_OK) {
            cw_strings_add(list, ""); /* not a file: what is built from it is never taken for unchanged */
        }
    }
    if (cw_dependencies_read(link_dependencies, list) != CW_OK) {
        cw_strings_add(list, "");
    }
}

/* Points TMPDIR at our folder, so that what the compiler library leaves there when a signal comes goes with it. Returns
 * what it was. */
static char *enter_temporary(const char *folder) {
    const char *value = getenv("TMPDIR");
    char *old = value ? cw_strdup(value) : NULL;
    setenv("TMPDIR", folder, 1);
    return old;
}

/* Frees `old`. */
static void leave_temporary(char *old) {
    if (old) {
        setenv("TMPDIR", old, 1);
    } else {
        unsetenv("TMPDIR");
    }
    free(old);
}

int cw_program_build(struct cw_program *program) {
    struct job job = {.program = program, .colour = cw_terminal_colour(STDERR_FILENO)};
    char *link_dependencies = cw_format("%s/link.d", program->folder);
    int result = plan(&job);
    if (result == CW_EXIT_OK) {
        if (job.passes[0].device) {
            cw_prelude_prepare(&job.prelude, &program->setting, program->folder);
        }
        const struct cw_tasks tasks = {
            .run = run_pass,
            .context = &job,
            .count = job.count,
            .doing = "compiling",
            .meanwhile = prepare,
            .interrupted = clean_up,
        };
        char *temporary = enter_temporary(program->folder);
        cw_tasks_run(&tasks);
        leave_temporary(temporary);
        result = report(&job);
    }
    if (result == CW_EXIT_OK) {
        result = link_program(&job, link_dependencies);
    }
    if (result == CW_EXIT_OK) {
        collect_dependencies(&job, link_dependencies);
    }
    cw_link_template_fini(&job.link);
    cw_prelude_fini(&job.prelude);
    free_passes(&job);
    free(link_dependencies);
    return result;
}
