/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.c: where each node stands in the tree.
 *
 * A node stands below its immediate dominator. If one edge alone leads to it, it stands where that edge is taken; else it
 * comes behind everything that jumps to it: the part before it becomes a labelled list, whose end is the node's label. A
 * dominator's nodes of that kind follow each other in reverse postorder, so jumps go forward only (Ramsey 2022, section
 * 3). What is dominated from within a loop without being in the loop moves behind the outermost such loop. A jump to what
 * comes next anyway is none.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "pass/structure/build.h"

struct placement {
    struct cw_tree *tree;
    const struct cw_structure_graph *graph;
    uint32_t start;
    uint32_t *order;       /* nodes in reverse postorder */
    uint32_t order_count;
    uint32_t *rank;        /* by node: place in `order` */
    uint32_t *dominator;   /* by node: immediate dominator; the start's is itself */
    uint32_t *ways_in;     /* by node: different forward edges to it */
    bool *inlined;         /* by node: it stands where the one edge to it is taken */
    uint32_t *child, *sibling;        /* by node: nodes that come behind its code, in reverse postorder */
    uint32_t *after;       /* by loop: nodes that come behind the loop; linked by `sibling` too */
    uint32_t *jumps;       /* by node: JUMPs to it so far */
};

/* Edges of one node that do the same: their phis get the same values, and they set the same. */
static bool is_same_way(const struct cw_structure_edge *a, const struct cw_structure_edge *b) {
    return a->target == b->target && a->variable == b->variable && a->value == b->value;
}

/* ---- Order and dominators ------------------------------------------------------------------------------------- */

static void number_nodes(struct placement *place) {
    size_t count = place->graph->count;
    uint32_t *stack = cw_alloc_array(count + 1, sizeof *stack);
    uint32_t *edge = cw_alloc_array(count, sizeof *edge);
    bool *seen = cw_alloc_array(count, sizeof *seen);
    uint32_t depth = 0, left = (uint32_t)count;
    stack[depth++] = place->start;
    seen[place->start] = true;
    while (depth) {
        uint32_t node = stack[depth - 1];
        const struct cw_structure_node *row = &place->graph->nodes[node];
        if (edge[node] < row->count) {
            /* Last target first, so that in reverse postorder the first comes first. */
            uint32_t target = row->edges[row->count - 1 - edge[node]++].target;
            if (!seen[target]) {
                seen[target] = true;
                stack[depth++] = target;
            }
            continue;
        }
        place->order[--left] = node;
        depth--;
    }
    place->order_count = (uint32_t)count - left;
    memmove(place->order, place->order + left, place->order_count * sizeof *place->order);
    for (uint32_t i = 0; i < place->order_count; i++) {
        place->rank[place->order[i]] = i;
    }
    free(stack);
    free(edge);
    free(seen);
}

static uint32_t meet(const struct placement *place, uint32_t a, uint32_t b) {
    while (a != b) {
        while (place->rank[a] > place->rank[b]) {
            a = place->dominator[a];
        }
        while (place->rank[b] > place->rank[a]) {
            b = place->dominator[b];
        }
    }
    return a;
}

/* Cooper, Harvey, Kennedy 2001. In a reducible graph forward edges suffice, and one round in reverse postorder does. */
static void find_dominators(struct placement *place) {
    for (uint32_t n = 0; n < place->graph->count; n++) {
        place->dominator[n] = CW_TREE_NONE;
    }
    place->dominator[place->start] = place->start;
    for (uint32_t i = 0; i < place->order_count; i++) {
        uint32_t node = place->order[i];
        const struct cw_structure_node *row = &place->graph->nodes[node];
        for (uint32_t e = 0; e < row->count; e++) {
            uint32_t target = row->edges[e].target;
            if (place->rank[target] <= i) {
                continue;
            }
            bool twin = false;
            for (uint32_t k = 0; k < e && !twin; k++) {
                twin = is_same_way(&row->edges[k], &row->edges[e]);
            }
            if (twin) {
                continue;
            }
            place->ways_in[target]++;
            uint32_t old = place->dominator[target];
            place->dominator[target] = old == CW_TREE_NONE ? node : meet(place, old, node);
        }
    }
}

/* The outermost loop that `outside` is not in and `inside` is; CW_TREE_NONE when there is none. */
static uint32_t loop_left(const struct cw_structure_graph *graph, uint32_t inside, uint32_t outside) {
    uint32_t found = CW_TREE_NONE;
    for (uint32_t loop = graph->nodes[inside].loop; loop != CW_TREE_NONE; loop = graph->loops[loop].parent) {
        if (!cw_structure_in_loop(graph, loop, graph->nodes[outside].loop)) {
            found = loop;
        }
    }
    return found;
}

