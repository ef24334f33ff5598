/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.c: what each function reaches.
 *
 * Features and effects decide how a kernel may run, so they must be over-approximations: an indirect call reaches every
 * function whose address is taken anywhere in the module (virtual functions sit in vtables, so they count).
 */
#include "module/ir/ir.h"

#include <stdlib.h>
#include <string.h>

/* True if `function` is used other than as the callee of a call. */
static bool address_taken(LLVMValueRef function) {
    for (LLVMUseRef use = LLVMGetFirstUse(function); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsACallInst(user) || LLVMGetCalledValue(user) != function) {
            if (LLVMIsAGlobalVariable(user) && strcmp(cw_value_name(user), "llvm.compiler.used") == 0) continue;
            return true;
        }
        unsigned arguments = LLVMGetNumArgOperands(user);
        for (unsigned i = 0; i < arguments; i++)
            if (LLVMGetOperand(user, i) == function) return true;
    }
    return false;
}

static uint32_t type_features(LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMDoubleTypeKind: return CW_FEATURE_DOUBLE;
    case LLVMHalfTypeKind:
    case LLVMBFloatTypeKind: return CW_FEATURE_HALF;
    case LLVMIntegerTypeKind: return LLVMGetIntTypeWidth(type) == 64 ? CW_FEATURE_INT64 : 0;
    case LLVMVectorTypeKind: return type_features(LLVMGetElementType(type));
    default: return 0;
    }
}

static bool is_shared_pointer(LLVMValueRef value) {
    LLVMValueRef base = LLVMIsAConstant(value) ? cw_constant_base(value) : NULL;
    return base && LLVMIsAGlobalVariable(base) && LLVMGetPointerAddressSpace(LLVMTypeOf(base)) == CW_SPACE_SHARED;
}

static uint32_t shared_features(LLVMValueRef value) {
    return LLVMIsDeclaration(cw_constant_base(value)) ? CW_FEATURE_DYNAMIC_SHARED : CW_FEATURE_SHARED;
}

static unsigned single_thread_scope(LLVMValueRef instruction) {
    LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(instruction));
    return LLVMGetSyncScopeID(context, "singlethread", 12);
}

static uint32_t atomic_features(LLVMTypeRef type) {
    bool wide = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) > 64;
    return CW_FEATURE_ATOMIC | (wide ? CW_FEATURE_ATOMIC128 : 0u);
}

static uint32_t instruction_features(LLVMValueRef instruction) {
    uint32_t features = 0;
    switch (LLVMGetInstructionOpcode(instruction)) {
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: features |= atomic_features(LLVMTypeOf(LLVMGetOperand(instruction, 1))); break;
    case LLVMFence:
        /* A fence for the compiler alone asks nothing of a target. */
        if (LLVMGetAtomicSyncScopeID(instruction) != single_thread_scope(instruction)) features |= CW_FEATURE_FENCE;
        break;
    case LLVMLoad:
    case LLVMStore:
        if (LLVMGetOrdering(instruction) != LLVMAtomicOrderingNotAtomic)
            features |= atomic_features(LLVMTypeOf(LLVMIsALoadInst(instruction) ? instruction : LLVMGetOperand(instruction, 0)));
        if (LLVMGetVolatile(instruction)) features |= CW_FEATURE_VOLATILE;
        break;
    default: break;
    }
    /* Address arithmetic is 64-bit everywhere; only real 64-bit arithmetic asks something of a target. */
    LLVMOpcode opcode = LLVMGetInstructionOpcode(instruction);
    if (opcode != LLVMSExt && opcode != LLVMZExt) features |= type_features(LLVMTypeOf(instruction));
    int operands = LLVMGetNumOperands(instruction);
    for (int i = 0; i < operands; i++) {
        LLVMValueRef operand = LLVMGetOperand(instruction, (unsigned)i);
        if (is_shared_pointer(operand)) features |= shared_features(operand);
        /* An index is 64-bit everywhere, but a double is one wherever it stands. */
        uint32_t needed = type_features(LLVMTypeOf(operand));
        features |= opcode == LLVMStore && i == 0 ? needed : needed & ~(uint32_t)CW_FEATURE_INT64;
    }
    return features;
}

