/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexer.c: PTX ISA 4.1 to 4.5. Whitespace and comments separate tokens. A word with its dot is one token, and so is a
 * scope of it (".shared::cta"), so that neither needs looking ahead.
 */
#include "frontend/ptx/lexer.h"

#include <string.h>

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* followsym of 4.4. */
static bool is_follow(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '$';
}

void cw_ptx_lexer_init(struct cw_ptx_lexer *lexer, const char *text, size_t length) {
    *lexer = (struct cw_ptx_lexer){.start = text, .at = text, .end = text + length, .line_start = text, .line = 1};
}

static void new_line(struct cw_ptx_lexer *lexer, const char *newline) {
    lexer->line++;
    lexer->line_start = newline + 1;
}

static struct cw_ptx_span span_at(const struct cw_ptx_lexer *lexer, const char *at, size_t length) {
    return (struct cw_ptx_span){
        .offset = (uint32_t)(at - lexer->start),
        .length = (uint32_t)length,
        .line = lexer->line,
        .column = (uint32_t)(at - lexer->line_start) + 1,
    };
}

/* Skips whitespace and comments. False, at the comment's start, when a comment has no end. */
static bool skip_blanks(struct cw_ptx_lexer *lexer) {
    for (;;) {
        if (lexer->at == lexer->end) {
            return true;
        }
        const char *p = lexer->at;
        char c = *p;
        if (c == '\n') {
            new_line(lexer, p);
            lexer->at++;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
            lexer->at++;
        } else if (c == '/' && lexer->end - p > 1 && p[1] == '/') {
            const char *stop = memchr(p, '\n', (size_t)(lexer->end - p));
            lexer->at = stop != NULL ? stop : lexer->end;
        } else if (c == '/' && lexer->end - p > 1 && p[1] == '*') {
            const char *stop = p + 2;
            while (lexer->end - stop > 1 && !(stop[0] == '*' && stop[1] == '/')) {
                stop++;
            }
            if (lexer->end - stop < 2) {
                return false;
            }
            for (const char *q = p; q < stop; q++) {
                if (*q == '\n') {
                    new_line(lexer, q);
                }
            }
            lexer->at = stop + 2;
        } else {
            return true;
        }
    }
}

static void finish(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token, enum cw_ptx_token_kind kind,
                   const char *stop) {
    token->kind = kind;
    token->text = lexer->at;
    token->length = (size_t)(stop - lexer->at);
    token->span = span_at(lexer, lexer->at, token->length);
    lexer->at = stop;
}

static void fail(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token, const char *message) {
    token->kind = CW_PTX_TOKEN_ERROR;
    token->text = message;
    token->length = strlen(message);
    token->span = span_at(lexer, lexer->at, 1);
    lexer->at = lexer->end;
}

static const char *skip_follow(const char *p, const char *end) {
    while (p < end && is_follow(*p)) {
        p++;
    }
    return p;
}

/* .word, .word::word::word. */
static void lex_dot(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token) {
    const char *p = skip_follow(lexer->at + 1, lexer->end);
    while (lexer->end - p > 2 && p[0] == ':' && p[1] == ':' && is_follow(p[2])) {
        p = skip_follow(p + 2, lexer->end);
    }
    if (p == lexer->at + 1) {
        fail(lexer, token, "a word must follow the dot");
        return;
    }
    finish(lexer, token, CW_PTX_TOKEN_DOT, p);
    token->text++;
    token->length--;
}

/* Whatever begins with a digit: the reader of constants judges it. A sign belongs to it only behind a decimal exponent. */
static void lex_number(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token) {
    const char *p = lexer->at, *end = lexer->end;
    bool decimal = !(end - p > 1 && p[0] == '0' && strchr("xXfFdDbB", p[1]) != NULL && p[1] != '\0');
    while (p < end) {
        if (is_letter(*p) || is_digit(*p) || *p == '_') {
            p++;
        } else if (decimal && *p == '.' && (p + 1 == end || is_digit(p[1]) || !is_letter(p[1]))) {
            p++;
        } else if (decimal && (*p == '+' || *p == '-') && (p[-1] == 'e' || p[-1] == 'E')) {
            p++;
        } else {
            break;
        }
    }
    finish(lexer, token, CW_PTX_TOKEN_NUMBER, p);
}

