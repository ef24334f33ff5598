/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clusters.c: what kernels ask of their cluster (CUDA C++ Programming Guide, "Thread Block Clusters"; PTX ISA "mapa", "getctarank",
 * "cvta", "isspacep"), as arithmetic: before pass/shared.c and before kernels become vectors, so that addresses in other blocks'
 * shared memory are computed as any others are.
 *
 * cw_pass_clusters is for targets that run clusters of several blocks with their shared memories in a row: that of rank r begins
 * r times a power of two, the shift's, behind the base. A shared::cluster address is an address of the own block's, below 2^24, or has the rank and
 * one above these bits, so that all blocks of the cluster understand it.
 *
 * cw_pass_no_clusters is for all others: each block is a cluster of its own.
 */
#include <llvm-c/Target.h>
#include <string.h>

#include "pass/pass.h"

#define RANK_SHIFT 24u
#define OFFSET_MASK ((1u << RANK_SHIFT) - 1u)

struct words {
    LLVMModuleRef llvm;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i32, size, pointer;
};

static LLVMValueRef number(LLVMTypeRef type, uint64_t value) {
    return LLVMConstInt(type, value, 0);
}

/* A call without arguments of a function that reads nothing which changes. */
static LLVMValueRef ask(const struct words *w, const char *name, LLVMTypeRef result) {
    LLVMTypeRef type = LLVMFunctionType(result, NULL, 0, 0);
    LLVMValueRef function = LLVMGetNamedFunction(w->llvm, name);
    if (!function) {
        static const char *const attributes[] = {"nounwind", "willreturn", "speculatable", "nosync", "memory"};
        function = LLVMAddFunction(w->llvm, name, type);
        for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) cw_add_attribute(function, attributes[i], 0);
    }
    return LLVMBuildCall2(w->builder, type, function, NULL, 0, "");
}

static LLVMValueRef window(const struct words *w) {
    return ask(w, cw_intrinsics[CW_INTRINSIC_SHARED_WINDOW].text, w->pointer);
}

static LLVMValueRef advance(const struct words *w, LLVMValueRef pointer, LLVMValueRef bytes) {
    return LLVMBuildGEP2(w->builder, w->i8, pointer, &bytes, 1, "");
}

static LLVMValueRef distance(const struct words *w, LLVMValueRef pointer, LLVMValueRef from) {
    LLVMBuilderRef b = w->builder;
    return LLVMBuildSub(b, LLVMBuildPtrToInt(b, pointer, w->size, ""), LLVMBuildPtrToInt(b, from, w->size, ""), "");
}

static LLVMValueRef to_size(const struct words *w, LLVMValueRef value) {
    return LLVMBuildZExtOrBitCast(w->builder, value, w->size, "");
}

/* ---- Clusters of several blocks ---- */

static LLVMValueRef shift(const struct words *w) {
    return to_size(w, ask(w, CW_CLUSTER_SHIFT, w->i32));
}

/* How far behind the first block's shared memory a pointer into any block's points. */
static LLVMValueRef place_of(const struct words *w, LLVMValueRef pointer) {
    return distance(w, pointer, ask(w, CW_CLUSTER_BASE, w->pointer));
}

static LLVMValueRef rank_of(const struct words *w, LLVMValueRef pointer) {
    return LLVMBuildLShr(w->builder, place_of(w, pointer), shift(w), "");
}

/* Where in its block's shared memory it points. */
static LLVMValueRef offset_of(const struct words *w, LLVMValueRef pointer) {
    LLVMBuilderRef b = w->builder;
    LLVMValueRef one = number(w->size, 1), mask = LLVMBuildSub(b, LLVMBuildShl(b, one, shift(w), ""), one, "");
    return LLVMBuildAnd(b, place_of(w, pointer), mask, "");
}

static LLVMValueRef window_of(const struct words *w, LLVMValueRef rank) {
    return advance(w, ask(w, CW_CLUSTER_BASE, w->pointer), LLVMBuildShl(w->builder, rank, shift(w), ""));
}

