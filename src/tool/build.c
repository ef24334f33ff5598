/* SPDX-License-Identifier: Apache-2.0 */
/* build: executables that need only the runtime library, and run on other machines of this architecture; WebAssembly. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/host.h"
#include "tool/library.h"
#include "tool/page.h"
#include "tool/program.h"
#include "tool/script.h"
#include "tool/targets.h"
#include "tool/terminal.h"

#define CPUS_MAX 8u

struct request {
    const char *output;
    const char *cpus[CPUS_MAX];
    size_t cpu_count;
    const char *targets;
    const char *triple;
    bool no_simd;
    bool lib;
};

enum { KEY_CPU = 256, KEY_TARGET, KEY_TRIPLE, KEY_LIB, KEY_NO_SIMD };

static const struct argp_option own_options[] = {
    {"output", 'o', "FILE", 0, "where the executable goes (default: the first source's name without .cu)", 0},
    {"cpu", KEY_CPU, "NAME", 0,
     "compile kernels for this CPU only: an LLVM name, or 'native' for this machine; may be given several times "
     "(default: portable levels of this architecture)",
     0},
    {"target", KEY_TARGET, "LIST", 0,
     "carry kernels for these devices too, so that the program needs no compiler there: TARGET or TARGET:PROCESSOR, "
     "commas between them, such as ptx:sm_90 (default: $" CW_TARGETS_VARIABLE ")",
     0},
    {"lib", KEY_LIB, NULL, 0, "make a JavaScript module of the kernels of one source, in the folder that -o names", 0},
    {"triple", KEY_TRIPLE, "TRIPLE", 0,
     "build for another machine, aarch64-linux-gnu or riscv64-linux-gnu; needs its C++ library and our runtime for it in "
     "lib/cuda-wasm/TRIPLE",
     0},
    {"no-simd", KEY_NO_SIMD, NULL, 0, "WebAssembly: kernels without SIMD instructions, for engines that lack them", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    switch (key) {
    case 'o':
        request->output = argument;
        return 0;
    case KEY_CPU:
        if (request->cpu_count == CPUS_MAX) {
            argp_error(state, "--cpu was given more than %u times", CPUS_MAX);
        }
        request->cpus[request->cpu_count++] = strcmp(argument, "native") == 0 ? NULL : argument;
        return 0;
    case KEY_TARGET:
        request->targets = argument;
        return 0;
    case KEY_LIB:
        request->lib = true;
        return 0;
    case KEY_TRIPLE:
        request->triple = argument;
        return 0;
    case KEY_NO_SIMD:
        request->no_simd = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "PROGRAM.cu [MORE.cu|.cpp|.c|.o|.a|.so ...]",
    .doc =
        "Compiles a CUDA program to a native executable, or with -o NAME.wasm to a WebAssembly one, with -o NAME.mjs to one for Node, "
        "with -o NAME.html to a page that runs it; or with --lib its kernels to functions that JavaScript calls.\v"
        "The executable needs libcudawasm.so of this installation and nothing else of it. Its kernels are compiled for "
        "portable levels of this architecture (on x86-64: x86-64-v4, x86-64-v3 and x86-64), and it takes the best one that the "
        "machine it is started on has.\n\n"
        "NAME.wasm is a WASI command that runs by itself, on one thread, under wasmtime, Node and other engines. NAME.mjs (node NAME.mjs) and "
        "NAME.html (on any web server) go with a NAME.wasm and a folder cuda-wasm beside them, and spread kernels over threads; a page "
        "does where it is cross-origin isolated.\n\n"
        "Examples:\n"
        "  cuda-wasm build vector_add.cu -o vector_add\n"
        "  cuda-wasm build vector_add.cu --target ptx:sm_80,ptx:sm_90\n"
        "  cuda-wasm build -O3 --cpu native main.cu kernels.cu helper.cpp -lm -o main\n"
        "  cuda-wasm build vector_add.cu -o vector_add.wasm\n"
        "  cuda-wasm build vector_add.cu -o vector_add.mjs\n"
        "  cuda-wasm build vector_add.cu -o vector_add.html\n"
        "  cuda-wasm build --lib kernels.cu -o kernels\n\n" CW_EXIT_TEXT "\n",
    .help_filter = cw_arguments_help_filter,
};

/* "dir/prog.cu" makes "prog" here, as compilers do. */
static char *default_output(const struct cw_cuda_options *options) {
    char *name = cw_strdup(cw_path_name(options->inputs[0].path));
    char *dot = strrchr(name, '.');
    if (dot && dot > name) {
        *dot = '\0';
    }
    return name;
}

/* What every machine of that kind has, and what many have. NULL: no such kind. */
static const char *const *foreign_cpus(const char *triple) {
    static const char *const arm[] = {"generic", NULL};
    static const char *const risc[] = {"generic-rv64,+v,+m,+a,+f,+d,+c", "generic-rv64,+m,+a,+f,+d,+c", NULL};
    if (!triple) {
        return cw_host_portable_cpus();
    }
    return strcmp(triple, "aarch64-linux-gnu") == 0 ? arm : strcmp(triple, "riscv64-linux-gnu") == 0 ? risc : NULL;
}

