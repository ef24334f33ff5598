/* SPDX-License-Identifier: Apache-2.0 */
/* agreement.c: the analysis that agreement.h declares: repeated until nothing changes, since branches make values vary and values branches. */
#include <stdlib.h>
#include <string.h>

#include "target/shader/agreement.h"

/* ---- The set of values that vary ------------------------------------------------------------------------------- */

static size_t slot_of(const struct cw_agreement *a, LLVMValueRef value) {
    size_t slot = ((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20 & (a->capacity - 1);
    while (a->varying[slot] && a->varying[slot] != value) {
        slot = (slot + 1) & (a->capacity - 1);
    }
    return slot;
}

static bool varies(const struct cw_agreement *a, LLVMValueRef value) {
    return a->varying[slot_of(a, value)] == value;
}

static void add_varying(struct cw_agreement *a, LLVMValueRef value) {
    if (varies(a, value)) {
        return;
    }
    if (2 * (a->count + 1) > a->capacity) {
        LLVMValueRef *old = a->varying;
        size_t capacity = a->capacity;
        a->capacity *= 2;
        a->varying = cw_alloc_array(a->capacity, sizeof *a->varying);
        for (size_t i = 0; i < capacity; i++) {
            if (old[i]) {
                a->varying[slot_of(a, old[i])] = old[i];
            }
        }
        free(old);
    }
    a->varying[slot_of(a, value)] = value;
    a->count++;
    a->changed = true;
}

/* ---- Where threads are ------------------------------------------------------------------------------------------ */

static uint64_t *row_of(const struct cw_agreement *a, uint32_t block) {
    return a->postdominators + block * a->words;
}

static bool has_bit(const uint64_t *row, uint32_t bit) {
    return row[bit / 64] >> bit % 64 & 1;
}

static void find_postdominators(struct cw_agreement *a) {
    a->words = (a->cfg.count + 63) / 64;
    a->postdominators = cw_alloc_array(a->cfg.count * a->words + 1, sizeof *a->postdominators);
    memset(a->postdominators, 0xff, a->cfg.count * a->words * sizeof *a->postdominators);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t b = a->cfg.count; b-- > 0;) {
            LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[b]);
            uint64_t *row = row_of(a, b);
            unsigned successors = LLVMGetNumSuccessors(end);
            for (size_t w = 0; w < a->words; w++) {
                /* Threads that end the launch are not waited for. */
                uint64_t all = successors || LLVMIsAUnreachableInst(end) ? UINT64_MAX : 0;
                for (unsigned s = 0; s < successors; s++) {
                    all &= row_of(a, cw_cfg_index(&a->cfg, LLVMGetSuccessor(end, s)))[w];
                }
                all |= b / 64 == w ? UINT64_C(1) << b % 64 : 0;
                changed |= row[w] != all;
                row[w] = all;
            }
        }
    }
}

bool cw_agreement_parts(const struct cw_agreement *a, uint32_t block) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[block]);
    return LLVMGetNumSuccessors(end) > 1 && varies(a, LLVMGetOperand(end, 0));
}

bool cw_agreement_joins_at(const struct cw_agreement *a, uint32_t branch, uint32_t block) {
    return block != branch && has_bit(row_of(a, branch), block);
}

/* How blocks are reached from a branch: from how many of its sides, and by which edge, the first one. */
struct reached {
    uint32_t sides, from;
    bool by_several;
};

static void enter(struct reached *reached, uint32_t from, uint32_t to) {
    reached[to].by_several |= reached[to].from != CW_CFG_NONE && reached[to].from != from;
    reached[to].from = from;
}

/* Everything from `block` on that the branch at `branch` decides about: blocks that are not on every way from it. The first block that is on
 * every way is reached, too. */
static void follow(struct cw_agreement *a, uint32_t branch, uint32_t block, struct reached *reached) {
    uint32_t *stack = cw_alloc_array(a->cfg.count + 1u, sizeof *stack), depth = 0;
    bool *seen = cw_alloc_array(a->cfg.count, sizeof *seen);
    stack[depth++] = block;
    seen[block] = true;
    enter(reached, branch, block);
    while (depth) {
        uint32_t b = stack[--depth];
        reached[b].sides++;
        if (cw_agreement_joins_at(a, branch, b)) {
            continue;
        }
        a->changed |= !a->partial[b];
        a->partial[b] = true;
        LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[b]);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++) {
            uint32_t next = cw_cfg_index(&a->cfg, LLVMGetSuccessor(end, s));
            enter(reached, b, next);
            if (!seen[next]) {
                seen[next] = true;
                stack[depth++] = next;
            }
        }
    }
    free(seen);
    free(stack);
}

static void join_at(struct cw_agreement *a, uint32_t block) {
    a->changed |= !a->joins[block];
    a->joins[block] = true;
}

/* Ways join where more than one side of the branch comes to, by more than one edge. What a loop counts varies behind it when lanes leave it at different turns. */
static void part(struct cw_agreement *a, uint32_t branch) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[branch]);
    struct reached *reached = cw_alloc_array(a->cfg.count + 1u, sizeof *reached);
    for (uint32_t b = 0; b < a->cfg.count; b++) {
        reached[b].from = CW_CFG_NONE;
    }
    for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++) {
        uint32_t to = cw_cfg_index(&a->cfg, LLVMGetSuccessor(end, s));
        follow(a, branch, to, reached);
        bool ends = LLVMIsAUnreachableInst(LLVMGetBasicBlockTerminator(a->cfg.blocks[to])) != NULL; /* the launch */
        for (uint32_t l = a->cfg.innermost_loop[branch]; l != CW_CFG_NONE && !ends; l = a->cfg.loops[l].parent) {
            if (!a->cfg.loops[l].contains[to]) {
                join_at(a, a->cfg.loops[l].header);
            }
        }
    }
    for (uint32_t b = 0; b < a->cfg.count; b++) {
        if (reached[b].sides > 1 && reached[b].by_several) {
            join_at(a, b);
        }
    }
    free(reached);
}

