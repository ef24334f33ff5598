/* SPDX-License-Identifier: Apache-2.0 */
/*
 * precompiled.h: our prelude and all it includes, parsed beforehand.
 *
 * The prelude brings CUDA's and much of the C++ library's declarations into every source: 27,000 lines that take clang
 * eight times as long as a small kernel. So each pass's parse of it is kept as a precompiled header: one for the default
 * options beside our libraries, made when we are built or installed, others in the cache. One is used only with the
 * very command line that it was made with, by the same clang, while no header in it has changed.
 */
#ifndef CW_FRONTEND_CUDA_PRECOMPILED_H
#define CW_FRONTEND_CUDA_PRECOMPILED_H

#include "frontend/cuda/manifest.h"
#include "frontend/cuda/passes.h"

/* One pass's prelude. End with cw_precompiled_fini. */
struct cw_precompiled {
    char key[33];
    char *path;  /* of what can be used now; NULL: none */
    bool wanted; /* the same options were asked for before: it pays to make one */
};

/* Looks for one. CUDA_WASM_PRECOMPILED=0 finds none and wants none. */
void cw_precompiled_find(struct cw_precompiled *precompiled, bool device, const struct cw_toolchain *toolchain,
                         const struct cw_layout *layout, const struct cw_cuda_options *options);

/* The command that makes it at `output`, listing what it reads in `dependencies`. */
void cw_precompiled_command(struct cw_strings *argv, bool device, const struct cw_toolchain *toolchain,
                            const struct cw_layout *layout, const struct cw_cuda_options *options, const char *output,
                            const char *dependencies);

/* Puts what the command made into the cache, and sets `path` when that went well. */
void cw_precompiled_store(struct cw_precompiled *precompiled, const char *output,
                          const struct cw_manifest_inputs *inputs);

/* Where the one for the default options lies in this installation; malloc'd. */
char *cw_precompiled_installed(const struct cw_layout *layout, bool device);

void cw_precompiled_fini(struct cw_precompiled *precompiled);

#endif
