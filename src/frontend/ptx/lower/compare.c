/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: comparison, selection and mov (PTX ISA 9.7.6, 9.7.7, 9.7.9.3, 9.7.9.4). */
#include "frontend/ptx/lower/state.h"

static LLVMIntPredicate integer_predicate(enum cw_ptx_word compare, bool is_signed) {
    switch (compare) {
    case CW_PTX_EQ: return LLVMIntEQ;
    case CW_PTX_NE: return LLVMIntNE;
    case CW_PTX_LT: return is_signed ? LLVMIntSLT : LLVMIntULT;
    case CW_PTX_LE: return is_signed ? LLVMIntSLE : LLVMIntULE;
    case CW_PTX_GT: return is_signed ? LLVMIntSGT : LLVMIntUGT;
    case CW_PTX_GE: return is_signed ? LLVMIntSGE : LLVMIntUGE;
    case CW_PTX_LO: return LLVMIntULT;
    case CW_PTX_LS: return LLVMIntULE;
    case CW_PTX_HI: return LLVMIntUGT;
    default: return LLVMIntUGE;
    }
}

static LLVMRealPredicate float_predicate(enum cw_ptx_word compare) {
    switch (compare) {
    case CW_PTX_EQ: return LLVMRealOEQ;
    case CW_PTX_NE: return LLVMRealONE;
    case CW_PTX_LT: return LLVMRealOLT;
    case CW_PTX_LE: return LLVMRealOLE;
    case CW_PTX_GT: return LLVMRealOGT;
    case CW_PTX_GE: return LLVMRealOGE;
    case CW_PTX_EQU: return LLVMRealUEQ;
    case CW_PTX_NEU: return LLVMRealUNE;
    case CW_PTX_LTU: return LLVMRealULT;
    case CW_PTX_LEU: return LLVMRealULE;
    case CW_PTX_GTU: return LLVMRealUGT;
    case CW_PTX_GEU: return LLVMRealUGE;
    case CW_PTX_NUM: return LLVMRealORD;
    default: return LLVMRealUNO;
    }
}

/* Sixteen bits as the float that they are. */
static LLVMValueRef as_float(struct cw_ptx_lowering *l, LLVMValueRef bits, bool brain) {
    if (!brain) return LLVMBuildFPExt(l->builder, LLVMBuildBitCast(l->builder, bits, l->f16, ""), l->f32, "");
    LLVMValueRef wide = LLVMBuildShl(l->builder, cw_ptx_resize(l, bits, 32, false), cw_ptx_i32(l, 16), "");
    return LLVMBuildBitCast(l->builder, wide, l->f32, "");
}

/* Subnormal halves are normal floats: .ftz is done on the bits. */
static LLVMValueRef flush_half(struct cw_ptx_lowering *l, LLVMValueRef bits) {
    LLVMValueRef exponent = LLVMBuildAnd(l->builder, bits, cw_ptx_constant(l, l->i16, 0x7c00), "");
    LLVMValueRef small = LLVMBuildICmp(l->builder, LLVMIntEQ, exponent, LLVMConstNull(l->i16), "");
    return LLVMBuildSelect(l->builder, small, LLVMConstNull(l->i16), bits, "");
}

/* The comparison of the operands; `part` says which half of a pair. */
static LLVMValueRef comparison(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, enum cw_ptx_word type, unsigned part) {
    enum cw_ptx_word compare = cw_ptx_modifier(i, CW_PTX_SLOT_COMPARE);
    bool ftz = cw_ptx_has(i, CW_PTX_FTZ);
    LLVMValueRef sides[2];
    if (!cw_ptx_is_half(type) && !cw_ptx_is_float(type)) {
        for (unsigned n = 0; n < 2; n++) sides[n] = cw_ptx_read(l, &i->operands[n + 1], type);
        return LLVMBuildICmp(l->builder, integer_predicate(compare, cw_ptx_is_signed(type)), sides[0], sides[1], "");
    }
    for (unsigned n = 0; n < 2; n++) {
        if (cw_ptx_is_half(type)) {
            LLVMValueRef whole = cw_ptx_read_as(l, &i->operands[n + 1], cw_ptx_integer(l, cw_ptx_type_bits(type)));
            if (part) whole = LLVMBuildLShr(l->builder, whole, cw_ptx_i32(l, 16), "");
            whole = cw_ptx_resize(l, whole, 16, false);
            sides[n] = as_float(l, ftz ? flush_half(l, whole) : whole, type == CW_PTX_BF16 || type == CW_PTX_BF16X2);
        } else {
            sides[n] = cw_ptx_read(l, &i->operands[n + 1], type);
            if (ftz) sides[n] = cw_ptx_flush(l, sides[n]);
        }
    }
    return LLVMBuildFCmp(l->builder, float_predicate(compare), sides[0], sides[1], "");
}

/* With the third operand, if there is one. */
static LLVMValueRef combined(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    enum cw_ptx_word combine = cw_ptx_modifier(i, CW_PTX_SLOT_COMBINE);
    if (combine == CW_PTX_NONE) return value;
    LLVMValueRef other = cw_ptx_read(l, &i->operands[3], CW_PTX_PRED);
    if (combine == CW_PTX_AND) return LLVMBuildAnd(l->builder, value, other, "");
    if (combine == CW_PTX_OR) return LLVMBuildOr(l->builder, value, other, "");
    return LLVMBuildXor(l->builder, value, other, "");
}

static bool is_pair(enum cw_ptx_word type) {
    return type == CW_PTX_F16X2 || type == CW_PTX_BF16X2;
}

