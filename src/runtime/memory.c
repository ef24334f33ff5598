/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: CUDA's memory management: device, managed and page-locked memory, and what a pointer is.
 *
 * Freeing waits for the whole device, as CUDA's does: nothing that runs can still use the memory.
 */
#include "runtime/memory.h"

#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/graph.h"
#include "runtime/managed.h"
#include "runtime/pool.h"
#include "runtime/registry.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define HOST_ALIGNMENT 4096u

#define KIND(name) (1u << CW_RT_MEMORY_##name)

struct cw_rt_range cw_rt_memory_find(const void *pointer, struct cw_rt_device **owner) {
    struct cw_rt_range range = {.kind = CW_RT_MEMORY_UNKNOWN};
    struct cw_rt_device *device;
    int own = cw_rt_thread()->device;
    int count = 0;
    *owner = NULL;
    if (cw_rt_device_count(&count) != cudaSuccess) {
        return range;
    }
    for (int i = -1; i < count && !*owner; i++) {
        int ordinal = i < 0 ? own : i;
        if (i == own || cw_rt_device_at(ordinal, &device) != cudaSuccess) {
            continue;
        }
        range = cw_rt_allocations_find(&device->allocations, pointer);
        if (range.kind != CW_RT_MEMORY_UNKNOWN) {
            *owner = device;
        }
    }
    const void *base;
    if (!*owner && cw_rt_registry_find_managed(pointer, &base, &range.size)) {
        int ordinal = own >= 0 && own < count ? own : 0;
        if (cw_rt_device_at(ordinal, owner) == cudaSuccess) {
            range.base = (uintptr_t)base;
            range.kind = CW_RT_MEMORY_MANAGED_VARIABLE;
        }
    }
    return range;
}

bool cw_rt_memory_product(size_t a, size_t b, size_t c, size_t *product) {
    size_t first;
    return !__builtin_mul_overflow(a, b, &first) && !__builtin_mul_overflow(first, c, product);
}

static cudaError_t take(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind, unsigned flags, bool shareable,
                        void **pointer) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    void *memory = NULL;
    bool managed = kind == CW_RT_MEMORY_MANAGED && backend->managed_alloc;
    cw_status status = managed ? backend->managed_alloc(device->backend, size, &memory)
                       : shareable && backend->memory_alloc_shareable
                           ? backend->memory_alloc_shareable(device->backend, size, &memory)
                           : backend->memory_alloc(device->backend, size, &memory);
    if (managed && status == CW_ERROR_UNSUPPORTED) {
        return cw_rt_fail(cudaErrorNotSupported, "this device has no managed memory");
    }
    if (status != CW_OK) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes of device memory: %s", size, cw_status_text(status));
    }
    if (!cw_rt_allocations_add(&device->allocations, memory, size, kind, flags)) {
        backend->memory_free(device->backend, memory);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    *pointer = memory;
    return cudaSuccess;
}

cudaError_t cw_rt_memory_take(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind, unsigned flags,
                              void **pointer) {
    return take(device, size, kind, flags, false, pointer);
}

cudaError_t cw_rt_memory_take_shareable(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind,
                                        unsigned flags, void **pointer) {
    return take(device, size, kind, flags, true, pointer);
}

/* When memory is short, what pools keep goes first. */
cudaError_t cw_rt_memory_alloc(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind, unsigned flags,
                               void **pointer) {
    cudaError_t error = cw_rt_memory_take(device, size, kind, flags, pointer);
    if (error == cudaErrorMemoryAllocation && cw_rt_pools_release(device)) {
        error = cw_rt_memory_take(device, size, kind, flags, pointer);
    }
    return error;
}

void cw_rt_memory_release(struct cw_rt_device *device, const struct cw_backend *backend,
                          const struct cw_rt_range *range) {
    switch (range->kind) {
    case CW_RT_MEMORY_DEVICE:
    case CW_RT_MEMORY_POOL:
    case CW_RT_MEMORY_IDLE:
    case CW_RT_MEMORY_IMPORTED:
    case CW_RT_MEMORY_GRAPH:
    case CW_RT_MEMORY_ARRAY:
        backend->memory_free(device->backend, (void *)range->base);
        break;
    case CW_RT_MEMORY_MANAGED:
        cw_rt_advice_forget(range->base, range->size);
        backend->memory_free(device->backend, (void *)range->base);
        break;
    case CW_RT_MEMORY_HOST:
        if (backend->host_alloc) {
            backend->host_free(device->backend, (void *)range->base);
        } else {
            free((void *)range->base);
        }
        break;
    case CW_RT_MEMORY_UNKNOWN:
    case CW_RT_MEMORY_VIRTUAL:
    case CW_RT_MEMORY_VARIABLE:
    case CW_RT_MEMORY_MANAGED_VARIABLE:
        break;
    case CW_RT_MEMORY_REGISTERED:
        if (backend->host_register) {
            backend->host_unregister(device->backend, (void *)range->base, range->size);
        }
        break;
    }
}

