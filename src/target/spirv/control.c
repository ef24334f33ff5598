/* SPDX-License-Identifier: Apache-2.0 */
/* control.c: the tree as SPIR-V's structured control flow (SPIR-V Specification, section 2.11). A ONCE is a switch with a
 * default alone: what leaves a switch may leave selections inside of it, and a continue may leave the switch. */
#include <stdlib.h>
#include <string.h>

#include "pass/cfg.h"
#include "target/shader/shader.h"
#include "target/spirv/spirv.h"

static void emit_list(struct spv_module *module, uint32_t list);

static struct cw_tree_node *at(struct spv_module *module, uint32_t index) {
    return &module->tree.nodes[index];
}

void spv_open(struct spv_module *module, uint32_t label) {
    SPV_EMIT(&module->body, SPV_Label, label);
    module->current = label;
}

static void branch(struct spv_module *module, uint32_t label) {
    if (module->current) {
        SPV_EMIT(&module->body, SPV_Branch, label);
        module->current = 0;
    }
}

/* Opens the block behind a construct; where nothing gets there it ends at once. */
static void open_merge(struct spv_module *module, uint32_t label, bool reached) {
    spv_open(module, label);
    if (!reached) {
        spv_word(&module->body, 1u << 16 | SPV_Unreachable);
        module->current = 0;
    }
}

/* ---- Leaves --------------------------------------------------------------------------------------------------- */

static void emit_block(struct spv_module *module, uint32_t node) {
    module->current_node = node;
    for (LLVMValueRef i = LLVMGetFirstInstruction(module->flow.blocks[node]); i; i = LLVMGetNextInstruction(i)) {
        if (!LLVMIsAPHINode(i)) {
            if (!LLVMIsATerminatorInst(i)) {
                spv_emit_instruction(module, i);
            }
            continue;
        }
        const struct spv_value *place = spv_place(module, i);
        uint32_t *ids = cw_alloc_array(place->count + 1u, sizeof *ids);
        for (uint32_t c = 0; c < place->count; c++) {
            uint32_t type = spv_scalar_type(module, spv_component_type(module, LLVMTypeOf(i), c));
            ids[c] = SPV_RESULT(module, SPV_Load, type, module->components.items[place->first + c]);
        }
        spv_define(module, i, ids, place->count);
        free(ids);
    }
}

/* All values are read before any phi is written. */
static void emit_edge(struct spv_module *module, uint32_t node, uint32_t edge) {
    LLVMBasicBlockRef from = module->flow.blocks[node], to = cw_function_flow_target(&module->flow, node, edge);
    struct spv_words values = {0}, targets = {0};
    module->current_node = node;
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        const struct spv_value *place = spv_place(module, phi);
        unsigned entry = 0;
        while (LLVMGetIncomingBlock(phi, entry) != from) {
            entry++;
        }
        LLVMValueRef value = LLVMGetIncomingValue(phi, entry);
        if (value == phi || LLVMIsUndef(value)) {
            continue;
        }
        uint32_t first = place->first, count = place->count;
        for (uint32_t c = 0; c < count; c++) {
            spv_word(&values, spv_component(module, value, c));
            spv_word(&targets, module->components.items[first + c]);
        }
    }
    for (size_t i = 0; i < values.count; i++) {
        SPV_EMIT(&module->body, SPV_Store, targets.items[i], values.items[i]);
    }
    free(values.items);
    free(targets.items);
}

/* ---- Constructs ----------------------------------------------------------------------------------------------- */

static uint32_t path_value(struct spv_module *module, uint32_t variable) {
    return SPV_RESULT(module, SPV_Load, spv_int(module, 32), module->path_variables[variable]);
}

static uint32_t test(struct spv_module *module, const struct cw_tree_node *node) {
    if (node->node == CW_TREE_NONE) {
        uint32_t number = spv_constant(module, 32, node->value);
        return SPV_RESULT(module, SPV_IEqual, spv_bool(module), path_value(module, node->variable), number);
    }
    module->current_node = node->node;
    return spv_use(module, LLVMGetCondition(LLVMGetBasicBlockTerminator(module->flow.blocks[node->node])));
}

