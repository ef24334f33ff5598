/* SPDX-License-Identifier: Apache-2.0 */
/* event.c: CUDA's event management. See event.h. */
#include "runtime/event.h"

#include "cuda/cuda_runtime_api.h"
#include "runtime/capture.h"
#include "runtime/context.h"
#include "runtime/device.h"
#include "runtime/engine.h"
#include "runtime/native.h"
#include "runtime/pool.h"
#include "runtime/share.h"
#include "runtime/thread.h"

#define KNOWN_FLAGS ((unsigned)(cudaEventBlockingSync | cudaEventDisableTiming | cudaEventInterprocess))

static bool is_event(const struct CUevent_st *event) {
    return event && cw_rt_slots_owns(&cw_rt_engine.events, event) && event->live;
}

cudaError_t cw_rt_event_check(struct CUevent_st *event) {
    cw_rt_engine_lock();
    bool valid = is_event(event);
    cw_rt_engine_unlock();
    return valid ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the event was destroyed or never was one");
}

static cudaError_t make(cudaEvent_t *result, unsigned flags, struct cw_rt_shared_event *shared) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_shared_event *left = NULL;
    cw_rt_engine_lock();
    struct CUevent_st *event = cw_rt_slots_take(&cw_rt_engine.events);
    if (event) {
        left = event->shared; /* what a device that was reset left in the slot */
        event->live = true;
        event->device = device;
        event->context = cw_rt_context_id();
        event->flags = flags;
        event->record++;
        event->stream = NULL;
        event->shared = shared;
    }
    cw_rt_engine_unlock();
    if (left) {
        cw_rt_shared_event_release(left);
    }
    if (!event) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another event");
    }
    cw_rt_capture_forget_event(event);
    *result = event;
    return cudaSuccess;
}

cudaError_t cw_rt_event_adopt(cudaEvent_t *event, struct cw_rt_shared_event *shared) {
    cudaError_t error = make(event, cudaEventInterprocess | cudaEventDisableTiming, shared);
    if (error != cudaSuccess) {
        cw_rt_shared_event_release(shared);
    }
    return error;
}

static cudaError_t event_create(cudaEvent_t *result, unsigned flags) {
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the event is NULL");
    }
    if (flags & ~KNOWN_FLAGS) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    if (!(flags & cudaEventInterprocess)) {
        return make(result, flags, NULL);
    }
    if (!(flags & cudaEventDisableTiming)) {
        return cw_rt_fail(cudaErrorInvalidValue, "cudaEventInterprocess needs cudaEventDisableTiming");
    }
    struct cw_rt_shared_event *shared = cw_rt_shared_event_create();
    return shared ? cw_rt_event_adopt(result, shared)
                  : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for an event that processes share");
}

cudaError_t cudaEventCreate(cudaEvent_t *event) {
    return cw_rt_record(event_create(event, cudaEventDefault));
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags) {
    return cw_rt_record(event_create(event, flags));
}

static cudaError_t event_destroy(cudaEvent_t event) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    error = cw_rt_event_check(event);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_capture_forget_event(event);
    struct cw_rt_shared_event *shared = NULL;
    cw_rt_engine_lock();
    bool valid = is_event(event);
    if (valid) {
        shared = event->shared;
        event->shared = NULL;
        event->live = false;
        event->record++; /* a record that is pending must not write to the slot's next event */
        cw_rt_slots_give(&cw_rt_engine.events, event);
    }
    cw_rt_engine_unlock();
    if (shared) {
        cw_rt_shared_event_release(shared);
    }
    return valid ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the event was destroyed or never was one");
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return cw_rt_record(event_destroy(event));
}

static void close_events(const struct cw_rt_device *device, const uint64_t *context) {
    struct CUevent_st *event;
    cw_rt_engine_lock();
    for (size_t i = 0; (event = cw_rt_slots_at(&cw_rt_engine.events, i)); i++) {
        if (event->live && event->device == device && (!context || event->context == *context)) {
            event->live = false;
            event->record++;
            cw_rt_slots_give(&cw_rt_engine.events, event);
        }
    }
    cw_rt_engine_unlock();
}

