/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instruction.c: arithmetic, comparisons, conversions, and taking vectors and structures apart.
 *
 * Integers whose width SPIR-V has not keep their upper bits zero: results are masked, and operands of signed operations
 * are sign-extended first. Contraction is decided here, by LLVM's flags, so that every driver gives what nvcc's default
 * gives: a multiplication that only one addition uses becomes one Fma; nothing else may be contracted.
 */
#include <stdlib.h>

#include "target/spirv/spirv.h"

#define GLSL_FMA 50u

static unsigned int_width(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 64;
}

/* True for integers that are kept in wider ones. */
static bool is_padded(struct spv_module *module, LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && int_width(type) != spv_bits(module, type);
}

static uint32_t binary(struct spv_module *module, enum spv_op op, uint32_t type, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, op, type, a, b);
}

static uint32_t mask(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    if (!is_padded(module, type)) {
        return id;
    }
    unsigned bits = spv_bits(module, type);
    return binary(module, SPV_BitwiseAnd, spv_int(module, bits), id, spv_constant(module, bits, (UINT64_C(1) << int_width(type)) - 1));
}

static uint32_t sign_extend(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    if (!is_padded(module, type)) {
        return id;
    }
    unsigned bits = spv_bits(module, type);
    uint32_t amount = spv_constant(module, bits, bits - int_width(type));
    id = binary(module, SPV_ShiftLeftLogical, spv_int(module, bits), id, amount);
    return binary(module, SPV_ShiftRightArithmetic, spv_int(module, bits), id, amount);
}

static LLVMTypeRef scalar_of(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

/* ---- Arithmetic ----------------------------------------------------------------------------------------------- */

static enum spv_op integer_op(LLVMOpcode opcode) {
    switch (opcode) {
    case LLVMAdd: return SPV_IAdd;
    case LLVMSub: return SPV_ISub;
    case LLVMMul: return SPV_IMul;
    case LLVMUDiv: return SPV_UDiv;
    case LLVMSDiv: return SPV_SDiv;
    case LLVMURem: return SPV_UMod;
    case LLVMSRem: return SPV_SRem;
    case LLVMShl: return SPV_ShiftLeftLogical;
    case LLVMLShr: return SPV_ShiftRightLogical;
    case LLVMAShr: return SPV_ShiftRightArithmetic;
    case LLVMAnd: return SPV_BitwiseAnd;
    case LLVMOr: return SPV_BitwiseOr;
    default: return SPV_BitwiseXor;
    }
}

static enum spv_op bool_op(LLVMOpcode opcode) {
    switch (opcode) {
    case LLVMAnd:
    case LLVMMul: return SPV_LogicalAnd;
    case LLVMOr: return SPV_LogicalOr;
    default: return SPV_LogicalNotEqual; /* add, sub, xor modulo 2 */
    }
}

static uint32_t integer_arithmetic(struct spv_module *module, LLVMOpcode opcode, LLVMTypeRef type, uint32_t a, uint32_t b) {
    uint32_t id_type = spv_scalar_type(module, type);
    if (spv_bits(module, type) == 1) {
        return binary(module, bool_op(opcode), id_type, a, b);
    }
    if (opcode == LLVMSDiv || opcode == LLVMSRem) {
        a = sign_extend(module, type, a);
        b = sign_extend(module, type, b);
    } else if (opcode == LLVMAShr) {
        a = sign_extend(module, type, a);
    }
    return mask(module, type, binary(module, integer_op(opcode), id_type, a, b));
}

/* True if the upper half of the 64 bits is 0. */
static bool is_half(LLVMValueRef value) {
    if (LLVMIsAConstantInt(value)) {
        return LLVMConstIntGetZExtValue(value) >> 32 == 0;
    }
    if (!LLVMIsAInstruction(value)) {
        return false;
    }
    bool known = LLVMGetNumOperands(value) == 2 && LLVMIsAConstantInt(LLVMGetOperand(value, 1));
    uint64_t second = known ? LLVMConstIntGetZExtValue(LLVMGetOperand(value, 1)) : 0;
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMZExt: return LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(value, 0))) == LLVMIntegerTypeKind &&
                          LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(value, 0))) <= 32;
    case LLVMAnd: return known && second >> 32 == 0;
    case LLVMLShr: return known && second >= 32;
    default: return false;
    }
}

