/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integer.c: integer arithmetic, extended precision, logic and shifts (PTX ISA 9.7.1, 9.7.2, 9.7.8, and prmt). Arithmetic wraps around;
 * division by zero and shifts by too much are made total by the targets' passes, as those of CUDA C++ are.
 */
#include <string.h>

#include "frontend/ptx/lower/state.h"
#include "library/ptx/integer.h"

static LLVMValueRef operand(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    return cw_ptx_read(l, &i->operands[n], i->types[0]);
}

static void result(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    cw_ptx_write(l, &i->operands[0], value, cw_ptx_is_signed(i->types[0]));
}

static bool is_packed(const struct cw_ptx_instruction *i) {
    return i->types[0] == CW_PTX_U16X2 || i->types[0] == CW_PTX_S16X2;
}

static bool is_signed_of(const struct cw_ptx_instruction *i) {
    return cw_ptx_is_signed(i->types[0]) || i->types[0] == CW_PTX_S16X2;
}

/* Packed halfwords are computed as vectors of two. */
static LLVMValueRef spread(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    return is_packed(i) ? LLVMBuildBitCast(l->builder, value, LLVMVectorType(l->i16, 2), "") : value;
}

static LLVMValueRef gather(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, LLVMValueRef value) {
    return is_packed(i) ? LLVMBuildBitCast(l->builder, value, l->i32, "") : value;
}

/* ---- add, sub, and the chains with a carry ---- */

static LLVMValueRef carry_place(struct cw_ptx_lowering *l) {
    if (!l->carry) l->carry = cw_ptx_variable(l, l->i1, 0, true, "cc");
    return l->carry;
}

static LLVMValueRef carry_in(struct cw_ptx_lowering *l) {
    return LLVMBuildLoad2(l->builder, l->i1, carry_place(l), "");
}

static void set_carry(struct cw_ptx_lowering *l, LLVMValueRef value) {
    LLVMValueRef place = carry_place(l);
    if (l->guard) value = LLVMBuildSelect(l->builder, l->guard, value, LLVMBuildLoad2(l->builder, l->i1, place, ""), "");
    LLVMBuildStore(l->builder, value, place);
}

/* a + b + carry; the carry out goes to CC.CF if asked for. */
static LLVMValueRef add_carry(struct cw_ptx_lowering *l, LLVMValueRef a, LLVMValueRef b, LLVMValueRef carry, bool out) {
    LLVMBuilderRef builder = l->builder;
    LLVMValueRef sum = LLVMBuildAdd(builder, a, b, "");
    LLVMValueRef over = LLVMBuildICmp(builder, LLVMIntULT, sum, a, "");
    if (carry) {
        LLVMValueRef whole = LLVMBuildAdd(builder, sum, LLVMBuildZExt(builder, carry, LLVMTypeOf(a), ""), "");
        over = LLVMBuildOr(builder, over, LLVMBuildICmp(builder, LLVMIntULT, whole, sum, ""), "");
        sum = whole;
    }
    if (out) set_carry(l, over);
    return sum;
}

/* a - b - borrow. */
static LLVMValueRef subtract_borrow(struct cw_ptx_lowering *l, LLVMValueRef a, LLVMValueRef b, LLVMValueRef borrow, bool out) {
    LLVMBuilderRef builder = l->builder;
    LLVMValueRef difference = LLVMBuildSub(builder, a, b, "");
    LLVMValueRef under = LLVMBuildICmp(builder, LLVMIntULT, a, b, "");
    if (borrow) {
        LLVMValueRef wide = LLVMBuildZExt(builder, borrow, LLVMTypeOf(a), "");
        under = LLVMBuildOr(builder, under, LLVMBuildICmp(builder, LLVMIntULT, difference, wide, ""), "");
        difference = LLVMBuildSub(builder, difference, wide, "");
    }
    if (out) set_carry(l, under);
    return difference;
}

static bool is_floating(const struct cw_ptx_instruction *i) {
    return cw_ptx_is_float(i->types[0]) || cw_ptx_is_half(i->types[0]);
}

