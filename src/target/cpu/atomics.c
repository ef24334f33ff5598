/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomics.c: a block runs on one OS thread, and its CUDA threads switch only at services. So an atomic on shared memory,
 * or of block scope, is exact as a plain read-modify-write, and a fence of block scope binds the compiler only. Everything
 * else keeps its LLVM atomic with system scope, the only one that a CPU has.
 */
#include <string.h>

#include "target/cpu/cpu.h"

static bool is_shared_pointer(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsACastInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    if (!LLVMIsACallInst(pointer)) return false;
    LLVMValueRef callee = cw_called_function(pointer);
    return callee && strcmp(cw_value_name(callee), CW_SHARED_BASE) == 0;
}

static LLVMValueRef select_compare(LLVMBuilderRef builder, LLVMIntPredicate predicate, LLVMValueRef old, LLVMValueRef value) {
    return LLVMBuildSelect(builder, LLVMBuildICmp(builder, predicate, old, value, ""), old, value, "");
}

/* What memory holds after `operation`; NULL for operations that stay atomic. */
static LLVMValueRef apply(LLVMBuilderRef builder, LLVMAtomicRMWBinOp operation, LLVMValueRef old, LLVMValueRef value) {
    LLVMValueRef one, sum;
    switch (operation) {
    case LLVMAtomicRMWBinOpXchg: return value;
    case LLVMAtomicRMWBinOpAdd: return LLVMBuildAdd(builder, old, value, "");
    case LLVMAtomicRMWBinOpSub: return LLVMBuildSub(builder, old, value, "");
    case LLVMAtomicRMWBinOpAnd: return LLVMBuildAnd(builder, old, value, "");
    case LLVMAtomicRMWBinOpNand: return LLVMBuildNot(builder, LLVMBuildAnd(builder, old, value, ""), "");
    case LLVMAtomicRMWBinOpOr: return LLVMBuildOr(builder, old, value, "");
    case LLVMAtomicRMWBinOpXor: return LLVMBuildXor(builder, old, value, "");
    case LLVMAtomicRMWBinOpMax: return select_compare(builder, LLVMIntSGT, old, value);
    case LLVMAtomicRMWBinOpMin: return select_compare(builder, LLVMIntSLE, old, value);
    case LLVMAtomicRMWBinOpUMax: return select_compare(builder, LLVMIntUGT, old, value);
    case LLVMAtomicRMWBinOpUMin: return select_compare(builder, LLVMIntULE, old, value);
    case LLVMAtomicRMWBinOpFAdd: return LLVMBuildFAdd(builder, old, value, "");
    case LLVMAtomicRMWBinOpFSub: return LLVMBuildFSub(builder, old, value, "");
    case LLVMAtomicRMWBinOpUIncWrap:
        one = LLVMConstInt(LLVMTypeOf(old), 1, 0);
        sum = LLVMBuildAdd(builder, old, one, "");
        return LLVMBuildSelect(builder, LLVMBuildICmp(builder, LLVMIntUGE, old, value, ""), LLVMConstNull(LLVMTypeOf(old)), sum, "");
    default: return NULL;
    }
}

static void plain_access(LLVMValueRef access, LLVMValueRef model) {
    unsigned align = LLVMGetAlignment(model);
    if (align) LLVMSetAlignment(access, align);
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(access))));
    LLVMValueRef mark = LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, NULL, 0));
    LLVMSetMetadata(access, LLVMGetMDKindIDInContext(context, CW_CPU_ATOMIC_MARK, sizeof CW_CPU_ATOMIC_MARK - 1), mark);
}

static bool relax_rmw(LLVMBuilderRef builder, LLVMValueRef rmw) {
    LLVMValueRef pointer = LLVMGetOperand(rmw, 0), value = LLVMGetOperand(rmw, 1);
    LLVMPositionBuilderBefore(builder, rmw);
    LLVMValueRef old = LLVMBuildLoad2(builder, LLVMTypeOf(value), pointer, "");
    plain_access(old, rmw);
    LLVMValueRef new = apply(builder, LLVMGetAtomicRMWBinOp(rmw), old, value);
    if (!new) {
        LLVMInstructionEraseFromParent(old);
        return false;
    }
    plain_access(LLVMBuildStore(builder, new, pointer), rmw);
    LLVMReplaceAllUsesWith(rmw, old);
    LLVMInstructionEraseFromParent(rmw);
    return true;
}

static bool relax_compare_exchange(LLVMBuilderRef builder, LLVMValueRef exchange) {
    LLVMValueRef pointer = LLVMGetOperand(exchange, 0), expected = LLVMGetOperand(exchange, 1), desired = LLVMGetOperand(exchange, 2);
    LLVMPositionBuilderBefore(builder, exchange);
    LLVMValueRef old = LLVMBuildLoad2(builder, LLVMTypeOf(expected), pointer, "");
    plain_access(old, exchange);
    LLVMValueRef equal = LLVMBuildICmp(builder, LLVMIntEQ, old, expected, "");
    plain_access(LLVMBuildStore(builder, LLVMBuildSelect(builder, equal, desired, old, ""), pointer), exchange);
    LLVMValueRef pair = LLVMBuildInsertValue(builder, LLVMGetPoison(LLVMTypeOf(exchange)), old, 0, "");
    pair = LLVMBuildInsertValue(builder, pair, equal, 1, "");
    LLVMReplaceAllUsesWith(exchange, pair);
    LLVMInstructionEraseFromParent(exchange);
    return true;
}

bool cw_cpu_atomics(LLVMModuleRef llvm) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    unsigned block_scope = LLVMGetSyncScopeID(context, "block", 5), system_scope = LLVMGetSyncScopeID(context, "", 0);
    unsigned thread_scope = LLVMGetSyncScopeID(context, "singlethread", 12);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    bool progress = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (!LLVMIsAtomic(i)) continue;
                LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
                unsigned scope = LLVMGetAtomicSyncScopeID(i);
                if (scope == thread_scope) continue;
                bool is_rmw = opcode == LLVMAtomicRMW, is_exchange = opcode == LLVMAtomicCmpXchg;
                if (is_rmw || is_exchange) {
                    bool is_own = scope == block_scope || is_shared_pointer(LLVMGetOperand(i, 0));
                    bool done = is_own && (is_rmw ? relax_rmw(builder, i) : relax_compare_exchange(builder, i));
                    progress |= done;
                    if (done) continue;
                }
                LLVMSetAtomicSyncScopeID(i, scope == block_scope && opcode == LLVMFence ? thread_scope : system_scope);
            }
        }
    }
    LLVMDisposeBuilder(builder);
    return progress;
}
