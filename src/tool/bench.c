/* SPDX-License-Identifier: Apache-2.0 */
/* bench: measures the suite of kernels against OpenMP, PoCL, the scalar mode, and what the machine could do. */
#include "tool/bench.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/device_code.h"
#include "tool/suggest.h"
#include "tool/terminal.h"

#define ITERATIONS_MAX 1000
#define KERNELS_MAX 64u

struct request {
    bool list, quick;
    bool wants[CW_BENCH_FORM_COUNT];
    bool peers_given;
    const struct cw_bench_kernel *kernels[KERNELS_MAX];
    size_t kernel_count;
    size_t size; /* 0: each kernel's own */
    long warm_up, iterations;
    double seconds;
    const char *json, *chart, *cpu;
    bool wasm;
};

enum {
    KEY_LIST = 256,
    KEY_QUICK,
    KEY_KERNEL,
    KEY_SIZE,
    KEY_WARM_UP,
    KEY_ITERATIONS,
    KEY_TIME,
    KEY_TARGET,
    KEY_CPU,
    KEY_PEERS,
    KEY_JSON,
    KEY_SVG,
};

static const struct argp_option own_options[] = {
    {"list", KEY_LIST, NULL, 0, "list the kernels, and measure nothing", 0},
    {"kernel", KEY_KERNEL, "NAME", 0, "measure this kernel only; may be given several times", 0},
    {"size", KEY_SIZE, "N", 0, "its size ('64K', '32M'); needs --kernel", 0},
    {"quick", KEY_QUICK, NULL, 0, "small sizes, every result checked; no peers unless --peers names them", 0},
    {"warm-up", KEY_WARM_UP, "N", 0, "runs before the first sample (default: 2)", 0},
    {"iterations", KEY_ITERATIONS, "N", 0, "samples at most (default: 50, at most 1000)", 0},
    {"time", KEY_TIME, "SECONDS", 0, "stop a program's samples after this time; three are taken always (default: 0.5)",
     0},
    {"target", KEY_TARGET, "NAME", 0, "what our kernels run on: 'cpu', or 'wasm', which is compared with the cpu limited to SSE4.2 and one thread", 0},
    {"cpu", KEY_CPU, "NAME", 0,
     "compile our kernels for this CPU, an LLVM name such as x86-64-v3 (default: this machine)", 0},
    {"peers", KEY_PEERS, "LIST", 0, "what to compare with: openmp, pocl, scalar, or none (default: all three)", 0},
    {"json", KEY_JSON, "FILE", 0, "write the results as JSON; '-' for stdout, instead of the table", 0},
    {"svg", KEY_SVG, "FILE", 0, "draw the ratios as a chart", 0},
    {0},
};

static void usage_error(const char *format, const char *word, const char *best) {
    if (best && best[0]) {
        struct cw_text text = {0};
        cw_text_printf(&text, "unknown %s '%s'; did you mean '%s'?", format, word, best);
        cw_say_error("%s", cw_text_string(&text));
        cw_text_fini(&text);
    } else {
        cw_say_error("unknown %s '%s'; see 'cuda-wasm bench --help' and 'cuda-wasm bench --list'", format, word);
    }
    exit(CW_EXIT_USAGE);
}

static void add_kernel(struct request *request, const char *name) {
    struct cw_suggestion suggestion;
    cw_suggest_start(&suggestion, name);
    for (size_t i = 0; i < cw_bench_kernel_count; i++) {
        if (strcmp(cw_bench_kernels[i].name, name) == 0) {
            if (request->kernel_count < KERNELS_MAX) {
                request->kernels[request->kernel_count++] = &cw_bench_kernels[i];
            }
            return;
        }
        cw_suggest_word(&suggestion, cw_bench_kernels[i].name);
    }
    usage_error("kernel", name, suggestion.best);
}

static void set_peers(struct request *request, const char *list) {
    static const char *const known[] = {"openmp", "pocl", "scalar"};
    request->peers_given = true;
    for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
        request->wants[form] = form == CW_BENCH_OURS;
    }
    if (strcmp(list, "none") == 0) {
        return;
    }
    while (*list) {
        size_t length = strcspn(list, ",");
        char *word = cw_strndup(list, length);
        struct cw_suggestion suggestion;
        bool found = false;
        cw_suggest_start(&suggestion, word);
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            cw_suggest_word(&suggestion, known[i]);
        }
        for (int form = CW_BENCH_OURS + 1; form < CW_BENCH_FORM_COUNT; form++) {
            if (strcmp(cw_bench_form_peer[form], word) == 0) {
                request->wants[form] = found = true;
            }
        }
        if (!found) {
            usage_error("peer", word, suggestion.best);
        }
        free(word);
        list += length + (list[length] == ',');
    }
}

