/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.h: device memory, apart from the host's malloc heap: mappings of our own. Allocations up to 16 KiB share slabs;
 * larger ones get a mapping each, between pages that can only be read, so that a kernel that stores past the end faults
 * rather than writes into something else. All are aligned to 512 bytes, CUDA's is 256.
 */
#ifndef CW_BACKEND_CPU_MEMORY_H
#define CW_BACKEND_CPU_MEMORY_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "cudawasm/cw_backend.h"

#define CW_CPU_MEMORY_CLASSES 11

struct cw_cpu_memory_slab;
struct cw_cpu_memory_entry;

struct cw_cpu_memory {
    pthread_mutex_t lock;
    uint64_t total; /* what the device has: its share of the machine's, the control group's or CUDA_WASM_MEMORY's bytes */
    uint64_t used;
    struct cw_cpu_memory_entry *table; /* hash table from start address to mapping */
    size_t table_size;                 /* power of two */
    size_t table_count;                /* live and removed */
    struct cw_cpu_memory_slab *open[CW_CPU_MEMORY_CLASSES]; /* slabs with room, by class */
};

/* `total` bytes are what the device has. */
void cw_cpu_memory_init(struct cw_cpu_memory *memory, uint64_t total);
/* Unmaps everything, freed or not. */
void cw_cpu_memory_fini(struct cw_cpu_memory *memory);
cw_status cw_cpu_memory_alloc(struct cw_cpu_memory *memory, size_t size, void **pointer);
void cw_cpu_memory_free(struct cw_cpu_memory *memory, void *pointer);
/* Lets the whole pages of [pointer, pointer + size) go until they are touched again. */
void cw_cpu_memory_forget(struct cw_cpu_memory *memory, void *pointer, size_t size);
/* See cw_backend.h. A mapping that is exported becomes one of a memory file, in its place and with its contents. */
cw_status cw_cpu_memory_export(struct cw_cpu_memory *memory, void *pointer, int *file, uint64_t *offset);
cw_status cw_cpu_memory_import(struct cw_cpu_memory *memory, int file, uint64_t offset, size_t size, void **pointer);
/* Bytes of the mapping that starts at `pointer`; 0 when none does: inside of one, or in a slab. */
uint64_t cw_cpu_memory_size(struct cw_cpu_memory *memory, const void *pointer);
void cw_cpu_memory_info(struct cw_cpu_memory *memory, uint64_t *free_bytes, uint64_t *total_bytes);

#endif
