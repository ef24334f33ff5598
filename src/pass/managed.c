/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.c: managed variables become pointers.
 *
 * Only the running program knows where a managed variable lies: on a device that shares the host's memory it is the
 * host's own variable. So the variable's name is given to a pointer that whoever loads the code may fill in before the first
 * launch, and each use begins with a load of it. Nothing writes to it afterwards, which `invariant.load` tells LLVM. Code that
 * is loaded without a host's variable has one itself, which the pointer points to from the start.
 */
#include "pass/expand.h"
#include "pass/pass.h"

#include <stdlib.h>
#include <string.h>

struct rewriter {
    struct cw_expansion expansion;
    LLVMValueRef variable;
    LLVMValueRef pointer;
};

static bool is_replaced(void *context, LLVMValueRef variable) {
    return variable == ((const struct rewriter *)context)->variable;
}

static LLVMValueRef load_address(void *context, LLVMValueRef variable) {
    const struct rewriter *rewriter = context;
    (void)variable;
    return cw_expansion_load(&rewriter->expansion, rewriter->pointer, "managed");
}

static void rewrite_function(struct rewriter *rewriter, LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            (void)cw_expand_operands(&rewriter->expansion, i);
}

/* Makes the pointer that takes the variable's name. */
static LLVMValueRef add_pointer(LLVMModuleRef llvm, LLVMValueRef variable) {
    LLVMTypeRef type = LLVMPointerTypeInContext(LLVMGetModuleContext(llvm), CW_SPACE_GENERIC);
    LLVMValueRef pointer = LLVMAddGlobalInAddressSpace(llvm, type, "", CW_SPACE_GLOBAL);
    LLVMSetInitializer(pointer, LLVMIsDeclaration(variable) ? LLVMConstNull(type) : LLVMConstPointerCast(variable, type));
    LLVMSetLinkage(pointer, LLVMExternalLinkage);
    LLVMSetExternallyInitialized(pointer, 1);
    char *name = cw_strdup(cw_value_name(variable));
    char *own = cw_format("%s.own", name);
    LLVMSetValueName2(variable, own, strlen(own));
    LLVMSetValueName2(pointer, name, strlen(name));
    free(own);
    free(name);
    return pointer;
}

static void drop_list(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, name);
    if (list) LLVMDeleteGlobal(list);
}

bool cw_pass_managed(LLVMModuleRef llvm) {
    bool progress = false;
    struct rewriter rewriter = {0};
    rewriter.expansion = (struct cw_expansion){LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm)), is_replaced, load_address, &rewriter};
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm), next; g; g = next) {
        next = LLVMGetNextGlobal(g);
        if (!cw_is_managed(g)) continue;
        if (!progress) {
            drop_list(llvm, "llvm.compiler.used");
            drop_list(llvm, "llvm.used");
            next = LLVMGetNextGlobal(g);
        }
        progress = true;
        rewriter.variable = g;
        rewriter.pointer = add_pointer(llvm, g);
        for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) rewrite_function(&rewriter, f);
        LLVMSetExternallyInitialized(g, 0);
        LLVMSetSection(g, "");
        if (!LLVMIsDeclaration(g)) LLVMSetLinkage(g, LLVMInternalLinkage);
    }
    LLVMDisposeBuilder(rewriter.expansion.builder);
    return progress;
}
