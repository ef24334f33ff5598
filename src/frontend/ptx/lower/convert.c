/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert.c: cvt and cvt.pack (PTX ISA 9.7.9.21, 9.7.9.22).
 *
 * What clang has an instruction for is that instruction; directed rounding and conversions to integers, with their rules for NaN and
 * values out of range, are the math library's functions; formats below 32 bits are the helper library's.
 */
#include <stdio.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"
#include "library/ptx/float.h"

static bool is_integer(enum cw_ptx_word type) {
    enum cw_ptx_type_kind kind = cw_ptx_type_kind(type);
    return kind == CW_PTX_KIND_SIGNED || kind == CW_PTX_KIND_UNSIGNED || kind == CW_PTX_KIND_BITS;
}

static bool is_small(enum cw_ptx_word type) {
    return type == CW_PTX_F16 || type == CW_PTX_BF16;
}

/* The helpers' number for the rounding mode; to nearest where none is given. */
static uint32_t mode_of(const struct cw_ptx_instruction *i) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_ROUND)) {
    case CW_PTX_RZ:
    case CW_PTX_RZI: return CW_PTX_ROUND_ZERO;
    case CW_PTX_RM:
    case CW_PTX_RMI: return CW_PTX_ROUND_DOWN;
    case CW_PTX_RP:
    case CW_PTX_RPI: return CW_PTX_ROUND_UP;
    case CW_PTX_RNA: return CW_PTX_ROUND_AWAY;
    default: return CW_PTX_ROUND_NEAREST;
    }
}

/* The math library's word for it. */
static const char *ending(const struct cw_ptx_instruction *i) {
    static const char *const words[] = {[CW_PTX_ROUND_NEAREST] = "rn", [CW_PTX_ROUND_ZERO] = "rz", [CW_PTX_ROUND_DOWN] = "rd", [CW_PTX_ROUND_UP] = "ru"};
    uint32_t mode = mode_of(i);
    return words[mode <= CW_PTX_ROUND_UP ? mode : CW_PTX_ROUND_NEAREST];
}

/* ---- Integers to integers ---- */

/* The greatest value of an integer type of `bits`. */
static uint64_t greatest(unsigned bits, bool is_signed) {
    return is_signed ? (UINT64_C(1) << (bits - 1)) - 1 : bits == 64 ? ~UINT64_C(0) : (UINT64_C(1) << bits) - 1;
}

/* `value`, of the source's type, brought into the destination's range. */
static LLVMValueRef clamped(struct cw_ptx_lowering *l, LLVMValueRef value, bool from_signed, enum cw_ptx_word to) {
    LLVMTypeRef type = LLVMTypeOf(value);
    unsigned from = LLVMGetIntTypeWidth(type), bits = cw_ptx_type_bits(to);
    bool to_signed = cw_ptx_is_signed(to);
    if (from_signed && !to_signed) value = cw_ptx_llvm2(l, "llvm.smax", value, LLVMConstNull(type));
    if (from_signed && to_signed && bits < from) {
        LLVMValueRef least = LLVMConstInt(type, ~greatest(bits, true), 1);
        value = cw_ptx_llvm2(l, "llvm.smax", value, least);
    }
    bool fits = greatest(from, from_signed) <= greatest(bits, to_signed);
    if (!fits) value = cw_ptx_llvm2(l, from_signed ? "llvm.smin" : "llvm.umin", value, LLVMConstInt(type, greatest(bits, to_signed), 0));
    return value;
}

static LLVMValueRef integer_to_integer(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    bool is_signed = cw_ptx_is_signed(i->types[1]);
    if (cw_ptx_has(i, CW_PTX_SAT)) value = clamped(l, value, is_signed, i->types[0]);
    return cw_ptx_resize(l, value, cw_ptx_type_bits(i->types[0]), is_signed);
}

/* ---- Integers to floats ---- */

