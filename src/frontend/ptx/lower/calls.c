/* SPDX-License-Identifier: Apache-2.0 */
/* calls.c: calls of the waist's words, of math functions, of LLVM's intrinsics, and of the PTX helper library (helpers.c). */
#include <stdio.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

#define ARGUMENTS_MAX 16u

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
    snprintf(whole, sizeof whole, CW_PTX_HELPER_PREFIX "%s", name);
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
