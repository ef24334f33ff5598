/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime.h: CUDA's runtime API as device code has it: CUDA C++ Programming Guide, "CUDA Dynamic Parallelism, API Reference"
 * (the second version: what a kernel launches runs when it can, and nobody on the device waits for it). Functions that are
 * not here are the host's alone, and clang says so by name when device code calls one: cudaDeviceSynchronize is one, unless
 * CUDA_FORCE_CDP1_IF_SUPPORTED asks for the first version.
 *
 * clang makes of a `kernel<<<...>>>(...)` in device code a call of cudaGetParameterBuffer, stores, and cudaLaunchDevice.
 */
#ifndef CW_CUDA_DEVICE_RUNTIME_H
#define CW_CUDA_DEVICE_RUNTIME_H

#include "../../driver_types.h"
#include "define.h"

/* As with nvcc 12 a program has one version: the first lets device code wait, and has no streams with names of their own. */
#if defined(CUDA_FORCE_CDP1_IF_SUPPORTED)
CW_DEVICE cudaError_t cudaDeviceSynchronize(void) { return (cudaError_t)__cw_child_synchronize(); }
#else
#define cudaStreamTailLaunch ((cudaStream_t)0x3)
#define cudaStreamFireAndForget ((cudaStream_t)0x4)
#endif

/* ---- Launches ---- */

CW_DEVICE void *cudaGetParameterBuffer(size_t alignment, size_t size) {
    (void)alignment; /* at most 64, which every buffer has */
    return __cw_child_buffer(size);
}
CW_DEVICE cudaError_t cudaLaunchDevice(void *func, void *parameterBuffer, dim3 gridDimension, dim3 blockDimension,
                                       unsigned int sharedMemSize, cudaStream_t stream) {
    return (cudaError_t)__cw_child_launch(func, parameterBuffer, (int)gridDimension.x, (int)gridDimension.y,
                                          (int)gridDimension.z, (int)blockDimension.x, (int)blockDimension.y,
                                          (int)blockDimension.z, (int)sharedMemSize, (void *)stream);
}

/* The later pair: the first call takes the configuration too, and keeps it behind the most that parameters can take. */
#define CW_CHILD_PARAMETERS 4096
struct cw_child_configuration {
    void *func;
    dim3 grid, block;
    unsigned int shared;
};
CW_DEVICE void *cudaGetParameterBufferV2(void *func, dim3 gridDimension, dim3 blockDimension, unsigned int sharedMemSize) {
    char *buffer = (char *)__cw_child_buffer(CW_CHILD_PARAMETERS + sizeof(struct cw_child_configuration));
    struct cw_child_configuration *kept = (struct cw_child_configuration *)(buffer + CW_CHILD_PARAMETERS);
    if (buffer) {
        kept->func = func;
        kept->grid = gridDimension;
        kept->block = blockDimension;
        kept->shared = sharedMemSize;
    }
    return buffer;
}
CW_DEVICE cudaError_t cudaLaunchDeviceV2(void *parameterBuffer, cudaStream_t stream) {
    const struct cw_child_configuration *kept =
        (const struct cw_child_configuration *)((char *)parameterBuffer + CW_CHILD_PARAMETERS);
    if (!parameterBuffer) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    return cudaLaunchDevice(kept->func, parameterBuffer, kept->grid, kept->block, kept->shared, stream);
}

/* Grids of a stream follow one another, so what a dependent grid would wait for is done. */
CW_DEVICE void cudaGridDependencySynchronize(void) {}
CW_DEVICE void cudaTriggerProgrammaticLaunchCompletion(void) {}

/* ---- Errors ---- */

CW_DEVICE cudaError_t cudaGetLastError(void) { return (cudaError_t)__cw_error_last(1); }
CW_DEVICE cudaError_t cudaPeekAtLastError(void) { return (cudaError_t)__cw_error_last(0); }
CW_DEVICE const char *cudaGetErrorName(cudaError_t error) { return (const char *)__cw_ask(2, (long long)error); }
CW_DEVICE const char *cudaGetErrorString(cudaError_t error) { return (const char *)__cw_ask(3, (long long)error); }

/* ---- The device ---- */

