/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of pass/structure: golden trees of the textbook graphs, and random graphs, reducible or not, whose walks are compared
 * with walks through their trees: the same decisions must visit the same blocks and edges.
 */
#include "pass/structure/structure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/memory.h"

#define STEPS_MAX 400

/* ---- Graphs as text: "1 2; 3; 3;" gives each node's targets; "s" in front of them makes a switch, "p" gives phis ---- */

static struct cw_flow parse_flow(const char *text) {
    struct cw_flow flow = {0};
    flow.nodes = cw_alloc_array(64, sizeof *flow.nodes);
    while (*text) {
        struct cw_flow_node *node = &flow.nodes[flow.count++];
        node->targets = cw_alloc_array(16, sizeof *node->targets);
        for (; *text && *text != ';'; text++) {
            if (*text == 's') {
                node->is_switch = true;
            } else if (*text == 'p') {
                node->phis = true;
            } else if (*text >= '0' && *text <= '9') {
                char *end;
                node->targets[node->count++] = (uint32_t)strtoul(text, &end, 10);
                text = end - 1;
            }
        }
        text += *text == ';';
    }
    return flow;
}

static void expect(const char *graph, bool break_loop, const char *expected) {
    struct cw_flow flow = parse_flow(graph);
    struct cw_structure_options options = {.break_loop = break_loop};
    struct cw_tree tree;
    cw_structure(&tree, &flow, &options);
    char *text = cw_tree_print(&tree);
    cr_expect_str_eq(text, expected, "%s gave\n%s", graph, text);
    free(text);
    cw_tree_fini(&tree);
    cw_flow_fini(&flow);
}

Test(structure, straight_line) {
    expect("1; 2; ;", false, "block 0\nblock 1\nblock 2\nreturn 2\n");
}

Test(structure, if_else_joins) {
    expect("1 2; 3; 3; p;", false, "block 0\nif 0\n  block 1\n  edge 1.0\nelse\n  block 2\n  edge 2.0\nblock 3\nreturn 3\n");
}

Test(structure, if_without_else) {
    expect("2 1; 2; ;", false, "block 0\nif not 0\n  block 1\nblock 2\nreturn 2\n");
}

Test(structure, early_return_leaves_the_rest_flat) {
    expect("1 2; ; 3; ;", false, "block 0\nif 0\n  block 1\n  return 1\nblock 2\nblock 3\nreturn 3\n");
}

/* if (a && b) T; else E; J */
Test(structure, short_circuit) {
    expect("1 3; 2 3; 4; 4; ;", false,
           "block 0\nonce\n  if 0\n    block 1\n    if 1\n      block 2\n      break\n  block 3\nblock 4\nreturn 4\n");
}

Test(structure, while_loop) {
    expect("1; 2 3; 1; ;", false, "block 0\nloop\n  block 1\n  if not 1\n    break\n  block 2\nblock 3\nreturn 3\n");
}

Test(structure, do_loop_with_phi) {
    expect("1; p 1 2; ;", false, "block 0\nedge 0.0\nloop\n  block 1\n  if not 1\n    break\n  edge 1.0\nblock 2\nreturn 2\n");
}

/* A loop with two exits: what the second one leads to stands behind the loop. */
Test(structure, two_exits) {
    expect("1; 2 4; 3 1; 4; ;", false,
           "block 0\nv0 = 0\nloop\n  block 1\n  if not 1\n    v0 = 1\n    break\n  block 2\n  if 2\n    break\n"
           "if v0 != 1\n  block 3\nblock 4\nreturn 4\n");
}

Test(structure, nested_loops_continue_outer) {
    expect("1; 2 5; 3; 4 1; 3 2; ;", false,
           "block 0\nloop\n  block 1\n  if not 1\n    break\n  loop\n    block 2\n    v0 = 0\n    loop\n      block 3\n      if not 3\n"
           "        v0 = 1\n        break\n      block 4\n      if not 4\n        break\n    if v0 == 1\n      break\nblock 5\nreturn 5\n");
}

Test(structure, switch_with_shared_target) {
    expect("s 3 1 2 1; 4; 4; 4; ;", false,
           "block 0\nswitch 0\n  case 0\n    block 3\n  case 1 3\n    block 1\n  case 2\n    block 2\nblock 4\nreturn 4\n");
}

/* Two entries into a cycle: one dispatcher, no copies. */
Test(structure, irreducible) {
    expect("1 2; 2; 1 3; ;", false,
           "block 0\nif 0\n  v0 = 0\nelse\n  v0 = 1\nloop\n  if v0 == 0\n    block 1\n    v0 = 1\n  else\n    block 2\n"
           "    if not 2\n      break\n    v0 = 0\nblock 3\nreturn 3\n");
}

/* ---- Random graphs -------------------------------------------------------------------------------------------- */

