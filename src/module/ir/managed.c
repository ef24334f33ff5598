/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.c: __managed__ variables (CUDA C++ Programming Guide, "__managed__ Memory Space Specifier"). The headers mark one
 * with an annotation, for want of an attribute that clang would keep. In the waist it is a variable of address space 1 in
 * the section CW_MANAGED_SECTION, with its initial value: it stands for memory that the host and the device see at the
 * same address, so its address is not known before a program runs.
 */
#include "module/ir/ir.h"

#include <string.h>

#define ANNOTATION "cw.managed"

bool cw_is_managed(LLVMValueRef variable) {
    const char *section = LLVMGetSection(variable);
    return section && strcmp(section, CW_MANAGED_SECTION) == 0;
}

/* True if `annotation` is a row of llvm.global.annotations with our word: { object, text, file, line, arguments }. */
static bool is_ours(LLVMValueRef annotation) {
    LLVMValueRef text = cw_constant_base(LLVMGetOperand(annotation, 1));
    LLVMValueRef bytes = text && LLVMIsAGlobalVariable(text) ? LLVMGetInitializer(text) : NULL;
    if (!bytes || !LLVMIsConstantString(bytes)) return false;
    size_t length;
    const char *word = LLVMGetAsString(bytes, &length);
    return length == sizeof ANNOTATION && memcmp(word, ANNOTATION, length) == 0;
}

void cw_module_note_managed(LLVMModuleRef llvm) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, "llvm.global.annotations");
    if (!list) return;
    LLVMValueRef rows = LLVMGetInitializer(list);
    int count = rows ? LLVMGetNumOperands(rows) : 0;
    for (int i = 0; i < count; i++) {
        LLVMValueRef row = LLVMGetOperand(rows, (unsigned)i);
        LLVMValueRef object = cw_constant_base(LLVMGetOperand(row, 0));
        /* clang leaves a static variable that no host code names to the device alone; it is one like any other then. */
        if (!object || !LLVMIsAGlobalVariable(object) || !LLVMIsExternallyInitialized(object)) continue;
        if (is_ours(row)) LLVMSetSection(object, CW_MANAGED_SECTION);
    }
    /* Annotations of the program's own mean nothing to a target, and as uses they would be in everyone's way. */
    LLVMDeleteGlobal(list);
}
