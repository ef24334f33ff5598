/* SPDX-License-Identifier: Apache-2.0 */
/* constants.c: __constant__ memory doesn't change while a kernel runs, so its loads are invariant; but the host writes it
 * between launches, so the variables themselves must lie in writable memory. Constants that only device code knows
 * (tables, strings, vtables) stay as they are. */
#include <string.h>

#include "target/cpu/cpu.h"

static LLVMValueRef base_of(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsACastInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAConstant(pointer) ? cw_constant_base(pointer) : NULL;
}

static bool is_host_constant(LLVMValueRef object) {
    return object && LLVMIsAGlobalVariable(object) && LLVMIsGlobalConstant(object) && LLVMIsExternallyInitialized(object);
}

void cw_cpu_constants(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    unsigned kind = LLVMGetMDKindIDInContext(context, "invariant.load", 14);
    LLVMValueRef invariant = LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, NULL, 0));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
                if (LLVMIsALoadInst(i) && !LLVMGetVolatile(i) && is_host_constant(base_of(LLVMGetOperand(i, 0))))
                    LLVMSetMetadata(i, kind, invariant);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (is_host_constant(g)) LLVMSetGlobalConstant(g, 0);
}
