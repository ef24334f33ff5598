/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conversion.c: float-to-integer conversions as the hardware does them.
 *
 * LLVM's fptosi and fptoui give poison out of range; PTX's cvt saturates, and programs rely on it (PTX ISA "cvt": "for
 * float-to-integer conversions, the result is clamped to the destination range by default"). NaN becomes 0 if the source
 * is not a double and the destination has at most 32 bits, else 1 << (width - 1).
 * Destinations narrower than 32 bits are reached through 32, as nvcc does, so there only the low bits are kept.
 */
#include "pass/pass.h"

#include <string.h>

static LLVMTypeRef with_width(LLVMTypeRef type, unsigned width) {
    LLVMTypeRef integer = LLVMIntTypeInContext(LLVMGetTypeContext(type), width);
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMVectorType(integer, LLVMGetVectorSize(type)) : integer;
}

static LLVMTypeRef scalar_of(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

static void saturate(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef conversion) {
    const char *name = LLVMGetInstructionOpcode(conversion) == LLVMFPToSI ? "llvm.fptosi.sat" : "llvm.fptoui.sat";
    LLVMValueRef source = LLVMGetOperand(conversion, 0);
    LLVMTypeRef type = LLVMTypeOf(conversion);
    LLVMTypeRef wide = LLVMGetIntTypeWidth(scalar_of(type)) < 32 ? with_width(type, 32) : type;
    LLVMTypeRef overload[2] = {wide, LLVMTypeOf(source)};
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef intrinsic = LLVMGetIntrinsicDeclaration(llvm, id, overload, 2);

    LLVMPositionBuilderBefore(builder, conversion);
    LLVMValueRef result = LLVMBuildCall2(builder, LLVMGlobalGetValueType(intrinsic), intrinsic, &source, 1, "");
    unsigned width = LLVMGetIntTypeWidth(scalar_of(wide));
    if (width == 64 || LLVMGetTypeKind(scalar_of(LLVMTypeOf(source))) == LLVMDoubleTypeKind) {
        LLVMValueRef is_nan = LLVMBuildFCmp(builder, LLVMRealUNO, source, source, "");
        result = LLVMBuildSelect(builder, is_nan, cw_splat(wide, 1ull << (width - 1)), result, "");
    }
    if (wide != type) result = LLVMBuildTrunc(builder, result, type, "");
    LLVMReplaceAllUsesWith(conversion, result);
    LLVMInstructionEraseFromParent(conversion);
}

bool cw_pass_conversion(LLVMModuleRef llvm) {
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
                if (opcode != LLVMFPToSI && opcode != LLVMFPToUI) continue;
                saturate(builder, llvm, i);
                progress = true;
            }
        }
    }
    LLVMDisposeBuilder(builder);
    return progress;
}
