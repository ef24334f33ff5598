/* SPDX-License-Identifier: Apache-2.0 */
/*
 * masks.c: a vector of 8 or more bits to an integer, `bitcast <N x i1> to iN` (ballots, and tests whether any lane is on), in
 * instructions of WebAssembly: comparisons of 32-bit lanes are narrowed to bytes, of which i8x16.bitmask takes one bit each.
 * LLVM 22 has a combination of its own for this, which for 32 and 64 lanes takes the compared values for bytes and then
 * can't select the comparison (seen; it ends the process), so none may be left to it.
 */
#include <llvm-c/Core.h>

#include "target/wasm/wasm.h"

struct builder {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
};

static LLVMTypeRef vector_of(struct builder *b, unsigned bits, unsigned count) {
    return LLVMVectorType(LLVMIntTypeInContext(b->context, bits), count);
}

/* Calls the WebAssembly intrinsic NAME.vCiB.vCiB or the like, declared here. */
static LLVMValueRef call(struct builder *b, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count) {
    LLVMTypeRef types[2];
    for (unsigned k = 0; k < count; k++) types[k] = LLVMTypeOf(arguments[k]);
    LLVMTypeRef type = LLVMFunctionType(result, types, count, 0);
    LLVMValueRef function = LLVMGetNamedFunction(b->llvm, name);
    if (!function) function = LLVMAddFunction(b->llvm, name, type);
    return LLVMBuildCall2(b->builder, type, function, arguments, count, "");
}

/* Lanes [first, first + count) of `value`; lanes beyond its end are off. */
static LLVMValueRef part(struct builder *b, LLVMValueRef value, unsigned first, unsigned count) {
    unsigned all = LLVMGetVectorSize(LLVMTypeOf(value));
    LLVMValueRef lanes[16];
    LLVMTypeRef i32 = LLVMInt32TypeInContext(b->context);
    for (unsigned k = 0; k < count; k++) lanes[k] = LLVMConstInt(i32, first + k < all ? first + k : all, 0);
    return LLVMBuildShuffleVector(b->builder, value, LLVMConstNull(LLVMTypeOf(value)), LLVMConstVector(lanes, count), "");
}

/* Sixteen lanes from `first` on as bits of an i32. */
static LLVMValueRef sixteen(struct builder *b, LLVMValueRef value, unsigned first) {
    LLVMValueRef quarter[4], half[2];
    for (unsigned k = 0; k < 4; k++)
        quarter[k] = LLVMBuildSExt(b->builder, part(b, value, first + 4 * k, 4), vector_of(b, 32, 4), "");
    for (unsigned k = 0; k < 2; k++)
        half[k] = call(b, "llvm.wasm.narrow.signed.v8i16.v4i32", vector_of(b, 16, 8), &quarter[2 * k], 2);
    LLVMValueRef bytes = call(b, "llvm.wasm.narrow.signed.v16i8.v8i16", vector_of(b, 8, 16), half, 2);
    return call(b, "llvm.wasm.bitmask.v16i8", LLVMInt32TypeInContext(b->context), &bytes, 1);
}

static void lower(struct builder *b, LLVMValueRef cast) {
    LLVMValueRef value = LLVMGetOperand(cast, 0);
    LLVMTypeRef type = LLVMTypeOf(cast);
    unsigned count = LLVMGetVectorSize(LLVMTypeOf(value));
    LLVMPositionBuilderBefore(b->builder, cast);
    LLVMValueRef result = NULL;
    for (unsigned first = 0; first < count; first += 16) {
        LLVMValueRef bits = LLVMBuildZExtOrBitCast(b->builder, sixteen(b, value, first), LLVMInt64TypeInContext(b->context), "");
        if (first) bits = LLVMBuildShl(b->builder, bits, LLVMConstInt(LLVMTypeOf(bits), first, 0), "");
        result = result ? LLVMBuildOr(b->builder, result, bits, "") : bits;
    }
    if (LLVMGetIntTypeWidth(type) < 64) result = LLVMBuildTrunc(b->builder, result, type, "");
    LLVMReplaceAllUsesWith(cast, result);
    LLVMInstructionEraseFromParent(cast);
}

static bool is_mask_cast(LLVMValueRef i) {
    if (!LLVMIsABitCastInst(i) || LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMIntegerTypeKind) return false;
    LLVMTypeRef from = LLVMTypeOf(LLVMGetOperand(i, 0));
    if (LLVMGetTypeKind(from) != LLVMVectorTypeKind) return false;
    LLVMTypeRef lane = LLVMGetElementType(from);
    unsigned count = LLVMGetVectorSize(from);
    return LLVMGetTypeKind(lane) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(lane) == 1 && count >= 8 && count <= 64;
}

bool cw_wasm_lower_masks(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct builder b = {llvm, context, LLVMCreateBuilderInContext(context)};
    bool changed = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (!is_mask_cast(i)) continue;
                lower(&b, i);
                changed = true;
            }
    LLVMDisposeBuilder(b.builder);
    return changed;
}