static LLVMValueRef integer_to_float(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    bool is_signed = cw_ptx_is_signed(i->types[1]), is_double = i->types[0] == CW_PTX_F64;
    if (is_small(i->types[0])) {
        LLVMValueRef arguments[] = {cw_ptx_resize(l, value, 64, is_signed), cw_ptx_i32(l, is_signed), cw_ptx_i32(l, mode_of(i))};
        const char *name = i->types[0] == CW_PTX_F16 ? "float_integer_to_half" : "float_integer_to_bfloat";
        return LLVMBuildBitCast(l->builder, cw_ptx_helper(l, name, l->i16, arguments, 3), cw_ptx_type(l, i->types[0]), "");
    }
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 32 ? 64 : 32;
    value = cw_ptx_resize(l, value, bits, is_signed);
    LLVMTypeRef type = cw_ptx_type(l, i->types[0]);
    bool exact = is_double && bits == 32;
    if (exact || mode_of(i) == CW_PTX_ROUND_NEAREST)
        return is_signed ? LLVMBuildSIToFP(l->builder, value, type, "") : LLVMBuildUIToFP(l->builder, value, type, "");
    char name[40];
    snprintf(name, sizeof name, "__nv_%s%s2%s_%s", is_signed ? "" : "u", bits == 64 ? "ll" : "int", is_double ? "double" : "float", ending(i));
    return cw_ptx_call(l, name, type, &value, 1);
}

/* ---- Floats to integers ---- */

static LLVMValueRef float_to_integer(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    enum cw_ptx_word to = i->types[0];
    bool is_signed = cw_ptx_is_signed(to), is_double = LLVMTypeOf(value) == l->f64;
    unsigned bits = cw_ptx_type_bits(to), wide = bits > 32 ? 64 : 32;
    char name[40];
    snprintf(name, sizeof name, "__nv_%s2%s%s_%s", is_double ? "double" : "float", is_signed ? "" : "u", wide == 64 ? "ll" : "int", ending(i));
    LLVMValueRef whole = cw_ptx_call(l, name, cw_ptx_integer(l, wide), &value, 1);
    if (bits == wide) return whole;
    if (is_double) { /* the library's answer to a NaN is for its own width */
        LLVMValueRef is_number = LLVMBuildFCmp(l->builder, LLVMRealORD, value, value, "");
        whole = LLVMBuildSelect(l->builder, is_number, whole, LLVMConstNull(LLVMTypeOf(whole)), "");
    }
    return cw_ptx_resize(l, clamped(l, whole, is_signed, to), bits, is_signed);
}

/* ---- Floats to floats ---- */

static LLVMValueRef to_whole_number(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_ROUND)) {
    case CW_PTX_RNI: return cw_ptx_llvm1(l, "llvm.rint", value);
    case CW_PTX_RZI: return cw_ptx_llvm1(l, "llvm.trunc", value);
    case CW_PTX_RMI: return cw_ptx_llvm1(l, "llvm.floor", value);
    case CW_PTX_RPI: return cw_ptx_llvm1(l, "llvm.ceil", value);
    default: return value;
    }
}

static uint32_t flags_of(const struct cw_ptx_instruction *i) {
    return (cw_ptx_has(i, CW_PTX_RELU) ? CW_PTX_FLAG_RELU : 0u) | (cw_ptx_has(i, CW_PTX_SATFINITE) ? CW_PTX_FLAG_FINITE : 0u);
}

/* The bits of an f16 or bf16 number. */
static LLVMValueRef narrowed(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value, bool brain) {
    LLVMValueRef arguments[] = {value, cw_ptx_i32(l, mode_of(i)), cw_ptx_i32(l, flags_of(i))};
    if (LLVMTypeOf(value) == l->f64) return cw_ptx_helper(l, brain ? "float_double_to_bfloat" : "float_double_to_half", l->i16, arguments, 2);
    return cw_ptx_helper(l, brain ? "float_to_bfloat" : "float_to_half", l->i16, arguments, 3);
}

/* f16 and bf16 as the float that they are. */
static LLVMValueRef widened(struct cw_ptx_lowering *l, LLVMValueRef value, enum cw_ptx_word type) {
    if (type == CW_PTX_F16) return LLVMBuildFPExt(l->builder, value, l->f32, "");
    if (type != CW_PTX_BF16) return value;
    LLVMValueRef bits = cw_ptx_resize(l, LLVMBuildBitCast(l->builder, value, l->i16, ""), 32, false);
    return LLVMBuildBitCast(l->builder, LLVMBuildShl(l->builder, bits, cw_ptx_i32(l, 16), ""), l->f32, "");
}

