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
    LLVMSetTarget(library, LLVMGetTarget(llvm));
    LLVMSetDataLayout(library, LLVMGetDataLayoutStr(llvm));
    return LLVMLinkModules2(llvm, library) == 0;
}
