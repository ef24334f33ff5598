/* SPDX-License-Identifier: Apache-2.0 */
/* transpile: what kernels become, as text. Only the device pass runs: the host part of the source may even not link. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/diagnostics.h"
#include "frontend/cuda/precompiled.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/compiler.h"
#include "tool/device_code.h"
#include "tool/suggest.h"
#include "tool/terminal.h"

struct request {
    const char *to;
    const char *cpu;
    const char *output;
    bool targets;
    bool javascript;
};

/* One X row a word of --to: word, target, what is emitted, meaning. */
#define FORM_LIST(X)                                                                                                   \
    X("llvm", "cpu", CW_EMIT_LLVM, "LLVM IR for this CPU")                                                             \
    X("wgsl", "wgsl", CW_EMIT_ASSEMBLY, "WGSL, for WebGPU")                                                            \
    X("wgsl-artifact", "wgsl", CW_EMIT_ARTIFACT, "the same as the WebGPU backend loads it: texts of every kernel, for one heap") \
    X("asm", "cpu", CW_EMIT_ASSEMBLY, "its assembly")                                                                  \
    X("ptx", "ptx", CW_EMIT_ASSEMBLY, "PTX for NVIDIA GPUs, of the --arch, else sm_80")                                \
    X("amdgcn", "gcn", CW_EMIT_ASSEMBLY, "assembly for AMD GPUs, of the --arch (gfx90a)")                               \
    X("hsaco", "gcn", CW_EMIT_ARTIFACT, "the same as a code object, as HIP loads it")                                  \
    X("spirv", "spirv", CW_EMIT_ASSEMBLY, "SPIR-V for Vulkan, as text")                                                 \
    X("spirv-binary", "spirv", CW_EMIT_ARTIFACT, "the same as the Vulkan backend loads it: a module a kernel")         \
    X("wasm-llvm", "wasm", CW_EMIT_LLVM, "LLVM IR for WebAssembly")                                                    \
    X("wasm-asm", "wasm", CW_EMIT_ASSEMBLY, "its assembly")                                                            \
    X("module", "cpu", CW_EMIT_MODULE_LLVM, "the kernel module's LLVM IR, before any target")

static const struct form {
    const char *name;
    const char *target;
    enum cw_emit_form form;
} forms[] = {
#define X(name, target, form, text) {name, target, form},
    FORM_LIST(X)
#undef X
};
enum { FORM_COUNT = sizeof forms / sizeof forms[0], KEY_TO = 256, KEY_CPU, KEY_TARGETS, KEY_JS };

#define X(name, target, form, text) " " name
static const char form_names[] = FORM_LIST(X);
#undef X
#define X(name, target, form, text) name ": " text ". "
static const char form_meanings[] = FORM_LIST(X);
#undef X

static const struct argp_option own_options[] = {
    {"to", KEY_TO, "FORM", 0, form_meanings, 0},
    {"cpu", KEY_CPU, "NAME", 0, "compile for this CPU: an LLVM name (default: this machine's)", 0},
    {"targets", KEY_TARGETS, NULL, 0, "write, as Markdown, what each target expresses, refuses, and does otherwise than CUDA", 0},
    {"js", KEY_JS, NULL, 0, "with --to wgsl -o FILE.wgsl: also FILE.js, a module that loads the kernels and launches them with typed arrays", 0},
    {"output", 'o', "FILE", 0, "write to FILE instead of stdout, which - is too", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    switch (key) {
    case KEY_TO:
        request->to = argument;
        return 0;
    case KEY_JS:
        request->javascript = true;
        return 0;
    case KEY_TARGETS:
        request->targets = true;
        return 0;
    case KEY_CPU:
        request->cpu = strcmp(argument, "native") == 0 ? NULL : argument;
        return 0;
    case 'o':
        request->output = strcmp(argument, "-") == 0 ? NULL : argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "--to FORM KERNELS.cu|KERNELS.ptx\n--targets",
    .doc = "Shows what the kernels of a CUDA source or a PTX text are compiled to.\v"
           "Examples:\n"
           "  cuda-wasm transpile --to asm vector_add.cu | less\n"
           "  cuda-wasm transpile --to module kernels.ptx\n"
           "  cuda-wasm transpile --to llvm --cpu x86-64-v4 -o kernels.ll kernels.cu\n\n" CW_EXIT_TEXT "\n",
    .help_filter = cw_arguments_help_filter,
};

/* NULL after having said what is wrong. */
static const struct form *find_form(const char *name) {
    struct cw_suggestion suggestion;
    if (!name) {
        cw_say_error("to what? Give --to and one of:%s", form_names);
        return NULL;
    }
    cw_suggest_start(&suggestion, name);
    for (int i = 0; i < FORM_COUNT; i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return &forms[i];
        }
        cw_suggest_word(&suggestion, forms[i].name);
    }
    cw_say_error("--to %s is not supported%s%s%s; these are:%s", name, suggestion.best[0] ? " (did you mean " : "",
                 suggestion.best, suggestion.best[0] ? "?)" : "", form_names);
    return NULL;
}

/* What a form writes behind this line is JSON about the rest, for a file of its own. */
#define JSON_MARK "//// JSON\n"

/* "k.wgsl" to "k.json", of another ending; malloc'd. */
static char *path_beside(const char *path, const char *ending) {
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name ? name : path, '.');
    return cw_format("%.*s%s", (int)(dot ? dot - path : (long)strlen(path)), path, ending);
}

