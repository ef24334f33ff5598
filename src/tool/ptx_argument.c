/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/ptx_argument.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "tool/terminal.h"

/* Bytes of one buffer. */
#define BUFFER_MAX ((size_t)1 << 32)

/* The type at the word's start; the rest behind it, or NULL. */
static const char *read_type(struct cw_ptx_argument *argument, const char *word) {
    static const struct {
        char text[4];
        char kind;
        unsigned width;
    } types[] = {{"u8", 'u', 1},  {"s8", 's', 1},  {"u16", 'u', 2}, {"s16", 's', 2}, {"u32", 'u', 4},
                 {"s32", 's', 4}, {"u64", 'u', 8}, {"s64", 's', 8}, {"f32", 'f', 4}, {"f64", 'f', 8}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t length = strlen(types[i].text);
        if (strncmp(word, types[i].text, length) == 0 && (word[length] == ':' || word[length] == '[')) {
            argument->kind = types[i].kind;
            argument->width = types[i].width;
            return word + length;
        }
    }
    return NULL;
}

/* Writes the value as the element `index`. */
static void put(struct cw_ptx_argument *argument, size_t index, double real, uint64_t bits) {
    char *place = (char *)argument->bytes + index * argument->width;
    float single = (float)real;
    if (argument->kind != 'f') {
        memcpy(place, &bits, argument->width); /* little-endian, as all hosts are */
    } else if (argument->width == 4) {
        memcpy(place, &single, sizeof single);
    } else {
        memcpy(place, &real, sizeof real);
    }
}

/* One value; gives what follows it, NULL when there is none. */
static const char *read_value(struct cw_ptx_argument *argument, size_t index, const char *text) {
    char *end;
    errno = 0;
    if (argument->kind == 'f') {
        double real = strtod(text, &end);
        put(argument, index, real, 0);
        return end == text ? NULL : end;
    }
    uint64_t bits = text[0] == '-' ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
    unsigned width = argument->width * 8;
    bool fits = width == 64 || (text[0] == '-' ? (int64_t)bits >= -((int64_t)1 << (width - 1)) : bits >> width == 0);
    put(argument, index, 0, bits);
    return end == text || errno != 0 || !fits ? NULL : end;
}

static bool read_list(struct cw_ptx_argument *argument, const char *text) {
    for (size_t i = 0; i < argument->count; i++) {
        text = read_value(argument, i, text);
        if (text == NULL || *text == '\0') {
            return text != NULL;
        }
        if (*text++ != ',') {
            return false;
        }
    }
    return false; /* more values than elements */
}

static bool read_file(struct cw_ptx_argument *argument, const char *path) {
    struct cw_text bytes = {0};
    bool good = cw_file_read(path, &bytes) == CW_OK;
    if (!good) {
        cw_say_error("%s can't be read: %s", path, strerror(errno));
    } else {
        memcpy(argument->bytes, cw_text_string(&bytes), bytes.size < argument->size ? bytes.size : argument->size);
    }
    cw_text_fini(&bytes);
    return good;
}

/* [N] and what follows it. */
static bool read_buffer(struct cw_ptx_argument *argument, const char *text) {
    char *end;
    errno = 0;
    unsigned long long count = strtoull(text + 1, &end, 10);
    if (errno != 0 || text[1] < '0' || text[1] > '9' || *end != ']' || count == 0 ||
        count > BUFFER_MAX / argument->width) {
        return false;
    }
    argument->count = (size_t)count;
    argument->size = argument->count * argument->width;
    argument->bytes = cw_alloc(argument->size);
    text = end + 1;
    if (*text == '\0') {
        return true;
    }
    if (*text++ != '=') {
        return false;
    }
    if (strcmp(text, "iota") == 0) {
        for (size_t i = 0; i < argument->count; i++) {
            put(argument, i, (double)i, i);
        }
        return true;
    }
    return *text == '@' ? read_file(argument, text + 1) : read_list(argument, text);
}

bool cw_ptx_argument_read(struct cw_ptx_argument *argument, const char *word) {
    *argument = (struct cw_ptx_argument){0};
    const char *rest = read_type(argument, word);
    bool good = false;
    if (rest != NULL && *rest == '[') {
        good = read_buffer(argument, rest);
    } else if (rest != NULL) {
        argument->size = argument->width;
        argument->bytes = cw_alloc(sizeof(uint64_t));
        rest = read_value(argument, 0, rest + 1);
        good = rest != NULL && *rest == '\0';
    }
    if (!good) {
        cw_say_error("--arg %s is no argument; f32:1.5, u32[1024], f64[16]=1,2,3, s32[64]=iota and u8[4096]=@FILE are",
                     word);
    }
    return good;
}

static void print_value(const struct cw_ptx_argument *argument, size_t index) {
    const char *place = (const char *)argument->bytes + index * argument->width;
    uint64_t bits = 0;
    memcpy(&bits, place, argument->width);
    if (argument->kind == 'f' && argument->width == 4) {
        float single;
        memcpy(&single, place, sizeof single);
        printf(" %.9g", (double)single);
    } else if (argument->kind == 'f') {
        double real;
        memcpy(&real, place, sizeof real);
        printf(" %.17g", real);
    } else if (argument->kind == 's') {
        unsigned unused = 64 - argument->width * 8;
        printf(" %" PRId64, (int64_t)(bits << unused) >> unused);
    } else {
        printf(" %" PRIu64, bits);
    }
}

void cw_ptx_argument_print(const struct cw_ptx_argument *argument, unsigned shown) {
    printf("%c%u[%zu]:", argument->kind, argument->width * 8, argument->count);
    for (size_t i = 0; i < argument->count && i < shown; i++) {
        print_value(argument, i);
    }
    printf("%s\n", argument->count > shown ? " ..." : "");
}

void cw_ptx_argument_fini(struct cw_ptx_argument *argument) {
    free(argument->bytes);
    *argument = (struct cw_ptx_argument){0};
}
