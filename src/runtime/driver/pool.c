/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c: the driver API's stream-ordered memory, and what processes share. Properties and access descriptions have the runtime API's layout. */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "runtime/driver/driver.h"

static_assert(sizeof(CUmemPoolProps) == sizeof(struct cudaMemPoolProps), "both APIs' properties are the same");
static_assert(sizeof(CUmemAccessDesc) == sizeof(struct cudaMemAccessDesc), "both APIs' descriptions are the same");
/* The driver API's descriptions have room behind what the runtime API's have. */
static_assert(offsetof(CUDA_EXTERNAL_MEMORY_HANDLE_DESC, flags) == offsetof(struct cudaExternalMemoryHandleDesc, flags) &&
                  offsetof(CUDA_EXTERNAL_MEMORY_BUFFER_DESC, flags) == offsetof(struct cudaExternalMemoryBufferDesc, flags),
              "both APIs' descriptions of external memory begin alike");
static_assert(sizeof(CUmemLocation) == sizeof(struct cudaMemLocation), "both APIs' locations are the same");

CUresult cuDeviceGetDefaultMemPool(CUmemoryPool *pool, CUdevice device) {
    return CW_DRIVER_PLAIN(cudaDeviceGetDefaultMemPool(pool, device));
}

CUresult cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice device) {
    return CW_DRIVER_PLAIN(cudaDeviceGetMemPool(pool, device));
}

CUresult cuDeviceSetMemPool(CUdevice device, CUmemoryPool pool) {
    return CW_DRIVER_PLAIN(cudaDeviceSetMemPool(device, pool));
}

CUresult cuMemPoolCreate(CUmemoryPool *pool, const CUmemPoolProps *props) {
    return CW_DRIVER_PLAIN(cudaMemPoolCreate(pool, (const struct cudaMemPoolProps *)props));
}

CUresult cuMemPoolDestroy(CUmemoryPool pool) {
    return CW_DRIVER_PLAIN(cudaMemPoolDestroy(pool));
}

CUresult cuMemPoolTrimTo(CUmemoryPool pool, size_t keep) {
    return CW_DRIVER_PLAIN(cudaMemPoolTrimTo(pool, keep));
}

CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value) {
    return CW_DRIVER_PLAIN(cudaMemPoolSetAttribute(pool, (enum cudaMemPoolAttr)attribute, value));
}

CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attribute, void *value) {
    return CW_DRIVER_PLAIN(cudaMemPoolGetAttribute(pool, (enum cudaMemPoolAttr)attribute, value));
}

CUresult cuMemPoolSetAccess(CUmemoryPool pool, const CUmemAccessDesc *descs, size_t count) {
    return CW_DRIVER_PLAIN(cudaMemPoolSetAccess(pool, (const struct cudaMemAccessDesc *)descs, count));
}

CUresult cuMemPoolGetAccess(CUmemAccess_flags *flags, CUmemoryPool pool, CUmemLocation *location) {
    return CW_DRIVER_PLAIN(
        cudaMemPoolGetAccess((enum cudaMemAccessFlags *)flags, pool, (struct cudaMemLocation *)location));
}

