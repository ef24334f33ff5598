/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.c: printf, assert and trap become calls of library/report, which leaves them in memory for the backend. Kernels have no
 * calls of functions with bodies any more; threads that trap end where they are, the others go on.
 */
#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

#include "target/library.h"
#include "target/wgsl/wgsl.h"

static bool reports(LLVMValueRef i) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
    return intrinsic == CW_INTRINSIC_VPRINTF || intrinsic == CW_INTRINSIC_ASSERT_FAIL || intrinsic == CW_INTRINSIC_TRAP;
}

static bool any_reports(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
                if (reports(i)) return true;
    return false;
}

/* How many words of arguments lie in the local variable that vprintf is given. */
static uint64_t argument_words(LLVMTargetDataRef layout, LLVMValueRef pointer) {
    for (unsigned depth = 0; depth < 16 && LLVMIsAInstruction(pointer); depth++) {
        if (LLVMIsAAllocaInst(pointer)) return (LLVMABISizeOfType(layout, LLVMGetAllocatedType(pointer)) + 3) / 4;
        if (!LLVMIsAGetElementPtrInst(pointer) && !LLVMIsAAddrSpaceCastInst(pointer) && !LLVMIsABitCastInst(pointer)) break;
        pointer = LLVMGetOperand(pointer, 0);
    }
    return 0;
}

/* Phis of `block` forget the edge from `from`. */
static void forget_edge(LLVMBuilderRef builder, LLVMBasicBlockRef block, LLVMBasicBlockRef from) {
    for (LLVMValueRef phi = LLVMGetFirstInstruction(block), next; phi && LLVMIsAPHINode(phi); phi = next) {
        next = LLVMGetNextInstruction(phi);
        LLVMPositionBuilderBefore(builder, phi);
        LLVMValueRef fresh = LLVMBuildPhi(builder, LLVMTypeOf(phi), "");
        for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
            LLVMValueRef value = LLVMGetIncomingValue(phi, k);
            LLVMBasicBlockRef other = LLVMGetIncomingBlock(phi, k);
            if (other != from) LLVMAddIncoming(fresh, &value, &other, 1);
        }
        LLVMReplaceAllUsesWith(phi, LLVMCountIncoming(fresh) ? fresh : LLVMGetPoison(LLVMTypeOf(phi)));
        LLVMInstructionEraseFromParent(phi);
        if (!LLVMCountIncoming(fresh)) LLVMInstructionEraseFromParent(fresh);
    }
}

/* The thread ends behind `call`. */
static void end_behind(LLVMBuilderRef builder, LLVMValueRef call) {
    LLVMBasicBlockRef block = LLVMGetInstructionParent(call);
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    for (unsigned k = 0; k < LLVMGetNumSuccessors(end); k++) {
        bool again = false;
        for (unsigned j = 0; j < k; j++) again = again || LLVMGetSuccessor(end, j) == LLVMGetSuccessor(end, k);
        if (!again) forget_edge(builder, LLVMGetSuccessor(end, k), block);
    }
    for (LLVMValueRef i; (i = LLVMGetLastInstruction(block)) != call;) {
        if (LLVMGetFirstUse(i)) LLVMReplaceAllUsesWith(i, LLVMGetPoison(LLVMTypeOf(i)));
        LLVMInstructionEraseFromParent(i);
    }
    LLVMPositionBuilderAtEnd(builder, block);
    LLVMBuildRetVoid(builder);
}

static LLVMValueRef call_library(LLVMModuleRef llvm, LLVMBuilderRef builder, const char *name, LLVMValueRef *arguments, unsigned count) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    LLVMTypeRef type = LLVMGlobalGetValueType(function);
    bool is_void = LLVMGetTypeKind(LLVMGetReturnType(type)) == LLVMVoidTypeKind;
    return LLVMBuildCall2(builder, type, function, arguments, count, is_void ? "" : "printed");
}

static void replace(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMTargetDataRef layout, LLVMValueRef call) {
    LLVMTypeRef word = LLVMInt32TypeInContext(LLVMGetModuleContext(llvm));
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    LLVMPositionBuilderBefore(builder, call);
    LLVMValueRef made;
    if (intrinsic == CW_INTRINSIC_VPRINTF) {
        LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1), LLVMConstInt(word, argument_words(layout, LLVMGetOperand(call, 1)), 0)};
        made = call_library(llvm, builder, "cw_report_print", arguments, 3);
        LLVMReplaceAllUsesWith(call, made);
    } else if (intrinsic == CW_INTRINSIC_ASSERT_FAIL) {
        LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1), LLVMGetOperand(call, 2), LLVMGetOperand(call, 3)};
        made = call_library(llvm, builder, "cw_report_assert", arguments, 4);
    } else {
        made = call_library(llvm, builder, "cw_report_trap", NULL, 0);
    }
    LLVMInstructionEraseFromParent(call);
    if (intrinsic != CW_INTRINSIC_VPRINTF) end_behind(builder, made);
}

cw_status wgsl_reports(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    if (LLVMPointerSize(LLVMGetModuleDataLayout(llvm)) != 8 || !any_reports(llvm)) return CW_OK;
    cw_status status = cw_link_library(compiler, llvm, "report.bc");
    if (status != CW_OK) return status;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(compiler->context);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        bool kernel = cw_is_kernel(f);
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); kernel && block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                bool ends = reports(i) && cw_called_intrinsic(i) != CW_INTRINSIC_VPRINTF;
                next = ends ? NULL : LLVMGetNextInstruction(i);
                if (reports(i)) replace(llvm, builder, layout, i);
            }
    }
    LLVMDisposeBuilder(builder);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f) || cw_is_kernel(f)) continue;
        LLVMSetLinkage(f, LLVMInternalLinkage);
        cw_remove_attribute(f, "noinline");
        cw_remove_attribute(f, "inlinehint");
        cw_add_attribute(f, "alwaysinline", 0);
    }
    return CW_OK;
}
