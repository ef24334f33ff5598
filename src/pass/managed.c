/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.c: managed variables become pointers.
 *
 * Only the running program knows where a managed variable lies: on a device that shares the host's memory it is the
 * host's own variable. So the variable's name is given to a pointer that whoever loads the code may fill in before the first
 * launch, and each use begins with a load of it. Nothing writes to it afterwards, which `invariant.load` tells LLVM. Code that
 * is loaded without a host's variable has one itself, which the pointer points to from the start.
 */
#include "pass/pass.h"

#include <stdlib.h>
#include <string.h>

struct rewriter {
    LLVMBuilderRef builder;
    LLVMValueRef variable;
    LLVMValueRef pointer;
};

static bool depends(const struct rewriter *rewriter, LLVMValueRef value) {
    if (value == rewriter->variable) return true;
    if (!LLVMIsAConstantExpr(value) && !LLVMIsAConstantVector(value) && !LLVMIsAConstantStruct(value) && !LLVMIsAConstantArray(value))
        return false;
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++)
        if (depends(rewriter, LLVMGetOperand(value, (unsigned)i))) return true;
    return false;
}

/* The variable's address as a generic pointer. */
static LLVMValueRef load_address(struct rewriter *rewriter) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(rewriter->variable));
    LLVMValueRef load =
        LLVMBuildLoad2(rewriter->builder, LLVMPointerTypeInContext(context, CW_SPACE_GENERIC), rewriter->pointer, "managed");
    LLVMSetMetadata(load, LLVMGetMDKindIDInContext(context, "invariant.load", 14), LLVMMDNodeInContext(context, NULL, 0));
    return load;
}

static LLVMValueRef expand(struct rewriter *rewriter, LLVMValueRef value);

static LLVMValueRef expand_aggregate(struct rewriter *rewriter, LLVMValueRef value) {
    LLVMValueRef result = LLVMGetPoison(LLVMTypeOf(value));
    LLVMTypeRef i32 = LLVMInt32TypeInContext(LLVMGetModuleContext(LLVMGetGlobalParent(rewriter->variable)));
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++) {
        LLVMValueRef element = expand(rewriter, LLVMGetOperand(value, (unsigned)i));
        result = LLVMIsAConstantVector(value)
                     ? LLVMBuildInsertElement(rewriter->builder, result, element, LLVMConstInt(i32, (unsigned)i, 0), "")
                     : LLVMBuildInsertValue(rewriter->builder, result, element, (unsigned)i, "");
    }
    return result;
}

/* The instructions, at the builder's place, that compute what the constant `value` stands for, with its type. */
static LLVMValueRef expand(struct rewriter *rewriter, LLVMValueRef value) {
    if (!depends(rewriter, value)) return value;
    LLVMBuilderRef builder = rewriter->builder;
    if (value == rewriter->variable) return LLVMBuildAddrSpaceCast(builder, load_address(rewriter), LLVMTypeOf(value), "");
    if (!LLVMIsAConstantExpr(value)) return expand_aggregate(rewriter, value);
    LLVMOpcode opcode = LLVMGetConstOpcode(value);
    LLVMValueRef base = LLVMGetOperand(value, 0);
    if (opcode == LLVMAddrSpaceCast && base == rewriter->variable) return load_address(rewriter);
    int operands = LLVMGetNumOperands(value);
    LLVMValueRef *parts = cw_alloc_array((size_t)operands, sizeof *parts);
    for (int i = 0; i < operands; i++) parts[i] = expand(rewriter, LLVMGetOperand(value, (unsigned)i));
    LLVMValueRef result;
    switch (opcode) {
    case LLVMAddrSpaceCast:
    case LLVMBitCast:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMTrunc: result = LLVMBuildCast(builder, opcode, parts[0], LLVMTypeOf(value), ""); break;
    case LLVMGetElementPtr:
        result = LLVMBuildGEP2(builder, LLVMGetGEPSourceElementType(value), parts[0], parts + 1, (unsigned)operands - 1, "");
        LLVMSetIsInBounds(result, LLVMIsInBounds(value));
        break;
    default: result = LLVMBuildBinOp(builder, opcode, parts[0], parts[1], ""); break;
    }
    free(parts);
    return result;
}

static void rewrite_phi(struct rewriter *rewriter, LLVMValueRef phi) {
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        if (!depends(rewriter, LLVMGetIncomingValue(phi, i))) continue;
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        LLVMValueRef value = NULL; /* entries for the same block must be the same value */
        for (unsigned j = 0; j < i && !value; j++)
            if (LLVMGetIncomingBlock(phi, j) == block) value = LLVMGetIncomingValue(phi, j);
        LLVMPositionBuilderBefore(rewriter->builder, LLVMGetBasicBlockTerminator(block));
        LLVMSetOperand(phi, i, value ? value : expand(rewriter, LLVMGetIncomingValue(phi, i)));
    }
}

static void rewrite_function(struct rewriter *rewriter, LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAPHINode(i)) {
                rewrite_phi(rewriter, i);
                continue;
            }
            int operands = LLVMGetNumOperands(i);
            for (int o = 0; o < operands; o++) {
                LLVMValueRef operand = LLVMGetOperand(i, (unsigned)o);
                if (!LLVMIsAConstant(operand) || !depends(rewriter, operand)) continue;
                LLVMPositionBuilderBefore(rewriter->builder, i);
                LLVMSetOperand(i, (unsigned)o, expand(rewriter, operand));
            }
        }
    }
}

/* Makes the pointer that takes the variable's name. */
static LLVMValueRef add_pointer(LLVMModuleRef llvm, LLVMValueRef variable) {
    LLVMTypeRef type = LLVMPointerTypeInContext(LLVMGetModuleContext(llvm), CW_SPACE_GENERIC);
    LLVMValueRef pointer = LLVMAddGlobalInAddressSpace(llvm, type, "", CW_SPACE_GLOBAL);
    LLVMSetInitializer(pointer, LLVMIsDeclaration(variable) ? LLVMConstNull(type) : LLVMConstPointerCast(variable, type));
    LLVMSetLinkage(pointer, LLVMExternalLinkage);
    LLVMSetExternallyInitialized(pointer, 1);
    char *name = cw_strdup(cw_value_name(variable));
    char *own = cw_format("%s.own", name);
    LLVMSetValueName2(variable, own, strlen(own));
    LLVMSetValueName2(pointer, name, strlen(name));
    free(own);
    free(name);
    return pointer;
}

static void drop_list(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef list = LLVMGetNamedGlobal(llvm, name);
    if (list) LLVMDeleteGlobal(list);
}

bool cw_pass_managed(LLVMModuleRef llvm) {
    bool progress = false;
    struct rewriter rewriter = {.builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm))};
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm), next; g; g = next) {
        next = LLVMGetNextGlobal(g);
        if (!cw_is_managed(g)) continue;
        if (!progress) {
            drop_list(llvm, "llvm.compiler.used");
            drop_list(llvm, "llvm.used");
            next = LLVMGetNextGlobal(g);
        }
        progress = true;
        rewriter.variable = g;
        rewriter.pointer = add_pointer(llvm, g);
        for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) rewrite_function(&rewriter, f);
        LLVMSetExternallyInitialized(g, 0);
        LLVMSetSection(g, "");
        if (!LLVMIsDeclaration(g)) LLVMSetLinkage(g, LLVMInternalLinkage);
    }
    LLVMDisposeBuilder(rewriter.builder);
    return progress;
}
