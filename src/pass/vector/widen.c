/* SPDX-License-Identifier: Apache-2.0 */
/*
 * widen.c: one instruction at a time: UNIFORM values are computed once, as scalars, and so are the bases of STRIDED ones;
 * VARYING values become vector instructions of the same kind. What has no vector form runs lane by lane (lanes.c).
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

/* ---- Types and constants ---- */

/* The vector of `scalar`, or NULL when it has none. */
LLVMTypeRef cw_vector_type(struct cw_vector *v, LLVMTypeRef scalar) {
    switch (LLVMGetTypeKind(scalar)) {
    case LLVMIntegerTypeKind:
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind:
    case LLVMFloatTypeKind:
    case LLVMDoubleTypeKind:
    case LLVMPointerTypeKind: return LLVMVectorType(scalar, v->plan->lanes);
    case LLVMStructTypeKind: {
        /* Pairs such as a compare-exchange gives: a struct of vectors. */
        unsigned count = LLVMCountStructElementTypes(scalar);
        LLVMTypeRef fields[4];
        if (count > 4) return NULL;
        for (unsigned k = 0; k < count; k++) {
            fields[k] = cw_vector_type(v, LLVMStructGetTypeAtIndex(scalar, k));
            if (!fields[k]) return NULL;
        }
        return LLVMStructTypeInContext(v->context, fields, count, 0);
    }
    default: return NULL;
    }
}

LLVMTypeRef cw_vector_mask_type(struct cw_vector *v) {
    return LLVMVectorType(v->i1, v->plan->lanes);
}

LLVMValueRef cw_vector_all_ones(struct cw_vector *v) {
    return LLVMConstAllOnes(cw_vector_mask_type(v));
}

LLVMValueRef cw_vector_mask(struct cw_vector *v) {
    return v->mask ? v->mask : cw_vector_all_ones(v);
}

LLVMValueRef cw_vector_bits(struct cw_vector *v, LLVMValueRef mask) {
    return LLVMBuildBitCast(v->builder, mask, LLVMIntTypeInContext(v->context, v->plan->lanes), "");
}

LLVMValueRef cw_vector_any(struct cw_vector *v, LLVMValueRef mask) {
    LLVMValueRef bits = cw_vector_bits(v, mask);
    return LLVMBuildICmp(v->builder, LLVMIntNE, bits, LLVMConstNull(LLVMTypeOf(bits)), "any");
}

static LLVMValueRef constant_splat(struct cw_vector *v, LLVMValueRef constant) {
    LLVMValueRef elements[32];
    for (unsigned k = 0; k < v->plan->lanes; k++) elements[k] = constant;
    return LLVMConstVector(elements, v->plan->lanes);
}

LLVMValueRef cw_vector_splat(struct cw_vector *v, LLVMValueRef scalar) {
    if (LLVMIsConstant(scalar)) return constant_splat(v, scalar);
    LLVMTypeRef type = cw_vector_type(v, LLVMTypeOf(scalar));
    LLVMValueRef single = LLVMBuildInsertElement(v->builder, LLVMGetPoison(type), scalar, LLVMConstNull(v->i32), "");
    return LLVMBuildShuffleVector(v->builder, single, LLVMGetPoison(type), LLVMConstNull(LLVMVectorType(v->i32, v->plan->lanes)), "");
}

LLVMValueRef cw_vector_iota(struct cw_vector *v, LLVMTypeRef integer, int64_t stride) {
    LLVMValueRef elements[32];
    for (unsigned k = 0; k < v->plan->lanes; k++) elements[k] = LLVMConstInt(integer, (uint64_t)(stride * (int64_t)k), 1);
    return LLVMConstVector(elements, v->plan->lanes);
}

/* ---- Operands and results ---- */

/* The value of an instruction or argument, at the builder's place. */
static LLVMValueRef current(struct cw_vector *v, struct cw_vector_value *value) {
    unsigned part = value->shape.parts ? v->part : 0;
    if (LLVMIsAArgument(value->old)) return value->old;
    if (value->epoch[part] == v->epoch && value->now[part]) return value->now[part];
    if (LLVMIsAAllocaInst(value->old)) return value->now[part]; /* in the entry block */
    LLVMValueRef load = LLVMBuildLoad2(v->builder, LLVMGetAllocatedType(value->slot[part]), value->slot[part], "");
    if (v->aside) return load;
    value->now[part] = load;
    value->epoch[part] = v->epoch;
    return load;
}

