/* SPDX-License-Identifier: Apache-2.0 */
/* gcn.h: the parts of the target for AMD GPUs, one step a function. The steps and their order: gcn.c. */
#ifndef CW_TARGET_GCN_GCN_H
#define CW_TARGET_GCN_GCN_H

#include "module/ir/ir.h"

/* retarget.c: from the waist's form to AMDGPU's, with the data layout set already. Local variables move to the private address
 * space; each kernel becomes a function inside a kernel of AMDGPU's calling convention, whose parameters lie where CUDA's do;
 * scopes of atomics get AMDGPU's names. */
void cw_gcn_retarget(const struct cw_module *module, LLVMModuleRef llvm);

/* intrinsics.c: defines the waist's intrinsics that the module uses, in terms of AMDGPU's. `wave` is 32 or 64: lanes that run together.
 * What the target doesn't have is reported by name. */
cw_status cw_gcn_define_intrinsics(struct cw_compiler *compiler, LLVMModuleRef llvm, unsigned wave) CW_MUST_USE;

#endif
