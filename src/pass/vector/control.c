/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control.c: emits the widened blocks, one behind the other as schedule.c has put them.
 *
 * Masks. A divergent block has a mask: the lanes that are to run it. It begins as none, where the iteration (or the function)
 * that the block belongs to begins, and each edge to the block adds its lanes. A divergent branch doesn't branch: both its
 * targets become due, the first of them in the schedule is next, and the other is remembered ("deferred") by whatever comes
 * next, until its turn is there. A block that may have no lanes is skipped, where that pays or where it has effects.
 *
 * Loops that lanes leave at different times go round while any lane is left; each exit gathers the lanes that take it, and is
 * due after the loop.
 *
 * Most of the time all lanes of a block are on, and then masks only cost: vector accesses under a mask are slow on many machines.
 * So blocks that access memory are emitted twice, with masks and without, and one test chooses.
 *
 * Values. Each value that another block reads lies in a slot, an alloca, and each phi in one that edges write; SROA makes
 * registers and phis of them. Edges that not all lanes take blend. Slots hold poison from where an iteration begins, so that
 * nothing seems to live from one into the next.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define TWICE_RATIO 16u /* instructions an access, up to which a block is emitted twice */
#define CHEAP_MAX 6u /* instructions without effects that run sooner than a test whether any lane needs them */

LLVMBasicBlockRef cw_vector_append(struct cw_vector *v, const char *name) {
    return LLVMAppendBasicBlockInContext(v->context, v->function, name);
}

static LLVMValueRef slot(struct cw_vector *v, LLVMTypeRef type) {
    return LLVMBuildAlloca(v->allocas, type, "");
}

static bool is_header_of(const struct cw_vector *v, uint32_t block, uint32_t loop) {
    return loop != CW_CFG_NONE && v->cfg.loops[loop].header == block;
}

/* ---- Masks ---- */

static LLVMValueRef no_lanes(struct cw_vector *v) {
    return LLVMConstNull(cw_vector_mask_type(v));
}

static LLVMValueRef load_mask(struct cw_vector *v, LLVMValueRef from) {
    return LLVMBuildLoad2(v->builder, cw_vector_mask_type(v), from, "");
}

static void add_lanes(struct cw_vector *v, LLVMValueRef to, LLVMValueRef lanes) {
    LLVMBuildStore(v->builder, LLVMBuildOr(v->builder, load_mask(v, to), lanes, ""), to);
}

/* True if a lane of any part is in `masks`. */
static LLVMValueRef any_of(struct cw_vector *v, LLVMValueRef const *masks) {
    LLVMValueRef all = masks[0];
    for (unsigned part = 1; part < v->parts; part++) all = LLVMBuildOr(v->builder, all, masks[part], "");
    return cw_vector_any(v, all);
}

/* The loop (or CW_CFG_NONE) whose iterations the mask of `block` belongs to: a header is entered from outside of its loop. */
static uint32_t level_of(const struct cw_vector *v, uint32_t block) {
    uint32_t loop = v->cfg.innermost_loop[block];
    return is_header_of(v, block, loop) ? v->cfg.loops[loop].parent : loop;
}

static void forget(struct cw_vector *v, LLVMValueRef const slots[CW_VECTOR_PARTS_MAX]) {
    for (unsigned part = 0; part < v->parts && slots[part]; part++)
        LLVMBuildStore(v->builder, LLVMGetPoison(LLVMGetAllocatedType(slots[part])), slots[part]);
}

void cw_vector_forget_lanes(struct cw_vector *v, uint32_t loop) {
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (unsigned part = 0; part < v->parts && v->blocks[b].mask_slot[0] && level_of(v, b) == loop; part++)
            LLVMBuildStore(v->builder, no_lanes(v), v->blocks[b].mask_slot[part]);
    for (unsigned part = 0; part < v->parts && loop != CW_CFG_NONE && v->loops[loop].divergent; part++)
        LLVMBuildStore(v->builder, no_lanes(v), v->loops[loop].back_slot[part]);
}

