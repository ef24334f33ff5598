/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/dependencies.h"
#include "frontend/cuda/link.h"
#include "tool/cc.h"
#include "tool/command.h"
#include "tool/device_link.h"
#include "tool/tasks.h"
#include "tool/terminal.h"
#include "tool/wasm.h"

struct job {
    struct cw_program *program;
    struct cw_units units;
    struct cw_link_template link;
    char *device_object; /* what linking relocatable device code made; NULL: nothing */
    char *kernels;       /* WebAssembly: the other object that it made; else NULL */
};

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

/* Objects of relocatable device code hold nothing that a final link takes. */
static void add_objects(const struct job *job, struct cw_strings *objects) {
    for (size_t i = 0; i < job->units.count; i++) {
        const struct cw_compiled_unit *unit = &job->units.all[i];
        cw_strings_add(objects, unit->host);
        if (unit->device && !job->program->setting.options->relocatable) {
            cw_strings_add(objects, unit->device);
        }
    }
    if (job->device_object) {
        cw_strings_add(objects, job->device_object);
    }
}

static int link_device(struct job *job) {
    const struct cw_program *program = job->program;
    bool wasm = program->setting.options->wasm.on;
    struct cw_strings objects = {0}, host_objects = {0};
    for (size_t i = 0; i < job->units.count && program->setting.options->relocatable; i++) {
        cw_strings_add(wasm ? &host_objects : &objects, job->units.all[i].host);
        if (job->units.all[i].device) {
            cw_strings_add(&objects, job->units.all[i].device);
        }
    }
    char *output = cw_format("%s/device_link.o", program->folder);
    char *kernels = wasm ? cw_format("%s/device_link.kernels.o", program->folder) : NULL;
    struct cw_device_link link = {
        .setting = program->setting,
        .cpus = program->cpus,
        .cpu_count = program->cpu_count,
        .folder = program->folder,
        .objects = &objects,
        .host_objects = wasm ? &host_objects : NULL,
        .output = output,
        .kernels = kernels,
    };
    if (wasm && job->units.count > 0) {
        memcpy(link.id, job->units.all[0].id, sizeof link.id);
    }
    bool made = false;
    int result = cw_device_link_run(&link, &made);
    if (made) {
        job->device_object = output;
        job->kernels = kernels;
    } else {
        free(output);
        free(kernels);
    }
    cw_strings_fini(&objects);
    cw_strings_fini(&host_objects);
    return result;
}

static int link_program(const struct job *job, const char *dependencies) {
    const struct cw_setting *setting = &job->program->setting;
    struct cw_strings objects = {0};
    struct link link = {.program = job->program};
    add_objects(job, &objects);
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

static int link_wasm(const struct job *job, const char *dependencies) {
    struct cw_strings more = {0};
    if (job->device_object) {
        cw_strings_add(&more, job->kernels);
        cw_strings_add(&more, job->device_object);
    }
    int result = cw_wasm_link(job->program, &job->units, &more, dependencies);
    cw_strings_fini(&more);
    return result;
}

static void add_dependencies(const char *path, struct cw_strings *list) {
    if (cw_dependencies_read(path, list) != CW_OK) {
        cw_strings_add(list, ""); /* not a file: what is built from it is never taken for unchanged */
    }
}

static void collect_dependencies(const struct job *job, const char *link_dependencies) {
    struct cw_strings *list = &job->program->dependencies;
    for (size_t i = 0; i < job->units.count; i++) {
        const struct cw_compiled_unit *unit = &job->units.all[i];
        add_dependencies(unit->host_dependencies, list);
        if (unit->device_dependencies) {
            add_dependencies(unit->device_dependencies, list);
        }
    }
    add_dependencies(link_dependencies, list);
}

static void find_link(void *context) {
    struct job *job = context;
    const struct cw_setting *setting = &job->program->setting;
    if (!setting->options->wasm.on) {
        cw_link_template_find(&job->link, setting->toolchain, setting->options);
    }
}

int cw_program_build(struct cw_program *program) {
    const struct cw_driver_options *driver = &program->setting.options->driver;
    struct job job = {.program = program};
    char *link_dependencies = cw_format("%s/link.d", program->folder);
    job.units = (struct cw_units){
        .setting = program->setting,
        .cpus = program->cpus,
        .cpu_count = program->cpu_count,
        .folder = program->folder,
        .named = driver->keep,
        .nonsystem = driver->nonsystem,
        .meanwhile = find_link,
        .context = &job,
    };
    if (program->setting.options->wasm.on && !cw_wasm_inputs_fit(&program->setting)) {
        free(link_dependencies);
        return CW_EXIT_FAILURE;
    }
    struct cw_cuda_options with_exceptions = *program->setting.options;
    const struct cw_cuda_options *given = program->setting.options;
    with_exceptions.wasm.exceptions = true;
    if (given->wasm.on && cw_wasm_sources_throw(&program->setting, NULL)) {
        program->setting.options = job.units.setting.options = &with_exceptions;
    }
    int result = cw_units_compile(&job.units);
    if (result == CW_EXIT_OK && given->wasm.on && program->setting.options == given &&
        cw_wasm_sources_throw(&program->setting, &job.units)) {
        program->setting.options = job.units.setting.options = &with_exceptions;
        cw_units_fini(&job.units);
        result = cw_units_compile(&job.units);
    }
    if (result == CW_EXIT_OK && job.units.count == 0) {
        find_link(&job); /* nvcc's command line links objects alone */
        if (!driver->enabled) {
            cw_say_error("there is no source among the inputs");
            result = CW_EXIT_USAGE;
        }
    }
    for (size_t i = 0; i < job.units.count && driver->with_dependencies && result == CW_EXIT_OK; i++) {
        const struct cw_compiled_unit *unit = &job.units.all[i];
        if (!cw_cc_write_rule(&program->setting, unit->host_dependencies, unit->input->path)) {
            result = CW_EXIT_FAILURE;
        }
    }
    bool wasm = program->setting.options->wasm.on;
    if (result == CW_EXIT_OK && !driver->no_device_link && (!wasm || program->setting.options->relocatable)) {
        result = link_device(&job);
    }
    if (result == CW_EXIT_OK) {
        result = wasm ? link_wasm(&job, link_dependencies) : link_program(&job, link_dependencies);
    }
    if (result == CW_EXIT_OK) {
        collect_dependencies(&job, link_dependencies);
    }
    program->setting.options = given;
    cw_link_template_fini(&job.link);
    cw_units_fini(&job.units);
    free(job.device_object);
    free(job.kernels);
    free(link_dependencies);
    return result;
}