static int build(const struct cw_setting *setting, const struct request *request, const char *output) {
    struct cw_text problem = {0};
    cw_status status = setting->options->wasm.on ? cw_toolchain_check_wasm(setting->toolchain, &problem)
                                                 : cw_toolchain_check(setting->toolchain, true, &problem);
    if (status != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
        cw_text_fini(&problem);
        return CW_EXIT_ENVIRONMENT;
    }
    const char *const *portable = foreign_cpus(request->triple);
    if (!portable) {
        cw_say_error("--triple %s is not supported; these are: aarch64-linux-gnu riscv64-linux-gnu", request->triple);
        return CW_EXIT_USAGE;
    }
    for (size_t i = 0; i < request->cpu_count && !request->triple; i++) {
        if (!cw_cpu_check(setting->toolchain, request->cpus[i])) {
            return CW_EXIT_USAGE;
        }
    }
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        return CW_EXIT_ENVIRONMENT;
    }
    struct cw_program program = {.setting = *setting, .folder = folder, .output = output};
    program.cpus = request->cpu_count ? request->cpus : portable;
    program.cpu_count = request->cpu_count;
    while (request->cpu_count == 0 && program.cpus[program.cpu_count]) {
        program.cpu_count++;
    }
    int result = cw_program_build(&program);
    cw_folder_remove(folder);
    cw_strings_fini(&program.dependencies);
    free(folder);
    return result;
}

/* What a name ends in says what is to be made. */
enum form { FORM_NATIVE, FORM_COMMAND, FORM_SCRIPT, FORM_PAGE };

static enum form form_of(const char *output) {
    static const char *const extensions[] = {[FORM_COMMAND] = "wasm", [FORM_SCRIPT] = "mjs", [FORM_PAGE] = "html"};
    for (int form = FORM_COMMAND; form <= FORM_PAGE; form++) {
        if (strcmp(cw_path_extension(output), extensions[form]) == 0) {
            return (enum form)form;
        }
    }
    return FORM_NATIVE;
}

/* NAME.mjs and NAME.html are NAME.wasm, with threads, and what runs it. */
static int build_around(const struct cw_setting *setting, const struct request *request, const char *output, enum form form) {
    const char *extension = cw_path_extension(output);
    char *program = cw_format("%.*swasm", (int)(extension - output), output);
    int result = build(setting, request, program);
    if (result == CW_EXIT_OK) {
        result = form == FORM_PAGE ? cw_page_write(setting->layout, output, program)
                                   : cw_script_write(setting->layout, output, program);
    }
    free(program);
    return result;
}

int cw_command_build(int argc, char **argv) {
    struct cw_cuda_options options = {0};
    struct request request = {0};
    struct cw_layout layout = {0};
    struct cw_toolchain toolchain = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request, .cuda = &options};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result == CW_EXIT_OK && options.input_count == 0) {
        cw_say_error("what is to be built? Give a .cu file, or see 'cuda-wasm build --help'");
        result = CW_EXIT_USAGE;
    }
    struct cw_artifact_target targets[CW_TARGETS_MAX];
    size_t target_count;
    if (result == CW_EXIT_OK && !cw_targets_read(request.targets, targets, &target_count)) {
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK) {
        char *output = request.output ? cw_strdup(request.output) : default_output(&options);
        const char *vector = getenv("CUDA_WASM_VECTOR");
        enum form form = request.lib ? FORM_NATIVE : form_of(output);
        bool around = form == FORM_SCRIPT || form == FORM_PAGE;
        options.wasm.on = request.lib || form != FORM_NATIVE;
        options.wasm.threads = around;
        options.wasm.page = form == FORM_PAGE;
        options.wasm.no_simd = request.no_simd;
        options.triple = request.triple;
        options.wasm.no_vectors = vector && strcmp(vector, "0") == 0;
        const struct cw_setting setting = {&layout, &toolchain, &options, request.targets, false};
        cw_toolchain_find(&toolchain);
        result = CW_EXIT_ENVIRONMENT;
        if (!request.lib && strcmp(cw_path_extension(output), "js") == 0) {
            cw_say_error("-o %s: programs for Node are called NAME.mjs, since they are modules; functions of kernels come with --lib",
                         output);
            result = CW_EXIT_USAGE;
        } else if (cw_layout_find(&layout, (const void *)cw_command_build)) {
            result = request.lib ? cw_library_build(&setting, output)
                     : around    ? build_around(&setting, &request, output, form)
                                 : build(&setting, &request, output);
        } else {
            cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        }
        free(output);
    }
    cw_layout_fini(&layout);
    cw_toolchain_fini(&toolchain);
    cw_cuda_options_fini(&options);
    return result;
}
