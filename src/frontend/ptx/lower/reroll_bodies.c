/* SPDX-License-Identifier: Apache-2.0 */
/* reroll_bodies.c: whether the body of one loop is several times that of another; see reroll.c. */
#include <string.h>

#include "frontend/ptx/lower/reroll.h"
#include "frontend/ptx/lower/state.h"

/* ---- What loops carry ---- */

/* True if the phi goes along with i: its first value is a sum with i's, and it rises by as many steps. */
static bool rises_with_counter(struct cw_ptx_reroll *r, struct cw_ptx_loop *loop, struct cw_ptx_carried *c, uint64_t turns) {
    if (width(c->phi) != 32 && width(c->phi) != 64) return false;
    struct cw_ptx_view at_first = {NULL, cw_ptx_carried_of(loop, loop->counter)->first};
    if (LLVMIsAConstant(at_first.counter)) return false;
    struct cw_ptx_linear first = cw_ptx_sum_of(r, at_first, c->first, 0);
    if (first.none || !cw_ptx_counts(&first)) return false;
    c->role = CW_PTX_ROLE_RISING;
    struct cw_ptx_linear now = cw_ptx_sum_of(r, (struct cw_ptx_view){loop, loop->counter}, c->phi, 0), next = cw_ptx_sum_of(r, (struct cw_ptx_view){loop, loop->counter}, c->next, 0);
    struct cw_ptx_linear wanted = cw_ptx_after_turns(r, now, turns);
    if (!next.none && cw_ptx_linear_equal(&next, &wanted, width(c->phi))) return true;
    c->role = CW_PTX_ROLE_UNKNOWN;
    return false;
}

/* Pairs what `long` takes over from `short` by way of a phi in `middle`. */
static bool pair(struct cw_ptx_reroll *r, struct cw_ptx_carried *to) {
    LLVMValueRef middle = to->first;
    if (!is_in(middle, r->middle) || !LLVMIsAPHINode(middle)) return false;
    for (unsigned i = 0; i < r->brief.count; i++) {
        struct cw_ptx_carried *from = &r->brief.carried[i];
        if (from->role != CW_PTX_ROLE_UNKNOWN || incoming(middle, r->brief.block) != from->next || incoming(middle, r->before) != from->first) continue;
        from->role = to->role = CW_PTX_ROLE_CARRIED;
        from->middle = middle;
        from->partner = from->now = to->phi;
        to->partner = from->phi;
        return true;
    }
    return false;
}

static bool classify(struct cw_ptx_reroll *r) {
    for (unsigned i = 0; i < r->unrolled.count; i++) {
        struct cw_ptx_carried *c = &r->unrolled.carried[i];
        if (c->role == CW_PTX_ROLE_UNKNOWN && !pair(r, c) && !rises_with_counter(r, &r->unrolled, c, r->copies)) return false;
    }
    for (unsigned i = 0; i < r->brief.count; i++) {
        struct cw_ptx_carried *c = &r->brief.carried[i];
        if (c->role == CW_PTX_ROLE_UNKNOWN && !rises_with_counter(r, &r->brief, c, 1)) return false;
        if (c->role != CW_PTX_ROLE_CARRIED || (width(c->phi) != 32 && width(c->phi) != 64)) continue;
        struct cw_ptx_linear next = cw_ptx_sum_of(r, (struct cw_ptx_view){&r->brief, r->brief.counter}, c->next, 0), self = cw_ptx_linear_atom(c->now, CW_PTX_ATOM_VALUE);
        c->step = cw_ptx_linear_add(next, &self, UINT64_MAX);
        c->rises = !next.none && !cw_ptx_counts(&c->step) && cw_ptx_linear_factor(&next, c->now, CW_PTX_ATOM_VALUE) == 1;
        for (unsigned k = 0; k < c->step.count && c->rises; k++) c->rises = !is_in(c->step.terms[k].value, r->unrolled.block);
    }
    return true;
}

/* ---- The bodies ---- */

static bool is_access(LLVMValueRef i) {
    return opcode_of(i) == LLVMLoad || opcode_of(i) == LLVMStore;
}

unsigned cw_ptx_place_of(const struct cw_ptx_reroll *r, LLVMValueRef value) {
    for (unsigned i = 0; i < r->size; i++)
        if (r->body[i] == value) return i;
    return CW_PTX_BODY_MAX;
}

static bool matches(struct cw_ptx_reroll *r, LLVMValueRef value, LLVMValueRef there, unsigned depth);

