/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomic.c: atom and red (PTX ISA 9.7.13.5, 9.7.13.6). They become LLVM's atomic instructions; without an order they are relaxed, without a
 * scope the device's. A vector is so many atomics, as the ISA says; so is a pair of 16-bit floats.
 */
#include <string.h>

#include "frontend/ptx/lower/state.h"

struct atomic {
    LLVMAtomicRMWBinOp operation;
    LLVMAtomicOrdering ordering;
    unsigned scope;
    LLVMTypeRef type; /* of one element */
    unsigned bytes;
};

static LLVMAtomicOrdering ordering_of(const struct cw_ptx_instruction *i) {
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_ORDER)) {
    case CW_PTX_ACQUIRE: return LLVMAtomicOrderingAcquire;
    case CW_PTX_RELEASE: return LLVMAtomicOrderingRelease;
    case CW_PTX_ACQ_REL: return LLVMAtomicOrderingAcquireRelease;
    default: return LLVMAtomicOrderingMonotonic;
    }
}

static unsigned scope_of(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word scope = cw_ptx_modifier(i, CW_PTX_SLOT_SCOPE);
    const char *name = scope == CW_PTX_CTA ? "block" : scope == CW_PTX_SYS ? "" : "device";
    return LLVMGetSyncScopeID(l->context, name, strlen(name));
}

static LLVMAtomicRMWBinOp operation_of(const struct cw_ptx_instruction *i, bool is_float) {
    bool is_signed = cw_ptx_is_signed(i->types[0]);
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_OP)) {
    case CW_PTX_AND: return LLVMAtomicRMWBinOpAnd;
    case CW_PTX_OR: return LLVMAtomicRMWBinOpOr;
    case CW_PTX_XOR: return LLVMAtomicRMWBinOpXor;
    case CW_PTX_EXCH: return LLVMAtomicRMWBinOpXchg;
    case CW_PTX_ADD: return is_float ? LLVMAtomicRMWBinOpFAdd : LLVMAtomicRMWBinOpAdd;
    case CW_PTX_INC: return LLVMAtomicRMWBinOpUIncWrap;
    case CW_PTX_DEC: return LLVMAtomicRMWBinOpUDecWrap;
    case CW_PTX_MIN: return is_float ? LLVMAtomicRMWBinOpFMin : is_signed ? LLVMAtomicRMWBinOpMin : LLVMAtomicRMWBinOpUMin;
    default: return is_float ? LLVMAtomicRMWBinOpFMax : is_signed ? LLVMAtomicRMWBinOpMax : LLVMAtomicRMWBinOpUMax;
    }
}

static enum cw_ptx_word element_word(enum cw_ptx_word type) {
    return type == CW_PTX_F16X2 ? CW_PTX_F16 : type == CW_PTX_BF16X2 ? CW_PTX_BF16 : type;
}

static LLVMValueRef at(struct cw_ptx_lowering *l, LLVMValueRef pointer, unsigned bytes) {
    LLVMValueRef offset = cw_ptx_constant(l, l->i64, bytes);
    return bytes ? LLVMBuildInBoundsGEP2(l->builder, l->i8, pointer, &offset, 1, "") : pointer;
}

static LLVMValueRef one(struct cw_ptx_lowering *l, const struct atomic *atomic, LLVMValueRef pointer, LLVMValueRef value) {
    LLVMValueRef old = LLVMBuildAtomicRMWSyncScope(l->builder, atomic->operation, pointer, value, atomic->ordering, atomic->scope);
    LLVMSetAlignment(old, atomic->bytes);
    return old;
}

/* One scalar, or the two halves of a pair, at `pointer`: gives the old value's bits. */
static LLVMValueRef apply(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const struct atomic *atomic, LLVMValueRef pointer,
                          const struct cw_ptx_operand *operand) {
    if (element_word(i->types[0]) == i->types[0]) return one(l, atomic, pointer, cw_ptx_read_as(l, operand, atomic->type));
    LLVMValueRef pair = cw_ptx_read(l, operand, CW_PTX_B32), whole = LLVMConstNull(l->i32);
    for (unsigned n = 0; n < 2; n++) {
        LLVMValueRef shift = cw_ptx_i32(l, 16 * n);
        LLVMValueRef bits = LLVMBuildTrunc(l->builder, LLVMBuildLShr(l->builder, pair, shift, ""), l->i16, "");
        LLVMValueRef old = one(l, atomic, at(l, pointer, 2 * n), LLVMBuildBitCast(l->builder, bits, atomic->type, ""));
        LLVMValueRef wide = cw_ptx_resize(l, LLVMBuildBitCast(l->builder, old, l->i16, ""), 32, false);
        whole = LLVMBuildOr(l->builder, whole, LLVMBuildShl(l->builder, wide, shift, ""), "");
    }
    return whole;
}

static void modify(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, const struct cw_ptx_operand *result,
                   const struct cw_ptx_operand *address, const struct cw_ptx_operand *value) {
    enum cw_ptx_word word = element_word(i->types[0]);
    bool is_float = cw_ptx_is_float(word);
    struct atomic atomic = {operation_of(i, is_float), ordering_of(i), scope_of(l, i), cw_ptx_type(l, word), cw_ptx_type_bits(word) / 8u};
    LLVMValueRef pointer = cw_ptx_pointer(l, address, cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)), old[8];
    unsigned count = cw_ptx_vector_length(i), step = cw_ptx_type_bits(i->types[0]) / 8u;
    for (unsigned n = 0; n < count && n < 8; n++) old[n] = apply(l, i, &atomic, at(l, pointer, n * step), cw_ptx_element(value, n));
    for (unsigned n = 0; n < count && n < 8 && result; n++)
        cw_ptx_write(l, cw_ptx_element(result, n), old[n], cw_ptx_is_signed(i->types[0]));
}

static LLVMAtomicOrdering failure_ordering(LLVMAtomicOrdering ordering) {
    return ordering == LLVMAtomicOrderingAcquireRelease || ordering == LLVMAtomicOrderingAcquire ? LLVMAtomicOrderingAcquire
                                                                                                 : LLVMAtomicOrderingMonotonic;
}

static void compare_and_swap(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    unsigned bits = cw_ptx_type_bits(i->types[0]);
    LLVMTypeRef type = cw_ptx_integer(l, bits);
    LLVMValueRef pointer = cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
    LLVMValueRef expected = cw_ptx_read_as(l, &i->operands[2], type), value = cw_ptx_read_as(l, &i->operands[3], type);
    LLVMAtomicOrdering ordering = ordering_of(i);
    LLVMValueRef both = LLVMBuildAtomicCmpXchgSyncScope(l->builder, pointer, expected, value, ordering, failure_ordering(ordering), scope_of(l, i));
    LLVMSetAlignment(both, bits / 8);
    cw_ptx_write(l, &i->operands[0], LLVMBuildExtractValue(l->builder, both, 0, ""), cw_ptx_is_signed(i->types[0]));
}

void cw_ptx_lower_atom(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    if (cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_CAS) compare_and_swap(l, i);
    else modify(l, i, &i->operands[0], &i->operands[1], &i->operands[2]);
}

void cw_ptx_lower_red(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    modify(l, i, NULL, &i->operands[0], &i->operands[1]);
    if (i->form == CW_PTX_FORM_RED_ASYNC) cw_ptx_complete_bytes(l, i);
}
