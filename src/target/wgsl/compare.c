/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: comparisons as WGSL expressions: integers of any width, floats with their rules for what is not a number, which a compiler of WGSL
 * may assume away (WGSL, 15.6.2), and doubles, which are integers. */
#include <string.h>

#include "target/wgsl/wgsl.h"

typedef struct wgsl_expression expression;

static const char *integer_operator(LLVMIntPredicate predicate) {
    switch (predicate) {
    case LLVMIntEQ: return "==";
    case LLVMIntNE: return "!=";
    case LLVMIntUGT: case LLVMIntSGT: return ">";
    case LLVMIntUGE: case LLVMIntSGE: return ">=";
    case LLVMIntULT: case LLVMIntSLT: return "<";
    default: return "<=";
    }
}

static expression compare_wide(struct wgsl_function *f, LLVMIntPredicate p, expression a, expression b) {
    if (p == LLVMIntEQ) return wgsl_make(f, WGSL_BOOL, WGSL_PRIMARY, "all(%s == %s)", wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD));
    if (p == LLVMIntNE) return wgsl_make(f, WGSL_BOOL, WGSL_PRIMARY, "any(%s != %s)", wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD));
    const char *name = p >= LLVMIntSGT ? "slt64" : "ult64";
    bool swapped = p == LLVMIntUGT || p == LLVMIntSGT || p == LLVMIntULE || p == LLVMIntSLE;
    bool inverted = p == LLVMIntUGE || p == LLVMIntSGE || p == LLVMIntULE || p == LLVMIntSLE;
    expression e = swapped ? wgsl_call2(f, WGSL_BOOL, name, b, a) : wgsl_call2(f, WGSL_BOOL, name, a, b);
    return inverted ? wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", e.text) : e;
}

/* A counter that starts at a constant that isn't negative and never wraps. */
static bool counts_up(LLVMValueRef value) {
    if (!LLVMIsAPHINode(value)) return false;
    for (unsigned k = 0; k < LLVMCountIncoming(value); k++) {
        LLVMValueRef from = LLVMGetIncomingValue(value, k);
        if (LLVMIsAConstantInt(from)) {
            if (LLVMConstIntGetSExtValue(from) < 0) return false;
        } else if (!LLVMIsAInstruction(from) || LLVMGetInstructionOpcode(from) != LLVMAdd || LLVMGetOperand(from, 0) != value || !LLVMGetNSW(from) ||
                   !LLVMIsAConstantInt(LLVMGetOperand(from, 1)) || LLVMConstIntGetSExtValue(LLVMGetOperand(from, 1)) < 0) {
            return false;
        }
    }
    return true;
}

expression wgsl_compare_integers(struct wgsl_function *f, LLVMValueRef i) {
    LLVMValueRef x = LLVMGetOperand(i, 0), y = LLVMGetOperand(i, 1);
    LLVMIntPredicate p = LLVMGetICmpPredicate(i);
    LLVMTypeRef type = LLVMTypeOf(x);
    if (LLVMGetTypeKind(type) == LLVMPointerTypeKind) {
        bool same = wgsl_root(f, x) == wgsl_root(f, y) && !LLVMIsNull(y) && !LLVMIsNull(x);
        return wgsl_binary(f, WGSL_BOOL, WGSL_LOOSE, integer_operator(p), wgsl_pointer(f, x, same), wgsl_pointer(f, y, same));
    }
    unsigned width = LLVMGetIntTypeWidth(type);
    if (width == 1) {
        expression a = wgsl_expression_of(f, x), b = wgsl_expression_of(f, y);
        if (p == LLVMIntEQ || p == LLVMIntNE) return wgsl_binary(f, WGSL_BOOL, WGSL_LOOSE, integer_operator(p), a, b);
        return wgsl_binary(f, WGSL_BOOL, WGSL_LOOSE, integer_operator(p), p >= LLVMIntSGT ? wgsl_sign_extended(f, a, 1) : wgsl_as(f, a, WGSL_U32),
                           p >= LLVMIntSGT ? wgsl_sign_extended(f, b, 1) : wgsl_as(f, b, WGSL_U32));
    }
    if (width > 32 && width != 64) {
        wgsl_refuse(f->shader, i, "integers of %u bits", width);
        return wgsl_integer(f, WGSL_BOOL, 0);
    }
    if (width == 64) return compare_wide(f, p, wgsl_expression_of(f, x), wgsl_expression_of(f, y));
    expression a = wgsl_expression_of(f, x), b = wgsl_expression_of(f, y);
    bool is_signed = p >= LLVMIntSGT;
    /* Of values that are never negative a signed comparison says the same. */
    if (width == 32 && a.type == WGSL_I32 && !is_signed && counts_up(x) && LLVMIsAConstantInt(y) && LLVMConstIntGetZExtValue(y) < 0x80000000u) is_signed = true;
    if (is_signed) {
        a = wgsl_sign_extended(f, a, width);
        b = wgsl_sign_extended(f, b, width);
    } else {
        enum wgsl_type common = (p == LLVMIntEQ || p == LLVMIntNE) && (a.type == WGSL_I32 || b.type == WGSL_I32) ? WGSL_I32 : WGSL_U32;
        a = wgsl_as(f, a, common);
        b = wgsl_as(f, b, common);
    }
    return wgsl_binary(f, WGSL_BOOL, WGSL_LOOSE, integer_operator(p), a, b);
}

