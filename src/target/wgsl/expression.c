/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expression.c: instructions without effects, as WGSL expressions.
 *
 * WGSL gives no precedence between most kinds of operators, so everything is put in parentheses that isn't a plain
 * arithmetic nesting. Constant expressions must not overflow or be infinite in WGSL: infinities and NaNs are made from
 * their bits by a function, which is no constant expression. (WGSL, 8 "Expressions", 15.6 "Floating Point Evaluation".)
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/wgsl.h"

typedef struct wgsl_expression expression;

expression wgsl_make(struct wgsl_function *f, enum wgsl_type type, enum wgsl_binding binding, const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    expression e = {cw_arena_strdup(f->arena, cw_text_string(&text)), type, binding, WGSL_PRIMARY, false};
    cw_text_fini(&text);
    return e;
}

const char *wgsl_operand(struct wgsl_function *f, expression e, enum wgsl_binding binding) {
    return e.binding <= binding ? e.text : wgsl_make(f, e.type, WGSL_PRIMARY, "(%s)", e.text).text;
}

/* True if the text is one literal. */
static bool is_literal(const char *text) {
    size_t prefix = strncmp(text, "0x", 2) == 0 ? 2 : 0;
    return *text && prefix + strspn(text + prefix, prefix ? "0123456789abcdef" : "0123456789") + (text[strlen(text) - 1] == 'u') == strlen(text);
}

expression wgsl_integer(struct wgsl_function *f, enum wgsl_type type, uint64_t value) {
    switch (type) {
    case WGSL_BOOL: return wgsl_make(f, type, WGSL_PRIMARY, value & 1 ? "true" : "false");
    case WGSL_U64: return wgsl_make(f, type, WGSL_PRIMARY, "vec2<u32>(%uu, %uu)", (uint32_t)value, (uint32_t)(value >> 32));
    case WGSL_I32:
        if ((uint32_t)value == 0x80000000u) return wgsl_make(f, type, WGSL_PRIMARY, "i32(-2147483648)");
        return wgsl_make(f, type, (int32_t)value < 0 ? WGSL_UNARY : WGSL_PRIMARY, "%d", (int32_t)value);
    default:
        if ((uint32_t)value >= 0x10000000u) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "0x%xu", (uint32_t)value);
        return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%uu", (uint32_t)value);
    }
}

/* True if the text is one call of `name` as a whole: "i32(...)". */
static bool is_call_of(const char *text, const char *name) {
    size_t start = strlen(name), length = strlen(text);
    if (strncmp(text, name, start) != 0 || text[start] != '(' || text[length - 1] != ')') return false;
    int depth = 0;
    for (size_t i = start; i + 1 < length; i++) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0) return false;
    }
    return true;
}

/* An unsigned value that was made signed, or a literal that is neither. */
static bool is_unsigned_within(expression e) {
    return e.type == WGSL_U32 || is_call_of(e.text, "i32");
}

bool wgsl_prefers_unsigned(expression a, expression b) {
    return (is_unsigned_within(a) || is_literal(a.text)) && (is_unsigned_within(b) || is_literal(b.text)) && !(is_literal(a.text) && is_literal(b.text));
}

expression wgsl_as(struct wgsl_function *f, expression e, enum wgsl_type type) {
    if (e.type == type || type == WGSL_VOID) return e;
    const char *name = wgsl_type_name(type);
    if ((type == WGSL_I32 || type == WGSL_U32) && (e.type == WGSL_I32 || e.type == WGSL_U32)) {
        if (is_literal(e.text)) return wgsl_integer(f, type, strtoull(e.text, NULL, 0));
        if (e.text[0] == '-' && is_literal(e.text + 1)) return wgsl_integer(f, type, (uint32_t)strtoll(e.text, NULL, 0));
        /* Back and forth is nothing. */
        if (is_call_of(e.text, type == WGSL_U32 ? "i32" : "u32") && e.text[4] != '-') {
            if (e.of_bool) {
                e = wgsl_make(f, type, WGSL_PRIMARY, "%s%s", name, e.text + 3);
                e.of_bool = true;
                return e;
            }
            expression inner = wgsl_make(f, type, WGSL_LOOSE, "%.*s", (int)(strlen(e.text) - 5), e.text + 4);
            if (!strpbrk(inner.text, " -")) inner.binding = WGSL_PRIMARY;
            else if (e.inner) inner.binding = e.inner;
            return inner;
        }
        expression converted = wgsl_make(f, type, WGSL_PRIMARY, "%s(%s)", name, e.text);
        converted.inner = e.binding;
        return converted;
    }
    if (type == WGSL_BOOL) return wgsl_make(f, type, WGSL_LOOSE, "%s != 0u", wgsl_operand(f, wgsl_as(f, e, WGSL_U32), WGSL_ADD));
    if (e.type == WGSL_BOOL) {
        e = wgsl_make(f, type, WGSL_PRIMARY, "%s(%s)", name, e.text);
        e.of_bool = type == WGSL_I32 || type == WGSL_U32;
        return e;
    }
    return wgsl_make(f, type, WGSL_PRIMARY, "bitcast<%s>(%s)", name, e.text);
}

