/* SPDX-License-Identifier: Apache-2.0 */
/* pool_cache.c: blocks of memory pools: see pool.h. */
#include <stdatomic.h>
#include <stdlib.h>

#include "runtime/device.h"
#include "runtime/engine.h"
#include "runtime/memory.h"
#include "runtime/native.h"
#include "runtime/pool.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define SMALLEST ((size_t)512)
#define LARGE ((size_t)1 << 20) /* from here sizes are multiples of LARGE_GRAIN */
#define LARGE_GRAIN ((size_t)2 << 20)
#define SEARCH_MAX 64 /* idle blocks of a class that are looked at */

pthread_mutex_t cw_rt_pool_lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;

static struct cw_rt_block **blocks;
static unsigned block_count, block_capacity;
static unsigned spare_first; /* number + 1 of a block without memory; linked by `work` */
static _Atomic uint64_t idle_bytes[CW_RT_DEVICES_MAX];

struct cw_rt_block *cw_rt_pool_block(unsigned number) {
    return number < block_count ? blocks[number] : NULL;
}

/* ---- Sizes --------------------------------------------------------------------------------------------------- */

static unsigned class_of(size_t capacity) {
    unsigned class = 63u - (unsigned)__builtin_clzll((unsigned long long)capacity) - 9u;
    return class < CW_RT_POOL_CLASSES ? class : CW_RT_POOL_CLASSES - 1;
}

/* 0 on overflow. */
static size_t capacity_for(size_t size) {
    if (size > LARGE) {
        size_t more;
        return __builtin_add_overflow(size, LARGE_GRAIN - 1, &more) ? 0 : more / LARGE_GRAIN * LARGE_GRAIN;
    }
    size_t capacity = SMALLEST;
    while (capacity < size) {
        capacity *= 2;
    }
    return capacity;
}

/* ---- Blocks -------------------------------------------------------------------------------------------------- */

static struct cw_rt_block *new_block(void) {
    if (spare_first > 0) {
        struct cw_rt_block *block = blocks[spare_first - 1];
        spare_first = (unsigned)block->work;
        return block;
    }
    if (block_count == block_capacity) {
        unsigned capacity = block_capacity ? 2 * block_capacity : 64;
        struct cw_rt_block **grown = realloc(blocks, capacity * sizeof(struct cw_rt_block *));
        if (!grown) {
            return NULL;
        }
        blocks = grown;
        block_capacity = capacity;
    }
    struct cw_rt_block *block = calloc(1, sizeof *block);
    if (block) {
        block->number = block_count;
        blocks[block_count++] = block;
    }
    return block;
}

static void spare(struct cw_rt_block *block) {
    block->base = NULL;
    block->pool = NULL;
    block->work = spare_first;
    spare_first = block->number + 1;
}

/* What counts as used. */
static uint64_t counted(size_t size) {
    return (size + SMALLEST - 1) / SMALLEST * SMALLEST;
}

static void raise_high(uint64_t *high, uint64_t value) {
    if (value > *high) {
        *high = value;
    }
}

static bool work_done(const struct cw_rt_block *block) {
    return !block->stream || cw_rt_native_done(block->stream, block->work);
}

/* Whether `stream` may use the idle block now, by what the pool allows. */
static bool may_reuse(const struct cw_rt_block *block, const struct CUstream_st *stream) {
    if (block->stream == stream) {
        return true;
    }
    if (block->pool->reuse[1] && work_done(block)) {
        return true;
    }
    return block->pool->reuse[0] && cw_rt_stream_follows(stream, block->stream, block->work);
}

static struct cw_rt_block *take_idle(cudaMemPool_t pool, size_t capacity, const struct CUstream_st *stream) {
    unsigned class = class_of(capacity);
    unsigned last = capacity > LARGE && class + 1 < CW_RT_POOL_CLASSES ? class + 1 : class;
    for (; class <= last; class++) {
        int looked = 0;
        for (struct cw_rt_block **link = &pool->idle[class]; *link && looked < SEARCH_MAX; looked++) {
            struct cw_rt_block *block = *link;
            if (block->capacity >= capacity && block->capacity <= 2 * capacity && may_reuse(block, stream)) {
                *link = block->next;
                return block;
            }
            link = &block->next;
        }
    }
    return NULL;
}

