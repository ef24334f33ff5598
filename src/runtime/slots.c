/* SPDX-License-Identifier: Apache-2.0 */
/* slots.c: see slots.h. Chunks double, so that finding a slot's chunk looks at twenty chunks at most. */
#include "runtime/slots.h"

#include <stdint.h>
#include <stdlib.h>

static size_t chunk_slots(size_t chunk) {
    return (size_t)CW_RT_SLOT_FIRST_CHUNK << chunk;
}

static bool grow(struct cw_rt_slots *slots) {
    if (slots->chunk_count == CW_RT_SLOT_CHUNKS_MAX) {
        return false;
    }
    size_t count = chunk_slots(slots->chunk_count);
    /* All chunks together hold less than twice the last one. Nothing is free now, so the ring is empty. */
    void **ring = realloc(slots->free, 2 * count * sizeof *ring);
    if (!ring) {
        return false;
    }
    slots->free = ring;
    slots->free_first = 0;
    slots->free_capacity = 2 * count;
    char *chunk = calloc(count, slots->slot_size);
    if (!chunk) {
        return false;
    }
    slots->chunks[slots->chunk_count++] = chunk;
    slots->fresh = count;
    return true;
}

void *cw_rt_slots_take(struct cw_rt_slots *slots) {
    if (slots->free_count > 0) {
        void *slot = slots->free[slots->free_first];
        slots->free_first = (slots->free_first + 1) % slots->free_capacity;
        slots->free_count--;
        return slot;
    }
    if (slots->fresh == 0 && !grow(slots)) {
        return NULL;
    }
    size_t chunk = slots->chunk_count - 1;
    size_t index = chunk_slots(chunk) - slots->fresh--;
    return slots->chunks[chunk] + index * slots->slot_size;
}

void cw_rt_slots_give(struct cw_rt_slots *slots, void *slot) {
    slots->free[(slots->free_first + slots->free_count) % slots->free_capacity] = slot;
    slots->free_count++;
}

bool cw_rt_slots_owns(const struct cw_rt_slots *slots, const void *pointer) {
    uintptr_t address = (uintptr_t)pointer;
    for (size_t i = 0; i < slots->chunk_count; i++) {
        uintptr_t begin = (uintptr_t)slots->chunks[i];
        if (address >= begin && address - begin < chunk_slots(i) * slots->slot_size) {
            return (address - begin) % slots->slot_size == 0;
        }
    }
    return false;
}

void *cw_rt_slots_at(const struct cw_rt_slots *slots, size_t index) {
    for (size_t i = 0; i < slots->chunk_count; i++) {
        size_t count = chunk_slots(i);
        size_t used = i + 1 == slots->chunk_count ? count - slots->fresh : count;
        if (index < used) {
            return slots->chunks[i] + index * slots->slot_size;
        }
        if (index < count) {
            return NULL;
        }
        index -= count;
    }
    return NULL;
}
