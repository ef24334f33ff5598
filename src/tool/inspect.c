/* SPDX-License-Identifier: Apache-2.0 */
/* inspect: a source's kernels and device variables, from the kernel table of its module. */
#include <dlfcn.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/diagnostics.h"
#include "frontend/cuda/precompiled.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/device_code.h"
#include "tool/prebuilt.h"
#include "tool/signature.h"
#include "tool/targets.h"
#include "tool/terminal.h"
#include "tool/why.h"

struct request {
    bool json;
    bool why;
    struct cw_artifact_target target; /* that is asked about */
};

enum { KEY_JSON = 256, KEY_WHY, KEY_ON };

static const struct argp_option own_options[] = {
    {"json", KEY_JSON, NULL, 0, "print JSON", 0},
    {"why", KEY_WHY, NULL, 0, "tell how a CPU runs each kernel, and which lines slow it down", 0},
    {"on", KEY_ON, "TARGET", 0, "tell how each kernel runs on a target, as spirv or spirv:vulkan+warp32, or why it is refused there, and what the target does otherwise than CUDA", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    struct cw_artifact_target targets[CW_TARGETS_MAX];
    size_t count;
    switch (key) {
    case KEY_ON:
        if (!cw_targets_read(argument, targets, &count)) return EINVAL;
        if (count != 1) argp_error(state, "--on takes one target");
        request->target = targets[0];
        request->why = true;
        return 0;
    case KEY_JSON: request->json = true; return 0;
    case KEY_WHY: request->why = true; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "KERNELS.cu|KERNELS.ptx [MORE ...]\nPROGRAM",
    .doc =
        "Lists the kernels of CUDA sources and PTX texts: parameters, shared memory, launch bounds, features used; and their device "
        "variables. With --why, also how many threads the CPU runs at a time as lanes of its vectors, and what stands in "
        "the way; with --on, how they run on another target. Of a program, library, object or fat binary that nvcc made, lists the device code in it: architectures, "
        "forms, sizes, kernels.\v"
        "Examples:\n"
        "  cuda-wasm inspect reduction.cu\n"
        "  cuda-wasm inspect --why reduction.cu\n"
        "  cuda-wasm inspect --on spirv reduction.cu\n"
        "  cuda-wasm inspect kernels.ptx\n"
        "  cuda-wasm inspect ./app\n"
        "  cuda-wasm inspect --json -I include kernels.cu | jq '.[].kernels[].name'\n\n" CW_EXIT_TEXT "\n",
    .help_filter = cw_arguments_help_filter,
};

static const char *const feature_texts[] = {
#define X(name, text) text,
    CW_FEATURE_LIST(X)
#undef X
};

/* The declaration that a C++ symbol stands for, or the symbol itself; malloc'd. The C++ library is in the process already:
 * LLVM needs it. */
static char *declaration(const char *symbol) {
    typedef char *demangle_function(const char *symbol, char *buffer, size_t *size, int *status);
    void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
    demangle_function *demangle = library ? (demangle_function *)dlsym(library, "__cxa_demangle") : NULL;
    int status = -1;
    /* The demangler would take the symbol "f" for a type. */
    char *text = demangle && strncmp(symbol, "_Z", 2) == 0 ? demangle(symbol, NULL, NULL, &status) : NULL;
    return text && status == 0 ? text : cw_strdup(symbol);
}

/* ---- JSON ---- */

static json_t *kernel_json(const struct cw_kernel *kernel, const json_t *signature) {
    json_t *parameters = json_array(), *features = json_array();
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        const struct cw_parameter *parameter = &kernel->params[i];
        const json_t *source = json_array_get(json_object_get(signature, "parameters"), i);
        json_array_append_new(parameters,
                              json_pack("{s:i,s:i,s:i,s:O*,s:O*}", "offset", (int)parameter->offset, "size",
                                        (int)parameter->size, "align", (int)parameter->align, "name",
                                        json_object_get(source, "name"), "type", json_object_get(source, "type")));
    }
    for (int i = 0; i < CW_FEATURE_COUNT; i++) {
        if (kernel->features & 1u << i) {
            json_array_append_new(features, json_string(feature_texts[i]));
        }
    }
    char *text = declaration(kernel->name);
    json_t *name = json_string(text);
    free(text);
    return json_pack("{s:s,s:o,s:s,s:i,s:o,s:i,s:i,s:i,s:i,s:o}", "name", kernel->name, "declaration", name, "source",
                     kernel->source, "line", (int)kernel->line, "parameters", parameters, "parameter_bytes",
                     (int)kernel->param_bytes, "static_shared", (int)kernel->static_shared, "max_threads",
                     (int)kernel->max_threads, "min_blocks", (int)kernel->min_blocks, "features", features);
}

static json_t *module_json(const struct cw_device_code *code, const json_t *signatures, const char *source,
                           const char *notes, const struct request *request) {
    json_t *kernels = json_array(), *variables = json_array();
    for (uint32_t i = 0; i < code->api->kernel_count(code->module); i++) {
        const struct cw_kernel *kernel = code->api->kernel(code->module, i);
        json_t *object = kernel_json(kernel, json_array_get(signatures, i));
        if (notes) {
            json_object_set_new(object, request->target.target, cw_why_json(notes, kernel->name));
        }
        json_array_append_new(kernels, object);
    }
    for (uint32_t i = 0; i < code->api->variable_count(code->module); i++) {
        const struct cw_variable *variable = code->api->variable(code->module, i);
        json_array_append_new(variables,
                              json_pack("{s:s,s:I,s:i,s:b,s:b}", "name", variable->name, "size", (json_int_t)variable->size,
                                        "align", (int)variable->align, "constant", (int)variable->constant, "managed",
                                        (int)variable->managed));
    }
    json_t *all = json_pack("{s:s,s:o,s:o}", "source", source, "kernels", kernels, "variables", variables);
    if (notes && strcmp(request->target.target, "cpu") != 0) {
        json_object_set_new(all, "differs", cw_why_differences_json(notes));
    }
    return all;
}

/* ---- Text ---- */

static void print_parameters(const struct cw_kernel *kernel, const json_t *signature) {
    printf("  parameters     %u, %u bytes\n", kernel->param_count, kernel->param_bytes);
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        const json_t *source = json_array_get(json_object_get(signature, "parameters"), i);
        const char *name = json_string_value(json_object_get(source, "name"));
        struct cw_text type = {0};
        cw_type_spell(json_object_get(source, "type"), &type);
        bool joined = type.size > 0 && type.data[type.size - 1] == '*';
        printf("    %4u+%-4u    %s%s%s\n", kernel->params[i].offset, kernel->params[i].size, cw_text_string(&type),
               joined ? "" : " ", name ? name : "");
        cw_text_fini(&type);
    }
}