static void floating(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (cw_ptx_is_half(i->types[0])) cw_ptx_half_arithmetic(l, i);
    else cw_ptx_float_arithmetic(l, i);
}

void cw_ptx_lower_add(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) {
        floating(l, i);
        return;
    }
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    if (cw_ptx_has(i, CW_PTX_CC)) result(l, i, add_carry(l, a, b, NULL, true));
    else if (cw_ptx_has(i, CW_PTX_SAT)) result(l, i, cw_ptx_llvm2(l, "llvm.sadd.sat", a, b));
    else result(l, i, gather(l, i, LLVMBuildAdd(l->builder, spread(l, i, a), spread(l, i, b), "")));
}

void cw_ptx_lower_sub(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) {
        floating(l, i);
        return;
    }
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    if (cw_ptx_has(i, CW_PTX_CC)) result(l, i, subtract_borrow(l, a, b, NULL, true));
    else if (cw_ptx_has(i, CW_PTX_SAT)) result(l, i, cw_ptx_llvm2(l, "llvm.ssub.sat", a, b));
    else result(l, i, gather(l, i, LLVMBuildSub(l->builder, spread(l, i, a), spread(l, i, b), "")));
}

/* ---- mul, mad ---- */

/* The whole product in twice the width. */
static LLVMValueRef whole_product(struct cw_ptx_lowering *l, LLVMValueRef a, LLVMValueRef b, bool is_signed) {
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(a)) * 2;
    LLVMValueRef x = cw_ptx_resize(l, a, bits, is_signed), y = cw_ptx_resize(l, b, bits, is_signed);
    return is_signed ? LLVMBuildNSWMul(l->builder, x, y, "") : LLVMBuildNUWMul(l->builder, x, y, "");
}

static LLVMValueRef high_half(struct cw_ptx_lowering *l, LLVMValueRef a, LLVMValueRef b, bool is_signed) {
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(a));
    LLVMValueRef product = whole_product(l, a, b, is_signed);
    LLVMValueRef shift = cw_ptx_constant(l, LLVMTypeOf(product), bits);
    return cw_ptx_resize(l, LLVMBuildLShr(l->builder, product, shift, ""), bits, false);
}

static LLVMValueRef product(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_MODE)) {
    case CW_PTX_WIDE: return whole_product(l, a, b, is_signed);
    case CW_PTX_HI: return high_half(l, a, b, is_signed);
    default: return LLVMBuildMul(l->builder, a, b, "");
    }
}

void cw_ptx_lower_mul(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) floating(l, i);
    else result(l, i, product(l, i));
}

void cw_ptx_lower_mad(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) {
        cw_ptx_lower_fma(l, i);
        return;
    }
    LLVMValueRef ab = product(l, i), c = cw_ptx_read_as(l, &i->operands[3], LLVMTypeOf(ab));
    if (cw_ptx_has(i, CW_PTX_CC)) result(l, i, add_carry(l, ab, c, NULL, true));
    else if (cw_ptx_has(i, CW_PTX_SAT)) result(l, i, cw_ptx_llvm2(l, "llvm.sadd.sat", ab, c));
    else result(l, i, LLVMBuildAdd(l->builder, ab, c, ""));
}

/* addc, subc, madc: with CC.CF going in, and out if .cc is there. */
void cw_ptx_lower_extended(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    bool out = cw_ptx_has(i, CW_PTX_CC);
    LLVMValueRef value, in = carry_in(l);
    if (i->opcode == CW_PTX_OP_ADDC) value = add_carry(l, operand(l, i, 1), operand(l, i, 2), in, out);
    else if (i->opcode == CW_PTX_OP_SUBC) value = subtract_borrow(l, operand(l, i, 1), operand(l, i, 2), in, out);
    else value = add_carry(l, product(l, i), operand(l, i, 3), in, out);
    result(l, i, value);
}

