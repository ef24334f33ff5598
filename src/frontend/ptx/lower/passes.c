/* SPDX-License-Identifier: Apache-2.0 */
/* passes.c: LLVM's passes by name, over a module or one function. What they say goes wrong is ours: the names are constants. */
#include <llvm-c/Transforms/PassBuilder.h>

#include "frontend/ptx/lower/state.h"

static cw_status finish(struct cw_compiler *compiler, LLVMPassBuilderOptionsRef options, LLVMErrorRef error) {
    LLVMDisposePassBuilderOptions(options);
    if (!error) return CW_OK;
    char *message = LLVMGetErrorMessage(error);
    cw_diagnose(compiler, NULL, "internal: passes of PTX: %s", message);
    LLVMDisposeErrorMessage(message);
    return CW_ERROR_INTERNAL;
}

cw_status cw_ptx_run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *passes) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    return finish(compiler, options, LLVMRunPasses(llvm, passes, NULL, options));
}

cw_status cw_ptx_run_passes_on(struct cw_compiler *compiler, LLVMValueRef function, const char *passes) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    return finish(compiler, options, LLVMRunPassesOnFunction(function, passes, NULL, options));
}
