/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strides.c: loops whose number is halved from turn to turn, the strides of sorting networks and trees: for (s = n / 2; s > 0; s /= 2).
 * Where s is smaller than the number of lanes, t & (s - 1) or t ^ s puts lanes in an order that depends on s, and s is 1, 2, 4 ...: so the
 * loop's body is copied for each of these, with a constant in the place of s, and the header chooses. In the copies addresses are
 * patterns of constants (pattern.c). It is procedure cloning (Cooper, Hall and Kennedy, "Procedure Cloning", ICCL 1992) of a loop's
 * body.
 *
 * Only innermost loops of few instructions whose number is the same in all threads, seen from its start, and that combine it with
 * threadIdx by bit operations. The new header has the phis; what was the header is the body of all other turns.
 */
#include <stdlib.h>

#include "pass/vector/state.h"

#define INSTRUCTIONS_MAX 60u
#define BLOCKS_MAX 8u
#define PHIS_MAX 8u
#define SEEN_MAX 16u

struct halved {
    const struct cw_loop *loop;
    const struct cw_cfg *cfg;
    LLVMValueRef phi;
    uint32_t blocks[BLOCKS_MAX]; /* the header first */
    unsigned block_count, instruction_count;
};

/* ---- Which loops ---- */

static bool is_half_of(LLVMValueRef value, LLVMValueRef phi) {
    if (!LLVMIsABinaryOperator(value) || LLVMGetOperand(value, 0) != phi || !LLVMIsAConstantInt(LLVMGetOperand(value, 1))) return false;
    uint64_t by = LLVMConstIntGetZExtValue(LLVMGetOperand(value, 1));
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMLShr:
    case LLVMAShr: return by == 1;
    case LLVMUDiv:
    case LLVMSDiv: return by == 2;
    default: return false;
    }
}

/* Values that were looked at, phis among them, through which they may come back to themselves. */
struct seen {
    LLVMValueRef values[SEEN_MAX];
    unsigned count;
};

/* True if all threads have the same number there, as far as a short look tells. */
static bool is_common(LLVMValueRef value, struct seen *seen) {
    if (!LLVMIsAInstruction(value)) return true;
    for (unsigned k = 0; k < seen->count; k++)
        if (seen->values[k] == value) return true;
    if (seen->count == SEEN_MAX) return false;
    seen->values[seen->count++] = value;
    if (LLVMIsACallInst(value)) {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(value);
        return intrinsic >= CW_INTRINSIC_NTID_X && intrinsic <= CW_INTRINSIC_NCTAID_Z;
    }
    bool is_phi = LLVMIsAPHINode(value) != NULL;
    if (!is_phi && !LLVMIsABinaryOperator(value) && !LLVMIsACastInst(value)) return false;
    unsigned count = is_phi ? LLVMCountIncoming(value) : (unsigned)LLVMGetNumOperands(value);
    for (unsigned k = 0; k < count; k++)
        if (!is_common(is_phi ? LLVMGetIncomingValue(value, k) : LLVMGetOperand(value, k), seen)) return false;
    return true;
}

static bool depends_on(LLVMValueRef value, LLVMValueRef phi, unsigned depth) {
    if (value == phi) return true;
    if (depth == 0 || !LLVMIsAInstruction(value) || LLVMIsAPHINode(value) || LLVMIsALoadInst(value)) return false;
    for (int k = 0; k < LLVMGetNumOperands(value); k++)
        if (depends_on(LLVMGetOperand(value, (unsigned)k), phi, depth - 1)) return true;
    return false;
}

static bool is_thread_index(LLVMValueRef value) {
    return LLVMIsACallInst(value) && cw_called_intrinsic(value) == CW_INTRINSIC_TID_X;
}

/* True if bits of threadIdx.x are taken by the loop's number. */
static bool mixes(const struct halved *halved) {
    for (unsigned n = 0; n < halved->block_count; n++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(halved->cfg->blocks[halved->blocks[n]]); i; i = LLVMGetNextInstruction(i)) {
            LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
            if (opcode != LLVMAnd && opcode != LLVMXor) continue;
            for (unsigned side = 0; side < 2; side++)
                if (is_thread_index(LLVMGetOperand(i, side)) && depends_on(LLVMGetOperand(i, 1 - side), halved->phi, 3)) return true;
        }
    return false;
}