void cw_rt_events_close(struct cw_rt_device *device) {
    close_events(device, NULL);
    cw_rt_native_close_events(device);
}

void cw_rt_events_close_context(struct cw_rt_device *device, uint64_t context) {
    close_events(device, &context);
}

/* ---- Recording ----------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_event_record(struct CUevent_st *event, struct CUstream_st *stream) {
    if (event->device != stream->device) {
        return cw_rt_fail(cudaErrorInvalidResourceHandle, "event and stream belong to different devices");
    }
    if (event->shared) {
        return cw_rt_shared_event_record(event->shared, stream);
    }
    struct cw_rt_operation *operation = cw_rt_operation_take(0);
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    operation->event = event;
    return cw_rt_queue(stream, operation, CW_RT_ASYNC, NULL);
}

static cudaError_t event_record(cudaEvent_t event, cudaStream_t handle, unsigned flags) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_event_check(event);
    }
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (flags & ~(unsigned)cudaEventRecordExternal) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    if (cw_rt_stream_capturing(stream) && event->shared) {
        return cw_rt_capture_refuse(stream, "an event that processes share");
    }
    if (cw_rt_stream_capturing(stream)) {
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeEventRecord, .eventRecord = {event}};
        return flags & cudaEventRecordExternal ? cw_rt_capture_add(stream, &params)
                                               : cw_rt_capture_record(stream, event);
    }
    if (flags & cudaEventRecordExternal) {
        return cw_rt_fail(cudaErrorIllegalState, "cudaEventRecordExternal is for streams that capture");
    }
    error = cw_rt_capture_check_legacy(stream, true);
    if (error != cudaSuccess) {
        return error;
    }
    if (event->capture) {
        cw_rt_capture_forget_event(event);
    }
    return cw_rt_event_record(event, stream);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    return cw_rt_record(event_record(event, stream, 0));
}

cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned flags) {
    return cw_rt_record(event_record(event, stream, flags));
}

/* What the event stands for now. `stream` is NULL if it was never recorded. */
static cudaError_t snapshot(cudaEvent_t event, struct cw_rt_dependency *what) {
    cw_rt_engine_lock();
    bool valid = is_event(event);
    if (valid) {
        *what = (struct cw_rt_dependency){event->stream, event->number, event, event->record};
    }
    cw_rt_engine_unlock();
    return valid ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the event was destroyed or never was one");
}

static bool is_complete(const struct cw_rt_dependency *what) {
    return !what->stream || cw_rt_native_done_event(what);
}

/* Events of captures never happen, and while there are captures asking for others may be forbidden. */
static cudaError_t check_answerable(cudaEvent_t event, const char *what, struct cw_rt_device **device) {
    cudaError_t error = cw_rt_device_current(device);
    if (error == cudaSuccess) {
        error = cw_rt_event_check(event);
    }
    if (error == cudaSuccess) {
        error = cw_rt_capture_check_event(event);
    }
    return error != cudaSuccess ? error : cw_rt_capture_forbid(what);
}

static cudaError_t event_query(cudaEvent_t event) {
    struct cw_rt_device *device;
    struct cw_rt_dependency what = {0};
    cudaError_t error = check_answerable(event, "cudaEventQuery", &device);
    if (error == cudaSuccess) {
        error = snapshot(event, &what);
    }
    if (error != cudaSuccess) {
        return error;
    }
    bool done = event->shared ? cw_rt_shared_event_done(event->shared) : is_complete(&what);
    return done ? cw_rt_device_check(device) : cudaErrorNotReady;
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
    return cw_rt_record(event_query(event));
}

