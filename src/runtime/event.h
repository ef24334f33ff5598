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

struct cw_rt_device;

struct CUevent_st {
    bool live;
    struct cw_rt_device *device;
    unsigned flags;
    uint64_t record;            /* counts records; the newest one is what the event stands for */
    struct CUstream_st *stream; /* NULL until recorded */
    uint64_t number;
    uint64_t time_ns; /* when it completed; meaningful once it has */
};

void cw_rt_events_close(struct cw_rt_device *device);

#endif