/* Back to front, so that the lists are in reverse postorder. */
static void hang_nodes(struct placement *place) {
    memset(place->child, 0xff, place->graph->count * sizeof *place->child);
    memset(place->sibling, 0xff, place->graph->count * sizeof *place->sibling);
    memset(place->after, 0xff, place->graph->loop_count * sizeof *place->after);
    for (uint32_t i = place->order_count; i-- > 1;) {
        uint32_t node = place->order[i], above = place->dominator[node];
        uint32_t loop = loop_left(place->graph, above, node);
        if (loop == CW_TREE_NONE && place->ways_in[node] == 1) {
            place->inlined[node] = true;
            continue;
        }
        uint32_t *list = loop == CW_TREE_NONE ? &place->child[above] : &place->after[loop];
        place->sibling[node] = *list;
        *list = node;
    }
}

/* ---- The tree ------------------------------------------------------------------------------------------------- */

static uint32_t emit(struct placement *place, uint32_t node, uint32_t next);
static uint32_t emit_behind(struct placement *place, uint32_t node, uint32_t behind, uint32_t next, bool loop);

static void append_jump(struct placement *place, struct cw_structure_list *list, uint32_t target) {
    uint32_t jump = cw_structure_new(place->tree, (enum cw_tree_kind)CW_TREE_JUMP);
    place->tree->nodes[jump].node = target;
    cw_structure_append(place->tree, list, jump);
    place->jumps[target]++;
}

static void append_list(struct placement *place, struct cw_structure_list *list, uint32_t first) {
    while (first != CW_TREE_NONE) {
        uint32_t next = place->tree->nodes[first].next;
        cw_structure_append(place->tree, list, first);
        first = next;
    }
}

/* What an edge does before it arrives. */
static void append_edge(struct placement *place, struct cw_structure_list *list, uint32_t node, uint32_t edge) {
    const struct cw_structure_node *row = &place->graph->nodes[node];
    struct cw_tree *tree = place->tree;
    if (row->edges[edge].moves) {
        uint32_t moves = cw_structure_new(tree, CW_TREE_EDGE);
        tree->nodes[moves].node = node;
        tree->nodes[moves].edge = edge;
        cw_structure_append(tree, list, moves);
    }
    if (row->edges[edge].variable != CW_TREE_NONE) {
        uint32_t set = cw_structure_new(tree, CW_TREE_SET);
        tree->nodes[set].variable = row->edges[edge].variable;
        tree->nodes[set].value = row->edges[edge].value;
        cw_structure_append(tree, list, set);
    }
}

static uint32_t emit_edge(struct placement *place, uint32_t node, uint32_t edge, uint32_t next) {
    struct cw_structure_list list = CW_STRUCTURE_EMPTY;
    uint32_t target = place->graph->nodes[node].edges[edge].target;
    append_edge(place, &list, node, edge);
    if (place->inlined[target] && place->rank[target] > place->rank[node]) {
        append_list(place, &list, emit(place, target, next));
    } else if (target != next) {
        append_jump(place, &list, target);
    }
    return list.first;
}

static void emit_branch(struct placement *place, struct cw_structure_list *list, uint32_t node, uint32_t next) {
    struct cw_tree *tree = place->tree;
    const struct cw_structure_node *row = &place->graph->nodes[node];
    uint32_t branch = cw_structure_new(tree, CW_TREE_IF);
    cw_structure_append(tree, list, branch);
    if (row->dispatches != CW_TREE_NONE) {
        tree->nodes[branch].variable = row->dispatches;
        tree->nodes[branch].value = 0;
    } else {
        tree->nodes[branch].node = node;
    }
    uint32_t then = emit_edge(place, node, 0, next);
    tree->nodes[branch].then = then;
    uint32_t otherwise = emit_edge(place, node, 1, next);
    tree->nodes[branch].otherwise = otherwise;
}

static void add_case_edge(struct cw_tree *tree, uint32_t edge) {
    tree->edges = cw_grow(tree->edges, tree->edge_count, &tree->edge_capacity, sizeof *tree->edges);
    tree->edges[tree->edge_count++] = edge;
}

static void emit_switch(struct placement *place, struct cw_structure_list *list, uint32_t node, uint32_t next) {
    struct cw_tree *tree = place->tree;
    const struct cw_structure_node *row = &place->graph->nodes[node];
    uint32_t branch = cw_structure_new(tree, CW_TREE_SWITCH);
    cw_structure_append(tree, list, branch);
    if (row->dispatches != CW_TREE_NONE) {
        tree->nodes[branch].variable = row->dispatches;
    } else {
        tree->nodes[branch].node = node;
    }
    struct cw_structure_list cases = CW_STRUCTURE_EMPTY;
    bool *done = cw_alloc_array(row->count, sizeof *done);
    for (uint32_t e = 0; e < row->count; e++) {
        if (done[e]) {
            continue;
        }
        uint32_t one = cw_structure_new(tree, CW_TREE_CASE);
        cw_structure_append(tree, &cases, one);
        tree->nodes[one].edge_first = (uint32_t)tree->edge_count;
        for (uint32_t k = e; k < row->count; k++) {
            if (is_same_way(&row->edges[k], &row->edges[e])) {
                done[k] = true;
                add_case_edge(tree, k);
                tree->nodes[one].edge_count++;
            }
        }
        uint32_t body = emit_edge(place, node, e, next);
        tree->nodes[one].then = body;
    }
    free(done);
    tree->nodes[branch].then = cases.first;
}

