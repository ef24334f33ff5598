/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspends.c: which functions of a finished WebAssembly artifact may be on the stack when a thread is suspended, or leaves its
 * block for good (__trap(), assert): those that call a service which may do so, directly or through others. WebAssembly has
 * no way to switch stacks; such functions get a suffix to their names, by which the tool that makes them resumable
 * (Binaryen's Asyncify, src/wasi/fibers.c) finds them. All others run as they are, at full speed.
 *
 * An indirect call may reach every function whose address the code takes; the artifact's own table doesn't count, which
 * only the backend reads.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"
#include "target/cpu/cpu.h"

struct search {
    LLVMValueRef *functions;
    bool *suspends;
    bool *taken; /* the address is used by code or data beside the artifact's table */
    size_t count;
    bool indirect; /* a function that suspends has its address taken */
};

static bool is_suspending_service(LLVMValueRef callee) {
    static bool known;
    static const char *symbols[CW_INTRINSIC_COUNT];
    if (!known) {
        for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++)
            if (i == CW_INTRINSIC_ASSERT_FAIL || cw_intrinsics[i].effects & (CW_EFFECT_SUSPENDS | CW_EFFECT_NORETURN)) symbols[i] = cw_cpu_service_symbol(cw_intrinsics[i].text);
        known = true;
    }
    const char *name = cw_value_name(callee);
    if (strcmp(name, "cw_cpu_thread_exit") == 0) return false; /* it only keeps account; the bottom frame switches */
    if (strcmp(name, "cw_cpu_barrier_vote") == 0) return true;
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++)
        if (symbols[i] && strcmp(name, symbols[i]) == 0) return true;
    return false;
}

static size_t index_of(const struct search *search, LLVMValueRef function) {
    for (size_t i = 0; i < search->count; i++)
        if (search->functions[i] == function) return i;
    return SIZE_MAX;
}

static bool calls_suspending(const struct search *search, LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            LLVMValueRef callee = cw_called_function(i);
            if (!callee) {
                if (search->indirect && !LLVMIsAInlineAsm(LLVMGetCalledValue(i))) return true;
                continue;
            }
            size_t at = index_of(search, callee);
            if (at != SIZE_MAX ? search->suspends[at] : is_suspending_service(callee)) return true;
        }
    return false;
}

/* True if anything but calls, and the rows of the artifact's table, uses the function. */
static bool is_taken(LLVMValueRef value) {
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsACallInst(user) && LLVMGetCalledValue(user) == value) continue;
        if (LLVMIsAGlobalVariable(user)) {
            if (strcmp(cw_value_name(user), "cw.kernels") != 0) return true;
            continue;
        }
        if (!LLVMIsAConstant(user) || is_taken(user)) return true;
    }
    return false;
}

static void find(struct search *search) {
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < search->count; i++) {
            if (search->suspends[i] || !calls_suspending(search, search->functions[i])) continue;
            search->suspends[i] = changed = true;
            search->indirect |= search->taken[i];
        }
    }
}

/* A reference that survives the optimiser and the assembler: the object asks for the symbol. */
static void ask_for_fibers(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0);
    LLVMValueRef fibers = LLVMAddGlobal(llvm, LLVMInt32TypeInContext(context), CW_CPU_FIBERS_SYMBOL);
    LLVMValueRef anchor = LLVMAddGlobal(llvm, pointer, "cw.fibers");
    LLVMSetInitializer(anchor, fibers);
    LLVMSetLinkage(anchor, LLVMInternalLinkage);
    LLVMValueRef used = LLVMAddGlobal(llvm, LLVMArrayType2(pointer, 1), "llvm.compiler.used");
    LLVMSetInitializer(used, LLVMConstArray2(pointer, &anchor, 1));
    LLVMSetLinkage(used, LLVMAppendingLinkage);
    LLVMSetSection(used, "llvm.metadata");
}

void cw_cpu_name_suspending(LLVMModuleRef llvm) {
    struct search search = {0};
    size_t count = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) count++;
    search.functions = cw_alloc_array(count + 1, sizeof(LLVMValueRef));
    search.suspends = cw_alloc_array(count + 1, sizeof(bool));
    search.taken = cw_alloc_array(count + 1, sizeof(bool));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) continue;
        search.taken[search.count] = is_taken(f);
        search.functions[search.count++] = f;
    }
    find(&search);
    bool any = false;
    for (size_t i = 0; i < search.count; i++) {
        if (!search.suspends[i]) continue;
        char *name = cw_format("%s" CW_CPU_SUSPENDS_SUFFIX, cw_value_name(search.functions[i]));
        LLVMSetValueName2(search.functions[i], name, strlen(name));
        free(name);
        any = true;
    }
    if (any) ask_for_fibers(llvm);
    free(search.functions);
    free(search.suspends);
    free(search.taken);
}
