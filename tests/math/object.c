/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.c: the program cw-math-object, which compiles a whole math archive for this machine, so that tests can call its
 * functions.
 *
 *     cw-math-object ARCHIVE.cwm OUT.o native|baseline
 *
 * "native" uses all that this processor has; "baseline" only what the architecture always has (on x86-64 no fused
 * multiply-add instruction, so that `fma` is a call of libm and contraction does not happen). All modules go into one,
 * as they do beside a kernel: it also shows that they share their helpers without a clash. Prints how long linking took.
 */
#include "library/math/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/Core.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>

static _Noreturn void fail(const char *what, const char *detail) {
    fprintf(stderr, "cw-math-object: %s: %s\n", what, detail);
    exit(1);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static LLVMModuleRef link_all(LLVMContextRef context, const struct cw_math_archive *archive) {
    LLVMModuleRef whole = LLVMModuleCreateWithNameInContext("math", context);
    double slowest = 0, start = milliseconds();
    const char *slowest_name = "";
    for (uint32_t i = 0; i < cw_math_archive_count(archive); i++) {
        const char *name = cw_math_archive_name(archive, i);
        const void *bytes;
        size_t size;
        if (!cw_math_archive_find(archive, name, &bytes, &size)) {
            fail(name, "is listed but not found");
        }
        double before = milliseconds();
        LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRange(bytes, size, name, false);
        LLVMModuleRef module;
        if (LLVMParseBitcodeInContext2(context, buffer, &module)) {
            fail(name, "is not bitcode");
        }
        LLVMDisposeMemoryBuffer(buffer);
        if (i == 0) {
            LLVMSetTarget(whole, LLVMGetTarget(module));
            LLVMSetDataLayout(whole, LLVMGetDataLayoutStr(module));
        }
        if (strcmp(LLVMGetTarget(whole), LLVMGetTarget(module)) != 0 ||
            strcmp(LLVMGetDataLayoutStr(whole), LLVMGetDataLayoutStr(module)) != 0) {
            fail(name, "has another triple or data layout");
        }
        if (LLVMLinkModules2(whole, module)) {
            fail(name, "does not link");
        }
        double taken = milliseconds() - before;
        if (taken > slowest) {
            slowest = taken;
            slowest_name = name;
        }
    }
    char *message = NULL;
    if (LLVMVerifyModule(whole, LLVMReturnStatusAction, &message)) {
        fail("the linked module is broken", message);
    }
    LLVMDisposeMessage(message);
    printf("%u functions linked in %.1f ms, slowest %s with %.2f ms\n", cw_math_archive_count(archive),
           milliseconds() - start, slowest_name, slowest);
    return whole;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fail("usage", "cw-math-object ARCHIVE.cwm OUT.o native|baseline");
    }
    struct cw_math_archive *archive = cw_math_archive_open(argv[1]);
    if (archive == NULL) {
        fail(argv[1], "is not a math archive");
    }
    if (!cw_math_archive_intact(archive)) {
        fail(argv[1], "has a wrong checksum");
    }
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    bool native = strcmp(argv[3], "native") == 0;
    char *triple = LLVMGetDefaultTargetTriple(), *message = NULL;
    LLVMTargetRef target;
    if (LLVMGetTargetFromTriple(triple, &target, &message)) {
        fail(triple, message);
    }
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(target, triple, native ? LLVMGetHostCPUName() : "",
                                                           native ? LLVMGetHostCPUFeatures() : "",
                                                           LLVMCodeGenLevelDefault, LLVMRelocPIC, LLVMCodeModelDefault);
    LLVMContextRef context = LLVMContextCreate();
    LLVMModuleRef module = link_all(context, archive);
    LLVMSetTarget(module, triple);
    LLVMSetModuleDataLayout(module, LLVMCreateTargetDataLayout(machine));
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, "default<O2>", machine, options);
    if (error != NULL) {
        fail("optimising", LLVMGetErrorMessage(error));
    }
    if (LLVMTargetMachineEmitToFile(machine, module, argv[2], LLVMObjectFile, &message)) {
        fail(argv[2], message);
    }
    cw_math_archive_close(archive);
    return 0;
}
