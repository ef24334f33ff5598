/* SPDX-License-Identifier: Apache-2.0 */
/*
 * async.c: cp.async, bulk copies and mbarrier (PTX ISA 9.7.9.25, 9.7.13.15). Where the device has no such copies, each is done when it is asked for,
 * which the ISA allows: nothing may look at its destination before it is waited for. An mbarrier is a 64-bit word in shared memory, in a layout of our own.
 */
#include <stdio.h>

#include "frontend/ptx/lower/state.h"

static void copy(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef to = cw_ptx_pointer(l, &i->operands[0], CW_PTX_SHARED), from = cw_ptx_pointer(l, &i->operands[1], CW_PTX_GLOBAL);
    LLVMValueRef size = cw_ptx_read(l, &i->operands[2], CW_PTX_U32), valid = size;
    const struct cw_ptx_operand *extra = &i->operands[3];
    if (extra->kind != CW_PTX_OPERAND_NONE) {
        bool is_predicate = extra->kind == CW_PTX_OPERAND_REGISTER && extra->reg->symbol->type == CW_PTX_PRED;
        valid = is_predicate ? LLVMBuildSelect(l->builder, cw_ptx_read(l, extra, CW_PTX_PRED), LLVMConstNull(l->i32), size, "")
                             : cw_ptx_read(l, extra, CW_PTX_U32);
    }
    LLVMValueRef arguments[] = {to, from, size, valid};
    cw_ptx_helper(l, "async_copy", l->nothing, arguments, 4);
}

static LLVMValueRef barrier(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    return cw_ptx_pointer(l, &i->operands[n], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
}

/* ---- Bulk copies ---- */

static void complete(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n, LLVMValueRef bytes) {
    LLVMValueRef arguments[] = {barrier(l, i, n), bytes};
    cw_ptx_helper(l, "async_complete", l->nothing, arguments, 2);
}

static bool is_there(const struct cw_ptx_instruction *i, unsigned n) {
    return n < i->operand_count && i->operands[n].kind != CW_PTX_OPERAND_NONE;
}

static void copy_bulk(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef to = cw_ptx_pointer(l, &i->operands[0], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
    LLVMValueRef from = cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE2));
    LLVMValueRef size = cw_ptx_read(l, &i->operands[2], CW_PTX_U32);
    if (i->form == CW_PTX_FORM_CP_ASYNC_BULK_MULTICAST) {
        LLVMValueRef blocks = cw_ptx_resize(l, cw_ptx_read(l, &i->operands[4], CW_PTX_B16), 32, false);
        LLVMValueRef arguments[] = {to, from, size, barrier(l, i, 3), blocks};
        cw_ptx_helper(l, "async_multicast", l->nothing, arguments, 5);
        return;
    }
    LLVMValueRef arguments[] = {to, from, size};
    cw_ptx_helper(l, "async_bulk", l->nothing, arguments, 3);
    if (i->form != CW_PTX_FORM_CP_ASYNC_BULK_STORE) complete(l, i, 3, size);
}

/* The type that the helper computes with. Bits are compared as nothing, so that .b32 is as good as .u32. */
static const char *type_name(enum cw_ptx_word type) {
    switch (type) {
    case CW_PTX_B32: return "u32";
    case CW_PTX_B64: return "u64";
    default: return cw_ptx_word_text(type);
    }
}

static void reduce_bulk(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    static const enum cw_ptx_word operations[] = {CW_PTX_AND, CW_PTX_OR, CW_PTX_XOR, CW_PTX_ADD, CW_PTX_INC, CW_PTX_DEC, CW_PTX_MIN, CW_PTX_MAX};
    enum cw_ptx_word op = cw_ptx_modifier(i, CW_PTX_SLOT_OP);
    uint32_t number = 0;
    while (number < 7 && operations[number] != op) number++;
    LLVMValueRef to = cw_ptx_pointer(l, &i->operands[0], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
    LLVMValueRef from = cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE2));
    LLVMValueRef size = cw_ptx_read(l, &i->operands[2], CW_PTX_U32), arguments[] = {to, from, size, cw_ptx_i32(l, number)};
    char name[32];
    snprintf(name, sizeof name, "reduce_%s", type_name(i->types[0]));
    cw_ptx_helper(l, name, l->nothing, arguments, 4);
    if (i->form == CW_PTX_FORM_CP_REDUCE_BULK_SHARED) complete(l, i, 3, size);
}

/* st.async and red.async (9.7.9.12, 9.7.13.7): the store or the atomic, then its bytes arrive at the mbarrier. */
void cw_ptx_complete_bytes(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    complete(l, i, 2, cw_ptx_i32(l, cw_ptx_type_bits(i->types[0]) / 8u * cw_ptx_vector_length(i)));
}

