/* SPDX-License-Identifier: Apache-2.0 */
/* machine.h: LLVM's code generators and passes, with their errors as diagnostics. */
#ifndef CW_TARGET_MACHINE_H
#define CW_TARGET_MACHINE_H

#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "module/ir/ir.h"

/* Runs a pipeline by LLVM's names. `options` is consumed. */
cw_status cw_run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *pipeline, LLVMTargetMachineRef machine,
                        LLVMPassBuilderOptionsRef options) CW_MUST_USE;

/* A machine of `triple`, whose back end the caller has initialised, for the options' processor and level. `what` is the back end's name.
 * NULL, diagnosed, when this build of LLVM lacks it. The caller disposes of it. */
LLVMTargetMachineRef cw_make_machine(struct cw_compiler *compiler, const char *triple, const char *what,
                                     const struct cw_lower_options *options, LLVMRelocMode relocation,
                                     LLVMCodeModel model);

/* Gives the module the machine's triple and data layout. */
void cw_adopt_machine(LLVMModuleRef llvm, const char *triple, LLVMTargetMachineRef machine);

#endif
