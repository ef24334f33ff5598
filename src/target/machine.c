/* SPDX-License-Identifier: Apache-2.0 */
#include "target/machine.h"

cw_status cw_run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *pipeline, LLVMTargetMachineRef machine,
                        LLVMPassBuilderOptionsRef options) {
    LLVMErrorRef error = LLVMRunPasses(llvm, pipeline, machine, options);
    LLVMDisposePassBuilderOptions(options);
    if (!error) return CW_OK;
    char *message = LLVMGetErrorMessage(error);
    cw_diagnose(compiler, NULL, "internal: passes '%s': %s", pipeline, message);
    LLVMDisposeErrorMessage(message);
    return CW_ERROR_INTERNAL;
}

LLVMTargetMachineRef cw_make_machine(struct cw_compiler *compiler, const char *triple, const char *what,
                                     const struct cw_lower_options *options, LLVMRelocMode relocation, LLVMCodeModel model) {
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault,
                                                 LLVMCodeGenLevelAggressive};
    int level = options->opt_level < 0 ? 0 : options->opt_level > 3 ? 3 : options->opt_level;
    LLVMTargetRef target;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &message) != 0) {
        cw_diagnose(compiler, NULL, "this build of LLVM has no %s back end: %s", what, message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    return LLVMCreateTargetMachine(target, triple, options->cpu, options->features, levels[level], relocation, model);
}

void cw_adopt_machine(LLVMModuleRef llvm, const char *triple, LLVMTargetMachineRef machine) {
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetTarget(llvm, triple);
    LLVMSetModuleDataLayout(llvm, layout);
    LLVMDisposeTargetData(layout);
}
