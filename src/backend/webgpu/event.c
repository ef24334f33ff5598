/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.c: events and their times.
 *
 * An event that is recorded behind work takes the device's time by an empty pass. Where the device has nothing to do the event
 * happens when it is recorded: submitting a pass of its own would take tens of microseconds and be counted as the work before.
 * Then
 * - if work follows at once, the event takes the time at which that work's pass begins on the device;
 * - else its time is the host's, moved to the device's clock. The two clocks are compared by the last submission as NTP does (RFC 5905,
 *   section 8): it began on the device after the host submitted it, and ended before the host saw that, so the difference lies
 *   between two bounds, and the middle is taken. The bounds are some ten microseconds apart.
 */
#include <stdlib.h>
#include <time.h>

#include "backend/webgpu/webgpu.h"

#define AT_ONCE_MS 0.5 /* work that follows an event so soon began with it */

enum event_kind { EVENT_NEVER, EVENT_DEVICE, EVENT_IDLE, EVENT_HOST };

struct cw_backend_event {
    struct cw_backend_device *device;
    enum event_kind kind;
    uint32_t index;   /* EVENT_DEVICE: of its timestamp */
    double host_ms;   /* EVENT_IDLE, EVENT_HOST */
    struct cw_webgpu_span before; /* EVENT_IDLE: the work before it */
};

double cw_webgpu_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static uint32_t next_time(struct cw_backend_device *device) {
    return device->next_time++ % CW_WEBGPU_TIMES;
}

bool cw_webgpu_pass_times(struct cw_backend_device *device, WGPUPassTimestampWrites *writes) {
    struct cw_backend_event *event = device->idle_event;
    device->idle_event = NULL;
    device->copied = false;
    if (!device->timed) return false;
    bool begins = !device->recording.known;
    *writes = (WGPUPassTimestampWrites){.querySet = device->times, .beginningOfPassWriteIndex = begins ? next_time(device) : UINT32_MAX, .endOfPassWriteIndex = next_time(device)};
    if (begins) device->recording = (struct cw_webgpu_span){.known = true, .begin = writes->beginningOfPassWriteIndex};
    device->recording.end = writes->endOfPassWriteIndex;
    if (event && begins && cw_webgpu_now_ms() - event->host_ms < AT_ONCE_MS) {
        event->kind = EVENT_DEVICE;
        event->index = writes->beginningOfPassWriteIndex;
        device->timing = true;
    }
    return true;
}

/* An empty pass, which takes the time as its beginning. */
static uint32_t take_time(struct cw_backend_device *device) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    uint32_t index = next_time(device);
    const WGPUPassTimestampWrites writes = {.querySet = device->times, .beginningOfPassWriteIndex = index, .endOfPassWriteIndex = UINT32_MAX};
    WGPUComputePassEncoder pass = wgpu->CommandEncoderBeginComputePass(cw_webgpu_encoder(device), &(WGPUComputePassDescriptor){.timestampWrites = &writes});
    wgpu->ComputePassEncoderEnd(pass);
    wgpu->ComputePassEncoderRelease(pass);
    return index;
}

void cw_webgpu_end_times(struct cw_backend_device *device) {
    if (!device->recording.known || !device->copied) return;
    device->recording.end = take_time(device);
    device->copied = false;
}

cw_status cw_webgpu_event_create(struct cw_backend_device *device, struct cw_backend_event **event) {
    *event = calloc(1, sizeof **event);
    if (!*event) return CW_ERROR_OUT_OF_MEMORY;
    (*event)->device = device;
    pthread_mutex_lock(&device->lock);
    device->timed = device->times != NULL;
    pthread_mutex_unlock(&device->lock);
    return CW_OK;
}

void cw_webgpu_event_destroy(struct cw_backend_event *event) {
    pthread_mutex_lock(&event->device->lock);
    if (event->device->idle_event == event) event->device->idle_event = NULL;
    pthread_mutex_unlock(&event->device->lock);
    free(event);
}

/* Without timestamps the queue is waited for. An event that is older than the last CW_WEBGPU_TIMES times has lost its own. */
cw_status cw_webgpu_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    struct cw_backend_device *device = event->device;
    cw_status status = CW_OK;
    (void)stream;
    pthread_mutex_lock(&device->lock);
    if (!device->times) {
        status = cw_webgpu_finish(device);
        event->kind = EVENT_HOST;
        event->host_ms = cw_webgpu_now_ms();
    } else if (!device->encoder && device->last.known && cw_webgpu_is_done(device)) {
        event->kind = EVENT_IDLE;
        event->host_ms = cw_webgpu_now_ms();
        event->before = device->last;
        device->idle_event = event;
    } else {
        event->kind = EVENT_DEVICE;
        event->index = take_time(device);
        if (device->idle_event == event) device->idle_event = NULL;
        device->timing = true;
        if (device->recorded) cw_webgpu_submit(device);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

cw_status cw_webgpu_event_wait(struct cw_backend_event *event) {
    pthread_mutex_lock(&event->device->lock);
    cw_status status = cw_webgpu_finish(event->device);
    pthread_mutex_unlock(&event->device->lock);
    return status;
}

bool cw_webgpu_event_idle(struct cw_backend_event *event) {
    pthread_mutex_lock(&event->device->lock);
    cw_webgpu_submit(event->device);
    bool done = cw_webgpu_is_done(event->device) || event->device->lost;
    pthread_mutex_unlock(&event->device->lock);
    return done;
}

cw_status cw_webgpu_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    (void)event, (void)stream; /* one queue: it does */
    return CW_OK;
}

static cw_status read_index(struct cw_backend_device *device, uint32_t index, double *ms) {
    uint64_t ticks = 0;
    cw_webgpu()->CommandEncoderResolveQuerySet(cw_webgpu_encoder(device), device->times, index, 1, device->times_buffer, 0);
    cw_status status = cw_webgpu_read(device, device->times_buffer, 0, &ticks, 8);
    if (!device->first_ticks) device->first_ticks = ticks;
    *ms = (double)(int64_t)(ticks - device->first_ticks) * device->period_ns * 1e-6;
    return status;
}

static cw_status read_time(struct cw_backend_event *event, double *ms) {
    struct cw_backend_device *device = event->device;
    double begin, end;
    switch (event->kind) {
    case EVENT_DEVICE: return read_index(device, event->index, ms);
    case EVENT_IDLE: {
        const struct cw_webgpu_span *before = &event->before;
        cw_status status = read_index(device, before->begin, &begin);
        if (status == CW_OK) status = read_index(device, before->end, &end);
        if (status == CW_OK) *ms = event->host_ms - ((before->submitted_ms - begin) + (before->done_ms - end)) / 2;
        return status;
    }
    default: *ms = event->host_ms; return CW_OK;
    }
}

cw_status cw_webgpu_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    double first = 0, second = 0;
    pthread_mutex_lock(&from->device->lock);
    cw_status status = read_time(from, &first);
    if (status == CW_OK) status = read_time(to, &second);
    pthread_mutex_unlock(&from->device->lock);
    *ms = second - first;
    return status;
}