static void emit_if(struct spv_module *module, uint32_t index) {
    struct cw_tree_node node = *at(module, index);
    uint32_t condition = test(module, &node);
    uint32_t merge = spv_id(module);
    uint32_t then = node.then == CW_TREE_NONE ? merge : spv_id(module);
    uint32_t otherwise = node.otherwise == CW_TREE_NONE ? merge : spv_id(module);
    bool reached = then == merge || otherwise == merge;
    SPV_EMIT(&module->body, SPV_SelectionMerge, merge, 0);
    SPV_EMIT(&module->body, SPV_BranchConditional, condition, node.negate ? otherwise : then, node.negate ? then : otherwise);
    module->current = 0;
    if (then != merge) {
        spv_open(module, then);
        emit_list(module, node.then);
        reached |= module->current != 0;
        branch(module, merge);
    }
    if (otherwise != merge) {
        spv_open(module, otherwise);
        emit_list(module, node.otherwise);
        reached |= module->current != 0;
        branch(module, merge);
    }
    open_merge(module, merge, reached);
}

static void emit_loop(struct spv_module *module, uint32_t index) {
    uint32_t header = spv_id(module), body = spv_id(module);
    struct spv_frame frame = {.outer = module->frame, .kind = CW_TREE_LOOP, .merge = spv_id(module), .next = spv_id(module)};
    branch(module, header);
    spv_open(module, header);
    SPV_EMIT(&module->body, SPV_LoopMerge, frame.merge, frame.next, 0);
    branch(module, body);
    spv_open(module, body);
    module->frame = &frame;
    emit_list(module, at(module, index)->then);
    module->frame = frame.outer;
    branch(module, frame.next);
    spv_open(module, frame.next);
    branch(module, header);
    open_merge(module, frame.merge, frame.merged);
}

static void emit_once(struct spv_module *module, uint32_t index) {
    uint32_t body = spv_id(module);
    struct spv_frame frame = {.outer = module->frame, .kind = CW_TREE_ONCE, .merge = spv_id(module)};
    SPV_EMIT(&module->body, SPV_SelectionMerge, frame.merge, 0);
    SPV_EMIT(&module->body, SPV_Switch, spv_constant(module, 32, 0), body);
    module->current = 0;
    spv_open(module, body);
    module->frame = &frame;
    emit_list(module, at(module, index)->then);
    module->frame = frame.outer;
    frame.merged |= module->current != 0;
    branch(module, frame.merge);
    open_merge(module, frame.merge, frame.merged);
}

/* Appends `label` for each edge of the case but the default. */
static void add_literals(struct spv_module *module, struct spv_words *operands, const struct cw_tree_node *node,
                         const struct cw_tree_node *one, uint32_t label, bool wide) {
    for (uint32_t i = 0; i < one->edge_count; i++) {
        uint32_t edge = module->tree.edges[one->edge_first + i];
        uint64_t value = edge;
        if (node->node != CW_TREE_NONE) {
            if (edge == 0) {
                continue;
            }
            LLVMValueRef end = LLVMGetBasicBlockTerminator(module->flow.blocks[node->node]);
            LLVMValueRef constant = LLVMGetSwitchCaseValue(end, edge);
            unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(constant));
            value = LLVMConstIntGetZExtValue(constant);
            value = bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
        }
        spv_word(operands, (uint32_t)value);
        if (wide) {
            spv_word(operands, (uint32_t)(value >> 32));
        }
        spv_word(operands, label);
    }
}

static uint32_t switch_value(struct spv_module *module, const struct cw_tree_node *node, bool *wide) {
    *wide = false;
    if (node->node == CW_TREE_NONE) {
        return path_value(module, node->variable);
    }
    module->current_node = node->node;
    LLVMValueRef value = LLVMGetOperand(LLVMGetBasicBlockTerminator(module->flow.blocks[node->node]), 0);
    unsigned bits = spv_bits(module, LLVMTypeOf(value));
    uint32_t id = spv_use(module, value);
    *wide = bits == 64;
    if (bits == 1) {
        return SPV_RESULT(module, SPV_Select, spv_int(module, 32), id, spv_constant(module, 32, 1), spv_constant(module, 32, 0));
    }
    return bits < 32 ? spv_resize(module, id, bits, 32, false) : id;
}

static void emit_switch(struct spv_module *module, uint32_t index) {
    struct cw_tree_node node = *at(module, index);
    struct spv_frame frame = {.outer = module->frame, .kind = CW_TREE_SWITCH, .merge = spv_id(module)};
    struct spv_words operands = {0}, labels = {0};
    bool wide;
    spv_word(&operands, switch_value(module, &node, &wide));
    spv_word(&operands, 0); /* the default's label */
    for (uint32_t one = node.then; one != CW_TREE_NONE; one = at(module, one)->next) {
        uint32_t label = spv_id(module);
        spv_word(&labels, label);
        if (one == node.then) {
            operands.items[1] = label;
        }
        add_literals(module, &operands, &node, at(module, one), label, wide);
    }
    SPV_EMIT(&module->body, SPV_SelectionMerge, frame.merge, 0);
    spv_emit(&module->body, SPV_Switch, operands.items, (uint32_t)operands.count);
    module->current = 0;
    module->frame = &frame;
    size_t next = 0;
    for (uint32_t one = node.then; one != CW_TREE_NONE; one = at(module, one)->next) {
        spv_open(module, labels.items[next++]);
        emit_list(module, at(module, one)->then);
        frame.merged |= module->current != 0;
        branch(module, frame.merge);
    }
    module->frame = frame.outer;
    open_merge(module, frame.merge, frame.merged);
    free(operands.items);
    free(labels.items);
}

