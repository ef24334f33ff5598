/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/library.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/diagnostics.h"
#include "frontend/cuda/precompiled.h"
#include "frontend/cuda/wasm.h"
#include "tool/command.h"
#include "tool/library_text.h"
#include "tool/signature.h"
#include "tool/terminal.h"

/* Memory may be shared between threads, so atomic operations are real ones. */
#define KERNEL_FEATURES "+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext,+atomics"

struct library {
    const struct cw_setting *setting;
    const char *source;
    const char *output;
    const char *name; /* the last of `output`, in it */
    char *folder;     /* for what is made on the way */
    struct cw_device_code code;
    json_t *table;
    struct cw_bytes gpu; /* the kernels for WebGPU; empty when there are none */
};

/* ---- Kernels -------------------------------------------------------------------------------------------------------- */

static int compile(struct library *library) {
    struct cw_diagnostics diagnostics = {0};
    struct cw_precompiled precompiled;
    const struct cw_setting *setting = library->setting;
    uint8_t id[16];
    if (cw_source_id(setting->options, library->source, id) != CW_OK) {
        cw_say_error("%s can't be read: %s", library->source, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    cw_precompiled_find(&precompiled, true, setting->toolchain, setting->layout, setting->options);
    const struct cw_pass_files files = {
        .source = library->source, .id = id, .precompiled = precompiled.path, .colour = cw_terminal_colour(STDERR_FILENO),
        .keep_names = true, .types = true};
    int result = cw_device_code_make(&library->code, setting, &files);
    cw_diagnostics_add(&diagnostics, cw_text_string(&library->code.clang_output));
    cw_diagnostics_finish(&diagnostics);
    fputs(cw_text_string(&diagnostics.text), stderr);
    cw_diagnostics_fini(&diagnostics);
    cw_precompiled_fini(&precompiled);
    return result;
}

/* True if kernels before `count` have the name. */
static bool taken(const json_t *kernels, const char *name) {
    for (size_t i = 0; i < json_array_size(kernels); i++) {
        if (strcmp(json_string_value(json_object_get(json_array_get(kernels, i), "name")), name) == 0) {
            return true;
        }
    }
    return false;
}

/* A name of its own for each kernel: overloads are numbered, what every module has gets an underscore. */
static char *choose_name(const json_t *kernels, const char *given) {
    char *plain = cw_library_identifier(given);
    char *name = cw_format("%s%s", plain, cw_library_reserved(plain) ? "_" : "");
    for (int i = 2; taken(kernels, name); i++) {
        free(name);
        name = cw_format("%s_%d", plain, i);
    }
    if (strcmp(name, given) != 0) {
        cw_say_note("the kernel %s is the function %s", given, name);
    }
    free(plain);
    return name;
}

static json_t *kernel_row(const struct cw_kernel *kernel, uint32_t index, const json_t *signature, const char *name) {
    const json_t *source = json_object_get(signature, "parameters");
    json_t *parameters = json_array();
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        const json_t *parameter = json_array_get(source, i);
        json_array_append_new(parameters, json_pack("{s:O,s:i,s:O}", "name", json_object_get(parameter, "name"), "offset",
                                                    (int)kernel->params[i].offset, "type", json_object_get(parameter, "type")));
    }
    return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:o}", "name", name, "index", (int)index, "line", (int)kernel->line,
                     "parameterBytes", (int)kernel->param_bytes, "staticShared", (int)kernel->static_shared, "maxThreads",
                     (int)kernel->max_threads, "parameters", parameters);
}

static int make_table(struct library *library) {
    struct cw_device_code *code = &library->code;
    json_t *signatures = cw_signatures(code);
    if (!signatures) {
        return CW_EXIT_FAILURE;
    }
    json_t *kernels = json_array(), *variables = json_array();
    uint32_t count = code->api->kernel_count(code->module);
    for (uint32_t i = 0; i < count; i++) {
        const json_t *signature = json_array_get(signatures, i);
        char *name = choose_name(kernels, json_string_value(json_object_get(signature, "name")));
        json_array_append_new(kernels, kernel_row(code->api->kernel(code->module, i), i, signature, name));
        free(name);
    }
    for (uint32_t i = 0; i < code->api->variable_count(code->module); i++) {
        const struct cw_variable *variable = code->api->variable(code->module, i);
        json_array_append_new(variables, json_pack("{s:s,s:i,s:I}", "name", variable->name, "index", (int)i, "size",
                                                   (json_int_t)variable->size));
    }
    library->table = json_pack("{s:b,s:o,s:o}", "threaded", 1, "kernels", kernels, "variables", variables);
    json_decref(signatures);
    if (count == 0) {
        cw_say_error("%s has no kernels: a library is made of __global__ functions (of templates those that the source "
                     "instantiates)",
                     library->source);
        return CW_EXIT_FAILURE;
    }
    return CW_EXIT_OK;
}

