/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linear.h: integers as sums: c + a * x + b * y + ..., modulo the width. What x and y are is opaque here: a value, the same value
 * extended to 64 bits, or the counter of the loop that is looked at.
 */
#ifndef CW_FRONTEND_PTX_LOWER_LINEAR_H
#define CW_FRONTEND_PTX_LOWER_LINEAR_H

#include <llvm-c/Core.h>
#include <stdbool.h>
#include <stdint.h>

#define CW_PTX_LINEAR_MAX 12u

enum cw_ptx_atom { CW_PTX_ATOM_VALUE, CW_PTX_ATOM_SIGNED, CW_PTX_ATOM_UNSIGNED }; /* itself; extended from 32 to 64 bits */

struct cw_ptx_linear {
    uint64_t constant;
    struct {
        LLVMValueRef value; /* NULL: the counter */
        enum cw_ptx_atom kind;
        uint64_t factor;
    } terms[CW_PTX_LINEAR_MAX];
    unsigned count;
    bool none; /* more terms than there is room for, or no such sum */
};

struct cw_ptx_linear cw_ptx_linear_constant(uint64_t constant);
struct cw_ptx_linear cw_ptx_linear_atom(LLVMValueRef value, enum cw_ptx_atom kind);
/* a + factor * b. */
struct cw_ptx_linear cw_ptx_linear_add(struct cw_ptx_linear a, const struct cw_ptx_linear *b, uint64_t factor);
struct cw_ptx_linear cw_ptx_linear_scale(const struct cw_ptx_linear *a, uint64_t factor);
/* The factor of a term; 0 if it is not there. */
uint64_t cw_ptx_linear_factor(const struct cw_ptx_linear *a, LLVMValueRef value, enum cw_ptx_atom kind);
/* Modulo 2^bits. */
bool cw_ptx_linear_equal(const struct cw_ptx_linear *a, const struct cw_ptx_linear *b, unsigned bits);
bool cw_ptx_linear_is(const struct cw_ptx_linear *a, uint64_t constant, unsigned bits);

#endif
