/* SPDX-License-Identifier: Apache-2.0 */
/* native.c: see native.h. */
#include "runtime/native.h"

#include <stdio.h>

#include "runtime/device.h"
#include "runtime/engine.h"
#include "runtime/launch.h"
#include "runtime/thread.h"

#define POLLED_MAX 64u

static const struct cw_backend *backend_of_process(void) {
    const struct cw_backend *backend = NULL;
    (void)cw_rt_backend(&backend);
    return backend;
}

bool cw_rt_native_done(const struct CUstream_st *stream, uint64_t number) {
    return atomic_load_explicit(&stream->completed, memory_order_acquire) >= number && !cw_rt_native_pending(stream);
}

/* ---- Queues -------------------------------------------------------------------------------------------------- */

/* What was issued up to `count` is done. */
static void settle(struct CUstream_st *stream, uint64_t count) {
    uint64_t seen = atomic_load_explicit(&stream->settled, memory_order_relaxed);
    while (seen < count && !atomic_compare_exchange_weak_explicit(&stream->settled, &seen, count, memory_order_acq_rel,
                                                                  memory_order_relaxed)) {
    }
    if (!cw_rt_native_pending(stream)) {
        cw_rt_engine_lock();
        cw_rt_engine_rest(stream);
        cw_rt_engine_reap(stream);
        cw_rt_engine_unlock();
    }
}

static void fail(struct cw_rt_device *device, cw_status status, struct cw_fault *fault) {
    if (!fault->message[0]) {
        snprintf(fault->message, sizeof fault->message, "the device %s failed: %s", device->facts.name,
                 cw_status_text(status));
    }
    cw_rt_device_fail(device, cw_rt_fault_error(fault->kind), fault->message);
}

void cw_rt_native_wait(struct CUstream_st *stream) {
    struct cw_backend_stream *native = atomic_load_explicit(&stream->native, memory_order_acquire);
    uint64_t count = atomic_load_explicit(&stream->issued, memory_order_acquire);
    struct cw_fault fault;
    if (!native || !cw_rt_native_pending(stream)) {
        return;
    }
    fault.kind = CW_FAULT_NONE;
    fault.message[0] = '\0';
    cw_status status = backend_of_process()->stream_wait(native, &fault);
    if (status != CW_OK) {
        fail(stream->native_device, status, &fault);
    }
    settle(stream, count);
}

void cw_rt_native_poll(struct cw_rt_device *device) {
    struct CUstream_st *streams[POLLED_MAX];
    size_t count = 0;
    if (!device->native) {
        return;
    }
    cw_rt_engine_lock();
    for (struct CUstream_st *stream = cw_rt_engine.busy; stream && count < POLLED_MAX; stream = stream->busy_next) {
        if (stream->device == device && cw_rt_native_pending(stream)) {
            streams[count++] = stream;
        }
    }
    cw_rt_engine_unlock();
    for (size_t i = 0; i < count; i++) {
        struct cw_backend_stream *native = atomic_load_explicit(&streams[i]->native, memory_order_acquire);
        if (native && backend_of_process()->stream_idle(native)) {
            cw_rt_native_wait(streams[i]); /* which doesn't block, and learns of faults */
        }
    }
}

static cudaError_t drop_queue(struct CUstream_st *stream) {
    struct cw_backend_stream *native = atomic_load_explicit(&stream->native, memory_order_acquire);
    if (native) {
        cw_rt_native_wait(stream);
        backend_of_process()->stream_destroy(native);
        atomic_store_explicit(&stream->native, NULL, memory_order_release);
    }
    stream->native_followed = NULL;
    return cudaSuccess;
}

