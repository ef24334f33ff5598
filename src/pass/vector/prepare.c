/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prepare.c: brings the scalar body into the form that the analyses expect: optimised (what LLVM folds now needs no widening),
 * every value a scalar, reducible loops with one latch and exits of their own, values leave loops through phis (LCSSA),
 * two-way branches, one return.
 *
 * A thread's index along an axis, blockIdx.k * blockDim.k + threadIdx.k, is computed modulo 2^32 in CUDA C++, and whether it
 * wraps decides whether neighbours in the block are neighbours in memory. Launches whose grids fit 2^31 threads an axis
 * never wrap; the entry tests that (struct cw_vector_needs), so here the arithmetic is marked as exact.
 */
#include <llvm-c/Transforms/PassBuilder.h>
#include <string.h>

#include "pass/vector/state.h"

#define SCALE_MAX 4096u
#define SHIFT_MAX 12u
#define THREAD_SCALE_MAX 32u /* times 1024 threads: struct cw_vector_needs has room for twice that */

/* Without partial redundancy elimination, whose phis would merge what is the same on every path. */
static const char optimise[] =
    "sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,correlated-propagation,"
    "loop-mssa(loop-rotate,licm),loop(indvars,loop-unroll-full),sroa,early-cse<memssa>,gvn<no-pre;no-load-pre>,instcombine<no-verify-fixpoint>,"
    "correlated-propagation,simplifycfg,adce,scalarizer<load-store>,instcombine<no-verify-fixpoint>,scalarizer<load-store>";
static const char canonicalise[] =
    "lower-switch,simplifycfg<no-switch-range-to-icmp;no-switch-to-lookup>,lower-switch,fix-irreducible,mergereturn,loop-simplify,lcssa";
/* After bodies were copied for constants, and stores blended. */
static const char again[] = "simplifycfg,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,adce";
/* Loops whose number of turns is known to be small, once the block's width is. */
static const char unroll[] = "loop-unroll<O3;no-partial;no-runtime;no-peeling;upperbound>,simplifycfg,early-cse<memssa>,correlated-propagation,"
                             "instcombine<no-verify-fixpoint>,simplifycfg";
/* Slots to registers: once the function is inlined into loops over groups, they would seem to live from one into the next. */
static const char tidy[] = "sroa,early-cse,simplifycfg";

static bool run(struct cw_vector *v, const char *passes) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPassesOnFunction(v->function, passes, NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return true;
    char *message = LLVMGetErrorMessage(error);
    cw_vector_refuse(v, v->function, "internal: %s", message);
    LLVMDisposeErrorMessage(message);
    return false;
}

/* ---- Facts about indices ---- */

static int axis_of(enum cw_intrinsic intrinsic, enum cw_intrinsic first) {
    return intrinsic >= first && intrinsic < first + 3 ? (int)(intrinsic - first) : -1;
}

static bool range_of(enum cw_intrinsic intrinsic, uint64_t *low, uint64_t *high) {
    *low = 0;
    switch (intrinsic) {
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y: *high = 1024; return true;
    case CW_INTRINSIC_TID_Z: *high = 64; return true;
    case CW_INTRINSIC_NTID_X:
    case CW_INTRINSIC_NTID_Y: *low = 1; *high = 1025; return true;
    case CW_INTRINSIC_NTID_Z: *low = 1; *high = 65; return true;
    case CW_INTRINSIC_CTAID_X: *high = 0x7fffffff; return true;
    case CW_INTRINSIC_CTAID_Y:
    case CW_INTRINSIC_CTAID_Z: *high = 65535; return true;
    case CW_INTRINSIC_NCTAID_X: *low = 1; *high = 0x80000000; return true;
    case CW_INTRINSIC_NCTAID_Y:
    case CW_INTRINSIC_NCTAID_Z: *low = 1; *high = 65536; return true;
    case CW_INTRINSIC_LANEID:
    case CW_INTRINSIC_WARPID: *high = 32; return true;
    default: return false;
    }
}

/* CUDA's limits on the special registers (CUDA: Compute Capabilities), as ranges that LLVM understands. */
static void add_range(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint64_t low, high;
    if (!range_of(intrinsic, &low, &high)) return;
    if (v->plan->one_row && intrinsic == CW_INTRINSIC_TID_X) high = v->plan->lanes;
    if (v->plan->one_row && intrinsic == CW_INTRINSIC_TID_Y) high = 1024 / v->plan->lanes;
    if (v->plan->one_row && intrinsic == CW_INTRINSIC_NTID_X) {
        LLVMReplaceAllUsesWith(call, LLVMConstInt(v->i32, v->plan->lanes, 0));
        return;
    }
    LLVMAttributeRef range = LLVMCreateConstantRangeAttribute(v->context, cw_attribute_kind("range"), 32, &low, &high);
    LLVMAddCallSiteAttribute(call, LLVMAttributeReturnIndex, range);
}

static int block_axis(LLVMValueRef value) {
    return LLVMIsACallInst(value) ? axis_of(cw_called_intrinsic(value), CW_INTRINSIC_CTAID_X) : -1;
}

