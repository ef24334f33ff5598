/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BETWEEN " \t;"

struct word {
    const char *name, *list;
    int name_length, list_length;
    bool bare; /* a number, which is the CPU's list */
};

/* The next word from `*at` on; false at the end. */
static bool next_word(const char **at, struct word *word) {
    if (!*at) {
        return false;
    }
    *at += strspn(*at, BETWEEN);
    const char *begin = *at;
    size_t length = strcspn(begin, BETWEEN), name = strcspn(begin, BETWEEN ":");
    size_t list = name < length ? name + 1 : length;
    *at += length;
    word->bare = strspn(begin, "0123456789") == length;
    *word = word->bare ? (struct word){"cpu", begin, 3, (int)length, true}
                       : (struct word){begin, begin + list, (int)name, (int)(length - list), false};
    return length > 0;
}

bool cw_wish_for(const char *backend, char *list, size_t size) {
    const char *at = getenv("CUDA_WASM_DEVICES");
    struct word word;
    while (next_word(&at, &word)) {
        if (strlen(backend) == (size_t)word.name_length && strncmp(backend, word.name, strlen(backend)) == 0) {
            snprintf(list, size, "%.*s", word.list_length, word.list);
            return true;
        }
    }
    return false;
}

bool cw_wish_at(size_t index, char *backend, size_t size) {
    const char *at = getenv("CUDA_WASM_DEVICES");
    struct word word;
    while (next_word(&at, &word)) {
        if (!word.bare && index-- == 0) {
            snprintf(backend, size, "%.*s", word.name_length, word.name);
            return true;
        }
    }
    return false;
}
