/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whole.c: blocks that lie wholly inside the data.
 *
 * Most kernels begin with a guard such as `if (i < n)`, with i = blockIdx.x * blockDim.x + threadIdx.x, that is true for
 * every thread of all blocks but the last. Left alone it makes each vector access a masked one. So `run_all` exists twice:
 * in the first version the guards are constants, in the second ("ragged") they stand as written; on entry the first tests
 * the guards for the block's first or last thread and leaves to the second where one fails.
 *
 * A guard qualifies if it compares i with a bound R and
 *  - i is t + base, with t one of threadIdx.{x,y,z} and base the same for the whole block and made from blockIdx;
 *  - R is the same for the whole block.
 * i then rises with t, unless the addition wraps, which is tested too. An upper bound must hold for the last t, a lower bound
 * (a small constant, as in `i > 0`) for t = 0.
 */
#include "target/cpu/cpu.h"

#define DEPTH_MAX 12
#define LOWER_BOUND_MAX 16 /* constants up to this one are lower bounds */

enum dependence { DEPENDS_NOT, DEPENDS_LINEARLY, DEPENDS_OTHERWISE };

struct guard {
    LLVMValueRef compare;
    LLVMValueRef index, bound;
    LLVMIntPredicate predicate; /* index predicate bound */
    enum cw_intrinsic axis;     /* which threadIdx */
    bool is_upper;
};

struct scan {
    LLVMBasicBlockRef entry; /* loads of parameters stand here; NULL: nowhere */
    enum cw_intrinsic axis;  /* CW_INTRINSIC_COUNT until met */
    bool has_block_index;
};

static bool is_block_index(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_CTAID_X || intrinsic == CW_INTRINSIC_CTAID_Y || intrinsic == CW_INTRINSIC_CTAID_Z;
}

static bool is_thread_index(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_TID_X || intrinsic == CW_INTRINSIC_TID_Y || intrinsic == CW_INTRINSIC_TID_Z;
}

static bool is_block_shape(enum cw_intrinsic intrinsic) {
    return intrinsic == CW_INTRINSIC_NTID_X || intrinsic == CW_INTRINSIC_NTID_Y || intrinsic == CW_INTRINSIC_NTID_Z ||
           intrinsic == CW_INTRINSIC_NCTAID_X || intrinsic == CW_INTRINSIC_NCTAID_Y || intrinsic == CW_INTRINSIC_NCTAID_Z;
}

/* How `value` depends on the thread's index. Everything else in it must be the same for the block and free of effects. */
static enum dependence examine(struct scan *scan, LLVMValueRef value, int depth) {
    if (LLVMIsAConstantInt(value) || LLVMIsAArgument(value)) return DEPENDS_NOT;
    if (!LLVMIsAInstruction(value) || depth > DEPTH_MAX || LLVMGetTypeKind(LLVMTypeOf(value)) != LLVMIntegerTypeKind) return DEPENDS_OTHERWISE;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
    enum dependence left, right;
    switch (opcode) {
    case LLVMLoad: return LLVMGetInstructionParent(value) == scan->entry ? DEPENDS_NOT : DEPENDS_OTHERWISE;
    case LLVMCall: {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(value);
        if (is_thread_index(intrinsic)) {
            if (scan->axis != CW_INTRINSIC_COUNT) return DEPENDS_OTHERWISE;
            scan->axis = intrinsic;
            return DEPENDS_LINEARLY;
        }
        scan->has_block_index |= is_block_index(intrinsic);
        return is_block_index(intrinsic) || is_block_shape(intrinsic) ? DEPENDS_NOT : DEPENDS_OTHERWISE;
    }
    case LLVMSExt:
    case LLVMZExt: return examine(scan, LLVMGetOperand(value, 0), depth + 1);
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
        left = examine(scan, LLVMGetOperand(value, 0), depth + 1);
        right = examine(scan, LLVMGetOperand(value, 1), depth + 1);
        if (left == DEPENDS_NOT && right == DEPENDS_NOT) return DEPENDS_NOT;
        if (opcode == LLVMAdd && left + right == DEPENDS_LINEARLY) return DEPENDS_LINEARLY;
        if (opcode == LLVMSub && left == DEPENDS_LINEARLY && right == DEPENDS_NOT) return DEPENDS_LINEARLY;
        return DEPENDS_OTHERWISE;
    default: return DEPENDS_OTHERWISE;
    }
}

static bool is_order(LLVMIntPredicate predicate) {
    return predicate != LLVMIntEQ && predicate != LLVMIntNE;
}

