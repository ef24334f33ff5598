/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap.h: the device heap: malloc and free in kernels. One range of address space of the limit's size, reserved at the
 * first allocation. Pages of 4 KiB; small allocations share pages of one size class, larger ones take runs of pages.
 * All bookkeeping lies outside the heap, so that a kernel that overruns an allocation can't break the allocator, and a
 * pointer that is not an allocation is always recognised.
 */
#ifndef CW_BACKEND_CPU_HEAP_H
#define CW_BACKEND_CPU_HEAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_CPU_HEAP_LIMIT ((size_t)8 << 20)
#define CW_CPU_HEAP_CLASSES 24

struct cw_cpu_heap_page;

struct cw_cpu_heap {
    pthread_mutex_t lock;
    size_t limit;
    char *base; /* NULL until the first allocation */
    uint32_t page_count;
    uint32_t cursor; /* where the search for free pages goes on */
    struct cw_cpu_heap_page *pages;
    uint32_t partial[CW_CPU_HEAP_CLASSES]; /* first page of the class with a free slot, plus 1; 0: none */
};

void cw_cpu_heap_init(struct cw_cpu_heap *heap);
void cw_cpu_heap_fini(struct cw_cpu_heap *heap);
/* False once kernels have allocated: the limit is fixed then. */
bool cw_cpu_heap_limit(struct cw_cpu_heap *heap, size_t limit);
void *cw_cpu_heap_alloc(struct cw_cpu_heap *heap, size_t size);
/* False when `pointer` is not an allocation of the heap. */
bool cw_cpu_heap_free(struct cw_cpu_heap *heap, void *pointer);

#endif
