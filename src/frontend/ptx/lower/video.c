/* SPDX-License-Identifier: Apache-2.0 */
/* video.c: scalar and SIMD video instructions (PTX ISA 9.7.18): what the text says is made constants, the work is the helpers'. */
#include "frontend/ptx/lower/state.h"
#include "library/ptx/integer.h"

static uint32_t part_of(const struct cw_ptx_operand *operand) {
    if (!operand->selector) return CW_PTX_PART_WHOLE;
    return (operand->selector == 'h' ? CW_PTX_PART_H0 : CW_PTX_PART_B0) + (operand->selector_digits & 15u);
}

static uint32_t comparison_of(const struct cw_ptx_instruction *i) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_COMPARE)) {
    case CW_PTX_EQ: return CW_PTX_VIDEO_EQ;
    case CW_PTX_NE: return CW_PTX_VIDEO_NE;
    case CW_PTX_LT: return CW_PTX_VIDEO_LT;
    case CW_PTX_LE: return CW_PTX_VIDEO_LE;
    case CW_PTX_GT: return CW_PTX_VIDEO_GT;
    default: return CW_PTX_VIDEO_GE;
    }
}

static uint32_t operation_of(const struct cw_ptx_instruction *i) {
    bool wrap = cw_ptx_modifier(i, CW_PTX_SLOT_WRAP) == CW_PTX_WRAP;
    switch (i->opcode) {
    case CW_PTX_OP_VADD:
    case CW_PTX_OP_VADD2:
    case CW_PTX_OP_VADD4: return CW_PTX_VIDEO_ADD;
    case CW_PTX_OP_VSUB:
    case CW_PTX_OP_VSUB2:
    case CW_PTX_OP_VSUB4: return CW_PTX_VIDEO_SUB;
    case CW_PTX_OP_VABSDIFF:
    case CW_PTX_OP_VABSDIFF2:
    case CW_PTX_OP_VABSDIFF4: return CW_PTX_VIDEO_ABSDIFF;
    case CW_PTX_OP_VMIN:
    case CW_PTX_OP_VMIN2:
    case CW_PTX_OP_VMIN4: return CW_PTX_VIDEO_MIN;
    case CW_PTX_OP_VMAX:
    case CW_PTX_OP_VMAX2:
    case CW_PTX_OP_VMAX4: return CW_PTX_VIDEO_MAX;
    case CW_PTX_OP_VAVRG2:
    case CW_PTX_OP_VAVRG4: return CW_PTX_VIDEO_AVERAGE;
    case CW_PTX_OP_VSHL: return wrap ? CW_PTX_VIDEO_SHL_WRAP : CW_PTX_VIDEO_SHL_CLAMP;
    case CW_PTX_OP_VSHR: return wrap ? CW_PTX_VIDEO_SHR_WRAP : CW_PTX_VIDEO_SHR_CLAMP;
    default: return comparison_of(i);
    }
}

static uint32_t second_of(const struct cw_ptx_instruction *i, bool has_c) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_OP)) {
    case CW_PTX_ADD: return CW_PTX_SECOND_ADD;
    case CW_PTX_MIN: return CW_PTX_SECOND_MIN;
    case CW_PTX_MAX: return CW_PTX_SECOND_MAX;
    default: return has_c ? CW_PTX_SECOND_MERGE : CW_PTX_SECOND_NONE;
    }
}

static uint32_t facts_of(const struct cw_ptx_instruction *i, enum cw_ptx_word d, enum cw_ptx_word a, enum cw_ptx_word b) {
    return (cw_ptx_is_signed(a) ? CW_PTX_VIDEO_A_SIGNED : 0u) | (cw_ptx_is_signed(b) ? CW_PTX_VIDEO_B_SIGNED : 0u) |
           (cw_ptx_is_signed(d) ? CW_PTX_VIDEO_D_SIGNED : 0u) | (cw_ptx_has(i, CW_PTX_SAT) ? CW_PTX_VIDEO_SATURATE : 0u);
}

static LLVMValueRef source(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned n) {
    bool is_there = n < i->operand_count && i->operands[n].kind != CW_PTX_OPERAND_NONE;
    return is_there ? cw_ptx_read(l, &i->operands[n], CW_PTX_B32) : LLVMConstNull(l->i32);
}

