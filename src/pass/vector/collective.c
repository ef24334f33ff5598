/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collective.c: warp collectives as operations on registers: the vector is the warp (CUDA: Warp Vote, Match, Reduce and Shuffle
 * Functions). The lanes that take part are those of the mask that are on. Shuffles by constants are permutations; others go
 * through memory.
 */
#include "pass/vector/lanes.h"

#define WARP 32u

bool cw_vector_is_collective(enum cw_intrinsic intrinsic) {
    return intrinsic >= CW_INTRINSIC_WARP_SYNC && intrinsic <= CW_INTRINSIC_REDUX_XOR;
}

static bool is_shuffle(enum cw_intrinsic intrinsic) {
    return intrinsic >= CW_INTRINSIC_SHFL_IDX && intrinsic <= CW_INTRINSIC_SHFL_XOR_B64;
}

static bool is_shuffle_idx(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_SHFL_IDX || intrinsic == CW_INTRINSIC_SHFL_IDX_B64;
}

static bool is_whole_warp(LLVMValueRef width) {
    return LLVMIsAConstantInt(width) && LLVMConstIntGetZExtValue(width) == WARP;
}

/* True if every lane of the warp takes part. */
static bool is_sure(struct cw_vector *v, LLVMValueRef call) {
    LLVMValueRef named = LLVMGetOperand(call, 0);
    uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(call));
    return v->plan->form == CW_VECTOR_ROWS && !v->blocks[block].divergent && LLVMIsAConstantInt(named) &&
           LLVMConstIntGetZExtValue(named) == UINT32_MAX;
}

struct cw_shape cw_vector_collective_shape(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    bool parts = v->parts > 1;
    struct cw_shape uniform = {.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true, .parts = parts};
    struct cw_shape varying = {.kind = CW_SHAPE_VARYING, .parts = parts};
    if (intrinsic == CW_INTRINSIC_WARP_SYNC || intrinsic == CW_INTRINSIC_ACTIVEMASK) return uniform;
    if (is_shuffle(intrinsic)) {
        struct cw_shape value = cw_vector_shape(v, LLVMGetOperand(call, 1)), lane = cw_vector_shape(v, LLVMGetOperand(call, 2));
        if (value.kind == CW_SHAPE_UNKNOWN || value.kind == CW_SHAPE_UNIFORM) return value;
        if (lane.kind == CW_SHAPE_UNKNOWN) return lane;
        bool is_broadcast = is_shuffle_idx(intrinsic) && lane.kind == CW_SHAPE_UNIFORM && is_whole_warp(LLVMGetOperand(call, 3));
        return is_broadcast && is_sure(v, call) ? uniform : varying;
    }
    if (intrinsic == CW_INTRINSIC_MATCH_ANY || intrinsic == CW_INTRINSIC_MATCH_ANY_B64) return varying;
    struct cw_shape mask = cw_vector_shape(v, LLVMGetOperand(call, 0));
    if (mask.kind == CW_SHAPE_UNIFORM) mask.parts = parts;
    return mask.kind == CW_SHAPE_UNKNOWN || mask.kind == CW_SHAPE_UNIFORM ? mask : varying;
}

/* ---- Shuffles: PTX "shfl.sync" ---- */

enum direction { BY_INDEX, UP, DOWN, BY_XOR };

static enum direction direction_of(enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_SHFL_UP:
    case CW_INTRINSIC_SHFL_UP_B64: return UP;
    case CW_INTRINSIC_SHFL_DOWN:
    case CW_INTRINSIC_SHFL_DOWN_B64: return DOWN;
    case CW_INTRINSIC_SHFL_XOR:
    case CW_INTRINSIC_SHFL_XOR_B64: return BY_XOR;
    default: return BY_INDEX;
    }
}

/* The lane that `lane` reads; its own where that leaves the segment. */
static uint32_t source_lane(enum direction direction, uint32_t lane, uint32_t operand, uint32_t width) {
    uint32_t segment = (WARP - width) & 31, low = lane & segment, high = low | (31u & ~segment), source;
    operand &= 31;
    switch (direction) {
    case UP: return lane >= low + operand ? lane - operand : lane;
    case DOWN: source = lane + operand; break;
    case BY_XOR: source = lane ^ operand; break;
    default: source = low | (operand & ~segment); break;
    }
    return source <= high ? source : lane;
}

