/* SPDX-License-Identifier: Apache-2.0 */
/*
 * together.c: loops in a second form, for as long as all lanes of all parts stay together. No masks are kept there: a branch that
 * may send lanes different ways is a branch on whether they all go one way, and when they don't, the loop goes on in its first
 * form, from that very branch. Since values lie in slots, nothing has to be carried over but masks. Lanes that meet
 * again at the loop's header come back. It is the "boscc" idea, branches on superword condition codes (Shin, Hall, Chame,
 * "Introducing Control Flow into Vectorized Code", PACT 2007), for whole loops.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define INSTRUCTIONS_MAX 160u
#define UNWRAPPED_MAX 4u

static bool is_innermost(const struct cw_vector *v, uint32_t loop) {
    for (uint32_t l = 0; l < v->cfg.loop_count; l++)
        if (v->cfg.loops[l].parent == loop) return false;
    return true;
}

static bool pays(struct cw_vector *v, uint32_t loop) {
    unsigned count = 0;
    bool masks = v->plan->form != CW_VECTOR_ROWS;
    if (!is_innermost(v, loop)) return false;
    for (uint32_t b = 0; b < v->cfg.count; b++) {
        if (!v->cfg.loops[loop].contains[b]) continue;
        if (cw_vector_waits_in(v, v->cfg.blocks[b])) return false;
        masks |= v->blocks[b].divergent;
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
            if (opcode == LLVMAlloca || (opcode == LLVMCall && cw_vector_has_effects(i))) return false;
            count++;
        }
    }
    return masks && count <= INSTRUCTIONS_MAX;
}

/* Whether lanes wrap around decides whether they are neighbours in memory. In the second form that is tested where the header is
 * entered, for numbers of which the source doesn't tell. */
static void choose_unwrapped(struct cw_vector *v, uint32_t loop) {
    unsigned count = 0;
    LLVMValueRef *list = v->loops[loop].unwrapped = cw_alloc_array(UNWRAPPED_MAX + 1, sizeof *list);
    LLVMValueRef phi = LLVMGetFirstInstruction(v->cfg.blocks[v->cfg.loops[loop].header]);
    for (; phi && LLVMIsAPHINode(phi) && count < UNWRAPPED_MAX; phi = LLVMGetNextInstruction(phi)) {
        struct cw_shape shape = cw_vector_shape(v, phi);
        if (LLVMGetTypeKind(LLVMTypeOf(phi)) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(LLVMTypeOf(phi)) >= 64) continue;
        uint64_t span = (uint64_t)shape.stride * (v->plan->lanes - 1);
        bool fits = shape.stride > 0 && shape.stride < 1 << 16 && !(span >> (LLVMGetIntTypeWidth(LLVMTypeOf(phi)) - 1));
        if (shape.kind == CW_SHAPE_STRIDED && !shape.exact_signed && fits) list[count++] = phi;
    }
}

bool cw_vector_is_unwrapped(struct cw_vector *v, LLVMValueRef old) {
    if (v->together == CW_CFG_NONE) return false;
    for (LLVMValueRef *phi = v->loops[v->together].unwrapped; *phi; phi++)
        if (*phi == old) return true;
    return false;
}

void cw_vector_choose_together(struct cw_vector *v) {
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) {
        if (!pays(v, l)) continue;
        v->loops[l].gate = cw_vector_append(v, "gate");
        choose_unwrapped(v, l);
        for (uint32_t b = 0; b < v->cfg.count; b++) {
            if (!v->cfg.loops[l].contains[b]) continue;
            v->blocks[b].together = cw_vector_append(v, "together");
            v->blocks[b].rest = cw_vector_append(v, "rest");
        }
    }
}

/* ---- Whether all lanes go one way ---- */