static void scalar(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, uint32_t facts) {
    bool has_c = i->operand_count > 3 && i->operands[3].kind != CW_PTX_OPERAND_NONE;
    LLVMValueRef arguments[] = {source(l, i, 1), source(l, i, 2), source(l, i, 3), cw_ptx_i32(l, operation_of(i)), cw_ptx_i32(l, facts),
                                cw_ptx_i32(l, part_of(&i->operands[1])), cw_ptx_i32(l, part_of(&i->operands[2])),
                                cw_ptx_i32(l, part_of(&i->operands[0])), cw_ptx_i32(l, second_of(i, has_c))};
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "integer_video", l->i32, arguments, 9), false);
}

void cw_ptx_lower_video(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    scalar(l, i, facts_of(i, i->types[0], i->types[1], i->types[2]));
}

/* Compares; the result is unsigned. */
void cw_ptx_lower_vset(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    scalar(l, i, facts_of(i, CW_PTX_U32, i->types[0], i->types[1]));
}

void cw_ptx_lower_vmad(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word scale = cw_ptx_modifier(i, CW_PTX_SLOT_MODE);
    uint32_t facts = facts_of(i, i->types[0], i->types[1], i->types[2]);
    if (i->operands[1].negated) facts |= CW_PTX_VIDEO_A_NEGATED;
    if (i->operands[2].negated) facts |= CW_PTX_VIDEO_B_NEGATED;
    if (i->operands[3].negated) facts |= CW_PTX_VIDEO_C_NEGATED;
    if (cw_ptx_has(i, CW_PTX_PO)) facts |= CW_PTX_VIDEO_PLUS_ONE;
    LLVMValueRef arguments[] = {source(l, i, 1), source(l, i, 2), source(l, i, 3), cw_ptx_i32(l, facts), cw_ptx_i32(l, part_of(&i->operands[1])),
                                cw_ptx_i32(l, part_of(&i->operands[2])), cw_ptx_i32(l, scale == CW_PTX_SHR7 ? 7 : scale == CW_PTX_SHR15 ? 15 : 0)};
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "integer_vmad", l->i32, arguments, 7), false);
}

/* ---- SIMD ---- */

static uint32_t selection(const struct cw_ptx_operand *operand, uint32_t otherwise) {
    return operand->selector ? operand->selector_digits : otherwise;
}

/* Which elements of the result are wanted: a bit each. */
static uint32_t mask_of(const struct cw_ptx_operand *operand, unsigned count) {
    if (!operand->selector) return (1u << count) - 1u;
    uint32_t mask = 0;
    for (unsigned n = 0; n < operand->selector_count; n++) mask |= 1u << (operand->selector_digits >> 4 * n & 15u);
    return mask;
}

static bool is_comparison(const struct cw_ptx_instruction *i) {
    return i->opcode == CW_PTX_OP_VSET2 || i->opcode == CW_PTX_OP_VSET4;
}

static unsigned lanes_of(const struct cw_ptx_instruction *i) {
    switch (i->opcode) {
    case CW_PTX_OP_VADD4:
    case CW_PTX_OP_VSUB4:
    case CW_PTX_OP_VAVRG4:
    case CW_PTX_OP_VABSDIFF4:
    case CW_PTX_OP_VMIN4:
    case CW_PTX_OP_VMAX4:
    case CW_PTX_OP_VSET4: return 4;
    default: return 2;
    }
}

void cw_ptx_lower_simd(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    unsigned count = lanes_of(i);
    uint32_t facts = is_comparison(i) ? facts_of(i, CW_PTX_U32, i->types[0], i->types[1]) : facts_of(i, i->types[0], i->types[1], i->types[2]);
    if (cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_ADD) facts |= CW_PTX_VIDEO_ACCUMULATE;
    LLVMValueRef arguments[] = {source(l, i, 1), source(l, i, 2), source(l, i, 3), cw_ptx_i32(l, operation_of(i)), cw_ptx_i32(l, facts),
                                cw_ptx_i32(l, count), cw_ptx_i32(l, selection(&i->operands[1], count == 4 ? 0x3210 : 0x10)),
                                cw_ptx_i32(l, selection(&i->operands[2], count == 4 ? 0x7654 : 0x32)),
                                cw_ptx_i32(l, mask_of(&i->operands[0], count))};
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "integer_simd", l->i32, arguments, 9), false);
}
