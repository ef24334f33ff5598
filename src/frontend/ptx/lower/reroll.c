/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reroll.c: loops that were unrolled at run time become one loop again. nvcc turns
 *     for (i = first; i < end; i += step) body
 * into a loop of count % 4 turns and one of four bodies a turn. Threads of a warp have counts that differ by one, so that in
 * the second loop they are at different elements, and what would be neighbours' accesses are gathers, here and on hardware that runs
 * them in lockstep alike. In one loop they stay side by side.
 *
 *     before:  first < end;  count = (max(end, first + step) - first - 1) / step + 1;  left = count % copies;  left == 0 ? middle : short
 *     short:   body; i += step;  --left != 0 ? short : middle                                             (one block)
 *     middle:  count - 1 < copies - 1 ? behind : long
 *     long:    body for i, i + step, ...; i += copies * step;  i < end ? long : behind                    (one block)
 * becomes
 *     short:   body; i += step;  i < end ? short : behind
 *
 * Shown before it is done: that count is that formula (as sums, linear.h); that `long` is `copies` times `short`, access by access in
 * the same order (loads in any, when nothing is stored) and value by value, where counters that go along with i are written as sums
 * of i. Each thread does the same turns in the same order; sums of floats have the same bits.
 *
 * The formula is only the number of turns where i doesn't wrap around, and the copies' addresses (a pointer that rises by step, a distance from
 * the first copy's) are only those of the first body where an index, extended to 64 bits, doesn't either. Whoever wrote them knew
 * that. Compare J. Davidson and S. Jinturkar, "Memory Access Coalescing" (PLDI 1994), and LLVM's former loop rerolling, which
 * looked at one block and knew nothing of remainders.
 *
 * In SSA form, before pointers are recovered, so that addresses are integers.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/reroll.h"
#include "frontend/ptx/lower/state.h"

/* ---- Small questions ---- */

/* A branch's comparison, as it is when the way to `to` is taken. */
struct comparison {
    LLVMIntPredicate predicate;
    LLVMValueRef a, b;
};

static LLVMIntPredicate inverse(LLVMIntPredicate predicate) {
    switch (predicate) {
    case LLVMIntEQ: return LLVMIntNE;
    case LLVMIntNE: return LLVMIntEQ;
    case LLVMIntUGT: return LLVMIntULE;
    case LLVMIntUGE: return LLVMIntULT;
    case LLVMIntULT: return LLVMIntUGE;
    case LLVMIntULE: return LLVMIntUGT;
    case LLVMIntSGT: return LLVMIntSLE;
    case LLVMIntSGE: return LLVMIntSLT;
    case LLVMIntSLT: return LLVMIntSGE;
    default: return LLVMIntSGT;
    }
}

static bool branch_compares(LLVMBasicBlockRef block, LLVMBasicBlockRef to, struct comparison *c) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    if (opcode_of(end) != LLVMBr || !LLVMIsConditional(end) || LLVMGetSuccessor(end, 0) == LLVMGetSuccessor(end, 1)) return false;
    bool inverted = LLVMGetSuccessor(end, 1) == to;
    if (!inverted && LLVMGetSuccessor(end, 0) != to) return false;
    LLVMValueRef condition = LLVMGetCondition(end);
    while (opcode_of(condition) == LLVMXor && LLVMIsAConstantInt(operand(condition, 1)) && width(condition) == 1) {
        inverted ^= LLVMConstIntGetZExtValue(operand(condition, 1)) != 0;
        condition = operand(condition, 0);
    }
    if (opcode_of(condition) != LLVMICmp) return false;
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(condition);
    *c = (struct comparison){inverted ? inverse(predicate) : predicate, operand(condition, 0), operand(condition, 1)};
    return true;
}

/* The blocks that branch to `block`; the number of them, or more than `room` if there are more. */
static unsigned predecessors(LLVMBasicBlockRef block, LLVMBasicBlockRef *list, unsigned room) {
    unsigned count = 0;
    for (LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsATerminatorInst(user)) return room + 1;
        LLVMBasicBlockRef from = LLVMGetInstructionParent(user);
        bool known = false;
        for (unsigned i = 0; i < count && i < room; i++) known |= list[i] == from;
        if (known) continue;
        if (count < room) list[count] = from;
        count++;
    }
    return count;
}

