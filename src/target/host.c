/* SPDX-License-Identifier: Apache-2.0 */
/* host.c: see host.h. */
#include "target/host.h"

#include <llvm-c/Target.h>
#include <pthread.h>

#include "target/target.h"

static void initialise(void) {
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    LLVMInitializeNativeAsmParser();
}

LLVMTargetMachineRef cw_host_machine(struct cw_compiler *compiler, const char *cpu, const char *features, LLVMCodeGenOptLevel level) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    char *triple = LLVMGetDefaultTargetTriple(), *message = NULL;
    LLVMTargetRef target;
    LLVMTargetMachineRef machine = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &message) != 0) {
        cw_diagnose(compiler, NULL, "LLVM has no code generator for %s: %s", triple, message);
        LLVMDisposeMessage(message);
    } else {
        machine = LLVMCreateTargetMachine(target, triple, cpu, features, level, LLVMRelocPIC, LLVMCodeModelDefault);
    }
    LLVMDisposeMessage(triple);
    return machine;
}

void cw_host_adopt(LLVMModuleRef llvm, LLVMTargetMachineRef machine) {
    char *triple = LLVMGetTargetMachineTriple(machine);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetTarget(llvm, triple);
    LLVMSetModuleDataLayout(llvm, layout);
    LLVMDisposeTargetData(layout);
    LLVMDisposeMessage(triple);
}

cw_status cw_host_emit(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, LLVMCodeGenFileType type,
                       struct cw_bytes *out) {
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    if (LLVMTargetMachineEmitToMemoryBuffer(machine, llvm, type, &message, &buffer) != 0) {
        cw_diagnose(compiler, NULL, "code generation failed: %s", message);
        LLVMDisposeMessage(message);
        return CW_ERROR_INTERNAL;
    }
    cw_bytes_set(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
    LLVMDisposeMemoryBuffer(buffer);
    return CW_OK;
}
