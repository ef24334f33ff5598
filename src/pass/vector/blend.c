/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blend.c: stores to shared memory under a condition become unconditional ones of either the new value or the one that was loaded from
 * the same place just before: if (a > b) { keys[i] = b; keys[j] = a; }. Then no lane is masked, and whole vectors are stored. It is
 * the store form of if-conversion (Allen, Kennedy, Porterfield and Warren, "Conversion of Control Dependence to Data Dependence",
 * POPL 1983).
 *
 * That a thread writes back what it has read is seen by nobody: the threads of a block run on one OS thread, and between the load and
 * the store, with no barrier or call between, only this group of lanes. So only shared memory that is reached through the block's own
 * base, and no atomic or volatile access.
 */
#include <string.h>

#include "pass/vector/state.h"

#define STORES_MAX 4u
#define OTHERS_MAX 8u /* instructions that run for all lanes then */

static bool is_shared(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    LLVMValueRef callee = LLVMIsACallInst(pointer) ? cw_called_function(pointer) : NULL;
    return callee && strcmp(cw_value_name(callee), CW_SHARED_BASE) == 0;
}

static bool is_plain(LLVMValueRef access) {
    return !LLVMGetVolatile(access) && LLVMGetOrdering(access) == LLVMAtomicOrderingNotAtomic;
}

/* What was loaded from the store's place, with nothing since that could have changed it; else NULL. */
static LLVMValueRef loaded_before(LLVMValueRef store, LLVMBasicBlockRef before) {
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(store, 0));
    for (LLVMValueRef i = LLVMGetLastInstruction(before); i; i = LLVMGetPreviousInstruction(i)) {
        LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
        if (opcode == LLVMStore || opcode == LLVMFence || opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg) return NULL;
        if (opcode == LLVMCall && cw_vector_has_effects(i)) return NULL;
        if (opcode == LLVMLoad && LLVMGetOperand(i, 0) == LLVMGetOperand(store, 1) && LLVMTypeOf(i) == type && is_plain(i)) return i;
    }
    return NULL;
}

static bool is_computation(LLVMValueRef i) {
    return LLVMIsABinaryOperator(i) ? LLVMGetInstructionOpcode(i) != LLVMUDiv && LLVMGetInstructionOpcode(i) != LLVMSDiv &&
                                          LLVMGetInstructionOpcode(i) != LLVMURem && LLVMGetInstructionOpcode(i) != LLVMSRem
                                    : LLVMIsACastInst(i) || LLVMIsASelectInst(i) || LLVMIsACmpInst(i) || LLVMIsAGetElementPtrInst(i);
}

/* True if the block, which one branch of `before` leads to, only stores what may be blended. */
static bool only_blends(LLVMBasicBlockRef block, LLVMBasicBlockRef before) {
    unsigned stores = 0, others = 0;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && !LLVMIsATerminatorInst(i); i = LLVMGetNextInstruction(i)) {
        if (LLVMIsAStoreInst(i)) {
            if (!is_plain(i) || !is_shared(LLVMGetOperand(i, 1)) || !loaded_before(i, before) || ++stores > STORES_MAX) return false;
        } else if (!is_computation(i) || ++others > OTHERS_MAX) {
            return false;
        }
    }
    return stores > 0;
}

static bool has_one_predecessor(struct cw_vector *v, LLVMBasicBlockRef block) {
    unsigned count = 0;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v->function); b; b = LLVMGetNextBasicBlock(b)) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(b);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(terminator); s++) count += LLVMGetSuccessor(terminator, s) == block;
    }
    return count == 1;
}

static void blend(struct cw_vector *v, LLVMBasicBlockRef block, LLVMBasicBlockRef before, bool side) {
    LLVMValueRef branch = LLVMGetBasicBlockTerminator(before), condition = LLVMGetCondition(branch);
    for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; !LLVMIsATerminatorInst(i); i = next) {
        next = LLVMGetNextInstruction(i);
        if (LLVMIsAStoreInst(i)) {
            LLVMValueRef old = loaded_before(i, before), new = LLVMGetOperand(i, 0);
            LLVMPositionBuilderBefore(v->builder, i);
            LLVMSetOperand(i, 0, LLVMBuildSelect(v->builder, condition, side ? new : old, side ? old : new, ""));
        }
    }
}

/* Moves the block's instructions in front of the branch; the block stays, empty. */
static void move_up(struct cw_vector *v, LLVMBasicBlockRef block, LLVMBasicBlockRef before) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; !LLVMIsATerminatorInst(i); i = next) {
        next = LLVMGetNextInstruction(i);
        LLVMInstructionRemoveFromParent(i);
        LLVMPositionBuilderBefore(v->builder, LLVMGetBasicBlockTerminator(before));
        LLVMInsertIntoBuilder(v->builder, i);
    }
}

bool cw_vector_blend_stores(struct cw_vector *v) {
    bool changed = false;
    for (LLVMBasicBlockRef before = LLVMGetFirstBasicBlock(v->function); before; before = LLVMGetNextBasicBlock(before)) {
        LLVMValueRef branch = LLVMGetBasicBlockTerminator(before);
        if (!LLVMIsABranchInst(branch) || !LLVMIsConditional(branch)) continue;
        for (unsigned s = 0; s < 2; s++) {
            LLVMBasicBlockRef block = LLVMGetSuccessor(branch, s);
            LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
            if (block == before || LLVMGetNumSuccessors(end) != 1 || LLVMGetSuccessor(end, 0) != LLVMGetSuccessor(branch, 1 - s)) continue;
            if (LLVMIsAPHINode(LLVMGetFirstInstruction(block)) || !has_one_predecessor(v, block) || !only_blends(block, before)) continue;
            blend(v, block, before, s == 0);
            move_up(v, block, before);
            changed = true;
        }
    }
    return changed;
}
