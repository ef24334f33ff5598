/* SPDX-License-Identifier: Apache-2.0 */
/*
 * legal.c: what lanes of one vector can't do, and so is left to scalar mode, where every thread waits on its own:
 *  - wait for each other by polling memory: a lane that is switched off while another one polls never comes to its store;
 *  - wait inside a function that stayed a call, for all lanes share one stack;
 *  - arrive at a barrier on one side of a divergent branch while lanes of the same vector arrive at one on the other side, or
 *    in a loop that lanes leave at different times. Lanes that have returned count as arrived, as on hardware, so a guard
 *    before the kernel's end is fine.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

bool cw_vector_is_barrier(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_POPC || intrinsic == CW_INTRINSIC_BARRIER_AND ||
           intrinsic == CW_INTRINSIC_BARRIER_OR;
}

static bool is_split(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER_ARRIVE || intrinsic == CW_INTRINSIC_BARRIER_WAIT;
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

/* Meeting places on both sides of one divergent branch. */
static void check_sides(struct cw_vector *v, uint32_t origin, LLVMValueRef *const meeting) {
    bool *sides[2];
    LLVMValueRef found[2] = {NULL, NULL};
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[origin]);
    for (unsigned s = 0; s < 2; s++) {
        sides[s] = cw_alloc_array(v->cfg.count, sizeof *sides[s]);
        reachable(v, cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s)), v->immediate_post_dominator[origin], sides[s]);
    }
    for (uint32_t b = 0; b < v->cfg.count; b++) {
        if (!meeting[b] || sides[0][b] == sides[1][b]) continue;
        found[sides[1][b]] = meeting[b];
    }
    if (found[0] && found[1]) cw_vector_refuse(v, found[1], "threads of one warp may meet at different barriers here");
    free(sides[0]);
    free(sides[1]);
}

void cw_vector_check(struct cw_vector *v) {
    LLVMValueRef *meeting = cw_alloc_array(v->cfg.count, sizeof *meeting);
    bool any = false;
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            check_call(v, b, i);
            if (!meets(cw_called_intrinsic(i))) continue;
            meeting[b] = i;
            any = true;
        }
    for (uint32_t b = 0; any && b < v->cfg.count; b++)
        if (v->blocks[b].divergent_branch) check_sides(v, b, meeting);
    free(meeting);
}
