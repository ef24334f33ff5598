/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half.c: arithmetic of f16 and bf16, single and in pairs (PTX ISA 9.7.4). Numbers travel as their 16 bits. Sums, products and
 * functions are computed in float and rounded once more, which gives the correctly rounded result (float has more than twice the
 * bits and two to spare); fma goes through the helper library. A NaN result is 0x7fff.
 */
#include "frontend/ptx/lower/state.h"
#include "library/ptx/float.h"

bool cw_ptx_is_half(enum cw_ptx_word type) {
    return type == CW_PTX_F16 || type == CW_PTX_BF16 || type == CW_PTX_F16X2 || type == CW_PTX_BF16X2;
}

static bool is_brain(const struct cw_ptx_instruction *i) {
    return i->types[0] == CW_PTX_BF16 || i->types[0] == CW_PTX_BF16X2;
}

static LLVMValueRef number(struct cw_ptx_lowering *l, uint64_t value) {
    return cw_ptx_constant(l, l->i16, value);
}

LLVMValueRef cw_ptx_half_to_float(struct cw_ptx_lowering *l, LLVMValueRef bits, bool brain) {
    if (!brain) return LLVMBuildFPExt(l->builder, LLVMBuildBitCast(l->builder, bits, l->f16, ""), l->f32, "");
    LLVMValueRef wide = LLVMBuildShl(l->builder, cw_ptx_resize(l, bits, 32, false), cw_ptx_i32(l, 16), "");
    return LLVMBuildBitCast(l->builder, wide, l->f32, "");
}

static LLVMValueRef from_float(struct cw_ptx_lowering *l, LLVMValueRef value, bool brain) {
    LLVMValueRef arguments[] = {value, cw_ptx_i32(l, CW_PTX_ROUND_NEAREST), cw_ptx_i32(l, 0)};
    return cw_ptx_helper(l, brain ? "float_to_bfloat" : "float_to_half", l->i16, arguments, 3);
}

static LLVMValueRef flushed(struct cw_ptx_lowering *l, LLVMValueRef bits, bool brain) {
    LLVMValueRef exponent = LLVMBuildAnd(l->builder, bits, number(l, brain ? 0x7f80 : 0x7c00), "");
    LLVMValueRef small = LLVMBuildICmp(l->builder, LLVMIntEQ, exponent, number(l, 0), "");
    return LLVMBuildSelect(l->builder, small, LLVMBuildAnd(l->builder, bits, number(l, 0x8000), ""), bits, "");
}

static LLVMValueRef extreme(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef a, LLVMValueRef b) {
    bool least = i->opcode == CW_PTX_OP_MIN, propagates = cw_ptx_has(i, CW_PTX_NAN_PROPAGATE);
    const char *name = propagates ? (least ? "llvm.minimum" : "llvm.maximum") : (least ? "llvm.minimumnum" : "llvm.maximumnum");
    return cw_ptx_llvm2(l, name, a, b);
}

/* The operation in float. */
static LLVMValueRef compute(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const LLVMValueRef *operands) {
    bool brain = is_brain(i);
    LLVMValueRef a = cw_ptx_half_to_float(l, operands[0], brain);
    LLVMValueRef b = operands[1] ? cw_ptx_half_to_float(l, operands[1], brain) : NULL;
    switch (i->opcode) {
    case CW_PTX_OP_ADD: return LLVMBuildFAdd(l->builder, a, b, "");
    case CW_PTX_OP_SUB: return LLVMBuildFSub(l->builder, a, b, "");
    case CW_PTX_OP_MUL: return LLVMBuildFMul(l->builder, a, b, "");
    case CW_PTX_OP_EX2: return cw_ptx_call(l, "__nv_exp2f", l->f32, &a, 1);
    case CW_PTX_OP_TANH: return cw_ptx_call(l, "__nv_tanhf", l->f32, &a, 1);
    default: return extreme(l, i, a, b);
    }
}

/* What neg and abs make of a NaN is unspecified, and 0x7fff on the hardware; seen on an H200. */
static LLVMValueRef canonical(struct cw_ptx_lowering *l, LLVMValueRef bits, bool brain) {
    LLVMValueRef magnitude = LLVMBuildAnd(l->builder, bits, number(l, 0x7fff), "");
    LLVMValueRef nan = LLVMBuildICmp(l->builder, LLVMIntUGT, magnitude, number(l, brain ? 0x7f80 : 0x7c00), "");
    return LLVMBuildSelect(l->builder, nan, number(l, 0x7fff), bits, "");
}