/* The 64-bit product of two words is one or two instructions of hardware; drivers don't see that 64-bit factors are words. */
static bool multiply_halves(struct spv_module *module, LLVMValueRef i) {
    LLVMTypeRef type = LLVMTypeOf(i);
    LLVMValueRef a = LLVMGetOperand(i, 0), b = LLVMGetOperand(i, 1);
    if (LLVMGetInstructionOpcode(i) != LLVMMul || LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) != 64 ||
        !is_half(a) || !is_half(b)) {
        return false;
    }
    uint32_t word = spv_int(module, 32);
    const uint32_t pair[2] = {word, word};
    uint32_t product = SPV_RESULT(module, SPV_UMulExtended, spv_pair_type(module, pair), spv_resize(module, spv_use(module, a), 64, 32, false),
                                  spv_resize(module, spv_use(module, b), 64, 32, false));
    uint32_t low = SPV_RESULT(module, SPV_CompositeExtract, word, product, 0), high = SPV_RESULT(module, SPV_CompositeExtract, word, product, 1);
    uint32_t both = SPV_RESULT(module, SPV_CompositeConstruct, spv_vector(module, word, 2), low, high);
    spv_define_one(module, i, SPV_RESULT(module, SPV_Bitcast, spv_int(module, 64), both));
    return true;
}

static void no_contraction(struct spv_module *module, uint32_t id) {
    spv_decorate(module, id, SPV_DECORATION_NO_CONTRACTION, 0);
}

static bool may_contract(LLVMValueRef value) {
    return (LLVMGetFastMathFlags(value) & LLVMFastMathAllowContract) != 0;
}

/* The multiplication that `value` is, if an addition may take it in. */
static LLVMValueRef contracted_product(LLVMValueRef sum, LLVMValueRef value) {
    if (!LLVMIsAInstruction(value) || LLVMGetInstructionOpcode(value) != LLVMFMul || !may_contract(value)) {
        return NULL;
    }
    LLVMUseRef use = LLVMGetFirstUse(value);
    bool one_use = use && !LLVMGetNextUse(use);
    return one_use && LLVMGetInstructionParent(value) == LLVMGetInstructionParent(sum) ? value : NULL;
}

static uint32_t negate(struct spv_module *module, uint32_t type, uint32_t id) {
    return SPV_RESULT(module, SPV_FNegate, type, id);
}

static bool takes_products(LLVMValueRef sum) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(sum);
    return (opcode == LLVMFAdd || opcode == LLVMFSub) && may_contract(sum) && LLVMGetTypeKind(LLVMTypeOf(sum)) != LLVMVectorTypeKind;
}

/* True for a product that becomes part of its sum: the first of the sum's operands that can. */
static bool is_taken_in(LLVMValueRef product) {
    LLVMUseRef use = LLVMGetFirstUse(product);
    LLVMValueRef sum = use ? LLVMGetUser(use) : NULL;
    if (!sum || !LLVMIsABinaryOperator(sum) || !takes_products(sum) || !contracted_product(sum, product)) {
        return false;
    }
    return LLVMGetOperand(sum, 0) == product || !contracted_product(sum, LLVMGetOperand(sum, 0));
}

static bool fuse(struct spv_module *module, LLVMValueRef sum) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(sum);
    if (!takes_products(sum)) {
        return false;
    }
    uint32_t type = spv_scalar_type(module, LLVMTypeOf(sum));
    for (unsigned side = 0; side < 2; side++) {
        LLVMValueRef product = contracted_product(sum, LLVMGetOperand(sum, side));
        if (!product) {
            continue;
        }
        uint32_t a = spv_use(module, LLVMGetOperand(product, 0)), b = spv_use(module, LLVMGetOperand(product, 1));
        uint32_t c = spv_use(module, LLVMGetOperand(sum, 1 - side));
        if (opcode == LLVMFSub && side == 0) {
            c = negate(module, type, c);
        } else if (opcode == LLVMFSub) {
            a = negate(module, type, a);
        }
        spv_define_one(module, sum, spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){a, b, c}, 3));
        return true;
    }
    return false;
}

