/* SPDX-License-Identifier: Apache-2.0 */
/* layout.h: the head of a device heap as a backend writes it into the device's memory (heap.h). */
#ifndef CW_LIBRARY_HEAP_LAYOUT_H
#define CW_LIBRARY_HEAP_LAYOUT_H

#include <stdlib.h>

#include "library/heap/heap.h"

/* For a heap of `limit` bytes, or CUDA's own size for 0: the head without its `data`, malloc'd, how long it is, and how many bytes of units there are. NULL when
 * there is no memory or no heap can be so large. */
static inline struct cw_heap *cw_heap_describe(uint64_t limit, size_t *head_bytes, uint64_t *data_bytes) {
    const uint64_t most = UINT32_MAX / CW_HEAP_GRAIN * 32;
    uint64_t units = ((limit ? limit : CW_HEAP_DEFAULT_BYTES) + CW_HEAP_GRAIN - 1) / CW_HEAP_GRAIN, words = (units + 31) / 32;
    *head_bytes = sizeof(struct cw_heap) + words * sizeof(uint32_t);
    *data_bytes = units * CW_HEAP_GRAIN;
    struct cw_heap *heap = units <= most ? (struct cw_heap *)calloc(1, *head_bytes) : NULL;
    if (heap) {
        heap->units = (uint32_t)units;
        heap->words = (uint32_t)words;
        if (units % 32) {
            heap->taken[words - 1] = UINT32_MAX << units % 32;
        }
    }
    return heap;
}

#endif
