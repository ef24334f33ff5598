/* SPDX-License-Identifier: Apache-2.0 */
/*
 * legal.c: what lanes of one vector can't do, and so is left to scalar mode, where every thread waits on its own:
 *  - wait for each other by polling memory: a lane that is switched off while another one polls never comes to its store;
 *  - wait inside a function that stayed a call, for all lanes share one stack;
 *  - arrive at a barrier on one side of a divergent branch while lanes of the same vector arrive at one on the other side, or
 *    in a loop that lanes leave at different times. Lanes that have returned count as arrived, as on hardware, so a guard
 *    before the kernel's end is fine;
 *  - name each other in collectives from different places. PTX only asks that the threads of a mask execute the same operation with
 *    the same mask (PTX ISA "vote.sync"), so compilers unroll loops around collectives: lanes with few iterations left are in the loop behind
 *    while the others still are in the unrolled one. Such loops are known by a mask that goes on from one to the other, or past the
 *    first. Both sides of a divergent branch are known by one constant mask.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

bool cw_vector_is_barrier(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_POPC || intrinsic == CW_INTRINSIC_BARRIER_AND ||
           intrinsic == CW_INTRINSIC_BARRIER_OR;
}

static bool is_split(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER_ARRIVE || intrinsic == CW_INTRINSIC_BARRIER_WAIT || intrinsic == CW_INTRINSIC_CLUSTER_ARRIVE ||
           intrinsic == CW_INTRINSIC_CLUSTER_WAIT;
}

static bool meets(enum cw_intrinsic intrinsic) {
    return cw_vector_is_barrier(intrinsic) || is_split(intrinsic) || intrinsic == CW_INTRINSIC_WARP_SYNC;
}

/* True if an indirect call may reach a function that waits. */
static bool any_pointer_suspends(const struct cw_reach *reach) {
    for (size_t f = 0; f < reach->count; f++) {
        if (!(reach->effects[f] & CW_EFFECT_SUSPENDS) || cw_is_kernel(reach->functions[f])) continue;
        for (LLVMUseRef use = LLVMGetFirstUse(reach->functions[f]); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef user = LLVMGetUser(use);
            if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != reach->functions[f]) return true;
        }
    }
    return false;
}

static void check_call(struct cw_vector *v, uint32_t block, LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (!callee) {
        if (LLVMIsAInlineAsm(LLVMGetCalledValue(call))) return;
        if (any_pointer_suspends(v->reach)) cw_vector_refuse(v, call, "a function that is called through a pointer may wait for other threads");
        return;
    }
    if (!cw_is_declaration(callee)) {
        size_t index = cw_reach_index(v->reach, callee);
        if (index == (size_t)-1 || v->reach->effects[index] & CW_EFFECT_SUSPENDS)
            cw_vector_refuse(v, call, "the function `%s`, which could not be inlined, waits for other threads", cw_value_name(callee));
        return;
    }
    if (intrinsic == CW_INTRINSIC_POLL && v->blocks[block].divergent)
        cw_vector_refuse(v, call, "a loop here waits for other threads, maybe of the same warp");
    if (!cw_vector_is_barrier(intrinsic) && !is_split(intrinsic)) return;
    for (uint32_t l = 0; l < v->cfg.loop_count; l++)
        if (v->cfg.loops[l].contains[block] && v->loops[l].divergent)
            cw_vector_refuse(v, call, "a barrier stands in a loop that threads may leave at different times");
}

static void reachable(struct cw_vector *v, uint32_t from, uint32_t stop, bool *marks) {
    uint32_t *stack = cw_alloc_array(v->cfg.count + 1, sizeof *stack), depth = 0;
    if (from != stop) {
        stack[depth++] = from;
        marks[from] = true;
    }
    while (depth) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[stack[--depth]]);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(terminator); s++) {
            uint32_t to = cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s));
            if (to == stop || marks[to]) continue;
            marks[to] = true;
            stack[depth++] = to;
        }
    }
    free(stack);
}

/* The blocks that only one side of a divergent branch comes to: 0 and 1; NEITHER for the others. */
enum { NEITHER = 2 };

