/* SPDX-License-Identifier: Apache-2.0 */
/* memory_table.h: what of device memory is in use, by its start: a hash table with open addressing, at least half of it empty. Under
 * the memory's lock. */
#ifndef CW_BACKEND_CPU_MEMORY_TABLE_H
#define CW_BACKEND_CPU_MEMORY_TABLE_H

#include <stdbool.h>

#include "backend/cpu/memory.h"

struct cw_cpu_memory_entry {
    uintptr_t start; /* 0: never used; 1: removed */
    void *mapping;
    size_t mapping_size;
    size_t size; /* what counts as used; 0 for a slab and for imported memory */
    bool imported;
    int file; /* that it is a mapping of, once exported; -1 */
};

/* NULL: nothing begins there. */
struct cw_cpu_memory_entry *cw_cpu_memory_find(const struct cw_cpu_memory *memory, uintptr_t start);
/* Makes room for one more entry. False when out of memory. */
bool cw_cpu_memory_reserve(struct cw_cpu_memory *memory);
/* There is room. An entry is removed by making its start 1. */
void cw_cpu_memory_enter(struct cw_cpu_memory *memory, struct cw_cpu_memory_entry entry);

#endif