static LLVMIntPredicate swap(LLVMIntPredicate predicate) {
    switch (predicate) {
    case LLVMIntSLT: return LLVMIntSGT;
    case LLVMIntSGT: return LLVMIntSLT;
    case LLVMIntSLE: return LLVMIntSGE;
    case LLVMIntSGE: return LLVMIntSLE;
    case LLVMIntULT: return LLVMIntUGT;
    case LLVMIntUGT: return LLVMIntULT;
    case LLVMIntULE: return LLVMIntUGE;
    default: return LLVMIntULE;
    }
}

static bool is_less(LLVMIntPredicate predicate) {
    return predicate == LLVMIntSLT || predicate == LLVMIntSLE || predicate == LLVMIntULT || predicate == LLVMIntULE;
}

static bool is_guard(LLVMValueRef compare, LLVMBasicBlockRef entry, struct guard *guard) {
    if (!LLVMIsAICmpInst(compare) || !is_order(LLVMGetICmpPredicate(compare))) return false;
    for (unsigned side = 0; side < 2; side++) {
        LLVMValueRef index = LLVMGetOperand(compare, side), bound = LLVMGetOperand(compare, 1 - side);
        struct scan scan = {entry, CW_INTRINSIC_COUNT, false}, other = {entry, CW_INTRINSIC_COUNT, false};
        if (examine(&scan, index, 0) != DEPENDS_LINEARLY || !scan.has_block_index) continue;
        if (examine(&other, bound, 0) != DEPENDS_NOT) continue;
        LLVMIntPredicate predicate = LLVMGetICmpPredicate(compare);
        bool is_small = LLVMIsAConstantInt(bound) && LLVMGetIntTypeWidth(LLVMTypeOf(bound)) <= 64 &&
                        LLVMConstIntGetSExtValue(bound) <= LOWER_BOUND_MAX;
        *guard = (struct guard){compare, index, bound, side ? swap(predicate) : predicate, scan.axis, !is_small};
        return true;
    }
    return false;
}

bool cw_cpu_has_guards(LLVMValueRef function) {
    struct guard guard;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (is_guard(i, LLVMGetEntryBasicBlock(function), &guard)) return true;
    return false;
}

/* The parameter of the builder's function that stands where `argument` does in its own. */
static LLVMValueRef same_parameter(LLVMBuilderRef builder, LLVMValueRef argument) {
    LLVMValueRef from = LLVMGetParamParent(argument), to = LLVMGetBasicBlockParent(LLVMGetInsertBlock(builder));
    for (unsigned k = 0; from != to && k < LLVMCountParams(from); k++)
        if (LLVMGetParam(from, k) == argument) return LLVMGetParam(to, k);
    return argument;
}

/* `value` once more, at the builder's place, with the thread's index replaced by `thread_index`. */
static LLVMValueRef rebuild(LLVMBuilderRef builder, LLVMValueRef value, LLVMValueRef thread_index) {
    if (LLVMIsAArgument(value)) return same_parameter(builder, value);
    if (!LLVMIsAInstruction(value) || LLVMIsALoadInst(value)) return value;
    if (LLVMIsACallInst(value) && is_thread_index(cw_called_intrinsic(value))) return thread_index;
    LLVMValueRef copy = LLVMInstructionClone(value);
    if (!LLVMIsACallInst(value)) {
        int operands = LLVMGetNumOperands(value);
        for (int i = 0; i < operands; i++)
            LLVMSetOperand(copy, (unsigned)i, rebuild(builder, LLVMGetOperand(value, (unsigned)i), thread_index));
        /* The original may have been known not to wrap because a guard held. */
        LLVMOpcode opcode = LLVMGetInstructionOpcode(copy);
        if (opcode == LLVMAdd || opcode == LLVMSub || opcode == LLVMMul || opcode == LLVMShl) {
            LLVMSetNSW(copy, 0);
            LLVMSetNUW(copy, 0);
        }
        if (opcode == LLVMZExt) LLVMSetNNeg(copy, 0);
    }
    LLVMInsertIntoBuilder(builder, copy);
    return copy;
}

/* The widened part of an index: its value before it was extended, where an addition could wrap. */
static LLVMValueRef narrow(LLVMValueRef index) {
    while (LLVMIsASExtInst(index) || LLVMIsAZExtInst(index)) index = LLVMGetOperand(index, 0);
    return index;
}

