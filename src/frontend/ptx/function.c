/* SPDX-License-Identifier: Apache-2.0 */
/* function.c: .entry and .func with their parameters and directives (PTX ISA 11.2, 11.4), and .callprototype (11.3). */
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/parser.h"

bool cw_ptx_parameters(struct cw_ptx_parser *parser, bool entry, struct cw_ptx_symbol ***out, uint32_t *out_count) {
    struct cw_ptx_symbol **list = NULL;
    size_t count = 0, capacity = 0;
    bool good = cw_ptx_expect_sign(parser, '(');
    bool more = good && !cw_ptx_is_sign(parser, ')');
    while (good && more) {
        struct cw_ptx_symbol *symbol = NULL;
        good = cw_ptx_parameter(parser, entry, &symbol);
        if (good) {
            symbol->param_index = (uint32_t)count;
            list = cw_grow(list, count, &capacity, sizeof(struct cw_ptx_symbol *));
            list[count++] = symbol;
        }
        more = cw_ptx_take_sign(parser, ',');
        if (good && more && symbol->unsized) {
            good = cw_ptx_error(parser, symbol->span, "7.2",
                                "an array without a length, which takes any further arguments, is the last parameter");
        }
    }
    if (good && count > 0) {
        struct cw_ptx_symbol **copy = cw_ptx_new(parser, count, sizeof(struct cw_ptx_symbol *));
        if (!parser->stopped) {
            memcpy(copy, list, count * sizeof(struct cw_ptx_symbol *));
            *out = copy;
            *out_count = (uint32_t)count;
        }
    }
    free(list);
    return good && cw_ptx_expect_sign(parser, ')');
}

static bool read_small(struct cw_ptx_parser *parser, const char *what, uint32_t *out) {
    uint64_t value;
    if (!cw_ptx_read_number(parser, what, UINT32_MAX, &value)) {
        return false;
    }
    *out = (uint32_t)value;
    return true;
}

/* .maxntid nx[, ny[, nz]] */
static bool read_axes(struct cw_ptx_parser *parser, const char *section, uint32_t axes[3]) {
    axes[0] = axes[1] = axes[2] = 1;
    for (unsigned i = 0; i < 3; i++) {
        if (!read_small(parser, "a size", &axes[i])) {
            return false;
        }
        if (axes[i] == 0) {
            return cw_ptx_error(parser, parser->token.span, section, "a size must be at least 1");
        }
        if (!cw_ptx_take_sign(parser, ',')) {
            break;
        }
    }
    return true;
}

static bool add_pragma(struct cw_ptx_parser *parser, struct cw_ptx_function *function) {
    const char *text;
    if (!cw_ptx_pragma(parser, &text)) {
        return false;
    }
    if (function->pragma_count == 64) {
        return cw_ptx_error(parser, parser->token.span, "11.4.7", "a function has at most 64 pragmas here");
    }
    if (function->pragmas == NULL) {
        function->pragmas = cw_ptx_new(parser, 64, sizeof(function->pragmas[0]));
    }
    function->pragmas[function->pragma_count++] = text;
    return true;
}

static bool only_kernels(struct cw_ptx_parser *parser, const struct cw_ptx_function *function, struct cw_ptx_span span,
                         const char *section, const char *word) {
    return function->entry || cw_ptx_error(parser, span, section, ".%s is for kernels (.entry)", word);
}