/* Vulkan's division may be 2.5 ulp off; CUDA's is exact. One step with the exact remainder rounds it right (Markstein, "Computation
 * of Elementary Functions on the IBM RISC System/6000 Processor", 1990), but for results that are subnormal. */
static uint32_t divide(struct spv_module *module, LLVMValueRef i, uint32_t type, uint32_t a, uint32_t b) {
    uint32_t quotient = binary(module, SPV_FDiv, type, a, b);
    no_contraction(module, quotient);
    if (LLVMGetTypeKind(scalar_of(LLVMTypeOf(i))) != LLVMFloatTypeKind || LLVMGetFastMathFlags(i) & (LLVMFastMathAllowReciprocal | LLVMFastMathApproxFunc)) {
        return quotient;
    }
    uint32_t boolean = spv_bool(module), minus = negate(module, type, quotient);
    uint32_t rest = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){minus, b, a}, 3);
    no_contraction(module, rest);
    uint32_t inverse = binary(module, SPV_FDiv, type, spv_float_constant(module, 32, 0x3f800000), b);
    uint32_t better = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){rest, inverse, quotient}, 3);
    no_contraction(module, better);
    /* Infinite and undefined ones are right as they are; and the sign of zero. */
    uint32_t difference = binary(module, SPV_FSub, type, better, better);
    uint32_t finite = binary(module, SPV_FOrdEqual, boolean, difference, spv_float_constant(module, 32, 0));
    uint32_t nonzero = binary(module, SPV_FOrdNotEqual, boolean, better, spv_float_constant(module, 32, 0));
    no_contraction(module, difference);
    return SPV_RESULT(module, SPV_Select, type, binary(module, SPV_LogicalAnd, boolean, finite, nonzero), better, quotient);
}

static enum spv_op float_op(LLVMOpcode opcode) {
    switch (opcode) {
    case LLVMFAdd: return SPV_FAdd;
    case LLVMFSub: return SPV_FSub;
    case LLVMFMul: return SPV_FMul;
    case LLVMFDiv: return SPV_FDiv;
    default: return SPV_FRem;
    }
}

static void emit_binary(struct spv_module *module, LLVMValueRef i) {
    if (fuse(module, i) || multiply_halves(module, i) || (LLVMGetInstructionOpcode(i) == LLVMFMul && is_taken_in(i))) {
        return;
    }
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    LLVMTypeRef type = scalar_of(LLVMTypeOf(i));
    uint32_t count = spv_component_count(module, LLVMTypeOf(i));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    if (LLVMGetTypeKind(type) == LLVMBFloatTypeKind) {
        spv_refuse(module, i, "arithmetic of bfloat");
    }
    for (uint32_t c = 0; c < count; c++) {
        uint32_t a = spv_component(module, LLVMGetOperand(i, 0), c), b = spv_component(module, LLVMGetOperand(i, 1), c);
        if (opcode == LLVMFDiv) {
            ids[c] = divide(module, i, spv_scalar_type(module, type), a, b);
        } else if (spv_is_float(type)) {
            ids[c] = binary(module, float_op(opcode), spv_scalar_type(module, type), a, b);
            no_contraction(module, ids[c]);
        } else {
            ids[c] = integer_arithmetic(module, opcode, type, a, b);
        }
    }
    spv_define(module, i, ids, count);
    free(ids);
}

/* ---- Comparisons ---------------------------------------------------------------------------------------------- */

static enum spv_op compare_op(LLVMIntPredicate predicate) {
    switch (predicate) {
    case LLVMIntEQ: return SPV_IEqual;
    case LLVMIntNE: return SPV_INotEqual;
    case LLVMIntUGT: return SPV_UGreaterThan;
    case LLVMIntUGE: return SPV_UGreaterThanEqual;
    case LLVMIntULT: return SPV_ULessThan;
    case LLVMIntULE: return SPV_ULessThanEqual;
    case LLVMIntSGT: return SPV_SGreaterThan;
    case LLVMIntSGE: return SPV_SGreaterThanEqual;
    case LLVMIntSLT: return SPV_SLessThan;
    default: return SPV_SLessThanEqual;
    }
}

