/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/object.h"
#include "frontend/cuda/diagnostics.h"
#include "module/module.h"
#include "tool/command.h"
#include "tool/host_code.h"
#include "tool/prelude.h"
#include "tool/tasks.h"
#include "tool/targets.h"
#include "tool/terminal.h"
#include "tool/wasm.h"

/* One pass of one source: a task. */
struct pass {
    struct cw_compiled_unit *unit;
    bool device;
    char *adapted; /* device pass: the host's object, in place of what the host pass made; or NULL */
    char *reference;
    int result;                 /* enum cw_exit */
    struct cw_text diagnostics; /* clang's words */
    struct cw_text problem;     /* anybody else's */
};

struct job {
    struct cw_units *units;
    struct pass *passes;
    size_t count;
    bool colour;
    struct cw_prelude prelude;
};

/* ---- Device ---- */

static void add_artifacts(struct cw_device_code *code, const struct cw_units *units, struct cw_entry *entries,
                          uint32_t *count, struct cw_bytes *artifacts, cw_status *status) {
    for (size_t i = 0; i < units->cpu_count && *status == CW_OK; i++) {
        /* NAME, or NAME,+feature,... */
        size_t length = units->cpus[i] ? strcspn(units->cpus[i], ",") : 0;
        char *cpu = units->cpus[i] ? cw_format("%.*s", (int)length, units->cpus[i]) : NULL;
        const char *features = cpu ? units->cpus[i] + length + (units->cpus[i][length] == ',') : NULL;
        const struct cw_lower_options options = {
            .size = sizeof options,
            .target = "cpu",
            .cpu = cpu,
            .features = features,
            .opt_level = units->setting.options->device_debug ? 0 : 3,
        };
        *status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &artifacts[i]);
        entries[(*count)++] = (struct cw_entry){
            .kind = CW_ENTRY_ARTIFACT,
            .name = "cpu",
            .cpu = !cpu ? code->api->host_cpu(code->compiler) : strncmp(cpu, "generic", 7) == 0 ? "generic" : units->cpus[i],
            .features = cpu ? features : code->api->host_features(code->compiler),
            .data = artifacts[i].data,
            .size = artifacts[i].size,
        };
        free(cpu);
    }
}

/* For the devices that --target names. */
static void add_device_artifacts(struct cw_device_code *code, const struct cw_units *units,
                                 const struct cw_artifact_target *targets, size_t target_count,
                                 struct cw_entry *entries, uint32_t *count, struct cw_bytes *artifacts,
                                 cw_status *status) {
    for (size_t i = 0; i < target_count && *status == CW_OK; i++) {
        const struct cw_lower_options options = {
            .size = sizeof options,
            .target = targets[i].target,
            .cpu = targets[i].cpu[0] ? targets[i].cpu : NULL,
            .opt_level = units->setting.options->device_debug ? 0 : 3,
        };
        *status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &artifacts[i]);
        entries[(*count)++] = (struct cw_entry){.kind = CW_ENTRY_ARTIFACT,
                                                .name = targets[i].target,
                                                .cpu = targets[i].cpu,
                                                .features = "",
                                                .data = artifacts[i].data,
                                                .size = artifacts[i].size};
    }
}

static cw_status make_container(struct cw_device_code *code, const struct cw_units *units, struct cw_text *container) {
    struct cw_text table = {0};
    struct cw_bytes bitcode = {0};
    struct cw_artifact_target targets[CW_TARGETS_MAX];
    size_t target_count;
    if (!cw_targets_read(units->setting.targets, targets, &target_count)) {
        return CW_ERROR_INVALID_ARGUMENT;
    }
    struct cw_bytes *artifacts = cw_alloc_array(units->cpu_count + target_count + 1, sizeof *artifacts);
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count = 0;
    cw_table_write_module(&table, code->api, code->module);
    entries[count++] = (struct cw_entry){CW_ENTRY_TABLE, "", "", "", table.data, table.size};
    cw_status status = code->api->module_bitcode(code->compiler, code->module, &bitcode);
    entries[count++] = (struct cw_entry){CW_ENTRY_BITCODE, "", "", "", bitcode.data, bitcode.size};
    add_artifacts(code, units, entries, &count, artifacts, &status);
    add_device_artifacts(code, units, targets, target_count, entries, &count, artifacts + units->cpu_count, &status);
    if (status == CW_OK) {
        cw_container_write(container, entries, count);
    }
    for (size_t i = 0; i < units->cpu_count + target_count; i++) {
        free(artifacts[i].data);
    }
    free(artifacts);
    free(bitcode.data);
    cw_text_fini(&table);
    return status;
}