/* Of 24-bit factors the low 32 bits of the product, or bits 16 to 47. */
static LLVMValueRef product_24(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    LLVMValueRef factors[2];
    for (unsigned n = 0; n < 2; n++) {
        LLVMValueRef narrow = LLVMBuildTrunc(l->builder, operand(l, i, n + 1), cw_ptx_integer(l, 24), "");
        factors[n] = cw_ptx_resize(l, narrow, 64, is_signed);
    }
    LLVMValueRef whole = LLVMBuildMul(l->builder, factors[0], factors[1], "");
    if (cw_ptx_modifier(i, CW_PTX_SLOT_MODE) == CW_PTX_HI)
        whole = LLVMBuildLShr(l->builder, whole, cw_ptx_constant(l, l->i64, 16), "");
    return LLVMBuildTrunc(l->builder, whole, l->i32, "");
}

void cw_ptx_lower_mul24(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    result(l, i, product_24(l, i));
}

void cw_ptx_lower_mad24(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef ab = product_24(l, i), c = operand(l, i, 3);
    result(l, i, cw_ptx_has(i, CW_PTX_SAT) ? cw_ptx_llvm2(l, "llvm.sadd.sat", ab, c) : LLVMBuildAdd(l->builder, ab, c, ""));
}

/* ---- The rest of 9.7.1 ---- */

void cw_ptx_lower_sad(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    LLVMValueRef less = LLVMBuildICmp(l->builder, cw_ptx_is_signed(i->types[0]) ? LLVMIntSLT : LLVMIntULT, a, b, "");
    LLVMValueRef distance = LLVMBuildSelect(l->builder, less, LLVMBuildSub(l->builder, b, a, ""), LLVMBuildSub(l->builder, a, b, ""), "");
    result(l, i, LLVMBuildAdd(l->builder, operand(l, i, 3), distance, ""));
}

void cw_ptx_lower_div(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) {
        floating(l, i);
        return;
    }
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    result(l, i, cw_ptx_is_signed(i->types[0]) ? LLVMBuildSDiv(l->builder, a, b, "") : LLVMBuildUDiv(l->builder, a, b, ""));
}

void cw_ptx_lower_rem(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    result(l, i, cw_ptx_is_signed(i->types[0]) ? LLVMBuildSRem(l->builder, a, b, "") : LLVMBuildURem(l->builder, a, b, ""));
}

void cw_ptx_lower_abs(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) {
        floating(l, i);
        return;
    }
    LLVMValueRef a = operand(l, i, 1);
    result(l, i, cw_ptx_llvm(l, "llvm.abs", LLVMTypeOf(a), (LLVMValueRef[]){a, LLVMConstNull(l->i1)}, 2));
}

void cw_ptx_lower_neg(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (is_floating(i)) floating(l, i);
    else result(l, i, LLVMBuildNeg(l->builder, operand(l, i, 1), ""));
}

static void extreme(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const char *of_signed, const char *of_unsigned) {
    if (is_floating(i)) {
        floating(l, i);
        return;
    }
    const char *name = is_signed_of(i) ? of_signed : of_unsigned;
    LLVMValueRef value = cw_ptx_llvm2(l, name, spread(l, i, operand(l, i, 1)), spread(l, i, operand(l, i, 2)));
    if (cw_ptx_has(i, CW_PTX_RELU)) value = cw_ptx_llvm2(l, "llvm.smax", value, LLVMConstNull(LLVMTypeOf(value)));
    result(l, i, gather(l, i, value));
}

void cw_ptx_lower_min(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    extreme(l, i, "llvm.smin", "llvm.umin");
}

void cw_ptx_lower_max(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    extreme(l, i, "llvm.smax", "llvm.umax");
}

void cw_ptx_lower_popc(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_write(l, &i->operands[0], cw_ptx_resize(l, cw_ptx_llvm1(l, "llvm.ctpop", operand(l, i, 1)), 32, false), false);
}

