/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inline.c: prepares a module for inlining.
 *
 * GPU code expects to be inlined: thread indices become plain values only inside the kernel, and a loop over threads
 * vectorises only without calls. So every function is inlined everywhere unless it is recursive, the user said
 * __noinline__, or copies of it would grow the module beyond reason; what stays a call finds its thread by the stack
 * pointer. Attributes that name the front end's GPU are dropped, since they forbid inlining and mean nothing here.
 */
#include "pass/pass.h"

#include <llvm-c/Comdat.h>
#include <stdlib.h>
#include <string.h>

/* Instructions that copies of one function may add to a module. A function with one call site is always inlined. */
#define GROWTH_MAX 20000u

static void strip_attributes(LLVMValueRef function) {
    static const char *const names[] = {"target-cpu", "target-features", "frame-pointer", "stack-protector-buffer-size",
                                        "uniform-work-group-size", "nvvm.maxntid", "nvvm.minctasm"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        LLVMRemoveStringAttributeAtIndex(function, CW_FUNCTION_INDEX, names[i], (unsigned)strlen(names[i]));
}

static uint32_t own_size(LLVMValueRef function) {
    uint32_t size = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) size++;
    return size;
}

/* Call sites of `function`; everything that isn't a call counts too. */
static uint32_t use_count(LLVMValueRef function) {
    uint32_t count = 0;
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) count++;
    return count;
}

/* Size of each function once its callees are inlined, saturated. Recursive functions count once. */
static uint32_t inlined_size(const struct cw_reach *reach, size_t index, uint32_t *sizes) {
    if (sizes[index]) return sizes[index];
    LLVMValueRef function = reach->functions[index];
    uint64_t size = own_size(function);
    sizes[index] = (uint32_t)size + 1; /* ends recursion */
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            size_t target = callee && !cw_is_declaration(callee) ? cw_reach_index(reach, callee) : (size_t)-1;
            if (target == (size_t)-1 || reach->recursive[target] || cw_has_attribute(callee, "noinline")) continue;
            size += inlined_size(reach, target, sizes);
            if (size > GROWTH_MAX * 16u) size = GROWTH_MAX * 16u;
        }
    }
    return sizes[index] = (uint32_t)size + 1;
}

bool cw_pass_prepare_inlining(LLVMModuleRef llvm) {
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    uint32_t *sizes = cw_alloc_array(reach.count + 1, sizeof *sizes);
    for (size_t i = 0; i < reach.count; i++) {
        LLVMValueRef function = reach.functions[i];
        strip_attributes(function);
        LLVMSetComdat(function, NULL);
        if (cw_is_kernel(function)) {
            cw_remove_attribute(function, "optnone"); /* requires noinline */
            cw_remove_attribute(function, "noinline");
            continue;
        }
        LLVMSetLinkage(function, LLVMInternalLinkage);
        if (reach.recursive[i] || cw_has_attribute(function, "noinline")) continue;
        uint32_t copies = use_count(function);
        if (copies > 1 && (uint64_t)copies * inlined_size(&reach, i, sizes) > GROWTH_MAX) continue;
        cw_remove_attribute(function, "inlinehint");
        cw_add_attribute(function, "alwaysinline", 0);
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f)) strip_attributes(f);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) LLVMSetComdat(g, NULL);
    free(sizes);
    cw_reach_fini(&reach);
    return true;
}
