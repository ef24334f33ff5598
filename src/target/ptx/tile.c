/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tile.c: the barriers of groups of several warps (CUDA C++ Programming Guide, "Thread Block Tile"). Our headers number them from 64 on, one
 * for each tile that a block can have (include/cuda/cw/groups/exchange.h); the hardware has 16 barriers (PTX ISA "bar, barrier"), and
 * all of them are the program's. So these are two words of shared memory each: warps that have arrived, and how often all had. The last
 * warp to arrive clears the first and raises the second. The first lane of a warp arrives and waits for all its lanes, which meet before
 * and after.
 *
 * Shared memory begins with anything, so kernels that reach such a barrier clear the words before they do anything else.
 */
#include <llvm-c/Linker.h>
#include <stdlib.h>

#include "target/library.h"
#include "target/ptx/ptx.h"

#define FIRST_OWN 64u /* exchange.h's first barrier */
#define MARK (1u << 31)

#define CLEAR(at) "  store <4 x i32> zeroinitializer, ptr addrspace(3) getelementptr (i8, ptr addrspace(3) @cw.tile.words, i32 " #at "), align 16\n"

/* Fences, because the back end makes a relaxed operation of an atomic one whatever its order: what a warp wrote before the barrier is seen by the warps of the block behind it. */
static const char support[] =
    "@cw.tile.words = internal addrspace(3) global [64 x i32] undef, align 16\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.laneid()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.tid.y()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.tid.z()\n"
    "declare void @llvm.nvvm.bar.warp.sync(i32)\n"
    "declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)\n"
    "define void @cw.tile.clear() #0 {\n"
    "  %x = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()\n"
    "  %y = call i32 @llvm.nvvm.read.ptx.sreg.tid.y()\n"
    "  %z = call i32 @llvm.nvvm.read.ptx.sreg.tid.z()\n"
    "  %xy = or i32 %x, %y\n"
    "  %xyz = or i32 %xy, %z\n"
    "  %first = icmp eq i32 %xyz, 0\n"
    "  br i1 %first, label %clear, label %done\n"
    "clear:\n"
    CLEAR(0) CLEAR(16) CLEAR(32) CLEAR(48) CLEAR(64) CLEAR(80) CLEAR(96) CLEAR(112)
    CLEAR(128) CLEAR(144) CLEAR(160) CLEAR(176) CLEAR(192) CLEAR(208) CLEAR(224) CLEAR(240)
    "  br label %done\n"
    "done:\n"
    "  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n"
    "  ret void\n"
    "}\n"
    "define void @cw.tile.barrier(i32 %id, i32 %count) #0 {\n"
    "  %index = sub i32 %id, 64\n"
    "  %arrived = getelementptr [2 x i32], ptr addrspace(3) @cw.tile.words, i32 %index\n"
    "  %times = getelementptr i32, ptr addrspace(3) %arrived, i32 1\n"
    "  %rounded = add i32 %count, 31\n"
    "  %warps = lshr i32 %rounded, 5\n"
    "  %others = sub i32 %warps, 1\n"
    "  call void @llvm.nvvm.bar.warp.sync(i32 -1)\n"
    "  %lane = call i32 @llvm.nvvm.read.ptx.sreg.laneid()\n"
    "  %leads = icmp eq i32 %lane, 0\n"
    "  br i1 %leads, label %arrive, label %meet\n"
    "arrive:\n"
    "  fence syncscope(\"block\") acq_rel\n"
    "  %phase = load atomic i32, ptr addrspace(3) %times syncscope(\"block\") monotonic, align 4\n"
    "  %before = atomicrmw add ptr addrspace(3) %arrived, i32 1 syncscope(\"block\") acq_rel, align 8\n"
    "  %all = icmp eq i32 %before, %others\n"
    "  br i1 %all, label %open, label %wait\n"
    "open:\n"
    "  store atomic i32 0, ptr addrspace(3) %arrived syncscope(\"block\") monotonic, align 8\n"
    "  fence syncscope(\"block\") acq_rel\n"
    "  %old = atomicrmw add ptr addrspace(3) %times, i32 1 syncscope(\"block\") acq_rel, align 4\n"
    "  br label %meet\n"
    "wait:\n"
    "  %now = load atomic i32, ptr addrspace(3) %times syncscope(\"block\") acquire, align 4\n"
    "  %same = icmp eq i32 %now, %phase\n"
    "  br i1 %same, label %wait, label %through\n"
    "through:\n"
    "  fence syncscope(\"block\") acq_rel\n"
    "  br label %meet\n"
    "meet:\n"
    "  call void @llvm.nvvm.bar.warp.sync(i32 -1)\n"
    "  ret void\n"
    "}\n"
    "attributes #0 = { alwaysinline convergent nounwind }\n";

