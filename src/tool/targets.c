/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/targets.h"

#include <stdlib.h>
#include <string.h>

#include "tool/terminal.h"

/* Copies `length` bytes as a string, if that fits. */
static bool take(char *room, size_t size, const char *text, size_t length) {
    if (length >= size) {
        return false;
    }
    memcpy(room, text, length);
    room[length] = '\0';
    return true;
}

static bool read_word(const char *word, size_t length, struct cw_artifact_target *target) {
    const char *colon = memchr(word, ':', length);
    size_t name = colon ? (size_t)(colon - word) : length;
    if (name == 0 || !take(target->target, sizeof target->target, word, name)) {
        return false;
    }
    return colon ? take(target->cpu, sizeof target->cpu, colon + 1, length - name - 1) && target->cpu[0]
                 : take(target->cpu, sizeof target->cpu, "", 0);
}

bool cw_targets_read(const char *list, struct cw_artifact_target targets[CW_TARGETS_MAX], size_t *count) {
    const char *whence = list ? "--target" : CW_TARGETS_VARIABLE;
    *count = 0;
    for (const char *at = list ? list : getenv(CW_TARGETS_VARIABLE); at && *at;) {
        size_t length = strcspn(at, ",");
        if (*count == CW_TARGETS_MAX) {
            cw_say_error("%s: more than %u targets", whence, CW_TARGETS_MAX);
            return false;
        }
        if (!read_word(at, length, &targets[*count])) {
            cw_say_error("%s: '%.*s' is no target; TARGET or TARGET:PROCESSOR is wanted, such as ptx:sm_90", whence,
                         (int)length, at);
            return false;
        }
        (*count)++;
        at += length;
        at += *at == ',';
    }
    return true;
}