static enum spv_op float_compare_op(LLVMRealPredicate predicate) {
    switch (predicate) {
    case LLVMRealOEQ: return SPV_FOrdEqual;
    case LLVMRealOGT: return SPV_FOrdGreaterThan;
    case LLVMRealOGE: return SPV_FOrdGreaterThanEqual;
    case LLVMRealOLT: return SPV_FOrdLessThan;
    case LLVMRealOLE: return SPV_FOrdLessThanEqual;
    case LLVMRealONE: return SPV_FOrdNotEqual;
    case LLVMRealUEQ: return SPV_FUnordEqual;
    case LLVMRealUGT: return SPV_FUnordGreaterThan;
    case LLVMRealUGE: return SPV_FUnordGreaterThanEqual;
    case LLVMRealULT: return SPV_FUnordLessThan;
    case LLVMRealULE: return SPV_FUnordLessThanEqual;
    default: return SPV_FUnordNotEqual;
    }
}

/* Of booleans: false is less than true, unsigned; signed the other way round. */
static uint32_t compare_bools(struct spv_module *module, LLVMIntPredicate predicate, uint32_t a, uint32_t b) {
    uint32_t type = spv_bool(module);
    if (predicate == LLVMIntEQ || predicate == LLVMIntNE) {
        return binary(module, predicate == LLVMIntEQ ? SPV_LogicalEqual : SPV_LogicalNotEqual, type, a, b);
    }
    bool less = predicate == LLVMIntULT || predicate == LLVMIntULE || predicate == LLVMIntSGT || predicate == LLVMIntSGE;
    bool or_equal = predicate == LLVMIntULE || predicate == LLVMIntUGE || predicate == LLVMIntSLE || predicate == LLVMIntSGE;
    uint32_t low = less ? a : b, high = less ? b : a; /* low false, high true */
    uint32_t flipped = SPV_RESULT(module, SPV_LogicalNot, type, low);
    return binary(module, or_equal ? SPV_LogicalOr : SPV_LogicalAnd, type, flipped, high);
}

static uint32_t compare(struct spv_module *module, LLVMIntPredicate predicate, LLVMTypeRef type, uint32_t a, uint32_t b) {
    if (spv_bits(module, type) == 1) {
        return compare_bools(module, predicate, a, b);
    }
    if (predicate >= LLVMIntSGT) {
        a = sign_extend(module, type, a);
        b = sign_extend(module, type, b);
    }
    return binary(module, compare_op(predicate), spv_bool(module), a, b);
}

static uint32_t compare_floats(struct spv_module *module, LLVMRealPredicate predicate, uint32_t a, uint32_t b) {
    uint32_t type = spv_bool(module);
    if (predicate == LLVMRealPredicateFalse || predicate == LLVMRealPredicateTrue) {
        return spv_bool_constant(module, predicate == LLVMRealPredicateTrue);
    }
    if (predicate == LLVMRealUNO || predicate == LLVMRealORD) {
        uint32_t either = binary(module, SPV_LogicalOr, type, SPV_RESULT(module, SPV_IsNan, type, a), SPV_RESULT(module, SPV_IsNan, type, b));
        return predicate == LLVMRealUNO ? either : SPV_RESULT(module, SPV_LogicalNot, type, either);
    }
    return binary(module, float_compare_op(predicate), type, a, b);
}

static void emit_compare(struct spv_module *module, LLVMValueRef i) {
    bool is_int = LLVMGetInstructionOpcode(i) == LLVMICmp;
    LLVMTypeRef type = scalar_of(LLVMTypeOf(LLVMGetOperand(i, 0)));
    uint32_t count = spv_component_count(module, LLVMTypeOf(i));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    for (uint32_t c = 0; c < count; c++) {
        uint32_t a = spv_component(module, LLVMGetOperand(i, 0), c), b = spv_component(module, LLVMGetOperand(i, 1), c);
        ids[c] = is_int ? compare(module, LLVMGetICmpPredicate(i), type, a, b) : compare_floats(module, LLVMGetFCmpPredicate(i), a, b);
    }
    spv_define(module, i, ids, count);
    free(ids);
}