CW_DEVICE cudaError_t cudaGetDevice(int *device) {
    *device = (int)__cw_ask(4, 0);
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaGetDeviceCount(int *count) {
    *count = (int)__cw_ask(5, 0);
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int device) {
    long long answer = device == (int)__cw_ask(4, 0) ? __cw_ask(0, (long long)attribute) : -1;
    if (answer == -1) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    *value = (int)answer;
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaDeviceGetLimit(size_t *value, cudaLimit limit) {
    long long answer = __cw_ask(1, (long long)limit);
    if (answer == -1) return (cudaError_t)__cw_error_note(cudaErrorUnsupportedLimit);
    *value = (size_t)answer;
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaDeviceGetCacheConfig(cudaFuncCache *config) {
    *config = cudaFuncCachePreferNone;
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaDeviceGetSharedMemConfig(cudaSharedMemConfig *config) {
    *config = cudaSharedMemBankSizeFourByte;
    return cudaSuccess;
}
CW_DEVICE cudaError_t cudaRuntimeGetVersion(int *version) {
    *version = 12090;
    return cudaSuccess;
}

/* ---- Memory: the device's heap; the host can't free it ---- */

CW_DEVICE cudaError_t cudaMalloc(void **pointer, size_t size) {
    *pointer = malloc(size);
    return *pointer || size == 0 ? cudaSuccess : (cudaError_t)__cw_error_note(cudaErrorMemoryAllocation);
}
template <class T> CW_DEVICE cudaError_t cudaMalloc(T **pointer, size_t size) {
    return cudaMalloc((void **)pointer, size);
}
CW_DEVICE cudaError_t cudaFree(void *pointer) {
    free(pointer);
    return cudaSuccess;
}

CW_DEVICE cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t size, cudaMemcpyKind, cudaStream_t stream = 0) {
    return (cudaError_t)__cw_child_copy(to, size, size, (void *)from, size, size, size, 1, 1, (void *)stream);
}
CW_DEVICE cudaError_t cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                                        size_t height, cudaMemcpyKind, cudaStream_t stream = 0) {
    if (width > to_pitch || width > from_pitch) return (cudaError_t)__cw_error_note(cudaErrorInvalidPitchValue);
    return (cudaError_t)__cw_child_copy(to, to_pitch, 0, (void *)from, from_pitch, 0, width, height, 1, (void *)stream);
}
/* Between pitched memory; device code has no arrays. */
CW_DEVICE cudaError_t cudaMemcpy3DAsync(const cudaMemcpy3DParms *copy, cudaStream_t stream = 0) {
    if (copy->srcArray || copy->dstArray) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    size_t to_slice = copy->dstPtr.pitch * copy->dstPtr.ysize, from_slice = copy->srcPtr.pitch * copy->srcPtr.ysize;
    char *to = (char *)copy->dstPtr.ptr + copy->dstPos.z * to_slice + copy->dstPos.y * copy->dstPtr.pitch + copy->dstPos.x;
    char *from =
        (char *)copy->srcPtr.ptr + copy->srcPos.z * from_slice + copy->srcPos.y * copy->srcPtr.pitch + copy->srcPos.x;
    return (cudaError_t)__cw_child_copy(to, copy->dstPtr.pitch, to_slice, from, copy->srcPtr.pitch, from_slice,
                                        copy->extent.width, copy->extent.height, copy->extent.depth, (void *)stream);
}
CW_DEVICE cudaError_t cudaMemsetAsync(void *to, int value, size_t size, cudaStream_t stream = 0) {
    return (cudaError_t)__cw_child_fill(to, size, size, value, size, 1, 1, (void *)stream);
}
CW_DEVICE cudaError_t cudaMemset2DAsync(void *to, size_t pitch, int value, size_t width, size_t height,
                                        cudaStream_t stream = 0) {
    if (width > pitch) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    return (cudaError_t)__cw_child_fill(to, pitch, 0, value, width, height, 1, (void *)stream);
}
CW_DEVICE cudaError_t cudaMemset3DAsync(cudaPitchedPtr to, int value, cudaExtent extent, cudaStream_t stream = 0) {
    return (cudaError_t)__cw_child_fill(to.ptr, to.pitch, to.pitch * to.ysize, value, extent.width, extent.height,
                                        extent.depth, (void *)stream);
}

/* ---- Streams and events ---- */

CW_DEVICE cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned int flags) {
    *stream = (cudaStream_t)__cw_child_stream((int)flags);
    return *stream ? cudaSuccess : cudaPeekAtLastError();
}
CW_DEVICE cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return (cudaError_t)__cw_child_stream_end((void *)stream);
}
CW_DEVICE cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned int flags = 0) {
    if (flags) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    return (cudaError_t)__cw_child_stream_wait((void *)stream, (void *)event);
}
CW_DEVICE cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned int flags) {
    *event = (cudaEvent_t)__cw_child_event((int)flags);
    return *event ? cudaSuccess : cudaPeekAtLastError();
}
CW_DEVICE cudaError_t cudaEventDestroy(cudaEvent_t event) { return (cudaError_t)__cw_child_event_end((void *)event); }
CW_DEVICE cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream = 0) {
    return (cudaError_t)__cw_child_event_record((void *)event, (void *)stream);
}