static bool is_own_number(LLVMValueRef value) {
    return LLVMIsAConstantInt(value) && LLVMConstIntGetZExtValue(value) >= FIRST_OWN;
}

/* The headers add a constant to the tile's number, so what a barrier is can be seen from its operand. */
static bool is_tile_barrier(LLVMValueRef instruction) {
    if (!LLVMIsACallInst(instruction) || cw_called_intrinsic(instruction) != CW_INTRINSIC_BARRIER) return false;
    LLVMValueRef id = LLVMGetOperand(instruction, 0);
    bool sum = LLVMIsAInstruction(id) && (LLVMGetInstructionOpcode(id) == LLVMAdd || LLVMGetInstructionOpcode(id) == LLVMOr);
    return is_own_number(id) || (sum && is_own_number(LLVMGetOperand(id, 1)));
}

static bool has_tile_barrier(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (is_tile_barrier(i)) return true;
    return false;
}

static void replace(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function) {
    LLVMValueRef body = LLVMGetNamedFunction(llvm, "cw.tile.barrier");
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (!is_tile_barrier(i)) continue;
            LLVMValueRef arguments[] = {LLVMGetOperand(i, 0), LLVMGetOperand(i, 1)};
            LLVMPositionBuilderBefore(builder, i);
            LLVMBuildCall2(builder, LLVMGlobalGetValueType(body), body, arguments, 2, "");
            LLVMInstructionEraseFromParent(i);
        }
    }
}

static bool reaches_marked(const struct cw_reach *reach, size_t from) {
    for (size_t i = 0; i < reach->count; i++)
        if ((i == from || reach->reached[from * reach->count + i]) && (reach->features[i] & MARK)) return true;
    return false;
}

/* Behind the allocations, which belong first in a function. */
static void clear_first(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef kernel) {
    LLVMValueRef clear = LLVMGetNamedFunction(llvm, "cw.tile.clear"), at = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(kernel));
    while (LLVMIsAAllocaInst(at)) at = LLVMGetNextInstruction(at);
    LLVMPositionBuilderBefore(builder, at);
    LLVMBuildCall2(builder, LLVMGlobalGetValueType(clear), clear, NULL, 0, "");
}

bool cw_ptx_tiles(LLVMModuleRef llvm) {
    struct cw_reach reach;
    bool any = false, fine = true;
    cw_reach_build(&reach, llvm);
    for (size_t i = 0; i < reach.count; i++) {
        bool has = has_tile_barrier(reach.functions[i]);
        reach.features[i] = has ? MARK : 0;
        any |= has;
    }
    if (any) {
        LLVMModuleRef module = cw_read_library_text(llvm, support, sizeof support - 1);
        fine = module && LLVMLinkModules2(llvm, module) == 0;
    }
    if (any && fine) {
        LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
        LLVMSetLinkage(LLVMGetNamedFunction(llvm, "cw.tile.clear"), LLVMInternalLinkage);
        LLVMSetLinkage(LLVMGetNamedFunction(llvm, "cw.tile.barrier"), LLVMInternalLinkage);
        for (size_t i = 0; i < reach.count; i++) {
            if (reach.features[i] & MARK) replace(llvm, builder, reach.functions[i]);
            if (cw_is_kernel(reach.functions[i]) && reaches_marked(&reach, i)) clear_first(llvm, builder, reach.functions[i]);
        }
        LLVMDisposeBuilder(builder);
    }
    cw_reach_fini(&reach);
    return fine;
}
