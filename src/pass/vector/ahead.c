/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ahead.c: fetching ahead for the next block. A block that loads its part of an array, then works on it between barriers, leaves the
 * memory idle meanwhile, and processors fetch ahead on their own only within a page, where many blocks' parts end. The next block
 * along x mostly loads what lies a block's threads further. Fetches of addresses that aren't there do nothing.
 *
 * Only loads that a block makes once, through parameters, in kernels with barriers: in others the processor is past a block's end before
 * its loads are there, and in loops it sees the pattern.
 */
#include "pass/vector/state.h"

#define LINE_BYTES 64u
#define BYTES_MAX 256u

void cw_vector_fetch_ahead(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef address, LLVMTypeRef type) {
    struct cw_shape shape = cw_vector_shape(v, pointer);
    uint64_t bytes = LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
    if (v->plan->form != CW_VECTOR_ROWS || v->plan->waits != CW_VECTOR_RETURNS || shape.kind != CW_SHAPE_STRIDED || shape.stride <= 0) return;
    if (v->cfg.innermost_loop[v->block] != CW_CFG_NONE || bytes % LINE_BYTES != 0 || bytes > BYTES_MAX) return;
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    if (!LLVMIsAArgument(pointer)) return;
    LLVMBuilderRef b = v->builder;
    LLVMValueRef threads = cw_vector_call(v, cw_intrinsics[CW_INTRINSIC_NTID_X].text, v->i32, NULL, NULL, 0);
    LLVMValueRef distance = LLVMBuildMul(b, LLVMBuildZExt(b, threads, v->i64, ""), LLVMConstInt(v->i64, (uint64_t)shape.stride, 0), "");
    for (uint64_t line = 0; line < bytes; line += LINE_BYTES) {
        LLVMValueRef offset = LLVMBuildAdd(b, distance, LLVMConstInt(v->i64, line, 0), "");
        /* For reading, to be kept, data. */
        LLVMValueRef arguments[4] = {LLVMBuildGEP2(b, v->i8, address, &offset, 1, ""), LLVMConstInt(v->i32, 0, 0), LLVMConstInt(v->i32, 3, 0),
                                     LLVMConstInt(v->i32, 1, 0)};
        cw_vector_call_llvm(v, "llvm.prefetch", &v->pointer, 1, arguments, 4);
    }
}
