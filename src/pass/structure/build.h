/* SPDX-License-Identifier: Apache-2.0 */
/* build.h: what the steps of the structuriser share. See structure.h. */
#ifndef CW_PASS_STRUCTURE_BUILD_H
#define CW_PASS_STRUCTURE_BUILD_H

#include "pass/structure/structure.h"

/* An edge of the graph as it is after step 1. Where it goes through a dispatcher it sets that one's variable first. */
struct cw_structure_edge {
    uint32_t target;
    uint32_t variable, value; /* variable is CW_TREE_NONE: nothing is set */
    bool moves;               /* the block that it leads to in the end has phis */
};

struct cw_structure_node {
    uint32_t count;
    struct cw_structure_edge *edges;
    bool is_switch;
    uint32_t dispatches; /* a dispatcher's path variable, else CW_TREE_NONE */
    bool reached;
    uint32_t loop;       /* innermost loop around it, or CW_TREE_NONE. A header is in its own loop */
};

struct cw_structure_loop {
    uint32_t header, parent; /* parent: a loop, or CW_TREE_NONE */
};

struct cw_structure_graph {
    struct cw_structure_node *nodes;
    size_t count, capacity;
    struct cw_structure_loop *loops;
    size_t loop_count, loop_capacity;
    uint32_t variable_count;
};

/* loops.c: a copy of the graph, made reducible, with its loop nest. */
void cw_structure_loops(struct cw_structure_graph *graph, const struct cw_flow *flow);
void cw_structure_graph_fini(struct cw_structure_graph *graph);
/* True if loop `loop` is `around` or around it; `loop` may be CW_TREE_NONE. */
bool cw_structure_in_loop(const struct cw_structure_graph *graph, uint32_t loop, uint32_t inside);

/* A list under construction. */
struct cw_structure_list {
    uint32_t first, last;
};
#define CW_STRUCTURE_EMPTY ((struct cw_structure_list){CW_TREE_NONE, CW_TREE_NONE})

/* Statements of step 2 that the finished tree has not: a list that ends where a label is, and a jump to a label. Labels are
 * graph nodes. */
enum { CW_TREE_LABELLED = 100, CW_TREE_JUMP };

/* tree.c. The pool may move: keep indices. */
uint32_t cw_structure_new(struct cw_tree *tree, enum cw_tree_kind kind);
void cw_structure_append(struct cw_tree *tree, struct cw_structure_list *list, uint32_t node);

/* place.c: the tree with LABELLED and JUMP. */
uint32_t cw_structure_place(struct cw_tree *tree, const struct cw_structure_graph *graph);

/* resolve.c: replaces LABELLED and JUMP. */
uint32_t cw_structure_resolve(struct cw_tree *tree, uint32_t list, const struct cw_structure_options *options);

/* simplify.c: removes what does nothing. */
uint32_t cw_structure_simplify(struct cw_tree *tree, uint32_t list);

#endif
