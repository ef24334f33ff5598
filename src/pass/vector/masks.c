/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masks.c: shifts that follow masks, of which shape.c sees whether the bits that lanes differ in stay.
 *
 * (x >> k) & mask is (x & mask << k) >> k: compilers of PTX write the first for x / 32 * 4. LLVM would turn it back, and where a branch
 * has just asked for x % 32 == 0 it drops the mask: x >> 3, exactly. That branch's mask is put back: behind it, x is x & ~31.
 */
#include "pass/vector/state.h"

#define BRANCHES_MAX 16u

static bool is_number(LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) > 1 && LLVMGetIntTypeWidth(type) <= 64;
}

static bool constant_operand(LLVMValueRef i, LLVMOpcode opcode, uint64_t *number) {
    if (!LLVMIsAInstruction(i) || LLVMGetInstructionOpcode(i) != opcode || !is_number(i) || !LLVMIsAConstantInt(LLVMGetOperand(i, 1))) return false;
    *number = LLVMConstIntGetZExtValue(LLVMGetOperand(i, 1));
    return true;
}

/* The branch that is the only way to the block, if there is one. */
static LLVMValueRef way_to(LLVMBasicBlockRef block) {
    LLVMValueRef way = NULL;
    for (LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); use; use = LLVMGetNextUse(use)) {
        if (way || !LLVMIsABranchInst(LLVMGetUser(use))) return NULL;
        way = LLVMGetUser(use);
    }
    return way;
}

/* The low bits of x that are 0 in the block, by the branches on the only way to it; 0: none is known. */
static uint64_t zeros_of(LLVMBasicBlockRef block, LLVMValueRef x) {
    for (unsigned k = 0; k < BRANCHES_MAX; k++) {
        LLVMValueRef way = way_to(block), compare, bits;
        uint64_t mask;
        if (!way) return 0;
        compare = LLVMIsConditional(way) ? LLVMGetCondition(way) : NULL;
        if (compare && LLVMIsAICmpInst(compare) && LLVMIsNull(LLVMGetOperand(compare, 1))) {
            bits = LLVMGetOperand(compare, 0);
            LLVMIntPredicate wanted = LLVMGetSuccessor(way, 0) == block ? LLVMIntEQ : LLVMIntNE;
            if (LLVMGetICmpPredicate(compare) == wanted && constant_operand(bits, LLVMAnd, &mask) && LLVMGetOperand(bits, 0) == x) return mask;
        }
        block = LLVMGetInstructionParent(way);
    }
    return 0;
}

static LLVMValueRef masked(struct cw_vector *v, LLVMValueRef x, uint64_t mask) {
    return LLVMBuildAnd(v->builder, x, LLVMConstInt(LLVMTypeOf(x), mask, 0), "");
}

static void mask_first(struct cw_vector *v, LLVMValueRef i) {
    uint64_t mask, by;
    LLVMValueRef shift = LLVMGetOperand(i, 0);
    if (!constant_operand(i, LLVMAnd, &mask) || !constant_operand(shift, LLVMLShr, &by) || by >= LLVMGetIntTypeWidth(LLVMTypeOf(i))) return;
    LLVMPositionBuilderBefore(v->builder, i);
    LLVMValueRef low = masked(v, LLVMGetOperand(shift, 0), mask << by);
    LLVMReplaceAllUsesWith(i, LLVMBuildLShr(v->builder, low, LLVMGetOperand(shift, 1), ""));
}

static void mask_again(struct cw_vector *v, LLVMValueRef shift) {
    uint64_t by;
    if (!constant_operand(shift, LLVMLShr, &by) || !LLVMGetExact(shift)) return;
    LLVMValueRef x = LLVMGetOperand(shift, 0);
    uint64_t zeros = zeros_of(LLVMGetInstructionParent(shift), x);
    if (zeros == 0) return;
    LLVMPositionBuilderBefore(v->builder, shift);
    LLVMSetOperand(shift, 0, masked(v, x, ~zeros));
}

void cw_vector_mask_first(struct cw_vector *v) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
            if (opcode == LLVMAnd) mask_first(v, i);
            if (opcode == LLVMLShr) mask_again(v, i);
        }
}
