/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c: streams and events. Streams are non-blocking ones of the driver: the runtime knows CUDA's rules between
 * streams and says itself which follows which.
 */
#include <stdio.h>
#include <stdlib.h>

#include "backend/cuda/device.h"

#define STREAM_NON_BLOCKING 1u
#define EVENT_DISABLE_TIMING 2u

cw_status cw_cuda_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **result) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_backend_stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    stream->device = device;
    cw_cuda_enter(device);
    int code = driver->stream_create(&stream->handle, STREAM_NON_BLOCKING, priority);
    if (code == CW_CUDA_SUCCESS) {
        code = driver->event_create(&stream->marker, EVENT_DISABLE_TIMING);
    }
    if (code != CW_CUDA_SUCCESS) {
        cw_cuda_stream_destroy(stream);
        return cw_cuda_status(code);
    }
    *result = stream;
    return CW_OK;
}

void cw_cuda_stream_destroy(struct cw_backend_stream *stream) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    cw_cuda_enter(stream->device);
    if (stream->marker) {
        (void)driver->event_destroy(stream->marker);
    }
    if (stream->handle) {
        (void)driver->stream_destroy(stream->handle);
    }
    free(stream);
}

cw_status cw_cuda_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    char what[512];
    cw_cuda_enter(stream->device);
    int result = cw_cuda_driver()->stream_wait(stream->handle);
    if (result == CW_CUDA_SUCCESS || result == CW_CUDA_DEINITIALIZED) {
        return CW_OK; /* the process is about to end, and nothing runs any more */
    }
    snprintf(what, sizeof what, "work on %s (launched last: %s)", stream->device->name,
             stream->last ? stream->last : "no kernel");
    return cw_cuda_fault(result, what, fault);
}

bool cw_cuda_stream_idle(struct cw_backend_stream *stream) {
    cw_cuda_enter(stream->device);
    return cw_cuda_driver()->stream_query(stream->handle) != CW_CUDA_NOT_READY;
}

cw_status cw_cuda_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    cw_cuda_enter(stream->device);
    int result = driver->event_record(other->marker, other->handle);
    if (result == CW_CUDA_SUCCESS) {
        result = driver->stream_follow(stream->handle, other->marker, 0);
    }
    return cw_cuda_status(result);
}

/* ---- Events -------------------------------------------------------------------------------------------------- */

cw_status cw_cuda_event_create(struct cw_backend_device *device, struct cw_backend_event **result) {
    struct cw_backend_event *event = calloc(1, sizeof *event);
    if (!event) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    event->device = device;
    cw_cuda_enter(device);
    cw_status status = cw_cuda_status(cw_cuda_driver()->event_create(&event->handle, 0));
    if (status != CW_OK) {
        free(event);
        return status;
    }
    *result = event;
    return CW_OK;
}

void cw_cuda_event_destroy(struct cw_backend_event *event) {
    cw_cuda_enter(event->device);
    (void)cw_cuda_driver()->event_destroy(event->handle);
    free(event);
}

cw_status cw_cuda_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    cw_cuda_enter(event->device);
    return cw_cuda_status(cw_cuda_driver()->event_record(event->handle, stream->handle));
}

cw_status cw_cuda_event_wait(struct cw_backend_event *event) {
    cw_cuda_enter(event->device);
    return cw_cuda_status(cw_cuda_driver()->event_wait(event->handle));
}

bool cw_cuda_event_idle(struct cw_backend_event *event) {
    cw_cuda_enter(event->device);
    return cw_cuda_driver()->event_query(event->handle) != CW_CUDA_NOT_READY;
}

cw_status cw_cuda_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    cw_cuda_enter(event->device);
    return cw_cuda_status(cw_cuda_driver()->stream_follow(stream->handle, event->handle, 0));
}

cw_status cw_cuda_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    float time = 0;
    cw_cuda_enter(from->device);
    cw_status status = cw_cuda_status(cw_cuda_driver()->event_elapsed(&time, from->handle, to->handle));
    *ms = (double)time;
    return status;
}
