/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libdevice.c: NVIDIA's own math library, where a CUDA toolkit is installed: with it results are nvcc's bit for bit. It is
 * bitcode with the names of the waist's math functions. $CUDA_WASM_LIBDEVICE names another file, or is "none".
 *
 * Looked for under $CUDA_PATH, $CUDA_HOME and /usr/local/cuda, as the CUDA installation guide lays a toolkit out.
 */
#include "target/ptx/ptx.h"

#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define IN_TOOLKIT "nvvm/libdevice/libdevice.10.bc"

/* malloc'd, or NULL. */
static char *find_file(void) {
    const char *named = getenv("CUDA_WASM_LIBDEVICE");
    if (named && *named) return strcmp(named, "none") == 0 ? NULL : cw_strdup(named);
    const char *folders[] = {getenv("CUDA_PATH"), getenv("CUDA_HOME"), "/usr/local/cuda"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (!folders[i] || !*folders[i]) continue;
        char *path = cw_format("%s/" IN_TOOLKIT, folders[i]);
        if (cw_file_exists(path)) return path;
        free(path);
    }
    return NULL;
}

static LLVMModuleRef read_library(struct cw_compiler *compiler, const char *path) {
    LLVMMemoryBufferRef buffer;
    LLVMModuleRef library = NULL;
    char *message = NULL;
    if (LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message)) {
        LLVMDisposeMessage(message);
        return NULL;
    }
    bool failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &library) != 0;
    LLVMDisposeMemoryBuffer(buffer);
    return failed ? NULL : library;
}

/* Every math function that the module needs is in the library: half from here and half from ours would be neither. */
static bool has_all(LLVMModuleRef llvm, LLVMModuleRef library) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (!cw_is_declaration(f) || !LLVMGetFirstUse(f) || !cw_math_function_known(cw_value_name(f))) continue;
        LLVMValueRef found = LLVMGetNamedFunction(library, cw_value_name(f));
        if (!found || cw_is_declaration(found)) return false;
    }
    return true;
}

/* True if `call` asks __nvvm_reflect for that word (LLVM, "User Guide for NVPTX Back-end", "Reflection Parameters"). */
static bool asks(LLVMValueRef call, const char *word) {
    LLVMValueRef text = LLVMGetOperand(call, 0);
    LLVMValueRef value = LLVMIsAGlobalVariable(text) ? LLVMGetInitializer(text) : NULL;
    size_t size = 0;
    if (!value || !LLVMIsAConstantDataSequential(value) || !LLVMIsConstantString(value)) return false;
    const char *found = LLVMGetAsString(value, &size);
    return size == strlen(word) + 1 && memcmp(found, word, size) == 0;
}

/* Divisions and square roots are rounded correctly, as nvcc has them where nothing else is asked for (NVCC manual, "--prec-div",
 * "--prec-sqrt"). LLVM answers 0 to what it doesn't know. */
static void ask_for_precision(LLVMModuleRef library) {
    LLVMValueRef reflect = LLVMGetNamedFunction(library, "__nvvm_reflect");
    for (LLVMUseRef use = reflect ? LLVMGetFirstUse(reflect) : NULL, next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call) || (!asks(call, "__CUDA_PREC_SQRT") && !asks(call, "__CUDA_PREC_DIV"))) continue;
        LLVMReplaceAllUsesWith(call, LLVMConstInt(LLVMTypeOf(call), 1, 0));
        LLVMInstructionEraseFromParent(call);
    }
}

/* What the module doesn't call goes again once everything is internal: linking takes the whole library. */
bool cw_ptx_link_libdevice(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    char *path = find_file();
    LLVMModuleRef library = path ? read_library(compiler, path) : NULL;
    if (path && !library) cw_text_printf(&compiler->log, "warning: %s can't be read; using our own math library\n", path);
    free(path);
    if (!library) return false;
    if (!has_all(llvm, library)) {
        LLVMDisposeModule(library);
        return false;
    }
    ask_for_precision(library);
    LLVMSetTarget(library, LLVMGetTarget(llvm));
    LLVMSetDataLayout(library, LLVMGetDataLayoutStr(llvm));
    return LLVMLinkModules2(llvm, library) == 0;
}
