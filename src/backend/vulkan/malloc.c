/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc.c: the device heap, from which kernels allocate (library/heap/heap.h). It is made when the first kernel is launched whose
 * module uses it; from then on its size is fixed, as CUDA's is (CUDA C++ Programming Guide, "Heap Memory Allocation").
 */
#include <stdlib.h>

#include "backend/vulkan/device.h"
#include "library/heap/layout.h"

static cw_status make(struct cw_backend_device *device) {
    size_t bytes;
    uint64_t data_bytes;
    struct cw_heap *heap = cw_heap_describe(device->malloc_limit, &bytes, &data_bytes);
    void *head = NULL, *data = NULL;
    cw_status status = heap ? cw_vk_memory_alloc(device, bytes, &head) : CW_ERROR_OUT_OF_MEMORY;
    if (status == CW_OK) {
        status = cw_vk_memory_alloc(device, data_bytes, &data);
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
