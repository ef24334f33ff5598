/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll_check.c: whether families can become loops over columns; see roll.h.
 *
 * A unit goes to where its last instruction stands. What else stands between its instructions must neither use its values nor
 * touch memory in a way that the order matters: nothing may write where the unit loads, nothing access memory where it stores. A
 * unit that stores and accesses memory otherwise too must have done so element by element before.
 *
 * A web's families share one column, so no two of them may be wanted at once: where one comes into being, none of the others is live
 * (the condition for coalescing of Chaitin et al., "Register Allocation via Coloring", 1981). All elements of a family are
 * live in the same blocks; within a block a unit loads an element before it stores it, and only one unit of a block may use a web.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/roll.h"

/* ---- Units and webs ---- */

/* True if family `user` takes `from`'s values as operands. */
static bool takes(const struct cw_roll_family *user, uint32_t from) {
    for (unsigned k = 0; k < user->operand_count; k++)
        if (user->operands[k].relation == CW_ROLL_COLUMN && user->operands[k].from == from) return true;
    return false;
}

static bool is_within(const struct cw_roll *r, uint32_t user, uint32_t from) {
    const struct cw_roll_family *u = &r->families[user], *f = &r->families[from];
    return u->opcode != LLVMPHI && f->opcode != LLVMPHI && u->block == f->block;
}

static void rename_unit(struct cw_roll *r, uint32_t from, uint32_t to) {
    for (uint32_t n = 0; n < r->family_count; n++)
        if (r->families[n].live && r->families[n].unit == from) r->families[n].unit = to;
}

static void rename_web(struct cw_roll *r, uint32_t from, uint32_t to) {
    for (uint32_t n = 0; n < r->family_count; n++)
        if (r->families[n].live && r->families[n].web == from) r->families[n].web = to;
}

static void number(struct cw_roll *r) {
    r->unit_count = r->web_count = r->family_count;
    for (uint32_t n = 0; n < r->family_count; n++) {
        struct cw_roll_family *f = &r->families[n];
        if (!f->live) continue;
        f->stored = f->opcode == LLVMPHI;
        f->unit = f->opcode == LLVMPHI ? CW_ROLL_NONE : n;
        f->web = n;
    }
    for (uint32_t u = 0; u < r->family_count; u++) {
        for (uint32_t n = 0; n < r->family_count; n++) {
            if (!r->families[u].live || !r->families[n].live || !takes(&r->families[u], n)) continue;
            if (is_within(r, u, n)) {
                rename_unit(r, r->families[u].unit, r->families[n].unit);
                continue;
            }
            r->families[n].stored = true;
            if (r->families[u].opcode == LLVMPHI) rename_web(r, r->families[u].web, r->families[n].web);
        }
    }
}

/* ---- Units: what stands between their instructions ---- */

struct span {
    unsigned left; /* instructions of the unit to come */
    bool begun, loads, stores;
    bool by_element; /* memory must have been accessed element by element */
    uint32_t element;
};

static bool may_write(LLVMValueRef i) {
    if (LLVMIsALoadInst(i)) return LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic;
    if (LLVMIsACallInst(i)) return !cw_roll_is_pure(i);
    return LLVMIsAStoreInst(i) || LLVMIsAAtomicRMWInst(i) || LLVMIsAAtomicCmpXchgInst(i) || LLVMIsAFenceInst(i);
}

static bool is_of(const struct cw_roll *r, LLVMValueRef value, uint32_t unit) {
    const struct cw_roll_member *member = value && LLVMIsAInstruction(value) ? cw_roll_find(r, value) : NULL;
    return member && r->families[member->family].live && r->families[member->family].unit == unit;
}

static bool uses_unit(const struct cw_roll *r, LLVMValueRef i, uint32_t unit) {
    for (int k = 0; k < LLVMGetNumOperands(i); k++)
        if (is_of(r, LLVMGetOperand(i, (unsigned)k), unit)) return true;
    return false;
}

