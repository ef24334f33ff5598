/* SPDX-License-Identifier: Apache-2.0 */
/*
 * division.c: integer division that can't trap.
 *
 * On NVIDIA hardware division by zero gives an unspecified value and INT_MIN / -1 wraps; neither traps (PTX ISA "div":
 * "division by zero yields an unspecified, machine-specific value"). x86 raises an exception for both, so the divisor
 * is replaced by 1 there: n / 1 is n, n % 1 is 0, and INT_MIN / 1 is the wrapped result. Divisors that are constants
 * other than 0 and -1 stay as they are.
 */
#include "pass/pass.h"

static bool is_division(LLVMOpcode opcode) {
    return opcode == LLVMSDiv || opcode == LLVMUDiv || opcode == LLVMSRem || opcode == LLVMURem;
}

static bool guard(LLVMBuilderRef builder, LLVMValueRef division) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(division);
    bool is_signed = opcode == LLVMSDiv || opcode == LLVMSRem;
    LLVMValueRef dividend = LLVMGetOperand(division, 0), divisor = LLVMGetOperand(division, 1);
    LLVMTypeRef type = LLVMTypeOf(divisor);
    unsigned width = LLVMGetIntTypeWidth(LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type);
    if (LLVMIsAConstantInt(divisor) && !LLVMIsNull(divisor) && divisor != LLVMConstAllOnes(type)) return false;

    LLVMPositionBuilderBefore(builder, division);
    LLVMValueRef bad = LLVMBuildICmp(builder, LLVMIntEQ, divisor, LLVMConstNull(type), "");
    if (is_signed) {
        LLVMValueRef lowest = LLVMBuildShl(builder, cw_splat(type, 1), cw_splat(type, width - 1), "");
        LLVMValueRef is_minus_one = LLVMBuildICmp(builder, LLVMIntEQ, divisor, LLVMConstAllOnes(type), "");
        LLVMValueRef is_lowest = LLVMBuildICmp(builder, LLVMIntEQ, dividend, lowest, "");
        LLVMValueRef overflow = LLVMBuildAnd(builder, is_minus_one, is_lowest, "");
        bad = LLVMBuildOr(builder, bad, overflow, "");
    }
    LLVMSetOperand(division, 1, LLVMBuildSelect(builder, bad, cw_splat(type, 1), divisor, ""));
    return true;
}

bool cw_pass_division(LLVMModuleRef llvm) {
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
                if (is_division(LLVMGetInstructionOpcode(i))) progress |= guard(builder, i);
    LLVMDisposeBuilder(builder);
    return progress;
}
