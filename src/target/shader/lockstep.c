/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lockstep.c: code older than Volta in which the threads of a warp rely on running in lockstep: what one stores to volatile shared
 * memory, a neighbour reads, with nothing between (CUDA C++ Programming Guide, "Independent Thread Scheduling"). Drivers of shaders
 * move such reads, volatile or not, and subgroups need not be warps: on an H200 sums came out wrong, so it is refused.
 */
#include "target/shader/shader.h"

static bool is_volatile_shared(LLVMValueRef i, unsigned operand) {
    return LLVMGetVolatile(i) && LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(i, operand))) == CW_SPACE_SHARED;
}

LLVMValueRef cw_shader_find_lockstep(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef stored = NULL;
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAStoreInst(i) && is_volatile_shared(i, 1)) {
                stored = LLVMGetOperand(i, 1);
            } else if (LLVMIsACallInst(i) && cw_called_intrinsic(i) != CW_INTRINSIC_COUNT) {
                stored = NULL;
            } else if (stored && LLVMIsALoadInst(i) && is_volatile_shared(i, 0) && LLVMGetOperand(i, 0) != stored) {
                return i;
            }
        }
    }
    return NULL;
}
