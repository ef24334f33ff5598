/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slots.h: a pool of equal slots whose memory is never given back, so that a stale handle can be looked at.
 *
 * A program may hold a stream or an event after it destroyed it, and another thread may still hold a dependency on
 * one. Slots stay valid memory of their type for ever; what is inside says whether it is in use, and counters inside
 * only grow from one use to the next. The owner locks.
 */
#ifndef CW_RUNTIME_SLOTS_H
#define CW_RUNTIME_SLOTS_H

#include <stdbool.h>
#include <stddef.h>

#define CW_RT_SLOT_CHUNKS_MAX 20u
#define CW_RT_SLOT_FIRST_CHUNK 64u

struct cw_rt_slots {
    size_t slot_size;
    char *chunks[CW_RT_SLOT_CHUNKS_MAX]; /* chunk k holds CW_RT_SLOT_FIRST_CHUNK << k slots */
    size_t chunk_count;
    size_t fresh; /* slots of the last chunk that were never used */
    /* Free slots, the one longest free first, so that stale handles stay recognisable for long: a ring with room for
     * every slot there is. */
    void **free;
    size_t free_first, free_count, free_capacity;
};

/* A slot: zeroed when new, as it was left when used again. NULL when out of memory. */
void *cw_rt_slots_take(struct cw_rt_slots *slots);
void cw_rt_slots_give(struct cw_rt_slots *slots, void *slot);
/* True if `pointer` is a slot of this pool, in use or not. */
bool cw_rt_slots_owns(const struct cw_rt_slots *slots, const void *pointer);
/* The slot number `index` in order of first use, NULL past the last. */
void *cw_rt_slots_at(const struct cw_rt_slots *slots, size_t index);

#endif
