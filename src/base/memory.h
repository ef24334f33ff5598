/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: allocation that never returns NULL (it ends the process with a sentence), for the compiler and the tool.
 * The runtime library uses malloc and reports. */
#ifndef CW_BASE_MEMORY_H
#define CW_BASE_MEMORY_H

#include <stddef.h>

void *cw_alloc(size_t size);                     /* zeroed */
void *cw_alloc_array(size_t count, size_t size); /* zeroed, overflow-checked */
void *cw_realloc_array(void *old, size_t count, size_t size);
char *cw_strdup(const char *string);
char *cw_strndup(const char *string, size_t size);

/* Makes room for one more element of a growable array: `*array` has `count` of `*capacity` elements. */
void *cw_grow(void *array, size_t count, size_t *capacity, size_t element_size);

/* An arena: allocations freed all at once. Zero-initialised is empty and valid. */
struct cw_arena {
    struct cw_arena_chunk *chunk;
};
void *cw_arena_alloc(struct cw_arena *arena, size_t size); /* zeroed, 16-byte aligned */
char *cw_arena_strdup(struct cw_arena *arena, const char *string);
void cw_arena_fini(struct cw_arena *arena);

/* A list of strings that it owns; `items` is NULL-terminated, ready to be an argv. Zero-initialised is empty. */
struct cw_strings {
    char **items;
    size_t count;
    size_t capacity;
};
void cw_strings_add(struct cw_strings *list, const char *string); /* copies */
void cw_strings_addf(struct cw_strings *list, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cw_strings_fini(struct cw_strings *list);

#endif