/* ---- Constants ---------------------------------------------------------------------------------------------------- */

static expression float_constant(struct wgsl_function *f, double value) {
    union {
        float f;
        uint32_t u;
    } bits = {.f = (float)value};
    if (isnan(value) || isinf(value))
        return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "%s(0x%xu)", wgsl_helper(f->shader, "float_of_bits"), bits.u);
    char text[64];
    /* Rounded up to nine digits the largest float is none. */
    if ((float)fabs(value) >= 3.4028234e38f) return wgsl_make(f, WGSL_F32, value < 0 ? WGSL_UNARY : WGSL_PRIMARY, "%s3.4028234663852885e+38f", value < 0 ? "-" : "");
    double magnitude = fabs(value);
    int whole = magnitude >= 1e7 ? 1 : magnitude >= 1e6 ? 7 : magnitude >= 1e5 ? 6 : magnitude >= 1e4 ? 5 : magnitude >= 1e3 ? 4 : magnitude >= 100 ? 3 : magnitude >= 10 ? 2 : 1;
    for (int digits = whole; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value) break;
    }
    const char *dot = strpbrk(text, ".e") ? "" : ".0";
    const char *suffix = strchr(text, 'e') ? "f" : "";
    return wgsl_make(f, WGSL_F32, text[0] == '-' ? WGSL_UNARY : WGSL_PRIMARY, "%s%s%s", text, dot, suffix);
}

static expression constant(struct wgsl_function *f, LLVMValueRef value, enum wgsl_type type) {
    LLVMTypeRef llvm = LLVMTypeOf(value);
    if (LLVMIsUndef(value) || LLVMIsPoison(value) || LLVMIsNull(value)) {
        if (type == WGSL_F32) return wgsl_make(f, type, WGSL_PRIMARY, "0.0");
        return wgsl_integer(f, type, 0);
    }
    if (LLVMGetTypeKind(llvm) == LLVMPointerTypeKind) return wgsl_pointer(f, value, false);
    if (LLVMIsAConstantInt(value)) return wgsl_integer(f, type, LLVMConstIntGetZExtValue(value));
    if (LLVMIsAConstantFP(value)) {
        LLVMBool inexact;
        double number = LLVMConstRealGetDouble(value, &inexact);
        if (type == WGSL_U64) {
            union {
                double d;
                uint64_t u;
            } bits = {.d = number};
            return wgsl_integer(f, WGSL_U64, bits.u);
        }
        return float_constant(f, number);
    }
    if (LLVMIsAConstantExpr(value)) {
        LLVMOpcode opcode = LLVMGetConstOpcode(value);
        if (opcode == LLVMPtrToInt) {
            expression e = wgsl_pointer(f, LLVMGetOperand(value, 0), false);
            if (type == WGSL_U64) return wgsl_make(f, type, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "pointer_bits"), e.text);
            return e;
        }
    }
    char *text = LLVMPrintValueToString(value);
    wgsl_refuse(f->shader, NULL, "the constant '%s'", text);
    LLVMDisposeMessage(text);
    return wgsl_integer(f, type, 0);
}

/* ---- Operators ---------------------------------------------------------------------------------------------------- */

expression wgsl_binary(struct wgsl_function *f, enum wgsl_type type, enum wgsl_binding binding, const char *operator,
                       expression a, expression b) {
    /* The right operand of a left-associative operator must bind tighter. */
    enum wgsl_binding left = binding == WGSL_LOOSE ? WGSL_UNARY : binding;
    enum wgsl_binding right = binding == WGSL_ADD ? WGSL_MULTIPLY : WGSL_UNARY;
    bool compares = type == WGSL_BOOL && strpbrk(operator, "<>=!") && strcmp(operator, "&&") != 0;
    if (compares) left = right = WGSL_ADD;
    if (binding == WGSL_ADD && operator[0] == '+' && b.text[0] == '-' && b.binding == WGSL_UNARY && type != WGSL_F32)
        return wgsl_make(f, type, WGSL_ADD, "%s - %s", wgsl_operand(f, a, WGSL_ADD), b.text + 1);
    return wgsl_make(f, type, binding, "%s %s %s", wgsl_operand(f, a, left), operator, wgsl_operand(f, b, right));
}

static unsigned width_of(LLVMValueRef value) {
    return LLVMGetIntTypeWidth(LLVMTypeOf(value));
}

static uint64_t mask_of(unsigned width) {
    return width >= 64 ? UINT64_MAX : (1ull << width) - 1;
}

/* A value of `width` bits cut out of a u32 that may have more. */
static expression cut(struct wgsl_function *f, expression e, unsigned width) {
    if (width >= 32) return e;
    return wgsl_binary(f, WGSL_U32, WGSL_LOOSE, "&", wgsl_as(f, e, WGSL_U32), wgsl_integer(f, WGSL_U32, mask_of(width)));
}

