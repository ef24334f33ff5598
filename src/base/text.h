/* SPDX-License-Identifier: Apache-2.0 */
/* text.h: a growable byte string, always NUL-terminated after its `size` bytes. Zero-initialised is empty and valid.
 * Running out of memory ends the process with a sentence: nothing that uses it is on the runtime's launch path. */
#ifndef CW_BASE_TEXT_H
#define CW_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct cw_text {
    char *data; /* NULL while empty; else owned, `size` bytes and a NUL */
    size_t size;
    size_t capacity;
};

void cw_text_fini(struct cw_text *text);
void cw_text_clear(struct cw_text *text);
void cw_text_append(struct cw_text *text, const void *bytes, size_t size);
void cw_text_add(struct cw_text *text, const char *string);
void cw_text_printf(struct cw_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cw_text_vprintf(struct cw_text *text, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
/* Room for `size` more bytes behind the contents, and a NUL; the caller fills it and adds to text->size. */
void *cw_text_reserve(struct cw_text *text, size_t size);
/* The string, "" when empty. Borrowed until the next change. */
const char *cw_text_string(const struct cw_text *text);
/* Gives the bytes away (malloc'd, NUL-terminated) and leaves the text empty. */
char *cw_text_take(struct cw_text *text, size_t *size);
/* A malloc'd, formatted string. The caller frees it. */
char *cw_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
