/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.c: jumps to labels become what targets have.
 *
 * Walking down, it keeps the constructs that a break or continue could leave, and for each what comes behind it. A jump to
 * what a break or continue reaches is that. Any other jump leaves the constructs one by one: it notes its label's number
 * in the construct's path variable and breaks; behind the construct the variable is tested, and the jump goes on from
 * there. Path variables are set to 0 before their construct. Each construct has at most one, and tests each label once,
 * so the tree grows by no more than labels times nesting depth.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "pass/structure/build.h"

/* A construct around the statement at hand. */
struct frame {
    struct frame *outer;
    enum cw_tree_kind kind;  /* LOOP, ONCE or SWITCH */
    uint32_t header;         /* of a LOOP: the node that continuing reaches */
    uint32_t behind;         /* the node that breaking reaches; CW_TREE_NONE: the function's end */
    uint32_t variable;       /* CW_TREE_NONE until needed */
    uint32_t *pending;       /* nodes that jumps go on to behind it; number i + 1 in the variable */
    size_t pending_count, pending_capacity;
};

struct resolver {
    struct cw_tree *tree;
    bool break_loop;
};

static struct cw_tree_node *at(const struct resolver *resolver, uint32_t index) {
    return &resolver->tree->nodes[index];
}

/* The node that control comes to at the start of a list; `next` when the list is empty or only goes on. */
static uint32_t start_of(const struct resolver *resolver, uint32_t list, uint32_t next) {
    while (list != CW_TREE_NONE) {
        const struct cw_tree_node *node = at(resolver, list);
        switch ((int)node->kind) {
        case CW_TREE_BLOCK:
        case CW_TREE_LOOP: return node->node;
        case CW_TREE_LABELLED:
        case CW_TREE_ONCE: list = node->then; break;
        /* A dispatcher has no block, and nothing but its loop's header stands for it. */
        default: return next;
        }
    }
    return next;
}

static uint32_t append_new(struct resolver *resolver, struct cw_structure_list *list, enum cw_tree_kind kind) {
    uint32_t node = cw_structure_new(resolver->tree, kind);
    cw_structure_append(resolver->tree, list, node);
    return node;
}

static uint32_t pending_number(struct frame *frame, uint32_t target) {
    for (size_t i = 0; i < frame->pending_count; i++) {
        if (frame->pending[i] == target) {
            return (uint32_t)i + 1;
        }
    }
    frame->pending = cw_grow(frame->pending, frame->pending_count, &frame->pending_capacity, sizeof *frame->pending);
    frame->pending[frame->pending_count++] = target;
    return (uint32_t)frame->pending_count;
}

/* The loop that a continue from inside `top` belongs to. */
static struct frame *innermost_loop(struct frame *top) {
    while (top && top->kind != CW_TREE_LOOP) {
        top = top->outer;
    }
    return top;
}

/* Appends what takes control to node `target`. */
static void jump(struct resolver *resolver, struct cw_structure_list *list, struct frame *top, uint32_t target) {
    struct frame *loop = innermost_loop(top);
    if (top->behind == target) {
        append_new(resolver, list, CW_TREE_BREAK);
        return;
    }
    if (loop && loop->header == target) {
        append_new(resolver, list, CW_TREE_CONTINUE);
        return;
    }
    if (loop && loop->behind == target && resolver->break_loop) {
        append_new(resolver, list, CW_TREE_BREAK_LOOP);
        return;
    }
    /* Is the target behind a construct inside of the loop? Then the loop must not be left. */
    bool inside = false;
    for (struct frame *frame = top; frame && frame != loop; frame = frame->outer) {
        inside |= frame->behind == target;
    }
    bool whole_loop = resolver->break_loop && loop && loop != top && !inside;
    struct frame *left = whole_loop ? loop : top;
    if (left->variable == CW_TREE_NONE) {
        left->variable = resolver->tree->variable_count++;
    }
    uint32_t set = append_new(resolver, list, CW_TREE_SET);
    at(resolver, set)->variable = left->variable;
    at(resolver, set)->value = pending_number(left, target);
    append_new(resolver, list, whole_loop ? CW_TREE_BREAK_LOOP : CW_TREE_BREAK);
}

static uint32_t resolve(struct resolver *resolver, uint32_t list, struct frame *top, uint32_t next);