/* The module beside the text: our launching code, and what the text's record says. */
static int write_javascript(const struct cw_layout *layout, const char *path, const char *source, const char *json) {
    struct cw_text text = {0}, code = {0};
    char *from = cw_format("%s/web/transpiled.js", layout->data), *to = path_beside(path, ".js");
    const char *name = strrchr(path, '/');
    int result = CW_EXIT_OK;
    if (cw_file_read(from, &code) != CW_OK) {
        cw_say_error("%s can't be read: %s", from, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    } else {
        cw_text_printf(&text, "// The kernels of %s for WebGPU, by cuda-wasm transpile --to wgsl --js: `const k = await load(); await k.KERNEL({grid, block}, ...)`.\n%s"
                              "\nconst record = %s;\n\nexport const load = (options) => loadTranspiled(record, new URL(\"./%s\", import.meta.url), options);\n"
                              "export default load;\n", source, cw_text_string(&code), json, name ? name + 1 : path);
        if (cw_file_write(to, text.data, text.size, 0) != CW_OK) {
            cw_say_error("%s can't be written: %s", to, strerror(errno));
            result = CW_EXIT_FAILURE;
        }
    }
    cw_text_fini(&text);
    cw_text_fini(&code);
    free(from);
    free(to);
    return result;
}

static int write_output(const char *path, struct cw_bytes *bytes) {
    bool written;
    char *mark = bytes->data ? memmem(bytes->data, bytes->size, JSON_MARK, strlen(JSON_MARK)) : NULL;
    if (mark) {
        size_t text = (size_t)(mark - (char *)bytes->data);
        const char *json = mark + strlen(JSON_MARK);
        char *beside = path ? path_beside(path, ".json") : NULL;
        written = !beside || cw_file_write(beside, json, bytes->size - text - strlen(JSON_MARK), 0) == CW_OK;
        if (!written) cw_say_error("%s can't be written: %s", beside, strerror(errno));
        free(beside);
        if (!written) return CW_EXIT_FAILURE;
        bytes->size = text;
    }
    if (path) {
        written = cw_file_write(path, bytes->data, bytes->size, 0) == CW_OK;
    } else {
        written = fwrite(bytes->data, 1, bytes->size, stdout) == bytes->size && fflush(stdout) == 0;
    }
    if (written) {
        return CW_EXIT_OK;
    }
    cw_say_error("%s can't be written: %s", path ? path : "stdout", strerror(errno));
    return CW_EXIT_FAILURE;
}

/* The GPU that -arch names, for targets that are GPUs of that vendor; NULL: the target's own choice. */
static const char *device_processor(const struct cw_cuda_options *options, const struct form *form, char *room, size_t size) {
    if (strcmp(form->target, "ptx") != 0 || options->architecture_count == 0) {
        return NULL;
    }
    snprintf(room, size, "sm_%u", options->architectures[options->architecture_count - 1] / 10);
    return room;
}

static int transpile(const struct cw_setting *setting, const struct request *request, const struct form *form) {
    struct cw_device_code code = {0};
    struct cw_diagnostics diagnostics = {0};
    struct cw_bytes bytes = {0};
    struct cw_precompiled precompiled;
    uint8_t id[16];
    const char *source = setting->options->inputs[0].path;
    if (cw_source_id(setting->options, source, id) != CW_OK) {
        cw_say_error("%s can't be read: %s", source, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    cw_precompiled_find(&precompiled, true, setting->toolchain, setting->layout, setting->options);
    const struct cw_pass_files files = {.source = source,
                                        .id = id,
                                        .precompiled = precompiled.path,
                                        .colour = cw_terminal_colour(STDERR_FILENO),
                                        .keep_names = true};
    int result = cw_device_code_make(&code, setting, &files);
    cw_diagnostics_add(&diagnostics, cw_text_string(&code.clang_output));
    cw_diagnostics_finish(&diagnostics);
    fputs(cw_text_string(&diagnostics.text), stderr);
    char architecture[16];
    const char *processor = device_processor(setting->options, form, architecture, sizeof architecture);
    if (result == CW_EXIT_OK) {
        const struct cw_lower_options options = {
            .size = sizeof options,
            .target = form->target,
            .cpu = request->cpu ? request->cpu : processor,
            .opt_level = setting->options->device_debug ? 0 : 3,
        };
        cw_status status = code.api->emit(code.compiler, code.module, &options, form->form, &bytes);
        if (status != CW_OK) {
            result = cw_device_code_failed(&code, status, "compiling device code");
        }
    }
    cw_problem_show(source, &code.problem);
    const char *mark = request->javascript && bytes.data ? memmem(bytes.data, bytes.size, JSON_MARK, strlen(JSON_MARK)) : NULL;
    if (result == CW_EXIT_OK && mark) {
        const char *json = mark + strlen(JSON_MARK);
        char *record = strndup(json, bytes.size - (size_t)(json - (const char *)bytes.data));
        result = record ? write_javascript(setting->layout, request->output, source, record) : CW_EXIT_FAILURE;
        free(record);
    }
    if (result == CW_EXIT_OK) {
        result = write_output(request->output, &bytes);
    }
    free(bytes.data);
    cw_diagnostics_fini(&diagnostics);
    cw_device_code_fini(&code);
    cw_precompiled_fini(&precompiled);
    return result;
}

/* AMD's processors are no architectures of nvcc's: "--arch gfx90a" is --cpu. */
static void take_amd_architecture(int argc, char **argv, struct request *request) {
    for (int i = 1; i + 1 < argc; i++) {
        bool option = strcmp(argv[i], "--arch") == 0 || strcmp(argv[i], "-arch") == 0;
        if (option && strncmp(argv[i + 1], "gfx", 3) == 0) {
            request->cpu = argv[i + 1];
            argv[i + 1] = (char *)(uintptr_t)"sm_80"; /* what device code is told, as everywhere */
        }
    }
}

static int write_targets(const struct request *request) {
    struct cw_layout layout = {0};
    struct cw_text problem = {0};
    struct cw_bytes bytes = {0};
    const struct cw_compiler_api *api = cw_layout_find(&layout, (const void *)cw_command_transpile) ? cw_compiler_open(&layout, &problem) : NULL;
    int result = CW_EXIT_ENVIRONMENT;
    if (api) {
        api->target_matrix(&bytes);
        result = write_output(request->output, &bytes);
    } else {
        cw_say_error("%s", cw_text_string(&problem));
    }
    free(bytes.data);
    cw_text_fini(&problem);
    cw_layout_fini(&layout);
    return result;
}

int cw_command_transpile(int argc, char **argv) {
    struct cw_cuda_options options = {.ptx = true};
    struct request request = {0};
    struct cw_layout layout = {0};
    struct cw_toolchain toolchain = {0};
    struct cw_text problem = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request, .cuda = &options};
    const struct form *form = NULL;
    take_amd_architecture(argc, argv, &request);
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result == CW_EXIT_OK && request.targets) {
        result = write_targets(&request);
        cw_text_fini(&problem);
        cw_cuda_options_fini(&options);
        return result;
    }
    options.relocatable = false; /* a module is shown as it is, whole */
    if (result == CW_EXIT_OK && (options.input_count != 1 || (options.inputs[0].kind != CW_INPUT_CUDA && options.inputs[0].kind != CW_INPUT_PTX))) {
        cw_say_error("transpile takes one CUDA source (.cu) or PTX text (.ptx)");
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK && !(form = find_form(request.to))) {
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK && request.javascript && (strcmp(form->name, "wgsl") != 0 || !request.output)) {
        cw_say_error("--js goes with --to wgsl and -o FILE.wgsl: the module is written beside it");
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK) {
        const struct cw_setting setting = {&layout, &toolchain, &options, NULL, strcmp(form->target, "cpu") == 0};
        options.wasm.on = strcmp(form->target, "wasm") == 0;
        cw_toolchain_find(&toolchain);
        result = CW_EXIT_ENVIRONMENT;
        if (!cw_layout_find(&layout, (const void *)cw_command_transpile)) {
            cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        } else if ((options.wasm.on ? cw_toolchain_check_wasm(&toolchain, &problem) : cw_toolchain_check(&toolchain, false, &problem)) != CW_OK) {
            cw_say_error("%s", cw_text_string(&problem));
        } else if (strcmp(form->target, "cpu") == 0 && !cw_cpu_check(&toolchain, request.cpu)) {
            result = CW_EXIT_USAGE;
        } else {
            result = transpile(&setting, &request, form);
        }
    }
    cw_text_fini(&problem);
    cw_layout_fini(&layout);
    cw_toolchain_fini(&toolchain);
    cw_cuda_options_fini(&options);
    return result;
}
