/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes.c: what has no vector form runs for one active lane after another, in a loop over the mask's bits: calls of functions
 * that stayed calls, printf, atomics, operations on odd types.
 *
 * Atomics of all lanes on one address are combined first where any order of integer operations gives the same memory and nobody
 * reads the old value.
 */
#include <string.h>

#include "pass/vector/lanes.h"

void cw_vector_begin_lanes(struct cw_vector *v, struct cw_vector_lanes *loop, LLVMTypeRef result) {
    LLVMBuilderRef b = v->builder;
    LLVMTypeRef bits_type = LLVMIntTypeInContext(v->context, v->plan->lanes);
    LLVMValueRef all = cw_vector_bits(v, cw_vector_mask(v));
    LLVMBasicBlockRef before = LLVMGetInsertBlock(b);
    loop->head = cw_vector_append(v, "lane");
    LLVMBuildBr(b, loop->head);
    LLVMPositionBuilderAtEnd(b, loop->head);
    loop->bits = LLVMBuildPhi(b, bits_type, "left");
    LLVMAddIncoming(loop->bits, &all, &before, 1);
    loop->result = NULL;
    if (result) {
        LLVMValueRef nothing = LLVMGetPoison(result);
        loop->result = LLVMBuildPhi(b, result, "");
        LLVMAddIncoming(loop->result, &nothing, &before, 1);
    }
    LLVMValueRef arguments[2] = {loop->bits, LLVMConstAllOnes(v->i1)};
    LLVMValueRef lane = cw_vector_call_llvm(v, "llvm.cttz", &bits_type, 1, arguments, 2);
    loop->lane = LLVMBuildIntCast2(b, lane, v->i32, 0, "lane");
}

static LLVMValueRef insert(struct cw_vector *v, LLVMValueRef vector, LLVMValueRef scalar, LLVMValueRef lane) {
    if (LLVMGetTypeKind(LLVMTypeOf(vector)) != LLVMStructTypeKind) return LLVMBuildInsertElement(v->builder, vector, scalar, lane, "");
    for (unsigned k = 0; k < LLVMCountStructElementTypes(LLVMTypeOf(vector)); k++) {
        LLVMValueRef field = insert(v, LLVMBuildExtractValue(v->builder, vector, k, ""), LLVMBuildExtractValue(v->builder, scalar, k, ""), lane);
        vector = LLVMBuildInsertValue(v->builder, vector, field, k, "");
    }
    return vector;
}

LLVMValueRef cw_vector_end_lanes(struct cw_vector *v, struct cw_vector_lanes *loop, LLVMValueRef scalar) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef result = loop->result ? insert(v, loop->result, scalar, loop->lane) : NULL;
    LLVMValueRef one = LLVMConstInt(LLVMTypeOf(loop->bits), 1, 0);
    LLVMValueRef left = LLVMBuildAnd(b, loop->bits, LLVMBuildSub(b, loop->bits, one, ""), "");
    LLVMBasicBlockRef latch = LLVMGetInsertBlock(b), done = cw_vector_append(v, "lanes");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntNE, left, LLVMConstNull(LLVMTypeOf(left)), ""), loop->head, done);
    LLVMAddIncoming(loop->bits, &left, &latch, 1);
    if (result) LLVMAddIncoming(loop->result, &result, &latch, 1);
    LLVMPositionBuilderAtEnd(b, done);
    return result;
}

LLVMValueRef cw_vector_lane_of(struct cw_vector *v, LLVMValueRef vector, LLVMValueRef lane) {
    LLVMTypeRef type = LLVMTypeOf(vector);
    if (LLVMGetTypeKind(type) != LLVMStructTypeKind) return LLVMBuildExtractElement(v->builder, vector, lane, "");
    LLVMTypeRef fields[4];
    LLVMValueRef values[4];
    unsigned count = LLVMCountStructElementTypes(type);
    for (unsigned k = 0; k < count; k++) {
        values[k] = cw_vector_lane_of(v, LLVMBuildExtractValue(v->builder, vector, k, ""), lane);
        fields[k] = LLVMTypeOf(values[k]);
    }
    LLVMValueRef result = LLVMGetPoison(LLVMStructTypeInContext(v->context, fields, count, 0));
    for (unsigned k = 0; k < count; k++) result = LLVMBuildInsertValue(v->builder, result, values[k], k, "");
    return result;
}

