/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap.c: malloc and free of kernels, for devices without a heap of their own. Compiled to LLVM IR at build time; target/heap.c
 * links it in the place of the waist's words. See heap.h.
 *
 * What fits into a word of bits (2 KiB with its head) is searched from the heap's end, what is larger takes whole words from its
 * beginning, going on where the last one was found, so that small pieces don't break up the room for large ones. Words are claimed one by one; a thread that finds one
 * taken gives back what it had, so a malloc beside others may find no room where it would have alone, which is when the heap is
 * nearly full.
 */
#include "library/heap/heap.h"

#define GLOBAL __attribute__((address_space(1)))
#define WORD_UNITS 32u
#define MAGIC 0x43574850u

struct head {
    uint32_t units, magic;
};

GLOBAL uint64_t cw_heap_address __asm__(CW_HEAP_VARIABLE) = 0;

void *cw_heap_malloc(uint64_t size);
void cw_heap_free(void *pointer);

static inline GLOBAL struct cw_heap *the_heap(void) {
    return (GLOBAL struct cw_heap *)(uintptr_t)*(volatile GLOBAL uint64_t *)&cw_heap_address;
}

static inline uint32_t read_word(GLOBAL struct cw_heap *heap, uint32_t word) {
    return __atomic_load_n(&heap->taken[word], __ATOMIC_RELAXED);
}

/* The word was `*value`, and has the bits of `mask` too now; else `*value` is what it is. */
static inline int claim(GLOBAL struct cw_heap *heap, uint32_t word, uint32_t *value, uint32_t mask) {
    return __atomic_compare_exchange_n(&heap->taken[word], value, *value | mask, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static inline void give(GLOBAL struct cw_heap *heap, uint32_t word, uint32_t mask) {
    __atomic_fetch_and(&heap->taken[word], ~mask, __ATOMIC_RELAXED);
}

static inline uint32_t bits(uint32_t count) {
    return count >= WORD_UNITS ? ~0u : (1u << count) - 1u;
}

/* The lowest bit from which on `count` bits are 0, or 32. */
static inline uint32_t free_run(uint32_t word, uint32_t count) {
    uint32_t begins = ~word, left = count - 1, step = 1;
    while (left && begins) {
        uint32_t shift = step < left ? step : left;
        begins &= begins >> shift;
        left -= shift;
        step *= 2;
    }
    return begins ? (uint32_t)__builtin_ctz(begins) : WORD_UNITS;
}

/* The first unit, or the number of units where there is no room. */
static uint32_t take_small(GLOBAL struct cw_heap *heap, uint32_t count) {
    for (uint32_t k = heap->words; k-- > 0;) {
        uint32_t value = read_word(heap, k);
        for (uint32_t at = free_run(value, count); at < WORD_UNITS; at = free_run(value, count)) {
            if (claim(heap, k, &value, bits(count) << at)) return k * WORD_UNITS + at;
        }
    }
    return heap->units;
}

/* Whole words one after another, from `from` up to `to`. */
static uint32_t take_between(GLOBAL struct cw_heap *heap, uint32_t count, uint32_t from, uint32_t to) {
    uint32_t words = (count + WORD_UNITS - 1) / WORD_UNITS, run = 0;
    for (uint32_t k = from; k < to; k++) {
        uint32_t value = 0;
        uint32_t mask = run + 1 == words ? bits(count - run * WORD_UNITS) : ~0u;
        if (!claim(heap, k, &value, mask)) {
            for (; run; run--) give(heap, k - run, ~0u);
        } else if (++run == words) {
            heap->next = k + 1;
            return (k + 1 - words) * WORD_UNITS;
        }
    }
    for (; run; run--) give(heap, to - run, ~0u);
    return heap->units;
}

static uint32_t take_large(GLOBAL struct cw_heap *heap, uint32_t count) {
    uint32_t from = *(volatile GLOBAL uint32_t *)&heap->next;
    from = from < heap->words ? from : 0;
    uint32_t first = take_between(heap, count, from, heap->words);
    return first < heap->units || !from ? first : take_between(heap, count, 0, heap->words);
}

void *cw_heap_malloc(uint64_t size) {
    GLOBAL struct cw_heap *heap = the_heap();
    if (!heap || size > (uint64_t)heap->units * CW_HEAP_GRAIN) return 0;
    uint32_t count = (uint32_t)((size + CW_HEAP_HEAD + CW_HEAP_GRAIN - 1) / CW_HEAP_GRAIN);
    uint32_t first = count <= WORD_UNITS ? take_small(heap, count) : take_large(heap, count);
    if (first >= heap->units) return 0;
    uint64_t address = heap->data + (uint64_t)first * CW_HEAP_GRAIN;
    GLOBAL struct head *head = (GLOBAL struct head *)(uintptr_t)address;
    head->units = count;
    head->magic = MAGIC;
    return (void *)(uintptr_t)(address + CW_HEAP_HEAD);
}

/* What malloc did not give, and what was given back before, is left alone. */
void cw_heap_free(void *pointer) {
    GLOBAL struct cw_heap *heap = the_heap();
    uint64_t address = (uint64_t)(uintptr_t)pointer - CW_HEAP_HEAD;
    uint64_t offset = heap ? address - heap->data : 0;
    if (!pointer || !heap || offset >= (uint64_t)heap->units * CW_HEAP_GRAIN || offset % CW_HEAP_GRAIN) return;
    GLOBAL struct head *head = (GLOBAL struct head *)(uintptr_t)address;
    uint32_t first = (uint32_t)(offset / CW_HEAP_GRAIN), count = head->units;
    if (head->magic != MAGIC || count > heap->units - first) return;
    head->magic = 0;
    uint32_t word = first / WORD_UNITS, at = first % WORD_UNITS;
    if (count <= WORD_UNITS) {
        give(heap, word, bits(count) << at);
        return;
    }
    for (; count > WORD_UNITS; count -= WORD_UNITS) give(heap, word++, ~0u);
    give(heap, word, bits(count));
}
