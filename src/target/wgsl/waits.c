/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waits.c: which of the loops that pass/progress.c marks really wait for other threads.
 *
 * WebGPU promises no progress of other threads, so such a kernel is refused. The marks are for the CPU, where a turn too many of
 * letting others run costs little; they stand also where a value that others decide only chooses what a turn does. Here a
 * loop waits if what its exits test is made, in the loop, from an atomic operation's result or a volatile load: found by
 * following operands backwards, and at phis that join branches also what these branches test. Plain loads count for nothing: that
 * another thread's plain store is seen is promised to nobody (PTX, "Memory Consistency Model").
 */
#include <stdlib.h>
#include <string.h>

#include "pass/cfg.h"
#include "target/wgsl/wgsl.h"

struct search {
    const struct cw_cfg *cfg;
    const struct cw_loop *loop;
    struct wgsl_map seen;
};

static bool in_loop(const struct search *s, LLVMBasicBlockRef block) {
    uint32_t index = cw_cfg_index(s->cfg, block);
    return index != CW_CFG_NONE && s->loop->contains[index];
}

static bool depends(struct search *s, LLVMValueRef value);

/* What the branch of `block` tests, if it has a choice. */
static bool branch_depends(struct search *s, LLVMBasicBlockRef block) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    if (LLVMGetNumSuccessors(end) < 2) return false;
    return depends(s, LLVMIsASwitchInst(end) ? LLVMGetOperand(end, 0) : LLVMGetCondition(end));
}

/* The branches that choose by which edge a phi is reached: those of the ways there, up to where all of them begin. */
static bool ways_depend(struct search *s, LLVMValueRef phi) {
    uint32_t here = cw_cfg_index(s->cfg, LLVMGetInstructionParent(phi)), top = s->cfg->immediate_dominator[here];
    for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
        uint32_t block = cw_cfg_index(s->cfg, LLVMGetIncomingBlock(phi, k));
        for (unsigned guard = 0; guard < 1000 && block != CW_CFG_NONE && s->loop->contains[block]; guard++) {
            if (branch_depends(s, s->cfg->blocks[block])) return true;
            if (block == top || block == s->cfg->immediate_dominator[block]) break;
            block = s->cfg->immediate_dominator[block];
        }
    }
    return false;
}

static bool depends(struct search *s, LLVMValueRef value) {
    if (!LLVMIsAInstruction(value) || !in_loop(s, LLVMGetInstructionParent(value)) || wgsl_map_get(&s->seen, value) != WGSL_NONE) return false;
    wgsl_map_set(&s->seen, value, 1);
    if (LLVMIsAAtomicRMWInst(value) || LLVMIsAAtomicCmpXchgInst(value)) return true;
    if (LLVMIsALoadInst(value)) return LLVMGetVolatile(value) || LLVMGetOrdering(value) != LLVMAtomicOrderingNotAtomic;
    if (LLVMIsAPHINode(value)) {
        for (unsigned k = 0; k < LLVMCountIncoming(value); k++)
            if (depends(s, LLVMGetIncomingValue(value, k))) return true;
        bool header = cw_cfg_index(s->cfg, LLVMGetInstructionParent(value)) == s->loop->header;
        return (!header || LLVMCountIncoming(value) > 2) && ways_depend(s, value);
    }
    for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(value); k++)
        if (depends(s, LLVMGetOperand(value, k))) return true;
    return false;
}

static bool waits(const struct cw_cfg *cfg, const struct cw_loop *loop) {
    struct search s = {cfg, loop, {0}};
    bool found = false;
    for (uint32_t b = 0; b < cfg->count && !found; b++) {
        if (!loop->contains[b]) continue;
        LLVMValueRef end = LLVMGetBasicBlockTerminator(cfg->blocks[b]);
        bool leaves = LLVMGetNumSuccessors(end) == 0;
        for (unsigned k = 0; k < LLVMGetNumSuccessors(end); k++) {
            uint32_t to = cw_cfg_index(cfg, LLVMGetSuccessor(end, k));
            leaves = leaves || to == CW_CFG_NONE || !loop->contains[to];
        }
        found = leaves && branch_depends(&s, cfg->blocks[b]);
    }
    wgsl_map_fini(&s.seen);
    return found;
}

void wgsl_keep_waits(LLVMModuleRef llvm) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) continue;
        struct cw_cfg cfg;
        cw_cfg_build(&cfg, f);
        for (uint32_t b = 0; b < cfg.count; b++)
            for (LLVMValueRef i = LLVMGetFirstInstruction(cfg.blocks[b]), next; i; i = next) {
                next = LLVMGetNextInstruction(i);
                if (!LLVMIsACallInst(i) || cw_called_intrinsic(i) != CW_INTRINSIC_POLL) continue;
                bool kept = cfg.innermost_loop[b] == CW_CFG_NONE;
                for (uint32_t l = cfg.innermost_loop[b]; l != CW_CFG_NONE && !kept; l = cfg.loops[l].parent) kept = waits(&cfg, &cfg.loops[l]);
                if (!kept) LLVMInstructionEraseFromParent(i);
            }
        cw_cfg_fini(&cfg);
    }
}