/* Where an iteration of `loop` begins: no lane is waiting anywhere in it, and no value is known. */
static void begin_iteration(struct cw_vector *v, uint32_t loop) {
    cw_vector_forget_lanes(v, loop);
    if (loop == CW_CFG_NONE) return;
    for (size_t k = 0; k < v->value_count; k++) {
        const struct cw_vector_value *value = &v->values[k];
        if (!value->slot[0] && !value->phi_slot[0]) continue;
        uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(value->old));
        if (v->cfg.innermost_loop[block] == loop) forget(v, value->slot);
        if (level_of(v, block) == loop) forget(v, value->phi_slot);
    }
}

/* ---- Slots ---- */

static LLVMTypeRef kept_type(struct cw_vector *v, const struct cw_vector_value *value) {
    LLVMTypeRef type = LLVMTypeOf(value->old);
    return value->shape.kind == CW_SHAPE_VARYING ? cw_vector_type(v, type) : type;
}

/* A comparison that decides a branch of a second form: whether all lanes go one way may be asked of its operands, once a side (together.c). */
static bool is_asked_of_all(const struct cw_vector *v, LLVMValueRef comparison) {
    if (!LLVMIsAICmpInst(comparison)) return false;
    for (LLVMUseRef use = LLVMGetFirstUse(comparison); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsATerminatorInst(user) && v->blocks[cw_cfg_index(&v->cfg, LLVMGetInstructionParent(user))].rest) return true;
    }
    return false;
}

static bool is_read_elsewhere(struct cw_vector *v, LLVMValueRef value) {
    LLVMBasicBlockRef home = LLVMGetInstructionParent(value);
    if (LLVMGetFirstUse(value) && cw_vector_waits_in(v, home)) return true;
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        /* Edges read what phis take, at the end of this or another block. */
        if (LLVMGetInstructionParent(user) != home || LLVMIsAPHINode(user)) return true;
        const struct cw_vector_block *block = &v->blocks[cw_cfg_index(&v->cfg, home)];
        if (LLVMIsATerminatorInst(user) && (block->twice || block->rest)) return true;
        if (is_asked_of_all(v, user)) return true;
        /* What a perhaps strided address is computed from is read again where the address is used (neighbours.c). */
        if (cw_vector_shape(v, user).hint) return true;
    }
    return false;
}

static void make_slots(struct cw_vector *v) {
    for (size_t k = 0; k < v->value_count; k++) {
        struct cw_vector_value *value = &v->values[k];
        if (!LLVMIsAInstruction(value->old) || LLVMIsAAllocaInst(value->old)) continue;
        LLVMTypeRef type = kept_type(v, value);
        if (!type) {
            cw_vector_refuse(v, value->old, "a value of a type that has no vectors lives across branches");
            return;
        }
        bool is_read = is_read_elsewhere(v, value->old);
        for (unsigned part = 0; part < cw_vector_parts_of(v, value->old); part++) {
            if (is_read) value->slot[part] = slot(v, type);
            if (LLVMIsAPHINode(value->old)) value->phi_slot[part] = slot(v, type);
        }
    }
    for (unsigned part = 0; part < v->parts; part++) {
        for (uint32_t b = 0; b < v->cfg.count; b++)
            if (v->blocks[b].divergent) v->blocks[b].mask_slot[part] = slot(v, cw_vector_mask_type(v));
        for (uint32_t l = 0; l < v->cfg.loop_count; l++)
            if (v->loops[l].divergent) v->loops[l].back_slot[part] = slot(v, cw_vector_mask_type(v));
    }
}

/* ---- Routes ---- */

static LLVMBasicBlockRef enter_node(struct cw_vector *v, uint32_t node) {
    return v->nodes[node].loop != CW_CFG_NONE ? v->loops[v->nodes[node].loop].end : v->blocks[v->nodes[node].block].enter;
}

/* Control goes to the first node of `due`; the others wait. */
static LLVMBasicBlockRef route(struct cw_vector *v, const bool *due) {
    uint32_t next = 0;
    while (next < v->node_count && !due[next]) next++;
    for (uint32_t n = next + 1; n < v->node_count; n++) v->nodes[next].deferred[n] |= due[n];
    return enter_node(v, next);
}