size_t cw_reach_index(const struct cw_reach *reach, LLVMValueRef function) {
    for (size_t i = 0; i < reach->count; i++)
        if (reach->functions[i] == function) return i;
    return (size_t)-1;
}

/* Direct callees, features and effects of one function. True if it calls indirectly. */
static bool scan(struct cw_reach *reach, size_t index) {
    bool indirect = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(reach->functions[index]); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef instruction = LLVMGetFirstInstruction(block); instruction; instruction = LLVMGetNextInstruction(instruction)) {
            reach->features[index] |= instruction_features(instruction);
            if (!LLVMIsACallInst(instruction)) continue;
            LLVMValueRef callee = cw_called_function(instruction);
            if (!callee) {
                if (!LLVMIsAInlineAsm(LLVMGetCalledValue(instruction))) {
                    indirect = true;
                    reach->features[index] |= CW_FEATURE_INDIRECT_CALL;
                }
                continue;
            }
            if (!cw_is_declaration(callee)) {
                size_t target = cw_reach_index(reach, callee);
                reach->reached[index * reach->count + target] = true;
                continue;
            }
            const char *name = cw_value_name(callee);
            enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
            if (intrinsic != CW_INTRINSIC_COUNT) {
                reach->features[index] |= cw_intrinsics[intrinsic].feature;
                reach->effects[index] |= cw_intrinsics[intrinsic].effects;
            } else if (cw_math_function_known(name)) {
                reach->features[index] |= CW_FEATURE_MATH;
            }
        }
    }
    return indirect;
}

void cw_reach_build(struct cw_reach *reach, LLVMModuleRef llvm) {
    memset(reach, 0, sizeof *reach);
    size_t capacity = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) continue;
        reach->functions = cw_grow(reach->functions, reach->count, &capacity, sizeof *reach->functions);
        reach->functions[reach->count++] = f;
    }
    size_t n = reach->count;
    reach->features = cw_alloc_array(n + 1, sizeof *reach->features);
    reach->effects = cw_alloc_array(n + 1, sizeof *reach->effects);
    reach->recursive = cw_alloc_array(n + 1, sizeof *reach->recursive);
    reach->reached = cw_alloc_array(n * n + 1, sizeof *reach->reached);

    for (size_t i = 0; i < n; i++) {
        if (!scan(reach, i)) continue;
        for (size_t j = 0; j < n; j++)
            if (address_taken(reach->functions[j])) reach->reached[i * n + j] = true;
    }
    /* Warshall's closure; a function that reaches itself through a call is recursive. */
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            if (reach->reached[i * n + k])
                for (size_t j = 0; j < n; j++) reach->reached[i * n + j] |= reach->reached[k * n + j];
    for (size_t i = 0; i < n; i++) {
        reach->recursive[i] = reach->reached[i * n + i];
        if (reach->recursive[i]) reach->features[i] |= CW_FEATURE_RECURSION;
    }
    uint32_t *features = cw_alloc_array(n + 1, sizeof *features);
    uint32_t *effects = cw_alloc_array(n + 1, sizeof *effects);
    for (size_t i = 0; i < n; i++) {
        reach->reached[i * n + i] = true;
        for (size_t j = 0; j < n; j++) {
            if (!reach->reached[i * n + j]) continue;
            features[i] |= reach->features[j];
            effects[i] |= reach->effects[j];
        }
    }
    free(reach->features);
    free(reach->effects);
    reach->features = features;
    reach->effects = effects;
}

void cw_reach_fini(struct cw_reach *reach) {
    free(reach->functions);
    free(reach->features);
    free(reach->effects);
    free(reach->recursive);
    free(reach->reached);
    memset(reach, 0, sizeof *reach);
}
