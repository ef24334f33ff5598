/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h: nvcc's options, sorted by who gets them.
 *
 * A command offers each word of its command line to cw_cuda_options_take; what that doesn't know belongs to the command.
 * Options that change what is compiled are kept; those that only tune NVIDIA's hardware are accepted; those that ask
 * for something that is not there are refused by name (options.def).
 */
#ifndef CW_FRONTEND_CUDA_OPTIONS_H
#define CW_FRONTEND_CUDA_OPTIONS_H

#include <stdbool.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "frontend/cuda/driver_options.h"

/* Programs for WebAssembly: host and device code for a machine of 32 bits. */
struct cw_wasm_options {
    bool on;
    bool threads;    /* kernels spread over workers of JavaScript, which share the memory */
    bool exceptions; /* a source uses them (cw_program_build finds out) */
    bool no_simd;    /* kernels for engines without 128-bit SIMD, and for measuring what it gives */
    bool page;       /* for a page, whose browser may have a GPU */
    bool no_vectors; /* every CUDA thread on its own, the reference */
};

enum cw_input_kind {
    CW_INPUT_CUDA,   /* compiled for host and device */
    CW_INPUT_CXX,    /* host only */
    CW_INPUT_C,      /* host only */
    CW_INPUT_LINKER, /* objects, archives, shared libraries */
    CW_INPUT_PTX,    /* device code as text; only where `ptx` allows it */
};

struct cw_input {
    char *path; /* owned */
    enum cw_input_kind kind;
};

/* Zero-initialise, take words, end with cw_cuda_options_fini. */
struct cw_cuda_options {
    struct cw_input *inputs;
    size_t input_count;
    size_t input_capacity;
    struct cw_strings preprocessor; /* -I -D -U -include -isystem: every pass */
    struct cw_strings warnings;     /* -W... -w: every pass */
    struct cw_strings language;     /* language options for C++ and CUDA: every such pass */
    struct cw_strings host;         /* host passes only; also given to a link through the driver */
    struct cw_strings link;         /* -l -L, objects of nvcc's command line, and "-Wl,WORD" for the linker; in order */
    bool names_runtime;             /* -lcudart and the like, which are left out of `link` */
    char *standard;                 /* "c++17"; NULL: gnu++17 */
    char *optimize;                 /* "2"; NULL: 2 */
    bool debug;
    bool device_debug;
    bool no_fmad;
    bool fast_math;
    bool relaxed_constexpr;
    bool extended_lambda;
    bool verbose;
    bool relocatable;           /* device code that is linked later: -rdc=true, -dc */
    bool per_thread_stream;     /* --default-stream per-thread */
    bool flush_denormals;       /* -ftz=true; as the two below only macros: results stay exact */
    bool approximate_division;  /* -prec-div=false */
    bool approximate_root;      /* -prec-sqrt=false */
    unsigned architecture;      /* __CUDA_ARCH__ in device code: 800; 0: none was asked for, 800 */
    unsigned architectures[16]; /* all that were asked for, ascending: __CUDA_ARCH_LIST__ */
    size_t architecture_count;
    bool native;                /* -arch=native: for the machine that compiles, alone */
    bool openmp;                    /* -Xcompiler -fopenmp */
    bool link_by_driver;            /* host options that change how the driver links (-fopenmp, -static, ...) */
    enum cw_input_kind forced_kind; /* -x */
    bool forced;
    bool ptx;                       /* set by commands that take PTX texts, before the inputs are read */
    struct cw_driver_options driver;
    struct cw_wasm_options wasm;
    const char *triple;    /* of the machine that the program is built for, as compilers call it; NULL: this one. Borrowed */
};

enum { CW_TAKE_MALFORMED = -1, CW_TAKE_REFUSED = -2 };

/* Takes the option or input at argv[0] and its value, if it has one. How many words it took; 0 when the word is no
 * option of nvcc's; CW_TAKE_MALFORMED or CW_TAKE_REFUSED, with a sentence in `problem`. */
int cw_cuda_options_take(struct cw_cuda_options *options, int argc, char *const argv[], struct cw_text *problem);

/* Hashes everything that changes what is compiled or linked, input contents excepted. */
void cw_cuda_options_hash(const struct cw_cuda_options *options, struct cw_hash *hash);

/* The option of nvcc's with this name ("-arch"), if any, for suggestions: calls `visit` with every spelling. */
void cw_cuda_options_spellings(void (*visit)(void *context, const char *spelling), void *context);

/* Appends help for people, one option a line; the second those of nvcc's own command line. */
void cw_cuda_options_help(struct cw_text *out);
void cw_cuda_driver_help(struct cw_text *out);

void cw_cuda_options_fini(struct cw_cuda_options *options);

#endif