static bool stands_well(const struct cw_roll *r, struct span *s, LLVMValueRef i, uint32_t unit) {
    if (is_of(r, i, unit)) {
        const struct cw_roll_member *member = cw_roll_find(r, i);
        s->begun = true;
        s->left--;
        if (!cw_roll_is_memory(&r->families[member->family]) || !s->by_element) return true;
        if (member->element < s->element) return false;
        s->element = member->element;
        return true;
    }
    if (!s->begun || s->left == 0) return true;
    if (uses_unit(r, i, unit) || LLVMIsAAllocaInst(i)) return false;
    if (s->loads && may_write(i)) return false;
    return !s->stores || !(may_write(i) || LLVMIsALoadInst(i));
}

/* True if the family's loop needs what is only known at its end: a sum of the same unit. */
static bool needs_end(const struct cw_roll *r, const struct cw_roll_family *f) {
    if (cw_roll_is_memory(f) && is_of(r, f->base, f->unit)) return true;
    for (unsigned k = 0; k < f->operand_count; k++)
        if (f->operands[k].relation != CW_ROLL_COLUMN && is_of(r, cw_roll_operand(f, 0, k), f->unit)) return true;
    return false;
}

static bool check_unit(const struct cw_roll *r, uint32_t unit) {
    struct span s = {0};
    LLVMBasicBlockRef block = NULL;
    unsigned memory = 0;
    for (uint32_t n = 0; n < r->family_count; n++) {
        const struct cw_roll_family *f = &r->families[n];
        if (!f->live || f->unit != unit) continue;
        if (needs_end(r, f)) return false;
        block = f->block;
        s.left += r->size;
        memory += cw_roll_is_memory(f);
        s.loads |= f->opcode == LLVMLoad;
        s.stores |= f->opcode == LLVMStore;
    }
    s.by_element = s.stores && memory > 1;
    for (LLVMValueRef i = block ? LLVMGetFirstInstruction(block) : NULL; i; i = LLVMGetNextInstruction(i))
        if (!stands_well(r, &s, i, unit)) return false;
    return true;
}

/* ---- Webs: who is live where ---- */

struct liveness {
    const struct cw_roll *r;
    struct cw_cfg cfg;
    bool *in, *out; /* by family, block */
};

static bool *at(const struct liveness *l, bool *set, uint32_t family, uint32_t block) {
    return &set[(size_t)family * l->cfg.count + block];
}

static void mark_out(struct liveness *l, uint32_t family, uint32_t block);

static void mark_in(struct liveness *l, uint32_t family, uint32_t block) {
    if (*at(l, l->in, family, block)) return;
    *at(l, l->in, family, block) = true;
    for (uint32_t p = 0; p < l->cfg.count; p++) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(l->cfg.blocks[p]);
        for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++)
            if (LLVMGetSuccessor(end, s) == l->cfg.blocks[block]) mark_out(l, family, p);
    }
}

static void mark_out(struct liveness *l, uint32_t family, uint32_t block) {
    *at(l, l->out, family, block) = true;
    if (l->cfg.blocks[block] != l->r->families[family].block) mark_in(l, family, block);
}

static bool find_live(struct liveness *l) {
    const struct cw_roll *r = l->r;
    for (uint32_t u = 0; u < r->family_count; u++) {
        const struct cw_roll_family *user = &r->families[u];
        if (!user->live) continue;
        uint32_t block = cw_cfg_index(&l->cfg, user->block);
        if (block == CW_CFG_NONE) return false;
        for (unsigned k = 0; k < user->operand_count; k++) {
            const struct cw_roll_operand *operand = &user->operands[k];
            if (operand->relation != CW_ROLL_COLUMN) continue;
            if (user->opcode == LLVMPHI) {
                uint32_t from = cw_cfg_index(&l->cfg, LLVMGetIncomingBlock(user->list[0], k));
                if (from == CW_CFG_NONE) return false;
                mark_out(l, operand->from, from);
            } else if (r->families[operand->from].block != user->block) {
                mark_in(l, operand->from, block);
            }
        }
    }
    return true;
}

