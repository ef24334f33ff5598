/* SPDX-License-Identifier: Apache-2.0 */
/* parser.c: what all files of the parser stand on: tokens, memory with its bound, reports, recovery. */
#include "frontend/ptx/parser.h"

#include <stdlib.h>
#include <string.h>

void *cw_ptx_new(struct cw_ptx_parser *parser, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > CW_PTX_MEMORY_MAX - parser->memory) {
        if (!parser->stopped) {
            cw_ptx_error(parser, parser->token.span, "", "the module needs more than %zu MiB of memory to read",
                         CW_PTX_MEMORY_MAX >> 20);
        }
        /* What was asked for is still given when it is small: the readers stop soon. */
        parser->stopped = true;
        bytes = bytes > CW_PTX_TEXT_MAX * 64 ? 1 : bytes;
        return cw_arena_alloc(&parser->module->arena, bytes);
    }
    parser->memory += bytes + 16;
    return cw_arena_alloc(&parser->module->arena, bytes == 0 ? 1 : bytes);
}

char *cw_ptx_text_of(struct cw_ptx_parser *parser, const char *text, size_t length) {
    char *copy = cw_ptx_new(parser, length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

bool cw_ptx_error(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    cw_ptx_report(parser->diagnostics, false, span, section, "%s", cw_text_string(&text));
    cw_text_fini(&text);
    if (parser->diagnostics->errors >= CW_PTX_ERRORS_MAX) {
        parser->stopped = true;
    }
    return false;
}

void cw_ptx_warn(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    cw_ptx_report(parser->diagnostics, true, span, section, "%s", cw_text_string(&text));
    cw_text_fini(&text);
}

void cw_ptx_next(struct cw_ptx_parser *parser) {
    if (parser->stopped) {
        parser->token.kind = CW_PTX_TOKEN_END;
        return;
    }
    cw_ptx_lex(&parser->lexer, &parser->token);
    if (parser->token.kind == CW_PTX_TOKEN_ERROR) {
        cw_ptx_error(parser, parser->token.span, "4", "%s", parser->token.text);
        parser->token.kind = CW_PTX_TOKEN_END;
        parser->token.length = 0;
        parser->stopped = true;
    }
}

void cw_ptx_in_directive(struct cw_ptx_parser *parser) {
    static const struct {
        const char *word, *section;
    } sections[] = {{"version", "11.1.1"},       {"target", "11.1.2"},          {"address_size", "11.1.3"},
                    {"entry", "11.2.1"},         {"func", "11.2.2"},            {"alias", "11.2.3"},
                    {"branchtargets", "11.3.1"}, {"calltargets", "11.3.2"},     {"callprototype", "11.3.3"},
                    {"maxnreg", "11.4.1"},       {"maxntid", "11.4.2"},         {"reqntid", "11.4.3"},
                    {"minnctapersm", "11.4.4"},  {"maxnctapersm", "11.4.5"},    {"noreturn", "11.4.6"},
                    {"pragma", "11.4.7"},        {"section", "11.5.2"},         {"file", "11.5.3"},
                    {"loc", "11.5.4"},           {"extern", "11.6.1"},          {"visible", "11.6.2"},
                    {"weak", "11.6.3"},          {"common", "11.6.4"},          {"reqnctapercluster", "11.7.1"},
                    {"maxclusterrank", "11.7.3"}};
    parser->directive = "";
    for (unsigned i = 0; i < sizeof(sections) / sizeof(sections[0]) && parser->token.kind == CW_PTX_TOKEN_DOT; i++) {
        if (cw_ptx_token_is(&parser->token, sections[i].word)) {
            parser->directive = sections[i].section;
            return;
        }
    }
}

static const char *section_here(const struct cw_ptx_parser *parser) {
    return parser->directive != NULL ? parser->directive : "";
}

bool cw_ptx_unexpected(struct cw_ptx_parser *parser, const char *what) {
    const struct cw_ptx_token *token = &parser->token;
    if (parser->stopped) {
        return false;
    }
    if (token->kind == CW_PTX_TOKEN_END) {
        return cw_ptx_error(parser, token->span, section_here(parser), "expected %s, but the text ends here", what);
    }
    int length = token->length > 60 ? 60 : (int)token->length;
    return cw_ptx_error(parser, token->span, section_here(parser), "expected %s, found '%s%.*s'", what,
                        token->kind == CW_PTX_TOKEN_DOT ? "." : "", length, token->text);
}

bool cw_ptx_is_sign(const struct cw_ptx_parser *parser, int sign) {
    return parser->token.kind == CW_PTX_TOKEN_SIGN && parser->token.sign == sign;
}

bool cw_ptx_take_sign(struct cw_ptx_parser *parser, int sign) {
    if (!cw_ptx_is_sign(parser, sign)) {
        return false;
    }
    cw_ptx_next(parser);
    return true;
}

bool cw_ptx_expect_sign(struct cw_ptx_parser *parser, int sign) {
    if (cw_ptx_take_sign(parser, sign)) {
        return true;
    }
    char what[] = {'\'', (char)sign, '\'', '\0'};
    return cw_ptx_unexpected(parser, what);
}

bool cw_ptx_token_is(const struct cw_ptx_token *token, const char *text) {
    size_t length = strlen(text);
    return token->length == length && memcmp(token->text, text, length) == 0;
}

bool cw_ptx_is_dot(const struct cw_ptx_parser *parser, const char *word) {
    return parser->token.kind == CW_PTX_TOKEN_DOT && cw_ptx_token_is(&parser->token, word);
}

bool cw_ptx_read_number(struct cw_ptx_parser *parser, const char *what, uint64_t most, uint64_t *value) {
    struct cw_ptx_span span = parser->token.span;
    struct cw_ptx_value number;
    if (!cw_ptx_expression(parser, &number)) {
        return false;
    }
    if (cw_ptx_value_is_float(&number) || (number.kind == CW_PTX_VALUE_SIGNED && (int64_t)number.bits < 0) ||
        number.bits > most) {
        return cw_ptx_error(parser, span, section_here(parser), "%s must be a number from 0 to %llu", what, (unsigned long long)most);
    }
    *value = number.bits;
    return true;
}

void cw_ptx_recover(struct cw_ptx_parser *parser) {
    uint32_t depth = 0;
    while (parser->token.kind != CW_PTX_TOKEN_END) {
        if (cw_ptx_is_sign(parser, ';') && depth == 0) {
            cw_ptx_next(parser);
            return;
        }
        if (cw_ptx_is_sign(parser, '}')) {
            if (depth == 0) {
                return;
            }
            depth--;
        }
        depth += cw_ptx_is_sign(parser, '{');
        cw_ptx_next(parser);
    }
}

bool cw_ptx_requires(struct cw_ptx_parser *parser, struct cw_ptx_span span, const char *section, const char *what,
                     unsigned isa, unsigned sm) {
    const struct cw_ptx_module *module = parser->module;
    if (module->isa < isa) {
        return cw_ptx_error(parser, span, section, "%s needs .version %u.%u or newer, the module says %u.%u", what,
                            isa / 10, isa % 10, module->isa / 10, module->isa % 10);
    }
    if (module->sm < sm) {
        return cw_ptx_error(parser, span, section, "%s needs .target sm_%u or newer, the module says sm_%u", what, sm,
                            module->sm);
    }
    return true;
}