/* A directive between head and body (11.4). */
static bool read_directive(struct cw_ptx_parser *parser, struct cw_ptx_function *function) {
    static const struct {
        const char *word, *section;
    } of_kernels[] = {{"maxnreg", "11.4.1"},         {"maxntid", "11.4.2"},           {"reqntid", "11.4.3"},
                      {"minnctapersm", "11.4.4"},    {"maxnctapersm", "11.4.5"},      {"reqnctapercluster", "11.7.1"},
                      {"explicitcluster", "11.7.2"}, {"maxclusterrank", "11.7.3"},    {"blocksareclusters", "11.8.1"}};
    struct cw_ptx_token token = parser->token;
    cw_ptx_in_directive(parser);
    for (unsigned i = 0; i < sizeof(of_kernels) / sizeof(of_kernels[0]); i++) {
        if (cw_ptx_token_is(&token, of_kernels[i].word) &&
            !only_kernels(parser, function, token.span, of_kernels[i].section, of_kernels[i].word)) {
            return false;
        }
    }
    if (cw_ptx_token_is(&token, "pragma")) {
        return add_pragma(parser, function);
    }
    cw_ptx_next(parser);
    if (cw_ptx_token_is(&token, "maxntid")) {
        return read_axes(parser, "11.4.2", function->maxntid);
    }
    if (cw_ptx_token_is(&token, "reqntid")) {
        return read_axes(parser, "11.4.3", function->reqntid);
    }
    if (cw_ptx_token_is(&token, "reqnctapercluster")) {
        return cw_ptx_requires(parser, token.span, "11.7.1", ".reqnctapercluster", 78, 90) &&
               read_axes(parser, "11.7.1", function->reqnctapercluster);
    }
    if (cw_ptx_token_is(&token, "minnctapersm")) {
        return read_small(parser, "a number of blocks", &function->minnctapersm);
    }
    if (cw_ptx_token_is(&token, "maxnctapersm")) {
        cw_ptx_warn(parser, token.span, "11.4.5", ".maxnctapersm is deprecated; use .minnctapersm");
        return read_small(parser, "a number of blocks", &function->maxnctapersm);
    }
    if (cw_ptx_token_is(&token, "maxnreg")) {
        return read_small(parser, "a number of registers", &function->maxnreg);
    }
    if (cw_ptx_token_is(&token, "maxclusterrank")) {
        return cw_ptx_requires(parser, token.span, "11.7.3", ".maxclusterrank", 78, 90) &&
               read_small(parser, "a number of blocks", &function->maxclusterrank);
    }
    if (cw_ptx_token_is(&token, "explicitcluster")) {
        function->explicitcluster = true;
        return cw_ptx_requires(parser, token.span, "11.7.2", ".explicitcluster", 78, 90);
    }
    if (cw_ptx_token_is(&token, "blocksareclusters")) {
        function->blocksareclusters = true;
        return cw_ptx_requires(parser, token.span, "11.8.1", ".blocksareclusters", 90, 90);
    }
    if (cw_ptx_token_is(&token, "noreturn")) {
        function->noreturn = true;
        if (function->entry || function->result_count > 0) {
            return cw_ptx_error(parser, token.span, "11.4.6", ".noreturn is for .func without results");
        }
        return cw_ptx_requires(parser, token.span, "11.4.6", ".noreturn", 64, 30);
    }
    bool control = cw_ptx_token_is(&token, "abi_preserve_control");
    if (control || cw_ptx_token_is(&token, "abi_preserve")) {
        uint64_t value;
        if (!cw_ptx_read_number(parser, "a number of registers", 1u << 16, &value)) {
            return false;
        }
        *(control ? &function->abi_preserve_control : &function->abi_preserve) = value + 1;
        return true;
    }
    int shown = token.length > 60 ? 60 : (int)token.length;
    return cw_ptx_error(parser, token.span, "11.4", "'.%.*s' is no directive of functions", shown, token.text);
}

static bool same_list(struct cw_ptx_symbol *const *a, uint32_t a_count, struct cw_ptx_symbol *const *b,
                      uint32_t b_count) {
    if (a_count != b_count) {
        return false;
    }
    for (uint32_t i = 0; i < a_count; i++) {
        if (a[i]->space != b[i]->space || a[i]->size != b[i]->size || a[i]->unsized != b[i]->unsized ||
            (a[i]->dimension_count == 0 && cw_ptx_type_bits(a[i]->type) != cw_ptx_type_bits(b[i]->type))) {
            return false;
        }
    }
    return true;
}

bool cw_ptx_same_prototype(const struct cw_ptx_function *a, const struct cw_ptx_function *b) {
    return same_list(a->params, a->param_count, b->params, b->param_count) &&
           same_list(a->results, a->result_count, b->results, b->result_count);
}

/* A function may be declared any number of times and defined once (11.2). */
static bool declare_function(struct cw_ptx_parser *parser, struct cw_ptx_name *name, struct cw_ptx_function *function,
                             enum cw_ptx_linkage linkage, struct cw_ptx_span span, bool is_definition) {
    struct cw_ptx_symbol *symbol = cw_ptx_lookup(name, CW_PTX_NAMES_PLAIN);
    if (symbol == NULL || symbol->kind != CW_PTX_SYMBOL_FUNCTION) {
        symbol = cw_ptx_symbol_new(parser, CW_PTX_SYMBOL_FUNCTION, name, span);
        symbol->linkage = linkage;
        symbol->function = function;
        function->symbol = symbol;
        return cw_ptx_declare(parser, name, CW_PTX_NAMES_PLAIN, symbol);
    }
    struct cw_ptx_function *first = symbol->function;
    const char *section = function->entry ? "11.2.1" : "11.2.2";
    function->symbol = symbol;
    if (first->entry != function->entry || !cw_ptx_same_prototype(first, function)) {
        return cw_ptx_error(parser, span, section, "'%.80s' was declared with other parameters or results in line %u",
                            name->text, symbol->span.line);
    }
    if (is_definition && first->body != NULL) {
        return cw_ptx_error(parser, span, section, "'%.80s' is defined a second time; first in line %u", name->text,
                            first->symbol->span.line);
    }
    if (symbol->linkage == CW_PTX_LINKAGE_LOCAL || symbol->linkage == CW_PTX_LINKAGE_EXTERN) {
        symbol->linkage = linkage == CW_PTX_LINKAGE_LOCAL ? symbol->linkage : linkage;
    }
    if (is_definition) {
        first->definition = function;
        symbol->function = function;
    }
    return true;
}

