/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run: compile and start. The way from process start to exec of a program that is in the cache spawns nothing and loads
 * neither LLVM nor clang; it reads one manifest and asks for the state of the files it lists.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/wish.h"
#include "frontend/cuda/manifest.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/host.h"
#include "tool/launch.h"
#include "tool/prebuilt.h"
#include "tool/program.h"
#include "tool/run_ptx.h"
#include "tool/terminal.h"
#include "tool/wasm_engine.h"

enum { KEY_BACKEND = 256 };

static const struct argp_option own_options[] = {
    {"backend", KEY_BACKEND, "NAME", 0,
     "where kernels run: a backend's name, as in CUDA_WASM_BACKEND; or 'wasm': the whole program as a WebAssembly module, in an "
     "embedded wasmtime",
     0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    const char **backend = state->input;
    if (key == KEY_BACKEND) {
        *backend = argument;
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "PROGRAM.cu [MORE.cu|.cpp|.c|.o|.a|.so ...] [-- ARGUMENTS]\nPROGRAM [-- ARGUMENTS]\nPROGRAM.wasm [-- ARGUMENTS]\nKERNELS.ptx --arg ...",
    .doc =
        "Compiles a CUDA program and runs it; ends with the program's own exit status. A program that is built already, by "
        "nvcc for example, is run with CUDA-WASM's libraries in the place of NVIDIA's; its kernels must be in it as PTX. "
        "A kernel of a PTX text is launched as further options say: 'cuda-wasm run KERNELS.ptx --help'.\v"
        "The compiled program is kept in the cache: as long as sources, headers, options and this installation stay the "
        "same, the next run starts it at once. CUDA_WASM_CACHE=0 switches the cache off, CUDA_WASM_CACHE_DIR moves it.\n\n"
        "Examples:\n"
        "  cuda-wasm run vector_add.cu\n"
        "  cuda-wasm run ./app -- --size 4096\n"
        "  cuda-wasm run --backend wasm vector_add.cu\n"
        "  cuda-wasm run -I include -DN=1024 main.cu kernels.cu -- --size 4096 out.png\n\n"
        "Exit codes: the program's own; 1 it does not compile or asks for what is not supported; 2 the command line "
        "makes no sense; 3 a tool or library is missing (see 'cuda-wasm doctor').\n",
    .help_filter = cw_arguments_help_filter,
};

/* argv for the program: as nvcc would have named it, beside its first source. */
static char **program_words(const struct cw_cuda_options *options, char **arguments) {
    size_t count = 0;
    while (arguments[count]) {
        count++;
    }
    char **words = cw_alloc_array(count + 2, sizeof *words);
    char *name = cw_strdup(options->inputs[0].path);
    char *dot = strrchr(name, '.');
    if (dot && dot > cw_path_name(name)) {
        *dot = '\0';
    }
    words[0] = strchr(name, '/') ? name : cw_format("./%s", name);
    if (words[0] != name) {
        free(name);
    }
    memcpy(words + 1, arguments, count * sizeof *words);
    return words;
}

static int cannot_start(const char *path) {
    cw_say_error("%s can't be started: %s%s", path, strerror(errno),
                 errno == EACCES ? "; TMPDIR may name a folder whose file system allows programs" : "");
    return CW_EXIT_ENVIRONMENT;
}

/* Runs a WebAssembly module in this process; it ends with the program's status, or comes back with an exit code. */
static int run_module(const char *path, bool cached, char **words) {
    struct cw_text problem = {0};
    const char *limit = getenv("CUDA_WASM_MEMORY");
    char *compiled = cached ? cw_format("%s.native", path) : NULL;
    struct cw_wasm_run request = {.module = path, .compiled = compiled, .words = words};
    char *library = cw_wasm_engine_find(&problem);
    int status = -1;
    if (limit) {
        request.memory_bytes = cw_wasm_memory_bytes(limit);
    }
    request.library = library;
    if (library) {
        status = cw_wasm_engine_run(&request, &problem);
    }
    if (status < 0) {
        cw_say_error("%s", cw_text_string(&problem));
        status = CW_EXIT_ENVIRONMENT;
    }
    cw_text_fini(&problem);
    free(compiled);
    free(library);
    return status;
}

/* Whether the program's kernels are to be compiled for the CPU beforehand. Where a GPU will run them the runtime compiles for that, and
 * for the CPU those that fall back to it, so that nobody waits for code that is not used. */
static bool wants_cpu_code(void) {
    const char *backend = getenv("CUDA_WASM_BACKEND");
    char first[64];
    if (backend && *backend && strcmp(backend, "auto") != 0) {
        return strcmp(backend, "cpu") == 0;
    }
    if (cw_wish_at(0, first, sizeof first)) {
        return strcmp(first, "cpu") == 0;
    }
    return access("/dev/nvidiactl", F_OK) != 0 && access("/dev/kfd", F_OK) != 0;
}

/* Builds in a temporary folder, stores, runs. Returns only on failure, or from a WebAssembly module. */
static int build_and_run(const struct cw_setting *setting, const char key[33], char **words) {
    static const char *const here[] = {NULL};
    char *self = cw_format("%s/bin/cuda-wasm", setting->layout->prefix);
    const char *const tools[] = {
        self, setting->toolchain->clang, setting->toolchain->lld, setting->layout->compiler, setting->layout->math,
        NULL};
    struct cw_manifest_inputs inputs = {.layout = setting->layout, .tools = tools};
    clock_gettime(CLOCK_REALTIME, &inputs.start);
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        free(self);
        return CW_EXIT_ENVIRONMENT;
    }
    char *output = cw_format("%s/program", folder);
    struct cw_program program = {.setting = *setting, .cpus = here, .cpu_count = wants_cpu_code(), .folder = folder, .output = output};
    int result = cw_program_build(&program);
    if (result == CW_EXIT_OK) {
        struct cw_text problem = {0};
        inputs.files = &program.dependencies;
        const char *kind = setting->options->wasm.on ? "wasm" : "exe";
        char *stored = cw_manifest_store(key, kind, output, &inputs, &problem);
        if (setting->options->wasm.on) {
            result = run_module(stored ? stored : output, stored != NULL, words);
            free(stored);
            cw_text_fini(&problem);
            goto out;
        }
        if (stored) {
            cw_folder_remove(folder);
            cw_launch_replace(stored, words);
        } else {
            cw_say_note("nothing was cached: %s", cw_text_string(&problem));
            cw_launch_and_remove(output, words, folder);
        }
        result = cannot_start(stored ? stored : output);
        free(stored);
        cw_text_fini(&problem);
    }
out:
    cw_folder_remove(folder);
    cw_strings_fini(&program.dependencies);
    free(output);
    free(folder);
    free(self);
    return result;
}

/* What decides which program a command line means, the contents of its files excepted. */
static void command_key(char key[33], const struct cw_layout *layout, const struct cw_cuda_options *options) {
    static const char *const variables[] = {"CPATH",           "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH",
                                            "LIBRARY_PATH",    "COMPILER_PATH",  "SOURCE_DATE_EPOCH",
                                            "CUDA_WASM_CLANG", "CUDA_WASM_LLD",  "CUDA_WASM_VECTOR"};
    struct cw_hash hash;
    uint8_t digest[16];
    char *folder = getcwd(NULL, 0);
    cw_hash_init(&hash);
    cw_hash_string(&hash, options->wasm.on || wants_cpu_code() ? "run " CW_VERSION : "run without CPU code " CW_VERSION);
    cw_hash_string(&hash, layout->prefix);
    cw_hash_string(&hash, folder ? folder : "");
    cw_cuda_options_hash(options, &hash);
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        cw_hash_string(&hash, value ? value : "");
    }
    cw_host_hash(&hash);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
    free(folder);
}