/* The same in vectors, for operands or widths that aren't constants. */
static LLVMValueRef source_lanes(struct cw_vector *v, enum direction direction, LLVMValueRef operand, LLVMValueRef width) {
    LLVMBuilderRef b = v->builder;
    LLVMTypeRef type = LLVMVectorType(v->i32, WARP);
    LLVMValueRef lane = cw_vector_iota(v, v->i32, 1), low_bits = cw_splat(type, 31);
    LLVMValueRef segment = LLVMBuildAnd(b, LLVMBuildSub(b, cw_splat(type, WARP), width, ""), low_bits, "");
    LLVMValueRef low = LLVMBuildAnd(b, lane, segment, ""), inside = LLVMBuildAnd(b, LLVMBuildNot(b, segment, ""), low_bits, "");
    LLVMValueRef high = LLVMBuildOr(b, low, inside, ""), source;
    operand = LLVMBuildAnd(b, operand, low_bits, "");
    switch (direction) {
    case UP: {
        LLVMValueRef fits = LLVMBuildICmp(b, LLVMIntUGE, lane, LLVMBuildAdd(b, low, operand, ""), "");
        return LLVMBuildSelect(b, fits, LLVMBuildSub(b, lane, operand, ""), lane, "");
    }
    case DOWN: source = LLVMBuildAdd(b, lane, operand, ""); break;
    case BY_XOR: source = LLVMBuildXor(b, lane, operand, ""); break;
    default: source = LLVMBuildOr(b, low, LLVMBuildAnd(b, operand, inside, ""), ""); break;
    }
    return LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntULE, source, high, ""), source, lane, "");
}

/* The values go to memory and are gathered from there. */
static LLVMValueRef permute(struct cw_vector *v, LLVMValueRef value, LLVMValueRef lanes) {
    LLVMBuilderRef b = v->builder;
    LLVMTypeRef type = LLVMTypeOf(value), element = LLVMGetElementType(type);
    LLVMValueRef place = LLVMBuildAlloca(v->allocas, type, "");
    LLVMBuildStore(b, value, place);
    LLVMValueRef addresses = LLVMBuildGEP2(b, element, place, &lanes, 1, "");
    LLVMTypeRef types[2] = {type, LLVMTypeOf(addresses)};
    LLVMValueRef arguments[3] = {addresses, cw_vector_all_ones(v), LLVMGetPoison(type)};
    return cw_vector_call_llvm(v, "llvm.masked.gather", types, 2, arguments, 3);
}

static bool is_everyone(struct cw_vector *v, LLVMValueRef named) {
    return !v->mask && LLVMIsAConstantInt(named) && LLVMConstIntGetZExtValue(named) == UINT32_MAX;
}

/* A lane that reads one that doesn't take part keeps its own value, as in scalar mode. */
static LLVMValueRef keep_own(struct cw_vector *v, LLVMValueRef named, LLVMValueRef read, LLVMValueRef own, LLVMValueRef lanes) {
    LLVMBuilderRef b = v->builder;
    if (is_everyone(v, named)) return read;
    LLVMValueRef group = LLVMBuildAnd(b, cw_vector_wide(v, named), cw_vector_splat(v, cw_vector_bits(v, cw_vector_mask(v))), "");
    LLVMValueRef bit = LLVMBuildAnd(b, LLVMBuildLShr(b, group, lanes, ""), cw_splat(LLVMTypeOf(group), 1), "");
    return LLVMBuildSelect(b, LLVMBuildICmp(b, LLVMIntNE, bit, LLVMConstNull(LLVMTypeOf(bit)), ""), read, own, "");
}

