/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parallel.c: CUDA gives the threads of a block no order between barriers, so in `run_all`, which has no barriers, accesses
 * of different iterations never depend on each other. LLVM takes that as an access group on each access and
 * llvm.loop.parallel_accesses on the loop (LangRef "llvm.loop.parallel_accesses"), and vectorises without proving
 * that buffers don't overlap.
 *
 * Private memory is the exception: all threads of `run_all` use one stack frame, so accesses that may touch it are left
 * out; if the address of a private variable gets away, nothing is marked. Atomics are the other: they are where threads may
 * meet without a barrier, also when they have become plain accesses.
 */
#include <string.h>

#include <llvm-c/DebugInfo.h>
#include <llvm-c/IRReader.h>

#include "target/cpu/here.h"

static bool escapes(LLVMValueRef pointer) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        switch (LLVMGetInstructionOpcode(user)) {
        case LLVMLoad: break;
        case LLVMStore:
            if (LLVMGetOperand(user, 0) == pointer) return true;
            break;
        case LLVMGetElementPtr:
            if (escapes(user)) return true;
            break;
        case LLVMCall: {
            LLVMValueRef callee = cw_called_function(user);
            const char *name = callee ? cw_value_name(callee) : "";
            if (strncmp(name, "llvm.lifetime.", 14) != 0 && strncmp(name, "llvm.mem", 8) != 0) return true;
            break;
        }
        default: return true;
        }
    }
    return false;
}

static bool is_private(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAAllocaInst(pointer) != NULL;
}

static bool frame_escapes(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsAAllocaInst(i) && escapes(i)) return true;
    return false;
}

/* A fresh distinct, empty node: LLVM's C API can't make one, but its assembly reader can. */
static LLVMValueRef access_group(LLVMContextRef context) {
    static const char text[] = "define void @f(ptr %p) { %x = load i8, ptr %p, !llvm.access.group !0\n ret void }\n!0 = distinct !{}\n";
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(text, sizeof text - 1, "group");
    LLVMModuleRef llvm;
    char *message = NULL;
    if (LLVMParseIRInContext(context, buffer, &llvm, &message) != 0) {
        LLVMDisposeMessage(message);
        return NULL;
    }
    LLVMValueRef load = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(LLVMGetNamedFunction(llvm, "f")));
    LLVMValueRef group = LLVMGetMetadata(load, LLVMGetMDKindIDInContext(context, "llvm.access.group", 17));
    LLVMDisposeModule(llvm);
    return group;
}

static void mark_accesses(LLVMValueRef function, unsigned kind, unsigned atomic_kind, LLVMValueRef group) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
            if (opcode != LLVMLoad && opcode != LLVMStore) continue;
            if (LLVMIsAtomic(i) || LLVMGetMetadata(i, atomic_kind)) continue;
            if (LLVMGetVolatile(i) || is_private(LLVMGetOperand(i, opcode == LLVMStore))) continue;
            LLVMSetMetadata(i, kind, group);
        }
    }
}

/* The branch that closes the loop around the marker: the one that targets the loop's header, which holds the phi that
 * the marker names as x. */
static LLVMValueRef thread_loop_latch(LLVMValueRef marker) {
    LLVMValueRef counter = LLVMGetOperand(marker, 0);
    if (!LLVMIsAPHINode(counter)) return NULL;
    LLVMBasicBlockRef latch = LLVMGetIncomingBlock(counter, 1);
    return LLVMGetBasicBlockTerminator(latch);
}

void cw_cpu_mark_parallel(LLVMModuleRef llvm, LLVMValueRef run_all) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef marker = cw_cpu_find_marker(run_all);
    LLVMValueRef latch = marker ? thread_loop_latch(marker) : NULL;
    if (!latch || frame_escapes(run_all)) return;
    LLVMValueRef group = access_group(context);
    if (!group) return;
    unsigned atomic_kind = LLVMGetMDKindIDInContext(context, CW_CPU_ATOMIC_MARK, sizeof CW_CPU_ATOMIC_MARK - 1);
    mark_accesses(run_all, LLVMGetMDKindIDInContext(context, "llvm.access.group", 17), atomic_kind, group);

    static const char property[] = "llvm.loop.parallel_accesses";
    LLVMMetadataRef pair[2] = {LLVMMDStringInContext2(context, property, sizeof property - 1), LLVMValueAsMetadata(group)};
    LLVMMetadataRef accesses = LLVMMDNodeInContext2(context, pair, 2);
    cw_set_loop_property(latch, accesses);
}
