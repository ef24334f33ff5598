/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: special registers, barriers, and LLVM's intrinsics. Extended instructions are those of GLSL.std.450. */
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/artifact.h"
#include "target/spirv/spirv.h"

enum {
    GLSL_ROUND_EVEN = 2, GLSL_TRUNC = 3, GLSL_FABS = 4, GLSL_FLOOR = 8, GLSL_CEIL = 9, GLSL_SIN = 13, GLSL_COS = 14, GLSL_TAN = 15,
    GLSL_POW = 26, GLSL_EXP = 27, GLSL_LOG = 28, GLSL_EXP2 = 29, GLSL_LOG2 = 30, GLSL_SQRT = 31, GLSL_INVERSE_SQRT = 32, GLSL_FMA = 50, GLSL_FIND_LSB = 73, GLSL_FIND_UMSB = 75,
    GLSL_NMIN = 79, GLSL_NMAX = 80,
};

enum { BUILTIN_WORKGROUP_ID = 26, BUILTIN_LOCAL_ID = 27 };

static uint32_t op2(struct spv_module *module, enum spv_op op, uint32_t type, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, op, type, a, b);
}

static uint32_t constant(struct spv_module *module, unsigned bits, uint64_t value) {
    return spv_constant(module, bits, value);
}

/* ---- Special registers ---------------------------------------------------------------------------------------- */

static uint32_t vector_builtin(struct spv_module *module, uint32_t *variable, uint32_t number, uint32_t component) {
    uint32_t word = spv_int(module, 32), type = spv_vector(module, word, 3);
    if (!*variable) {
        *variable = spv_builtin(module, number, type);
    }
    uint32_t loaded = SPV_RESULT(module, SPV_Load, type, *variable);
    return op2(module, SPV_CompositeExtract, word, loaded, component);
}

/* Of a block that is dispatched as one row: the thread's index along one axis, from its linear one. */
static uint32_t flat_index(struct spv_module *module, uint32_t axis) {
    uint32_t word = spv_int(module, 32), index = spv_local_index(module);
    if (axis > 0) {
        index = op2(module, SPV_UDiv, word, index, module->block_size[0]);
    }
    if (axis > 1) {
        index = op2(module, SPV_UDiv, word, index, module->block_size[1]);
    }
    return axis < 2 ? op2(module, SPV_UMod, word, index, module->block_size[axis]) : index;
}

uint32_t spv_register(struct spv_module *module, enum cw_intrinsic intrinsic) {
    uint32_t word = spv_int(module, 32);
    switch (intrinsic) {
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y:
    case CW_INTRINSIC_TID_Z:
        if (module->kernel_flags & CW_VK_FLAT) {
            return flat_index(module, (uint32_t)(intrinsic - CW_INTRINSIC_TID_X));
        }
        return vector_builtin(module, &module->local_id, BUILTIN_LOCAL_ID, (uint32_t)(intrinsic - CW_INTRINSIC_TID_X));
    case CW_INTRINSIC_NTID_X:
    case CW_INTRINSIC_NTID_Y:
    case CW_INTRINSIC_NTID_Z: return module->block_size[intrinsic - CW_INTRINSIC_NTID_X];
    case CW_INTRINSIC_CTAID_X:
    case CW_INTRINSIC_CTAID_Y:
    case CW_INTRINSIC_CTAID_Z:
        return vector_builtin(module, &module->group_id, BUILTIN_WORKGROUP_ID, (uint32_t)(intrinsic - CW_INTRINSIC_CTAID_X));
    case CW_INTRINSIC_NCTAID_X:
    case CW_INTRINSIC_NCTAID_Y:
    case CW_INTRINSIC_NCTAID_Z: return spv_push_word(module, SPV_PUSH_GRID + 4 * (uint32_t)(intrinsic - CW_INTRINSIC_NCTAID_X), 32);
    case CW_INTRINSIC_LANEID: return op2(module, SPV_BitwiseAnd, word, spv_local_index(module), constant(module, 32, 31));
    case CW_INTRINSIC_WARPID: return op2(module, SPV_ShiftRightLogical, word, spv_local_index(module), constant(module, 32, 5));
    case CW_INTRINSIC_DYNAMIC_SHARED_SIZE: return module->dynamic_shared;
    case CW_INTRINSIC_SMID: return constant(module, 32, 0);
    case CW_INTRINSIC_GRID_VALID: {
        uint32_t flags = spv_push_word(module, SPV_PUSH_FLAGS, 32);
        return op2(module, SPV_BitwiseAnd, word, flags, constant(module, 32, 1));
    }
    default: return 0;
    }
}

/* 1 where the upper half of a generic pointer is `tag`. */
static uint32_t has_tag(struct spv_module *module, LLVMValueRef pointer, uint32_t tag) {
    uint32_t high = op2(module, SPV_ShiftRightLogical, spv_int(module, 64), spv_use(module, pointer), constant(module, 64, 32));
    uint32_t same = op2(module, SPV_IEqual, spv_bool(module), high, constant(module, 64, tag));
    return spv_resize(module, same, 1, 32, false);
}

