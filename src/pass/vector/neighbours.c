/* SPDX-License-Identifier: Apache-2.0 */
/*
 * neighbours.c: addresses that rise from lane to lane unless an index wraps around on the way, which is a matter of few scalar
 * operations to find out: an index of 32 bits that is extended to 64 must not pass its largest number between lane 0 and the
 * last; x ^ y, x | y and x & y must leave the low bits alone; x % y must not start again.
 */
#include "pass/vector/state.h"

static LLVMValueRef number(LLVMTypeRef type, uint64_t value) {
    return LLVMConstInt(type, value, 0);
}

static void require(struct cw_vector *v, LLVMValueRef *holds, LLVMValueRef condition) {
    *holds = *holds ? LLVMBuildAnd(v->builder, *holds, condition, "") : condition;
}

/* How far the last lane is from lane 0. */
static int64_t span(struct cw_vector *v, LLVMValueRef value) {
    return cw_vector_shape(v, value).stride * (int64_t)(v->plan->lanes - 1);
}

/* base .. base + span stays within the type's numbers. */
static void require_no_wrap(struct cw_vector *v, LLVMValueRef base, int64_t distance, bool is_signed, LLVMValueRef *holds) {
    LLVMTypeRef type = LLVMTypeOf(base);
    unsigned width = LLVMGetIntTypeWidth(type);
    uint64_t last = is_signed ? ((uint64_t)1 << (width - 1)) - 1 : UINT64_MAX >> (64 - width);
    LLVMValueRef limit;
    if (distance >= 0) {
        limit = number(type, last - (uint64_t)distance);
        require(v, holds, LLVMBuildICmp(v->builder, is_signed ? LLVMIntSLE : LLVMIntULE, base, limit, ""));
    } else {
        limit = LLVMConstInt(type, (is_signed ? (uint64_t)1 << (width - 1) : 0) - (uint64_t)distance, 0);
        require(v, holds, LLVMBuildICmp(v->builder, is_signed ? LLVMIntSGE : LLVMIntUGE, base, limit, ""));
    }
}

static LLVMValueRef base_of_bits(struct cw_vector *v, LLVMValueRef i, LLVMValueRef base, LLVMValueRef mask, LLVMValueRef *holds) {
    LLVMTypeRef type = LLVMTypeOf(base);
    LLVMValueRef low = number(type, v->plan->lanes - 1), zero = LLVMConstNull(type);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    LLVMBuilderRef b = v->builder;
    require(v, holds, LLVMBuildICmp(b, LLVMIntEQ, LLVMBuildAnd(b, base, low, ""), zero, ""));
    require(v, holds, LLVMBuildICmp(b, LLVMIntEQ, LLVMBuildAnd(b, mask, low, ""), opcode == LLVMAnd ? low : zero, ""));
    return LLVMBuildBinOp(b, opcode, base, mask, "");
}

static LLVMValueRef base_of_rest(struct cw_vector *v, LLVMValueRef i, LLVMValueRef base, LLVMValueRef divisor, LLVMValueRef *holds) {
    LLVMBuilderRef b = v->builder;
    LLVMTypeRef type = LLVMTypeOf(base);
    LLVMValueRef safe = LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntEQ, divisor, LLVMConstNull(type), ""), number(type, 1), divisor, "");
    LLVMValueRef rest = LLVMBuildURem(b, base, safe, ""), room = LLVMBuildSub(b, safe, rest, "");
    /* rest + span < divisor, and the dividends themselves don't wrap. */
    require(v, holds, LLVMBuildICmp(b, LLVMIntUGT, room, number(type, (uint64_t)span(v, LLVMGetOperand(i, 0))), ""));
    require_no_wrap(v, base, span(v, LLVMGetOperand(i, 0)), false, holds);
    return rest;
}

/* Lane 0's value of something UNIFORM, STRIDED or perhaps strided; `holds` gathers what must be true for the lanes to rise. NULL
 * when that can't be said in scalars. */
