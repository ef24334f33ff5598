/* SPDX-License-Identifier: Apache-2.0 */
/*
 * operand.c: the operands of instructions (PTX ISA 6.4): registers and their components, predicates and pairs of them,
 * constants, addresses, vectors, lists, the sink. Names are resolved here; one that is not declared becomes a FOREIGN
 * symbol, which only labels (resolved later) and inline text may keep.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

static struct cw_ptx_operand operand_of(uint8_t kind, struct cw_ptx_span span) {
    return (struct cw_ptx_operand){.kind = kind, .component = CW_PTX_NO_COMPONENT, .span = span};
}

/* Widens the operand's span to the end of another on the same line. */
static void stretch(struct cw_ptx_span *span, struct cw_ptx_span last) {
    if (last.line == span->line && last.offset + last.length > span->offset + span->length) {
        span->length = last.offset + last.length - span->offset;
    }
}

bool cw_ptx_is_unknown(const struct cw_ptx_parser *parser, const struct cw_ptx_symbol *symbol) {
    return symbol->kind == CW_PTX_SYMBOL_FOREIGN && (!parser->is_inline || symbol->name[0] == '%');
}

static void resolve(struct cw_ptx_parser *parser, const struct cw_ptx_token *token, struct cw_ptx_operand *operand) {
    struct cw_ptx_name *name = cw_ptx_intern(parser, token->text, token->length);
    *operand = operand_of(CW_PTX_OPERAND_SYMBOL, token->span);
    struct cw_ptx_register *reg = parser->function != NULL ? cw_ptx_register_find(parser, name) : NULL;
    if (reg != NULL) {
        operand->kind = CW_PTX_OPERAND_REGISTER;
        operand->reg = reg;
        return;
    }
    operand->symbol = cw_ptx_lookup(name, CW_PTX_NAMES_PLAIN);
    if (operand->symbol != NULL) {
        return;
    }
    uint16_t index = 0;
    enum cw_ptx_special special =
        token->text[0] == '%' ? cw_ptx_special_find(token->text, token->length, &index) : CW_PTX_SPECIAL_COUNT;
    if (special != CW_PTX_SPECIAL_COUNT) {
        operand->kind = CW_PTX_OPERAND_SPECIAL;
        operand->special = (uint16_t)special;
        operand->index = index;
        return;
    }
    operand->symbol = cw_ptx_symbol_new(parser, CW_PTX_SYMBOL_FOREIGN, name, token->span);
}

/* .x to .w, .r .g .b .a, or a selector of the video instructions: .b0, .h1, .b7310, .h32. */
static bool read_component(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    const struct cw_ptx_token *token = &parser->token;
    const char *text = token->text;
    static const char letters[] = "xyzwrgba";
    stretch(&operand->span, token->span);
    const char *letter = token->length == 1 ? memchr(letters, text[0], 8) : NULL;
    if (letter != NULL) {
        operand->component = (uint8_t)((letter - letters) & 3);
        cw_ptx_next(parser);
        return true;
    }
    if (operand->kind == CW_PTX_OPERAND_REGISTER && (text[0] == 'b' || text[0] == 'h') && token->length <= 5) {
        size_t i = 1;
        while (i < token->length && text[i] >= '0' && text[i] <= '7') {
            operand->selector_digits =
                (uint16_t)((unsigned)operand->selector_digits << 4 | (unsigned)(text[i++] - '0'));
        }
        if (i == token->length) {
            operand->selector = text[0];
            operand->selector_count = (uint8_t)(i - 1);
            cw_ptx_next(parser);
            return true;
        }
    }
    int shown = token->length > 40 ? 40 : (int)token->length;
    return cw_ptx_error(parser, token->span, "6.4.3", "'.%.*s' is no component of a register", shown, text);
}

