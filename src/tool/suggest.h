/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.h: the known word nearest to a mistyped one. */
#ifndef CW_TOOL_SUGGEST_H
#define CW_TOOL_SUGGEST_H

#include <stddef.h>

struct cw_suggestion {
    const char *typed;
    char best[64]; /* "" when nothing is near enough */
    size_t distance;
};

void cw_suggest_start(struct cw_suggestion *suggestion, const char *typed);
/* Considers one known word. Its type fits the visitors of option tables. */
void cw_suggest_word(void *suggestion, const char *known);

#endif