static int run(const struct cw_cuda_options *options, char **arguments) {
    struct cw_layout layout;
    struct cw_toolchain toolchain = {0};
    struct cw_text problem = {0};
    char key[33];
    if (options->input_count == 0) {
        cw_say_error("which program? Give a .cu file, or see 'cuda-wasm run --help'");
        return CW_EXIT_USAGE;
    }
    if (!cw_layout_find(&layout, (const void *)cw_command_run)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        return CW_EXIT_ENVIRONMENT;
    }
    char **words = program_words(options, arguments);
    command_key(key, &layout, options);
    char *cached = cw_manifest_find(key, options->wasm.on ? "wasm" : "exe");
    if (cached && options->wasm.on) {
        int status = run_module(cached, true, words);
        free(cached);
        cw_layout_fini(&layout);
        free(words[0]);
        free(words);
        return status;
    }
    if (cached) {
        cw_launch_replace(cached, words);
        free(cached); /* cleared by another process just now: build again */
    }
    cw_toolchain_find(&toolchain);
    int result = CW_EXIT_ENVIRONMENT;
    cw_status status = options->wasm.on ? cw_toolchain_check_wasm(&toolchain, &problem) : cw_toolchain_check(&toolchain, true, &problem);
    if (status != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
    } else {
        const struct cw_setting setting = {&layout, &toolchain, options, "", false};
        result = build_and_run(&setting, key, words);
    }
    cw_text_fini(&problem);
    cw_toolchain_fini(&toolchain);
    cw_layout_fini(&layout);
    free(words[0]);
    free(words);
    return result;
}

