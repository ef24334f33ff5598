/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.c: calls. Special registers become parameters of the widened function; LLVM's mathematical intrinsics have vector
 * forms; warp collectives are collective.c's; barriers are met once for all lanes; everything else runs lane by lane.
 */
#include <string.h>

#include "pass/vector/state.h"

/* ---- LLVM's own intrinsics ---- */

/* Those with vector forms. `types` says what their names are overloaded by: the result (r), the first operand (a).
 * `scalar` is the operand that stays an immediate, or -1. */
static const struct wide_intrinsic {
    const char *name, *types;
    int scalar;
} wide_intrinsics[] = {
    {"llvm.fma", "r", -1},        {"llvm.fmuladd", "r", -1},     {"llvm.sqrt", "r", -1},       {"llvm.fabs", "r", -1},
    {"llvm.copysign", "r", -1},   {"llvm.floor", "r", -1},       {"llvm.ceil", "r", -1},       {"llvm.trunc", "r", -1},
    {"llvm.rint", "r", -1},       {"llvm.nearbyint", "r", -1},   {"llvm.round", "r", -1},      {"llvm.roundeven", "r", -1},
    {"llvm.lrint", "ra", -1},     {"llvm.llrint", "ra", -1},     {"llvm.minnum", "r", -1},     {"llvm.maxnum", "r", -1},
    {"llvm.minimum", "r", -1},    {"llvm.maximum", "r", -1},     {"llvm.minimumnum", "r", -1}, {"llvm.maximumnum", "r", -1},
    {"llvm.canonicalize", "r", -1}, {"llvm.is.fpclass", "a", 1}, {"llvm.arithmetic.fence", "r", -1},
    {"llvm.fptosi.sat", "ra", -1}, {"llvm.fptoui.sat", "ra", -1}, {"llvm.ctpop", "r", -1},     {"llvm.ctlz", "r", 1},
    {"llvm.cttz", "r", 1},        {"llvm.bitreverse", "r", -1},  {"llvm.bswap", "r", -1},      {"llvm.fshl", "r", -1},
    {"llvm.fshr", "r", -1},       {"llvm.abs", "r", 1},          {"llvm.smin", "r", -1},       {"llvm.smax", "r", -1},
    {"llvm.umin", "r", -1},       {"llvm.umax", "r", -1},        {"llvm.scmp", "ra", -1},      {"llvm.ucmp", "ra", -1},
    {"llvm.sadd.sat", "r", -1},   {"llvm.uadd.sat", "r", -1},    {"llvm.ssub.sat", "r", -1},   {"llvm.usub.sat", "r", -1},
    {"llvm.sshl.sat", "r", -1},   {"llvm.ushl.sat", "r", -1},
};

/* What only the optimiser reads, and it has read it by now. */
static const char *const dropped[] = {"llvm.lifetime.", "llvm.assume", "llvm.experimental.noalias.scope.decl", "llvm.dbg.",
                                      "llvm.invariant.end", "llvm.sideeffect", "llvm.donothing", "llvm.prefetch", "llvm.var.annotation"};