static bool collect(struct halved *halved) {
    const struct cw_cfg *cfg = halved->cfg;
    halved->blocks[0] = halved->loop->header;
    halved->block_count = 1;
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (!halved->loop->contains[b] || b == halved->loop->header) continue;
        if (halved->block_count == BLOCKS_MAX) return false;
        halved->blocks[halved->block_count++] = b;
    }
    for (unsigned n = 0; n < halved->block_count; n++) {
        LLVMBasicBlockRef block = cfg->blocks[halved->blocks[n]];
        if (LLVMGetInstructionOpcode(LLVMGetBasicBlockTerminator(block)) != LLVMBr) return false;
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAAllocaInst(i)) return false;
            halved->instruction_count++;
        }
    }
    return halved->instruction_count <= INSTRUCTIONS_MAX;
}

static bool finds(const struct cw_cfg *cfg, uint32_t loop, struct halved *halved) {
    *halved = (struct halved){.loop = &cfg->loops[loop], .cfg = cfg};
    LLVMBasicBlockRef header = cfg->blocks[cfg->loops[loop].header];
    for (uint32_t l = 0; l < cfg->loop_count; l++)
        if (cfg->loops[l].parent == loop) return false;
    for (LLVMValueRef phi = LLVMGetFirstInstruction(header); LLVMIsAPHINode(phi) && !halved->phi; phi = LLVMGetNextInstruction(phi)) {
        if (LLVMGetTypeKind(LLVMTypeOf(phi)) != LLVMIntegerTypeKind || LLVMCountIncoming(phi) != 2) continue;
        for (unsigned k = 0; k < 2; k++) {
            struct seen seen = {.count = 0};
            if (is_half_of(LLVMGetIncomingValue(phi, k), phi) && is_common(LLVMGetIncomingValue(phi, 1 - k), &seen)) halved->phi = phi;
        }
    }
    return halved->phi && collect(halved) && mixes(halved);
}

/* ---- Copies ---- */

/* What became of the loop's blocks and values in one copy. */
struct copy {
    const struct halved *halved;
    LLVMBasicBlockRef blocks[BLOCKS_MAX];
    LLVMValueRef old[INSTRUCTIONS_MAX], new[INSTRUCTIONS_MAX];
    unsigned count;
};

static LLVMBasicBlockRef block_in(const struct copy *copy, LLVMBasicBlockRef block) {
    for (unsigned n = 0; n < copy->halved->block_count; n++)
        if (copy->halved->cfg->blocks[copy->halved->blocks[n]] == block) return copy->blocks[n];
    return block;
}

static LLVMValueRef value_in(const struct copy *copy, LLVMValueRef value) {
    for (unsigned k = 0; k < copy->count; k++)
        if (copy->old[k] == value) return copy->new[k];
    return value;
}

static void note(struct copy *copy, LLVMValueRef old, LLVMValueRef new) {
    copy->old[copy->count] = old;
    copy->new[copy->count++] = new;
}

static bool is_header(const struct halved *halved, LLVMBasicBlockRef block) {
    return halved->cfg->blocks[halved->loop->header] == block;
}

/* The instructions, still with their old operands. The header's phis become the new header's, `number` the constant. */
static void clone_blocks(struct cw_vector *v, struct copy *copy, LLVMValueRef number) {
    const struct halved *halved = copy->halved;
    for (unsigned n = 0; n < halved->block_count; n++) copy->blocks[n] = LLVMAppendBasicBlockInContext(v->context, v->function, "stride");
    note(copy, halved->phi, number);
    for (unsigned n = 0; n < halved->block_count; n++) {
        LLVMBasicBlockRef block = halved->cfg->blocks[halved->blocks[n]];
        LLVMPositionBuilderAtEnd(v->builder, copy->blocks[n]);
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAPHINode(i)) {
                if (n > 0) note(copy, i, LLVMBuildPhi(v->builder, LLVMTypeOf(i), ""));
                continue;
            }
            LLVMValueRef clone = LLVMInstructionClone(i);
            LLVMInsertIntoBuilder(v->builder, clone);
            if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind) note(copy, i, clone);
        }
    }
}

