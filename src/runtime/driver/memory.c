/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: the driver API's memory: allocating, and what a pointer is. */
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/memory.h"

/* ---- Device memory ----------------------------------------------------------------------------------------------- */

static cudaError_t alloc(CUdeviceptr *place, size_t size) {
    void *pointer = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess && size == 0) {
        error = cw_rt_fail(cudaErrorInvalidValue, "0 bytes of memory");
    }
    if (error == cudaSuccess) {
        error = cudaMalloc(&pointer, size);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuMemAlloc(CUdeviceptr *pointer, size_t size) {
    return CW_DRIVER(alloc(pointer, size));
}

static cudaError_t alloc_pitch(CUdeviceptr *place, size_t *pitch, size_t width, size_t height, unsigned element) {
    void *pointer = NULL;
    if (!place || !pitch || width == 0 || height == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu rows of %zu bytes, and places for pointer and pitch", height,
                          width);
    }
    if (element != 4 && element != 8 && element != 16) {
        return cw_rt_fail(cudaErrorInvalidValue, "elements of %u bytes: 4, 8 or 16 are wanted", element);
    }
    cudaError_t error = cudaMallocPitch(&pointer, pitch, width, height);
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuMemAllocPitch(CUdeviceptr *pointer, size_t *pitch, size_t width, size_t height, unsigned element) {
    return CW_DRIVER(alloc_pitch(pointer, pitch, width, height, element));
}

static cudaError_t alloc_managed(CUdeviceptr *place, size_t size, unsigned flags) {
    void *pointer = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error = cudaMallocManaged(&pointer, size, flags);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuMemAllocManaged(CUdeviceptr *pointer, size_t size, unsigned flags) {
    return CW_DRIVER(alloc_managed(pointer, size, flags));
}

static cudaError_t release(CUdeviceptr pointer) {
    return pointer ? cudaFree(cw_driver_pointer(pointer)) : cw_rt_fail(cudaErrorInvalidValue, "the pointer is 0");
}

CUresult cuMemFree(CUdeviceptr pointer) {
    return CW_DRIVER(release(pointer));
}

CUresult cuMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    return CW_DRIVER(cudaMemGetInfo(free_bytes, total_bytes));
}

static cudaError_t address_range(CUdeviceptr *base, size_t *size, CUdeviceptr pointer) {
    struct cw_rt_device *owner;
    struct cw_rt_range range = cw_rt_memory_find(cw_driver_pointer(pointer), &owner);
    if (!owner || range.kind == CW_RT_MEMORY_HOST || range.kind == CW_RT_MEMORY_REGISTERED) {
        /* CUDA_ERROR_NOT_FOUND since CUDA 11, as the reference says. */
        return cw_rt_fail(cudaErrorSymbolNotFound, "%p is not memory of the device", cw_driver_pointer(pointer));
    }
    if (base) {
        *base = range.base;
    }
    if (size) {
        *size = range.size;
    }
    return cudaSuccess;
}

CUresult cuMemGetAddressRange(CUdeviceptr *base, size_t *size, CUdeviceptr pointer) {
    return CW_DRIVER(address_range(base, size, pointer));
}

/* ---- Host memory ------------------------------------------------------------------------------------------------- */

static cudaError_t host_alloc(void **place, size_t size, unsigned flags) {
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess && size == 0) {
        error = cw_rt_fail(cudaErrorInvalidValue, "0 bytes of memory");
    }
    return error != cudaSuccess ? error : cudaHostAlloc(place, size, flags);
}

CUresult cuMemAllocHost(void **pointer, size_t size) {
    return CW_DRIVER(host_alloc(pointer, size, cudaHostAllocDefault));
}

CUresult cuMemHostAlloc(void **pointer, size_t size, unsigned flags) {
    return CW_DRIVER(host_alloc(pointer, size, flags));
}

static cudaError_t host_free(void *pointer) {
    return pointer ? cudaFreeHost(pointer) : cw_rt_fail(cudaErrorInvalidValue, "the pointer is NULL");
}

CUresult cuMemFreeHost(void *pointer) {
    return CW_DRIVER(host_free(pointer));
}

CUresult cuMemHostRegister(void *pointer, size_t size, unsigned flags) {
    return CW_DRIVER(cudaHostRegister(pointer, size, flags));
}

CUresult cuMemHostUnregister(void *pointer) {
    return CW_DRIVER(cudaHostUnregister(pointer));
}

static cudaError_t host_pointer(CUdeviceptr *place, void *pointer, unsigned flags) {
    void *found = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error = cudaHostGetDevicePointer(&found, pointer, flags);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(found);
    }
    return error;
}