void cw_ptx_lower_cp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    switch (i->form) {
    case CW_PTX_FORM_CP_ASYNC_BULK_LOAD:
    case CW_PTX_FORM_CP_ASYNC_BULK_MULTICAST:
    case CW_PTX_FORM_CP_ASYNC_BULK_SHARED:
    case CW_PTX_FORM_CP_ASYNC_BULK_STORE: copy_bulk(l, i); break;
    case CW_PTX_FORM_CP_REDUCE_BULK_SHARED:
    case CW_PTX_FORM_CP_REDUCE_BULK_STORE: reduce_bulk(l, i); break;
    case CW_PTX_FORM_CP_ASYNC_BULK_PREFETCH:
    case CW_PTX_FORM_CP_ASYNC_BULK_COMMIT_GROUP:
    case CW_PTX_FORM_CP_ASYNC_BULK_WAIT_GROUP: break; /* bulk copies are complete when they are asked for */
    case CW_PTX_FORM_CP_ASYNC: copy(l, i); break;
    case CW_PTX_FORM_CP_ASYNC_COMMIT_GROUP: cw_ptx_helper(l, "async_commit", l->nothing, NULL, 0); break;
    case CW_PTX_FORM_CP_ASYNC_WAIT_GROUP: {
        LLVMValueRef left = cw_ptx_read(l, &i->operands[0], CW_PTX_U32);
        cw_ptx_helper(l, "async_wait_groups", l->nothing, &left, 1);
        break;
    }
    default: /* Arriving at an mbarrier when the thread's copies are done: they are waited for first. */
        cw_ptx_helper(l, "async_wait_all", l->nothing, NULL, 0);
        if (i->form == CW_PTX_FORM_CP_ASYNC_MBARRIER_ARRIVE && cw_ptx_has(i, CW_PTX_NOINC)) {
            LLVMValueRef arguments[] = {barrier(l, i, 0), cw_ptx_i32(l, 1), LLVMConstNull(l->i32)};
            cw_ptx_helper(l, "async_arrive", l->i64, arguments, 3);
        }
        /* Without .noinc the count is raised, then arrived at: nothing changes. */
        break;
    }
}

static LLVMValueRef count_of(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    return is_there(i, n) ? cw_ptx_read(l, &i->operands[n], CW_PTX_U32) : cw_ptx_i32(l, 1);
}

void cw_ptx_lower_mbarrier(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    switch (i->form) {
    case CW_PTX_FORM_MBARRIER_EXPECT_TX:
    case CW_PTX_FORM_MBARRIER_COMPLETE_TX: {
        LLVMValueRef arguments[] = {barrier(l, i, 0), cw_ptx_read(l, &i->operands[1], CW_PTX_U32)};
        cw_ptx_helper(l, i->form == CW_PTX_FORM_MBARRIER_EXPECT_TX ? "async_expect" : "async_complete", l->nothing, arguments, 2);
        break;
    }
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP_EXPECT_TX:
    case CW_PTX_FORM_MBARRIER_ARRIVE_EXPECT_TX: {
        bool drop = cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_ARRIVE_DROP;
        LLVMValueRef arguments[] = {barrier(l, i, 1), cw_ptx_read(l, &i->operands[2], CW_PTX_U32), cw_ptx_i32(l, drop)};
        cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "async_arrive_expect", l->i64, arguments, 3), false);
        break;
    }
    case CW_PTX_FORM_MBARRIER_INIT: {
        LLVMValueRef arguments[] = {barrier(l, i, 0), cw_ptx_read(l, &i->operands[1], CW_PTX_U32)};
        cw_ptx_helper(l, "async_init", l->nothing, arguments, 2);
        break;
    }
    case CW_PTX_FORM_MBARRIER_INVAL: break; /* the memory is the program's again */
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP:
    case CW_PTX_FORM_MBARRIER_ARRIVE:
    case CW_PTX_FORM_MBARRIER_ARRIVE_DROP_NO_COMPLETE:
    case CW_PTX_FORM_MBARRIER_ARRIVE_NO_COMPLETE: {
        bool drop = cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_ARRIVE_DROP;
        LLVMValueRef arguments[] = {barrier(l, i, 1), count_of(l, i, 2), cw_ptx_i32(l, drop)};
        cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "async_arrive", l->i64, arguments, 3), false);
        break;
    }
    case CW_PTX_FORM_MBARRIER_PENDING_COUNT: {
        LLVMValueRef state = cw_ptx_read(l, &i->operands[1], CW_PTX_B64);
        cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "async_pending", l->i32, &state, 1), false);
        break;
    }
    default: {
        bool parity = cw_ptx_has(i, CW_PTX_PARITY);
        LLVMValueRef arguments[] = {barrier(l, i, 1), parity ? cw_ptx_read(l, &i->operands[2], CW_PTX_U32) : cw_ptx_read(l, &i->operands[2], CW_PTX_B64)};
        LLVMValueRef done = cw_ptx_helper(l, parity ? "async_test_parity" : "async_test", l->i32, arguments, 2);
        cw_ptx_write(l, &i->operands[0], LLVMBuildICmp(l->builder, LLVMIntNE, done, LLVMConstNull(l->i32), ""), false);
        break;
    }
    }
}