static LLVMValueRef last_thread(LLVMBuilderRef builder, LLVMModuleRef llvm, enum cw_intrinsic axis) {
    enum cw_intrinsic shape = axis == CW_INTRINSIC_TID_X   ? CW_INTRINSIC_NTID_X
                              : axis == CW_INTRINSIC_TID_Y ? CW_INTRINSIC_NTID_Y
                                                           : CW_INTRINSIC_NTID_Z;
    LLVMTypeRef i32 = LLVMInt32TypeInContext(LLVMGetModuleContext(llvm)), type = LLVMFunctionType(i32, NULL, 0, 0);
    LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[shape].text);
    if (!function) function = LLVMAddFunction(llvm, cw_intrinsics[shape].text, type);
    return LLVMBuildSub(builder, LLVMBuildCall2(builder, type, function, NULL, 0, ""), LLVMConstInt(i32, 1, 0), "");
}

/* True at run time if the guard has the same outcome, that of the data's inside, for every thread of the block. */
static LLVMValueRef test(LLVMBuilderRef builder, LLVMModuleRef llvm, const struct guard *guard) {
    LLVMValueRef zero = LLVMConstNull(LLVMInt32TypeInContext(LLVMGetModuleContext(llvm)));
    LLVMValueRef last = last_thread(builder, llvm, guard->axis), inner = narrow(guard->index);
    LLVMValueRef low = rebuild(builder, inner, zero), high = rebuild(builder, inner, last);
    LLVMValueRef rises = LLVMBuildAnd(builder, LLVMBuildICmp(builder, LLVMIntSGE, high, low, ""), LLVMBuildICmp(builder, LLVMIntUGE, high, low, ""), "");
    LLVMValueRef index = rebuild(builder, guard->index, guard->is_upper ? last : zero);
    LLVMValueRef bound = rebuild(builder, guard->bound, zero);
    bool inside = is_less(guard->predicate) == guard->is_upper;
    LLVMValueRef holds = LLVMBuildICmp(builder, guard->predicate, index, bound, "");
    if (!inside) holds = LLVMBuildNot(builder, holds, "");
    return LLVMBuildAnd(builder, rises, holds, "");
}

/* Makes constants of the guards in the blocks from `first` on. Gives what must hold for that, computed at the builder's place;
 * NULL when there are none. */
static LLVMValueRef fix_guards(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMBasicBlockRef entry, LLVMBasicBlockRef first) {
    LLVMTypeRef i1 = LLVMInt1TypeInContext(LLVMGetModuleContext(llvm));
    LLVMValueRef whole = NULL;
    for (LLVMBasicBlockRef block = first; block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            struct guard guard;
            next = LLVMGetNextInstruction(i);
            if (!is_guard(i, entry, &guard)) continue;
            LLVMValueRef holds = test(builder, llvm, &guard);
            whole = whole ? LLVMBuildAnd(builder, whole, holds, "") : holds;
            bool inside = is_less(guard.predicate) == guard.is_upper;
            LLVMReplaceAllUsesWith(i, LLVMConstInt(i1, inside, 0));
            LLVMInstructionEraseFromParent(i);
        }
    }
    return whole;
}

void cw_cpu_assume_inside(LLVMModuleRef llvm, LLVMValueRef copy, LLVMValueRef inside) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, inside, "entry"));
    LLVMValueRef whole = fix_guards(builder, llvm, NULL, LLVMGetEntryBasicBlock(copy));
    LLVMBuildRet(builder, whole ? whole : LLVMConstInt(LLVMInt1TypeInContext(context), 1, 0));
    LLVMDisposeBuilder(builder);
}

bool cw_cpu_split_whole(LLVMModuleRef llvm, LLVMValueRef run_all, LLVMValueRef ragged) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(run_all);
    LLVMValueRef branch = LLVMGetBasicBlockTerminator(entry);
    LLVMBasicBlockRef body = LLVMGetSuccessor(branch, 0);
    LLVMPositionBuilderBefore(builder, branch);
    LLVMValueRef whole = fix_guards(builder, llvm, entry, body);
    if (whole) {
        LLVMBasicBlockRef leave = LLVMAppendBasicBlockInContext(context, run_all, "ragged");
        LLVMBuildCondBr(builder, whole, body, leave);
        LLVMInstructionEraseFromParent(branch);
        LLVMPositionBuilderAtEnd(builder, leave);
        LLVMValueRef arguments[2] = {LLVMGetParam(run_all, 0), LLVMGetParam(run_all, 1)};
        LLVMBuildCall2(builder, LLVMGlobalGetValueType(ragged), ragged, arguments, 2, "");
        LLVMBuildRetVoid(builder);
    }
    LLVMDisposeBuilder(builder);
    return whole != NULL;
}
