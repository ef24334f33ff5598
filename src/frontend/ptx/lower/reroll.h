/* SPDX-License-Identifier: Apache-2.0 */
/* reroll.h: what reroll.c, reroll_sums.c and reroll_bodies.c share; reroll.c says what for. */
#ifndef CW_FRONTEND_PTX_LOWER_REROLL_H
#define CW_FRONTEND_PTX_LOWER_REROLL_H

#include <llvm-c/Core.h>
#include <stddef.h>

#include "frontend/ptx/lower/linear.h"

#define CW_PTX_BODY_MAX 512u   /* instructions of `short` */
#define CW_PTX_CARRIED_MAX 32u /* phis of a loop */
#define CW_PTX_COPIES_MAX 16u
#define CW_PTX_SEEN_MAX 64u

/* What a phi is. */
enum cw_ptx_role {
    CW_PTX_ROLE_UNKNOWN,
    CW_PTX_ROLE_COUNTER, /* i */
    CW_PTX_ROLE_LEFT,    /* the turns that are left */
    CW_PTX_ROLE_RISING,  /* goes along with i */
    CW_PTX_ROLE_CARRIED, /* anything that `long` takes over from `short` */
};

struct cw_ptx_carried {
    LLVMValueRef phi, first, next;
    enum cw_ptx_role role;
    LLVMValueRef middle, partner; /* CARRIED: the phi of `middle`, and that of `long` */
    LLVMValueRef now;             /* what it is at the copy that is being compared */
    struct cw_ptx_linear step;    /* RISING, and CARRIED if it rises by this every turn */
    bool rises;
};

struct cw_ptx_loop {
    LLVMBasicBlockRef block, entered_from;
    struct cw_ptx_carried carried[CW_PTX_CARRIED_MAX];
    unsigned count;
    LLVMValueRef counter; /* i */
};

struct cw_ptx_reroll {
    LLVMBasicBlockRef before, middle, behind;
    struct cw_ptx_loop brief, unrolled; /* short, long */
    LLVMValueRef first, end, step, left; /* of the formula */
    LLVMTypeRef i32;
    unsigned copies, copy;
    bool is_signed, from_zero; /* i is never negative */
    struct cw_ptx_linear step_sum, distance; /* distance / step + 1 is the count */
    LLVMValueRef body[CW_PTX_BODY_MAX], mapped[CW_PTX_BODY_MAX];
    unsigned size;
    LLVMValueRef seen[CW_PTX_SEEN_MAX];
    unsigned seen_count;
    uint32_t steps;
};

/* Where a value is looked at: in a loop, whose i is the counter; or before it, where the counter's first value stands for it. */
struct cw_ptx_view {
    const struct cw_ptx_loop *loop; /* NULL: before */
    LLVMValueRef counter;           /* what is the counter */
};

#define CW_PTX_REROLL_DEPTH_MAX 48u
#define CW_PTX_REROLL_STEPS_MAX 200000u

/* ---- reroll_sums.c ---- */

struct cw_ptx_linear cw_ptx_sum_of(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value, unsigned depth);
/* As it is seen before the loops. */
struct cw_ptx_linear cw_ptx_plain_sum(struct cw_ptx_reroll *r, LLVMValueRef value);
/* The sum with i + turns * step for i. */
struct cw_ptx_linear cw_ptx_after_turns(struct cw_ptx_reroll *r, struct cw_ptx_linear a, uint64_t turns);
/* True if i is in it. */
bool cw_ptx_counts(const struct cw_ptx_linear *a);
/* True if `value`, signed, is known not to be negative. */
bool cw_ptx_is_never_negative(LLVMValueRef value);
/* What computes from its operands alone, the same wherever it stands. */
bool cw_ptx_is_pure_value(LLVMValueRef i);
/* True if both are the same but for their operands. */
bool cw_ptx_is_same_operation(LLVMValueRef a, LLVMValueRef b);
/* What a loop has of a phi, or NULL. */
const struct cw_ptx_carried *cw_ptx_carried_of(const struct cw_ptx_loop *loop, LLVMValueRef phi);

/* ---- reroll_bodies.c ---- */

/* True if `long` is `copies` times `short`. Fills in the roles of phis. */
bool cw_ptx_is_unrolled(struct cw_ptx_reroll *r);
/* The place of an instruction of `short` in `body`; CW_PTX_BODY_MAX if it is none. */
unsigned cw_ptx_place_of(const struct cw_ptx_reroll *r, LLVMValueRef value);

/* ---- Small questions ---- */

static inline LLVMOpcode opcode_of(LLVMValueRef value) {
    return LLVMIsAInstruction(value) ? LLVMGetInstructionOpcode(value) : (LLVMOpcode)0;
}

static inline LLVMValueRef operand(LLVMValueRef value, unsigned n) {
    return LLVMGetOperand(value, n);
}

static inline bool is_in(LLVMValueRef value, LLVMBasicBlockRef block) {
    return LLVMIsAInstruction(value) && LLVMGetInstructionParent(value) == block;
}

/* Bits of an integer or address; 0 for others. */
static inline unsigned width(LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return kind == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : kind == LLVMPointerTypeKind ? 64 : 0;
}

static inline bool constant(LLVMValueRef value, uint64_t *number) {
    if (!LLVMIsAConstantInt(value) || width(value) > 64) return false;
    *number = LLVMConstIntGetZExtValue(value);
    return true;
}

static inline LLVMValueRef incoming(LLVMValueRef phi, LLVMBasicBlockRef from) {
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++)
        if (LLVMGetIncomingBlock(phi, i) == from) return LLVMGetIncomingValue(phi, i);
    return NULL;
}

#endif