struct walk {
    const struct cw_flow *flow;
    const struct cw_tree *tree;
    uint32_t seed;
    uint32_t visits[64];        /* by node: makes decisions */
    uint32_t trace[STEPS_MAX];  /* node, or 1000 + 16 * node + edge */
    int steps;
    uint32_t *variables;
    bool failed;
};

static uint32_t mix(uint32_t x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

static bool note(struct walk *walk, uint32_t what) {
    if (walk->steps < STEPS_MAX) {
        walk->trace[walk->steps++] = what;
    }
    return walk->steps < STEPS_MAX;
}

/* The edge that node takes at its latest visit. */
static uint32_t decide(const struct walk *walk, uint32_t node) {
    uint32_t count = walk->flow->nodes[node].count;
    return count ? mix(walk->seed + 977u * node + 31u * walk->visits[node]) % count : 0;
}

static void walk_graph(struct walk *walk) {
    uint32_t node = 0;
    for (;;) {
        walk->visits[node]++;
        if (!note(walk, node)) {
            return;
        }
        const struct cw_flow_node *row = &walk->flow->nodes[node];
        if (!row->count) {
            return;
        }
        uint32_t edge = decide(walk, node);
        /* Edges of one node to one target are the same. */
        for (uint32_t e = 0; e < edge; e++) {
            if (row->targets[e] == row->targets[edge]) {
                edge = e;
            }
        }
        if (walk->flow->nodes[row->targets[edge]].phis && !note(walk, 1000 + 16 * node + edge)) {
            return;
        }
        node = row->targets[edge];
    }
}

enum outcome { FALLS, BREAKS, BREAKS_LOOP, CONTINUES, ENDS };

static enum outcome walk_list(struct walk *walk, uint32_t list);

static enum outcome walk_switch(struct walk *walk, const struct cw_tree_node *node) {
    const struct cw_tree *tree = walk->tree;
    uint32_t edge = node->node == CW_TREE_NONE ? walk->variables[node->variable] : decide(walk, node->node);
    for (uint32_t one = node->then; one != CW_TREE_NONE; one = tree->nodes[one].next) {
        for (uint32_t i = 0; i < tree->nodes[one].edge_count; i++) {
            if (tree->edges[tree->nodes[one].edge_first + i] == edge) {
                enum outcome outcome = walk_list(walk, tree->nodes[one].then);
                return outcome == BREAKS ? FALLS : outcome;
            }
        }
    }
    walk->failed = true;
    return ENDS;
}

static enum outcome walk_loop(struct walk *walk, const struct cw_tree_node *node) {
    for (;;) {
        enum outcome outcome = walk_list(walk, node->then);
        if (outcome == BREAKS || outcome == BREAKS_LOOP) {
            return FALLS;
        }
        if (outcome == ENDS) {
            return ENDS;
        }
    }
}

static bool test_holds(struct walk *walk, const struct cw_tree_node *node) {
    bool holds = node->node == CW_TREE_NONE ? walk->variables[node->variable] == node->value : decide(walk, node->node) == 0;
    return holds != node->negate;
}

static enum outcome walk_statement(struct walk *walk, const struct cw_tree_node *node) {
    switch (node->kind) {
    case CW_TREE_BLOCK: walk->visits[node->node]++; return note(walk, node->node) ? FALLS : ENDS;
    case CW_TREE_EDGE: return note(walk, 1000 + 16 * node->node + node->edge) ? FALLS : ENDS;
    case CW_TREE_SET: walk->variables[node->variable] = node->value; return FALLS;
    case CW_TREE_IF: return walk_list(walk, test_holds(walk, node) ? node->then : node->otherwise);
    case CW_TREE_SWITCH: return walk_switch(walk, node);
    case CW_TREE_LOOP: return walk_loop(walk, node);
    case CW_TREE_ONCE: {
        enum outcome outcome = walk_list(walk, node->then);
        return outcome == BREAKS ? FALLS : outcome;
    }
    case CW_TREE_BREAK: return BREAKS;
    case CW_TREE_BREAK_LOOP: return BREAKS_LOOP;
    case CW_TREE_CONTINUE: return CONTINUES;
    case CW_TREE_RETURN: return ENDS;
    default: walk->failed = true; return ENDS;
    }
}

static enum outcome walk_list(struct walk *walk, uint32_t list) {
    for (; list != CW_TREE_NONE; list = walk->tree->nodes[list].next) {
        enum outcome outcome = walk_statement(walk, &walk->tree->nodes[list]);
        if (outcome != FALLS) {
            return outcome;
        }
    }
    return FALLS;
}

static struct cw_flow random_flow(uint32_t seed) {
    struct cw_flow flow = {0};
    flow.count = 1 + mix(seed) % 14;
    flow.nodes = cw_alloc_array(flow.count, sizeof *flow.nodes);
    uint32_t reach = 1 + mix(seed + 1) % flow.count; /* small: mostly neighbours, as in real programs */
    for (uint32_t n = 0; n < flow.count; n++) {
        struct cw_flow_node *node = &flow.nodes[n];
        uint32_t dice = mix(seed + 100 + n);
        node->count = dice % 8 == 0 ? 0 : dice % 8 < 3 ? 1 : dice % 8 < 7 ? 2 : 1 + dice / 8 % 5;
        node->is_switch = dice % 8 == 7;
        node->phis = dice >> 20 & 1;
        node->targets = cw_alloc_array(node->count + 1u, sizeof *node->targets);
        for (uint32_t i = 0; i < node->count; i++) {
            int32_t target = (int32_t)n - (int32_t)(reach / 2) + (int32_t)(mix(seed + 1000 + 16 * n + i) % (2 * reach));
            node->targets[i] = target < 0 ? 0 : (uint32_t)target % flow.count;
        }
    }
    return flow;
}

static void check_walks(const struct cw_flow *flow, const struct cw_tree *tree, uint32_t seed) {
    for (uint32_t round = 0; round < 6; round++) {
        static struct walk graph, other;
        memset(&graph, 0, sizeof graph);
        memset(&other, 0, sizeof other);
        graph.flow = other.flow = flow;
        graph.seed = other.seed = seed * 7 + round;
        other.tree = tree;
        other.variables = cw_alloc_array(tree->variable_count + 1u, sizeof *other.variables);
        memset(other.variables, 0xee, tree->variable_count * sizeof *other.variables); /* read before set: no case */
        walk_graph(&graph);
        walk_list(&other, tree->root);
        free(other.variables);
        bool same = !other.failed && graph.steps == other.steps && memcmp(graph.trace, other.trace, sizeof graph.trace) == 0;
        if (!same) {
            char *text = cw_tree_print(tree);
            for (uint32_t n = 0; n < flow->count; n++) {
                printf("%u%s:", n, flow->nodes[n].is_switch ? " switch" : "");
                for (uint32_t i = 0; i < flow->nodes[n].count; i++) {
                    printf(" %u", flow->nodes[n].targets[i]);
                }
                printf("\n");
            }
            cr_assert(same, "seed %u: %d and %d steps\n%s", seed, graph.steps, other.steps, text);
        }
    }
}

static void count_kinds(const struct cw_tree *tree, uint32_t list, uint32_t *blocks, uint32_t *statements) {
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        (*statements)++;
        if (tree->nodes[list].kind == CW_TREE_BLOCK) {
            blocks[tree->nodes[list].node]++;
        }
        count_kinds(tree, tree->nodes[list].then, blocks, statements);
        count_kinds(tree, tree->nodes[list].otherwise, blocks, statements);
    }
}