/* blockIdx.k * blockDim.k, or blockIdx.k times a small constant: the axis, and the constant (0 for blockDim). */
static int block_offset_axis(LLVMValueRef value, uint32_t *scale) {
    if (!LLVMIsABinaryOperator(value)) return -1;
    LLVMValueRef shift = LLVMGetOperand(value, 1);
    if (LLVMGetInstructionOpcode(value) == LLVMShl && LLVMIsAConstantInt(shift) && LLVMConstIntGetZExtValue(shift) <= SHIFT_MAX) {
        *scale = 1u << LLVMConstIntGetZExtValue(shift);
        return block_axis(LLVMGetOperand(value, 0));
    }
    if (LLVMGetInstructionOpcode(value) != LLVMMul) return -1;
    for (unsigned side = 0; side < 2; side++) {
        int axis = block_axis(LLVMGetOperand(value, side));
        LLVMValueRef factor = LLVMGetOperand(value, 1 - side);
        if (axis < 0) continue;
        *scale = 0;
        if (LLVMIsACallInst(factor) && axis_of(cw_called_intrinsic(factor), CW_INTRINSIC_NTID_X) == axis) return axis;
        if (!LLVMIsAConstantInt(factor) || LLVMGetIntTypeWidth(LLVMTypeOf(factor)) != 32) continue;
        *scale = (uint32_t)LLVMConstIntGetZExtValue(factor);
        if (*scale <= SCALE_MAX) return axis;
    }
    return -1;
}

/* threadIdx.k, or a few times that. */
static bool is_thread_offset(LLVMValueRef value) {
    if (LLVMIsABinaryOperator(value) && LLVMIsAConstantInt(LLVMGetOperand(value, 1))) {
        uint64_t factor = LLVMConstIntGetZExtValue(LLVMGetOperand(value, 1));
        LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
        if ((opcode != LLVMMul || factor > THREAD_SCALE_MAX) && (opcode != LLVMShl || factor > 5)) return false;
        value = LLVMGetOperand(value, 0);
    }
    return LLVMIsACallInst(value) && axis_of(cw_called_intrinsic(value), CW_INTRINSIC_TID_X) >= 0;
}

static void mark_exact(LLVMValueRef arithmetic) {
    LLVMSetNSW(arithmetic, 1);
    LLVMSetNUW(arithmetic, 1);
}

static void mark_global_index(LLVMValueRef instruction, struct cw_vector_needs *needs) {
    uint32_t scale;
    int axis = block_offset_axis(instruction, &scale);
    if (axis >= 0) {
        if (scale > needs->block_scale[axis]) needs->block_scale[axis] = scale;
        mark_exact(instruction);
        return;
    }
    if (!LLVMIsABinaryOperator(instruction) || LLVMGetInstructionOpcode(instruction) != LLVMAdd) return;
    for (unsigned side = 0; side < 2; side++) {
        axis = block_offset_axis(LLVMGetOperand(instruction, side), &scale);
        LLVMValueRef other = LLVMGetOperand(instruction, 1 - side);
        if (axis >= 0 && is_thread_offset(other)) mark_exact(instruction);
    }
}

static void state_facts(struct cw_vector *v, struct cw_vector_needs *needs) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsACallInst(i)) add_range(v, i, cw_called_intrinsic(i));
            else mark_global_index(i, needs);
        }
    }
}

/* ---- Control flow ---- */

/* What ends a thread for good (a trap, a failed assertion) doesn't come back from its call, so what stands behind it may as
 * well return: lanes that go on need one exit. */
static void return_instead(struct cw_vector *v) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(block);
        if (!LLVMIsAUnreachableInst(terminator)) continue;
        LLVMPositionBuilderBefore(v->builder, terminator);
        if (v->state) LLVMBuildRet(v->builder, LLVMConstInt(v->i32, (uint64_t)CW_VECTOR_FINISHED, 1));
        else LLVMBuildRetVoid(v->builder);
        LLVMInstructionEraseFromParent(terminator);
    }
}

static bool is_simple(struct cw_vector *v) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(block);
        LLVMOpcode opcode = LLVMGetInstructionOpcode(terminator);
        if (opcode == LLVMBr || opcode == LLVMRet) continue;
        cw_vector_refuse(v, terminator, "jumps through computed addresses run thread by thread");
        return false;
    }
    return true;
}

bool cw_vector_prepare(struct cw_vector *v, struct cw_vector_needs *needs) {
    memset(needs, 0, sizeof *needs);
    state_facts(v, needs);
    if (!run(v, optimise)) return false;
    if (v->plan->one_row && !run(v, unroll)) return false;
    if (cw_vector_know_signs(v) && !run(v, again)) return false;
    bool changed = cw_vector_blend_stores(v);
    if (changed && !run(v, again)) return false;
    if (cw_vector_split_strides(v) && !run(v, again)) return false;
    cw_vector_mask_first(v);
    return_instead(v);
    return run(v, canonicalise) && is_simple(v);
}

void cw_vector_tidy(struct cw_vector *v) {
    (void)run(v, tidy);
}