/* Adds to `due` where lanes go that leave for `to` from inside of `loop` (an innermost loop, or CW_CFG_NONE). */
static void add_target(struct cw_vector *v, uint32_t loop, uint32_t to, bool *due) {
    for (; loop != CW_CFG_NONE && !v->cfg.loops[loop].contains[to]; loop = v->cfg.loops[loop].parent) {
        if (v->loops[loop].divergent) {
            v->loops[loop].exits[to] = true;
            due[v->loops[loop].end_node] = true;
            return;
        }
        for (uint32_t n = 0; n < v->node_count; n++) due[n] |= v->loops[loop].outer[n];
    }
    due[v->blocks[to].node] = true;
}

/* ---- Edges ---- */

void cw_vector_pass_values(struct cw_vector *v, uint32_t from, uint32_t to, LLVMValueRef const *lanes) {
    for (LLVMValueRef phi = LLVMGetFirstInstruction(v->cfg.blocks[to]); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const struct cw_vector_value *value = cw_vector_find(v, phi);
        LLVMValueRef incoming = NULL;
        for (unsigned k = 0; k < LLVMCountIncoming(phi) && !incoming; k++)
            if (LLVMGetIncomingBlock(phi, k) == v->cfg.blocks[from]) incoming = LLVMGetIncomingValue(phi, k);
        for (unsigned part = 0; part < cw_vector_parts_of(v, phi); part++) {
            cw_vector_set_part(v, part);
            if (value->shape.kind != CW_SHAPE_VARYING) {
                LLVMBuildStore(v->builder, cw_vector_scalar(v, incoming), value->phi_slot[part]);
                continue;
            }
            LLVMValueRef wide = cw_vector_wide(v, incoming);
            if (lanes) {
                LLVMValueRef old = LLVMBuildLoad2(v->builder, LLVMTypeOf(wide), value->phi_slot[part], "");
                wide = LLVMBuildSelect(v->builder, lanes[part], wide, old, "");
            }
            LLVMBuildStore(v->builder, wide, value->phi_slot[part]);
        }
    }
}

/* Emits what goes with the edge at the builder's place, and adds its targets to `due`. Returns the block to jump to when the edge
 * goes back to a loop that isn't divergent. */
static LLVMBasicBlockRef take_edge(struct cw_vector *v, uint32_t from, uint32_t to, LLVMValueRef const *lanes, bool *due) {
    uint32_t loop = v->cfg.innermost_loop[from];
    bool goes_back = loop != CW_CFG_NONE && v->cfg.loops[loop].header == to;
    bool enters = is_header_of(v, to, v->cfg.innermost_loop[to]);
    cw_vector_pass_values(v, from, to, goes_back || enters ? NULL : lanes);
    for (unsigned part = 0; part < v->parts; part++) {
        cw_vector_set_part(v, part);
        LLVMValueRef added = lanes ? lanes[part] : cw_vector_mask(v), to_mask = v->blocks[to].mask_slot[part];
        if (goes_back && v->loops[loop].divergent) LLVMBuildStore(v->builder, added, v->loops[loop].back_slot[part]);
        else if (to_mask && (goes_back || enters)) LLVMBuildStore(v->builder, added, to_mask);
        else if (to_mask) add_lanes(v, to_mask, added);
    }
    if (goes_back && v->loops[loop].divergent) {
        due[v->loops[loop].end_node] = true;
        return NULL;
    }
    if (goes_back) return v->blocks[to].body;
    add_target(v, loop, to, due);
    return NULL;
}

static void add_deferred(const struct cw_vector *v, uint32_t block, bool *due) {
    const bool *deferred = v->nodes[v->blocks[block].node].deferred;
    for (uint32_t n = 0; n < v->node_count; n++) due[n] |= deferred[n];
}

static void jump(struct cw_vector *v, uint32_t block, uint32_t to, LLVMValueRef const *lanes) {
    bool *due = cw_alloc_array(v->node_count, sizeof *due);
    LLVMBasicBlockRef back = take_edge(v, block, to, lanes, due);
    if (!back) {
        add_deferred(v, block, due);
        back = route(v, due);
    }
    LLVMBuildBr(v->builder, back);
    free(due);
}

static LLVMValueRef lanes_where(struct cw_vector *v, LLVMValueRef condition) {
    /* A select, not `and`: a switched-off lane's condition may be poison. */
    return v->mask ? LLVMBuildSelect(v->builder, v->mask, condition, no_lanes(v), "") : condition;
}

