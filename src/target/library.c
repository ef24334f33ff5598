/* SPDX-License-Identifier: Apache-2.0 */
#include "target/library.h"

#include <llvm-c/BitReader.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Target.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/file.h"

static void adopt_target(LLVMModuleRef library, LLVMModuleRef llvm) {
    LLVMSetTarget(library, LLVMGetTarget(llvm));
    LLVMSetDataLayout(library, LLVMGetDataLayoutStr(llvm));
}

LLVMModuleRef cw_read_library_text(LLVMModuleRef llvm, const char *text, size_t size) {
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRange(text, size, "library", 1);
    LLVMModuleRef module;
    char *message = NULL;
    if (LLVMParseIRInContext(LLVMGetModuleContext(llvm), buffer, &module, &message)) { /* which takes the buffer */
        LLVMDisposeMessage(message);
        return NULL;
    }
    adopt_target(module, llvm);
    return module;
}

cw_status cw_link_library(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *file) {
    char *folder = cw_folder_of_symbol((const void *)(uintptr_t)cw_compiler_api);
    char *path = cw_format("%s/cuda-wasm/%s", folder ? folder : ".", file);
    char *message = NULL;
    LLVMMemoryBufferRef buffer = NULL;
    LLVMModuleRef library = NULL;
    bool failed = LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message) != 0;
    if (!failed) {
        failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &library) != 0;
        LLVMDisposeMemoryBuffer(buffer);
    }
    if (!failed) {
        adopt_target(library, llvm);
        failed = LLVMLinkModules2(llvm, library) != 0;
    }
    if (failed) cw_diagnose(compiler, NULL, "%s can't be read: %s; reinstall cuda-wasm", path, message ? message : "it is damaged");
    LLVMDisposeMessage(message);
    free(path);
    free(folder);
    return failed ? CW_ERROR_MISSING_TOOL : CW_OK;
}
