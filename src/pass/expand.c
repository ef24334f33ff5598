/* SPDX-License-Identifier: Apache-2.0 */
/* expand.c: see expand.h. A phi's constants are computed at the end of the blocks that they come from. */
#include "pass/expand.h"

#include <stdlib.h>

#include "base/memory.h"
#include "module/ir/ir.h"

bool cw_is_expanded(const struct cw_expansion *expansion, LLVMValueRef value) {
    if (LLVMIsAGlobalVariable(value)) return expansion->is_replaced(expansion->context, value);
    if (!LLVMIsAConstantExpr(value) && !LLVMIsAConstantVector(value) && !LLVMIsAConstantStruct(value) && !LLVMIsAConstantArray(value))
        return false;
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++)
        if (cw_is_expanded(expansion, LLVMGetOperand(value, (unsigned)i))) return true;
    return false;
}

/* An aggregate or vector, element by element. */
static LLVMValueRef expand_aggregate(const struct cw_expansion *expansion, LLVMValueRef value) {
    LLVMBuilderRef builder = expansion->builder;
    LLVMValueRef result = LLVMGetPoison(LLVMTypeOf(value));
    LLVMTypeRef i32 = LLVMInt32TypeInContext(LLVMGetTypeContext(LLVMTypeOf(value)));
    int operands = LLVMGetNumOperands(value);
    for (int i = 0; i < operands; i++) {
        LLVMValueRef element = cw_expand(expansion, LLVMGetOperand(value, (unsigned)i));
        if (LLVMIsAConstantVector(value))
            result = LLVMBuildInsertElement(builder, result, element, LLVMConstInt(i32, (unsigned)i, 0), "");
        else
            result = LLVMBuildInsertValue(builder, result, element, (unsigned)i, "");
    }
    return result;
}

static LLVMValueRef expand_expression(const struct cw_expansion *expansion, LLVMValueRef value) {
    LLVMBuilderRef builder = expansion->builder;
    LLVMOpcode opcode = LLVMGetConstOpcode(value);
    int operands = LLVMGetNumOperands(value);
    LLVMValueRef *parts = cw_alloc_array((size_t)operands, sizeof *parts);
    for (int i = 0; i < operands; i++) parts[i] = cw_expand(expansion, LLVMGetOperand(value, (unsigned)i));
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

LLVMValueRef cw_expand(const struct cw_expansion *expansion, LLVMValueRef value) {
    if (!cw_is_expanded(expansion, value)) return value;
    if (LLVMIsAGlobalVariable(value)) {
        LLVMValueRef address = expansion->address(expansion->context, value);
        bool fits = LLVMTypeOf(address) == LLVMTypeOf(value);
        return fits ? address : LLVMBuildAddrSpaceCast(expansion->builder, address, LLVMTypeOf(value), "");
    }
    if (!LLVMIsAConstantExpr(value)) return expand_aggregate(expansion, value);
    /* A cast to the generic address that stands for the variable anyway. */
    LLVMValueRef base = LLVMGetOperand(value, 0);
    if (LLVMGetConstOpcode(value) == LLVMAddrSpaceCast && LLVMIsAGlobalVariable(base)) {
        LLVMValueRef address = expansion->address(expansion->context, base);
        if (LLVMTypeOf(address) == LLVMTypeOf(value)) return address;
        return LLVMBuildAddrSpaceCast(expansion->builder, address, LLVMTypeOf(value), "");
    }
    return expand_expression(expansion, value);
}

/* An entry of a phi that has another for the same block must be the same value. */
static LLVMValueRef phi_twin(LLVMValueRef phi, unsigned entry) {
    for (unsigned i = 0; i < entry; i++)
        if (LLVMGetIncomingBlock(phi, i) == LLVMGetIncomingBlock(phi, entry)) return LLVMGetIncomingValue(phi, i);
    return NULL;
}

bool cw_expand_operands(const struct cw_expansion *expansion, LLVMValueRef instruction) {
    bool progress = false;
    int operands = LLVMGetNumOperands(instruction);
    for (int i = 0; i < operands; i++) {
        LLVMValueRef operand = LLVMGetOperand(instruction, (unsigned)i), value = NULL;
        if (!LLVMIsAConstant(operand) || !cw_is_expanded(expansion, operand)) continue;
        if (LLVMIsAPHINode(instruction)) {
            value = phi_twin(instruction, (unsigned)i);
            LLVMPositionBuilderBefore(expansion->builder, LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(instruction, (unsigned)i)));
        } else {
            LLVMPositionBuilderBefore(expansion->builder, instruction);
        }
        LLVMSetOperand(instruction, (unsigned)i, value ? value : cw_expand(expansion, operand));
        progress = true;
    }
    return progress;
}

LLVMValueRef cw_expansion_load(const struct cw_expansion *expansion, LLVMValueRef slot, const char *name) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(slot));
    LLVMValueRef load = LLVMBuildLoad2(expansion->builder, LLVMPointerTypeInContext(context, CW_SPACE_GENERIC), slot, name);
    LLVMSetMetadata(load, LLVMGetMDKindIDInContext(context, "invariant.load", 14), LLVMMDNodeInContext(context, NULL, 0));
    return load;
}
