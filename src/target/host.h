/* SPDX-License-Identifier: Apache-2.0 */
/* host.h: LLVM's code generators: for the machine that the compiler runs on, and for WebAssembly. */
#ifndef CW_TARGET_HOST_H
#define CW_TARGET_HOST_H

#include <llvm-c/TargetMachine.h>

#include "module/ir/ir.h"

/* A machine for position-independent code. NULL, with a diagnostic, when LLVM lacks this architecture. The caller disposes. */
LLVMTargetMachineRef cw_host_machine(struct cw_compiler *compiler, const char *cpu, const char *features, LLVMCodeGenOptLevel level);
/* The same for another triple that LLVM knows: "wasm32-wasi". */
LLVMTargetMachineRef cw_machine_for(struct cw_compiler *compiler, const char *triple, const char *cpu, const char *features,
                                    LLVMCodeGenOptLevel level);
/* Gives the module the machine's triple and data layout. */
void cw_host_adopt(LLVMModuleRef llvm, LLVMTargetMachineRef machine);
cw_status cw_host_emit(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, LLVMCodeGenFileType type,
                       struct cw_bytes *out);

#endif