/* ---- Link ----------------------------------------------------------------------------------------------------------- */

static int emit_kernels(struct library *library, const char *path) {
    struct cw_device_code *code = &library->code;
    const struct cw_cuda_options *cuda = library->setting->options;
    struct cw_bytes bytes = {0};
    const struct cw_lower_options options = {
        .size = sizeof options,
        .target = "wasm",
        .features = cuda->wasm.no_simd ? KERNEL_FEATURES : "+simd128," KERNEL_FEATURES,
        .opt_level = cuda->device_debug ? 0 : 3,
        .scalar = cuda->wasm.no_vectors,
    };
    cw_status status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &bytes);
    if (status != CW_OK) {
        return cw_device_code_failed(code, status, "compiling device code");
    }
    status = cw_file_write(path, bytes.data, bytes.size, 0);
    free(bytes.data);
    if (status != CW_OK) {
        cw_say_error("%s can't be written: %s", path, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    return CW_EXIT_OK;
}

/* The same kernels for WebGPU. What it can't express runs as WebAssembly: that there is nothing at all is no error, but said to those
 * who ask by the module when it is loaded. */
static void emit_for_gpu(struct library *library) {
    struct cw_device_code *code = &library->code;
    const struct cw_lower_options options = {.size = sizeof options, .target = "wgsl", .opt_level = 3};
    cw_status status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_ARTIFACT, &library->gpu);
    if (status == CW_OK) {
        json_object_set_new(library->table, "gpu", json_true());
        return;
    }
    const char *log = code->api->log(code->compiler), *error = strstr(log, "error: ");
    json_object_set_new(library->table, "gpuRefused", json_pack("s%", error ? error + 7 : cw_status_words(status), strcspn(error ? error + 7 : cw_status_words(status), "\n")));
}

static int link_module(struct library *library, const char *kernels, const char *module) {
    struct cw_strings argv = {0};
    struct cw_text out = {0}, diagnostics = {0}, advice = {0};
    cw_wasm_library_command(&argv, library->setting->toolchain, library->setting->layout, library->setting->options, kernels,
                            module);
    int result = cw_clang_run(&argv, library->setting->options->verbose, &out, &diagnostics, &library->code.problem);
    if (result != CW_EXIT_OK) {
        cw_wasm_library_explain(cw_text_string(&diagnostics), &advice);
        if (advice.size > 0) {
            cw_say_error("%s: %s", library->source, cw_text_string(&advice));
        } else {
            fputs(cw_text_string(&diagnostics), stderr);
        }
    }
    cw_strings_fini(&argv);
    cw_text_fini(&out);
    cw_text_fini(&diagnostics);
    cw_text_fini(&advice);
    return result;
}

/* ---- Files ---------------------------------------------------------------------------------------------------------- */