CUresult cuMemHostGetDevicePointer(CUdeviceptr *place, void *pointer, unsigned flags) {
    return CW_DRIVER(host_pointer(place, pointer, flags));
}

CUresult cuMemHostGetFlags(unsigned *flags, void *pointer) {
    return CW_DRIVER(cudaHostGetFlags(flags, pointer));
}

/* ---- Managed memory ---------------------------------------------------------------------------------------------- */

CUresult cuMemPrefetchAsync(CUdeviceptr pointer, size_t size, CUdevice device, CUstream stream) {
    return CW_DRIVER(cudaMemPrefetchAsync(cw_driver_pointer(pointer), size, device, stream));
}

static struct cudaMemLocation location_of(CUmemLocation location) {
    return (struct cudaMemLocation){(enum cudaMemLocationType)location.type, location.id};
}

CUresult cuMemPrefetchAsync_v2(CUdeviceptr pointer, size_t size, CUmemLocation location, unsigned flags,
                               CUstream stream) {
    return CW_DRIVER(cudaMemPrefetchAsync_v2(cw_driver_pointer(pointer), size, location_of(location), flags, stream));
}

CUresult cuMemAdvise(CUdeviceptr pointer, size_t size, CUmem_advise advice, CUdevice device) {
    return CW_DRIVER(cudaMemAdvise(cw_driver_pointer(pointer), size, (enum cudaMemoryAdvise)advice, device));
}

CUresult cuMemAdvise_v2(CUdeviceptr pointer, size_t size, CUmem_advise advice, CUmemLocation location) {
    return CW_DRIVER(
        cudaMemAdvise_v2(cw_driver_pointer(pointer), size, (enum cudaMemoryAdvise)advice, location_of(location)));
}

CUresult cuMemRangeGetAttribute(void *data, size_t size, CUmem_range_attribute attribute, CUdeviceptr pointer,
                                size_t count) {
    return CW_DRIVER(
        cudaMemRangeGetAttribute(data, size, (enum cudaMemRangeAttribute)attribute, cw_driver_pointer(pointer), count));
}

CUresult cuMemRangeGetAttributes(void **data, size_t *sizes, CUmem_range_attribute *attributes, size_t attribute_count,
                                 CUdeviceptr pointer, size_t count) {
    return CW_DRIVER(cudaMemRangeGetAttributes(data, sizes, (enum cudaMemRangeAttribute *)attributes, attribute_count,
                                               cw_driver_pointer(pointer), count));
}

CUresult cuStreamAttachMemAsync(CUstream stream, CUdeviceptr pointer, size_t size, unsigned flags) {
    return CW_DRIVER(cudaStreamAttachMemAsync(stream, cw_driver_pointer(pointer), size, flags));
}

/* ---- What a pointer is ------------------------------------------------------------------------------------------- */

static void store(void *data, const void *value, size_t size) {
    memcpy(data, value, size);
}

static bool on_host(const struct cw_rt_range *range) {
    return range->kind == CW_RT_MEMORY_HOST || range->kind == CW_RT_MEMORY_REGISTERED;
}

static cudaError_t no_attribute(CUpointer_attribute attribute) {
    return cw_rt_fail(cudaErrorInvalidValue, "there is no attribute %d of pointers", (int)attribute);
}

static void store_int(void *data, int value) {
    store(data, &value, sizeof value);
}

/* The attributes that are addresses and sizes. */
static cudaError_t store_address(void *data, CUpointer_attribute attribute, const struct cw_rt_range *range,
                                 CUdeviceptr pointer) {
    void *same = cw_driver_pointer(pointer);
    void *base = (void *)range->base;
    switch ((int)attribute) {
    case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
        store(data, &pointer, sizeof pointer);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_HOST_POINTER:
        if (!on_host(range) && range->kind != CW_RT_MEMORY_MANAGED) {
            return cw_rt_fail(cudaErrorInvalidValue, "%p has no host pointer", same);
        }
        store(data, &same, sizeof same);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
    case CU_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR:
        store(data, &base, sizeof base);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
    case CU_POINTER_ATTRIBUTE_MAPPING_SIZE:
        store(data, &range->size, sizeof range->size);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_BUFFER_ID:
    case CU_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID: {
        unsigned long long id = range->base;
        store(data, &id, sizeof id);
        return cudaSuccess;
    }
    default:
        return no_attribute(attribute);
    }
}

