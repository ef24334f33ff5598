/* SPDX-License-Identifier: Apache-2.0 */
/* stream_api.c: CUDA's stream management and host functions in streams. */
#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/host_call.h"
#include "runtime/pool.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define PRIORITY_LEAST 0
#define PRIORITY_GREATEST (-5)

static cudaError_t find(cudaStream_t handle, struct cw_rt_device **device, struct CUstream_st **stream) {
    cudaError_t error = cw_rt_device_current(device);
    return error != cudaSuccess ? error : cw_rt_stream_resolve(*device, handle, stream);
}

/* ---- Creating and destroying --------------------------------------------------------------------------------- */

static cudaError_t stream_create(cudaStream_t *result, unsigned flags, int priority) {
    struct cw_rt_device *device;
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the stream is NULL");
    }
    if (flags & ~(unsigned)cudaStreamNonBlocking) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    if (priority > PRIORITY_LEAST) {
        priority = PRIORITY_LEAST;
    }
    if (priority < PRIORITY_GREATEST) {
        priority = PRIORITY_GREATEST;
    }
    return cw_rt_stream_create(device, flags, priority, result);
}

cudaError_t cudaStreamCreate(cudaStream_t *stream) {
    return cw_rt_record(stream_create(stream, cudaStreamDefault, 0));
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags) {
    return cw_rt_record(stream_create(stream, flags, 0));
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned flags, int priority) {
    return cw_rt_record(stream_create(stream, flags, priority));
}

static cudaError_t stream_destroy(cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    if (!handle || handle == cudaStreamLegacy || handle == cudaStreamPerThread) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "default streams can't be destroyed");
    }
    cudaError_t error = find(handle, &device, &stream);
    if (error != cudaSuccess) {
        return error;
    }
    if (stream->legacy || stream->per_thread) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "default streams can't be destroyed");
    }
    cw_rt_stream_destroy(stream);
    return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return cw_rt_record(stream_destroy(stream));
}

/* Waiting for a stream that captures, or asking whether it is done, makes no sense. */
static cudaError_t find_answerable(cudaStream_t handle, const char *what, struct cw_rt_device **device,
                                   struct CUstream_st **stream) {
    cudaError_t error = find(handle, device, stream);
    if (error == cudaSuccess && cw_rt_stream_capturing(*stream)) {
        error = cw_rt_capture_refuse(*stream, what);
    }
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_legacy(*stream, true);
    }
    return error != cudaSuccess ? error : cw_rt_capture_forbid(what);
}

/* ---- Asking and waiting -------------------------------------------------------------------------------------- */

static cudaError_t stream_synchronize(cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = find_answerable(handle, "cudaStreamSynchronize", &device, &stream);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_stream_synchronize(stream);
    cw_rt_pools_synchronized(device);
    cw_rt_device_flush(device);
    return cw_rt_device_check(device);
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    return cw_rt_record(stream_synchronize(stream));
}

static cudaError_t stream_query(cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = find_answerable(handle, "cudaStreamQuery", &device, &stream);
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_stream_idle(stream) ? cw_rt_device_check(device) : cudaErrorNotReady;
}

cudaError_t cudaStreamQuery(cudaStream_t stream) {
    return cw_rt_record(stream_query(stream));
}

static cudaError_t describe(cudaStream_t handle, const void *place, struct CUstream_st **stream) {
    struct cw_rt_device *device;
    return place ? find(handle, &device, stream)
                 : cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
}

cudaError_t cudaStreamGetFlags(cudaStream_t handle, unsigned *flags) {
    struct CUstream_st *stream;
    cudaError_t error = describe(handle, flags, &stream);
    if (error == cudaSuccess) {
        *flags = stream->flags;
    }
    return cw_rt_record(error);
}

cudaError_t cudaStreamGetPriority(cudaStream_t handle, int *priority) {
    struct CUstream_st *stream;
    cudaError_t error = describe(handle, priority, &stream);
    if (error == cudaSuccess) {
        *priority = stream->priority;
    }
    return cw_rt_record(error);
}

cudaError_t cudaStreamGetId(cudaStream_t handle, unsigned long long *id) {
    struct CUstream_st *stream;
    cudaError_t error = describe(handle, id, &stream);
    if (error == cudaSuccess) {
        *id = stream->identity;
    }
    return cw_rt_record(error);
}

cudaError_t cudaStreamGetDevice(cudaStream_t handle, int *ordinal) {
    struct CUstream_st *stream;
    cudaError_t error = describe(handle, ordinal, &stream);
    if (error == cudaSuccess) {
        *ordinal = stream->device->ordinal;
    }
    return cw_rt_record(error);
}

cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess && least) {
        *least = PRIORITY_LEAST;
    }
    if (error == cudaSuccess && greatest) {
        *greatest = PRIORITY_GREATEST;
    }
    return cw_rt_record(error);
}

/* ---- Host functions ------------------------------------------------------------------------------------------ */

cudaError_t cw_rt_host_call_run(struct cw_rt_device *device, void *payload) {
    struct cw_rt_host_call call = *(const struct cw_rt_host_call *)payload;
    struct cw_rt_thread *thread = cw_rt_thread();
    thread->in_callback = true;
    if (call.function) {
        call.function(call.data);
    } else {
        call.callback(call.stream, cw_rt_device_failure(device), call.data);
    }
    thread->in_callback = false;
    return cudaSuccess;
}

static cudaError_t queue_host_call(const struct cw_rt_host_call *call, uint32_t flags) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, call->stream, &stream);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (cw_rt_stream_capturing(stream)) {
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeHost, .host = {call->function, call->data}};
        return call->function ? cw_rt_capture_add(stream, &params)
                              : cw_rt_capture_refuse(stream, "cudaStreamAddCallback (use cudaLaunchHostFunc)");
    }
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof *call);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    *(struct cw_rt_host_call *)operation->payload = *call;
    operation->execute = cw_rt_host_call_run;
    operation->flags = flags;
    return cw_rt_submit(stream, operation, CW_RT_ASYNC, NULL);
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void *data) {
    if (!function) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the function is NULL"));
    }
    struct cw_rt_host_call call = {.function = function, .stream = stream, .data = data};
    return cw_rt_record(queue_host_call(&call, CW_RT_DISPATCHER_ONLY));
}

cudaError_t cudaStreamAddCallback(cudaStream_t stream, cudaStreamCallback_t callback, void *data, unsigned flags) {
    if (!callback || flags != 0) {
        return cw_rt_record(
            cw_rt_fail(cudaErrorInvalidValue, callback ? "unknown flags 0x%x" : "the function is NULL", flags));
    }
    struct cw_rt_host_call call = {.callback = callback, .stream = stream, .data = data};
    return cw_rt_record(queue_host_call(&call, CW_RT_DISPATCHER_ONLY | CW_RT_EVEN_AFTER_FAULT));
}