static cudaError_t event_synchronize(cudaEvent_t event) {
    struct cw_rt_device *device;
    struct cw_rt_dependency what = {0};
    cudaError_t error = check_answerable(event, "cudaEventSynchronize", &device);
    if (error == cudaSuccess) {
        error = snapshot(event, &what);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (event->shared) {
        cw_rt_shared_event_synchronize(event->shared);
    } else if (what.stream) {
        cw_rt_native_wait_event(&what);
    }
    cw_rt_pools_synchronized(device);
    cw_rt_device_flush(device);
    return cw_rt_device_check(device);
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return cw_rt_record(event_synchronize(event));
}

cudaError_t cw_rt_event_wait(struct CUstream_st *stream, struct CUevent_st *event) {
    struct cw_rt_dependency what = {0};
    cudaError_t error = snapshot(event, &what);
    if (error == cudaSuccess && event->shared) {
        return cw_rt_shared_event_wait(event->shared, stream);
    }
    /* Its own stream's past is in order anyway. */
    if (error != cudaSuccess || is_complete(&what) || what.stream == stream) {
        return error;
    }
    cw_rt_stream_follow(stream, what.stream, what.number);
    struct cw_rt_operation *operation = cw_rt_operation_take(0);
    if (operation && !cw_rt_operation_depend_on(operation, &what)) {
        cw_rt_operation_give(operation);
        operation = NULL;
    }
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    return cw_rt_queue(stream, operation, CW_RT_ASYNC, NULL);
}

static cudaError_t wait_event(cudaStream_t handle, cudaEvent_t event, unsigned flags) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    bool handled = false;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        error = cw_rt_event_check(event);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (flags & ~(unsigned)cudaEventWaitExternal) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    if (cw_rt_stream_capturing(stream) && event->shared) {
        return cw_rt_capture_refuse(stream, "an event that processes share");
    }
    if (flags & cudaEventWaitExternal) {
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeWaitEvent, .eventWait = {event}};
        return cw_rt_stream_capturing(stream)
                   ? cw_rt_capture_add(stream, &params)
                   : cw_rt_fail(cudaErrorIllegalState, "cudaEventWaitExternal is for streams that capture");
    }
    if (atomic_load_explicit(&cw_rt_captures, memory_order_acquire) > 0 || event->capture) {
        error = cw_rt_capture_wait(stream, event, &handled);
    }
    if (error == cudaSuccess && !handled) {
        error = cw_rt_capture_check_legacy(stream, true);
    }
    return error != cudaSuccess || handled ? error : cw_rt_event_wait(stream, event);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags) {
    return cw_rt_record(wait_event(stream, event, flags));
}

/* ---- Time ---------------------------------------------------------------------------------------------------- */

/* When the event happened, or why that is not known. */
static cudaError_t time_of(cudaEvent_t event, uint64_t *time_ns) {
    cw_rt_engine_lock();
    cudaError_t error = cudaSuccess;
    if (!is_event(event) || !event->stream || (event->flags & cudaEventDisableTiming)) {
        error = cudaErrorInvalidResourceHandle;
    } else if (!is_complete(&(struct cw_rt_dependency){event->stream, event->number, event, event->record})) {
        error = cudaErrorNotReady;
    } else {
        *time_ns = event->time_ns;
    }
    cw_rt_engine_unlock();
    if (error == cudaErrorInvalidResourceHandle) {
        return cw_rt_fail(error, "the event does not exist, was not recorded, or was created without timing");
    }
    return error;
}

static cudaError_t elapsed_time(float *ms, cudaEvent_t start, cudaEvent_t end) {
    struct cw_rt_device *device;
    uint64_t from = 0, to = 0;
    if (!ms) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the time is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = time_of(start, &from);
    }
    if (error == cudaSuccess) {
        error = time_of(end, &to);
    }
    if (error == cudaSuccess) {
        double native;
        *ms = cw_rt_native_elapsed(start, end, &native) ? (float)native : (float)((double)(int64_t)(to - from) * 1e-6);
    }
    return error;
}

cudaError_t cudaEventElapsedTime_v2(float *ms, cudaEvent_t start, cudaEvent_t end) {
    return cw_rt_record(elapsed_time(ms, start, end));
}

cudaError_t cudaEventElapsedTime(float *ms, cudaEvent_t start, cudaEvent_t end) {
    return cw_rt_record(elapsed_time(ms, start, end));
}