/* ---- Kernels ---- */

template <class T> CW_DEVICE cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, T *kernel) {
    long long threads = __cw_ask_kernel((void *)kernel, 1);
    if (threads == -1) return (cudaError_t)__cw_error_note(cudaErrorInvalidDeviceFunction);
    __builtin_memset(attributes, 0, sizeof *attributes);
    attributes->sharedSizeBytes = (size_t)__cw_ask_kernel((void *)kernel, 0);
    attributes->localSizeBytes = (size_t)__cw_ask_kernel((void *)kernel, 2);
    attributes->maxThreadsPerBlock = (int)threads;
    attributes->numRegs = 32;
    attributes->ptxVersion = 80;
    attributes->binaryVersion = 80;
    attributes->maxDynamicSharedSizeBytes = (int)(49152 - attributes->sharedSizeBytes);
    return cudaSuccess;
}

/* The limits of capability 8.0 for a multiprocessor, as the host counts: function.c of the runtime. */
template <class T>
CW_DEVICE cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, T *kernel, int block_size,
                                                                    size_t dynamic_shared) {
    long long shared = __cw_ask_kernel((void *)kernel, 0), threads = __cw_ask_kernel((void *)kernel, 1);
    if (threads == -1) return (cudaError_t)__cw_error_note(cudaErrorInvalidDeviceFunction);
    if (block_size <= 0) return (cudaError_t)__cw_error_note(cudaErrorInvalidValue);
    int most = (int)__cw_ask(0, cudaDevAttrMaxBlocksPerMultiprocessor);
    int warps = (block_size + 31) / 32;
    int by_threads = (int)__cw_ask(0, cudaDevAttrMaxThreadsPerMultiProcessor) / (warps * 32);
    long long each = shared + (long long)dynamic_shared;
    long long by_shared = __cw_ask(0, cudaDevAttrMaxSharedMemoryPerMultiprocessor) /
                          (each + __cw_ask(0, cudaDevAttrReservedSharedMemoryPerBlock));
    if (by_threads < most) most = by_threads;
    if (by_shared < most) most = (int)by_shared;
    *blocks = block_size > threads || each > __cw_ask(0, cudaDevAttrMaxSharedMemoryPerBlockOptin) ? 0 : most;
    return cudaSuccess;
}
template <class T>
CW_DEVICE cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks, T *kernel, int block_size,
                                                                             size_t dynamic_shared, unsigned int) {
    return cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, kernel, block_size, dynamic_shared);
}
template <class Size, class T>
CW_DEVICE cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMem(int *grid, int *block, T *kernel, Size size,
                                                                     int limit = 0) {
    long long threads = __cw_ask_kernel((void *)kernel, 1);
    if (threads == -1) return (cudaError_t)__cw_error_note(cudaErrorInvalidDeviceFunction);
    int best = 0, largest = limit > 0 && limit < threads ? limit : (int)threads;
    *grid = *block = 0;
    for (int candidate = (largest + 31) / 32 * 32; candidate > 0; candidate -= 32) {
        int used = candidate < largest ? candidate : largest, blocks = 0;
        cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, used, size(used));
        if (blocks * used > best) {
            best = blocks * used;
            *block = used;
            *grid = blocks * (int)__cw_ask(0, cudaDevAttrMultiProcessorCount);
        }
    }
    return cudaSuccess;
}
template <class T>
CW_DEVICE cudaError_t cudaOccupancyMaxPotentialBlockSize(int *grid, int *block, T *kernel, size_t dynamic_shared = 0,
                                                         int limit = 0) {
    return cudaOccupancyMaxPotentialBlockSizeVariableSMem(
        grid, block, kernel, [=](int) { return dynamic_shared; }, limit);
}

#endif