static void shuffle(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef old = LLVMGetOperand(call, 1), operand = LLVMGetOperand(call, 2), width = LLVMGetOperand(call, 3);
    enum direction direction = direction_of(intrinsic);
    if (cw_is_uniform(v, old)) {
        cw_vector_define(v, call, cw_vector_scalar(v, old));
        return;
    }
    LLVMValueRef value = cw_vector_wide(v, old);
    if (cw_is_uniform(v, call)) {
        LLVMValueRef lane = LLVMBuildAnd(b, cw_vector_scalar(v, operand), LLVMConstInt(v->i32, 31, 0), "");
        cw_vector_define(v, call, LLVMBuildExtractElement(b, value, lane, ""));
        return;
    }
    if (LLVMIsAConstantInt(operand) && LLVMIsAConstantInt(width)) {
        LLVMValueRef lanes[WARP];
        for (uint32_t lane = 0; lane < WARP; lane++) {
            uint32_t source = source_lane(direction, lane, (uint32_t)LLVMConstIntGetZExtValue(operand), (uint32_t)LLVMConstIntGetZExtValue(width));
            lanes[lane] = LLVMConstInt(v->i32, source, 0);
        }
        LLVMValueRef order = LLVMConstVector(lanes, WARP);
        LLVMValueRef read = LLVMBuildShuffleVector(b, value, LLVMGetPoison(LLVMTypeOf(value)), order, "");
        cw_vector_define(v, call, keep_own(v, LLVMGetOperand(call, 0), read, value, order));
        return;
    }
    LLVMValueRef lanes = source_lanes(v, direction, cw_vector_wide(v, operand), cw_vector_wide(v, width));
    cw_vector_define(v, call, keep_own(v, LLVMGetOperand(call, 0), permute(v, value, lanes), value, lanes));
}

/* ---- Votes ---- */

static LLVMValueRef active_bits(struct cw_vector *v) {
    return cw_vector_bits(v, cw_vector_mask(v));
}

/* A lane set (i32, or a vector of them) as large as `like` is. */
static LLVMValueRef as_wide_as(struct cw_vector *v, LLVMValueRef scalar, LLVMValueRef like) {
    return LLVMGetTypeKind(LLVMTypeOf(like)) == LLVMVectorTypeKind ? cw_vector_splat(v, scalar) : scalar;
}

static LLVMValueRef vote(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef predicate = cw_vector_wide(v, LLVMGetOperand(call, 1)), old = LLVMGetOperand(call, 0);
    LLVMValueRef mask = cw_is_uniform(v, old) ? cw_vector_scalar(v, old) : cw_vector_wide(v, old);
    LLVMValueRef positive = LLVMBuildICmp(b, LLVMIntNE, predicate, LLVMConstNull(LLVMTypeOf(predicate)), "");
    if (v->mask) positive = LLVMBuildSelect(b, v->mask, positive, LLVMConstNull(cw_vector_mask_type(v)), "");
    LLVMValueRef group = LLVMBuildAnd(b, mask, as_wide_as(v, active_bits(v), mask), "");
    LLVMValueRef ballot = LLVMBuildAnd(b, mask, as_wide_as(v, cw_vector_bits(v, positive), mask), "");
    LLVMTypeRef type = LLVMTypeOf(ballot);
    LLVMValueRef none = LLVMBuildICmp(b, LLVMIntEQ, ballot, LLVMConstNull(type), ""), all = LLVMBuildICmp(b, LLVMIntEQ, ballot, group, "");
    switch (intrinsic) {
    case CW_INTRINSIC_VOTE_ALL: return LLVMBuildZExt(b, all, type, "");
    case CW_INTRINSIC_VOTE_ANY: return LLVMBuildZExt(b, LLVMBuildNot(b, none, ""), type, "");
    case CW_INTRINSIC_VOTE_UNI: return LLVMBuildZExt(b, LLVMBuildOr(b, all, none, ""), type, "");
    default: return ballot;
    }
}

/* ---- Reductions ---- */

static const char *reduction_of(enum cw_intrinsic intrinsic, uint32_t *identity) {
    *identity = 0;
    switch (intrinsic) {
    case CW_INTRINSIC_REDUX_ADD: return "llvm.vector.reduce.add";
    case CW_INTRINSIC_REDUX_MIN: *identity = INT32_MAX; return "llvm.vector.reduce.smin";
    case CW_INTRINSIC_REDUX_MAX: *identity = (uint32_t)INT32_MIN; return "llvm.vector.reduce.smax";
    case CW_INTRINSIC_REDUX_UMIN: *identity = UINT32_MAX; return "llvm.vector.reduce.umin";
    case CW_INTRINSIC_REDUX_UMAX: return "llvm.vector.reduce.umax";
    case CW_INTRINSIC_REDUX_AND: *identity = UINT32_MAX; return "llvm.vector.reduce.and";
    case CW_INTRINSIC_REDUX_OR: return "llvm.vector.reduce.or";
    default: return "llvm.vector.reduce.xor";
    }
}