/* Constant variables lie at the beginning of the module's. */
static uint32_t is_constant(struct spv_module *module, LLVMValueRef pointer) {
    uint32_t base = spv_push_word(module, SPV_PUSH_GLOBALS, 64);
    uint32_t offset = op2(module, SPV_ISub, spv_int(module, 64), spv_use(module, pointer), base);
    return op2(module, SPV_ULessThan, spv_bool(module), offset, constant(module, 64, module->globals->constant_size));
}

static void emit_is_global(struct spv_module *module, LLVMValueRef call) {
    LLVMValueRef pointer = LLVMGetOperand(call, 0);
    uint32_t word = spv_int(module, 32), other = spv_resize(module, is_constant(module, pointer), 1, 32, false);
    other = op2(module, SPV_BitwiseOr, word, other, has_tag(module, pointer, 0x7fff0003u));
    other = op2(module, SPV_BitwiseOr, word, other, has_tag(module, pointer, 0x7fff0005u));
    spv_define_one(module, call, op2(module, SPV_BitwiseXor, word, other, constant(module, 32, 1)));
}

/* SPV_KHR_shader_clock: a counter that rises, at a rate that the device doesn't tell. */
static bool emit_clock(struct spv_module *module, LLVMValueRef call, bool wide) {
    if (!(module->abilities & SPV_ABILITY_CLOCK)) {
        return false;
    }
    spv_need(module, SPV_CAP_CLOCK);
    module->uses_clock = true;
    uint32_t ticks = SPV_RESULT(module, SPV_ReadClockKHR, spv_int(module, 64), constant(module, 32, SPV_SCOPE_DEVICE));
    spv_define_one(module, call, spv_resize(module, ticks, 64, wide ? 64 : 32, false));
    return true;
}

static bool emit_intrinsic(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint32_t id = spv_register(module, intrinsic);
    if (id) {
        spv_define_one(module, call, id);
        return true;
    }
    switch (intrinsic) {
    case CW_INTRINSIC_BARRIER:
        for (unsigned i = 0; i < 2; i++) {
            LLVMValueRef operand = LLVMGetOperand(call, i);
            if (!LLVMIsAConstantInt(operand) || LLVMConstIntGetZExtValue(operand) != 0) {
                spv_refuse(module, call, "a barrier of some of the block's threads");
            }
        }
        spv_emit_block_barrier(module, call);
        return true;
    case CW_INTRINSIC_VPRINTF: spv_emit_print(module, call); return true;
    case CW_INTRINSIC_TRAP: spv_emit_fault(module, call, CW_VK_FAULT_TRAP); return true;
    case CW_INTRINSIC_ASSERT_FAIL: spv_emit_fault(module, call, CW_VK_FAULT_ASSERT); return true;
    case CW_INTRINSIC_YIELD:
    case CW_INTRINSIC_POLL:
    case CW_INTRINSIC_BREAKPOINT:
    case CW_INTRINSIC_NANOSLEEP: return true;
    case CW_INTRINSIC_IS_SHARED: spv_define_one(module, call, has_tag(module, LLVMGetOperand(call, 0), 0x7fff0003u)); return true;
    case CW_INTRINSIC_IS_LOCAL: spv_define_one(module, call, has_tag(module, LLVMGetOperand(call, 0), 0x7fff0005u)); return true;
    case CW_INTRINSIC_CLOCK:
    case CW_INTRINSIC_CLOCK64: return emit_clock(module, call, intrinsic == CW_INTRINSIC_CLOCK64);
    case CW_INTRINSIC_IS_CONSTANT: spv_define_one(module, call, spv_resize(module, is_constant(module, LLVMGetOperand(call, 0)), 1, 32, false)); return true;
    case CW_INTRINSIC_IS_GLOBAL: emit_is_global(module, call); return true;
    case CW_INTRINSIC_GRID_ARRIVE: spv_emit_grid_arrive(module, call); return true;
    case CW_INTRINSIC_GRID_WAIT: spv_emit_grid_wait(module, call); return true;
    default: return spv_emit_warp(module, call, intrinsic);
    }
}

/* ---- LLVM's intrinsics: by component -------------------------------------------------------------------------- */

struct operands {
    LLVMValueRef call;
    LLVMTypeRef type;        /* of a component of the result */
    unsigned bits;           /* of the same */
    uint32_t id_type;
    uint32_t ids[4];         /* the operands' components; 0 where they have none */
    LLVMTypeRef from;        /* of a component of the first operand */
    unsigned width;          /* an integer's, before padding */
};

typedef uint32_t (*component_emitter)(struct spv_module *module, const struct operands *o, unsigned parameter);

static uint32_t emit_glsl(struct spv_module *module, const struct operands *o, unsigned number) {
    uint32_t count = 0;
    while (count < 4 && o->ids[count]) {
        count++;
    }
    return spv_glsl(module, number, o->id_type, o->ids, count);
}

/* From the inverse root y: x y is within some units of the root, and the remainder is exact, so one step with y / 2 rounds it right. Zeros,
 * infinity and NaN are their own roots; those of other negative values are NaN by themselves. */