static LLVMValueRef base_of(struct cw_vector *v, LLVMValueRef old, LLVMValueRef *holds) {
    struct cw_shape shape = cw_vector_shape(v, old);
    if (shape.kind != CW_SHAPE_VARYING) return cw_vector_scalar(v, old);
    if (!shape.hint || !LLVMIsAInstruction(old)) return NULL;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(old);
    int count = LLVMGetNumOperands(old);
    LLVMValueRef operands[8];
    if (count > 8) return NULL;
    for (int k = 0; k < count; k++) {
        operands[k] = base_of(v, LLVMGetOperand(old, (unsigned)k), holds);
        if (!operands[k]) return NULL;
    }
    bool second = count > 1 && cw_is_uniform(v, LLVMGetOperand(old, 1));
    LLVMValueRef copy;
    switch (opcode) {
    case LLVMSExt:
    case LLVMZExt:
        if (opcode == LLVMZExt || !cw_vector_is_unwrapped(v, LLVMGetOperand(old, 0))) require_no_wrap(v, operands[0], span(v, LLVMGetOperand(old, 0)), opcode == LLVMSExt, holds);
        return LLVMBuildCast(v->builder, opcode, operands[0], LLVMTypeOf(old), "");
    case LLVMXor:
    case LLVMOr:
    case LLVMAnd:
        if (cw_vector_shape(v, LLVMGetOperand(old, second ? 0 : 1)).stride != 1) return NULL;
        return base_of_bits(v, old, operands[second ? 0 : 1], operands[second ? 1 : 0], holds);
    case LLVMURem:
        if (!second || shape.stride < 0) return NULL;
        return base_of_rest(v, old, operands[0], operands[1], holds);
    case LLVMGetElementPtr:
        /* Indices of fewer bits than a pointer are sign-extended. */
        for (int k = 1; k < count; k++)
            if (!cw_is_uniform(v, LLVMGetOperand(old, (unsigned)k)) && LLVMGetIntTypeWidth(LLVMTypeOf(operands[k])) < 64 &&
                !cw_vector_is_unwrapped(v, LLVMGetOperand(old, (unsigned)k)))
                require_no_wrap(v, operands[k], span(v, LLVMGetOperand(old, (unsigned)k)), true, holds);
        break;
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMTrunc:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMFreeze: break;
    default: return NULL;
    }
    copy = LLVMInstructionClone(old);
    for (int k = 0; k < count; k++) LLVMSetOperand(copy, (unsigned)k, operands[k]);
    if (opcode == LLVMGetElementPtr) LLVMGEPSetNoWrapFlags(copy, 0);
    if (opcode == LLVMAdd || opcode == LLVMSub || opcode == LLVMMul || opcode == LLVMShl || opcode == LLVMTrunc) {
        LLVMSetNSW(copy, 0);
        LLVMSetNUW(copy, 0);
    }
    LLVMInsertIntoBuilder(v->builder, copy);
    return copy;
}

LLVMValueRef cw_vector_find_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef *base) {
    LLVMValueRef holds = NULL;
    *base = base_of(v, pointer, &holds);
    if (*base && !holds && v->together != CW_CFG_NONE) return LLVMConstInt(v->i1, 1, 0);
    return *base && holds ? holds : NULL;
}

LLVMValueRef cw_vector_wide_again(struct cw_vector *v, LLVMValueRef old) {
    struct cw_shape shape = cw_vector_shape(v, old);
    if (shape.kind != CW_SHAPE_VARYING || !shape.hint || !LLVMIsAInstruction(old)) return cw_vector_wide(v, old);
    if (LLVMIsACastInst(old))
        return LLVMBuildCast(v->builder, LLVMGetInstructionOpcode(old), cw_vector_wide_again(v, LLVMGetOperand(old, 0)),
                             cw_vector_type(v, LLVMTypeOf(old)), "");
    if (LLVMIsABinaryOperator(old) && LLVMGetInstructionOpcode(old) != LLVMURem)
        return LLVMBuildBinOp(v->builder, LLVMGetInstructionOpcode(old), cw_vector_wide_again(v, LLVMGetOperand(old, 0)),
                              cw_vector_wide_again(v, LLVMGetOperand(old, 1)), "");
    if (!LLVMIsAGetElementPtrInst(old) || LLVMGetNumOperands(old) != 2) return cw_vector_wide(v, old);
    LLVMValueRef from = LLVMGetOperand(old, 0), index = cw_vector_wide_again(v, LLVMGetOperand(old, 1));
    from = cw_is_uniform(v, from) ? cw_vector_scalar(v, from) : cw_vector_wide_again(v, from);
    return LLVMBuildGEP2(v->builder, LLVMGetGEPSourceElementType(old), from, &index, 1, "");
}