static bool begins(const char *name, const char *prefix) {
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* `name` is `base` with a suffix of types. */
static bool is_overload(const char *name, const char *base) {
    size_t length = strlen(base);
    return strncmp(name, base, length) == 0 && (name[length] == '.' || name[length] == 0) && (name[length] == 0 || !strstr(name + length, ".sat."));
}

static const struct wide_intrinsic *find_wide(const char *name) {
    const struct wide_intrinsic *found = NULL;
    for (size_t k = 0; k < sizeof wide_intrinsics / sizeof wide_intrinsics[0]; k++)
        if (is_overload(name, wide_intrinsics[k].name) && (!found || strlen(wide_intrinsics[k].name) > strlen(found->name)))
            found = &wide_intrinsics[k];
    return found;
}

static bool touches_memory(const char *name) {
    return begins(name, "llvm.mem") || begins(name, "llvm.stack");
}

static void widen_intrinsic(struct cw_vector *v, LLVMValueRef call, const struct wide_intrinsic *row) {
    unsigned count = LLVMGetNumArgOperands(call), type_count = 0;
    LLVMValueRef arguments[4];
    LLVMTypeRef types[2];
    for (unsigned k = 0; k < count && k < 4; k++) {
        LLVMValueRef operand = LLVMGetOperand(call, k);
        arguments[k] = (int)k == row->scalar ? operand : cw_vector_wide(v, operand);
    }
    for (const char *t = row->types; *t; t++) types[type_count++] = *t == 'r' ? cw_vector_type(v, LLVMTypeOf(call)) : LLVMTypeOf(arguments[0]);
    LLVMValueRef wide = cw_vector_call_llvm(v, row->name, types, type_count, arguments, count);
    if (LLVMCanValueUseFastMathFlags(call)) LLVMSetFastMathFlags(wide, LLVMGetFastMathFlags(call));
    cw_vector_define(v, call, wide);
}

static bool all_uniform(struct cw_vector *v, LLVMValueRef call) {
    for (unsigned k = 0; k < LLVMGetNumArgOperands(call); k++)
        if (!cw_is_uniform(v, LLVMGetOperand(call, k))) return false;
    return true;
}

static void define_copy(struct cw_vector *v, LLVMValueRef call) {
    LLVMValueRef copy = cw_vector_copy(v, call);
    if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMVoidTypeKind) cw_vector_define(v, call, copy);
}

static void llvm_call(struct cw_vector *v, LLVMValueRef call, const char *name) {
    for (size_t k = 0; k < sizeof dropped / sizeof dropped[0]; k++)
        if (begins(name, dropped[k])) return;
    if (begins(name, "llvm.stack")) {
        cw_vector_refuse(v, call, "a local array's size isn't known at compile time");
        return;
    }
    const struct wide_intrinsic *row = find_wide(name);
    if (all_uniform(v, call)) define_copy(v, call);
    else if (row && cw_vector_type(v, LLVMTypeOf(call))) widen_intrinsic(v, call, row);
    else cw_vector_by_lane(v, call);
}

/* ---- The waist's intrinsics ---- */

static LLVMValueRef popcount(struct cw_vector *v, LLVMValueRef mask) {
    LLVMValueRef bits = cw_vector_bits(v, mask);
    LLVMTypeRef type = LLVMTypeOf(bits);
    return LLVMBuildIntCast2(v->builder, cw_vector_call_llvm(v, "llvm.ctpop", &type, 1, &bits, 1), v->i32, 0, "");
}

static LLVMValueRef vote_field(struct cw_vector *v, unsigned field) {
    LLVMValueRef index = LLVMConstInt(v->i64, field, 0);
    return LLVMBuildGEP2(v->builder, v->i32, v->votes, &index, 1, "");
}

/* Adds this group's yes and lanes to the block's. */
static void count_votes(struct cw_vector *v, LLVMValueRef const counts[2]) {
    for (unsigned k = 0; k < 2; k++) {
        LLVMValueRef field = vote_field(v, k), sum = LLVMBuildAdd(v->builder, LLVMBuildLoad2(v->builder, v->i32, field, ""), counts[k], "");
        LLVMBuildStore(v->builder, sum, field);
    }
}