Test(structure, random_graphs) {
    uint32_t largest = 0;
    for (uint32_t seed = 0; seed < 20000; seed++) {
        struct cw_flow flow = random_flow(seed * 0x9e3779b9u);
        struct cw_structure_options options = {.break_loop = seed & 1};
        struct cw_tree tree;
        cw_structure(&tree, &flow, &options);
        check_walks(&flow, &tree, seed);
        uint32_t blocks[64] = {0}, statements = 0;
        count_kinds(&tree, tree.root, blocks, &statements);
        for (uint32_t n = 0; n < flow.count; n++) {
            cr_assert(blocks[n] <= 1, "seed %u: block %u stands %u times", seed, n, blocks[n]);
        }
        largest = statements > largest ? statements : largest;
        cw_tree_fini(&tree);
        cw_flow_fini(&flow);
    }
    cr_log_info("the largest tree has %u statements", largest);
}

/* A ladder of irreducible pairs, each of which node splitting would double: the tree stays linear. */
Test(structure, no_exponential_growth) {
    struct cw_flow flow = {.count = 300};
    flow.nodes = cw_alloc_array(flow.count, sizeof *flow.nodes);
    for (uint32_t n = 0; n < flow.count; n++) {
        flow.nodes[n].targets = cw_alloc_array(2, sizeof(uint32_t));
        flow.nodes[n].count = n + 2 < flow.count ? 2 : 0;
        flow.nodes[n].targets[0] = n + 1 < flow.count ? n + 1 : 0;
        flow.nodes[n].targets[1] = n % 3 == 2 ? n - 2 + (n > 2) : n + 2 < flow.count ? n + 2 : 0;
    }
    struct cw_structure_options options = {0};
    struct cw_tree tree;
    cw_structure(&tree, &flow, &options);
    cr_expect_lt(tree.count, 40 * flow.count);
    cw_tree_fini(&tree);
    cw_flow_fini(&flow);
}
