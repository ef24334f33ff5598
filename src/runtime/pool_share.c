/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_share.c: pools between processes. The descriptor that stands for a pool is a small file with the exporting
 * process's name for it; each allocation that is exported is found through its own data (share.h), which the importing
 * process holds against that name.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/pool.h"
#include "runtime/share.h"
#include "runtime/thread.h"
#include "runtime/wait.h"

#define MAGIC 0x6c6f6f702d637761u

struct pool_file {
    uint64_t magic;
    uint64_t token;
};

/* Unlike any other pool's, in any process. */
static uint64_t new_token(void) {
    static uint64_t count;
    return (uint64_t)getpid() << 40 ^ cw_rt_now_ns() << 8 ^ ++count;
}

static cudaError_t check_type(enum cudaMemAllocationHandleType type, unsigned flags) {
    if (flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    return type == cudaMemHandleTypePosixFileDescriptor
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "handles of type %d: only POSIX file descriptors share pools here",
                            (int)type);
}

static cudaError_t export_pool(void *handle, cudaMemPool_t pool, enum cudaMemAllocationHandleType type,
                               unsigned flags) {
    cudaError_t error =
        handle ? check_type(type, flags) : cw_rt_fail(cudaErrorInvalidValue, "the place for the handle is NULL");
    if (error != cudaSuccess) {
        return error;
    }
    struct pool_file content = {.magic = MAGIC};
    pthread_mutex_lock(&cw_rt_pool_lock);
    error = cw_rt_pool_check(pool);
    if (error == cudaSuccess && (pool->imported || !(pool->handle_types & (int)type))) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the pool was not created to be shared by such handles");
    } else if (error == cudaSuccess) {
        pool->token = pool->token ? pool->token : new_token();
        content.token = pool->token;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    if (error != cudaSuccess) {
        return error;
    }
    int file = memfd_create("cuda-wasm-pool", MFD_CLOEXEC);
    if (file < 0 || write(file, &content, sizeof content) != (ssize_t)sizeof content) {
        if (file >= 0) {
            close(file);
        }
        return cw_rt_fail(cudaErrorOperatingSystem, "no file descriptor for the pool");
    }
    memcpy(handle, &file, sizeof file);
    return cudaSuccess;
}

cudaError_t cudaMemPoolExportToShareableHandle(void *handle, cudaMemPool_t pool, enum cudaMemAllocationHandleType type,
                                               unsigned flags) {
    return cw_rt_record(export_pool(handle, pool, type, flags));
}

/* The handle is the descriptor itself, as a pointer. */
static cudaError_t import_pool(cudaMemPool_t *pool, const void *handle, enum cudaMemAllocationHandleType type,
                               unsigned flags) {
    struct cw_rt_device *device;
    struct pool_file content;
    cudaError_t error =
        pool ? check_type(type, flags) : cw_rt_fail(cudaErrorInvalidValue, "the place for the pool is NULL");
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (pread((int)(intptr_t)handle, &content, sizeof content, 0) != (ssize_t)sizeof content ||
        content.magic != MAGIC) {
        return cw_rt_fail(cudaErrorInvalidValue, "descriptor %d stands for no pool", (int)(intptr_t)handle);
    }
    pthread_mutex_lock(&cw_rt_pool_lock);
    *pool = cw_rt_pool_create(device->ordinal);
    if (*pool) {
        (*pool)->imported = true;
        (*pool)->token = content.token;
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    return *pool ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "too many memory pools");
}

cudaError_t cudaMemPoolImportFromShareableHandle(cudaMemPool_t *pool, void *handle,
                                                 enum cudaMemAllocationHandleType type, unsigned flags) {
    return cw_rt_record(import_pool(pool, handle, type, flags));
}

static cudaError_t export_pointer(struct cudaMemPoolPtrExportData *data, void *pointer) {
    struct cw_rt_device *device, *owner;
    struct cw_rt_shared_memory shared;
    uint64_t token = 0;
    if (!data) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the data is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (owner && range.kind == CW_RT_MEMORY_POOL && range.base == (uintptr_t)pointer) {
        pthread_mutex_lock(&cw_rt_pool_lock);
        cudaMemPool_t pool = cw_rt_pool_block(range.flags)->pool;
        if (pool && pool->handle_types) {
            pool->token = pool->token ? pool->token : new_token();
            token = pool->token;
        }
        pthread_mutex_unlock(&cw_rt_pool_lock);
    }
    if (token == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is not memory of a pool that can be shared", pointer);
    }
    error = cw_rt_share_memory(owner, pointer, range.size, &shared);
    if (error == cudaSuccess) {
        shared.token = token;
        memset(data, 0, sizeof *data);
        memcpy(data, &shared, sizeof shared);
    }
    return error;
}

cudaError_t cudaMemPoolExportPointer(struct cudaMemPoolPtrExportData *data, void *pointer) {
    return cw_rt_record(export_pointer(data, pointer));
}

static cudaError_t import_pointer(void **pointer, cudaMemPool_t pool, const struct cudaMemPoolPtrExportData *data) {
    struct cw_rt_device *device;
    struct cw_rt_shared_memory shared;
    if (!pointer || !data) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer or the data is NULL");
    }
    memcpy(&shared, data, sizeof shared);
    pthread_mutex_lock(&cw_rt_pool_lock);
    cudaError_t error = cw_rt_pool_check(pool);
    if (error == cudaSuccess && (!pool->imported || shared.token == 0 || shared.token != pool->token)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the data is not of an allocation of this pool");
    }
    pthread_mutex_unlock(&cw_rt_pool_lock);
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    return error != cudaSuccess ? error : cw_rt_map_memory(device, &shared, pointer);
}

cudaError_t cudaMemPoolImportPointer(void **pointer, cudaMemPool_t pool, struct cudaMemPoolPtrExportData *data) {
    return cw_rt_record(import_pointer(pointer, pool, data));
}