/* A unit that stores the web is the only one of its block that touches it, and stores one family there. */
static bool check_block(const struct cw_roll *r, LLVMBasicBlockRef block, uint32_t web) {
    uint32_t unit = CW_ROLL_NONE;
    unsigned stored = 0, phis = 0;
    bool several = false;
    for (uint32_t n = 0; n < r->family_count; n++) {
        const struct cw_roll_family *f = &r->families[n];
        if (!f->live || f->block != block) continue;
        bool touches = f->stored && f->web == web;
        phis += touches && f->opcode == LLVMPHI;
        if (f->opcode == LLVMPHI) continue;
        stored += touches;
        for (unsigned k = 0; k < f->operand_count && !touches; k++)
            touches = f->operands[k].relation == CW_ROLL_COLUMN && !is_within(r, n, f->operands[k].from) && r->families[f->operands[k].from].web == web;
        if (!touches) continue;
        several |= unit != CW_ROLL_NONE && unit != f->unit;
        unit = f->unit;
    }
    return phis <= 1 && stored <= (several ? 0 : 1);
}

static bool check_web(const struct liveness *l, uint32_t a) {
    const struct cw_roll *r = l->r;
    const struct cw_roll_family *f = &r->families[a];
    uint32_t block = cw_cfg_index(&l->cfg, f->block);
    for (uint32_t b = 0; b < r->family_count; b++) {
        const struct cw_roll_family *other = &r->families[b];
        if (b == a || !other->live || !other->stored || other->web != f->web) continue;
        if (*at(l, f->opcode == LLVMPHI ? l->in : l->out, b, block)) return false;
        if (!check_block(r, other->block, f->web)) return false;
    }
    for (uint32_t b = 0; b < l->cfg.count; b++)
        if (!check_block(r, l->cfg.blocks[b], f->web)) return false;
    return true;
}

/* What a phi begins with is stored where its way begins, which must lead nowhere else; as long as its operands are one value or the web's. */
static bool check_phi(const struct cw_roll *r, const struct cw_roll_family *f) {
    for (unsigned k = 0; k < f->operand_count; k++) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(f->list[0], k));
        if (f->operands[k].relation == CW_ROLL_PREVIOUS) return false;
        if (f->operands[k].relation == CW_ROLL_SAME && LLVMGetNumSuccessors(end) != 1) return false;
        if (f->operands[k].relation == CW_ROLL_SAME && cw_roll_find(r, cw_roll_operand(f, 0, k))) return false;
    }
    return true;
}

static bool check_webs(const struct cw_roll *r) {
    struct liveness l = {.r = r};
    bool fine = true;
    cw_cfg_build(&l.cfg, r->function);
    l.in = cw_alloc_array((size_t)r->family_count * l.cfg.count + 1, sizeof *l.in);
    l.out = cw_alloc_array((size_t)r->family_count * l.cfg.count + 1, sizeof *l.out);
    fine = find_live(&l);
    for (uint32_t n = 0; n < r->family_count && fine; n++) {
        const struct cw_roll_family *f = &r->families[n];
        if (!f->live || !f->stored) continue;
        bool bit = LLVMGetTypeKind(f->type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(f->type) % 8 != 0;
        fine = !bit && check_web(&l, n) && (f->opcode != LLVMPHI || check_phi(r, f));
    }
    free(l.in);
    free(l.out);
    cw_cfg_fini(&l.cfg);
    return fine;
}

bool cw_roll_settle(struct cw_roll *r) {
    number(r);
    for (uint32_t unit = 0; unit < r->unit_count; unit++)
        if (!check_unit(r, unit)) return false;
    return check_webs(r);
}