bool cw_vector_is_defined(struct cw_vector *v, LLVMValueRef old) {
    const struct cw_vector_value *value = cw_vector_find(v, old);
    unsigned part = value && value->shape.parts ? v->part : 0;
    return value && value->epoch[part] == v->epoch && value->now[part];
}

bool cw_vector_is_available(struct cw_vector *v, LLVMValueRef old) {
    if (!LLVMIsAInstruction(old) || cw_vector_is_defined(v, old)) return true;
    return LLVMGetInstructionParent(old) != v->cfg.blocks[v->block];
}

LLVMValueRef cw_vector_scalar(struct cw_vector *v, LLVMValueRef old) {
    struct cw_vector_value *value = cw_vector_find(v, old);
    return value ? current(v, value) : old;
}

static LLVMValueRef rise(struct cw_vector *v, LLVMValueRef base, int64_t stride) {
    LLVMTypeRef type = LLVMTypeOf(base);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind) {
        LLVMValueRef offsets = cw_vector_iota(v, v->i64, stride);
        return LLVMBuildGEP2(v->builder, v->i8, base, &offsets, 1, "");
    }
    return LLVMBuildAdd(v->builder, cw_vector_splat(v, base), cw_vector_iota(v, type, stride), "");
}

static LLVMValueRef wide_struct(struct cw_vector *v, LLVMValueRef scalar) {
    LLVMValueRef result = LLVMGetPoison(cw_vector_type(v, LLVMTypeOf(scalar)));
    for (unsigned k = 0; k < LLVMCountStructElementTypes(LLVMTypeOf(scalar)); k++) {
        LLVMValueRef field = LLVMBuildExtractValue(v->builder, scalar, k, "");
        result = LLVMBuildInsertValue(v->builder, result, cw_vector_splat(v, field), k, "");
    }
    return result;
}

LLVMValueRef cw_vector_wide(struct cw_vector *v, LLVMValueRef old) {
    struct cw_vector_value *value = cw_vector_find(v, old);
    LLVMValueRef scalar = value ? current(v, value) : old;
    if (value && value->shape.kind == CW_SHAPE_VARYING) return scalar;
    if (value && value->shape.kind == CW_SHAPE_STRIDED) return rise(v, scalar, value->shape.stride);
    if (LLVMGetTypeKind(LLVMTypeOf(scalar)) == LLVMStructTypeKind) return wide_struct(v, scalar);
    return cw_vector_splat(v, scalar);
}

void cw_vector_define(struct cw_vector *v, LLVMValueRef old, LLVMValueRef now) {
    struct cw_vector_value *value = cw_vector_find(v, old);
    unsigned part = value->shape.parts ? v->part : 0;
    value->now[part] = now;
    value->epoch[part] = v->epoch;
    if (value->slot[part]) LLVMBuildStore(v->builder, now, value->slot[part]);
}

/* ---- Calls ---- */

LLVMValueRef cw_vector_call_llvm(struct cw_vector *v, const char *name, LLVMTypeRef *types, unsigned type_count, LLVMValueRef *arguments,
                                 unsigned count) {
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(v->llvm, LLVMLookupIntrinsicID(name, strlen(name)), types, type_count);
    return LLVMBuildCall2(v->builder, LLVMGlobalGetValueType(function), function, arguments, count, "");
}

LLVMValueRef cw_vector_call(struct cw_vector *v, const char *name, LLVMTypeRef result, LLVMTypeRef *types, LLVMValueRef *arguments,
                            unsigned count) {
    LLVMTypeRef type = LLVMFunctionType(result, types, count, 0);
    LLVMValueRef function = LLVMGetNamedFunction(v->llvm, name);
    if (!function) {
        function = LLVMAddFunction(v->llvm, name, type);
        cw_add_attribute(function, "nounwind", 0);
    }
    return LLVMBuildCall2(v->builder, type, function, arguments, count, "");
}

/* ---- Instructions ---- */

/* What an active lane never does, the base of an inactive lane 0 may: it must not become poison for that. */
static void drop_promises(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMTrunc:
        LLVMSetNSW(i, 0);
        LLVMSetNUW(i, 0);
        break;
    case LLVMGetElementPtr: LLVMGEPSetNoWrapFlags(i, 0); break;
    case LLVMZExt: LLVMSetNNeg(i, 0); break;
    case LLVMOr: LLVMSetIsDisjoint(i, 0); break;
    default: break;
    }
}

