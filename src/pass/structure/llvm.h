/* SPDX-License-Identifier: Apache-2.0 */
/* llvm.h: the structuriser's graph of an LLVM function. Node i stands for blocks[i]. */
#ifndef CW_PASS_STRUCTURE_LLVM_H
#define CW_PASS_STRUCTURE_LLVM_H

#include <llvm-c/Core.h>

#include "pass/structure/structure.h"

struct cw_function_flow {
    struct cw_flow flow;
    LLVMBasicBlockRef *blocks; /* in the function's order; [0] is the entry */
    void *index;               /* llvm.c: blocks by address */
};

/* Terminators are ret, unreachable, br and switch. The caller ends with cw_function_flow_fini. */
void cw_function_flow_build(struct cw_function_flow *flow, LLVMValueRef function);
void cw_function_flow_fini(struct cw_function_flow *flow);
/* The node of a block of the function. */
uint32_t cw_function_flow_node(const struct cw_function_flow *flow, LLVMBasicBlockRef block);
/* The block that edge `edge` of node `node` leads to. */
LLVMBasicBlockRef cw_function_flow_target(const struct cw_function_flow *flow, uint32_t node, uint32_t edge);

#endif
