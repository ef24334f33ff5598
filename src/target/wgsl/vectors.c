/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors.c: neighbouring loads of shared memory as one of four words.
 *
 * A block's threads read tiles word by word, and a GPU moves 16 bytes a thread in one instruction; drivers were not seen to join
 * loads from arrays of words themselves. LLVM joins them (load-store-vectorizer). WGSL reaches the heap word by word whatever
 * is joined, so everything but aligned loads of four words from shared memory is taken apart again, and stores are too.
 */
#include <stdlib.h>

#include "target/machine.h"
#include "target/wgsl/wgsl.h"

#define FOUR_BYTES 16u

static bool is_four(LLVMValueRef load) {
    LLVMTypeRef type = LLVMTypeOf(load);
    if (LLVMGetTypeKind(type) != LLVMVectorTypeKind || LLVMGetVectorSize(type) != 4 || LLVMGetAlignment(load) < FOUR_BYTES) return false;
    if (LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(load, 0))) != CW_SPACE_SHARED) return false;
    LLVMTypeRef element = LLVMGetElementType(type);
    LLVMTypeKind kind = LLVMGetTypeKind(element);
    return kind == LLVMFloatTypeKind || (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(element) == 32);
}

/* Of the module's loads that stay: written to `loads` where that isn't NULL. */
static size_t find_fours(LLVMModuleRef llvm, LLVMValueRef *loads) {
    size_t count = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
                if (!LLVMIsALoadInst(i) || LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic || !is_four(i)) continue;
                if (loads) loads[count] = i;
                count++;
            }
    return count;
}

static cw_status run(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, const char *passes) {
    return cw_run_passes(compiler, llvm, passes, machine, LLVMCreatePassBuilderOptions());
}

cw_status wgsl_join_loads(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_SHARED && LLVMGetAlignment(g) < FOUR_BYTES) LLVMSetAlignment(g, FOUR_BYTES);
    cw_status status = run(compiler, llvm, machine, "function(infer-alignment,load-store-vectorizer)");
    if (status != CW_OK) return status;
    /* The scalarizer leaves volatile accesses alone. */
    size_t count = find_fours(llvm, NULL);
    LLVMValueRef *loads = cw_alloc_array(count + 1, sizeof *loads);
    find_fours(llvm, loads);
    for (size_t i = 0; i < count; i++) LLVMSetVolatile(loads[i], 1);
    status = run(compiler, llvm, machine, "function(scalarizer<load-store>)");
    for (size_t i = 0; i < count; i++) LLVMSetVolatile(loads[i], 0);
    free(loads);
    return status == CW_OK ? run(compiler, llvm, machine, "function(instcombine<no-verify-fixpoint>,early-cse,dce)") : status;
}
