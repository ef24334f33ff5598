/* SPDX-License-Identifier: Apache-2.0 */
/* cfg.c: see cfg.h. */
#include "pass/cfg.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct cw_cfg_slot {
    LLVMBasicBlockRef block;
    uint32_t position;
};

static int compare_slots(const void *a, const void *b) {
    uintptr_t x = (uintptr_t)((const struct cw_cfg_slot *)a)->block, y = (uintptr_t)((const struct cw_cfg_slot *)b)->block;
    return (x > y) - (x < y);
}

static struct cw_cfg_slot *find(const struct cw_cfg *cfg, LLVMBasicBlockRef block) {
    struct cw_cfg_slot key = {block, 0};
    return bsearch(&key, cfg->index, cfg->count, sizeof *cfg->index, compare_slots);
}

uint32_t cw_cfg_index(const struct cw_cfg *cfg, LLVMBasicBlockRef block) {
    const struct cw_cfg_slot *slot = find(cfg, block);
    return slot ? slot->position : CW_CFG_NONE;
}

struct frame {
    uint32_t block;
    unsigned next;
};

/* Numbers the blocks in reverse postorder. While it runs, positions are CW_CFG_NONE for unseen blocks. */
static void order_blocks(struct cw_cfg *cfg, LLVMValueRef function) {
    uint32_t total = LLVMCountBasicBlocks(function), finished = total, depth = 0;
    LLVMBasicBlockRef *all = cw_alloc_array(total, sizeof *all);
    LLVMGetBasicBlocks(function, all);
    cfg->count = total;
    cfg->index = cw_alloc_array(total, sizeof *cfg->index);
    for (uint32_t i = 0; i < total; i++) cfg->index[i] = (struct cw_cfg_slot){all[i], CW_CFG_NONE};
    qsort(cfg->index, total, sizeof *cfg->index, compare_slots);

    struct frame *stack = cw_alloc_array(total, sizeof *stack);
    LLVMBasicBlockRef *order = cw_alloc_array(total, sizeof *order);
    bool *seen = cw_alloc_array(total, sizeof *seen);
    stack[depth++] = (struct frame){(uint32_t)(find(cfg, LLVMGetEntryBasicBlock(function)) - cfg->index), 0};
    seen[stack[0].block] = true;
    while (depth) {
        struct frame *top = &stack[depth - 1];
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(cfg->index[top->block].block);
        if (top->next < LLVMGetNumSuccessors(terminator)) {
            uint32_t successor = (uint32_t)(find(cfg, LLVMGetSuccessor(terminator, top->next++)) - cfg->index);
            if (seen[successor]) continue;
            seen[successor] = true;
            stack[depth++] = (struct frame){successor, 0};
        } else {
            order[--finished] = cfg->index[top->block].block;
            depth--;
        }
    }
    uint32_t reachable = total - finished;
    cfg->blocks = cw_alloc_array(reachable, sizeof *cfg->blocks);
    memcpy(cfg->blocks, order + finished, reachable * sizeof *order);
    for (uint32_t i = 0; i < reachable; i++) find(cfg, cfg->blocks[i])->position = i;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < total; i++)
        if (cfg->index[i].position != CW_CFG_NONE) cfg->index[kept++] = cfg->index[i];
    cfg->count = reachable;
    free(all);
    free(stack);
    free(order);
    free(seen);
}

static uint32_t intersect(const uint32_t *idom, uint32_t a, uint32_t b) {
    while (a != b) {
        while (a > b) a = idom[a];
        while (b > a) b = idom[b];
    }
    return a;
}

/* Asks LLVM for each block's successors once. */
static void find_edges(struct cw_cfg *cfg) {
    uint32_t *first = cfg->successors.first = cw_alloc_array(cfg->count + 1u, sizeof *first);
    uint32_t *begin = cfg->predecessors.first = cw_alloc_array(cfg->count + 2u, sizeof *begin);
    for (uint32_t b = 0; b < cfg->count; b++) {
        first[b + 1] = first[b] + LLVMGetNumSuccessors(LLVMGetBasicBlockTerminator(cfg->blocks[b]));
    }
    uint32_t total = first[cfg->count], *to = cfg->successors.to = cw_alloc_array(total + 1u, sizeof *to);
    for (uint32_t b = 0; b < cfg->count; b++) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(cfg->blocks[b]);
        for (uint32_t e = first[b]; e < first[b + 1]; e++) {
            to[e] = cw_cfg_index(cfg, LLVMGetSuccessor(terminator, e - first[b]));
            begin[to[e] + 2]++;
        }
    }
    /* Shifted by one, so that filling moves each start to where the next block's begins. */
    for (uint32_t b = 2; b < cfg->count + 2; b++) begin[b] += begin[b - 1];
    uint32_t *from = cfg->predecessors.to = cw_alloc_array(total + 1u, sizeof *from);
    for (uint32_t b = 0; b < cfg->count; b++)
        for (uint32_t e = first[b]; e < first[b + 1]; e++) from[begin[to[e] + 1]++] = b;
}