/* The module goes through PTX as text, as NVRTC's users have it; what is read from that is `*read`. */
static cw_status pass_through_ptx(struct cw_device_code *code, const struct cw_units *units, struct cw_module **read) {
    const struct cw_cuda_options *options = units->setting.options;
    struct cw_bytes ptx = {0};
    cw_status status = code->api->ptx_text(code->compiler, code->module, options->architecture / 10,
                                           options->device_debug ? 0 : 3, &ptx);
    if (status == CW_OK) {
        status = code->api->import_ptx(code->compiler, ptx.data, ptx.size, "via.ptx", 0, read);
    }
    free(ptx.data);
    return status;
}

/* With CUDA_WASM_VIA_PTX=1, for comparisons, the code comes by way of PTX. */
cw_status cw_container_make(struct cw_device_code *code, const struct cw_units *units, struct cw_text *container) {
    const char *wanted = getenv("CUDA_WASM_VIA_PTX");
    struct cw_module *own = code->module, *read = NULL;
    cw_status status = CW_OK;
    if (wanted && strcmp(wanted, "1") == 0) {
        status = pass_through_ptx(code, units, &read);
    }
    if (status == CW_OK) {
        code->module = read ? read : own;
        status = make_container(code, units, container);
        code->module = own;
    }
    if (read) {
        code->api->module_destroy(read);
    }
    return status;
}

/* The compiler's reasons, which stop nothing here. */
static void warn_of_ptx(struct cw_device_code *code, const struct cw_compiled_unit *unit) {
    static const char error[] = "error: ";
    cw_text_printf(&code->clang_output, "%s: warning: PTX can't say all of it; only CUDA-WASM will load what is written\n",
                   unit->input->path);
    for (const char *line = code->api->log(code->compiler); *line;) {
        size_t length = strcspn(line, "\n");
        const char *found = memmem(line, length, error, sizeof error - 1);
        const char *reason = found ? found + sizeof error - 1 : line;
        cw_text_printf(&code->clang_output, "  %.*s%.*s\n", (int)(found ? found - line : 0), line,
                       (int)((size_t)(line + length - reason)), reason);
        line += length + (line[length] == '\n');
    }
}

/* PTX of the module, with the container behind it. */
static cw_status write_ptx(struct cw_device_code *code, const struct cw_units *units, const struct cw_compiled_unit *unit,
                           const struct cw_text *container) {
    const struct cw_cuda_options *options = units->setting.options;
    struct cw_text text = {0};
    struct cw_bytes ptx = {0};
    cw_status status = code->api->ptx_text(code->compiler, code->module, options->architecture / 10,
                                           options->device_debug ? 0 : 3, &ptx);
    if (status == CW_ERROR_UNSUPPORTED) {
        warn_of_ptx(code, unit);
    }
    cw_container_text_write(&text, ptx.data, ptx.size, container->data, container->size);
    status = cw_file_write(unit->device, text.data, text.size, 0);
    free(ptx.data);
    cw_text_fini(&text);
    return status;
}

/* Writes what the device pass ends in: the container itself, as text, or in an object; of relocatable code the bitcode. */
static cw_status write_device(struct cw_device_code *code, const struct cw_units *units,
                              const struct cw_compiled_unit *unit) {
    struct cw_text container = {0};
    struct cw_bytes object = {0};
    cw_status status = CW_OK;
    if (unit->kernels) {
        return cw_wasm_unit_write(code, &units->setting, unit);
    }
    if (code->unit.size > 0) {
        /* Device links want the bitcode alone; texts may be loaded as they are, by their kernel table. */
        struct cw_text table = {0};
        cw_table_write_module(&table, code->api, code->module);
        const struct cw_entry entries[] = {
            {CW_ENTRY_BITCODE, unit->input->path, "", "", code->unit.data, code->unit.size},
            {CW_ENTRY_TABLE, "", "", "", table.data, table.size},
        };
        cw_container_write(&container, entries, units->form == CW_UNITS_TEXTS ? 2 : 1);
        cw_text_fini(&table);
    } else {
        status = cw_container_make(code, units, &container);
    }
    if (status == CW_OK && units->form == CW_UNITS_CONTAINERS) {
        status = cw_file_write(unit->device, container.data, container.size, 0);
    } else if (status == CW_OK && units->form == CW_UNITS_TEXTS) {
        status = write_ptx(code, units, unit, &container);
    } else if (status == CW_OK) {
        status = code->unit.size > 0
                     ? code->api->embed_unit(code->compiler, container.data, container.size, &object)
                     : code->api->embed(code->compiler, unit->id, container.data, container.size, &object);
        if (status == CW_OK) {
            status = cw_file_write(unit->device, object.data, object.size, 0);
        }
    }
    free(object.data);
    cw_text_fini(&container);
    return status;
}

/* ---- Host ---- */

