/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vectors.c: neighbouring loads of shared memory as one of four words.
 *
 * A block's threads read tiles word by word, and a GPU moves 16 bytes a thread in one instruction; drivers were not seen to join
 * loads from arrays of words themselves. LLVM joins them (load-store-vectorizer). WGSL reaches the heap word by word whatever
 * is joined, so everything but aligned loads of four words from shared memory is taken apart again, and stores are too. LLVM joins three
 * words as well, by masks: the whole vector is aligned then, so it lies in memory that is there, and what is loaded is loaded whole.
 */
#include <stdlib.h>
#include <string.h>

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

static bool lane_is_on(LLVMValueRef mask, unsigned lane) {
    LLVMValueRef bit = LLVMGetAggregateElement(mask, lane);
    return bit && LLVMIsAConstantInt(bit) && LLVMConstIntGetZExtValue(bit);
}

/* "llvm.masked.load(pointer, mask, else)" as a load, "llvm.masked.store(value, pointer, mask)" as stores of the lanes that are on. */
static void unmask(LLVMTargetDataRef layout, LLVMBuilderRef builder, LLVMValueRef call, bool loads) {
    LLVMPositionBuilderBefore(builder, call);
    LLVMValueRef pointer = LLVMGetOperand(call, loads ? 0 : 1), mask = LLVMGetOperand(call, loads ? 1 : 2);
    LLVMAttributeRef attribute = LLVMGetCallSiteEnumAttribute(call, loads ? 1 : 2, cw_attribute_kind("align"));
    unsigned align = attribute ? (unsigned)LLVMGetEnumAttributeValue(attribute) : 1;
    LLVMTypeRef type = LLVMTypeOf(loads ? call : LLVMGetOperand(call, 0)), element = LLVMGetElementType(type);
    if (loads) {
        LLVMValueRef load = LLVMBuildLoad2(builder, type, pointer, "");
        LLVMSetAlignment(load, align);
        LLVMReplaceAllUsesWith(call, load);
    }
    LLVMTypeRef word = LLVMInt32TypeInContext(LLVMGetTypeContext(type));
    unsigned bytes = (unsigned)LLVMABISizeOfType(layout, element);
    for (unsigned lane = 0; !loads && lane < LLVMGetVectorSize(type); lane++) {
        if (!lane_is_on(mask, lane)) continue;
        LLVMValueRef index = LLVMConstInt(word, lane, 0);
        LLVMValueRef value = LLVMBuildExtractElement(builder, LLVMGetOperand(call, 0), index, "");
        LLVMValueRef store = LLVMBuildStore(builder, value, LLVMBuildGEP2(builder, element, pointer, &index, 1, ""));
        LLVMSetAlignment(store, align < bytes || lane == 0 ? align : bytes);
    }
    LLVMInstructionEraseFromParent(call);
}

static void unmask_all(LLVMModuleRef llvm) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
                const char *name = callee ? cw_value_name(callee) : "";
                if (strncmp(name, "llvm.masked.load.", 17) == 0) unmask(layout, builder, i, true);
                else if (strncmp(name, "llvm.masked.store.", 18) == 0) unmask(layout, builder, i, false);
            }
    LLVMDisposeBuilder(builder);
}

cw_status wgsl_join_loads(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_SHARED && LLVMGetAlignment(g) < FOUR_BYTES) LLVMSetAlignment(g, FOUR_BYTES);
    cw_status status = run(compiler, llvm, machine, "function(infer-alignment,load-store-vectorizer)");
    if (status != CW_OK) return status;
    unmask_all(llvm);
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
