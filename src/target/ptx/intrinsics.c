/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intrinsics.c: the waist's intrinsics as NVPTX has them.
 *
 * Most have an LLVM intrinsic of their own, which the optimiser knows (ranges of special registers, convergence); the
 * rest is one PTX instruction as inline assembly. Semantics: PTX ISA, the section that each table names. printf, assert
 * and the device heap are functions of the driver with the same names and parameters as the waist's (CUDA C++ Programming
 * Guide, "Formatted Output", "Assertion", "Dynamic Global Memory Allocation"), so they stay calls.
 */
#include "target/ptx/ptx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lowering {
    struct cw_compiler *compiler;
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef void_type, i1, i32, i64;
    const struct cw_ptx_processor *processor;
};

/* ---- Building ------------------------------------------------------------------------------------------------- */

static LLVMValueRef call_intrinsic(struct lowering *l, const char *name, LLVMTypeRef *overload, size_t overloads, LLVMValueRef *arguments,
                                   unsigned count) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(l->llvm, id, overload, overloads);
    return LLVMBuildCall2(l->builder, LLVMGlobalGetValueType(function), function, arguments, count, "");
}

/* One PTX instruction (or a few in braces) whose result has `type`. It stays where it is: who takes part in it, or what it
 * reads, depends on control flow. */