/* __syncthreads_count, _and, _or: the lanes vote among themselves first. */
static void vote_at_barrier(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef zero = LLVMConstNull(v->i32), arguments[2] = {zero, zero}, positives, total;
    for (unsigned part = 0; part < v->parts; part++) {
        cw_vector_set_part(v, part);
        LLVMValueRef predicate = cw_vector_wide(v, LLVMGetOperand(call, 0));
        LLVMValueRef positive = LLVMBuildICmp(b, LLVMIntNE, predicate, LLVMConstNull(LLVMTypeOf(predicate)), "");
        if (v->mask) positive = LLVMBuildSelect(b, v->mask, positive, LLVMConstNull(cw_vector_mask_type(v)), "");
        arguments[0] = LLVMBuildAdd(b, arguments[0], popcount(v, positive), "");
        arguments[1] = LLVMBuildAdd(b, arguments[1], popcount(v, cw_vector_mask(v)), "");
    }
    if (v->votes) {
        count_votes(v, arguments);
        cw_vector_wait(v);
        positives = LLVMBuildLoad2(b, v->i32, vote_field(v, 2), "");
        total = LLVMBuildLoad2(b, v->i32, vote_field(v, 3), "");
    } else {
        LLVMTypeRef types[2] = {v->i32, v->i32};
        LLVMValueRef both = cw_vector_call(v, CW_VECTOR_BARRIER_VOTE, v->i64, types, arguments, 2);
        positives = LLVMBuildTrunc(b, both, v->i32, "");
        total = LLVMBuildTrunc(b, LLVMBuildLShr(b, both, LLVMConstInt(v->i64, 32, 0), ""), v->i32, "");
    }
    LLVMValueRef result = positives;
    if (intrinsic == CW_INTRINSIC_BARRIER_AND) result = LLVMBuildZExt(b, LLVMBuildICmp(b, LLVMIntEQ, positives, total, ""), v->i32, "");
    if (intrinsic == CW_INTRINSIC_BARRIER_OR) result = LLVMBuildZExt(b, LLVMBuildICmp(b, LLVMIntNE, positives, zero, ""), v->i32, "");
    cw_vector_define(v, call, result);
}

/* Lane 0's linear index plus the lane's number. */
static LLVMValueRef linear_index(struct cw_vector *v) {
    return LLVMBuildAdd(v->builder, cw_vector_splat(v, v->first), cw_vector_iota(v, v->i32, 1), "");
}

static LLVMValueRef block_size(struct cw_vector *v, unsigned axis) {
    return cw_vector_splat(v, cw_vector_call(v, cw_intrinsics[CW_INTRINSIC_NTID_X + axis].text, v->i32, NULL, NULL, 0));
}

/* index / size and index % size. Both are below 2^11, so (index + 1/2) / size is at least 2^-12 away from any integer, and
 * a float quotient, which vectors have, is exact enough. */
static LLVMValueRef divide(struct cw_vector *v, LLVMValueRef index, LLVMValueRef size, LLVMValueRef *rest) {
    LLVMBuilderRef b = v->builder;
    LLVMTypeRef type = LLVMTypeOf(index), real = LLVMVectorType(LLVMFloatTypeInContext(v->context), v->plan->lanes);
    LLVMValueRef half = cw_vector_splat(v, LLVMConstReal(LLVMFloatTypeInContext(v->context), 0.5));
    LLVMValueRef middle = LLVMBuildFAdd(b, LLVMBuildSIToFP(b, index, real, ""), half, "");
    LLVMValueRef quotient = LLVMBuildFPToSI(b, LLVMBuildFDiv(b, middle, LLVMBuildSIToFP(b, size, real, ""), ""), type, "");
    *rest = LLVMBuildSub(b, index, LLVMBuildMul(b, quotient, size, ""), "");
    return quotient;
}

/* threadIdx of lanes by linear index. Lanes beyond the block have some value. */
static LLVMValueRef linear_coordinate(struct cw_vector *v, unsigned axis) {
    LLVMValueRef rest, row = divide(v, linear_index(v), block_size(v, 0), &rest);
    if (axis == 0) return rest;
    LLVMValueRef layer = divide(v, row, block_size(v, 1), &rest);
    return axis == 1 ? rest : layer;
}

