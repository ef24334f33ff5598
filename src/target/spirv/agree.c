/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agree.c: warp collectives that not all of a block's threads come to, on devices without subgroups of 32 lanes. There lanes talk through
 * shared memory and meet at barriers of the block (warp.c), which Vulkan leaves undefined unless every thread comes to them (Vulkan
 * Specification, "Scope": control barriers are in uniform control flow).
 *
 * A value varies if threads of a block may have different ones: what is made of thread indices, atomics and other lanes' values, and phis
 * where ways join that a varying condition has parted. A load from an address that doesn't vary gives all threads the same, unless it
 * is volatile: a program in which it doesn't has a race. A block is for some threads where a varying branch decides
 * about it: on a way from the branch that has not come to its immediate post-dominator yet.
 *
 * Drivers that run a block's threads by turns on one CPU thread let some of them pass a barrier while the others have ended or are elsewhere:
 * these go through the statements without a lane. But lavapipe leaves a loop in which no lane is after one turn, comes to fewer barriers
 * then, and takes the block for ended when the first of its pieces is; so barriers in loops that not all threads go round alike are refused there.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/cfg.h"
#include "target/spirv/spirv.h"

struct agreement {
    struct cw_cfg cfg;
    uint64_t *postdominators; /* a row of bits a block: those that every way from it to the end passes */
    size_t words;
    bool *partial;            /* by block: for some threads */
    bool *joins;              /* by block: ways join there that a varying condition has parted */
    LLVMValueRef *varying;    /* hash set; capacity a power of two */
    size_t count, capacity;
    bool changed;
};

/* ---- The set of values that vary ------------------------------------------------------------------------------- */

static size_t slot_of(const struct agreement *a, LLVMValueRef value) {
    size_t slot = ((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20 & (a->capacity - 1);
    while (a->varying[slot] && a->varying[slot] != value) {
        slot = (slot + 1) & (a->capacity - 1);
    }
    return slot;
}

static bool varies(const struct agreement *a, LLVMValueRef value) {
    return a->varying[slot_of(a, value)] == value;
}

static void add_varying(struct agreement *a, LLVMValueRef value) {
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

static uint64_t *row_of(const struct agreement *a, uint32_t block) {
    return a->postdominators + block * a->words;
}

static bool has_bit(const uint64_t *row, uint32_t bit) {
    return row[bit / 64] >> bit % 64 & 1;
}

static void find_postdominators(struct agreement *a) {
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
                uint64_t all = successors ? UINT64_MAX : 0;
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

/* Everything from `block` on that the branch at `branch` decides about: blocks that are not on every way from it. The first block
 * that is on every way is where the ways join. */
static void follow(struct agreement *a, uint32_t branch, uint32_t block) {
    uint32_t *stack = cw_alloc_array(a->cfg.count + 1u, sizeof *stack), depth = 0;
    bool *seen = cw_alloc_array(a->cfg.count, sizeof *seen);
    stack[depth++] = block;
    seen[block] = true;
    while (depth) {
        uint32_t b = stack[--depth];
        a->changed |= !a->joins[b];
        a->joins[b] = true;
        if (b != branch && has_bit(row_of(a, branch), b)) {
            continue;
        }
        a->changed |= !a->partial[b];
        a->partial[b] = true;
        LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[b]);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++) {
            uint32_t next = cw_cfg_index(&a->cfg, LLVMGetSuccessor(end, s));
            if (!seen[next]) {
                seen[next] = true;
                stack[depth++] = next;
            }
        }
    }
    free(seen);
    free(stack);
}

static bool decides_by_varying(const struct agreement *a, LLVMValueRef end) {
    return LLVMGetNumSuccessors(end) > 1 && varies(a, LLVMGetOperand(end, 0));
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

static bool varies_now(const struct agreement *a, LLVMValueRef i, uint32_t block) {
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

static void settle(struct agreement *a) {
    do {
        a->changed = false;
        for (uint32_t b = 0; b < a->cfg.count; b++) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(a->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
                if (varies_now(a, i, b)) {
                    add_varying(a, i);
                }
            }
            LLVMValueRef end = LLVMGetBasicBlockTerminator(a->cfg.blocks[b]);
            for (unsigned s = 0; decides_by_varying(a, end) && s < LLVMGetNumSuccessors(end); s++) {
                follow(a, b, cw_cfg_index(&a->cfg, LLVMGetSuccessor(end, s)));
            }
        }
    } while (a->changed);
}

/* ---- Collectives -------------------------------------------------------------------------------------------------- */

static bool is_collective(LLVMValueRef i) {
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

/* True if not all threads of the block go round a loop around it, or not as often. */
static bool is_in_partial_loop(const struct agreement *a, uint32_t block) {
    for (uint32_t l = a->cfg.innermost_loop[block]; l != CW_CFG_NONE; l = a->cfg.loops[l].parent) {
        if (a->partial[a->cfg.loops[l].header]) {
            return true;
        }
    }
    return false;
}

static bool is_barrier(LLVMValueRef i) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
    return intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_POPC || intrinsic == CW_INTRINSIC_BARRIER_AND || intrinsic == CW_INTRINSIC_BARRIER_OR;
}

/* Why the device can't do what the instruction wants of the lanes that are there; NULL: it can. */
static const char *problem_of(const struct agreement *a, LLVMValueRef i, uint32_t block, bool by_turns) {
    bool collective = is_collective(i);
    if (!by_turns) {
        return collective ? "a warp collective that not all threads of the block come to, on a device without subgroups of 32" : NULL;
    }
    if (!is_in_partial_loop(a, block) || (!collective && !is_barrier(i))) {
        return NULL;
    }
    return collective ? "a warp collective in a loop that lanes leave at different turns, or do not come to, on a device without subgroups of 32"
                      : "a barrier in a loop that lanes leave at different turns, or do not come to, on a device that runs threads by turns";
}

void spv_refuse_partial_collectives(struct spv_module *module) {
    struct agreement a = {.capacity = 1024};
    bool by_turns = module->abilities & SPV_ABILITY_TURNS;
    unsigned wanted = CW_FEATURE_WARP | (by_turns ? CW_FEATURE_BARRIER : 0u);
    if (module->abilities & SPV_ABILITY_WARP || !(module->row->features & wanted)) {
        return;
    }
    cw_cfg_build(&a.cfg, module->function);
    a.partial = cw_alloc_array(a.cfg.count + 1u, sizeof *a.partial);
    a.joins = cw_alloc_array(a.cfg.count + 1u, sizeof *a.joins);
    a.varying = cw_alloc_array(a.capacity, sizeof *a.varying);
    find_postdominators(&a);
    settle(&a);
    for (uint32_t b = 0; b < a.cfg.count; b++) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(a.cfg.blocks[b]); i && a.partial[b]; i = LLVMGetNextInstruction(i)) {
            const char *problem = problem_of(&a, i, b, by_turns);
            if (problem) {
                spv_refuse(module, i, "%s", problem);
            }
        }
    }
    free(a.varying);
    free(a.joins);
    free(a.partial);
    free(a.postdominators);
    cw_cfg_fini(&a.cfg);
}
