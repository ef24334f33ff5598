/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h: the walk over a function's structured tree. uniform.c says what the statements of a function with barriers need, walk.c
 * writes them. */
#ifndef CW_TARGET_WGSL_WALK_H
#define CW_TARGET_WGSL_WALK_H

#include "pass/structure/llvm.h"
#include "target/wgsl/wgsl.h"

/* What is known of a statement of the tree. */
struct wgsl_statement {
    uint32_t begin, end; /* its place in the text and that behind it */
    bool operates;       /* a barrier is in it */
    bool sync;           /* or a jump out of a construct with one: the whole block walks through it */
    bool masked;         /* threads are in it, or leave it, one by one: a mask says which */
    bool divergent;      /* without a barrier: threads leave it one by one */
};

struct wgsl_walk {
    struct wgsl_function *f;
    const struct cw_function_flow *flow;
    const struct cw_tree *tree;
    uint32_t *paths; /* path variables: their names in the lines */
    /* uniform.c */
    bool synchronises;    /* the function has barriers */
    bool function_masked; /* threads end one by one */
    struct wgsl_statement *statements; /* by node of the tree */
    uint32_t *position;   /* by node of the graph: where its BLOCK stands */
    bool *varying;        /* by value */
    bool *variable_varies; /* by variable of the lines: of phis */
    bool *path_varies;    /* by path variable */
    /* walk.c */
    uint32_t mask;        /* variable of the lines: which threads are here; WGSL_NONE: all */
    struct wgsl_level *level;
    bool guarded;         /* "if (mask) {" is open */
};

/* Finds out the above. After all names are given. */
void wgsl_uniformity(struct wgsl_walk *walk);
bool wgsl_condition_varies(const struct wgsl_walk *walk, const struct cw_tree_node *node);
bool wgsl_instruction_varies(const struct wgsl_walk *walk, LLVMValueRef instruction);
/* True for calls that all threads of the block must make together: barriers, and warp collectives through workgroup memory. */
bool wgsl_synchronises(const struct wgsl_shader *shader, LLVMValueRef instruction);

/* walk.c: the lines of the function. */
void wgsl_walk_write(struct wgsl_walk *walk);

/* function.c */
void wgsl_write_instruction(struct wgsl_function *f, LLVMValueRef instruction);
/* The phis of `to` get their values; of a function with barriers only those that vary, or do not. */
enum wgsl_moves { WGSL_MOVES_ALL, WGSL_MOVES_VARYING, WGSL_MOVES_UNIFORM };
void wgsl_write_edge(struct wgsl_walk *walk, LLVMBasicBlockRef from, LLVMBasicBlockRef to, enum wgsl_moves which);

#endif
