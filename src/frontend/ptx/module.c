/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: a whole text: its header (PTX ISA 11.1), linking (11.6), debugging (11.5), and the entry points for files and
 * for asm() statements.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

void cw_ptx_add_item(struct cw_ptx_parser *parser, const struct cw_ptx_item *item) {
    struct cw_ptx_module *module = parser->module;
    parser->items = cw_grow(parser->items, module->item_count, &parser->item_capacity, sizeof(parser->items[0]));
    parser->items[module->item_count++] = *item;
}

/* .version 8.3 */
static bool read_version(struct cw_ptx_parser *parser) {
    struct cw_ptx_span span = parser->token.span;
    cw_ptx_next(parser);
    const struct cw_ptx_token *token = &parser->token;
    unsigned major = 0, minor = 0;
    size_t i = 0;
    if (token->kind != CW_PTX_TOKEN_NUMBER) {
        return cw_ptx_unexpected(parser, "a version");
    }
    while (i < token->length && i < 2 && token->text[i] >= '0' && token->text[i] <= '9') {
        major = major * 10 + (unsigned)(token->text[i++] - '0');
    }
    bool good = i > 0 && i < token->length && token->text[i] == '.' && token->length == i + 2 &&
                token->text[i + 1] >= '0' && token->text[i + 1] <= '9';
    if (!good) {
        return cw_ptx_error(parser, token->span, "11.1.1", "a version is MAJOR.MINOR, as in 8.3");
    }
    minor = (unsigned)(token->text[i + 1] - '0');
    if (parser->module->isa != 0) {
        return cw_ptx_error(parser, span, "11.1.1", ".version stands once, at the beginning");
    }
    parser->module->isa = major * 10 + minor;
    if (parser->module->isa > CW_PTX_NEWEST_ISA) {
        cw_ptx_warn(parser, token->span, "11.1.1",
                    "PTX ISA %u.%u is newer than %u.%u, which this reads; what it added is not known here", major,
                    minor, CW_PTX_NEWEST_ISA / 10, CW_PTX_NEWEST_ISA % 10);
    }
    cw_ptx_next(parser);
    return true;
}

static bool read_target_word(struct cw_ptx_parser *parser) {
    const struct cw_ptx_token *token = &parser->token;
    struct cw_ptx_module *module = parser->module;
    if (token->kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a target");
    }
    if (token->length > 3 && memcmp(token->text, "sm_", 3) == 0) {
        unsigned sm = 0;
        size_t i = 3;
        while (i < token->length && i < 6 && token->text[i] >= '0' && token->text[i] <= '9') {
            sm = sm * 10 + (unsigned)(token->text[i++] - '0');
        }
        char suffix = i < token->length ? token->text[i++] : '\0';
        if (i != token->length || sm < 10 || (suffix != '\0' && suffix != 'a' && suffix != 'f')) {
            return cw_ptx_error(parser, token->span, "11.1.2", "'%.*s' is no target",
                                token->length > 40 ? 40 : (int)token->length, token->text);
        }
        module->sm = sm;
        module->sm_suffix = suffix;
        if (sm > 90) {
            cw_ptx_warn(parser, token->span, "11.1.2",
                        "sm_%u is newer than sm_90, up to which instructions are known here", sm);
        }
    } else if (cw_ptx_token_is(token, "texmode_independent") || cw_ptx_token_is(token, "texmode_unified")) {
        module->texmode_independent = token->text[8] == 'i';
    } else if (cw_ptx_token_is(token, "debug")) {
        module->debug = true;
    } else if (cw_ptx_token_is(token, "map_f64_to_f32")) {
        cw_ptx_warn(parser, token->span, "11.1.2", "map_f64_to_f32 is deprecated");
        module->map_f64_to_f32 = true;
    } else {
        return cw_ptx_error(parser, token->span, "11.1.2", "'%.*s' is no target",
                            token->length > 40 ? 40 : (int)token->length, token->text);
    }
    cw_ptx_next(parser);
    return true;
}

static bool read_target(struct cw_ptx_parser *parser) {
    struct cw_ptx_span span = parser->token.span;
    cw_ptx_next(parser);
    do {
        if (!read_target_word(parser)) {
            return false;
        }
    } while (cw_ptx_take_sign(parser, ','));
    return parser->module->sm != 0 || cw_ptx_error(parser, span, "11.1.2", ".target names an architecture: sm_80");
}

