/* SPDX-License-Identifier: Apache-2.0 */
/* ptx.h: the parts of the PTX target, one step a function. The steps and their order: ptx.c. */
#ifndef CW_TARGET_PTX_PTX_H
#define CW_TARGET_PTX_PTX_H

#include "module/ir/ir.h"

/* What the steps need to know of the processor: "sm_90a" is {90, ...}. `alone`: the PTX runs without our runtime. */
struct cw_ptx_processor {
    unsigned number;
    bool alone;
};

/* intrinsics.c: the waist's intrinsics become LLVM's for NVPTX, or PTX instructions. What this processor doesn't have is
 * reported by name. */
cw_status cw_ptx_lower_intrinsics(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_ptx_processor *processor) CW_MUST_USE;

/* image.c: puts PTX's own instructions where the builder stands, before `call` of a texture or surface intrinsic, which the caller then
 * erases. False, and nothing done, for a kind that PTX has no instruction for. */
bool cw_ptx_lower_image(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef call, enum cw_intrinsic intrinsic) CW_MUST_USE;

/* matrix.c: puts the instruction of the hardware's matrix units where the builder stands, before `call` of cw.matrix. False, and
 * nothing done, when this processor has none for it. When what the call asks for is a constant. */
bool cw_ptx_lower_matrix(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef call, const struct cw_ptx_processor *processor) CW_MUST_USE;

/* grid.c: kernels that synchronise their grid get one more parameter, the address of the launch's barrier (two words of
 * global memory, zeroed once), 0 in a launch that is not cooperative; each such kernel has a mark (backend/cuda/artifact.h). When
 * calls are inlined, before cw_ptx_lower_intrinsics. `alone`: the barrier lies in NVIDIA's driver's workspace instead, and nothing is added. False
 * when LLVM can't read its own form. */
bool cw_ptx_grid(LLVMModuleRef llvm, bool alone);

/* tile.c: the barriers of tiles of several warps, which are more than the hardware has, become words of shared memory. As cw_ptx_grid, and
 * after it. False when LLVM can't read its own form. */
bool cw_ptx_tiles(LLVMModuleRef llvm);

/* conversion.c: conversions of floating-point numbers to integers become the hardware's. Before LLVM's passes. */
void cw_ptx_conversions(LLVMModuleRef llvm);

/* libdevice.c: defines the math functions that the module calls from libdevice where a CUDA toolkit is installed. False when
 * there is none, or it is not to be used: then nothing has changed. */
bool cw_ptx_link_libdevice(struct cw_compiler *compiler, LLVMModuleRef llvm);

/* hardware.c: defines the math functions that are instructions of the GPU. False when LLVM can't read its own form. */
bool cw_ptx_link_hardware_math(LLVMModuleRef llvm);

#endif
