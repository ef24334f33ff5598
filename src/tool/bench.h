/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h: what the files of `cuda-wasm bench` share.
 *
 * The suite is programs (bench/suite, installed as lib/cuda-wasm/bench): each measures one kernel in one form, checks its
 * results, and prints one JSON object (bench/suite/bench.h). The tool compiles them, runs them one after the other, and
 * reports. A form that can't be had here (a peer that is not installed) is left out, and said so.
 */
#ifndef CW_TOOL_BENCH_H
#define CW_TOOL_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/text.h"
#include "frontend/cuda/toolchain.h"

/* The forms of a kernel. One X row: name, peer it belongs to, how people read it. */
#define CW_BENCH_FORM_LIST(X)                                                                                          \
    X(OURS, "", "ours")                                                                                                \
    X(GCC, "openmp", "gcc")                                                                                            \
    X(GCC_FAST, "openmp", "gcc -ffast-math")                                                                           \
    X(CLANG, "openmp", "clang")                                                                                        \
    X(CLANG_FAST, "openmp", "clang -ffast-math")                                                                       \
    X(POCL, "pocl", "PoCL")                                                                                            \
    X(SCALAR, "scalar", "scalar")

enum cw_bench_form {
#define X(name, peer, text) CW_BENCH_##name,
    CW_BENCH_FORM_LIST(X)
#undef X
        CW_BENCH_FORM_COUNT
};

extern const char *const cw_bench_form_peer[CW_BENCH_FORM_COUNT];
extern const char *const cw_bench_form_text[CW_BENCH_FORM_COUNT];

/* How a kernel uses memory, which decides at what rate the machine could serve it. */
enum cw_bench_access {
    CW_BENCH_STREAMS, /* writes arrays that it doesn't read */
    CW_BENCH_UPDATES, /* writes in place */
    CW_BENCH_READS,   /* writes next to nothing */
    CW_BENCH_ACCESS_COUNT
};

/* A kernel of the suite: NAME.cu, NAME.c for OpenMP, and for some NAME.cl with NAME_opencl.c. */
struct cw_bench_kernel {
    const char *name;
    size_t size;  /* what it is measured with */
    size_t quick; /* what --quick checks it with */
    enum cw_bench_access access;
    const char *text;
};

extern const struct cw_bench_kernel cw_bench_kernels[];
extern const size_t cw_bench_kernel_count;

enum cw_bench_state {
    CW_BENCH_ABSENT, /* not asked for, not installed, or the kernel has no such form */
    CW_BENCH_READY,  /* compiled */
    CW_BENCH_MEASURED,
    CW_BENCH_FAILED, /* did not compile or run, or its results are wrong; `problem` says what */
};

/* One kernel in one form. */
struct cw_bench_result {
    enum cw_bench_state state;
    char *program; /* what was compiled, for the forms that are not ours. Owned. */
    double median_ms, least_ms, most_ms;
    double spread; /* half of the distance between the quartiles, as a share of the median */
    size_t samples;
    double bytes, operations, checksum;
    struct cw_text problem;
};

struct cw_bench_row {
    const struct cw_bench_kernel *kernel;
    size_t size;
    struct cw_bench_result results[CW_BENCH_FORM_COUNT];
    double limit_ms; /* what the machine could do at best; 0: unknown */
};

struct cw_bench {
    struct cw_layout layout;
    char *suite;                          /* folder of the sources */
    char *folder;                         /* temporary, for what can't be cached */
    char *self;                           /* cuda-wasm itself */
    char *compilers[CW_BENCH_FORM_COUNT]; /* for peers: a path, or NULL: left out */
    struct cw_text versions[CW_BENCH_FORM_COUNT];
    struct cw_text left_out; /* a line for each peer that was asked for and isn't here */
    bool wanted[CW_BENCH_FORM_COUNT];

    const char *cpu; /* what our kernels are compiled for; NULL: this machine */
    bool quick;
    long warm_up, iterations;
    double seconds;

    struct cw_bench_row *rows;
    size_t row_count;

    double bytes_per_second[CW_BENCH_ACCESS_COUNT]; /* of the machine; 0: not measured */
    double operations_per_second;
};

/* bench_programs.c: finds the peers' compilers, and drops from `wanted` what isn't here. */
void cw_bench_find_peers(struct cw_bench *bench);
/* Compiles every program that is wanted; results become READY, ABSENT or FAILED. */
void cw_bench_compile(struct cw_bench *bench);
/* Compiles a file of the suite as a peer's program: its path, malloc'd, or NULL with the compiler's words in `problem`. */
char *cw_bench_compile_peer(const struct cw_bench *bench, enum cw_bench_form form, const char *source,
                            const char *kernels, struct cw_text *problem);
/* The command line that starts our form of a kernel (OURS or SCALAR), up to the program's own arguments. */
void cw_bench_our_words(struct cw_strings *words, const struct cw_bench *bench, const struct cw_bench_row *row,
                        enum cw_bench_form form);

/* bench_measure.c: measures what the machine can do, then runs every program that is READY. */
void cw_bench_measure(struct cw_bench *bench);

/* Reads what a program of the suite printed: result, problem and state. */
struct cw_process;
void cw_bench_read_output(struct cw_bench_result *result, const struct cw_process *process);

/* bench_wasm.c: the rows as WebAssembly against native code of 128-bit vectors; prints a table. An enum cw_exit. */
int cw_bench_wasm(const struct cw_bench *bench);

/* bench_report.c */
/* The fastest OpenMP form of a row; CW_BENCH_FORM_COUNT when none was measured. `fast_math`: 0 without -ffast-math only, 1
 * with it only, -1 any. */
enum cw_bench_form cw_bench_best_openmp(const struct cw_bench_row *row, int fast_math);
/* How many times as fast as `other` ours is; 0 when either wasn't measured. */
double cw_bench_ratio(const struct cw_bench_row *row, enum cw_bench_form other);
/* True when everything that was asked for was measured and right. */
bool cw_bench_all_well(const struct cw_bench *bench);
/* "32M", "16K", "1000". */
void cw_bench_size_text(size_t size, char text[24]);
/* The processor's name, "" when unknown. malloc'd. */
char *cw_bench_processor(void);
void cw_bench_print(const struct cw_bench *bench);
/* JSON to a file, "-" for stdout. False after having said why not. */
bool cw_bench_write_json(const struct cw_bench *bench, const char *path);

/* bench_chart.c: the ratios as bars on a logarithmic axis. */
bool cw_bench_write_chart(const struct cw_bench *bench, const char *path);

#endif
