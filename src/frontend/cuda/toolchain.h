/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toolchain.h: where things are: our own installation, clang and lld.
 *
 * An installation and a build tree have the same shape, so everything of ours is found from the running program:
 * PREFIX/bin, PREFIX/lib, PREFIX/lib/cuda-wasm, PREFIX/include/cuda-wasm. clang and lld are Debian's clang-22 and lld-22;
 * CUDA_WASM_CLANG and CUDA_WASM_LLD name others of the same major version; for WebAssembly CUDA_WASM_WASM_LD names wasm-ld,
 * CUDA_WASM_WASM_OPT wasm-opt, and CUDA_WASM_WASI the prefix of wasi-libc and its libc++ (/usr).
 */
#ifndef CW_FRONTEND_CUDA_TOOLCHAIN_H
#define CW_FRONTEND_CUDA_TOOLCHAIN_H

#include "base/text.h"
#include "cudawasm/cw.h"

#define CW_CLANG_PACKAGE "clang-22"
#define CW_LLD_PACKAGE "lld-22"
#define CW_WASI_PACKAGES "wasi-libc libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 libclang-rt-22-dev-wasm32"
#define CW_WASM_OPT_PACKAGE "binaryen"

/* Our own folders, absolute. Owned. */
struct cw_layout {
    char *prefix;
    char *libraries;    /* PREFIX/lib: libcudawasm.so */
    char *data;         /* PREFIX/lib/cuda-wasm */
    char *headers;      /* PREFIX/include/cuda-wasm: cudawasm/cw.h */
    char *cuda_headers; /* PREFIX/include/cuda-wasm/cuda: cuda_runtime.h */
    char *prelude;      /* the header that is included before every CUDA source */
    char *runtime;      /* PREFIX/lib/libcudawasm.so */
    char *math;         /* PREFIX/lib/cuda-wasm/math.cwm: the device math library */
    char *toolkit;      /* PREFIX/lib/cuda-wasm/toolkit: the folder that build systems take for CUDA's */
    char *wasm;         /* PREFIX/lib/cuda-wasm/wasm: what WebAssembly programs are linked with */
    char *compiler;     /* PREFIX/lib/libcudawasm-compiler.so */
};

/* From the program that holds `symbol`, in PREFIX/bin. False when that can't be found out. */
bool cw_layout_find(struct cw_layout *layout, const void *symbol);
void cw_layout_fini(struct cw_layout *layout);

struct cw_toolchain {
    char *clang; /* a path of clang++ 22; NULL when there is none */
    char *lld;   /* a path of ld.lld 22; NULL when there is none */
    /* For WebAssembly: */
    char *wasm_lld; /* a path of wasm-ld 22; NULL when there is none */
    char *wasm_opt; /* a path of Binaryen's wasm-opt; NULL when there is none */
    char *wasi;     /* the folder that has wasi-libc and libc++ in include/wasm32-wasi and lib/wasm32-wasi; NULL when there is none */
};

void cw_toolchain_find(struct cw_toolchain *toolchain);
/* CW_ERROR_MISSING_TOOL, and a sentence with the package to install, when clang (or lld, if `link`) isn't there. */
cw_status cw_toolchain_check(const struct cw_toolchain *toolchain, bool link, struct cw_text *problem) CW_MUST_USE;
/* The same for WebAssembly programs. */
cw_status cw_toolchain_check_wasm(const struct cw_toolchain *toolchain, struct cw_text *problem) CW_MUST_USE;
/* True if clang knows the CPU of this architecture by that name. Asks clang. */
bool cw_toolchain_knows_cpu(const struct cw_toolchain *toolchain, const char *cpu);
void cw_toolchain_fini(struct cw_toolchain *toolchain);

#endif
