/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unroll.c: asks LLVM to unroll loops fully whose counter indexes a local array.
 *
 * On GPUs registers can't be indexed: a local array stays in memory until every index is a constant, and then it is worth
 * any unrolling that the instruction cache bears (CUDA C++ Programming Guide, "Local Memory"). LLVM's thresholds are those
 * of CPUs. So such loops get `llvm.loop.unroll.full` (LLVM Language Reference), which LLVM heeds where it finds a constant
 * number of turns and the result stays below its limit for what was asked for. Loops that say themselves how they are to be
 * unrolled are left alone. Needs SSA form.
 */
#include "pass/pass.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

#include "pass/cfg.h"

#define DEPTH_MAX 8
/* What fits into a thread's registers: 255 of them on NVIDIA's devices, as many elsewhere or fewer. Larger arrays stay in memory. */
#define REGISTER_BYTES 1024u

static bool is_small(LLVMValueRef alloca) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(alloca))));
    return LLVMABISizeOfType(layout, LLVMGetAllocatedType(alloca)) <= REGISTER_BYTES;
}

/* Marks the blocks whose phis `index` is computed from. */
static void note_counters(const struct cw_cfg *cfg, LLVMValueRef index, bool *counts, int depth) {
    if (depth == DEPTH_MAX || !LLVMIsAInstruction(index)) return;
    if (LLVMIsAPHINode(index)) {
        uint32_t block = cw_cfg_index(cfg, LLVMGetInstructionParent(index));
        if (block != CW_CFG_NONE) counts[block] = true;
        return;
    }
    if (LLVMIsALoadInst(index) || LLVMIsACallInst(index)) return;
    for (int i = 0; i < LLVMGetNumOperands(index); i++) note_counters(cfg, LLVMGetOperand(index, (unsigned)i), counts, depth + 1);
}

/* Follows the address of a local variable. */
static void note_uses(const struct cw_cfg *cfg, LLVMValueRef address, bool *counts, int depth) {
    for (LLVMUseRef use = LLVMGetFirstUse(address); use && depth < DEPTH_MAX; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsAGetElementPtrInst(user)) {
            for (int i = 1; i < LLVMGetNumOperands(user); i++) note_counters(cfg, LLVMGetOperand(user, (unsigned)i), counts, 0);
            note_uses(cfg, user, counts, depth + 1);
        } else if (LLVMIsAAddrSpaceCastInst(user) || LLVMIsABitCastInst(user)) {
            note_uses(cfg, user, counts, depth + 1);
        }
    }
}

static bool says_how(LLVMValueRef branch, unsigned kind) {
    LLVMValueRef metadata = LLVMGetMetadata(branch, kind);
    if (!metadata) return false;
    unsigned count = LLVMGetMDNodeNumOperands(metadata);
    LLVMValueRef *operands = cw_alloc_array(count + 1, sizeof *operands);
    LLVMGetMDNodeOperands(metadata, operands);
    bool says = false;
    for (unsigned i = 1; i < count && !says; i++) {
        char *operand = operands[i] ? LLVMPrintValueToString(operands[i]) : NULL;
        says = operand && strstr(operand, "llvm.loop.unroll");
        if (operand) LLVMDisposeMessage(operand);
    }
    free(operands);
    return says;
}

/* Marks the branches back to the loop's header; those that say themselves how they are unrolled only if `all`. */
static bool mark_loop(const struct cw_cfg *cfg, const struct cw_loop *loop, const char *word, bool all) {
    LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(LLVMBasicBlockAsValue(cfg->blocks[0])));
    unsigned kind = LLVMGetMDKindIDInContext(context, "llvm.loop", 9);
    bool progress = false;
    for (uint32_t b = 0; b < cfg->count; b++) {
        LLVMValueRef branch = loop->contains[b] ? LLVMGetBasicBlockTerminator(cfg->blocks[b]) : NULL;
        bool latch = false;
        for (unsigned s = 0; branch && s < LLVMGetNumSuccessors(branch); s++)
            latch |= LLVMGetSuccessor(branch, s) == cfg->blocks[loop->header];
        if (!latch || (!all && says_how(branch, kind))) continue;
        cw_set_loop_property(branch, cw_loop_word(context, word));
        progress = true;
    }
    return progress;
}

/* By block: the headers of loops whose counters index local arrays. */
static bool *find_counters(const struct cw_cfg *cfg) {
    bool *counts = cw_alloc_array(cfg->count + 1, sizeof *counts);
    for (uint32_t b = 0; b < cfg->count && cfg->loop_count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsAAllocaInst(i) && is_small(i)) note_uses(cfg, i, counts, 0);
    return counts;
}

static bool unroll(const struct cw_cfg *cfg, const bool *counts) {
    bool progress = false;
    for (uint32_t l = 0; l < cfg->loop_count; l++)
        if (counts[cfg->loops[l].header]) progress |= mark_loop(cfg, &cfg->loops[l], "llvm.loop.unroll.full", false);
    return progress;
}

/* ---- Loops that stay ---- */

/* True if the loop sums up floats, and nothing in it is for the sake of which it would have to be unrolled. */
static bool is_sum(const struct cw_cfg *cfg, const struct cw_loop *loop) {
    bool sums = false;
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (!loop->contains[b]) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            if (LLVMIsACallInst(i) && (!callee || strncmp(cw_value_name(callee), "llvm.", 5) != 0)) return false;
            bool multiplies = callee && strncmp(cw_value_name(callee), "llvm.fma", 8) == 0;
            sums |= multiplies || LLVMGetInstructionOpcode(i) == LLVMFAdd || LLVMGetInstructionOpcode(i) == LLVMFSub;
        }
    }
    return sums;
}

static bool keep(const struct cw_cfg *cfg, const bool *counts) {
    bool progress = false;
    for (uint32_t l = 0; l < cfg->loop_count; l++) {
        const struct cw_loop *loop = &cfg->loops[l];
        bool indexes = false;
        for (uint32_t inner = 0; inner < cfg->loop_count; inner++)
            indexes |= counts[cfg->loops[inner].header] && loop->contains[cfg->loops[inner].header];
        if (!indexes && is_sum(cfg, loop)) progress |= mark_loop(cfg, loop, "llvm.loop.unroll.disable", true);
    }
    return progress;
}

static bool each_function(LLVMModuleRef llvm, bool (*act)(const struct cw_cfg *cfg, const bool *counts)) {
    bool progress = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) continue;
        struct cw_cfg cfg;
        cw_cfg_build(&cfg, f);
        bool *counts = find_counters(&cfg);
        progress |= act(&cfg, counts);
        free(counts);
        cw_cfg_fini(&cfg);
    }
    return progress;
}

bool cw_pass_unroll(LLVMModuleRef llvm) {
    return each_function(llvm, unroll);
}

bool cw_pass_keep_loops(LLVMModuleRef llvm) {
    return each_function(llvm, keep);
}
