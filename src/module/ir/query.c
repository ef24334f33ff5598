/* SPDX-License-Identifier: Apache-2.0 */
/* query.c: small questions about LLVM values that several passes ask. */
#include "module/ir/ir.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cw_value_name(LLVMValueRef value) {
    size_t size;
    const char *name = LLVMGetValueName2(value, &size);
    return name ? name : "";
}

bool cw_is_kernel(LLVMValueRef function) {
    return LLVMGetFunctionCallConv(function) == CW_CALLING_CONVENTION_KERNEL;
}

bool cw_is_declaration(LLVMValueRef function) {
    return LLVMIsDeclaration(function) != 0;
}

LLVMValueRef cw_called_function(LLVMValueRef call) {
    LLVMValueRef callee = LLVMGetCalledValue(call);
    return callee ? LLVMIsAFunction(callee) : NULL;
}

enum cw_intrinsic cw_called_intrinsic(LLVMValueRef call) {
    LLVMValueRef function = cw_called_function(call);
    if (!function || !cw_is_declaration(function)) return CW_INTRINSIC_COUNT;
    return cw_intrinsic_find(cw_value_name(function));
}

unsigned cw_attribute_kind(const char *name) {
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

bool cw_has_attribute(LLVMValueRef function, const char *name) {
    return LLVMGetEnumAttributeAtIndex(function, CW_FUNCTION_INDEX, cw_attribute_kind(name)) != NULL;
}

LLVMMetadataRef cw_loop_word(LLVMContextRef context, const char *word) {
    LLVMMetadataRef string = LLVMMDStringInContext2(context, word, strlen(word));
    return LLVMMDNodeInContext2(context, &string, 1);
}

void cw_set_loop_property(LLVMValueRef branch, LLVMMetadataRef property) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(branch))));
    /* A loop's identity is a node whose first operand is itself. */
    LLVMMetadataRef self = LLVMTemporaryMDNode(context, NULL, 0);
    LLVMMetadataRef node = LLVMMDNodeInContext2(context, (LLVMMetadataRef[]){self, property}, 2);
    LLVMMetadataReplaceAllUsesWith(self, node);
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(context, "llvm.loop", 9), LLVMMetadataAsValue(context, node));
}

void cw_add_attribute(LLVMValueRef function, const char *name, uint64_t value) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(function));
    LLVMAddAttributeAtIndex(function, CW_FUNCTION_INDEX, LLVMCreateEnumAttribute(context, cw_attribute_kind(name), value));
}

void cw_remove_attribute(LLVMValueRef function, const char *name) {
    LLVMRemoveEnumAttributeAtIndex(function, CW_FUNCTION_INDEX, cw_attribute_kind(name));
}

bool cw_is_shared_table(LLVMValueRef variable) {
    return LLVMGetLinkage(variable) == LLVMPrivateLinkage && LLVMIsGlobalConstant(variable) &&
           LLVMGetUnnamedAddress(variable) == LLVMGlobalUnnamedAddr && LLVMGetPointerAddressSpace(LLVMTypeOf(variable)) == CW_SPACE_GENERIC;
}

LLVMValueRef cw_splat(LLVMTypeRef type, unsigned long long value) {
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind) return LLVMConstInt(type, value, 0);
    unsigned lanes = LLVMGetVectorSize(type);
    LLVMValueRef *constants = cw_alloc_array(lanes, sizeof *constants);
    for (unsigned i = 0; i < lanes; i++) constants[i] = LLVMConstInt(LLVMGetElementType(type), value, 0);
    LLVMValueRef vector = LLVMConstVector(constants, lanes);
    free(constants);
    return vector;
}

bool cw_is_plain_constant(LLVMValueRef value) {
    if (LLVMIsAConstantExpr(value) || LLVMIsAGlobalValue(value) || !LLVMIsAConstant(value)) return false;
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++)
        if (!cw_is_plain_constant(LLVMGetOperand(value, (unsigned)i))) return false;
    return true;
}

