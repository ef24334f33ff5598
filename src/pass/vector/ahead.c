/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ahead.c: fetching ahead. A block that loads its part of an array, then works on it between barriers, leaves the memory idle
 * meanwhile, and processors fetch ahead on their own only within a page, where many such parts end. What comes next is known: a load
 * in a loop with barriers (a tile of a matrix) has the next turn's address, which is its own, computed from the next values of the
 * loop's numbers; of a load that a block makes once, the next block along x mostly loads what lies a block's threads
 * further. Fetches of addresses that aren't there do nothing, so that neither the last turn nor numbers that wrap matter. It is the
 * prefetching of Mowry, Lam and Gupta, "Design and Evaluation of a Compiler Algorithm for Prefetching", ASPLOS 1992, one
 * turn ahead.
 *
 * Only loads through parameters in kernels with barriers: in others the processor is past a block's end before its loads are there,
 * and in loops without barriers it sees the pattern.
 */
#include "pass/vector/state.h"

#define LINE_BYTES 64u
#define BYTES_MAX 256u
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

/* ---- The next turn's ---- */

/* The innermost loop around the block that waits at a barrier, or CW_CFG_NONE. */
static uint32_t waiting_loop(struct cw_vector *v, uint32_t block) {
    for (uint32_t l = v->cfg.innermost_loop[block]; l != CW_CFG_NONE; l = v->cfg.loops[l].parent)
        for (uint32_t b = 0; b < v->cfg.count; b++)
            if (v->cfg.loops[l].contains[b] && cw_vector_waits_in(v, v->cfg.blocks[b])) return l;
    return CW_CFG_NONE;
}

struct turn {
    uint32_t loop;
    unsigned operations;
    bool moves; /* the address depends on the loop's numbers */
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

static LLVMValueRef compute(struct cw_vector *v, LLVMValueRef old, struct turn *turn, bool next);

/* A cheap operation once more, on lane 0's values of this turn or the next one. */
static LLVMValueRef compute_again(struct cw_vector *v, LLVMValueRef old, struct turn *turn, bool next) {
    LLVMValueRef operands[OPERANDS_MAX];
    int count = LLVMGetNumOperands(old);
    if (!is_cheap(old) || turn->operations == OPERATIONS_MAX) return NULL;
    turn->operations++;
    for (int k = 0; k < count; k++) {
        operands[k] = compute(v, LLVMGetOperand(old, (unsigned)k), turn, next);
        if (!operands[k]) return NULL;
    }
    if (LLVMIsAGetElementPtrInst(old))
        return LLVMBuildGEP2(v->builder, LLVMGetGEPSourceElementType(old), operands[0], operands + 1, (unsigned)count - 1, "");
    if (count == 1) return LLVMBuildCast(v->builder, LLVMGetInstructionOpcode(old), operands[0], LLVMTypeOf(old), "");
    return LLVMBuildBinOp(v->builder, LLVMGetInstructionOpcode(old), operands[0], operands[1], "");
}

/* Lane 0's value of something in this turn of the loop, or in the next; NULL when few scalar operations don't tell. */
static LLVMValueRef compute(struct cw_vector *v, LLVMValueRef old, struct turn *turn, bool next) {
    struct cw_shape shape = cw_vector_shape(v, old);
    if (!LLVMIsAInstruction(old)) return cw_vector_scalar(v, old);
    uint32_t block = cw_cfg_index(&v->cfg, LLVMGetInstructionParent(old));
    bool inside = v->cfg.loops[turn->loop].contains[block], scalar = shape.kind != CW_SHAPE_VARYING;
    if (LLVMIsAPHINode(old)) {
        bool steps = inside && block == v->cfg.loops[turn->loop].header;
        if (steps) turn->moves = true;
        if (steps && next) return compute(v, latch_value(v, turn->loop, old), turn, false);
        return scalar ? cw_vector_scalar(v, old) : NULL;
    }
    if (scalar && (!inside || (!next && cw_vector_is_available(v, old)))) return cw_vector_scalar(v, old);
    if (!inside) return NULL;
    return shape.kind == CW_SHAPE_VARYING && !shape.hint ? NULL : compute_again(v, old, turn, next);
}

static bool is_through_parameter(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAArgument(pointer) != NULL;
}

void cw_vector_fetch_next_turn(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type) {
    uint64_t bytes = LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
    if (v->plan->form != CW_VECTOR_ROWS || v->plan->waits != CW_VECTOR_RETURNS || bytes % LINE_BYTES != 0 || bytes > BYTES_MAX) return;
    struct turn turn = {.loop = waiting_loop(v, v->block)};
    if (turn.loop == CW_CFG_NONE || !is_through_parameter(pointer)) return;
    LLVMValueRef address = compute(v, pointer, &turn, true);
    if (address && turn.moves) fetch(v, address, bytes);
}

/* ---- The next block's ---- */

void cw_vector_fetch_ahead(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef address, LLVMTypeRef type) {
    struct cw_shape shape = cw_vector_shape(v, pointer);
    uint64_t bytes = LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
    if (v->plan->form != CW_VECTOR_ROWS || v->plan->waits != CW_VECTOR_RETURNS || shape.kind != CW_SHAPE_STRIDED || shape.stride <= 0) return;
    if (v->cfg.innermost_loop[v->block] != CW_CFG_NONE || bytes % LINE_BYTES != 0 || bytes > BYTES_MAX) return;
    if (!is_through_parameter(pointer)) return;
    LLVMBuilderRef b = v->builder;
    LLVMValueRef threads = cw_vector_call(v, cw_intrinsics[CW_INTRINSIC_NTID_X].text, v->i32, NULL, NULL, 0);
    LLVMValueRef distance = LLVMBuildMul(b, LLVMBuildZExt(b, threads, v->i64, ""), LLVMConstInt(v->i64, (uint64_t)shape.stride, 0), "");
    fetch(v, LLVMBuildGEP2(b, v->i8, address, &distance, 1, ""), bytes);
}
