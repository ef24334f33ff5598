/* SPDX-License-Identifier: Apache-2.0 */
/* llvm.c: see llvm.h. A block's number is found by bisection in a table by address. */
#include "pass/structure/llvm.h"

#include <stdlib.h>

#include "base/memory.h"

struct slot {
    LLVMBasicBlockRef block;
    uint32_t node;
};

static int compare_slots(const void *a, const void *b) {
    uintptr_t left = (uintptr_t)((const struct slot *)a)->block, right = (uintptr_t)((const struct slot *)b)->block;
    return (left > right) - (left < right);
}

static uint32_t find(const struct slot *slots, uint32_t count, LLVMBasicBlockRef block) {
    const struct slot key = {block, 0};
    const struct slot *slot = bsearch(&key, slots, count, sizeof *slots, compare_slots);
    return slot ? slot->node : CW_TREE_NONE;
}

static void add_targets(struct cw_flow_node *node, LLVMBasicBlockRef block, const struct slot *slots, uint32_t count) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(block);
    LLVMValueRef first = LLVMGetFirstInstruction(block);
    node->phis = first && LLVMIsAPHINode(first);
    node->is_switch = LLVMIsASwitchInst(end) != NULL;
    node->count = LLVMGetNumSuccessors(end);
    node->targets = cw_alloc_array(node->count + 1u, sizeof *node->targets);
    for (uint32_t i = 0; i < node->count; i++) {
        node->targets[i] = find(slots, count, LLVMGetSuccessor(end, i));
    }
}

void cw_function_flow_build(struct cw_function_flow *flow, LLVMValueRef function) {
    uint32_t count = LLVMCountBasicBlocks(function);
    *flow = (struct cw_function_flow){.flow = {.count = count}};
    flow->blocks = cw_alloc_array(count, sizeof(LLVMBasicBlockRef));
    flow->flow.nodes = cw_alloc_array(count, sizeof *flow->flow.nodes);
    LLVMGetBasicBlocks(function, flow->blocks);
    struct slot *slots = cw_alloc_array(count, sizeof *slots);
    for (uint32_t i = 0; i < count; i++) {
        slots[i] = (struct slot){flow->blocks[i], i};
    }
    qsort(slots, count, sizeof *slots, compare_slots);
    for (uint32_t i = 0; i < count; i++) {
        add_targets(&flow->flow.nodes[i], flow->blocks[i], slots, count);
    }
    flow->index = slots;
}

void cw_function_flow_fini(struct cw_function_flow *flow) {
    cw_flow_fini(&flow->flow);
    free(flow->blocks);
    free(flow->index);
    *flow = (struct cw_function_flow){0};
}

uint32_t cw_function_flow_node(const struct cw_function_flow *flow, LLVMBasicBlockRef block) {
    return find(flow->index, flow->flow.count, block);
}

LLVMBasicBlockRef cw_function_flow_target(const struct cw_function_flow *flow, uint32_t node, uint32_t edge) {
    return flow->blocks[flow->flow.nodes[node].targets[edge]];
}