/* ---- Conversions ---------------------------------------------------------------------------------------------- */

uint32_t spv_resize(struct spv_module *module, uint32_t id, unsigned from, unsigned to, bool is_signed) {
    if (from == to) {
        return id;
    }
    if (from == 1) {
        uint32_t one = spv_constant(module, to, is_signed ? UINT64_MAX : 1);
        return SPV_RESULT(module, SPV_Select, spv_int(module, to), id, one, spv_constant(module, to, 0));
    }
    if (to == 1) {
        uint32_t low = binary(module, SPV_BitwiseAnd, spv_int(module, from), id, spv_constant(module, from, 1));
        return binary(module, SPV_INotEqual, spv_bool(module), low, spv_constant(module, from, 0));
    }
    return SPV_RESULT(module, is_signed ? SPV_SConvert : SPV_UConvert, spv_int(module, to), id);
}

static uint32_t convert(struct spv_module *module, LLVMValueRef i, LLVMOpcode opcode, LLVMTypeRef from, LLVMTypeRef to, uint32_t id) {
    uint32_t type = spv_scalar_type(module, to);
    unsigned from_bits = spv_bits(module, from), to_bits = spv_bits(module, to);
    switch (opcode) {
    case LLVMTrunc: return mask(module, to, spv_resize(module, id, from_bits, to_bits, false));
    case LLVMZExt: return spv_resize(module, id, from_bits, to_bits, false);
    case LLVMSExt: return mask(module, to, spv_resize(module, sign_extend(module, from, id), from_bits, to_bits, true));
    case LLVMFPTrunc:
    case LLVMFPExt:
        if (LLVMGetTypeKind(from) == LLVMBFloatTypeKind && to_bits == 32) {
            uint32_t wide = spv_resize(module, id, 16, 32, false);
            wide = binary(module, SPV_ShiftLeftLogical, spv_int(module, 32), wide, spv_constant(module, 32, 16));
            return SPV_RESULT(module, SPV_Bitcast, type, wide);
        }
        if (LLVMGetTypeKind(to) == LLVMBFloatTypeKind || LLVMGetTypeKind(from) == LLVMBFloatTypeKind) {
            spv_refuse(module, i, "a conversion of bfloat");
        }
        return SPV_RESULT(module, SPV_FConvert, type, id);
    case LLVMFPToUI: return mask(module, to, SPV_RESULT(module, SPV_ConvertFToU, type, id));
    case LLVMFPToSI: return mask(module, to, SPV_RESULT(module, SPV_ConvertFToS, type, id));
    case LLVMUIToFP:
        return SPV_RESULT(module, SPV_ConvertUToF, type, from_bits == 1 ? spv_resize(module, id, 1, 32, false) : id);
    case LLVMSIToFP:
        return SPV_RESULT(module, SPV_ConvertSToF, type, from_bits == 1 ? spv_resize(module, id, 1, 32, true) : sign_extend(module, from, id));
    case LLVMPtrToInt: return mask(module, to, spv_resize(module, id, from_bits, to_bits, false));
    case LLVMIntToPtr: return spv_resize(module, id, from_bits, to_bits, false);
    default: return id;
    }
}

static void emit_convert(struct spv_module *module, LLVMValueRef i) {
    uint32_t count = spv_component_count(module, LLVMTypeOf(i));
    LLVMTypeRef from = scalar_of(LLVMTypeOf(LLVMGetOperand(i, 0))), to = scalar_of(LLVMTypeOf(i));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    for (uint32_t c = 0; c < count; c++) {
        ids[c] = convert(module, i, LLVMGetInstructionOpcode(i), from, to, spv_component(module, LLVMGetOperand(i, 0), c));
    }
    spv_define(module, i, ids, count);
    free(ids);
}

/* ---- Bit casts, by way of integers ---------------------------------------------------------------------------- */

static uint32_t as_integer(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    return spv_is_float(type) ? SPV_RESULT(module, SPV_Bitcast, spv_int(module, spv_bits(module, type)), id) : id;
}