static LLVMValueRef assembly(struct lowering *l, LLVMTypeRef type, const char *text, const char *constraints, LLVMValueRef *arguments,
                             unsigned count) {
    LLVMTypeRef types[4];
    for (unsigned i = 0; i < count; i++) types[i] = LLVMTypeOf(arguments[i]);
    LLVMTypeRef function = LLVMFunctionType(type, types, count, 0);
    LLVMValueRef code = LLVMGetInlineAsm(function, text, strlen(text), constraints, strlen(constraints), 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMValueRef call = LLVMBuildCall2(l->builder, function, code, arguments, count, "");
    unsigned kind = cw_attribute_kind("convergent");
    LLVMAddCallSiteAttribute(call, CW_FUNCTION_INDEX, LLVMCreateEnumAttribute(l->context, kind, 0));
    return call;
}

static LLVMValueRef number(struct lowering *l, unsigned long long value) {
    return LLVMConstInt(l->i32, value, 0);
}

static LLVMValueRef is_true(struct lowering *l, LLVMValueRef value) {
    return LLVMBuildICmp(l->builder, LLVMIntNE, value, number(l, 0), "");
}

static LLVMValueRef widen(struct lowering *l, LLVMValueRef value) {
    return LLVMBuildZExt(l->builder, value, l->i32, "");
}

/* ---- One to one ----------------------------------------------------------------------------------------------- */

/* PTX ISA "Special Registers", "isspacep", "bar.warp.sync", "nanosleep", "redux.sync", "match.sync",
 * "barrier.cluster", "mapa", "getctarank". The operands are the waist's. */
static const struct same {
    enum cw_intrinsic intrinsic;
    const char *llvm;
} same[] = {
    {CW_INTRINSIC_TID_X, "llvm.nvvm.read.ptx.sreg.tid.x"},       {CW_INTRINSIC_TID_Y, "llvm.nvvm.read.ptx.sreg.tid.y"},
    {CW_INTRINSIC_TID_Z, "llvm.nvvm.read.ptx.sreg.tid.z"},       {CW_INTRINSIC_NTID_X, "llvm.nvvm.read.ptx.sreg.ntid.x"},
    {CW_INTRINSIC_NTID_Y, "llvm.nvvm.read.ptx.sreg.ntid.y"},     {CW_INTRINSIC_NTID_Z, "llvm.nvvm.read.ptx.sreg.ntid.z"},
    {CW_INTRINSIC_CTAID_X, "llvm.nvvm.read.ptx.sreg.ctaid.x"},   {CW_INTRINSIC_CTAID_Y, "llvm.nvvm.read.ptx.sreg.ctaid.y"},
    {CW_INTRINSIC_CTAID_Z, "llvm.nvvm.read.ptx.sreg.ctaid.z"},   {CW_INTRINSIC_NCTAID_X, "llvm.nvvm.read.ptx.sreg.nctaid.x"},
    {CW_INTRINSIC_NCTAID_Y, "llvm.nvvm.read.ptx.sreg.nctaid.y"}, {CW_INTRINSIC_NCTAID_Z, "llvm.nvvm.read.ptx.sreg.nctaid.z"},
    {CW_INTRINSIC_LANEID, "llvm.nvvm.read.ptx.sreg.laneid"},     {CW_INTRINSIC_SMID, "llvm.nvvm.read.ptx.sreg.smid"},
    {CW_INTRINSIC_CLOCK, "llvm.nvvm.read.ptx.sreg.clock"},       {CW_INTRINSIC_CLOCK64, "llvm.nvvm.read.ptx.sreg.clock64"},
    {CW_INTRINSIC_WARP_SYNC, "llvm.nvvm.bar.warp.sync"},         {CW_INTRINSIC_NANOSLEEP, "llvm.nvvm.nanosleep"},
    {CW_INTRINSIC_GLOBALTIMER, "llvm.nvvm.read.ptx.sreg.globaltimer"},
    {CW_INTRINSIC_CLUSTER_NCTAID_X, "llvm.nvvm.read.ptx.sreg.cluster.nctaid.x"},
    {CW_INTRINSIC_CLUSTER_NCTAID_Y, "llvm.nvvm.read.ptx.sreg.cluster.nctaid.y"},
    {CW_INTRINSIC_CLUSTER_NCTAID_Z, "llvm.nvvm.read.ptx.sreg.cluster.nctaid.z"},
    {CW_INTRINSIC_CLUSTER_CTAID_X, "llvm.nvvm.read.ptx.sreg.cluster.ctaid.x"},
    {CW_INTRINSIC_CLUSTER_CTAID_Y, "llvm.nvvm.read.ptx.sreg.cluster.ctaid.y"},
    {CW_INTRINSIC_CLUSTER_CTAID_Z, "llvm.nvvm.read.ptx.sreg.cluster.ctaid.z"},
    {CW_INTRINSIC_CLUSTER_CTARANK, "llvm.nvvm.read.ptx.sreg.cluster.ctarank"},
    {CW_INTRINSIC_CLUSTER_MAP, "llvm.nvvm.mapa"},                {CW_INTRINSIC_CLUSTER_RANK_OF, "llvm.nvvm.getctarank"},
    {CW_INTRINSIC_CLUSTER_ARRIVE, "llvm.nvvm.barrier.cluster.arrive"},
    {CW_INTRINSIC_CLUSTER_WAIT, "llvm.nvvm.barrier.cluster.wait"},
    {CW_INTRINSIC_MATCH_ANY, "llvm.nvvm.match.any.sync.i32"},    {CW_INTRINSIC_MATCH_ANY_B64, "llvm.nvvm.match.any.sync.i64"},
};

static const struct same *find_same(enum cw_intrinsic intrinsic) {
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (same[i].intrinsic == intrinsic) return &same[i];
    return NULL;
}

/* ---- Families ------------------------------------------------------------------------------------------------- */

/* Linear thread index / 32. %warpid may be another number (PTX ISA, "%warpid"). */
static LLVMValueRef warp_of(struct lowering *l) {
    static const char *const tid[] = {"llvm.nvvm.read.ptx.sreg.tid.x", "llvm.nvvm.read.ptx.sreg.tid.y", "llvm.nvvm.read.ptx.sreg.tid.z"};
    static const char *const ntid[] = {"llvm.nvvm.read.ptx.sreg.ntid.x", "llvm.nvvm.read.ptx.sreg.ntid.y"};
    LLVMValueRef linear = call_intrinsic(l, tid[2], NULL, 0, NULL, 0);
    for (int k = 1; k >= 0; k--) {
        linear = LLVMBuildMul(l->builder, linear, call_intrinsic(l, ntid[k], NULL, 0, NULL, 0), "");
        linear = LLVMBuildAdd(l->builder, linear, call_intrinsic(l, tid[k], NULL, 0, NULL, 0), "");
    }
    return LLVMBuildLShr(l->builder, linear, number(l, 5), "");
}

/* PTX ISA "bar, barrier". Threads may come to it one by one, so it is not the aligned form where that is not known;
 * __syncthreads() is, since all threads of a warp come to the same one (CUDA C++ Programming Guide, "Synchronization
 * Functions"). */
static LLVMValueRef barrier(struct lowering *l, LLVMValueRef call) {
    LLVMValueRef arguments[2] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1)};
    bool all = LLVMIsAConstantInt(arguments[1]) && LLVMConstIntGetZExtValue(arguments[1]) == 0;
    if (all && LLVMIsAConstantInt(arguments[0]) && LLVMConstIntGetZExtValue(arguments[0]) == 0)
        return call_intrinsic(l, "llvm.nvvm.barrier.cta.sync.aligned.all", NULL, 0, arguments, 1);
    if (all) return call_intrinsic(l, "llvm.nvvm.barrier.cta.sync.all", NULL, 0, arguments, 1);
    return call_intrinsic(l, "llvm.nvvm.barrier.cta.sync.count", NULL, 0, arguments, 2);
}

