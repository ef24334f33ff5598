/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.c: a function's structured tree as lines.
 *
 * In functions with barriers (uniform.c) the whole block walks through the statements around them: a condition that varies becomes a
 * mask, a variable that says of each thread whether it is here; barriers stand in the open, everything else that is not the
 * same for all threads within "if (mask)". A construct is entered if one thread at least wants to (`together`), so that blocks
 * whose threads agree, as CUDA asks of them, pay for the question alone. Jumps take the thread out of the masks of all constructs
 * that it leaves.
 */
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/walk.h"

/* A construct that the walk is in. */
struct wgsl_level {
    struct wgsl_level *outer;
    uint32_t node; /* of the tree; CW_TREE_NONE: the function */
    uint32_t mask; /* of its own, or WGSL_NONE */
    uint32_t live; /* of a loop with a mask: the threads that still go round */
};

static void write_list(struct wgsl_walk *walk, uint32_t list);

static const char *variable_name(const struct wgsl_walk *walk, uint32_t variable) {
    return walk->f->lines.variables[variable].name;
}

static const char *path_name(struct wgsl_walk *walk, uint32_t variable) {
    if (walk->paths[variable] == WGSL_NONE)
        walk->paths[variable] = wgsl_variable_add(&walk->f->lines, wgsl_name(walk->f->shader, "path"), "u32");
    return variable_name(walk, walk->paths[variable]);
}

/* ---- Masks ------------------------------------------------------------------------------------------------------------- */

static uint32_t new_mask(struct wgsl_walk *walk, const char *name, const char *value) {
    uint32_t mask = wgsl_variable_add(&walk->f->lines, wgsl_name(walk->f->shader, name), "bool");
    wgsl_assign(&walk->f->lines, mask, value);
    return mask;
}

/* What follows is for the threads of the mask only, until guard_end. */
static void guard(struct wgsl_walk *walk) {
    if (walk->mask == WGSL_NONE || walk->guarded) return;
    wgsl_open(&walk->f->lines, false, "if (%s) {", variable_name(walk, walk->mask));
    walk->guarded = true;
}

static void guard_end(struct wgsl_walk *walk) {
    struct wgsl_lines *lines = &walk->f->lines;
    if (!walk->guarded) return;
    wgsl_close(lines, "}");
    walk->guarded = false;
    /* Nothing was to be done. */
    if (strncmp(lines->lines[lines->line_count - 2].text, "if (", 4) == 0 && lines->lines[lines->line_count - 2].variable == WGSL_NONE) lines->line_count -= 2;
}

static const char *mask_text(const struct wgsl_walk *walk) {
    return walk->mask == WGSL_NONE ? "true" : variable_name(walk, walk->mask);
}

static const char *together(struct wgsl_walk *walk, const char *mask) {
    struct wgsl_shader *shader = walk->f->shader;
    shader->uses_linear = shader->uses_together = true;
    return wgsl_make(walk->f, WGSL_BOOL, WGSL_PRIMARY, "%s(%s, thread_index)", wgsl_helper(shader, "together"), mask).text;
}

