/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c: streams and events. All of a device's streams go to its one queue, in the order in which work was issued, so
 * nothing has to wait for other streams, and events need no waiting on the device. Work is submitted at once while the
 * device has little to do; else it joins the batch that is being recorded, which the next call that waits or asks submits:
 * so a launch costs a few commands, not a submission.
 */
#include <stdlib.h>

#include "backend/vulkan/device.h"

#define IN_FLIGHT_MAX 3u
#define BATCH_COMMANDS_MAX 64u

struct cw_backend_stream {
    struct cw_backend_device *device;
    uint64_t last; /* the batch with what was issued last */
};

struct cw_backend_event {
    struct cw_backend_device *device;
    uint32_t stamp;  /* the time of its last record */
    uint64_t number; /* the batch of that; 0: none */
};

/* ---- With the lock held --------------------------------------------------------------------------------------- */

static void settle(struct cw_backend_device *device, uint64_t done) {
    if (done == device->submitted && !device->recording) {
        device->parameters_used = 0;
    }
}

/* The batch that what is recorded now will be in. */
static uint64_t next_number(const struct cw_backend_device *device) {
    return device->submitted + 1;
}

static cw_status issued(struct cw_backend_stream *stream) {
    struct cw_backend_device *device = stream->device;
    stream->last = next_number(device);
    bool full = ++device->recorded >= BATCH_COMMANDS_MAX;
    if (full || device->submitted - cw_vk_done(device) < IN_FLIGHT_MAX) {
        return cw_vk_submit(device);
    }
    return CW_OK;
}

/* Waits without the lock, which is held before and after. */
static cw_status wait_number(struct cw_backend_device *device, uint64_t number) {
    cw_status status = CW_OK;
    if (number > device->submitted) {
        status = cw_vk_submit(device);
    }
    if (status != CW_OK || !number) {
        return status;
    }
    pthread_mutex_unlock(&device->lock);
    status = cw_vk_wait_number(device, number);
    pthread_mutex_lock(&device->lock);
    settle(device, cw_vk_done(device));
    return status;
}

static bool is_idle(struct cw_backend_device *device, uint64_t number) {
    if (number > device->submitted && cw_vk_submit(device) != CW_OK) {
        return true;
    }
    bool idle = cw_vk_done(device) >= number;
    if (idle) {
        (void)cw_vk_wait_number(device, number); /* which the host has seen */
    }
    settle(device, cw_vk_done(device));
    return idle || device->lost;
}

/* ---- Streams -------------------------------------------------------------------------------------------------- */

cw_status cw_vk_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream) {
    (void)priority;
    *stream = calloc(1, sizeof **stream);
    if (!*stream) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*stream)->device = device;
    return CW_OK;
}

void cw_vk_stream_destroy(struct cw_backend_stream *stream) {
    free(stream);
}

cw_status cw_vk_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    struct cw_backend_device *device = stream->device;
    pthread_mutex_lock(&device->lock);
    cw_status status = wait_number(device, stream->last);
    if (status == CW_OK || device->lost) {
        status = cw_vk_read_fault(device, fault);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

bool cw_vk_stream_idle(struct cw_backend_stream *stream) {
    pthread_mutex_lock(&stream->device->lock);
    bool idle = is_idle(stream->device, stream->last);
    pthread_mutex_unlock(&stream->device->lock);
    return idle;
}

cw_status cw_vk_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    (void)stream, (void)other; /* one queue: what was issued before is done before */
    return CW_OK;
}

cw_status cw_vk_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch, struct cw_fault *fault) {
    cw_status status = cw_vk_malloc_prepare(launch->kernel->module);
    pthread_mutex_lock(&stream->device->lock);
    status = status == CW_OK ? cw_vk_record_launch(stream->device, launch, fault) : status;
    if (status == CW_OK) {
        status = issued(stream);
    }
    if (stream->device->lost) {
        status = cw_vk_read_fault(stream->device, fault);
    }
    pthread_mutex_unlock(&stream->device->lock);
    return status;
}

cw_status cw_vk_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    struct cw_backend_device *device = stream->device;
    uint64_t offset, bytes = (uint64_t)count * pattern_size;
    pthread_mutex_lock(&device->lock);
    struct cw_vk_block *block = cw_vk_find(device, dst, &offset);
    bool whole = block && !device->unified && offset % 4 == 0 && bytes % 4 == 0 && bytes;
    VkCommandBuffer commands = whole ? cw_vk_record(device, CW_VK_TRANSFER) : NULL;
    cw_status status = CW_OK;
    if (commands) {
        uint32_t word = pattern_size == 1 ? (pattern & 0xff) * 0x01010101u : pattern_size == 2 ? (pattern & 0xffff) * 0x00010001u : pattern;
        device->vk.CmdFillBuffer(commands, block->buffer, offset, bytes, word);
        status = issued(stream);
    }
    pthread_mutex_unlock(&device->lock);
    return commands ? status : cw_vk_fill(device, dst, pattern, pattern_size, count);
}