/* Lanes that leave a loop take their values with them. Most turns none leaves: then the values stay as they are. */
static void leave_loop(struct cw_vector *v, uint32_t from, uint32_t to, LLVMValueRef const *lanes, bool *due) {
    LLVMBasicBlockRef leaving = cw_vector_append(v, "leaving"), on = cw_vector_append(v, "on");
    LLVMBuildCondBr(v->builder, any_of(v, lanes), leaving, on);
    LLVMPositionBuilderAtEnd(v->builder, leaving);
    v->epoch++;
    take_edge(v, from, to, lanes, due);
    LLVMBuildBr(v->builder, on);
    LLVMPositionBuilderAtEnd(v->builder, on);
    v->epoch++; /* what was loaded on the way out isn't there */
}

static void take_divergent_edge(struct cw_vector *v, uint32_t from, uint32_t to, LLVMValueRef const *lanes, bool *due) {
    uint32_t loop = v->cfg.innermost_loop[from];
    bool leaves = loop != CW_CFG_NONE && !v->cfg.loops[loop].contains[to];
    if (leaves && LLVMIsAPHINode(LLVMGetFirstInstruction(v->cfg.blocks[to]))) leave_loop(v, from, to, lanes, due);
    else take_edge(v, from, to, lanes, due);
}

static void emit_divergent_branch(struct cw_vector *v, uint32_t block, LLVMValueRef branch, const uint32_t targets[2]) {
    LLVMValueRef taken[CW_VECTOR_PARTS_MAX], other[CW_VECTOR_PARTS_MAX];
    for (unsigned part = 0; part < v->parts; part++) {
        cw_vector_set_part(v, part);
        LLVMValueRef condition = cw_vector_wide(v, LLVMGetCondition(branch));
        taken[part] = lanes_where(v, condition);
        other[part] = lanes_where(v, LLVMBuildNot(v->builder, condition, ""));
    }
    bool *due = cw_alloc_array(v->node_count, sizeof *due);
    take_divergent_edge(v, block, targets[0], taken, due);
    take_divergent_edge(v, block, targets[1], other, due);
    add_deferred(v, block, due);
    LLVMBuildBr(v->builder, route(v, due));
    free(due);
}

static void emit_uniform_branch(struct cw_vector *v, uint32_t block, LLVMValueRef branch, const uint32_t targets[2],
                                LLVMValueRef const *lanes) {
    cw_vector_set_part(v, 0);
    LLVMBasicBlockRef edges[2] = {cw_vector_append(v, "edge"), cw_vector_append(v, "edge")};
    LLVMBuildCondBr(v->builder, cw_vector_scalar(v, LLVMGetCondition(branch)), edges[0], edges[1]);
    for (unsigned s = 0; s < 2; s++) {
        LLVMPositionBuilderAtEnd(v->builder, edges[s]);
        v->epoch++; /* what one edge has loaded isn't there on the other */
        jump(v, block, targets[s], lanes);
    }
}

static void emit_terminator(struct cw_vector *v, uint32_t block) {
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[block]);
    LLVMSetCurrentDebugLocation2(v->builder, LLVMInstructionGetDebugLoc(terminator));
    unsigned count = LLVMGetNumSuccessors(terminator);
    uint32_t targets[2];
    for (unsigned s = 0; s < count; s++) targets[s] = cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s));
    LLVMValueRef masks[CW_VECTOR_PARTS_MAX];
    for (unsigned part = 0; part < v->parts; part++) masks[part] = v->of_part[part].mask;
    LLVMValueRef const *lanes = v->blocks[block].divergent ? masks : NULL;
    if (count == 0 && v->state) LLVMBuildRet(v->builder, LLVMConstInt(v->i32, (uint64_t)CW_VECTOR_FINISHED, 1));
    else if (count == 0) LLVMBuildRetVoid(v->builder);
    else if (count == 1 || targets[0] == targets[1]) jump(v, block, targets[0], lanes);
    else if (v->blocks[block].divergent_branch) emit_divergent_branch(v, block, terminator, targets);
    else emit_uniform_branch(v, block, terminator, targets, lanes);
}

/* ---- Blocks ---- */