static bool read_address_size(struct cw_ptx_parser *parser) {
    cw_ptx_next(parser);
    uint64_t bits;
    struct cw_ptx_span span = parser->token.span;
    if (!cw_ptx_read_number(parser, "an address size", 64, &bits)) {
        return false;
    }
    if (bits != 32 && bits != 64) {
        return cw_ptx_error(parser, span, "11.1.3", "an address has 32 or 64 bits");
    }
    parser->module->address_size = (uint32_t)bits;
    return true;
}

/* .file 1 "name" [, timestamp, size] (11.5.1) */
static bool read_file(struct cw_ptx_parser *parser) {
    struct cw_ptx_item item = {.kind = CW_PTX_ITEM_FILE, .span = parser->token.span};
    uint64_t number;
    cw_ptx_next(parser);
    if (!cw_ptx_read_number(parser, "a file's index", UINT32_MAX, &number)) {
        return false;
    }
    item.number = (uint32_t)number;
    if (parser->token.kind != CW_PTX_TOKEN_STRING) {
        return cw_ptx_unexpected(parser, "a file name in quotes");
    }
    item.text = cw_ptx_text_of(parser, parser->token.text, parser->token.length);
    cw_ptx_next(parser);
    if (cw_ptx_take_sign(parser, ',')) {
        item.stamped = true;
        if (!cw_ptx_read_number(parser, "a time", UINT64_MAX, &item.timestamp) || !cw_ptx_expect_sign(parser, ',') ||
            !cw_ptx_read_number(parser, "a size", UINT64_MAX, &item.file_size)) {
            return false;
        }
    }
    cw_ptx_take_sign(parser, ';');
    cw_ptx_add_item(parser, &item);
    return true;
}

/* .section .debug_info { ... }: the data is kept as it is (11.5.3). */
static bool read_section(struct cw_ptx_parser *parser) {
    struct cw_ptx_item item = {.kind = CW_PTX_ITEM_SECTION, .span = parser->token.span};
    cw_ptx_next(parser);
    if (parser->token.kind != CW_PTX_TOKEN_DOT) {
        return cw_ptx_unexpected(parser, "a section's name");
    }
    item.text = cw_ptx_text_of(parser, parser->token.text, parser->token.length);
    cw_ptx_next(parser);
    if (!cw_ptx_is_sign(parser, '{')) {
        return cw_ptx_unexpected(parser, "'{'");
    }
    size_t length;
    const char *content = cw_ptx_lex_raw(&parser->lexer, &length);
    if (content == NULL) {
        parser->stopped = true;
        return cw_ptx_error(parser, item.span, "11.5.2", "the section has no end");
    }
    while (length > 0 && strchr(" \t\r\n", content[0]) != NULL && content[0] != '\0') {
        content++;
        length--;
    }
    while (length > 0 && strchr(" \t\r\n", content[length - 1]) != NULL && content[length - 1] != '\0') {
        length--;
    }
    if (memchr(content, '\0', length) != NULL) {
        return cw_ptx_error(parser, item.span, "4.1", "the section holds a NUL character");
    }
    item.content = cw_ptx_text_of(parser, content, length);
    cw_ptx_add_item(parser, &item);
    cw_ptx_next(parser);
    return cw_ptx_expect_sign(parser, '}');
}

