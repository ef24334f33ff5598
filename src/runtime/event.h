/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h: events. An event is the (stream, number) of the operation that recorded it last, and the time when that
 * operation completed. Slots (slots.h) under the engine's lock: `record` only grows, so that an operation of an earlier
 * record doesn't touch a later one.
 */
#ifndef CW_RUNTIME_EVENT_H
#define CW_RUNTIME_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "runtime/stream.h"

struct cw_rt_device;
struct cw_rt_shared_event;

struct CUevent_st {
    bool live;
    struct cw_rt_device *device;
    uint64_t context; /* that it was created in (context.h) */
    unsigned flags;
    uint64_t record;            /* counts records; the newest one is what the event stands for */
    struct CUstream_st *stream; /* NULL until recorded */
    uint64_t number;
    uint64_t time_ns; /* when it completed; meaningful once it has */
    /* native.c's: the device's own event, kept while the slot lives on the same device, and the record that it has. */
    _Atomic(struct cw_backend_event *) native;
    struct cw_rt_device *native_device;
    _Atomic uint64_t native_record;

    /* Recorded last in a capturing stream (capture.c, under the graphs' lock): the capture, and what the record stands
     * for. */
    _Atomic(struct cw_rt_capture *) capture;
    struct cw_rt_edges capture_dependencies;

    struct cw_rt_shared_event *shared; /* with cudaEventInterprocess: then it alone counts (share.h) */
};

/* cudaErrorInvalidResourceHandle when it is none. */
cudaError_t cw_rt_event_check(struct CUevent_st *event);
/* Makes an event of what another process shares; takes it over. */
cudaError_t cw_rt_event_adopt(cudaEvent_t *event, struct cw_rt_shared_event *shared);
/* Records the event behind the work of a stream, and lets a stream wait for it. Captures are the caller's business. */
cudaError_t cw_rt_event_record(struct CUevent_st *event, struct CUstream_st *stream);
cudaError_t cw_rt_event_wait(struct CUstream_st *stream, struct CUevent_st *event);

void cw_rt_events_close(struct cw_rt_device *device);
void cw_rt_events_close_context(struct cw_rt_device *device, uint64_t context);

#endif
