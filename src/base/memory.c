/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: allocation that never returns NULL, arenas, and lists of strings. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* A chunk of an arena, newest first. Its bytes follow the header, which keeps them 16-byte aligned. */
struct cw_arena_chunk {
    struct cw_arena_chunk *next;
    size_t used;
    size_t capacity;
    size_t padding;
};

_Static_assert(sizeof(struct cw_arena_chunk) % 16 == 0, "an arena's bytes are 16-byte aligned");

/* The first chunk is small, each further one twice its predecessor up to the largest: small trees cost little. */
#define ARENA_CHUNK_FIRST ((size_t)4 * 1024)
#define ARENA_CHUNK_LARGEST ((size_t)64 * 1024)

/* Says so with write(2): stdio may itself need memory. */
static _Noreturn void out_of_memory(void) {
    static const char sentence[] = "cuda-wasm: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
    (void)ignored;
    _exit(1);
}

void *cw_alloc(size_t size) {
    return cw_alloc_array(1, size);
}

void *cw_alloc_array(size_t count, size_t size) {
    if (count == 0 || size == 0) {
        count = size = 1;
    }
    void *memory = calloc(count, size);
    if (memory == NULL) {
        out_of_memory();
    }
    return memory;
}

void *cw_realloc_array(void *old, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        out_of_memory();
    }
    void *memory = realloc(old, bytes == 0 ? 1 : bytes);
    if (memory == NULL) {
        out_of_memory();
    }
    return memory;
}

char *cw_strdup(const char *string) {
    return cw_strndup(string, strlen(string));
}

char *cw_strndup(const char *string, size_t size) {
    size_t length = strnlen(string, size);
    char *copy = cw_realloc_array(NULL, length + 1, 1);
    memcpy(copy, string, length);
    copy[length] = '\0';
    return copy;
}

void *cw_grow(void *array, size_t count, size_t *capacity, size_t element_size) {
    if (count < *capacity) {
        return array;
    }
    size_t wanted;
    if (__builtin_mul_overflow(*capacity, (size_t)2, &wanted)) {
        out_of_memory();
    }
    *capacity = wanted < 8 ? 8 : wanted;
    return cw_realloc_array(array, *capacity, element_size);
}

void *cw_arena_alloc(struct cw_arena *arena, size_t size) {
    size_t rounded;
    if (__builtin_add_overflow(size, (size_t)15, &rounded)) {
        out_of_memory();
    }
    rounded &= ~(size_t)15;
    struct cw_arena_chunk *chunk = arena->chunk;
    if (chunk == NULL || chunk->capacity - chunk->used < rounded) {
        size_t usual = chunk == NULL ? ARENA_CHUNK_FIRST : chunk->capacity * 2;
        usual = usual > ARENA_CHUNK_LARGEST ? ARENA_CHUNK_LARGEST : usual;
        size_t capacity = rounded > usual ? rounded : usual;
        size_t bytes;
        if (__builtin_add_overflow(capacity, sizeof(*chunk), &bytes)) {
            out_of_memory();
        }
        chunk = cw_alloc(bytes);
        chunk->capacity = capacity;
        chunk->next = arena->chunk;
        arena->chunk = chunk;
    }
    void *memory = (char *)(chunk + 1) + chunk->used;
    chunk->used += rounded;
    return memory;
}

char *cw_arena_strdup(struct cw_arena *arena, const char *string) {
    size_t size = strlen(string) + 1;
    return memcpy(cw_arena_alloc(arena, size), string, size);
}

void cw_arena_fini(struct cw_arena *arena) {
    struct cw_arena_chunk *chunk = arena->chunk;
    while (chunk != NULL) {
        struct cw_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->chunk = NULL;
}

/* Takes ownership of `string`. */
static void strings_push(struct cw_strings *list, char *string) {
    list->items = cw_grow(list->items, list->count + 1, &list->capacity, sizeof(list->items[0]));
    list->items[list->count++] = string;
    list->items[list->count] = NULL;
}

void cw_strings_add(struct cw_strings *list, const char *string) {
    strings_push(list, cw_strdup(string));
}

void cw_strings_addf(struct cw_strings *list, const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    strings_push(list, cw_text_take(&text, NULL));
}

void cw_strings_fini(struct cw_strings *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct cw_strings){0};
}