/* A zero extension of numbers that aren't negative where it counts: lane 0 may be off, and below zero. */
static bool extends_sign(struct cw_vector *v, LLVMValueRef instruction) {
    if (LLVMGetInstructionOpcode(instruction) != LLVMZExt) return false;
    struct cw_shape shape = cw_vector_shape(v, LLVMGetOperand(instruction, 0));
    return shape.kind == CW_SHAPE_STRIDED && !shape.exact_unsigned;
}

LLVMValueRef cw_vector_copy(struct cw_vector *v, LLVMValueRef instruction) {
    if (extends_sign(v, instruction))
        return LLVMBuildSExt(v->builder, cw_vector_scalar(v, LLVMGetOperand(instruction, 0)), LLVMTypeOf(instruction), "");
    LLVMValueRef copy = LLVMInstructionClone(instruction);
    int count = LLVMGetNumOperands(instruction);
    bool is_base = false;
    for (int k = 0; k < count; k++) {
        LLVMValueRef operand = LLVMGetOperand(instruction, (unsigned)k);
        is_base |= cw_vector_shape(v, operand).kind == CW_SHAPE_STRIDED;
        LLVMSetOperand(copy, (unsigned)k, cw_vector_scalar(v, operand));
    }
    LLVMInsertIntoBuilder(v->builder, copy);
    if (is_base && v->mask) {
        /* `or` of numbers without a common bit is addition only as long as that is known. */
        if (LLVMGetInstructionOpcode(copy) == LLVMOr && LLVMGetIsDisjoint(copy)) {
            LLVMValueRef sum = LLVMBuildAdd(v->builder, LLVMGetOperand(copy, 0), LLVMGetOperand(copy, 1), "");
            LLVMInstructionEraseFromParent(copy);
            return sum;
        }
        drop_promises(copy);
    }
    return copy;
}

static void copy_flags(LLVMValueRef from, LLVMValueRef to) {
    if (!LLVMIsAInstruction(to)) return; /* folded to a constant */
    switch (LLVMGetInstructionOpcode(from)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMTrunc:
        if (LLVMGetInstructionOpcode(to) != LLVMGetInstructionOpcode(from)) return;
        LLVMSetNSW(to, LLVMGetNSW(from));
        LLVMSetNUW(to, LLVMGetNUW(from));
        break;
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMLShr:
    case LLVMAShr:
        if (LLVMGetInstructionOpcode(to) == LLVMGetInstructionOpcode(from)) LLVMSetExact(to, LLVMGetExact(from));
        break;
    default: break;
    }
    if (LLVMCanValueUseFastMathFlags(from) && LLVMCanValueUseFastMathFlags(to)) LLVMSetFastMathFlags(to, LLVMGetFastMathFlags(from));
}

/* Lanes that are off may hold a zero divisor, which is undefined even so. */
static LLVMValueRef safe_divisor(struct cw_vector *v, LLVMValueRef divisor) {
    LLVMTypeRef type = LLVMTypeOf(divisor);
    return v->mask ? LLVMBuildSelect(v->builder, v->mask, divisor, cw_splat(type, 1), "") : divisor;
}

static LLVMValueRef widen_select(struct cw_vector *v, LLVMValueRef i) {
    LLVMValueRef condition = LLVMGetOperand(i, 0);
    condition = cw_is_uniform(v, condition) ? cw_vector_scalar(v, condition) : cw_vector_wide(v, condition);
    LLVMValueRef yes = cw_vector_wide(v, LLVMGetOperand(i, 1)), no = cw_vector_wide(v, LLVMGetOperand(i, 2));
    return LLVMBuildSelect(v->builder, condition, yes, no, "");
}

/* base + lane < bound, for numbers that don't wrap: the first `bound - base` lanes. One scalar subtraction makes the mask, however
 * wide the numbers are. NULL when the comparison isn't of that kind. */