static uint32_t from_integer(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    return spv_is_float(type) ? SPV_RESULT(module, SPV_Bitcast, spv_scalar_type(module, type), id) : id;
}

static void emit_bitcast(struct spv_module *module, LLVMValueRef i) {
    LLVMValueRef operand = LLVMGetOperand(i, 0);
    LLVMTypeRef from = scalar_of(LLVMTypeOf(operand)), to = scalar_of(LLVMTypeOf(i));
    uint32_t from_count = spv_component_count(module, LLVMTypeOf(operand)), to_count = spv_component_count(module, LLVMTypeOf(i));
    unsigned from_bits = spv_bits(module, from), to_bits = spv_bits(module, to);
    uint32_t *ids = cw_alloc_array(to_count, sizeof *ids);
    if ((from_bits == 1 && from_count > 1) || (to_bits == 1 && to_count > 1)) {
        spv_refuse(module, i, "a bit cast of a vector of i1");
    }
    for (uint32_t t = 0; t < to_count; t++) {
        if (from_bits == to_bits) {
            ids[t] = as_integer(module, from, spv_component(module, operand, t));
        } else if (from_bits > to_bits) {
            uint32_t ratio = from_bits / to_bits;
            uint32_t wide = as_integer(module, from, spv_component(module, operand, t / ratio));
            wide = binary(module, SPV_ShiftRightLogical, spv_int(module, from_bits), wide, spv_constant(module, from_bits, (t % ratio) * to_bits));
            ids[t] = spv_resize(module, wide, from_bits, to_bits, false);
        } else {
            uint32_t ratio = to_bits / from_bits;
            ids[t] = spv_constant(module, to_bits, 0);
            for (uint32_t k = 0; k < ratio; k++) {
                uint32_t part = as_integer(module, from, spv_component(module, operand, t * ratio + k));
                part = spv_resize(module, part, from_bits, to_bits, false);
                part = binary(module, SPV_ShiftLeftLogical, spv_int(module, to_bits), part, spv_constant(module, to_bits, k * from_bits));
                ids[t] = binary(module, SPV_BitwiseOr, spv_int(module, to_bits), ids[t], part);
            }
        }
        ids[t] = from_integer(module, to, ids[t]);
    }
    spv_define(module, i, ids, to_count);
    free(ids);
}

/* ---- Select, vectors, structures ------------------------------------------------------------------------------ */

/* LLVM writes "and" and "or" of conditions as choices, so that one operand may be undefined; shaders know no such values. */
static uint32_t choose_bool(struct spv_module *module, LLVMValueRef i, uint32_t test, uint32_t a, uint32_t b) {
    uint32_t type = spv_bool(module);
    LLVMValueRef yes = LLVMGetOperand(i, 1), no = LLVMGetOperand(i, 2);
    if (LLVMIsAConstantInt(yes) && LLVMConstIntGetZExtValue(yes)) {
        return binary(module, SPV_LogicalOr, type, test, b);
    }
    if (LLVMIsAConstantInt(no) && !LLVMConstIntGetZExtValue(no)) {
        return binary(module, SPV_LogicalAnd, type, test, a);
    }
    if (LLVMIsAConstantInt(yes) || LLVMIsAConstantInt(no)) {
        uint32_t inverse = SPV_RESULT(module, SPV_LogicalNot, type, test);
        return LLVMIsAConstantInt(yes) ? binary(module, SPV_LogicalAnd, type, inverse, b) : binary(module, SPV_LogicalOr, type, inverse, a);
    }
    return SPV_RESULT(module, SPV_Select, type, test, a, b);
}

static void emit_select(struct spv_module *module, LLVMValueRef i) {
    LLVMTypeRef type = LLVMTypeOf(i);
    LLVMValueRef condition = LLVMGetOperand(i, 0);
    bool lanes = LLVMGetTypeKind(LLVMTypeOf(condition)) == LLVMVectorTypeKind;
    uint32_t count = spv_component_count(module, type);
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    for (uint32_t c = 0; c < count; c++) {
        uint32_t test = spv_component(module, condition, lanes ? c : 0);
        uint32_t a = spv_component(module, LLVMGetOperand(i, 1), c), b = spv_component(module, LLVMGetOperand(i, 2), c);
        bool is_bool = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 1;
        ids[c] = is_bool ? choose_bool(module, i, test, a, b)
                         : SPV_RESULT(module, SPV_Select, spv_scalar_type(module, spv_component_type(module, type, c)), test, a, b);
    }
    spv_define(module, i, ids, count);
    free(ids);
}