static struct spv_frame *innermost_loop(struct spv_frame *frame) {
    while (frame->kind != CW_TREE_LOOP) {
        frame = frame->outer;
    }
    return frame;
}

static void emit_leaving(struct spv_module *module, enum cw_tree_kind kind) {
    struct spv_frame *frame = kind == CW_TREE_BREAK ? module->frame : innermost_loop(module->frame);
    if (kind != CW_TREE_CONTINUE) {
        frame->merged = true;
    }
    branch(module, kind == CW_TREE_CONTINUE ? frame->next : frame->merge);
}

static void emit_statement(struct spv_module *module, uint32_t index) {
    const struct cw_tree_node *node = at(module, index);
    switch (node->kind) {
    case CW_TREE_BLOCK: emit_block(module, node->node); return;
    case CW_TREE_EDGE: emit_edge(module, node->node, node->edge); return;
    case CW_TREE_SET:
        SPV_EMIT(&module->body, SPV_Store, module->path_variables[node->variable], spv_constant(module, 32, node->value));
        return;
    case CW_TREE_IF: emit_if(module, index); return;
    case CW_TREE_SWITCH: emit_switch(module, index); return;
    case CW_TREE_LOOP: emit_loop(module, index); return;
    case CW_TREE_ONCE: emit_once(module, index); return;
    case CW_TREE_RETURN:
        spv_word(&module->body, 1u << 16 | SPV_Return);
        module->current = 0;
        return;
    default: emit_leaving(module, node->kind); return;
    }
}

static void emit_list(struct spv_module *module, uint32_t list) {
    for (; list != CW_TREE_NONE && module->current; list = at(module, list)->next) {
        emit_statement(module, list);
    }
}

/* ---- Locks ---------------------------------------------------------------------------------------------------- */

/* True if `value` decides a branch that leaves the loop or goes round. */
static bool decides(const struct cw_cfg *cfg, const struct cw_loop *loop, LLVMValueRef value) {
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsAExtractValueInst(user) || LLVMIsAICmpInst(user)) {
            if (decides(cfg, loop, user)) {
                return true;
            }
            continue;
        }
        uint32_t block = LLVMIsABranchInst(user) ? cw_cfg_index(cfg, LLVMGetInstructionParent(user)) : CW_CFG_NONE;
        for (unsigned s = 0; block != CW_CFG_NONE && loop->contains[block] && s < LLVMGetNumSuccessors(user); s++) {
            uint32_t next = cw_cfg_index(cfg, LLVMGetSuccessor(user, s));
            if (next == loop->header || !loop->contains[next]) {
                return true;
            }
        }
    }
    return false;
}

/* True if something else than compare-and-exchange stores what others may wait for at the same address. */
static bool is_released(LLVMValueRef pointer) {
    for (LLVMUseRef use = LLVMIsAInstruction(pointer) ? LLVMGetFirstUse(pointer) : NULL; use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        bool exchanges = LLVMIsAAtomicRMWInst(user) && LLVMGetAtomicRMWBinOp(user) == LLVMAtomicRMWBinOpXchg;
        if (exchanges || (LLVMIsAStoreInst(user) && LLVMGetVolatile(user) && LLVMGetOperand(user, 1) == pointer)) {
            return true;
        }
    }
    return false;
}

/* An exchange of numbers that are known, or of a word that is given back otherwise: a lock, not an update by
 * compare-and-exchange. */
static bool is_lock(LLVMValueRef i) {
    if (LLVMIsAAtomicCmpXchgInst(i)) {
        bool known = LLVMIsAConstantInt(LLVMGetOperand(i, 1)) && LLVMIsAConstantInt(LLVMGetOperand(i, 2));
        return known || is_released(LLVMGetOperand(i, 0));
    }
    return LLVMIsAAtomicRMWInst(i) && LLVMGetAtomicRMWBinOp(i) == LLVMAtomicRMWBinOpXchg && LLVMIsAConstantInt(LLVMGetOperand(i, 1));
}

