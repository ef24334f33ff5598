/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retarget.c: what AMDGPU wants otherwise than NVPTX (LLVM's "User Guide for AMDGPU Backend": "Address Spaces", "Calling Conventions",
 * "Memory Scopes").
 *
 * Address spaces 1 (global), 3 (shared) and 4 (constant) have the same numbers. Local variables are of space 5; generic pointers
 * to them are casts. Kernel parameters lie in a segment in the order and with the alignments of the source, as CUDA's do: what
 * the front end passes by value behind a pointer is `byref` there, and copied, since kernels may write to their parameters.
 * Pointers that the host gives are global.
 */
#include "target/gcn/gcn.h"

#include <llvm-c/Target.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLING_CONVENTION_AMDGPU_KERNEL 91u

/* ---- Local variables ------------------------------------------------------------------------------------------ */

static void drop_lifetimes(LLVMValueRef variable) {
    for (LLVMUseRef use = LLVMGetFirstUse(variable), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef user = LLVMGetUser(use);
        LLVMValueRef callee = LLVMIsACallInst(user) ? cw_called_function(user) : NULL;
        if (callee && strncmp(cw_value_name(callee), "llvm.lifetime.", 14) == 0) LLVMInstructionEraseFromParent(user);
    }
}

static void move_variable(LLVMBuilderRef builder, LLVMValueRef variable) {
    LLVMTypeRef type = LLVMGetAllocatedType(variable), generic = LLVMTypeOf(variable);
    if (LLVMGetPointerAddressSpace(generic) == CW_SPACE_LOCAL) return;
    LLVMPositionBuilderBefore(builder, variable);
    LLVMValueRef moved = LLVMBuildArrayAlloca(builder, type, LLVMGetOperand(variable, 0), ""); /* where the layout says */
    LLVMSetAlignment(moved, LLVMGetAlignment(variable));
    LLVMValueRef cast = LLVMBuildAddrSpaceCast(builder, moved, generic, "");
    drop_lifetimes(variable);
    LLVMReplaceAllUsesWith(variable, cast);
    LLVMInstructionEraseFromParent(variable);
}

static void move_variables(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    LLVMValueRef *variables = NULL;
    size_t count = 0, room = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
                if (!LLVMIsAAllocaInst(i)) continue;
                variables = cw_grow(variables, count, &room, sizeof *variables);
                variables[count++] = i;
            }
        }
    }
    for (size_t i = 0; i < count; i++) move_variable(builder, variables[i]);
    free(variables);
    LLVMDisposeBuilder(builder);
}

/* ---- Kernels -------------------------------------------------------------------------------------------------- */

static LLVMTypeRef by_value_type(LLVMValueRef function, unsigned parameter) {
    LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(function, parameter + 1, cw_attribute_kind("byval"));
    return attribute ? LLVMGetTypeAttributeValue(attribute) : NULL;
}

static LLVMTypeRef kernel_type(LLVMValueRef inner, LLVMTypeRef type) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(inner));
    return LLVMGetTypeKind(type) == LLVMPointerTypeKind ? LLVMPointerTypeInContext(context, CW_SPACE_GLOBAL) : type;
}

static unsigned by_value_align(LLVMValueRef function, unsigned parameter) {
    LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(function, parameter + 1, cw_attribute_kind("align"));
    return attribute ? (unsigned)LLVMGetEnumAttributeValue(attribute) : 1;
}

static void add_parameter_attribute(LLVMValueRef kernel, unsigned parameter, const char *name, uint64_t value) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(kernel));
    LLVMAddAttributeAtIndex(kernel, parameter + 1, LLVMCreateEnumAttribute(context, cw_attribute_kind(name), value));
}

/* ---- What functions get by value ------------------------------------------------------------------------------- */

/* The callee makes the copy, where its variables are: LLVM would make one in the parameter's address space, which has none. */
static void own_copy(LLVMBuilderRef builder, LLVMValueRef function, unsigned i) {
    LLVMTypeRef by_value = by_value_type(function, i);
    LLVMValueRef parameter = LLVMGetParam(function, i);
    unsigned align = by_value_align(function, i);
    LLVMModuleRef llvm = LLVMGetGlobalParent(function);
    unsigned long long bytes = LLVMABISizeOfType(LLVMGetModuleDataLayout(llvm), by_value);
    LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
    LLVMValueRef copy = LLVMBuildAlloca(builder, by_value, "");
    LLVMSetAlignment(copy, align);
    LLVMValueRef cast = LLVMBuildAddrSpaceCast(builder, copy, LLVMTypeOf(parameter), "");
    LLVMReplaceAllUsesWith(parameter, cast);
    LLVMBuildMemCpy(builder, copy, align, parameter, align, LLVMConstInt(LLVMInt64TypeInContext(LLVMGetModuleContext(llvm)), bytes, 0));
    LLVMRemoveEnumAttributeAtIndex(function, i + 1, cw_attribute_kind("byval"));
}

static void plain_call(LLVMValueRef call) {
    for (unsigned i = 0; i < LLVMGetNumArgOperands(call); i++) LLVMRemoveCallSiteEnumAttribute(call, i + 1, cw_attribute_kind("byval"));
}

static void own_copies(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (unsigned i = 0; i < LLVMCountParams(f) && !cw_is_declaration(f) && !cw_is_kernel(f); i++)
            if (by_value_type(f, i)) own_copy(builder, f, i);
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
                if (LLVMIsACallInst(i)) plain_call(i);
    }
    LLVMDisposeBuilder(builder);
}