static uint8_t *find_sides(struct cw_vector *v, uint32_t origin) {
    bool *sides[2];
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[origin]);
    for (unsigned s = 0; s < 2; s++) {
        sides[s] = cw_alloc_array(v->cfg.count, sizeof *sides[s]);
        reachable(v, cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s)), v->immediate_post_dominator[origin], sides[s]);
    }
    uint8_t *side = cw_alloc_array(v->cfg.count, sizeof *side);
    for (uint32_t b = 0; b < v->cfg.count; b++) side[b] = sides[0][b] == sides[1][b] ? NEITHER : sides[1][b];
    free(sides[0]);
    free(sides[1]);
    return side;
}

static void check_barriers(struct cw_vector *v, const uint8_t *side, LLVMValueRef *const meeting) {
    LLVMValueRef found[2] = {NULL, NULL};
    for (uint32_t b = 0; b < v->cfg.count; b++)
        if (meeting[b] && side[b] != NEITHER) found[side[b]] = meeting[b];
    if (found[0] && found[1]) cw_vector_refuse(v, found[1], "threads of one warp may meet at different barriers here");
}

static LLVMValueRef mask_of(LLVMValueRef call) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(call) ? cw_called_intrinsic(call) : CW_INTRINSIC_COUNT;
    bool names_lanes = intrinsic >= CW_INTRINSIC_SHFL_IDX && intrinsic <= CW_INTRINSIC_REDUX_XOR;
    return names_lanes ? LLVMGetOperand(call, 0) : NULL;
}

/* Collectives whose masks are constants. */
struct named {
    LLVMValueRef call;
    uint32_t block;
};

static bool joins(const struct named *a, const struct named *b) {
    return mask_of(a->call) == mask_of(b->call) && cw_called_intrinsic(a->call) == cw_called_intrinsic(b->call);
}

static void check_collectives(struct cw_vector *v, const uint8_t *side, const struct named *named, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            bool apart = side[named[i].block] != NEITHER && side[named[k].block] != NEITHER && side[named[i].block] != side[named[k].block];
            if (apart && joins(&named[i], &named[k]))
                cw_vector_refuse(v, named[i].call, "lanes of one mask may meet here and on the other side of a branch");
        }
}

/* Marks what comes behind a block up to the next barriers. */
static void mark_behind(struct cw_vector *v, uint32_t from, LLVMValueRef *const meeting, bool *marks) {
    const struct cw_cfg_edges *out = &v->cfg.successors;
    uint32_t *stack = cw_alloc_array(v->cfg.count + 1, sizeof *stack), depth = 0;
    stack[depth++] = from;
    while (depth) {
        uint32_t block = stack[--depth];
        for (uint32_t e = out->first[block]; e < out->first[block + 1]; e++) {
            uint32_t to = out->to[e];
            if (to <= block || marks[to] || meeting[to]) continue;
            marks[to] = true;
            stack[depth++] = to;
        }
    }
    free(stack);
}

static bool post_dominates(const struct cw_vector *v, uint32_t a, uint32_t b) {
    while (b != CW_CFG_NONE && b != a) b = v->immediate_post_dominator[b];
    return b == a;
}

/* Behind one branch for some lanes comes another: the rest of them, which has nothing to wait for, meets the first there. */
static void check_behind(struct cw_vector *v, LLVMValueRef *const meeting, const struct named *named, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i && named[i].block == named[i - 1].block) continue;
        bool *marks = cw_alloc_array(v->cfg.count, sizeof *marks);
        mark_behind(v, named[i].block, meeting, marks);
        for (size_t k = 0; k < count; k++)
            if (marks[named[k].block] && joins(&named[i], &named[k]) && !cw_cfg_dominates(&v->cfg, named[i].block, named[k].block) &&
                !post_dominates(v, named[k].block, named[i].block))
                cw_vector_refuse(v, named[k].call, "lanes of one mask may meet here and behind another branch before");
        free(marks);
    }
}

/* ---- Collectives in two loops ---- */

