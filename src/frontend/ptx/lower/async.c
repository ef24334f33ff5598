/* SPDX-License-Identifier: Apache-2.0 */
/*
 * async.c: cp.async and mbarrier (PTX ISA 9.7.9.25.3, 9.7.13.15). Where the device has no such copies, each is done when it is asked for,
 * which the ISA allows: nothing may look at its destination before it is waited for. An mbarrier is a 64-bit word in shared memory, in a layout of our own.
 */
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

void cw_ptx_lower_cp(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    switch (i->form) {
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
    bool is_there = n < i->operand_count && i->operands[n].kind != CW_PTX_OPERAND_NONE;
    return is_there ? cw_ptx_read(l, &i->operands[n], CW_PTX_U32) : cw_ptx_i32(l, 1);
}

void cw_ptx_lower_mbarrier(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (cw_ptx_has(i, CW_PTX_EXPECT_TX) || cw_ptx_has(i, CW_PTX_COMPLETE_TX)) {
        cw_ptx_refuse(l, i->span, "mbarriers that count bytes need sm_90's bulk copies, which no target has");
        return;
    }
    switch (i->form) {
    case CW_PTX_FORM_MBARRIER_INIT: {
        LLVMValueRef arguments[] = {barrier(l, i, 0), cw_ptx_read(l, &i->operands[1], CW_PTX_U32)};
        cw_ptx_helper(l, "async_init", l->nothing, arguments, 2);
        break;
    }
    case CW_PTX_FORM_MBARRIER_INVAL: break; /* the memory is the program's again */
    case CW_PTX_FORM_MBARRIER_ARRIVE:
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
