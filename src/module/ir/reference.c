/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c: texture and surface references. On the device clang makes a variable of 64 bits of one, undefined at first, and
 * a row { variable, "texture" or "surface", 1 } of !nvvm.annotations (LLVM User Guide for NVPTX). In the waist it is a
 * variable that the host may see, 0 until something is bound to it, in which code reads the number of a texture object, and the
 * word is "cw.texture" or "cw.surface": LLVM would make PTX's opaque types of the others, which no code can read.
 */
#include "module/ir/ir.h"

#include <stdlib.h>
#include <string.h>

#define LIST "nvvm.annotations"

static enum cw_reference word_of(LLVMValueRef row) {
    LLVMValueRef operands[3];
    unsigned length = 0;
    if (LLVMGetMDNodeNumOperands(row) != 3) return CW_REFERENCE_NONE;
    LLVMGetMDNodeOperands(row, operands);
    const char *word = operands[1] ? LLVMGetMDString(operands[1], &length) : NULL;
    if (word && length == 3 + 7 && memcmp(word, "cw.", 3) == 0) {
        word += 3;
        length -= 3;
    }
    if (!word || length != 7) return CW_REFERENCE_NONE;
    return memcmp(word, "texture", 7) == 0 ? CW_REFERENCE_TEXTURE : memcmp(word, "surface", 7) == 0 ? CW_REFERENCE_SURFACE : CW_REFERENCE_NONE;
}

static LLVMMetadataRef text_of(LLVMModuleRef llvm, enum cw_reference reference) {
    const char *word = reference == CW_REFERENCE_TEXTURE ? "cw.texture" : "cw.surface";
    return LLVMMDStringInContext2(LLVMGetModuleContext(llvm), word, strlen(word));
}

/* The variable of a row; NULL when it was dropped. */
static LLVMValueRef variable_of(LLVMValueRef row) {
    LLVMValueRef operands[3];
    LLVMGetMDNodeOperands(row, operands);
    return operands[0] ? LLVMIsAGlobalVariable(operands[0]) : NULL;
}

static LLVMValueRef *rows_of(LLVMModuleRef llvm, unsigned *count) {
    *count = LLVMGetNamedMetadataNumOperands(llvm, LIST);
    LLVMValueRef *rows = cw_alloc_array((size_t)*count + 1, sizeof(LLVMValueRef));
    LLVMGetNamedMetadataOperands(llvm, LIST, rows);
    return rows;
}

enum cw_reference cw_reference_of(LLVMModuleRef llvm, LLVMValueRef variable) {
    enum cw_reference found = CW_REFERENCE_NONE;
    unsigned count;
    LLVMValueRef *rows = rows_of(llvm, &count);
    for (unsigned i = 0; i < count && found == CW_REFERENCE_NONE; i++) {
        enum cw_reference word = word_of(rows[i]);
        if (word != CW_REFERENCE_NONE && variable_of(rows[i]) == variable) found = word;
    }
    free(rows);
    return found;
}

void cw_reference_note(LLVMModuleRef llvm, LLVMValueRef variable, enum cw_reference reference) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMMetadataRef row[] = {LLVMValueAsMetadata(variable), text_of(llvm, reference),
                             LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(context), 1, 0))};
    LLVMAddNamedMetadataOperand(llvm, LIST, LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, row, 3)));
}

void cw_module_note_references(LLVMModuleRef llvm) {
    unsigned count;
    LLVMValueRef *rows = rows_of(llvm, &count);
    for (unsigned i = 0; i < count; i++) {
        enum cw_reference word = word_of(rows[i]);
        if (word == CW_REFERENCE_NONE) continue;
        LLVMReplaceMDNodeOperandWith(rows[i], 1, text_of(llvm, word));
        LLVMValueRef variable = variable_of(rows[i]);
        if (!variable || LLVMIsDeclaration(variable)) continue;
        LLVMSetInitializer(variable, LLVMConstNull(LLVMGlobalGetValueType(variable)));
        LLVMSetExternallyInitialized(variable, 1);
        LLVMSetAlignment(variable, 8);
    }
    free(rows);
}