static void lex_string(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token) {
    const char *p = lexer->at + 1;
    while (p < lexer->end && *p != '"' && *p != '\n') {
        p += *p == '\\' && p + 1 < lexer->end && p[1] != '\n' ? 2 : 1;
    }
    if (p < lexer->end && memchr(lexer->at, '\0', (size_t)(p - lexer->at)) != NULL) {
        fail(lexer, token, "the string holds a NUL character");
        return;
    }
    if (p >= lexer->end || *p != '"') {
        fail(lexer, token, "the string has no end on its line");
        return;
    }
    finish(lexer, token, CW_PTX_TOKEN_STRING, p + 1);
    token->text++;
    token->length -= 2;
}

static int two_signs(const char *p, const char *end) {
    static const struct {
        char text[3];
        int sign;
    } pairs[] = {
        {"<<", CW_PTX_SIGN_SHL}, {">>", CW_PTX_SIGN_SHR}, {"<=", CW_PTX_SIGN_LE},  {">=", CW_PTX_SIGN_GE},
        {"==", CW_PTX_SIGN_EQ},  {"!=", CW_PTX_SIGN_NE},  {"&&", CW_PTX_SIGN_AND}, {"||", CW_PTX_SIGN_OR},
    };
    for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && end - p > 1; i++) {
        if (p[0] == pairs[i].text[0] && p[1] == pairs[i].text[1]) {
            return pairs[i].sign;
        }
    }
    return 0;
}

void cw_ptx_lex(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token) {
    token->sign = 0;
    if (!skip_blanks(lexer)) {
        fail(lexer, token, "the comment has no end");
        return;
    }
    const char *p = lexer->at, *end = lexer->end;
    if (p == end) {
        finish(lexer, token, CW_PTX_TOKEN_END, p);
    } else if (is_letter(*p)) {
        finish(lexer, token, CW_PTX_TOKEN_NAME, skip_follow(p, end));
    } else if (*p == '_' || *p == '$' || (*p == '%' && end - p > 1 && is_follow(p[1]))) {
        finish(lexer, token, CW_PTX_TOKEN_NAME, skip_follow(p + 1, end));
    } else if (is_digit(*p)) {
        lex_number(lexer, token);
    } else if (*p == '.') {
        lex_dot(lexer, token);
    } else if (*p == '"') {
        lex_string(lexer, token);
    } else if (*p == '@' && end - p >= 7 && memcmp(p, "@@DWARF", 7) == 0) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop != NULL ? stop : end;
        while (stop > p && (stop[-1] == '\r' || stop[-1] == ' ' || stop[-1] == '\t')) {
            stop--;
        }
        if (memchr(p, '\0', (size_t)(stop - p)) != NULL) {
            fail(lexer, token, "the line holds a NUL character");
            return;
        }
        finish(lexer, token, CW_PTX_TOKEN_DWARF, stop);
    } else if (two_signs(p, end) != 0) {
        int sign = two_signs(p, end);
        finish(lexer, token, CW_PTX_TOKEN_SIGN, p + 2);
        token->sign = sign;
    } else if (*p != '\0' && strchr("()[]{},;:@!|+-*/%~^&?=<>", *p) != NULL) {
        int sign = *p;
        finish(lexer, token, CW_PTX_TOKEN_SIGN, p + 1);
        token->sign = sign;
    } else if (*p == '#') {
        fail(lexer, token, "preprocessor directives are not part of PTX; preprocess the text first");
    } else {
        fail(lexer, token, "this character has no meaning in PTX");
    }
}

const char *cw_ptx_lex_raw(struct cw_ptx_lexer *lexer, size_t *length) {
    const char *begin = lexer->at;
    const char *stop = memchr(begin, '}', (size_t)(lexer->end - begin));
    if (stop == NULL) {
        return NULL;
    }
    for (const char *p = begin; p < stop; p++) {
        if (*p == '\n') {
            new_line(lexer, p);
        }
    }
    lexer->at = stop;
    *length = (size_t)(stop - begin);
    return begin;
}