/* Over the lanes of `group`, an i32. */
static LLVMValueRef reduce(struct cw_vector *v, enum cw_intrinsic intrinsic, LLVMValueRef values, LLVMValueRef group) {
    uint32_t identity;
    const char *reduction = reduction_of(intrinsic, &identity);
    LLVMTypeRef type = LLVMTypeOf(values);
    LLVMValueRef lanes = LLVMBuildBitCast(v->builder, group, cw_vector_mask_type(v), "");
    values = LLVMBuildSelect(v->builder, lanes, values, cw_splat(type, identity), "");
    return cw_vector_call_llvm(v, reduction, &type, 1, &values, 1);
}

/* The lanes of `group` whose value is that of its first lane; PTX "match.sync". */
static LLVMValueRef match_all(struct cw_vector *v, LLVMValueRef values, LLVMValueRef group) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef arguments[2] = {group, LLVMConstNull(v->i1)};
    LLVMValueRef first = LLVMBuildAnd(b, cw_vector_call_llvm(v, "llvm.cttz", &v->i32, 1, arguments, 2), LLVMConstInt(v->i32, 31, 0), "");
    LLVMValueRef model = LLVMBuildExtractElement(b, values, first, "");
    LLVMValueRef equal = cw_vector_bits(v, LLVMBuildICmp(b, LLVMIntEQ, values, cw_vector_splat(v, model), ""));
    LLVMValueRef all = LLVMBuildICmp(b, LLVMIntEQ, LLVMBuildAnd(b, equal, group, ""), group, "");
    return LLVMBuildSelect(b, all, group, LLVMConstNull(v->i32), "");
}

static LLVMValueRef match_any(struct cw_vector *v, LLVMValueRef values, LLVMValueRef group, LLVMValueRef lane) {
    LLVMValueRef own = cw_vector_splat(v, LLVMBuildExtractElement(v->builder, values, lane, ""));
    LLVMValueRef equal = cw_vector_bits(v, LLVMBuildICmp(v->builder, LLVMIntEQ, values, own, ""));
    return LLVMBuildAnd(v->builder, equal, group, "");
}

static bool is_match_any(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_MATCH_ANY || intrinsic == CW_INTRINSIC_MATCH_ANY_B64;
}

static LLVMValueRef result_of_group(struct cw_vector *v, enum cw_intrinsic intrinsic, LLVMValueRef values, LLVMValueRef group, LLVMValueRef lane) {
    if (is_match_any(intrinsic)) return match_any(v, values, group, lane);
    if (intrinsic == CW_INTRINSIC_MATCH_ALL || intrinsic == CW_INTRINSIC_MATCH_ALL_B64) return match_all(v, values, group);
    return reduce(v, intrinsic, values, group);
}

/* Reductions and matches: once where all lanes name the same lanes, else for each lane. */
static void combine(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMValueRef old = LLVMGetOperand(call, 0), values = cw_vector_wide(v, LLVMGetOperand(call, 1)), active = active_bits(v);
    if (cw_is_uniform(v, old) && !is_match_any(intrinsic)) {
        LLVMValueRef group = LLVMBuildAnd(v->builder, cw_vector_scalar(v, old), active, "");
        cw_vector_define(v, call, result_of_group(v, intrinsic, values, group, NULL));
        return;
    }
    LLVMValueRef masks = cw_vector_wide(v, old);
    struct cw_vector_lanes loop;
    cw_vector_begin_lanes(v, &loop, LLVMVectorType(v->i32, WARP));
    LLVMValueRef group = LLVMBuildAnd(v->builder, LLVMBuildExtractElement(v->builder, masks, loop.lane, ""), active, "");
    LLVMValueRef result = result_of_group(v, intrinsic, values, group, loop.lane);
    cw_vector_define(v, call, cw_vector_end_lanes(v, &loop, result));
}

void cw_vector_collective(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    if (v->plan->lanes != WARP) cw_vector_refuse(v, call, "internal: a collective among %u lanes", v->plan->lanes);
    else if (intrinsic == CW_INTRINSIC_WARP_SYNC) return;
    else if (intrinsic == CW_INTRINSIC_ACTIVEMASK) cw_vector_define(v, call, active_bits(v));
    else if (is_shuffle(intrinsic)) shuffle(v, call, intrinsic);
    else if (intrinsic <= CW_INTRINSIC_VOTE_BALLOT) cw_vector_define(v, call, vote(v, call, intrinsic));
    else combine(v, call, intrinsic);
}