static LLVMValueRef address_of(const struct words *w, LLVMValueRef offset, LLVMValueRef rank) {
    LLVMBuilderRef b = w->builder;
    LLVMValueRef above = LLVMBuildShl(b, LLVMBuildAdd(b, rank, number(w->size, 1), ""), number(w->size, RANK_SHIFT), "");
    return LLVMBuildOr(b, above, offset, "");
}

static LLVMValueRef pointer_to(const struct words *w, LLVMValueRef address) {
    LLVMBuilderRef b = w->builder;
    LLVMValueRef low = LLVMBuildAnd(b, address, number(w->size, 0xffffffffu), "");
    LLVMValueRef above = LLVMBuildLShr(b, low, number(w->size, RANK_SHIFT), "");
    LLVMValueRef is_own = LLVMBuildICmp(b, LLVMIntEQ, above, number(w->size, 0), "");
    LLVMValueRef begin = LLVMBuildSelect(b, is_own, window(w), window_of(w, LLVMBuildSub(b, above, number(w->size, 1), "")), "");
    return advance(w, begin, LLVMBuildAnd(b, low, number(w->size, OFFSET_MASK), ""));
}

static LLVMValueRef is_in_cluster(const struct words *w, LLVMValueRef pointer) {
    LLVMBuilderRef b = w->builder;
    LLVMValueRef blocks = number(w->i32, 1);
    for (unsigned k = 0; k < 3; k++)
        blocks = LLVMBuildMul(b, blocks, ask(w, cw_intrinsics[CW_INTRINSIC_CLUSTER_NCTAID_X + k].text, w->i32), "");
    LLVMValueRef inside = LLVMBuildICmp(b, LLVMIntULT, place_of(w, pointer), LLVMBuildShl(b, to_size(w, blocks), shift(w), ""), "");
    return LLVMBuildZExt(b, inside, w->i32, "");
}

static LLVMValueRef expanded(const struct words *w, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMBuilderRef b = w->builder;
    LLVMValueRef operand = LLVMGetNumArgOperands(call) ? LLVMGetOperand(call, 0) : NULL;
    switch (intrinsic) {
    case CW_INTRINSIC_CLUSTER_MAP: return advance(w, window_of(w, to_size(w, LLVMGetOperand(call, 1))), offset_of(w, operand));
    case CW_INTRINSIC_CLUSTER_RANK_OF: return LLVMBuildTruncOrBitCast(b, rank_of(w, operand), w->i32, "");
    case CW_INTRINSIC_CLUSTER_POINTER: return pointer_to(w, operand);
    case CW_INTRINSIC_CLUSTER_ADDRESS: {
        LLVMValueRef own = distance(w, operand, window(w)), end = LLVMBuildShl(b, number(w->size, 1), shift(w), "");
        LLVMValueRef is_own = LLVMBuildICmp(b, LLVMIntULT, own, end, "");
        return LLVMBuildSelect(b, is_own, own, address_of(w, offset_of(w, operand), rank_of(w, operand)), "");
    }
    case CW_INTRINSIC_CLUSTER_MAP_ADDRESS:
        return address_of(w, LLVMBuildAnd(b, operand, number(w->size, OFFSET_MASK), ""), to_size(w, LLVMGetOperand(call, 1)));
    case CW_INTRINSIC_IS_CLUSTER_SHARED: return is_in_cluster(w, operand);
    default: return NULL;
    }
}

/* ---- Each block a cluster ---- */

static LLVMValueRef call_waist(const struct words *w, enum cw_intrinsic intrinsic, LLVMTypeRef type, LLVMValueRef *arguments, unsigned count) {
    const char *name = cw_intrinsics[intrinsic].text;
    LLVMValueRef function = LLVMGetNamedFunction(w->llvm, name);
    if (!function) {
        function = LLVMAddFunction(w->llvm, name, type);
        cw_add_attribute(function, "nounwind", 0);
        if (cw_intrinsics[intrinsic].effects & CW_EFFECT_CONVERGENT) cw_add_attribute(function, "convergent", 0);
    }
    return LLVMBuildCall2(w->builder, type, function, arguments, count, "");
}