static LLVMValueRef saturating_sub(struct cw_vector *v, LLVMValueRef number, uint64_t less, bool is_signed) {
    LLVMTypeRef type = LLVMTypeOf(number);
    LLVMValueRef arguments[2] = {number, LLVMConstInt(type, less, 0)};
    return cw_vector_call_llvm(v, is_signed ? "llvm.ssub.sat" : "llvm.usub.sat", &type, 1, arguments, 2);
}

/* Of a condition that says "below a bound" of all lanes when it holds for the last one: base + lane * stride < bound. */
struct below {
    LLVMValueRef number, bound;
    uint64_t span; /* from the first lane to the last */
    bool is_signed;
};

static bool is_below(struct cw_vector *v, LLVMValueRef condition, bool side, struct below *below) {
    if (!LLVMIsAICmpInst(condition)) return false;
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(condition);
    *below = (struct below){.number = LLVMGetOperand(condition, 0), .bound = LLVMGetOperand(condition, 1)};
    LLVMTypeRef type = LLVMTypeOf(below->number);
    struct cw_shape shape = cw_vector_shape(v, below->number);
    if (shape.kind != CW_SHAPE_STRIDED || shape.stride <= 0 || shape.stride >= 1 << 16 || !cw_is_uniform(v, below->bound)) return false;
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) > 64) return false;
    below->span = (uint64_t)shape.stride * (v->plan->lanes - 1);
    below->is_signed = predicate == (side ? LLVMIntSLT : LLVMIntSGE);
    if (!below->is_signed && predicate != (side ? LLVMIntULT : LLVMIntUGE)) return false;
    return !(below->span >> (LLVMGetIntTypeWidth(type) - 1));
}

/* That it holds for every lane of this part without wrapping, as one comparison of scalars: base < bound - span. Sufficient, not
 * necessary: where it fails, masks will tell. */
static LLVMValueRef all_below(struct cw_vector *v, const struct below *below) {
    LLVMValueRef limit = saturating_sub(v, cw_vector_scalar(v, below->bound), below->span, below->is_signed);
    return LLVMBuildICmp(v->builder, below->is_signed ? LLVMIntSLT : LLVMIntULT, cw_vector_scalar(v, below->number), limit, "");
}

/* True at run time if all lanes of all parts take the branch's first target (`side`) or the second one. */
static LLVMValueRef all_take(struct cw_vector *v, LLVMValueRef condition, bool side) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef scalars = NULL, vectors = NULL;
    struct below below;
    bool as_scalars = is_below(v, condition, side, &below);
    for (unsigned part = 0; part < cw_vector_parts_of(v, condition); part++) {
        cw_vector_set_part(v, part);
        if (as_scalars) {
            LLVMValueRef holds = all_below(v, &below);
            scalars = scalars ? LLVMBuildAnd(b, scalars, holds, "") : holds;
            continue;
        }
        LLVMValueRef lanes = cw_vector_wide(v, condition);
        if (!vectors) vectors = lanes;
        else vectors = side ? LLVMBuildAnd(b, vectors, lanes, "") : LLVMBuildOr(b, vectors, lanes, "");
    }
    cw_vector_set_part(v, 0);
    if (!vectors) return scalars;
    LLVMValueRef bits = cw_vector_bits(v, vectors);
    LLVMValueRef wanted = side ? LLVMConstAllOnes(LLVMTypeOf(bits)) : LLVMConstNull(LLVMTypeOf(bits));
    return LLVMBuildICmp(b, LLVMIntEQ, bits, wanted, "");
}

static LLVMValueRef both(struct cw_vector *v, LLVMValueRef a, LLVMValueRef b) {
    return a && b ? LLVMBuildAnd(v->builder, a, b, "") : a ? a : b;
}

/* base <= largest - span: the lanes of the phi's value of this part don't wrap around. */
static LLVMValueRef no_wrap(struct cw_vector *v, LLVMValueRef phi, LLVMValueRef base) {
    LLVMTypeRef type = LLVMTypeOf(base);
    uint64_t largest = ((uint64_t)1 << (LLVMGetIntTypeWidth(type) - 1)) - 1;
    uint64_t span = (uint64_t)cw_vector_shape(v, phi).stride * (v->plan->lanes - 1);
    return LLVMBuildICmp(v->builder, LLVMIntSLE, base, LLVMConstInt(type, largest - span, 0), "");
}

