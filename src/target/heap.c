/* SPDX-License-Identifier: Apache-2.0 */
#include "target/heap.h"

#include "target/library.h"

static const struct {
    enum cw_intrinsic intrinsic;
    const char *name;
} functions[] = {{CW_INTRINSIC_MALLOC, "cw_heap_malloc"}, {CW_INTRINSIC_FREE, "cw_heap_free"}};

enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0] };

cw_status cw_link_heap(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    LLVMValueRef used[FUNCTION_COUNT];
    bool any = false;
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[functions[i].intrinsic].text);
        used[i] = function && cw_is_declaration(function) && LLVMGetFirstUse(function) ? function : NULL;
        any |= used[i] != NULL;
    }
    cw_status status = any ? cw_link_library(compiler, llvm, "heap.bc") : CW_OK;
    for (size_t i = 0; any && status == CW_OK && i < FUNCTION_COUNT; i++) {
        LLVMValueRef body = LLVMGetNamedFunction(llvm, functions[i].name);
        if (used[i] && body) {
            LLVMReplaceAllUsesWith(used[i], body);
        }
    }
    return status;
}
