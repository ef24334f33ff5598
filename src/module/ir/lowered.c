/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lowered.c: the names that expressions stand for (NVRTC documentation, "Accessing Lowered Names").
 *
 * The front end writes a variable __cw_lowered_N for each expression, whose initial value is the address that the expression
 * names: that has clang instantiate a template, and its mangled name is the answer. The variables are no part of the
 * program, so they are taken out before anything else looks at the module.
 */
#include "module/ir/ir.h"

#include <stdio.h>

void cw_module_take_lowered(LLVMModuleRef llvm, struct cw_strings *names) {
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
