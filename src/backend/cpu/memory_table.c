/* SPDX-License-Identifier: Apache-2.0 */
/* memory_table.c: see memory_table.h. */
#include "backend/cpu/memory_table.h"

#include <stdlib.h>

static size_t slot_of(const struct cw_cpu_memory *memory, uintptr_t start) {
    return (size_t)((uint64_t)(start >> 9) * 0x9e3779b97f4a7c15u >> 20) & (memory->table_size - 1);
}

struct cw_cpu_memory_entry *cw_cpu_memory_find(const struct cw_cpu_memory *memory, uintptr_t start) {
    if (memory->table_size == 0 || start <= 1) {
        return NULL;
    }
    for (size_t i = slot_of(memory, start);; i = (i + 1) & (memory->table_size - 1)) {
        if (memory->table[i].start == start) {
            return &memory->table[i];
        }
        if (memory->table[i].start == 0) {
            return NULL;
        }
    }
}

void cw_cpu_memory_enter(struct cw_cpu_memory *memory, struct cw_cpu_memory_entry entry) {
    size_t i = slot_of(memory, entry.start);
    while (memory->table[i].start > 1) {
        i = (i + 1) & (memory->table_size - 1);
    }
    memory->table_count += memory->table[i].start == 0;
    memory->table[i] = entry;
}

bool cw_cpu_memory_reserve(struct cw_cpu_memory *memory) {
    if ((memory->table_count + 1) * 2 <= memory->table_size) {
        return true;
    }
    size_t old_size = memory->table_size, live = 0;
    for (size_t i = 0; i < old_size; i++) {
        live += memory->table[i].start > 1;
    }
    size_t size = 64;
    while (size < (live + 1) * 4) {
        size *= 2;
    }
    struct cw_cpu_memory_entry *table = calloc(size, sizeof *table), *old = memory->table;
    if (!table) {
        return false;
    }
    memory->table = table;
    memory->table_size = size;
    memory->table_count = 0;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].start > 1) {
            cw_cpu_memory_enter(memory, old[i]);
        }
    }
    free(old);
    return true;
}
