/* SPDX-License-Identifier: Apache-2.0 */
/*
 * split_barriers.c: barriers of the whole block at which threads arrive first and wait later, for targets whose barriers do both
 * at once: arriving does nothing, and the wait is the barrier. Every thread that arrives must wait before it arrives again
 * (CUDA C++ Programming Guide, "Cooperative Groups, Barriers"), so the same threads meet, if later than they could.
 * An arrival with a count, PTX's bar.arrive, need not be followed by a wait, and is left to the target.
 */
#include "pass/pass.h"

static LLVMValueRef whole_barrier(LLVMModuleRef llvm, LLVMTypeRef *type) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context);
    const char *name = cw_intrinsics[CW_INTRINSIC_BARRIER].text;
    *type = LLVMFunctionType(LLVMVoidTypeInContext(context), (LLVMTypeRef[]){i32, i32}, 2, 0);
    LLVMValueRef barrier = LLVMGetNamedFunction(llvm, name);
    if (!barrier) {
        barrier = LLVMAddFunction(llvm, name, *type);
        cw_add_attribute(barrier, "convergent", 0);
        cw_add_attribute(barrier, "nounwind", 0);
    }
    return barrier;
}

static bool arrives_with_all(LLVMValueRef call) {
    LLVMValueRef count = LLVMGetOperand(call, 1);
    return LLVMIsAConstantInt(count) && LLVMIsNull(count);
}

static void wait_at_barrier(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef wait) {
    LLVMTypeRef type;
    LLVMValueRef barrier = whole_barrier(llvm, &type);
    LLVMPositionBuilderBefore(builder, wait); /* takes its source line too */
    LLVMValueRef arguments[2] = {LLVMGetOperand(wait, 0), LLVMConstNull(LLVMInt32TypeInContext(LLVMGetModuleContext(llvm)))};
    LLVMBuildCall2(builder, type, barrier, arguments, 2, "");
}

bool cw_pass_split_barriers(LLVMModuleRef llvm) {
    LLVMValueRef arrive = LLVMGetNamedFunction(llvm, cw_intrinsics[CW_INTRINSIC_BARRIER_ARRIVE].text);
    LLVMValueRef wait = LLVMGetNamedFunction(llvm, cw_intrinsics[CW_INTRINSIC_BARRIER_WAIT].text);
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMUseRef use = arrive ? LLVMGetFirstUse(arrive) : NULL, next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call) || !arrives_with_all(call)) continue;
        LLVMReplaceAllUsesWith(call, LLVMConstNull(LLVMTypeOf(call)));
        LLVMInstructionEraseFromParent(call);
        progress = true;
    }
    for (LLVMUseRef use = wait ? LLVMGetFirstUse(wait) : NULL, next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call)) continue;
        wait_at_barrier(llvm, builder, call);
        LLVMInstructionEraseFromParent(call);
        progress = true;
    }
    LLVMDisposeBuilder(builder);
    return progress;
}
