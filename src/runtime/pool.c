/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool.c: stream-ordered allocation. Memory is there when cudaMallocAsync returns, which is earlier than CUDA promises;
 * cudaFreeAsync gives it back when the stream comes to it. Pools keep accounts and thresholds; memory that is freed goes
 * straight back to the device, which CUDA allows a pool to do at every synchronisation.
 */
#include <pthread.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define POOLS_MAX 256u /* the first CW_RT_DEVICES_MAX are the devices' default pools */

struct CUmemPoolHandle_st {
    bool live;
    int device;
    uint64_t release_threshold;
    uint64_t used, used_high;
    int reuse[3]; /* the three reuse attributes, in order: hints */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUmemPoolHandle_st pools[POOLS_MAX];
static cudaMemPool_t current[CW_RT_DEVICES_MAX]; /* NULL: the default pool */

/* With the lock held. */
static cudaMemPool_t start_pool(unsigned index, int device) {
    cudaMemPool_t pool = &pools[index];
    if (!pool->live) {
        *pool = (struct CUmemPoolHandle_st){.live = true, .device = device, .reuse = {1, 1, 1}};
    }
    return pool;
}

static cudaError_t check_pool(cudaMemPool_t pool) {
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
    pthread_mutex_lock(&lock);
    *pool = !default_one && current[ordinal] ? current[ordinal] : start_pool((unsigned)ordinal, ordinal);
    pthread_mutex_unlock(&lock);
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
    pthread_mutex_lock(&lock);
    error = check_pool(pool);
    if (error == cudaSuccess && pool->device != ordinal) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the pool belongs to device %d", pool->device);
    }
    if (error == cudaSuccess) {
        current[ordinal] = pool;
    }
    pthread_mutex_unlock(&lock);
    return error;
}

cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t pool) {
    return cw_rt_record(set_pool(device, pool));
}

static cudaError_t pool_create(cudaMemPool_t *pool, const struct cudaMemPoolProps *props) {
    struct cw_rt_device *device;
    if (!pool || !props || props->allocType != cudaMemAllocationTypePinned) {
        return cw_rt_fail(cudaErrorInvalidValue, "a pool needs a place for its handle and properties of pinned memory");
    }
    if (props->handleTypes != cudaMemHandleTypeNone || props->location.type != cudaMemLocationTypeDevice) {
        return cw_rt_fail(cudaErrorNotSupported, "pools that other processes share, or outside a device");
    }
    cudaError_t error = cw_rt_device_at(props->location.id, &device);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    unsigned index = CW_RT_DEVICES_MAX;
    while (index < POOLS_MAX && pools[index].live) {
        index++;
    }
    *pool = index < POOLS_MAX ? start_pool(index, device->ordinal) : NULL;
    pthread_mutex_unlock(&lock);
    return *pool ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "more than %u memory pools", POOLS_MAX);
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t *pool, const struct cudaMemPoolProps *props) {
    return cw_rt_record(pool_create(pool, props));
}

static cudaError_t pool_destroy(cudaMemPool_t pool) {
    pthread_mutex_lock(&lock);
    cudaError_t error = check_pool(pool);
    if (error == cudaSuccess && pool < &pools[CW_RT_DEVICES_MAX]) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a device's default pool can't be destroyed");
    }
    if (error == cudaSuccess) {
        pool->live = false;
        if (current[pool->device] == pool) {
            current[pool->device] = NULL;
        }
    }
    pthread_mutex_unlock(&lock);
    return error;
}

cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
    return cw_rt_record(pool_destroy(pool));
}

cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, size_t keep) {
    (void)keep; /* nothing is kept beyond what is in use */
    pthread_mutex_lock(&lock);
    cudaError_t error = check_pool(pool);
    pthread_mutex_unlock(&lock);
    return cw_rt_record(error);
}

/* Only its own device reaches a pool, always. */
static cudaError_t pool_set_access(cudaMemPool_t pool, const struct cudaMemAccessDesc *descs, size_t count) {
    struct cw_rt_device *device;
    cudaError_t error = check_pool(pool);
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        if (!descs || descs[i].location.type != cudaMemLocationTypeDevice) {
            return cw_rt_fail(cudaErrorInvalidValue, "description %zu names no device", i);
        }
        error = cw_rt_device_at(descs[i].location.id, &device);
        bool own = descs[i].location.id == pool->device;
        if (error == cudaSuccess && own && descs[i].flags != cudaMemAccessFlagsProtReadWrite) {
            return cw_rt_fail(cudaErrorInvalidValue, "a device's access to its own pool can't be taken away");
        }
        if (error == cudaSuccess && !own && descs[i].flags != cudaMemAccessFlagsProtNone) {
            return cw_rt_fail(cudaErrorPeerAccessUnsupported, "device %d can't reach a pool of device %d",
                              descs[i].location.id, pool->device);
        }
    }
    return error;
}

cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const struct cudaMemAccessDesc *descs, size_t count) {
    return cw_rt_record(pool_set_access(pool, descs, count));
}

cudaError_t cudaMemPoolGetAccess(enum cudaMemAccessFlags *flags, cudaMemPool_t pool, struct cudaMemLocation *location) {
    struct cw_rt_device *device;
    cudaError_t error = check_pool(pool);
    if (error == cudaSuccess && (!flags || !location || location->type != cudaMemLocationTypeDevice)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the location is no device");
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(location->id, &device);
    }
    if (error == cudaSuccess) {
        *flags = location->id == pool->device ? cudaMemAccessFlagsProtReadWrite : cudaMemAccessFlagsProtNone;
    }
    return cw_rt_record(error);
}

static cudaError_t pool_attribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value, bool set) {
    cudaError_t error = check_pool(pool);
    if (error != cudaSuccess) {
        return error;
    }
    if (!value) {
        return cw_rt_fail(cudaErrorInvalidValue, "the value is NULL");
    }
    uint64_t *counter = NULL;
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
    case cudaMemPoolAttrUsedMemCurrent:
        if (set) {
            return cw_rt_fail(cudaErrorInvalidValue, "pool attribute %d can't be set", (int)attribute);
        }
        counter = &pool->used;
        break;
    case cudaMemPoolAttrReservedMemHigh:
    case cudaMemPoolAttrUsedMemHigh:
        counter = &pool->used_high;
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
    } else if (wanted == 0) {
        *counter = pool->used;
    } else {
        return cw_rt_fail(cudaErrorInvalidValue, "a high-water mark can only be reset to 0");
    }
    return cudaSuccess;
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
    pthread_mutex_lock(&lock);
    cudaError_t error = pool_attribute(pool, attribute, value, true);
    pthread_mutex_unlock(&lock);
    return cw_rt_record(error);
}

cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, enum cudaMemPoolAttr attribute, void *value) {
    pthread_mutex_lock(&lock);
    cudaError_t error = pool_attribute(pool, attribute, value, false);
    pthread_mutex_unlock(&lock);
    return cw_rt_record(error);
}

/* ---- Allocating ---------------------------------------------------------------------------------------------- */

static void account(unsigned index, size_t size, bool more) {
    pthread_mutex_lock(&lock);
    cudaMemPool_t pool = &pools[index];
    if (more) {
        pool->used += size;
    } else {
        pool->used -= pool->used < size ? pool->used : size;
    }
    if (pool->used > pool->used_high) {
        pool->used_high = pool->used;
    }
    pthread_mutex_unlock(&lock);
}

static cudaError_t malloc_async(void **pointer, size_t size, cudaMemPool_t pool, cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess && !pool) {
        error = device_pool(&pool, device->ordinal, false);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    error = check_pool(pool);
    pthread_mutex_unlock(&lock);
    if (error == cudaSuccess && pool->device != device->ordinal) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the pool belongs to device %d", pool->device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    *pointer = NULL;
    if (size == 0) {
        return cudaSuccess;
    }
    /* The range's flags hold the pool's number. */
    unsigned index = (unsigned)(pool - pools);
    error = cw_rt_memory_alloc(device, size, CW_RT_MEMORY_POOL, index, pointer);
    if (error == cudaSuccess) {
        account(index, size, true);
    }
    return error;
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

struct release {
    struct cw_rt_device *owner;
    struct cw_rt_range range;
};

static cudaError_t run_release(struct cw_rt_device *device, void *payload) {
    const struct release *release = payload;
    const struct cw_backend *backend;
    (void)device;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_memory_release(release->owner, backend, &release->range);
    if (release->range.kind == CW_RT_MEMORY_POOL) {
        account(release->range.flags, release->range.size, false);
    }
    return cudaSuccess;
}

static cudaError_t free_async(void *pointer, cudaStream_t handle) {
    struct cw_rt_device *device, *owner;
    struct CUstream_st *stream;
    struct release release;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the pointer is NULL");
    }
    unsigned kinds = 1u << CW_RT_MEMORY_POOL | 1u << CW_RT_MEMORY_DEVICE;
    cw_rt_memory_find(pointer, &owner);
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof release);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    if (!owner || !cw_rt_allocations_remove(&owner->allocations, pointer, kinds, &release.range)) {
        cw_rt_operation_give(operation);
        return cw_rt_fail(cudaErrorInvalidValue, "%p was not allocated by cudaMallocAsync, or was freed before",
                          pointer);
    }
    release.owner = owner;
    *(struct release *)operation->payload = release;
    operation->execute = run_release;
    operation->flags = CW_RT_EVEN_AFTER_FAULT;
    return cw_rt_submit(stream, operation, CW_RT_INLINE, NULL);
}

cudaError_t cudaFreeAsync(void *pointer, cudaStream_t stream) {
    return cw_rt_record(free_async(pointer, stream));
}