LLVMValueRef cw_constant_base(LLVMValueRef value) {
    while (LLVMIsAConstantExpr(value)) value = LLVMGetOperand(value, 0);
    return LLVMIsAGlobalObject(value);
}

void cw_for_each_using_instruction(LLVMValueRef object, void (*visit)(LLVMValueRef instruction, void *context), void *context) {
    LLVMValueRef *met = NULL; /* the object, and constants and variables that are made from it: each once, since they may be cyclic */
    size_t count = 0, capacity = 0;
    met = cw_grow(met, count, &capacity, sizeof *met);
    met[count++] = object;
    for (size_t at = 0; at < count; at++) {
        for (LLVMUseRef use = LLVMGetFirstUse(met[at]); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef user = LLVMGetUser(use);
            if (LLVMIsAInstruction(user)) {
                visit(user, context);
                continue;
            }
            bool is_new = LLVMIsAConstant(user) && !LLVMIsAFunction(user);
            for (size_t i = 0; i < count && is_new; i++) is_new = met[i] != user;
            if (!is_new) continue;
            met = cw_grow(met, count, &capacity, sizeof *met);
            met[count++] = user;
        }
    }
    free(met);
}

struct function_visit {
    void (*visit)(LLVMValueRef function, void *context);
    void *context;
};

static void visit_function_of(LLVMValueRef instruction, void *context) {
    const struct function_visit *visit = context;
    visit->visit(LLVMGetBasicBlockParent(LLVMGetInstructionParent(instruction)), visit->context);
}

void cw_for_each_using_function(LLVMValueRef object, void (*visit)(LLVMValueRef function, void *context), void *context) {
    struct function_visit function_visit = {visit, context};
    cw_for_each_using_instruction(object, visit_function_of, &function_visit);
}

char *cw_source_path(const char *directory, size_t directory_length, const char *file, size_t length) {
    bool is_whole = length && file[0] == '/';
    char *path = is_whole || !directory_length ? cw_strndup(file, length)
                                               : cw_format("%.*s/%.*s", (int)directory_length, directory, (int)length, file);
    char current[4096];
    size_t prefix = getcwd(current, sizeof current) ? strlen(current) : 0;
    if (prefix && strncmp(path, current, prefix) == 0 && path[prefix] == '/') memmove(path, path + prefix + 1, strlen(path + prefix + 1) + 1);
    return path;
}

/* "FILE:LINE:COLUMN: " of an instruction; of its function where the instruction has no line of its own. */
static void add_place(struct cw_text *log, LLVMValueRef where) {
    unsigned length = 0, directory_length = 0, line = LLVMGetDebugLocLine(where), column = LLVMGetDebugLocColumn(where);
    const char *file = LLVMGetDebugLocFilename(where, &length), *directory = LLVMGetDebugLocDirectory(where, &directory_length);
    if (!file || !length || !line) {
        LLVMValueRef function = LLVMIsAInstruction(where) ? LLVMGetBasicBlockParent(LLVMGetInstructionParent(where)) : where;
        LLVMMetadataRef subprogram = LLVMIsAFunction(function) ? LLVMGetSubprogram(function) : NULL;
        LLVMMetadataRef scope = subprogram ? LLVMDIScopeGetFile(subprogram) : NULL;
        if (!scope) return;
        file = LLVMDIFileGetFilename(scope, &length);
        directory = LLVMDIFileGetDirectory(scope, &directory_length);
        line = LLVMDISubprogramGetLine(subprogram);
        column = 0;
    }
    char *path = cw_source_path(directory, directory_length, file, length);
    cw_text_printf(log, "%s:%u:", path, line);
    if (column) cw_text_printf(log, "%u:", column);
    cw_text_add(log, " ");
    free(path);
}

void cw_diagnose(struct cw_compiler *compiler, LLVMValueRef where, const char *format, ...) {
    if (where) add_place(&compiler->log, where);
    cw_text_add(&compiler->log, "error: ");
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&compiler->log, format, arguments);
    va_end(arguments);
    cw_text_add(&compiler->log, "\n");
    compiler->errors++;
}