static LLVMValueRef to_single(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    if (mode_of(i) == CW_PTX_ROUND_NEAREST) return LLVMBuildFPTrunc(l->builder, value, l->f32, "");
    char name[32];
    snprintf(name, sizeof name, "__nv_double2float_%s", ending(i));
    return cw_ptx_call(l, name, l->f32, &value, 1);
}

static LLVMValueRef float_to_float(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    enum cw_ptx_word to = i->types[0];
    bool ftz = cw_ptx_has(i, CW_PTX_FTZ), same = to == i->types[1];
    if (same) value = to_whole_number(l, i, value);
    if (to == CW_PTX_F64 && LLVMTypeOf(value) == l->f32) value = LLVMBuildFPExt(l->builder, value, l->f64, "");
    if (to == CW_PTX_F32 && LLVMTypeOf(value) == l->f64) value = to_single(l, i, value);
    if (to == CW_PTX_F32 && ftz) value = cw_ptx_flush(l, value);
    if (cw_ptx_has(i, CW_PTX_SAT)) value = cw_ptx_saturate(l, value);
    if (!is_small(to)) return value;
    return LLVMBuildBitCast(l->builder, narrowed(l, i, value, to == CW_PTX_BF16), cw_ptx_type(l, to), "");
}

/* ---- The packed and narrow forms ---- */

static LLVMValueRef packed(struct cw_ptx_lowering *l, LLVMValueRef high, LLVMValueRef low, unsigned bits) {
    unsigned whole = bits * 2;
    LLVMTypeRef type = cw_ptx_integer(l, whole);
    LLVMValueRef upper = LLVMBuildShl(l->builder, cw_ptx_resize(l, high, whole, false), cw_ptx_constant(l, type, bits), "");
    LLVMValueRef mask = cw_ptx_constant(l, type, (UINT64_C(1) << bits) - 1);
    return LLVMBuildOr(l->builder, upper, LLVMBuildAnd(l->builder, cw_ptx_resize(l, low, whole, false), mask, ""), "");
}

static LLVMValueRef to_narrow(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value, enum cw_ptx_word type) {
    LLVMValueRef arguments[] = {value, cw_ptx_i32(l, type == CW_PTX_E4M3X2 ? CW_PTX_FORMAT_E4M3 : CW_PTX_FORMAT_E5M2), cw_ptx_i32(l, flags_of(i))};
    return cw_ptx_helper(l, "float_to_narrow", l->i32, arguments, 3);
}

static LLVMValueRef from_narrow(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef code, enum cw_ptx_word type) {
    LLVMValueRef arguments[] = {code, cw_ptx_i32(l, type == CW_PTX_E4M3X2 ? CW_PTX_FORMAT_E4M3 : CW_PTX_FORMAT_E5M2), cw_ptx_i32(l, flags_of(i))};
    return cw_ptx_helper(l, "float_narrow_to_half", l->i16, arguments, 3);
}

static LLVMValueRef half_at(struct cw_ptx_lowering *l, LLVMValueRef pair, unsigned shift) {
    LLVMValueRef bits = LLVMBuildTrunc(l->builder, LLVMBuildLShr(l->builder, pair, cw_ptx_i32(l, shift), ""), l->i16, "");
    return LLVMBuildFPExt(l->builder, LLVMBuildBitCast(l->builder, bits, l->f16, ""), l->f32, "");
}