static void print_kernel(const struct cw_kernel *kernel, const json_t *signature) {
    char *text = declaration(kernel->name);
    printf("%s\n", text);
    if (strcmp(text, kernel->name) != 0) {
        printf("  symbol         %s\n", kernel->name);
    }
    free(text);
    if (kernel->line > 0) {
        printf("  source         %s:%u\n", kernel->source, kernel->line);
    }
    print_parameters(kernel, signature);
    printf("  shared memory  %u bytes%s\n", kernel->static_shared,
           kernel->features & CW_FEATURE_DYNAMIC_SHARED ? ", more at launch" : "");
    if (kernel->max_threads > 0) {
        printf("  launch bounds  %u threads, %u blocks\n", kernel->max_threads, kernel->min_blocks);
    }
    const char *separator = "  uses           ";
    for (int i = 0; i < CW_FEATURE_COUNT; i++) {
        if (kernel->features & 1u << i) {
            printf("%s%s", separator, feature_texts[i]);
            separator = ", ";
        }
    }
    if (*separator == ',') {
        putchar('\n');
    }
}

static void print_module(const struct cw_device_code *code, const json_t *signatures, const char *notes, const struct request *request) {
    uint32_t variables = code->api->variable_count(code->module);
    for (uint32_t i = 0; i < code->api->kernel_count(code->module); i++) {
        print_kernel(code->api->kernel(code->module, i), json_array_get(signatures, i));
        if (notes) {
            cw_why_print(notes, code->api->kernel(code->module, i)->name, request->target.target);
        }
    }
    for (uint32_t i = 0; i < variables; i++) {
        const struct cw_variable *variable = code->api->variable(code->module, i);
        printf("%s\n  variable       %llu bytes, %s\n", variable->name, (unsigned long long)variable->size,
               variable->constant ? "__constant__" : variable->managed ? "__managed__" : "__device__");
    }
    if (notes) {
        cw_why_print_differences(notes, request->target.target);
    }
}

/* ---- The command ---- */