static uint32_t exact_root(struct spv_module *module, uint32_t type, uint32_t x) {
    uint32_t boolean = spv_bool(module), y = spv_glsl(module, GLSL_INVERSE_SQRT, type, &x, 1);
    uint32_t root = op2(module, SPV_FMul, type, x, y), half = op2(module, SPV_FMul, type, y, spv_float_constant(module, 32, 0x3f000000));
    uint32_t minus = SPV_RESULT(module, SPV_FNegate, type, root);
    uint32_t rest = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){minus, root, x}, 3);
    uint32_t better = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){rest, half, root}, 3);
    spv_decorate(module, root, SPV_DECORATION_NO_CONTRACTION, 0);
    spv_decorate(module, rest, SPV_DECORATION_NO_CONTRACTION, 0);
    spv_decorate(module, better, SPV_DECORATION_NO_CONTRACTION, 0);
    uint32_t nonzero = op2(module, SPV_FUnordNotEqual, boolean, x, spv_float_constant(module, 32, 0));
    uint32_t finite = op2(module, SPV_FUnordNotEqual, boolean, x, spv_float_constant(module, 32, 0x7f800000));
    return SPV_RESULT(module, SPV_Select, type, op2(module, SPV_LogicalAnd, boolean, nonzero, finite), better, x);
}

/* As instruction.c's division: Vulkan promises little of square roots. Small arguments are scaled, so that the remainder of the
 * step is exact. */
static uint32_t emit_sqrt(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    if (o->bits != 32 || LLVMGetFastMathFlags(o->call) & LLVMFastMathApproxFunc) {
        return emit_glsl(module, o, GLSL_SQRT);
    }
    uint32_t boolean = spv_bool(module), type = o->id_type, x = o->ids[0];
    uint32_t small = op2(module, SPV_FOrdLessThan, boolean, x, spv_float_constant(module, 32, 0x21800000)); /* 2^-60 */
    uint32_t scaled = op2(module, SPV_FMul, type, x, spv_float_constant(module, 32, 0x5f800000)); /* 2^64 */
    x = SPV_RESULT(module, SPV_Select, type, small, scaled, x);
    if (module->abilities & SPV_ABILITY_FUSED) {
        uint32_t value = exact_root(module, type, x);
        scaled = op2(module, SPV_FMul, type, value, spv_float_constant(module, 32, 0x2f800000)); /* 2^-32 */
        return SPV_RESULT(module, SPV_Select, type, small, scaled, value);
    }
    uint32_t root = spv_glsl(module, GLSL_SQRT, type, &x, 1);
    uint32_t minus = SPV_RESULT(module, SPV_FNegate, type, root);
    uint32_t rest = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){minus, root, x}, 3);
    uint32_t half = op2(module, SPV_FDiv, type, spv_float_constant(module, 32, 0x3f000000), root);
    uint32_t better = spv_glsl(module, GLSL_FMA, type, (const uint32_t[]){rest, half, root}, 3);
    spv_decorate(module, rest, SPV_DECORATION_NO_CONTRACTION, 0);
    spv_decorate(module, better, SPV_DECORATION_NO_CONTRACTION, 0);
    uint32_t positive = op2(module, SPV_FOrdGreaterThan, boolean, x, spv_float_constant(module, 32, 0));
    uint32_t finite = op2(module, SPV_FOrdLessThan, boolean, x, spv_float_constant(module, 32, 0x7f800000));
    root = SPV_RESULT(module, SPV_Select, type, op2(module, SPV_LogicalAnd, boolean, positive, finite), better, root);
    scaled = op2(module, SPV_FMul, type, root, spv_float_constant(module, 32, 0x2f800000)); /* 2^-32 */
    return SPV_RESULT(module, SPV_Select, type, small, scaled, root);
}

static uint32_t emit_approximate(struct spv_module *module, const struct operands *o, unsigned number) {
    if (o->bits != 32 && number != GLSL_SQRT) {
        spv_refuse(module, o->call, "'%s' of this width", cw_value_name(cw_called_function(o->call)));
        return o->ids[0];
    }
    return emit_glsl(module, o, number);
}

static uint32_t emit_fma(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t id = spv_glsl(module, GLSL_FMA, o->id_type, o->ids, 3);
    spv_decorate(module, id, SPV_DECORATION_NO_CONTRACTION, 0);
    return id;
}

/* Half away from zero: trunc(x), and one more where what was cut is at least a half. */
static uint32_t emit_round(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint64_t one = o->bits == 16 ? 0x3c00 : o->bits == 32 ? 0x3f800000 : UINT64_C(0x3ff0000000000000);
    uint64_t half = o->bits == 16 ? 0x3800 : o->bits == 32 ? 0x3f000000 : UINT64_C(0x3fe0000000000000);
    uint32_t zero = spv_float_constant(module, o->bits, 0), unit = spv_float_constant(module, o->bits, one);
    uint32_t cut = spv_glsl(module, GLSL_TRUNC, o->id_type, o->ids, 1);
    uint32_t rest = op2(module, SPV_FSub, o->id_type, o->ids[0], cut);
    rest = spv_glsl(module, GLSL_FABS, o->id_type, &rest, 1);
    uint32_t more = op2(module, SPV_FOrdGreaterThanEqual, spv_bool(module), rest, spv_float_constant(module, o->bits, half));
    uint32_t negative = op2(module, SPV_FOrdLessThan, spv_bool(module), o->ids[0], zero);
    uint32_t minus = SPV_RESULT(module, SPV_FNegate, o->id_type, unit);
    uint32_t step = SPV_RESULT(module, SPV_Select, o->id_type, negative, minus, unit);
    uint32_t sum = op2(module, SPV_FAdd, o->id_type, cut, step);
    return SPV_RESULT(module, SPV_Select, o->id_type, more, sum, cut);
}

