/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: launches, and streams on the one queue. Launches are recorded into one compute pass (WebGPU orders the
 * dispatches of a pass by what they write) and submitted at once where the device has nothing to do.
 */
#include "backend/webgpu/webgpu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* struct Launch of the shaders. */
struct launch_words {
    uint32_t grid[3], folded, globals, heap_high, unused[2];
};

/* A slot of the ring with `size` bytes; the work that used it before is submitted, so that the queue orders the two. */
static uint32_t take_slot(struct cw_backend_device *device, uint32_t size) {
    uint32_t want = (size + CW_WEBGPU_SLOT - 1) & ~(CW_WEBGPU_SLOT - 1);
    if (device->ring_end + want > CW_WEBGPU_RING_BYTES) {
        cw_webgpu_submit(device);
        device->ring_start = device->ring_end = 0;
    }
    uint32_t slot = device->ring_end;
    device->ring_end += want;
    return slot;
}

static cw_status refused(struct cw_fault *fault, cw_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
static cw_status refused(struct cw_fault *fault, cw_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    return status;
}

/* How many groups to dispatch. False when there are too many even folded. */
static bool fold(const struct cw_backend_device *device, struct cw_dim3 grid, struct cw_dim3 *groups, struct cw_webgpu_fold *fold) {
    uint32_t most = device->limits.maxComputeWorkgroupsPerDimension, wide = most;
    *fold = (struct cw_webgpu_fold){0};
    *groups = grid;
    if (grid.x <= most && grid.y <= most && grid.z <= most) return true;
    uint64_t total = (uint64_t)grid.x * grid.y;
    if (total > UINT32_MAX || (total *= grid.z) > UINT32_MAX || (total + most - 1) / most > most) return false;
    /* A power of two is cheaper to multiply by, where it reaches. */
    for (uint32_t power = 1; power && power <= most; power *= 2)
        if ((total + power - 1) / power <= most) wide = power;
    *fold = (struct cw_webgpu_fold){wide, grid.y == 1 && grid.z == 1};
    *groups = (struct cw_dim3){wide, (uint32_t)((total + wide - 1) / wide), 1};
    return true;
}

/* The arguments in a slot of the ring. */
static void set_arguments(struct cw_backend_device *device, const struct cw_backend_kernel *kernel, const struct cw_launch *launch, const struct launch_words *words, uint32_t slot) {
    memcpy(device->ring_data + slot, words, sizeof *words);
    memcpy(device->ring_data + slot + CW_WEBGPU_SLOT, launch->params, kernel->param_bytes);
    const uint32_t offsets[2] = {slot + CW_WEBGPU_SLOT, slot};
    cw_webgpu()->ComputePassEncoderSetBindGroup(device->pass, 0, device->group, 2, offsets);
    device->group_bound = NULL;
}

/* The arguments with the launch: nothing has to be written before, which costs the driver more than the launch. */
static void set_immediates(struct cw_backend_device *device, const struct cw_backend_kernel *kernel, const struct cw_launch *launch, const struct launch_words *words) {
    unsigned char bytes[CW_WEBGPU_IMMEDIATE_MAX] = {0};
    memcpy(bytes, words, sizeof *words);
    memcpy(bytes + CW_WEBGPU_IMMEDIATE_ARGUMENTS, launch->params, kernel->param_bytes);
    cw_webgpu()->ComputePassEncoderSetImmediates(device->pass, 0, bytes, CW_WEBGPU_IMMEDIATE_ARGUMENTS + ((kernel->param_bytes + 15) & ~15u));
    if (device->group_bound != device->immediate_group) cw_webgpu()->ComputePassEncoderSetBindGroup(device->pass, 0, device->immediate_group, 0, NULL);
    device->group_bound = device->immediate_group;
    if (kernel->constants) cw_webgpu()->ComputePassEncoderSetBindGroup(device->pass, 1, kernel->module->constants.group, 0, NULL);
}

cw_status cw_webgpu_record(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    struct cw_backend_kernel *kernel = launch->kernel;
    struct cw_dim3 groups;
    struct cw_webgpu_fold folding;
    struct launch_words words = {.grid = {launch->grid.x, launch->grid.y, launch->grid.z}, .heap_high = (uint32_t)((uintptr_t)device->base >> 32)};
    if (device->lost) return refused(fault, CW_ERROR_FAULT, "The device is lost: %s", device->message);
    if (!kernel->text) return refused(fault, CW_ERROR_UNSUPPORTED, "%s", kernel->reason ? kernel->reason : "the kernel has no shader");
    if (kernel->param_bytes > CW_WEBGPU_ARGUMENTS) return refused(fault, CW_ERROR_UNSUPPORTED, "the kernel '%s' has more than %u bytes of parameters", kernel->name, CW_WEBGPU_ARGUMENTS);
    if (!fold(device, launch->grid, &groups, &folding)) return refused(fault, CW_ERROR_UNSUPPORTED, "a grid of %u x %u x %u blocks is too large for WebGPU", launch->grid.x, launch->grid.y, launch->grid.z);
    if (launch->cooperative) return refused(fault, CW_ERROR_UNSUPPORTED, "WebGPU has no cooperative launches");
    char message[900];
    uint32_t dynamic_words = kernel->dynamic ? (launch->dynamic_shared + 3) / 4 : 0;
    WGPUComputePipeline pipeline = cw_webgpu_pipeline(kernel, launch->block, dynamic_words, folding, message, sizeof message);
    if (!pipeline) return refused(fault, CW_ERROR_LAUNCH, "%s", message);

    words.folded = folding.folded;
    cw_webgpu_reports_expect(kernel->module, kernel->name);
    words.globals = kernel->module->globals ? (uint32_t)((char *)kernel->module->globals - device->base) : 0;
    uint32_t slot = kernel->immediate ? 0 : take_slot(device, CW_WEBGPU_SLOT + kernel->param_bytes);
    if (device->with_constants) cw_webgpu_constants_watch(device, launch->params, kernel->param_bytes);
    if (kernel->constants) cw_webgpu_constants_update(kernel->module);
    if (!device->pass) {
        WGPUCommandEncoder encoder = cw_webgpu_encoder(device);
        WGPUPassTimestampWrites writes;
        const WGPUComputePassDescriptor descriptor = {.timestampWrites = cw_webgpu_pass_times(device, &writes) ? &writes : NULL};
        device->pass = wgpu->CommandEncoderBeginComputePass(encoder, &descriptor);
        device->bound = NULL;
        device->group_bound = NULL;
    }
    if (device->bound != pipeline) wgpu->ComputePassEncoderSetPipeline(device->pass, pipeline);
    device->bound = pipeline;
    if (kernel->immediate) set_immediates(device, kernel, launch, &words);
    else set_arguments(device, kernel, launch, &words, slot);
    wgpu->ComputePassEncoderDispatchWorkgroups(device->pass, groups.x, groups.y, groups.z);
    /* What an event's time begins is submitted with the event that ends it: else the host's time would be between them. */
    if (++device->recorded >= CW_WEBGPU_BATCH || (!device->pending && !device->timing)) cw_webgpu_submit(device);
    return CW_OK;
}

cw_status cw_webgpu_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    cw_status status = cw_webgpu_malloc_prepare(launch->kernel->module);
    pthread_mutex_lock(&device->lock);
    if (status == CW_OK) status = cw_webgpu_record(device, launch, fault);
    if (status == CW_OK && (status = cw_webgpu_finish(device)) != CW_OK) cw_webgpu_take_fault(device, fault);
    pthread_mutex_unlock(&device->lock);
    return status;
}

