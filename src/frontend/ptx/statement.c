/* SPDX-License-Identifier: Apache-2.0 */
/* statement.c: what stands in a function's body (PTX ISA 4.3): blocks, labels, declarations, lists of targets, .loc, .pragma. */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

bool cw_ptx_add_statement(struct cw_ptx_parser *parser, const struct cw_ptx_statement *statement) {
    parser->statements = cw_grow(parser->statements, parser->statement_count, &parser->statement_capacity,
                                 sizeof(parser->statements[0]));
    parser->statements[parser->statement_count++] = *statement;
    return true;
}

void cw_ptx_add_fixup(struct cw_ptx_parser *parser, struct cw_ptx_symbol **place, struct cw_ptx_name *name,
                      struct cw_ptx_span span) {
    parser->fixups = cw_grow(parser->fixups, parser->fixup_count, &parser->fixup_capacity, sizeof(parser->fixups[0]));
    parser->fixups[parser->fixup_count++] = (struct cw_ptx_fixup){.place = place, .name = name, .span = span};
}

/* Resolves uses of labels of the block that ends; the others are left to the blocks around it. */
static void resolve_fixups(struct cw_ptx_parser *parser, size_t first) {
    size_t kept = first;
    for (size_t i = first; i < parser->fixup_count; i++) {
        struct cw_ptx_fixup *fixup = &parser->fixups[i];
        const struct cw_ptx_binding *binding = fixup->name->bindings[CW_PTX_NAMES_LABEL];
        if (binding != NULL && binding->depth == parser->depth) {
            *fixup->place = binding->symbol;
        } else {
            parser->fixups[kept++] = *fixup;
        }
    }
    parser->fixup_count = kept;
}

void cw_ptx_fixups_finish(struct cw_ptx_parser *parser) {
    for (size_t i = 0; i < parser->fixup_count; i++) {
        cw_ptx_error(parser, parser->fixups[i].span, "4.3.1", "no label '%.80s' can be reached from here",
                     parser->fixups[i].name->text);
    }
    parser->fixup_count = 0;
}

static bool read_targets(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    struct target {
        struct cw_ptx_name *name;
        struct cw_ptx_span span;
    } *list = NULL;
    size_t count = 0, capacity = 0;
    bool good = true;
    do {
        if (parser->token.kind != CW_PTX_TOKEN_NAME) {
            good = cw_ptx_unexpected(parser, symbol->calls ? "the name of a function" : "a label");
            break;
        }
        list = cw_grow(list, count, &capacity, sizeof(*list));
        list[count].name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
        list[count++].span = parser->token.span;
        cw_ptx_next(parser);
    } while (cw_ptx_take_sign(parser, ','));
    symbol->targets = cw_ptx_new(parser, count, sizeof(symbol->targets[0]));
    symbol->target_spans = cw_ptx_new(parser, count, sizeof(symbol->target_spans[0]));
    for (size_t i = 0; i < count && good && !parser->stopped; i++) {
        symbol->target_spans[i] = list[i].span;
        if (!symbol->calls) {
            cw_ptx_add_fixup(parser, &symbol->targets[i], list[i].name, list[i].span);
            continue;
        }
        symbol->targets[i] = cw_ptx_lookup(list[i].name, CW_PTX_NAMES_PLAIN);
        if (symbol->targets[i] == NULL || symbol->targets[i]->kind != CW_PTX_SYMBOL_FUNCTION) {
            good = cw_ptx_error(parser, list[i].span, "11.3.2", "'%.80s' is no function that was declared",
                                list[i].name->text);
        }
    }
    symbol->target_count = good ? (uint32_t)count : 0;
    free(list);
    return good && cw_ptx_expect_sign(parser, ';');
}