static uint32_t emit_copysign(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t type = spv_int(module, o->bits);
    uint64_t sign = UINT64_C(1) << (o->bits - 1);
    uint32_t size = op2(module, SPV_BitwiseAnd, type, SPV_RESULT(module, SPV_Bitcast, type, o->ids[0]), constant(module, o->bits, sign - 1));
    uint32_t mark = op2(module, SPV_BitwiseAnd, type, SPV_RESULT(module, SPV_Bitcast, type, o->ids[1]), constant(module, o->bits, sign));
    return SPV_RESULT(module, SPV_Bitcast, o->id_type, op2(module, SPV_BitwiseOr, type, size, mark));
}

/* llvm.minimum and llvm.maximum: NaN if either is. */
static uint32_t emit_minimum(struct spv_module *module, const struct operands *o, unsigned number) {
    uint32_t least = spv_glsl(module, number, o->id_type, o->ids, 2);
    uint32_t sum = op2(module, SPV_FAdd, o->id_type, o->ids[0], o->ids[1]);
    uint32_t nan = SPV_RESULT(module, SPV_IsNan, spv_bool(module), sum);
    uint32_t a = SPV_RESULT(module, SPV_IsNan, spv_bool(module), o->ids[0]), b = SPV_RESULT(module, SPV_IsNan, spv_bool(module), o->ids[1]);
    uint32_t either = op2(module, SPV_LogicalAnd, spv_bool(module), nan, op2(module, SPV_LogicalOr, spv_bool(module), a, b));
    return SPV_RESULT(module, SPV_Select, o->id_type, either, sum, least);
}

/* Signed operands of a padded width are sign-extended; results of signed operations are masked again. */
static uint32_t widened(struct spv_module *module, const struct operands *o, uint32_t id, bool is_signed) {
    if (!is_signed || o->width == o->bits) {
        return id;
    }
    uint32_t amount = constant(module, o->bits, o->bits - o->width);
    id = op2(module, SPV_ShiftLeftLogical, o->id_type, id, amount);
    return op2(module, SPV_ShiftRightArithmetic, o->id_type, id, amount);
}

static uint32_t narrowed(struct spv_module *module, const struct operands *o, uint32_t id) {
    if (o->width == o->bits) {
        return id;
    }
    return op2(module, SPV_BitwiseAnd, o->id_type, id, constant(module, o->bits, (UINT64_C(1) << o->width) - 1));
}

/* The parameter is the comparison that chooses the first operand. */
static uint32_t emit_choose(struct spv_module *module, const struct operands *o, unsigned comparison) {
    bool is_signed = comparison == SPV_SLessThan || comparison == SPV_SGreaterThan;
    uint32_t a = widened(module, o, o->ids[0], is_signed), b = widened(module, o, o->ids[1], is_signed);
    uint32_t test = op2(module, (enum spv_op)comparison, spv_bool(module), a, b);
    return SPV_RESULT(module, SPV_Select, o->id_type, test, o->ids[0], o->ids[1]);
}

static uint32_t emit_abs(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t value = widened(module, o, o->ids[0], true);
    uint32_t test = op2(module, SPV_SLessThan, spv_bool(module), value, constant(module, o->bits, 0));
    uint32_t minus = SPV_RESULT(module, SPV_SNegate, o->id_type, value);
    return narrowed(module, o, SPV_RESULT(module, SPV_Select, o->id_type, test, minus, value));
}

/* Vulkan counts bits of 32-bit integers only. */
static uint32_t half_of(struct spv_module *module, uint32_t id, bool high) {
    if (high) {
        id = op2(module, SPV_ShiftRightLogical, spv_int(module, 64), id, constant(module, 64, 32));
    }
    return spv_resize(module, id, 64, 32, false);
}

static uint32_t emit_popcount(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t word = spv_int(module, 32), count;
    if (o->bits == 64) {
        uint32_t low = SPV_RESULT(module, SPV_BitCount, word, half_of(module, o->ids[0], false));
        uint32_t high = SPV_RESULT(module, SPV_BitCount, word, half_of(module, o->ids[0], true));
        count = op2(module, SPV_IAdd, word, low, high);
    } else {
        count = SPV_RESULT(module, SPV_BitCount, word, spv_resize(module, o->ids[0], o->bits, 32, false));
    }
    return spv_resize(module, count, 32, o->bits, false);
}

static uint32_t find_bit(struct spv_module *module, uint32_t number, uint32_t id) {
    return spv_glsl(module, number, spv_int(module, 32), &id, 1);
}

/* Zeros above the highest one; the width when there is none: FindUMsb gives -1 then. */
static uint32_t emit_ctlz(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t word = spv_int(module, 32), place;
    if (o->bits == 64) {
        uint32_t high = half_of(module, o->ids[0], true), low = half_of(module, o->ids[0], false);
        uint32_t test = op2(module, SPV_INotEqual, spv_bool(module), high, constant(module, 32, 0));
        uint32_t above = op2(module, SPV_IAdd, word, find_bit(module, GLSL_FIND_UMSB, high), constant(module, 32, 32));
        place = SPV_RESULT(module, SPV_Select, word, test, above, find_bit(module, GLSL_FIND_UMSB, low));
    } else {
        place = find_bit(module, GLSL_FIND_UMSB, spv_resize(module, o->ids[0], o->bits, 32, false));
    }
    uint32_t count = op2(module, SPV_ISub, word, constant(module, 32, o->width - 1), place);
    return spv_resize(module, count, 32, o->bits, false);
}