void cw_rt_memory_discard(struct cw_rt_device *device, void *pointer, enum cw_rt_memory kind) {
    const struct cw_backend *backend;
    struct cw_rt_range range;
    if (cw_rt_backend(&backend) == cudaSuccess && device->backend &&
        cw_rt_allocations_remove(&device->allocations, pointer, 1u << kind, &range)) {
        cw_rt_memory_release(device, backend, &range);
    }
}

/* ---- Device memory ------------------------------------------------------------------------------------------- */

static cudaError_t allocate(void **pointer, size_t size, enum cw_rt_memory kind) {
    struct cw_rt_device *device;
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_capture_forbid("an allocation that may wait");
    }
    if (error != cudaSuccess) {
        return error;
    }
    *pointer = NULL;
    return size == 0 ? cudaSuccess : cw_rt_memory_alloc(device, size, kind, 0, pointer);
}

cudaError_t cudaMalloc(void **pointer, size_t size) {
    return cw_rt_record(allocate(pointer, size, CW_RT_MEMORY_DEVICE));
}

static cudaError_t malloc_managed(void **pointer, size_t size, unsigned flags) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    if (flags != cudaMemAttachGlobal && flags != cudaMemAttachHost) {
        return cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x: cudaMemAttachGlobal or cudaMemAttachHost is wanted",
                          flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (!device->facts.unified_memory && !backend->managed_alloc) {
        return cw_rt_fail(cudaErrorNotSupported, "the device %s has no managed memory", device->facts.name);
    }
    if (size == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "0 bytes of managed memory");
    }
    return allocate(pointer, size, CW_RT_MEMORY_MANAGED);
}

cudaError_t cudaMallocManaged(void **pointer, size_t size, unsigned flags) {
    return cw_rt_record(malloc_managed(pointer, size, flags));
}

static cudaError_t malloc_3d(struct cudaPitchedPtr *pitched, struct cudaExtent extent) {
    size_t padded, size;
    if (!pitched) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer is NULL");
    }
    if (__builtin_add_overflow(extent.width, CW_RT_PITCH_ALIGNMENT - 1, &padded)) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "rows of %zu bytes", extent.width);
    }
    padded -= padded % CW_RT_PITCH_ALIGNMENT;
    if (!cw_rt_memory_product(padded, extent.height, extent.depth, &size)) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu x %zu x %zu bytes", extent.width, extent.height,
                          extent.depth);
    }
    cudaError_t error = allocate(&pitched->ptr, size, CW_RT_MEMORY_DEVICE);
    if (error != cudaSuccess) {
        return error;
    }
    pitched->pitch = padded;
    pitched->xsize = extent.width;
    pitched->ysize = extent.height;
    return cudaSuccess;
}

cudaError_t cudaMalloc3D(struct cudaPitchedPtr *pitched, struct cudaExtent extent) {
    return cw_rt_record(malloc_3d(pitched, extent));
}

static cudaError_t malloc_pitch(void **pointer, size_t *pitch, size_t width, size_t height) {
    struct cudaPitchedPtr pitched = {0};
    if (!pointer || !pitch) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the %s is NULL", pointer ? "pitch" : "pointer");
    }
    cudaError_t error = malloc_3d(&pitched, (struct cudaExtent){width, height, 1});
    if (error != cudaSuccess) {
        return error;
    }
    *pointer = pitched.ptr;
    *pitch = pitched.pitch;
    return cudaSuccess;
}

cudaError_t cudaMallocPitch(void **pointer, size_t *pitch, size_t width, size_t height) {
    return cw_rt_record(malloc_pitch(pointer, pitch, width, height));
}

