/* SPDX-License-Identifier: Apache-2.0 */
/* leave_out.c: a module without some of its kernels, which a target refuses, so that the device runs the others. */
#include <string.h>

#include "target/target.h"

bool cw_left_out(const struct cw_lower_options *options, const char *kernel) {
    for (uint32_t i = 0; i < options->without_count; i++)
        if (strcmp(options->without[i], kernel) == 0) return true;
    return false;
}

/* Nobody but itself calls it. */
static bool is_unused(LLVMValueRef function) {
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAInstruction(user) || LLVMGetBasicBlockParent(LLVMGetInstructionParent(user)) != function) return false;
    }
    return true;
}

/* Code of the kernels that went, so that the target doesn't refuse that. Variables stay: the host knows them by name. */
static bool drop_one(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f) || cw_is_kernel(f) || !is_unused(f)) continue;
        LLVMReplaceAllUsesWith(f, LLVMGetUndef(LLVMTypeOf(f)));
        LLVMDeleteFunction(f);
        return true;
    }
    return false;
}

void cw_leave_out(LLVMModuleRef llvm, const struct cw_lower_options *options) {
    bool any = false;
    for (uint32_t i = 0; i < options->without_count; i++) {
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, options->without[i]);
        if (!kernel) continue;
        /* Device code that holds its address, to launch it, is in kernels that are left out too. */
        LLVMReplaceAllUsesWith(kernel, LLVMConstNull(LLVMTypeOf(kernel)));
        LLVMDeleteFunction(kernel);
        any = true;
    }
    while (any && drop_one(llvm)) {
    }
}
