/* SPDX-License-Identifier: Apache-2.0 */
/* warp.c: warp collectives. */
#include "target/spirv/spirv.h"

bool spv_emit_warp(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    (void)module, (void)call, (void)intrinsic;
    return false;
}