void cw_ptx_lower_clz(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    LLVMValueRef zeros = cw_ptx_llvm(l, "llvm.ctlz", LLVMTypeOf(a), (LLVMValueRef[]){a, LLVMConstNull(l->i1)}, 2);
    cw_ptx_write(l, &i->operands[0], cw_ptx_resize(l, zeros, 32, false), false);
}

void cw_ptx_lower_bfind(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(a));
    if (cw_ptx_is_signed(i->types[0])) { /* of a negative number the first zero is looked for */
        LLVMValueRef sign = LLVMBuildAShr(l->builder, a, cw_ptx_constant(l, LLVMTypeOf(a), bits - 1), "");
        a = LLVMBuildXor(l->builder, a, sign, "");
    }
    LLVMValueRef arguments[] = {cw_ptx_resize(l, a, 64, false), cw_ptx_i32(l, bits), cw_ptx_i32(l, cw_ptx_has(i, CW_PTX_SHIFTAMT))};
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "integer_bfind", l->i32, arguments, 3), false);
}

void cw_ptx_lower_brev(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    result(l, i, cw_ptx_llvm1(l, "llvm.bitreverse", operand(l, i, 1)));
}

void cw_ptx_lower_fns(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {operand(l, i, 1), operand(l, i, 2), operand(l, i, 3)};
    result(l, i, cw_ptx_helper(l, "integer_fns", l->i32, arguments, 3));
}

void cw_ptx_lower_bfe(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    static const struct {
        enum cw_ptx_word type;
        const char *name;
    } rows[] = {{CW_PTX_U32, "integer_bfe_u32"}, {CW_PTX_S32, "integer_bfe_s32"}, {CW_PTX_U64, "integer_bfe_u64"}, {CW_PTX_S64, "integer_bfe_s64"}};
    LLVMValueRef arguments[] = {operand(l, i, 1), cw_ptx_read(l, &i->operands[2], CW_PTX_U32), cw_ptx_read(l, &i->operands[3], CW_PTX_U32)};
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++)
        if (rows[n].type == i->types[0]) result(l, i, cw_ptx_helper(l, rows[n].name, LLVMTypeOf(arguments[0]), arguments, 3));
}

void cw_ptx_lower_bfi(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {operand(l, i, 1), operand(l, i, 2), cw_ptx_read(l, &i->operands[3], CW_PTX_U32),
                                cw_ptx_read(l, &i->operands[4], CW_PTX_U32)};
    const char *name = i->types[0] == CW_PTX_B64 ? "integer_bfi_b64" : "integer_bfi_b32";
    result(l, i, cw_ptx_helper(l, name, LLVMTypeOf(arguments[0]), arguments, 4));
}

void cw_ptx_lower_szext(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {operand(l, i, 1), cw_ptx_read(l, &i->operands[2], CW_PTX_U32), cw_ptx_i32(l, cw_ptx_has(i, CW_PTX_WRAP)),
                                cw_ptx_i32(l, cw_ptx_is_signed(i->types[0]))};
    result(l, i, cw_ptx_helper(l, "integer_szext", l->i32, arguments, 4));
}

void cw_ptx_lower_bmsk(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {operand(l, i, 1), operand(l, i, 2), cw_ptx_i32(l, cw_ptx_has(i, CW_PTX_WRAP))};
    result(l, i, cw_ptx_helper(l, "integer_bmsk", l->i32, arguments, 3));
}

static void dot_product(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const char *name, unsigned count) {
    LLVMValueRef arguments[6];
    for (unsigned n = 0; n < 3; n++) arguments[n] = cw_ptx_read(l, &i->operands[n + 1], CW_PTX_B32);
    arguments[3] = cw_ptx_i32(l, cw_ptx_is_signed(i->types[0]));
    arguments[4] = cw_ptx_i32(l, cw_ptx_is_signed(i->types[1]));
    arguments[5] = cw_ptx_i32(l, cw_ptx_modifier(i, CW_PTX_SLOT_MODE) == CW_PTX_HI);
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, name, l->i32, arguments, count), false);
}

void cw_ptx_lower_dp4a(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    dot_product(l, i, "integer_dp4a", 5);
}

