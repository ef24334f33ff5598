/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declare.c: variables, registers and parameters (PTX ISA 5): state space, alignment, type, vector, array, attributes.
 */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

/* Variables that one x<n> may declare. */
#define VARIABLES_MAX 1024u

/* What stands before the names of a declaration. */
struct declaration {
    enum cw_ptx_linkage linkage;
    enum cw_ptx_word space, type;
    struct cw_ptx_span space_span, type_span;
    uint8_t vector;
    struct cw_ptx_span vector_span;
    uint32_t align;
    bool align_given, managed, unified;
    uint64_t unified_id[2];
    uint32_t bank;
    bool pointer;
    enum cw_ptx_word pointer_space;
    uint32_t pointer_align;
};

static bool is_space(enum cw_ptx_word word) {
    return word == CW_PTX_REG || word == CW_PTX_CONST || word == CW_PTX_GLOBAL || word == CW_PTX_LOCAL ||
           word == CW_PTX_PARAM || word == CW_PTX_SHARED || word == CW_PTX_TEX || word == CW_PTX_SREG ||
           word == CW_PTX_SHARED_CTA || word == CW_PTX_SHARED_CLUSTER;
}

bool cw_ptx_begins_declaration(const struct cw_ptx_parser *parser) {
    return parser->token.kind == CW_PTX_TOKEN_DOT &&
           is_space(cw_ptx_word_find(parser->token.text, parser->token.length));
}

static bool read_align(struct cw_ptx_parser *parser, uint32_t *align) {
    struct cw_ptx_span span = parser->token.span;
    uint64_t value;
    if (!cw_ptx_read_number(parser, "an alignment", 1u << 20, &value)) {
        return false;
    }
    if (value == 0 || (value & (value - 1)) != 0) {
        return cw_ptx_error(parser, span, "5.4.5", "an alignment must be a power of two");
    }
    *align = (uint32_t)value;
    return true;
}

/* .attribute(.managed), .attribute(.unified(a, b)), several with commas (5.4.8). */
static bool read_attributes(struct cw_ptx_parser *parser, struct declaration *declaration) {
    struct cw_ptx_span span = parser->token.span;
    if (!cw_ptx_expect_sign(parser, '(')) {
        return false;
    }
    do {
        if (cw_ptx_is_dot(parser, "managed")) {
            cw_ptx_next(parser);
            if (declaration->space != CW_PTX_GLOBAL) {
                return cw_ptx_error(parser, span, "5.4.8", "only variables in .global can be .managed");
            }
            declaration->managed = true;
        } else if (cw_ptx_is_dot(parser, "unified")) {
            cw_ptx_next(parser);
            declaration->unified = true;
            if (!cw_ptx_expect_sign(parser, '(') ||
                !cw_ptx_read_number(parser, "an identifier", UINT64_MAX, &declaration->unified_id[0]) ||
                !cw_ptx_expect_sign(parser, ',') ||
                !cw_ptx_read_number(parser, "an identifier", UINT64_MAX, &declaration->unified_id[1]) ||
                !cw_ptx_expect_sign(parser, ')')) {
                return false;
            }
        } else {
            return cw_ptx_unexpected(parser, "an attribute, .managed or .unified");
        }
    } while (cw_ptx_take_sign(parser, ','));
    return cw_ptx_expect_sign(parser, ')');
}

/* .ptr, .ptr.global, .ptr .align 8 (11.1.3). The word is taken. */
static bool read_pointer(struct cw_ptx_parser *parser, struct declaration *declaration) {
    declaration->pointer = true;
    enum cw_ptx_word word = parser->token.kind == CW_PTX_TOKEN_DOT
                                ? cw_ptx_word_find(parser->token.text, parser->token.length)
                                : CW_PTX_NONE;
    if (word == CW_PTX_CONST || word == CW_PTX_GLOBAL || word == CW_PTX_LOCAL || word == CW_PTX_SHARED) {
        declaration->pointer_space = word;
        cw_ptx_next(parser);
    }
    if (cw_ptx_is_dot(parser, "align")) {
        cw_ptx_next(parser);
        return read_align(parser, &declaration->pointer_align);
    }
    return true;
}

