/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc.c: the device heap, from which kernels allocate (library/heap/heap.h). It is made when the first kernel is launched whose
 * module uses it; from then on its size is fixed, as CUDA's is (CUDA C++ Programming Guide, "Heap Memory Allocation").
 */
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/device.h"
#include "library/heap/heap.h"

#define UNITS_MAX (UINT32_MAX / 64u * 32u)

/* The head in host memory; the caller frees it. */
static struct cw_heap *describe(uint64_t units, uint64_t words, size_t *bytes) {
    *bytes = sizeof(struct cw_heap) + words * sizeof(uint32_t);
    struct cw_heap *heap = calloc(1, *bytes);
    if (heap) {
        heap->units = (uint32_t)units;
        heap->words = (uint32_t)words;
        if (units % 32) {
            heap->taken[words - 1] = UINT32_MAX << units % 32;
        }
    }
    return heap;
}

static cw_status make(struct cw_backend_device *device) {
    uint64_t limit = device->malloc_limit ? device->malloc_limit : CW_HEAP_DEFAULT_BYTES;
    uint64_t units = (limit + CW_HEAP_GRAIN - 1) / CW_HEAP_GRAIN, words = (units + 31) / 32;
    if (units > UNITS_MAX) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    size_t bytes;
    struct cw_heap *heap = describe(units, words, &bytes);
    void *head = NULL, *data = NULL;
    cw_status status = heap ? cw_vk_memory_alloc(device, bytes, &head) : CW_ERROR_OUT_OF_MEMORY;
    if (status == CW_OK) {
        status = cw_vk_memory_alloc(device, units * CW_HEAP_GRAIN, &data);
    }
    if (status == CW_OK) {
        heap->data = (uint64_t)(uintptr_t)data;
        status = cw_vk_copy(device, head, heap, bytes, CW_COPY_HOST_TO_DEVICE);
    }
    if (status == CW_OK) {
        pthread_mutex_lock(&device->lock);
        device->malloc_heap = (uint64_t)(uintptr_t)head;
        pthread_mutex_unlock(&device->lock);
    } else {
        if (data) {
            cw_vk_memory_free(device, data);
        }
        if (head) {
            cw_vk_memory_free(device, head);
        }
    }
    free(heap);
    return status;
}

cw_status cw_vk_malloc_prepare(struct cw_backend_module *module) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct cw_backend_device *device = module->device;
    void *variable;
    size_t size;
    if (atomic_load(&module->heap_known)) {
        return CW_OK;
    }
    cw_status status = CW_OK;
    pthread_mutex_lock(&lock);
    if (!atomic_load(&module->heap_known) && cw_vk_variable_find(module, CW_HEAP_VARIABLE, &variable, &size) == CW_OK && size == sizeof device->malloc_heap) {
        status = device->malloc_heap ? CW_OK : make(device);
        if (status == CW_OK) {
            status = cw_vk_copy(device, variable, &device->malloc_heap, sizeof device->malloc_heap, CW_COPY_HOST_TO_DEVICE);
        }
    }
    if (status == CW_OK) {
        atomic_store(&module->heap_known, true);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

cw_status cw_vk_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    if (limit != CW_LIMIT_MALLOC_HEAP) {
        return CW_OK;
    }
    pthread_mutex_lock(&device->lock);
    bool open = !device->malloc_heap;
    if (open) {
        device->malloc_limit = value;
    }
    pthread_mutex_unlock(&device->lock);
    return open ? CW_OK : CW_ERROR_INVALID_ARGUMENT;
}