static bool have_equal_operands(struct cw_ptx_reroll *r, LLVMValueRef value, LLVMValueRef there, unsigned depth) {
    unsigned count = LLVMIsACallInst(value) ? LLVMGetNumArgOperands(value) : (unsigned)LLVMGetNumOperands(value);
    LLVMOpcode opcode = opcode_of(value);
    bool commutes = opcode == LLVMFAdd || opcode == LLVMFMul || opcode == LLVMAnd || opcode == LLVMOr || opcode == LLVMXor || opcode == LLVMMul ||
                    (LLVMIsACallInst(value) && count == 3 && strncmp(cw_value_name(cw_called_function(value)), "llvm.fma", 8) == 0);
    bool same = true, crossed = commutes;
    for (unsigned k = 0; k < count && same; k++) same = matches(r, operand(value, k), operand(there, k), depth + 1);
    for (unsigned k = 0; k < count && crossed && !same; k++) crossed = matches(r, operand(value, k), operand(there, k < 2 ? 1 - k : k), depth + 1);
    return same || crossed;
}

static bool are_equal_sums(struct cw_ptx_reroll *r, LLVMValueRef value, LLVMValueRef there) {
    if (width(value) != width(there) || (width(value) != 32 && width(value) != 64)) return false;
    struct cw_ptx_linear here = cw_ptx_sum_of(r, (struct cw_ptx_view){&r->brief, r->brief.counter}, value, 0);
    if (here.none) return false;
    struct cw_ptx_linear other = cw_ptx_sum_of(r, (struct cw_ptx_view){&r->unrolled, r->unrolled.counter}, there, 0);
    here = cw_ptx_after_turns(r, here, r->copy);
    return !here.none && cw_ptx_linear_equal(&here, &other, width(value));
}

/* True if `there`, in `long`, is what `value`, of `short`, is in this copy. */
static bool matches(struct cw_ptx_reroll *r, LLVMValueRef value, LLVMValueRef there, unsigned depth) {
    if (depth > CW_PTX_REROLL_DEPTH_MAX || r->steps++ > CW_PTX_REROLL_STEPS_MAX || LLVMTypeOf(value) != LLVMTypeOf(there)) return false;
    bool inside = is_in(value, r->brief.block);
    unsigned place = inside ? cw_ptx_place_of(r, value) : CW_PTX_BODY_MAX;
    if (!inside && value == there) return true;
    if (place != CW_PTX_BODY_MAX && r->mapped[place] == there) return true;
    if (are_equal_sums(r, value, there)) return true;
    if (inside && LLVMIsAPHINode(value)) {
        const struct cw_ptx_carried *c = cw_ptx_carried_of(&r->brief, value);
        return c->role == CW_PTX_ROLE_CARRIED && c->now == there;
    }
    if (!cw_ptx_is_pure_value(value) || !LLVMIsAInstruction(there) || !cw_ptx_is_same_operation(value, there) || (inside && !is_in(there, r->unrolled.block) && r->copy)) return false;
    if (!have_equal_operands(r, value, there, depth)) return false;
    if (place != CW_PTX_BODY_MAX && !r->mapped[place]) r->mapped[place] = there;
    return true;
}

static bool is_same_access(struct cw_ptx_reroll *r, LLVMValueRef access, LLVMValueRef there) {
    if (opcode_of(access) != opcode_of(there) || LLVMGetVolatile(there) || LLVMGetOrdering(there) != LLVMAtomicOrderingNotAtomic) return false;
    if (opcode_of(access) == LLVMLoad) return LLVMTypeOf(access) == LLVMTypeOf(there) && matches(r, operand(access, 0), operand(there, 0), 0);
    return matches(r, operand(access, 0), operand(there, 0), 0) && matches(r, operand(access, 1), operand(there, 1), 0);
}

/* Lists a body's accesses; false if it has anything else that is not pure. */
static bool read_body(LLVMBasicBlockRef block, LLVMValueRef *accesses, unsigned room, unsigned *count, bool *stores) {
    *count = 0;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
        if (LLVMIsAPHINode(i) || LLVMIsATerminatorInst(i) || cw_ptx_is_pure_value(i)) continue;
        if (!is_access(i) || *count == room || LLVMGetVolatile(i) || LLVMGetOrdering(i) != LLVMAtomicOrderingNotAtomic) return false;
        *stores |= opcode_of(i) == LLVMStore;
        accesses[(*count)++] = i;
    }
    return true;
}