/* The stream's queue, for whoever runs the stream. A slot that found another use keeps it if it can. */
static cudaError_t own_queue(struct CUstream_st *stream, struct cw_backend_stream **native) {
    *native = atomic_load_explicit(&stream->native, memory_order_acquire);
    if (*native && stream->native_device == stream->device && stream->native_priority == stream->priority) {
        return cudaSuccess;
    }
    (void)drop_queue(stream);
    cw_status status = backend_of_process()->stream_create(stream->device->backend, stream->priority, native);
    if (status != CW_OK) {
        *native = NULL;
        return cw_rt_status_error(status);
    }
    stream->native_device = stream->device;
    stream->native_priority = stream->priority;
    atomic_store_explicit(&stream->native, *native, memory_order_release);
    return cudaSuccess;
}

/* ---- Running ------------------------------------------------------------------------------------------------- */

static void note_issue(struct CUstream_st *stream) {
    atomic_fetch_add_explicit(&stream->issued, 1, memory_order_acq_rel);
}

/* What is issued to `stream` from now on comes behind what the dependency names. */
static cudaError_t follow(struct CUstream_st *stream, struct cw_backend_stream *native,
                          const struct cw_rt_dependency *dependency) {
    struct CUstream_st *other = dependency->stream;
    struct CUevent_st *event = dependency->event;
    if (other == stream || !cw_rt_native_pending(other)) {
        return cudaSuccess;
    }
    if (other->native_device != stream->device) {
        cw_rt_native_wait(other);
        return cudaSuccess;
    }
    note_issue(stream);
    struct cw_backend_event *recorded =
        event ? atomic_load_explicit(&event->native, memory_order_acquire) : NULL;
    if (recorded && atomic_load_explicit(&event->native_record, memory_order_acquire) == dependency->record) {
        return cw_rt_status_error(backend_of_process()->event_follow(recorded, native));
    }
    uint64_t issued = atomic_load_explicit(&other->issued, memory_order_acquire);
    if (stream->native_followed == other && stream->native_followed_issued == issued) {
        return cudaSuccess;
    }
    stream->native_followed = other;
    stream->native_followed_issued = issued;
    return cw_rt_status_error(backend_of_process()->stream_follow(
        native, atomic_load_explicit(&other->native, memory_order_acquire)));
}

static cudaError_t order(struct CUstream_st *stream, struct cw_backend_stream *native,
                         const struct cw_rt_operation *operation, bool issues) {
    cudaError_t error = cudaSuccess;
    for (uint32_t i = 0; i < operation->dependency_count && error == cudaSuccess; i++) {
        if (issues) {
            error = follow(stream, native, &operation->dependencies[i]);
        } else {
            cw_rt_native_wait(operation->dependencies[i].stream);
        }
    }
    if (!issues) {
        cw_rt_native_wait(stream);
    }
    return error;
}

static cudaError_t record(struct CUevent_st *event, uint64_t number, struct cw_backend_stream *native,
                          struct cw_rt_device *device) {
    const struct cw_backend *backend = backend_of_process();
    struct cw_backend_event *own = atomic_load_explicit(&event->native, memory_order_acquire);
    cw_status status = CW_OK;
    if (own && event->native_device != device) {
        backend->event_destroy(own);
        atomic_store_explicit(&event->native, NULL, memory_order_release);
        own = NULL;
    }
    if (!own) {
        status = backend->event_create(device->backend, &own);
        event->native_device = device;
    }
    if (status == CW_OK) {
        atomic_store_explicit(&event->native, own, memory_order_release);
        status = backend->event_record(own, native);
    }
    if (status == CW_OK) {
        atomic_store_explicit(&event->native_record, number, memory_order_release);
    }
    return cw_rt_status_error(status);
}