/* `run ./app [-- ARGUMENTS]`. Negative when the command line is not of that form. */
static int run_prebuilt(int argc, char **argv) {
    char *path = argc > 1 ? cw_prebuilt_find(argv[1]) : NULL;
    int result = -1;
    if (path && argc > 2 && strcmp(argv[2], "--") != 0) {
        cw_say_error("the arguments of %s go behind --: cuda-wasm run %s -- %s ...", argv[1], argv[1], argv[2]);
        result = CW_EXIT_USAGE;
    } else if (path) {
        char **words = argc > 2 ? argv + 2 : argv + 1;
        words[0] = argv[1];
        result = cw_prebuilt_run(path, words);
    }
    free(path);
    return result;
}

/* `run ./app.wasm [-- ARGUMENTS]`. Negative when the command line is not of that form. */
static int run_wasm_file(int argc, char **argv) {
    if (argc < 2 || strcmp(cw_path_extension(argv[1]), "wasm") != 0) {
        return -1;
    }
    if (argc > 2 && strcmp(argv[2], "--") != 0) {
        cw_say_error("the arguments of %s go behind --: cuda-wasm run %s -- %s ...", argv[1], argv[1], argv[2]);
        return CW_EXIT_USAGE;
    }
    char **words = argc > 2 ? argv + 2 : argv + 1;
    words[0] = argv[1];
    return run_module(argv[1], false, words);
}

int cw_command_run(int argc, char **argv) {
    int module = run_wasm_file(argc, argv);
    if (module >= 0) {
        return module;
    }
    if (cw_run_ptx_wanted(argc, argv)) {
        return cw_run_ptx(argc, argv);
    }
    int prebuilt = run_prebuilt(argc, argv);
    if (prebuilt >= 0) {
        return prebuilt;
    }
    struct cw_cuda_options options = {0};
    const char *backend = NULL;
    struct cw_arguments arguments = {.argp = &argp, .input = &backend, .cuda = &options, .program_arguments = true};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (backend && strcmp(backend, "wasm") == 0) {
        const char *vector = getenv("CUDA_WASM_VECTOR");
        options.wasm.on = true;
        options.wasm.no_vectors = vector && strcmp(vector, "0") == 0;
    } else if (backend) {
        setenv("CUDA_WASM_BACKEND", backend, 1);
    }
    if (result == CW_EXIT_OK) {
        result = run(&options, arguments.program);
    }
    cw_cuda_options_fini(&options);
    return result;
}