expression wgsl_sign_extended(struct wgsl_function *f, expression e, unsigned width) {
    if (width == 1) return wgsl_make(f, WGSL_I32, WGSL_PRIMARY, "select(0, -1, %s)", e.text);
    if (width == 32) return wgsl_as(f, e, WGSL_I32);
    return wgsl_make(f, WGSL_I32, WGSL_LOOSE, "i32(%s << %uu) >> %uu", wgsl_operand(f, wgsl_as(f, e, WGSL_U32), WGSL_UNARY), 32 - width, 32 - width);
}

/* No comma outside of parentheses, and these match. */
static bool is_one_argument(const char *text, size_t length) {
    int depth = 0;
    for (size_t c = 0; c < length; c++) {
        depth += text[c] == '(' || text[c] == '[' ? 1 : text[c] == ')' || text[c] == ']' ? -1 : 0;
        if (depth < 0 || (depth == 0 && text[c] == ',')) return false;
    }
    return depth == 0;
}

expression wgsl_low(struct wgsl_function *f, LLVMValueRef value) {
    expression e = wgsl_expression_of(f, value);
    if (e.type != WGSL_U64) return e.type == WGSL_BOOL ? wgsl_as(f, e, WGSL_U32) : e;
    if (LLVMIsAConstantInt(value)) return wgsl_integer(f, WGSL_I32, LLVMConstIntGetZExtValue(value));
    size_t head = strlen("vec2<u32>("), length = strlen(e.text), tail = strlen(", 0u)");
    if (length > head + tail && strncmp(e.text, "vec2<u32>(", head) == 0 && strcmp(e.text + length - tail, ", 0u)") == 0 && is_one_argument(e.text + head, length - head - tail))
        return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%.*s", (int)(length - head - tail), e.text + head);
    return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.x", wgsl_operand(f, e, WGSL_PRIMARY));
}

expression wgsl_call2(struct wgsl_function *f, enum wgsl_type type, const char *name, expression a, expression b) {
    return wgsl_make(f, type, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(f->shader, name), a.text, b.text);
}

static expression call1(struct wgsl_function *f, enum wgsl_type type, const char *name, expression a) {
    return wgsl_make(f, type, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, name), a.text);
}

/* True if the upper half of a 64-bit integer is known to be zero. */
static bool has_low_only(LLVMValueRef value) {
    if (LLVMIsAConstantInt(value)) return LLVMConstIntGetZExtValue(value) <= UINT32_MAX;
    if (!LLVMIsAInstruction(value)) return false;
    LLVMValueRef amount = LLVMGetNumOperands(value) > 1 ? LLVMGetOperand(value, 1) : NULL;
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMZExt: return true;
    case LLVMAnd: return LLVMIsAConstantInt(amount) && LLVMConstIntGetZExtValue(amount) <= UINT32_MAX;
    case LLVMLShr: return LLVMIsAConstantInt(amount) && LLVMConstIntGetZExtValue(amount) >= 32;
    default: return false;
    }
}

/* A shift by 32 to 63 bits moves one word. */
static expression word_shift(struct wgsl_function *f, LLVMOpcode opcode, expression a, unsigned amount) {
    const char *from = wgsl_operand(f, a, WGSL_PRIMARY);
    struct cw_text more = {0};
    if (amount > 32) cw_text_printf(&more, " %s %uu", opcode == LLVMShl ? "<<" : ">>", amount - 32);
    expression e = opcode == LLVMShl ? wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(0u, %s.x%s)", from, cw_text_string(&more))
                                     : wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s.y%s, 0u)", from, cw_text_string(&more));
    cw_text_fini(&more);
    return e;
}

