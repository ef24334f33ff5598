/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.c: calls of the waist's words, of math functions, of LLVM's intrinsics, and of the PTX helper library (src/library/ptx), whose
 * families are linked into a module that calls them. A helper is inlined by whoever inlines; none is left over unused.
 */
#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/ptx/lower/state.h"

#define PREFIX "__cw_ptx_"
#define ARGUMENTS_MAX 16u

static const char *const families[] = {
#define X(name, text) text,
    CW_PTX_FAMILIES(X)
#undef X
};

static LLVMValueRef declared(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef type) {
    LLVMValueRef function = LLVMGetNamedFunction(l->llvm, name);
    return function ? function : LLVMAddFunction(l->llvm, name, type);
}

LLVMValueRef cw_ptx_call(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count) {
    LLVMTypeRef types[ARGUMENTS_MAX];
    for (unsigned i = 0; i < count; i++) types[i] = LLVMTypeOf(arguments[i]);
    LLVMTypeRef type = LLVMFunctionType(result, types, count, 0);
    return LLVMBuildCall2(l->builder, type, declared(l, name, type), arguments, count, "");
}

LLVMValueRef cw_ptx_helper(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count) {
    char whole[96];
    snprintf(whole, sizeof whole, PREFIX "%s", name);
    return cw_ptx_call(l, whole, result, arguments, count);
}

/* ---- The waist ---- */

static LLVMTypeRef letter_type(struct cw_ptx_lowering *l, char letter) {
    switch (letter) {
    case 'v': return l->nothing;
    case 'i': return l->i32;
    case 'l': return l->i64;
    case 'f': return l->f32;
    case 'd': return l->f64;
    case 'z': return l->size;
    default: return l->pointer;
    }
}

LLVMTypeRef cw_ptx_word_type(struct cw_ptx_lowering *l, enum cw_intrinsic intrinsic) {
    const char *signature = cw_intrinsics[intrinsic].signature;
    LLVMTypeRef types[ARGUMENTS_MAX];
    unsigned count = 0;
    for (const char *at = signature + 1; *at && count < ARGUMENTS_MAX; at++) types[count++] = letter_type(l, *at);
    return LLVMFunctionType(letter_type(l, signature[0]), types, count, 0);
}

/* The attributes that clang gives the declarations of include/cuda/cw/intrinsics.h. */
static void set_effects(LLVMValueRef function, uint32_t effects) {
    cw_add_attribute(function, "nounwind", 0);
    if (effects & CW_EFFECT_PURE) cw_add_attribute(function, "memory", 0);
    if (effects & CW_EFFECT_PURE) cw_add_attribute(function, "willreturn", 0);
    if (effects & CW_EFFECT_CONVERGENT) cw_add_attribute(function, "convergent", 0);
    if (effects & CW_EFFECT_NORETURN) cw_add_attribute(function, "noreturn", 0);
}

LLVMValueRef cw_ptx_word_call(struct cw_ptx_lowering *l, enum cw_intrinsic intrinsic, LLVMValueRef *arguments, unsigned count) {
    LLVMTypeRef type = cw_ptx_word_type(l, intrinsic);
    const char *name = cw_intrinsics[intrinsic].text;
    LLVMValueRef function = LLVMGetNamedFunction(l->llvm, name);
    if (!function) {
        function = LLVMAddFunction(l->llvm, name, type);
        set_effects(function, cw_intrinsics[intrinsic].effects);
    }
    return LLVMBuildCall2(l->builder, type, function, arguments, count, "");
}

/* ---- LLVM ---- */

LLVMValueRef cw_ptx_llvm(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef overload, LLVMValueRef *arguments, unsigned count) {
    unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
    bool overloaded = LLVMIntrinsicIsOverloaded(id);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(l->llvm, id, &overload, overloaded);
    return LLVMBuildCall2(l->builder, LLVMGlobalGetValueType(function), function, arguments, count, "");
}

LLVMValueRef cw_ptx_llvm1(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a) {
    return cw_ptx_llvm(l, name, LLVMTypeOf(a), &a, 1);
}

LLVMValueRef cw_ptx_llvm2(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a, LLVMValueRef b) {
    return cw_ptx_llvm(l, name, LLVMTypeOf(a), (LLVMValueRef[]){a, b}, 2);
}

LLVMValueRef cw_ptx_llvm3(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c) {
    return cw_ptx_llvm(l, name, LLVMTypeOf(a), (LLVMValueRef[]){a, b, c}, 3);
}

/* ---- The helper library ---- */

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