/* Ends a construct: the statement `statement` was appended to a list of its own. */
static void append_construct(struct resolver *resolver, struct cw_structure_list *list, struct frame *frame, uint32_t statement) {
    if (frame->variable != CW_TREE_NONE) {
        uint32_t set = append_new(resolver, list, CW_TREE_SET);
        at(resolver, set)->variable = frame->variable;
        at(resolver, set)->value = 0;
    }
    cw_structure_append(resolver->tree, list, statement);
    for (size_t i = 0; i < frame->pending_count; i++) {
        uint32_t test = append_new(resolver, list, CW_TREE_IF);
        at(resolver, test)->variable = frame->variable;
        at(resolver, test)->value = (uint32_t)i + 1;
        struct cw_structure_list then = CW_STRUCTURE_EMPTY;
        jump(resolver, &then, frame->outer, frame->pending[i]);
        at(resolver, test)->then = then.first;
    }
    free(frame->pending);
}

static void resolve_cases(struct resolver *resolver, uint32_t first, struct frame *top, uint32_t next) {
    for (uint32_t one = first; one != CW_TREE_NONE; one = at(resolver, one)->next) {
        uint32_t body = resolve(resolver, at(resolver, one)->then, top, next);
        at(resolver, one)->then = body;
    }
}

/* A labelled list that is a loop alone needs nothing: breaking the loop reaches the label. */
static bool is_loop_alone(const struct resolver *resolver, uint32_t list) {
    return list != CW_TREE_NONE && at(resolver, list)->kind == CW_TREE_LOOP && at(resolver, list)->next == CW_TREE_NONE;
}

static void resolve_statement(struct resolver *resolver, struct cw_structure_list *list, uint32_t statement, struct frame *top,
                              uint32_t next) {
    struct frame frame = {.outer = top, .kind = at(resolver, statement)->kind, .behind = next, .variable = CW_TREE_NONE};
    uint32_t inner;
    switch ((int)frame.kind) {
    case CW_TREE_JUMP: jump(resolver, list, top, at(resolver, statement)->node); return;
    case CW_TREE_IF:
        inner = resolve(resolver, at(resolver, statement)->then, top, next);
        at(resolver, statement)->then = inner;
        inner = resolve(resolver, at(resolver, statement)->otherwise, top, next);
        at(resolver, statement)->otherwise = inner;
        cw_structure_append(resolver->tree, list, statement);
        return;
    case CW_TREE_LABELLED:
        if (is_loop_alone(resolver, at(resolver, statement)->then)) {
            resolve_statement(resolver, list, at(resolver, statement)->then, top, next);
            return;
        }
        frame.kind = CW_TREE_ONCE;
        at(resolver, statement)->kind = CW_TREE_ONCE;
        inner = resolve(resolver, at(resolver, statement)->then, &frame, next);
        at(resolver, statement)->then = inner;
        append_construct(resolver, list, &frame, statement);
        return;
    case CW_TREE_LOOP:
        frame.header = at(resolver, statement)->node;
        inner = resolve(resolver, at(resolver, statement)->then, &frame, frame.header);
        at(resolver, statement)->then = inner;
        append_construct(resolver, list, &frame, statement);
        return;
    case CW_TREE_SWITCH:
        resolve_cases(resolver, at(resolver, statement)->then, &frame, next);
        append_construct(resolver, list, &frame, statement);
        return;
    default: cw_structure_append(resolver->tree, list, statement); return;
    }
}

/* Control that falls off the end of `list` gets to node `next`. */
static uint32_t resolve(struct resolver *resolver, uint32_t list, struct frame *top, uint32_t next) {
    struct cw_structure_list result = CW_STRUCTURE_EMPTY;
    while (list != CW_TREE_NONE) {
        uint32_t rest = at(resolver, list)->next;
        /* What a LABELLED list is followed by is its label; of anything else, where control goes on. */
        bool labelled = (int)at(resolver, list)->kind == CW_TREE_LABELLED;
        uint32_t behind = labelled ? at(resolver, list)->node : start_of(resolver, rest, next);
        resolve_statement(resolver, &result, list, top, behind);
        list = rest;
    }
    return result.first;
}

uint32_t cw_structure_resolve(struct cw_tree *tree, uint32_t list, const struct cw_structure_options *options) {
    struct resolver resolver = {.tree = tree, .break_loop = options->break_loop};
    /* The whole function is what a jump could leave last, but none does. */
    struct frame function = {.kind = CW_TREE_ONCE, .behind = CW_TREE_NONE, .variable = CW_TREE_NONE};
    return resolve(&resolver, list, &function, CW_TREE_NONE);
}
