/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: CUDA's functions on memory pools and stream-ordered allocation. See pool.h; the blocks are in pool_cache.c.
 * Memory is there when cudaMallocAsync returns, which is earlier than CUDA promises.
 */
#include "runtime/pool.h"

#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define POOLS_MAX 256u /* the first CW_RT_DEVICES_MAX are the devices' default pools */

static struct CUmemPoolHandle_st pools[POOLS_MAX];
static cudaMemPool_t current[CW_RT_DEVICES_MAX]; /* NULL: the default pool */

/* With the lock held, as the two that follow. */
static cudaMemPool_t start_pool(unsigned index, int device) {
    cudaMemPool_t pool = &pools[index];
    if (!pool->live) {
        *pool = (struct CUmemPoolHandle_st){.live = true, .device = device, .reuse = {1, 1, 1}, .access = 1u << device};
    }
    return pool;
}

cudaMemPool_t cw_rt_pool_create(int device) {
    unsigned index = CW_RT_DEVICES_MAX;
    while (index < POOLS_MAX && (pools[index].live || pools[index].closing)) {
        index++;
    }
    return index < POOLS_MAX ? start_pool(index, device) : NULL;
}

cudaError_t cw_rt_pool_check(cudaMemPool_t pool) {
    uintptr_t offset = (uintptr_t)pool - (uintptr_t)pools;
    if (pool && offset < sizeof pools && offset % sizeof *pool == 0 && pool->live) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "%p is not a memory pool", (void *)pool);
}

/* ---- Pools --------------------------------------------------------------------------------------------------- */

static cudaError_t device_pool(cudaMemPool_t *pool, int ordinal, bool default_one) {
    struct cw_rt_device *device;
    if (!pool) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pool is NULL");
    }
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    *pool = !default_one && current[ordinal] ? current[ordinal] : start_pool((unsigned)ordinal, ordinal);
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return cudaSuccess;
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *pool, int device) {
    return cw_rt_record(device_pool(pool, device, true));
}

cudaError_t cudaDeviceGetMemPool(cudaMemPool_t *pool, int device) {
    return cw_rt_record(device_pool(pool, device, false));
}

static cudaError_t set_pool(int ordinal, cudaMemPool_t pool) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    error = cw_rt_pool_check(pool);
    if (error == cudaSuccess && pool->device != ordinal) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the pool belongs to device %d", pool->device);
    }
    if (error == cudaSuccess) {
        current[ordinal] = pool;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return error;
}

cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t pool) {
    return cw_rt_record(set_pool(device, pool));
}

static cudaError_t check_props(const struct cudaMemPoolProps *props, const struct cw_backend *backend) {
    if (!props || props->allocType != cudaMemAllocationTypePinned) {
        return cw_rt_fail(cudaErrorInvalidValue, "a pool needs a place for its handle and properties of pinned memory");
    }
    if (props->location.type != cudaMemLocationTypeDevice) {
        return cw_rt_fail(cudaErrorNotSupported, "pools outside of a device");
    }
    if (props->handleTypes != cudaMemHandleTypeNone &&
        (props->handleTypes != cudaMemHandleTypePosixFileDescriptor || !backend->memory_export)) {
        return cw_rt_fail(cudaErrorNotSupported, "the %s device shares no pools by handles of type %d", backend->name,
                          (int)props->handleTypes);
    }
    return cudaSuccess;
}

static cudaError_t pool_create(cudaMemPool_t *pool, const struct cudaMemPoolProps *props) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess) {
        error = check_props(pool ? props : NULL, backend);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(props->location.id, &device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    *pool = cw_rt_pool_create(device->ordinal);
    if (*pool) {
        (*pool)->handle_types = (int)props->handleTypes;
        (*pool)->max_size = props->maxSize;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return *pool ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "more than %u memory pools", POOLS_MAX);
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t *pool, const struct cudaMemPoolProps *props) {
    return cw_rt_record(pool_create(pool, props));
}

static cudaError_t pool_destroy(cudaMemPool_t pool) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = cw_rt_pool_check(pool);
    if (error == cudaSuccess && pool < &pools[CW_RT_DEVICES_MAX]) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a device's default pool can't be destroyed");
    }
    if (error == cudaSuccess) {
        /* Memory that is in use stays until it is freed. */
        cw_rt_pool_trim(pool, 0);
        pool->live = false;
        pool->closing = pool->reserved > 0;
        if (current[pool->device] == pool) {
            current[pool->device] = NULL;
        }
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return error;
}

cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
    return cw_rt_record(pool_destroy(pool));
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t keep) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = cw_rt_pool_check(pool);
    if (error == cudaSuccess) {
        cw_rt_pool_trim(pool, keep);
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return cw_rt_record(error);
}

