/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allocation.h: the ranges of memory that the runtime knows, so that copies can be checked and pointers explained.
 *
 * A sorted array by address: looking up is a binary search, adding and removing moves the tail, which stays cheap up to
 * some hundred thousand allocations. Ranges don't overlap. The table has its own lock.
 */
#ifndef CW_RUNTIME_ALLOCATION_H
#define CW_RUNTIME_ALLOCATION_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cw_rt_memory {
    CW_RT_MEMORY_UNKNOWN,    /* not ours: ordinary host memory */
    CW_RT_MEMORY_DEVICE,     /* cudaMalloc */
    CW_RT_MEMORY_POOL,       /* cudaMallocAsync */
    CW_RT_MEMORY_IMPORTED,   /* another process's */
    CW_RT_MEMORY_GRAPH,      /* a graph's allocation node, or its conditional handle */
    CW_RT_MEMORY_ARRAY,      /* behind a cudaArray */
    CW_RT_MEMORY_VIRTUAL,    /* mapped by cuMemMap */
    CW_RT_MEMORY_VARIABLE,   /* a __device__ or __constant__ variable */
    CW_RT_MEMORY_MANAGED,    /* cudaMallocManaged */
    CW_RT_MEMORY_MANAGED_VARIABLE, /* __managed__: the host's own variable; in the registry, not in these tables */
    CW_RT_MEMORY_HOST,       /* cudaHostAlloc */
    CW_RT_MEMORY_REGISTERED, /* cudaHostRegister */
    CW_RT_MEMORY_IDLE,       /* kept by a pool for its next allocation: nobody's now, and never found */
};

struct cw_rt_range {
    uintptr_t base;
    size_t size; /* at least 1 */
    enum cw_rt_memory kind;
    unsigned flags;   /* those of cudaHostAlloc and cudaHostRegister; the number of a pool's block */
    uint64_t context; /* the context that it belongs to (context.h) */
};

struct cw_rt_allocations {
    pthread_rwlock_t lock;
    struct cw_rt_range *ranges;
    size_t count, capacity;
};

void cw_rt_allocations_init(struct cw_rt_allocations *table);
/* False when out of memory or when the range overlaps another one. */
bool cw_rt_allocations_add(struct cw_rt_allocations *table, const void *base, size_t size, enum cw_rt_memory kind,
                           unsigned flags);
/* Takes out the range that begins at `base` if its kind is in `kinds` (bits 1 << kind). */
bool cw_rt_allocations_remove(struct cw_rt_allocations *table, const void *base, unsigned kinds,
                              struct cw_rt_range *range);
/* Changes what the range that begins at `base` is, from kind `from` to `to`, and its size, which must not reach into
 * the next range. */
bool cw_rt_allocations_change(struct cw_rt_allocations *table, const void *base, enum cw_rt_memory from,
                              enum cw_rt_memory to, size_t size);
/* The range that holds `pointer`; kind CW_RT_MEMORY_UNKNOWN when there is none. */
struct cw_rt_range cw_rt_allocations_find(struct cw_rt_allocations *table, const void *pointer);
/* Takes out the first range of that context whose kind is in `kinds`. False when there is none. */
bool cw_rt_allocations_take_one(struct cw_rt_allocations *table, uint64_t context, unsigned kinds,
                                struct cw_rt_range *range);
/* Empties the table: hands over the array, which the caller frees. */
struct cw_rt_range *cw_rt_allocations_take(struct cw_rt_allocations *table, size_t *count);

/* True for memory that kernels reach and that isn't host memory first. */
static inline bool cw_rt_memory_on_device(enum cw_rt_memory kind) {
    return kind >= CW_RT_MEMORY_DEVICE && kind <= CW_RT_MEMORY_MANAGED_VARIABLE;
}

#endif
