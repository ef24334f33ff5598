/* SPDX-License-Identifier: Apache-2.0 */
/*
 * native.h: devices with queues of their own: backends with the members from stream_create on.
 *
 * The engine orders operations as on every device (stream.h); running one means issuing it to its stream's queue, which is
 * made when it is first needed. Dependencies on other streams become waits of the queue, so that the host waits for
 * nothing; operations that are the host's own business wait for the queue first. `issued` and `settled` of a stream say
 * how much went to its queue and how much of that is known to be done.
 *
 * All of it is for streams of devices whose `native` is set; on others nothing is ever pending.
 */
#ifndef CW_RUNTIME_NATIVE_H
#define CW_RUNTIME_NATIVE_H

#include "runtime/event.h"
#include "runtime/stream.h"

/* True if work that was issued may still run, as far as is known. */
static inline bool cw_rt_native_pending(const struct CUstream_st *stream) {
    return atomic_load_explicit(&stream->issued, memory_order_acquire) !=
           atomic_load_explicit(&stream->settled, memory_order_acquire);
}

/* True if operation `number` is known to be done, on the device too. */
bool cw_rt_native_done(const struct CUstream_st *stream, uint64_t number);

/* Runs an operation, by whoever runs its stream, without the engine's lock. */
cudaError_t cw_rt_native_execute(struct CUstream_st *stream, struct cw_rt_operation *operation);
/* Waits for what is in the stream's queue now. A fault makes the device fail. */
void cw_rt_native_wait(struct CUstream_st *stream);
/* Asks the queues of a device with work pending whether they are done. Without the engine's lock. */
void cw_rt_native_poll(struct cw_rt_device *device);

/* Whether the record of an event has happened; asks the device, never waits. Waits for it. */
bool cw_rt_native_done_event(const struct cw_rt_dependency *what);
void cw_rt_native_wait_event(const struct cw_rt_dependency *what);
/* The device's own time between two events that have happened; false when it took none. */
bool cw_rt_native_elapsed(struct CUevent_st *from, struct CUevent_st *to, double *ms);

/* Gives the queues and events of a device back, on which nothing runs, before it is closed. */
void cw_rt_native_close_streams(struct cw_rt_device *device);
void cw_rt_native_close_events(struct cw_rt_device *device);

#endif