static void give_back(struct cw_rt_block *block) {
    cudaMemPool_t pool = block->pool;
    pool->reserved -= block->capacity;
    cw_rt_memory_discard(block->device, block->base, CW_RT_MEMORY_IDLE);
    atomic_fetch_sub_explicit(&idle_bytes[block->device->ordinal], block->capacity, memory_order_relaxed);
    spare(block);
}

void cw_rt_pool_trim(cudaMemPool_t pool, uint64_t keep) {
    for (unsigned class = CW_RT_POOL_CLASSES; class-- > 0 && pool->reserved > keep;) {
        struct cw_rt_block **link = &pool->idle[class];
        while (*link && pool->reserved > keep) {
            struct cw_rt_block *block = *link;
            if (work_done(block)) {
                *link = block->next;
                give_back(block);
            } else {
                link = &block->next;
            }
        }
    }
}

/* ---- Allocating ---------------------------------------------------------------------------------------------- */

/* Fresh memory for the pool. */
static cudaError_t reserve(cudaMemPool_t pool, struct cw_rt_device *device, size_t capacity,
                           struct cw_rt_block **result) {
    if (pool->max_size && pool->reserved + capacity > pool->max_size) {
        cw_rt_pool_trim(pool, pool->max_size > capacity ? pool->max_size - capacity : 0);
        if (pool->reserved + capacity > pool->max_size) {
            return cw_rt_fail(cudaErrorMemoryAllocation, "the pool may have no more than %zu bytes",
                              (size_t)pool->max_size);
        }
    }
    struct cw_rt_block *block = new_block();
    if (!block) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    cudaError_t error =
        pool->handle_types
            ? cw_rt_memory_take_shareable(device, capacity, CW_RT_MEMORY_IDLE, block->number, &block->base)
            : cw_rt_memory_take(device, capacity, CW_RT_MEMORY_IDLE, block->number, &block->base);
    if (error != cudaSuccess) {
        spare(block);
        return error;
    }
    block->pool = pool;
    block->device = device;
    block->capacity = capacity;
    pool->reserved += capacity;
    raise_high(&pool->reserved_high, pool->reserved);
    *result = block;
    return cudaSuccess;
}

/* An idle block that other streams still work with: `stream` will wait for that. */
static struct cw_rt_block *take_waiting(cudaMemPool_t pool, size_t capacity, struct CUstream_st *stream) {
    for (unsigned class = class_of(capacity); pool->reuse[2] && class < CW_RT_POOL_CLASSES; class++) {
        for (struct cw_rt_block **link = &pool->idle[class]; *link; link = &(*link)->next) {
            struct cw_rt_block *block = *link;
            if (block->capacity < capacity) {
                continue;
            }
            struct cw_rt_operation *operation = cw_rt_operation_take(0);
            if (!operation || !cw_rt_operation_depend(operation, block->stream, block->work) ||
                cw_rt_queue(stream, operation, CW_RT_ASYNC, NULL) != cudaSuccess) {
                return NULL;
            }
            *link = block->next;
            return block;
        }
    }
    return NULL;
}

/* With the lock held. */
static cudaError_t find_block(cudaMemPool_t pool, struct cw_rt_device *device, size_t capacity,
                              struct CUstream_st *stream, bool last_resort, struct cw_rt_block **block) {
    *block = take_idle(pool, capacity, stream);
    if (*block) {
        atomic_fetch_sub_explicit(&idle_bytes[device->ordinal], (*block)->capacity, memory_order_relaxed);
        return cudaSuccess;
    }
    cudaError_t error = reserve(pool, device, capacity, block);
    if (error != cudaErrorMemoryAllocation || !last_resort) {
        return error;
    }
    *block = take_waiting(pool, capacity, stream);
    if (*block) {
        atomic_fetch_sub_explicit(&idle_bytes[device->ordinal], (*block)->capacity, memory_order_relaxed);
        error = cudaSuccess;
    }
    return error;
}

