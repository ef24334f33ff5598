/* SPDX-License-Identifier: Apache-2.0 */
/* heap.c: see heap.h. */
#include "backend/cpu/heap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "backend/cpu/block.h"
#include "backend/cpu/device.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"
#include "backend/cpu/worker.h"

#define PAGE_SHIFT 12u
#define PAGE_BYTES ((size_t)1 << PAGE_SHIFT)
#define GRAIN 16u
#define SMALL_MAX 2048u /* two to a page */

enum page_kind { PAGE_FREE, PAGE_SMALL, PAGE_RUN, PAGE_RUN_REST };

struct cw_cpu_heap_page {
    uint8_t kind; /* enum page_kind */
    uint8_t class;
    uint16_t used;           /* slots of a small page */
    uint32_t length;         /* pages of a run */
    uint32_t next, previous; /* in the class's list of pages with a free slot, plus 1 */
    uint64_t slots[PAGE_BYTES / GRAIN / 64]; /* set: in use */
};

/* Eight classes of 16 to 128 bytes, then four to each doubling up to 2048: 8 + 16 classes. */
static uint32_t class_of(size_t size) {
    if (size <= 128) {
        return size <= GRAIN ? 0 : (uint32_t)((size - 1) / GRAIN);
    }
    uint32_t doubling = 63 - (uint32_t)__builtin_clzll(size - 1); /* 7 for 129 to 256 */
    uint32_t quarter = (uint32_t)((size - 1) >> (doubling - 2)) & 3;
    return 8 + (doubling - 7) * 4 + quarter;
}

static uint32_t class_size(uint32_t class) {
    if (class < 8) {
        return (class + 1) * GRAIN;
    }
    uint32_t doubling = 7 + (class - 8) / 4;
    return (1u << doubling) + ((class - 8) % 4 + 1) * (1u << (doubling - 2));
}

void cw_cpu_heap_init(struct cw_cpu_heap *heap) {
    *heap = (struct cw_cpu_heap){.limit = CW_CPU_HEAP_LIMIT};
    pthread_mutex_init(&heap->lock, NULL);
}

void cw_cpu_heap_fini(struct cw_cpu_heap *heap) {
    if (heap->base) {
        munmap(heap->base, heap->page_count * PAGE_BYTES);
    }
    free(heap->pages);
    pthread_mutex_destroy(&heap->lock);
}

bool cw_cpu_heap_limit(struct cw_cpu_heap *heap, size_t limit) {
    pthread_mutex_lock(&heap->lock);
    bool open = heap->base == NULL;
    if (open) {
        heap->limit = limit;
    }
    pthread_mutex_unlock(&heap->lock);
    return open;
}

static bool reserve(struct cw_cpu_heap *heap) {
    size_t pages = heap->limit >> PAGE_SHIFT;
    if (pages == 0 || pages > UINT32_MAX - 1) {
        return false;
    }
    heap->pages = calloc(pages, sizeof *heap->pages);
    if (!heap->pages) {
        return false;
    }
    void *base = mmap(NULL, pages << PAGE_SHIFT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                      -1, 0);
    if (base == MAP_FAILED) {
        free(heap->pages);
        heap->pages = NULL;
        return false;
    }
    heap->base = base;
    heap->page_count = (uint32_t)pages;
    return true;
}

/* ---- Pages -------------------------------------------------------------------------------------------------------- */

/* The first of `length` free pages in a row in [from, to), or UINT32_MAX. */
static uint32_t search(const struct cw_cpu_heap *heap, uint32_t length, uint32_t from, uint32_t to) {
    uint32_t run = 0;
    for (uint32_t i = from; i < to;) {
        const struct cw_cpu_heap_page *page = &heap->pages[i];
        if (page->kind == PAGE_FREE) {
            if (++run == length) {
                return i + 1 - length;
            }
            i++;
        } else {
            run = 0;
            i += page->kind == PAGE_RUN ? page->length : 1;
        }
    }
    return UINT32_MAX;
}

static uint32_t take_pages(struct cw_cpu_heap *heap, uint32_t length) {
    uint32_t found = search(heap, length, heap->cursor, heap->page_count);
    if (found == UINT32_MAX && heap->cursor != 0) {
        found = search(heap, length, 0, heap->page_count);
    }
    if (found != UINT32_MAX) {
        heap->cursor = found + length < heap->page_count ? found + length : 0;
    }
    return found;
}

static void link_page(struct cw_cpu_heap *heap, uint32_t index) {
    struct cw_cpu_heap_page *page = &heap->pages[index];
    page->previous = 0;
    page->next = heap->partial[page->class];
    if (page->next) {
        heap->pages[page->next - 1].previous = index + 1;
    }
    heap->partial[page->class] = index + 1;
}

