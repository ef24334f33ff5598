/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: backend/cpu/memory.h on WebAssembly: device memory is the C heap's, which grows linear memory up to 4 GiB, or to
 * what the engine allows. There are no pages to protect, so nothing lies around an allocation; reading before or behind
 * one is harmless here as it is on hardware. A table says what was allocated, so that foreign pointers are ignored.
 */
#include "backend/cpu/memory.h"

#include <stdlib.h>

#include "backend/cpu/machine.h"
#include "backend/cpu/memory_table.h"

#define ALIGNMENT 512u /* CUDA's is 256 */

void cw_cpu_memory_init(struct cw_cpu_memory *memory, uint64_t total) {
    *memory = (struct cw_cpu_memory){.total = total};
    pthread_mutex_init(&memory->lock, NULL);
}

void cw_cpu_memory_fini(struct cw_cpu_memory *memory) {
    for (size_t i = 0; i < memory->table_size; i++) {
        if (memory->table[i].start > 1) {
            free(memory->table[i].mapping);
        }
    }
    free(memory->table);
    pthread_mutex_destroy(&memory->lock);
}

cw_status cw_cpu_memory_alloc(struct cw_cpu_memory *memory, size_t size, void **pointer) {
    *pointer = NULL;
    size = size ? size : 1;
    size_t whole = size + ALIGNMENT;
    if (whole < size || size > memory->total) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_lock(&memory->lock);
    if (memory->used + size <= memory->total && cw_cpu_memory_reserve(memory)) {
        /* Aligned here, so that what is freed has room for the same again: aligned_alloc asks for more than it keeps. */
        void *block = malloc(whole);
        if (block) {
            uintptr_t start = ((uintptr_t)block + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
            *pointer = (void *)start;
            cw_cpu_memory_enter(memory, (struct cw_cpu_memory_entry){.start = start, .mapping = block, .size = size, .file = -1});
            memory->used += size;
        }
    }
    pthread_mutex_unlock(&memory->lock);
    return *pointer ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

void cw_cpu_memory_free(struct cw_cpu_memory *memory, void *pointer) {
    pthread_mutex_lock(&memory->lock);
    struct cw_cpu_memory_entry *entry = cw_cpu_memory_find(memory, (uintptr_t)pointer);
    if (entry) {
        memory->used -= entry->size;
        entry->start = 1;
        free(entry->mapping);
    }
    pthread_mutex_unlock(&memory->lock);
}

/* Linear memory never shrinks. */
void cw_cpu_memory_forget(struct cw_cpu_memory *memory, void *pointer, size_t size) {
    (void)memory, (void)pointer, (void)size;
}

cw_status cw_cpu_memory_export(struct cw_cpu_memory *memory, void *pointer, int *file, uint64_t *offset) {
    (void)memory, (void)pointer, (void)file, (void)offset;
    return CW_ERROR_UNSUPPORTED; /* a WebAssembly module has its memory alone */
}

cw_status cw_cpu_memory_import(struct cw_cpu_memory *memory, int file, uint64_t offset, size_t size, void **pointer) {
    (void)memory, (void)file, (void)offset, (void)size, (void)pointer;
    return CW_ERROR_UNSUPPORTED;
}

void cw_cpu_memory_info(struct cw_cpu_memory *memory, uint64_t *free_bytes, uint64_t *total_bytes) {
    uint64_t available = cw_cpu_machine_memory_free();
    pthread_mutex_lock(&memory->lock);
    uint64_t unused = memory->total - memory->used;
    *free_bytes = available < unused ? available : unused;
    *total_bytes = memory->total;
    pthread_mutex_unlock(&memory->lock);
}
