/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c: identifiers are interned; each carries what it means in the scopes that are open, innermost first, so that a
 * lookup walks nothing. `.reg .b32 %r<100>` declares a hundred names at once (5.4.? parameterized variable names): they are
 * found by cutting the digits off, and become registers when the code first names them.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

#define RANGE_DIGITS_MAX 10u

static uint32_t hash_of(const char *text, size_t length) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash ^ (hash >> 15);
}

static struct cw_ptx_name *find(const struct cw_ptx_parser *parser, const char *text, size_t length, uint32_t hash) {
    if (parser->bucket_count == 0) {
        return NULL;
    }
    struct cw_ptx_name *name = parser->buckets[hash & (parser->bucket_count - 1)];
    while (name != NULL && (name->hash != hash || name->length != length || memcmp(name->text, text, length) != 0)) {
        name = name->chain;
    }
    return name;
}

static void grow_buckets(struct cw_ptx_parser *parser) {
    uint32_t count = parser->bucket_count == 0 ? 256 : parser->bucket_count * 2;
    struct cw_ptx_name **buckets = cw_alloc_array(count, sizeof(struct cw_ptx_name *));
    for (uint32_t i = 0; i < parser->bucket_count; i++) {
        struct cw_ptx_name *name = parser->buckets[i];
        while (name != NULL) {
            struct cw_ptx_name *next = name->chain;
            name->chain = buckets[name->hash & (count - 1)];
            buckets[name->hash & (count - 1)] = name;
            name = next;
        }
    }
    free(parser->buckets);
    parser->buckets = buckets;
    parser->bucket_count = count;
}

struct cw_ptx_name *cw_ptx_intern(struct cw_ptx_parser *parser, const char *text, size_t length) {
    uint32_t hash = hash_of(text, length);
    struct cw_ptx_name *name = find(parser, text, length, hash);
    if (name != NULL) {
        return name;
    }
    if (parser->name_count >= parser->bucket_count) {
        grow_buckets(parser);
    }
    name = cw_arena_alloc(&parser->names_arena, sizeof(*name));
    name->text = cw_ptx_text_of(parser, text, length);
    name->length = (uint32_t)length;
    name->hash = hash;
    name->chain = parser->buckets[hash & (parser->bucket_count - 1)];
    parser->buckets[hash & (parser->bucket_count - 1)] = name;
    parser->name_count++;
    parser->memory += sizeof(*name);
    return name;
}

bool cw_ptx_scope_enter(struct cw_ptx_parser *parser) {
    if (parser->depth >= CW_PTX_NESTING_MAX) {
        parser->stopped = true;
        return cw_ptx_error(parser, parser->token.span, "", "blocks are nested more than %u deep", CW_PTX_NESTING_MAX);
    }
    parser->scopes[++parser->depth] = NULL;
    return true;
}

void cw_ptx_scope_leave(struct cw_ptx_parser *parser) {
    struct cw_ptx_binding *binding = parser->scopes[parser->depth];
    while (binding != NULL) {
        binding->name->bindings[binding->space] = binding->outer;
        binding = binding->scope_next;
    }
    parser->scopes[parser->depth--] = NULL;
}

struct cw_ptx_symbol *cw_ptx_lookup(const struct cw_ptx_name *name, enum cw_ptx_space_of_names space) {
    return name->bindings[space] != NULL ? name->bindings[space]->symbol : NULL;
}

static void bind(struct cw_ptx_parser *parser, struct cw_ptx_name *name, enum cw_ptx_space_of_names space,
                 struct cw_ptx_symbol *symbol) {
    struct cw_ptx_binding *binding = cw_arena_alloc(&parser->names_arena, sizeof(*binding));
    *binding = (struct cw_ptx_binding){
        .name = name,
        .symbol = symbol,
        .outer = name->bindings[space],
        .scope_next = parser->scopes[parser->depth],
        .depth = parser->depth,
        .space = (uint8_t)space,
    };
    name->bindings[space] = binding;
    parser->scopes[parser->depth] = binding;
    parser->memory += sizeof(*binding);
}

