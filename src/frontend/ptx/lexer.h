/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.h: the tokens of PTX (PTX ISA 4). The text need not end in a NUL. Tokens point into it. */
#ifndef CW_FRONTEND_PTX_LEXER_H
#define CW_FRONTEND_PTX_LEXER_H

#include "frontend/ptx/ast.h"

enum cw_ptx_token_kind {
    CW_PTX_TOKEN_END,
    CW_PTX_TOKEN_NAME,   /* identifier (4.4), `_` and `%tid` included */
    CW_PTX_TOKEN_DOT,    /* .word, .word::word; `text` and `length` are without the dot */
    CW_PTX_TOKEN_NUMBER, /* integer or floating-point constant (4.5), not yet read */
    CW_PTX_TOKEN_STRING, /* `text` and `length` are without the quotes, escapes as written */
    CW_PTX_TOKEN_DWARF,  /* @@DWARF and the rest of its line */
    CW_PTX_TOKEN_SIGN, /* one of ( ) [ ] { } , ; : @ ! | + - * / % ~ ^ & ? = < >, or << >> <= >= == != && || (see `sign`) */
    CW_PTX_TOKEN_ERROR, /* `text` is a message */
};

/* Two-character signs. */
enum {
    CW_PTX_SIGN_SHL = 256,
    CW_PTX_SIGN_SHR,
    CW_PTX_SIGN_LE,
    CW_PTX_SIGN_GE,
    CW_PTX_SIGN_EQ,
    CW_PTX_SIGN_NE,
    CW_PTX_SIGN_AND,
    CW_PTX_SIGN_OR,
};

struct cw_ptx_token {
    enum cw_ptx_token_kind kind;
    int sign;
    const char *text;
    size_t length;
    struct cw_ptx_span span;
};

struct cw_ptx_lexer {
    const char *start, *at, *end;
    const char *line_start;
    uint32_t line;
};

void cw_ptx_lexer_init(struct cw_ptx_lexer *lexer, const char *text, size_t length);
void cw_ptx_lex(struct cw_ptx_lexer *lexer, struct cw_ptx_token *token);
/* The raw text up to the next `}`, which stays; NULL when there is none. For DWARF sections. */
const char *cw_ptx_lex_raw(struct cw_ptx_lexer *lexer, size_t *length);

#endif