static bool is_free_of_effects(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad:
    case LLVMStore:
    case LLVMCall:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
    case LLVMFence:
    case LLVMSDiv:
    case LLVMUDiv:
    case LLVMSRem:
    case LLVMURem:
    case LLVMFRem: return false;
    default: return true;
    }
}

/* True if the block may run without any lane: a few operations, and nothing that a branch or a scalar phi depends on. */
static bool is_cheap(struct cw_vector *v, uint32_t block) {
    unsigned count = 0;
    if (is_header_of(v, block, v->cfg.innermost_loop[block])) return false;
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[block]);
    if (LLVMGetNumSuccessors(terminator) != 1) return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(LLVMGetSuccessor(terminator, 0)); i && LLVMIsAPHINode(i); i = LLVMGetNextInstruction(i))
        if (cw_vector_shape(v, i).kind != CW_SHAPE_VARYING) return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[block]); i; i = LLVMGetNextInstruction(i)) {
        if (!is_free_of_effects(i)) return false;
        if (!LLVMIsAPHINode(i)) count++;
    }
    return count <= CHEAP_MAX;
}

/* Where forward edges arrive: to the body, or past it when no lane is on. */
static void emit_enter(struct cw_vector *v, uint32_t block, const bool *deferred) {
    struct cw_vector_block *state = &v->blocks[block];
    bool waiting = false;
    for (uint32_t n = 0; n < v->node_count; n++) waiting |= deferred[n];
    LLVMPositionBuilderAtEnd(v->builder, state->enter);
    uint32_t loop = v->cfg.innermost_loop[block];
    bool is_gate = is_header_of(v, block, loop) && v->loops[loop].gate;
    LLVMBasicBlockRef body = is_gate ? v->loops[loop].gate : state->body;
    if (!state->divergent || !waiting || is_cheap(v, block)) {
        LLVMBuildBr(v->builder, body);
        return;
    }
    LLVMValueRef masks[CW_VECTOR_PARTS_MAX];
    for (unsigned part = 0; part < v->parts; part++) masks[part] = load_mask(v, state->mask_slot[part]);
    LLVMBuildCondBr(v->builder, any_of(v, masks), body, route(v, deferred));
}

/* True if it pays to have the block's instructions with masks and without. */
static bool is_worth_two(struct cw_vector *v, uint32_t block) {
    unsigned accesses = 0, count = 0;
    if (v->blocks[block].rest) return false; /* a loop's second form serves for all lanes on */
    if ((!v->blocks[block].divergent && v->plan->form == CW_VECTOR_ROWS) || cw_vector_waits_in(v, v->cfg.blocks[block])) return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[block]); i; i = LLVMGetNextInstruction(i)) {
        LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
        if (opcode == LLVMAlloca || (opcode == LLVMCall && cw_vector_has_effects(i))) return false;
        count++;
        if (opcode == LLVMAtomicRMW) accesses++;
        if (opcode != LLVMLoad && opcode != LLVMStore) continue;
        LLVMValueRef pointer = LLVMGetOperand(i, opcode == LLVMStore);
        accesses += !cw_vector_is_by_lane(v, pointer) && !cw_is_uniform(v, pointer);
    }
    return accesses && count <= accesses * TWICE_RATIO;
}

void cw_vector_emit_instructions(struct cw_vector *v, LLVMBasicBlockRef old) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(old); i && !v->failed; i = LLVMGetNextInstruction(i)) {
        if (LLVMIsATerminatorInst(i)) break;
        LLVMSetCurrentDebugLocation2(v->builder, LLVMInstructionGetDebugLoc(i));
        cw_vector_instruction(v, i);
    }
}