/* .alias name, aliasee; (11.2.3) */
static bool read_alias(struct cw_ptx_parser *parser) {
    struct cw_ptx_item item = {.kind = CW_PTX_ITEM_ALIAS, .span = parser->token.span};
    struct cw_ptx_symbol *symbols[2];
    cw_ptx_next(parser);
    if (!cw_ptx_requires(parser, item.span, "11.2.3", ".alias", 63, 30)) {
        return false;
    }
    for (unsigned i = 0; i < 2; i++) {
        if (parser->token.kind != CW_PTX_TOKEN_NAME) {
            return cw_ptx_unexpected(parser, "a function's name");
        }
        struct cw_ptx_name *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
        symbols[i] = cw_ptx_lookup(name, CW_PTX_NAMES_PLAIN);
        if (symbols[i] == NULL || symbols[i]->kind != CW_PTX_SYMBOL_FUNCTION || symbols[i]->function->entry) {
            return cw_ptx_error(parser, parser->token.span, "11.2.3", "'%.80s' is no .func that was declared",
                                name->text);
        }
        cw_ptx_next(parser);
        if (i == 0 && !cw_ptx_expect_sign(parser, ',')) {
            return false;
        }
    }
    if (symbols[0]->function->body != NULL || symbols[1]->function->body == NULL) {
        return cw_ptx_error(parser, item.span, "11.2.3", ".alias gives a function without a body the body of another");
    }
    if (!cw_ptx_same_prototype(symbols[0]->function, symbols[1]->function)) {
        return cw_ptx_error(parser, item.span, "11.2.3", "'%.80s' and '%.80s' have other parameters or results",
                            symbols[0]->name, symbols[1]->name);
    }
    item.symbol = symbols[0];
    item.aliasee = symbols[1];
    cw_ptx_add_item(parser, &item);
    return cw_ptx_expect_sign(parser, ';');
}

static bool read_linkage(struct cw_ptx_parser *parser, enum cw_ptx_linkage *linkage) {
    static const struct {
        const char *text;
        enum cw_ptx_linkage linkage;
    } words[] = {{"extern", CW_PTX_LINKAGE_EXTERN},
                 {"visible", CW_PTX_LINKAGE_VISIBLE},
                 {"weak", CW_PTX_LINKAGE_WEAK},
                 {"common", CW_PTX_LINKAGE_COMMON}};
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (cw_ptx_is_dot(parser, words[i].text)) {
            *linkage = words[i].linkage;
            cw_ptx_next(parser);
            return true;
        }
    }
    return false;
}

static bool read_item(struct cw_ptx_parser *parser) {
    enum cw_ptx_linkage linkage = CW_PTX_LINKAGE_LOCAL;
    cw_ptx_in_directive(parser);
    bool linked = read_linkage(parser, &linkage);
    if (cw_ptx_is_dot(parser, "entry") || cw_ptx_is_dot(parser, "func")) {
        bool entry = cw_ptx_is_dot(parser, "entry");
        if (linkage == CW_PTX_LINKAGE_COMMON) {
            return cw_ptx_error(parser, parser->token.span, "11.6.4", ".common is for variables in .global");
        }
        cw_ptx_in_directive(parser);
        cw_ptx_next(parser);
        return cw_ptx_function(parser, linkage, entry);
    }
    if (cw_ptx_begins_declaration(parser)) {
        return cw_ptx_declaration(parser, linkage);
    }
    if (linked) {
        return cw_ptx_unexpected(parser, "a function or a variable");
    }
    if (cw_ptx_is_dot(parser, "file")) {
        return read_file(parser);
    }
    if (cw_ptx_is_dot(parser, "section")) {
        return read_section(parser);
    }
    if (cw_ptx_is_dot(parser, "alias")) {
        return read_alias(parser);
    }
    if (cw_ptx_is_dot(parser, "pragma")) {
        struct cw_ptx_item item = {.kind = CW_PTX_ITEM_PRAGMA, .span = parser->token.span};
        bool good = cw_ptx_pragma(parser, &item.text);
        if (good) {
            cw_ptx_add_item(parser, &item);
        }
        return good;
    }
    if (cw_ptx_is_dot(parser, "target")) {
        return read_target(parser);
    }
    if (cw_ptx_is_dot(parser, "version")) {
        return read_version(parser);
    }
    if (cw_ptx_is_dot(parser, "address_size")) {
        return read_address_size(parser);
    }
    if (parser->token.kind == CW_PTX_TOKEN_DWARF) {
        struct cw_ptx_item item = {.kind = CW_PTX_ITEM_DWARF, .span = parser->token.span};
        item.text = cw_ptx_text_of(parser, parser->token.text, parser->token.length);
        cw_ptx_warn(parser, item.span, "11.5.1", "@@DWARF is deprecated; use .section");
        cw_ptx_add_item(parser, &item);
        cw_ptx_next(parser);
        return true;
    }
    return cw_ptx_unexpected(parser, "a function, a variable or a directive of the module");
}

/* Behind a mistake outside of functions: on behind the next `;` or `}`, or at a directive that begins something (which read_item
 * takes at least the first token of). */