/* What inner gets for the kernel's parameter: a copy of what was passed by value, a generic pointer, or the value. */
static LLVMValueRef argument(LLVMBuilderRef builder, LLVMValueRef inner, LLVMValueRef kernel, unsigned i) {
    LLVMValueRef value = LLVMGetParam(kernel, i);
    LLVMTypeRef by_value = by_value_type(inner, i), wanted = LLVMTypeOf(LLVMGetParam(inner, i));
    if (by_value) {
        unsigned align = by_value_align(inner, i);
        LLVMTargetDataRef layout = LLVMGetModuleDataLayout(LLVMGetGlobalParent(kernel));
        LLVMValueRef copy = LLVMBuildAlloca(builder, by_value, "");
        LLVMSetAlignment(copy, align);
        LLVMValueRef size = LLVMConstInt(LLVMInt64TypeInContext(LLVMGetModuleContext(LLVMGetGlobalParent(kernel))),
                                         LLVMABISizeOfType(layout, by_value), 0);
        LLVMBuildMemCpy(builder, copy, align, value, align, size);
        return LLVMBuildAddrSpaceCast(builder, copy, wanted, "");
    }
    return LLVMTypeOf(value) == wanted ? value : LLVMBuildAddrSpaceCast(builder, value, wanted, "");
}

/* A kernel of AMDGPU's kind with the name of `inner`, which becomes a function of it. */
static void wrap_kernel(LLVMModuleRef llvm, LLVMValueRef inner, const struct cw_kernel *row) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    unsigned count = LLVMCountParams(inner);
    LLVMTypeRef *types = cw_alloc_array(count + 1, sizeof *types);
    LLVMValueRef *arguments = cw_alloc_array(count + 1, sizeof *arguments);
    for (unsigned i = 0; i < count; i++)
        types[i] = by_value_type(inner, i) ? LLVMPointerTypeInContext(context, CW_SPACE_CONSTANT)
                                           : kernel_type(inner, LLVMTypeOf(LLVMGetParam(inner, i)));
    char *name = cw_strdup(cw_value_name(inner)), range[32];
    LLVMSetValueName2(inner, "", 0);
    LLVMValueRef kernel = LLVMAddFunction(llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(context), types, count, 0));
    LLVMSetFunctionCallConv(kernel, CALLING_CONVENTION_AMDGPU_KERNEL);
    LLVMSetVisibility(kernel, LLVMProtectedVisibility);
    cw_add_attribute(kernel, "convergent", 0);
    cw_add_attribute(kernel, "nounwind", 0);
    snprintf(range, sizeof range, "1,%u", row && row->max_threads ? row->max_threads : 1024u);
    LLVMAddTargetDependentFunctionAttr(kernel, "amdgpu-flat-work-group-size", range);
    LLVMAddTargetDependentFunctionAttr(kernel, "uniform-work-group-size", "true"); /* HIP's blocks all have the same size */
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, kernel, "entry"));
    for (unsigned i = 0; i < count; i++) {
        LLVMTypeRef by_value = by_value_type(inner, i);
        arguments[i] = argument(builder, inner, kernel, i);
        if (by_value) {
            unsigned align = by_value_align(inner, i);
            LLVMAddAttributeAtIndex(kernel, i + 1, LLVMCreateTypeAttribute(context, cw_attribute_kind("byref"), by_value));
            add_parameter_attribute(kernel, i, "align", align);
        }
    }
    for (unsigned i = 0; i < count; i++) LLVMRemoveEnumAttributeAtIndex(inner, i + 1, cw_attribute_kind("byval"));
    LLVMSetFunctionCallConv(inner, LLVMCCallConv);
    LLVMSetLinkage(inner, LLVMInternalLinkage);
    LLVMSetVisibility(inner, LLVMDefaultVisibility);
    cw_add_attribute(inner, "alwaysinline", 0);
    LLVMBuildCall2(builder, LLVMGlobalGetValueType(inner), inner, arguments, count, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    free(name);
    free(arguments);
    free(types);
}

static const struct cw_kernel *row_of(const struct cw_module *module, const char *name) {
    for (uint32_t i = 0; i < module->table.kernel_count; i++)
        if (strcmp(module->table.kernels[i].name, name) == 0) return &module->table.kernels[i];
    return NULL;
}

/* ---- Scopes --------------------------------------------------------------------------------------------------- */

static void rename_scopes(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    unsigned block_scope = LLVMGetSyncScopeID(context, "block", 5), device_scope = LLVMGetSyncScopeID(context, "device", 6);
    unsigned workgroup = LLVMGetSyncScopeID(context, "workgroup", 9), agent = LLVMGetSyncScopeID(context, "agent", 5);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
                if (!LLVMIsAtomic(i)) continue;
                unsigned scope = LLVMGetAtomicSyncScopeID(i);
                if (scope == block_scope) LLVMSetAtomicSyncScopeID(i, workgroup);
                if (scope == device_scope) LLVMSetAtomicSyncScopeID(i, agent);
            }
        }
    }
}

void cw_gcn_retarget(const struct cw_module *module, LLVMModuleRef llvm) {
    move_variables(llvm);
    own_copies(llvm);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        if (cw_is_kernel(f) && !cw_is_declaration(f)) wrap_kernel(llvm, f, row_of(module, cw_value_name(f)));
    }
    rename_scopes(llvm);
}
