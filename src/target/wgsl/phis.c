/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phis.c: which phis share a variable. A sum that two nested loops carry is two phis, each the other's incoming value; as
 * long as neither is needed while the other has another value they are one variable, as they were in the source. That is so if
 * neither is live where the other is made (classical copy coalescing; Briggs, Cooper, Simpson, 1998).
 */
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/wgsl.h"

struct search {
    struct wgsl_function *f;
    bool *used;    /* by block: the value is needed in it, or at its end, before it could be made again */
    bool *visited;
};

/* Marks the blocks in which a value is read, also by expressions that are written elsewhere than they are computed. */
static void mark_uses(struct search *s, LLVMValueRef value, unsigned depth) {
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        const struct wgsl_value *info = wgsl_value_of(s->f, user);
        if (LLVMIsAPHINode(user)) {
            for (unsigned k = 0; k < LLVMCountIncoming(user); k++) {
                uint32_t block = cw_cfg_index(&s->f->cfg, LLVMGetIncomingBlock(user, k));
                if (LLVMGetIncomingValue(user, k) == value && block != CW_CFG_NONE) s->used[block] = true;
            }
            continue;
        }
        uint32_t block = cw_cfg_index(&s->f->cfg, LLVMGetInstructionParent(user));
        if (block != CW_CFG_NONE) s->used[block] = true;
        if (info && info->folded && depth < 64) mark_uses(s, user, depth + 1);
    }
}

static bool reaches_use(struct search *s, uint32_t block, uint32_t made_in) {
    if (s->used[block]) return true;
    LLVMValueRef end = LLVMGetBasicBlockTerminator(s->f->cfg.blocks[block]);
    for (unsigned k = 0; k < LLVMGetNumSuccessors(end); k++) {
        uint32_t next = cw_cfg_index(&s->f->cfg, LLVMGetSuccessor(end, k));
        if (next == CW_CFG_NONE || next == made_in || s->visited[next]) continue;
        s->visited[next] = true;
        if (reaches_use(s, next, made_in)) return true;
    }
    return false;
}

/* True if phi `value` is needed at or behind the place where phis of `block` are made. */
static bool live_at(struct wgsl_function *f, LLVMValueRef value, LLVMBasicBlockRef block) {
    struct search s = {f, cw_alloc_array(f->cfg.count, sizeof(bool)), cw_alloc_array(f->cfg.count, sizeof(bool))};
    uint32_t made_in = cw_cfg_index(&f->cfg, LLVMGetInstructionParent(value)), at = cw_cfg_index(&f->cfg, block);
    mark_uses(&s, value, 0);
    s.visited[at] = true;
    bool live = at == made_in || reaches_use(&s, at, made_in);
    free(s.used);
    free(s.visited);
    return live;
}

static bool interfere(struct wgsl_function *f, LLVMValueRef a, LLVMValueRef b) {
    LLVMBasicBlockRef block_a = LLVMGetInstructionParent(a), block_b = LLVMGetInstructionParent(b);
    return block_a == block_b || live_at(f, a, block_b) || live_at(f, b, block_a);
}

/* Phis `a` and `b` get one variable if no two phis of the two groups interfere. */
static void merge(struct wgsl_function *f, uint32_t a, uint32_t b) {
    uint32_t keep = f->values[a].variable, drop = f->values[b].variable;
    if (keep == drop || f->values[a].type != f->values[b].type) return;
    for (size_t x = 0; x < f->value_count; x++) {
        if (f->values[x].variable != keep || !LLVMIsAPHINode(f->values[x].value)) continue;
        for (size_t y = 0; y < f->value_count; y++)
            if (f->values[y].variable == drop && LLVMIsAPHINode(f->values[y].value) && interfere(f, f->values[x].value, f->values[y].value)) return;
    }
    /* The shorter name is the one without a number. */
    struct wgsl_variable *variables = f->lines.variables;
    if (strlen(variables[drop].name) < strlen(variables[keep].name)) {
        const char *name = variables[keep].name;
        variables[keep].name = variables[drop].name;
        variables[drop].name = name;
    }
    for (size_t y = 0; y < f->value_count; y++)
        if (f->values[y].variable == drop) f->values[y].variable = keep;
}

void wgsl_merge_phis(struct wgsl_function *f) {
    /* Quadratic: large functions are read by no one. */
    if (f->cfg.count > 400) return;
    for (uint32_t v = 0; v < f->value_count; v++) {
        LLVMValueRef phi = f->values[v].value;
        if (!LLVMIsAPHINode(phi) || f->values[v].variable == WGSL_NONE) continue;
        if (LLVMGetTypeKind(LLVMTypeOf(phi)) == LLVMPointerTypeKind) continue; /* each may be relative to another object */
        for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
            LLVMValueRef other = LLVMGetIncomingValue(phi, k);
            uint32_t o = wgsl_map_get(&f->index, other);
            if (o != WGSL_NONE && LLVMIsAPHINode(other) && other != phi && f->values[o].variable != WGSL_NONE) merge(f, o, v);
        }
    }
}
