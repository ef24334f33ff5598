/* SPDX-License-Identifier: Apache-2.0 */
/*
 * units.c: devices without units of their own for products of matrices and for copies that threads don't wait for. Whoever calls
 * cw.matrix or cw.async has code for the answer 0, which then is all that is left. Before anything else sees the module: what branches
 * on the answer is simplified with everything else.
 */
#include "pass/pass.h"

static bool answer_zero(LLVMModuleRef llvm, enum cw_intrinsic intrinsic) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[intrinsic].text);
    if (!function) return false;
    for (LLVMUseRef use = LLVMGetFirstUse(function), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        LLVMReplaceAllUsesWith(call, LLVMConstNull(LLVMTypeOf(call)));
        LLVMInstructionEraseFromParent(call);
    }
    LLVMDeleteFunction(function);
    return true;
}

bool cw_pass_no_units(LLVMModuleRef llvm) {
    bool matrix = answer_zero(llvm, CW_INTRINSIC_MATRIX);
    return answer_zero(llvm, CW_INTRINSIC_ASYNC) || matrix;
}