static int write_file(const char *path, const void *data, size_t size) {
    if (cw_file_write(path, data, size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", path, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    return CW_EXIT_OK;
}

static int write_beside(const struct library *library, const char *suffix, const struct cw_text *text) {
    char *path = cw_format("%s/%s%s", library->output, library->name, suffix);
    int result = write_file(path, text->data, text->size);
    free(path);
    return result;
}

/* A folder that a web server can read. */
static int make_folder(const char *path) {
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        cw_say_error("the folder %s can't be made: %s", path, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    return CW_EXIT_OK;
}

int cw_library_copy_runtime(const struct cw_layout *layout, const char *const *names, const char *folder) {
    int result = make_folder(folder);
    for (; result == CW_EXIT_OK && *names; names++) {
        struct cw_text text = {0};
        char *source = cw_format("%s/web/%s", layout->data, *names), *target = cw_format("%s/%s", folder, *names);
        if (cw_file_read(source, &text) != CW_OK) {
            cw_say_error("%s can't be read: %s", source, strerror(errno));
            result = CW_EXIT_ENVIRONMENT;
        } else {
            result = write_file(target, text.data, text.size);
        }
        cw_text_fini(&text);
        free(source);
        free(target);
    }
    return result;
}

static int write_library(struct library *library, const char *path) {
    static const char *const runtime_files[] = {"index.js", "index.d.ts", "adapter.js", "engine.js", "errors.js", "gpu.js", "gpu_artifact.js", "gpu_device.js", "job.js",
                                                "lines.js", "memory.js", "pool.js", "types.js", "worker.js", NULL};
    static const char *const package_files[] = {"package.json", NULL}; /* says to Node that the files are modules */
    struct cw_text module = {0}, javascript = {0}, types = {0};
    uint32_t pages = 0;
    if (cw_file_read(path, &module) != CW_OK || !cw_wasm_memory_pages(module.data, module.size, &pages)) {
        cw_say_error("internal: the linked module %s has no memory", path);
        cw_text_fini(&module);
        return CW_EXIT_FAILURE;
    }
    json_object_set_new(library->table, "initialPages", json_integer((json_int_t)pages));
    json_object_set_new(library->table, "code", json_integer((json_int_t)cw_wasm_code_offset(module.data, module.size)));
    const char *source = cw_path_name(library->source);
    cw_library_module(&javascript, library->table, source, library->name);
    cw_library_types(&types, library->table, source);
    char *runtime = cw_format("%s/runtime", library->output);
    int result = make_folder(library->output);
    result = result == CW_EXIT_OK ? write_beside(library, ".wasm", &module) : result;
    if (result == CW_EXIT_OK && library->gpu.size > 0) {
        char *beside = cw_format("%s/%s.gpu", library->output, library->name);
        result = write_file(beside, library->gpu.data, library->gpu.size);
        free(beside);
    }
    result = result == CW_EXIT_OK ? write_beside(library, ".js", &javascript) : result;
    result = result == CW_EXIT_OK ? write_beside(library, ".d.ts", &types) : result;
    result = result == CW_EXIT_OK ? cw_library_copy_runtime(library->setting->layout, runtime_files, runtime) : result;
    result = result == CW_EXIT_OK ? cw_library_copy_runtime(library->setting->layout, package_files, library->output) : result;
    free(runtime);
    cw_text_fini(&module);
    cw_text_fini(&javascript);
    cw_text_fini(&types);
    return result;
}

int cw_library_build(const struct cw_setting *setting, const char *output) {
    const char *slash = strrchr(output, '/');
    struct library library = {.setting = setting, .source = setting->options->inputs[0].path, .output = output,
                              .name = slash ? slash + 1 : output};
    struct cw_text problem = {0};
    if (setting->options->input_count != 1 || setting->options->inputs[0].kind != CW_INPUT_CUDA) {
        cw_say_error("--lib takes one CUDA source; let it include the others");
        return CW_EXIT_USAGE;
    }
    if (!*library.name) {
        cw_say_error("-o %s: the library needs a name, without a slash at its end", output);
        return CW_EXIT_USAGE;
    }
    if (cw_toolchain_check_wasm(setting->toolchain, &problem) != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
        cw_text_fini(&problem);
        return CW_EXIT_ENVIRONMENT;
    }
    library.folder = cw_folder_temporary("cuda-wasm");
    if (!library.folder) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        return CW_EXIT_ENVIRONMENT;
    }
    char *kernels = cw_format("%s/kernels.o", library.folder), *module = cw_format("%s/module.wasm", library.folder);
    int result = compile(&library);
    result = result == CW_EXIT_OK ? make_table(&library) : result;
    result = result == CW_EXIT_OK ? emit_kernels(&library, kernels) : result;
    result = result == CW_EXIT_OK ? link_module(&library, kernels, module) : result;
    if (result == CW_EXIT_OK) emit_for_gpu(&library);
    result = result == CW_EXIT_OK ? write_library(&library, module) : result;
    cw_problem_show(library.source, &library.code.problem);
    json_decref(library.table);
    free(library.gpu.data);
    cw_device_code_fini(&library.code);
    cw_folder_remove(library.folder);
    free(kernels);
    free(module);
    free(library.folder);
    return result;
}
