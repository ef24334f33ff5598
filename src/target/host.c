/* SPDX-License-Identifier: Apache-2.0 */
/* host.c: see host.h. */
#include "target/host.h"

#include <llvm-c/Target.h>
#include <pthread.h>
#include <string.h>

#include "target/target.h"

static void initialise(void) {
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    LLVMInitializeNativeAsmParser();
    LLVMInitializeWebAssemblyTargetInfo();
    LLVMInitializeWebAssemblyTarget();
    LLVMInitializeWebAssemblyTargetMC();
    LLVMInitializeWebAssemblyAsmPrinter();
    LLVMInitializeWebAssemblyAsmParser();
}

/* Other machines' code generators, for programs that are built for them. */
static void initialise_foreign(void) {
    LLVMInitializeAllTargetInfos();
    LLVMInitializeAllTargets();
    LLVMInitializeAllTargetMCs();
    LLVMInitializeAllAsmPrinters();
    LLVMInitializeAllAsmParsers();
}

LLVMTargetMachineRef cw_machine_for(struct cw_compiler *compiler, const char *triple, const char *cpu, const char *features,
                                    LLVMCodeGenOptLevel level) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    char *message = NULL;
    LLVMTargetRef target;
    if (LLVMGetTargetFromTriple(triple, &target, &message) != 0) {
        cw_diagnose(compiler, NULL, "LLVM has no code generator for %s: %s", triple, message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    /* WebAssembly's objects are linked into programs, which lie where they are; everything else is loaded somewhere. */
    LLVMRelocMode mode = strncmp(triple, "wasm", 4) == 0 ? LLVMRelocStatic : LLVMRelocPIC;
    return LLVMCreateTargetMachine(target, triple, cpu, features, level, mode, LLVMCodeModelDefault);
}

LLVMTargetMachineRef cw_host_machine(struct cw_compiler *compiler, const char *cpu, const char *features, LLVMCodeGenOptLevel level) {
    if (compiler->triple) {
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        pthread_once(&once, initialise_foreign);
        /* Objects of 64-bit RISC-V say how they pass floating point numbers; Debian's libraries do it in registers. */
        bool risc = strncmp(compiler->triple, "riscv64", 7) == 0 && !features[0];
        return cw_machine_for(compiler, compiler->triple, cpu, risc ? "+m,+a,+f,+d,+c" : features, level);
    }
    char *triple = LLVMGetDefaultTargetTriple();
    LLVMTargetMachineRef machine = cw_machine_for(compiler, triple, cpu, features, level);
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
