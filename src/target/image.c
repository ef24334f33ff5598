/* SPDX-License-Identifier: Apache-2.0 */
#include "target/image.h"

#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* The intrinsics of one library; its functions have their names with cw_cpu_ before and underscores for points. */
static const struct library {
    const char *file;
    enum cw_intrinsic first, last;
} libraries[] = {
    {"texture.bc", CW_INTRINSIC_TEXTURE_FETCH, CW_INTRINSIC_TEXTURE_GATHER},
    {"surface.bc", CW_INTRINSIC_SURFACE_LOAD, CW_INTRINSIC_SURFACE_STORE},
};

static LLVMValueRef used(LLVMModuleRef llvm, enum cw_intrinsic intrinsic) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[intrinsic].text);
    return function && LLVMGetFirstUse(function) ? function : NULL;
}

static LLVMModuleRef read_library(struct cw_compiler *compiler, const char *file) {
    char *folder = cw_folder_of_symbol((const void *)(uintptr_t)cw_compiler_api);
    char *path = cw_format("%s/cuda-wasm/%s", folder ? folder : ".", file);
    LLVMMemoryBufferRef buffer;
    LLVMModuleRef module = NULL;
    char *message = NULL;
    if (LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message)) {
        cw_diagnose(compiler, NULL, "the image library %s can't be read: %s; reinstall cuda-wasm", path, message);
        LLVMDisposeMessage(message);
    } else {
        bool failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &module) != 0;
        LLVMDisposeMemoryBuffer(buffer);
        if (failed) {
            module = NULL;
            cw_diagnose(compiler, NULL, "the image library %s is damaged; reinstall cuda-wasm", path);
        }
    }
    free(path);
    free(folder);
    return module;
}

static void define(LLVMModuleRef llvm, enum cw_intrinsic intrinsic) {
    LLVMValueRef function = used(llvm, intrinsic);
    if (!function) return;
    char *name = cw_format("cw_cpu_%s", cw_intrinsics[intrinsic].text + sizeof "cw." - 1);
    for (char *at = name; *at; at++) *at = *at == '.' ? '_' : *at;
    LLVMValueRef body = LLVMGetNamedFunction(llvm, name);
    if (body) LLVMReplaceAllUsesWith(function, body);
    free(name);
}

cw_status cw_link_images(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        bool any = false;
        for (int k = (int)libraries[i].first; k <= (int)libraries[i].last; k++) any |= used(llvm, (enum cw_intrinsic)k) != NULL;
        if (!any) continue;
        LLVMModuleRef library = read_library(compiler, libraries[i].file);
        if (!library) return CW_ERROR_MISSING_TOOL;
        LLVMSetTarget(library, LLVMGetTarget(llvm));
        LLVMSetDataLayout(library, LLVMGetDataLayoutStr(llvm));
        if (LLVMLinkModules2(llvm, library)) return CW_ERROR_BAD_MODULE;
        for (int k = (int)libraries[i].first; k <= (int)libraries[i].last; k++) define(llvm, (enum cw_intrinsic)k);
    }
    return CW_OK;
}