/* Clang exports a unit's wrapper under a name that comes from the path it was given: two units may have the same. */
static bool weaken_wrapper(const char *path) {
    struct cw_text text = {0};
    bool fine = cw_file_read(path, &text) == CW_OK;
    if (fine) {
        const struct cw_object object = {path, text.data, text.size};
        fine = !cw_object_weaken(&object, "__fatbinwrap_") || cw_file_write(path, text.data, text.size, 0) == CW_OK;
    }
    cw_text_fini(&text);
    return fine;
}

static void finish_host(struct pass *pass, const char *object) {
    if (pass->result == CW_EXIT_OK && pass->unit->device && !weaken_wrapper(object)) {
        cw_text_printf(&pass->problem, "%s can't be written: %s", object, strerror(errno));
        pass->result = CW_EXIT_ENVIRONMENT;
    }
}

static bool write_reference(struct pass *pass) {
    uint8_t reference[CW_REFERENCE_SIZE];
    cw_reference_write(reference, pass->unit->id);
    if (!pass->reference || cw_file_write(pass->reference, reference, sizeof reference, 0) == CW_OK) {
        return true;
    }
    cw_text_printf(&pass->problem, "%s can't be written: %s", pass->reference, strerror(errno));
    pass->result = CW_EXIT_ENVIRONMENT;
    return false;
}

static void run_host_pass(const struct job *job, struct pass *pass) {
    const struct cw_compiled_unit *unit = pass->unit;
    const struct cw_pass_files files = {
        .source = unit->input->path,
        .output = unit->host,
        .dependencies = unit->host_dependencies,
        .nonsystem = job->units->nonsystem,
        .reference = pass->reference,
        .id = unit->id,
        .precompiled = job->prelude.passes[0].path,
        .colour = job->colour,
    };
    if (write_reference(pass)) {
        pass->result =
            cw_host_code_make(&job->units->setting, unit->input->kind, &files, &pass->diagnostics, &pass->problem);
        finish_host(pass, unit->host);
    }
}

/* The host's object again, beside the device's, for the sake of what only the device pass knows. */
static void adapt_host(const struct job *job, struct pass *pass, struct cw_device_code *code) {
    const struct cw_compiled_unit *unit = pass->unit;
    pass->adapted = cw_format("%s.host.o", unit->device);
    const struct cw_pass_files files = {
        .source = unit->input->path,
        .output = pass->adapted,
        .reference = pass->reference,
        .id = unit->id,
        .precompiled = job->prelude.passes[0].path,
    };
    if (write_reference(pass)) {
        pass->result = cw_host_code_adapt(&job->units->setting, code, &files);
        finish_host(pass, pass->adapted);
    }
}

/* ---- Tasks ---- */

static void run_device_pass(const struct job *job, struct pass *pass) {
    struct cw_device_code code;
    const struct cw_compiled_unit *unit = pass->unit;
    const struct cw_pass_files files = {
        .source = unit->input->path,
        .dependencies = unit->device_dependencies,
        .nonsystem = job->units->nonsystem,
        .id = unit->id,
        .precompiled = job->prelude.passes[1].path,
        .colour = job->colour,
    };
    pass->result = cw_device_code_make(&code, &job->units->setting, &files);
    if (pass->result == CW_EXIT_OK) {
        cw_status status = write_device(&code, job->units, unit);
        if (status != CW_OK) {
            pass->result = cw_device_code_failed(&code, status, "compiling device code");
        }
    }
    if (pass->result == CW_EXIT_OK && unit->host && cw_host_code_must_adapt(&code)) {
        adapt_host(job, pass, &code);
    }
    cw_text_append(&pass->diagnostics, code.clang_output.data, code.clang_output.size);
    cw_text_append(&pass->problem, code.problem.data, code.problem.size);
    cw_device_code_fini(&code);
}

static void run_pass(void *context, size_t index) {
    struct job *job = context;
    struct pass *pass = &job->passes[index];
    if (pass->device) {
        run_device_pass(job, pass);
    } else {
        run_host_pass(job, pass);
    }
}

/* What can be done before any pass ends: open LLVM, and what the caller has. */
static void prepare(void *context) {
    const struct job *job = context;
    struct cw_units *units = job->units;
    struct cw_text problem = {0}; /* the device pass that needs the compiler reports it */
    if (job->passes[0].device) {
        (void)cw_compiler_open(units->setting.layout, &problem);
    }
    cw_text_fini(&problem);
    if (units->meanwhile) {
        units->meanwhile(units->context);
    }
}

static void clean_up(void *context) {
    const struct job *job = context;
    cw_folder_remove(job->units->folder);
}

