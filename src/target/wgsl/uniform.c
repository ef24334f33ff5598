/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uniform.c: what all threads of a block agree on, as WGSL's compilers see it, and which constructs around barriers need masks.
 *
 * WGSL wants barriers in uniform control flow (WGSL, 15.2), and Tint refuses a text in which it can't prove that. CUDA only asks that
 * the threads that have not ended reach the barrier together (Programming Guide, 10.6): a condition that was read from memory, or
 * a return before the barrier, is right there and refused here. So constructs around barriers whose conditions are not known to be
 * uniform are walked by the whole block with a mask of the threads that are really in them (walk.c).
 *
 * A value is uniform if Tint finds it so: made of constants, parameters, block and grid indices; a phi if the edges to it are taken by
 * all threads. Everything else varies, doubles and sums of floats included, which pass through functions of ours. The rule
 * is optimistic and repeated until nothing changes, since masks make values vary and varying conditions make masks.
 */
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/walk.h"

#include <llvm-c/Target.h>

/* A construct that jumps may have as their target, or IF; the stack of those around a statement. */
struct around {
    const struct around *outer;
    uint32_t node; /* of the tree; CW_TREE_NONE for the function */
    uint32_t mask; /* number of the mask when it was entered */
};

struct state {
    const struct around *around;
    uint32_t mask;   /* number of the mask, 0: none */
    uint32_t region; /* innermost construct with a mask; CW_TREE_NONE: the function */
    bool control;    /* control flow is uniform */
    bool leaving;    /* in a loop that threads leave at different turns */
};

struct search {
    struct wgsl_walk *walk;
    uint32_t masks; /* numbers given */
    bool changed;
};

bool wgsl_synchronises(const struct wgsl_shader *shader, LLVMValueRef instruction) {
    if (!LLVMIsACallInst(instruction)) return false;
    enum cw_intrinsic intrinsic = cw_called_intrinsic(instruction);
    switch (intrinsic) {
    case CW_INTRINSIC_BARRIER: case CW_INTRINSIC_BARRIER_POPC: case CW_INTRINSIC_BARRIER_AND: case CW_INTRINSIC_BARRIER_OR: return true;
    default: return !shader->options.subgroups && wgsl_is_collective(intrinsic);
    }
}

static bool block_synchronises(const struct wgsl_walk *walk, uint32_t flow_node) {
    LLVMBasicBlockRef block = walk->flow->blocks[flow_node];
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
        if (wgsl_synchronises(walk->f->shader, i)) return true;
    return false;
}

/* ---- Which statements are about barriers --------------------------------------------------------------------------- */

/* Numbers statements in the order of the text, and finds those with barriers in them. */
static bool number(struct wgsl_walk *walk, uint32_t list, uint32_t *next) {
    bool any = false;
    for (uint32_t n = list; n != CW_TREE_NONE; n = walk->tree->nodes[n].next) {
        const struct cw_tree_node *node = &walk->tree->nodes[n];
        struct wgsl_statement *statement = &walk->statements[n];
        statement->begin = (*next)++;
        if (node->kind == CW_TREE_BLOCK) {
            walk->position[node->node] = statement->begin;
            statement->operates = block_synchronises(walk, node->node);
        }
        statement->operates = number(walk, node->then, next) || statement->operates;
        if (node->kind == CW_TREE_IF) statement->operates = number(walk, node->otherwise, next) || statement->operates;
        statement->end = *next;
        statement->sync = statement->operates;
        any = any || statement->operates;
    }
    return any;
}

static bool is_target(enum cw_tree_kind kind, bool of_continue) {
    return kind == CW_TREE_LOOP || (!of_continue && (kind == CW_TREE_ONCE || kind == CW_TREE_SWITCH));
}

/* What a jump leaves; NULL for the function. */
static const struct around *target_of(const struct wgsl_walk *walk, const struct around *around, enum cw_tree_kind jump) {
    while (around && (jump == CW_TREE_RETURN || !is_target(walk->tree->nodes[around->node].kind, jump == CW_TREE_CONTINUE))) around = around->outer;
    return around;
}

/* Jumps out of constructs that are about barriers are so too, and all that is around them up to there. */
static bool spread(struct search *s, uint32_t list, const struct around *outer) {
    struct wgsl_walk *walk = s->walk;
    for (uint32_t n = list; n != CW_TREE_NONE; n = walk->tree->nodes[n].next) {
        const struct cw_tree_node *node = &walk->tree->nodes[n];
        const struct around here = {outer, n, 0};
        switch (node->kind) {
        case CW_TREE_BREAK: case CW_TREE_CONTINUE: case CW_TREE_RETURN: {
            const struct around *target = target_of(walk, outer, node->kind);
            bool last = node->kind == CW_TREE_RETURN && !outer && node->next == CW_TREE_NONE;
            if (last || (target && !walk->statements[target->node].sync)) break;
            s->changed = s->changed || !walk->statements[n].sync;
            walk->statements[n].sync = true;
            for (const struct around *a = outer; a != target; a = a->outer) {
                s->changed = s->changed || !walk->statements[a->node].sync;
                walk->statements[a->node].sync = true;
            }
            break;
        }
        case CW_TREE_IF:
            spread(s, node->then, &here);
            spread(s, node->otherwise, &here);
            break;
        case CW_TREE_SWITCH: case CW_TREE_CASE: case CW_TREE_LOOP: case CW_TREE_ONCE: spread(s, node->then, &here); break;
        default: break;
        }
    }
    return s->changed;
}