/* A whole number, with K or M behind it for 1024 or 1048576; 0 when it is none. */
static size_t read_size(const char *word) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(word, &end, 10);
    unsigned shift = *end == 'K' ? 10 : *end == 'M' ? 20 : 0;
    end += shift != 0;
    if (word[0] < '0' || word[0] > '9' || *end || errno || value > (UINT64_C(1) << 40) >> shift) {
        return 0;
    }
    return (size_t)value << shift;
}

static long read_count(struct argp_state *state, const char *option, const char *word, long least, long most) {
    char *end;
    errno = 0;
    long value = strtol(word, &end, 10);
    if (end == word || *end || errno || value < least || value > most) {
        argp_error(state, "%s takes a number from %ld to %ld, not '%s'", option, least, most, word);
    }
    return value;
}

static double read_seconds(struct argp_state *state, const char *word) {
    char *end;
    double value = strtod(word, &end);
    if (end == word || *end || !(value > 0) || value > 3600) {
        argp_error(state, "--time takes seconds, above 0 and up to 3600, not '%s'", word);
    }
    return value;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    switch (key) {
    case KEY_LIST:
        request->list = true;
        return 0;
    case KEY_QUICK:
        request->quick = true;
        return 0;
    case KEY_KERNEL:
        add_kernel(request, argument);
        return 0;
    case KEY_SIZE:
        request->size = read_size(argument);
        if (request->size == 0) {
            argp_error(state, "--size takes a number such as 1000, 64K or 32M, not '%s'", argument);
        }
        return 0;
    case KEY_WARM_UP:
        request->warm_up = read_count(state, "--warm-up", argument, 0, ITERATIONS_MAX);
        return 0;
    case KEY_ITERATIONS:
        request->iterations = read_count(state, "--iterations", argument, 1, ITERATIONS_MAX);
        return 0;
    case KEY_TIME:
        request->seconds = read_seconds(state, argument);
        return 0;
    case KEY_TARGET:
        request->wasm = strcmp(argument, "wasm") == 0;
        if (!request->wasm && strcmp(argument, "cpu") != 0) {
            usage_error("target", argument, argument[0] == 'w' ? "wasm" : "cpu");
        }
        return 0;
    case KEY_CPU:
        request->cpu = strcmp(argument, "native") == 0 ? NULL : argument;
        return 0;
    case KEY_PEERS:
        set_peers(request, argument);
        return 0;
    case KEY_JSON:
        request->json = argument;
        return 0;
    case KEY_SVG:
        request->chart = argument;
        return 0;
    case ARGP_KEY_END:
        if (request->size && request->kernel_count == 0) {
            argp_error(state, "--size needs --kernel: sizes mean something else for each kernel");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "",
    .doc =
        "Measures kernels against OpenMP, PoCL, our scalar mode and the machine's limits.\v"
        "Every kernel is written as for a GPU in CUDA, and by an expert in C with OpenMP, some in OpenCL too. OpenMP is "
        "compiled by gcc and by clang, -O3 -march=native, with and without -ffast-math; the fastest counts. Every "
        "result is compared with a reference. A ratio above 1 means that ours is faster. The limit is the time for the "
        "bytes at the memory's rate (STREAM's triad, or its like for kernels that only read or write in place), or for "
        "the operations at the rate of multiply-adds in registers, whichever is longer; both rates are measured in the "
        "same run.\n\n"
        "Examples:\n"
        "  cuda-wasm bench\n"
        "  cuda-wasm bench --kernel saxpy --kernel nbody --peers openmp --time 2\n"
        "  cuda-wasm bench --json results.json --svg chart.svg\n"
        "  cuda-wasm bench --cpu x86-64-v3 --peers scalar\n"
        "  cuda-wasm bench --target wasm --kernel nbody\n"
        "  cuda-wasm bench --quick\n\n"
        "Exit codes: 0 measured, every result right; 1 a result is wrong or a program failed; 2 the command line makes "
        "no sense; 3 a tool or library is missing (see 'cuda-wasm doctor').\n",
};

static int list(const char *suite) {
    for (size_t i = 0; i < cw_bench_kernel_count; i++) {
        const struct cw_bench_kernel *kernel = &cw_bench_kernels[i];
        char *kernels = cw_format("%s/%s.cl", suite, kernel->name);
        char size[24];
        cw_bench_size_text(kernel->size, size);
        printf("%-15s %6s  %-46s %s\n", kernel->name, size, kernel->text,
               cw_file_exists(kernels) ? "OpenMP, OpenCL" : "OpenMP");
        free(kernels);
    }
    return CW_EXIT_OK;
}

static void make_rows(struct cw_bench *bench, const struct request *request) {
    bench->row_count = request->kernel_count ? request->kernel_count : cw_bench_kernel_count;
    bench->rows = cw_alloc_array(bench->row_count, sizeof *bench->rows);
    for (size_t i = 0; i < bench->row_count; i++) {
        struct cw_bench_row *row = &bench->rows[i];
        row->kernel = request->kernel_count ? request->kernels[i] : &cw_bench_kernels[i];
        row->size = request->size ? request->size : request->quick ? row->kernel->quick : row->kernel->size;
    }
}

static void say_problems(const struct cw_bench *bench) {
    for (size_t i = 0; i < bench->row_count; i++) {
        for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
            const struct cw_bench_result *result = &bench->rows[i].results[form];
            if (result->state == CW_BENCH_FAILED) {
                cw_say_error("%s, %s: %s", bench->rows[i].kernel->name, cw_bench_form_text[form],
                             cw_text_string(&result->problem));
            }
        }
    }
}

static int measure(struct cw_bench *bench, const struct request *request) {
    if (request->wasm) {
        make_rows(bench, request);
        return cw_bench_wasm(bench);
    }
    cw_bench_find_peers(bench);
    make_rows(bench, request);
    cw_bench_compile(bench);
    cw_bench_measure(bench);
    bool written = true;
    if (!request->json || strcmp(request->json, "-") != 0) {
        cw_bench_print(bench);
    }
    if (request->json) {
        written = cw_bench_write_json(bench, request->json) && written;
    }
    if (request->chart) {
        written = cw_bench_write_chart(bench, request->chart) && written;
    }
    say_problems(bench);
    return !cw_bench_all_well(bench) ? CW_EXIT_FAILURE : written ? CW_EXIT_OK : CW_EXIT_ENVIRONMENT;
}

static void bench_fini(struct cw_bench *bench) {
    for (size_t i = 0; i < bench->row_count; i++) {
        for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
            free(bench->rows[i].results[form].program);
            cw_text_fini(&bench->rows[i].results[form].problem);
        }
    }
    for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
        free(bench->compilers[form]);
        cw_text_fini(&bench->versions[form]);
    }
    cw_text_fini(&bench->left_out);
    cw_layout_fini(&bench->layout);
    free(bench->rows);
    free(bench->folder);
    free(bench->suite);
    free(bench->self);
}

