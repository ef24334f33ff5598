/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agreement.h: where not all of a block's threads are, and what they may have different values of.
 *
 * A value varies if threads of a block may have different ones: what is made of thread indices, atomics and other lanes' values, and phis
 * where ways join that a varying condition has parted. A load from an address that doesn't vary gives all threads the same, unless it
 * is volatile: a program in which it doesn't has a race. A block is for some threads where a varying branch decides
 * about it: on a way from the branch that has not come to its immediate post-dominator yet.
 */
#ifndef CW_TARGET_SHADER_AGREEMENT_H
#define CW_TARGET_SHADER_AGREEMENT_H

#include "pass/cfg.h"
#include "target/target.h"

struct cw_agreement {
    struct cw_cfg cfg;
    uint64_t *postdominators; /* a row of bits a block: those that every way from it to the end passes */
    size_t words;
    bool *partial;            /* by block: for some threads */
    bool *joins;              /* by block: ways join there that a varying condition has parted */
    LLVMValueRef *varying;    /* hash set; capacity a power of two */
    size_t count, capacity;
    bool changed;
};

/* Valid until the function changes. */
void cw_agreement_build(struct cw_agreement *a, LLVMValueRef function);
void cw_agreement_fini(struct cw_agreement *a);
/* The block's end sends threads different ways. */
bool cw_agreement_parts(const struct cw_agreement *a, uint32_t block);
/* Every way from the block `branch` passes `block`: what it has parted is together again there. */
bool cw_agreement_joins_at(const struct cw_agreement *a, uint32_t branch, uint32_t block);
/* Not all threads of the block go round a loop around it, or not as often. */
bool cw_agreement_in_partial_loop(const struct cw_agreement *a, uint32_t block);

/* Calls that lanes of a warp make together, and those that a block does. */
bool cw_shader_is_collective(LLVMValueRef instruction);
bool cw_shader_is_barrier(LLVMValueRef instruction);

#endif
