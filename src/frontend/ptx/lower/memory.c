/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: ld, ldu, st, and fences (PTX ISA 9.7.9.8 to 9.7.9.11, 9.7.13.4).
 *
 * Cache operators and eviction hints change speed, never values. Volatile accesses are volatile; relaxed, acquire and release ones
 * are LLVM's atomics, whose scopes are the waist's: "block" for .cta, "device" for .gpu, the system's without a name. The elements
 * of a vector are accessed one by one, as the ISA's memory model has it, the first one with the vector's alignment.
 */
#include <string.h>

#include "frontend/ptx/lower/state.h"

static unsigned scope_id(struct cw_ptx_lowering *l, enum cw_ptx_word scope) {
    const char *name = scope == CW_PTX_CTA ? "block" : scope == CW_PTX_SYS ? "" : "device";
    return LLVMGetSyncScopeID(l->context, name, strlen(name));
}

struct access {
    LLVMTypeRef type;
    unsigned bytes, count;
    bool is_volatile;
    LLVMAtomicOrdering ordering; /* NotAtomic for weak accesses */
    unsigned scope;
};

static struct access access_of(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word order = cw_ptx_modifier(i, CW_PTX_SLOT_ORDER);
    struct access access = {.type = cw_ptx_type(l, i->types[0]), .bytes = cw_ptx_type_bits(i->types[0]) / 8u, .count = cw_ptx_vector_length(i)};
    access.is_volatile = order == CW_PTX_VOLATILE || order == CW_PTX_MMIO || cw_ptx_modifier(i, CW_PTX_SLOT_CACHE) == CW_PTX_CV ||
                         cw_ptx_modifier(i, CW_PTX_SLOT_CACHE) == CW_PTX_WT;
    access.ordering = order == CW_PTX_RELAXED || order == CW_PTX_MMIO ? LLVMAtomicOrderingMonotonic
                      : order == CW_PTX_ACQUIRE                       ? LLVMAtomicOrderingAcquire
                      : order == CW_PTX_RELEASE                       ? LLVMAtomicOrderingRelease
                                                                      : LLVMAtomicOrderingNotAtomic;
    access.scope = scope_id(l, cw_ptx_modifier(i, CW_PTX_SLOT_SCOPE));
    return access;
}

static LLVMValueRef element_pointer(struct cw_ptx_lowering *l, const struct access *access, LLVMValueRef pointer, unsigned n) {
    if (n == 0) return pointer;
    LLVMValueRef offset = cw_ptx_constant(l, l->i64, (uint64_t)n * access->bytes);
    return LLVMBuildInBoundsGEP2(l->builder, l->i8, pointer, &offset, 1, "");
}

static void finish(const struct access *access, LLVMValueRef instruction, unsigned n) {
    LLVMSetAlignment(instruction, n == 0 ? access->bytes * access->count : access->bytes);
    LLVMSetVolatile(instruction, access->is_volatile);
    if (access->ordering == LLVMAtomicOrderingNotAtomic) return;
    LLVMSetOrdering(instruction, access->ordering);
    LLVMSetAtomicSyncScopeID(instruction, access->scope);
}

void cw_ptx_lower_ld(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct access access = access_of(l, i);
    LLVMValueRef pointer = cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)), values[8];
    for (unsigned n = 0; n < access.count && n < 8; n++) {
        values[n] = LLVMBuildLoad2(l->builder, access.type, element_pointer(l, &access, pointer, n), "");
        finish(&access, values[n], n);
    }
    for (unsigned n = 0; n < access.count && n < 8; n++)
        cw_ptx_write(l, cw_ptx_element(&i->operands[0], n), values[n], cw_ptx_is_signed(i->types[0]));
}

void cw_ptx_lower_ldu(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_lower_ld(l, i);
}

void cw_ptx_lower_st(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct access access = access_of(l, i);
    LLVMValueRef pointer = cw_ptx_pointer(l, &i->operands[0], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
    for (unsigned n = 0; n < access.count; n++) {
        LLVMValueRef value = cw_ptx_read_as(l, cw_ptx_element(&i->operands[1], n), access.type);
        finish(&access, LLVMBuildStore(l->builder, value, element_pointer(l, &access, pointer, n)), n);
    }
    if (i->form == CW_PTX_FORM_ST_ASYNC) cw_ptx_complete_bytes(l, i);
}

/* ---- Fences ---- */

static void fence(struct cw_ptx_lowering *l, LLVMAtomicOrdering ordering, enum cw_ptx_word scope) {
    LLVMBuildFenceSyncScope(l->builder, ordering, scope_id(l, scope), "");
}

/* Every memory here is one proxy's: a proxy fence orders nothing more than a fence. */
void cw_ptx_lower_membar(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word scope = cw_ptx_modifier(i, CW_PTX_SLOT_SCOPE);
    fence(l, LLVMAtomicOrderingSequentiallyConsistent, scope == CW_PTX_NONE ? CW_PTX_CTA : scope);
}

void cw_ptx_lower_fence(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    enum cw_ptx_word scope = cw_ptx_modifier(i, CW_PTX_SLOT_SCOPE);
    LLVMAtomicOrdering ordering;
    switch (cw_ptx_modifier(i, CW_PTX_SLOT_ORDER)) {
    case CW_PTX_SC: ordering = LLVMAtomicOrderingSequentiallyConsistent; break;
    case CW_PTX_ACQUIRE: ordering = LLVMAtomicOrderingAcquire; break;
    case CW_PTX_RELEASE: ordering = LLVMAtomicOrderingRelease; break;
    default: ordering = LLVMAtomicOrderingAcquireRelease; break;
    }
    fence(l, ordering, scope == CW_PTX_NONE ? CW_PTX_CTA : scope);
}
