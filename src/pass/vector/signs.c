/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signs.c: numbers that are never negative. LLVM knows it of a loop's number only where its start is simple; here it is shown for
 * all values of the function at once, by induction over their computation: all are taken for such numbers at first, and those whose operands
 * don't bear it out are struck off until none is left to strike off (an optimistic fixed point; compare Wegman and Zadeck, "Constant Propagation with
 * Conditional Branches", TOPLAS 1991). Sums count on their flags, by which what wraps is poison, or on being small: of threadIdx, or of numbers that
 * a loop compares with a constant before it goes on.
 *
 * The sign's copies, x >> 31, by which compilers round divisions by powers of two towards zero, then are 0, and what is left are bits that
 * shape.c understands.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define NO_LIMIT INT64_C(0x7fffffff)
#define LIMIT_DEPTH 8u
#define LIMIT_STEPS 64u

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

/* ---- How large numbers get ---- */

static int64_t least_of(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t largest_register(LLVMValueRef call) {
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (intrinsic == CW_INTRINSIC_LANEID || intrinsic == CW_INTRINSIC_WARPID) return 31;
    return intrinsic == CW_INTRINSIC_TID_X || intrinsic == CW_INTRINSIC_TID_Y || intrinsic == CW_INTRINSIC_TID_Z ? 1023 : NO_LIMIT;
}

struct look {
    const struct signs *s;
    unsigned steps; /* left */
};

static int64_t limit(struct look *look, LLVMValueRef value, unsigned depth);

/* What `value` is at most where the branch at the end of `from` has led to `to`: of x < 1792, x + 256 is at most 2047. */
static int64_t limit_behind(LLVMBasicBlockRef from, LLVMBasicBlockRef to, LLVMValueRef value) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(from), compare, x = value;
    int64_t more = 0;
    if (!LLVMIsABranchInst(end) || !LLVMIsConditional(end) || LLVMGetSuccessor(end, 0) != to || LLVMGetSuccessor(end, 1) == to) return NO_LIMIT;
    compare = LLVMGetCondition(end);
    if (!LLVMIsAICmpInst(compare) || !LLVMIsAConstantInt(LLVMGetOperand(compare, 1))) return NO_LIMIT;
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(compare);
    int64_t bound = LLVMConstIntGetSExtValue(LLVMGetOperand(compare, 1));
    if ((predicate != LLVMIntSLT && predicate != LLVMIntULT) || bound <= 0) return NO_LIMIT;
    if (LLVMGetOperand(compare, 0) != x && LLVMIsAInstruction(x) && LLVMGetInstructionOpcode(x) == LLVMAdd && LLVMIsAConstantInt(LLVMGetOperand(x, 1))) {
        more = LLVMConstIntGetSExtValue(LLVMGetOperand(x, 1));
        x = LLVMGetOperand(x, 0);
    }
    if (LLVMGetOperand(compare, 0) != x || more < 0 || bound > NO_LIMIT - 1 - more) return NO_LIMIT;
    return bound - 1 + more;
}

static int64_t limit_of_phi(struct look *look, LLVMValueRef phi, unsigned depth) {
    int64_t most = 0;
    for (unsigned k = 0; k < LLVMCountIncoming(phi) && most < NO_LIMIT; k++) {
        LLVMValueRef value = LLVMGetIncomingValue(phi, k);
        int64_t here = limit_behind(LLVMGetIncomingBlock(phi, k), LLVMGetInstructionParent(phi), value);
        if (here == NO_LIMIT) here = limit(look, value, depth);
        if (here > most) most = here;
    }
    return most;
}

/* The number is at most this, as a signed one, provided that what is still taken for never negative isn't; NO_LIMIT where a short look doesn't tell. */
static int64_t limit(struct look *look, LLVMValueRef value, unsigned depth) {
    if (LLVMIsAConstantInt(value)) return least_of(LLVMConstIntGetSExtValue(value), NO_LIMIT);
    if (!LLVMIsAInstruction(value) || !is_number(value) || depth == 0 || look->steps == 0) return NO_LIMIT;
    look->steps--;
    LLVMValueRef a = LLVMGetNumOperands(value) > 0 ? LLVMGetOperand(value, 0) : NULL, b = LLVMGetNumOperands(value) > 1 ? LLVMGetOperand(value, 1) : NULL;
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMCall: return largest_register(value);
    case LLVMPHI: return limit_of_phi(look, value, depth - 1);
    case LLVMAdd: return holds(look->s, a) && holds(look->s, b) ? least_of(limit(look, a, depth - 1) + limit(look, b, depth - 1), NO_LIMIT) : NO_LIMIT;
    case LLVMAnd:
        if (LLVMIsAConstantInt(b) && holds(look->s, b)) return limit(look, b, depth - 1);
        return holds(look->s, a) ? limit(look, a, depth - 1) : NO_LIMIT;
    case LLVMLShr:
    case LLVMTrunc:
    case LLVMZExt: return holds(look->s, a) ? limit(look, a, depth - 1) : NO_LIMIT;
    default: return NO_LIMIT;
    }
}

static int64_t limit_of(const struct signs *s, LLVMValueRef value) {
    struct look look = {s, LIMIT_STEPS};
    return limit(&look, value, LIMIT_DEPTH);
}

/* True if a sum of numbers that aren't negative doesn't wrap around. */
static bool is_small_sum(const struct signs *s, LLVMValueRef sum) {
    if (LLVMGetIntTypeWidth(LLVMTypeOf(sum)) < 32) return false;
    return limit_of(s, LLVMGetOperand(sum, 0)) + limit_of(s, LLVMGetOperand(sum, 1)) < NO_LIMIT;
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
    case LLVMAdd: return a && b && (LLVMGetNSW(i) || is_small_sum(s, i));
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
    case LLVMTrunc: return a && (LLVMGetNSW(i) || (LLVMGetIntTypeWidth(LLVMTypeOf(i)) >= 32 && limit_of(s, LLVMGetOperand(i, 0)) < NO_LIMIT));
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