/* The buffer that memory lies in, if the device reaches it by a copy: its own, or page-locked memory of the host. */
static struct cw_vk_block *reachable(struct cw_backend_device *device, const void *pointer, size_t size, bool host, uint64_t *offset) {
    return host ? cw_vk_pinned_find(device, pointer, size, offset) : cw_vk_find(device, pointer, offset);
}

/* A command, where the device reaches both. Anything else is done when it returns, behind all that was issued. */
cw_status cw_vk_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    struct cw_backend_device *device = stream->device;
    if (device->unified || !size) {
        return cw_vk_copy(device, dst, src, size, kind);
    }
    uint64_t to_offset, from_offset;
    pthread_mutex_lock(&device->lock);
    struct cw_vk_block *to = reachable(device, dst, size, kind == CW_COPY_DEVICE_TO_HOST, &to_offset);
    struct cw_vk_block *from = reachable(device, src, size, kind == CW_COPY_HOST_TO_DEVICE, &from_offset);
    cw_status status = device->lost ? CW_ERROR_FAULT : CW_ERROR_INVALID_ARGUMENT;
    if (to && from && (status = cw_vk_copy_between(device, to, to_offset, from, from_offset, size)) == CW_OK) {
        if (kind == CW_COPY_DEVICE_TO_HOST) {
            cw_vk_for_host(device);
        }
        status = issued(stream);
    }
    pthread_mutex_unlock(&device->lock);
    return (!to || !from) && kind != CW_COPY_DEVICE_TO_DEVICE ? cw_vk_copy(device, dst, src, size, kind) : status;
}

/* ---- Events --------------------------------------------------------------------------------------------------- */

cw_status cw_vk_event_create(struct cw_backend_device *device, struct cw_backend_event **event) {
    *event = calloc(1, sizeof **event);
    if (!*event) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*event)->device = device;
    (*event)->stamp = CW_VK_STAMP_NONE;
    pthread_mutex_lock(&device->lock);
    device->event_count++;
    pthread_mutex_unlock(&device->lock);
    return CW_OK;
}

void cw_vk_event_destroy(struct cw_backend_event *event) {
    struct cw_backend_device *device = event->device;
    pthread_mutex_lock(&device->lock);
    (void)wait_number(device, event->number);
    cw_vk_stamp_release(device, event->stamp);
    device->event_count--;
    pthread_mutex_unlock(&device->lock);
    free(event);
}

/* An event behind work that has just been submitted takes the time of that batch's end, and costs nothing. Else it is a command of
 * its own: if work is being recorded, behind that, which is submitted then so that nothing else gets into the time; if not, it
 * joins what comes next, since a submission of its own would only put time between it and that. */
cw_status cw_vk_event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    struct cw_backend_device *device = event->device;
    pthread_mutex_lock(&device->lock);
    cw_status status = CW_OK;
    if (device->recording && device->recorded) {
        status = cw_vk_submit(device);
    }
    uint32_t stamp = status == CW_OK ? cw_vk_recent_stamp(device) : CW_VK_STAMP_NONE;
    if (stamp != CW_VK_STAMP_NONE) {
        cw_vk_stamp_hold(device, stamp);
        event->number = stream->last = device->submitted;
    } else if (status == CW_OK) {
        VkCommandBuffer commands = cw_vk_record(device, 0);
        stamp = cw_vk_stamp_take(device);
        status = !commands ? CW_ERROR_FAULT : stamp == CW_VK_STAMP_NONE ? CW_ERROR_OUT_OF_MEMORY : CW_OK;
        if (status == CW_OK) {
            cw_vk_stamp_write(device, commands, stamp);
            event->number = stream->last = next_number(device);
        }
    }
    if (status == CW_OK) {
        cw_vk_stamp_release(device, event->stamp);
        event->stamp = stamp;
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

cw_status cw_vk_event_wait(struct cw_backend_event *event) {
    pthread_mutex_lock(&event->device->lock);
    cw_status status = wait_number(event->device, event->number);
    pthread_mutex_unlock(&event->device->lock);
    return status;
}

bool cw_vk_event_idle(struct cw_backend_event *event) {
    pthread_mutex_lock(&event->device->lock);
    bool idle = is_idle(event->device, event->number);
    pthread_mutex_unlock(&event->device->lock);
    return idle;
}

cw_status cw_vk_event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    (void)event, (void)stream;
    return CW_OK;
}

cw_status cw_vk_event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    struct cw_backend_device *device = from->device;
    uint64_t begin = 0, end = 0;
    pthread_mutex_lock(&device->lock);
    cw_status status = wait_number(device, from->number > to->number ? from->number : to->number);
    if (status == CW_OK) {
        status = cw_vk_stamp_read(device, from->stamp, &begin);
    }
    if (status == CW_OK) {
        status = cw_vk_stamp_read(device, to->stamp, &end);
    }
    pthread_mutex_unlock(&device->lock);
    *ms = ((double)end - (double)begin) * (double)device->adapter->properties.limits.timestampPeriod * 1e-6;
    return status;
}
