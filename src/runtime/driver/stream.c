/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c: the driver API's streams, events and host functions. */
#include <assert.h>
#include <stdlib.h>

#include "runtime/driver/driver.h"
#include "runtime/stream.h"

static_assert(sizeof(CUlaunchAttributeValue) == sizeof(cudaLaunchAttributeValue), "both APIs' values are the same");

/* ---- Streams ----------------------------------------------------------------------------------------------------- */

CUresult cuStreamCreate(CUstream *stream, unsigned flags) {
    return CW_DRIVER(cudaStreamCreateWithFlags(stream, flags));
}

CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
    return CW_DRIVER(cudaStreamCreateWithPriority(stream, flags, priority));
}

CUresult cuStreamDestroy(CUstream stream) {
    return CW_DRIVER(cudaStreamDestroy(stream));
}

CUresult cuStreamQuery(CUstream stream) {
    return CW_DRIVER(cudaStreamQuery(stream));
}

CUresult cuStreamSynchronize(CUstream stream) {
    return CW_DRIVER(cudaStreamSynchronize(stream));
}

CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
    return CW_DRIVER(cudaStreamWaitEvent(stream, event, flags));
}

CUresult cuStreamGetPriority(CUstream stream, int *priority) {
    return CW_DRIVER(cudaStreamGetPriority(stream, priority));
}

CUresult cuStreamGetFlags(CUstream stream, unsigned *flags) {
    return CW_DRIVER(cudaStreamGetFlags(stream, flags));
}

CUresult cuStreamGetId(CUstream stream, unsigned long long *id) {
    return CW_DRIVER(cudaStreamGetId(stream, id));
}

CUresult cuStreamGetDevice(CUstream stream, CUdevice *device) {
    return CW_DRIVER(cudaStreamGetDevice(stream, device));
}

/* Default streams belong to whatever context is current. */
static cudaError_t get_context(CUstream handle, CUcontext *place) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        CUcontext context = stream->legacy || stream->per_thread ? NULL : cw_rt_context_by_id(stream->context);
        *place = context ? context : cw_rt_thread()->context;
    }
    return error;
}

CUresult cuStreamGetCtx(CUstream stream, CUcontext *context) {
    return CW_DRIVER(get_context(stream, context));
}

CUresult cuStreamCopyAttributes(CUstream dst, CUstream src) {
    return CW_DRIVER(cudaStreamCopyAttributes(dst, src));
}

CUresult cuStreamGetAttribute(CUstream stream, CUstreamAttrID id, CUstreamAttrValue *value) {
    return CW_DRIVER(cudaStreamGetAttribute(stream, (cudaLaunchAttributeID)id, (cudaLaunchAttributeValue *)value));
}

CUresult cuStreamSetAttribute(CUstream stream, CUstreamAttrID id, const CUstreamAttrValue *value) {
    return CW_DRIVER(
        cudaStreamSetAttribute(stream, (cudaLaunchAttributeID)id, (const cudaLaunchAttributeValue *)value));
}

/* ---- Host functions ---------------------------------------------------------------------------------------------- */

CUresult cuLaunchHostFunc(CUstream stream, CUhostFn function, void *data) {
    return CW_DRIVER(cudaLaunchHostFunc(stream, function, data));
}

/* A callback of the driver API, called as one of the runtime API. */
struct callback {
    CUstreamCallback function;
    void *data;
};

static void call_back(cudaStream_t stream, cudaError_t status, void *data) {
    struct callback callback = *(struct callback *)data;
    free(data);
    callback.function(stream, cw_driver_result(status), callback.data);
}

static cudaError_t add_callback(CUstream stream, CUstreamCallback function, void *data, unsigned flags) {
    if (!function) {
        return cw_rt_fail(cudaErrorInvalidValue, "the function is NULL");
    }
    struct callback *callback = malloc(sizeof *callback);
    if (!callback) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a callback");
    }
    *callback = (struct callback){function, data};
    cudaError_t error = cudaStreamAddCallback(stream, call_back, callback, flags);
    if (error != cudaSuccess) {
        free(callback);
    }
    return error;
}

CUresult cuStreamAddCallback(CUstream stream, CUstreamCallback callback, void *data, unsigned flags) {
    return CW_DRIVER(add_callback(stream, callback, data, flags));
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

CUresult cuEventCreate(CUevent *event, unsigned flags) {
    return CW_DRIVER(cudaEventCreateWithFlags(event, flags));
}

CUresult cuEventDestroy(CUevent event) {
    return CW_DRIVER(cudaEventDestroy(event));
}

CUresult cuEventRecord(CUevent event, CUstream stream) {
    return CW_DRIVER(cudaEventRecord(event, stream));
}

CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    return CW_DRIVER(cudaEventRecordWithFlags(event, stream, flags));
}

CUresult cuEventQuery(CUevent event) {
    return CW_DRIVER(cudaEventQuery(event));
}

CUresult cuEventSynchronize(CUevent event) {
    return CW_DRIVER(cudaEventSynchronize(event));
}

CUresult cuEventElapsedTime(float *ms, CUevent start, CUevent end) {
    return CW_DRIVER(cudaEventElapsedTime(ms, start, end));
}
