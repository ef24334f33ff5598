/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand.h: constants that are computed from the address of a global variable, as instructions: for passes that put something in
 * the variable's place which only the running program knows.
 */
#ifndef CW_PASS_EXPAND_H
#define CW_PASS_EXPAND_H

#include <llvm-c/Core.h>
#include <stdbool.h>

struct cw_expansion {
    LLVMBuilderRef builder;
    /* True for a global variable that something else stands for. */
    bool (*is_replaced)(void *context, LLVMValueRef variable);
    /* What stands for it, at the builder's place: its address as a generic pointer. */
    LLVMValueRef (*address)(void *context, LLVMValueRef variable);
    void *context;
};

/* The address that the variable `slot` holds, which does not change while a kernel runs, at the builder's place. */
LLVMValueRef cw_expansion_load(const struct cw_expansion *expansion, LLVMValueRef slot, const char *name);
/* True if the constant `value` is or holds a variable that is replaced. */
bool cw_is_expanded(const struct cw_expansion *expansion, LLVMValueRef value);
/* The value of the constant `value`, with its type, at the builder's place. */
LLVMValueRef cw_expand(const struct cw_expansion *expansion, LLVMValueRef value);
/* Does so with every operand of an instruction; moves the builder. True if there was one. */
bool cw_expand_operands(const struct cw_expansion *expansion, LLVMValueRef instruction);

#endif