static uint32_t emit_cttz(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t word = spv_int(module, 32), boolean = spv_bool(module), zero = constant(module, 32, 0), place, any;
    if (o->bits == 64) {
        uint32_t high = half_of(module, o->ids[0], true), low = half_of(module, o->ids[0], false);
        uint32_t test = op2(module, SPV_INotEqual, boolean, low, zero);
        uint32_t above = op2(module, SPV_IAdd, word, find_bit(module, GLSL_FIND_LSB, high), constant(module, 32, 32));
        place = SPV_RESULT(module, SPV_Select, word, test, find_bit(module, GLSL_FIND_LSB, low), above);
        any = op2(module, SPV_INotEqual, boolean, o->ids[0], constant(module, 64, 0));
    } else {
        uint32_t wide = spv_resize(module, o->ids[0], o->bits, 32, false);
        place = find_bit(module, GLSL_FIND_LSB, wide);
        any = op2(module, SPV_INotEqual, boolean, wide, zero);
    }
    place = SPV_RESULT(module, SPV_Select, word, any, place, constant(module, 32, o->width));
    return spv_resize(module, place, 32, o->bits, false);
}

static uint32_t emit_bitreverse(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t word = spv_int(module, 32);
    if (o->bits == 64) {
        uint32_t halves[2] = {SPV_RESULT(module, SPV_BitReverse, word, half_of(module, o->ids[0], true)),
                              SPV_RESULT(module, SPV_BitReverse, word, half_of(module, o->ids[0], false))};
        uint32_t pair = spv_result(module, SPV_CompositeConstruct, spv_vector(module, word, 2), halves, 2);
        return SPV_RESULT(module, SPV_Bitcast, o->id_type, pair);
    }
    uint32_t turned = SPV_RESULT(module, SPV_BitReverse, word, spv_resize(module, o->ids[0], o->bits, 32, false));
    turned = op2(module, SPV_ShiftRightLogical, word, turned, constant(module, 32, 32 - o->width));
    return spv_resize(module, turned, 32, o->bits, false);
}

static uint32_t emit_bswap(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    uint32_t sum = 0;
    for (unsigned byte = 0; byte < o->bits / 8; byte++) {
        uint32_t part = op2(module, SPV_ShiftRightLogical, o->id_type, o->ids[0], constant(module, o->bits, 8 * byte));
        part = op2(module, SPV_BitwiseAnd, o->id_type, part, constant(module, o->bits, 0xff));
        part = op2(module, SPV_ShiftLeftLogical, o->id_type, part, constant(module, o->bits, o->bits - 8 - 8 * byte));
        sum = sum ? op2(module, SPV_BitwiseOr, o->id_type, sum, part) : part;
    }
    return sum;
}

/* fshl (left) and fshr: the two operands side by side, shifted by an amount modulo their width. */
static uint32_t emit_funnel(struct spv_module *module, const struct operands *o, unsigned left) {
    uint32_t amount = op2(module, SPV_UMod, o->id_type, o->ids[2], constant(module, o->bits, o->width));
    uint32_t rest = op2(module, SPV_ISub, o->id_type, constant(module, o->bits, o->width - 1), amount);
    uint32_t one = constant(module, o->bits, 1), a = o->ids[0], b = o->ids[1];
    if (left) {
        a = op2(module, SPV_ShiftLeftLogical, o->id_type, a, amount);
        b = op2(module, SPV_ShiftRightLogical, o->id_type, op2(module, SPV_ShiftRightLogical, o->id_type, b, one), rest);
    } else {
        a = op2(module, SPV_ShiftLeftLogical, o->id_type, op2(module, SPV_ShiftLeftLogical, o->id_type, a, one), rest);
        b = op2(module, SPV_ShiftRightLogical, o->id_type, b, amount);
    }
    return narrowed(module, o, op2(module, SPV_BitwiseOr, o->id_type, a, b));
}

/* Three-way comparison: -1, 0 or 1. */
static uint32_t emit_three_way(struct spv_module *module, const struct operands *o, unsigned is_signed) {
    uint32_t boolean = spv_bool(module), zero = constant(module, o->bits, 0), one = constant(module, o->bits, 1);
    uint32_t minus = constant(module, o->bits, UINT64_MAX);
    uint32_t less = op2(module, is_signed ? SPV_SLessThan : SPV_ULessThan, boolean, o->ids[0], o->ids[1]);
    uint32_t more = op2(module, is_signed ? SPV_SGreaterThan : SPV_UGreaterThan, boolean, o->ids[0], o->ids[1]);
    return SPV_RESULT(module, SPV_Select, o->id_type, less, minus, SPV_RESULT(module, SPV_Select, o->id_type, more, one, zero));
}

enum { ADD_UNSIGNED, SUB_UNSIGNED, ADD_SIGNED, SUB_SIGNED };