static void recover_item(struct cw_ptx_parser *parser) {
    static const char *const beginnings[] = {"visible", "extern", "weak",   "common",  "entry",        "func",
                                             "section", "file",   "target", "version", "address_size", "global"};
    uint32_t depth = 0;
    while (parser->token.kind != CW_PTX_TOKEN_END) {
        for (unsigned i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]) && depth == 0; i++) {
            if (cw_ptx_is_dot(parser, beginnings[i])) {
                return;
            }
        }
        if (cw_ptx_is_sign(parser, '{')) {
            depth++;
        } else if (cw_ptx_is_sign(parser, '}') && depth > 0) {
            depth--;
        }
        bool ends = depth == 0 && (cw_ptx_is_sign(parser, ';') || cw_ptx_is_sign(parser, '}'));
        cw_ptx_next(parser);
        if (ends) {
            return;
        }
    }
}

static bool read_header(struct cw_ptx_parser *parser) {
    cw_ptx_in_directive(parser);
    if (!cw_ptx_is_dot(parser, "version")) {
        return cw_ptx_error(parser, parser->token.span, "11.1.1",
                            "a PTX text begins with .version, as in .version 8.3");
    }
    if (!read_version(parser)) {
        return false;
    }
    cw_ptx_in_directive(parser);
    if (!cw_ptx_is_dot(parser, "target")) {
        return cw_ptx_error(parser, parser->token.span, "11.1.2", ".target, as in .target sm_80, must follow .version");
    }
    return read_target(parser);
}

static void parser_init(struct cw_ptx_parser *parser, const char *text, size_t length, const char *name,
                        struct cw_ptx_diagnostics *diagnostics) {
    *parser = (struct cw_ptx_parser){.diagnostics = diagnostics};
    parser->module = cw_alloc(sizeof(*parser->module));
    parser->module->name = cw_arena_strdup(&parser->module->arena, name);
    cw_ptx_lexer_init(&parser->lexer, text, length);
}

/* Gives the module, or NULL if there were errors. */
static struct cw_ptx_module *parser_finish(struct cw_ptx_parser *parser, uint32_t errors_before) {
    struct cw_ptx_module *module = parser->module;
    if (parser->diagnostics->errors == errors_before && module->item_count > 0) {
        module->items = cw_ptx_new(parser, module->item_count, sizeof(module->items[0]));
        if (!parser->stopped) {
            memcpy(module->items, parser->items, module->item_count * sizeof(module->items[0]));
        }
    }
    free(parser->buckets);
    free(parser->registers);
    free(parser->fixups);
    free(parser->statements);
    free(parser->operands);
    free(parser->items);
    cw_arena_fini(&parser->names_arena);
    if (parser->diagnostics->errors == errors_before) {
        return module;
    }
    cw_ptx_module_free(module);
    return NULL;
}

struct cw_ptx_module *cw_ptx_parse(const char *text, size_t length, const char *name,
                                   struct cw_ptx_diagnostics *diagnostics) {
    struct cw_ptx_parser parser;
    uint32_t errors = diagnostics->errors;
    while (length > 0 && text[length - 1] == '\0') {
        length--;
    }
    if (length > CW_PTX_TEXT_MAX) {
        cw_ptx_report(diagnostics, false, (struct cw_ptx_span){0}, "", "the text has more than %zu MiB",
                      CW_PTX_TEXT_MAX >> 20);
        return NULL;
    }
    parser_init(&parser, text, length, name, diagnostics);
    parser.module->address_size = 0;
    cw_ptx_next(&parser);
    if (read_header(&parser)) {
        if (cw_ptx_is_dot(&parser, "address_size") && !read_address_size(&parser)) {
            recover_item(&parser);
        }
        if (parser.module->address_size == 0) {
            parser.module->address_size = parser.module->isa < 23 ? 32 : 64;
        }
        while (!parser.stopped && parser.token.kind != CW_PTX_TOKEN_END) {
            parser.operand_count = 0;
            if (!read_item(&parser)) {
                recover_item(&parser);
            }
        }
    }
    return parser_finish(&parser, errors);
}

void cw_ptx_module_free(struct cw_ptx_module *module) {
    if (module != NULL) {
        cw_arena_fini(&module->arena);
        free(module);
    }
}

/* ---- Inline text --------------------------------------------------------------------------------------------- */