/* The second predicate is the complement's, of a pair the upper half's. All operands are read before either is written. */
void cw_ptx_lower_setp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef first = comparison(l, i, i->types[0], 0);
    LLVMValueRef second = is_pair(i->types[0]) ? comparison(l, i, i->types[0], 1) : LLVMBuildNot(l->builder, first, "");
    first = combined(l, i, first);
    second = combined(l, i, second);
    cw_ptx_write(l, &i->operands[0], first, false);
    cw_ptx_write_second(l, &i->operands[0], second);
}

/* All bits for an integer destination, 1.0 for a float. */
static LLVMValueRef truth(struct cw_ptx_lowering *l, enum cw_ptx_word to, LLVMTypeRef type) {
    if (to == CW_PTX_F32) return cw_ptx_constant(l, type, 0x3f800000);
    if (to == CW_PTX_F16 || to == CW_PTX_F16X2) return cw_ptx_constant(l, type, 0x3c00);
    if (to == CW_PTX_BF16 || to == CW_PTX_BF16X2) return cw_ptx_constant(l, type, 0x3f80);
    return LLVMConstAllOnes(type);
}

void cw_ptx_lower_set(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word to = i->types[0], from = i->types[1];
    bool halves = is_pair(from);
    LLVMTypeRef type = cw_ptx_integer(l, halves ? 16 : cw_ptx_type_bits(to));
    LLVMValueRef parts[2];
    for (unsigned part = 0; part < (halves ? 2u : 1u); part++) {
        LLVMValueRef bit = combined(l, i, comparison(l, i, from, part));
        parts[part] = LLVMBuildSelect(l->builder, bit, truth(l, to, type), LLVMConstNull(type), "");
    }
    LLVMValueRef value = parts[0];
    if (halves) {
        LLVMValueRef high = LLVMBuildShl(l->builder, cw_ptx_resize(l, parts[1], 32, false), cw_ptx_i32(l, 16), "");
        value = LLVMBuildOr(l->builder, cw_ptx_resize(l, value, 32, false), high, "");
    }
    cw_ptx_write(l, &i->operands[0], value, true);
}

void cw_ptx_lower_selp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = cw_ptx_read(l, &i->operands[1], i->types[0]), b = cw_ptx_read(l, &i->operands[2], i->types[0]);
    LLVMValueRef c = cw_ptx_read(l, &i->operands[3], CW_PTX_PRED);
    cw_ptx_write(l, &i->operands[0], LLVMBuildSelect(l->builder, c, a, b, ""), false);
}

void cw_ptx_lower_slct(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = cw_ptx_read(l, &i->operands[1], i->types[0]), b = cw_ptx_read(l, &i->operands[2], i->types[0]);
    LLVMValueRef c = cw_ptx_read(l, &i->operands[3], i->types[1]), first;
    if (i->types[1] == CW_PTX_F32) {
        if (cw_ptx_has(i, CW_PTX_FTZ)) c = cw_ptx_flush(l, c);
        first = LLVMBuildFCmp(l->builder, LLVMRealOGE, c, LLVMConstReal(l->f32, 0), "");
    } else {
        first = LLVMBuildICmp(l->builder, LLVMIntSGE, c, LLVMConstNull(l->i32), "");
    }
    cw_ptx_write(l, &i->operands[0], LLVMBuildSelect(l->builder, first, a, b, ""), false);
}

/* ---- mov ---- */

/* {a, b, ...} to one register, the first element lowest. */
static LLVMValueRef pack(struct cw_ptx_lowering *l, const struct cw_ptx_operand *vector, unsigned bits) {
    unsigned part = bits / vector->count;
    LLVMTypeRef type = cw_ptx_integer(l, bits);
    LLVMValueRef value = LLVMConstNull(type);
    for (uint32_t n = 0; n < vector->count; n++) {
        LLVMValueRef element = cw_ptx_resize(l, cw_ptx_read_as(l, &vector->items[n], cw_ptx_integer(l, part)), bits, false);
        value = LLVMBuildOr(l->builder, value, LLVMBuildShl(l->builder, element, cw_ptx_constant(l, type, n * part), ""), "");
    }
    return value;
}

static void unpack(struct cw_ptx_lowering *l, const struct cw_ptx_operand *vector, LLVMValueRef value, unsigned bits) {
    unsigned part = bits / vector->count;
    for (uint32_t n = 0; n < vector->count; n++) {
        LLVMValueRef shifted = LLVMBuildLShr(l->builder, value, cw_ptx_constant(l, LLVMTypeOf(value), n * part), "");
        cw_ptx_write(l, &vector->items[n], cw_ptx_resize(l, shifted, part, false), false);
    }
}

void cw_ptx_lower_mov(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    const struct cw_ptx_operand *to = &i->operands[0], *from = &i->operands[1];
    unsigned bits = cw_ptx_type_bits(i->types[0]);
    bool to_vector = to->kind == CW_PTX_OPERAND_VECTOR, from_vector = from->kind == CW_PTX_OPERAND_VECTOR;
    if (to_vector && from_vector) { /* element by element; all are read before any is written */
        LLVMValueRef values[8] = {0};
        for (uint32_t n = 0; n < from->count && n < 8; n++) values[n] = cw_ptx_read(l, &from->items[n], i->types[0]);
        for (uint32_t n = 0; n < to->count && n < 8; n++) cw_ptx_write(l, &to->items[n], values[n], false);
        return;
    }
    if (to_vector) unpack(l, to, cw_ptx_read_as(l, from, cw_ptx_integer(l, bits)), bits);
    else if (from_vector) cw_ptx_write(l, to, pack(l, from, bits), false);
    else cw_ptx_write(l, to, cw_ptx_read(l, from, i->types[0]), false);
}
