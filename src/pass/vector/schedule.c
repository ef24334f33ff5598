/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schedule.c: the order in which blocks stand in the widened function: topological, but for back edges, and with each loop
 * in one piece. The end of a divergent loop is a place of its own behind the loop's blocks. control.c routes every edge along
 * this order (Moll and Hack, "Partial Control-Flow Linearization", PLDI 2018, 4).
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

/* The innermost loop around `block` that is a direct child of `parent` (CW_CFG_NONE: of the function), or NONE when `block`
 * lies directly in `parent`. */
static uint32_t child_loop(const struct cw_vector *v, uint32_t block, uint32_t parent) {
    uint32_t loop = v->cfg.innermost_loop[block];
    if (loop == parent) return CW_CFG_NONE;
    while (v->cfg.loops[loop].parent != parent) loop = v->cfg.loops[loop].parent;
    return loop;
}

static void add_node(struct cw_vector *v, uint32_t block, uint32_t loop) {
    v->nodes[v->node_count++] = (struct cw_vector_node){.block = block, .loop = loop};
}

/* Blocks stand in `cfg` in reverse postorder, which is topological; taking them in that order region by region, and a loop as a
 * whole when its header's turn comes, isn't yet: a block behind a loop may stand before the loop's last block. So a
 * depth-first search goes over the region's own graph, in which each inner loop is one vertex. */
struct region {
    struct cw_vector *v;
    uint32_t loop;     /* CW_CFG_NONE: the whole function */
    bool *seen;        /* by block; a loop's vertex is its header */
    uint32_t *finished;
    uint32_t count;
};

static bool is_inside(const struct region *region, uint32_t block) {
    return region->loop == CW_CFG_NONE || region->v->cfg.loops[region->loop].contains[block];
}

static void visit(struct region *region, uint32_t vertex);

static void visit_successors(struct region *region, uint32_t block, uint32_t child) {
    struct cw_vector *v = region->v;
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[block]);
    for (unsigned s = 0; s < LLVMGetNumSuccessors(terminator); s++) {
        uint32_t to = cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s));
        if (!is_inside(region, to) || (child != CW_CFG_NONE && v->cfg.loops[child].contains[to])) continue;
        if (region->loop != CW_CFG_NONE && to == v->cfg.loops[region->loop].header) continue;
        uint32_t loop = child_loop(v, to, region->loop);
        visit(region, loop == CW_CFG_NONE ? to : v->cfg.loops[loop].header);
    }
}

static void visit(struct region *region, uint32_t vertex) {
    struct cw_vector *v = region->v;
    if (region->seen[vertex]) return;
    region->seen[vertex] = true;
    uint32_t child = child_loop(v, vertex, region->loop);
    if (child == CW_CFG_NONE) {
        visit_successors(region, vertex, CW_CFG_NONE);
    } else {
        for (uint32_t b = 0; b < v->cfg.count; b++)
            if (v->cfg.loops[child].contains[b]) visit_successors(region, b, child);
    }
    region->finished[region->count++] = vertex;
}

static void order_region(struct cw_vector *v, uint32_t loop, uint32_t start) {
    struct region region = {.v = v, .loop = loop};
    region.seen = cw_alloc_array(v->cfg.count, sizeof *region.seen);
    region.finished = cw_alloc_array(v->cfg.count, sizeof *region.finished);
    visit(&region, start);
    while (region.count) {
        uint32_t vertex = region.finished[--region.count], child = child_loop(v, vertex, loop);
        if (child == CW_CFG_NONE) {
            v->blocks[vertex].node = v->node_count;
            add_node(v, vertex, CW_CFG_NONE);
        } else {
            order_region(v, child, vertex);
            if (!v->loops[child].divergent) continue;
            v->loops[child].end_node = v->node_count;
            add_node(v, CW_CFG_NONE, child);
        }
    }
    free(region.seen);
    free(region.finished);
}

void cw_vector_schedule(struct cw_vector *v) {
    v->nodes = cw_alloc_array(v->cfg.count + v->cfg.loop_count + 1, sizeof *v->nodes);
    /* Inside its own loop a header is a plain block. */
    order_region(v, CW_CFG_NONE, 0);
    for (uint32_t n = 0; n < v->node_count; n++) v->nodes[n].deferred = cw_alloc_array(v->node_count, sizeof *v->nodes[n].deferred);
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) {
        v->loops[l].exits = cw_alloc_array(v->cfg.count, sizeof *v->loops[l].exits);
        v->loops[l].outer = cw_alloc_array(v->node_count, sizeof *v->loops[l].outer);
    }
}
