/* SPDX-License-Identifier: Apache-2.0 */
#include "target/image.h"

#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "target/library.h"

/* The intrinsics of one library; its functions have their names with cw_cpu_ before and underscores for points. */
static const struct library {
    const char *file;
    enum cw_intrinsic first, last;
} libraries[] = {
    {"texture.bc", CW_INTRINSIC_TEXTURE_FETCH, CW_INTRINSIC_TEXTURE_QUERY},
    {"surface.bc", CW_INTRINSIC_SURFACE_LOAD, CW_INTRINSIC_SURFACE_QUERY},
};

static LLVMValueRef used(LLVMModuleRef llvm, enum cw_intrinsic intrinsic) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[intrinsic].text);
    return function && LLVMGetFirstUse(function) ? function : NULL;
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

static const char traps[] =
    "declare void @llvm.trap()\n"
    "define void @cw_image_fault(i32 %kind) #0 {\n"
    "  call void @llvm.trap()\n"
    "  unreachable\n"
    "}\n"
    "attributes #0 = { alwaysinline noreturn nounwind }\n";

/* Defines what the libraries call when an access is none. */
static cw_status define_fault(LLVMModuleRef llvm, const char *text) {
    LLVMValueRef wanted = LLVMGetNamedFunction(llvm, "cw_image_fault");
    if (!wanted || !cw_is_declaration(wanted)) return CW_OK;
    LLVMModuleRef module = cw_read_library_text(llvm, text, strlen(text));
    if (!module || LLVMLinkModules2(llvm, module) != 0) return CW_ERROR_INTERNAL;
    LLVMSetLinkage(LLVMGetNamedFunction(llvm, "cw_image_fault"), LLVMInternalLinkage);
    return CW_OK;
}

cw_status cw_link_images(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *fault) {
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        bool any = false;
        for (int k = (int)libraries[i].first; k <= (int)libraries[i].last; k++) any |= used(llvm, (enum cw_intrinsic)k) != NULL;
        if (!any) continue;
        cw_status status = cw_link_library(compiler, llvm, libraries[i].file);
        if (status != CW_OK) return status;
        for (int k = (int)libraries[i].first; k <= (int)libraries[i].last; k++) define(llvm, (enum cw_intrinsic)k);
    }
    return define_fault(llvm, fault ? fault : traps);
}
