/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ahead.c: fetching ahead. A block that loads its part of an array, then works on it between barriers, leaves the memory idle
 * meanwhile, and processors fetch ahead on their own only within a page, where many such parts end. What comes next is known: a load
 * in a loop with barriers (a tile of a matrix) has the next turn's address, which is its own, computed from the next values of the
 * loop's numbers; elsewhere the next block along x loads at the address that its blockIdx.x gives. Fetches of addresses that aren't there do
 * nothing, so that neither the last turn nor numbers that wrap matter. It is the prefetching of Mowry, Lam and Gupta, "Design and
 * Evaluation of a Compiler Algorithm for Prefetching", ASPLOS 1992, one turn ahead.
 *
 * Only loads through parameters in kernels with barriers: in others the processor is past a block's end before its loads are there.
 * Not in loops that stride by the grid: what the next block loads there comes a whole block later (a dot product took 1.07 times as
 * long). Of a parameter that is read several times only what reads it first counts.
 */
#include "pass/vector/state.h"

#define LINE_BYTES 64u
#define BYTES_MAX 512u
#define OPERATIONS_MAX 16u /* that an address may cost */
#define OPERANDS_MAX 8

static void fetch(struct cw_vector *v, LLVMValueRef address, uint64_t bytes) {
    for (uint64_t line = 0; line < bytes; line += LINE_BYTES) {
        LLVMValueRef offset = LLVMConstInt(v->i64, line, 0);
        /* For reading, to be kept, data. */
        LLVMValueRef arguments[4] = {LLVMBuildGEP2(v->builder, v->i8, address, &offset, 1, ""), LLVMConstInt(v->i32, 0, 0),
                                     LLVMConstInt(v->i32, 3, 0), LLVMConstInt(v->i32, 1, 0)};
        cw_vector_call_llvm(v, "llvm.prefetch", &v->pointer, 1, arguments, 4);
    }
}

/* ---- Addresses elsewhere ---- */

/* The innermost loop around the block that waits at a barrier, or CW_CFG_NONE. */
static uint32_t waiting_loop(struct cw_vector *v, uint32_t block) {
    for (uint32_t l = v->cfg.innermost_loop[block]; l != CW_CFG_NONE; l = v->cfg.loops[l].parent)
        for (uint32_t b = 0; b < v->cfg.count; b++)
            if (v->cfg.loops[l].contains[b] && cw_vector_waits_in(v, v->cfg.blocks[b])) return l;
    return CW_CFG_NONE;
}

/* Where an address is wanted: in the next turn of a loop, or in the next block along x. */
struct elsewhere {
    uint32_t loop; /* CW_CFG_NONE: the next block */
    unsigned operations;
    bool moves; /* the address is another one there */
};

static LLVMValueRef latch_value(struct cw_vector *v, uint32_t loop, LLVMValueRef phi) {
    for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
        uint32_t from = cw_cfg_index(&v->cfg, LLVMGetIncomingBlock(phi, k));
        if (from != CW_CFG_NONE && v->cfg.loops[loop].contains[from]) return LLVMGetIncomingValue(phi, k);
    }
    return NULL;
}

static bool is_cheap(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMLShr:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMTrunc:
    case LLVMZExt:
    case LLVMSExt:
    case LLVMGetElementPtr: return LLVMGetNumOperands(i) <= OPERANDS_MAX;
    default: return false;
    }
}

static LLVMValueRef compute(struct cw_vector *v, LLVMValueRef old, struct elsewhere *at, bool next);

/* A cheap operation once more, on lane 0's values of this turn or the next one. */
static LLVMValueRef compute_again(struct cw_vector *v, LLVMValueRef old, struct elsewhere *at, bool next) {
    LLVMValueRef operands[OPERANDS_MAX];
    int count = LLVMGetNumOperands(old);
    if (!is_cheap(old) || at->operations == OPERATIONS_MAX) return NULL;
    at->operations++;
    for (int k = 0; k < count; k++) {
        operands[k] = compute(v, LLVMGetOperand(old, (unsigned)k), at, next);
        if (!operands[k]) return NULL;
    }
    if (LLVMIsAGetElementPtrInst(old))
        return LLVMBuildGEP2(v->builder, LLVMGetGEPSourceElementType(old), operands[0], operands + 1, (unsigned)count - 1, "");
    if (count == 1) return LLVMBuildCast(v->builder, LLVMGetInstructionOpcode(old), operands[0], LLVMTypeOf(old), "");
    return LLVMBuildBinOp(v->builder, LLVMGetInstructionOpcode(old), operands[0], operands[1], "");
}

/* Lane 0's coordinates, and what the block's threads have in common, can be had everywhere. */
static LLVMValueRef special_register(struct cw_vector *v, enum cw_intrinsic intrinsic) {
    if (intrinsic == CW_INTRINSIC_TID_X) return v->x;
    if (intrinsic == CW_INTRINSIC_TID_Y) return v->y;
    if (intrinsic == CW_INTRINSIC_TID_Z) return v->z;
    bool is_common = intrinsic >= CW_INTRINSIC_NTID_X && intrinsic <= CW_INTRINSIC_NCTAID_Z;
    return is_common ? cw_vector_call(v, cw_intrinsics[intrinsic].text, v->i32, NULL, NULL, 0) : NULL;
}