static void find_dominators(struct cw_cfg *cfg) {
    const struct cw_cfg_edges *out = &cfg->successors;
    uint32_t *idom = cfg->immediate_dominator = cw_alloc_array(cfg->count, sizeof *idom);
    for (uint32_t i = 1; i < cfg->count; i++) idom[i] = CW_CFG_NONE;
    for (bool changed = true; changed;) {
        changed = false;
        /* Pushing along edges in reverse postorder visits every predecessor that is already known. */
        for (uint32_t i = 0; i < cfg->count; i++) {
            if (idom[i] == CW_CFG_NONE) continue;
            for (uint32_t e = out->first[i]; e < out->first[i + 1]; e++) {
                uint32_t to = out->to[e];
                if (to == 0) continue;
                uint32_t dominator = idom[to] == CW_CFG_NONE ? i : intersect(idom, idom[to], i);
                if (dominator != idom[to]) {
                    idom[to] = dominator;
                    changed = true;
                }
            }
        }
    }
}

bool cw_cfg_dominates(const struct cw_cfg *cfg, uint32_t a, uint32_t b) {
    while (b > a) b = cfg->immediate_dominator[b];
    return a == b;
}

static struct cw_loop *loop_of_header(struct cw_cfg *cfg, uint32_t header, size_t *capacity) {
    for (uint32_t i = 0; i < cfg->loop_count; i++)
        if (cfg->loops[i].header == header) return &cfg->loops[i];
    cfg->loops = cw_grow(cfg->loops, cfg->loop_count, capacity, sizeof *cfg->loops);
    struct cw_loop *loop = &cfg->loops[cfg->loop_count++];
    *loop = (struct cw_loop){.header = header, .parent = CW_CFG_NONE, .size = 1};
    loop->contains = cw_alloc_array(cfg->count, sizeof *loop->contains);
    loop->contains[header] = true;
    return loop;
}

static void add_block(struct cw_loop *loop, uint32_t block, uint32_t *pending, uint32_t *count) {
    if (loop->contains[block]) return;
    loop->contains[block] = true;
    loop->size++;
    pending[(*count)++] = block;
}

/* Adds to the loop every block that reaches `tail` without passing the header. `pending` has room for all blocks. */
static void add_body(const struct cw_cfg *cfg, struct cw_loop *loop, uint32_t tail, uint32_t *pending) {
    const struct cw_cfg_edges *in = &cfg->predecessors;
    uint32_t count = 0;
    add_block(loop, tail, pending, &count);
    while (count) {
        uint32_t block = pending[--count];
        for (uint32_t e = in->first[block]; e < in->first[block + 1]; e++) add_block(loop, in->to[e], pending, &count);
    }
}

static void find_loops(struct cw_cfg *cfg) {
    const struct cw_cfg_edges *out = &cfg->successors;
    size_t capacity = 0;
    uint32_t *pending = cw_alloc_array(cfg->count, sizeof *pending);
    for (uint32_t i = 0; i < cfg->count; i++) {
        for (uint32_t e = out->first[i]; e < out->first[i + 1]; e++) {
            uint32_t to = out->to[e];
            if (to <= i && cw_cfg_dominates(cfg, to, i)) add_body(cfg, loop_of_header(cfg, to, &capacity), i, pending);
        }
    }
    free(pending);
    cfg->innermost_loop = cw_alloc_array(cfg->count, sizeof *cfg->innermost_loop);
    for (uint32_t b = 0; b < cfg->count; b++) {
        cfg->innermost_loop[b] = CW_CFG_NONE;
        for (uint32_t l = 0; l < cfg->loop_count; l++)
            if (cfg->loops[l].contains[b] &&
                (cfg->innermost_loop[b] == CW_CFG_NONE || cfg->loops[l].size < cfg->loops[cfg->innermost_loop[b]].size))
                cfg->innermost_loop[b] = l;
    }
    for (uint32_t l = 0; l < cfg->loop_count; l++)
        for (uint32_t o = 0; o < cfg->loop_count; o++)
            if (o != l && cfg->loops[o].contains[cfg->loops[l].header] && cfg->loops[o].size > cfg->loops[l].size &&
                (cfg->loops[l].parent == CW_CFG_NONE || cfg->loops[o].size < cfg->loops[cfg->loops[l].parent].size))
                cfg->loops[l].parent = o;
}

void cw_cfg_build(struct cw_cfg *cfg, LLVMValueRef function) {
    memset(cfg, 0, sizeof *cfg);
    order_blocks(cfg, function);
    find_edges(cfg);
    find_dominators(cfg);
    find_loops(cfg);
}

void cw_cfg_fini(struct cw_cfg *cfg) {
    for (uint32_t i = 0; i < cfg->loop_count; i++) free(cfg->loops[i].contains);
    free(cfg->loops);
    free(cfg->blocks);
    free(cfg->immediate_dominator);
    free(cfg->successors.first);
    free(cfg->successors.to);
    free(cfg->predecessors.first);
    free(cfg->predecessors.to);
    free(cfg->innermost_loop);
    free(cfg->index);
}