static bool defined_in(const struct cw_vector *v, uint32_t loop, LLVMValueRef value) {
    if (!LLVMIsAInstruction(value)) return false;
    uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(value));
    return block != CW_CFG_NONE && v->cfg.loops[loop].contains[block];
}

#define SOURCES_MAX 32u

struct sources {
    LLVMValueRef seen[SOURCES_MAX];
    unsigned count;
    bool from_loop, from_start; /* a value made in the loop; the one with which it starts */
};

/* Where a mask outside of the loop comes from, through phis. */
static void trace(const struct cw_vector *v, uint32_t loop, LLVMValueRef start, LLVMValueRef value, struct sources *sources) {
    for (unsigned i = 0; i < sources->count; i++)
        if (sources->seen[i] == value) return;
    if (sources->count == SOURCES_MAX) return;
    sources->seen[sources->count++] = value;
    sources->from_start |= value == start;
    if (defined_in(v, loop, value)) {
        sources->from_loop = true;
    } else if (LLVMIsAPHINode(value)) {
        for (unsigned i = 0; i < LLVMCountIncoming(value); i++) trace(v, loop, start, LLVMGetIncomingValue(value, i), sources);
    }
}

/* The value with which the loop starts, of a mask that changes from one iteration to the next; else NULL. */
static LLVMValueRef first_mask(const struct cw_vector *v, uint32_t loop, LLVMValueRef mask) {
    if (!LLVMIsAPHINode(mask) || LLVMGetInstructionParent(mask) != v->cfg.blocks[v->cfg.loops[loop].header]) return NULL;
    LLVMValueRef start = NULL;
    bool changes = false;
    for (unsigned i = 0; i < LLVMCountIncoming(mask); i++) {
        LLVMValueRef value = LLVMGetIncomingValue(mask, i);
        if (defined_in(v, loop, value)) changes |= value != mask;
        else start = value;
    }
    while (start && LLVMIsAPHINode(start) && LLVMCountIncoming(start) == 1) start = LLVMGetIncomingValue(start, 0);
    return changes ? start : NULL;
}

static void check_mask(struct cw_vector *v, uint32_t loop, LLVMValueRef start) {
    for (uint32_t b = 0; b < v->cfg.count; b++) {
        if (v->cfg.loops[loop].contains[b]) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            struct sources sources = {.count = 0};
            if (mask_of(i)) trace(v, loop, start, mask_of(i), &sources);
            if (sources.from_loop && sources.from_start)
                cw_vector_refuse(v, i, "lanes that took part in the loop before and lanes that did not may meet here, and there");
        }
    }
}

static void check_masks(struct cw_vector *v) {
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) {
        if (!v->loops[l].divergent) continue;
        for (uint32_t b = 0; b < v->cfg.count; b++) {
            if (!v->cfg.loops[l].contains[b]) continue;
            for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
                LLVMValueRef mask = mask_of(i), start = mask ? first_mask(v, l, mask) : NULL;
                if (start) check_mask(v, l, start);
            }
        }
    }
}

void cw_vector_check(struct cw_vector *v) {
    LLVMValueRef *meeting = cw_alloc_array(v->cfg.count, sizeof *meeting);
    struct named *named = NULL;
    size_t count = 0, capacity = 0;
    bool any = false;
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            check_call(v, b, i);
            if (v->blocks[b].divergent && mask_of(i) && LLVMIsAConstantInt(mask_of(i))) {
                named = cw_grow(named, count, &capacity, sizeof *named);
                named[count++] = (struct named){i, b};
            }
            if (!meets(cw_called_intrinsic(i))) continue;
            meeting[b] = i;
            any = true;
        }
    for (uint32_t b = 0; (any || count > 1) && b < v->cfg.count; b++) {
        if (!v->blocks[b].divergent_branch) continue;
        uint8_t *side = find_sides(v, b);
        check_barriers(v, side, meeting);
        check_collectives(v, side, named, count);
        free(side);
    }
    check_behind(v, meeting, named, count);
    free(named);
    free(meeting);
    check_masks(v);
}