/* Who has arrived needs not wait; who waits has arrived, so that the block's barrier at the wait is one of all. */
static LLVMValueRef alone(const struct words *w, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMValueRef operand = LLVMGetNumArgOperands(call) ? LLVMGetOperand(call, 0) : NULL;
    LLVMTypeRef nothing = LLVMVoidTypeInContext(LLVMGetModuleContext(w->llvm));
    switch (intrinsic) {
    case CW_INTRINSIC_CLUSTER_NCTAID_X:
    case CW_INTRINSIC_CLUSTER_NCTAID_Y:
    case CW_INTRINSIC_CLUSTER_NCTAID_Z: return number(w->i32, 1);
    case CW_INTRINSIC_CLUSTER_CTAID_X:
    case CW_INTRINSIC_CLUSTER_CTAID_Y:
    case CW_INTRINSIC_CLUSTER_CTAID_Z:
    case CW_INTRINSIC_CLUSTER_CTARANK:
    case CW_INTRINSIC_CLUSTER_EXPLICIT:
    case CW_INTRINSIC_CLUSTER_RANK_OF: return number(w->i32, 0);
    case CW_INTRINSIC_CLUSTER_MAP:
    case CW_INTRINSIC_CLUSTER_MAP_ADDRESS: return operand;
    case CW_INTRINSIC_CLUSTER_POINTER: return advance(w, window(w), operand);
    case CW_INTRINSIC_CLUSTER_ADDRESS: return distance(w, operand, window(w));
    case CW_INTRINSIC_IS_CLUSTER_SHARED:
        return call_waist(w, CW_INTRINSIC_IS_SHARED, LLVMFunctionType(w->i32, (LLVMTypeRef[]){w->pointer}, 1, 0), &operand, 1);
    case CW_INTRINSIC_CLUSTER_ARRIVE: return LLVMGetUndef(nothing);
    case CW_INTRINSIC_CLUSTER_WAIT: {
        LLVMValueRef all[] = {number(w->i32, 0), number(w->i32, 0)};
        return call_waist(w, CW_INTRINSIC_BARRIER, LLVMFunctionType(nothing, (LLVMTypeRef[]){w->i32, w->i32}, 2, 0), all, 2);
    }
    default: return NULL;
    }
}

/* ---- Both ---- */

static bool rewrite(LLVMModuleRef llvm, LLVMValueRef (*value_of)(const struct words *w, LLVMValueRef call, enum cw_intrinsic intrinsic)) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct words w = {.llvm = llvm, .builder = LLVMCreateBuilderInContext(context)};
    w.i8 = LLVMInt8TypeInContext(context);
    w.i32 = LLVMInt32TypeInContext(context);
    w.pointer = LLVMPointerTypeInContext(context, 0);
    w.size = LLVMIntPtrTypeInContext(context, LLVMGetModuleDataLayout(llvm));
    bool progress = false;
    for (unsigned k = CW_INTRINSIC_CLUSTER_NCTAID_X; k <= CW_INTRINSIC_CLUSTER_WAIT; k++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[k].text);
        for (LLVMUseRef use = function ? LLVMGetFirstUse(function) : NULL, next; use; use = next) {
            next = LLVMGetNextUse(use);
            LLVMValueRef call = LLVMGetUser(use);
            LLVMPositionBuilderBefore(w.builder, call);
            LLVMValueRef value = value_of(&w, call, (enum cw_intrinsic)k);
            if (!value) continue;
            if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMVoidTypeKind) LLVMReplaceAllUsesWith(call, value);
            LLVMInstructionEraseFromParent(call);
            progress = true;
        }
        if (function && !LLVMGetFirstUse(function)) LLVMDeleteFunction(function);
    }
    LLVMDisposeBuilder(w.builder);
    return progress;
}

bool cw_pass_clusters(LLVMModuleRef llvm) {
    return rewrite(llvm, expanded);
}

bool cw_pass_no_clusters(LLVMModuleRef llvm) {
    return rewrite(llvm, alone);
}

bool cw_is_shared_place(const char *name) {
    return strcmp(name, CW_SHARED_BASE) == 0 || strcmp(name, CW_CLUSTER_BASE) == 0 || strcmp(name, CW_CLUSTER_SHIFT) == 0;
}