static LLVMValueRef with_bits(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const LLVMValueRef *operands) {
    if (i->opcode == CW_PTX_OP_NEG) return canonical(l, LLVMBuildXor(l->builder, operands[0], number(l, 0x8000), ""), is_brain(i));
    if (i->opcode == CW_PTX_OP_ABS) return canonical(l, LLVMBuildAnd(l->builder, operands[0], number(l, 0x7fff), ""), is_brain(i));
    if (i->opcode == CW_PTX_OP_FMA) {
        LLVMValueRef arguments[] = {operands[0], operands[1], operands[2]};
        return cw_ptx_helper(l, is_brain(i) ? "float_fma_bfloat" : "float_fma_half", l->i16, arguments, 3);
    }
    if (!cw_ptx_has(i, CW_PTX_XORSIGN)) return from_float(l, compute(l, i, operands), is_brain(i));
    LLVMValueRef magnitudes[3] = {LLVMBuildAnd(l->builder, operands[0], number(l, 0x7fff), ""),
                                  LLVMBuildAnd(l->builder, operands[1], number(l, 0x7fff), ""), NULL};
    LLVMValueRef value = from_float(l, compute(l, i, magnitudes), is_brain(i));
    LLVMValueRef sign = LLVMBuildXor(l->builder, operands[0], operands[1], "");
    LLVMValueRef magnitude = LLVMBuildAnd(l->builder, value, number(l, 0x7fff), "");
    /* The sign is not that of a NaN, which is canonical. */
    return canonical(l, LLVMBuildOr(l->builder, magnitude, LLVMBuildAnd(l->builder, sign, number(l, 0x8000), ""), ""), is_brain(i));
}

/* The NaN that copies of tensors put where there is none: 0x7ff7 of either sign, of f16 as of bf16 (seen on an H200; the ISA doesn't say). */
static LLVMValueRef is_out_of_bounds(struct cw_ptx_lowering *l, LLVMValueRef bits) {
    return LLVMBuildICmp(l->builder, LLVMIntEQ, LLVMBuildAnd(l->builder, bits, number(l, 0x7fff), ""), number(l, 0x7ff7), "");
}

/* One element. Operands that the instruction doesn't have are NULL. */
static LLVMValueRef element(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef *operands) {
    bool brain = is_brain(i), ftz = cw_ptx_has(i, CW_PTX_FTZ) && i->opcode != CW_PTX_OP_EX2;
    for (unsigned n = 0; n < 3 && ftz; n++)
        if (operands[n]) operands[n] = flushed(l, operands[n], brain);
    LLVMValueRef value = with_bits(l, i, operands);
    if (ftz) value = flushed(l, value, brain);
    if (cw_ptx_has(i, CW_PTX_SAT)) value = from_float(l, cw_ptx_saturate(l, cw_ptx_half_to_float(l, value, brain)), brain);
    if (cw_ptx_has(i, CW_PTX_RELU)) { /* negative numbers and -0 become +0; a NaN stays what it is */
        LLVMValueRef negative = LLVMBuildFCmp(l->builder, LLVMRealOLE, cw_ptx_half_to_float(l, value, brain), LLVMConstReal(l->f32, 0), "");
        value = LLVMBuildSelect(l->builder, negative, number(l, 0), value, "");
    }
    if (cw_ptx_has(i, CW_PTX_OOB)) {
        LLVMValueRef outside = LLVMBuildOr(l->builder, is_out_of_bounds(l, operands[0]), is_out_of_bounds(l, operands[1]), "");
        value = LLVMBuildSelect(l->builder, outside, number(l, 0), value, "");
    }
    return value;
}

static LLVMValueRef half_of_pair(struct cw_ptx_lowering *l, LLVMValueRef pair, unsigned n) {
    if (n) pair = LLVMBuildLShr(l->builder, pair, cw_ptx_i32(l, 16), "");
    return LLVMBuildTrunc(l->builder, pair, l->i16, "");
}

void cw_ptx_half_arithmetic(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    unsigned count = cw_ptx_type_bits(i->types[0]) / 16u;
    LLVMValueRef halves[2] = {NULL, NULL}, whole[3] = {NULL, NULL, NULL};
    for (unsigned n = 1; n < i->operand_count; n++) whole[n - 1] = cw_ptx_read_as(l, &i->operands[n], cw_ptx_integer(l, 16 * count));
    for (unsigned part = 0; part < count; part++) {
        LLVMValueRef operands[3];
        for (unsigned n = 0; n < 3; n++) operands[n] = !whole[n] ? NULL : count == 1 ? whole[n] : half_of_pair(l, whole[n], part);
        halves[part] = element(l, i, operands);
    }
    LLVMValueRef value = halves[0];
    if (count == 2) {
        LLVMValueRef high = LLVMBuildShl(l->builder, cw_ptx_resize(l, halves[1], 32, false), cw_ptx_i32(l, 16), "");
        value = LLVMBuildOr(l->builder, cw_ptx_resize(l, halves[0], 32, false), high, "");
    }
    cw_ptx_write(l, &i->operands[0], value, false);
}
