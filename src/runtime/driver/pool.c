/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c: the driver API's stream-ordered memory. Properties and access descriptions have the runtime API's layout. */
#include <assert.h>

#include "runtime/driver/driver.h"

static_assert(sizeof(CUmemPoolProps) == sizeof(struct cudaMemPoolProps), "both APIs' properties are the same");
static_assert(sizeof(CUmemAccessDesc) == sizeof(struct cudaMemAccessDesc), "both APIs' descriptions are the same");
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