static LLVMBasicBlockRef other_predecessor(LLVMBasicBlockRef block, LLVMBasicBlockRef one) {
    LLVMBasicBlockRef list[2];
    if (predecessors(block, list, 2) != 2 || (list[0] != one && list[1] != one)) return NULL;
    return list[0] == one ? list[1] : list[0];
}

/* ---- The shape ---- */

static bool read_loop(struct cw_ptx_loop *loop) {
    for (LLVMValueRef phi = LLVMGetFirstInstruction(loop->block); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        if (loop->count == CW_PTX_CARRIED_MAX) return false;
        struct cw_ptx_carried *c = &loop->carried[loop->count++];
        *c = (struct cw_ptx_carried){.phi = phi, .first = incoming(phi, loop->entered_from), .next = incoming(phi, loop->block)};
        if (!c->first || !c->next) return false;
    }
    return true;
}

/* The way on from a block that ends in a jump, or that may leave for `not_this`; NULL if there are more. */
static LLVMBasicBlockRef way_out(LLVMBasicBlockRef block, LLVMBasicBlockRef not_this) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    if (opcode_of(end) != LLVMBr || LLVMGetNumSuccessors(end) != 2) return NULL;
    LLVMBasicBlockRef a = LLVMGetSuccessor(end, 0), b = LLVMGetSuccessor(end, 1);
    return a == b ? NULL : a == not_this ? b : b == not_this ? a : NULL;
}

static bool jumps(LLVMBasicBlockRef block) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    return opcode_of(end) == LLVMBr && LLVMGetNumSuccessors(end) == 1;
}

/* The only block that branches to one that only jumps on; else the block itself. */
static LLVMBasicBlockRef above(LLVMBasicBlockRef block) {
    LLVMBasicBlockRef from;
    return jumps(block) && predecessors(block, &from, 1) == 1 ? from : block;
}

static bool is_loop(LLVMBasicBlockRef block) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    return opcode_of(end) == LLVMBr && LLVMGetNumSuccessors(end) == 2 && (LLVMGetSuccessor(end, 0) == block) != (LLVMGetSuccessor(end, 1) == block);
}

/* Finds the blocks around `block` if it may be `long`. */
static bool find_blocks(struct cw_ptx_reroll *r, LLVMBasicBlockRef block) {
    r->unrolled.block = block;
    r->unrolled.entered_from = is_loop(block) ? other_predecessor(block, block) : NULL;
    if (!r->unrolled.entered_from) return false;
    r->behind = way_out(block, block);
    r->middle = above(r->unrolled.entered_from);
    LLVMBasicBlockRef into = r->middle == r->unrolled.entered_from ? block : r->unrolled.entered_from;
    if (!r->behind || r->behind == r->middle || way_out(r->middle, into) != r->behind) return false;
    LLVMBasicBlockRef ways[2];
    if (predecessors(r->middle, ways, 2) != 2 || is_loop(ways[0]) == is_loop(ways[1])) return false;
    r->brief.block = is_loop(ways[0]) ? ways[0] : ways[1];
    r->before = is_loop(ways[0]) ? ways[1] : ways[0];
    r->brief.entered_from = other_predecessor(r->brief.block, r->brief.block);
    if (!r->brief.entered_from || (r->brief.entered_from != r->before && above(r->brief.entered_from) != r->before)) return false;
    if (r->before == r->brief.block || r->before == block || r->brief.block == block) return false;
    return read_loop(&r->brief) && read_loop(&r->unrolled);
}

static bool are_instructions_used_inside(const struct cw_ptx_reroll *r, LLVMBasicBlockRef block) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
        for (LLVMUseRef use = LLVMGetFirstUse(i); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef user = LLVMGetUser(use);
            if (is_in(user, r->brief.block) || is_in(user, r->middle) || is_in(user, r->unrolled.block) || is_in(user, r->unrolled.entered_from)) continue;
            if (!LLVMIsAPHINode(user) || !is_in(user, r->behind)) return false;
            for (unsigned k = 0; k < LLVMCountIncoming(user); k++) {
                LLVMBasicBlockRef from = LLVMGetIncomingBlock(user, k);
                if (LLVMGetIncomingValue(user, k) == i && from != r->middle && from != r->unrolled.block) return false;
            }
        }
    return true;
}