static bool find_access(struct cw_ptx_reroll *r, LLVMValueRef access, LLVMValueRef *list, unsigned first, unsigned last) {
    for (unsigned i = first; i < last; i++) {
        if (!list[i] || !is_same_access(r, access, list[i])) continue;
        unsigned place = cw_ptx_place_of(r, access);
        if (opcode_of(access) == LLVMLoad && place != CW_PTX_BODY_MAX) r->mapped[place] = list[i];
        list[i] = NULL;
        return true;
    }
    return false;
}

/* The value in `long` that is `value`, of `short`, in this copy; NULL if there is none. */
static LLVMValueRef find_match(struct cw_ptx_reroll *r, LLVMValueRef value) {
    const struct cw_ptx_carried *c = is_in(value, r->brief.block) ? cw_ptx_carried_of(&r->brief, value) : NULL;
    if (!is_in(value, r->brief.block)) return value;
    if (c) return c->role == CW_PTX_ROLE_CARRIED && !c->rises ? c->now : NULL;
    unsigned place = cw_ptx_place_of(r, value);
    if (place != CW_PTX_BODY_MAX && r->mapped[place]) return r->mapped[place];
    for (LLVMValueRef i = LLVMGetFirstInstruction(r->unrolled.block); i; i = LLVMGetNextInstruction(i))
        if (cw_ptx_is_same_operation(value, i) && matches(r, value, i, 0)) return i;
    return NULL;
}

/* Takes what is carried on to the next copy; after the last one it must be what `long` carries on. */
static bool carry_on(struct cw_ptx_reroll *r) {
    LLVMValueRef next[CW_PTX_CARRIED_MAX] = {NULL};
    bool last = r->copy + 1 == r->copies;
    for (unsigned i = 0; i < r->brief.count; i++) {
        struct cw_ptx_carried *c = &r->brief.carried[i];
        if (c->role != CW_PTX_ROLE_CARRIED || c->rises) continue;
        const struct cw_ptx_carried *there = cw_ptx_carried_of(&r->unrolled, c->partner);
        next[i] = last && matches(r, c->next, there->next, 0) ? there->next : last ? NULL : find_match(r, c->next);
        if (!next[i]) return false;
    }
    for (unsigned i = 0; i < r->brief.count; i++)
        if (next[i]) r->brief.carried[i].now = next[i];
    return true;
}

/* What rises has risen by the steps of all copies. */
static bool has_risen(struct cw_ptx_reroll *r) {
    struct cw_ptx_view there = {&r->unrolled, r->unrolled.counter};
    const struct cw_ptx_carried *counter = cw_ptx_carried_of(&r->unrolled, r->unrolled.counter);
    struct cw_ptx_linear next = cw_ptx_sum_of(r, there, counter->next, 0), wanted = cw_ptx_after_turns(r, cw_ptx_linear_atom(NULL, CW_PTX_ATOM_VALUE), r->copies);
    bool risen = !next.none && cw_ptx_linear_equal(&next, &wanted, 32);
    for (unsigned i = 0; i < r->brief.count && risen; i++) {
        const struct cw_ptx_carried *c = &r->brief.carried[i];
        if (c->role != CW_PTX_ROLE_CARRIED || !c->rises) continue;
        next = cw_ptx_sum_of(r, there, cw_ptx_carried_of(&r->unrolled, c->partner)->next, 0);
        wanted = cw_ptx_linear_add(cw_ptx_linear_atom(c->partner, CW_PTX_ATOM_VALUE), &c->step, r->copies);
        risen = !next.none && cw_ptx_linear_equal(&next, &wanted, width(c->phi));
    }
    return risen;
}

bool cw_ptx_is_unrolled(struct cw_ptx_reroll *r) {
    LLVMValueRef brief[CW_PTX_BODY_MAX], unrolled[CW_PTX_BODY_MAX * 4];
    unsigned count, count_there;
    bool stores = false, stores_there = false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(r->brief.block); i; i = LLVMGetNextInstruction(i)) {
        if (r->size == CW_PTX_BODY_MAX) return false;
        r->body[r->size++] = i;
    }
    if (!read_body(r->brief.block, brief, CW_PTX_BODY_MAX, &count, &stores) || !read_body(r->unrolled.block, unrolled, CW_PTX_BODY_MAX * 4, &count_there, &stores_there))
        return false;
    if (count_there != count * r->copies || !classify(r)) return false;
    for (r->copy = 0; r->copy < r->copies; r->copy++) {
        memset(r->mapped, 0, sizeof r->mapped);
        for (unsigned i = 0; i < count; i++) {
            unsigned place = r->copy * count + i;
            if (!find_access(r, brief[i], unrolled, stores ? place : 0, stores ? place + 1 : count_there)) return false;
        }
        if (!carry_on(r)) return false;
    }
    return has_risen(r);
}
