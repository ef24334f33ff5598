/* SPDX-License-Identifier: Apache-2.0 */
/* tree.c: the steps in order, the tree's pool, scopes, and its text. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "pass/structure/build.h"

uint32_t cw_structure_new(struct cw_tree *tree, enum cw_tree_kind kind) {
    tree->nodes = cw_grow(tree->nodes, tree->count, &tree->capacity, sizeof *tree->nodes);
    tree->nodes[tree->count] = (struct cw_tree_node){.kind = kind,
                                                     .next = CW_TREE_NONE,
                                                     .node = CW_TREE_NONE,
                                                     .variable = CW_TREE_NONE,
                                                     .then = CW_TREE_NONE,
                                                     .otherwise = CW_TREE_NONE};
    return (uint32_t)tree->count++;
}

void cw_structure_append(struct cw_tree *tree, struct cw_structure_list *list, uint32_t node) {
    tree->nodes[node].next = CW_TREE_NONE;
    if (list->last == CW_TREE_NONE) {
        list->first = node;
    } else {
        tree->nodes[list->last].next = node;
    }
    list->last = node;
}

void cw_flow_fini(struct cw_flow *flow) {
    for (uint32_t i = 0; i < flow->count; i++) {
        free(flow->nodes[i].targets);
    }
    free(flow->nodes);
    *flow = (struct cw_flow){0};
}

/* Numbers lists, and notes which one each block is in. */
static void number_lists(struct cw_tree *tree, uint32_t list, uint32_t parent, size_t *capacity) {
    tree->list_parent = cw_grow(tree->list_parent, tree->list_count, capacity, sizeof *tree->list_parent);
    uint32_t number = tree->list_count++;
    tree->list_parent[number] = parent;
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        const struct cw_tree_node *node = &tree->nodes[list];
        if (node->kind == CW_TREE_BLOCK) {
            tree->list_of[node->node] = number;
        }
        if (node->then != CW_TREE_NONE) {
            number_lists(tree, node->then, number, capacity);
        }
        if (node->otherwise != CW_TREE_NONE) {
            number_lists(tree, node->otherwise, number, capacity);
        }
    }
}

void cw_structure(struct cw_tree *tree, const struct cw_flow *flow, const struct cw_structure_options *options) {
    struct cw_structure_graph graph;
    *tree = (struct cw_tree){.root = CW_TREE_NONE, .flow_count = flow->count};
    cw_structure_loops(&graph, flow);
    tree->variable_count = graph.variable_count;
    tree->root = cw_structure_place(tree, &graph);
    tree->root = cw_structure_resolve(tree, tree->root, options);
    tree->root = cw_structure_simplify(tree, tree->root);
    cw_structure_graph_fini(&graph);
    tree->list_of = cw_alloc_array(flow->count + 1u, sizeof *tree->list_of);
    memset(tree->list_of, 0xff, (flow->count + 1u) * sizeof *tree->list_of);
    size_t capacity = 0;
    number_lists(tree, tree->root, CW_TREE_NONE, &capacity);
}

void cw_tree_fini(struct cw_tree *tree) {
    free(tree->nodes);
    free(tree->edges);
    free(tree->list_of);
    free(tree->list_parent);
    *tree = (struct cw_tree){0};
}

bool cw_tree_in_scope(const struct cw_tree *tree, uint32_t definition, uint32_t use) {
    uint32_t list = tree->list_of[use];
    while (list != CW_TREE_NONE && list != tree->list_of[definition]) {
        list = tree->list_parent[list];
    }
    return list != CW_TREE_NONE;
}

/* ---- Text ----------------------------------------------------------------------------------------------------- */

static void print_list(const struct cw_tree *tree, struct cw_text *text, uint32_t list, int depth);

static void print_test(struct cw_text *text, const struct cw_tree_node *node, const char *word) {
    if (node->node == CW_TREE_NONE) {
        cw_text_printf(text, "%s v%u", word, node->variable);
    } else {
        cw_text_printf(text, "%s %s%u", word, node->kind == CW_TREE_IF && node->negate ? "not " : "", node->node);
    }
    if (node->kind == CW_TREE_IF && node->node == CW_TREE_NONE) {
        cw_text_printf(text, " %s %u", node->negate ? "!=" : "==", node->value);
    }
}

static void print_cases(const struct cw_tree *tree, struct cw_text *text, uint32_t one, int depth) {
    for (; one != CW_TREE_NONE; one = tree->nodes[one].next) {
        const struct cw_tree_node *node = &tree->nodes[one];
        cw_text_printf(text, "%*scase", 2 * depth, "");
        for (uint32_t i = 0; i < node->edge_count; i++) {
            cw_text_printf(text, " %u", tree->edges[node->edge_first + i]);
        }
        cw_text_printf(text, "\n");
        print_list(tree, text, node->then, depth + 1);
    }
}

static void print_statement(const struct cw_tree *tree, struct cw_text *text, const struct cw_tree_node *node, int depth) {
    static const char *const words[] = {
        [CW_TREE_LOOP] = "loop",   [CW_TREE_ONCE] = "once",       [CW_TREE_BREAK] = "break", [CW_TREE_BREAK_LOOP] = "break loop",
        [CW_TREE_CONTINUE] = "continue",
    };
    cw_text_printf(text, "%*s", 2 * depth, "");
    switch (node->kind) {
    case CW_TREE_BLOCK: cw_text_printf(text, "block %u\n", node->node); return;
    case CW_TREE_EDGE: cw_text_printf(text, "edge %u.%u\n", node->node, node->edge); return;
    case CW_TREE_SET: cw_text_printf(text, "v%u = %u\n", node->variable, node->value); return;
    case CW_TREE_RETURN: cw_text_printf(text, "return %u\n", node->node); return;
    case CW_TREE_IF:
        print_test(text, node, "if");
        cw_text_printf(text, "\n");
        print_list(tree, text, node->then, depth + 1);
        if (node->otherwise != CW_TREE_NONE) {
            cw_text_printf(text, "%*selse\n", 2 * depth, "");
            print_list(tree, text, node->otherwise, depth + 1);
        }
        return;
    case CW_TREE_SWITCH:
        print_test(text, node, "switch");
        cw_text_printf(text, "\n");
        print_cases(tree, text, node->then, depth + 1);
        return;
    case CW_TREE_LOOP:
    case CW_TREE_ONCE:
        cw_text_printf(text, "%s\n", words[node->kind]);
        print_list(tree, text, node->then, depth + 1);
        return;
    default: cw_text_printf(text, "%s\n", words[node->kind]); return;
    }
}

static void print_list(const struct cw_tree *tree, struct cw_text *text, uint32_t list, int depth) {
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        print_statement(tree, text, &tree->nodes[list], depth);
    }
}

char *cw_tree_print(const struct cw_tree *tree) {
    struct cw_text text = {0};
    print_list(tree, &text, tree->root, 0);
    char *result = cw_strdup(cw_text_string(&text));
    cw_text_fini(&text);
    return result;
}