/* What follows `name:` */
static bool read_label(struct cw_ptx_parser *parser, const struct cw_ptx_token *token) {
    struct cw_ptx_name *name = cw_ptx_intern(parser, token->text, token->length);
    bool branches = cw_ptx_is_dot(parser, "branchtargets"), calls = cw_ptx_is_dot(parser, "calltargets");
    bool prototype = cw_ptx_is_dot(parser, "callprototype");
    if (!branches && !calls && !prototype) {
        struct cw_ptx_symbol *label = cw_ptx_symbol_new(parser, CW_PTX_SYMBOL_LABEL, name, token->span);
        label->number = parser->function->label_count++;
        struct cw_ptx_statement statement = {.kind = CW_PTX_STATEMENT_LABEL, .span = token->span, .symbol = label};
        cw_ptx_declare(parser, name, CW_PTX_NAMES_LABEL,
                       label); /* a second one is reported; reading goes on behind it */
        return cw_ptx_add_statement(parser, &statement);
    }
    struct cw_ptx_symbol *symbol =
        cw_ptx_symbol_new(parser, prototype ? CW_PTX_SYMBOL_PROTOTYPE : CW_PTX_SYMBOL_TARGETS, name, token->span);
    struct cw_ptx_statement statement = {.kind = prototype ? CW_PTX_STATEMENT_PROTOTYPE : CW_PTX_STATEMENT_TARGETS,
                                         .span = token->span,
                                         .symbol = symbol};
    symbol->calls = calls;
    cw_ptx_in_directive(parser);
    cw_ptx_next(parser);
    return (prototype ? cw_ptx_prototype(parser, symbol) : read_targets(parser, symbol)) &&
           cw_ptx_declare(parser, name, CW_PTX_NAMES_PLAIN, symbol) && cw_ptx_add_statement(parser, &statement);
}