void cw_ptx_lower_dp2a(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    dot_product(l, i, "integer_dp2a", 6);
}

/* ---- Logic ---- */

void cw_ptx_lower_logic(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2);
    if (i->opcode == CW_PTX_OP_AND) result(l, i, LLVMBuildAnd(l->builder, a, b, ""));
    else if (i->opcode == CW_PTX_OP_OR) result(l, i, LLVMBuildOr(l->builder, a, b, ""));
    else result(l, i, LLVMBuildXor(l->builder, a, b, ""));
}

void cw_ptx_lower_not(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    result(l, i, LLVMBuildNot(l->builder, operand(l, i, 1), ""));
}

void cw_ptx_lower_cnot(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1);
    LLVMValueRef is_zero = LLVMBuildICmp(l->builder, LLVMIntEQ, a, LLVMConstNull(LLVMTypeOf(a)), "");
    result(l, i, LLVMBuildZExt(l->builder, is_zero, LLVMTypeOf(a), ""));
}

/* The function of two bits whose truth table is `table` (bit 2a + b). */
static LLVMValueRef of_two(struct cw_ptx_lowering *l, unsigned table, LLVMValueRef a, LLVMValueRef b) {
    LLVMTypeRef type = LLVMTypeOf(a);
    switch (table & 15u) {
    case 0: return LLVMConstNull(type);
    case 1: return LLVMBuildNot(l->builder, LLVMBuildOr(l->builder, a, b, ""), "");
    case 2: return LLVMBuildAnd(l->builder, LLVMBuildNot(l->builder, a, ""), b, "");
    case 3: return LLVMBuildNot(l->builder, a, "");
    case 4: return LLVMBuildAnd(l->builder, a, LLVMBuildNot(l->builder, b, ""), "");
    case 5: return LLVMBuildNot(l->builder, b, "");
    case 6: return LLVMBuildXor(l->builder, a, b, "");
    case 7: return LLVMBuildNot(l->builder, LLVMBuildAnd(l->builder, a, b, ""), "");
    case 8: return LLVMBuildAnd(l->builder, a, b, "");
    case 9: return LLVMBuildNot(l->builder, LLVMBuildXor(l->builder, a, b, ""), "");
    case 10: return b;
    case 11: return LLVMBuildOr(l->builder, LLVMBuildNot(l->builder, a, ""), b, "");
    case 12: return a;
    case 13: return LLVMBuildOr(l->builder, a, LLVMBuildNot(l->builder, b, ""), "");
    case 14: return LLVMBuildOr(l->builder, a, b, "");
    default: return LLVMConstAllOnes(type);
    }
}

/* Where a is 1 the table's upper half rules, else its lower: f = (lower ^ upper) & a ^ lower. */
void cw_ptx_lower_lop3(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2), c = operand(l, i, 3), value;
    unsigned table = (unsigned)i->operands[4].bits & 255u, upper = table >> 4, lower = table & 15u;
    if (table == 0x96) {
        value = LLVMBuildXor(l->builder, LLVMBuildXor(l->builder, a, b, ""), c, "");
    } else if (upper == 0) {
        value = LLVMBuildAnd(l->builder, LLVMBuildNot(l->builder, a, ""), of_two(l, lower, b, c), "");
    } else if (lower == 0) {
        value = LLVMBuildAnd(l->builder, a, of_two(l, upper, b, c), "");
    } else {
        value = LLVMBuildAnd(l->builder, of_two(l, upper ^ lower, b, c), a, "");
        value = LLVMBuildXor(l->builder, value, of_two(l, lower, b, c), "");
    }
    if (i->form == CW_PTX_FORM_LOP3_BOOL) {
        LLVMValueRef bit = LLVMBuildICmp(l->builder, LLVMIntNE, value, LLVMConstNull(l->i32), "");
        LLVMValueRef q = cw_ptx_read(l, &i->operands[5], CW_PTX_PRED);
        bool is_or = cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_OR;
        cw_ptx_write_second(l, &i->operands[0], is_or ? LLVMBuildOr(l->builder, bit, q, "") : LLVMBuildAnd(l->builder, bit, q, ""));
    }
    result(l, i, value);
}

