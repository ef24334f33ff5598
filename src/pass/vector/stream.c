/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c: stores past the caches. A store that misses makes the processor read the line first, only to overwrite all of it; stores
 * of whole lines past the caches (LangRef "!nontemporal") save that, a third of the traffic of c = a + b. They lose where what is
 * written still fits a cache and is read again soon, which only the launch can tell: what is known of it comes as
 * `cw.streams`, and a branch on that chooses.
 *
 * Which stores: those through a pointer parameter that the kernel only stores through, as whole vectors of whole lines. Not in kernels
 * with atomics, fences or volatile accesses: such stores are not ordered with others (Intel SDM 1, 10.4.6.2), and only the end of
 * the launch orders them here.
 */
#include "pass/vector/state.h"

#define LINE_BYTES 64u
#define PARAMETERS_MAX 32u

/* True if all that is done with the address is storing there; counts bytes and notes loops. */
static bool is_only_stored_to(struct cw_vector *v, LLVMValueRef pointer, uint32_t *bytes, bool *loops) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsAGetElementPtrInst(user) && LLVMGetOperand(user, 0) == pointer) {
            if (!is_only_stored_to(v, user, bytes, loops)) return false;
            continue;
        }
        if (!LLVMIsAStoreInst(user) || LLVMGetOperand(user, 1) != pointer) return false;
        uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(user));
        if (block == CW_CFG_NONE) return false;
        *bytes += (uint32_t)LLVMStoreSizeOfType(LLVMGetModuleDataLayout(v->llvm), LLVMTypeOf(LLVMGetOperand(user, 0)));
        *loops |= v->cfg.innermost_loop[block] != CW_CFG_NONE;
    }
    return true;
}

/* True if others may see the kernel's stores before it ends, or it does more than load, compute and store. */
static bool is_watched(struct cw_vector *v) {
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
            if (opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg || opcode == LLVMFence) return true;
            if ((opcode == LLVMLoad || opcode == LLVMStore) && (LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic)) return true;
            if (opcode != LLVMCall || !cw_vector_has_effects(i)) continue;
            enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
            if (intrinsic == CW_INTRINSIC_COUNT || !(cw_vector_is_barrier(intrinsic) || cw_vector_is_collective(intrinsic))) return true;
        }
    return false;
}

void cw_vector_choose_streams(struct cw_vector *v, struct cw_vector_needs *needs) {
    unsigned count = LLVMCountParams(v->function);
    if (!v->plan->streams || is_watched(v)) return;
    for (unsigned k = 0; k < count && k < PARAMETERS_MAX; k++) {
        LLVMValueRef parameter = LLVMGetParam(v->function, k);
        uint32_t bytes = 0;
        bool loops = false;
        if (LLVMGetTypeKind(LLVMTypeOf(parameter)) != LLVMPointerTypeKind || parameter == v->frame || parameter == v->votes) continue;
        if (!is_only_stored_to(v, parameter, &bytes, &loops) || !bytes) continue;
        v->streams |= 1u << k;
        needs->stream_bytes += bytes;
        needs->stream_loops |= loops;
    }
}

/* The parameter that `pointer` is computed from, if stores through it may go past the caches; else NULL. */
static LLVMValueRef streamed_parameter(struct cw_vector *v, LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    for (unsigned k = 0; k < PARAMETERS_MAX && v->streams >> k; k++)
        if (v->streams >> k & 1 && LLVMGetParam(v->function, k) == pointer) return pointer;
    return NULL;
}

static unsigned index_of(struct cw_vector *v, LLVMValueRef parameter) {
    unsigned k = 0;
    while (LLVMGetParam(v->function, k) != parameter) k++;
    return k;
}

static LLVMValueRef store(struct cw_vector *v, LLVMValueRef value, LLVMValueRef address, unsigned align) {
    LLVMValueRef instruction = LLVMBuildStore(v->builder, value, address);
    LLVMSetAlignment(instruction, align);
    return instruction;
}

void cw_vector_store_whole(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, LLVMValueRef address, unsigned align) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef parameter = streamed_parameter(v, pointer);
    if (!parameter || LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), LLVMTypeOf(value)) % LINE_BYTES != 0) {
        store(v, value, address, align);
        return;
    }
    unsigned index = index_of(v, parameter);
    v->streamed |= 1u << index;
    LLVMValueRef number = LLVMConstInt(v->i32, index, 0), one = LLVMConstInt(v->i32, 1, 0);
    LLVMValueRef large = cw_vector_call(v, CW_VECTOR_STREAMS, v->i1, &v->i32, &number, 1);
    LLVMValueRef callee = LLVMGetCalledValue(large);
    cw_add_attribute(callee, "memory", 0);
    cw_add_attribute(callee, "nounwind", 0);
    cw_add_attribute(callee, "willreturn", 0);
    cw_add_attribute(callee, "speculatable", 0);
    /* One number, so that LLVM doesn't make every loop twice, for either value of a condition that stays. */
    LLVMValueRef low = LLVMBuildAnd(b, LLVMBuildPtrToInt(b, address, v->i64, ""), LLVMConstInt(v->i64, LINE_BYTES - 1, 0), "");
    low = LLVMBuildOr(b, low, LLVMBuildZExt(b, LLVMBuildNot(b, large, ""), v->i64, ""), "");
    LLVMValueRef holds = LLVMBuildICmp(b, LLVMIntEQ, low, LLVMConstNull(v->i64), "");
    LLVMBasicBlockRef past = cw_vector_append(v, "past"), plain = cw_vector_append(v, "plain"), done = cw_vector_append(v, "stored");
    LLVMBuildCondBr(b, holds, past, plain);
    LLVMPositionBuilderAtEnd(b, past);
    LLVMMetadataRef fact = LLVMValueAsMetadata(one);
    LLVMValueRef node = LLVMMetadataAsValue(v->context, LLVMMDNodeInContext2(v->context, &fact, 1));
    LLVMSetMetadata(store(v, value, address, LINE_BYTES), LLVMGetMDKindIDInContext(v->context, "nontemporal", 11), node);
    LLVMBuildBr(b, done);
    LLVMPositionBuilderAtEnd(b, plain);
    store(v, value, address, align);
    LLVMBuildBr(b, done);
    LLVMPositionBuilderAtEnd(b, done);
}
