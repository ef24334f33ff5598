/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exit.c: `exit` in functions that are no kernels (PTX ISA 9.7.12.7). It ends the thread, callers and all, which nothing but a kernel
 * can do: by returning. So a function that exits is inlined into its callers, and they into theirs, until only kernels exit.
 * Until then an exit is a call of cw.ptx.exit, which doesn't return.
 */
#include <string.h>

#include "frontend/ptx/lower/state.h"

#define EXIT "cw.ptx.exit"
#define ROUNDS_MAX 64u /* calls deep */

void cw_ptx_lower_exit(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    (void)i;
    if (l->function->entry) {
        LLVMBuildRetVoid(l->builder);
        return;
    }
    cw_ptx_call(l, EXIT, l->nothing, NULL, 0);
    cw_add_attribute(LLVMGetNamedFunction(l->llvm, EXIT), "noreturn", 0);
    LLVMBuildUnreachable(l->builder);
}

static LLVMValueRef function_of(LLVMValueRef instruction) {
    return LLVMGetBasicBlockParent(LLVMGetInstructionParent(instruction));
}

/* A function that is inlined wherever it is called: there must be calls alone, and none by itself. */
static bool can_be_inlined(LLVMValueRef function) {
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != function || function_of(user) == function) return false;
    }
    return true;
}

/* Marks the functions that exit. True if there is one; `failed` when one can't be inlined. */
static bool mark(struct cw_compiler *compiler, LLVMValueRef exits, bool *failed) {
    bool any = false;
    for (LLVMUseRef use = LLVMGetFirstUse(exits); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef call = LLVMGetUser(use), function = function_of(call);
        if (cw_is_kernel(function) || !LLVMGetFirstUse(function)) continue;
        if (!can_be_inlined(function)) {
            cw_diagnose(compiler, call, "exit in '%s', which calls itself or is called by its address, so that its callers aren't known",
                        cw_value_name(function));
            *failed = true;
            return false;
        }
        cw_remove_attribute(function, "noinline");
        cw_remove_attribute(function, "optnone");
        cw_add_attribute(function, "alwaysinline", 0);
        any = true;
    }
    return any;
}

/* A call that ends a kernel becomes a return; one in a function that nobody calls any more goes with it. */
static void replace_exits(LLVMValueRef exits) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(LLVMGetGlobalParent(exits)));
    for (LLVMUseRef use = LLVMGetFirstUse(exits); use; use = LLVMGetFirstUse(exits)) {
        LLVMValueRef call = LLVMGetUser(use), function = function_of(call);
        if (!cw_is_kernel(function)) {
            LLVMDeleteFunction(function);
            continue;
        }
        LLVMValueRef end = LLVMGetBasicBlockTerminator(LLVMGetInstructionParent(call));
        LLVMPositionBuilderBefore(builder, end);
        LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(call));
        LLVMBuildRetVoid(builder);
        LLVMInstructionEraseFromParent(end);
        LLVMInstructionEraseFromParent(call);
    }
    LLVMDisposeBuilder(builder);
    LLVMDeleteFunction(exits);
}

cw_status cw_ptx_settle_exits(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    LLVMValueRef exits = LLVMGetNamedFunction(llvm, EXIT);
    bool failed = false;
    if (!exits) return CW_OK;
    for (unsigned round = 0; round < ROUNDS_MAX && mark(compiler, exits, &failed); round++)
        if (cw_ptx_run_passes(compiler, llvm, "always-inline") != CW_OK) return CW_ERROR_INTERNAL;
    if (failed) return CW_ERROR_UNSUPPORTED;
    replace_exits(exits);
    return CW_OK;
}
