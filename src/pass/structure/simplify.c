/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simplify.c: removes what does nothing.
 *
 * A break or continue at the end of a list that ends there anyway goes. A ONCE that nothing breaks is what is in it. Where
 * all breaks of a ONCE are "if (c) {...; break} rest" in its own list, they become "if (c) {...} else {rest}". Last, of an
 * `if` with an arm that never ends normally the other arm moves behind it, which keeps nesting flat and scopes wide.
 */
#include "pass/structure/build.h"

/* More `if`s inside each other than this are worse to read than a ONCE. */
#define GUARDS_MAX 3u

static bool is_leaving(const struct cw_tree_node *node) {
    return node->kind == CW_TREE_BREAK || node->kind == CW_TREE_CONTINUE || node->kind == CW_TREE_BREAK_LOOP || node->kind == CW_TREE_RETURN;
}

static uint32_t last_of(const struct cw_tree *tree, uint32_t list) {
    uint32_t last = CW_TREE_NONE;
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        last = list;
    }
    return last;
}

/* Breaks that leave the construct whose list this is. */
static uint32_t count_breaks(const struct cw_tree *tree, uint32_t list) {
    uint32_t count = 0;
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        const struct cw_tree_node *node = &tree->nodes[list];
        if (node->kind == CW_TREE_BREAK) {
            count++;
        } else if (node->kind == CW_TREE_IF) {
            count += count_breaks(tree, node->then) + count_breaks(tree, node->otherwise);
        }
    }
    return count;
}

/* An `if` without else that ends in a break, the only one in it. */
static bool is_guard(const struct cw_tree *tree, const struct cw_tree_node *node) {
    if (node->kind != CW_TREE_IF || node->otherwise != CW_TREE_NONE || node->then == CW_TREE_NONE) {
        return false;
    }
    return tree->nodes[last_of(tree, node->then)].kind == CW_TREE_BREAK && count_breaks(tree, node->then) == 1;
}

/* Of a ONCE's list. */
static void turn_guards(struct cw_tree *tree, uint32_t list) {
    uint32_t guards = 0;
    for (uint32_t i = list; i != CW_TREE_NONE; i = tree->nodes[i].next) {
        guards += is_guard(tree, &tree->nodes[i]);
    }
    if (guards > GUARDS_MAX || count_breaks(tree, list) != guards) {
        return;
    }
    while (list != CW_TREE_NONE) {
        struct cw_tree_node *node = &tree->nodes[list];
        uint32_t rest = node->next;
        if (is_guard(tree, node)) {
            node->otherwise = rest;
            node->next = CW_TREE_NONE;
        }
        list = rest;
    }
}

static void strip_end(struct cw_tree *tree, struct cw_structure_list *list, bool ends_break, bool ends_continue) {
    for (;;) {
        if (list->last == CW_TREE_NONE) {
            return;
        }
        enum cw_tree_kind kind = tree->nodes[list->last].kind;
        if (!(kind == CW_TREE_BREAK && ends_break) && !(kind == CW_TREE_CONTINUE && ends_continue)) {
            return;
        }
        uint32_t before = CW_TREE_NONE;
        for (uint32_t i = list->first; i != list->last; i = tree->nodes[i].next) {
            before = i;
        }
        list->last = before;
        if (before == CW_TREE_NONE) {
            list->first = CW_TREE_NONE;
        } else {
            tree->nodes[before].next = CW_TREE_NONE;
        }
    }
}

/* What comes before the first statement that breaks a ONCE moves in front of it: a shorter ONCE, and wider scopes. Gives the
 * list to put in the ONCE's place. */
static uint32_t shorten_once(struct cw_tree *tree, uint32_t once) {
    struct cw_structure_list front = CW_STRUCTURE_EMPTY;
    for (;;) {
        uint32_t first = tree->nodes[once].then, rest = tree->nodes[first].next;
        tree->nodes[first].next = CW_TREE_NONE;
        uint32_t breaks = count_breaks(tree, first);
        tree->nodes[first].next = rest;
        if (breaks) {
            break;
        }
        cw_structure_append(tree, &front, first);
        tree->nodes[once].then = rest;
    }
    cw_structure_append(tree, &front, once);
    return front.first;
}