static void fill_phi(const struct copy *copy, LLVMValueRef old, LLVMValueRef new) {
    for (unsigned k = 0; k < LLVMCountIncoming(old); k++) {
        LLVMValueRef value = value_in(copy, LLVMGetIncomingValue(old, k));
        LLVMBasicBlockRef from = block_in(copy, LLVMGetIncomingBlock(old, k));
        LLVMAddIncoming(new, &value, &from, 1);
    }
}

/* Operands become the copy's; branches to the header go to the new one, `choice`. */
static void connect(struct copy *copy, LLVMBasicBlockRef choice) {
    const struct halved *halved = copy->halved;
    for (unsigned n = 0; n < halved->block_count; n++) {
        LLVMBasicBlockRef block = halved->cfg->blocks[halved->blocks[n]];
        for (LLVMValueRef i = LLVMGetFirstInstruction(copy->blocks[n]); i; i = LLVMGetNextInstruction(i)) {
            if (LLVMIsAPHINode(i)) continue;
            if (LLVMIsATerminatorInst(i)) {
                if (LLVMGetNumSuccessors(i) == 2) LLVMSetCondition(i, value_in(copy, LLVMGetCondition(i)));
                for (unsigned s = 0; s < LLVMGetNumSuccessors(i); s++) {
                    LLVMBasicBlockRef to = LLVMGetSuccessor(i, s);
                    LLVMSetSuccessor(i, s, is_header(halved, to) ? choice : block_in(copy, to));
                }
                continue;
            }
            for (int k = 0; k < LLVMGetNumOperands(i); k++) LLVMSetOperand(i, (unsigned)k, value_in(copy, LLVMGetOperand(i, (unsigned)k)));
        }
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); n > 0 && LLVMIsAPHINode(i); i = LLVMGetNextInstruction(i))
            fill_phi(copy, i, value_in(copy, i));
    }
}

/* Phis behind the loop, and those of the new header, also get what comes from the copy. */
static void join(const struct copy *copy, LLVMValueRef const *phis, unsigned phi_count) {
    const struct halved *halved = copy->halved;
    for (unsigned n = 0; n < halved->block_count; n++) {
        LLVMBasicBlockRef from = halved->cfg->blocks[halved->blocks[n]], own = copy->blocks[n];
        LLVMValueRef end = LLVMGetBasicBlockTerminator(from);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++) {
            LLVMBasicBlockRef to = LLVMGetSuccessor(end, s);
            uint32_t index = cw_cfg_index(halved->cfg, to);
            bool leaves = index != CW_CFG_NONE && !halved->loop->contains[index];
            for (LLVMValueRef phi = LLVMGetFirstInstruction(to); leaves && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
                for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
                    if (LLVMGetIncomingBlock(phi, k) != from) continue;
                    LLVMValueRef value = value_in(copy, LLVMGetIncomingValue(phi, k));
                    LLVMAddIncoming(phi, &value, &own, 1);
                    break;
                }
            }
        }
    }
    for (unsigned p = 0; p < phi_count; p++) {
        unsigned count = LLVMCountIncoming(phis[p]);
        for (unsigned k = 0; k < count; k++) {
            LLVMBasicBlockRef from = LLVMGetIncomingBlock(phis[p], k), own = block_in(copy, from);
            if (own == from) continue;
            LLVMValueRef value = value_in(copy, LLVMGetIncomingValue(phis[p], k));
            LLVMAddIncoming(phis[p], &value, &own, 1);
        }
    }
}