static cudaError_t store_attribute(void *data, CUpointer_attribute attribute, const struct cw_rt_range *range,
                                   const struct cw_rt_device *owner, CUdeviceptr pointer) {
    CUcontext context = cw_rt_context_by_id(range->context);
    unsigned type = on_host(range) ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE;
    CUmemAccess_flags access = CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
    unsigned long long none = 0;
    switch ((int)attribute) {
    case CU_POINTER_ATTRIBUTE_CONTEXT:
        store(data, &context, sizeof context);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
        store(data, &type, sizeof type);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_IS_MANAGED:
        store_int(data, range->kind == CW_RT_MEMORY_MANAGED);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
        store_int(data, owner->ordinal);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_MAPPED:
        store_int(data, 1);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_SYNC_MEMOPS:
    case CU_POINTER_ATTRIBUTE_IS_LEGACY_CUDA_IPC_CAPABLE:
    case CU_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE:
    case CU_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE:
        store_int(data, 0);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES:
        store(data, &none, sizeof none);
        return cudaSuccess;
    case CU_POINTER_ATTRIBUTE_ACCESS_FLAGS:
        store(data, &access, sizeof access);
        return cudaSuccess;
    default:
        return store_address(data, attribute, range, pointer);
    }
}

static cudaError_t get_attribute(void *data, CUpointer_attribute attribute, CUdeviceptr pointer) {
    struct cw_rt_device *owner;
    cudaError_t error = cw_driver_place(data, "attribute");
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_range range = cw_rt_memory_find(cw_driver_pointer(pointer), &owner);
    if (!owner) {
        return cw_rt_fail(cudaErrorInvalidValue, "%p is not memory that CUDA knows", cw_driver_pointer(pointer));
    }
    return store_attribute(data, attribute, &range, owner, pointer);
}

CUresult cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr pointer) {
    return CW_DRIVER_PLAIN(get_attribute(data, attribute, pointer));
}

static size_t attribute_size(CUpointer_attribute attribute) {
    switch ((int)attribute) {
    case CU_POINTER_ATTRIBUTE_CONTEXT:
    case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
    case CU_POINTER_ATTRIBUTE_HOST_POINTER:
    case CU_POINTER_ATTRIBUTE_BUFFER_ID:
    case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
    case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
    case CU_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES:
    case CU_POINTER_ATTRIBUTE_MEMPOOL_HANDLE:
    case CU_POINTER_ATTRIBUTE_MAPPING_SIZE:
    case CU_POINTER_ATTRIBUTE_MAPPING_BASE_ADDR:
    case CU_POINTER_ATTRIBUTE_MEMORY_BLOCK_ID:
        return 8;
    default:
        return 4;
    }
}

/* Unlike the function for one attribute, an unknown pointer is no error: its attributes are 0. */
static cudaError_t get_attributes(unsigned count, const CUpointer_attribute *attributes, void **data,
                                  CUdeviceptr pointer) {
    struct cw_rt_device *owner;
    if (count == 0 || !attributes || !data) {
        return cw_rt_fail(cudaErrorInvalidValue, "%u attributes at NULL", count);
    }
    struct cw_rt_range range = cw_rt_memory_find(cw_driver_pointer(pointer), &owner);
    for (unsigned i = 0; i < count; i++) {
        if (!data[i] || (int)attributes[i] < CU_POINTER_ATTRIBUTE_CONTEXT ||
            attributes[i] > CU_POINTER_ATTRIBUTE_IS_HW_DECOMPRESS_CAPABLE ||
            attributes[i] == CU_POINTER_ATTRIBUTE_P2P_TOKENS) {
            return no_attribute(attributes[i]);
        }
        memset(data[i], 0, attribute_size(attributes[i]));
        if (owner) {
            (void)store_attribute(data[i], attributes[i], &range, owner, pointer);
        } else if (attributes[i] == CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL) {
            store_int(data[i], CU_DEVICE_INVALID);
        }
    }
    return cudaSuccess;
}

CUresult cuPointerGetAttributes(unsigned count, CUpointer_attribute *attributes, void **data, CUdeviceptr pointer) {
    return CW_DRIVER_PLAIN(get_attributes(count, attributes, data, pointer));
}

/* Every function that touches memory from the host is in order with the default stream here already. */
static cudaError_t set_attribute(const void *value, CUpointer_attribute attribute, CUdeviceptr pointer) {
    struct cw_rt_device *owner;
    if (!value || attribute != CU_POINTER_ATTRIBUTE_SYNC_MEMOPS) {
        return cw_rt_fail(cudaErrorInvalidValue, "attribute %d of a pointer can't be set", (int)attribute);
    }
    cw_rt_memory_find(cw_driver_pointer(pointer), &owner);
    return owner ? cudaSuccess
                 : cw_rt_fail(cudaErrorInvalidValue, "%p is not memory that CUDA knows", cw_driver_pointer(pointer));
}

CUresult cuPointerSetAttribute(const void *value, CUpointer_attribute attribute, CUdeviceptr pointer) {
    return CW_DRIVER_PLAIN(set_attribute(value, attribute, pointer));
}