/* Names a unit's files. In a folder that the user keeps they are named after the source. */
static int add_unit(struct cw_units *units, const struct cw_input *input) {
    struct cw_compiled_unit *unit = &units->all[units->count];
    *unit = (struct cw_compiled_unit){.input = input};
    if (cw_source_id(units->setting.options, input->path, unit->id) != CW_OK) {
        cw_say_error("%s can't be read: %s", input->path, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    char *base = units->named ? cw_format("%s/%s", units->folder, cw_path_name(input->path))
                              : cw_format("%s/%zu", units->folder, units->count);
    bool cuda = input->kind == CW_INPUT_CUDA;
    if (cuda) {
        unit->device = cw_format("%s.device.o", base);
        unit->device_dependencies = cw_format("%s.device.d", base);
        unit->kernels = units->setting.options->wasm.on && !units->setting.options->relocatable ? cw_format("%s.kernels.o", base) : NULL;
    }
    if (units->form == CW_UNITS_OBJECTS || !cuda) {
        unit->host = cw_format("%s.host.o", base);
        unit->host_dependencies = cw_format("%s.host.d", base);
    }
    free(base);
    units->count++;
    return CW_EXIT_OK;
}

/* Device passes take longer (lowering follows clang), so they start first. */
static void plan(struct job *job) {
    struct cw_units *units = job->units;
    job->passes = cw_alloc_array(units->count * 2 + 1, sizeof *job->passes);
    for (int device = 1; device >= 0; device--) {
        for (size_t i = 0; i < units->count; i++) {
            struct cw_compiled_unit *unit = &units->all[i];
            if (device ? !unit->device : !unit->host) {
                continue;
            }
            struct pass *pass = &job->passes[job->count++];
            *pass = (struct pass){.unit = unit, .device = device};
            if (unit->host && unit->device) {
                pass->reference = cw_format("%s.ref", device ? unit->device : unit->host);
            }
        }
    }
}

/* Shows what the passes said, source by source, the host pass first. The worst of their results. */
static int report(const struct job *job) {
    struct cw_diagnostics diagnostics = {0};
    int result = CW_EXIT_OK;
    for (size_t i = 0; i < job->units->count; i++) {
        for (int device = 0; device < 2; device++) {
            for (size_t p = 0; p < job->count; p++) {
                if (job->passes[p].unit == &job->units->all[i] && job->passes[p].device == device) {
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
        cw_problem_show(pass->unit->input->path, &pass->problem);
    }
    cw_diagnostics_fini(&diagnostics);
    return result;
}

/* A host's object that was adapted to the device code takes the place of the other. */
static void take_adapted(struct job *job) {
    for (size_t i = 0; i < job->count; i++) {
        if (job->passes[i].adapted) {
            free(job->passes[i].unit->host);
            job->passes[i].unit->host = job->passes[i].adapted;
            job->passes[i].adapted = NULL;
        }
    }
}

static void free_passes(struct job *job) {
    for (size_t i = 0; i < job->count; i++) {
        free(job->passes[i].adapted);
        free(job->passes[i].reference);
        cw_text_fini(&job->passes[i].diagnostics);
        cw_text_fini(&job->passes[i].problem);
    }
    free(job->passes);
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

int cw_units_compile(struct cw_units *units) {
    const struct cw_cuda_options *options = units->setting.options;
    struct job job = {.units = units, .colour = cw_terminal_colour(STDERR_FILENO)};
    int result = CW_EXIT_OK;
    units->all = cw_alloc_array(options->input_count + 1, sizeof *units->all);
    for (size_t i = 0; i < options->input_count && result == CW_EXIT_OK; i++) {
        if (options->inputs[i].kind != CW_INPUT_LINKER) {
            result = add_unit(units, &options->inputs[i]);
        }
    }
    if (result == CW_EXIT_OK && units->count > 0) {
        plan(&job);
        if (job.passes[0].device && !options->triple) {
            cw_prelude_prepare(&job.prelude, &units->setting, units->folder);
        }
        const struct cw_tasks tasks = {
            .run = run_pass,
            .context = &job,
            .count = job.count,
            .doing = "compiling",
            .meanwhile = prepare,
            .interrupted = clean_up,
        };
        char *temporary = enter_temporary(units->folder);
        cw_tasks_run(&tasks);
        leave_temporary(temporary);
        result = report(&job);
        take_adapted(&job);
    }
    cw_prelude_fini(&job.prelude);
    free_passes(&job);
    return result;
}

void cw_units_fini(struct cw_units *units) {
    for (size_t i = 0; i < units->count; i++) {
        struct cw_compiled_unit *unit = &units->all[i];
        free(unit->host);
        free(unit->device);
        free(unit->kernels);
        free(unit->host_dependencies);
        free(unit->device_dependencies);
    }
    free(units->all);
    units->all = NULL;
    units->count = 0;
}
