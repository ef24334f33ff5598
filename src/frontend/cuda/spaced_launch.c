/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan knows as much of C++ as it needs: comments, literals, raw strings, parentheses. "<<" and "<" with blanks between
 * begin a launch except behind `operator`, as no expression can be written so; ">>" and ">" end one only while a launch is
 * open at that depth of parentheses, since templates may end that way.
 */
#include "frontend/cuda/spaced_launch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/loose_launch.h"
#include "frontend/cuda/loose_shared.h"
#include "frontend/cuda/loose_source.h"
#include "frontend/cuda/loose_statements.h"
#include "frontend/cuda/source_scan.h"

#define OPEN_MAX 32

struct scan {
    char *text;
    size_t size;
    int depth;          /* of parentheses and brackets */
    int open[OPEN_MAX]; /* depths at which launches are open */
    int open_count;
    bool changed;
};

static char at(const struct scan *scan, size_t place) {
    return place < scan->size ? scan->text[place] : '\0';
}

/* True if the last word before `place` is `operator`. */
static bool follows_operator(const struct scan *scan, size_t place) {
    static const char word[] = "operator";
    while (place > 0 && isspace((unsigned char)scan->text[place - 1])) {
        place--;
    }
    size_t length = sizeof word - 1;
    return place >= length && memcmp(scan->text + place - length, word, length) == 0;
}

/* The blanks between "<<" at `place` and a "<"; 0 when that isn't what is there. */
static size_t gap(const struct scan *scan, size_t place, char sign) {
    size_t end = place + 2;
    while (at(scan, end) == ' ' || at(scan, end) == '\t') {
        end++;
    }
    return at(scan, end) == sign ? end - place - 2 : 0;
}

/* Moves the third sign to the two at `place`. */
static void close_up(struct scan *scan, size_t place, size_t blanks, char sign) {
    scan->text[place + 2 + blanks] = scan->text[place + 2];
    scan->text[place + 2] = sign;
    scan->changed = true;
}

static void enter(struct scan *scan) {
    if (scan->open_count < OPEN_MAX) {
        scan->open[scan->open_count++] = scan->depth;
    }
}

/* Handles "<<" or ">>" at `place`; returns behind it. */
static size_t take_pair(struct scan *scan, size_t place) {
    char sign = scan->text[place];
    size_t blanks = gap(scan, place, sign);
    bool whole = at(scan, place + 2) == sign;
    if (sign == '<' && (whole || (blanks > 0 && !follows_operator(scan, place)))) {
        if (!whole) {
            close_up(scan, place, blanks, sign);
        }
        enter(scan);
        return place + 3;
    }
    bool open = scan->open_count > 0 && scan->open[scan->open_count - 1] == scan->depth;
    if (sign == '>' && open && (whole || blanks > 0)) {
        if (!whole) {
            close_up(scan, place, blanks, sign);
        }
        scan->open_count--;
        return place + 3;
    }
    return place + 2;
}

bool cw_launches_close_up(char *text, size_t size) {
    struct scan scan = {.text = text, .size = size};
    for (size_t i = 0; i < size;) {
        size_t behind = cw_source_skip_literal(text, size, i);
        if (behind > i) {
            i = behind;
            continue;
        }
        char c = text[i];
        if ((c == '<' || c == '>') && at(&scan, i + 1) == c) {
            i = take_pair(&scan, i);
            continue;
        }
        if (c == '(' || c == '[') {
            scan.depth++;
        } else if (c == ')' || c == ']') {
            scan.depth--;
        } else if (c == ';' || c == '{' || c == '}') {
            scan.open_count = 0; /* no launch goes on over a statement's end */
        }
        i++;
    }
    return scan.changed;
}

/* ---- Copies ---- */

static bool is_remapped(const struct cw_remaps *remaps, const char *path) {
    size_t length = strlen(path);
    for (size_t i = 0; i < remaps->pairs.count; i++) {
        const char *pair = remaps->pairs.items[i];
        if (strncmp(pair, path, length) == 0 && pair[length] == ';') {
            return true;
        }
    }
    return false;
}

/* Adds a copy of the file, if it has something to close up, to mend or to tighten. */
static bool add_file(struct cw_remaps *remaps, const char *path, const char *diagnostics) {
    struct cw_text text = {0};
    bool added = false;
    if (strchr(path, ';') || is_remapped(remaps, path) || cw_file_read(path, &text) != CW_OK) {
        return false; /* clang has said what is wrong */
    }
    bool mended = cw_shared_mend(&text, path, diagnostics);
    bool closed = text.size > 0 && cw_launches_close_up(text.data, text.size);
    mended |= cw_statements_mend(&text);
    mended |= cw_launches_mend(&text);
    if (cw_source_tighten(&text) || mended || closed) {
        if (!remaps->folder) {
            remaps->folder = cw_folder_temporary("cuda-wasm");
        }
        char *copy = cw_format("%s/%zu", remaps->folder ? remaps->folder : "", remaps->pairs.count);
        if (remaps->folder && cw_file_write(copy, text.data, text.size, 0) == CW_OK) {
            cw_strings_addf(&remaps->pairs, "%s;%s", path, copy);
            added = true;
        }
        free(copy);
    }
    cw_text_fini(&text);
    return added;
}

/* The file of a line "FILE:LINE:COLUMN: error: ..." or "... note: expanded from macro ...", malloc'd; NULL when it is no such
 * line. Terminal escapes are skipped. */
static char *file_of(const char *line, size_t size) {
    struct cw_text plain = {0};
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '\033') {
            while (i < size && !isalpha((unsigned char)line[i])) {
                i++;
            }
        } else {
            cw_text_append(&plain, line + i, 1);
        }
    }
    char *text = cw_text_take(&plain, NULL);
    char *error = text ? strstr(text, ": error: ") : NULL;
    error = error || !text ? error : strstr(text, ": note: expanded from macro ");
    char *colon = error;
    for (int i = 0; i < 2 && colon; i++) {
        *colon = '\0';
        colon = strrchr(text, ':');
    }
    if (!colon || colon == text) {
        free(text);
        return NULL;
    }
    *colon = '\0';
    return text;
}

bool cw_remaps_add(struct cw_remaps *remaps, const char *diagnostics) {
    bool added = false;
    for (const char *line = diagnostics; *line;) {
        size_t size = strcspn(line, "\n");
        char *path = file_of(line, size);
        added |= path && add_file(remaps, path, diagnostics);
        free(path);
        line += size + (line[size] == '\n');
    }
    return added;
}

void cw_remaps_fini(struct cw_remaps *remaps) {
    if (remaps->folder) {
        cw_folder_remove(remaps->folder);
    }
    free(remaps->folder);
    cw_strings_fini(&remaps->pairs);
    *remaps = (struct cw_remaps){0};
}
