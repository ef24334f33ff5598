/* SPDX-License-Identifier: Apache-2.0 */
/*
 * halves.c: conversions between vectors of half and of float become arithmetic on words, and comparisons of half those of float. WebAssembly
 * has no half, and what LLVM 22 makes of vectors of them is calls lane by lane; for the sake of two comparisons of vectors it took
 * minutes. Rounding is to nearest, ties to even (IEEE 754-2019, 4.3.1); NaNs keep the upper part of their payload, as x86's VCVTPS2PH has it.
 */
#include <llvm-c/Core.h>

#include "target/wasm/wasm.h"

#define FLOAT_INFINITY 0x7f800000u
#define HALF_INFINITY_AS_FLOAT 0x47800000u /* 2^16: from here on everything is infinite, or NaN */
#define HALF_NORMAL_AS_FLOAT 0x38800000u   /* 2^-14 */
#define SUBNORMAL_MAGIC 0x3f000000u        /* 0.5: added to less than 2^-14, it leaves a subnormal half in the last bits */
#define BIAS_TO_FLOAT 0x77800000u          /* 2^112: what a half's bits are too small by where a float's are */
#define REBIAS 0xc8000fffu                 /* -112 in a float's exponent, and what rounds up all but ties */

struct halves {
    LLVMBuilderRef builder;
    LLVMTypeRef words, floats, shorts; /* as many as the conversion at hand has */
    unsigned lanes;
};

static bool is_vector_of(LLVMTypeRef type, LLVMTypeKind kind) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind && LLVMGetTypeKind(LLVMGetElementType(type)) == kind;
}

static LLVMValueRef word(const struct halves *h, uint32_t value) {
    LLVMValueRef lanes[64], one = LLVMConstInt(LLVMGetElementType(h->words), value, 0);
    for (unsigned i = 0; i < h->lanes; i++) lanes[i] = one;
    return LLVMConstVector(lanes, h->lanes);
}

static LLVMValueRef and_word(const struct halves *h, LLVMValueRef value, uint32_t mask) {
    return LLVMBuildAnd(h->builder, value, word(h, mask), "");
}

static LLVMValueRef shift_left(const struct halves *h, LLVMValueRef value, uint32_t bits) {
    return LLVMBuildShl(h->builder, value, word(h, bits), "");
}

static LLVMValueRef shift_right(const struct halves *h, LLVMValueRef value, uint32_t bits) {
    return LLVMBuildLShr(h->builder, value, word(h, bits), "");
}

static LLVMValueRef as_floats(const struct halves *h, LLVMValueRef value) {
    return LLVMBuildBitCast(h->builder, value, h->floats, "");
}

static LLVMValueRef as_words(const struct halves *h, LLVMValueRef value) {
    return LLVMBuildBitCast(h->builder, value, h->words, "");
}

/* The bits of a vector of half, without a vector of half where it was made of bits. */
static LLVMValueRef bits_of(const struct halves *h, LLVMValueRef value) {
    if (LLVMIsABitCastInst(value) && LLVMTypeOf(LLVMGetOperand(value, 0)) == h->shorts) return LLVMGetOperand(value, 0);
    return LLVMBuildBitCast(h->builder, value, h->shorts, "");
}

static LLVMValueRef to_floats(const struct halves *h, LLVMValueRef value) {
    LLVMValueRef bits = LLVMBuildZExt(h->builder, bits_of(h, value), h->words, "");
    LLVMValueRef sign = shift_left(h, and_word(h, bits, 0x8000), 16), magnitude = shift_left(h, and_word(h, bits, 0x7fff), 13);
    /* A product by a power of two is exact, of subnormal numbers too. */
    LLVMValueRef finite = as_words(h, LLVMBuildFMul(h->builder, as_floats(h, magnitude), as_floats(h, word(h, BIAS_TO_FLOAT)), ""));
    LLVMValueRef special = LLVMBuildOr(h->builder, magnitude, word(h, FLOAT_INFINITY), "");
    LLVMValueRef is_special = LLVMBuildICmp(h->builder, LLVMIntUGE, magnitude, word(h, 0x7c00u << 13), "");
    return as_floats(h, LLVMBuildOr(h->builder, LLVMBuildSelect(h->builder, is_special, special, finite, ""), sign, ""));
}