/* ---- The counts ---- */

static bool rises_by(LLVMValueRef next, LLVMValueRef phi, int64_t by) {
    return opcode_of(next) == LLVMAdd && operand(next, 0) == phi && LLVMIsAConstantInt(operand(next, 1)) && LLVMConstIntGetSExtValue(operand(next, 1)) == by;
}

/* left: a phi of `short` that counts down from what `before` compares with 0. */
static bool find_left(struct cw_ptx_reroll *r) {
    struct comparison goes_on, skips;
    if (!branch_compares(r->brief.block, r->brief.block, &goes_on) || goes_on.predicate != LLVMIntNE || !LLVMIsNull(goes_on.b)) return false;
    for (unsigned i = 0; i < r->brief.count; i++) {
        struct cw_ptx_carried *c = &r->brief.carried[i];
        if (c->next != goes_on.a || !rises_by(c->next, c->phi, -1)) continue;
        c->role = CW_PTX_ROLE_LEFT;
        r->left = c->first;
    }
    return r->left && branch_compares(r->before, r->middle, &skips) && skips.predicate == LLVMIntEQ && LLVMIsNull(skips.b) && skips.a == r->left;
}

/* x / step in left = (x / step + 1) & (copies - 1), or all of the count. */
static LLVMValueRef find_quotient(struct cw_ptx_reroll *r, bool *is_count) {
    uint64_t mask, one;
    if (opcode_of(r->left) != LLVMAnd || !constant(operand(r->left, 1), &mask) || (mask & (mask + 1)) || mask == 0 || mask >= CW_PTX_COPIES_MAX) return NULL;
    LLVMValueRef count = operand(r->left, 0);
    if (width(count) != 32) return NULL;
    r->copies = (unsigned)mask + 1;
    *is_count = opcode_of(count) != LLVMAdd || !constant(operand(count, 1), &one) || one != 1;
    return *is_count ? count : operand(count, 0);
}

/* i: the one whose next value `long` compares with the end, having begun with `middle`'s of `short`'s i. */
static bool find_counter(struct cw_ptx_reroll *r) {
    struct comparison goes_on;
    if (!branch_compares(r->unrolled.block, r->unrolled.block, &goes_on)) return false;
    if (goes_on.predicate != LLVMIntSLT && goes_on.predicate != LLVMIntULT) return false;
    r->is_signed = goes_on.predicate == LLVMIntSLT;
    for (unsigned i = 0; i < r->unrolled.count; i++) {
        struct cw_ptx_carried *c = &r->unrolled.carried[i];
        if ((c->next != goes_on.a && c->phi != goes_on.a) || width(c->phi) != 32 || !is_in(c->first, r->middle) || !LLVMIsAPHINode(c->first)) continue;
        LLVMValueRef next = incoming(c->first, r->brief.block);
        for (unsigned k = 0; k < r->brief.count; k++) {
            struct cw_ptx_carried *brief = &r->brief.carried[k];
            if (brief->next != next || opcode_of(next) != LLVMAdd || operand(next, 0) != brief->phi) continue;
            if (incoming(c->first, r->before) != brief->first) continue;
            c->role = brief->role = CW_PTX_ROLE_COUNTER;
            r->unrolled.counter = c->phi;
            r->brief.counter = brief->phi;
            r->first = brief->first;
            r->step = operand(next, 1);
            r->end = goes_on.b;
            if (c->phi != goes_on.a) return true;
            /* i + copies * step < end, written as i < end - copies * step. */
            uint64_t step;
            if (!LLVMIsAConstantInt(r->end) || !constant(r->step, &step)) return false;
            int64_t end = LLVMConstIntGetSExtValue(r->end) + (int64_t)(step * r->copies);
            if (!r->is_signed || end > INT32_MAX) return false;
            r->end = LLVMConstInt(r->i32, (uint64_t)end, 1);
            return true;
        }
    }
    return false;
}