static uint32_t emit_saturating(struct spv_module *module, const struct operands *o, unsigned kind) {
    uint32_t boolean = spv_bool(module), a = o->ids[0], b = o->ids[1];
    if (o->width != o->bits) {
        spv_refuse(module, o->call, "saturation of %u bits", o->width);
        return a;
    }
    bool adds = kind == ADD_UNSIGNED || kind == ADD_SIGNED;
    uint32_t sum = op2(module, adds ? SPV_IAdd : SPV_ISub, o->id_type, a, b);
    if (kind == ADD_UNSIGNED || kind == SUB_UNSIGNED) {
        uint32_t past = op2(module, kind == ADD_UNSIGNED ? SPV_ULessThan : SPV_UGreaterThan, boolean, sum, a);
        uint32_t limit = constant(module, o->bits, kind == ADD_UNSIGNED ? UINT64_MAX : 0);
        return SPV_RESULT(module, SPV_Select, o->id_type, past, limit, sum);
    }
    /* Overflow where the sign of the result differs from what both operands say. */
    uint32_t x = op2(module, SPV_BitwiseXor, o->id_type, a, sum);
    uint32_t y = adds ? op2(module, SPV_BitwiseXor, o->id_type, b, sum) : op2(module, SPV_BitwiseXor, o->id_type, a, b);
    uint32_t zero = constant(module, o->bits, 0);
    uint32_t past = op2(module, SPV_SLessThan, boolean, op2(module, SPV_BitwiseAnd, o->id_type, x, y), zero);
    uint32_t sign = op2(module, SPV_ShiftRightArithmetic, o->id_type, a, constant(module, o->bits, o->bits - 1));
    uint32_t limit = op2(module, SPV_BitwiseXor, o->id_type, sign, constant(module, o->bits, (UINT64_C(1) << (o->bits - 1)) - 1));
    return SPV_RESULT(module, SPV_Select, o->id_type, past, limit, sum);
}

static uint64_t power_of_two(unsigned float_bits, unsigned exponent) {
    if (float_bits == 64) {
        return (uint64_t)(1023 + exponent) << 52;
    }
    return float_bits == 32 ? (uint64_t)(127 + exponent) << 23 : exponent > 15 ? 0x7c00 : (uint64_t)(15 + exponent) << 10;
}

/* fptosi.sat and fptoui.sat: the range's ends outside of it, 0 for NaN. */
static uint32_t emit_to_int(struct spv_module *module, const struct operands *o, unsigned is_signed) {
    uint32_t boolean = spv_bool(module), x = o->ids[0];
    unsigned from = spv_bits(module, o->from);
    unsigned bits = o->bits < 32 ? 32 : o->bits;
    uint32_t type = spv_int(module, bits);
    uint64_t high_limit = is_signed ? (UINT64_C(1) << (o->width - 1)) - 1 : o->width == 64 ? UINT64_MAX : (UINT64_C(1) << o->width) - 1;
    uint64_t low_limit = is_signed ? ~high_limit : 0;
    uint32_t high = spv_float_constant(module, from, power_of_two(from, is_signed ? o->width - 1 : o->width));
    uint32_t inside = SPV_RESULT(module, is_signed ? SPV_ConvertFToS : SPV_ConvertFToU, type, x);
    uint32_t over = op2(module, SPV_FOrdGreaterThanEqual, boolean, x, high);
    uint32_t low = is_signed ? SPV_RESULT(module, SPV_FNegate, spv_float(module, from), high) : spv_float_constant(module, from, 0);
    uint32_t under = op2(module, SPV_FOrdLessThan, boolean, x, low);
    uint32_t result = SPV_RESULT(module, SPV_Select, type, over, constant(module, bits, high_limit), inside);
    result = SPV_RESULT(module, SPV_Select, type, under, constant(module, bits, low_limit), result);
    uint32_t nan = SPV_RESULT(module, SPV_IsNan, boolean, x);
    result = SPV_RESULT(module, SPV_Select, type, nan, constant(module, bits, 0), result);
    return narrowed(module, o, spv_resize(module, result, bits, o->bits, false));
}

static uint32_t emit_same(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)module, (void)unused;
    return o->ids[0];
}