/* 64-bit integers. */
static expression wide(struct wgsl_function *f, LLVMValueRef i, LLVMOpcode opcode, expression a, expression b) {
    LLVMValueRef x = LLVMGetOperand(i, 0), y = LLVMGetOperand(i, 1);
    if (opcode == LLVMMul && has_low_only(x) && has_low_only(y))
        return wgsl_call2(f, WGSL_U64, "multiply_wide", wgsl_as(f, wgsl_low(f, x), WGSL_U32), wgsl_as(f, wgsl_low(f, y), WGSL_U32));
    if ((opcode == LLVMShl || opcode == LLVMLShr) && LLVMIsAConstantInt(y) && LLVMConstIntGetZExtValue(y) >= 32 && LLVMConstIntGetZExtValue(y) < 64)
        return word_shift(f, opcode, a, (unsigned)LLVMConstIntGetZExtValue(y));
    if (opcode == LLVMAnd && LLVMIsAConstantInt(y) && LLVMConstIntGetZExtValue(y) == UINT32_MAX)
        return wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "vec2<u32>(%s.x, 0u)", wgsl_operand(f, a, WGSL_PRIMARY));
    static const struct {
        LLVMOpcode opcode;
        const char *helper;
    } table[] = {{LLVMAdd, "add64"}, {LLVMSub, "sub64"}, {LLVMMul, "mul64"}, {LLVMUDiv, "udiv64"}, {LLVMURem, "urem64"},
                 {LLVMSDiv, "sdiv64"}, {LLVMSRem, "srem64"}};
    for (size_t t = 0; t < sizeof table / sizeof table[0]; t++)
        if (table[t].opcode == opcode) return wgsl_call2(f, WGSL_U64, table[t].helper, a, b);
    switch (opcode) {
    case LLVMAnd: return wgsl_binary(f, WGSL_U64, WGSL_LOOSE, "&", a, b);
    case LLVMOr: return wgsl_binary(f, WGSL_U64, WGSL_LOOSE, "|", a, b);
    case LLVMXor: return wgsl_binary(f, WGSL_U64, WGSL_LOOSE, "^", a, b);
    default: break;
    }
    expression amount = wgsl_as(f, wgsl_low(f, LLVMGetOperand(i, 1)), WGSL_U32);
    return wgsl_call2(f, WGSL_U64, opcode == LLVMShl ? "shl64" : opcode == LLVMLShr ? "lshr64" : "ashr64", a, amount);
}

static expression arithmetic(struct wgsl_function *f, LLVMValueRef i, LLVMOpcode opcode) {
    LLVMValueRef x = LLVMGetOperand(i, 0), y = LLVMGetOperand(i, 1);
    enum wgsl_type type = wgsl_type_of(f, i);
    unsigned width = width_of(i);
    if (type == WGSL_BOOL) {
        expression a = wgsl_expression_of(f, x), b = wgsl_expression_of(f, y);
        if (opcode == LLVMAnd) return wgsl_binary(f, type, WGSL_LOOSE, "&&", a, b);
        if (opcode == LLVMOr) return wgsl_binary(f, type, WGSL_LOOSE, "||", a, b);
        if (opcode == LLVMXor && LLVMIsAConstantInt(y) && LLVMConstIntGetZExtValue(y))
            return wgsl_make(f, type, WGSL_UNARY, "!%s", wgsl_operand(f, a, WGSL_PRIMARY));
        if (opcode == LLVMXor || opcode == LLVMAdd || opcode == LLVMSub) return wgsl_binary(f, type, WGSL_LOOSE, "!=", a, b);
        if (opcode == LLVMMul) return wgsl_binary(f, type, WGSL_LOOSE, "&&", a, b);
        return a;
    }
    if (width > 64 || (width > 32 && width < 64)) {
        wgsl_refuse(f->shader, i, "integers of %u bits", width);
        return wgsl_integer(f, type, 0);
    }
    if (type == WGSL_U64) return wide(f, i, opcode, wgsl_expression_of(f, x), wgsl_expression_of(f, y));

    expression a = wgsl_low(f, x), b = wgsl_low(f, y);
    bool small = width < 32;
    switch (opcode) {
    case LLVMAdd: case LLVMSub: case LLVMMul: {
        /* What is made of unsigned built-ins alone stays unsigned, and is converted once. */
        enum wgsl_type inner = type == WGSL_I32 && !small && wgsl_prefers_unsigned(a, b) ? WGSL_U32 : type;
        enum wgsl_binding binding = opcode == LLVMMul ? WGSL_MULTIPLY : WGSL_ADD;
        const char *operator = opcode == LLVMAdd ? "+" : opcode == LLVMSub ? "-" : "*";
        if (inner == WGSL_U32 && opcode == LLVMAdd && LLVMIsAConstantInt(y) && !small) {
            uint32_t added = (uint32_t)LLVMConstIntGetZExtValue(y);
            if (added > 0x80000000u)
                return wgsl_as(f, wgsl_binary(f, inner, binding, "-", wgsl_as(f, a, inner), wgsl_integer(f, inner, 0u - added)), type);
        }
        expression e = wgsl_binary(f, inner, binding, operator, wgsl_as(f, a, inner), wgsl_as(f, b, inner));
        return small ? cut(f, e, width) : wgsl_as(f, e, type);
    }
    case LLVMAnd: return wgsl_binary(f, type, WGSL_LOOSE, "&", wgsl_as(f, a, type), wgsl_as(f, b, type));
    case LLVMOr:
        /* LLVM's way to say that a sum has no carries, which people and compilers of shaders understand better as a sum. */
        if (LLVMGetIsDisjoint(i) && LLVMIsAConstantInt(y) && !small) return wgsl_binary(f, type, WGSL_ADD, "+", wgsl_as(f, a, type), wgsl_as(f, b, type));
        return wgsl_binary(f, type, WGSL_LOOSE, "|", wgsl_as(f, a, type), wgsl_as(f, b, type));
    case LLVMXor: return wgsl_binary(f, type, WGSL_LOOSE, "^", wgsl_as(f, a, type), wgsl_as(f, b, type));
    case LLVMUDiv: case LLVMURem: {
        expression e = wgsl_binary(f, WGSL_U32, WGSL_MULTIPLY, opcode == LLVMUDiv ? "/" : "%", wgsl_as(f, a, WGSL_U32), wgsl_as(f, b, WGSL_U32));
        return wgsl_as(f, e, type);
    }
    case LLVMSDiv: case LLVMSRem: {
        expression e = wgsl_binary(f, WGSL_I32, WGSL_MULTIPLY, opcode == LLVMSDiv ? "/" : "%", wgsl_sign_extended(f, a, width), wgsl_sign_extended(f, b, width));
        return small ? cut(f, e, width) : wgsl_as(f, e, type);
    }
    case LLVMShl: {
        if (LLVMIsAConstantInt(y) && LLVMConstIntGetZExtValue(y) < 24 && !small) {
            enum wgsl_type own = a.type == WGSL_U32 || is_call_of(a.text, "i32") ? WGSL_U32 : type;
            expression factor = wgsl_integer(f, own, 1ull << LLVMConstIntGetZExtValue(y));
            return wgsl_as(f, wgsl_binary(f, own, WGSL_MULTIPLY, "*", wgsl_as(f, a, own), factor), type);
        }
        expression e = wgsl_binary(f, type, WGSL_LOOSE, "<<", wgsl_as(f, a, type), wgsl_as(f, b, WGSL_U32));
        return small ? cut(f, e, width) : e;
    }
    case LLVMLShr: return wgsl_as(f, wgsl_binary(f, WGSL_U32, WGSL_LOOSE, ">>", wgsl_as(f, a, WGSL_U32), wgsl_as(f, b, WGSL_U32)), type);
    default: {
        expression e = wgsl_binary(f, WGSL_I32, WGSL_LOOSE, ">>", wgsl_sign_extended(f, a, width), wgsl_as(f, b, WGSL_U32));
        return small ? cut(f, e, width) : wgsl_as(f, e, type);
    }
    }
}