/* ---- What varies ----------------------------------------------------------------------------------------------------- */

static bool value_varies(const struct wgsl_walk *walk, LLVMValueRef value) {
    uint32_t v = wgsl_map_get(&walk->f->index, value);
    if (v == WGSL_NONE) return false;
    uint32_t variable = walk->f->values[v].variable;
    return walk->varying[v] || (LLVMIsAPHINode(value) && variable != WGSL_NONE && walk->variable_varies[variable]);
}

static bool is_uniform_register(enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_NTID_X: case CW_INTRINSIC_NTID_Y: case CW_INTRINSIC_NTID_Z: case CW_INTRINSIC_CTAID_X: case CW_INTRINSIC_CTAID_Y: case CW_INTRINSIC_CTAID_Z:
    case CW_INTRINSIC_NCTAID_X: case CW_INTRINSIC_NCTAID_Y: case CW_INTRINSIC_NCTAID_Z: case CW_INTRINSIC_DYNAMIC_SHARED_SIZE: return true;
    default: return false;
    }
}

/* True if the instruction's result varies whatever its operands are. */
static bool varies_by_itself(LLVMValueRef i) {
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(i));
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMPHI: case LLVMICmp: case LLVMFCmp: case LLVMSelect: case LLVMGetElementPtr: case LLVMAddrSpaceCast: case LLVMFreeze: case LLVMTrunc: case LLVMZExt:
    case LLVMSExt: case LLVMAdd: case LLVMSub: case LLVMMul: case LLVMUDiv: case LLVMSDiv: case LLVMURem: case LLVMSRem: case LLVMShl: case LLVMLShr: case LLVMAShr:
    case LLVMAnd: case LLVMOr: case LLVMXor: return kind == LLVMDoubleTypeKind;
    case LLVMLoad: return LLVMGetPointerAddressSpace(LLVMTypeOf(LLVMGetOperand(i, 0))) != WGSL_SPACE_PARAMETERS || kind == LLVMDoubleTypeKind;
    case LLVMCall: {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
        if (intrinsic != CW_INTRINSIC_COUNT) return !is_uniform_register(intrinsic);
        LLVMValueRef callee = cw_called_function(i);
        return !callee || strncmp(cw_value_name(callee), "llvm.", 5) != 0 || !wgsl_call_is_pure(i) || kind != LLVMIntegerTypeKind;
    }
    default: return true;
    }
}

static void set_varying(struct search *s, LLVMValueRef value) {
    uint32_t v = wgsl_map_get(&s->walk->f->index, value);
    if (v == WGSL_NONE || value_varies(s->walk, value)) return;
    s->walk->varying[v] = true;
    if (LLVMIsAPHINode(value) && s->walk->f->values[v].variable != WGSL_NONE) s->walk->variable_varies[s->walk->f->values[v].variable] = true;
    s->changed = true;
}

static void look_at_block(struct search *s, const struct state *state, LLVMBasicBlockRef block) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
        if (LLVMIsATerminatorInst(i)) continue;
        bool varies = !state->control || state->leaving || varies_by_itself(i);
        if (!LLVMIsAPHINode(i))
            for (unsigned k = 0; k < (unsigned)LLVMGetNumOperands(i) && !varies; k++) varies = value_varies(s->walk, LLVMGetOperand(i, k));
        if (varies) set_varying(s, i);
    }
}

static bool inside(const struct wgsl_walk *walk, uint32_t region, uint32_t flow_node) {
    if (region == CW_TREE_NONE) return true;
    const struct wgsl_statement *statement = &walk->statements[region];
    return walk->position[flow_node] >= statement->begin && walk->position[flow_node] < statement->end;
}

static void look_at_edge(struct search *s, const struct state *state, const struct cw_tree_node *node) {
    const struct wgsl_walk *walk = s->walk;
    LLVMBasicBlockRef from = walk->flow->blocks[node->node], to = cw_function_flow_target(walk->flow, node->node, node->edge);
    uint32_t target = walk->flow->flow.nodes[node->node].targets[node->edge];
    bool parts = !state->control || state->leaving || !inside(walk, state->region, target);
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        bool varies = parts || varies_by_itself(phi);
        for (unsigned k = 0; k < LLVMCountIncoming(phi) && !varies; k++)
            varies = LLVMGetIncomingBlock(phi, k) == from && value_varies(walk, LLVMGetIncomingValue(phi, k));
        if (varies) set_varying(s, phi);
    }
}

