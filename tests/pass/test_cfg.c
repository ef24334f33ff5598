/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_cfg.c: pass/cfg.c against definitions taken literally, on random graphs. Node a dominates b if b can't be reached
 * when a is removed. A natural loop of header h is h and every node that reaches a back edge into h without passing h.
 */
#include "pass/cfg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define NODES_MAX 24u

struct graph {
    uint32_t count;
    bool edge[NODES_MAX][NODES_MAX];
};

/* xorshift: the same graphs on every machine. */
static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Nothing may branch to the entry, as in LLVM. */
static void make_graph(struct graph *graph, uint32_t *state) {
    memset(graph, 0, sizeof *graph);
    graph->count = 1 + next_random(state) % NODES_MAX;
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t successors = next_random(state) % 4;
        for (uint32_t s = 0; s < successors && graph->count > 1; s++)
            graph->edge[i][1 + next_random(state) % (graph->count - 1)] = true;
    }
}

static LLVMValueRef make_function(LLVMModuleRef llvm, const struct graph *graph, LLVMBasicBlockRef *blocks) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context);
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(context), &i32, 1, 0);
    LLVMValueRef function = LLVMAddFunction(llvm, "f", type);
    for (uint32_t i = 0; i < graph->count; i++) blocks[i] = LLVMAppendBasicBlockInContext(context, function, "b");
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t first = graph->count;
        for (uint32_t j = graph->count; j-- > 0;)
            if (graph->edge[i][j]) first = j;
        LLVMPositionBuilderAtEnd(builder, blocks[i]);
        if (first == graph->count) {
            LLVMBuildRetVoid(builder);
            continue;
        }
        LLVMValueRef choice = LLVMBuildSwitch(builder, LLVMGetParam(function, 0), blocks[first], graph->count);
        for (uint32_t j = first + 1; j < graph->count; j++)
            if (graph->edge[i][j]) LLVMAddCase(choice, LLVMConstInt(i32, j, 0), blocks[j]);
    }
    LLVMDisposeBuilder(builder);
    return function;
}

/* Marks what `from` reaches, itself included, in the graph without the node `removed`. */
static void mark_reachable(const struct graph *graph, uint32_t from, uint32_t removed, bool *seen) {
    if (from == removed || seen[from]) return;
    seen[from] = true;
    for (uint32_t j = 0; j < graph->count; j++)
        if (graph->edge[from][j]) mark_reachable(graph, j, removed, seen);
}

static bool dominates(const struct graph *graph, uint32_t a, uint32_t b) {
    bool seen[NODES_MAX] = {false};
    mark_reachable(graph, 0, a, seen);
    return a == b || !seen[b];
}

/* True if node `n` is in the natural loop of `header`: it reaches some back edge's tail in the graph without the header. */
static bool in_loop(const struct graph *graph, uint32_t header, uint32_t n, const bool *reachable) {
    bool seen[NODES_MAX] = {false};
    if (n == header) return true;
    mark_reachable(graph, n, header, seen);
    for (uint32_t tail = 0; tail < graph->count; tail++)
        if (reachable[tail] && seen[tail] && graph->edge[tail][header] && dominates(graph, header, tail)) return true;
    return false;
}

static uint32_t find_loop(const struct cw_cfg *cfg, uint32_t header) {
    for (uint32_t l = 0; l < cfg->loop_count; l++)
        if (cfg->loops[l].header == header) return l;
    return CW_CFG_NONE;
}

static void check_dominators(const struct graph *graph, const struct cw_cfg *cfg, LLVMBasicBlockRef *blocks, const bool *reachable) {
    for (uint32_t a = 0; a < graph->count; a++) {
        uint32_t at = cw_cfg_index(cfg, blocks[a]);
        cr_assert_eq(at != CW_CFG_NONE, reachable[a]);
        if (!reachable[a]) continue;
        cr_assert_eq(cfg->blocks[at], blocks[a]);
        for (uint32_t b = 0; b < graph->count; b++)
            if (reachable[b]) cr_assert_eq(cw_cfg_dominates(cfg, at, cw_cfg_index(cfg, blocks[b])), dominates(graph, a, b));
    }
    for (uint32_t i = 1; i < cfg->count; i++) {
        uint32_t up = cfg->immediate_dominator[i];
        cr_assert_lt(up, i);
        for (uint32_t other = 0; other < cfg->count; other++)
            if (other != i && cw_cfg_dominates(cfg, other, i)) cr_assert(cw_cfg_dominates(cfg, other, up));
    }
}