LLVMValueRef cw_vector_last(struct cw_vector *v, LLVMValueRef vector) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef lane = LLVMConstInt(v->i32, v->plan->lanes - 1, 0);
    if (v->mask) {
        LLVMTypeRef bits_type = LLVMIntTypeInContext(v->context, v->plan->lanes);
        LLVMValueRef arguments[2] = {cw_vector_bits(v, v->mask), LLVMConstNull(v->i1)};
        LLVMValueRef zeros = cw_vector_call_llvm(v, "llvm.ctlz", &bits_type, 1, arguments, 2);
        zeros = LLVMBuildIntCast2(b, zeros, v->i32, 0, "");
        lane = LLVMBuildAnd(b, LLVMBuildSub(b, lane, zeros, ""), lane, "");
    }
    return LLVMBuildExtractElement(b, vector, lane, "");
}

/* ---- One instruction, lane by lane ---- */

/* Operands are prepared before the loop, as vectors where the lanes differ. */
static LLVMValueRef prepare_operand(struct cw_vector *v, LLVMValueRef operand) {
    struct cw_shape shape = cw_vector_shape(v, operand);
    return shape.kind == CW_SHAPE_VARYING ? cw_vector_wide(v, operand) : cw_vector_scalar(v, operand);
}

static LLVMValueRef operand_of_lane(struct cw_vector *v, LLVMValueRef old, LLVMValueRef prepared, LLVMValueRef lane) {
    struct cw_shape shape = cw_vector_shape(v, old);
    LLVMBuilderRef b = v->builder;
    if (shape.kind == CW_SHAPE_UNIFORM) return prepared;
    if (shape.kind == CW_SHAPE_VARYING) return cw_vector_lane_of(v, prepared, lane);
    bool is_pointer = LLVMGetTypeKind(LLVMTypeOf(prepared)) == LLVMPointerTypeKind;
    LLVMTypeRef type = is_pointer ? v->i64 : LLVMTypeOf(prepared);
    LLVMValueRef offset = LLVMBuildMul(b, LLVMBuildIntCast2(b, lane, type, 0, ""), LLVMConstInt(type, (uint64_t)shape.stride, 1), "");
    return is_pointer ? LLVMBuildGEP2(b, v->i8, prepared, &offset, 1, "") : LLVMBuildAdd(b, prepared, offset, "");
}

/* Services and functions find the thread that calls them in the thread's context. */
static bool looks_for_thread(LLVMValueRef instruction) {
    if (!LLVMIsACallInst(instruction)) return false;
    LLVMValueRef callee = cw_called_function(instruction);
    if (!callee) return !LLVMIsAInlineAsm(LLVMGetCalledValue(instruction));
    enum cw_intrinsic intrinsic = cw_called_intrinsic(instruction);
    if (intrinsic != CW_INTRINSIC_COUNT) return !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE);
    return strncmp(cw_value_name(callee), "llvm.", 5) != 0;
}

/* In shared memory one block meets only itself, which the target makes use of; through a vector of addresses it would
 * not see that. */
static void keep_scope(struct cw_vector *v, LLVMValueRef old, LLVMValueRef copy) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(old);
    if (opcode != LLVMAtomicRMW && opcode != LLVMAtomicCmpXchg) return;
    LLVMValueRef pointer = LLVMGetOperand(old, 0);
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsACastInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    LLVMValueRef callee = LLVMIsACallInst(pointer) ? cw_called_function(pointer) : NULL;
    if (callee && strcmp(cw_value_name(callee), CW_SHARED_BASE) == 0)
        LLVMSetAtomicSyncScopeID(copy, LLVMGetSyncScopeID(v->context, "block", 5));
}

/* The instruction for one lane. */
static LLVMValueRef copy_for_lane(struct cw_vector *v, LLVMValueRef instruction, LLVMValueRef const *prepared, LLVMValueRef lane) {
    LLVMValueRef copy = LLVMInstructionClone(instruction);
    for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(instruction); k++)
        LLVMSetOperand(copy, k, operand_of_lane(v, LLVMGetOperand(instruction, k), prepared[k], lane));
    LLVMInsertIntoBuilder(v->builder, copy);
    keep_scope(v, instruction, copy);
    return copy;
}

/* An atomic without a result, for all lanes in a row. */
static void run_all_lanes(struct cw_vector *v, LLVMValueRef instruction, LLVMValueRef const *prepared) {
    for (unsigned lane = 0; lane < v->plan->lanes; lane++) (void)copy_for_lane(v, instruction, prepared, LLVMConstInt(v->i32, lane, 0));
}

