/* SPDX-License-Identifier: Apache-2.0 */
/*
 * external.c: memory and semaphores of graphics APIs (CUDA Runtime API, "External Resource Interoperability"). There is no
 * graphics driver whose objects this device could share, so importing is refused, and every handle is an invalid one.
 */
#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/thread.h"

static cudaError_t refuse_import(const void *place, const void *desc, const char *what) {
    struct cw_rt_device *device;
    if (!place || !desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the handle or its description is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess
               ? error
               : cw_rt_fail(cudaErrorNotSupported, "the device %s can't share external %s with a graphics API",
                            device->facts.name, what);
}

static cudaError_t refuse_handle(const void *handle, const char *what) {
    return cw_rt_fail(cudaErrorInvalidResourceHandle, "%p is no external %s: none can be imported", handle, what);
}

cudaError_t cudaImportExternalMemory(cudaExternalMemory_t *memory, const struct cudaExternalMemoryHandleDesc *desc) {
    return cw_rt_record(refuse_import(memory, desc, "memory"));
}

cudaError_t cudaExternalMemoryGetMappedBuffer(void **pointer, cudaExternalMemory_t memory,
                                              const struct cudaExternalMemoryBufferDesc *desc) {
    (void)pointer;
    (void)desc;
    return cw_rt_record(refuse_handle(memory, "memory"));
}

cudaError_t cudaExternalMemoryGetMappedMipmappedArray(cudaMipmappedArray_t *mipmap, cudaExternalMemory_t memory,
                                                      const struct cudaExternalMemoryMipmappedArrayDesc *desc) {
    (void)mipmap;
    (void)desc;
    return cw_rt_record(refuse_handle(memory, "memory"));
}

cudaError_t cudaDestroyExternalMemory(cudaExternalMemory_t memory) {
    return cw_rt_record(refuse_handle(memory, "memory"));
}

cudaError_t cudaImportExternalSemaphore(cudaExternalSemaphore_t *semaphore,
                                        const struct cudaExternalSemaphoreHandleDesc *desc) {
    return cw_rt_record(refuse_import(semaphore, desc, "semaphores"));
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
