/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conversion.c: float-to-integer conversions as the hardware's own (PTX ISA "cvt": the result is clamped; NaN is 0, or the sign
 * bit where source or destination have 64 bits). LLVM's instructions have no value there, and LLVM merges them with the
 * conversions before. Destinations narrower than 32 bits are reached through 32, as in pass/conversion.c.
 */
#include "target/ptx/ptx.h"

#include <string.h>

static const char *name_of(bool wide_source, bool wide, bool is_signed) {
    static const char *const names[2][2][2] = {
        {{"llvm.nvvm.f2ui.rz", "llvm.nvvm.f2i.rz"}, {"llvm.nvvm.f2ull.rz", "llvm.nvvm.f2ll.rz"}},
        {{"llvm.nvvm.d2ui.rz", "llvm.nvvm.d2i.rz"}, {"llvm.nvvm.d2ull.rz", "llvm.nvvm.d2ll.rz"}},
    };
    return names[wide_source][wide][is_signed];
}

static void replace(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef conversion) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef source = LLVMGetOperand(conversion, 0);
    LLVMTypeRef type = LLVMTypeOf(conversion);
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(source));
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) > 64) return;
    LLVMPositionBuilderBefore(builder, conversion);
    if (kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind) source = LLVMBuildFPExt(builder, source, LLVMFloatTypeInContext(context), "");
    else if (kind != LLVMFloatTypeKind && kind != LLVMDoubleTypeKind) return;
    bool wide = LLVMGetIntTypeWidth(type) > 32;
    const char *name = name_of(kind == LLVMDoubleTypeKind, wide, LLVMGetInstructionOpcode(conversion) == LLVMFPToSI);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(llvm, LLVMLookupIntrinsicID(name, strlen(name)), NULL, 0);
    LLVMValueRef result = LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, &source, 1, "");
    if (LLVMTypeOf(result) != type) result = LLVMBuildTrunc(builder, result, type, "");
    LLVMReplaceAllUsesWith(conversion, result);
    LLVMInstructionEraseFromParent(conversion);
}

void cw_ptx_conversions(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
                if (opcode == LLVMFPToSI || opcode == LLVMFPToUI) replace(llvm, builder, i);
            }
        }
    }
    LLVMDisposeBuilder(builder);
}