/* With a count, for otherwise cw_pass_split_barriers has taken it. Nobody uses the phase: only PTX's bar.arrive gives a count. */
static LLVMValueRef barrier_arrive(struct lowering *l, LLVMValueRef call) {
    LLVMValueRef arguments[2] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1)};
    call_intrinsic(l, "llvm.nvvm.barrier.cta.arrive.count", NULL, 0, arguments, 2);
    return LLVMConstNull(LLVMTypeOf(call));
}

static LLVMValueRef barrier_reduce(struct lowering *l, LLVMValueRef call, const char *text) {
    LLVMValueRef predicate = LLVMGetOperand(call, 0);
    return assembly(l, l->i32, text, "=r,r,~{memory}", &predicate, 1);
}

/* PTX ISA "shfl.sync": the last operand has the clamp and, above it, the mask of lanes that form a segment. */
static LLVMValueRef shuffle_word(struct lowering *l, const char *name, LLVMValueRef mask, LLVMValueRef value, LLVMValueRef lane, LLVMValueRef clamp) {
    LLVMValueRef arguments[] = {mask, value, lane, clamp};
    return call_intrinsic(l, name, NULL, 0, arguments, 4);
}

static LLVMValueRef shuffle(struct lowering *l, LLVMValueRef call, unsigned mode, bool wide) {
    static const char *const names[] = {"llvm.nvvm.shfl.sync.idx.i32", "llvm.nvvm.shfl.sync.up.i32", "llvm.nvvm.shfl.sync.down.i32",
                                        "llvm.nvvm.shfl.sync.bfly.i32"};
    LLVMBuilderRef b = l->builder;
    LLVMValueRef mask = LLVMGetOperand(call, 0), value = LLVMGetOperand(call, 1), lane = LLVMGetOperand(call, 2);
    LLVMValueRef segment = LLVMBuildShl(b, LLVMBuildSub(b, number(l, 32), LLVMGetOperand(call, 3), ""), number(l, 8), "");
    LLVMValueRef clamp = mode == 1 ? segment : LLVMBuildOr(b, segment, number(l, 31), "");
    if (!wide) return shuffle_word(l, names[mode], mask, value, lane, clamp);
    LLVMValueRef low = shuffle_word(l, names[mode], mask, LLVMBuildTrunc(b, value, l->i32, ""), lane, clamp);
    LLVMValueRef shift = LLVMConstInt(l->i64, 32, 0);
    LLVMValueRef high = LLVMBuildTrunc(b, LLVMBuildLShr(b, value, shift, ""), l->i32, "");
    high = LLVMBuildZExt(b, shuffle_word(l, names[mode], mask, high, lane, clamp), l->i64, "");
    return LLVMBuildOr(b, LLVMBuildShl(b, high, shift, ""), LLVMBuildZExt(b, low, l->i64, ""), "");
}