/* The programmer's or LLVM's spelling as PTX: operands are %N. Line for line the same, so that places stay true. */
static void unescape(const char *text, size_t length, bool dollars, struct cw_text *out) {
    for (size_t i = 0; i < length; i++) {
        char c = text[i], next = i + 1 < length ? text[i + 1] : '\0';
        if (!dollars) {
            if (c == '%' && (next == '%' || next == '=')) {
                cw_text_add(out, next == '%' ? "%" : "0");
                i++;
            } else {
                cw_text_append(out, &c, 1);
            }
        } else if (c == '$' && next == '$') {
            cw_text_add(out, "$");
            i++;
        } else if (c == '$' && next >= '0' && next <= '9') {
            cw_text_add(out, "%");
        } else if (c == '$' && next == '{') {
            const char *stop = memchr(text + i, '}', length - i);
            size_t end = stop != NULL ? (size_t)(stop - text) : length;
            if (i + 2 < end && text[i + 2] == ':') {
                cw_text_add(out, "0"); /* ${:uid} */
            } else {
                cw_text_add(out, "%");
                for (size_t k = i + 2; k < end && text[k] >= '0' && text[k] <= '9'; k++) {
                    cw_text_append(out, &text[k], 1);
                }
            }
            i = end;
        } else {
            cw_text_append(out, &c, 1);
        }
    }
}

/* The operands are registers of the body, numbered first. */
static void declare_operands(struct cw_ptx_parser *parser) {
    for (uint32_t i = 0; i < parser->inline_count; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%%%u", i);
        struct cw_ptx_name *name = cw_ptx_intern(parser, text, strlen(text));
        struct cw_ptx_symbol *symbol = cw_ptx_symbol_new(parser, CW_PTX_SYMBOL_REGISTER, name, (struct cw_ptx_span){0});
        symbol->space = CW_PTX_REG;
        symbol->type = parser->inline_operands[i].type;
        cw_ptx_declare(parser, name, CW_PTX_NAMES_PLAIN, symbol);
        cw_ptx_register_of(parser, name, symbol, 0);
    }
}

struct cw_ptx_module *cw_ptx_parse_inline(const char *text, size_t length, const char *name, bool dollars, uint32_t isa,
                                          uint32_t sm, const struct cw_ptx_inline_operand *operands, uint32_t count,
                                          struct cw_ptx_diagnostics *diagnostics) {
    struct cw_ptx_parser parser;
    struct cw_text plain = {0};
    uint32_t errors = diagnostics->errors;
    if (length > CW_PTX_TEXT_MAX) {
        cw_ptx_report(diagnostics, false, (struct cw_ptx_span){0}, "", "the text has more than %zu MiB",
                      CW_PTX_TEXT_MAX >> 20);
        return NULL;
    }
    unescape(text, length, dollars, &plain);
    parser_init(&parser, cw_text_string(&plain), plain.size, name, diagnostics);
    parser.is_inline = true;
    parser.inline_operands = operands;
    parser.inline_count = count;
    parser.module->isa = isa != 0 ? isa : CW_PTX_NEWEST_ISA;
    parser.module->sm = sm != 0 ? sm : CW_PTX_NEWEST_SM;
    parser.module->address_size = 64;
    struct cw_ptx_function *function = cw_ptx_new(&parser, 1, sizeof(*function));
    struct cw_ptx_name *own = cw_ptx_intern(&parser, "", 0);
    function->symbol = cw_ptx_symbol_new(&parser, CW_PTX_SYMBOL_FUNCTION, own, (struct cw_ptx_span){0});
    function->symbol->function = function;
    parser.function = function;
    parser.serial = 1;
    if (cw_ptx_scope_enter(&parser)) {
        declare_operands(&parser);
        cw_ptx_next(&parser);
        cw_ptx_block_body(&parser, true, &function->body);
        cw_ptx_fixups_finish(&parser);
        cw_ptx_scope_leave(&parser);
    }
    function->registers = cw_ptx_new(&parser, function->register_count, sizeof(struct cw_ptx_register *));
    if (function->register_count > 0) {
        memcpy(function->registers, parser.registers, function->register_count * sizeof(struct cw_ptx_register *));
    }
    parser.module->inline_body = function;
    struct cw_ptx_module *module = parser_finish(&parser, errors);
    cw_text_fini(&plain);
    return module;
}