static LLVMValueRef compare_with_bound(struct cw_vector *v, LLVMValueRef i) {
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(i);
    struct cw_shape shape = cw_vector_shape(v, LLVMGetOperand(i, 0));
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(i, 0));
    LLVMBuilderRef b = v->builder;
    bool is_signed = predicate == LLVMIntSLT || predicate == LLVMIntSGE || predicate == LLVMIntSLE || predicate == LLVMIntSGT;
    bool is_unsigned = predicate == LLVMIntULT || predicate == LLVMIntUGE || predicate == LLVMIntULE || predicate == LLVMIntUGT;
    if (shape.kind != CW_SHAPE_STRIDED || shape.stride != 1 || !cw_is_uniform(v, LLVMGetOperand(i, 1))) return NULL;
    if (!(is_signed && shape.exact_signed) && !(is_unsigned && shape.exact_unsigned)) return NULL;
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) > 64) return NULL;
    LLVMValueRef base = cw_vector_scalar(v, LLVMGetOperand(i, 0)), bound = cw_vector_scalar(v, LLVMGetOperand(i, 1));
    LLVMTypeRef wide = LLVMGetIntTypeWidth(type) <= 32 ? v->i64 : LLVMIntTypeInContext(v->context, 128);
    LLVMValueRef count = LLVMBuildSub(b, LLVMBuildIntCast2(b, bound, wide, is_signed, ""), LLVMBuildIntCast2(b, base, wide, is_signed, ""), "");
    bool inclusive = predicate == LLVMIntSLE || predicate == LLVMIntULE || predicate == LLVMIntSGT || predicate == LLVMIntUGT;
    if (inclusive) count = LLVMBuildAdd(b, count, LLVMConstInt(wide, 1, 0), "");
    LLVMValueRef low[2] = {count, LLVMConstNull(wide)}, high[2] = {NULL, LLVMConstInt(wide, v->plan->lanes, 0)};
    high[0] = cw_vector_call_llvm(v, "llvm.smax", &wide, 1, low, 2);
    count = cw_vector_call_llvm(v, "llvm.smin", &wide, 1, high, 2);
    LLVMValueRef one = LLVMConstInt(v->i64, 1, 0);
    LLVMValueRef bits = LLVMBuildSub(b, LLVMBuildShl(b, one, LLVMBuildIntCast2(b, count, v->i64, 0, ""), ""), one, "");
    bits = LLVMBuildTrunc(b, bits, LLVMIntTypeInContext(v->context, v->plan->lanes), "");
    bool negated = predicate == LLVMIntSGE || predicate == LLVMIntUGE || predicate == LLVMIntSGT || predicate == LLVMIntUGT;
    if (negated) bits = LLVMBuildNot(b, bits, "");
    return LLVMBuildBitCast(b, bits, cw_vector_mask_type(v), "");
}

static LLVMValueRef widen_operation(struct cw_vector *v, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    LLVMBuilderRef b = v->builder;
    LLVMValueRef first = opcode == LLVMICmp ? compare_with_bound(v, i) : NULL;
    if (first) return first;
    LLVMValueRef left = cw_vector_wide(v, LLVMGetOperand(i, 0)), right = NULL;
    if (LLVMGetNumOperands(i) > 1) right = cw_vector_wide(v, LLVMGetOperand(i, 1));
    switch (opcode) {
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMURem:
    case LLVMSRem:
        if (!LLVMIsConstant(LLVMGetOperand(i, 1))) right = safe_divisor(v, right);
        return LLVMBuildBinOp(b, opcode, left, right, "");
    case LLVMICmp: return LLVMBuildICmp(b, LLVMGetICmpPredicate(i), left, right, "");
    case LLVMFCmp: return LLVMBuildFCmp(b, LLVMGetFCmpPredicate(i), left, right, "");
    case LLVMFNeg: return LLVMBuildFNeg(b, left, "");
    case LLVMFreeze: return LLVMBuildFreeze(b, left, "");
    default: break;
    }
    if (LLVMIsACastInst(i)) return LLVMBuildCast(b, opcode, left, cw_vector_type(v, LLVMTypeOf(i)), "");
    return LLVMBuildBinOp(b, opcode, left, right, "");
}

static bool has_vectors(struct cw_vector *v, LLVMValueRef i) {
    if (!cw_vector_type(v, LLVMTypeOf(i))) return false;
    for (int k = 0; k < LLVMGetNumOperands(i); k++)
        if (!cw_vector_type(v, LLVMTypeOf(LLVMGetOperand(i, (unsigned)k)))) return false;
    return true;
}

static void widen_varying(struct cw_vector *v, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    bool is_operation = LLVMIsABinaryOperator(i) || LLVMIsACastInst(i) || opcode == LLVMICmp || opcode == LLVMFCmp || opcode == LLVMFNeg ||
                        opcode == LLVMFreeze || opcode == LLVMSelect || opcode == LLVMExtractValue;
    if (!is_operation || !has_vectors(v, i)) {
        cw_vector_by_lane(v, i);
        return;
    }
    LLVMValueRef result;
    if (opcode == LLVMSelect) result = widen_select(v, i);
    else if (opcode == LLVMExtractValue)
        result = LLVMBuildExtractValue(v->builder, cw_vector_wide(v, LLVMGetOperand(i, 0)), LLVMGetIndices(i)[0], "");
    else result = widen_operation(v, i);
    copy_flags(i, result);
    cw_vector_define(v, i, result);
}