cudaError_t cw_rt_native_execute(struct CUstream_st *stream, struct cw_rt_operation *operation) {
    bool issues = !operation->execute || (operation->flags & CW_RT_ISSUES);
    struct cw_backend_stream *native = NULL;
    struct cw_rt_device *device = stream->device;
    cudaError_t error = issues ? own_queue(stream, &native) : cudaSuccess;
    if (error == cudaSuccess) {
        error = order(stream, native, operation, issues);
    }
    if (error == cudaSuccess && operation->execute &&
        (cw_rt_device_failure(device) == cudaSuccess || (operation->flags & CW_RT_EVEN_AFTER_FAULT))) {
        struct cw_rt_thread *thread = cw_rt_thread();
        struct cw_backend_stream *outer = thread->native;
        thread->native = native;
        if (issues) {
            note_issue(stream);
        }
        error = operation->execute(device, operation->payload);
        thread->native = outer;
    }
    struct CUevent_st *event = operation->event;
    if (error == cudaSuccess && event && native && event->record == operation->record &&
        backend_of_process()->event_create) {
        error = record(event, operation->record, native, device);
    }
    return error;
}

/* ---- Events -------------------------------------------------------------------------------------------------- */

/* The device's event if it stands for that record. */
static struct cw_backend_event *event_of(const struct cw_rt_dependency *what) {
    struct cw_backend_event *native =
        what->event ? atomic_load_explicit(&what->event->native, memory_order_acquire) : NULL;
    return native && atomic_load_explicit(&what->event->native_record, memory_order_acquire) == what->record ? native
                                                                                                             : NULL;
}

bool cw_rt_native_done_event(const struct cw_rt_dependency *what) {
    if (atomic_load_explicit(&what->stream->completed, memory_order_acquire) < what->number) {
        return false;
    }
    if (!cw_rt_native_pending(what->stream)) {
        return true;
    }
    struct cw_backend_event *event = event_of(what);
    if (event) {
        return backend_of_process()->event_idle(event);
    }
    struct cw_backend_stream *native = atomic_load_explicit(&what->stream->native, memory_order_acquire);
    return !native || backend_of_process()->stream_idle(native);
}

void cw_rt_native_wait_event(const struct cw_rt_dependency *what) {
    cw_rt_stream_wait_issued(what->stream, what->number);
    struct cw_backend_event *event = event_of(what);
    if (!event || !cw_rt_native_pending(what->stream)) {
        cw_rt_native_wait(what->stream);
    } else if (backend_of_process()->event_wait(event) != CW_OK) {
        cw_rt_native_wait(what->stream); /* which knows what happened */
    }
}

bool cw_rt_native_elapsed(struct CUevent_st *from, struct CUevent_st *to, double *ms) {
    struct cw_backend_event *begin = atomic_load_explicit(&from->native, memory_order_acquire);
    struct cw_backend_event *end = atomic_load_explicit(&to->native, memory_order_acquire);
    return begin && end && from->native_device == to->native_device &&
           backend_of_process()->event_elapsed(begin, end, ms) == CW_OK;
}

/* ---- Closing ------------------------------------------------------------------------------------------------- */

void cw_rt_native_close_streams(struct cw_rt_device *device) {
    struct CUstream_st *stream = NULL;
    for (size_t i = 0; device->native; i++) {
        cw_rt_engine_lock();
        stream = cw_rt_slots_at(&cw_rt_engine.streams, i);
        cw_rt_engine_unlock();
        if (!stream) {
            break;
        }
        if (stream->native_device == device) {
            (void)drop_queue(stream);
            settle(stream, atomic_load_explicit(&stream->issued, memory_order_acquire));
            stream->native_device = NULL;
        }
    }
}

void cw_rt_native_close_events(struct cw_rt_device *device) {
    struct CUevent_st *event = NULL;
    for (size_t i = 0; device->native; i++) {
        cw_rt_engine_lock();
        event = cw_rt_slots_at(&cw_rt_engine.events, i);
        cw_rt_engine_unlock();
        if (!event) {
            break;
        }
        struct cw_backend_event *native = atomic_load_explicit(&event->native, memory_order_acquire);
        if (native && event->native_device == device) {
            backend_of_process()->event_destroy(native);
            atomic_store_explicit(&event->native, NULL, memory_order_release);
            event->native_device = NULL;
        }
    }
}
