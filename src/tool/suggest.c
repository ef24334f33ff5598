/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/suggest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 63u

static size_t least(size_t a, size_t b, size_t c) {
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edit distance with transposition of neighbours (optimal string alignment), the mistake that typing makes most. */
static size_t distance(const char *a, const char *b) {
    size_t rows[3][WORD_MAX + 2];
    size_t length_a = strlen(a), length_b = strlen(b);
    if (length_a > WORD_MAX || length_b > WORD_MAX) {
        return WORD_MAX;
    }
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= length_b; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= length_a; i++) {
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j]) {
                row[j] = before[j - 2] + 1;
            }
        }
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[length_b];
}

void cw_suggest_start(struct cw_suggestion *suggestion, const char *typed) {
    size_t length = strlen(typed);
    *suggestion = (struct cw_suggestion){.typed = typed, .distance = 1 + (length < 3 ? 1 : length / 3 + 1)};
}

void cw_suggest_word(void *context, const char *known) {
    struct cw_suggestion *suggestion = context;
    size_t d = distance(suggestion->typed, known);
    if (d < suggestion->distance) {
        suggestion->distance = d;
        snprintf(suggestion->best, sizeof suggestion->best, "%s", known);
    }
}