static bool read_word(struct cw_ptx_parser *parser, struct declaration *declaration) {
    struct cw_ptx_token token = parser->token;
    enum cw_ptx_word word = cw_ptx_word_find(token.text, token.length);
    cw_ptx_next(parser);
    if (cw_ptx_token_is(&token, "align")) {
        declaration->align_given = true;
        return read_align(parser, &declaration->align);
    }
    if (cw_ptx_token_is(&token, "attribute")) {
        return read_attributes(parser, declaration);
    }
    if (cw_ptx_token_is(&token, "ptr") && declaration->space == CW_PTX_PARAM && declaration->type != CW_PTX_NONE) {
        return read_pointer(parser, declaration);
    }
    if (word == CW_PTX_V2 || word == CW_PTX_V4 || word == CW_PTX_V8) {
        declaration->vector = word == CW_PTX_V2 ? 2 : word == CW_PTX_V4 ? 4 : 8;
        declaration->vector_span = token.span;
        return true;
    }
    if (cw_ptx_type_kind(word) != CW_PTX_KIND_NONE && declaration->type == CW_PTX_NONE) {
        declaration->type = word;
        declaration->type_span = token.span;
        return true;
    }
    int shown = token.length > 40 ? 40 : (int)token.length;
    return cw_ptx_error(parser, token.span, "5.4", "'.%.*s' has no place in this declaration", shown, token.text);
}

/* The rules of 5.2, 5.3 and 5.4 for the words before the names. */
static bool check_words(struct cw_ptx_parser *parser, struct declaration *declaration) {
    enum cw_ptx_word type = declaration->type;
    enum cw_ptx_type_kind kind = cw_ptx_type_kind(type);
    unsigned bits = cw_ptx_type_bits(type);
    if (kind == CW_PTX_KIND_PREDICATE && declaration->space != CW_PTX_REG) {
        return cw_ptx_error(parser, declaration->type_span, "5.2.1", "predicates live in registers only");
    }
    bool alternate = type == CW_PTX_BF16 || type == CW_PTX_BF16X2 || type == CW_PTX_TF32 || type == CW_PTX_U16X2 ||
                     type == CW_PTX_S16X2;
    if (kind != CW_PTX_KIND_PREDICATE && kind != CW_PTX_KIND_OPAQUE &&
        (bits < 8 || alternate || (kind == CW_PTX_KIND_FLOAT && bits < 16) ||
         (kind == CW_PTX_KIND_PACKED && bits < 32))) {
        return cw_ptx_error(parser, declaration->type_span, "5.2",
                            "'.%s' is a format of instructions; variables and registers of it are declared .b%u",
                            cw_ptx_word_text(type), bits < 8 ? 8u : bits);
    }
    if (kind == CW_PTX_KIND_OPAQUE && declaration->space != CW_PTX_GLOBAL && declaration->space != CW_PTX_PARAM &&
        declaration->space != CW_PTX_REG) {
        return cw_ptx_error(parser, declaration->type_span, "5.3", "'.%s' is declared in .global or as a parameter",
                            cw_ptx_word_text(type));
    }
    if (declaration->vector > 1 && kind == CW_PTX_KIND_PREDICATE) {
        return cw_ptx_error(parser, declaration->vector_span, "5.4.2", "there are no vectors of predicates");
    }
    if (declaration->vector > 1 && declaration->vector * bits > 128) {
        return cw_ptx_error(parser, declaration->vector_span, "5.4.2", "a vector has at most 128 bits, .v%u.%s has %u",
                            declaration->vector, cw_ptx_word_text(type), declaration->vector * bits);
    }
    if (type == CW_PTX_B128) {
        return cw_ptx_requires(parser, declaration->type_span, "5.2", ".b128", 83, 70);
    }
    return true;
}