/* Classes of llvm.is.fpclass: bits 0 and 1 NaN; 2 -inf, 3 -normal, 4 -subnormal, 5 -0, 6 +0, 7 +subnormal, 8 +normal, 9 +inf. */
static uint32_t emit_class(struct spv_module *module, const struct operands *o, unsigned unused) {
    (void)unused;
    unsigned bits = spv_bits(module, o->from);
    uint64_t classes = LLVMConstIntGetZExtValue(LLVMGetOperand(o->call, 1));
    uint32_t type = spv_int(module, bits), boolean = spv_bool(module);
    unsigned mantissa = bits == 64 ? 52 : bits == 32 ? 23 : 10;
    uint64_t infinity = ((UINT64_C(1) << (bits - 1)) - 1) >> mantissa << mantissa;
    uint32_t pattern = SPV_RESULT(module, SPV_Bitcast, type, o->ids[0]);
    uint32_t size = op2(module, SPV_BitwiseAnd, type, pattern, constant(module, bits, (UINT64_C(1) << (bits - 1)) - 1));
    uint32_t negative = op2(module, SPV_SLessThan, boolean, pattern, constant(module, bits, 0));
    uint32_t positive = SPV_RESULT(module, SPV_LogicalNot, boolean, negative);
    uint32_t limit = constant(module, bits, infinity), least = constant(module, bits, UINT64_C(1) << mantissa), zero = constant(module, bits, 0);
    uint32_t below = op2(module, SPV_ULessThan, boolean, size, limit);
    uint32_t small = op2(module, SPV_ULessThan, boolean, size, least);
    uint32_t is_zero = op2(module, SPV_IEqual, boolean, size, zero);
    uint32_t not_zero = SPV_RESULT(module, SPV_LogicalNot, boolean, is_zero);
    uint32_t normal = op2(module, SPV_LogicalAnd, boolean, below, SPV_RESULT(module, SPV_LogicalNot, boolean, small));
    uint32_t subnormal = op2(module, SPV_LogicalAnd, boolean, small, not_zero);
    uint32_t is_infinite = op2(module, SPV_IEqual, boolean, size, limit);
    const uint32_t kinds[4] = {is_infinite, normal, subnormal, is_zero};
    uint32_t result = spv_bool_constant(module, false);
    if (classes & 3) {
        result = op2(module, SPV_UGreaterThan, boolean, size, limit);
    }
    for (unsigned k = 0; k < 4; k++) {
        bool minus = classes >> (2 + k) & 1, plus = classes >> (9 - k) & 1;
        if (minus || plus) {
            uint32_t part = minus && plus ? kinds[k] : op2(module, SPV_LogicalAnd, boolean, kinds[k], minus ? negative : positive);
            result = op2(module, SPV_LogicalOr, boolean, result, part);
        }
    }
    return result;
}

static const struct row {
    const char *prefix;
    component_emitter emit;
    unsigned parameter;
} rows[] = {
    {"llvm.fma.", emit_fma, 0},
    {"llvm.fmuladd.", emit_fma, 0},
    {"llvm.sqrt.", emit_sqrt, 0},
    {CW_SHADER_RSQRT, emit_glsl, GLSL_INVERSE_SQRT},
    {"llvm.fabs.", emit_glsl, GLSL_FABS},
    {"llvm.floor.", emit_glsl, GLSL_FLOOR},
    {"llvm.ceil.", emit_glsl, GLSL_CEIL},
    {"llvm.trunc.", emit_glsl, GLSL_TRUNC},
    {"llvm.rint.", emit_glsl, GLSL_ROUND_EVEN},
    {"llvm.nearbyint.", emit_glsl, GLSL_ROUND_EVEN},
    {"llvm.roundeven.", emit_glsl, GLSL_ROUND_EVEN},
    {"llvm.round.", emit_round, 0},
    {"llvm.copysign.", emit_copysign, 0},
    {"llvm.minnum.", emit_glsl, GLSL_NMIN},
    {"llvm.maxnum.", emit_glsl, GLSL_NMAX},
    {"llvm.minimumnum.", emit_glsl, GLSL_NMIN},
    {"llvm.maximumnum.", emit_glsl, GLSL_NMAX},
    {"llvm.minimum.", emit_minimum, GLSL_NMIN},
    {"llvm.maximum.", emit_minimum, GLSL_NMAX},
    {"llvm.canonicalize.", emit_same, 0},
    {"llvm.sin.", emit_approximate, GLSL_SIN},
    {"llvm.cos.", emit_approximate, GLSL_COS},
    {"llvm.exp2.", emit_approximate, GLSL_EXP2},
    {"llvm.log2.", emit_approximate, GLSL_LOG2},
    {"llvm.is.fpclass.", emit_class, 0},
    {"llvm.smin.", emit_choose, SPV_SLessThan},
    {"llvm.smax.", emit_choose, SPV_SGreaterThan},
    {"llvm.umin.", emit_choose, SPV_ULessThan},
    {"llvm.umax.", emit_choose, SPV_UGreaterThan},
    {"llvm.abs.", emit_abs, 0},
    {"llvm.ctpop.", emit_popcount, 0},
    {"llvm.ctlz.", emit_ctlz, 0},
    {"llvm.cttz.", emit_cttz, 0},
    {"llvm.bitreverse.", emit_bitreverse, 0},
    {"llvm.bswap.", emit_bswap, 0},
    {"llvm.fshl.", emit_funnel, 1},
    {"llvm.fshr.", emit_funnel, 0},
    {"llvm.scmp.", emit_three_way, 1},
    {"llvm.ucmp.", emit_three_way, 0},
    {"llvm.uadd.sat.", emit_saturating, ADD_UNSIGNED},
    {"llvm.usub.sat.", emit_saturating, SUB_UNSIGNED},
    {"llvm.sadd.sat.", emit_saturating, ADD_SIGNED},
    {"llvm.ssub.sat.", emit_saturating, SUB_SIGNED},
    {"llvm.fptosi.sat.", emit_to_int, 1},
    {"llvm.fptoui.sat.", emit_to_int, 0},
    {"llvm.expect.", emit_same, 0},
    {"llvm.ssa.copy.", emit_same, 0},
};

static LLVMTypeRef scalar_of(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind ? LLVMGetElementType(type) : type;
}

static bool is_wide(LLVMTypeRef type) {
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind;
}

