/* SPDX-License-Identifier: Apache-2.0 */
/* allocation.c: see allocation.h. */
#include "runtime/allocation.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/context.h"

void cw_rt_allocations_init(struct cw_rt_allocations *table) {
    pthread_rwlock_init(&table->lock, NULL);
    table->ranges = NULL;
    table->count = 0;
    table->capacity = 0;
}

/* How many ranges begin at or before `address`. */
static size_t begun(const struct cw_rt_allocations *table, uintptr_t address) {
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->ranges[middle].base <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool insert(struct cw_rt_allocations *table, struct cw_rt_range range) {
    size_t at = begun(table, range.base);
    if (at > 0 && range.base - table->ranges[at - 1].base < table->ranges[at - 1].size) {
        return false;
    }
    if (at < table->count && table->ranges[at].base - range.base < range.size) {
        return false;
    }
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        struct cw_rt_range *grown = realloc(table->ranges, capacity * sizeof *grown);
        if (!grown) {
            return false;
        }
        table->ranges = grown;
        table->capacity = capacity;
    }
    memmove(&table->ranges[at + 1], &table->ranges[at], (table->count - at) * sizeof range);
    table->ranges[at] = range;
    table->count++;
    return true;
}

bool cw_rt_allocations_add(struct cw_rt_allocations *table, const void *base, size_t size, enum cw_rt_memory kind,
                           unsigned flags) {
    pthread_rwlock_wrlock(&table->lock);
    bool added = insert(table, (struct cw_rt_range){(uintptr_t)base, size ? size : 1, kind, flags, cw_rt_context_id()});
    pthread_rwlock_unlock(&table->lock);
    return added;
}

bool cw_rt_allocations_remove(struct cw_rt_allocations *table, const void *base, unsigned kinds,
                              struct cw_rt_range *range) {
    pthread_rwlock_wrlock(&table->lock);
    size_t at = begun(table, (uintptr_t)base);
    bool found =
        at > 0 && table->ranges[at - 1].base == (uintptr_t)base && (kinds & (1u << table->ranges[at - 1].kind)) != 0;
    if (found) {
        *range = table->ranges[at - 1];
        memmove(&table->ranges[at - 1], &table->ranges[at], (table->count - at) * sizeof *range);
        table->count--;
    }
    pthread_rwlock_unlock(&table->lock);
    return found;
}

bool cw_rt_allocations_change(struct cw_rt_allocations *table, const void *base, enum cw_rt_memory from,
                              enum cw_rt_memory to, size_t size) {
    pthread_rwlock_wrlock(&table->lock);
    size_t at = begun(table, (uintptr_t)base);
    bool found = at > 0 && table->ranges[at - 1].base == (uintptr_t)base && table->ranges[at - 1].kind == from;
    if (found) {
        table->ranges[at - 1].kind = to;
        table->ranges[at - 1].size = size;
    }
    pthread_rwlock_unlock(&table->lock);
    return found;
}

struct cw_rt_range cw_rt_allocations_find(struct cw_rt_allocations *table, const void *pointer) {
    struct cw_rt_range found = {.kind = CW_RT_MEMORY_UNKNOWN};
    pthread_rwlock_rdlock(&table->lock);
    size_t at = begun(table, (uintptr_t)pointer);
    if (at > 0 && (uintptr_t)pointer - table->ranges[at - 1].base < table->ranges[at - 1].size) {
        found = table->ranges[at - 1];
    }
    pthread_rwlock_unlock(&table->lock);
    if (found.kind == CW_RT_MEMORY_IDLE) {
        found = (struct cw_rt_range){.kind = CW_RT_MEMORY_UNKNOWN};
    }
    return found;
}

bool cw_rt_allocations_take_one(struct cw_rt_allocations *table, uint64_t context, unsigned kinds,
                                struct cw_rt_range *range) {
    bool found = false;
    pthread_rwlock_wrlock(&table->lock);
    for (size_t at = 0; at < table->count && !found; at++) {
        if (table->ranges[at].context == context && (kinds & (1u << table->ranges[at].kind)) != 0) {
            *range = table->ranges[at];
            memmove(&table->ranges[at], &table->ranges[at + 1], (table->count - at - 1) * sizeof *range);
            table->count--;
            found = true;
        }
    }
    pthread_rwlock_unlock(&table->lock);
    return found;
}

struct cw_rt_range *cw_rt_allocations_take(struct cw_rt_allocations *table, size_t *count) {
    pthread_rwlock_wrlock(&table->lock);
    struct cw_rt_range *ranges = table->ranges;
    *count = table->count;
    table->ranges = NULL;
    table->count = 0;
    table->capacity = 0;
    pthread_rwlock_unlock(&table->lock);
    return ranges;
}