static LLVMValueRef incoming_from(struct cw_vector *v, LLVMValueRef phi, uint32_t block) {
    for (unsigned k = 0; k < LLVMCountIncoming(phi); k++)
        if (LLVMGetIncomingBlock(phi, k) == v->cfg.blocks[block]) return LLVMGetIncomingValue(phi, k);
    return NULL;
}

/* What must hold for the header's numbers when it is entered from `block` again; NULL: nothing. `below`: a number that is known to
 * stay below a bound in all lanes without wrapping, or NULL. */
static LLVMValueRef enters_unwrapped(struct cw_vector *v, uint32_t loop, uint32_t block, LLVMValueRef below) {
    LLVMValueRef holds = NULL;
    for (LLVMValueRef *phi = v->loops[loop].unwrapped; *phi; phi++) {
        LLVMValueRef next = incoming_from(v, *phi, block);
        for (unsigned part = 0; part < cw_vector_parts_of(v, *phi) && next != below; part++) {
            cw_vector_set_part(v, part);
            holds = both(v, holds, no_wrap(v, *phi, cw_vector_scalar(v, next)));
        }
    }
    cw_vector_set_part(v, 0);
    return holds;
}

/* ---- The second form ---- */

/* Goes on in the loop's first form, at the end of `block`, with all lanes on there and none anywhere else. */
static void go_apart(struct cw_vector *v, uint32_t loop, uint32_t block) {
    cw_vector_forget_lanes(v, loop);
    for (unsigned part = 0; part < v->parts && v->blocks[block].mask_slot[0]; part++)
        LLVMBuildStore(v->builder, cw_vector_all_ones(v), v->blocks[block].mask_slot[part]);
    LLVMBuildBr(v->builder, v->blocks[block].rest);
}

static void go_on(struct cw_vector *v, uint32_t loop, uint32_t block, uint32_t to) {
    if (!v->cfg.loops[loop].contains[to]) {
        go_apart(v, loop, block);
        return;
    }
    LLVMValueRef holds = to == v->cfg.loops[loop].header ? enters_unwrapped(v, loop, block, NULL) : NULL;
    if (holds) {
        LLVMBasicBlockRef yes = cw_vector_append(v, "unwrapped"), no = cw_vector_append(v, "wrapped");
        LLVMBuildCondBr(v->builder, holds, yes, no);
        LLVMPositionBuilderAtEnd(v->builder, no);
        v->epoch++;
        go_apart(v, loop, block);
        LLVMPositionBuilderAtEnd(v->builder, yes);
        v->epoch++;
    }
    cw_vector_pass_values(v, block, to, NULL);
    LLVMBuildBr(v->builder, v->blocks[to].together);
}

/* Tries the sides that stay in the loop one after the other. */
static void go_one_way(struct cw_vector *v, uint32_t loop, uint32_t block, LLVMValueRef condition, const uint32_t targets[2]) {
    for (unsigned s = 0; s < 2; s++) {
        if (!v->cfg.loops[loop].contains[targets[s]]) continue;
        LLVMBasicBlockRef all = cw_vector_append(v, "all"), not_all = cw_vector_append(v, "not_all");
        struct below below;
        LLVMValueRef holds = all_take(v, condition, s == 0), known = NULL;
        if (is_below(v, condition, s == 0, &below) && below.is_signed) known = below.number;
        if (targets[s] == v->cfg.loops[loop].header) holds = both(v, holds, enters_unwrapped(v, loop, block, known));
        LLVMBuildCondBr(v->builder, holds, all, not_all);
        LLVMPositionBuilderAtEnd(v->builder, all);
        v->epoch++;
        cw_vector_pass_values(v, block, targets[s], NULL);
        LLVMBuildBr(v->builder, v->blocks[targets[s]].together);
        LLVMPositionBuilderAtEnd(v->builder, not_all);
        v->epoch++;
    }
    go_apart(v, loop, block);
}

