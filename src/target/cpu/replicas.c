/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replicas.c: threads that can't differ. Where a kernel never asks for threadIdx.y, the threads of a block that differ in it
 * alone are replicas of each other, and one of them can stand for all.
 *
 * In the schedule in which replicas take every step together, each load gives all of them the same value and each of their
 * stores writes the same. CUDA gives threads without a barrier no order (CUDA: Memory Fence Functions), so that schedule is
 * always allowed, and hardware comes close to it, being in lockstep: a kernel that adds to one element in all of them by a plain
 * load and store counts once there, not once a thread. What tells replicas apart, or counts them, ends it: lanes and warps,
 * atomics, volatile accesses, barriers, and everything that is seen from outside.
 */
#include <string.h>

#include "target/cpu/entry.h"

/* True if a thread that calls it gets the same as its replicas, and nobody can tell how many called. */
static bool is_same_for_all(LLVMValueRef call, enum cw_intrinsic own_index) {
    LLVMValueRef callee = cw_called_function(call);
    const char *name = callee ? cw_value_name(callee) : "";
    if (strncmp(name, "llvm.", 5) == 0 || cw_is_shared_place(name)) return true;
    enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
    switch (intrinsic) {
    case CW_INTRINSIC_COUNT:
    case CW_INTRINSIC_LANEID:
    case CW_INTRINSIC_WARPID: return false;
    default: return intrinsic != own_index && (cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE) != 0;
    }
}

static bool is_same_step(LLVMValueRef i, enum cw_intrinsic own_index) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad:
    case LLVMStore: return !LLVMGetVolatile(i) && LLVMGetOrdering(i) == LLVMAtomicOrderingNotAtomic;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
    case LLVMInvoke:
    case LLVMCallBr: return false;
    case LLVMCall: return is_same_for_all(i, own_index);
    default: return true;
    }
}

static bool has_replicas(LLVMValueRef kernel, enum cw_intrinsic own_index) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (!is_same_step(i, own_index)) return false;
    return true;
}

void cw_entry_skip_replicas(struct entry_builder *entry, LLVMValueRef kernel) {
    static const enum cw_intrinsic indices[3] = {CW_INTRINSIC_TID_X, CW_INTRINSIC_TID_Y, CW_INTRINSIC_TID_Z};
    for (unsigned axis = 1; axis < 3; axis++)
        if (has_replicas(kernel, indices[axis])) entry->dims[axis] = cw_entry_constant(entry, 1);
}