/* Vulkan promises no progress to lanes that wait for other lanes of their warp: on an H200 a lock hung. */
static void refuse_locks(struct spv_module *module) {
    struct cw_cfg cfg;
    cw_cfg_build(&cfg, module->function);
    for (uint32_t b = 0; b < cfg.count; b++) {
        uint32_t loop = cfg.innermost_loop[b];
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg.blocks[b]); i && loop != CW_CFG_NONE; i = LLVMGetNextInstruction(i)) {
            if (is_lock(i) && decides(&cfg, &cfg.loops[loop], i)) {
                spv_refuse(module, i, "a lock that threads wait for, since Vulkan promises no progress to lanes of one warp");
            }
        }
    }
    cw_cfg_fini(&cfg);
}

enum { MASK_DEPTH = 6 };

/* True if the mask is made of what a collective gave in a loop that is not around `here`. */
static bool is_of_other_loop(const struct cw_cfg *cfg, LLVMValueRef mask, uint32_t here, int depth) {
    if (depth == 0 || !LLVMIsAInstruction(mask)) {
        return false;
    }
    if (LLVMIsACallInst(mask)) {
        uint32_t block = cw_cfg_index(cfg, LLVMGetInstructionParent(mask)), loop = block == CW_CFG_NONE ? CW_CFG_NONE : cfg->innermost_loop[block];
        return cw_called_intrinsic(mask) == CW_INTRINSIC_VOTE_BALLOT && loop != CW_CFG_NONE && !cfg->loops[loop].contains[here];
    }
    if (LLVMIsALoadInst(mask)) {
        return false;
    }
    for (int k = 0; k < LLVMGetNumOperands(mask); k++) {
        if (is_of_other_loop(cfg, LLVMGetOperand(mask, (unsigned)k), here, depth - 1)) {
            return true;
        }
    }
    return false;
}

/* Lanes that have left one loop for another, and are joined there with those that are still in the first: subgroup operations join only lanes
 * that are at the same place. */
static void refuse_joined_loops(struct spv_module *module) {
    struct cw_cfg cfg;
    cw_cfg_build(&cfg, module->function);
    for (uint32_t b = 0; b < cfg.count; b++) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg.blocks[b]); i && cfg.innermost_loop[b] != CW_CFG_NONE; i = LLVMGetNextInstruction(i)) {
            bool vote = LLVMIsACallInst(i) && cw_called_intrinsic(i) == CW_INTRINSIC_VOTE_BALLOT;
            if (vote && is_of_other_loop(&cfg, LLVMGetOperand(i, 0), b, MASK_DEPTH)) {
                spv_refuse(module, i, "a collective that joins lanes of two loops");
            }
        }
    }
    cw_cfg_fini(&cfg);
}

uint32_t spv_emit_function(struct spv_module *module) {
    uint32_t type = spv_id(module), id = spv_id(module), nothing = spv_void(module);
    SPV_EMIT(&module->types, SPV_TypeFunction, type, nothing);
    struct cw_structure_options options = {.break_loop = true};
    refuse_locks(module);
    LLVMValueRef lockstep = cw_shader_find_lockstep(module->function);
    if (lockstep) spv_refuse(module, lockstep, CW_SHADER_LOCKSTEP);
    refuse_joined_loops(module);
    spv_refuse_partial_collectives(module);
    cw_function_flow_build(&module->flow, module->function);
    cw_structure(&module->tree, &module->flow.flow, &options);
    module->path_variables = cw_alloc_array(module->tree.variable_count + 1u, sizeof *module->path_variables);
    for (uint32_t i = 0; i < module->tree.variable_count; i++) {
        module->path_variables[i] = spv_function_variable(module, spv_int(module, 32));
    }
    spv_make_regions(module);
    spv_make_places(module);
    /* The body first, since it finds out which variables there are. */
    uint32_t start = spv_id(module);
    module->current = start;
    spv_begin_warps(module);
    emit_list(module, module->tree.root);
    if (module->current) {
        spv_word(&module->body, 1u << 16 | SPV_Return);
    }
    spv_word(&module->body, 1u << 16 | SPV_FunctionEnd);
    struct spv_words whole = {0};
    SPV_EMIT(&whole, SPV_Function, nothing, id, 0, type);
    SPV_EMIT(&whole, SPV_Label, start);
    for (size_t i = 0; i < module->variables.count; i++) {
        spv_word(&whole, module->variables.items[i]);
    }
    for (size_t i = 0; i < module->body.count; i++) {
        spv_word(&whole, module->body.items[i]);
    }
    free(module->body.items);
    module->body = whole;
    return id;
}