/* With all lanes of all parts on, or with masks. */
static void emit_twice(struct cw_vector *v, LLVMBasicBlockRef old) {
    LLVMBasicBlockRef ways[2], done = cw_vector_append(v, "both");
    LLVMValueRef all = v->of_part[0].mask;
    for (unsigned part = 1; part < v->parts; part++) all = LLVMBuildAnd(v->builder, all, v->of_part[part].mask, "");
    cw_vector_branch_on_all(v, all, ways);
    LLVMPositionBuilderAtEnd(v->builder, ways[0]);
    for (unsigned part = 0; part < v->parts; part++) v->of_part[part].mask = NULL;
    v->epoch++;
    cw_vector_emit_instructions(v, old);
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, ways[1]);
    v->epoch++;
    cw_vector_load_masks(v);
    struct cw_text *why = v->why;
    v->why = NULL; /* what there is to tell was told the first time */
    v->masks_matter = true;
    if (!v->failed) cw_vector_emit_instructions(v, old);
    v->masks_matter = false;
    v->why = why;
    LLVMBuildBr(v->builder, done);
    LLVMPositionBuilderAtEnd(v->builder, done);
    v->epoch++;
    cw_vector_load_masks(v);
}

/* Where the other form of the loop can come back to this one. */
static void go_to_rest(struct cw_vector *v, uint32_t block) {
    LLVMBuildBr(v->builder, v->blocks[block].rest);
    LLVMPositionBuilderAtEnd(v->builder, v->blocks[block].rest);
    v->epoch++;
    cw_vector_load_masks(v);
}

static void emit_block(struct cw_vector *v, uint32_t node) {
    uint32_t block = v->nodes[node].block, loop = v->cfg.innermost_loop[block];
    LLVMBasicBlockRef old = v->cfg.blocks[block];
    LLVMSetCurrentDebugLocation2(v->builder, LLVMInstructionGetDebugLoc(LLVMGetBasicBlockTerminator(old)));
    emit_enter(v, block, v->nodes[node].deferred);
    if (is_header_of(v, block, loop)) {
        memcpy(v->loops[loop].outer, v->nodes[node].deferred, v->node_count * sizeof(bool));
        memset(v->nodes[node].deferred, 0, v->node_count * sizeof(bool));
        if (v->loops[loop].divergent) v->nodes[node].deferred[v->loops[loop].end_node] = true;
    }
    LLVMPositionBuilderAtEnd(v->builder, v->blocks[block].body);
    if (is_header_of(v, block, loop)) begin_iteration(v, loop);
    v->block = block;
    v->epoch++;
    cw_vector_load_masks(v);
    if (v->blocks[block].twice) emit_twice(v, old);
    else cw_vector_emit_instructions(v, old);
    if (v->blocks[block].rest) go_to_rest(v, block);
    if (!v->failed) emit_terminator(v, block);
}

/* The end of an iteration of a divergent loop: round again while a lane is left. */
static void emit_loop_end(struct cw_vector *v, uint32_t loop) {
    uint32_t header = v->cfg.loops[loop].header;
    bool *due = cw_alloc_array(v->node_count, sizeof *due);
    LLVMPositionBuilderAtEnd(v->builder, v->loops[loop].end);
    v->epoch++;
    LLVMValueRef left[CW_VECTOR_PARTS_MAX];
    for (unsigned part = 0; part < v->parts; part++) {
        left[part] = load_mask(v, v->loops[loop].back_slot[part]);
        LLVMBuildStore(v->builder, left[part], v->blocks[header].mask_slot[part]);
    }
    memcpy(due, v->loops[loop].outer, v->node_count * sizeof *due);
    for (uint32_t b = 0; b < v->cfg.count; b++)
        if (v->loops[loop].exits[b]) add_target(v, v->cfg.loops[loop].parent, b, due);
    LLVMBasicBlockRef again = v->loops[loop].gate ? v->loops[loop].gate : v->blocks[header].body;
    LLVMBuildCondBr(v->builder, any_of(v, left), again, route(v, due));
    free(due);
}

/* ---- The function ---- */

/* The lanes that exist, when the block's shape isn't known to fill the vector. */
static void find_entry_mask(struct cw_vector *v) {
    if (v->plan->form == CW_VECTOR_ROWS) return;
    bool tails = v->plan->form == CW_VECTOR_TAILS;
    LLVMValueRef count = NULL;
    for (int k = 0; k < (tails ? 1 : 3); k++) {
        LLVMValueRef size = cw_vector_call(v, cw_intrinsics[CW_INTRINSIC_NTID_X + k].text, v->i32, NULL, NULL, 0);
        count = count ? LLVMBuildMul(v->builder, count, size, "") : size;
    }
    LLVMValueRef index = LLVMBuildAdd(v->builder, cw_vector_splat(v, tails ? v->x : v->first), cw_vector_iota(v, v->i32, 1), "");
    v->entry_mask = LLVMBuildICmp(v->builder, LLVMIntULT, index, cw_vector_splat(v, count), "");
}