/* From the state space up to the first name. */
static bool read_words(struct cw_ptx_parser *parser, struct declaration *declaration) {
    declaration->space = cw_ptx_word_find(parser->token.text, parser->token.length);
    declaration->space_span = parser->token.span;
    declaration->vector = 1;
    if (declaration->space == CW_PTX_SREG) {
        return cw_ptx_error(parser, parser->token.span, "5.1.2",
                            "special registers are predefined and can't be declared");
    }
    if (declaration->space == CW_PTX_SHARED_CLUSTER) {
        return cw_ptx_error(parser, parser->token.span, "5.1.7", "variables can't be declared in .shared::cluster");
    }
    if (declaration->space == CW_PTX_SHARED_CTA) {
        declaration->space = CW_PTX_SHARED;
    }
    cw_ptx_next(parser);
    if (declaration->space == CW_PTX_CONST && cw_ptx_take_sign(parser, '[')) {
        uint64_t bank;
        if (!cw_ptx_read_number(parser, "a constant bank", 10, &bank) || !cw_ptx_expect_sign(parser, ']')) {
            return false;
        }
        declaration->bank = (uint32_t)bank;
        if (bank != 0 && parser->module->isa >= 22) {
            return cw_ptx_error(parser, declaration->space_span, "5.1.3",
                                "banked constants are gone since PTX ISA 2.2");
        }
        if (bank != 0) {
            cw_ptx_warn(parser, declaration->space_span, "5.1.3", "banked constants are deprecated");
        }
    }
    while (parser->token.kind == CW_PTX_TOKEN_DOT) {
        if (!read_word(parser, declaration)) {
            return false;
        }
    }
    if (declaration->type == CW_PTX_NONE) {
        return cw_ptx_unexpected(parser, "a type");
    }
    if (declaration->space == CW_PTX_TEX) {
        cw_ptx_warn(parser, declaration->space_span, "5.1.8", ".tex is deprecated; declare a .texref in .global");
    }
    return check_words(parser, declaration);
}

static bool read_dimensions(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    while (cw_ptx_is_sign(parser, '[')) {
        struct cw_ptx_span span = parser->token.span;
        if (symbol->dimension_count == CW_PTX_DIMENSIONS_MAX) {
            return cw_ptx_error(parser, span, "5.4.3", "an array has at most %u dimensions here",
                                CW_PTX_DIMENSIONS_MAX);
        }
        cw_ptx_next(parser);
        uint64_t length = 0;
        if (cw_ptx_is_sign(parser, ']')) {
            if (symbol->dimension_count > 0) {
                return cw_ptx_error(parser, span, "5.4.3", "only the first dimension may be left open");
            }
            symbol->unsized = true;
        } else if (!cw_ptx_read_number(parser, "an array's length", CW_PTX_VARIABLE_MAX, &length)) {
            return false;
        }
        symbol->dimensions[symbol->dimension_count++] = length;
        if (!cw_ptx_expect_sign(parser, ']')) {
            return false;
        }
    }
    return true;
}

/* Sets the size in bytes. */
static bool measure(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    uint64_t size = (uint64_t)cw_ptx_type_bits(symbol->type) / 8 * symbol->vector;
    for (unsigned i = symbol->unsized ? 1 : 0; i < symbol->dimension_count; i++) {
        if (__builtin_mul_overflow(size, symbol->dimensions[i], &size) || size > CW_PTX_VARIABLE_MAX) {
            return cw_ptx_error(parser, symbol->span, "5.4.3", "'%.80s' is larger than %llu bytes", symbol->name,
                                (unsigned long long)CW_PTX_VARIABLE_MAX);
        }
    }
    symbol->size = symbol->unsized ? 0 : size;
    return true;
}

static struct cw_ptx_symbol *symbol_of(struct cw_ptx_parser *parser, const struct declaration *declaration,
                                       const struct cw_ptx_name *name, struct cw_ptx_span span) {
    bool is_register = declaration->space == CW_PTX_REG;
    struct cw_ptx_symbol *symbol =
        cw_ptx_symbol_new(parser, is_register ? CW_PTX_SYMBOL_REGISTER : CW_PTX_SYMBOL_VARIABLE, name, span);
    uint32_t natural = cw_ptx_type_bits(declaration->type) / 8 * declaration->vector;
    symbol->linkage = declaration->linkage;
    symbol->space = declaration->space;
    symbol->type = declaration->type;
    symbol->vector = declaration->vector;
    symbol->align = declaration->align_given ? declaration->align : natural == 0 ? 1 : natural;
    symbol->align_given = declaration->align_given;
    symbol->bank = declaration->bank;
    symbol->managed = declaration->managed;
    symbol->unified = declaration->unified;
    memcpy(symbol->unified_id, declaration->unified_id, sizeof(symbol->unified_id));
    symbol->pointer = declaration->pointer;
    symbol->pointer_space = declaration->pointer_space;
    symbol->pointer_align = declaration->pointer_align;
    return symbol;
}