static LLVMValueRef special_register(struct cw_vector *v, enum cw_intrinsic intrinsic) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef const coordinates[3] = {v->x, v->y, v->z};
    switch (intrinsic) {
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y:
    case CW_INTRINSIC_TID_Z:
        if (v->plan->form != CW_VECTOR_LINEAR) return coordinates[intrinsic - CW_INTRINSIC_TID_X];
        return linear_coordinate(v, (unsigned)(intrinsic - CW_INTRINSIC_TID_X));
    case CW_INTRINSIC_LANEID:
        if (v->plan->form == CW_VECTOR_TAILS) return LLVMBuildAnd(b, linear_index(v), cw_splat(LLVMVectorType(v->i32, v->plan->lanes), 31), "");
        return LLVMBuildAnd(b, v->first, LLVMConstInt(v->i32, 31, 0), "");
    case CW_INTRINSIC_WARPID:
        if (v->plan->form == CW_VECTOR_TAILS) return LLVMBuildLShr(b, linear_index(v), cw_splat(LLVMVectorType(v->i32, v->plan->lanes), 5), "");
        return LLVMBuildLShr(b, v->first, LLVMConstInt(v->i32, 5, 0), "");
    default: return NULL;
    }
}

static bool is_barrier_vote(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER_POPC || intrinsic == CW_INTRINSIC_BARRIER_AND || intrinsic == CW_INTRINSIC_BARRIER_OR;
}

/* Where lanes differ, the last one speaks for all: how long to sleep, which phase of a barrier to wait for. */
static bool takes_last(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_NANOSLEEP || intrinsic == CW_INTRINSIC_GRID_WAIT || intrinsic == CW_INTRINSIC_BARRIER_WAIT;
}

/* Once for all lanes: what waits for others, and clocks, which all lanes may read at one time. */
static bool runs_once(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_ARRIVE || intrinsic == CW_INTRINSIC_CLUSTER_ARRIVE ||
           intrinsic == CW_INTRINSIC_CLUSTER_WAIT || intrinsic == CW_INTRINSIC_POLL || intrinsic == CW_INTRINSIC_CLOCK ||
           intrinsic == CW_INTRINSIC_CLOCK64 || intrinsic == CW_INTRINSIC_GLOBALTIMER || takes_last(intrinsic);
}

bool cw_vector_is_once(LLVMValueRef call) {
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    return is_barrier_vote(intrinsic) || runs_once(intrinsic) || intrinsic == CW_INTRINSIC_WARP_SYNC || intrinsic == CW_INTRINSIC_YIELD;
}

bool cw_vector_has_effects(LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (intrinsic != CW_INTRINSIC_COUNT) return !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE);
    return !callee || !begins(cw_value_name(callee), "llvm.") || touches_memory(cw_value_name(callee));
}

static void run_once(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    if (intrinsic == CW_INTRINSIC_BARRIER && v->state) {
        cw_vector_wait(v);
        return;
    }
    if (!takes_last(intrinsic) && !all_uniform(v, call)) {
        cw_vector_refuse(v, call, "the arguments of `%s` differ from thread to thread", cw_intrinsics[intrinsic].text);
        return;
    }
    LLVMValueRef copy = LLVMInstructionClone(call);
    for (unsigned k = 0; k < LLVMGetNumArgOperands(call); k++) {
        LLVMValueRef operand = LLVMGetOperand(call, k);
        LLVMSetOperand(copy, k, cw_is_uniform(v, operand) ? cw_vector_scalar(v, operand) : cw_vector_last(v, cw_vector_wide(v, operand)));
    }
    LLVMInsertIntoBuilder(v->builder, copy);
    if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMVoidTypeKind) cw_vector_define(v, call, copy);
}

static void waist_call(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint32_t effects = cw_intrinsics[intrinsic].effects;
    LLVMValueRef value = special_register(v, intrinsic);
    if (value) cw_vector_define(v, call, value);
    else if (cw_vector_is_collective(intrinsic)) cw_vector_collective(v, call, intrinsic);
    else if (is_barrier_vote(intrinsic)) vote_at_barrier(v, call, intrinsic);
    else if (intrinsic == CW_INTRINSIC_YIELD) return; /* lanes of a vector are in lockstep anyway */
    else if (runs_once(intrinsic)) run_once(v, call, intrinsic);
    else if (effects & CW_EFFECT_PURE && all_uniform(v, call)) define_copy(v, call);
    else if (effects & CW_EFFECT_SUSPENDS) cw_vector_refuse(v, call, "`%s` has no form for vectors", cw_intrinsics[intrinsic].text);
    else cw_vector_by_lane(v, call);
}

