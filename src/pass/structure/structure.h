/* SPDX-License-Identifier: Apache-2.0 */
/*
 * structure.h: from a control-flow graph, any at all, to a tree of structured statements, for targets without goto: SPIR-V,
 * WGSL, C, Rust.
 *
 * The graph is abstract: nodes stand for basic blocks, and what is in them stays where it is. Each node occurs exactly once
 * in the tree, so the tree's size is linear in the graph's, and a value of a block may be computed where its block stands.
 *
 * How it goes:
 *   1. loops.c finds the loop nest (Steensgaard, "Sequentializing Program Dependence Graphs for Irreducible Programs", 1993:
 *      strongly connected components, each again without its header). A component with several entries gets a dispatcher
 *      in front: a new node that all edges to the entries go through, with a path variable that says where to. Nothing is
 *      copied. (The alternative, node splitting, can grow exponentially: Carter, Ferrante, Thomborson, POPL 2003.)
 *   2. place.c puts each node below its immediate dominator, as Ramsey, "Beyond Relooper", ICFP 2022 does, with one
 *      difference: a node that is in fewer loops than its dominator comes behind the loop, not in it. On a GPU that is
 *      where threads that leave a loop at different turns meet again, so barriers and collectives behind a loop stay
 *      where every thread arrives at once.
 *   3. resolve.c replaces jumps out of several constructs at once by break, continue and path variables that are tested
 *      behind each construct, removes what falls to its target anyway, and flattens.
 */
#ifndef CW_PASS_STRUCTURE_STRUCTURE_H
#define CW_PASS_STRUCTURE_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_TREE_NONE UINT32_MAX

/* ---- The graph ------------------------------------------------------------------------------------------------ */

/* How a node ends, by its number of targets: none, the function returns (or control never gets there); one, a jump; two and
 * `is_switch` false, a branch: targets[0] when its condition holds, targets[1] when not; `is_switch`: targets[0] is the
 * default, targets[i] the one of case i - 1. */
struct cw_flow_node {
    uint32_t count;
    bool is_switch;
    bool phis; /* it begins with phis: edges to it are CW_TREE_EDGE statements */
    uint32_t *targets;
};

/* Node 0 is the entry. Nodes that it doesn't reach don't get into the tree. */
struct cw_flow {
    uint32_t count;
    struct cw_flow_node *nodes;
};

/* Targets of all nodes are freed too. */
void cw_flow_fini(struct cw_flow *flow);

/* ---- The tree ------------------------------------------------------------------------------------------------- */

enum cw_tree_kind {
    CW_TREE_BLOCK,      /* what node `node` holds, without its end */
    CW_TREE_EDGE,       /* edge `edge` of node `node` is taken: the phis of its target get their values, all at once */
    CW_TREE_SET,        /* path variable `variable` = `value` */
    CW_TREE_IF,         /* `then` if the test holds, else `otherwise`; either may be empty. The test is the condition of node
                         * `node`, or, where `node` is CW_TREE_NONE, path variable `variable` == `value`; `negate` inverts it */
    CW_TREE_SWITCH,     /* `then` is a list of CW_TREE_CASE. On the value of node `node`, or on path variable `variable` */
    CW_TREE_CASE,       /* the statements of `then`, for the edges of `edges`; no falling through to the next case. Of a
                         * node's switch, edge 0 is the default and edge i case i - 1; of a path variable's, edge i is the
                         * value i, and the first of the first case is the default too */
    CW_TREE_LOOP,       /* `then` for ever */
    CW_TREE_ONCE,       /* `then` once; a break leaves it. A switch with a default alone, or a loop that ends in a break */
    CW_TREE_BREAK,      /* leaves the innermost LOOP, ONCE or SWITCH */
    CW_TREE_BREAK_LOOP, /* leaves the innermost LOOP, with what of ONCE and SWITCH is in it: only where options allow it */
    CW_TREE_CONTINUE,   /* next turn of the innermost LOOP, out of any ONCE or SWITCH in it. The end of a LOOP's list
                         * continues too */
    CW_TREE_RETURN,     /* node `node` ended without targets */
};

/* Statements are linked by `next`; a list is the index of its first one, CW_TREE_NONE when empty. */
struct cw_tree_node {
    enum cw_tree_kind kind;
    uint32_t next;
    uint32_t node;
    uint32_t edge;
    uint32_t variable, value;
    uint32_t then, otherwise;
    uint32_t edge_first, edge_count; /* of a CASE: a range of cw_tree.edges */
    bool negate;
};

struct cw_tree {
    struct cw_tree_node *nodes;
    size_t count, capacity;
    uint32_t root;           /* the function's list */
    uint32_t *edges;
    size_t edge_count, edge_capacity;
    uint32_t variable_count; /* path variables: 32-bit integers, each set before it is read */
    uint32_t flow_count;     /* nodes of the graph */
    uint32_t *list_of;       /* by graph node: the list that its BLOCK is in; CW_TREE_NONE when it isn't reached */
    uint32_t *list_parent;   /* by list: the list around it; the root's is CW_TREE_NONE */
    uint32_t list_count;
};

struct cw_structure_options {
    bool break_loop; /* CW_TREE_BREAK_LOOP may be used: SPIR-V has it, WGSL has not */
};

/* The caller ends with cw_tree_fini. */
void cw_structure(struct cw_tree *tree, const struct cw_flow *flow, const struct cw_structure_options *options);
void cw_tree_fini(struct cw_tree *tree);

/* True if a name that is declared at the BLOCK of graph node `definition` is in scope at the BLOCK of `use`, and at the ends
 * and edges of `use`: the list of the one is the list of the other or around it. Where a block doesn't dominate another,
 * the answer means nothing. A value that is used out of scope needs a variable at function level. */
bool cw_tree_in_scope(const struct cw_tree *tree, uint32_t definition, uint32_t use);

/* The tree as indented text, for tests and for people: caller frees. */
char *cw_tree_print(const struct cw_tree *tree);

#endif