cudaError_t cw_rt_pool_alloc(cudaMemPool_t pool, struct cw_rt_device *device, size_t size, struct CUstream_st *stream,
                             void **pointer) {
    struct cw_rt_block *block = NULL;
    size_t capacity = capacity_for(size);
    if (capacity == 0) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes", size);
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = cw_rt_pool_check(pool);
    if (error == cudaSuccess) {
        error = find_block(pool, device, capacity, stream, false, &block);
    }
    if (error == cudaErrorMemoryAllocation) {
        pthread_mutex_unlock(&cw_rt_pool_lock);
        cw_rt_pools_release(device);
        pthread_mutex_lock(&cw_rt_pool_lock);
        error = cw_rt_pool_check(pool);
        error = error == cudaSuccess ? find_block(pool, device, capacity, stream, true, &block) : error;
    }
    if (error == cudaSuccess) {
        block->size = size;
        pool->used += counted(size);
        raise_high(&pool->used_high, pool->used);
        cw_rt_allocations_change(&device->allocations, block->base, CW_RT_MEMORY_IDLE, CW_RT_MEMORY_POOL, size);
        *pointer = block->base;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return error;
}

void cw_rt_pool_free(unsigned number, void *pointer, struct CUstream_st *stream) {
    uint64_t work = stream ? cw_rt_stream_mark(stream) : 0;
    pthread_mutex_lock(&cw_rt_pool_lock);
    struct cw_rt_block *block = cw_rt_pool_block(number);
    if (block && block->base == pointer && block->size > 0 &&
        cw_rt_allocations_change(&block->device->allocations, pointer, CW_RT_MEMORY_POOL, CW_RT_MEMORY_IDLE,
                                 block->capacity)) {
        cudaMemPool_t pool = block->pool;
        pool->used -= counted(block->size);
        block->size = 0;
        block->stream = stream;
        block->work = work;
        unsigned class = class_of(block->capacity);
        block->next = pool->idle[class];
        pool->idle[class] = block;
        atomic_fetch_add_explicit(&idle_bytes[block->device->ordinal], block->capacity, memory_order_relaxed);
        if (pool->closing) {
            cw_rt_pool_trim(pool, 0);
            pool->closing = pool->reserved > 0;
        }
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
}

/* ---- Giving back --------------------------------------------------------------------------------------------- */

/* Trims each pool of the device: to its threshold, or all. */
static void trim_all(struct cw_rt_device *device, bool all) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    for (unsigned i = 0; i < block_count; i++) {
        cudaMemPool_t pool = blocks[i]->base && blocks[i]->size == 0 ? blocks[i]->pool : NULL;
        if (!pool || blocks[i]->device != device) {
            continue;
        }
        uint64_t keep = all || pool->closing ? 0 : pool->release_threshold;
        if (pool->reserved > keep) {
            cw_rt_pool_trim(pool, keep);
        }
        pool->closing = pool->closing && pool->reserved > 0;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
}

void cw_rt_pools_synchronized(struct cw_rt_device *device) {
    if (atomic_load_explicit(&idle_bytes[device->ordinal], memory_order_relaxed) > 0) {
        trim_all(device, false);
    }
}

bool cw_rt_pools_release(struct cw_rt_device *device) {
    uint64_t before = atomic_load_explicit(&idle_bytes[device->ordinal], memory_order_relaxed);
    if (before > 0) {
        trim_all(device, true);
    }
    return atomic_load_explicit(&idle_bytes[device->ordinal], memory_order_relaxed) < before;
}

void cw_rt_pools_close(struct cw_rt_device *device) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    for (unsigned i = 0; i < block_count; i++) {
        struct cw_rt_block *block = blocks[i];
        if (!block->base || block->device != device) {
            continue;
        }
        cudaMemPool_t pool = block->pool;
        pool->used = pool->reserved = 0;
        for (unsigned class = 0; class < CW_RT_POOL_CLASSES; class++) {
            pool->idle[class] = NULL;
        }
        block->size = 0;
        spare(block);
    }
    atomic_store_explicit(&idle_bytes[device->ordinal], 0, memory_order_relaxed);
    pthread_mutex_unlock(&cw_rt_pool_lock);
}