static void emit_components(struct spv_module *module, LLVMValueRef call, const struct row *row) {
    uint32_t count = spv_component_count(module, LLVMTypeOf(call));
    uint32_t *ids = cw_alloc_array(count, sizeof *ids);
    unsigned arguments = (unsigned)LLVMGetNumArgOperands(call);
    struct operands o = {.call = call, .type = scalar_of(LLVMTypeOf(call)), .from = scalar_of(LLVMTypeOf(LLVMGetOperand(call, 0)))};
    o.bits = spv_bits(module, o.type);
    o.id_type = spv_scalar_type(module, o.type);
    o.width = LLVMGetTypeKind(o.type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(o.type) : o.bits;
    for (uint32_t c = 0; c < count; c++) {
        for (unsigned a = 0; a < arguments && a < 4; a++) {
            LLVMValueRef argument = LLVMGetOperand(call, a);
            /* Flags of some intrinsics are constants, which their emitters read off the call. */
            bool flag = a > 0 && LLVMGetTypeKind(LLVMTypeOf(argument)) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(LLVMTypeOf(argument)) == 1;
            o.ids[a] = flag ? 0 : spv_component(module, argument, is_wide(LLVMTypeOf(argument)) ? c : 0);
        }
        ids[c] = row->emit(module, &o, row->parameter);
    }
    spv_define(module, call, ids, count);
    free(ids);
}

/* ---- {result, overflow} --------------------------------------------------------------------------------------- */

static uint32_t multiplied_high(struct spv_module *module, uint32_t type, unsigned bits, uint32_t a, uint32_t b, uint32_t *low) {
    const uint32_t key[2] = {type, type};
    uint32_t pair = spv_pair_type(module, key), product = SPV_RESULT(module, SPV_UMulExtended, pair, a, b);
    (void)bits;
    *low = op2(module, SPV_CompositeExtract, type, product, 0);
    return op2(module, SPV_CompositeExtract, type, product, 1);
}

static void emit_overflow(struct spv_module *module, LLVMValueRef call, const char *name) {
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(call, 0));
    unsigned bits = spv_bits(module, type);
    uint32_t a = spv_use(module, LLVMGetOperand(call, 0)), b = spv_use(module, LLVMGetOperand(call, 1));
    uint32_t id_type = spv_scalar_type(module, type), boolean = spv_bool(module), zero = constant(module, bits, 0), ids[2];
    bool is_signed = name[5] == 's', adds = strncmp(name + 6, "add", 3) == 0, multiplies = strncmp(name + 6, "mul", 3) == 0;
    if (LLVMGetIntTypeWidth(type) != bits || (multiplies && is_signed && bits == 64)) {
        spv_refuse(module, call, "'%s'", name);
        return;
    }
    if (multiplies && is_signed) {
        uint32_t wide = spv_int(module, 64);
        uint32_t product = op2(module, SPV_IMul, wide, spv_resize(module, a, bits, 64, true), spv_resize(module, b, bits, 64, true));
        ids[0] = spv_resize(module, product, 64, bits, false);
        ids[1] = op2(module, SPV_INotEqual, boolean, product, spv_resize(module, ids[0], bits, 64, true));
    } else if (multiplies) {
        uint32_t high = multiplied_high(module, id_type, bits, a, b, &ids[0]);
        ids[1] = op2(module, SPV_INotEqual, boolean, high, zero);
    } else {
        ids[0] = op2(module, adds ? SPV_IAdd : SPV_ISub, id_type, a, b);
        if (!is_signed) {
            ids[1] = adds ? op2(module, SPV_ULessThan, boolean, ids[0], a) : op2(module, SPV_ULessThan, boolean, a, b);
        } else {
            uint32_t x = op2(module, SPV_BitwiseXor, id_type, a, ids[0]);
            uint32_t y = op2(module, SPV_BitwiseXor, id_type, adds ? b : a, adds ? ids[0] : b);
            ids[1] = op2(module, SPV_SLessThan, boolean, op2(module, SPV_BitwiseAnd, id_type, x, y), zero);
        }
    }
    spv_define(module, call, ids, 2);
}

/* ---- Calls ---------------------------------------------------------------------------------------------------- */

static bool is_ignored(const char *name) {
    static const char *const prefixes[] = {"llvm.assume", "llvm.lifetime.", "llvm.dbg.", "llvm.experimental.noalias", "llvm.prefetch",
                                           "llvm.donothing"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

void spv_emit_call(struct spv_module *module, LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    if (!callee) {
        spv_refuse(module, call, LLVMIsAInlineAsm(LLVMGetCalledValue(call)) ? "inline assembly" : "a call through a pointer");
        return;
    }
    const char *name = cw_value_name(callee);
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (intrinsic != CW_INTRINSIC_COUNT) {
        if (!emit_intrinsic(module, call, intrinsic)) {
            spv_refuse(module, call, "%s (%s)", name, cw_intrinsics[intrinsic].doc);
        }
        return;
    }
    if (is_ignored(name)) {
        return;
    }
    if (strcmp(name, "llvm.trap") == 0) {
        spv_emit_fault(module, call, CW_VK_FAULT_TRAP);
        return;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strncmp(name, rows[i].prefix, strlen(rows[i].prefix)) == 0) {
            emit_components(module, call, &rows[i]);
            return;
        }
    }
    if (strncmp(name, "llvm.masked.load.", 17) == 0 && spv_emit_masked_load(module, call)) {
        return;
    }
    if (strstr(name, ".with.overflow.")) {
        emit_overflow(module, call, name);
        return;
    }
    spv_refuse(module, call, "a call of '%s'", name);
}