/* One source; its JSON is added to `list` when there is one. */
static int inspect_source(const struct cw_setting *setting, const char *source, const struct request *request, json_t *list) {
    struct cw_device_code code = {0};
    struct cw_diagnostics diagnostics = {0};
    struct cw_precompiled precompiled;
    uint8_t id[16];
    if (cw_source_id(setting->options, source, id) != CW_OK) {
        cw_say_error("%s can't be read: %s", source, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    cw_precompiled_find(&precompiled, true, setting->toolchain, setting->layout, setting->options);
    const struct cw_pass_files files = {
        .source = source, .id = id, .precompiled = precompiled.path, .colour = cw_terminal_colour(STDERR_FILENO),
        .keep_names = true, .types = true};
    int result = cw_device_code_make(&code, setting, &files);
    cw_diagnostics_add(&diagnostics, cw_text_string(&code.clang_output));
    cw_diagnostics_finish(&diagnostics);
    fputs(cw_text_string(&diagnostics.text), stderr);
    /* PTX has no types of parameters but their sizes. */
    bool typed = strcmp(cw_path_extension(source), "ptx") != 0;
    json_t *signatures = result != CW_EXIT_OK ? NULL : typed ? cw_signatures(&code) : json_array();
    if (result == CW_EXIT_OK && !signatures) {
        result = CW_EXIT_FAILURE;
    }
    cw_problem_show(source, &code.problem);
    char *notes = result == CW_EXIT_OK && request->why ? cw_why_notes(&code, &request->target) : NULL;
    if (result == CW_EXIT_OK && request->why && !notes) {
        bool cpu = strcmp(request->target.target, "cpu") == 0;
        cw_say_error("%s does not compile for %s: %s", source, cpu ? "this machine's CPU" : request->target.target, code.api->log(code.compiler));
        result = CW_EXIT_FAILURE;
    }
    if (result == CW_EXIT_OK && list) {
        json_array_append_new(list, module_json(&code, signatures, source, notes, request));
    } else if (result == CW_EXIT_OK) {
        print_module(&code, signatures, notes, request);
    }
    free(notes);
    json_decref(signatures);
    cw_diagnostics_fini(&diagnostics);
    cw_device_code_fini(&code);
    cw_precompiled_fini(&precompiled);
    return result;
}

static bool takes(enum cw_input_kind kind) {
    return kind == CW_INPUT_CUDA || kind == CW_INPUT_PTX;
}

static int inspect(const struct cw_setting *setting, const struct request *request) {
    json_t *list = request->json ? json_array() : NULL;
    int result = CW_EXIT_OK;
    for (size_t i = 0; i < setting->options->input_count && result == CW_EXIT_OK; i++) {
        if (takes(setting->options->inputs[i].kind)) {
            result = inspect_source(setting, setting->options->inputs[i].path, request, list);
        }
    }
    if (list && result == CW_EXIT_OK) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(list);
    return result;
}

/* The file among the words, when it is one that nvcc made; else NULL. */
static const char *prebuilt_among(int argc, char **argv, bool *json) {
    const char *path = NULL;
    *json = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            *json = true;
        } else if (argv[i][0] == '-' || path || !cw_prebuilt_has_code(argv[i])) {
            return NULL;
        } else {
            path = argv[i];
        }
    }
    return path;
}

static int inspect_prebuilt(const char *path, bool json) {
    json_t *list = json ? json_array() : NULL;
    int result = cw_prebuilt_inspect(path, list);
    if (list && result == CW_EXIT_OK) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(list);
    return result;
}

int cw_command_inspect(int argc, char **argv) {
    bool json;
    const char *prebuilt = prebuilt_among(argc, argv, &json);
    if (prebuilt) {
        return inspect_prebuilt(prebuilt, json);
    }
    struct cw_cuda_options options = {.ptx = true};
    struct request request = {.target = {.target = "cpu"}};
    struct cw_layout layout = {0};
    struct cw_toolchain toolchain = {0};
    struct cw_text problem = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request, .cuda = &options};
    int result = cw_arguments_parse(&arguments, argc, argv);
    options.relocatable = false; /* a module is shown as it is, whole */
    if (result == CW_EXIT_OK && (options.input_count == 0 || !takes(options.inputs[0].kind))) {
        cw_say_error("inspect takes CUDA sources (.cu) and PTX texts (.ptx)");
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK) {
        const struct cw_setting setting = {&layout, &toolchain, &options, NULL, false};
        cw_toolchain_find(&toolchain);
        result = CW_EXIT_ENVIRONMENT;
        if (!cw_layout_find(&layout, (const void *)cw_command_inspect)) {
            cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        } else if (cw_toolchain_check(&toolchain, false, &problem) != CW_OK) {
            cw_say_error("%s", cw_text_string(&problem));
        } else {
            result = inspect(&setting, &request);
        }
    }
    cw_text_fini(&problem);
    cw_layout_fini(&layout);
    cw_toolchain_fini(&toolchain);
    cw_cuda_options_fini(&options);
    return result;
}
