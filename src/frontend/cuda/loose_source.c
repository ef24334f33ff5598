/* SPDX-License-Identifier: Apache-2.0 */
/* loose_source.c: a scan by lines; what it changes in comments changes nothing. */
#include "frontend/cuda/loose_source.h"

#include <string.h>

/* Behind the blanks at `text`. */
static const char *skip_blanks(const char *text, const char *end) {
    while (text < end && (*text == ' ' || *text == '\t')) {
        text++;
    }
    return text;
}

/* Behind `word` and at least one blank after it, with blanks before it; NULL if that is not what is there. */
static const char *skip_word(const char *text, const char *end, const char *word) {
    size_t length = strlen(word);
    text = skip_blanks(text, end);
    if ((size_t)(end - text) <= length || memcmp(text, word, length) != 0) {
        return NULL;
    }
    const char *behind = skip_blanks(text + length, end);
    return behind > text + length ? behind : NULL;
}

static const char *skip_sign(const char *text, const char *end, char sign) {
    text = skip_blanks(text, end);
    return text < end && *text == sign ? text + 1 : NULL;
}

/* The body of `#define NAME #pragma BODY`; NULL when the line is none. */
static const char *pragma_body(const char *line, const char *end) {
    const char *at = skip_sign(line, end, '#');
    at = at ? skip_word(at, end, "define") : NULL;
    if (!at) {
        return NULL;
    }
    while (at < end && *at != ' ' && *at != '\t' && *at != '(') {
        at++; /* a name; behind one with parameters '#' makes a string */
    }
    at = skip_sign(at, end, '#');
    return at ? skip_word(at, end, "pragma") : NULL;
}

static void add_pragma(struct cw_text *out, const char *line, const char *body, const char *end) {
    const char *sign = body;
    while (*sign != '#') {
        sign--;
    }
    while (end > body && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
        end--;
    }
    cw_text_append(out, line, (size_t)(sign - line));
    cw_text_add(out, "_Pragma(\"");
    for (const char *at = body; at < end; at++) {
        if (*at == '"' || *at == '\\') {
            cw_text_append(out, "\\", 1);
        }
        cw_text_append(out, at, 1);
    }
    cw_text_add(out, "\")");
}

/* Copies a line with a blank between `"C"` and a name that follows at once. True if there was such a place. */
static bool add_line(struct cw_text *out, const char *line, const char *end) {
    static const char linkage[] = "\"C\"__";
    const char *done = line;
    for (const char *at = line; at + sizeof linkage - 1 <= end; at++) {
        if (memcmp(at, linkage, sizeof linkage - 1) == 0) {
            cw_text_append(out, done, (size_t)(at + 3 - done));
            cw_text_append(out, " ", 1);
            done = at + 3;
        }
    }
    cw_text_append(out, done, (size_t)(end - done));
    return done != line;
}

bool cw_source_tighten(struct cw_text *source) {
    const char *at = cw_text_string(source), *last = at + source->size;
    struct cw_text out = {0};
    bool changed = false, continued = false;
    while (at < last) {
        const char *end = memchr(at, '\n', (size_t)(last - at));
        end = end ? end : last;
        bool goes_on = end > at && end[-1] == '\\';
        const char *body = continued || goes_on ? NULL : pragma_body(at, end);
        if (body) {
            add_pragma(&out, at, body, end);
        }
        changed |= body || add_line(&out, at, end);
        cw_text_append(&out, "\n", end < last);
        continued = goes_on;
        at = end + (end < last);
    }
    if (changed) {
        cw_text_clear(source);
        cw_text_append(source, out.data, out.size);
    }
    cw_text_fini(&out);
    return changed;
}