/* True if `before` is only reached with first < end. */
static bool is_entered_below_end(struct cw_ptx_reroll *r) {
    LLVMBasicBlockRef block = r->before, from;
    struct comparison c;
    for (unsigned i = 0; i < 4 && predecessors(block, &from, 1) == 1; i++, block = from) {
        if (!branch_compares(from, block, &c)) continue;
        LLVMIntPredicate below = r->is_signed ? LLVMIntSLT : LLVMIntULT, up_to = r->is_signed ? LLVMIntSLE : LLVMIntULE;
        if (c.a == r->first && c.predicate == below && c.b == r->end) return true;
        uint64_t end, last;
        if (c.a == r->first && c.predicate == up_to && constant(r->end, &end) && constant(c.b, &last) && last + 1 == end) return true;
        if (c.b == r->first && c.a == r->end && c.predicate == (r->is_signed ? LLVMIntSGT : LLVMIntUGT)) return true;
    }
    return false;
}

static bool is_sum(struct cw_ptx_reroll *r, LLVMValueRef value, const struct cw_ptx_linear *wanted) {
    struct cw_ptx_linear sum = cw_ptx_plain_sum(r, value);
    return cw_ptx_linear_equal(&sum, wanted, 32);
}

/* max(a, b), where the two are `one` and `other`. */
static bool is_larger_of(struct cw_ptx_reroll *r, LLVMValueRef value, const struct cw_ptx_linear *one, const struct cw_ptx_linear *other) {
    LLVMValueRef callee = LLVMIsACallInst(value) ? cw_called_function(value) : NULL;
    if (!callee || strcmp(cw_value_name(callee), r->is_signed ? "llvm.smax.i32" : "llvm.umax.i32") != 0) return false;
    LLVMValueRef a = operand(value, 0), b = operand(value, 1);
    return (is_sum(r, a, one) && is_sum(r, b, other)) || (is_sum(r, a, other) && is_sum(r, b, one));
}

/* x + first + 1 is the end, or the larger of it and first + step, or the larger of first and end - step, and step. */
static bool is_distance(struct cw_ptx_reroll *r) {
    struct cw_ptx_linear first = cw_ptx_plain_sum(r, r->first), end = cw_ptx_plain_sum(r, r->end);
    struct cw_ptx_linear up_to = cw_ptx_linear_add(cw_ptx_linear_add(r->distance, &first, 1), &(struct cw_ptx_linear){.constant = 1}, 1);
    if (cw_ptx_linear_equal(&up_to, &end, 32)) return true;
    struct cw_ptx_linear second = cw_ptx_linear_add(first, &r->step_sum, 1), last = cw_ptx_linear_add(end, &r->step_sum, UINT64_MAX);
    for (unsigned i = 0; i < up_to.count && !up_to.none; i++) {
        LLVMValueRef larger = up_to.terms[i].value;
        struct cw_ptx_linear term = cw_ptx_linear_atom(larger, CW_PTX_ATOM_VALUE), rest = cw_ptx_linear_add(up_to, &term, UINT64_MAX);
        if (!larger || up_to.terms[i].kind != CW_PTX_ATOM_VALUE) continue;
        if (cw_ptx_linear_is(&rest, 0, 32) && is_larger_of(r, larger, &end, &second)) return true;
        if (cw_ptx_linear_equal(&rest, &r->step_sum, 32) && is_larger_of(r, larger, &first, &last)) return true;
    }
    return false;
}

/* `middle` leaves out `long` exactly when count < copies: x / step < copies - 1, or x < (copies - 1) * step. */
static bool is_guarded(struct cw_ptx_reroll *r, LLVMValueRef quotient) {
    struct comparison c;
    uint64_t step, limit;
    if (!branch_compares(r->middle, r->behind, &c) || c.predicate != LLVMIntULT || !constant(c.b, &limit) || width(c.a) != 32) return false;
    if (c.a == quotient) return limit == r->copies - 1;
    struct cw_ptx_linear sum = cw_ptx_plain_sum(r, c.a);
    return !sum.none && cw_ptx_linear_equal(&sum, &r->distance, 32) && constant(r->step, &step) && limit == (r->copies - 1) * step;
}

