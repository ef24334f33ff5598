/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.h: memory pools (CUDA C++ Programming Guide, "Stream Ordered Memory Allocator"): a caching allocator. Blocks have
 * sizes of powers of two up to 1 MiB and of multiples of 2 MiB beyond. A block that is freed remembers how far its stream
 * had been given work then: the same stream may have it again at once, another one when that work is done (or when it has
 * waited for it by an event). What is idle goes back to the device when the program waits for the device and the pool has
 * reserved more than its threshold, and when memory runs out.
 *
 * cw_rt_pool_lock guards pools and blocks; the locks of allocations and of the engine are taken inside it.
 */
#ifndef CW_RUNTIME_POOL_H
#define CW_RUNTIME_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "runtime/thread.h"

#define CW_RT_POOL_CLASSES 48u

struct cw_rt_device;
struct CUstream_st;

struct cw_rt_block {
    struct cw_rt_block *next; /* among its pool's idle blocks of one class */
    struct CUmemPoolHandle_st *pool;
    struct cw_rt_device *device;
    void *base;                 /* NULL: the block has no memory and waits to be used for other memory */
    size_t capacity;            /* of its memory, bytes */
    size_t size;                /* as asked for; 0 while idle */
    unsigned number;            /* of this block; kept for ever */
    struct CUstream_st *stream; /* idle: freed behind this one's work ... */
    uint64_t work;              /* ... up to here */
};

struct CUmemPoolHandle_st {
    bool live;
    bool closing; /* destroyed, but blocks of it are in use */
    int device;
    int handle_types;
    uint64_t max_size; /* 0: no limit of its own */
    uint64_t release_threshold;
    uint64_t used, used_high, reserved, reserved_high;
    int reuse[3];    /* the three reuse attributes, in order */
    uint32_t access; /* bit n: device n reaches it */
    struct cw_rt_block *idle[CW_RT_POOL_CLASSES];
    /* Pools that processes share (pool_share.c): what the exporting process calls it; 0 for others. */
    uint64_t token;
    bool imported;
};

extern pthread_mutex_t cw_rt_pool_lock;

/* ---- pool.c ---- */

/* With the lock held. */
cudaError_t cw_rt_pool_check(cudaMemPool_t pool);
/* A pool with default attributes; NULL when there are too many. */
cudaMemPool_t cw_rt_pool_create(int device);

/* ---- pool_cache.c ---- */

/* Memory for `stream`; the lock is taken inside. */
cudaError_t cw_rt_pool_alloc(cudaMemPool_t pool, struct cw_rt_device *device, size_t size, struct CUstream_st *stream,
                             void **pointer);
/* The end of the block's use behind the work of `stream`; NULL: at once. `number` is the range's flags. */
void cw_rt_pool_free(unsigned number, void *pointer, struct CUstream_st *stream);
/* Gives idle blocks back until no more than `keep` bytes are reserved. With the lock held. */
void cw_rt_pool_trim(cudaMemPool_t pool, uint64_t keep);
/* The host has waited for the device: pools give back what is beyond their thresholds. Cheap when nothing is idle. */
void cw_rt_pools_synchronized(struct cw_rt_device *device);
/* Memory is short: all that is idle on the device goes back. True if anything was. */
bool cw_rt_pools_release(struct cw_rt_device *device);
/* The device is reset. */
void cw_rt_pools_close(struct cw_rt_device *device);
/* The block that has this number. With the lock held. */
struct cw_rt_block *cw_rt_pool_block(unsigned number);

#endif
