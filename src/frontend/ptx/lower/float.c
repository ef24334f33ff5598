/* SPDX-License-Identifier: Apache-2.0 */
/*
 * float.c: arithmetic of f32 and f64 (PTX ISA 9.7.3).
 *
 * Rounding to nearest is LLVM's arithmetic; the directed modes are the math library's functions, as those of CUDA C++'s intrinsics.
 * .ftz makes subnormal operands and results zeros of the same sign. The .approx forms are at least as exact as the ISA says: they
 * are the functions that CUDA C++'s fast intrinsics are.
 */
#include <stdio.h>

#include "frontend/ptx/lower/state.h"

static LLVMValueRef less(struct cw_ptx_lowering *l, LLVMValueRef a, double b) {
    return LLVMBuildFCmp(l->builder, LLVMRealOLT, a, LLVMConstReal(LLVMTypeOf(a), b), "");
}

static double smallest_normal(struct cw_ptx_lowering *l, LLVMTypeRef type) {
    return type == l->f64 ? 0x1p-1022 : type == l->f16 ? 0x1p-14 : 0x1p-126;
}

LLVMValueRef cw_ptx_flush(struct cw_ptx_lowering *l, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMValueRef small = less(l, cw_ptx_llvm1(l, "llvm.fabs", value), smallest_normal(l, type));
    return LLVMBuildSelect(l->builder, small, cw_ptx_llvm2(l, "llvm.copysign", LLVMConstReal(type, 0), value), value, "");
}

LLVMValueRef cw_ptx_saturate(struct cw_ptx_lowering *l, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMValueRef zero = LLVMConstReal(type, 0), one = LLVMConstReal(type, 1);
    LLVMValueRef positive = LLVMBuildFCmp(l->builder, LLVMRealOGT, value, zero, "");
    LLVMValueRef low = LLVMBuildSelect(l->builder, positive, value, zero, "");
    return LLVMBuildSelect(l->builder, less(l, low, 1), low, one, "");
}

static bool has_ftz(const struct cw_ptx_instruction *i) {
    return cw_ptx_has(i, CW_PTX_FTZ);
}

/* 9.7.5: the operands but the last are of 16 bits. */
static bool is_narrow(const struct cw_ptx_instruction *i, unsigned n) {
    return (i->form == CW_PTX_FORM_FMA_MIXED && n < 3) || ((i->form == CW_PTX_FORM_ADD_MIXED || i->form == CW_PTX_FORM_SUB_MIXED) && n < 2);
}

static LLVMValueRef operand(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    if (is_narrow(i, n)) return cw_ptx_half_to_float(l, cw_ptx_read_as(l, &i->operands[n], l->i16), i->types[1] == CW_PTX_BF16);
    LLVMValueRef value = cw_ptx_read(l, &i->operands[n], i->types[0]);
    return has_ftz(i) ? cw_ptx_flush(l, value) : value;
}

static void result(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    if (has_ftz(i)) value = cw_ptx_flush(l, value);
    if (cw_ptx_has(i, CW_PTX_SAT)) value = cw_ptx_saturate(l, value);
    cw_ptx_write(l, &i->operands[0], value, false);
}

/* The math library's ending for a direction, or NULL for rounding to nearest. */
static const char *direction(const struct cw_ptx_instruction *i) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_ROUND)) {
    case CW_PTX_RZ: return "rz";
    case CW_PTX_RM: return "rd";
    case CW_PTX_RP: return "ru";
    default: return NULL;
    }
}

/* __nv_fadd_rz, __nv_dadd_rz and their like. */
static LLVMValueRef directed(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const char *of_float, const char *of_double,
                             LLVMValueRef *arguments, unsigned count) {
    char name[32];
    snprintf(name, sizeof name, "__nv_%s_%s", i->types[0] == CW_PTX_F64 ? of_double : of_float, direction(i));
    return cw_ptx_call(l, name, LLVMTypeOf(arguments[0]), arguments, count);
}

/* ---- min, max ---- */

