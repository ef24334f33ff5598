/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_statements.c: a scan by tokens. A sign before one letter and a digit ("%c0") is an operand with a modifier, and what
 * has no colon (basic asm) is handed on as it stands: both are left.
 */
#include "frontend/cuda/loose_statements.h"

#include <ctype.h>
#include <string.h>

#include "frontend/cuda/source_scan.h"

struct mending {
    const char *text;
    size_t size;
    size_t done; /* copied up to here */
    struct cw_text out;
};

/* Behind the word at `place`. */
static size_t skip_word(const struct mending *m, size_t place) {
    while (place < m->size && cw_source_is_word(m->text[place])) {
        place++;
    }
    return place;
}

static bool is_any(const struct mending *m, size_t place, size_t end, const char *const *words) {
    for (; *words; words++) {
        if (strlen(*words) == end - place && memcmp(*words, m->text + place, end - place) == 0) {
            return true;
        }
    }
    return false;
}

/* Behind blanks, comments and lines that go on. */
static size_t skip_space(const struct mending *m, size_t place) {
    while (place < m->size) {
        char c = m->text[place];
        size_t behind = c == '/' ? cw_source_skip_literal(m->text, m->size, place) : place;
        if (behind > place) {
            place = behind;
        } else if (isspace((unsigned char)c) || (c == '\\' && place + 1 < m->size && m->text[place + 1] == '\n')) {
            place++;
        } else {
            break;
        }
    }
    return place;
}

/* The end of the directive's last line. */
static size_t line_end(const struct mending *m, size_t place) {
    while (place < m->size && !(m->text[place] == '\n' && m->text[place - 1] != '\\')) {
        place++;
    }
    return place;
}

/* Copies the literal from `place` to `end` with signs before names doubled. */
static void add_template(struct mending *m, size_t place, size_t end) {
    for (size_t i = place; i + 2 < end; i++) {
        if (m->text[i] != '%') {
            continue;
        }
        if (m->text[i + 1] == '%') {
            i++;
        } else if (isalpha((unsigned char)m->text[i + 1]) && isalpha((unsigned char)m->text[i + 2])) {
            cw_text_append(&m->out, m->text + m->done, i - m->done);
            cw_text_append(&m->out, "%", 1);
            m->done = i;
        }
    }
}

/* An asm statement behind its keyword: its template's literals, if operands follow them. Returns behind the template. */
static size_t take_asm(struct mending *m, size_t place) {
    static const char *const qualifiers[] = {"volatile", "__volatile__", "__volatile", "inline", "goto", NULL};
    place = skip_space(m, place);
    size_t end = skip_word(m, place);
    while (end > place && is_any(m, place, end, qualifiers)) {
        place = skip_space(m, end);
        end = skip_word(m, place);
    }
    if (place >= m->size || m->text[place] != '(') {
        return place;
    }
    size_t first = place + 1;
    for (place = skip_space(m, first); place < m->size; place = skip_space(m, place)) {
        size_t behind = cw_source_skip_literal(m->text, m->size, place);
        behind = behind > place ? behind : skip_word(m, place); /* a macro's name, the R of a raw string */
        if (behind == place) {
            break;
        }
        place = behind;
    }
    if (place >= m->size || m->text[place] != ':') {
        return place;
    }
    for (size_t at = skip_space(m, first); at < place; at = skip_space(m, at)) {
        size_t behind = cw_source_skip_literal(m->text, m->size, at);
        if (behind > at) {
            add_template(m, at, behind);
        }
        at = behind > at ? behind : skip_word(m, at);
    }
    return place;
}

/* True if what follows the pragma may be a loop. */
static bool loop_follows(const struct mending *m, size_t place) {
    static const char *const loops[] = {"for", "while", "do", "_Pragma", NULL};
    static const char *const others[] = {"if", "switch", "return", "goto", NULL};
    place = skip_space(m, place);
    while (place < m->size && m->text[place] == '#') {
        size_t word = skip_space(m, place + 1);
        if (skip_word(m, word) != word + 6 || memcmp(m->text + word, "pragma", 6) != 0) {
            return true; /* a condition: either may follow */
        }
        place = skip_space(m, line_end(m, place));
    }
    size_t end = skip_word(m, place);
    if (end == place || is_any(m, place, end, loops)) {
        return end != place || (place < m->size && m->text[place] == '['); /* an attribute of a loop */
    }
    size_t behind = skip_space(m, end);
    return !is_any(m, place, end, others) && behind < m->size && m->text[behind] == '(';
}

/* A directive: an unrolling pragma before what is no loop becomes blank. Returns behind the directive's name. */
static size_t take_directive(struct mending *m, size_t place) {
    static const char *const pragma[] = {"pragma", NULL}, *const unrolls[] = {"unroll", "nounroll", NULL};
    size_t word = skip_space(m, place + 1), end = skip_word(m, word);
    if (!is_any(m, word, end, pragma)) {
        return end > place ? end : place + 1;
    }
    size_t name = skip_space(m, end), behind = skip_word(m, name), last = line_end(m, place);
    if (is_any(m, name, behind, unrolls) && !loop_follows(m, last)) {
        cw_text_append(&m->out, m->text + m->done, place - m->done);
        for (m->done = place; m->done < last; m->done++) {
            cw_text_append(&m->out, m->text[m->done] == '\n' ? "\n" : " ", 1);
        }
    }
    return last;
}

bool cw_statements_mend(struct cw_text *source) {
    static const char *const keywords[] = {"asm", "__asm__", "__asm", NULL};
    struct mending m = {.text = cw_text_string(source), .size = source->size};
    bool line_begins = true;
    for (size_t i = 0; i < m.size;) {
        char c = m.text[i];
        size_t behind = cw_source_skip_literal(m.text, m.size, i);
        size_t word = behind > i ? i : skip_word(&m, i);
        if (behind > i) {
            i = behind;
        } else if (word > i) {
            i = is_any(&m, i, word, keywords) ? take_asm(&m, word) : word;
        } else if (c == '#' && line_begins) {
            i = take_directive(&m, i);
        } else {
            i++;
        }
        line_begins = c == '\n' || (line_begins && (c == ' ' || c == '\t'));
    }
    bool changed = m.done > 0;
    if (changed) {
        cw_text_append(&m.out, m.text + m.done, m.size - m.done);
        cw_text_clear(source);
        cw_text_append(source, m.out.data, m.out.size);
    }
    cw_text_fini(&m.out);
    return changed;
}
