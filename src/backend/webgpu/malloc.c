/* SPDX-License-Identifier: Apache-2.0 */
/* malloc.c: the device heap, from which kernels allocate (library/heap/heap.h), a part of the heap of all memory. It is made when the first kernel is launched
 * whose module uses it; from then on its size is fixed, as CUDA's is (CUDA C++ Programming Guide, "Heap Memory Allocation"). */
#include <stdlib.h>

#include "backend/webgpu/webgpu.h"
#include "library/heap/layout.h"

static cw_status make(struct cw_backend_device *device) {
    size_t head_bytes;
    uint64_t data_bytes;
    struct cw_heap *heap = cw_heap_describe(device->malloc_limit, &head_bytes, &data_bytes);
    void *head = NULL, *data = NULL;
    cw_status status = heap ? cw_webgpu_memory_alloc(device, head_bytes, &head) : CW_ERROR_OUT_OF_MEMORY;
    if (status == CW_OK) status = cw_webgpu_memory_alloc(device, data_bytes, &data);
    if (status == CW_OK) {
        heap->data = (uint64_t)(uintptr_t)data;
        status = cw_webgpu_copy(device, head, heap, head_bytes, CW_COPY_HOST_TO_DEVICE);
    }
    if (status == CW_OK) {
        device->malloc_heap = head;
    } else {
        if (data) cw_webgpu_memory_free(device, data);
        if (head) cw_webgpu_memory_free(device, head);
    }
    free(heap);
    return status;
}

cw_status cw_webgpu_malloc_prepare(struct cw_backend_module *module) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    struct cw_backend_device *device = module->device;
    void *variable;
    size_t size;
    if (atomic_load(&module->heap_known)) return CW_OK;
    cw_status status = CW_OK;
    pthread_mutex_lock(&lock);
    if (!atomic_load(&module->heap_known) && cw_webgpu_variable_find(module, CW_HEAP_VARIABLE, &variable, &size) == CW_OK && size == sizeof(uint64_t)) {
        status = device->malloc_heap ? CW_OK : make(device);
        const uint64_t address = (uint64_t)(uintptr_t)device->malloc_heap;
        if (status == CW_OK) status = cw_webgpu_copy(device, variable, &address, sizeof address, CW_COPY_HOST_TO_DEVICE);
    }
    if (status == CW_OK) atomic_store(&module->heap_known, true);
    pthread_mutex_unlock(&lock);
    return status;
}

cw_status cw_webgpu_device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    if (limit != CW_LIMIT_MALLOC_HEAP) return CW_OK;
    pthread_mutex_lock(&device->lock);
    bool open = !device->malloc_heap;
    if (open) device->malloc_limit = value;
    pthread_mutex_unlock(&device->lock);
    return open ? CW_OK : CW_ERROR_INVALID_ARGUMENT;
}
