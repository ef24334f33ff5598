/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapt.c: see adapt.h. What the host pass left as LLVM bitcode, before any optimisation:
 *
 * A __managed__ variable is for clang a device variable like any other, so that the host gets a shadow of it without a
 * value. That shadow becomes the variable: it is given the device's initial value, and is registered as managed memory.
 *
 * With relocatable device code clang registers a source's kernels by a function __cudaRegisterLinkedBinary_..., which
 * NVIDIA's linker would make. It is defined here, as the registration of code that needs no device linking.
 */
#include "target/adapt.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/BitWriter.h>
#include <stdlib.h>
#include <string.h>

#include "target/target.h"

#define REGISTER_VARIABLE "__cudaRegisterVar"
#define REGISTER_MANAGED "__cw_register_managed"
#define LINKED_BINARY "__cudaRegisterLinkedBinary"

/* ---- Managed variables ---------------------------------------------------------------------------------------------- */

/* The characters of the constant string that `value` points to; NULL when it is none. */
static const char *string_of(LLVMValueRef value) {
    LLVMValueRef global = cw_constant_base(value);
    LLVMValueRef bytes = global && LLVMIsAGlobalVariable(global) ? LLVMGetInitializer(global) : NULL;
    size_t length;
    return bytes && LLVMIsConstantString(bytes) ? LLVMGetAsString(bytes, &length) : NULL;
}

/* Host and device lay types out alike, and a device variable begins with constants, so the device's value is the host's. */
static cw_status take_value(struct cw_compiler *compiler, LLVMValueRef shadow, LLVMValueRef variable) {
    LLVMModuleRef llvm = LLVMGetGlobalParent(shadow);
    LLVMValueRef value = LLVMGetInitializer(variable);
    if (!value || !cw_is_plain_constant(value)) {
        cw_diagnose(compiler, NULL, "the managed variable '%s' begins with an address, which differs between host and device",
                    cw_value_name(variable));
        return CW_ERROR_UNSUPPORTED;
    }
    LLVMValueRef made = LLVMAddGlobal(llvm, LLVMTypeOf(value), "");
    LLVMSetInitializer(made, value);
    LLVMSetLinkage(made, LLVMGetLinkage(shadow));
    LLVMSetVisibility(made, LLVMGetVisibility(shadow));
    LLVMSetAlignment(made, LLVMGetAlignment(shadow) > LLVMGetAlignment(variable) ? LLVMGetAlignment(shadow) : LLVMGetAlignment(variable));
    LLVMReplaceAllUsesWith(shadow, made);
    char *name = cw_strdup(cw_value_name(shadow));
    LLVMDeleteGlobal(shadow);
    LLVMSetValueName2(made, name, strlen(name));
    free(name);
    return CW_OK;
}

/* For each registration of a variable that `module` calls managed. */
static cw_status adapt_managed(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_module *module) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, REGISTER_VARIABLE);
    if (!function || !module) return CW_OK;
    LLVMTypeRef type = LLVMGlobalGetValueType(function);
    LLVMValueRef managed = NULL;
    for (LLVMUseRef use = LLVMGetFirstUse(function), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (!LLVMIsACallInst(call) || LLVMGetNumArgOperands(call) < 4) continue;
        LLVMValueRef shadow = cw_constant_base(LLVMGetOperand(call, 1));
        const char *name = string_of(LLVMGetOperand(call, 3));
        LLVMValueRef variable = name ? LLVMGetNamedGlobal(module->llvm, name) : NULL;
        if (!shadow || !variable || !cw_is_managed(variable)) continue;
        cw_status status = take_value(compiler, shadow, variable);
        if (status != CW_OK) return status;
        if (!managed) managed = LLVMAddFunction(llvm, REGISTER_MANAGED, type);
        LLVMSetOperand(call, (unsigned)LLVMGetNumOperands(call) - 1, managed);
    }
    return CW_OK;
}

/* ---- Relocatable device code ------------------------------------------------------------------------------------------- */

static LLVMValueRef runtime_function(LLVMModuleRef llvm, const char *name, LLVMTypeRef type) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    return function ? function : LLVMAddFunction(llvm, name, type);
}

/* void f(void (*globals)(void **), void *wrapper, void *id, void (*callback)(void *)) */
static void define_registration(LLVMModuleRef llvm, LLVMValueRef function) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0), nothing = LLVMVoidTypeInContext(context);
    LLVMTypeRef to_pointer = LLVMFunctionType(pointer, &pointer, 1, 0), to_nothing = LLVMFunctionType(nothing, &pointer, 1, 0);
    LLVMValueRef wrapper = LLVMGetParam(function, 1);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, "entry"));
    LLVMValueRef begin = runtime_function(llvm, "__cudaRegisterFatBinary", to_pointer);
    LLVMValueRef end = runtime_function(llvm, "__cudaRegisterFatBinaryEnd", to_nothing);
    LLVMValueRef handle = LLVMBuildCall2(builder, to_pointer, begin, &wrapper, 1, "");
    LLVMBuildCall2(builder, to_nothing, LLVMGetParam(function, 0), &handle, 1, "");
    LLVMBuildCall2(builder, to_nothing, end, &handle, 1, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    LLVMSetLinkage(function, LLVMInternalLinkage);
}

static void adapt_registration(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        bool wanted = cw_is_declaration(f) && strncmp(cw_value_name(f), LINKED_BINARY, sizeof LINKED_BINARY - 1) == 0;
        if (wanted && LLVMCountParams(f) == 4) define_registration(llvm, f);
    }
}

cw_status cw_adapt_host(struct cw_compiler *compiler, const struct cw_module *module, const void *bitcode, size_t size,
                        struct cw_bytes *out) {
    *out = (struct cw_bytes){0};
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(bitcode, size, "host");
    LLVMModuleRef llvm;
    bool failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &llvm) != 0;
    LLVMDisposeMemoryBuffer(buffer);
    if (failed) {
        cw_diagnose(compiler, NULL, "the host's bitcode can't be read; it was made by another LLVM release or is damaged");
        return CW_ERROR_BAD_MODULE;
    }
    cw_status status = adapt_managed(compiler, llvm, module);
    if (status == CW_OK) {
        if (!module || !module->unit) adapt_registration(llvm); /* a unit's is a device link's to define */
        buffer = LLVMWriteBitcodeToMemoryBuffer(llvm);
        cw_bytes_set(out, LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer));
        LLVMDisposeMemoryBuffer(buffer);
    }
    LLVMDisposeModule(llvm);
    return status;
}