static bool read_integer(struct cw_ptx_parser *parser, int64_t *out) {
    struct cw_ptx_span span = parser->token.span;
    struct cw_ptx_value value;
    if (!cw_ptx_expression_unary(parser, &value) || !cw_ptx_expression_sum(parser, &value)) {
        return false;
    }
    if (cw_ptx_value_is_float(&value)) {
        return cw_ptx_error(parser, span, "6.4.1", "an offset is an integer");
    }
    *out = (int64_t)value.bits;
    return true;
}

/* Behind a base: + constant, - constant, or the constant's own sign. */
static bool read_offset(struct cw_ptx_parser *parser, int64_t *offset) {
    *offset = 0;
    if (cw_ptx_take_sign(parser, '+')) {
        return read_integer(parser, offset);
    }
    return !cw_ptx_is_sign(parser, '-') || read_integer(parser, offset);
}

/* name[constant]: an element of an array, or a bare address with an offset. */
static bool read_symbol_offset(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (!cw_ptx_take_sign(parser, '[')) {
        return read_offset(parser, &operand->offset);
    }
    int64_t index = 0;
    struct cw_ptx_span span = parser->token.span;
    const struct cw_ptx_symbol *symbol = operand->symbol;
    if (!read_integer(parser, &index) || !cw_ptx_expect_sign(parser, ']')) {
        return false;
    }
    int64_t unit = (int64_t)(cw_ptx_type_bits(symbol->type) / 8 * symbol->vector);
    if (symbol->kind != CW_PTX_SYMBOL_VARIABLE || symbol->dimension_count != 1 ||
        __builtin_mul_overflow(index, unit, &operand->offset)) {
        return cw_ptx_error(parser, span, "6.4.2", "'%.80s' is no array of one dimension", symbol->name);
    }
    return true;
}

static bool read_name(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    struct cw_ptx_token token = parser->token;
    cw_ptx_next(parser);
    resolve(parser, &token, operand);
    if (parser->token.kind == CW_PTX_TOKEN_DOT && operand->kind != CW_PTX_OPERAND_SYMBOL &&
        !read_component(parser, operand)) {
        return false;
    }
    return operand->kind != CW_PTX_OPERAND_SYMBOL || read_symbol_offset(parser, operand);
}

/* d|p, p|q, _|p */
static bool read_second(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (!cw_ptx_take_sign(parser, '|')) {
        return true;
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a predicate");
    }
    struct cw_ptx_operand second;
    struct cw_ptx_token token = parser->token;
    cw_ptx_next(parser);
    stretch(&operand->span, token.span);
    if (cw_ptx_token_is(&token, "_")) {
        return true; /* the pair's second half is not wanted */
    }
    resolve(parser, &token, &second);
    if (second.kind == CW_PTX_OPERAND_SYMBOL && second.symbol->kind == CW_PTX_SYMBOL_FOREIGN) {
        return cw_ptx_error(parser, token.span, "4.4", "'%.80s' is not declared", second.symbol->name);
    }
    if (second.kind != CW_PTX_OPERAND_REGISTER || second.reg->symbol->type != CW_PTX_PRED) {
        return cw_ptx_error(parser, token.span, "6.4", "a predicate register must follow the '|'");
    }
    operand->second = second.reg;
    return true;
}

static bool read_constant(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    struct cw_ptx_value value;
    *operand = operand_of(CW_PTX_OPERAND_INTEGER, parser->token.span);
    if (!cw_ptx_expression(parser, &value)) {
        return false;
    }
    operand->bits = value.bits;
    operand->is_unsigned = value.kind == CW_PTX_VALUE_UNSIGNED;
    if (cw_ptx_value_is_float(&value)) {
        operand->kind = CW_PTX_OPERAND_FLOAT;
        operand->special =
            value.kind == CW_PTX_VALUE_SINGLE ? CW_PTX_F32 : CW_PTX_F64; /* until the checker knows the type */
    }
    return true;
}

