/* SPDX-License-Identifier: Apache-2.0 */
/*
 * initialise.c: initialisers of variables (PTX ISA 5.4.4): constants, nested braces, addresses of variables and functions,
 * generic(), single bytes of addresses by mask. Elements are kept as they are written, each with its place, so that a
 * short list for a huge array stays short.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

/* Levels of braces: dimensions, then the vector. */
struct shape {
    uint64_t counts[CW_PTX_DIMENSIONS_MAX + 1];
    uint64_t strides[CW_PTX_DIMENSIONS_MAX + 2]; /* scalars in one element of a level; strides[levels] is 1 */
    unsigned levels;
};

struct reader {
    struct cw_ptx_parser *parser;
    struct cw_ptx_symbol *symbol;
    struct shape shape;
    struct cw_ptx_initial *items;
    size_t count, capacity;
};

static void measure(struct reader *reader) {
    struct shape *shape = &reader->shape;
    const struct cw_ptx_symbol *symbol = reader->symbol;
    for (unsigned i = 0; i < symbol->dimension_count; i++) {
        shape->counts[shape->levels++] = symbol->dimensions[i];
    }
    if (symbol->vector > 1) {
        shape->counts[shape->levels++] = symbol->vector;
    }
    shape->strides[shape->levels] = 1;
    for (unsigned i = shape->levels; i-- > 0;) {
        /* The whole was measured before: only an open first dimension has no product, and counts as one. */
        shape->strides[i] = shape->strides[i + 1] * (i == 0 && symbol->unsized ? 1 : shape->counts[i]);
    }
}

static bool read_symbol(struct cw_ptx_parser *parser, struct cw_ptx_symbol *own, struct cw_ptx_initial *item) {
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "the name of a variable or function");
    }
    struct cw_ptx_name *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
    struct cw_ptx_symbol *symbol = strcmp(name->text, own->name) == 0 ? own : cw_ptx_lookup(name, CW_PTX_NAMES_PLAIN);
    if (symbol == NULL || (symbol->kind != CW_PTX_SYMBOL_VARIABLE && symbol->kind != CW_PTX_SYMBOL_FUNCTION)) {
        return cw_ptx_error(parser, parser->token.span, "5.4.4",
                            symbol == NULL ? "'%.80s' is not declared" : "'%.80s' has no address that is constant",
                            name->text);
    }
    if (symbol->kind == CW_PTX_SYMBOL_VARIABLE && symbol->space != CW_PTX_GLOBAL && symbol->space != CW_PTX_CONST) {
        return cw_ptx_error(parser, parser->token.span, "5.4.4", "the address of '%.80s' is not constant: it is in .%s",
                            name->text, cw_ptx_word_text(symbol->space));
    }
    item->kind = CW_PTX_INITIAL_ADDRESS;
    item->symbol = symbol;
    cw_ptx_next(parser);
    return true;
}

/* name, name + constant, generic(name), generic(name) + constant */
static bool read_address(struct cw_ptx_parser *parser, struct cw_ptx_symbol *own, struct cw_ptx_initial *item) {
    if (parser->token.kind == CW_PTX_TOKEN_NAME && cw_ptx_token_is(&parser->token, "generic")) {
        cw_ptx_next(parser);
        item->generic = true;
        if (!cw_ptx_expect_sign(parser, '(') || !read_symbol(parser, own, item)) {
            return false;
        }
        struct cw_ptx_value inner = {.kind = CW_PTX_VALUE_SIGNED};
        if (!cw_ptx_expression_sum(parser, &inner) || !cw_ptx_expect_sign(parser, ')')) {
            return false;
        }
        item->bits = inner.bits;
    } else if (!read_symbol(parser, own, item)) {
        return false;
    }
    struct cw_ptx_value offset = {.kind = CW_PTX_VALUE_SIGNED, .bits = item->bits};
    struct cw_ptx_span span = parser->token.span;
    if (!cw_ptx_expression_sum(parser, &offset)) {
        return false;
    }
    if (cw_ptx_value_is_float(&offset)) {
        return cw_ptx_error(parser, span, "5.4.4", "an offset is an integer");
    }
    item->bits = offset.bits;
    return true;
}