/* ---- Streams ----------------------------------------------------------------------------------------------------- */

struct cw_backend_stream {
    struct cw_backend_device *device;
};

cw_status cw_webgpu_stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream) {
    (void)priority;
    *stream = calloc(1, sizeof **stream);
    if (!*stream) return CW_ERROR_OUT_OF_MEMORY;
    (*stream)->device = device;
    return CW_OK;
}

void cw_webgpu_stream_destroy(struct cw_backend_stream *stream) {
    free(stream);
}

cw_status cw_webgpu_stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    pthread_mutex_lock(&stream->device->lock);
    cw_status status = cw_webgpu_finish(stream->device);
    if (status != CW_OK) cw_webgpu_take_fault(stream->device, fault);
    pthread_mutex_unlock(&stream->device->lock);
    return status;
}

/* Submits, and asks without waiting. */
static bool idle(struct cw_backend_device *device) {
    pthread_mutex_lock(&device->lock);
    cw_webgpu_submit(device);
    bool done = cw_webgpu_is_done(device) || device->lost;
    pthread_mutex_unlock(&device->lock);
    return done;
}

bool cw_webgpu_stream_idle(struct cw_backend_stream *stream) {
    return idle(stream->device);
}

cw_status cw_webgpu_stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    (void)stream, (void)other; /* one queue: it does */
    return CW_OK;
}

cw_status cw_webgpu_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch, struct cw_fault *fault) {
    cw_status status = cw_webgpu_malloc_prepare(launch->kernel->module);
    pthread_mutex_lock(&stream->device->lock);
    if (status == CW_OK) status = cw_webgpu_record(stream->device, launch, fault);
    pthread_mutex_unlock(&stream->device->lock);
    return status;
}

cw_status cw_webgpu_fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    return cw_webgpu_fill(stream->device, dst, pattern, pattern_size, count);
}

cw_status cw_webgpu_copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    return cw_webgpu_copy(stream->device, dst, src, size, kind);
}