static void run_each_lane(struct cw_vector *v, LLVMValueRef instruction) {
    LLVMValueRef prepared[64];
    unsigned count = (unsigned)LLVMGetNumOperands(instruction);
    LLVMTypeRef type = LLVMTypeOf(instruction), result = NULL;
    if (LLVMGetTypeKind(type) != LLVMVoidTypeKind && LLVMGetFirstUse(instruction)) {
        result = cw_vector_type(v, type);
        if (!result) {
            cw_vector_refuse(v, instruction, "an operation gives a type that has no vectors");
            return;
        }
    }
    if (count > 64) {
        cw_vector_refuse(v, instruction, "a call has more than 63 arguments");
        return;
    }
    for (unsigned k = 0; k < count; k++) prepared[k] = prepare_operand(v, LLVMGetOperand(instruction, k));
    LLVMBasicBlockRef blocks[2], done = NULL;
    if (LLVMGetInstructionOpcode(instruction) == LLVMAtomicRMW && !result && !v->masks_matter) {
        if (!v->mask) {
            run_all_lanes(v, instruction, prepared);
            return;
        }
        cw_vector_branch_on_all(v, v->mask, blocks);
        done = cw_vector_append(v, "done");
        LLVMPositionBuilderAtEnd(v->builder, blocks[0]);
        run_all_lanes(v, instruction, prepared);
        LLVMBuildBr(v->builder, done);
        LLVMPositionBuilderAtEnd(v->builder, blocks[1]);
    }
    struct cw_vector_lanes loop;
    cw_vector_begin_lanes(v, &loop, result);
    if (looks_for_thread(instruction)) {
        LLVMValueRef index = LLVMBuildAdd(v->builder, v->first, loop.lane, "");
        cw_vector_call(v, CW_VECTOR_LANE, LLVMVoidTypeInContext(v->context), &v->i32, &index, 1);
    }
    LLVMValueRef copy = copy_for_lane(v, instruction, prepared, loop.lane);
    LLVMValueRef wide = cw_vector_end_lanes(v, &loop, result ? copy : NULL);
    if (done) {
        LLVMBuildBr(v->builder, done);
        LLVMPositionBuilderAtEnd(v->builder, done);
    }
    if (wide) cw_vector_define(v, instruction, wide);
}

/* ---- Atomics of all lanes on one address ---- */

static const char *combining_reduction(LLVMAtomicRMWBinOp operation, uint64_t *identity) {
    *identity = 0;
    switch (operation) {
    case LLVMAtomicRMWBinOpAdd: return "llvm.vector.reduce.add";
    case LLVMAtomicRMWBinOpOr: return "llvm.vector.reduce.or";
    case LLVMAtomicRMWBinOpXor: return "llvm.vector.reduce.xor";
    case LLVMAtomicRMWBinOpUMax: return "llvm.vector.reduce.umax";
    case LLVMAtomicRMWBinOpUMin: *identity = UINT64_MAX; return "llvm.vector.reduce.umin";
    case LLVMAtomicRMWBinOpAnd: *identity = UINT64_MAX; return "llvm.vector.reduce.and";
    case LLVMAtomicRMWBinOpMax: *identity = (uint64_t)1 << 63; return "llvm.vector.reduce.smax";
    case LLVMAtomicRMWBinOpMin: *identity = INT64_MAX; return "llvm.vector.reduce.smin";
    default: return NULL;
    }
}

static bool combine(struct cw_vector *v, LLVMValueRef rmw) {
    uint64_t identity;
    const char *reduction = combining_reduction(LLVMGetAtomicRMWBinOp(rmw), &identity);
    LLVMTypeRef type = LLVMTypeOf(rmw);
    if (!reduction || LLVMGetFirstUse(rmw) || !cw_is_uniform(v, LLVMGetOperand(rmw, 0)) || LLVMGetTypeKind(type) != LLVMIntegerTypeKind) return false;
    LLVMValueRef values = cw_vector_wide(v, LLVMGetOperand(rmw, 1));
    unsigned width = LLVMGetIntTypeWidth(type);
    if (identity > 1 && width < 64) identity >>= 64 - width;
    if (v->mask) values = LLVMBuildSelect(v->builder, v->mask, values, cw_splat(LLVMTypeOf(values), identity), "");
    LLVMTypeRef wide = LLVMTypeOf(values);
    LLVMValueRef combined = cw_vector_call_llvm(v, reduction, &wide, 1, &values, 1);
    LLVMValueRef copy = LLVMInstructionClone(rmw);
    LLVMSetOperand(copy, 0, cw_vector_scalar(v, LLVMGetOperand(rmw, 0)));
    LLVMSetOperand(copy, 1, combined);
    LLVMInsertIntoBuilder(v->builder, copy);
    keep_scope(v, rmw, copy);
    return true;
}

void cw_vector_by_lane(struct cw_vector *v, LLVMValueRef instruction) {
    if (LLVMGetInstructionOpcode(instruction) == LLVMAtomicRMW && combine(v, instruction)) return;
    cw_vector_remark(v, instruction, "this runs lane by lane");
    run_each_lane(v, instruction);
}