static LLVMValueRef sign_bits(struct cw_ptx_lowering *l, LLVMValueRef value) {
    LLVMTypeRef bits = cw_ptx_integer(l, LLVMTypeOf(value) == l->f64 ? 64 : LLVMTypeOf(value) == l->f32 ? 32 : 16);
    return LLVMBuildBitCast(l->builder, value, bits, "");
}

/* The sign of the result is that of the operands' product. */
static LLVMValueRef with_product_sign(struct cw_ptx_lowering *l, LLVMValueRef value, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef signs = LLVMBuildXor(l->builder, sign_bits(l, a), sign_bits(l, b), "");
    return cw_ptx_llvm2(l, "llvm.copysign", value, LLVMBuildBitCast(l->builder, signs, LLVMTypeOf(a), ""));
}

static LLVMValueRef extreme(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef a, LLVMValueRef b) {
    bool least = i->opcode == CW_PTX_OP_MIN, propagates = cw_ptx_has(i, CW_PTX_NAN_PROPAGATE);
    const char *name = propagates ? (least ? "llvm.minimum" : "llvm.maximum") : (least ? "llvm.minimumnum" : "llvm.maximumnum");
    if (!cw_ptx_has(i, CW_PTX_XORSIGN)) return cw_ptx_llvm2(l, name, a, b);
    LLVMValueRef value = cw_ptx_llvm2(l, name, cw_ptx_llvm1(l, "llvm.fabs", a), cw_ptx_llvm1(l, "llvm.fabs", b));
    return with_product_sign(l, value, a, b);
}

/* ---- add, sub, mul, div, abs, neg ---- */

static LLVMValueRef quotient(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef a, LLVMValueRef b) {
    return direction(i) ? directed(l, i, "fdiv", "ddiv", (LLVMValueRef[]){a, b}, 2) : LLVMBuildFDiv(l->builder, a, b, "");
}

/* Without a rounding modifier mul and add may be fused; with .rn they may not. */
static LLVMValueRef fusible(const struct cw_ptx_instruction *i, LLVMValueRef value) {
    if (cw_ptx_modifier(i, CW_PTX_SLOT_ROUND) == CW_PTX_NONE && LLVMIsAInstruction(value)) LLVMSetFastMathFlags(value, LLVMFastMathAllowContract);
    return value;
}

static LLVMValueRef binary(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef both[] = {a, b};
    switch (i->opcode) {
    case CW_PTX_OP_ADD: return direction(i) ? directed(l, i, "fadd", "dadd", both, 2) : fusible(i, LLVMBuildFAdd(l->builder, a, b, ""));
    case CW_PTX_OP_SUB: return direction(i) ? directed(l, i, "fsub", "dsub", both, 2) : fusible(i, LLVMBuildFSub(l->builder, a, b, ""));
    case CW_PTX_OP_MUL: return direction(i) ? directed(l, i, "fmul", "dmul", both, 2) : fusible(i, LLVMBuildFMul(l->builder, a, b, ""));
    case CW_PTX_OP_DIV: return quotient(l, i, a, b);
    default: return extreme(l, i, a, b);
    }
}

void cw_ptx_float_arithmetic(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), value;
    if (i->opcode == CW_PTX_OP_ABS) value = cw_ptx_llvm1(l, "llvm.fabs", a);
    else if (i->opcode == CW_PTX_OP_NEG) value = LLVMBuildFNeg(l->builder, a, "");
    else value = binary(l, i, a, operand(l, i, 2));
    result(l, i, value);
}

/* ---- fma, and mad, which is the same on every target that there still is ---- */

void cw_ptx_lower_fma(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (cw_ptx_is_half(i->types[0])) {
        cw_ptx_half_arithmetic(l, i);
        return;
    }
    LLVMValueRef all[] = {operand(l, i, 1), operand(l, i, 2), operand(l, i, 3)};
    result(l, i, direction(i) ? directed(l, i, "fmaf", "fma", all, 3) : cw_ptx_llvm3(l, "llvm.fma", all[0], all[1], all[2]));
}

/* ---- Functions of one operand ---- */

