/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: a growable byte string. Invariant: data is NULL with size 0, or data[size] is a NUL within capacity. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void cw_text_fini(struct cw_text *text) {
    free(text->data);
    *text = (struct cw_text){0};
}

void cw_text_clear(struct cw_text *text) {
    text->size = 0;
    if (text->data != NULL) {
        text->data[0] = '\0';
    }
}

void *cw_text_reserve(struct cw_text *text, size_t size) {
    size_t needed;
    if (__builtin_add_overflow(text->size, size, &needed) || __builtin_add_overflow(needed, (size_t)1, &needed)) {
        needed = SIZE_MAX; /* no allocation of this size succeeds, so cw_realloc_array says it */
    }
    if (needed > text->capacity) {
        size_t doubled = text->capacity > SIZE_MAX / 2 ? needed : text->capacity * 2;
        size_t capacity = needed < doubled ? doubled : needed;
        capacity = capacity < 64 ? 64 : capacity;
        text->data = cw_realloc_array(text->data, capacity, 1);
        text->capacity = capacity;
        text->data[text->size] = '\0';
    }
    return text->data + text->size;
}

void cw_text_append(struct cw_text *text, const void *bytes, size_t size) {
    char *end = cw_text_reserve(text, size);
    if (size > 0) {
        memcpy(end, bytes, size);
    }
    text->size += size;
    text->data[text->size] = '\0';
}

void cw_text_add(struct cw_text *text, const char *string) {
    cw_text_append(text, string, strlen(string));
}

void cw_text_printf(struct cw_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(text, format, arguments);
    va_end(arguments);
}

void cw_text_vprintf(struct cw_text *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    char *end = cw_text_reserve(text, 128);
    size_t room = text->capacity - text->size;
    int length = vsnprintf(end, room, format, arguments);
    if (length > 0 && (size_t)length >= room) {
        end = cw_text_reserve(text, (size_t)length);
        length = vsnprintf(end, (size_t)length + 1, format, again);
    }
    if (length > 0) {
        text->size += (size_t)length;
    }
    text->data[text->size] = '\0'; /* also when formatting failed halfway */
    va_end(again);
}

const char *cw_text_string(const struct cw_text *text) {
    return text->data == NULL ? "" : text->data;
}

char *cw_text_take(struct cw_text *text, size_t *size) {
    cw_text_reserve(text, 0); /* an empty text, too, gives a string */
    char *data = text->data;
    if (size != NULL) {
        *size = text->size;
    }
    *text = (struct cw_text){0};
    return data;
}

char *cw_format(const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    return cw_text_take(&text, NULL);
}
