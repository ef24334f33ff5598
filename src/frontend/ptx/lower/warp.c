/* SPDX-License-Identifier: Apache-2.0 */
/* warp.c: barriers and warp collectives (PTX ISA 9.7.13.1, .2, .8 to .14, and shfl). */
#include "frontend/ptx/lower/state.h"

static LLVMValueRef is_set(struct cw_ptx_lowering *l, LLVMValueRef word) {
    return LLVMBuildICmp(l->builder, LLVMIntNE, word, LLVMConstNull(LLVMTypeOf(word)), "");
}

static bool is_there(const struct cw_ptx_operand *operand) {
    return operand->kind != CW_PTX_OPERAND_NONE;
}

/* ---- Barriers ---- */

static bool is_zero(const struct cw_ptx_operand *operand) {
    return operand->kind == CW_PTX_OPERAND_INTEGER && operand->bits == 0;
}

/* Barriers other than 0, and those of some of the block's threads, sum in a word of shared memory (library/ptx/warp.c). */
static LLVMValueRef cells(struct cw_ptx_lowering *l) {
    static const char name[] = "cw.barrier.cells";
    LLVMValueRef global = LLVMGetNamedGlobal(l->llvm, name);
    if (!global) {
        LLVMTypeRef type = LLVMArrayType2(l->i32, 16);
        global = LLVMAddGlobalInAddressSpace(l->llvm, type, name, CW_SPACE_SHARED);
        LLVMSetInitializer(global, LLVMGetUndef(type));
        LLVMSetLinkage(global, LLVMInternalLinkage);
        LLVMSetAlignment(global, 16);
    }
    return LLVMBuildAddrSpaceCast(l->builder, global, l->pointer, "");
}

static void reduce_some(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, enum cw_ptx_word op) {
    LLVMValueRef predicate = cw_ptx_read(l, &i->operands[3], CW_PTX_PRED);
    if (op == CW_PTX_AND) predicate = LLVMBuildNot(l->builder, predicate, ""); /* true of all where it is false of none */
    LLVMValueRef arguments[] = {cells(l), cw_ptx_read(l, &i->operands[1], CW_PTX_U32), LLVMConstNull(l->i32), cw_ptx_resize(l, predicate, 32, false)};
    if (is_there(&i->operands[2])) arguments[2] = cw_ptx_read(l, &i->operands[2], CW_PTX_U32);
    LLVMValueRef sum = cw_ptx_helper(l, "warp_reduce_at", l->i32, arguments, 4);
    LLVMValueRef any = is_set(l, sum);
    cw_ptx_write(l, &i->operands[0], op == CW_PTX_POPC ? sum : op == CW_PTX_OR ? any : LLVMBuildNot(l->builder, any, ""), false);
}

static void reduce_at_barrier(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word op = cw_ptx_modifier(i, CW_PTX_SLOT_OP);
    if (!is_zero(&i->operands[1]) || is_there(&i->operands[2])) {
        reduce_some(l, i, op);
        return;
    }
    enum cw_intrinsic word = op == CW_PTX_AND ? CW_INTRINSIC_BARRIER_AND : op == CW_PTX_OR ? CW_INTRINSIC_BARRIER_OR : CW_INTRINSIC_BARRIER_POPC;
    LLVMValueRef predicate = cw_ptx_resize(l, cw_ptx_read(l, &i->operands[3], CW_PTX_PRED), 32, false);
    LLVMValueRef result = cw_ptx_word_call(l, word, &predicate, 1);
    cw_ptx_write(l, &i->operands[0], op == CW_PTX_POPC ? result : is_set(l, result), false);
}

void cw_ptx_lower_bar(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (i->form == CW_PTX_FORM_BAR_WARP_SYNC) {
        LLVMValueRef mask = cw_ptx_read(l, &i->operands[0], CW_PTX_B32);
        cw_ptx_word_call(l, CW_INTRINSIC_WARP_SYNC, &mask, 1);
        return;
    }
    if (cw_ptx_has(i, CW_PTX_CLUSTER)) {
        /* Every arrival releases what was written before it: relaxed ones are allowed to. */
        cw_ptx_word_call(l, i->form == CW_PTX_FORM_BARRIER_CLUSTER_WAIT ? CW_INTRINSIC_CLUSTER_WAIT : CW_INTRINSIC_CLUSTER_ARRIVE, NULL, 0);
        return;
    }
    if (cw_ptx_has(i, CW_PTX_RED)) {
        reduce_at_barrier(l, i);
        return;
    }
    LLVMValueRef arguments[] = {cw_ptx_read(l, &i->operands[0], CW_PTX_U32), LLVMConstNull(l->i32)};
    if (is_there(&i->operands[1])) arguments[1] = cw_ptx_read(l, &i->operands[1], CW_PTX_U32);
    cw_ptx_word_call(l, cw_ptx_has(i, CW_PTX_ARRIVE) ? CW_INTRINSIC_BARRIER_ARRIVE : CW_INTRINSIC_BARRIER, arguments, 2);
}