/* The threads of the mask go where the jump goes to. */
static void leave(struct wgsl_walk *walk, const struct wgsl_level *target, enum cw_tree_kind jump) {
    struct wgsl_function *f = walk->f;
    guard_end(walk);
    const char *mask = mask_text(walk);
    for (struct wgsl_level *level = walk->level;; level = level->outer) {
        bool last = level == target;
        if (level->live != WGSL_NONE && !(last && jump == CW_TREE_CONTINUE))
            wgsl_assign(&f->lines, level->live, wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s && !%s", variable_name(walk, level->live), mask).text);
        if (level->mask != WGSL_NONE && level->mask != walk->mask)
            wgsl_assign(&f->lines, level->mask, wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s && !%s", variable_name(walk, level->mask), mask).text);
        if (last) break;
    }
    if (walk->mask != WGSL_NONE) wgsl_assign(&f->lines, walk->mask, "false");
}

static struct wgsl_level *target_of(struct wgsl_walk *walk, enum cw_tree_kind jump) {
    struct wgsl_level *level = walk->level;
    for (; level->outer; level = level->outer) {
        enum cw_tree_kind kind = walk->tree->nodes[level->node].kind;
        if (jump != CW_TREE_RETURN && (kind == CW_TREE_LOOP || (jump == CW_TREE_BREAK && (kind == CW_TREE_ONCE || kind == CW_TREE_SWITCH)))) break;
    }
    return level;
}

/* ---- Statements -------------------------------------------------------------------------------------------------------- */

/* Instructions that leave no line. */
static bool is_silent(const struct wgsl_walk *walk, LLVMValueRef i) {
    const struct wgsl_value *value = wgsl_value_of(walk->f, i);
    return LLVMIsATerminatorInst(i) || LLVMIsAPHINode(i) || LLVMIsAAllocaInst(i) || LLVMIsAFenceInst(i) || (value && value->folded) || (LLVMIsACallInst(i) && wgsl_call_is_nothing(i));
}

static void write_block(struct wgsl_walk *walk, LLVMBasicBlockRef block) {
    struct wgsl_function *f = walk->f;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && !f->shader->failed; i = LLVMGetNextInstruction(i)) {
        if (walk->mask == WGSL_NONE || is_silent(walk, i)) {
            f->mask = NULL;
        } else if (wgsl_synchronises(f->shader, i)) {
            guard_end(walk);
            f->mask = mask_text(walk);
            for (const struct wgsl_level *level = walk->level; level && !f->leaving; level = level->outer) f->leaving = level->live != WGSL_NONE;
        } else if (wgsl_instruction_varies(walk, i) || !LLVMGetFirstUse(i)) {
            guard(walk);
        } else {
            guard_end(walk);
        }
        wgsl_write_instruction(f, i);
        f->mask = NULL;
        f->leaving = false;
    }
}

static void write_edge(struct wgsl_walk *walk, const struct cw_tree_node *node) {
    LLVMBasicBlockRef from = walk->flow->blocks[node->node], to = cw_function_flow_target(walk->flow, node->node, node->edge);
    if (walk->mask == WGSL_NONE) {
        wgsl_write_edge(walk, from, to, WGSL_MOVES_ALL);
        return;
    }
    /* What varies may be made of what does not, not the other way round. */
    guard(walk);
    wgsl_write_edge(walk, from, to, WGSL_MOVES_VARYING);
    guard_end(walk);
    wgsl_write_edge(walk, from, to, WGSL_MOVES_UNIFORM);
}

/* The condition of an IF, inverted if asked for. */
static struct wgsl_expression test_of(struct wgsl_walk *walk, const struct cw_tree_node *node, bool invert) {
    struct wgsl_function *f = walk->f;
    bool negate = node->negate != invert;
    if (node->node == CW_TREE_NONE) return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s %s %uu", path_name(walk, node->variable), negate ? "!=" : "==", node->value);
    LLVMValueRef end = LLVMGetBasicBlockTerminator(walk->flow->blocks[node->node]);
    struct wgsl_expression e = wgsl_expression_of(f, LLVMGetCondition(end));
    if (!negate) return e;
    if (e.binding <= WGSL_PRIMARY) return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", e.text);
    return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!(%s)", e.text);
}

static void write_plain_if(struct wgsl_walk *walk, const struct cw_tree_node *node) {
    struct wgsl_lines *lines = &walk->f->lines;
    if (node->then == CW_TREE_NONE && node->otherwise == CW_TREE_NONE) return;
    bool invert = node->then == CW_TREE_NONE;
    wgsl_open(lines, false, "if (%s) {", test_of(walk, node, invert).text);
    write_list(walk, invert ? node->otherwise : node->then);
    guard_end(walk);
    if (!invert && node->otherwise != CW_TREE_NONE) {
        /* "} else {" closes and opens. */
        lines->current = lines->scopes[lines->current].parent;
        lines->indent--;
        wgsl_open(lines, false, "} else {");
        size_t head = lines->line_count;
        write_list(walk, node->otherwise);
        guard_end(walk);
        if (lines->line_count == head) lines->lines[head - 1].dropped = true;
    }
    wgsl_close(lines, "}");
}

/* The threads of `mask` do what the list says. */
static void write_masked(struct wgsl_walk *walk, uint32_t list, uint32_t mask, bool operates) {
    struct wgsl_lines *lines = &walk->f->lines;
    uint32_t outer = walk->mask;
    const char *name = variable_name(walk, mask);
    if (list == CW_TREE_NONE) return;
    wgsl_open(lines, false, "if (%s) {", operates ? together(walk, name) : name);
    walk->mask = walk->level->mask = mask;
    write_list(walk, list);
    guard_end(walk);
    walk->mask = outer;
    wgsl_close(lines, "}");
}

static void write_masked_if(struct wgsl_walk *walk, const struct cw_tree_node *node, bool operates) {
    struct wgsl_function *f = walk->f;
    const char *test = wgsl_operand(f, test_of(walk, node, false), WGSL_ADD);
    bool all = walk->mask == WGSL_NONE;
    const char *around = mask_text(walk);
    uint32_t then = new_mask(walk, "inside", all ? test : wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s && %s", around, test).text), otherwise = WGSL_NONE;
    const char *then_name = variable_name(walk, then);
    if (node->otherwise != CW_TREE_NONE)
        otherwise = new_mask(walk, "outside", (all ? wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", then_name) : wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s && !%s", around, then_name)).text);
    write_masked(walk, node->then, then, operates);
    if (otherwise != WGSL_NONE) write_masked(walk, node->otherwise, otherwise, operates);
}

/* "case A, B" of a CASE; `*has_default` is set if default is among them. */
static void case_values(struct wgsl_walk *walk, LLVMValueRef end, enum wgsl_type type, const struct cw_tree_node *one, bool first, bool *has_default, struct cw_text *values) {
    for (uint32_t e = 0; e < one->edge_count; e++) {
        uint32_t edge = walk->tree->edges[one->edge_first + e];
        const char *comma = values->size ? ", " : "";
        if (end && edge == 0) {
            cw_text_printf(values, "%sdefault", comma);
            *has_default = true;
        } else if (end) {
            cw_text_printf(values, "%s%s", comma, wgsl_integer(walk->f, type, LLVMConstIntGetZExtValue(LLVMGetSwitchCaseValue(end, edge))).text);
        } else {
            cw_text_printf(values, "%s%uu", comma, edge);
            if (first && e == 0) {
                cw_text_add(values, ", default");
                *has_default = true;
            }
        }
    }
}

/* Each case is a mask: which one a thread takes is a number. */
static void write_masked_switch(struct wgsl_walk *walk, const struct cw_tree_node *node, const char *on, LLVMValueRef end, enum wgsl_type type, bool operates) {
    struct wgsl_function *f = walk->f;
    struct wgsl_lines *lines = &f->lines;
    uint32_t outer = walk->mask;
    uint32_t taken = wgsl_variable_add(lines, wgsl_name(f->shader, "taken"), "u32"), number = 0;
    bool has_default = false;
    const char *none = "0xffffffffu";
    guard_end(walk);
    wgsl_assign(lines, taken, none);
    guard(walk);
    wgsl_open(lines, false, "switch (%s) {", on);
    for (uint32_t c = node->then; c != CW_TREE_NONE; c = walk->tree->nodes[c].next, number++) {
        struct cw_text values = {0};
        case_values(walk, end, type, &walk->tree->nodes[c], c == node->then, &has_default, &values);
        wgsl_open(lines, false, "case %s: {", cw_text_string(&values));
        cw_text_fini(&values);
        wgsl_assign(lines, taken, wgsl_integer(f, WGSL_U32, number).text);
        wgsl_close(lines, "}");
    }
    if (!has_default) wgsl_line(lines, "default: {}");
    wgsl_close(lines, "}");
    guard_end(walk);
    number = 0;
    for (uint32_t c = node->then; c != CW_TREE_NONE; c = walk->tree->nodes[c].next, number++) {
        uint32_t mask = new_mask(walk, "inside", wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s == %uu", variable_name(walk, taken), number).text);
        walk->mask = outer;
        write_masked(walk, walk->tree->nodes[c].then, mask, operates);
    }
    walk->mask = outer;
}

static void write_switch(struct wgsl_walk *walk, const struct cw_tree_node *node, bool masked, bool operates) {
    struct wgsl_function *f = walk->f;
    struct wgsl_lines *lines = &f->lines;
    LLVMValueRef end = node->node == CW_TREE_NONE ? NULL : LLVMGetBasicBlockTerminator(walk->flow->blocks[node->node]);
    const char *on;
    enum wgsl_type type = WGSL_U32;
    if (end) {
        struct wgsl_expression e = wgsl_expression_of(f, LLVMGetOperand(end, 0));
        if (e.type == WGSL_U64) {
            wgsl_refuse(f->shader, end, "a switch on 64 bits");
            return;
        }
        type = e.type == WGSL_I32 ? WGSL_I32 : WGSL_U32;
        on = wgsl_as(f, e, type).text;
    } else {
        on = path_name(walk, node->variable);
    }
    if (masked) {
        write_masked_switch(walk, node, on, end, type, operates);
        return;
    }
    wgsl_open(lines, false, "switch (%s) {", on);
    bool has_default = false;
    for (uint32_t c = node->then; c != CW_TREE_NONE; c = walk->tree->nodes[c].next) {
        const struct cw_tree_node *one = &walk->tree->nodes[c];
        struct cw_text values = {0};
        case_values(walk, end, type, one, c == node->then, &has_default, &values);
        wgsl_open(lines, false, "case %s: {", cw_text_string(&values));
        cw_text_fini(&values);
        write_list(walk, one->then);
        guard_end(walk);
        wgsl_close(lines, "}");
    }
    if (!has_default) wgsl_line(lines, "default: {}");
    wgsl_close(lines, "}");
}

static void write_masked_loop(struct wgsl_walk *walk, const struct cw_tree_node *node, bool operates) {
    struct wgsl_function *f = walk->f;
    struct wgsl_lines *lines = &f->lines;
    uint32_t outer = walk->mask;
    uint32_t live = new_mask(walk, "live", mask_text(walk));
    const char *name = variable_name(walk, live);
    wgsl_open(lines, true, "loop {");
    if (operates) wgsl_open(lines, false, "if (!%s) {", together(walk, name));
    else wgsl_open(lines, false, "if (!%s) {", name);
    wgsl_line(lines, "break;");
    wgsl_close(lines, "}");
    walk->level->live = live;
    walk->mask = walk->level->mask = new_mask(walk, "turn", name);
    write_list(walk, node->then);
    guard_end(walk);
    walk->mask = outer;
    wgsl_close(lines, "}");
}

static void write_return(struct wgsl_walk *walk, uint32_t node, bool last) {
    struct wgsl_function *f = walk->f;
    LLVMValueRef end = LLVMGetBasicBlockTerminator(walk->flow->blocks[node]);
    if (LLVMIsAUnreachableInst(end) && LLVMGetTypeKind(LLVMGetReturnType(LLVMGlobalGetValueType(f->function))) != LLVMVoidTypeKind) {
        wgsl_line(&f->lines, "return %s();", wgsl_type_name(wgsl_type_of(f, LLVMGetParam(f->function, 0))));
        return;
    }
    if (LLVMIsAReturnInst(end) && LLVMGetNumOperands(end) == 1) {
        struct wgsl_expression e = wgsl_expression_of(f, LLVMGetOperand(end, 0));
        if (e.type == WGSL_I32) e = wgsl_as(f, e, WGSL_U32);
        wgsl_line(&f->lines, "return %s;", e.text);
        return;
    }
    if (!(last && f->lines.current == 0)) wgsl_line(&f->lines, "return;");
}

static void write_jump(struct wgsl_walk *walk, uint32_t n) {
    struct wgsl_lines *lines = &walk->f->lines;
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    if (walk->synchronises && walk->statements[n].sync) {
        struct wgsl_level *target = target_of(walk, node->kind);
        if (target->node == CW_TREE_NONE ? walk->function_masked : walk->statements[target->node].masked) {
            leave(walk, target, node->kind);
            return;
        }
    }
    guard_end(walk);
    if (node->kind == CW_TREE_RETURN) write_return(walk, node->node, node->next == CW_TREE_NONE);
    else wgsl_line(lines, node->kind == CW_TREE_CONTINUE ? "continue;" : "break;");
}

/* A construct without masks: IF, SWITCH, LOOP, ONCE. */
static void write_plain(struct wgsl_walk *walk, const struct cw_tree_node *node) {
    struct wgsl_lines *lines = &walk->f->lines;
    switch (node->kind) {
    case CW_TREE_IF: write_plain_if(walk, node); break;
    case CW_TREE_SWITCH: write_switch(walk, node, false, false); break;
    case CW_TREE_LOOP:
        wgsl_open(lines, true, "loop {");
        write_list(walk, node->then);
        guard_end(walk);
        wgsl_close(lines, "}");
        break;
    case CW_TREE_ONCE:
        wgsl_open(lines, false, "switch (0u) {");
        wgsl_open(lines, false, "default: {");
        write_list(walk, node->then);
        guard_end(walk);
        wgsl_close(lines, "}");
        wgsl_close(lines, "}");
        break;
    default: break;
    }
}

static void write_construct(struct wgsl_walk *walk, uint32_t n) {
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    struct wgsl_level level = {walk->level, n, WGSL_NONE, WGSL_NONE};
    const struct wgsl_statement *statement = walk->synchronises ? &walk->statements[n] : NULL;
    uint32_t mask = walk->mask;
    walk->level = &level;
    if (!statement || !statement->sync) {
        /* Threads walk through it on their own. */
        guard(walk);
        bool guarded = walk->guarded;
        walk->mask = WGSL_NONE;
        walk->guarded = false;
        write_plain(walk, node);
        walk->mask = mask;
        walk->guarded = guarded;
    } else {
        guard_end(walk);
        if (!statement->masked) write_plain(walk, node);
        else if (node->kind == CW_TREE_IF) write_masked_if(walk, node, statement->operates);
        else if (node->kind == CW_TREE_SWITCH) write_switch(walk, node, true, statement->operates);
        else if (node->kind == CW_TREE_LOOP) write_masked_loop(walk, node, statement->operates);
        else {
            walk->mask = level.mask = new_mask(walk, "inside", mask_text(walk));
            write_list(walk, node->then);
            guard_end(walk);
            walk->mask = mask;
        }
    }
    walk->level = level.outer;
}

static void write_node(struct wgsl_walk *walk, uint32_t n) {
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    switch (node->kind) {
    case CW_TREE_BLOCK: write_block(walk, walk->flow->blocks[node->node]); break;
    case CW_TREE_EDGE: write_edge(walk, node); break;
    case CW_TREE_SET:
        path_name(walk, node->variable);
        if (walk->mask != WGSL_NONE) guard(walk);
        wgsl_assign(&walk->f->lines, walk->paths[node->variable], wgsl_integer(walk->f, WGSL_U32, node->value).text);
        break;
    case CW_TREE_BREAK: case CW_TREE_CONTINUE: case CW_TREE_RETURN: write_jump(walk, n); break;
    case CW_TREE_IF: case CW_TREE_SWITCH: case CW_TREE_LOOP: case CW_TREE_ONCE: write_construct(walk, n); break;
    default: break;
    }
}

static void write_list(struct wgsl_walk *walk, uint32_t list) {
    for (uint32_t n = list; n != CW_TREE_NONE && !walk->f->shader->failed; n = walk->tree->nodes[n].next) write_node(walk, n);
}

void wgsl_walk_write(struct wgsl_walk *walk) {
    struct wgsl_level function = {NULL, CW_TREE_NONE, WGSL_NONE, WGSL_NONE};
    walk->paths = cw_alloc_array(walk->tree->variable_count + 1, sizeof *walk->paths);
    for (uint32_t p = 0; p < walk->tree->variable_count; p++) walk->paths[p] = WGSL_NONE;
    wgsl_uniformity(walk);
    walk->level = &function;
    walk->mask = WGSL_NONE;
    if (walk->synchronises && walk->function_masked) walk->mask = function.mask = new_mask(walk, "running", "true");
    write_list(walk, walk->tree->root);
    guard_end(walk);
    free(walk->paths);
    free(walk->statements);
    free(walk->position);
    free(walk->varying);
    free(walk->variable_varies);
    free(walk->path_varies);
}