static LLVMValueRef plus(struct cw_vector *v, LLVMValueRef number, LLVMValueRef other) {
    return LLVMBuildAdd(v->builder, number, other, "");
}

/* Where the other parts stand: behind part 0 along x, or in the rows above it. */
static void place_parts(struct cw_vector *v) {
    for (unsigned part = 1; part < v->parts; part++) {
        v->of_part[part] = v->of_part[0];
        if (v->plan->parts_along_y) {
            LLVMValueRef width = cw_vector_call(v, cw_intrinsics[CW_INTRINSIC_NTID_X].text, v->i32, NULL, NULL, 0);
            LLVMValueRef rows = LLVMConstInt(v->i32, part, 0);
            v->of_part[part].first = plus(v, v->of_part[0].first, LLVMBuildMul(v->builder, width, rows, ""));
            v->of_part[part].y = plus(v, v->of_part[0].y, rows);
        } else {
            LLVMValueRef lanes = LLVMConstInt(v->i32, part * v->plan->lanes, 0);
            v->of_part[part].first = plus(v, v->of_part[0].first, lanes);
            v->of_part[part].x = plus(v, v->of_part[0].x, lanes);
        }
    }
}

/* The old blocks go, uses before definitions. */
static void delete_scalar_body(struct cw_vector *v, LLVMBasicBlockRef last) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind) LLVMReplaceAllUsesWith(i, LLVMGetPoison(LLVMTypeOf(i)));
        if (block == last) break;
    }
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function), next; block; block = next) {
        next = LLVMGetNextBasicBlock(block);
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetFirstInstruction(block)) LLVMInstructionEraseFromParent(i);
        if (block == last) break;
    }
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(v->function), next; block; block = next) {
        next = LLVMGetNextBasicBlock(block);
        LLVMDeleteBasicBlock(block);
        if (block == last) break;
    }
}

void cw_vector_emit(struct cw_vector *v) {
    LLVMBasicBlockRef last = LLVMGetLastBasicBlock(v->function);
    LLVMBasicBlockRef begin;
    v->slots = cw_vector_append(v, "slots");
    v->dispatch = cw_vector_append(v, "dispatch");
    begin = cw_vector_append(v, "begin");
    LLVMMetadataRef place = LLVMInstructionGetDebugLoc(LLVMGetBasicBlockTerminator(v->cfg.blocks[0]));
    LLVMSetCurrentDebugLocation2(v->allocas, place);
    LLVMSetCurrentDebugLocation2(v->builder, place);
    LLVMPositionBuilderAtEnd(v->allocas, v->slots);
    cw_vector_choose_together(v);
    for (uint32_t b = 0; b < v->cfg.count; b++) v->blocks[b].twice = is_worth_two(v, b);
    make_slots(v);
    for (uint32_t b = 0; b < v->cfg.count; b++) {
        v->blocks[b].enter = cw_vector_append(v, "enter");
        v->blocks[b].body = cw_vector_append(v, "block");
    }
    for (uint32_t l = 0; l < v->cfg.loop_count; l++)
        if (v->loops[l].divergent) v->loops[l].end = cw_vector_append(v, "again");
    LLVMPositionBuilderAtEnd(v->builder, v->dispatch);
    place_parts(v);
    find_entry_mask(v);
    LLVMPositionBuilderAtEnd(v->builder, begin);
    begin_iteration(v, CW_CFG_NONE);
    LLVMBuildBr(v->builder, v->blocks[0].enter);
    for (uint32_t n = 0; n < v->node_count && !v->failed; n++) {
        if (v->nodes[n].loop != CW_CFG_NONE) emit_loop_end(v, v->nodes[n].loop);
        else emit_block(v, n);
    }
    if (!v->failed) cw_vector_emit_together(v);
    if (v->failed) return;
    LLVMSetCurrentDebugLocation2(v->builder, place);
    delete_scalar_body(v, last);
    cw_vector_finish_waits(v, begin);
    LLVMBuildBr(v->allocas, v->dispatch);
}