/* ---- Votes, matches, reductions ---- */

/* The member mask of a .sync form; without it, the lanes that have come here together. */
static LLVMValueRef member_mask(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    if (cw_ptx_has(i, CW_PTX_SYNC)) return cw_ptx_read(l, &i->operands[n], CW_PTX_B32);
    return cw_ptx_word_call(l, CW_INTRINSIC_ACTIVEMASK, NULL, 0);
}

void cw_ptx_lower_vote(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_intrinsic word;
    enum cw_ptx_word op = cw_ptx_modifier(i, CW_PTX_SLOT_OP);
    switch (op) {
    case CW_PTX_ALL: word = CW_INTRINSIC_VOTE_ALL; break;
    case CW_PTX_ANY: word = CW_INTRINSIC_VOTE_ANY; break;
    case CW_PTX_UNI: word = CW_INTRINSIC_VOTE_UNI; break;
    default: word = CW_INTRINSIC_VOTE_BALLOT; break;
    }
    LLVMValueRef arguments[] = {member_mask(l, i, 2), cw_ptx_resize(l, cw_ptx_read(l, &i->operands[1], CW_PTX_PRED), 32, false)};
    LLVMValueRef result = cw_ptx_word_call(l, word, arguments, 2);
    cw_ptx_write(l, &i->operands[0], op == CW_PTX_BALLOT ? result : is_set(l, result), false);
}

void cw_ptx_lower_match(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    bool all = cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_ALL, wide = i->types[0] == CW_PTX_B64;
    enum cw_intrinsic word = all ? (wide ? CW_INTRINSIC_MATCH_ALL_B64 : CW_INTRINSIC_MATCH_ALL)
                                 : (wide ? CW_INTRINSIC_MATCH_ANY_B64 : CW_INTRINSIC_MATCH_ANY);
    LLVMValueRef arguments[] = {cw_ptx_read(l, &i->operands[2], CW_PTX_B32), cw_ptx_read(l, &i->operands[1], i->types[0])};
    LLVMValueRef result = cw_ptx_word_call(l, word, arguments, 2);
    cw_ptx_write(l, &i->operands[0], result, false);
    if (all) cw_ptx_write_second(l, &i->operands[0], is_set(l, result));
}

void cw_ptx_lower_redux(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    enum cw_intrinsic word;
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_OP)) {
    case CW_PTX_ADD: word = CW_INTRINSIC_REDUX_ADD; break;
    case CW_PTX_MIN: word = is_signed ? CW_INTRINSIC_REDUX_MIN : CW_INTRINSIC_REDUX_UMIN; break;
    case CW_PTX_MAX: word = is_signed ? CW_INTRINSIC_REDUX_MAX : CW_INTRINSIC_REDUX_UMAX; break;
    case CW_PTX_AND: word = CW_INTRINSIC_REDUX_AND; break;
    case CW_PTX_OR: word = CW_INTRINSIC_REDUX_OR; break;
    default: word = CW_INTRINSIC_REDUX_XOR; break;
    }
    LLVMValueRef arguments[] = {cw_ptx_read(l, &i->operands[2], CW_PTX_B32), cw_ptx_read(l, &i->operands[1], CW_PTX_B32)};
    cw_ptx_write(l, &i->operands[0], cw_ptx_word_call(l, word, arguments, 2), false);
}

void cw_ptx_lower_activemask(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_write(l, &i->operands[0], cw_ptx_word_call(l, CW_INTRINSIC_ACTIVEMASK, NULL, 0), false);
}

/* The lowest of the lanes that take part is elected. */
void cw_ptx_lower_elect(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {cw_ptx_read(l, &i->operands[1], CW_PTX_B32), cw_ptx_i32(l, 1)};
    LLVMValueRef lanes = cw_ptx_word_call(l, CW_INTRINSIC_VOTE_BALLOT, arguments, 2);
    LLVMValueRef leader = cw_ptx_llvm(l, "llvm.cttz", l->i32, (LLVMValueRef[]){lanes, LLVMConstNull(l->i1)}, 2);
    LLVMValueRef own = cw_ptx_word_call(l, CW_INTRINSIC_LANEID, NULL, 0);
    cw_ptx_write(l, &i->operands[0], leader, false);
    cw_ptx_write_second(l, &i->operands[0], LLVMBuildICmp(l->builder, LLVMIntEQ, own, leader, ""));
}

