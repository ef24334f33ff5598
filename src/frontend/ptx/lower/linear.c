/* SPDX-License-Identifier: Apache-2.0 */
/* linear.c: see linear.h. */
#include "frontend/ptx/lower/linear.h"

struct cw_ptx_linear cw_ptx_linear_constant(uint64_t constant) {
    return (struct cw_ptx_linear){.constant = constant};
}

struct cw_ptx_linear cw_ptx_linear_atom(LLVMValueRef value, enum cw_ptx_atom kind) {
    struct cw_ptx_linear a = {.count = 1};
    a.terms[0].value = value;
    a.terms[0].kind = kind;
    a.terms[0].factor = 1;
    return a;
}

static void add_term(struct cw_ptx_linear *a, LLVMValueRef value, enum cw_ptx_atom kind, uint64_t factor) {
    for (unsigned i = 0; i < a->count; i++) {
        if (a->terms[i].value != value || a->terms[i].kind != kind) continue;
        a->terms[i].factor += factor;
        if (a->terms[i].factor == 0) a->terms[i] = a->terms[--a->count];
        return;
    }
    if (a->count == CW_PTX_LINEAR_MAX) {
        a->none = true;
        return;
    }
    a->terms[a->count].value = value;
    a->terms[a->count].kind = kind;
    a->terms[a->count++].factor = factor;
}

struct cw_ptx_linear cw_ptx_linear_add(struct cw_ptx_linear a, const struct cw_ptx_linear *b, uint64_t factor) {
    a.constant += b->constant * factor;
    a.none |= b->none;
    for (unsigned i = 0; i < b->count; i++) {
        uint64_t product = b->terms[i].factor * factor;
        if (product != 0) add_term(&a, b->terms[i].value, b->terms[i].kind, product);
    }
    return a;
}

struct cw_ptx_linear cw_ptx_linear_scale(const struct cw_ptx_linear *a, uint64_t factor) {
    return cw_ptx_linear_add(cw_ptx_linear_constant(0), a, factor);
}

uint64_t cw_ptx_linear_factor(const struct cw_ptx_linear *a, LLVMValueRef value, enum cw_ptx_atom kind) {
    for (unsigned i = 0; i < a->count; i++)
        if (a->terms[i].value == value && a->terms[i].kind == kind) return a->terms[i].factor;
    return 0;
}

bool cw_ptx_linear_is(const struct cw_ptx_linear *a, uint64_t constant, unsigned bits) {
    uint64_t mask = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    if (a->none || (a->constant - constant) & mask) return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->terms[i].factor & mask) return false;
    return true;
}

bool cw_ptx_linear_equal(const struct cw_ptx_linear *a, const struct cw_ptx_linear *b, unsigned bits) {
    struct cw_ptx_linear difference = cw_ptx_linear_add(*a, b, UINT64_MAX);
    return cw_ptx_linear_is(&difference, 0, bits);
}