/* PTX ISA "vote.sync". */
static LLVMValueRef vote(struct lowering *l, LLVMValueRef call, const char *name, bool ballot) {
    LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), is_true(l, LLVMGetOperand(call, 1))};
    LLVMValueRef result = call_intrinsic(l, name, NULL, 0, arguments, 2);
    return ballot ? result : widen(l, result);
}

/* PTX ISA "match.sync": .all gives the mask, or 0. */
static LLVMValueRef match_all(struct lowering *l, LLVMValueRef call, const char *name) {
    LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1)};
    return LLVMBuildExtractValue(l->builder, call_intrinsic(l, name, NULL, 0, arguments, 2), 0, "");
}

static LLVMValueRef combine(LLVMBuilderRef b, enum cw_intrinsic intrinsic, LLVMValueRef a, LLVMValueRef c) {
    LLVMIntPredicate predicate = LLVMIntSLT;
    switch (intrinsic) {
    case CW_INTRINSIC_REDUX_ADD: return LLVMBuildAdd(b, a, c, "");
    case CW_INTRINSIC_REDUX_AND: return LLVMBuildAnd(b, a, c, "");
    case CW_INTRINSIC_REDUX_OR: return LLVMBuildOr(b, a, c, "");
    case CW_INTRINSIC_REDUX_XOR: return LLVMBuildXor(b, a, c, "");
    case CW_INTRINSIC_REDUX_MAX: predicate = LLVMIntSGT; break;
    case CW_INTRINSIC_REDUX_UMIN: predicate = LLVMIntULT; break;
    case CW_INTRINSIC_REDUX_UMAX: predicate = LLVMIntUGT; break;
    default: break;
    }
    return LLVMBuildSelect(b, LLVMBuildICmp(b, predicate, a, c, ""), a, c, "");
}

static unsigned long long neutral(enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_REDUX_AND:
    case CW_INTRINSIC_REDUX_UMIN: return 0xffffffffu;
    case CW_INTRINSIC_REDUX_MIN: return 0x7fffffffu;
    case CW_INTRINSIC_REDUX_MAX: return 0x80000000u;
    default: return 0;
    }
}

/* PTX ISA "redux.sync", from sm_80 on. Before, every lane of the mask gives its value in turn. */
static LLVMValueRef reduce(struct lowering *l, LLVMValueRef call, enum cw_intrinsic intrinsic, const char *name) {
    LLVMValueRef mask = LLVMGetOperand(call, 0), value = LLVMGetOperand(call, 1);
    if (l->processor->number >= 80) {
        LLVMValueRef arguments[] = {value, mask};
        return call_intrinsic(l, name, NULL, 0, arguments, 2);
    }
    LLVMValueRef result = number(l, neutral(intrinsic));
    for (unsigned lane = 0; lane < 32; lane++) {
        LLVMValueRef one = shuffle_word(l, "llvm.nvvm.shfl.sync.idx.i32", mask, value, number(l, lane), number(l, 31));
        LLVMValueRef bit = LLVMBuildAnd(l->builder, mask, number(l, 1ull << lane), "");
        LLVMValueRef other = LLVMBuildSelect(l->builder, is_true(l, bit), one, number(l, neutral(intrinsic)), "");
        result = combine(l->builder, intrinsic, result, other);
    }
    return result;
}

static LLVMValueRef in_space(struct lowering *l, LLVMValueRef call, const char *name) {
    LLVMValueRef pointer = LLVMGetOperand(call, 0);
    return widen(l, call_intrinsic(l, name, NULL, 0, &pointer, 1));
}

/* A function may return after a trap as far as LLVM's code is concerned; the grid is over. */
static LLVMValueRef trap(struct lowering *l) {
    return call_intrinsic(l, "llvm.trap", NULL, 0, NULL, 0);
}

/* ---- Asynchronous copies: PTX ISA "cp.async" -------------------------------------------------------------------------- */