static cudaError_t alloc(CUdeviceptr *place, size_t size, CUmemoryPool pool, bool from_pool, CUstream stream) {
    void *pointer = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error =
            from_pool ? cudaMallocFromPoolAsync(&pointer, size, pool, stream) : cudaMallocAsync(&pointer, size, stream);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuMemAllocAsync(CUdeviceptr *pointer, size_t size, CUstream stream) {
    return CW_DRIVER(alloc(pointer, size, NULL, false, stream));
}

CUresult cuMemAllocFromPoolAsync(CUdeviceptr *pointer, size_t size, CUmemoryPool pool, CUstream stream) {
    return CW_DRIVER(alloc(pointer, size, pool, true, stream));
}

CUresult cuMemFreeAsync(CUdeviceptr pointer, CUstream stream) {
    return CW_DRIVER(cudaFreeAsync(cw_driver_pointer(pointer), stream));
}

/* ---- Between processes ------------------------------------------------------------------------------------------- */

static_assert(sizeof(CUmemPoolPtrExportData) == sizeof(struct cudaMemPoolPtrExportData), "both APIs' are the same");
static_assert(sizeof(CUipcMemHandle) == sizeof(cudaIpcMemHandle_t), "both APIs' handles are the same");
static_assert(sizeof(CUipcEventHandle) == sizeof(cudaIpcEventHandle_t), "both APIs' handles are the same");

CUresult cuMemPoolExportToShareableHandle(void *handle, CUmemoryPool pool, CUmemAllocationHandleType type,
                                          unsigned long long flags) {
    return CW_DRIVER_PLAIN(
        cudaMemPoolExportToShareableHandle(handle, pool, (enum cudaMemAllocationHandleType)type, (unsigned)flags));
}

CUresult cuMemPoolImportFromShareableHandle(CUmemoryPool *pool, void *handle, CUmemAllocationHandleType type,
                                            unsigned long long flags) {
    return CW_DRIVER_PLAIN(
        cudaMemPoolImportFromShareableHandle(pool, handle, (enum cudaMemAllocationHandleType)type, (unsigned)flags));
}

CUresult cuMemPoolExportPointer(CUmemPoolPtrExportData *data, CUdeviceptr pointer) {
    return CW_DRIVER_PLAIN(
        cudaMemPoolExportPointer((struct cudaMemPoolPtrExportData *)data, cw_driver_pointer(pointer)));
}

static cudaError_t import_pointer(CUdeviceptr *place, CUmemoryPool pool, CUmemPoolPtrExportData *data) {
    void *pointer = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error = cudaMemPoolImportPointer(&pointer, pool, (struct cudaMemPoolPtrExportData *)data);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuMemPoolImportPointer(CUdeviceptr *pointer, CUmemoryPool pool, CUmemPoolPtrExportData *data) {
    return CW_DRIVER_PLAIN(import_pointer(pointer, pool, data));
}

CUresult cuIpcGetEventHandle(CUipcEventHandle *handle, CUevent event) {
    return CW_DRIVER(cudaIpcGetEventHandle((cudaIpcEventHandle_t *)handle, event));
}

CUresult cuIpcOpenEventHandle(CUevent *event, CUipcEventHandle handle) {
    cudaIpcEventHandle_t same;
    memcpy(&same, &handle, sizeof same);
    return CW_DRIVER(cudaIpcOpenEventHandle(event, same));
}

CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr pointer) {
    return CW_DRIVER(cudaIpcGetMemHandle((cudaIpcMemHandle_t *)handle, cw_driver_pointer(pointer)));
}

static cudaError_t open_memory(CUdeviceptr *place, CUipcMemHandle handle, unsigned flags) {
    cudaIpcMemHandle_t same;
    void *pointer = NULL;
    memcpy(&same, &handle, sizeof same);
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error = cudaIpcOpenMemHandle(&pointer, same, flags);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuIpcOpenMemHandle(CUdeviceptr *pointer, CUipcMemHandle handle, unsigned flags) {
    return CW_DRIVER(open_memory(pointer, handle, flags));
}

CUresult cuIpcCloseMemHandle(CUdeviceptr pointer) {
    return CW_DRIVER(cudaIpcCloseMemHandle(cw_driver_pointer(pointer)));
}

CUresult cuImportExternalMemory(CUexternalMemory *memory, const CUDA_EXTERNAL_MEMORY_HANDLE_DESC *desc) {
    return CW_DRIVER(cudaImportExternalMemory(memory, (const struct cudaExternalMemoryHandleDesc *)desc));
}

static cudaError_t map_external(CUdeviceptr *place, CUexternalMemory memory, const CUDA_EXTERNAL_MEMORY_BUFFER_DESC *desc) {
    void *pointer = NULL;
    cudaError_t error = cw_driver_place(place, "pointer");
    if (error == cudaSuccess) {
        error = cudaExternalMemoryGetMappedBuffer(&pointer, memory, (const struct cudaExternalMemoryBufferDesc *)desc);
    }
    if (error == cudaSuccess) {
        *place = cw_driver_address(pointer);
    }
    return error;
}

CUresult cuExternalMemoryGetMappedBuffer(CUdeviceptr *pointer, CUexternalMemory memory,
                                         const CUDA_EXTERNAL_MEMORY_BUFFER_DESC *desc) {
    return CW_DRIVER(map_external(pointer, memory, desc));
}

CUresult cuDestroyExternalMemory(CUexternalMemory memory) {
    return CW_DRIVER(cudaDestroyExternalMemory(memory));
}