static void check_loops(const struct graph *graph, const struct cw_cfg *cfg, LLVMBasicBlockRef *blocks, const bool *reachable) {
    for (uint32_t h = 0; h < graph->count; h++) {
        if (!reachable[h]) continue;
        uint32_t l = find_loop(cfg, cw_cfg_index(cfg, blocks[h]));
        bool is_header = false;
        for (uint32_t tail = 0; tail < graph->count; tail++)
            is_header |= reachable[tail] && graph->edge[tail][h] && dominates(graph, h, tail);
        cr_assert_eq(l != CW_CFG_NONE, is_header);
        if (!is_header) continue;
        uint32_t size = 0;
        for (uint32_t n = 0; n < graph->count; n++) {
            if (!reachable[n]) continue;
            bool expected = in_loop(graph, h, n, reachable);
            cr_assert_eq(cfg->loops[l].contains[cw_cfg_index(cfg, blocks[n])], expected);
            size += expected;
        }
        cr_assert_eq(cfg->loops[l].size, size);
    }
    for (uint32_t b = 0; b < cfg->count; b++) {
        uint32_t inner = cfg->innermost_loop[b];
        for (uint32_t l = 0; l < cfg->loop_count; l++)
            if (cfg->loops[l].contains[b]) cr_assert(inner != CW_CFG_NONE && cfg->loops[inner].size <= cfg->loops[l].size);
        if (inner != CW_CFG_NONE) cr_assert(cfg->loops[inner].contains[b]);
    }
    for (uint32_t l = 0; l < cfg->loop_count; l++) {
        uint32_t parent = cfg->loops[l].parent;
        if (parent != CW_CFG_NONE) cr_assert(cfg->loops[parent].contains[cfg->loops[l].header] && parent != l);
    }
}

Test(cfg, agrees_with_brute_force) {
    LLVMContextRef context = LLVMContextCreate();
    uint32_t state = 2463534242u;
    for (unsigned round = 0; round < 2000; round++) {
        struct graph graph;
        LLVMBasicBlockRef blocks[NODES_MAX];
        bool reachable[NODES_MAX] = {false};
        make_graph(&graph, &state);
        LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("graph", context);
        struct cw_cfg cfg;
        cw_cfg_build(&cfg, make_function(llvm, &graph, blocks));
        mark_reachable(&graph, 0, NODES_MAX, reachable);
        check_dominators(&graph, &cfg, blocks, reachable);
        check_loops(&graph, &cfg, blocks, reachable);
        cw_cfg_fini(&cfg);
        LLVMDisposeModule(llvm);
    }
    LLVMContextDispose(context);
}

/* A chain as long as big kernels have: no recursion by depth. */
Test(cfg, long_chain) {
    LLVMContextRef context = LLVMContextCreate();
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("chain", context);
    LLVMValueRef function = LLVMAddFunction(llvm, "f", LLVMFunctionType(LLVMVoidTypeInContext(context), NULL, 0, 0));
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(context, function, "b");
    for (unsigned i = 1; i < 20000; i++) {
        LLVMBasicBlockRef next = LLVMAppendBasicBlockInContext(context, function, "b");
        LLVMPositionBuilderAtEnd(builder, block);
        LLVMBuildBr(builder, next);
        block = next;
    }
    LLVMPositionBuilderAtEnd(builder, block);
    LLVMBuildRetVoid(builder);
    struct cw_cfg cfg;
    cw_cfg_build(&cfg, function);
    cr_assert_eq(cfg.count, 20000);
    cr_assert_eq(cfg.loop_count, 0);
    cr_assert_eq(cw_cfg_index(&cfg, block), 19999);
    cw_cfg_fini(&cfg);
    LLVMDisposeBuilder(builder);
    LLVMDisposeModule(llvm);
    LLVMContextDispose(context);
}