/* half and bfloat: computed as float, then rounded to their type. Sums, products and quotients of values of at most 11 bits
 * are not changed by rounding twice (Figueroa, "When is double rounding innocuous?", 1995). */
static expression rounded(struct wgsl_function *f, LLVMTypeRef type, expression e) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    if (kind == LLVMHalfTypeKind) return call1(f, WGSL_F32, "round_half", e);
    if (kind == LLVMBFloatTypeKind) return call1(f, WGSL_F32, "round_bfloat", e);
    return e;
}

/* True if the values are equal up to their sign. */
static bool same_size(LLVMValueRef a, LLVMValueRef b) {
    LLVMBool inexact;
    if (LLVMIsAConstantFP(a) && LLVMIsAConstantFP(b)) return fabs(LLVMConstRealGetDouble(a, &inexact)) == fabs(LLVMConstRealGetDouble(b, &inexact));
    if (LLVMIsAInstruction(a) && LLVMGetInstructionOpcode(a) == LLVMFNeg) a = LLVMGetOperand(a, 0);
    if (LLVMIsAInstruction(b) && LLVMGetInstructionOpcode(b) == LLVMFNeg) b = LLVMGetOperand(b, 0);
    return a == b;
}

/* True if `i`, a sum, takes away again what its operand `sum` has just added: (x + y) - x. Programs do that to learn what
 * rounding lost, or to round; compilers of WGSL may reassociate it to y (WGSL, 15.6.4 "Reassociation and Fusion"). */
static bool undoes(LLVMValueRef i, LLVMValueRef sum, LLVMValueRef other) {
    (void)i;
    if (!LLVMIsAInstruction(sum)) return false;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(sum);
    if (opcode == LLVMFAdd || opcode == LLVMFSub) return same_size(LLVMGetOperand(sum, 0), other) || same_size(LLVMGetOperand(sum, 1), other);
    LLVMValueRef callee = opcode == LLVMCall ? cw_called_function(sum) : NULL;
    return callee && (strncmp(cw_value_name(callee), "llvm.fma.", 9) == 0 || strncmp(cw_value_name(callee), "llvm.fmuladd.", 13) == 0) && same_size(LLVMGetOperand(sum, 2), other);
}

static expression kept(struct wgsl_function *f, expression e) {
    f->shader->uses_keep = true;
    return call1(f, WGSL_F32, "keep", e);
}

