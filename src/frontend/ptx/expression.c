/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expression.c: constants and constant expressions (PTX ISA 4.5). Integers are 64 bits wide, signed until one is unsigned;
 * floating-point arithmetic is in double precision. Precedence climbing, with a bound on the nesting.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

#define NUMBER_LENGTH_MAX 400u

bool cw_ptx_value_is_float(const struct cw_ptx_value *value) {
    return value->kind == CW_PTX_VALUE_SINGLE || value->kind == CW_PTX_VALUE_DOUBLE;
}

double cw_ptx_value_real(const struct cw_ptx_value *value) {
    double real;
    float single;
    uint32_t low = (uint32_t)value->bits;
    switch (value->kind) {
    case CW_PTX_VALUE_SINGLE:
        memcpy(&single, &low, sizeof(single));
        return single;
    case CW_PTX_VALUE_DOUBLE:
        memcpy(&real, &value->bits, sizeof(real));
        return real;
    case CW_PTX_VALUE_SIGNED:
        return (double)(int64_t)value->bits;
    default:
        return (double)value->bits;
    }
}

static struct cw_ptx_value real_value(double real) {
    struct cw_ptx_value value = {.kind = CW_PTX_VALUE_DOUBLE};
    memcpy(&value.bits, &real, sizeof(real));
    return value;
}

/* A double as binary16, rounded to nearest even. */
static uint64_t half_bits(double real) {
    uint64_t sign = signbit(real) ? 0x8000u : 0;
    double size = fabs(real);
    if (isnan(real)) {
        return sign | 0x7e00u;
    }
    if (size >= 65520.0) {
        return sign | 0x7c00u;
    }
    if (size < 0x1p-14) {
        return sign | (uint64_t)nearbyint(size * 0x1p24);
    }
    int exponent;
    double fraction = frexp(size, &exponent);                   /* [0.5, 1) */
    uint64_t mantissa = (uint64_t)nearbyint(fraction * 2048.0); /* [1024, 2048] */
    return sign | (((uint64_t)(exponent + 13) << 10) + mantissa);
}

bool cw_ptx_value_bits(const struct cw_ptx_value *value, enum cw_ptx_word type, uint64_t *bits) {
    unsigned width = cw_ptx_type_bits(type);
    if (cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT && width >= 16) {
        double real = cw_ptx_value_real(value);
        if (type == CW_PTX_F64) {
            memcpy(bits, &real, sizeof(real));
        } else if (type == CW_PTX_F16) {
            *bits = half_bits(real);
        } else if (value->kind == CW_PTX_VALUE_SINGLE && width == 32) {
            *bits = value->bits;
        } else {
            float single = (float)real;
            uint32_t low;
            memcpy(&low, &single, sizeof(low));
            /* bf16: the upper half, rounded to nearest even; a NaN stays one. */
            uint32_t upper = isnan(real) ? (low >> 16) | 0x40u : (low + 0x7fffu + ((low >> 16) & 1u)) >> 16;
            *bits = width == 32 ? low : upper;
        }
        return true;
    }
    if (cw_ptx_value_is_float(value)) {
        /* A pattern: only where its width is the type's, and the type is of bits (9.4). */
        unsigned have = value->kind == CW_PTX_VALUE_SINGLE ? 32 : 64;
        if (cw_ptx_type_kind(type) != CW_PTX_KIND_BITS || width != have) {
            return false;
        }
        *bits = value->bits;
        return true;
    }
    *bits = width >= 64 ? value->bits : value->bits & (((uint64_t)1 << width) - 1);
    return true;
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* Digits of a base into 64 bits. */
static bool read_digits(const char *text, size_t length, unsigned base, uint64_t *bits) {
    *bits = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)digit_of(text[i]);
        if (digit >= base || __builtin_mul_overflow(*bits, (uint64_t)base, bits) ||
            __builtin_add_overflow(*bits, (uint64_t)digit, bits)) {
            return false;
        }
    }
    return length > 0;
}

