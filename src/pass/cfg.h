/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cfg.h: control-flow facts of one function: blocks in reverse postorder, dominators (Cooper, Harvey, Kennedy, "A Simple,
 * Fast Dominance Algorithm", 2001) and natural loops (Aho et al., "Compilers", 9.6). Blocks that can't be reached are
 * not in it. Valid until the function's blocks or branches change.
 */
#ifndef CW_PASS_CFG_H
#define CW_PASS_CFG_H

#include <llvm-c/Core.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_CFG_NONE UINT32_MAX

struct cw_loop {
    uint32_t header;
    uint32_t parent; /* index of the innermost loop around this one, or CW_CFG_NONE */
    uint32_t size;   /* blocks in it, inner loops included */
    bool *contains;  /* by block index */
};

/* The edges at block b are to[first[b]] to to[first[b + 1] - 1]; a switch may have several between the same two blocks. */
struct cw_cfg_edges {
    uint32_t *first, *to;
};

struct cw_cfg {
    uint32_t count;
    LLVMBasicBlockRef *blocks; /* in reverse postorder; [0] is the entry */
    uint32_t *immediate_dominator; /* [0] is 0 */
    struct cw_cfg_edges successors, predecessors; /* in the order of branches' operands; of blocks */
    uint32_t loop_count;
    struct cw_loop *loops;
    uint32_t *innermost_loop; /* by block, or CW_CFG_NONE */
    struct cw_cfg_slot *index; /* block to position, sorted by address */
};

void cw_cfg_build(struct cw_cfg *cfg, LLVMValueRef function);
void cw_cfg_fini(struct cw_cfg *cfg);
/* Position of `block`, or CW_CFG_NONE when it can't be reached. */
uint32_t cw_cfg_index(const struct cw_cfg *cfg, LLVMBasicBlockRef block);
/* True if block a dominates block b. */
bool cw_cfg_dominates(const struct cw_cfg *cfg, uint32_t a, uint32_t b);

#endif