static expression floating(struct wgsl_function *f, LLVMValueRef i, LLVMOpcode opcode) {
    LLVMValueRef x = LLVMGetOperand(i, 0), y = LLVMGetOperand(i, 1);
    expression a = wgsl_expression_of(f, x), b = wgsl_expression_of(f, y);
    LLVMTypeRef type = LLVMTypeOf(i);
    if ((opcode == LLVMFAdd || opcode == LLVMFSub) && LLVMGetTypeKind(type) == LLVMFloatTypeKind && f->entry) {
        if (undoes(i, x, y)) a = kept(f, a);
        else if (undoes(i, y, x)) b = kept(f, b);
    }
    if (LLVMGetTypeKind(type) == LLVMDoubleTypeKind) {
        const char *name = opcode == LLVMFAdd ? "f64_add" : opcode == LLVMFSub ? "f64_sub" : opcode == LLVMFMul ? "f64_mul" : opcode == LLVMFDiv ? "f64_div" : NULL;
        if (name) return wgsl_call2(f, WGSL_U64, name, a, b);
        return wgsl_call2(f, WGSL_U64, "f64_rem", a, b);
    }
    if (opcode == LLVMFRem) return rounded(f, type, wgsl_call2(f, WGSL_F32, "remainder_f32", a, b));
    const char *operator = opcode == LLVMFAdd ? "+" : opcode == LLVMFSub ? "-" : opcode == LLVMFMul ? "*" : "/";
    return rounded(f, type, wgsl_binary(f, WGSL_F32, opcode == LLVMFAdd || opcode == LLVMFSub ? WGSL_ADD : WGSL_MULTIPLY, operator, a, b));
}

/* ---- Conversions ---------------------------------------------------------------------------------------------------- */

static expression widened(struct wgsl_function *f, LLVMValueRef i, bool is_signed) {
    LLVMValueRef x = LLVMGetOperand(i, 0);
    unsigned from = width_of(x), to = width_of(i);
    enum wgsl_type type = wgsl_type_of(f, i);
    expression a = wgsl_expression_of(f, x);
    if (from > 32) return a; /* only to more than 64 bits, which is refused where it is used */
    if (type == WGSL_U64) {
        expression low = is_signed ? wgsl_sign_extended(f, a, from) : wgsl_as(f, a, WGSL_U32);
        return call1(f, WGSL_U64, is_signed ? "sext64" : "zext64", low);
    }
    if (!is_signed) return wgsl_as(f, a, type);
    expression e = wgsl_sign_extended(f, a, from);
    return to < 32 ? cut(f, e, to) : wgsl_as(f, e, type);
}

static expression bits_as(struct wgsl_function *f, LLVMValueRef i) {
    LLVMValueRef x = LLVMGetOperand(i, 0);
    LLVMTypeKind from = LLVMGetTypeKind(LLVMTypeOf(x)), to = LLVMGetTypeKind(LLVMTypeOf(i));
    expression a = wgsl_expression_of(f, x);
    if (from == LLVMHalfTypeKind) return call1(f, WGSL_U32, "half_bits", a);
    if (from == LLVMBFloatTypeKind) return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "bitcast<u32>(%s) >> 16u", a.text);
    if (to == LLVMHalfTypeKind) return call1(f, WGSL_F32, "half_of_bits", wgsl_as(f, a, WGSL_U32));
    if (to == LLVMBFloatTypeKind) return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "bitcast<f32>(%s << 16u)", wgsl_operand(f, wgsl_as(f, a, WGSL_U32), WGSL_UNARY));
    if (from == LLVMVectorTypeKind || to == LLVMVectorTypeKind) {
        wgsl_refuse(f->shader, i, "vectors as other values' bits");
        return wgsl_integer(f, WGSL_U32, 0);
    }
    return wgsl_as(f, a, wgsl_type_of(f, i));
}

static expression number_to_float(struct wgsl_function *f, LLVMValueRef i, bool is_signed) {
    LLVMValueRef x = LLVMGetOperand(i, 0);
    unsigned width = width_of(x);
    bool to_double = LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMDoubleTypeKind;
    expression a = wgsl_expression_of(f, x);
    if (width == 64 && a.type == WGSL_U64) {
        if (to_double) return call1(f, WGSL_U64, is_signed ? "f64_from_i64" : "f64_from_u64", a);
        return rounded(f, LLVMTypeOf(i), call1(f, WGSL_F32, is_signed ? "f32_from_i64" : "f32_from_u64", a));
    }
    a = is_signed ? wgsl_sign_extended(f, a, width) : wgsl_as(f, a, WGSL_U32);
    if (to_double) return call1(f, WGSL_U64, is_signed ? "f64_from_i32" : "f64_from_u32", wgsl_as(f, a, WGSL_U32));
    return rounded(f, LLVMTypeOf(i), wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "f32(%s)", a.text));
}