static bool constant_operand(LLVMValueRef call, unsigned n, unsigned *value) {
    LLVMValueRef operand = LLVMGetOperand(call, n);
    if (!LLVMIsAConstantInt(operand)) return false;
    *value = (unsigned)LLVMConstIntGetZExtValue(operand);
    return true;
}

static LLVMValueRef address_in(struct lowering *l, LLVMValueRef pointer, unsigned space) {
    LLVMTypeRef type = LLVMPointerTypeInContext(l->context, space);
    return LLVMBuildPtrToInt(l->builder, LLVMBuildAddrSpaceCast(l->builder, pointer, type, ""), l->i64, "");
}

/* What the pointers are the compiler may know later; the copy is made if it is from global to shared memory. */
static LLVMValueRef asynchronous_copy(struct lowering *l, LLVMValueRef call, unsigned size) {
    LLVMValueRef to = LLVMGetOperand(call, 1), from = LLVMGetOperand(call, 2);
    LLVMValueRef fits = LLVMBuildAnd(l->builder, call_intrinsic(l, "llvm.nvvm.isspacep.shared", NULL, 0, &to, 1),
                                     call_intrinsic(l, "llvm.nvvm.isspacep.global", NULL, 0, &from, 1), "");
    LLVMValueRef arguments[] = {widen(l, fits), address_in(l, to, CW_SPACE_SHARED), address_in(l, from, CW_SPACE_GLOBAL), LLVMGetOperand(call, 4)};
    const char *text = size == 16  ? "{ .reg .pred %p; setp.ne.u32 %p, $0, 0; @%p cp.async.cg.shared.global [$1], [$2], 16, $3; }"
                       : size == 8 ? "{ .reg .pred %p; setp.ne.u32 %p, $0, 0; @%p cp.async.ca.shared.global [$1], [$2], 8, $3; }"
                                   : "{ .reg .pred %p; setp.ne.u32 %p, $0, 0; @%p cp.async.ca.shared.global [$1], [$2], 4, $3; }";
    assembly(l, l->void_type, text, "r,l,l,r,~{memory}", arguments, 4);
    return widen(l, fits);
}

/* From sm_80 on; before, all answers are 0. */
static LLVMValueRef asynchronous(struct lowering *l, LLVMValueRef call) {
    unsigned what, size = 0;
    if (l->processor->number < 80 || !constant_operand(call, 0, &what)) return number(l, 0);
    bool known = constant_operand(call, 3, &size);
    if (what == 0) return known && (size == 4 || size == 8 || size == 16) ? asynchronous_copy(l, call, size) : number(l, 0);
    char text[48];
    if (what == 1) strcpy(text, "cp.async.commit_group;");
    else if (what == 2 && known && size > 0) snprintf(text, sizeof text, "cp.async.wait_group %u;", size);
    else strcpy(text, "cp.async.wait_all;");
    assembly(l, l->void_type, text, "~{memory}", NULL, 0);
    return number(l, 1);
}

#define SPACE_SHARED_CLUSTER 7 /* LLVM's number in NVPTX (NVPTXUsage, "Address Spaces") */

/* PTX ISA "cvta.shared::cluster". */
static LLVMValueRef cluster_pointer(struct lowering *l, LLVMValueRef call) {
    LLVMTypeRef place = LLVMPointerTypeInContext(l->context, SPACE_SHARED_CLUSTER);
    return LLVMBuildAddrSpaceCast(l->builder, LLVMBuildIntToPtr(l->builder, LLVMGetOperand(call, 0), place, ""), LLVMTypeOf(call), "");
}

#define BARRIER_LOGIC(operation)                                                                                                             \
    "{ .reg .pred %p, %q; setp.ne.u32 %p, $1, 0; barrier.red." operation ".pred %q, 0, %p; selp.u32 $0, 1, 0, %q; }"