/* The node's own code, and how it ends. */
static uint32_t emit_code(struct placement *place, uint32_t node, uint32_t next) {
    struct cw_tree *tree = place->tree;
    const struct cw_structure_node *row = &place->graph->nodes[node];
    struct cw_structure_list list = CW_STRUCTURE_EMPTY;
    if (node < tree->flow_count) {
        uint32_t block = cw_structure_new(tree, CW_TREE_BLOCK);
        tree->nodes[block].node = node;
        cw_structure_append(tree, &list, block);
    }
    bool one_target = row->count > 0;
    for (uint32_t e = 1; e < row->count; e++) {
        one_target &= is_same_way(&row->edges[e], &row->edges[0]);
    }
    if (row->count == 0) {
        uint32_t end = cw_structure_new(tree, CW_TREE_RETURN);
        tree->nodes[end].node = node;
        cw_structure_append(tree, &list, end);
    } else if (one_target) {
        append_list(place, &list, emit_edge(place, node, 0, next));
    } else if (row->is_switch) {
        emit_switch(place, &list, node, next);
    } else {
        emit_branch(place, &list, node, next);
    }
    return list.first;
}

/* The list `list`, whose end is the label of node `label`. A list that nothing jumps out of is what it holds. */
static uint32_t emit_label(struct placement *place, uint32_t list, uint32_t label) {
    if (!place->jumps[label]) {
        return list;
    }
    uint32_t labelled = cw_structure_new(place->tree, (enum cw_tree_kind)CW_TREE_LABELLED);
    place->tree->nodes[labelled].node = label;
    place->tree->nodes[labelled].then = list;
    return labelled;
}

/* The node alone, or the loop that it is the header of. */
static uint32_t emit_front(struct placement *place, uint32_t node, uint32_t next, bool loop) {
    if (!loop) {
        return emit_code(place, node, next);
    }
    uint32_t statement = cw_structure_new(place->tree, CW_TREE_LOOP);
    place->tree->nodes[statement].node = node;
    uint32_t body = emit_behind(place, node, place->child[node], node, false);
    place->tree->nodes[statement].then = body;
    return statement;
}

static bool is_header(const struct placement *place, uint32_t node) {
    uint32_t loop = place->graph->nodes[node].loop;
    return loop != CW_TREE_NONE && place->graph->loops[loop].header == node;
}

static uint32_t first_behind(const struct placement *place, uint32_t node) {
    return is_header(place, node) ? place->after[place->graph->nodes[node].loop] : place->child[node];
}

/* The node and what comes behind it: `behind` and its siblings. Control that falls off the end gets to `next`. The last of
 * those behind is handled by going round, so that long chains don't need a deep stack. */
static uint32_t emit_behind(struct placement *place, uint32_t node, uint32_t behind, uint32_t next, bool loop) {
    struct cw_structure_list list = CW_STRUCTURE_EMPTY;
    for (;;) {
        struct cw_structure_list part = CW_STRUCTURE_EMPTY;
        append_list(place, &part, emit_front(place, node, behind == CW_TREE_NONE ? next : behind, loop));
        while (behind != CW_TREE_NONE && place->sibling[behind] != CW_TREE_NONE) {
            uint32_t follower = place->sibling[behind];
            uint32_t before = emit_label(place, part.first, behind);
            part = CW_STRUCTURE_EMPTY;
            append_list(place, &part, before);
            append_list(place, &part, emit(place, behind, follower));
            behind = follower;
        }
        if (behind == CW_TREE_NONE) {
            append_list(place, &list, part.first);
            return list.first;
        }
        append_list(place, &list, emit_label(place, part.first, behind));
        node = behind;
        loop = is_header(place, node);
        behind = first_behind(place, node);
    }
}

static uint32_t emit(struct placement *place, uint32_t node, uint32_t next) {
    return emit_behind(place, node, first_behind(place, node), next, is_header(place, node));
}

uint32_t cw_structure_place(struct cw_tree *tree, const struct cw_structure_graph *graph) {
    size_t count = graph->count;
    struct placement place = {
        .tree = tree,
        .graph = graph,
        .start = tree->flow_count,
        .order = cw_alloc_array(count, sizeof(uint32_t)),
        .rank = cw_alloc_array(count, sizeof(uint32_t)),
        .dominator = cw_alloc_array(count, sizeof(uint32_t)),
        .ways_in = cw_alloc_array(count, sizeof(uint32_t)),
        .inlined = cw_alloc_array(count, sizeof(bool)),
        .child = cw_alloc_array(count, sizeof(uint32_t)),
        .sibling = cw_alloc_array(count, sizeof(uint32_t)),
        .after = cw_alloc_array(graph->loop_count + 1, sizeof(uint32_t)),
        .jumps = cw_alloc_array(count, sizeof(uint32_t)),
    };
    number_nodes(&place);
    find_dominators(&place);
    hang_nodes(&place);
    uint32_t root = emit(&place, place.start, CW_TREE_NONE);
    free(place.order);
    free(place.rank);
    free(place.dominator);
    free(place.ways_in);
    free(place.inlined);
    free(place.child);
    free(place.sibling);
    free(place.after);
    free(place.jumps);
    return root;
}
