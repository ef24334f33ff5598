/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share.c: memory of other processes. What cuMemAlloc gives goes by the driver's own handles (CUDA Driver API, cuIpcGetMemHandle), which
 * other users of the driver understand too. It has no file for it; memory that was asked for as shareable has one, for it is mapped page
 * by page (pages.c).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/cuda/device.h"

#define LAZY_PEER_ACCESS 1u

struct cw_cuda_shared {
    struct cw_cuda_shared *next;
    void *pointer;
    size_t size;
    struct cw_backend_pages *pages; /* NULL: it came by a handle */
    int file;                       /* -1 until it was asked for */
};

/* ---- By files -------------------------------------------------------------------------------------------------- */

static void discard(struct cw_backend_device *device, struct cw_cuda_shared *shared) {
    if (shared->pointer && !shared->pages) {
        (void)cw_cuda_driver()->memory_close((uint64_t)(uintptr_t)shared->pointer);
    } else if (shared->pointer) {
        cw_cuda_range_unmap(device, shared->pointer, shared->size);
        cw_cuda_range_free(device, shared->pointer, shared->size);
    }
    if (shared->pages) {
        cw_cuda_pages_destroy(shared->pages);
    }
    if (shared->file >= 0) {
        close(shared->file);
    }
    free(shared);
}

static void enter(struct cw_backend_device *device, struct cw_cuda_shared *shared) {
    pthread_mutex_lock(&device->lock);
    shared->next = device->shared;
    device->shared = shared;
    atomic_fetch_add_explicit(&device->shared_count, 1, memory_order_release);
    pthread_mutex_unlock(&device->lock);
}

/* Gives the memory an address. */
static cw_status place(struct cw_backend_device *device, struct cw_cuda_shared *shared, void **pointer) {
    void *address = NULL;
    cw_status status = cw_cuda_range_reserve(device, shared->size, 0, NULL, &address);
    if (status == CW_OK) {
        status = cw_cuda_range_map(device, address, shared->size, shared->pages);
        if (status == CW_OK) {
            shared->pointer = address;
            status = cw_cuda_range_access(device, address, shared->size, true, true);
        } else {
            cw_cuda_range_free(device, address, shared->size);
        }
    }
    if (status != CW_OK) {
        discard(device, shared);
        return status;
    }
    enter(device, shared);
    *pointer = address;
    return CW_OK;
}

static struct cw_cuda_shared *new_shared(struct cw_backend_device *device, size_t size) {
    size_t granularity = cw_cuda_pages_granularity(device, false);
    struct cw_cuda_shared *shared = calloc(1, sizeof *shared);
    if (shared) {
        shared->size = (size + granularity - 1) / granularity * granularity;
        shared->file = -1;
    }
    return shared;
}

cw_status cw_cuda_memory_alloc_shareable(struct cw_backend_device *device, size_t size, void **pointer) {
    struct cw_cuda_shared *shared = new_shared(device, size);
    if (!shared) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    cw_status status = cw_cuda_pages_create(device, shared->size, true, &shared->pages);
    if (status != CW_OK) {
        free(shared);
        return status;
    }
    return place(device, shared, pointer);
}

cw_status cw_cuda_memory_import(struct cw_backend_device *device, int file, uint64_t offset, size_t size,
                                void **pointer) {
    size_t unknown;
    struct cw_cuda_shared *shared = offset == 0 ? new_shared(device, size) : NULL;
    if (!shared) {
        return offset == 0 ? CW_ERROR_OUT_OF_MEMORY : CW_ERROR_INVALID_ARGUMENT;
    }
    cw_status status = cw_cuda_pages_import(device, file, &unknown, &shared->pages);
    if (status != CW_OK) {
        free(shared);
        return status;
    }
    return place(device, shared, pointer);
}

cw_status cw_cuda_memory_export(struct cw_backend_device *device, void *pointer, int *file, uint64_t *offset) {
    cw_status status = CW_ERROR_UNSUPPORTED; /* memory of cuMemAlloc */
    pthread_mutex_lock(&device->lock);
    struct cw_cuda_shared *shared = device->shared;
    while (shared && shared->pointer != pointer) {
        shared = shared->next;
    }
    if (shared) {
        status = shared->file >= 0 ? CW_OK : cw_cuda_pages_export(shared->pages, &shared->file);
        *file = shared->file;
        *offset = 0;
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

/* ---- By handles ------------------------------------------------------------------------------------------------ */

cw_status cw_cuda_memory_handle(struct cw_backend_device *device, void *pointer, uint8_t handle[64]) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_handle own;
    if (!driver->memory_handle) {
        return CW_ERROR_UNSUPPORTED;
    }
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(driver->memory_handle(&own, (uint64_t)(uintptr_t)pointer));
    if (status == CW_OK) {
        memcpy(handle, own.bytes, sizeof own.bytes);
    }
    return status;
}

cw_status cw_cuda_memory_open(struct cw_backend_device *device, const uint8_t handle[64], void **pointer,
                              size_t *size) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_handle own;
    uint64_t address = 0, base = 0;
    if (!driver->memory_open || !driver->memory_close || !driver->memory_range) {
        return CW_ERROR_UNSUPPORTED;
    }
    struct cw_cuda_shared *shared = calloc(1, sizeof *shared);
    if (!shared) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    memcpy(own.bytes, handle, sizeof own.bytes);
    cw_cuda_enter(device);
    int result = driver->memory_open(&address, own, LAZY_PEER_ACCESS);
    if (result != CW_CUDA_SUCCESS) {
        free(shared);
        return result == CW_CUDA_INVALID_CONTEXT ? CW_ERROR_INVALID_ARGUMENT
               : result == CW_CUDA_OUT_OF_MEMORY ? CW_ERROR_OUT_OF_MEMORY
                                                 : CW_ERROR_NOT_FOUND;
    }
    *shared = (struct cw_cuda_shared){.pointer = (void *)(uintptr_t)address, .file = -1};
    enter(device, shared);
    *pointer = shared->pointer;
    return cw_cuda_status(driver->memory_range(&base, size, address));
}

/* ---- Freeing --------------------------------------------------------------------------------------------------- */

bool cw_cuda_shared_free(struct cw_backend_device *device, void *pointer) {
    if (atomic_load_explicit(&device->shared_count, memory_order_acquire) == 0) {
        return false;
    }
    pthread_mutex_lock(&device->lock);
    struct cw_cuda_shared **link = &device->shared;
    while (*link && (*link)->pointer != pointer) {
        link = &(*link)->next;
    }
    struct cw_cuda_shared *shared = *link;
    if (shared) {
        *link = shared->next;
        atomic_fetch_sub_explicit(&device->shared_count, 1, memory_order_release);
    }
    pthread_mutex_unlock(&device->lock);
    if (shared) {
        (void)cw_cuda_driver()->context_wait(); /* as cuMemFree does */
        discard(device, shared);
    }
    return shared != NULL;
}