static void unlink_page(struct cw_cpu_heap *heap, uint32_t index) {
    struct cw_cpu_heap_page *page = &heap->pages[index];
    if (page->previous) {
        heap->pages[page->previous - 1].next = page->next;
    } else {
        heap->partial[page->class] = page->next;
    }
    if (page->next) {
        heap->pages[page->next - 1].previous = page->previous;
    }
}

/* ---- Allocating --------------------------------------------------------------------------------------------------- */

static void *alloc_small(struct cw_cpu_heap *heap, uint32_t class) {
    uint32_t slots = (uint32_t)PAGE_BYTES / class_size(class);
    uint32_t index = heap->partial[class] - 1;
    if (heap->partial[class] == 0) {
        index = take_pages(heap, 1);
        if (index == UINT32_MAX) {
            return NULL;
        }
        heap->pages[index] = (struct cw_cpu_heap_page){.kind = PAGE_SMALL, .class = (uint8_t)class};
        link_page(heap, index);
    }
    struct cw_cpu_heap_page *page = &heap->pages[index];
    uint32_t slot = 0;
    while (page->slots[slot / 64] == UINT64_MAX) {
        slot += 64;
    }
    slot += (uint32_t)__builtin_ctzll(~page->slots[slot / 64]);
    page->slots[slot / 64] |= (uint64_t)1 << slot % 64;
    if (++page->used == slots) {
        unlink_page(heap, index);
    }
    return heap->base + ((size_t)index << PAGE_SHIFT) + (size_t)slot * class_size(class);
}

static void *alloc_run(struct cw_cpu_heap *heap, size_t size) {
    size_t length = (size + PAGE_BYTES - 1) >> PAGE_SHIFT;
    if (size > heap->page_count * PAGE_BYTES) {
        return NULL;
    }
    uint32_t index = take_pages(heap, (uint32_t)length);
    if (index == UINT32_MAX) {
        return NULL;
    }
    heap->pages[index] = (struct cw_cpu_heap_page){.kind = PAGE_RUN, .length = (uint32_t)length};
    for (uint32_t i = 1; i < length; i++) {
        heap->pages[index + i].kind = PAGE_RUN_REST;
    }
    return heap->base + ((size_t)index << PAGE_SHIFT);
}

void *cw_cpu_heap_alloc(struct cw_cpu_heap *heap, size_t size) {
    if (size == 0) {
        return NULL;
    }
    pthread_mutex_lock(&heap->lock);
    void *pointer = NULL;
    if (heap->base || reserve(heap)) {
        pointer = size <= SMALL_MAX ? alloc_small(heap, class_of(size)) : alloc_run(heap, size);
    }
    pthread_mutex_unlock(&heap->lock);
    return pointer;
}

static bool free_locked(struct cw_cpu_heap *heap, const void *pointer) {
    size_t offset = (size_t)((uintptr_t)pointer - (uintptr_t)heap->base);
    if (!heap->base || offset >= heap->page_count * PAGE_BYTES) {
        return false;
    }
    uint32_t index = (uint32_t)(offset >> PAGE_SHIFT);
    size_t within = offset & (PAGE_BYTES - 1);
    struct cw_cpu_heap_page *page = &heap->pages[index];
    if (page->kind == PAGE_RUN && within == 0) {
        for (uint32_t i = page->length; i-- > 0;) {
            heap->pages[index + i].kind = PAGE_FREE;
        }
        return true;
    }
    if (page->kind != PAGE_SMALL || within % class_size(page->class) != 0) {
        return false;
    }
    uint32_t slot = (uint32_t)within / class_size(page->class);
    uint64_t bit = (uint64_t)1 << slot % 64;
    if (!(page->slots[slot / 64] & bit)) {
        return false;
    }
    page->slots[slot / 64] &= ~bit;
    if (page->used-- == PAGE_BYTES / class_size(page->class)) {
        link_page(heap, index);
    }
    if (page->used == 0) {
        unlink_page(heap, index);
        page->kind = PAGE_FREE;
    }
    return true;
}

bool cw_cpu_heap_free(struct cw_cpu_heap *heap, void *pointer) {
    pthread_mutex_lock(&heap->lock);
    bool freed = free_locked(heap, pointer);
    pthread_mutex_unlock(&heap->lock);
    return freed;
}

/* ---- Services ----------------------------------------------------------------------------------------------------- */

void *cw_cpu_malloc(size_t size) {
    return cw_cpu_heap_alloc(&cw_cpu_state_of(cw_cpu_self())->worker->device->heap, size);
}

__attribute__((noinline)) void cw_cpu_free(void *pointer) {
    struct cw_cpu_state *state = cw_cpu_state_of(cw_cpu_self());
    if (pointer && !cw_cpu_heap_free(&state->worker->device->heap, pointer)) {
        cw_cpu_fault_raise(state, CW_FAULT_ILLEGAL_ADDRESS, CW_CPU_CALLER,
                           "freed %p, which is not an allocation of the device heap (or freed it twice)", pointer);
    }
}