static bool is_counted(struct cw_ptx_reroll *r) {
    uint64_t step = 0, shift;
    bool is_count;
    LLVMValueRef quotient = find_left(r) ? find_quotient(r, &is_count) : NULL;
    if (!quotient || !find_counter(r)) return false;
    if (is_in(r->step, r->brief.block) || is_in(r->end, r->unrolled.block)) return false;
    if (constant(r->step, &step) && (step == 0 || step > 1u << 20)) return false;
    r->step_sum = cw_ptx_plain_sum(r, r->step);
    r->from_zero = cw_ptx_is_never_negative(r->first) && cw_ptx_is_never_negative(r->step);
    bool divides = (opcode_of(quotient) == LLVMLShr && step > 1 && constant(operand(quotient, 1), &shift) && shift < 32 && step == UINT64_C(1) << shift) ||
                   (opcode_of(quotient) == LLVMUDiv && operand(quotient, 1) == r->step);
    if (divides == (step == 1) || (is_count && step != 1)) return false;
    r->distance = cw_ptx_plain_sum(r, divides ? operand(quotient, 0) : quotient);
    if (is_count) r->distance.constant -= 1;
    return !r->distance.none && is_entered_below_end(r) && is_distance(r) && is_guarded(r, quotient);
}

/* ---- One loop ---- */

/* What a phi of `behind` gets from `short` when that runs all turns; NULL if it is not known. */
static LLVMValueRef result_of(const struct cw_ptx_reroll *r, LLVMValueRef phi) {
    LLVMValueRef middle = incoming(phi, r->middle), last = incoming(phi, r->unrolled.block);
    for (unsigned i = 0; i < r->brief.count; i++) {
        const struct cw_ptx_carried *c = &r->brief.carried[i];
        const struct cw_ptx_carried *there = c->role == CW_PTX_ROLE_CARRIED ? cw_ptx_carried_of(&r->unrolled, c->partner) : c->role == CW_PTX_ROLE_COUNTER ? cw_ptx_carried_of(&r->unrolled, r->unrolled.counter) : NULL;
        if (there && there->first == middle && there->next == last) return c->next;
    }
    bool inside = is_in(middle, r->middle) || is_in(middle, r->brief.block) || is_in(middle, r->unrolled.entered_from);
    return middle == last && !inside ? middle : NULL;
}

/* True if nothing is lost with the block. */
static bool only_computes(LLVMBasicBlockRef block) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
        if (!LLVMIsAPHINode(i) && !LLVMIsATerminatorInst(i) && !cw_ptx_is_pure_value(i) && (!LLVMIsALoadInst(i) || LLVMGetVolatile(i))) return false;
    return true;
}

static bool has_results(const struct cw_ptx_reroll *r) {
    if (!only_computes(r->middle) || !only_computes(r->unrolled.entered_from)) return false;
    for (LLVMValueRef phi = LLVMGetFirstInstruction(r->behind); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
        if (!result_of(r, phi)) return false;
    return are_instructions_used_inside(r, r->brief.block) && are_instructions_used_inside(r, r->middle) &&
           are_instructions_used_inside(r, r->unrolled.block) &&
           are_instructions_used_inside(r, r->unrolled.entered_from);
}

/* The end of `block` becomes a jump to `to`, in a form that keeps its other ways, whose phis simplifycfg then mends. */
static void lead(LLVMBuilderRef builder, LLVMBasicBlockRef block, LLVMBasicBlockRef to, LLVMTypeRef i32) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    unsigned count = LLVMGetNumSuccessors(end), number = 1;
    LLVMPositionBuilderBefore(builder, end);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(end));
    LLVMValueRef choice = LLVMBuildSwitch(builder, LLVMConstNull(i32), to, count);
    for (unsigned i = 0; i < count; i++)
        if (LLVMGetSuccessor(end, i) != to) LLVMAddCase(choice, LLVMConstInt(i32, number++, 0), LLVMGetSuccessor(end, i));
    LLVMInstructionEraseFromParent(end);
}

