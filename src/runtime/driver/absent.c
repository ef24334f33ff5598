/* SPDX-License-Identifier: Apache-2.0 */
/* absent.c: what cuda.h declares and no device here has: multicast objects, semaphores of other APIs. See api_absent.h. */
#include <stddef.h>

#include "runtime/driver/driver.h"

static cudaError_t no_multicast(const void *place, const void *props) {
    return place && props ? cw_rt_fail(cudaErrorNotSupported,
                                       "no device here has multicast objects: CU_DEVICE_ATTRIBUTE_MULTICAST_SUPPORTED is 0")
                          : cw_rt_fail(cudaErrorInvalidValue, "the place or the properties are NULL");
}

static cudaError_t no_multicast_object(CUmemGenericAllocationHandle handle) {
    return no_multicast(&handle, &handle);
}

CUresult cuMulticastCreate(CUmemGenericAllocationHandle *handle, const CUmulticastObjectProp *props) {
    return CW_DRIVER_PLAIN(no_multicast(handle, props));
}

CUresult cuMulticastAddDevice(CUmemGenericAllocationHandle handle, CUdevice device) {
    (void)device;
    return CW_DRIVER_PLAIN(no_multicast_object(handle));
}

CUresult cuMulticastBindMem(CUmemGenericAllocationHandle handle, size_t offset, CUmemGenericAllocationHandle memory,
                            size_t memory_offset, size_t size, unsigned long long flags) {
    (void)offset;
    (void)memory;
    (void)memory_offset;
    (void)size;
    (void)flags;
    return CW_DRIVER_PLAIN(no_multicast_object(handle));
}

CUresult cuMulticastBindAddr(CUmemGenericAllocationHandle handle, size_t offset, CUdeviceptr memory, size_t size,
                             unsigned long long flags) {
    (void)offset;
    (void)memory;
    (void)size;
    (void)flags;
    return CW_DRIVER_PLAIN(no_multicast_object(handle));
}

CUresult cuMulticastUnbind(CUmemGenericAllocationHandle handle, CUdevice device, size_t offset, size_t size) {
    (void)device;
    (void)offset;
    (void)size;
    return CW_DRIVER_PLAIN(no_multicast_object(handle));
}

CUresult cuMulticastGetGranularity(size_t *granularity, const CUmulticastObjectProp *props,
                                   CUmulticastGranularity_flags option) {
    (void)option;
    return CW_DRIVER_PLAIN(no_multicast(granularity, props));
}

/* ---- Semaphores: both APIs' parameters have one layout; the descriptions begin alike ---- */

_Static_assert(offsetof(CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC, flags) ==
                   offsetof(struct cudaExternalSemaphoreHandleDesc, flags),
               "both APIs' descriptions of semaphores begin alike");

CUresult cuImportExternalSemaphore(CUexternalSemaphore *semaphore, const CUDA_EXTERNAL_SEMAPHORE_HANDLE_DESC *desc) {
    return CW_DRIVER(cudaImportExternalSemaphore(semaphore, (const struct cudaExternalSemaphoreHandleDesc *)desc));
}

CUresult cuSignalExternalSemaphoresAsync(const CUexternalSemaphore *semaphores,
                                         const CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS *params, unsigned count,
                                         CUstream stream) {
    return CW_DRIVER(cudaSignalExternalSemaphoresAsync(
        semaphores, (const struct cudaExternalSemaphoreSignalParams *)params, count, stream));
}

CUresult cuWaitExternalSemaphoresAsync(const CUexternalSemaphore *semaphores,
                                       const CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS *params, unsigned count, CUstream stream) {
    return CW_DRIVER(cudaWaitExternalSemaphoresAsync(semaphores, (const struct cudaExternalSemaphoreWaitParams *)params,
                                                     count, stream));
}

CUresult cuDestroyExternalSemaphore(CUexternalSemaphore semaphore) {
    return CW_DRIVER(cudaDestroyExternalSemaphore(semaphore));
}
