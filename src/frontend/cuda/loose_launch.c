/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose_launch.c: a scan by tokens. Behind "<<<" the first two arguments are the grid and the block; the second begins at the
 * first comma outside of parentheses, brackets and braces. A comma between template arguments ends the search too early at
 * worst: a list stands only where an argument begins, and nothing else may follow a comma there with a brace.
 */
#include "frontend/cuda/loose_launch.h"

#include <ctype.h>
#include <string.h>

#include "frontend/cuda/source_scan.h"

struct mending {
    const char *text;
    size_t size;
    size_t done; /* copied up to here */
    struct cw_text out;
    bool changed;
};

static void insert(struct mending *m, size_t place, const char *word) {
    cw_text_append(&m->out, m->text + m->done, place - m->done);
    cw_text_add(&m->out, word);
    m->done = place;
    m->changed = true;
}

/* Behind the comment or literal at `place`, or behind one character. */
static size_t step(const struct mending *m, size_t place) {
    size_t behind = cw_source_skip_literal(m->text, m->size, place);
    return behind > place ? behind : place + 1;
}

static size_t skip_space(const struct mending *m, size_t place) {
    while (place < m->size && (isspace((unsigned char)m->text[place]) || m->text[place] == '/')) {
        size_t behind = step(m, place);
        if (m->text[place] == '/' && behind == place + 1) {
            break; /* a division */
        }
        place = behind;
    }
    return place;
}

/* Behind the argument that begins at `place`: at its comma, at ">>>", or at what can't be in one. */
static size_t skip_argument(const struct mending *m, size_t place) {
    int depth = 0;
    while (place < m->size) {
        char c = m->text[place];
        if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if (c == ')' || c == ']' || c == '}') {
            depth--;
        } else if (depth == 0 && (c == ',' || (m->size - place >= 3 && memcmp(m->text + place, ">>>", 3) == 0))) {
            return place;
        }
        if (depth < 0 || c == ';') {
            return m->size;
        }
        place = step(m, place);
    }
    return place;
}

/* The arguments behind "<<<" at `place`. */
static void take_launch(struct mending *m, size_t place) {
    for (int argument = 0; argument < 2; argument++) {
        place = skip_space(m, place);
        if (place < m->size && m->text[place] == '{') {
            insert(m, place, "dim3");
        }
        place = skip_argument(m, place);
        if (place >= m->size || m->text[place] != ',') {
            return;
        }
        place++;
    }
}

/* `main(` at the start of a line, outside of braces; the words before it, if any, must have ended. */
static bool is_bare_main(const struct mending *m, size_t place, char before) {
    static const char word[] = "main";
    size_t length = sizeof word - 1, behind = place + length;
    if ((before != '\0' && before != ';' && before != '}' && before != '#') || m->size - place <= length ||
        memcmp(m->text + place, word, length) != 0) {
        return false;
    }
    while (behind < m->size && (m->text[behind] == ' ' || m->text[behind] == '\t')) {
        behind++;
    }
    return behind < m->size && m->text[behind] == '(';
}

/* The end of the directive's last line. */
static size_t directive_end(const struct mending *m, size_t place) {
    while (place < m->size && !(m->text[place] == '\n' && m->text[place - 1] != '\\')) {
        place++;
    }
    return place;
}

bool cw_launches_mend(struct cw_text *source) {
    struct mending m = {.text = cw_text_string(source), .size = source->size};
    char before = '\0'; /* the last sign of code; '#': a directive */
    int depth = 0;
    for (size_t place = 0; place < m.size;) {
        char c = m.text[place];
        size_t behind = step(&m, place);
        bool comment = behind > place + 1 && c == '/';
        if (c == '#' && (place == 0 || before == '\0' || m.text[place - 1] == '\n')) {
            behind = directive_end(&m, place);
        } else if (cw_source_is_word(c)) {
            if (depth == 0 && is_bare_main(&m, place, before)) {
                insert(&m, place, "int ");
            }
            while (behind < m.size && cw_source_is_word(m.text[behind])) {
                behind++;
            }
        } else if (c == '{' || c == '}') {
            depth += c == '{' ? 1 : -1;
        } else if (c == '<' && m.size - place >= 3 && memcmp(m.text + place, "<<<", 3) == 0) {
            behind = place + 3;
            take_launch(&m, behind);
        }
        if (!comment && !isspace((unsigned char)c)) {
            before = c;
        }
        place = behind;
    }
    if (m.changed) {
        cw_text_append(&m.out, m.text + m.done, m.size - m.done);
        cw_text_clear(source);
        cw_text_append(source, m.out.data, m.out.size);
    }
    cw_text_fini(&m.out);
    return m.changed;
}