static bool read_decimal_float(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    const struct cw_ptx_token *token = &parser->token;
    char copy[NUMBER_LENGTH_MAX + 1];
    if (token->length > NUMBER_LENGTH_MAX) {
        return cw_ptx_error(parser, token->span, "4.5.2", "the constant has more than %u characters",
                            NUMBER_LENGTH_MAX);
    }
    for (size_t i = 0; i < token->length; i++) {
        char c = token->text[i];
        if (!((c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-')) {
            return cw_ptx_error(parser, token->span, "4.5.2", "'%.*s' is no floating-point constant",
                                (int)token->length, token->text);
        }
        copy[i] = c;
    }
    copy[token->length] = '\0';
    char *stop;
    double real = strtod(copy, &stop);
    if (*stop != '\0') {
        return cw_ptx_error(parser, token->span, "4.5.2", "'%s' is no floating-point constant", copy);
    }
    *value = real_value(real);
    return true;
}

/* Reads the NUMBER token. */
static bool read_constant(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    const struct cw_ptx_token *token = &parser->token;
    const char *text = token->text;
    size_t length = token->length;
    char second = length > 1 && text[0] == '0' ? text[1] : '\0';
    if (second == 'f' || second == 'F' || second == 'd' || second == 'D') {
        bool single = second == 'f' || second == 'F';
        value->kind = single ? CW_PTX_VALUE_SINGLE : CW_PTX_VALUE_DOUBLE;
        if (length != (single ? 10u : 18u) || !read_digits(text + 2, length - 2, 16, &value->bits)) {
            return cw_ptx_error(parser, token->span, "4.5.2", "0%c is followed by %s hexadecimal digits", second,
                                single ? "8" : "16");
        }
        cw_ptx_next(parser);
        return true;
    }
    bool hexadecimal = second == 'x' || second == 'X';
    for (size_t i = 0; i < length && !hexadecimal; i++) {
        if (text[i] == '.' || ((text[i] == 'e' || text[i] == 'E') && second != 'b' && second != 'B')) {
            bool good = read_decimal_float(parser, value);
            cw_ptx_next(parser);
            return good;
        }
    }
    bool is_unsigned = text[length - 1] == 'U';
    length -= is_unsigned;
    unsigned base = 10;
    size_t skip = 0;
    if (hexadecimal) {
        base = 16;
        skip = 2;
    } else if (second == 'b' || second == 'B') {
        base = 2;
        skip = 2;
    } else if (second != '\0' && length > 1) {
        base = 8;
        skip = 1;
    }
    if (length <= skip || !read_digits(text + skip, length - skip, base, &value->bits)) {
        int shown = token->length > 60 ? 60 : (int)token->length;
        return cw_ptx_error(parser, token->span, "4.5.1", "'%.*s' is no integer constant of 64 bits", shown,
                            token->text);
    }
    value->kind = is_unsigned || value->bits > INT64_MAX ? CW_PTX_VALUE_UNSIGNED : CW_PTX_VALUE_SIGNED;
    cw_ptx_next(parser);
    return true;
}

/* The number of an operand of inline text, `%3`; false for other names. */
static bool inline_constant(const struct cw_ptx_parser *parser, const struct cw_ptx_token *token, uint32_t *number) {
    uint64_t value;
    if (!parser->is_inline || token->kind != CW_PTX_TOKEN_NAME || token->length < 2 || token->text[0] != '%' ||
        !read_digits(token->text + 1, token->length - 1, 10, &value) || value >= parser->inline_count) {
        return false;
    }
    *number = (uint32_t)value;
    return parser->inline_operands[value].constant;
}

bool cw_ptx_begins_constant(const struct cw_ptx_parser *parser) {
    const struct cw_ptx_token *token = &parser->token;
    uint32_t number;
    if (token->kind == CW_PTX_TOKEN_NAME) {
        return cw_ptx_token_is(token, "WARP_SZ") || inline_constant(parser, token, &number);
    }
    return token->kind == CW_PTX_TOKEN_NUMBER ||
           (token->kind == CW_PTX_TOKEN_SIGN && (token->sign == '-' || token->sign == '+' || token->sign == '~' ||
                                                 token->sign == '!' || token->sign == '('));
}

static bool expression(struct cw_ptx_parser *parser, unsigned least, struct cw_ptx_value *value);

/* (.s64) and (.u64) before an operand (4.5.4), or a parenthesis. */
static bool read_parenthesis(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    cw_ptx_next(parser);
    if (parser->token.kind == CW_PTX_TOKEN_DOT) {
        bool is_unsigned = cw_ptx_is_dot(parser, "u64");
        if (!is_unsigned && !cw_ptx_is_dot(parser, "s64")) {
            return cw_ptx_unexpected(parser, ".s64 or .u64");
        }
        cw_ptx_next(parser);
        struct cw_ptx_span span = parser->token.span;
        if (!cw_ptx_expect_sign(parser, ')') || !cw_ptx_expression_unary(parser, value)) {
            return false;
        }
        if (cw_ptx_value_is_float(value)) {
            return cw_ptx_error(parser, span, "4.5.4", "only integer constants can be converted to .s64 or .u64");
        }
        value->kind = is_unsigned ? CW_PTX_VALUE_UNSIGNED : CW_PTX_VALUE_SIGNED;
        return true;
    }
    return expression(parser, 1, value) && cw_ptx_expect_sign(parser, ')');
}

static bool read_unary_sign(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    int sign = parser->token.sign;
    struct cw_ptx_span span = parser->token.span;
    cw_ptx_next(parser);
    if (!cw_ptx_expression_unary(parser, value)) {
        return false;
    }
    if (cw_ptx_value_is_float(value)) {
        if (sign == '~' || sign == '!') {
            return cw_ptx_error(parser, span, "4.5.4", "'%c' takes an integer", sign);
        }
        if (sign == '-') {
            value->bits ^= value->kind == CW_PTX_VALUE_SINGLE ? (uint64_t)1 << 31 : (uint64_t)1 << 63;
        }
        return true;
    }
    if (sign == '-') {
        value->bits = 0 - value->bits;
    } else if (sign == '~') {
        value->bits = ~value->bits;
    } else if (sign == '!') {
        *value = (struct cw_ptx_value){.kind = CW_PTX_VALUE_SIGNED, .bits = value->bits == 0};
    }
    return true;
}

bool cw_ptx_expression_unary(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    const struct cw_ptx_token *token = &parser->token;
    uint32_t number;
    if (parser->nesting >= CW_PTX_NESTING_MAX) {
        parser->stopped = true;
        return cw_ptx_error(parser, token->span, "", "the expression is nested more than %u deep", CW_PTX_NESTING_MAX);
    }
    parser->nesting++;
    bool good = false;
    if (token->kind == CW_PTX_TOKEN_NUMBER) {
        good = read_constant(parser, value);
    } else if (token->kind == CW_PTX_TOKEN_NAME && cw_ptx_token_is(token, "WARP_SZ")) {
        *value = (struct cw_ptx_value){.kind = CW_PTX_VALUE_SIGNED, .bits = 32};
        cw_ptx_next(parser);
        good = true;
    } else if (inline_constant(parser, token, &number)) {
        *value =
            (struct cw_ptx_value){.kind = CW_PTX_VALUE_SIGNED, .bits = (uint64_t)parser->inline_operands[number].value};
        cw_ptx_next(parser);
        good = true;
    } else if (cw_ptx_is_sign(parser, '(')) {
        good = read_parenthesis(parser, value);
    } else if (cw_ptx_begins_constant(parser)) {
        good = read_unary_sign(parser, value);
    } else {
        cw_ptx_unexpected(parser, "a constant");
    }
    parser->nesting--;
    return good;
}

/* Binding strength of a binary operator, 0 for none (4.5.5). */
static unsigned strength_of(const struct cw_ptx_token *token) {
    if (token->kind != CW_PTX_TOKEN_SIGN) {
        return 0;
    }
    switch (token->sign) {
    case '*':
    case '/':
    case '%':
        return 11;
    case '+':
    case '-':
        return 10;
    case CW_PTX_SIGN_SHL:
    case CW_PTX_SIGN_SHR:
        return 9;
    case '<':
    case '>':
    case CW_PTX_SIGN_LE:
    case CW_PTX_SIGN_GE:
        return 8;
    case CW_PTX_SIGN_EQ:
    case CW_PTX_SIGN_NE:
        return 7;
    case '&':
        return 6;
    case '^':
        return 5;
    case '|':
        return 4;
    case CW_PTX_SIGN_AND:
        return 3;
    case CW_PTX_SIGN_OR:
        return 2;
    case '?':
        return 1;
    default:
        return 0;
    }
}

static bool combine_real(struct cw_ptx_parser *parser, struct cw_ptx_span span, int sign, struct cw_ptx_value *left,
                         const struct cw_ptx_value *right) {
    double a = cw_ptx_value_real(left), b = cw_ptx_value_real(right);
    switch (sign) {
    case '+':
        *left = real_value(a + b);
        return true;
    case '-':
        *left = real_value(a - b);
        return true;
    case '*':
        *left = real_value(a * b);
        return true;
    case '/':
        *left = real_value(a / b);
        return true;
    default:
        break;
    }
    bool truth;
    switch (sign) {
    case '<':
        truth = a < b;
        break;
    case '>':
        truth = a > b;
        break;
    case CW_PTX_SIGN_LE:
        truth = a <= b;
        break;
    case CW_PTX_SIGN_GE:
        truth = a >= b;
        break;
    case CW_PTX_SIGN_EQ:
        truth = a == b;
        break;
    case CW_PTX_SIGN_NE:
        truth = a != b;
        break;
    default:
        return cw_ptx_error(parser, span, "4.5.5", "this operator takes integers");
    }
    *left = (struct cw_ptx_value){.kind = CW_PTX_VALUE_SIGNED, .bits = truth};
    return true;
}

static bool divide(struct cw_ptx_parser *parser, struct cw_ptx_span span, int sign, struct cw_ptx_value *left,
                   uint64_t divisor, bool is_unsigned) {
    if (divisor == 0) {
        return cw_ptx_error(parser, span, "4.5.5", "division by zero in a constant expression");
    }
    if (is_unsigned) {
        left->bits = sign == '/' ? left->bits / divisor : left->bits % divisor;
    } else if (divisor == UINT64_MAX) {
        left->bits = sign == '/' ? 0 - left->bits : 0;
    } else {
        int64_t a = (int64_t)left->bits, b = (int64_t)divisor;
        left->bits = (uint64_t)(sign == '/' ? a / b : a % b);
    }
    return true;
}

static uint64_t shift(uint64_t bits, uint64_t count, bool left, bool is_unsigned) {
    if (left) {
        return count > 63 ? 0 : bits << count;
    }
    if (is_unsigned) {
        return count > 63 ? 0 : bits >> count;
    }
    return (uint64_t)((int64_t)bits >> (count > 63 ? 63 : count));
}

static bool combine(struct cw_ptx_parser *parser, struct cw_ptx_span span, int sign, struct cw_ptx_value *left,
                    const struct cw_ptx_value *right) {
    if (cw_ptx_value_is_float(left) || cw_ptx_value_is_float(right)) {
        return combine_real(parser, span, sign, left, right);
    }
    bool is_unsigned = left->kind == CW_PTX_VALUE_UNSIGNED || right->kind == CW_PTX_VALUE_UNSIGNED;
    uint64_t a = left->bits, b = right->bits;
    bool less = is_unsigned ? a < b : (int64_t)a < (int64_t)b;
    struct cw_ptx_value value = {.kind = is_unsigned ? CW_PTX_VALUE_UNSIGNED : CW_PTX_VALUE_SIGNED, .bits = a};
    bool is_truth = true;
    switch (sign) {
    case '<':
        value.bits = less;
        break;
    case CW_PTX_SIGN_GE:
        value.bits = !less;
        break;
    case '>':
        value.bits = !less && a != b;
        break;
    case CW_PTX_SIGN_LE:
        value.bits = less || a == b;
        break;
    case CW_PTX_SIGN_EQ:
        value.bits = a == b;
        break;
    case CW_PTX_SIGN_NE:
        value.bits = a != b;
        break;
    case CW_PTX_SIGN_AND:
        value.bits = a != 0 && b != 0;
        break;
    case CW_PTX_SIGN_OR:
        value.bits = a != 0 || b != 0;
        break;
    default:
        is_truth = false;
        break;
    }
    if (is_truth) {
        value.kind = CW_PTX_VALUE_SIGNED;
        *left = value;
        return true;
    }
    switch (sign) {
    case '*':
        value.bits = a * b;
        break;
    case '+':
        value.bits = a + b;
        break;
    case '-':
        value.bits = a - b;
        break;
    case '&':
        value.bits = a & b;
        break;
    case '^':
        value.bits = a ^ b;
        break;
    case '|':
        value.bits = a | b;
        break;
    case CW_PTX_SIGN_SHL:
    case CW_PTX_SIGN_SHR:
        value.kind = left->kind;
        value.bits = shift(a, b, sign == CW_PTX_SIGN_SHL, left->kind == CW_PTX_VALUE_UNSIGNED);
        break;
    default:
        if (!divide(parser, span, sign, &value, b, is_unsigned)) {
            return false;
        }
        break;
    }
    *left = value;
    return true;
}

static bool choose(struct cw_ptx_parser *parser, struct cw_ptx_span span, struct cw_ptx_value *value) {
    struct cw_ptx_value yes, no;
    if (!expression(parser, 1, &yes) || !cw_ptx_expect_sign(parser, ':') || !expression(parser, 1, &no)) {
        return false;
    }
    if (cw_ptx_value_is_float(value) || cw_ptx_value_is_float(&yes) != cw_ptx_value_is_float(&no)) {
        return cw_ptx_error(parser, span, "4.5.5", "'?:' takes an integer and two values of one kind");
    }
    bool is_unsigned = yes.kind == CW_PTX_VALUE_UNSIGNED || no.kind == CW_PTX_VALUE_UNSIGNED;
    *value = value->bits != 0 ? yes : no;
    if (is_unsigned) {
        value->kind = CW_PTX_VALUE_UNSIGNED;
    }
    return true;
}

/* Binary operators at least as strong as `least`, over what `value` already holds. */
static bool climb(struct cw_ptx_parser *parser, unsigned least, struct cw_ptx_value *value) {
    unsigned strength;
    while ((strength = strength_of(&parser->token)) >= least && strength != 0) {
        int sign = parser->token.sign;
        struct cw_ptx_span span = parser->token.span;
        cw_ptx_next(parser);
        if (sign == '?') {
            if (!choose(parser, span, value)) {
                return false;
            }
            continue;
        }
        struct cw_ptx_value right;
        if (!expression(parser, strength + 1, &right) || !combine(parser, span, sign, value, &right)) {
            return false;
        }
    }
    return true;
}

static bool expression(struct cw_ptx_parser *parser, unsigned least, struct cw_ptx_value *value) {
    if (parser->nesting >= CW_PTX_NESTING_MAX) {
        parser->stopped = true;
        return cw_ptx_error(parser, parser->token.span, "", "the expression is nested more than %u deep",
                            CW_PTX_NESTING_MAX);
    }
    parser->nesting++;
    bool good = cw_ptx_expression_unary(parser, value) && climb(parser, least, value);
    parser->nesting--;
    return good;
}

bool cw_ptx_expression(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    return expression(parser, 1, value);
}

bool cw_ptx_expression_sum(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    return climb(parser, 10, value);
}

bool cw_ptx_expression_rest(struct cw_ptx_parser *parser, struct cw_ptx_value *value) {
    return climb(parser, 1, value);
}
