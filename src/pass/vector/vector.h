/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector.h: the SIMT-to-SIMD compiler: threads become lanes of vector registers.
 *
 * The steps, a file each: prepare.c (simple control flow; signs.c, blend.c and strides.c change it where that pays), shape.c (what is the
 * same in every lane, what rises from lane to lane, which branches diverge), schedule.c (an order of the blocks in which lanes
 * can be switched off), control.c (masks, branches, loops), and, an instruction at a time, widen.c, memory.c, lanes.c, calls.c and
 * collective.c.
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
    CW_VECTOR_TAILS,  /* `lanes` neighbours along x, the first at a multiple of `lanes`; a row's last lanes may not exist */
    CW_VECTOR_LINEAR, /* `lanes` neighbours by linear index: warps of blocks of any shape; the last lanes may not exist */
};

/* How a group waits at a barrier of its block. */
enum cw_vector_waits {
    CW_VECTOR_WAITS_IN_SERVICE, /* in the target's service for barriers, on a stack of its own */
    CW_VECTOR_RETURNS,          /* it returns, and is called again when all groups have: see cw_pass_vectorise */
};

struct cw_vector_plan {
    enum cw_vector_form form;
    unsigned lanes; /* a power of two from 2 to 32. 32: the lanes are one warp, as warp collectives need */
    enum cw_vector_waits waits;
    /* How many vectors of `lanes` one call runs side by side, a power of two up to CW_VECTOR_PARTS_MAX, so that their latencies overlap and what
     * they have in common is computed once: neighbours along x, or along y. CW_VECTOR_ROWS only, and groups never
     * wait or do it by returning. */
    unsigned parts;
    bool parts_along_y;
    bool one_row; /* CW_VECTOR_ROWS: blockDim.x is `lanes`, so that lane 0's threadIdx.x is 0 */
    bool streams; /* the machine has stores past its caches, and the target resolves CW_VECTOR_STREAMS */
};
#define CW_VECTOR_PARTS_MAX 16

/* What a launch must fulfil for the widened body to be right; otherwise the scalar body runs. */
struct cw_vector_needs {
    uint32_t block_scale[3]; /* gridDim.k * max(blockDim.k, block_scale[k]) + 2^16 may not exceed 2^31 */
    unsigned parts;          /* side by side, of the plan's: fewer where the kernel has grown long */
    uint32_t frame_bytes;    /* of a group that returns at barriers; a multiple of 64, 0 when it never waits or keeps nothing */
    uint32_t streamed;       /* parameters, by their bits, through which stores may go past the caches; 0: nothing of the following */
    uint32_t stream_bytes;   /* that a thread stores so at least, where every store is passed once */
    bool stream_loops;       /* some of it in loops */
};

/* True if the kernel has what only whole warps can do: collectives, or volatile accesses in lockstep. */
bool cw_vector_needs_warps(LLVMValueRef kernel);
/* How many parts promise to pay for the kernel when its vectors have `lanes` lanes and the machine's registers hold `machine` of 32
 * bits: `many`, each `wide` times as many lanes, and `few` of the lanes alone for blocks that these don't divide. */
struct cw_vector_parts {
    unsigned many, few, wide;
    bool along_y;
    bool one_row; /* many is for blocks as wide as a group alone: masks of loops that start at threadIdx.x become constants */
};
struct cw_vector_parts cw_vector_choose_parts(LLVMValueRef kernel, unsigned lanes, unsigned machine);
/* True if lanes of different groups never wait for each other in the kernel. */
bool cw_vector_never_waits(LLVMValueRef kernel);
/* True if groups can return at every place where the kernel waits: barriers of the whole block, all with the same id. */
bool cw_vector_can_return(LLVMValueRef kernel);

/*
 * Widens `function` in place. Its last parameters are i32 first, x, y, z: the linear index and coordinates of lane 0 (of part 0); then, if groups
 * return at barriers, ptr frame, i32 state, ptr votes. All others are the same in every lane.
 *
 * A group that returns gives CW_VECTOR_FINISHED or the state to call it with next, once every group of the block has returned;
 * the first call has state 0. `frame` has needs->frame_bytes bytes, 64-byte aligned, the group's own. `votes` points to
 * struct { i32 yes, lanes, result_yes, result_lanes } of the block: when all groups have returned, the caller moves the first two
 * to the last two and zeroes them. Other functions have no result.
 *
 * Calls of other functions that stayed
 * run lane by lane, each after a call of `cw.lane(i32 index)`, which the target resolves: it makes the lane the current thread.
 *
 * `reach` knows every function that may be called. False when the kernel can't run this way; then `why` has one line,
 * "FILE:LINE: reason", and `function` is of no further use. Otherwise `why` gets a line for each thing that runs slower than it
 * could: gathers, lane-by-lane code. `why` may be NULL.
 */
#define CW_VECTOR_FINISHED (-1)
bool cw_pass_vectorise(LLVMModuleRef llvm, LLVMValueRef function, const struct cw_reach *reach, const struct cw_vector_plan *plan,
                       struct cw_vector_needs *needs, struct cw_text *why);
#define CW_VECTOR_LANE "cw.lane"
/* i1 cw.streams(i32 parameter): whether what the parameter points to is too large for the caches, and the launch stores to it at
 * large. The end of the launch must order stores past the caches before what follows it. */
#define CW_VECTOR_STREAMS "cw.streams"
/* Barrier 0 of all threads, and how many lanes that arrived said yes: i64 cw.barrier_vote(i32 yes, i32 lanes), both summed over the
 * block: yes in the low half, lanes in the high one. A service of the target. */
#define CW_VECTOR_BARRIER_VOTE "cw.barrier_vote"

#endif