void cw_vector_call_instruction(struct cw_vector *v, LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    const char *name = callee ? cw_value_name(callee) : "";
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (intrinsic != CW_INTRINSIC_COUNT) waist_call(v, call, intrinsic);
    else if (begins(name, "llvm.")) llvm_call(v, call, name);
    else if (cw_is_shared_place(name)) define_copy(v, call);
    else cw_vector_by_lane(v, call);
}

/* ---- Shapes ---- */

static struct cw_shape by_arguments(struct cw_vector *v, LLVMValueRef call) {
    struct cw_shape result = {.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true};
    bool parts = false;
    for (unsigned k = 0; k < LLVMGetNumArgOperands(call); k++) {
        struct cw_shape shape = cw_vector_shape(v, LLVMGetOperand(call, k));
        if (shape.kind == CW_SHAPE_UNKNOWN) return shape;
        if (shape.kind != CW_SHAPE_UNIFORM) result = (struct cw_shape){.kind = CW_SHAPE_VARYING};
        parts |= shape.parts;
    }
    result.parts = parts;
    return result;
}

static struct cw_shape register_shape(struct cw_vector *v, enum cw_intrinsic intrinsic) {
    struct cw_shape uniform = {.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true};
    struct cw_shape rising = {.kind = CW_SHAPE_STRIDED, .exact_signed = true, .exact_unsigned = true, .stride = 1}, varying = {.kind = CW_SHAPE_VARYING};
    bool along_x = v->parts > 1 && !v->plan->parts_along_y, along_y = v->parts > 1 && v->plan->parts_along_y;
    bool rows = v->plan->form == CW_VECTOR_ROWS, linear = v->plan->form == CW_VECTOR_LINEAR;
    rising.align = (uint8_t)__builtin_ctz(v->plan->lanes);
    switch (intrinsic) {
    case CW_INTRINSIC_TID_X:
        rising.parts = along_x;
        if (along_x && rows) rising.group = (uint8_t)__builtin_ctz(v->plan->lanes * v->parts); /* groups are whole ones */
        return linear ? varying : rising;
    case CW_INTRINSIC_TID_Y: uniform.parts = along_y; return linear ? varying : uniform;
    case CW_INTRINSIC_TID_Z: return linear ? varying : uniform;
    case CW_INTRINSIC_NTID_X:
        if (rows) uniform.align = rising.align; /* rows are whole numbers of groups */
        return uniform;
    case CW_INTRINSIC_LANEID:
    case CW_INTRINSIC_WARPID:
        /* Groups of up to 32 lanes begin at multiples of their size, but for rows that aren't whole. */
        if (!rows && !linear) return varying;
        uniform.parts = rising.parts = v->parts > 1;
        return intrinsic == CW_INTRINSIC_LANEID ? rising : uniform;
    default: return uniform;
    }
}

struct cw_shape cw_vector_call_shape(struct cw_vector *v, LLVMValueRef call) {
    struct cw_shape varying = {.kind = CW_SHAPE_VARYING, .parts = v->parts > 1};
    LLVMValueRef callee = cw_called_function(call);
    const char *name = callee ? cw_value_name(callee) : "";
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (begins(name, "llvm.")) return touches_memory(name) ? varying : by_arguments(v, call);
    if (intrinsic == CW_INTRINSIC_COUNT) return cw_is_shared_place(name) ? register_shape(v, CW_INTRINSIC_NTID_Y) : varying;
    if (cw_vector_is_collective(intrinsic)) return cw_vector_collective_shape(v, call, intrinsic);
    if (is_barrier_vote(intrinsic) || runs_once(intrinsic)) return register_shape(v, CW_INTRINSIC_NTID_Y);
    if (!(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE)) return varying;
    return LLVMGetNumArgOperands(call) ? by_arguments(v, call) : register_shape(v, intrinsic);
}