/* 0xFF00(address): the byte under the mask. The mask was read. */
static bool read_masked(struct reader *reader, struct cw_ptx_span span, uint64_t mask, struct cw_ptx_initial *item) {
    struct cw_ptx_parser *parser = reader->parser;
    unsigned shift = 0;
    while (shift < 64 && mask != (uint64_t)0xff << shift) {
        shift += 8;
    }
    if (shift == 64) {
        return cw_ptx_error(parser, span, "5.4.4", "a mask selects one byte: 0xFF, 0xFF00, ...");
    }
    if (cw_ptx_type_kind(reader->symbol->type) == CW_PTX_KIND_FLOAT) {
        return cw_ptx_error(parser, span, "5.4.4", "a byte of an address initialises an integer, not .%s",
                            cw_ptx_word_text(reader->symbol->type));
    }
    item->masked = true;
    item->mask = (uint8_t)shift;
    return cw_ptx_expect_sign(parser, '(') && read_address(parser, reader->symbol, item) &&
           cw_ptx_expect_sign(parser, ')');
}

static bool read_scalar(struct reader *reader, uint64_t place) {
    struct cw_ptx_parser *parser = reader->parser;
    enum cw_ptx_word type = reader->symbol->type;
    struct cw_ptx_initial item = {.index = place, .span = parser->token.span};
    if (!cw_ptx_begins_constant(parser)) {
        if (!read_address(parser, reader->symbol, &item)) {
            return false;
        }
        unsigned bits = cw_ptx_type_bits(type);
        if (cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT || (bits != 32 && bits != 64)) {
            return cw_ptx_error(parser, item.span, "5.4.4",
                                "an address initialises an integer of 32 or 64 bits, not .%s", cw_ptx_word_text(type));
        }
    } else {
        struct cw_ptx_value value;
        if (!cw_ptx_expression(parser, &value)) {
            return false;
        }
        if (cw_ptx_is_sign(parser, '(') && !cw_ptx_value_is_float(&value)) {
            if (!read_masked(reader, item.span, value.bits, &item)) {
                return false;
            }
        } else if (cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT && !cw_ptx_value_is_float(&value)) {
            return cw_ptx_error(parser, item.span, "5.4.4",
                                "an integer constant can't initialise .%s; write it with a decimal point",
                                cw_ptx_word_text(type));
        } else if (!cw_ptx_value_bits(&value, type, &item.bits)) {
            return cw_ptx_error(parser, item.span, "5.4.4", "a floating-point constant can't initialise .%s",
                                cw_ptx_word_text(type));
        } else {
            item.kind = cw_ptx_type_kind(type) == CW_PTX_KIND_FLOAT ? CW_PTX_INITIAL_FLOAT : CW_PTX_INITIAL_INTEGER;
        }
    }
    reader->items = cw_grow(reader->items, reader->count, &reader->capacity, sizeof(reader->items[0]));
    reader->items[reader->count++] = item;
    parser->memory += sizeof(item);
    return true;
}

/* The elements of one brace, from behind it: `level` is what it opens, `base` the place of its first scalar; scalars inside
 * may leave inner braces out. `filled` is how many scalars it has reached. */