static void all_components(struct spv_module *module, LLVMValueRef value, uint32_t *ids) {
    uint32_t count = spv_component_count(module, LLVMTypeOf(value));
    for (uint32_t c = 0; c < count; c++) {
        ids[c] = spv_component(module, value, c);
    }
}

/* An index that is not constant chooses among all elements. */
static void emit_extract_element(struct spv_module *module, LLVMValueRef i) {
    LLVMValueRef vector = LLVMGetOperand(i, 0), index = LLVMGetOperand(i, 1);
    uint32_t count = spv_component_count(module, LLVMTypeOf(vector));
    if (LLVMIsAConstantInt(index)) {
        uint64_t c = LLVMConstIntGetZExtValue(index);
        spv_define_one(module, i, spv_component(module, vector, c < count ? (uint32_t)c : 0));
        return;
    }
    unsigned bits = spv_bits(module, LLVMTypeOf(index));
    uint32_t which = spv_use(module, index), type = spv_scalar_type(module, LLVMTypeOf(i));
    uint32_t result = spv_component(module, vector, 0);
    for (uint32_t c = 1; c < count; c++) {
        uint32_t same = binary(module, SPV_IEqual, spv_bool(module), which, spv_constant(module, bits, c));
        result = SPV_RESULT(module, SPV_Select, type, same, spv_component(module, vector, c), result);
    }
    spv_define_one(module, i, result);
}

static void emit_insert_element(struct spv_module *module, LLVMValueRef i) {
    LLVMValueRef index = LLVMGetOperand(i, 2);
    uint32_t count = spv_component_count(module, LLVMTypeOf(i));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    all_components(module, LLVMGetOperand(i, 0), ids);
    uint32_t fresh = spv_use(module, LLVMGetOperand(i, 1));
    unsigned bits = spv_bits(module, LLVMTypeOf(index));
    bool is_constant = LLVMIsAConstantInt(index) != NULL;
    uint32_t which = is_constant ? 0 : spv_use(module, index);
    for (uint32_t c = 0; c < count; c++) {
        if (is_constant) {
            ids[c] = LLVMConstIntGetZExtValue(index) == c ? fresh : ids[c];
            continue;
        }
        uint32_t same = binary(module, SPV_IEqual, spv_bool(module), which, spv_constant(module, bits, c));
        ids[c] = SPV_RESULT(module, SPV_Select, spv_scalar_type(module, scalar_of(LLVMTypeOf(i))), same, fresh, ids[c]);
    }
    spv_define(module, i, ids, count);
    free(ids);
}

static void emit_shuffle(struct spv_module *module, LLVMValueRef i) {
    uint32_t count = spv_component_count(module, LLVMTypeOf(i));
    uint32_t first = spv_component_count(module, LLVMTypeOf(LLVMGetOperand(i, 0)));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    for (uint32_t c = 0; c < count; c++) {
        int source = LLVMGetMaskValue(i, c);
        uint32_t from = source < 0 ? 0 : (uint32_t)source;
        ids[c] = from < first ? spv_component(module, LLVMGetOperand(i, 0), from) : spv_component(module, LLVMGetOperand(i, 1), from - first);
    }
    spv_define(module, i, ids, count);
    free(ids);
}

/* The first component of the part that an extractvalue or insertvalue names, and how many there are. */
static uint32_t part_of(struct spv_module *module, LLVMValueRef i, LLVMTypeRef type, uint32_t *count) {
    const unsigned *indices = LLVMGetIndices(i);
    uint32_t first = 0;
    for (unsigned k = 0; k < LLVMGetNumIndices(i); k++) {
        bool is_struct = LLVMGetTypeKind(type) == LLVMStructTypeKind;
        for (unsigned e = 0; e < indices[k]; e++) {
            first += spv_component_count(module, is_struct ? LLVMStructGetTypeAtIndex(type, e) : LLVMGetElementType(type));
        }
        type = is_struct ? LLVMStructGetTypeAtIndex(type, indices[k]) : LLVMGetElementType(type);
    }
    *count = spv_component_count(module, type);
    return first;
}

