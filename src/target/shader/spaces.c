/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spaces.c: what LLVM's inference of address spaces can't know by itself.
 *
 * clang makes every pointer generic. LLVM's pass "infer-address-spaces" follows casts from a space to the generic one; it
 * is told here that an alloca is local, and that a pointer among the parameters, or in a structure among them, was made by
 * the host, which knows global addresses only (as NVPTXLowerArgs does for nvcc's kernels).
 */
#include <string.h>

#include "target/shader/shader.h"

typedef void (*visitor)(LLVMBuilderRef builder, LLVMValueRef instruction);

static void for_each_instruction(LLVMModuleRef llvm, visitor visit) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                visit(builder, i);
            }
        }
    }
    LLVMDisposeBuilder(builder);
}

/* Markers of a lifetime, which LLVM allows on allocas alone. */
static bool is_lifetime(LLVMValueRef user) {
    LLVMValueRef callee = LLVMIsACallInst(user) ? cw_called_function(user) : NULL;
    return callee && strncmp(cw_value_name(callee), "llvm.lifetime.", 14) == 0;
}

/* Puts a cast to `space` and back behind `pointer`, for all its uses. */
static void pass_through(LLVMBuilderRef builder, LLVMValueRef pointer, unsigned space) {
    LLVMTypeRef generic = LLVMTypeOf(pointer);
    LLVMTypeRef special = LLVMPointerTypeInContext(LLVMGetTypeContext(generic), space);
    LLVMPositionBuilderBefore(builder, LLVMGetNextInstruction(pointer));
    LLVMValueRef there = LLVMBuildAddrSpaceCast(builder, pointer, special, "");
    LLVMValueRef back = LLVMBuildAddrSpaceCast(builder, there, generic, "");
    for (LLVMUseRef use = LLVMGetFirstUse(pointer), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef user = LLVMGetUser(use);
        for (int i = 0; user != there && !is_lifetime(user) && i < LLVMGetNumOperands(user); i++) {
            if (LLVMGetOperand(user, (unsigned)i) == pointer) {
                LLVMSetOperand(user, (unsigned)i, back);
            }
        }
    }
}

/* The uses of `pointer` are a cast into `space` alone, and markers. */
static bool is_done(LLVMValueRef pointer, unsigned space) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (is_lifetime(user)) {
            continue;
        }
        if (!LLVMIsAAddrSpaceCastInst(user) || LLVMGetPointerAddressSpace(LLVMTypeOf(user)) != space) {
            return false;
        }
    }
    return true;
}

static bool is_generic_pointer(LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    return LLVMGetTypeKind(type) == LLVMPointerTypeKind && LLVMGetPointerAddressSpace(type) == CW_SPACE_GENERIC;
}

static void visit_alloca(LLVMBuilderRef builder, LLVMValueRef instruction) {
    if (LLVMIsAAllocaInst(instruction) && is_generic_pointer(instruction) && !is_done(instruction, CW_SPACE_LOCAL)) {
        pass_through(builder, instruction, CW_SPACE_LOCAL);
    }
}

static void visit_load(LLVMBuilderRef builder, LLVMValueRef instruction) {
    if (!LLVMIsALoadInst(instruction) || !is_generic_pointer(instruction)) {
        return;
    }
    LLVMTypeRef address = LLVMTypeOf(LLVMGetOperand(instruction, 0));
    if (LLVMGetPointerAddressSpace(address) == CW_SHADER_SPACE_PARAMS && !is_done(instruction, CW_SPACE_GLOBAL)) {
        pass_through(builder, instruction, CW_SPACE_GLOBAL);
    }
}

void cw_shader_local_space(LLVMModuleRef llvm) {
    for_each_instruction(llvm, visit_alloca);
}

void cw_shader_global_space(LLVMModuleRef llvm) {
    for_each_instruction(llvm, visit_load);
}
