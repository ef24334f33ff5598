/* SPDX-License-Identifier: Apache-2.0 */
/*
 * external.c: memory and semaphores of other APIs (CUDA Runtime API, "External Resource Interoperability"). Memory behind a file
 * descriptor that can be mapped is imported: what Vulkan drivers that keep memory in files export, shared memory of the
 * system, and what cuMemExportToShareableHandle gives. A semaphore's descriptor has a meaning to its own driver alone, so that
 * importing one is refused; so are handles of other systems.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

/* Imported memory: the descriptor is its own. Buffers are mappings of their own, which cudaFree ends. */
struct CUexternalMemory_st {
    struct CUexternalMemory_st *next;
    struct cw_rt_device *device;
    int file;
    unsigned long long size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUexternalMemory_st *imported;

static cudaError_t refuse_handle(const void *handle, const char *what) {
    return cw_rt_fail(cudaErrorInvalidResourceHandle, "%p is no external %s that was imported", handle, what);
}

/* With the lock held. NULL when the handle is none. */
static struct CUexternalMemory_st **find(cudaExternalMemory_t handle) {
    struct CUexternalMemory_st **at = &imported;
    while (*at && *at != handle) {
        at = &(*at)->next;
    }
    return handle && *at ? at : NULL;
}

/* ---- Memory -------------------------------------------------------------------------------------------------- */

/* That the descriptor has so many bytes; of devices' own memory the size is not to be had, mapping it will tell. */
static cudaError_t check_file(int file, unsigned long long size) {
    struct stat facts;
    if (fstat(file, &facts) != 0) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "%d is no open file descriptor", file);
    }
    if (S_ISREG(facts.st_mode) && size > (unsigned long long)facts.st_size) {
        return cw_rt_fail(cudaErrorInvalidValue, "the descriptor %d has %lld bytes, not %llu", file,
                          (long long)facts.st_size, size);
    }
    return cudaSuccess;
}

/* Maps a part of it. The caller's to free. */
static cudaError_t map(struct cw_rt_device *device, int file, uint64_t offset, size_t size, void **pointer) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (!backend->memory_import || !device->facts.unified_memory) {
        return cw_rt_fail(cudaErrorNotSupported, "the %s device imports no memory of other APIs", backend->name);
    }
    cw_status status = backend->memory_import(device->backend, file, offset, size, pointer);
    if (status != CW_OK) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "the descriptor %d can't be mapped: %s", file,
                          cw_status_text(status));
    }
    if (!cw_rt_allocations_add(&device->allocations, *pointer, size, CW_RT_MEMORY_IMPORTED, 0)) {
        backend->memory_free(device->backend, *pointer);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    return cudaSuccess;
}

static cudaError_t import_memory(cudaExternalMemory_t *memory, const struct cudaExternalMemoryHandleDesc *desc) {
    struct cw_rt_device *device;
    void *probe;
    if (!memory || !desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the handle or its description is NULL");
    }
    if (desc->type < cudaExternalMemoryHandleTypeOpaqueFd || desc->type > cudaExternalMemoryHandleTypeNvSciBuf ||
        (desc->flags & ~(unsigned)cudaExternalMemoryDedicated)) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no kind %d of handle with flags 0x%x", (int)desc->type, desc->flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess && desc->type != cudaExternalMemoryHandleTypeOpaqueFd) {
        error = cw_rt_fail(cudaErrorNotSupported, "handles of kind %d are another system's; descriptors of files can be imported",
                           (int)desc->type);
    }
    if (error == cudaSuccess && desc->size == 0) {
        error = cw_rt_fail(cudaErrorInvalidValue, "external memory without a size");
    }
    if (error == cudaSuccess) {
        error = check_file(desc->handle.fd, desc->size);
    }
    if (error == cudaSuccess) {
        error = map(device, desc->handle.fd, 0, (size_t)desc->size, &probe);
    }
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_memory_discard(device, probe, CW_RT_MEMORY_IMPORTED);
    struct CUexternalMemory_st *made = malloc(sizeof *made);
    if (!made) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a handle");
    }
    *made = (struct CUexternalMemory_st){.device = device, .file = desc->handle.fd, .size = desc->size};
    pthread_mutex_lock(&lock);
    made->next = imported;
    imported = made;
    pthread_mutex_unlock(&lock);
    *memory = made;
    return cudaSuccess;
}

cudaError_t cudaImportExternalMemory(cudaExternalMemory_t *memory, const struct cudaExternalMemoryHandleDesc *desc) {
    return cw_rt_record(import_memory(memory, desc));
}