/* ---- shfl ---- */

enum mode { UP, DOWN, BUTTERFLY, INDEX };

static enum mode mode_of(const struct cw_ptx_instruction *i) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_MODE)) {
    case CW_PTX_UP: return UP;
    case CW_PTX_DOWN: return DOWN;
    case CW_PTX_BFLY: return BUTTERFLY;
    default: return INDEX;
    }
}

/* The width of the segments if operand c is what CUDA C++'s functions make of one, else 0. */
static unsigned width_of(const struct cw_ptx_operand *c, enum mode mode) {
    if (c->kind != CW_PTX_OPERAND_INTEGER) return 0;
    unsigned clamp = (unsigned)c->bits & 31u, width = 32u - ((unsigned)(c->bits >> 8) & 31u);
    bool is_power = (width & (width - 1u)) == 0;
    return is_power && clamp == (mode == UP ? 0u : 31u) ? width : 0;
}

/* Whether the source lane lies in the segment, by the section's own formula, for a constant segment of `width` lanes. */
static LLVMValueRef in_segment(struct cw_ptx_lowering *l, enum mode mode, LLVMValueRef b, unsigned width) {
    LLVMValueRef lane = cw_ptx_word_call(l, CW_INTRINSIC_LANEID, NULL, 0), distance = LLVMBuildAnd(l->builder, b, cw_ptx_i32(l, 31), "");
    LLVMValueRef own = LLVMBuildAnd(l->builder, lane, cw_ptx_i32(l, width - 1), ""); /* the place in the segment */
    switch (mode) {
    case UP: return LLVMBuildICmp(l->builder, LLVMIntUGE, own, distance, "");
    case DOWN: return LLVMBuildICmp(l->builder, LLVMIntULT, LLVMBuildAdd(l->builder, own, distance, ""), cw_ptx_i32(l, width), "");
    case BUTTERFLY: { /* a segment below the own one counts as in range */
        LLVMValueRef highest = LLVMBuildOr(l->builder, lane, cw_ptx_i32(l, width - 1), "");
        return LLVMBuildICmp(l->builder, LLVMIntULE, LLVMBuildXor(l->builder, lane, distance, ""), highest, "");
    }
    default: return LLVMConstAllOnes(l->i1);
    }
}

void cw_ptx_lower_shfl(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    static const enum cw_intrinsic words[] = {CW_INTRINSIC_SHFL_UP, CW_INTRINSIC_SHFL_DOWN, CW_INTRINSIC_SHFL_XOR, CW_INTRINSIC_SHFL_IDX};
    enum mode mode = mode_of(i);
    unsigned width = width_of(&i->operands[3], mode);
    LLVMValueRef value = cw_ptx_read(l, &i->operands[1], CW_PTX_B32), b = cw_ptx_read(l, &i->operands[2], CW_PTX_B32);
    LLVMValueRef mask = member_mask(l, i, 4);
    if (width) {
        LLVMValueRef arguments[] = {mask, value, LLVMBuildAnd(l->builder, b, cw_ptx_i32(l, 31), ""), cw_ptx_i32(l, width)};
        LLVMValueRef moved = cw_ptx_word_call(l, words[mode], arguments, 4), in_range = in_segment(l, mode, b, width);
        cw_ptx_write(l, &i->operands[0], moved, false);
        cw_ptx_write_second(l, &i->operands[0], in_range);
        return;
    }
    LLVMValueRef valid = cw_ptx_variable(l, l->i32, 4, false, "valid");
    LLVMValueRef c = cw_ptx_read(l, &i->operands[3], CW_PTX_B32);
    LLVMValueRef same = LLVMBuildZExt(l->builder, cw_ptx_llvm(l, "llvm.is.constant", l->i32, &c, 1), l->i32, ""); /* once this is inlined */
    LLVMValueRef arguments[] = {value, b, c, mask, cw_ptx_i32(l, (uint32_t)mode), same, valid};
    LLVMValueRef moved = cw_ptx_helper(l, "warp_shfl", l->i32, arguments, 7);
    LLVMValueRef in_range = is_set(l, LLVMBuildLoad2(l->builder, l->i32, valid, ""));
    cw_ptx_write(l, &i->operands[0], moved, false);
    cw_ptx_write_second(l, &i->operands[0], in_range);
}