static expression compare_doubles(struct wgsl_function *f, LLVMRealPredicate p, expression a, expression b) {
    switch (p) {
    case LLVMRealOEQ: return wgsl_call2(f, WGSL_BOOL, "f64_eq", a, b);
    case LLVMRealUNE: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", wgsl_call2(f, WGSL_BOOL, "f64_eq", a, b).text);
    case LLVMRealOLT: return wgsl_call2(f, WGSL_BOOL, "f64_lt", a, b);
    case LLVMRealOGT: return wgsl_call2(f, WGSL_BOOL, "f64_lt", b, a);
    case LLVMRealOLE: return wgsl_call2(f, WGSL_BOOL, "f64_le", a, b);
    case LLVMRealOGE: return wgsl_call2(f, WGSL_BOOL, "f64_le", b, a);
    case LLVMRealULT: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", wgsl_call2(f, WGSL_BOOL, "f64_le", b, a).text);
    case LLVMRealUGT: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", wgsl_call2(f, WGSL_BOOL, "f64_le", a, b).text);
    case LLVMRealULE: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", wgsl_call2(f, WGSL_BOOL, "f64_lt", b, a).text);
    case LLVMRealUGE: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!%s", wgsl_call2(f, WGSL_BOOL, "f64_lt", a, b).text);
    case LLVMRealUNO: return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s(%s) || %s(%s)", wgsl_helper(f->shader, "is_nan64"), a.text, wgsl_helper(f->shader, "is_nan64"), b.text);
    case LLVMRealORD: return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!(%s(%s) || %s(%s))", wgsl_helper(f->shader, "is_nan64"), a.text, wgsl_helper(f->shader, "is_nan64"), b.text);
    case LLVMRealONE:
        return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "%s || %s", wgsl_call2(f, WGSL_BOOL, "f64_lt", a, b).text, wgsl_call2(f, WGSL_BOOL, "f64_lt", b, a).text);
    case LLVMRealUEQ:
        return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!(%s || %s)", wgsl_call2(f, WGSL_BOOL, "f64_lt", a, b).text, wgsl_call2(f, WGSL_BOOL, "f64_lt", b, a).text);
    default: return wgsl_integer(f, WGSL_BOOL, p == LLVMRealPredicateTrue);
    }
}

expression wgsl_compare_floats(struct wgsl_function *f, LLVMValueRef i) {
    expression a = wgsl_expression_of(f, LLVMGetOperand(i, 0)), b = wgsl_expression_of(f, LLVMGetOperand(i, 1));
    LLVMRealPredicate p = LLVMGetFCmpPredicate(i);
    if (a.type == WGSL_U64) return compare_doubles(f, p, a, b);
    const char *operator= NULL;
    bool inverted = false;
    switch (p) {
    case LLVMRealOEQ: operator = "=="; break;
    case LLVMRealUNE: operator = "!="; break;
    case LLVMRealOLT: operator = "<"; break;
    case LLVMRealOGT: operator = ">"; break;
    case LLVMRealOLE: operator = "<="; break;
    case LLVMRealOGE: operator = ">="; break;
    case LLVMRealULT: operator = ">="; inverted = true; break;
    case LLVMRealUGT: operator = "<="; inverted = true; break;
    case LLVMRealULE: operator = ">"; inverted = true; break;
    case LLVMRealUGE: operator = "<"; inverted = true; break;
    case LLVMRealONE:
        return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "(%s < %s) || (%s > %s)", wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD),
                         wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD));
    case LLVMRealUEQ:
        return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!((%s < %s) || (%s > %s))", wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD),
                         wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD));
    case LLVMRealUNO: case LLVMRealORD: {
        const char *nan = wgsl_helper(f->shader, "is_nan");
        bool second = !LLVMIsAConstantFP(LLVMGetOperand(i, 1)) && strcmp(a.text, b.text) != 0;
        const char *not = p == LLVMRealORD ? "!" : "";
        if (!second) return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "%s%s(%s)", not, nan, a.text);
        return wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "%s(%s(%s) || %s(%s))", not, nan, a.text, nan, b.text);
    }
    default: return wgsl_integer(f, WGSL_BOOL, p == LLVMRealPredicateTrue);
    }
    expression e = wgsl_binary(f, WGSL_BOOL, WGSL_LOOSE, operator, a, b);
    return inverted ? wgsl_make(f, WGSL_BOOL, WGSL_UNARY, "!(%s)", e.text) : e;
}