bool wgsl_condition_varies(const struct wgsl_walk *walk, const struct cw_tree_node *node) {
    if (node->node == CW_TREE_NONE) return walk->path_varies[node->variable];
    LLVMValueRef end = LLVMGetBasicBlockTerminator(walk->flow->blocks[node->node]);
    return value_varies(walk, LLVMIsASwitchInst(end) ? LLVMGetOperand(end, 0) : LLVMGetCondition(end));
}

bool wgsl_instruction_varies(const struct wgsl_walk *walk, LLVMValueRef instruction) {
    return value_varies(walk, instruction);
}

/* ---- The walk ---------------------------------------------------------------------------------------------------------- */

static void look_at_list(struct search *s, struct state *state, uint32_t list);

static void mark(struct search *s, bool *flag) {
    s->changed = s->changed || !*flag;
    *flag = true;
}

static void look_at_jump(struct search *s, struct state *state, uint32_t n) {
    struct wgsl_walk *walk = s->walk;
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    const struct around *target = target_of(walk, state->around, node->kind);
    if (!walk->statements[n].sync) {
        if (!state->control && target) mark(s, &walk->statements[target->node].divergent);
        return;
    }
    bool *masked = target ? &walk->statements[target->node].masked : &walk->function_masked;
    if (state->mask != (target ? target->mask : walk->function_masked)) mark(s, masked);
    /* Loops in between are left too, by some threads. */
    for (const struct around *a = state->around; *masked && a != target; a = a->outer)
        if (walk->tree->nodes[a->node].kind == CW_TREE_LOOP) mark(s, &walk->statements[a->node].masked);
}

/* A list in a construct. */
static void look_into(struct search *s, const struct state *state, uint32_t n, uint32_t list, bool masked) {
    struct wgsl_walk *walk = s->walk;
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    struct state inner = *state;
    if (masked) {
        inner.mask = ++s->masks;
        inner.region = n;
        inner.leaving = inner.leaving || node->kind == CW_TREE_LOOP;
    }
    const struct around here = {state->around, n, inner.mask};
    inner.around = &here;
    look_at_list(s, &inner, list);
}

static void look_at(struct search *s, struct state *state, uint32_t n) {
    struct wgsl_walk *walk = s->walk;
    const struct cw_tree_node *node = &walk->tree->nodes[n];
    struct wgsl_statement *statement = &walk->statements[n];
    struct state inner = *state;
    switch (node->kind) {
    case CW_TREE_BLOCK: look_at_block(s, state, walk->flow->blocks[node->node]); return;
    case CW_TREE_EDGE: look_at_edge(s, state, node); return;
    case CW_TREE_SET:
        if (!state->control || state->mask || state->leaving) mark(s, &walk->path_varies[node->variable]);
        return;
    case CW_TREE_BREAK: case CW_TREE_CONTINUE: case CW_TREE_RETURN: look_at_jump(s, state, n); return;
    default: break;
    }
    bool decides = node->kind == CW_TREE_IF || node->kind == CW_TREE_SWITCH;
    bool varies = decides && wgsl_condition_varies(walk, node);
    if (!statement->sync) {
        inner.control = state->control && !state->mask && !varies && !statement->divergent;
        look_into(s, &inner, n, node->then, false);
        if (node->kind == CW_TREE_IF) look_into(s, &inner, n, node->otherwise, false);
        return;
    }
    if (varies) mark(s, &statement->masked);
    look_into(s, &inner, n, node->then, statement->masked);
    if (node->kind == CW_TREE_IF) look_into(s, &inner, n, node->otherwise, statement->masked);
}

static void look_at_list(struct search *s, struct state *state, uint32_t list) {
    for (uint32_t n = list; n != CW_TREE_NONE; n = s->walk->tree->nodes[n].next) look_at(s, state, n);
}

void wgsl_uniformity(struct wgsl_walk *walk) {
    size_t nodes = walk->tree->count + 1;
    uint32_t next = 0;
    walk->statements = cw_alloc_array(nodes, sizeof *walk->statements);
    walk->position = cw_alloc_array(walk->tree->flow_count + 1, sizeof *walk->position);
    walk->varying = cw_alloc_array(walk->f->value_count + 1, sizeof *walk->varying);
    walk->variable_varies = cw_alloc_array(walk->f->lines.variable_count + 1, sizeof *walk->variable_varies);
    walk->path_varies = cw_alloc_array(walk->tree->variable_count + 1, sizeof *walk->path_varies);
    walk->synchronises = walk->f->entry && number(walk, walk->tree->root, &next);
    if (!walk->synchronises) return;
    struct search s = {walk, 0, false};
    while (spread(&s, walk->tree->root, NULL)) s.changed = false;
    do {
        struct state state = {NULL, walk->function_masked ? 1 : 0, CW_TREE_NONE, true, false};
        s.changed = false;
        s.masks = 1;
        look_at_list(&s, &state, walk->tree->root);
    } while (s.changed);
}
