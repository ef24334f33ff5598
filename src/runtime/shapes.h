/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes.h: code for the shapes of blocks that a program launches its kernels with.
 *
 * A container's code runs blocks of any shape. Where a kernel takes long in launches with blocks of one shape, the compiler makes code for that
 * shape alone (struct cw_lower_options), which the backend then takes for such launches (cw_backend.kernel_shape). It is cached on disk, so that
 * the next start has it at once. Nobody waits for it: launches run the code for any shape until the other is there, and keep it where
 * there is no compiler, no bitcode, or a reason against (CUDA_WASM_LOG=info tells).
 *
 * CUDA_WASM_SHAPES=0 turns this off, and =now has the first launch with a shape wait for its code.
 */
#ifndef CW_RUNTIME_SHAPES_H
#define CW_RUNTIME_SHAPES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cudawasm/cw_backend.h"

struct CUfunc_st;
struct cw_entry;
struct cw_rt_loaded;

#define CW_RT_SHAPES_MAX 4u /* of a kernel; further ones run the code for any shape */

/* One shape that a kernel was launched with. */
struct cw_rt_shape {
    struct cw_dim3 block;
    _Atomic int state;   /* enum state of shapes.c */
    _Atomic uint64_t ns; /* that its launches took */
};

/* What code is made of, kept by struct cw_rt_loaded. */
struct cw_rt_shapes {
    void *bitcode;
    size_t size;
    char *target, *cpu, *features; /* of the artifact for any shape */
};

/* For loading.c: keeps what is needed if the backend takes such code; NULL when it doesn't or there is no memory. */
struct cw_rt_shapes *cw_rt_shapes_keep(const struct cw_backend *backend, const struct cw_entry *bitcode, const struct cw_entry *artifact);
/* What is loaded goes: so does what was to be made for it. */
void cw_rt_shapes_drop(struct cw_rt_loaded *loaded);

/* Around a launch. `begin` gives what `end` wants, or NULL when there is nothing to measure (any more); `*start` is its own. */
struct cw_rt_shape *cw_rt_shape_begin(struct CUfunc_st *kernel, const struct cw_launch *launch, uint64_t *start);
void cw_rt_shape_end(struct CUfunc_st *kernel, struct cw_rt_shape *shape, uint64_t start);

/* compile.c: what to make, borrowed; its key in the cache; the artifact from there, or made and put there. */
struct cw_rt_shape_source {
    const void *bitcode;
    size_t size;
    const char *target, *cpu, *features, *kernel;
    struct cw_dim3 block;
};
void cw_rt_shape_key(const struct cw_rt_shape_source *source, char key[33]);
bool cw_rt_shape_cached(const char *key, struct cw_text *artifact);
bool cw_rt_shape_compile(const struct cw_rt_shape_source *source, const char *key, struct cw_text *artifact, struct cw_text *reason);

#endif