/* 64 bits of a 128-bit product: what __mul64hi and checked multiplications become. */
static expression product_half(struct wgsl_function *f, LLVMValueRef i, LLVMValueRef x) {
    bool high = LLVMIsAInstruction(x) && LLVMGetInstructionOpcode(x) == LLVMLShr && LLVMIsAConstantInt(LLVMGetOperand(x, 1)) && LLVMConstIntGetZExtValue(LLVMGetOperand(x, 1)) == 64;
    LLVMValueRef product = high ? LLVMGetOperand(x, 0) : x;
    bool fits = width_of(i) == 64 && LLVMIsAInstruction(product) && LLVMGetInstructionOpcode(product) == LLVMMul;
    LLVMValueRef factors[2] = {NULL, NULL};
    bool is_signed = false;
    expression values[2];
    for (unsigned k = 0; k < 2 && fits; k++) {
        LLVMValueRef factor = LLVMGetOperand(product, k);
        LLVMOpcode opcode = LLVMIsAInstruction(factor) ? LLVMGetInstructionOpcode(factor) : (LLVMOpcode)0;
        factors[k] = factor;
        if (LLVMIsAConstantInt(factor)) {
            values[k] = wgsl_integer(f, WGSL_U64, LLVMConstIntGetZExtValue(factor));
        } else if ((opcode == LLVMZExt || opcode == LLVMSExt) && width_of(LLVMGetOperand(factor, 0)) == 64) {
            is_signed = is_signed || opcode == LLVMSExt;
            values[k] = wgsl_expression_of(f, LLVMGetOperand(factor, 0));
        } else {
            fits = false;
        }
    }
    if (!fits || !factors[1]) {
        wgsl_refuse(f->shader, i, "integers of %u bits", width_of(x));
        return wgsl_integer(f, wgsl_type_of(f, i), 0);
    }
    return wgsl_call2(f, WGSL_U64, !high ? "mul64" : is_signed ? "mulhi64_signed" : "mulhi64", values[0], values[1]);
}

static expression shortened(struct wgsl_function *f, LLVMValueRef i) {
    LLVMValueRef x = LLVMGetOperand(i, 0);
    unsigned to = width_of(i);
    if (width_of(x) > 64) return product_half(f, i, x);
    expression a = wgsl_low(f, x);
    if (to == 1) return wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "(%s & 1u) != 0u", wgsl_operand(f, wgsl_as(f, a, WGSL_U32), WGSL_UNARY));
    if (to > 32) return wgsl_expression_of(f, x);
    return to < 32 ? cut(f, a, to) : wgsl_as(f, a, wgsl_type_of(f, i));
}

static expression chosen(struct wgsl_function *f, LLVMValueRef i) {
    enum wgsl_type type = wgsl_type_of(f, i);
    expression condition = wgsl_expression_of(f, LLVMGetOperand(i, 0));
    LLVMValueRef x = LLVMGetOperand(i, 1), y = LLVMGetOperand(i, 2);
    expression a, b;
    if (LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMPointerTypeKind) {
        bool relative = true;
        uint32_t root = wgsl_root(f, i);
        relative = root != f->shader->heap && root != f->shader->generic;
        a = wgsl_pointer(f, x, relative);
        b = wgsl_pointer(f, y, relative);
    } else if (type == WGSL_I32 || (type == WGSL_U32)) {
        a = wgsl_as(f, wgsl_low(f, x), type);
        b = wgsl_as(f, wgsl_low(f, y), type);
    } else {
        a = wgsl_expression_of(f, x);
        b = wgsl_expression_of(f, y);
    }
    if (type == WGSL_BOOL) {
        /* and, or: LLVM writes them so to keep poison out. */
        if (LLVMIsAConstantInt(y) && !LLVMConstIntGetZExtValue(y)) return wgsl_binary(f, type, WGSL_LOOSE, "&&", condition, a);
        if (LLVMIsAConstantInt(x) && LLVMConstIntGetZExtValue(x)) return wgsl_binary(f, type, WGSL_LOOSE, "||", condition, b);
    }
    return wgsl_make(f, type, WGSL_PRIMARY, "select(%s, %s, %s)", b.text, a.text, condition.text);
}