/* Whether `device` can be let in, by where the pool's memory is. */
static cudaError_t check_access(cudaMemPool_t pool, const struct cudaMemAccessDesc *desc) {
    struct cw_rt_device *device;
    if (desc->location.type != cudaMemLocationTypeDevice) {
        return cw_rt_fail(cudaErrorInvalidValue, "the location is no device");
    }
    cudaError_t error = cw_rt_device_at(desc->location.id, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (desc->flags != cudaMemAccessFlagsProtNone && desc->flags != cudaMemAccessFlagsProtReadWrite) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no access %d to a pool", (int)desc->flags);
    }
    if (desc->location.id == pool->device && desc->flags == cudaMemAccessFlagsProtNone) {
        return cw_rt_fail(cudaErrorInvalidDevice, "a device's access to its own pool can't be taken away");
    }
    if (desc->location.id != pool->device && desc->flags != cudaMemAccessFlagsProtNone &&
        !device->facts.unified_memory) {
        return cw_rt_fail(cudaErrorInvalidDevice, "device %d can't reach a pool of device %d", desc->location.id,
                          pool->device);
    }
    return cudaSuccess;
}

/* With the lock held. */
static cudaError_t pool_set_access(cudaMemPool_t pool, const struct cudaMemAccessDesc *descs, size_t count) {
    cudaError_t error = cw_rt_pool_check(pool);
    if (error == cudaSuccess && count > 0 && !descs) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%zu descriptions at NULL", count);
    }
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        error = check_access(pool, &descs[i]);
    }
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        uint32_t bit = 1u << descs[i].location.id;
        pool->access = descs[i].flags == cudaMemAccessFlagsProtNone ? pool->access & ~bit : pool->access | bit;
    }
    return error;
}

cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const struct cudaMemAccessDesc *descs, size_t count) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = pool_set_access(pool, descs, count);
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return cw_rt_record(error);
}

static cudaError_t pool_get_access(enum cudaMemAccessFlags *flags, cudaMemPool_t pool,
                                   const struct cudaMemLocation *location) {
    struct cw_rt_device *device;
    if (!flags || !location || location->type != cudaMemLocationTypeDevice) {
        return cw_rt_fail(cudaErrorInvalidValue, "the location is no device, or the place for the answer is NULL");
    }
    cudaError_t error = cw_rt_device_at(location->id, &device);
    pthread_mutex_lock(&cw_rt_pool_lock);
    if (error == cudaSuccess) {
        error = cw_rt_pool_check(pool);
    }
    if (error == cudaSuccess) {
        *flags = pool->access & 1u << location->id ? cudaMemAccessFlagsProtReadWrite : cudaMemAccessFlagsProtNone;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return error;
}

cudaError_t cudaMemPoolGetAccess(enum cudaMemAccessFlags *flags, cudaMemPool_t pool, struct cudaMemLocation *location) {
    return cw_rt_record(pool_get_access(flags, pool, location));
}

static cudaError_t pool_attribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value, bool set) {
    cudaError_t error = cw_rt_pool_check(pool);
    if (error != cudaSuccess) {
        return error;
    }
    if (!value) {
        return cw_rt_fail(cudaErrorInvalidValue, "the value is NULL");
    }
    uint64_t *counter = NULL;
    const uint64_t *base = NULL; /* what a high-water mark is reset to */
    switch (attribute) {
    case cudaMemPoolReuseFollowEventDependencies:
    case cudaMemPoolReuseAllowOpportunistic:
    case cudaMemPoolReuseAllowInternalDependencies: {
        int *kept = &pool->reuse[attribute - cudaMemPoolReuseFollowEventDependencies];
        memcpy(set ? (void *)kept : value, set ? value : (void *)kept, sizeof *kept);
        return cudaSuccess;
    }
    case cudaMemPoolAttrReleaseThreshold:
        counter = &pool->release_threshold;
        break;
    case cudaMemPoolAttrReservedMemCurrent:
        counter = &pool->reserved;
        break;
    case cudaMemPoolAttrReservedMemHigh:
        counter = &pool->reserved_high;
        base = &pool->reserved;
        break;
    case cudaMemPoolAttrUsedMemCurrent:
        counter = &pool->used;
        break;
    case cudaMemPoolAttrUsedMemHigh:
        counter = &pool->used_high;
        base = &pool->used;
        break;
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "there is no pool attribute %d", (int)attribute);
    }
    if (!set) {
        memcpy(value, counter, sizeof *counter);
        return cudaSuccess;
    }
    uint64_t wanted;
    memcpy(&wanted, value, sizeof wanted);
    if (attribute == cudaMemPoolAttrReleaseThreshold) {
        *counter = wanted;
    } else if (base && wanted == 0) {
        *counter = *base;
    } else {
        return cw_rt_fail(cudaErrorInvalidValue, "pool attribute %d can't be set%s", (int)attribute,
                          base ? " but to 0" : "");
    }
    return cudaSuccess;
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = pool_attribute(pool, attribute, value, true);
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return cw_rt_record(error);
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = pool_attribute(pool, attribute, value, false);
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return cw_rt_record(error);
}

