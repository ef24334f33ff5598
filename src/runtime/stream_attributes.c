/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_attributes.c: a stream's attributes. They are hints on caches, waiting and ordering domains, of which nothing
 * here depends: they are checked, kept and given back.
 */
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/engine.h"
#include "runtime/thread.h"

static cudaError_t find(cudaStream_t handle, struct CUstream_st **stream) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error : cw_rt_stream_resolve(device, handle, stream);
}

static void set(struct CUstream_st *stream, cudaLaunchAttributeID id, const cudaLaunchAttributeValue *value) {
    struct cw_rt_stream_hints *hints = &stream->hints;
    if (id == cudaLaunchAttributeAccessPolicyWindow) {
        hints->window = value->accessPolicyWindow;
    } else if (id == cudaLaunchAttributeSynchronizationPolicy) {
        hints->policy = value->syncPolicy;
    } else if (id == cudaLaunchAttributeMemSyncDomainMap) {
        hints->domain_map = value->memSyncDomainMap;
    } else if (id == cudaLaunchAttributeMemSyncDomain) {
        hints->domain = value->memSyncDomain;
    } else {
        stream->priority = value->priority;
    }
}

static void get(const struct CUstream_st *stream, cudaLaunchAttributeID id, cudaLaunchAttributeValue *value) {
    const struct cw_rt_stream_hints *hints = &stream->hints;
    memset(value, 0, sizeof *value);
    if (id == cudaLaunchAttributeAccessPolicyWindow) {
        value->accessPolicyWindow = hints->window;
    } else if (id == cudaLaunchAttributeSynchronizationPolicy) {
        value->syncPolicy = hints->policy ? hints->policy : cudaSyncPolicyAuto;
    } else if (id == cudaLaunchAttributeMemSyncDomainMap) {
        value->memSyncDomainMap = hints->domain_map;
    } else if (id == cudaLaunchAttributeMemSyncDomain) {
        value->memSyncDomain = hints->domain;
    } else {
        value->priority = stream->priority;
    }
}

static cudaError_t check(cudaLaunchAttributeID id, const void *value) {
    switch (id) {
    case cudaLaunchAttributeAccessPolicyWindow:
    case cudaLaunchAttributeSynchronizationPolicy:
    case cudaLaunchAttributeMemSyncDomainMap:
    case cudaLaunchAttributeMemSyncDomain:
    case cudaLaunchAttributePriority:
        return value ? cudaSuccess : cw_rt_fail(cudaErrorInvalidValue, "the value is NULL");
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "streams have no attribute %d", (int)id);
    }
}

cudaError_t cudaStreamSetAttribute(cudaStream_t handle, cudaLaunchAttributeID id,
                                   const cudaLaunchAttributeValue *value) {
    struct CUstream_st *stream;
    cudaError_t error = find(handle, &stream);
    if (error == cudaSuccess) {
        error = check(id, value);
    }
    if (error == cudaSuccess) {
        cw_rt_engine_lock();
        set(stream, id, value);
        cw_rt_engine_unlock();
    }
    return cw_rt_record(error);
}

cudaError_t cudaStreamGetAttribute(cudaStream_t handle, cudaLaunchAttributeID id, cudaLaunchAttributeValue *value) {
    struct CUstream_st *stream;
    cudaError_t error = find(handle, &stream);
    if (error == cudaSuccess) {
        error = check(id, value);
    }
    if (error == cudaSuccess) {
        cw_rt_engine_lock();
        get(stream, id, value);
        cw_rt_engine_unlock();
    }
    return cw_rt_record(error);
}

cudaError_t cudaStreamCopyAttributes(cudaStream_t dst, cudaStream_t src) {
    struct CUstream_st *to, *from;
    cudaError_t error = find(dst, &to);
    if (error == cudaSuccess) {
        error = find(src, &from);
    }
    if (error == cudaSuccess) {
        cw_rt_engine_lock();
        to->hints = from->hints;
        cw_rt_engine_unlock();
    }
    return cw_rt_record(error);
}

/* No line of any cache is set apart here. */
cudaError_t cudaCtxResetPersistingL2Cache(void) {
    struct cw_rt_device *device;
    return cw_rt_record(cw_rt_device_current(&device));
}
