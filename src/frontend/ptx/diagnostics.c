/* SPDX-License-Identifier: Apache-2.0 */
/* diagnostics.c: what the parser and the checker say about a text, and how it is shown: place, sentence, section, line, caret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/ast.h"

/* Longer lines are cut around the caret: machine-made PTX may be one line. Bytes. */
#define SHOWN_LINE_MAX 160u

void cw_ptx_report(struct cw_ptx_diagnostics *diagnostics, bool warning, struct cw_ptx_span span, const char *section,
                   const char *format, ...) {
    if (diagnostics->errors >= CW_PTX_ERRORS_MAX || (warning && diagnostics->warnings >= CW_PTX_ERRORS_MAX)) {
        return;
    }
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    diagnostics->items =
        cw_grow(diagnostics->items, diagnostics->count, &diagnostics->capacity, sizeof(diagnostics->items[0]));
    diagnostics->items[diagnostics->count++] = (struct cw_ptx_diagnostic){
        .warning = warning,
        .span = span,
        .message = cw_arena_strdup(&diagnostics->arena, cw_text_string(&text)),
        .section = section,
    };
    if (warning) {
        diagnostics->warnings++;
    } else {
        diagnostics->errors++;
    }
    cw_text_fini(&text);
}

/* The source line and, below it, a caret with tildes under the rest of the span. Bytes that no terminal shows as one
 * column become '?'. */
static void show_line(const struct cw_ptx_span *span, const char *text, size_t length, struct cw_text *out) {
    if (span->line == 0 || span->offset > length) {
        return;
    }
    size_t start = span->offset, end = span->offset;
    while (start > 0 && text[start - 1] != '\n') {
        start--;
    }
    while (end < length && text[end] != '\n') {
        end++;
    }
    if (end > start && text[end - 1] == '\r') {
        end--;
    }
    size_t caret = span->offset > end ? end : span->offset;
    if (caret - start > SHOWN_LINE_MAX / 2) {
        start = caret - SHOWN_LINE_MAX / 2;
    }
    if (end - start > SHOWN_LINE_MAX) {
        end = start + SHOWN_LINE_MAX;
    }
    cw_text_add(out, "    ");
    for (size_t i = start; i < end; i++) {
        char c = text[i];
        cw_text_append(out, c == '\t' || (c >= ' ' && c <= '~') ? &c : "?", 1);
    }
    cw_text_add(out, "\n    ");
    for (size_t i = start; i < caret; i++) {
        cw_text_add(out, text[i] == '\t' ? "\t" : " ");
    }
    cw_text_add(out, "^");
    for (size_t i = 1; i < span->length && caret + i < end; i++) {
        cw_text_add(out, "~");
    }
    cw_text_add(out, "\n");
}

void cw_ptx_diagnostics_render(const struct cw_ptx_diagnostics *diagnostics, const char *name, const char *text,
                               size_t length, struct cw_text *out) {
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct cw_ptx_diagnostic *item = &diagnostics->items[i];
        cw_text_add(out, name);
        if (item->span.line != 0) {
            cw_text_printf(out, ":%u:%u", item->span.line, item->span.column);
        }
        cw_text_printf(out, ": %s: %s", item->warning ? "warning" : "error", item->message);
        if (item->section[0] != '\0') {
            cw_text_printf(out, " (PTX ISA %s)", item->section);
        }
        cw_text_add(out, "\n");
        show_line(&item->span, text, length, out);
    }
    if (diagnostics->errors >= CW_PTX_ERRORS_MAX) {
        cw_text_printf(out, "%s: error: too many errors, stopped here\n", name);
    }
}

void cw_ptx_diagnostics_fini(struct cw_ptx_diagnostics *diagnostics) {
    free(diagnostics->items);
    cw_arena_fini(&diagnostics->arena);
    *diagnostics = (struct cw_ptx_diagnostics){0};
}
