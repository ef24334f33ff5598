/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu.c: the backend `webgpu` of programs in pages: the CPU's, with a GPU before it (gpu.h). What the GPU does not have (textures, a
 * kernel that WGSL can't express, a block that is too large for the adapter) is the CPU's, and the contents of memory
 * move to where they are used. There is one queue, so all streams are one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "wasi/gpu_device.h"

/* ---- The device ---- */

static int probe(void) {
    return 300;
}

static uint32_t device_count(void) {
    return 1;
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **device) {
    struct cw_backend_device *made = calloc(1, sizeof *made);
    cw_status status = made ? cw_backend_cpu.device_open(ordinal, &made->own) : CW_ERROR_OUT_OF_MEMORY;
    if (status != CW_OK) {
        free(made);
        return status;
    }
    pthread_mutex_init(&made->lock, NULL);
    made->host_has = true;
    *device = made;
    return CW_OK;
}

static void device_close(struct cw_backend_device *device) {
    cw_backend_cpu.device_close(device->own);
    while (device->ranges) {
        struct cw_gpu_range *next = device->ranges->next;
        free(device->ranges);
        device->ranges = next;
    }
    pthread_mutex_destroy(&device->lock);
    free(device);
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    cw_backend_cpu.device_facts(device->own, facts);
    snprintf(facts->name, sizeof facts->name, "%s", cw_gpu_shared.name);
    snprintf(facts->driver, sizeof facts->driver, "WebGPU in a browser");
    if (facts->total_memory > cw_gpu_shared.memory_max) {
        facts->total_memory = cw_gpu_shared.memory_max;
    }
    facts->unified_memory = 0;
    facts->reads_host_memory = 1;
}

static void device_answers(struct cw_backend_device *device, int64_t (*answer)(void *, uint32_t, int64_t), void *context) {
    cw_backend_cpu.device_answers(device->own, answer, context);
}

static cw_status device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    return cw_backend_cpu.device_limit(device->own, limit, value);
}

/* ---- Launches that wait ---- */

static cw_status launch(struct cw_backend_device *device, const struct cw_launch *wanted, struct cw_fault *fault) {
    pthread_mutex_lock(&device->lock);
    cw_status status = cw_gpu_start_launch(device, wanted, fault);
    if (status == CW_OK) {
        status = cw_gpu_finish(device, fault);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

static void output_flush(struct cw_backend_device *device) {
    cw_backend_cpu.output_flush(device->own);
}

/* ---- Textures: kernels that use them run as WebAssembly ---- */

static cw_status image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler,
                              uint64_t *object) {
    return cw_backend_cpu.image_create(device->own, image, sampler, object);
}

static void image_destroy(struct cw_backend_device *device, uint64_t object) {
    cw_backend_cpu.image_destroy(device->own, object);
}

/* ---- Streams and events: one queue ---- */

static cw_status stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream) {
    (void)priority;
    *stream = calloc(1, sizeof **stream);
    if (!*stream) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*stream)->device = device;
    return CW_OK;
}

static void stream_destroy(struct cw_backend_stream *stream) {
    free(stream);
}

static cw_status wait_for(struct cw_backend_device *device, struct cw_fault *fault) {
    pthread_mutex_lock(&device->lock);
    cw_status status = cw_gpu_finish(device, fault);
    pthread_mutex_unlock(&device->lock);
    cw_backend_cpu.output_flush(device->own);
    return status;
}

static cw_status stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    return wait_for(stream->device, fault);
}

static bool is_idle(struct cw_backend_device *device) {
    struct cw_gpu_reply reply;
    pthread_mutex_lock(&device->lock);
    ASK(&reply, CW_GPU_IDLE, 0);
    if (reply.values[0]) {
        cw_gpu_update_shared(device, true);
    }
    pthread_mutex_unlock(&device->lock);
    return reply.values[0] != 0;
}

static bool stream_idle(struct cw_backend_stream *stream) {
    return is_idle(stream->device);
}

static cw_status stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    (void)stream, (void)other;
    return CW_OK;
}

static cw_status launch_async(struct cw_backend_stream *stream, const struct cw_launch *wanted, struct cw_fault *fault) {
    pthread_mutex_lock(&stream->device->lock);
    cw_status status = cw_gpu_start_launch(stream->device, wanted, fault);
    pthread_mutex_unlock(&stream->device->lock);
    return status;
}

static cw_status fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    return cw_gpu_fill(stream->device, dst, pattern, pattern_size, count);
}

static cw_status copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    return cw_gpu_copy(stream->device, dst, src, size, kind);
}

static cw_status event_create(struct cw_backend_device *device, struct cw_backend_event **event) {
    *event = calloc(1, sizeof **event);
    if (!*event) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*event)->device = device;
    return CW_OK;
}

static void event_destroy(struct cw_backend_event *event) {
    free(event);
}

/* An event that is older than the last CW_GPU_TIMES records has lost its time. */
static cw_status event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    struct cw_backend_device *device = stream->device;
    pthread_mutex_lock(&device->lock);
    event->place = device->next_time++ % CW_GPU_TIMES;
    ASK(NULL, CW_GPU_RECORD, event->place);
    pthread_mutex_unlock(&device->lock);
    return CW_OK;
}

static cw_status event_wait(struct cw_backend_event *event) {
    return wait_for(event->device, NULL);
}

static bool event_idle(struct cw_backend_event *event) {
    return is_idle(event->device);
}

static cw_status event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    (void)event, (void)stream;
    return CW_OK;
}

static cw_status event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    struct cw_gpu_reply reply;
    pthread_mutex_lock(&from->device->lock);
    ASK(&reply, CW_GPU_ELAPSED, from->place, to->place);
    *ms = reply.time;
    pthread_mutex_unlock(&from->device->lock);
    return reply.status == 0 ? CW_OK : CW_ERROR_FAULT;
}

static const struct cw_backend gpu = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "webgpu",
    .target = "cpu", /* the artifact by which the container names what is linked in */
    .probe = probe,
    .device_count = device_count,
    .device_open = device_open,
    .device_close = device_close,
    .device_facts = device_facts,
    .device_answers = device_answers,
    .device_limit = device_limit,
    .memory_alloc = cw_gpu_memory_alloc,
    .memory_free = cw_gpu_memory_free,
    .memory_info = cw_gpu_memory_info,
    .managed_alloc = cw_gpu_managed_alloc,
    .host_alloc = cw_gpu_host_alloc,
    .host_free = cw_gpu_host_free,
    .host_register = cw_gpu_host_register,
    .host_unregister = cw_gpu_host_unregister,
    .copy = cw_gpu_copy,
    .fill = cw_gpu_fill,
    .artifact_score = cw_gpu_artifact_score,
    .module_load = cw_gpu_module_load,
    .module_unload = cw_gpu_module_unload,
    .kernel_find = cw_gpu_kernel_find,
    .kernel_facts = cw_gpu_kernel_facts,
    .variable_find = cw_gpu_variable_find,
    .launch = launch,
    .output_flush = output_flush,
    .image_create = image_create,
    .image_destroy = image_destroy,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_wait = stream_wait,
    .stream_idle = stream_idle,
    .stream_follow = stream_follow,
    .launch_async = launch_async,
    .fill_async = fill_async,
    .copy_async = copy_async,
    .event_create = event_create,
    .event_destroy = event_destroy,
    .event_record = event_record,
    .event_wait = event_wait,
    .event_idle = event_idle,
    .event_follow = event_follow,
    .event_elapsed = event_elapsed,
};

const struct cw_backend *cw_wasi_gpu(void) {
    return cw_gpu_shared.present ? &gpu : NULL;
}
