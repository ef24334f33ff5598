/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope.c: the scope of CUDA's atomic functions and fences.
 *
 * clang compiles scoped atomics for NVPTX without their scope: all are the system's. That is correct, and slow on
 * devices whose memory is shared with a host. The functions of the CUDA headers are still there by their names
 * (CUDA C++ Programming Guide, "Atomic Functions", "Memory Fence Functions"), and each has one scope: plain names the
 * device's, names with _block the block's. So this runs before anything is inlined. What user code writes with clang's own
 * builtins, and cuda::atomic, stays the system's.
 */
#include "pass/pass.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum scope { SCOPE_NONE, SCOPE_BLOCK, SCOPE_DEVICE, SCOPE_SYSTEM };

/* What follows one of the functions' names in an Itanium-mangled name of a static function: "_ZL" length name parameters. */
static enum scope scope_of(const char *symbol) {
    static const char *const names[] = {"atomicAdd", "atomicSub", "atomicMin",  "atomicMax", "atomicAnd", "atomicOr",
                                        "atomicXor", "atomicInc", "atomicExch", "atomicCAS", "atomicDec", "__threadfence"};
    if (strncmp(symbol, "_ZL", 3) != 0 || !isdigit((unsigned char)symbol[3])) return SCOPE_NONE;
    char *name;
    size_t length = strtoul(symbol + 3, &name, 10);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t known = strlen(names[i]);
        if (length < known || strncmp(name, names[i], known) != 0) continue;
        if (length == known) return SCOPE_DEVICE;
        if (length == known + 6 && strncmp(name + known, "_block", 6) == 0) return SCOPE_BLOCK;
        if (length == known + 7 && strncmp(name + known, "_system", 7) == 0) return SCOPE_SYSTEM;
    }
    return SCOPE_NONE;
}

static bool set_scope(LLVMValueRef function, unsigned scope) {
    bool progress = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsAtomic(i)) continue;
            LLVMSetAtomicSyncScopeID(i, scope);
            progress = true;
        }
    }
    return progress;
}

bool cw_pass_scope(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    unsigned block_scope = LLVMGetSyncScopeID(context, "block", 5), device_scope = LLVMGetSyncScopeID(context, "device", 6);
    bool progress = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        enum scope scope = cw_is_declaration(f) ? SCOPE_NONE : scope_of(cw_value_name(f));
        if (scope == SCOPE_BLOCK || scope == SCOPE_DEVICE) progress |= set_scope(f, scope == SCOPE_BLOCK ? block_scope : device_scope);
    }
    return progress;
}