/* What takes the place of `call`; NULL when there is nothing for this intrinsic. */
static LLVMValueRef lowered(struct lowering *l, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_WARPID: return warp_of(l);
    case CW_INTRINSIC_DYNAMIC_SHARED_SIZE: return assembly(l, l->i32, "mov.u32 $0, %dynamic_smem_size;", "=r", NULL, 0);
    case CW_INTRINSIC_BARRIER: return barrier(l, call);
    case CW_INTRINSIC_BARRIER_ARRIVE: return barrier_arrive(l, call);
    case CW_INTRINSIC_BARRIER_POPC:
        return barrier_reduce(l, call, "{ .reg .pred %p; setp.ne.u32 %p, $1, 0; barrier.red.popc.u32 $0, 0, %p; }");
    case CW_INTRINSIC_BARRIER_AND: return barrier_reduce(l, call, BARRIER_LOGIC("and"));
    case CW_INTRINSIC_BARRIER_OR: return barrier_reduce(l, call, BARRIER_LOGIC("or"));
    case CW_INTRINSIC_ACTIVEMASK: return assembly(l, l->i32, "activemask.b32 $0;", "=r,~{memory}", NULL, 0);
    case CW_INTRINSIC_SHFL_IDX: return shuffle(l, call, 0, false);
    case CW_INTRINSIC_SHFL_UP: return shuffle(l, call, 1, false);
    case CW_INTRINSIC_SHFL_DOWN: return shuffle(l, call, 2, false);
    case CW_INTRINSIC_SHFL_XOR: return shuffle(l, call, 3, false);
    case CW_INTRINSIC_SHFL_IDX_B64: return shuffle(l, call, 0, true);
    case CW_INTRINSIC_SHFL_UP_B64: return shuffle(l, call, 1, true);
    case CW_INTRINSIC_SHFL_DOWN_B64: return shuffle(l, call, 2, true);
    case CW_INTRINSIC_SHFL_XOR_B64: return shuffle(l, call, 3, true);
    case CW_INTRINSIC_VOTE_ALL: return vote(l, call, "llvm.nvvm.vote.all.sync", false);
    case CW_INTRINSIC_VOTE_ANY: return vote(l, call, "llvm.nvvm.vote.any.sync", false);
    case CW_INTRINSIC_VOTE_UNI: return vote(l, call, "llvm.nvvm.vote.uni.sync", false);
    case CW_INTRINSIC_VOTE_BALLOT: return vote(l, call, "llvm.nvvm.vote.ballot.sync", true);
    case CW_INTRINSIC_MATCH_ALL: return match_all(l, call, "llvm.nvvm.match.all.sync.i32p");
    case CW_INTRINSIC_MATCH_ALL_B64: return match_all(l, call, "llvm.nvvm.match.all.sync.i64p");
    case CW_INTRINSIC_REDUX_ADD: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.add");
    case CW_INTRINSIC_REDUX_MIN: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.min");
    case CW_INTRINSIC_REDUX_MAX: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.max");
    case CW_INTRINSIC_REDUX_UMIN: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.umin");
    case CW_INTRINSIC_REDUX_UMAX: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.umax");
    case CW_INTRINSIC_REDUX_AND: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.and");
    case CW_INTRINSIC_REDUX_OR: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.or");
    case CW_INTRINSIC_REDUX_XOR: return reduce(l, call, intrinsic, "llvm.nvvm.redux.sync.xor");
    case CW_INTRINSIC_SHARED_WINDOW:
        return LLVMBuildIntToPtr(l->builder, assembly(l, l->i64, "{ .reg .b64 %zero; mov.b64 %zero, 0; cvta.shared.u64 $0, %zero; }", "=l", NULL, 0),
                                 LLVMTypeOf(call), "");
    case CW_INTRINSIC_CLUSTER_EXPLICIT: return widen(l, call_intrinsic(l, "llvm.nvvm.is_explicit_cluster", NULL, 0, NULL, 0));
    case CW_INTRINSIC_CLUSTER_POINTER: return cluster_pointer(l, call);
    case CW_INTRINSIC_CLUSTER_ADDRESS: return address_in(l, LLVMGetOperand(call, 0), SPACE_SHARED_CLUSTER);
    case CW_INTRINSIC_CLUSTER_MAP_ADDRESS: {
        LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), LLVMGetOperand(call, 1)};
        return assembly(l, l->i64, "mapa.shared::cluster.u64 $0, $1, $2;", "=l,l,r", arguments, 2);
    }
    case CW_INTRINSIC_IS_CLUSTER_SHARED: return in_space(l, call, "llvm.nvvm.isspacep.shared.cluster");
    case CW_INTRINSIC_IS_SHARED: return in_space(l, call, "llvm.nvvm.isspacep.shared");
    case CW_INTRINSIC_IS_GLOBAL: return in_space(l, call, "llvm.nvvm.isspacep.global");
    case CW_INTRINSIC_IS_LOCAL: return in_space(l, call, "llvm.nvvm.isspacep.local");
    case CW_INTRINSIC_IS_CONSTANT: return in_space(l, call, "llvm.nvvm.isspacep.const");
    case CW_INTRINSIC_MATRIX: return number(l, cw_ptx_lower_matrix(l->llvm, l->builder, call, l->processor));
    case CW_INTRINSIC_ASYNC: return asynchronous(l, call);
    case CW_INTRINSIC_BREAKPOINT: return assembly(l, l->void_type, "brkpt;", "", NULL, 0);
    case CW_INTRINSIC_TRAP:
    case CW_INTRINSIC_PURE_VIRTUAL:
    case CW_INTRINSIC_DELETED_VIRTUAL: return trap(l);
    default: return NULL;
    }
}

