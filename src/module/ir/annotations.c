/* SPDX-License-Identifier: Apache-2.0 */
/*
 * annotations.c: what the headers say of variables and kernels by annotations, for want of an attribute that clang would keep.
 *
 * __managed__ variables (CUDA C++ Programming Guide, "__managed__ Memory Space Specifier"): in the waist one is a variable of
 * address space 1 in the section CW_MANAGED_SECTION, with its initial value: it stands for memory that the host and the device see
 * at the same address, so its address is not known before a program runs.
 *
 * __cluster_dims__ (the same, "Thread Block Clusters"): clang's own attribute is refused for the processor that device code is
 * compiled for, so the kernel gets here what clang would give it, the function attribute "nvvm.cluster_dim".
 */
#include "module/ir/ir.h"

#include <stdio.h>
#include <string.h>

#define MANAGED "cw.managed"
#define CLUSTER "cw.cluster_dims"

bool cw_is_managed(LLVMValueRef variable) {
    const char *section = LLVMGetSection(variable);
    return section && strcmp(section, CW_MANAGED_SECTION) == 0;
}

/* True if `annotation` is a row of llvm.global.annotations with that word: { object, text, file, line, arguments }. */
static bool says(LLVMValueRef annotation, const char *expected) {
    LLVMValueRef text = cw_constant_base(LLVMGetOperand(annotation, 1));
    LLVMValueRef bytes = text && LLVMIsAGlobalVariable(text) ? LLVMGetInitializer(text) : NULL;
    if (!bytes || !LLVMIsConstantString(bytes)) return false;
    size_t length;
    const char *word = LLVMGetAsString(bytes, &length);
    return length == strlen(expected) + 1 && memcmp(word, expected, length) == 0;
}

/* The arguments are a constant structure of numbers; dimensions that aren't said are 1. */
static void note_cluster(LLVMValueRef kernel, LLVMValueRef arguments) {
    static const char name[] = "nvvm.cluster_dim";
    unsigned long long blocks[3] = {1, 1, 1};
    LLVMValueRef base = cw_constant_base(arguments), values = base && LLVMIsAGlobalVariable(base) ? LLVMGetInitializer(base) : NULL;
    int count = values ? LLVMGetNumOperands(values) : 0;
    for (int i = 0; i < count && i < 3; i++) {
        LLVMValueRef value = LLVMGetOperand(values, (unsigned)i);
        if (LLVMIsAConstantInt(value)) blocks[i] = LLVMConstIntGetZExtValue(value);
    }
    char text[72];
    int length = snprintf(text, sizeof text, "%llu,%llu,%llu", blocks[0], blocks[1], blocks[2]);
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(kernel));
    LLVMAddAttributeAtIndex(kernel, CW_FUNCTION_INDEX,
                            LLVMCreateStringAttribute(context, name, sizeof name - 1, text, (unsigned)length));
}

void cw_module_note_annotations(LLVMModuleRef llvm) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, "llvm.global.annotations");
    if (!list) return;
    LLVMValueRef rows = LLVMGetInitializer(list);
    int count = rows ? LLVMGetNumOperands(rows) : 0;
    for (int i = 0; i < count; i++) {
        LLVMValueRef row = LLVMGetOperand(rows, (unsigned)i);
        LLVMValueRef object = cw_constant_base(LLVMGetOperand(row, 0));
        if (object && LLVMIsAFunction(object) && says(row, CLUSTER)) note_cluster(object, LLVMGetOperand(row, 4));
        /* clang leaves a static variable that no host code names to the device alone; it is one like any other then. */
        if (!object || !LLVMIsAGlobalVariable(object) || !LLVMIsExternallyInitialized(object)) continue;
        if (says(row, MANAGED)) LLVMSetSection(object, CW_MANAGED_SECTION);
    }
    /* Annotations of the program's own mean nothing to a target, and as uses they would be in everyone's way. */
    LLVMDeleteGlobal(list);
}