static void emit_end(struct cw_vector *v, uint32_t loop, uint32_t block) {
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[block]);
    unsigned count = LLVMGetNumSuccessors(terminator);
    uint32_t targets[2];
    LLVMSetCurrentDebugLocation2(v->builder, LLVMInstructionGetDebugLoc(terminator));
    for (unsigned s = 0; s < count; s++) targets[s] = cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s));
    if (count == 1 || targets[0] == targets[1]) {
        go_on(v, loop, block, targets[0]);
    } else if (v->blocks[block].divergent_branch) {
        go_one_way(v, loop, block, LLVMGetCondition(terminator), targets);
    } else {
        LLVMBasicBlockRef edges[2] = {cw_vector_append(v, "edge"), cw_vector_append(v, "edge")};
        cw_vector_set_part(v, 0);
        LLVMBuildCondBr(v->builder, cw_vector_scalar(v, LLVMGetCondition(terminator)), edges[0], edges[1]);
        for (unsigned s = 0; s < 2; s++) {
            LLVMPositionBuilderAtEnd(v->builder, edges[s]);
            v->epoch++;
            go_on(v, loop, block, targets[s]);
        }
    }
}

/* Where the header is entered: which form it is to be. */
static void emit_gate(struct cw_vector *v, uint32_t loop) {
    uint32_t header = v->cfg.loops[loop].header;
    LLVMPositionBuilderAtEnd(v->builder, v->loops[loop].gate);
    v->block = header;
    v->epoch++;
    cw_vector_load_masks(v);
    LLVMValueRef all = v->of_part[0].mask, together = NULL;
    for (unsigned part = 1; part < v->parts && all; part++) all = LLVMBuildAnd(v->builder, all, v->of_part[part].mask, "");
    if (all) {
        LLVMValueRef bits = cw_vector_bits(v, all);
        together = LLVMBuildICmp(v->builder, LLVMIntEQ, bits, LLVMConstAllOnes(LLVMTypeOf(bits)), "");
    }
    for (LLVMValueRef *phi = v->loops[loop].unwrapped; *phi; phi++) {
        const struct cw_vector_value *value = cw_vector_find(v, *phi);
        for (unsigned part = 0; part < cw_vector_parts_of(v, *phi); part++)
            together = both(v, together, no_wrap(v, *phi, LLVMBuildLoad2(v->builder, LLVMTypeOf(*phi), value->phi_slot[part], "")));
    }
    if (!together) LLVMBuildBr(v->builder, v->blocks[header].together);
    else LLVMBuildCondBr(v->builder, together, v->blocks[header].together, v->blocks[header].body);
}

void cw_vector_emit_together(struct cw_vector *v) {
    struct cw_text *why = v->why;
    for (uint32_t l = 0; l < v->cfg.loop_count && !v->failed; l++) {
        if (!v->loops[l].gate) continue;
        emit_gate(v, l);
        v->together = l;
        v->why = NULL; /* what there is to tell was told for the first form */
        for (uint32_t b = 0; b < v->cfg.count && !v->failed; b++) {
            if (!v->cfg.loops[l].contains[b]) continue;
            LLVMPositionBuilderAtEnd(v->builder, v->blocks[b].together);
            v->block = b;
            v->epoch++;
            for (unsigned part = 0; part < v->parts; part++) v->of_part[part].mask = NULL;
            v->union_mask = NULL;
            cw_vector_set_part(v, 0);
            cw_vector_emit_instructions(v, v->cfg.blocks[b]);
            if (!v->failed) emit_end(v, l, b);
        }
        v->why = why;
        v->together = CW_CFG_NONE;
    }
}
