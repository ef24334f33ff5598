/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helpers.c: the PTX helper library (src/library/ptx), whose families are linked into a module that calls them. A helper is inlined by
 * whoever inlines; none is left over unused.
 */
#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/ptx/lower/state.h"

#define PREFIX CW_PTX_HELPER_PREFIX

static const char *const families[] = {
#define X(name, text) text,
    CW_PTX_FAMILIES(X)
#undef X
};

static bool needs(LLVMModuleRef llvm, const char *family) {
    size_t length = strlen(family);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        const char *name = cw_value_name(f);
        if (!cw_is_declaration(f) || strncmp(name, PREFIX, sizeof PREFIX - 1) != 0) continue;
        if (strncmp(name + sizeof PREFIX - 1, family, length) == 0 && name[sizeof PREFIX - 1 + length] == '_') return true;
    }
    return false;
}

/* The helpers are compiled with every call convergent; those of special registers are not. */
static void relax(LLVMValueRef function) {
    enum cw_intrinsic intrinsic = cw_intrinsic_find(cw_value_name(function));
    if (intrinsic == CW_INTRINSIC_COUNT || !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE)) return;
    cw_remove_attribute(function, "convergent");
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use))
        LLVMRemoveCallSiteEnumAttribute(LLVMGetUser(use), CW_FUNCTION_INDEX, cw_attribute_kind("convergent"));
}

/* What belongs to the machine that the helpers were compiled for, not to them. */
static void clean(LLVMModuleRef source, LLVMModuleRef llvm) {
    LLVMSetTarget(source, LLVMGetTarget(llvm));
    LLVMSetDataLayout(source, LLVMGetDataLayoutStr(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(source); f; f = LLVMGetNextFunction(f)) {
        static const char *const names[] = {"target-cpu", "target-features", "frame-pointer", "stack-protector-buffer-size", "no-builtins"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            LLVMRemoveStringAttributeAtIndex(f, CW_FUNCTION_INDEX, names[i], (unsigned)strlen(names[i]));
        relax(f);
        bool used = LLVMGetNamedFunction(llvm, cw_value_name(f)) != NULL;
        if (!cw_is_declaration(f) && !used) LLVMSetLinkage(f, LLVMInternalLinkage);
    }
}

static cw_status link_family(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *family) {
    char *folder = cw_folder_of_symbol((const void *)(uintptr_t)cw_ptx_lower);
    char *path = cw_format("%s/cuda-wasm/ptx/%s.bc", folder ? folder : ".", family);
    free(folder);
    LLVMMemoryBufferRef buffer;
    LLVMModuleRef source = NULL;
    char *message = NULL;
    bool failed = LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message) != 0;
    if (failed) {
        LLVMDisposeMessage(message);
    } else {
        failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &source) != 0;
        LLVMDisposeMemoryBuffer(buffer);
    }
    if (!failed) {
        clean(source, llvm);
        failed = LLVMLinkModules2(llvm, source) != 0;
    }
    if (failed) cw_diagnose(compiler, NULL, "the PTX helper library %s can't be read; reinstall cuda-wasm", path);
    free(path);
    return failed ? CW_ERROR_MISSING_TOOL : CW_OK;
}

/* The linked helpers become the module's own; those that nothing calls go. */
static void settle(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        if (strncmp(cw_value_name(f), PREFIX, sizeof PREFIX - 1) != 0) continue;
        if (!LLVMGetFirstUse(f)) LLVMDeleteFunction(f);
        else if (!cw_is_declaration(f)) LLVMSetLinkage(f, LLVMInternalLinkage);
    }
}

cw_status cw_ptx_link_helpers(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    bool linked = false;
    for (size_t i = 0; i < CW_PTX_FAMILY_COUNT; i++) {
        if (!needs(llvm, families[i])) continue;
        cw_status status = link_family(compiler, llvm, families[i]);
        if (status != CW_OK) return status;
        linked = true;
    }
    if (linked) settle(llvm);
    return CW_OK;
}