static cudaError_t map_buffer(void **pointer, cudaExternalMemory_t handle, const struct cudaExternalMemoryBufferDesc *desc) {
    pthread_mutex_lock(&lock);
    struct CUexternalMemory_st **memory = find(handle);
    cudaError_t error = memory ? cudaSuccess : refuse_handle(handle, "memory");
    if (error == cudaSuccess && (!pointer || !desc || desc->flags)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the place or the description is NULL, or has flags");
    }
    if (error == cudaSuccess && (desc->size == 0 || desc->offset > handle->size || desc->size > handle->size - desc->offset)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%llu bytes from %llu are not in external memory of %llu", desc->size,
                           desc->offset, handle->size);
    }
    if (error == cudaSuccess) {
        error = map(handle->device, handle->file, desc->offset, (size_t)desc->size, pointer);
    }
    pthread_mutex_unlock(&lock);
    return error;
}

cudaError_t cudaExternalMemoryGetMappedBuffer(void **pointer, cudaExternalMemory_t memory,
                                              const struct cudaExternalMemoryBufferDesc *desc) {
    return cw_rt_record(map_buffer(pointer, memory, desc));
}

static cudaError_t map_image(const void *mipmap, cudaExternalMemory_t handle, const void *desc) {
    pthread_mutex_lock(&lock);
    struct CUexternalMemory_st **memory = find(handle);
    pthread_mutex_unlock(&lock);
    if (!memory) {
        return refuse_handle(handle, "memory");
    }
    return mipmap && desc ? cw_rt_fail(cudaErrorNotSupported,
                                       "how another API lays out its images is not known; buffers of it can be mapped")
                          : cw_rt_fail(cudaErrorInvalidValue, "the place or the description is NULL");
}

cudaError_t cudaExternalMemoryGetMappedMipmappedArray(cudaMipmappedArray_t *mipmap, cudaExternalMemory_t memory,
                                                      const struct cudaExternalMemoryMipmappedArrayDesc *desc) {
    return cw_rt_record(map_image(mipmap, memory, desc));
}

static cudaError_t destroy_memory(cudaExternalMemory_t handle) {
    pthread_mutex_lock(&lock);
    struct CUexternalMemory_st **memory = find(handle);
    if (memory) {
        *memory = handle->next;
    }
    pthread_mutex_unlock(&lock);
    if (!memory) {
        return refuse_handle(handle, "memory");
    }
    close(handle->file);
    free(handle);
    return cudaSuccess;
}

cudaError_t cudaDestroyExternalMemory(cudaExternalMemory_t memory) {
    return cw_rt_record(destroy_memory(memory));
}

/* ---- Semaphores ---------------------------------------------------------------------------------------------- */

static cudaError_t import_semaphore(const void *place, const struct cudaExternalSemaphoreHandleDesc *desc) {
    struct cw_rt_device *device;
    if (!place || !desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the handle or its description is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess
               ? error
               : cw_rt_fail(cudaErrorNotSupported,
                            "the device %s can't wait for semaphores of other APIs; let the host wait for both sides",
                            device->facts.name);
}

cudaError_t cudaImportExternalSemaphore(cudaExternalSemaphore_t *semaphore,
                                        const struct cudaExternalSemaphoreHandleDesc *desc) {
    return cw_rt_record(import_semaphore(semaphore, desc));
}

static cudaError_t use_semaphores(const cudaExternalSemaphore_t *semaphores, const void *params, unsigned count) {
    if (count == 0) {
        return cudaSuccess;
    }
    return semaphores && params ? refuse_handle(semaphores[0], "semaphore")
                                : cw_rt_fail(cudaErrorInvalidValue, "%u semaphores at NULL", count);
}

cudaError_t cudaSignalExternalSemaphoresAsync(const cudaExternalSemaphore_t *semaphores,
                                              const struct cudaExternalSemaphoreSignalParams *params, unsigned count,
                                              cudaStream_t stream) {
    (void)stream;
    return cw_rt_record(use_semaphores(semaphores, params, count));
}

cudaError_t cudaWaitExternalSemaphoresAsync(const cudaExternalSemaphore_t *semaphores,
                                            const struct cudaExternalSemaphoreWaitParams *params, unsigned count,
                                            cudaStream_t stream) {
    (void)stream;
    return cw_rt_record(use_semaphores(semaphores, params, count));
}

cudaError_t cudaDestroyExternalSemaphore(cudaExternalSemaphore_t semaphore) {
    return cw_rt_record(refuse_handle(semaphore, "semaphore"));
}
