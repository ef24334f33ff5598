/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap.c: `new` and `delete` of sources that come without a header which defines them, as NVRTC's do (CUDA C++ Programming Guide,
 * "Dynamic Global Memory Allocation and Operations": the same heap as malloc's). clang leaves calls of the operators; what the
 * module itself defines stays as it is.
 */
#include "module/ir/ir.h"

#include <llvm-c/DebugInfo.h>

/* The Itanium names, with the sizes and alignments of sized and aligned forms ignored: the heap aligns to 16 bytes. */
static const struct operator_name {
    const char *symbol;
    bool allocates;
} operators[] = {
    {"_Znwm", true},    {"_Znam", true},     {"_ZnwmSt11align_val_t", true}, {"_ZnamSt11align_val_t", true},
    {"_ZdlPv", false},  {"_ZdlPvm", false},  {"_ZdlPvSt11align_val_t", false}, {"_ZdlPvmSt11align_val_t", false},
    {"_ZdaPv", false},  {"_ZdaPvm", false},  {"_ZdaPvSt11align_val_t", false}, {"_ZdaPvmSt11align_val_t", false},
};

static LLVMValueRef heap_function(LLVMModuleRef llvm, bool allocates, LLVMTypeRef size) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, CW_SPACE_GENERIC);
    const char *name = cw_intrinsics[allocates ? CW_INTRINSIC_MALLOC : CW_INTRINSIC_FREE].text;
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (function) return function;
    return LLVMAddFunction(llvm, name, allocates ? LLVMFunctionType(pointer, &size, 1, 0) : LLVMFunctionType(LLVMVoidTypeInContext(context), &pointer, 1, 0));
}

/* The operator takes its first parameter, a size or a pointer, to malloc or free. An object of no bytes has an address, too. */
static void define(LLVMModuleRef llvm, LLVMValueRef function, bool allocates) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef value = LLVMGetParam(function, 0);
    LLVMValueRef heap = heap_function(llvm, allocates, LLVMTypeOf(value));
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, ""));
    if (allocates) {
        LLVMValueRef empty = LLVMBuildICmp(builder, LLVMIntEQ, value, LLVMConstNull(LLVMTypeOf(value)), "");
        value = LLVMBuildSelect(builder, empty, LLVMConstInt(LLVMTypeOf(value), 1, 0), value, "");
    }
    LLVMValueRef result = LLVMBuildCall2(builder, LLVMGlobalGetValueType(heap), heap, &value, 1, "");
    if (allocates) LLVMBuildRet(builder, result);
    else LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    LLVMSetSubprogram(function, NULL); /* what declares has another one than what defines */
    LLVMSetLinkage(function, LLVMInternalLinkage);
    cw_add_attribute(function, "alwaysinline", 0);
}

void cw_module_define_new(LLVMModuleRef llvm) {
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, operators[i].symbol);
        if (function && cw_is_declaration(function) && LLVMGetFirstUse(function)) define(llvm, function, operators[i].allocates);
    }
}