/* What our own kernels need to be compiled is asked for once, instead of once a kernel. An enum cw_exit. */
static int check_toolchain(const char *cpu) {
    struct cw_toolchain toolchain = {0};
    struct cw_text problem = {0};
    int result = CW_EXIT_OK;
    cw_toolchain_find(&toolchain);
    if (cw_toolchain_check(&toolchain, true, &problem) != CW_OK) {
        cw_say_error("%s", cw_text_string(&problem));
        result = CW_EXIT_ENVIRONMENT;
    } else if (cpu && !cw_cpu_check(&toolchain, cpu)) {
        result = CW_EXIT_USAGE;
    }
    cw_text_fini(&problem);
    cw_toolchain_fini(&toolchain);
    return result;
}

int cw_command_bench(int argc, char **argv) {
    struct request request = {.warm_up = 2, .iterations = 50, .seconds = 0.5};
    struct cw_arguments arguments = {.argp = &argp, .input = &request};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result != CW_EXIT_OK) {
        return result;
    }
    if (request.wasm && (request.json || request.chart || request.cpu || request.peers_given)) {
        cw_say_error("--target wasm prints its own table: leave out --json, --svg, --cpu and --peers");
        return CW_EXIT_USAGE;
    }
    struct cw_bench bench = {.quick = request.quick, .cpu = request.cpu};
    if (!request.peers_given) {
        set_peers(&request, request.quick ? "none" : "openmp,pocl,scalar");
    }
    memcpy(bench.wanted, request.wants, sizeof bench.wanted);
    bench.warm_up = request.quick ? 0 : request.warm_up;
    bench.iterations = request.quick ? 1 : request.iterations;
    bench.seconds = request.seconds;
    if (!cw_layout_find(&bench.layout, (const void *)cw_command_bench)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        return CW_EXIT_ENVIRONMENT;
    }
    bench.suite = cw_format("%s/bench", bench.layout.data);
    bench.self = cw_format("%s/bin/cuda-wasm", bench.layout.prefix);
    if (request.list) {
        result = list(bench.suite);
    } else if ((result = check_toolchain(request.cpu)) != CW_EXIT_OK) {
        /* It has said why. */
    } else if (!(bench.folder = cw_folder_temporary("cuda-wasm"))) {
        cw_say_error("no temporary folder can be made: %s; TMPDIR names where", strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    } else {
        result = measure(&bench, &request);
        cw_folder_remove(bench.folder);
    }
    bench_fini(&bench);
    return result;
}