static cudaError_t free_pointer(void *pointer, unsigned kinds) {
    struct cw_rt_device *device, *owner;
    const struct cw_backend *backend;
    struct cw_rt_range range;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_capture_forbid("freeing memory");
    }
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess || !pointer) {
        return error;
    }
    range = cw_rt_memory_find(pointer, &owner);
    if (!owner || range.base != (uintptr_t)pointer || !(kinds & (1u << range.kind))) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p was not allocated by a matching function, or was freed before",
                          pointer);
    }
    cw_rt_device_synchronize(owner);
    if (cw_rt_device_failure(owner) != cudaSuccess) {
        return cw_rt_device_check(owner);
    }
    if (range.kind == CW_RT_MEMORY_POOL) {
        cw_rt_pool_free(range.flags, pointer, NULL);
        cw_rt_pools_synchronized(owner);
        return cudaSuccess;
    }
    if (range.kind == CW_RT_MEMORY_GRAPH) {
        return cw_rt_graph_memory_free(pointer)
                   ? cudaSuccess
                   : cw_rt_fail(cudaErrorInvalidValue, "%p is memory of a graph, and not allocated now", pointer);
    }
    if (!cw_rt_allocations_remove(&owner->allocations, pointer, kinds, &range)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p was freed by another thread", pointer);
    }
    cw_rt_memory_release(owner, backend, &range);
    return cudaSuccess;
}

cudaError_t cudaFree(void *pointer) {
    return cw_rt_record(free_pointer(pointer, KIND(DEVICE) | KIND(POOL) | KIND(IMPORTED) | KIND(GRAPH) | KIND(MANAGED)));
}

/* ---- Page-locked host memory --------------------------------------------------------------------------------- */

static cudaError_t host_alloc(void **pointer, size_t size, unsigned flags) {
    struct cw_rt_device *device;
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the pointer is NULL");
    }
    if (flags & ~(unsigned)(cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined)) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_capture_forbid("an allocation that may wait");
    }
    if (error != cudaSuccess) {
        return error;
    }
    *pointer = NULL;
    if (size == 0) {
        return cudaSuccess;
    }
    const struct cw_backend *backend;
    void *memory = NULL;
    error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    bool taken = backend->host_alloc ? backend->host_alloc(device->backend, size, &memory) == CW_OK
                                     : posix_memalign(&memory, HOST_ALIGNMENT, size) == 0;
    if (!taken) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes of host memory", size);
    }
    if (!cw_rt_allocations_add(&device->allocations, memory, size, CW_RT_MEMORY_HOST, flags)) {
        const struct cw_rt_range range = {.base = (uintptr_t)memory, .size = size, .kind = CW_RT_MEMORY_HOST};
        cw_rt_memory_release(device, backend, &range);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of an allocation");
    }
    *pointer = memory;
    return cudaSuccess;
}

cudaError_t cudaHostAlloc(void **pointer, size_t size, unsigned flags) {
    return cw_rt_record(host_alloc(pointer, size, flags));
}

cudaError_t cudaMallocHost(void **pointer, size_t size) {
    return cw_rt_record(host_alloc(pointer, size, cudaHostAllocDefault));
}

cudaError_t cudaFreeHost(void *pointer) {
    return cw_rt_record(free_pointer(pointer, KIND(HOST)));
}

static cudaError_t host_register(void *pointer, size_t size, unsigned flags) {
    struct cw_rt_device *device;
    if (!pointer || size == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p", size, pointer);
    }
    if (flags & ~(unsigned)(cudaHostRegisterPortable | cudaHostRegisterMapped | cudaHostRegisterIoMemory |
                            cudaHostRegisterReadOnly)) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    const struct cw_backend *backend;
    error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if ((!device->facts.unified_memory && !backend->host_register) ||
        (flags & (cudaHostRegisterIoMemory | cudaHostRegisterReadOnly))) {
        return cw_rt_fail(cudaErrorNotSupported, "the device %s can't use such host memory", device->facts.name);
    }
    if (!cw_rt_allocations_add(&device->allocations, pointer, size, CW_RT_MEMORY_REGISTERED, flags)) {
        return cw_rt_fail(cudaErrorHostMemoryAlreadyRegistered, "%zu bytes at %p are registered or allocated by CUDA",
                          size, pointer);
    }
    cw_status status = backend->host_register ? backend->host_register(device->backend, pointer, size) : CW_OK;
    if (status != CW_OK) {
        struct cw_rt_range range;
        cw_rt_allocations_remove(&device->allocations, pointer, KIND(REGISTERED), &range);
        return cw_rt_fail(cw_rt_status_error(status), "%zu bytes at %p can't be page-locked: %s", size, pointer,
                          cw_status_text(status));
    }
    return cudaSuccess;
}

cudaError_t cudaHostRegister(void *pointer, size_t size, unsigned flags) {
    return cw_rt_record(host_register(pointer, size, flags));
}

