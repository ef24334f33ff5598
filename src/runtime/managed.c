/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.c: advice and prefetching for managed memory. Managed memory exists only on devices that share the host's
 * memory (memory.c refuses it elsewhere): there it is always where it is used, so advice and prefetching have nothing to
 * move. What was asked for is kept (managed.h) and can be asked.
 */
#include "runtime/managed.h"
#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

static bool is_managed(enum cw_rt_memory kind) {
    return kind == CW_RT_MEMORY_MANAGED || kind == CW_RT_MEMORY_MANAGED_VARIABLE;
}

/* That [pointer, pointer + count) lies in one managed allocation. */
static cudaError_t check_range(const void *pointer, size_t count) {
    struct cw_rt_device *owner;
    if (!pointer || count == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p", count, pointer);
    }
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    if (!is_managed(range.kind) || count > range.size - ((uintptr_t)pointer - range.base)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at %p are not within managed memory", count, pointer);
    }
    return cudaSuccess;
}

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to keep account of advice");
}

static cudaError_t check_location(int id) {
    struct cw_rt_device *device;
    return id == cudaCpuDeviceId ? cudaSuccess : cw_rt_device_at(id, &device);
}

static cudaError_t prefetch(const void *pointer, size_t count, int location, cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = check_range(pointer, count);
    }
    if (error == cudaSuccess) {
        error = check_location(location);
    }
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess && cw_rt_stream_capturing(stream)) {
        error = cw_rt_capture_refuse(stream, "prefetching");
    }
    if (error == cudaSuccess && !cw_rt_advice_prefetch(pointer, count, location)) {
        error = no_memory();
    }
    return error;
}

cudaError_t cudaMemPrefetchAsync(const void *pointer, size_t count, int device, cudaStream_t stream) {
    return cw_rt_record(prefetch(pointer, count, device, stream));
}

static cudaError_t location_id(struct cudaMemLocation location, int *id) {
    switch (location.type) {
    case cudaMemLocationTypeDevice:
        *id = location.id;
        return cudaSuccess;
    case cudaMemLocationTypeHost:
    case cudaMemLocationTypeHostNuma:
    case cudaMemLocationTypeHostNumaCurrent:
        *id = cudaCpuDeviceId;
        return cudaSuccess;
    case cudaMemLocationTypeInvalid:
        break;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "there is no type %d of memory location", (int)location.type);
}

cudaError_t cudaMemPrefetchAsync_v2(const void *pointer, size_t count, struct cudaMemLocation location, unsigned flags,
                                    cudaStream_t stream) {
    int id = cudaCpuDeviceId;
    cudaError_t error =
        flags ? cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags) : location_id(location, &id);
    return cw_rt_record(error != cudaSuccess ? error : prefetch(pointer, count, id, stream));
}

static cudaError_t advise(const void *pointer, size_t count, enum cudaMemoryAdvise advice, int location) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    if (advice < cudaMemAdviseSetReadMostly || advice > cudaMemAdviseUnsetAccessedBy) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no advice %d", (int)advice);
    }
    error = check_range(pointer, count);
    bool located = advice != cudaMemAdviseSetReadMostly && advice != cudaMemAdviseUnsetReadMostly &&
                   advice != cudaMemAdviseUnsetPreferredLocation;
    if (error == cudaSuccess && located) {
        error = check_location(location);
    }
    if (error == cudaSuccess && !cw_rt_advice_note(pointer, count, advice, location)) {
        error = no_memory();
    }
    return error;
}

cudaError_t cudaMemAdvise(const void *pointer, size_t count, enum cudaMemoryAdvise advice, int device) {
    return cw_rt_record(advise(pointer, count, advice, device));
}

cudaError_t cudaMemAdvise_v2(const void *pointer, size_t count, enum cudaMemoryAdvise advice,
                             struct cudaMemLocation location) {
    int id = cudaCpuDeviceId;
    cudaError_t error = location_id(location, &id);
    return cw_rt_record(error != cudaSuccess ? error : advise(pointer, count, advice, id));
}

/* Every byte of managed memory is at hand for a stream already; attaching it changes nothing. */
cudaError_t cudaStreamAttachMemAsync(cudaStream_t handle, void *pointer, size_t length, unsigned flags) {
    struct cw_rt_device *device, *owner;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
        if (!is_managed(range.kind) || (length != 0 && length > range.size)) {
            error = cw_rt_fail(cudaErrorInvalidValue, "%p is not managed memory", pointer);
        } else if (flags != cudaMemAttachGlobal && flags != cudaMemAttachHost && flags != cudaMemAttachSingle) {
            error = cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
        }
    }
    return cw_rt_record(error);
}