/* Moves the operands from `first` on into an array of the module's. */
static void take_items(struct cw_ptx_parser *parser, size_t first, struct cw_ptx_operand *operand) {
    size_t count = parser->operand_count - first;
    operand->count = (uint32_t)count;
    operand->items = NULL;
    if (count > 0) {
        operand->items = cw_ptx_new(parser, count, sizeof(operand->items[0]));
        memcpy(operand->items, parser->operands + first, count * sizeof(operand->items[0]));
    }
    parser->operand_count = first;
}

static void push(struct cw_ptx_parser *parser, const struct cw_ptx_operand *operand) {
    parser->operands =
        cw_grow(parser->operands, parser->operand_count, &parser->operand_capacity, sizeof(parser->operands[0]));
    parser->operands[parser->operand_count++] = *operand;
}

/* One element of a vector or list: a register, a constant, a name, the sink. */
static bool read_element(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    if (cw_ptx_begins_constant(parser)) {
        return read_constant(parser, operand);
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a register or a constant");
    }
    if (cw_ptx_token_is(&parser->token, "_")) {
        *operand = operand_of(CW_PTX_OPERAND_SINK, parser->token.span);
        cw_ptx_next(parser);
        return true;
    }
    return read_name(parser, operand);
}

static bool read_items(struct cw_ptx_parser *parser, int end, uint8_t kind, struct cw_ptx_operand *operand) {
    struct cw_ptx_span span = parser->token.span;
    size_t first = parser->operand_count;
    cw_ptx_next(parser);
    bool good = true;
    bool more = !cw_ptx_is_sign(parser, end);
    while (good && more) {
        struct cw_ptx_operand item;
        good = read_element(parser, &item);
        if (good) {
            push(parser, &item);
        }
        more = cw_ptx_take_sign(parser, ',');
    }
    *operand = operand_of(kind, span);
    take_items(parser, first, operand);
    if (good && cw_ptx_expect_sign(parser, end)) {
        return true;
    }
    /* The closing brace must not be taken for that of a block. */
    while (end == '}' && parser->token.kind != CW_PTX_TOKEN_END && !cw_ptx_is_sign(parser, ';') &&
           !cw_ptx_take_sign(parser, '}')) {
        cw_ptx_next(parser);
    }
    return false;
}

/* The first item of [...]: a register, a symbol or a constant, with its offset. */
static bool read_base(struct cw_ptx_parser *parser, struct cw_ptx_operand *base, int64_t *offset) {
    *offset = 0;
    if (cw_ptx_begins_constant(parser)) {
        if (!read_constant(parser, base)) {
            return false;
        }
        if (base->kind == CW_PTX_OPERAND_FLOAT) {
            return cw_ptx_error(parser, base->span, "6.4.1", "an address is an integer");
        }
        return true;
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME || cw_ptx_token_is(&parser->token, "_")) {
        return cw_ptx_unexpected(parser, "an address");
    }
    struct cw_ptx_token token = parser->token;
    cw_ptx_next(parser);
    resolve(parser, &token, base);
    if (base->kind == CW_PTX_OPERAND_SPECIAL) {
        return cw_ptx_error(parser, token.span, "6.4.1",
                            "a special register can't be an address; mov it into a register first");
    }
    if (parser->token.kind == CW_PTX_TOKEN_DOT && base->kind == CW_PTX_OPERAND_REGISTER &&
        !read_component(parser, base)) {
        return false;
    }
    return read_offset(parser, offset);
}

/* [base], [base + offset], [texture, {x, y}], [texture, sampler, {x, y}] */
static bool read_address(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    struct cw_ptx_span span = parser->token.span;
    size_t first = parser->operand_count;
    struct cw_ptx_operand item;
    int64_t offset;
    cw_ptx_next(parser);
    if (!read_base(parser, &item, &offset)) {
        return false;
    }
    push(parser, &item);
    bool good = true;
    while (good && cw_ptx_take_sign(parser, ',')) {
        good = cw_ptx_is_sign(parser, '{') ? read_items(parser, '}', CW_PTX_OPERAND_VECTOR, &item)
                                           : read_element(parser, &item);
        if (good) {
            push(parser, &item);
        }
    }
    *operand = operand_of(CW_PTX_OPERAND_ADDRESS, span);
    operand->offset = offset;
    take_items(parser, first, operand);
    stretch(&operand->span, parser->token.span);
    return good && cw_ptx_expect_sign(parser, ']');
}