/* The new header in front of the old one, with its phis; the old one's predecessors lead there. */
static LLVMBasicBlockRef split_header(struct cw_vector *v, const struct halved *halved, LLVMValueRef *phis, unsigned *phi_count) {
    LLVMBasicBlockRef header = halved->cfg->blocks[halved->loop->header];
    LLVMBasicBlockRef choice = LLVMInsertBasicBlockInContext(v->context, header, "choice");
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
        for (unsigned s = 0; end && s < LLVMGetNumSuccessors(end); s++)
            if (LLVMGetSuccessor(end, s) == header) LLVMSetSuccessor(end, s, choice);
    }
    LLVMPositionBuilderAtEnd(v->builder, choice);
    for (LLVMValueRef i = LLVMGetFirstInstruction(header), next; LLVMIsAPHINode(i); i = next) {
        next = LLVMGetNextInstruction(i);
        LLVMInstructionRemoveFromParent(i);
        LLVMInsertIntoBuilder(v->builder, i);
        phis[(*phi_count)++] = i;
    }
    return choice;
}

static unsigned count_phis(LLVMBasicBlockRef block) {
    unsigned count = 0;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); LLVMIsAPHINode(i); i = LLVMGetNextInstruction(i)) count++;
    return count;
}

/* True if a value of the loop is used behind it but through phis. */
static bool escapes(const struct halved *halved) {
    for (unsigned n = 0; n < halved->block_count; n++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(halved->cfg->blocks[halved->blocks[n]]); i; i = LLVMGetNextInstruction(i))
            for (LLVMUseRef use = LLVMGetFirstUse(i); use; use = LLVMGetNextUse(use)) {
                LLVMValueRef user = LLVMGetUser(use);
                uint32_t block = cw_cfg_index(halved->cfg, LLVMGetInstructionParent(user));
                if (!LLVMIsAPHINode(user) && (block == CW_CFG_NONE || !halved->loop->contains[block])) return true;
            }
    return false;
}

static void split(struct cw_vector *v, const struct halved *halved) {
    LLVMBasicBlockRef header = halved->cfg->blocks[halved->loop->header];
    LLVMValueRef phis[PHIS_MAX];
    unsigned phi_count = 0, lanes = v->plan->lanes, copies = 0;
    struct copy *made[8];
    for (uint64_t stride = 1; stride < lanes && copies < 8; stride *= 2) {
        struct copy *copy = made[copies++] = cw_alloc_array(1, sizeof *copy);
        copy->halved = halved;
        clone_blocks(v, copy, LLVMConstInt(LLVMTypeOf(halved->phi), stride, 0));
    }
    LLVMBasicBlockRef choice = split_header(v, halved, phis, &phi_count);
    LLVMValueRef branch = LLVMBuildSwitch(v->builder, halved->phi, header, copies);
    for (unsigned c = 0; c < copies; c++) {
        connect(made[c], choice);
        /* The old loop's branches lead to the new header by now; the copies' were made before. */
        for (unsigned n = 0; n < halved->block_count; n++) {
            LLVMValueRef end = LLVMGetBasicBlockTerminator(made[c]->blocks[n]);
            for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++)
                if (LLVMGetSuccessor(end, s) == made[c]->blocks[0]) LLVMSetSuccessor(end, s, choice);
        }
        LLVMAddCase(branch, LLVMConstInt(LLVMTypeOf(halved->phi), (uint64_t)1 << c, 0), made[c]->blocks[0]);
    }
    for (unsigned c = 0; c < copies; c++) {
        join(made[c], phis, phi_count);
        free(made[c]);
    }
}

bool cw_vector_split_strides(struct cw_vector *v) {
    struct cw_cfg cfg;
    struct halved halved;
    bool changed = false;
    if (v->plan->form != CW_VECTOR_ROWS) return false;
    cw_cfg_build(&cfg, v->function);
    for (uint32_t l = 0; l < cfg.loop_count && !changed; l++) {
        if (!finds(&cfg, l, &halved) || escapes(&halved) || count_phis(cfg.blocks[cfg.loops[l].header]) > PHIS_MAX) continue;
        split(v, &halved);
        changed = true;
    }
    cw_cfg_fini(&cfg);
    return changed;
}
