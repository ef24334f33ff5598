/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shift.c: shifts by the operand's width or more, as the hardware does them.
 *
 * LLVM's shifts give poison there and a CPU's take the amount modulo the width; PTX clamps (PTX ISA "shl": "shift amounts
 * greater than the register width N are clamped to N", "shr" likewise), and programs rely on it: `x << (32 - bits)` with
 * bits == 0 is 0. Amounts are unsigned. Vector units do the same in one instruction, so vectorised code pays nothing.
 */
#include "pass/pass.h"

static bool is_shift(LLVMOpcode opcode) {
    return opcode == LLVMShl || opcode == LLVMLShr || opcode == LLVMAShr;
}

static bool clamp(LLVMBuilderRef builder, LLVMValueRef shift) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(shift);
    LLVMValueRef value = LLVMGetOperand(shift, 0), amount = LLVMGetOperand(shift, 1);
    LLVMTypeRef type = LLVMTypeOf(amount);
    unsigned width = LLVMGetIntTypeWidth(LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type);
    if (LLVMIsAConstantInt(amount) && width <= 64 && LLVMConstIntGetZExtValue(amount) < width) return false;

    LLVMPositionBuilderBefore(builder, shift);
    LLVMValueRef within = LLVMBuildICmp(builder, LLVMIntULT, amount, cw_splat(type, width), "");
    if (opcode == LLVMAShr) {
        LLVMSetOperand(shift, 1, LLVMBuildSelect(builder, within, amount, cw_splat(type, width - 1), ""));
        return true;
    }
    LLVMValueRef shifted = LLVMBuildBinOp(builder, opcode, value, amount, ""); /* poison is not chosen */
    LLVMValueRef result = LLVMBuildSelect(builder, within, shifted, LLVMConstNull(type), "");
    LLVMReplaceAllUsesWith(shift, result);
    LLVMInstructionEraseFromParent(shift);
    return true;
}

bool cw_pass_shift(LLVMModuleRef llvm) {
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (is_shift(LLVMGetInstructionOpcode(i))) progress |= clamp(builder, i);
            }
        }
    }
    LLVMDisposeBuilder(builder);
    return progress;
}