static cudaError_t host_unregister(void *pointer) {
    struct cw_rt_device *device, *owner;
    struct cw_rt_range range;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    if (!pointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "the pointer is NULL");
    }
    range = cw_rt_memory_find(pointer, &owner);
    if (!owner || range.kind != CW_RT_MEMORY_REGISTERED || range.base != (uintptr_t)pointer) {
        return cw_rt_fail(cudaErrorHostMemoryNotRegistered, "%p is not registered", pointer);
    }
    cw_rt_device_synchronize(owner);
    const struct cw_backend *backend;
    if (cw_rt_allocations_remove(&owner->allocations, pointer, KIND(REGISTERED), &range) &&
        cw_rt_backend(&backend) == cudaSuccess) {
        cw_rt_memory_release(owner, backend, &range);
    }
    return cudaSuccess;
}

cudaError_t cudaHostUnregister(void *pointer) {
    return cw_rt_record(host_unregister(pointer));
}

/* The range of page-locked memory that holds `pointer`. */
static cudaError_t find_locked(void *pointer, struct cw_rt_range *range, struct cw_rt_device **owner) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    *range = cw_rt_memory_find(pointer, owner);
    if (range->kind != CW_RT_MEMORY_HOST && range->kind != CW_RT_MEMORY_REGISTERED) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is not page-locked host memory", pointer);
    }
    return cudaSuccess;
}

static cudaError_t host_device_pointer(void **result, void *pointer, unsigned flags) {
    struct cw_rt_range range;
    struct cw_rt_device *owner;
    if (!result || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, result ? "unknown flags 0x%x" : "the place for the pointer is NULL",
                          flags);
    }
    cudaError_t error = find_locked(pointer, &range, &owner);
    if (error != cudaSuccess) {
        return error;
    }
    if (!owner->facts.unified_memory && !owner->facts.reads_host_memory) {
        return cw_rt_fail(cudaErrorNotSupported, "the device %s can't map host memory", owner->facts.name);
    }
    *result = pointer;
    return cudaSuccess;
}

cudaError_t cudaHostGetDevicePointer(void **result, void *pointer, unsigned flags) {
    return cw_rt_record(host_device_pointer(result, pointer, flags));
}

static cudaError_t host_flags(unsigned *flags, void *pointer) {
    struct cw_rt_range range;
    struct cw_rt_device *owner;
    if (!flags) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the flags is NULL");
    }
    cudaError_t error = find_locked(pointer, &range, &owner);
    if (error == cudaSuccess) {
        *flags = range.flags;
    }
    return error;
}

cudaError_t cudaHostGetFlags(unsigned *flags, void *pointer) {
    return cw_rt_record(host_flags(flags, pointer));
}

/* ---- Asking -------------------------------------------------------------------------------------------------- */

static cudaError_t get_info(size_t *free_bytes, size_t *total_bytes) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    uint64_t free_now = 0, total = 0;
    if (!free_bytes || !total_bytes) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for a size is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess) {
        return error;
    }
    backend->memory_info(device->backend, &free_now, &total);
    *free_bytes = (size_t)free_now;
    *total_bytes = (size_t)total;
    return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    return cw_rt_record(get_info(free_bytes, total_bytes));
}

static cudaError_t get_attributes(struct cudaPointerAttributes *attributes, const void *pointer) {
    struct cw_rt_device *device, *owner;
    if (!attributes) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the attributes is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    void *same = (void *)(uintptr_t)pointer;
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    *attributes = (struct cudaPointerAttributes){cudaMemoryTypeUnregistered, cudaInvalidDeviceId, NULL, same};
    if (!owner) {
        return cudaSuccess;
    }
    attributes->device = owner->ordinal;
    switch (range.kind) {
    case CW_RT_MEMORY_MANAGED:
    case CW_RT_MEMORY_MANAGED_VARIABLE:
        attributes->type = cudaMemoryTypeManaged;
        attributes->devicePointer = same;
        break;
    case CW_RT_MEMORY_HOST:
    case CW_RT_MEMORY_REGISTERED:
        attributes->type = cudaMemoryTypeHost;
        attributes->devicePointer = owner->facts.unified_memory || owner->facts.reads_host_memory ? same : NULL;
        break;
    default:
        attributes->type = cudaMemoryTypeDevice;
        attributes->devicePointer = same;
        attributes->hostPointer = NULL;
        break;
    }
    return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *attributes, const void *pointer) {
    return cw_rt_record(get_attributes(attributes, pointer));
}
