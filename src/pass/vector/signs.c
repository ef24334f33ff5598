/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signs.c: numbers that are never negative. LLVM knows it of a loop's number only where its start is simple; here it is shown for
 * all values of the function at once, by induction over their computation: all are taken for such numbers at first, and those whose operands
 * don't bear it out are struck off until none is left to strike off (an optimistic fixed point; compare Wegman and Zadeck, "Constant Propagation with
 * Conditional Branches", TOPLAS 1991). Sums count on their flags: what wraps is poison.
 *
 * The sign's copies, x >> 31, by which compilers round divisions by powers of two towards zero, then are 0, and what is left are bits that
 * shape.c understands.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

struct signs {
    struct cw_vector *v;
    LLVMValueRef *list;
    bool *holds;
    uint32_t *table;
    size_t count, table_size;
};

static size_t place_of(const struct signs *s, LLVMValueRef value) {
    size_t at = (size_t)((uintptr_t)value * UINT64_C(0x9e3779b97f4a7c15) >> 17) & (s->table_size - 1);
    while (s->table[at] && s->list[s->table[at] - 1] != value) at = (at + 1) & (s->table_size - 1);
    return at;
}

static bool is_number(LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) > 1 && LLVMGetIntTypeWidth(type) <= 64;
}

static void collect(struct signs *s) {
    size_t count = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(s->v->function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) count += is_number(i);
    s->list = cw_alloc_array(count + 1, sizeof *s->list);
    s->holds = cw_alloc_array(count + 1, sizeof *s->holds);
    for (s->table_size = 64; s->table_size < 2 * count; s->table_size *= 2) {}
    s->table = cw_alloc_array(s->table_size, sizeof *s->table);
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(s->v->function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!is_number(i)) continue;
            size_t at = place_of(s, i);
            s->list[s->count] = i;
            s->holds[s->count] = true;
            s->table[at] = (uint32_t)++s->count;
        }
}

static bool holds(const struct signs *s, LLVMValueRef value) {
    if (LLVMIsAConstantInt(value)) return LLVMGetIntTypeWidth(LLVMTypeOf(value)) <= 64 && LLVMConstIntGetSExtValue(value) >= 0;
    if (!LLVMIsAInstruction(value)) return false;
    size_t at = place_of(s, value);
    return s->table[at] && s->holds[s->table[at] - 1];
}

static bool call_bears_out(const struct signs *s, LLVMValueRef call) {
    static const enum cw_intrinsic registers[] = {CW_INTRINSIC_TID_X,  CW_INTRINSIC_TID_Y,   CW_INTRINSIC_TID_Z,   CW_INTRINSIC_NTID_X,
                                                  CW_INTRINSIC_NTID_Y, CW_INTRINSIC_NTID_Z,  CW_INTRINSIC_CTAID_X, CW_INTRINSIC_CTAID_Y,
                                                  CW_INTRINSIC_CTAID_Z, CW_INTRINSIC_LANEID, CW_INTRINSIC_WARPID};
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    for (size_t k = 0; k < sizeof registers / sizeof registers[0]; k++)
        if (intrinsic == registers[k]) return true;
    LLVMValueRef callee = cw_called_function(call);
    const char *name = callee ? cw_value_name(callee) : "";
    if (LLVMGetNumArgOperands(call) != 2) return false;
    bool first = holds(s, LLVMGetOperand(call, 0)), second = holds(s, LLVMGetOperand(call, 1));
    if (strncmp(name, "llvm.smax.", 10) == 0 || strncmp(name, "llvm.umin.", 10) == 0) return first || second;
    return (strncmp(name, "llvm.smin.", 10) == 0 || strncmp(name, "llvm.umax.", 10) == 0) && first && second;
}

/* True if the instruction's result is never negative, provided that is true of the operands that are still taken for such numbers. */
static bool bears_out(const struct signs *s, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    int count = LLVMGetNumOperands(i);
    bool a = count > 0 && holds(s, LLVMGetOperand(i, 0)), b = count > 1 && holds(s, LLVMGetOperand(i, 1));
    switch (opcode) {
    case LLVMPHI:
        for (unsigned k = 0; k < LLVMCountIncoming(i); k++)
            if (!holds(s, LLVMGetIncomingValue(i, k))) return false;
        return true;
    case LLVMSelect: return b && holds(s, LLVMGetOperand(i, 2));
    case LLVMAdd:
    case LLVMMul: return LLVMGetNSW(i) && a && b;
    case LLVMShl: return LLVMGetNSW(i) && a;
    case LLVMAnd: return a || b;
    case LLVMOr:
    case LLVMXor: return a && b;
    case LLVMZExt: return true;
    case LLVMSExt:
    case LLVMAShr:
    case LLVMUDiv:
    case LLVMURem:
    case LLVMSRem: return a;
    case LLVMSDiv: return a && b;
    case LLVMLShr: return a || (LLVMIsAConstantInt(LLVMGetOperand(i, 1)) && LLVMConstIntGetZExtValue(LLVMGetOperand(i, 1)) > 0);
    case LLVMTrunc: return LLVMGetNSW(i) && a;
    case LLVMCall: return call_bears_out(s, i);
    default: return false;
    }
}

/* x >> k is one of unsigned numbers then; the sign alone is 0. */
static bool apply(struct signs *s, LLVMValueRef i) {
    if (LLVMGetInstructionOpcode(i) != LLVMAShr || !LLVMIsAConstantInt(LLVMGetOperand(i, 1)) || !holds(s, LLVMGetOperand(i, 0))) return false;
    LLVMTypeRef type = LLVMTypeOf(i);
    LLVMValueRef by = LLVMGetOperand(i, 1);
    LLVMPositionBuilderBefore(s->v->builder, i);
    bool all = LLVMConstIntGetZExtValue(by) == LLVMGetIntTypeWidth(type) - 1;
    LLVMReplaceAllUsesWith(i, all ? LLVMConstNull(type) : LLVMBuildLShr(s->v->builder, LLVMGetOperand(i, 0), by, ""));
    return true;
}

bool cw_vector_know_signs(struct cw_vector *v) {
    struct signs s = {.v = v};
    bool changed = false;
    collect(&s);
    for (bool again = true; again;) {
        again = false;
        for (size_t k = 0; k < s.count; k++) {
            if (!s.holds[k] || bears_out(&s, s.list[k])) continue;
            s.holds[k] = false;
            again = true;
        }
    }
    for (size_t k = 0; k < s.count; k++) changed |= apply(&s, s.list[k]);
    free(s.list);
    free(s.holds);
    free(s.table);
    return changed;
}
