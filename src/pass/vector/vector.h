/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector.h: the SIMT-to-SIMD compiler: threads become lanes of vector registers.
 *
 * The steps, a file each: prepare.c (simple control flow), shape.c (what is the same in every lane, what rises from lane
 * to lane, which branches diverge), schedule.c (an order of the blocks in which lanes can be switched off), control.c
 * (masks, branches, loops), and, an instruction at a time, widen.c, memory.c, lanes.c, calls.c and collective.c.
 *
 * Sources: R. Karrenberg and S. Hack, "Whole-Function Vectorization", CGO 2011 (masks, uniform values); S. Moll and S. Hack,
 * "Partial Control-Flow Linearization", PLDI 2018 (which branches stay).
 */
#ifndef CW_PASS_VECTOR_VECTOR_H
#define CW_PASS_VECTOR_VECTOR_H

#include "module/ir/ir.h"

/* Which threads of a block the lanes of one call are. `first` is the linear index of lane 0. */
enum cw_vector_form {
    CW_VECTOR_ROWS,   /* `lanes` neighbours along x; blockDim.x is a multiple of `lanes`, so all lanes exist */
    CW_VECTOR_LINEAR, /* `lanes` neighbours by linear index, for blocks of any shape; the last lanes may not exist */
};

struct cw_vector_plan {
    enum cw_vector_form form;
    unsigned lanes; /* a power of two from 2 to 32. 32: the lanes are one warp, as warp collectives need */
};

/* What a launch must fulfil for the widened body to be right; otherwise the scalar body runs. */
struct cw_vector_needs {
    uint32_t block_scale[3]; /* gridDim.k * max(blockDim.k, block_scale[k]) + 1024 may not exceed 2^31 */
};

/* True if the kernel has what only whole warps can do: collectives, or volatile accesses in lockstep. */
bool cw_vector_needs_warps(LLVMValueRef kernel);

/*
 * Widens `function` in place. It has no result, and its last four parameters, i32 each, are first, x, y and z: lane 0's
 * linear index and coordinates. All other parameters are the same in every lane. Calls of other functions that stayed
 * run lane by lane, each after a call of `cw.lane(i32 index)`, which the target resolves: it makes the lane the current thread.
 *
 * `reach` knows every function that may be called. False when the kernel can't run this way; then `why` has one line,
 * "FILE:LINE: reason", and `function` is of no further use. Otherwise `why` gets a line for each thing that runs slower than it
 * could: gathers, lane-by-lane code. `why` may be NULL.
 */
bool cw_pass_vectorise(LLVMModuleRef llvm, LLVMValueRef function, const struct cw_reach *reach, const struct cw_vector_plan *plan,
                       struct cw_vector_needs *needs, struct cw_text *why);
#define CW_VECTOR_LANE "cw.lane"
/* Barrier 0 of all threads, and how many lanes that arrived said yes: i64 cw.barrier_vote(i32 yes, i32 lanes), both summed over the
 * block: yes in the low half, lanes in the high one. A service of the target. */
#define CW_VECTOR_BARRIER_VOTE "cw.barrier_vote"

#endif