static bool read_list(struct reader *reader, unsigned level, uint64_t base, uint64_t *filled) {
    struct cw_ptx_parser *parser = reader->parser;
    const struct shape *shape = &reader->shape;
    bool open = level == 0 && reader->symbol->unsized;
    uint64_t limit = open ? CW_PTX_VARIABLE_MAX : shape->strides[level], place = 0;
    while (!cw_ptx_is_sign(parser, '}')) {
        struct cw_ptx_span span = parser->token.span;
        bool brace = cw_ptx_take_sign(parser, '{');
        uint64_t step = brace && level < shape->levels ? shape->strides[level + 1] : 1;
        if (brace && (level + 1 >= shape->levels + (shape->levels == 0) || step == 0 || place % step != 0)) {
            return cw_ptx_error(parser, span, "5.4.4", "this brace opens nothing that '%.80s' has",
                                reader->symbol->name);
        }
        if (step > limit || place > limit - step) {
            return cw_ptx_error(parser, span, "5.4.4", "more initial values than '%.80s' has elements",
                                reader->symbol->name);
        }
        uint64_t ignored;
        if (brace ? !read_list(reader, level + 1, base + place, &ignored) : !read_scalar(reader, base + place)) {
            return false;
        }
        place += step;
        if (!cw_ptx_take_sign(parser, ',')) {
            break;
        }
    }
    *filled = place;
    return cw_ptx_expect_sign(parser, '}');
}

/* { name = value, ... } of .samplerref, .texref and .surfref (5.3.1). */
static bool read_settings(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    struct cw_text text = {0};
    bool good = cw_ptx_expect_sign(parser, '{');
    while (good && !cw_ptx_is_sign(parser, '}')) {
        if (parser->token.kind != CW_PTX_TOKEN_NAME) {
            good = cw_ptx_unexpected(parser, "the name of a setting");
            break;
        }
        cw_text_append(&text, parser->token.text, parser->token.length);
        cw_ptx_next(parser);
        good = cw_ptx_expect_sign(parser, '=');
        cw_text_add(&text, " = ");
        if (good && parser->token.kind != CW_PTX_TOKEN_NAME && parser->token.kind != CW_PTX_TOKEN_NUMBER) {
            good = cw_ptx_unexpected(parser, "a value");
        }
        if (good) {
            cw_text_append(&text, parser->token.text, parser->token.length);
            cw_ptx_next(parser);
        }
        if (!good || !cw_ptx_take_sign(parser, ',')) {
            break;
        }
        cw_text_add(&text, ", ");
    }
    good = good && cw_ptx_expect_sign(parser, '}');
    symbol->settings = cw_ptx_text_of(parser, cw_text_string(&text), text.size);
    cw_text_fini(&text);
    return good;
}

bool cw_ptx_initialiser(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    struct reader reader = {.parser = parser, .symbol = symbol};
    symbol->initialised = true;
    if (cw_ptx_type_kind(symbol->type) == CW_PTX_KIND_OPAQUE) {
        return read_settings(parser, symbol);
    }
    if (cw_ptx_type_bits(symbol->type) > 64 || symbol->type == CW_PTX_F16 || symbol->type == CW_PTX_F16X2) {
        return cw_ptx_error(parser, symbol->span, "5.4.4", "variables of .%s can't have initialisers",
                            cw_ptx_word_text(symbol->type));
    }
    measure(&reader);
    uint64_t filled = 0;
    bool good;
    if (cw_ptx_take_sign(parser, '{')) {
        good = read_list(&reader, 0, 0, &filled);
    } else if (reader.shape.levels > 0) {
        good = cw_ptx_unexpected(parser, "'{'");
    } else {
        good = read_scalar(&reader, 0);
    }
    if (good && symbol->unsized) {
        uint64_t step = reader.shape.strides[1];
        symbol->dimensions[0] = step == 0 ? 0 : (filled + step - 1) / step;
        symbol->unsized = false;
    }
    if (good && reader.count > 0) {
        struct cw_ptx_initial *items = cw_ptx_new(parser, reader.count, sizeof(*items));
        if (!parser->stopped) {
            memcpy(items, reader.items, reader.count * sizeof(*items));
            symbol->initials = items;
            symbol->initial_count = (uint32_t)reader.count;
        }
    }
    free(reader.items);
    return good;
}