static void emit_extract_value(struct spv_module *module, LLVMValueRef i) {
    uint32_t count, first = part_of(module, i, LLVMTypeOf(LLVMGetOperand(i, 0)), &count);
    uint32_t *ids = cw_alloc_array(count + 1u, sizeof *ids);
    for (uint32_t c = 0; c < count; c++) {
        ids[c] = spv_component(module, LLVMGetOperand(i, 0), first + c);
    }
    spv_define(module, i, ids, count);
    free(ids);
}

static void emit_insert_value(struct spv_module *module, LLVMValueRef i) {
    uint32_t count, first = part_of(module, i, LLVMTypeOf(i), &count), all = spv_component_count(module, LLVMTypeOf(i));
    uint32_t *ids = cw_alloc_array(all + 1u, sizeof *ids);
    for (uint32_t c = 0; c < all; c++) {
        bool fresh = c >= first && c - first < count;
        ids[c] = fresh ? spv_component(module, LLVMGetOperand(i, 1), c - first) : spv_component(module, LLVMGetOperand(i, 0), c);
    }
    spv_define(module, i, ids, all);
    free(ids);
}

void spv_emit_instruction(struct spv_module *module, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (LLVMIsABinaryOperator(i)) {
        emit_binary(module, i);
        return;
    }
    switch (opcode) {
    case LLVMFNeg: {
        uint32_t count = spv_component_count(module, LLVMTypeOf(i));
        uint32_t *ids = cw_alloc_array(count, sizeof *ids);
        for (uint32_t c = 0; c < count; c++) {
            ids[c] = negate(module, spv_scalar_type(module, scalar_of(LLVMTypeOf(i))), spv_component(module, LLVMGetOperand(i, 0), c));
        }
        spv_define(module, i, ids, count);
        free(ids);
        return;
    }
    case LLVMICmp:
    case LLVMFCmp: emit_compare(module, i); return;
    case LLVMTrunc:
    case LLVMZExt:
    case LLVMSExt:
    case LLVMFPTrunc:
    case LLVMFPExt:
    case LLVMFPToUI:
    case LLVMFPToSI:
    case LLVMUIToFP:
    case LLVMSIToFP:
    case LLVMPtrToInt:
    case LLVMIntToPtr: emit_convert(module, i); return;
    case LLVMBitCast: emit_bitcast(module, i); return;
    case LLVMAddrSpaceCast: spv_emit_space_cast(module, i); return;
    case LLVMSelect: emit_select(module, i); return;
    case LLVMFreeze: {
        uint32_t count = spv_component_count(module, LLVMTypeOf(i));
        uint32_t *ids = cw_alloc_array(count + 1u, sizeof *ids);
        all_components(module, LLVMGetOperand(i, 0), ids);
        spv_define(module, i, ids, count);
        free(ids);
        return;
    }
    case LLVMExtractElement: emit_extract_element(module, i); return;
    case LLVMInsertElement: emit_insert_element(module, i); return;
    case LLVMShuffleVector: emit_shuffle(module, i); return;
    case LLVMExtractValue: emit_extract_value(module, i); return;
    case LLVMInsertValue: emit_insert_value(module, i); return;
    case LLVMLoad: spv_emit_load(module, i); return;
    case LLVMStore: spv_emit_store(module, i); return;
    case LLVMGetElementPtr: spv_emit_gep(module, i); return;
    case LLVMAlloca: return;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: spv_emit_atomic(module, i); return;
    case LLVMFence: spv_emit_fence(module, SPV_SCOPE_DEVICE); return;
    case LLVMCall: spv_emit_call(module, i); return;
    default: {
        char *text = LLVMPrintValueToString(i);
        spv_refuse(module, i, "there is no form for:%s", text);
        LLVMDisposeMessage(text);
        return;
    }
    }
}