/* The driver defines these, under the same names. */
static bool is_of_driver(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_VPRINTF || intrinsic == CW_INTRINSIC_ASSERT_FAIL || intrinsic == CW_INTRINSIC_MALLOC ||
           intrinsic == CW_INTRINSIC_FREE;
}

/* Threads that wait for others let them go on by themselves (CUDA C++ Programming Guide, "Independent Thread Scheduling"). */
static bool is_needless(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_YIELD || intrinsic == CW_INTRINSIC_POLL;
}

static cw_status lower_call(struct lowering *l, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    if (is_of_driver(intrinsic)) return CW_OK;
    if (is_needless(intrinsic)) {
        LLVMInstructionEraseFromParent(call);
        return CW_OK;
    }
    LLVMPositionBuilderBefore(l->builder, call);
    if (l->processor->alone && cw_ptx_lower_image(l->llvm, l->builder, call, intrinsic)) {
        LLVMInstructionEraseFromParent(call);
        return CW_OK;
    }
    const struct same *row = find_same(intrinsic);
    LLVMValueRef value;
    if (row) {
        LLVMValueRef arguments[4];
        unsigned count = LLVMGetNumArgOperands(call);
        for (unsigned i = 0; i < count; i++) arguments[i] = LLVMGetOperand(call, i);
        value = call_intrinsic(l, row->llvm, NULL, 0, arguments, count);
    } else {
        value = lowered(l, call, intrinsic);
    }
    if (!value) {
        cw_diagnose(l->compiler, call, "'%s' is not supported on NVIDIA devices by cuda-wasm", cw_intrinsics[intrinsic].text);
        return CW_ERROR_UNSUPPORTED;
    }
    if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMVoidTypeKind) LLVMReplaceAllUsesWith(call, value);
    LLVMInstructionEraseFromParent(call);
    return CW_OK;
}

cw_status cw_ptx_lower_intrinsics(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_ptx_processor *processor) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct lowering l = {.compiler = compiler,
                         .llvm = llvm,
                         .context = context,
                         .builder = LLVMCreateBuilderInContext(context),
                         .void_type = LLVMVoidTypeInContext(context),
                         .i1 = LLVMInt1TypeInContext(context),
                         .i32 = LLVMInt32TypeInContext(context),
                         .i64 = LLVMInt64TypeInContext(context),
                         .processor = processor};
    cw_status status = CW_OK;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
                if (intrinsic == CW_INTRINSIC_COUNT) continue;
                cw_status one = lower_call(&l, i, intrinsic);
                if (one != CW_OK) status = one;
            }
        }
    }
    LLVMDisposeBuilder(l.builder);
    return status;
}