static bool is_inside(struct cw_vector *v, const struct elsewhere *at, uint32_t block) {
    return at->loop == CW_CFG_NONE || v->cfg.loops[at->loop].contains[block];
}

/* Lane 0's value as it is at the builder's place, if it can be had there: a value that no other block reads has no slot. */
static LLVMValueRef scalar_or_nothing(struct cw_vector *v, LLVMValueRef old) {
    const struct cw_vector_value *value = cw_vector_find(v, old);
    if (cw_vector_shape(v, old).kind == CW_SHAPE_VARYING) return NULL;
    bool has_slot = value && value->slot[value->shape.parts ? v->part : 0] && LLVMGetInstructionParent(old) != v->cfg.blocks[v->block];
    return has_slot || cw_vector_is_defined(v, old) ? cw_vector_scalar(v, old) : NULL;
}

/* A number that a loop steps: in the loop's next turn what the latch gives it; in the next block as much further as its start is,
 * provided its steps are the same there. */
static LLVMValueRef compute_phi(struct cw_vector *v, LLVMValueRef phi, struct elsewhere *at) {
    uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(phi)), loop = v->cfg.innermost_loop[block];
    bool is_header = loop != CW_CFG_NONE && v->cfg.loops[loop].header == block;
    if (at->loop != CW_CFG_NONE) {
        if (loop != at->loop || !is_header) return scalar_or_nothing(v, phi);
        at->moves = true;
        return compute(v, latch_value(v, loop, phi), at, false);
    }
    LLVMValueRef now = scalar_or_nothing(v, phi), step = is_header ? latch_value(v, loop, phi) : NULL, start = NULL;
    if (!now || !step || LLVMGetTypeKind(LLVMTypeOf(phi)) != LLVMIntegerTypeKind) return NULL;
    if (!LLVMIsABinaryOperator(step) || LLVMGetInstructionOpcode(step) != LLVMAdd || LLVMCountIncoming(phi) != 2) return NULL;
    LLVMValueRef by = LLVMGetOperand(step, LLVMGetOperand(step, 0) == phi);
    if (LLVMGetOperand(step, 0) != phi && LLVMGetOperand(step, 1) != phi) return NULL;
    bool moves = at->moves;
    at->moves = false;
    bool steps_alike = compute(v, by, at, true) && !at->moves;
    at->moves = moves;
    if (!steps_alike) return NULL;
    for (unsigned k = 0; k < 2; k++)
        if (LLVMGetIncomingValue(phi, k) != step) start = LLVMGetIncomingValue(phi, k);
    LLVMValueRef there = start ? compute(v, start, at, true) : NULL, here = there ? compute(v, start, at, false) : NULL;
    return here ? LLVMBuildAdd(v->builder, now, LLVMBuildSub(v->builder, there, here, ""), "") : NULL;
}

/* Lane 0's value of something here, or elsewhere (`next`); NULL when few scalar operations don't tell. */
static LLVMValueRef compute(struct cw_vector *v, LLVMValueRef old, struct elsewhere *at, bool next) {
    struct cw_shape shape = cw_vector_shape(v, old);
    if (!LLVMIsAInstruction(old)) return cw_vector_scalar(v, old);
    uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(old));
    bool elsewhere = next && is_inside(v, at, block);
    if (elsewhere && LLVMIsAPHINode(old)) return compute_phi(v, old, at);
    if (LLVMIsACallInst(old)) {
        enum cw_intrinsic intrinsic = cw_called_intrinsic(old);
        /* A loop that strides by the grid visits every block's neighbour itself, a turn at a time. */
        bool strides_by_grid = at->loop == CW_CFG_NONE && intrinsic >= CW_INTRINSIC_NCTAID_X && intrinsic <= CW_INTRINSIC_NCTAID_Z;
        LLVMValueRef now = strides_by_grid ? NULL : special_register(v, intrinsic);
        if (!now || !elsewhere || intrinsic != CW_INTRINSIC_CTAID_X) return now;
        at->moves = true;
        return LLVMBuildAdd(v->builder, now, LLVMConstInt(v->i32, 1, 0), "");
    }
    LLVMValueRef now = elsewhere ? NULL : scalar_or_nothing(v, old);
    if (now || LLVMIsAPHINode(old)) return now;
    return shape.kind == CW_SHAPE_VARYING && !shape.hint ? NULL : compute_again(v, old, at, next);
}

static LLVMValueRef parameter_of(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAArgument(pointer);
}

/* The first loop, or code outside of loops, that reads through a parameter brings in what others read again. */
static bool reads_first(struct cw_vector *v, LLVMValueRef parameter) {
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsALoadInst(i) && parameter_of(LLVMGetOperand(i, 0)) == parameter)
                return v->cfg.innermost_loop[b] == v->cfg.innermost_loop[v->block];
    return false;
}

void cw_vector_fetch_ahead(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    uint64_t bytes = LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
    LLVMValueRef parameter = parameter_of(pointer);
    if (v->plan->form != CW_VECTOR_ROWS || v->plan->waits != CW_VECTOR_RETURNS || !parameter || bytes % LINE_BYTES != 0 || bytes > BYTES_MAX) return;
    struct elsewhere at = {.loop = waiting_loop(v, v->block)};
    if (at.loop == CW_CFG_NONE && !reads_first(v, parameter)) return;
    LLVMValueRef address = compute(v, pointer, &at, true);
    if (address && at.moves) fetch(v, address, bytes);
}
