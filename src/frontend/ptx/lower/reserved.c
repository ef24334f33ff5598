/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reserved.c: the part of shared memory that NVIDIA's system software keeps, 1 KiB from compute capability 8.0 on (PTX ISA,
 * "%reserved_smem_offset_begin" and those that follow). nvcc's cooperative groups have the barriers of tiles of more than a warp
 * there, from %reserved_smem_offset_1 on, and find them cleared when a block starts. Here it is a shared array; in a module that
 * names it every kernel clears what may be barriers: all threads store the same zeros, then meet.
 */
#include "frontend/ptx/lower/state.h"

#define NAME "cw.reserved.shared"
#define SIZE 1024u
#define PART_1 512u       /* where %reserved_smem_offset_1 points */
#define CLEARED_BYTES 32u /* five barriers, and room that the headers keep for more */

static LLVMValueRef memory(struct cw_ptx_lowering *l) {
    LLVMValueRef global = LLVMGetNamedGlobal(l->llvm, NAME);
    if (!global) {
        LLVMTypeRef type = LLVMArrayType2(l->i8, SIZE);
        global = LLVMAddGlobalInAddressSpace(l->llvm, type, NAME, CW_SPACE_SHARED);
        LLVMSetInitializer(global, LLVMGetUndef(type));
        LLVMSetLinkage(global, LLVMInternalLinkage);
        LLVMSetAlignment(global, 16);
    }
    return global;
}

LLVMValueRef cw_ptx_reserved_shared(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand) {
    uint32_t offset = 0;
    switch ((enum cw_ptx_special)operand->special) {
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET_CAP: return cw_ptx_i32(l, SIZE);
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET_END: offset = SIZE; break;
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET: offset = operand->index == 1 ? PART_1 : 0; break;
    default: break;
    }
    LLVMValueRef pointer = LLVMBuildAddrSpaceCast(l->builder, memory(l), l->pointer, "");
    LLVMValueRef distance = cw_ptx_resize(l, cw_ptx_from_pointer(l, pointer, CW_PTX_SHARED), 32, false);
    return offset ? LLVMBuildAdd(l->builder, distance, cw_ptx_i32(l, offset), "") : distance;
}

/* At the beginning of a kernel, behind its variables. */
static void clear(struct cw_ptx_lowering *l, LLVMValueRef kernel, LLVMValueRef global) {
    LLVMValueRef place = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(kernel));
    while (place && LLVMIsAAllocaInst(place)) place = LLVMGetNextInstruction(place);
    if (!place) return;
    LLVMPositionBuilderBefore(l->builder, place);
    LLVMSetCurrentDebugLocation2(l->builder, LLVMInstructionGetDebugLoc(place));
    for (uint32_t at = 0; at < CLEARED_BYTES; at += 8) {
        LLVMValueRef index = cw_ptx_constant(l, l->i64, PART_1 + at);
        LLVMValueRef pointer = LLVMBuildGEP2(l->builder, l->i8, global, &index, 1, "");
        LLVMSetAlignment(LLVMBuildStore(l->builder, LLVMConstNull(l->i64), pointer), 8);
    }
    cw_ptx_word_call(l, CW_INTRINSIC_BARRIER, (LLVMValueRef[]){cw_ptx_i32(l, 0), cw_ptx_i32(l, 0)}, 2);
}

void cw_ptx_clear_reserved(struct cw_ptx_lowering *l) {
    LLVMValueRef global = LLVMGetNamedGlobal(l->llvm, NAME);
    for (LLVMValueRef f = LLVMGetFirstFunction(l->llvm); f && global; f = LLVMGetNextFunction(f))
        if (LLVMGetFunctionCallConv(f) == CW_CALLING_CONVENTION_KERNEL && !LLVMIsDeclaration(f)) clear(l, f, global);
}