static void finish_body(struct cw_ptx_parser *parser, struct cw_ptx_function *function) {
    function->registers = cw_ptx_new(parser, function->register_count, sizeof(struct cw_ptx_register *));
    if (function->register_count > 0 && !parser->stopped) {
        memcpy(function->registers, parser->registers, function->register_count * sizeof(struct cw_ptx_register *));
    }
}

static bool read_head(struct cw_ptx_parser *parser, struct cw_ptx_function *function, struct cw_ptx_name **name,
                      struct cw_ptx_span *span) {
    if (!function->entry && cw_ptx_is_sign(parser, '(') &&
        !cw_ptx_parameters(parser, false, &function->results, &function->result_count)) {
        return false;
    }
    if (parser->token.kind != CW_PTX_TOKEN_NAME) {
        return cw_ptx_unexpected(parser, "a function's name");
    }
    *name = cw_ptx_intern(parser, parser->token.text, parser->token.length);
    *span = parser->token.span;
    cw_ptx_next(parser);
    if (cw_ptx_is_sign(parser, '(') &&
        !cw_ptx_parameters(parser, function->entry, &function->params, &function->param_count)) {
        return false;
    }
    while (parser->token.kind == CW_PTX_TOKEN_DOT) {
        if (!read_directive(parser, function)) {
            return false;
        }
    }
    return true;
}

/* Declares in the scope around the parameters' one. */
static bool declare_outside(struct cw_ptx_parser *parser, struct cw_ptx_name *name, struct cw_ptx_function *function,
                            enum cw_ptx_linkage linkage, struct cw_ptx_span span, bool is_definition) {
    parser->depth--;
    bool good = declare_function(parser, name, function, linkage, span, is_definition);
    parser->depth++;
    return good;
}

static bool check_kernel(struct cw_ptx_parser *parser, const struct cw_ptx_function *function,
                         struct cw_ptx_span span) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < function->param_count && function->entry; i++) {
        const struct cw_ptx_symbol *param = function->params[i];
        if (param->unsized) {
            return cw_ptx_error(parser, param->span, "5.1.6.1", "a kernel's parameter needs a length");
        }
        bytes = (bytes + param->align - 1) / param->align * param->align + param->size;
        if (bytes > 32764) {
            return cw_ptx_error(parser, span, "11.2.1", "a kernel's parameters take at most 32764 bytes");
        }
    }
    return true;
}

bool cw_ptx_function(struct cw_ptx_parser *parser, enum cw_ptx_linkage linkage, bool entry) {
    struct cw_ptx_function *function = cw_ptx_new(parser, 1, sizeof(*function));
    struct cw_ptx_span start = parser->token.span;
    function->entry = entry;
    if (!cw_ptx_scope_enter(parser)) {
        return false;
    }
    parser->serial++;
    struct cw_ptx_name *name = NULL;
    struct cw_ptx_span span = start;
    bool good = read_head(parser, function, &name, &span) && check_kernel(parser, function, span);
    bool is_definition = good && cw_ptx_is_sign(parser, '{');
    if (good && !is_definition && !cw_ptx_is_sign(parser, ';')) {
        good = cw_ptx_unexpected(parser, "'{' or ';'");
    }
    good = good && declare_outside(parser, name, function, linkage, span, is_definition);
    if (good && is_definition && linkage == CW_PTX_LINKAGE_EXTERN) {
        good = cw_ptx_error(parser, span, "11.6.1", "'%.80s' is .extern and can't have a body", name->text);
    }
    if (good) {
        cw_ptx_add_item(
            parser, &(struct cw_ptx_item){
                        .kind = CW_PTX_ITEM_FUNCTION, .span = span, .function = function, .symbol = function->symbol});
        if (is_definition) {
            parser->function = function;
            cw_ptx_next(parser);
            good = cw_ptx_block_body(parser, false, &function->body);
            cw_ptx_fixups_finish(parser);
            finish_body(parser, function);
            parser->function = NULL;
        } else {
            cw_ptx_next(parser);
        }
    }
    cw_ptx_scope_leave(parser);
    return good;
}

bool cw_ptx_prototype(struct cw_ptx_parser *parser, struct cw_ptx_symbol *symbol) {
    struct cw_ptx_function *function = cw_ptx_new(parser, 1, sizeof(*function));
    function->symbol = symbol;
    symbol->function = function;
    if (!cw_ptx_scope_enter(parser)) {
        return false;
    }
    bool good =
        !cw_ptx_is_sign(parser, '(') || cw_ptx_parameters(parser, false, &function->results, &function->result_count);
    if (good && parser->token.kind != CW_PTX_TOKEN_NAME) {
        good = cw_ptx_unexpected(parser, "'_'");
    }
    if (good) {
        cw_ptx_next(parser);
        good =
            !cw_ptx_is_sign(parser, '(') || cw_ptx_parameters(parser, false, &function->params, &function->param_count);
    }
    while (good && parser->token.kind == CW_PTX_TOKEN_DOT) {
        good = read_directive(parser, function);
    }
    cw_ptx_scope_leave(parser);
    return good && cw_ptx_expect_sign(parser, ';');
}