static bool read_small(struct cw_ptx_parser *parser, const char *what, uint32_t *out) {
    uint64_t value;
    if (!cw_ptx_read_number(parser, what, UINT32_MAX, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* .loc (11.5.2). A file index that no .file declares is left as it is. */
static bool read_loc(struct cw_ptx_parser *parser) {
    struct cw_ptx_span span = parser->token.span;
    struct cw_ptx_loc *loc = cw_ptx_new(parser, 1, sizeof(*loc));
    cw_ptx_next(parser);
    if (!read_small(parser, "a file's index", &loc->file) || !read_small(parser, "a line", &loc->line) ||
        !read_small(parser, "a column", &loc->column)) {
        return false;
    }
    while (cw_ptx_take_sign(parser, ',')) {
        if (parser->token.kind == CW_PTX_TOKEN_NAME && cw_ptx_token_is(&parser->token, "function_name")) {
            cw_ptx_next(parser);
            if (parser->token.kind != CW_PTX_TOKEN_NAME) {
                return cw_ptx_unexpected(parser, "a label of .debug_str");
            }
            loc->function_name = cw_ptx_text_of(parser, parser->token.text, parser->token.length);
            cw_ptx_next(parser);
            struct cw_ptx_value offset = {.kind = CW_PTX_VALUE_SIGNED};
            if (!cw_ptx_expression_sum(parser, &offset)) {
                return false;
            }
            loc->function_offset = (int64_t)offset.bits;
        } else if (parser->token.kind == CW_PTX_TOKEN_NAME && cw_ptx_token_is(&parser->token, "inlined_at")) {
            cw_ptx_next(parser);
            if (!read_small(parser, "a file's index", &loc->inlined_file) ||
                !read_small(parser, "a line", &loc->inlined_line) ||
                !read_small(parser, "a column", &loc->inlined_column)) {
                return false;
            }
        } else {
            return cw_ptx_unexpected(parser, "function_name or inlined_at");
        }
    }
    cw_ptx_take_sign(parser, ';');
    if (parser->function == NULL) {
        return cw_ptx_error(parser, span, "11.5.4", ".loc belongs into a function");
    }
    return cw_ptx_add_statement(parser,
                                &(struct cw_ptx_statement){.kind = CW_PTX_STATEMENT_LOC, .span = span, .loc = loc});
}

bool cw_ptx_pragma(struct cw_ptx_parser *parser, const char **text) {
    cw_ptx_next(parser);
    struct cw_text all = {0};
    do {
        if (parser->token.kind != CW_PTX_TOKEN_STRING) {
            cw_text_fini(&all);
            return cw_ptx_unexpected(parser, "a string");
        }
        if (all.size > 0) {
            cw_text_add(&all, "\", \"");
        }
        cw_text_append(&all, parser->token.text, parser->token.length);
        cw_ptx_next(parser);
    } while (cw_ptx_take_sign(parser, ','));
    *text = cw_ptx_text_of(parser, cw_text_string(&all), all.size);
    cw_text_fini(&all);
    return cw_ptx_expect_sign(parser, ';');
}

static bool read_directive(struct cw_ptx_parser *parser) {
    if (cw_ptx_begins_declaration(parser)) {
        return cw_ptx_declaration(parser, CW_PTX_LINKAGE_LOCAL);
    }
    if (cw_ptx_is_dot(parser, "loc")) {
        return read_loc(parser);
    }
    if (cw_ptx_is_dot(parser, "pragma")) {
        struct cw_ptx_statement statement = {.kind = CW_PTX_STATEMENT_PRAGMA, .span = parser->token.span};
        return cw_ptx_pragma(parser, &statement.text) && cw_ptx_add_statement(parser, &statement);
    }
    return cw_ptx_unexpected(parser, "a statement");
}

static bool read_inner_block(struct cw_ptx_parser *parser) {
    struct cw_ptx_statement statement = {.kind = CW_PTX_STATEMENT_BLOCK, .span = parser->token.span};
    cw_ptx_next(parser);
    return cw_ptx_block_body(parser, false, &statement.block) && cw_ptx_add_statement(parser, &statement);
}

static bool read_statement(struct cw_ptx_parser *parser) {
    cw_ptx_in_directive(parser);
    if (cw_ptx_is_sign(parser, '{')) {
        return read_inner_block(parser);
    }
    if (cw_ptx_take_sign(parser, ';')) {
        return true;
    }
    if (parser->token.kind == CW_PTX_TOKEN_DOT) {
        return read_directive(parser);
    }
    if (cw_ptx_is_sign(parser, '@')) {
        return cw_ptx_instruction(parser, NULL);
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a statement");
    }
    struct cw_ptx_token name = parser->token;
    cw_ptx_next(parser);
    return cw_ptx_take_sign(parser, ':') ? read_label(parser, &name) : cw_ptx_instruction(parser, &name);
}

bool cw_ptx_block_body(struct cw_ptx_parser *parser, bool to_end, struct cw_ptx_block **out) {
    if (!cw_ptx_scope_enter(parser)) {
        return false;
    }
    size_t first = parser->statement_count, first_fixup = parser->fixup_count;
    while (!parser->stopped && parser->token.kind != CW_PTX_TOKEN_END && !cw_ptx_is_sign(parser, '}')) {
        parser->operand_count = 0;
        if (!read_statement(parser)) {
            cw_ptx_recover(parser);
        }
    }
    struct cw_ptx_block *block = cw_ptx_new(parser, 1, sizeof(*block));
    size_t count = parser->statement_count - first;
    block->end = parser->token.span;
    if (count > 0 && !parser->stopped) {
        block->statements = cw_ptx_new(parser, count, sizeof(block->statements[0]));
    }
    if (block->statements != NULL && !parser->stopped) {
        block->count = (uint32_t)count;
        memcpy(block->statements, parser->statements + first, count * sizeof(block->statements[0]));
    }
    parser->statement_count = first;
    resolve_fixups(parser, first_fixup);
    cw_ptx_scope_leave(parser);
    *out = block;
    if (to_end) {
        return parser->token.kind == CW_PTX_TOKEN_END || cw_ptx_unexpected(parser, "a statement");
    }
    return cw_ptx_expect_sign(parser, '}');
}