/* ---- Shifts ---- */

/* By the width or more a shift gives 0, or the sign. Amounts are 32-bit whatever the type. */
static LLVMValueRef shifted(struct cw_ptx_lowering *l, LLVMValueRef a, LLVMValueRef amount, bool left, bool is_signed) {
    LLVMTypeRef type = LLVMTypeOf(a);
    unsigned bits = LLVMGetIntTypeWidth(type);
    LLVMValueRef limit = cw_ptx_i32(l, bits - 1);
    LLVMValueRef small = cw_ptx_resize(l, cw_ptx_llvm2(l, "llvm.umin", amount, limit), bits, false);
    if (!left && is_signed) return LLVMBuildAShr(l->builder, a, small, "");
    LLVMValueRef value = left ? LLVMBuildShl(l->builder, a, small, "") : LLVMBuildLShr(l->builder, a, small, "");
    LLVMValueRef inside = LLVMBuildICmp(l->builder, LLVMIntULE, amount, limit, "");
    return LLVMBuildSelect(l->builder, inside, value, LLVMConstNull(type), "");
}

static void shift(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, bool left) {
    LLVMValueRef a = operand(l, i, 1), amount = cw_ptx_read(l, &i->operands[2], CW_PTX_U32);
    unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(a));
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    if (LLVMIsAConstantInt(amount) && LLVMConstIntGetZExtValue(amount) < bits) {
        LLVMValueRef by = cw_ptx_resize(l, amount, bits, false);
        result(l, i, left ? LLVMBuildShl(l->builder, a, by, "") : is_signed ? LLVMBuildAShr(l->builder, a, by, "") : LLVMBuildLShr(l->builder, a, by, ""));
        return;
    }
    result(l, i, shifted(l, a, amount, left, is_signed));
}

void cw_ptx_lower_shl(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    shift(l, i, true);
}

void cw_ptx_lower_shr(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    shift(l, i, false);
}

/* A funnel shift of {b, a}: left gives the upper word, right the lower. Clamped, 32 is a shift by a whole word. */
void cw_ptx_lower_shf(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef a = operand(l, i, 1), b = operand(l, i, 2), amount = cw_ptx_read(l, &i->operands[3], CW_PTX_U32);
    bool left = cw_ptx_modifier(i, CW_PTX_SLOT_MODE) == CW_PTX_L;
    LLVMValueRef value = cw_ptx_llvm3(l, left ? "llvm.fshl" : "llvm.fshr", b, a, amount);
    if (cw_ptx_modifier(i, CW_PTX_SLOT_WRAP) == CW_PTX_CLAMP) {
        LLVMValueRef inside = LLVMBuildICmp(l->builder, LLVMIntULT, amount, cw_ptx_i32(l, 32), "");
        value = LLVMBuildSelect(l->builder, inside, value, left ? a : b, "");
    }
    result(l, i, value);
}

void cw_ptx_lower_prmt(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    unsigned mode = CW_PTX_PRMT;
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_MODE)) {
    case CW_PTX_F4E: mode = CW_PTX_PRMT_F4E; break;
    case CW_PTX_B4E: mode = CW_PTX_PRMT_B4E; break;
    case CW_PTX_RC8: mode = CW_PTX_PRMT_RC8; break;
    case CW_PTX_ECL: mode = CW_PTX_PRMT_ECL; break;
    case CW_PTX_ECR: mode = CW_PTX_PRMT_ECR; break;
    case CW_PTX_RC16: mode = CW_PTX_PRMT_RC16; break;
    default: break;
    }
    LLVMValueRef arguments[] = {operand(l, i, 1), operand(l, i, 2), operand(l, i, 3), cw_ptx_i32(l, mode)};
    result(l, i, cw_ptx_helper(l, "integer_prmt", l->i32, arguments, 4));
}
