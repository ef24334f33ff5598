/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lowered.c: the names of what NVRTC programs define (NVRTC documentation, "Accessing Lowered Names").
 *
 * The front end writes a variable __cw_lowered_N for each expression, whose initial value is the address that the expression
 * names: that has clang instantiate a template, and its mangled name is the answer. The variables are no part of the
 * program, so they are taken out before anything else looks at the module.
 *
 * The variable __cw_nvrtc_program marks such a program. Its static variables of the global namespace are found by their
 * plain names too (cuModuleGetGlobal), as in what NVRTC makes; nothing else is linked with them that could have the same.
 */
#include "module/ir/ir.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "_ZL5value": a static variable of the global namespace becomes `value`, unless that is taken. */
static void publish(LLVMModuleRef llvm, LLVMValueRef variable) {
    const char *name = cw_value_name(variable);
    if (LLVMGetLinkage(variable) != LLVMInternalLinkage || strncmp(name, "_ZL", 3) != 0 ||
        !isdigit((unsigned char)name[3]))
        return;
    char *plain;
    unsigned long length = strtoul(name + 3, &plain, 10);
    LLVMValueRef value = LLVMGetInitializer(variable);
    if (!value || LLVMIsUndef(value)) return; /* threadIdx and its like, which are no memory */
    if (strlen(plain) != length || LLVMGetNamedGlobal(llvm, plain) || LLVMGetNamedFunction(llvm, plain)) return;
    char *copy = cw_strdup(plain);
    LLVMSetValueName2(variable, copy, strlen(copy));
    LLVMSetLinkage(variable, LLVMExternalLinkage);
    LLVMSetExternallyInitialized(variable, 1);
    free(copy);
}

static void publish_statics(LLVMModuleRef llvm) {
    LLVMValueRef marker = LLVMGetNamedGlobal(llvm, "__cw_nvrtc_program");
    if (!marker) return;
    LLVMDeleteGlobal(marker);
    LLVMSetSourceFileName(llvm, "nvrtc", 5); /* not the temporary file: equal programs give equal modules */
    for (LLVMValueRef global = LLVMGetFirstGlobal(llvm); global; global = LLVMGetNextGlobal(global)) {
        unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(global));
        if (space == 1 || space == 4) publish(llvm, global);
    }
}

void cw_module_take_lowered(LLVMModuleRef llvm, struct cw_strings *names) {
    publish_statics(llvm);
    for (unsigned i = 0;; i++) {
        char name[40];
        snprintf(name, sizeof name, "__cw_lowered_%u", i);
        LLVMValueRef variable = LLVMGetNamedGlobal(llvm, name);
        if (!variable) return;
        LLVMValueRef value = LLVMGetInitializer(variable);
        LLVMValueRef base = value ? cw_constant_base(value) : NULL;
        cw_strings_add(names, base ? cw_value_name(base) : "");
        LLVMDeleteGlobal(variable);
    }
}