/* ! or - before a register; before anything else they belong to a constant. */
static bool read_signed(struct cw_ptx_parser *parser, struct cw_ptx_operand *operand) {
    int sign = parser->token.sign;
    struct cw_ptx_span span = parser->token.span;
    cw_ptx_next(parser);
    if (parser->token.kind != CW_PTX_TOKEN_NAME || cw_ptx_begins_constant(parser)) {
        struct cw_ptx_value value;
        if (!cw_ptx_expression_unary(parser, &value)) {
            return false;
        }
        bool real = cw_ptx_value_is_float(&value);
        if (real && sign == '!') {
            return cw_ptx_error(parser, span, "4.5.4", "'!' takes an integer");
        }
        if (sign == '!') {
            value = (struct cw_ptx_value){.kind = CW_PTX_VALUE_SIGNED, .bits = value.bits == 0};
        } else if (real) {
            value.bits ^= (uint64_t)1 << (value.kind == CW_PTX_VALUE_SINGLE ? 31 : 63);
        } else {
            value.bits = 0 - value.bits;
        }
        if (!cw_ptx_expression_rest(parser, &value)) {
            return false;
        }
        *operand = operand_of(cw_ptx_value_is_float(&value) ? CW_PTX_OPERAND_FLOAT : CW_PTX_OPERAND_INTEGER, span);
        operand->bits = value.bits;
        operand->is_unsigned = value.kind == CW_PTX_VALUE_UNSIGNED;
        operand->special = operand->kind != CW_PTX_OPERAND_FLOAT ? 0
                           : value.kind == CW_PTX_VALUE_SINGLE   ? CW_PTX_F32
                                                                 : CW_PTX_F64;
        return true;
    }
    if (!read_name(parser, operand)) {
        return false;
    }
    if (operand->kind == CW_PTX_OPERAND_SYMBOL && operand->symbol->kind == CW_PTX_SYMBOL_FOREIGN) {
        return cw_ptx_error(parser, operand->span, "4.4", "'%.80s' is not declared", operand->symbol->name);
    }
    if (operand->kind != CW_PTX_OPERAND_REGISTER) {
        return cw_ptx_error(parser, span, "6.4", "'%c' takes a register or a constant", sign);
    }
    operand->negated = true;
    return true;
}

bool cw_ptx_operand(struct cw_ptx_parser *parser, bool lists, struct cw_ptx_operand *operand) {
    if (cw_ptx_is_sign(parser, '{')) {
        if (!read_items(parser, '}', CW_PTX_OPERAND_VECTOR, operand)) {
            return false;
        }
        /* tex's v4 destination may have a predicate; the sink of a pair is dropped. */
        if (!cw_ptx_is_sign(parser, '|')) {
            return true;
        }
        struct cw_ptx_operand pair = operand_of(CW_PTX_OPERAND_SINK, operand->span);
        if (!read_second(parser, &pair)) {
            return false;
        }
        operand->second = pair.second;
        return true;
    }
    if (lists && cw_ptx_is_sign(parser, '(')) {
        return read_items(parser, ')', CW_PTX_OPERAND_LIST, operand);
    }
    if (cw_ptx_is_sign(parser, '[')) {
        return read_address(parser, operand);
    }
    if (cw_ptx_is_sign(parser, '!') || cw_ptx_is_sign(parser, '-')) {
        return read_signed(parser, operand);
    }
    if (cw_ptx_begins_constant(parser)) {
        return read_constant(parser, operand);
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "an operand");
    }
    return read_element(parser, operand) && (operand->kind == CW_PTX_OPERAND_SYMBOL || read_second(parser, operand));
}