static LLVMValueRef copied(const struct cw_ptx_reroll *r, LLVMValueRef *copies, LLVMValueRef value) {
    unsigned place = is_in(value, r->brief.block) ? cw_ptx_place_of(r, value) : CW_PTX_BODY_MAX;
    return place == CW_PTX_BODY_MAX ? value : copies[place];
}

/* A copy of `short` that runs all turns; what is left without a way to it goes with the next simplification. */
static void rewrite(struct cw_ptx_reroll *r) {
    LLVMContextRef context = LLVMGetTypeContext(r->i32);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMBasicBlockRef block = LLVMInsertBasicBlockInContext(context, r->brief.block, "");
    LLVMValueRef copies[CW_PTX_BODY_MAX];
    LLVMPositionBuilderAtEnd(builder, block);
    for (unsigned i = 0; i + 1 < r->size; i++) {
        bool phi = LLVMIsAPHINode(r->body[i]);
        copies[i] = phi ? LLVMBuildPhi(builder, LLVMTypeOf(r->body[i]), "") : LLVMInstructionClone(r->body[i]);
        if (!phi) LLVMInsertIntoBuilder(builder, copies[i]);
        LLVMInstructionSetDebugLoc(copies[i], LLVMInstructionGetDebugLoc(r->body[i]));
    }
    for (unsigned i = 0; i + 1 < r->size; i++) {
        if (LLVMIsAPHINode(copies[i])) {
            const struct cw_ptx_carried *c = cw_ptx_carried_of(&r->brief, r->body[i]);
            LLVMValueRef values[] = {c->first, copied(r, copies, c->next)};
            LLVMBasicBlockRef from[] = {r->brief.entered_from, block};
            LLVMAddIncoming(copies[i], values, from, 2);
            continue;
        }
        for (int k = 0; k < LLVMGetNumOperands(copies[i]); k++)
            LLVMSetOperand(copies[i], (unsigned)k, copied(r, copies, LLVMGetOperand(copies[i], (unsigned)k)));
    }
    LLVMValueRef next = copied(r, copies, cw_ptx_carried_of(&r->brief, r->brief.counter)->next);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(r->body[r->size - 1]));
    LLVMBuildCondBr(builder, LLVMBuildICmp(builder, r->is_signed ? LLVMIntSLT : LLVMIntULT, next, r->end, ""), block, r->behind);
    for (LLVMValueRef phi = LLVMGetFirstInstruction(r->behind); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        LLVMValueRef value = copied(r, copies, result_of(r, phi));
        LLVMAddIncoming(phi, &value, &block, 1);
    }
    if (r->before != r->brief.entered_from) lead(builder, r->before, r->brief.entered_from, r->i32);
    lead(builder, r->brief.entered_from, block, r->i32);
    LLVMDisposeBuilder(builder);
}

/* Threads of a warp may have different counts. */
static bool depends_on_thread(LLVMValueRef value, unsigned depth) {
    if (!LLVMIsAInstruction(value) || depth > 24 || LLVMIsAPHINode(value) || LLVMIsALoadInst(value)) return false;
    if (LLVMIsACallInst(value)) {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(value);
        if (intrinsic == CW_INTRINSIC_TID_X || intrinsic == CW_INTRINSIC_TID_Y || intrinsic == CW_INTRINSIC_TID_Z || intrinsic == CW_INTRINSIC_LANEID)
            return true;
    }
    for (int k = 0; k < LLVMGetNumOperands(value); k++)
        if (depends_on_thread(LLVMGetOperand(value, (unsigned)k), depth + 1)) return true;
    return false;
}

static bool reroll(LLVMBasicBlockRef block) {
    struct cw_ptx_reroll *r = cw_alloc(sizeof *r);
    memset(r, 0, sizeof *r);
    r->i32 = LLVMInt32TypeInContext(LLVMGetModuleContext(LLVMGetGlobalParent(LLVMGetBasicBlockParent(block))));
    bool found = find_blocks(r, block) && is_counted(r) && depends_on_thread(r->left, 0) && cw_ptx_is_unrolled(r) && has_results(r);
    if (found) rewrite(r);
    free(r);
    return found;
}

bool cw_ptx_reroll(LLVMValueRef function) {
    bool any = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) any |= reroll(block);
    return any;
}