/* The forms that are no plain conversion of one number; NULL for those that are. */
static LLVMValueRef special_form(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    switch (i->form) {
    case CW_PTX_FORM_CVT_HALF: return narrowed(l, i, cw_ptx_read(l, &i->operands[1], CW_PTX_F32), i->types[0] == CW_PTX_BF16);
    case CW_PTX_FORM_CVT_HALF_PACKED: {
        bool brain = i->types[0] == CW_PTX_BF16X2;
        LLVMValueRef high = narrowed(l, i, cw_ptx_read(l, &i->operands[1], CW_PTX_F32), brain);
        return packed(l, high, narrowed(l, i, cw_ptx_read(l, &i->operands[2], CW_PTX_F32), brain), 16);
    }
    case CW_PTX_FORM_CVT_TF32:
    case CW_PTX_FORM_CVT_TF32_RN: {
        LLVMValueRef arguments[] = {cw_ptx_read(l, &i->operands[1], CW_PTX_F32), cw_ptx_i32(l, mode_of(i)), cw_ptx_i32(l, flags_of(i))};
        return cw_ptx_helper(l, "float_to_tf32", l->i32, arguments, 3);
    }
    case CW_PTX_FORM_CVT_F8: {
        LLVMValueRef high = to_narrow(l, i, cw_ptx_read(l, &i->operands[1], CW_PTX_F32), i->types[0]);
        return packed(l, high, to_narrow(l, i, cw_ptx_read(l, &i->operands[2], CW_PTX_F32), i->types[0]), 8);
    }
    case CW_PTX_FORM_CVT_F8_HALF: {
        LLVMValueRef pair = cw_ptx_read(l, &i->operands[1], CW_PTX_B32);
        return packed(l, to_narrow(l, i, half_at(l, pair, 16), i->types[0]), to_narrow(l, i, half_at(l, pair, 0), i->types[0]), 8);
    }
    case CW_PTX_FORM_CVT_HALF_F8: {
        LLVMValueRef pair = cw_ptx_resize(l, cw_ptx_read(l, &i->operands[1], CW_PTX_B16), 32, false);
        LLVMValueRef low = LLVMBuildAnd(l->builder, pair, cw_ptx_i32(l, 255), "");
        LLVMValueRef high = from_narrow(l, i, LLVMBuildLShr(l->builder, pair, cw_ptx_i32(l, 8), ""), i->types[1]);
        return packed(l, high, from_narrow(l, i, low, i->types[1]), 16);
    }
    default: return NULL;
    }
}

void cw_ptx_lower_cvt(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef value = special_form(l, i);
    if (value) {
        cw_ptx_write(l, &i->operands[0], value, false);
        return;
    }
    enum cw_ptx_word to = i->types[0], from = i->types[1];
    value = cw_ptx_read(l, &i->operands[1], from);
    if (is_integer(from)) {
        value = is_integer(to) ? integer_to_integer(l, i, value) : integer_to_float(l, i, value);
        if (!is_integer(to) && cw_ptx_has(i, CW_PTX_SAT)) value = cw_ptx_saturate(l, value);
    } else {
        value = widened(l, value, from);
        if (cw_ptx_has(i, CW_PTX_FTZ) && from == CW_PTX_F32) value = cw_ptx_flush(l, value);
        value = is_integer(to) ? float_to_integer(l, i, value) : float_to_float(l, i, value);
    }
    cw_ptx_write(l, &i->operands[0], value, cw_ptx_is_signed(to));
}

/* cvt.pack.sat: two numbers clamped and packed below what is taken from c. */
void cw_ptx_lower_cvt_pack(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    unsigned bits = cw_ptx_type_bits(i->types[0]);
    LLVMValueRef value = LLVMConstNull(l->i32);
    if (i->form == CW_PTX_FORM_CVT_PACK_C)
        value = LLVMBuildShl(l->builder, cw_ptx_read(l, &i->operands[3], CW_PTX_B32), cw_ptx_i32(l, 2 * bits), "");
    for (unsigned n = 0; n < 2; n++) { /* the first operand is the upper one */
        LLVMValueRef part = clamped(l, cw_ptx_read(l, &i->operands[n + 1], CW_PTX_S32), true, i->types[0]);
        part = LLVMBuildAnd(l->builder, part, cw_ptx_i32(l, (uint32_t)((UINT64_C(1) << bits) - 1)), "");
        value = LLVMBuildOr(l->builder, value, LLVMBuildShl(l->builder, part, cw_ptx_i32(l, n ? 0 : bits), ""), "");
    }
    cw_ptx_write(l, &i->operands[0], value, false);
}