static LLVMValueRef to_halves(const struct halves *h, LLVMValueRef value, LLVMTypeRef type) {
    LLVMBuilderRef b = h->builder;
    LLVMValueRef bits = as_words(h, value), magnitude = and_word(h, bits, 0x7fffffff);
    LLVMValueRef sign = and_word(h, shift_right(h, bits, 16), 0x8000);
    /* Ties are even when half an ulp less one, and the last bit that stays, are added. */
    LLVMValueRef odd = and_word(h, shift_right(h, magnitude, 13), 1);
    LLVMValueRef normal = shift_right(h, LLVMBuildAdd(b, LLVMBuildAdd(b, magnitude, word(h, REBIAS), ""), odd, ""), 13);
    LLVMValueRef sum = LLVMBuildFAdd(b, as_floats(h, magnitude), as_floats(h, word(h, SUBNORMAL_MAGIC)), "");
    LLVMValueRef subnormal = LLVMBuildSub(b, as_words(h, sum), word(h, SUBNORMAL_MAGIC), "");
    LLVMValueRef payload = LLVMBuildOr(b, and_word(h, shift_right(h, magnitude, 13), 0x3ff), word(h, 0x7e00), "");
    LLVMValueRef is_nan = LLVMBuildICmp(b, LLVMIntUGT, magnitude, word(h, FLOAT_INFINITY), "");
    LLVMValueRef is_large = LLVMBuildICmp(b, LLVMIntUGE, magnitude, word(h, HALF_INFINITY_AS_FLOAT), "");
    LLVMValueRef is_small = LLVMBuildICmp(b, LLVMIntULT, magnitude, word(h, HALF_NORMAL_AS_FLOAT), "");
    LLVMValueRef special = LLVMBuildSelect(b, is_nan, payload, word(h, 0x7c00), "");
    LLVMValueRef result = LLVMBuildSelect(b, is_large, special, LLVMBuildSelect(b, is_small, subnormal, normal, ""), "");
    return LLVMBuildBitCast(b, LLVMBuildTrunc(b, LLVMBuildOr(b, result, sign, ""), h->shorts, ""), type, "");
}

/* From double, which must be rounded once: lane by lane. */
static LLVMValueRef from_doubles(const struct halves *h, LLVMValueRef value, LLVMTypeRef type) {
    LLVMTypeRef half = LLVMGetElementType(type), i16 = LLVMGetElementType(h->shorts), i32 = LLVMGetElementType(h->words);
    LLVMValueRef result = LLVMGetPoison(h->shorts);
    for (unsigned i = 0; i < h->lanes; i++) {
        LLVMValueRef at = LLVMConstInt(i32, i, 0);
        LLVMValueRef lane = LLVMBuildFPTrunc(h->builder, LLVMBuildExtractElement(h->builder, value, at, ""), half, "");
        result = LLVMBuildInsertElement(h->builder, result, LLVMBuildBitCast(h->builder, lane, i16, ""), at, "");
    }
    return LLVMBuildBitCast(h->builder, result, type, "");
}

/* What takes the place of a conversion or comparison; NULL if it is none. */
static LLVMValueRef convert(struct halves *h, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode != LLVMFPExt && opcode != LLVMFPTrunc && opcode != LLVMFCmp) return NULL;
    LLVMValueRef value = LLVMGetOperand(i, 0);
    LLVMTypeRef from = LLVMTypeOf(value), to = LLVMTypeOf(i), half = opcode == LLVMFPTrunc ? to : from, other = opcode == LLVMFPTrunc ? from : to;
    if (!is_vector_of(half, LLVMHalfTypeKind) || LLVMGetVectorSize(half) > 64) return NULL;
    LLVMContextRef context = LLVMGetTypeContext(half);
    h->lanes = LLVMGetVectorSize(half);
    h->words = LLVMVectorType(LLVMInt32TypeInContext(context), h->lanes);
    h->floats = LLVMVectorType(LLVMFloatTypeInContext(context), h->lanes);
    h->shorts = LLVMVectorType(LLVMInt16TypeInContext(context), h->lanes);
    LLVMPositionBuilderBefore(h->builder, i);
    if (opcode == LLVMFCmp)
        return LLVMBuildFCmp(h->builder, LLVMGetFCmpPredicate(i), to_floats(h, value), to_floats(h, LLVMGetOperand(i, 1)), "");
    bool doubles = is_vector_of(other, LLVMDoubleTypeKind);
    if (!doubles && !is_vector_of(other, LLVMFloatTypeKind)) return NULL;
    if (opcode == LLVMFPTrunc) return doubles ? from_doubles(h, value, half) : to_halves(h, value, half);
    LLVMValueRef floats = to_floats(h, value);
    return doubles ? LLVMBuildFPExt(h->builder, floats, other, "") : floats;
}

void cw_wasm_lower_halves(LLVMModuleRef llvm) {
    struct halves h = {.builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm))};
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                LLVMValueRef made = convert(&h, i);
                if (!made) continue;
                LLVMReplaceAllUsesWith(i, made);
                LLVMInstructionEraseFromParent(i);
            }
    LLVMDisposeBuilder(h.builder);
}