/* ---- What varies ------------------------------------------------------------------------------------------------- */

static bool is_uniform_call(LLVMValueRef call) {
    switch (cw_called_intrinsic(call)) {
    case CW_INTRINSIC_NTID_X: case CW_INTRINSIC_NTID_Y: case CW_INTRINSIC_NTID_Z: case CW_INTRINSIC_CTAID_X: case CW_INTRINSIC_CTAID_Y:
    case CW_INTRINSIC_CTAID_Z: case CW_INTRINSIC_NCTAID_X: case CW_INTRINSIC_NCTAID_Y: case CW_INTRINSIC_NCTAID_Z:
    case CW_INTRINSIC_DYNAMIC_SHARED_SIZE: case CW_INTRINSIC_BARRIER_POPC: case CW_INTRINSIC_BARRIER_AND: case CW_INTRINSIC_BARRIER_OR:
    case CW_INTRINSIC_GRID_VALID: return true;
    case CW_INTRINSIC_COUNT: return true; /* LLVM's: as its operands */
    default: return false;
    }
}

static bool varies_now(const struct cw_agreement *a, LLVMValueRef i, uint32_t block) {
    if (LLVMIsAAtomicRMWInst(i) || LLVMIsAAtomicCmpXchgInst(i) || (LLVMIsACallInst(i) && !is_uniform_call(i)) || (LLVMIsAPHINode(i) && a->joins[block])) {
        return true;
    }
    if (LLVMIsALoadInst(i) && (LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic ||
                               LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(i, 0))) == CW_SPACE_LOCAL)) {
        return true;
    }
    if (LLVMIsAAllocaInst(i)) {
        return true;
    }
    if (LLVMIsACallInst(i) && cw_called_intrinsic(i) != CW_INTRINSIC_COUNT) {
        return false; /* the same for all, whatever each brought */
    }
    for (int k = 0; k < LLVMGetNumOperands(i); k++) {
        if (varies(a, LLVMGetOperand(i, (unsigned)k))) {
            return true;
        }
    }
    return false;
}

static void settle(struct cw_agreement *a) {
    do {
        a->changed = false;
        for (uint32_t b = 0; b < a->cfg.count; b++) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(a->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
                if (varies_now(a, i, b)) {
                    add_varying(a, i);
                }
            }
            if (cw_agreement_parts(a, b)) {
                part(a, b);
            }
        }
    } while (a->changed);
}

/* ---- Collectives -------------------------------------------------------------------------------------------------- */

bool cw_shader_is_collective(LLVMValueRef i) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
    switch (intrinsic) {
    case CW_INTRINSIC_WARP_SYNC: case CW_INTRINSIC_ACTIVEMASK: case CW_INTRINSIC_SHFL_IDX: case CW_INTRINSIC_SHFL_UP: case CW_INTRINSIC_SHFL_DOWN:
    case CW_INTRINSIC_SHFL_XOR: case CW_INTRINSIC_SHFL_IDX_B64: case CW_INTRINSIC_SHFL_UP_B64: case CW_INTRINSIC_SHFL_DOWN_B64:
    case CW_INTRINSIC_SHFL_XOR_B64: case CW_INTRINSIC_VOTE_ALL: case CW_INTRINSIC_VOTE_ANY: case CW_INTRINSIC_VOTE_UNI: case CW_INTRINSIC_VOTE_BALLOT:
    case CW_INTRINSIC_MATCH_ANY: case CW_INTRINSIC_MATCH_ALL: case CW_INTRINSIC_MATCH_ANY_B64: case CW_INTRINSIC_MATCH_ALL_B64:
    case CW_INTRINSIC_REDUX_ADD: case CW_INTRINSIC_REDUX_MIN: case CW_INTRINSIC_REDUX_MAX: case CW_INTRINSIC_REDUX_UMIN: case CW_INTRINSIC_REDUX_UMAX:
    case CW_INTRINSIC_REDUX_AND: case CW_INTRINSIC_REDUX_OR: case CW_INTRINSIC_REDUX_XOR: return true;
    default: return false;
    }
}

bool cw_agreement_in_partial_loop(const struct cw_agreement *a, uint32_t block) {
    for (uint32_t l = a->cfg.innermost_loop[block]; l != CW_CFG_NONE; l = a->cfg.loops[l].parent) {
        if (a->partial[a->cfg.loops[l].header]) {
            return true;
        }
    }
    return false;
}

bool cw_shader_is_barrier(LLVMValueRef i) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
    return intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_POPC || intrinsic == CW_INTRINSIC_BARRIER_AND || intrinsic == CW_INTRINSIC_BARRIER_OR;
}

void cw_agreement_build(struct cw_agreement *a, LLVMValueRef function) {
    *a = (struct cw_agreement){.capacity = 1024};
    cw_cfg_build(&a->cfg, function);
    a->partial = cw_alloc_array(a->cfg.count + 1u, sizeof *a->partial);
    a->joins = cw_alloc_array(a->cfg.count + 1u, sizeof *a->joins);
    a->varying = cw_alloc_array(a->capacity, sizeof *a->varying);
    find_postdominators(a);
    settle(a);
}

void cw_agreement_fini(struct cw_agreement *a) {
    free(a->varying);
    free(a->joins);
    free(a->partial);
    free(a->postdominators);
    cw_cfg_fini(&a->cfg);
}