/* The innermost range that has the name, and the register's number in it. A number has no leading zeros. */
static struct cw_ptx_binding *find_range(const struct cw_ptx_parser *parser, const struct cw_ptx_name *name,
                                         uint32_t *index) {
    struct cw_ptx_binding *best = NULL;
    uint64_t number = 0, unit = 1;
    for (uint32_t digits = 1; digits <= RANGE_DIGITS_MAX && digits < name->length; digits++) {
        char c = name->text[name->length - digits];
        if (c < '0' || c > '9') {
            break;
        }
        number += unit * (uint64_t)(c - '0');
        unit *= 10;
        if (c == '0' && digits > 1) {
            continue;
        }
        size_t length = name->length - digits;
        const struct cw_ptx_name *prefix = find(parser, name->text, length, hash_of(name->text, length));
        struct cw_ptx_binding *range = prefix != NULL ? prefix->bindings[CW_PTX_NAMES_RANGE] : NULL;
        while (range != NULL && number >= range->symbol->range) {
            range = range->outer;
        }
        if (range != NULL && (best == NULL || range->depth > best->depth)) {
            best = range;
            *index = (uint32_t)number;
        }
    }
    return best;
}

static bool say_twice(struct cw_ptx_parser *parser, const struct cw_ptx_name *name, const struct cw_ptx_symbol *symbol,
                      const struct cw_ptx_symbol *first) {
    return cw_ptx_error(parser, symbol->span, "4.4",
                        "'%.80s' is declared a second time in the same scope; first in line %u", name->text,
                        first->span.line);
}

bool cw_ptx_declare(struct cw_ptx_parser *parser, struct cw_ptx_name *name, enum cw_ptx_space_of_names space,
                    struct cw_ptx_symbol *symbol) {
    const struct cw_ptx_binding *old = name->bindings[space];
    /* A function's parameters and the names of its body are one scope. */
    bool parameter = old != NULL && old->symbol->parameter && parser->depth == 2 && old->depth == 1;
    if (old != NULL && (old->depth == parser->depth || parameter)) {
        return say_twice(parser, name, symbol, old->symbol);
    }
    uint32_t index;
    if (space == CW_PTX_NAMES_PLAIN && symbol->kind == CW_PTX_SYMBOL_REGISTER) {
        const struct cw_ptx_binding *range = find_range(parser, name, &index);
        if (range != NULL && range->depth == parser->depth) {
            return say_twice(parser, name, symbol, range->symbol);
        }
    }
    bind(parser, name, space, symbol);
    return true;
}

struct cw_ptx_register *cw_ptx_register_of(struct cw_ptx_parser *parser, struct cw_ptx_name *name,
                                           struct cw_ptx_symbol *symbol, uint32_t index) {
    if (name->serial != parser->serial) {
        name->serial = parser->serial;
        name->registers = NULL;
    }
    for (struct cw_ptx_register_link *link = name->registers; link != NULL; link = link->next) {
        if (link->reg->symbol == symbol) {
            return link->reg;
        }
    }
    struct cw_ptx_function *function = parser->function;
    struct cw_ptx_register *reg = cw_ptx_new(parser, 1, sizeof(*reg));
    *reg = (struct cw_ptx_register){
        .symbol = symbol, .index = index, .number = function->register_count, .name = name->text};
    struct cw_ptx_register_link *link = cw_arena_alloc(&parser->names_arena, sizeof(*link));
    link->reg = reg;
    link->next = name->registers;
    name->registers = link;
    parser->registers = cw_grow(parser->registers, function->register_count, &parser->register_capacity,
                                sizeof(struct cw_ptx_register *));
    parser->registers[function->register_count++] = reg;
    return reg;
}

struct cw_ptx_register *cw_ptx_register_find(struct cw_ptx_parser *parser, struct cw_ptx_name *name) {
    uint32_t index = 0;
    const struct cw_ptx_binding *plain = name->bindings[CW_PTX_NAMES_PLAIN];
    const struct cw_ptx_binding *range = find_range(parser, name, &index);
    if (range != NULL && (plain == NULL || range->depth > plain->depth)) {
        return cw_ptx_register_of(parser, name, range->symbol, index);
    }
    if (plain == NULL || plain->symbol->kind != CW_PTX_SYMBOL_REGISTER) {
        return NULL;
    }
    return cw_ptx_register_of(parser, name, plain->symbol, 0);
}

struct cw_ptx_symbol *cw_ptx_symbol_new(struct cw_ptx_parser *parser, enum cw_ptx_symbol_kind kind,
                                        const struct cw_ptx_name *name, struct cw_ptx_span span) {
    struct cw_ptx_symbol *symbol = cw_ptx_new(parser, 1, sizeof(*symbol));
    symbol->kind = kind;
    symbol->name = name->text;
    symbol->span = span;
    symbol->vector = 1;
    return symbol;
}