/* The 100> of %r<100>. */
static bool read_range(struct cw_ptx_parser *parser, uint32_t most, uint32_t *count) {
    struct cw_ptx_span span = parser->token.span;
    /* The count is read without operators: `>` closes it. */
    struct cw_ptx_value value;
    if (!cw_ptx_expression_unary(parser, &value)) {
        return false;
    }
    if (cw_ptx_value_is_float(&value) || value.bits == 0 || value.bits > most) {
        return cw_ptx_error(parser, span, "5.4.7", "the number of names must be from 1 to %u", most);
    }
    *count = (uint32_t)value.bits;
    return cw_ptx_expect_sign(parser, '>');
}

static bool check_variable(struct cw_ptx_parser *parser, const struct cw_ptx_symbol *symbol) {
    enum cw_ptx_linkage linkage = symbol->linkage;
    bool inside = parser->function != NULL;
    if (symbol->unsized && linkage != CW_PTX_LINKAGE_EXTERN && !symbol->initialised) {
        return cw_ptx_error(parser, symbol->span, "5.4.3",
                            "'%.80s' needs a length: it is not .extern and has no initialiser", symbol->name);
    }
    if (inside && linkage != CW_PTX_LINKAGE_LOCAL) {
        return cw_ptx_error(parser, symbol->span, "11.6", "linkage belongs to names of the module, not of a function");
    }
    if (!inside && (symbol->space == CW_PTX_REG || symbol->space == CW_PTX_PARAM) && !parser->is_inline) {
        return cw_ptx_error(parser, symbol->span, symbol->space == CW_PTX_REG ? "5.1.1" : "5.1.6",
                            ".%s is declared in functions only", cw_ptx_word_text(symbol->space));
    }
    if (linkage == CW_PTX_LINKAGE_COMMON && symbol->space != CW_PTX_GLOBAL) {
        return cw_ptx_error(parser, symbol->span, "11.6.4", ".common is for variables in .global");
    }
    if (symbol->initialised && symbol->space != CW_PTX_GLOBAL && symbol->space != CW_PTX_CONST) {
        return cw_ptx_error(parser, symbol->span, "5.4.4",
                            "only variables in .global and .const can have initialisers");
    }
    if (symbol->initialised && linkage == CW_PTX_LINKAGE_EXTERN) {
        return cw_ptx_error(parser, symbol->span, "11.6.1", "what is .extern is initialised where it is defined");
    }
    return true;
}

/* A variable that was declared .extern may be defined later, and declared again (11.6.1). */
static bool declare_variable(struct cw_ptx_parser *parser, struct cw_ptx_name *name, struct cw_ptx_symbol *symbol) {
    struct cw_ptx_binding *old = name->bindings[CW_PTX_NAMES_PLAIN];
    if (old != NULL && old->depth == parser->depth && parser->depth == 0 &&
        old->symbol->kind == CW_PTX_SYMBOL_VARIABLE &&
        (old->symbol->linkage == CW_PTX_LINKAGE_EXTERN || symbol->linkage == CW_PTX_LINKAGE_EXTERN)) {
        if (old->symbol->space != symbol->space || old->symbol->type != symbol->type ||
            old->symbol->vector != symbol->vector) {
            return cw_ptx_error(parser, symbol->span, "11.6.1",
                                "'%.80s' was declared with another type or space in line %u", name->text,
                                old->symbol->span.line);
        }
        if (symbol->linkage != CW_PTX_LINKAGE_EXTERN) {
            old->symbol = symbol;
        }
        return true;
    }
    return cw_ptx_declare(parser, name, CW_PTX_NAMES_PLAIN, symbol);
}

static bool add_variable(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    if (parser->function != NULL) {
        struct cw_ptx_statement statement = {
            .kind = CW_PTX_STATEMENT_DECLARATION, .span = symbol->span, .symbol = symbol};
        return cw_ptx_add_statement(parser, &statement);
    }
    cw_ptx_add_item(parser,
                    &(struct cw_ptx_item){.kind = CW_PTX_ITEM_VARIABLE, .span = symbol->span, .symbol = symbol});
    return true;
}