expression wgsl_compute(struct wgsl_function *f, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMVectorTypeKind && (opcode != LLVMLoad || wgsl_type_of(f, i) == WGSL_VOID)) {
        wgsl_refuse(f->shader, i, "values of vector type");
        return wgsl_integer(f, WGSL_U32, 0);
    }
    switch (opcode) {
    case LLVMAdd: case LLVMSub: case LLVMMul: case LLVMUDiv: case LLVMSDiv: case LLVMURem: case LLVMSRem:
    case LLVMShl: case LLVMLShr: case LLVMAShr: case LLVMAnd: case LLVMOr: case LLVMXor:
        return arithmetic(f, i, opcode);
    case LLVMFAdd: case LLVMFSub: case LLVMFMul: case LLVMFDiv: case LLVMFRem:
        return floating(f, i, opcode);
    case LLVMFNeg: {
        expression a = wgsl_expression_of(f, LLVMGetOperand(i, 0));
        if (a.type == WGSL_U64) return wgsl_make(f, WGSL_U64, WGSL_LOOSE, "%s ^ vec2<u32>(0u, 0x80000000u)", wgsl_operand(f, a, WGSL_UNARY));
        return wgsl_make(f, WGSL_F32, WGSL_UNARY, "-%s", wgsl_operand(f, a, WGSL_PRIMARY));
    }
    case LLVMICmp: return wgsl_compare_integers(f, i);
    case LLVMFCmp: return wgsl_compare_floats(f, i);
    case LLVMSExt: return widened(f, i, true);
    case LLVMZExt: return widened(f, i, false);
    case LLVMTrunc: return shortened(f, i);
    case LLVMBitCast: return LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMPointerTypeKind ? wgsl_pointer(f, i, false) : bits_as(f, i);
    case LLVMFPExt: {
        expression a = wgsl_expression_of(f, LLVMGetOperand(i, 0));
        return LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMDoubleTypeKind ? call1(f, WGSL_U64, "f64_from_f32", a) : a;
    }
    case LLVMFPTrunc: {
        expression a = wgsl_expression_of(f, LLVMGetOperand(i, 0));
        if (a.type != WGSL_U64) return rounded(f, LLVMTypeOf(i), a);
        LLVMTypeKind to = LLVMGetTypeKind(LLVMTypeOf(i));
        if (to == LLVMFloatTypeKind) return call1(f, WGSL_F32, "f32_from_f64", a);
        return call1(f, WGSL_F32, to == LLVMHalfTypeKind ? "half_from_f64" : "bfloat_from_f64", a);
    }
    case LLVMSIToFP: return number_to_float(f, i, true);
    case LLVMUIToFP: return number_to_float(f, i, false);
    case LLVMSelect: return chosen(f, i);
    case LLVMFreeze: return LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMPointerTypeKind ? wgsl_pointer(f, i, false) : wgsl_as(f, wgsl_expression_of(f, LLVMGetOperand(i, 0)), wgsl_type_of(f, i));
    case LLVMPtrToInt: {
        expression a = wgsl_pointer(f, LLVMGetOperand(i, 0), false);
        enum wgsl_type type = wgsl_type_of(f, i);
        if (type == WGSL_U64) return call1(f, WGSL_U64, "pointer_bits", a);
        return width_of(i) < 32 ? cut(f, a, width_of(i)) : wgsl_as(f, a, type);
    }
    case LLVMIntToPtr: return wgsl_as(f, wgsl_low(f, LLVMGetOperand(i, 0)), WGSL_U32);
    case LLVMGetElementPtr: case LLVMAddrSpaceCast: return wgsl_pointer(f, i, false);
    case LLVMLoad: return wgsl_load(f, i);
    case LLVMExtractValue: {
        LLVMValueRef whole = LLVMGetOperand(i, 0);
        const struct wgsl_value *value = wgsl_value_of(f, whole);
        if (!value || value->variable == WGSL_NONE || LLVMGetNumIndices(i) != 1) {
            wgsl_refuse(f->shader, i, "a structure as a value");
            return wgsl_integer(f, wgsl_type_of(f, i), 0);
        }
        const char *name = f->lines.variables[value->variable].name;
        expression e = {wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s.%s", name, *LLVMGetIndices(i) ? "flag" : "value").text,
                        *LLVMGetIndices(i) ? WGSL_BOOL : WGSL_U32, WGSL_PRIMARY, WGSL_PRIMARY, false};
        LLVMTypeRef type = LLVMTypeOf(i);
        if (LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 64) e.type = WGSL_U64;
        return wgsl_as(f, e, wgsl_type_of(f, i));
    }
    case LLVMExtractElement: {
        expression a = wgsl_expression_of(f, LLVMGetOperand(i, 0));
        LLVMValueRef lane = LLVMGetOperand(i, 1);
        if ((a.type != WGSL_F32X4 && a.type != WGSL_U32X4) || !LLVMIsAConstantInt(lane) || LLVMConstIntGetZExtValue(lane) > 3) {
            wgsl_refuse(f->shader, i, "values of vector type");
            return wgsl_integer(f, WGSL_U32, 0);
        }
        return wgsl_as(f, wgsl_make(f, a.type == WGSL_F32X4 ? WGSL_F32 : WGSL_U32, WGSL_PRIMARY, "%s.%c", wgsl_operand(f, a, WGSL_PRIMARY), "xyzw"[LLVMConstIntGetZExtValue(lane)]),
                       wgsl_type_of(f, i));
    }
    case LLVMCall: return wgsl_call(f, i);
    default:
        wgsl_refuse(f->shader, i, "the instruction '%s'", LLVMGetInstructionOpcode(i) == LLVMShuffleVector ? "shufflevector" : "unknown");
        return wgsl_integer(f, WGSL_U32, 0);
    }
}

expression wgsl_expression_of(struct wgsl_function *f, LLVMValueRef value) {
    const struct wgsl_value *info = wgsl_value_of(f, value);
    if (!info) return constant(f, value, wgsl_type_of(f, value));
    if (info->variable != WGSL_NONE) return wgsl_make(f, info->type, WGSL_PRIMARY, "%s", f->lines.variables[info->variable].name);
    return wgsl_as(f, wgsl_compute(f, value), info->type);
}
