/* SPDX-License-Identifier: Apache-2.0 */
/*
 * global_space.c: global and constant variables into the generic address space.
 *
 * clang puts __device__ variables into address space 1 and __constant__ ones into 4 and casts every use to a generic
 * pointer. A target with one flat memory has only generic pointers: each variable is made anew in address space 0, and
 * the casts fold away. The `constant` flag stays for passes that use it; who emits must clear it, since the host
 * writes to __constant__ memory.
 */
#include "pass/pass.h"

#include <stdlib.h>

static bool is_flat_space(unsigned space) {
    return space == CW_SPACE_GLOBAL || space == CW_SPACE_CONSTANT || space == CW_SPACE_LOCAL;
}

/* An access through the old space to what lies in the generic one now: WebAssembly's other spaces are no memory at all. */
static void access_generic(LLVMValueRef i) {
    unsigned operand = LLVMIsALoadInst(i) ? 0 : 1;
    if (!LLVMIsALoadInst(i) && !LLVMIsAStoreInst(i)) return;
    LLVMValueRef pointer = LLVMGetOperand(i, operand);
    if (!LLVMIsAConstantExpr(pointer) || LLVMGetConstOpcode(pointer) != LLVMAddrSpaceCast) return;
    LLVMValueRef base = LLVMGetOperand(pointer, 0);
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(base)) == CW_SPACE_GENERIC) LLVMSetOperand(i, operand, base);
}

/* Casts that are left between a space and the same space fold to their operand. */
static void fold_casts(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                access_generic(i);
                if (!LLVMIsAAddrSpaceCastInst(i) || LLVMTypeOf(i) != LLVMTypeOf(LLVMGetOperand(i, 0))) continue;
                LLVMReplaceAllUsesWith(i, LLVMGetOperand(i, 0));
                LLVMInstructionEraseFromParent(i);
            }
        }
    }
}

static void drop_list(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, name);
    if (list) LLVMDeleteGlobal(list);
}

bool cw_pass_global_space(LLVMModuleRef llvm) {
    bool progress = false;
    drop_list(llvm, "llvm.compiler.used");
    drop_list(llvm, "llvm.used");
    for (LLVMValueRef old = LLVMGetFirstGlobal(llvm), next; old; old = next) {
        next = LLVMGetNextGlobal(old);
        if (!is_flat_space(LLVMGetPointerAddressSpace(LLVMTypeOf(old)))) continue;
        LLVMValueRef new = LLVMAddGlobalInAddressSpace(llvm, LLVMGlobalGetValueType(old), "", CW_SPACE_GENERIC);
        if (LLVMGetInitializer(old)) LLVMSetInitializer(new, LLVMGetInitializer(old));
        /* The host may read and write it, whether or not a kernel does: an inline variable must not die for want of uses. */
        LLVMSetLinkage(new, LLVMIsExternallyInitialized(old) ? LLVMExternalLinkage : LLVMGetLinkage(old));
        LLVMSetAlignment(new, LLVMGetAlignment(old));
        LLVMSetGlobalConstant(new, LLVMIsGlobalConstant(old));
        LLVMSetExternallyInitialized(new, LLVMIsExternallyInitialized(old));
        LLVMReplaceAllUsesWith(old, LLVMConstPointerCast(new, LLVMTypeOf(old)));
        size_t size;
        const char *name = LLVMGetValueName2(old, &size);
        char *copy = cw_strndup(name, size);
        LLVMSetValueName2(old, "", 0);
        LLVMSetValueName2(new, copy, size);
        free(copy);
        LLVMDeleteGlobal(old);
        progress = true;
    }
    fold_casts(llvm);
    return progress;
}