/* ---- Allocating ---------------------------------------------------------------------------------------------- */

/* In a capture an allocation is a node of the graph. */
static cudaError_t capture_alloc(struct CUstream_st *stream, size_t size, int device, void **pointer) {
    struct CUgraphNode_st *node;
    struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeMemAlloc};
    params.alloc.poolProps.allocType = cudaMemAllocationTypePinned;
    params.alloc.poolProps.location = (struct cudaMemLocation){cudaMemLocationTypeDevice, device};
    params.alloc.bytesize = size;
    cudaError_t error = cw_rt_capture_add_node(stream, &params, &node);
    if (error == cudaSuccess) {
        *pointer = node->of.alloc.params.dptr;
    }
    return error;
}

static cudaError_t find_pool(cudaMemPool_t *pool, const struct cw_rt_device *device) {
    cudaError_t error = *pool ? cudaSuccess : device_pool(pool, device->ordinal, false);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    error = cw_rt_pool_check(*pool);
    if (error == cudaSuccess && (*pool)->imported) {
        error = cw_rt_fail(cudaErrorNotPermitted, "the pool was imported: only its own process allocates from it");
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return error;
}

static cudaError_t malloc_async(void **pointer, size_t size, cudaMemPool_t pool, cudaStream_t handle) {
    struct cw_rt_device *device, *owner;
    struct CUstream_st *stream;
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_legacy(stream, true);
    }
    if (error == cudaSuccess) {
        error = find_pool(&pool, device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(pool->device, &owner);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(owner);
    }
    if (error != cudaSuccess) {
        return error;
    }
    *pointer = NULL;
    if (size == 0) {
        return cudaSuccess;
    }
    return cw_rt_stream_capturing(stream) ? capture_alloc(stream, size, owner->ordinal, pointer)
                                          : cw_rt_pool_alloc(pool, owner, size, stream, pointer);
}

cudaError_t cudaMallocAsync(void **pointer, size_t size, cudaStream_t stream) {
    return cw_rt_record(malloc_async(pointer, size, NULL, stream));
}

cudaError_t cudaMallocFromPoolAsync(void **pointer, size_t size, cudaMemPool_t pool, cudaStream_t stream) {
    if (!pool) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the pool is NULL"));
    }
    return cw_rt_record(malloc_async(pointer, size, pool, stream));
}

/* ---- Freeing ------------------------------------------------------------------------------------------------- */

struct release {
    struct cw_rt_device *owner;
    struct cw_rt_range range;
};

static cudaError_t run_release(struct cw_rt_device *device, void *payload) {
    const struct release *release = payload;
    const struct cw_backend *backend;
    (void)device;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess) {
        cw_rt_memory_release(release->owner, backend, &release->range);
    }
    return error;
}

/* Memory that is no pool's goes when the stream comes to it. */
static cudaError_t queue_release(struct CUstream_st *stream, struct cw_rt_device *owner, void *pointer,
                                 unsigned kinds) {
    struct release release = {.owner = owner};
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof release);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    if (!cw_rt_allocations_remove(&owner->allocations, pointer, kinds, &release.range)) {
        cw_rt_operation_give(operation);
        return cw_rt_fail(cudaErrorInvalidValue, "%p is not the beginning of an allocation", pointer);
    }
    *(struct release *)operation->payload = release;
    operation->execute = run_release;
    operation->flags = CW_RT_EVEN_AFTER_FAULT;
    return cw_rt_submit(stream, operation, CW_RT_INLINE, NULL);
}

static cudaError_t free_async(void *pointer, cudaStream_t handle) {
    struct cw_rt_device *device, *owner;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_legacy(stream, true);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the pointer is NULL");
    }
    if (cw_rt_stream_capturing(stream)) {
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeMemFree, .free = {pointer}};
        return cw_rt_capture_add(stream, &params);
    }
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (owner && range.base == (uintptr_t)pointer && range.kind == CW_RT_MEMORY_POOL) {
        cw_rt_pool_free(range.flags, pointer, stream);
        return cudaSuccess;
    }
    if (owner && range.base == (uintptr_t)pointer && range.kind == CW_RT_MEMORY_GRAPH) {
        return cw_rt_graph_memory_free_behind(pointer, stream);
    }
    unsigned kinds = 1u << CW_RT_MEMORY_DEVICE | 1u << CW_RT_MEMORY_IMPORTED;
    if (owner && (kinds & 1u << range.kind)) {
        return queue_release(stream, owner, pointer, kinds);
    }
    return cw_rt_fail(cudaErrorInvalidValue, "%p was not allocated by cudaMallocAsync, or was freed before", pointer);
}

cudaError_t cudaFreeAsync(void *pointer, cudaStream_t stream) {
    return cw_rt_record(free_async(pointer, stream));
}