static uint32_t clean(struct cw_tree *tree, uint32_t list, bool ends_break, bool ends_continue);

/* `ends_...`: what follows the statement does the same as a break, or a continue. Gives the list to put in its place. */
static uint32_t clean_statement(struct cw_tree *tree, uint32_t index, bool ends_break, bool ends_continue) {
    struct cw_tree_node *node = &tree->nodes[index];
    switch ((int)node->kind) {
    case CW_TREE_IF:
        node->then = clean(tree, node->then, ends_break, ends_continue);
        node->otherwise = clean(tree, node->otherwise, ends_break, ends_continue);
        return node->then == CW_TREE_NONE && node->otherwise == CW_TREE_NONE ? CW_TREE_NONE : index;
    case CW_TREE_SWITCH:
        for (uint32_t one = node->then; one != CW_TREE_NONE; one = tree->nodes[one].next) {
            tree->nodes[one].then = clean(tree, tree->nodes[one].then, true, ends_continue);
        }
        return index;
    case CW_TREE_LOOP: node->then = clean(tree, node->then, false, true); return index;
    case CW_TREE_ONCE:
        turn_guards(tree, node->then);
        node->then = clean(tree, node->then, true, ends_continue);
        return count_breaks(tree, node->then) ? shorten_once(tree, index) : node->then;
    default: return index;
    }
}

static uint32_t clean(struct cw_tree *tree, uint32_t list, bool ends_break, bool ends_continue) {
    struct cw_structure_list result = CW_STRUCTURE_EMPTY;
    while (list != CW_TREE_NONE) {
        uint32_t rest = tree->nodes[list].next;
        tree->nodes[list].next = CW_TREE_NONE;
        bool last = rest == CW_TREE_NONE;
        uint32_t left = clean_statement(tree, list, last && ends_break, last && ends_continue);
        while (left != CW_TREE_NONE) {
            uint32_t next = tree->nodes[left].next;
            cw_structure_append(tree, &result, left);
            left = next;
        }
        list = rest;
    }
    strip_end(tree, &result, ends_break, ends_continue);
    return result.first;
}

/* ---- Flattening ----------------------------------------------------------------------------------------------- */

/* True if control never gets to the end of the list. */
static bool never_ends(const struct cw_tree *tree, uint32_t list) {
    uint32_t last = last_of(tree, list);
    if (last == CW_TREE_NONE) {
        return false;
    }
    const struct cw_tree_node *node = &tree->nodes[last];
    return is_leaving(node) || (node->kind == CW_TREE_IF && never_ends(tree, node->then) && never_ends(tree, node->otherwise));
}

static void swap_arms(struct cw_tree_node *node) {
    uint32_t then = node->then;
    node->then = node->otherwise;
    node->otherwise = then;
    node->negate = !node->negate;
}

static void flatten(struct cw_tree *tree, uint32_t list) {
    for (; list != CW_TREE_NONE; list = tree->nodes[list].next) {
        struct cw_tree_node *node = &tree->nodes[list];
        if (node->kind == CW_TREE_IF) {
            bool swap = node->then == CW_TREE_NONE || (!never_ends(tree, node->then) && never_ends(tree, node->otherwise));
            if (swap) {
                swap_arms(node);
            }
            if (node->otherwise != CW_TREE_NONE && never_ends(tree, node->then)) {
                tree->nodes[last_of(tree, node->otherwise)].next = node->next;
                node->next = node->otherwise;
                node->otherwise = CW_TREE_NONE;
            }
        }
        if (node->then != CW_TREE_NONE) {
            flatten(tree, node->then);
        }
        if (node->otherwise != CW_TREE_NONE) {
            flatten(tree, node->otherwise);
        }
    }
}

uint32_t cw_structure_simplify(struct cw_tree *tree, uint32_t list) {
    list = clean(tree, list, false, false);
    flatten(tree, list);
    return list;
}