/* The gross approximations of f64: the lower 32 bits of the result are 0 (9.7.3.14, 9.7.3.17). */
static LLVMValueRef upper_half(struct cw_ptx_lowering *l, LLVMValueRef value) {
    LLVMValueRef bits = LLVMBuildBitCast(l->builder, value, l->i64, "");
    bits = LLVMBuildAnd(l->builder, bits, cw_ptx_constant(l, l->i64, UINT64_C(0xffffffff00000000)), "");
    return LLVMBuildBitCast(l->builder, bits, l->f64, "");
}

void cw_ptx_lower_rcp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    LLVMValueRef value = direction(i) ? directed(l, i, "frcp", "drcp", &a, 1) : LLVMBuildFDiv(l->builder, LLVMConstReal(LLVMTypeOf(a), 1), a, "");
    result(l, i, i->form == CW_PTX_FORM_RCP_APPROX_F64 ? upper_half(l, value) : value);
}

void cw_ptx_lower_sqrt(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    result(l, i, direction(i) ? directed(l, i, "fsqrt", "dsqrt", &a, 1) : cw_ptx_llvm1(l, "llvm.sqrt", a));
}

void cw_ptx_lower_rsqrt(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    LLVMValueRef value = cw_ptx_call(l, i->types[0] == CW_PTX_F64 ? "__nv_rsqrt" : "__nv_rsqrtf", LLVMTypeOf(a), &a, 1);
    result(l, i, i->form == CW_PTX_FORM_RSQRT_FTZ_F64 ? upper_half(l, value) : value);
}

/* sin, cos, lg2, ex2, tanh of f32, or of 16-bit numbers by way of it. */
void cw_ptx_lower_approximate(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (cw_ptx_is_half(i->types[0])) {
        cw_ptx_half_arithmetic(l, i);
        return;
    }
    const char *name = i->opcode == CW_PTX_OP_SIN   ? "__nv_fast_sinf"
                       : i->opcode == CW_PTX_OP_COS ? "__nv_fast_cosf"
                       : i->opcode == CW_PTX_OP_LG2 ? "__nv_fast_log2f"
                       : i->opcode == CW_PTX_OP_EX2 ? "__nv_exp2f"
                                                    : "__nv_tanhf";
    if (i->opcode == CW_PTX_OP_EX2 && has_ftz(i)) { /* a subnormal operand gives 1 as 0 does */
        LLVMValueRef x = cw_ptx_read(l, &i->operands[1], i->types[0]);
        cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "float_ex2_ftz", l->f32, &x, 1), false);
        return;
    }
    LLVMValueRef a = operand(l, i, 1);
    result(l, i, cw_ptx_call(l, name, l->f32, &a, 1));
}

/* ---- testp, copysign ---- */

void cw_ptx_lower_testp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    /* llvm.is.fpclass's bits: signalling and quiet NaN, then -inf, -normal, -subnormal, -0, +0, +subnormal, +normal, +inf. */
    unsigned classes = 0;
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_QUERY)) {
    case CW_PTX_FINITE: classes = 0x1f8; break;
    case CW_PTX_INFINITE: classes = 0x204; break;
    case CW_PTX_NUMBER: classes = 0x3fc; break;
    case CW_PTX_NOTANUMBER: classes = 0x003; break;
    case CW_PTX_NORMAL: classes = 0x108 | 0x060; break; /* the ISA counts zeros as normal */
    default: classes = 0x090; break;
    }
    LLVMValueRef a = cw_ptx_read(l, &i->operands[1], i->types[0]);
    LLVMValueRef arguments[] = {a, cw_ptx_i32(l, classes)};
    cw_ptx_write(l, &i->operands[0], cw_ptx_llvm(l, "llvm.is.fpclass", LLVMTypeOf(a), arguments, 2), false);
}

/* The sign is the first operand's, the magnitude the second's. */
void cw_ptx_lower_copysign(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = cw_ptx_read(l, &i->operands[1], i->types[0]), b = cw_ptx_read(l, &i->operands[2], i->types[0]);
    cw_ptx_write(l, &i->operands[0], cw_ptx_llvm2(l, "llvm.copysign", b, a), false);
}