static void widen_phi(struct cw_vector *v, LLVMValueRef phi) {
    const struct cw_vector_value *value = cw_vector_find(v, phi);
    LLVMValueRef slot = value->phi_slot[value->shape.parts ? v->part : 0];
    cw_vector_define(v, phi, LLVMBuildLoad2(v->builder, LLVMGetAllocatedType(slot), slot, ""));
}

static void copy_fence(struct cw_vector *v, LLVMValueRef fence) {
    LLVMInsertIntoBuilder(v->builder, LLVMInstructionClone(fence));
}

static void widen_in_part(struct cw_vector *v, LLVMValueRef instruction) {
    switch (LLVMGetInstructionOpcode(instruction)) {
    case LLVMPHI: widen_phi(v, instruction); return;
    case LLVMAlloca: cw_vector_alloca(v, instruction); return;
    case LLVMLoad: cw_vector_load(v, instruction); return;
    case LLVMStore: cw_vector_store(v, instruction); return;
    case LLVMCall: cw_vector_call_instruction(v, instruction); return;
    case LLVMGetElementPtr: cw_vector_gep(v, instruction); return;
    case LLVMFence: copy_fence(v, instruction); return;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: cw_vector_by_lane(v, instruction); return;
    default: break;
    }
    if (cw_vector_shape(v, instruction).kind == CW_SHAPE_VARYING) widen_varying(v, instruction);
    else cw_vector_define(v, instruction, cw_vector_copy(v, instruction));
}

/* ---- Parts ---- */

/* What happens once, whatever the parts do. */
static bool is_common(struct cw_vector *v, LLVMValueRef i) {
    if (LLVMGetInstructionOpcode(i) == LLVMFence) return true;
    if (LLVMIsACallInst(i) && cw_vector_is_once(i)) return true;
    return LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind && !cw_vector_shape(v, i).parts;
}

/* True if the instruction must not run for a part without any lane: it does something other than to compute a vector. */
static bool needs_lane(struct cw_vector *v, LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad: return cw_is_uniform(v, LLVMGetOperand(i, 0)) && !cw_vector_is_by_lane(v, LLVMGetOperand(i, 0));
    case LLVMStore: return cw_is_uniform(v, LLVMGetOperand(i, 1)) && !cw_vector_is_by_lane(v, LLVMGetOperand(i, 1));
    case LLVMCall: return cw_vector_has_effects(i);
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMURem:
    case LLVMSRem: /* a part without a lane may have a zero divisor; vectors have their own way */
        return cw_vector_shape(v, i).kind != CW_SHAPE_VARYING && !LLVMIsConstant(LLVMGetOperand(i, 1));
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: return true;
    default: return false;
    }
}

static void widen_if_any(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMBasicBlockRef some = cw_vector_append(v, "some"), done = cw_vector_append(v, "none"), before[2];
    before[0] = LLVMGetInsertBlock(v->builder);
    LLVMBuildCondBr(v->builder, cw_vector_any(v, v->mask), some, done);
    LLVMPositionBuilderAtEnd(v->builder, some);
    struct cw_vector_value *value = cw_vector_find(v, instruction);
    unsigned part = value && value->shape.parts ? v->part : 0;
    v->aside = true; /* what is loaded in here isn't there behind it */
    widen_in_part(v, instruction);
    v->aside = false;
    before[1] = LLVMGetInsertBlock(v->builder);
    LLVMValueRef inside = value ? value->now[part] : NULL;
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    if (!inside || v->failed) return;
    LLVMValueRef values[2] = {LLVMGetPoison(LLVMTypeOf(inside)), inside}, phi = LLVMBuildPhi(v->builder, LLVMTypeOf(inside), "");
    LLVMAddIncoming(phi, values, before, 2);
    value->now[part] = phi;
    value->epoch[part] = v->epoch;
}

void cw_vector_instruction(struct cw_vector *v, LLVMValueRef instruction) {
    v->widened = instruction;
    if (v->parts == 1 || is_common(v, instruction)) {
        cw_vector_set_common(v);
        widen_in_part(v, instruction);
        return;
    }
    bool guarded = v->blocks[v->block].divergent && needs_lane(v, instruction);
    for (unsigned part = 0; part < v->parts && !v->failed; part++) {
        cw_vector_set_part(v, part);
        if (guarded && v->mask) widen_if_any(v, instruction);
        else widen_in_part(v, instruction);
    }
}