/* x<4> of variables: as if x0, x1, x2 and x3 were written. The `<` was read. */
static bool read_variables(struct cw_ptx_parser *parser, const struct declaration *declaration,
                           const struct cw_ptx_symbol *first) {
    uint32_t count = 0;
    if (!read_range(parser, VARIABLES_MAX, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count && !parser->stopped; i++) {
        char *text = cw_format("%s%u", first->name, i);
        struct cw_ptx_name *name = cw_ptx_intern(parser, text, strlen(text));
        free(text);
        struct cw_ptx_symbol *symbol = symbol_of(parser, declaration, name, first->span);
        if (!measure(parser, symbol) || !check_variable(parser, symbol) || !declare_variable(parser, name, symbol) ||
            !add_variable(parser, symbol)) {
            return false;
        }
    }
    return true;
}

/* One name of a declaration, with what follows it. */
static bool read_declarator(struct cw_ptx_parser *parser, const struct declaration *declaration) {
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a name");
    }
    struct cw_ptx_name *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
    struct cw_ptx_symbol *symbol = symbol_of(parser, declaration, name, parser->token.span);
    cw_ptx_next(parser);
    if (symbol->kind == CW_PTX_SYMBOL_REGISTER && cw_ptx_take_sign(parser, '<')) {
        return read_range(parser, UINT32_MAX, &symbol->range) &&
               cw_ptx_declare(parser, name, CW_PTX_NAMES_RANGE, symbol) && add_variable(parser, symbol);
    }
    if (symbol->kind == CW_PTX_SYMBOL_REGISTER && cw_ptx_is_sign(parser, '[')) {
        return cw_ptx_error(parser, parser->token.span, "5.4.3", "there are no arrays of registers");
    }
    if (symbol->kind == CW_PTX_SYMBOL_VARIABLE && cw_ptx_take_sign(parser, '<')) {
        return read_variables(parser, declaration, symbol);
    }
    bool good = read_dimensions(parser, symbol) && measure(parser, symbol);
    if (good && cw_ptx_is_sign(parser, '=')) {
        /* An initialiser may name its own variable. */
        struct cw_ptx_span span = parser->token.span;
        cw_ptx_next(parser);
        if (symbol->kind != CW_PTX_SYMBOL_VARIABLE) {
            return cw_ptx_error(parser, span, "5.4.4", "registers can't have initialisers");
        }
        good = cw_ptx_initialiser(parser, symbol) && measure(parser, symbol);
    }
    return good && check_variable(parser, symbol) && declare_variable(parser, name, symbol) &&
           add_variable(parser, symbol);
}

bool cw_ptx_declaration(struct cw_ptx_parser *parser, enum cw_ptx_linkage linkage) {
    struct declaration declaration = {.linkage = linkage};
    if (!read_words(parser, &declaration)) {
        return false;
    }
    do {
        if (!read_declarator(parser, &declaration)) {
            return false;
        }
    } while (cw_ptx_take_sign(parser, ','));
    return cw_ptx_expect_sign(parser, ';');
}

bool cw_ptx_parameter(struct cw_ptx_parser *parser, bool entry, struct cw_ptx_symbol **out) {
    struct declaration declaration = {0};
    if (!cw_ptx_begins_declaration(parser) || !(cw_ptx_is_dot(parser, "param") || cw_ptx_is_dot(parser, "reg"))) {
        return cw_ptx_unexpected(parser, "a parameter, .param or .reg");
    }
    if (!read_words(parser, &declaration)) {
        return false;
    }
    if (entry && declaration.space == CW_PTX_REG) {
        return cw_ptx_error(parser, declaration.space_span, "5.1.6.1", "a kernel's parameters are in .param");
    }
    if (declaration.pointer && !entry) {
        cw_ptx_warn(parser, declaration.space_span, "11.1.3", ".ptr says something of kernels' parameters only");
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a parameter's name");
    }
    struct cw_ptx_name *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
    struct cw_ptx_symbol *symbol = symbol_of(parser, &declaration, name, parser->token.span);
    symbol->parameter = true;
    cw_ptx_next(parser);
    if (symbol->kind == CW_PTX_SYMBOL_REGISTER && (cw_ptx_is_sign(parser, '[') || cw_ptx_is_sign(parser, '<'))) {
        return cw_ptx_error(parser, parser->token.span, "5.4.3", "a register parameter is a single register");
    }
    *out = symbol;
    return read_dimensions(parser, symbol) && measure(parser, symbol) &&
           (strcmp(name->text, "_") == 0 || cw_ptx_declare(parser, name, CW_PTX_NAMES_PLAIN, symbol));
}
