/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.c: checking and queueing copies and fills. See copy.h.
 *
 * Device memory must be memory that the runtime knows, and a copy must stay within one allocation: what CUDA leaves
 * undefined beyond that is cudaErrorInvalidValue here. Copies from pageable host memory give the source free when they
 * return, as CUDA's do: small ones are staged, large ones wait.
 */
#include "runtime/copy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/capture.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

/* Up to this a copy costs less than handing it to another thread. */
#define SMALL_BYTES 65536u
/* What copies between two devices take through the host at a time. */
#define PIECE_BYTES ((size_t)4 << 20)

/* ---- Running ------------------------------------------------------------------------------------------------- */

/* Makes rows that lie behind each other one row, and slices likewise. */
static void flatten(struct cw_rt_box *box, struct cw_rt_side *dst, struct cw_rt_side *src) {
    if (box->depth == 1 ||
        (dst->slice == dst->pitch * box->height && (!src || src->slice == src->pitch * box->height))) {
        box->height *= box->depth;
        box->depth = 1;
    }
    if (box->depth == 1 && (box->height == 1 || (dst->pitch == box->width && (!src || src->pitch == box->width)))) {
        box->width *= box->height;
        box->height = 1;
    }
}

/* From one device's memory to another's: by the devices themselves where they can, else in pieces through the host. */
static cw_status copy_between(const struct cw_backend *backend, const struct cw_rt_transfer *transfer, char *dst,
                              const char *src) {
    size_t size = transfer->box.width, piece = size < PIECE_BYTES ? size : PIECE_BYTES;
    cw_status status = CW_ERROR_UNSUPPORTED;
    if (backend->copy_peer) {
        status = backend->copy_peer(transfer->owner->backend, dst, transfer->from->backend, src, size);
    }
    if (status != CW_ERROR_UNSUPPORTED) {
        return status;
    }
    char *room = malloc(piece);
    status = room ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
    for (size_t done = 0; done < size && status == CW_OK; done += piece) {
        size_t bytes = size - done < piece ? size - done : piece;
        status = backend->copy(transfer->from->backend, room, src + done, bytes, CW_COPY_DEVICE_TO_HOST);
        if (status == CW_OK) {
            status = backend->copy(transfer->owner->backend, dst + done, room, bytes, CW_COPY_HOST_TO_DEVICE);
        }
    }
    free(room);
    return status;
}

static cw_status copy_row(const struct cw_backend *backend, const struct cw_rt_transfer *transfer, char *dst,
                          const char *src) {
    struct cw_backend_stream *native = cw_rt_thread()->native;
    if (transfer->from) {
        return copy_between(backend, transfer, dst, src);
    }
    return native ? backend->copy_async(native, dst, src, transfer->box.width, transfer->kind)
                  : backend->copy(transfer->owner->backend, dst, src, transfer->box.width, transfer->kind);
}

/* A slice at a time, where the device can do that. */
static cudaError_t copy_slices(const struct cw_backend *backend, struct cw_backend_stream *native,
                               const struct cw_rt_transfer *transfer) {
    cudaError_t error = cudaSuccess;
    for (size_t z = 0; error == cudaSuccess && z < transfer->box.depth; z++) {
        char *dst = (char *)transfer->dst.base + z * transfer->dst.slice;
        const char *src = (const char *)transfer->src.base + z * transfer->src.slice;
        error = cw_rt_status_error(backend->copy_rows_async(native, dst, transfer->dst.pitch, src, transfer->src.pitch,
                                                            transfer->box.width, transfer->box.height, transfer->kind));
    }
    return error;
}

cudaError_t cw_rt_transfer_run(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_transfer *transfer = payload;
    const struct cw_backend *backend;
    (void)device;
    cudaError_t error = cw_rt_backend(&backend);
    struct cw_backend_stream *native = cw_rt_thread()->native;
    if (error == cudaSuccess && native && backend->copy_rows_async && transfer->box.height > 1) {
        return copy_slices(backend, native, transfer);
    }
    for (size_t z = 0; error == cudaSuccess && z < transfer->box.depth; z++) {
        for (size_t y = 0; error == cudaSuccess && y < transfer->box.height; y++) {
            char *dst = (char *)transfer->dst.base + z * transfer->dst.slice + y * transfer->dst.pitch;
            const char *src = (const char *)transfer->src.base + z * transfer->src.slice + y * transfer->src.pitch;
            if (transfer->host_only) {
                memmove(dst, src, transfer->box.width);
            } else if (dst != src) {
                error = cw_rt_status_error(copy_row(backend, transfer, dst, src));
            }
        }
    }
    return error;
}

cudaError_t cw_rt_filling_run(struct cw_rt_device *device, void *payload) {
    const struct cw_rt_filling *filling = payload;
    struct cw_backend_stream *native = cw_rt_thread()->native;
    const struct cw_backend *backend;
    (void)device;
    cudaError_t error = cw_rt_backend(&backend);
    for (size_t z = 0; error == cudaSuccess && z < filling->box.depth; z++) {
        for (size_t y = 0; error == cudaSuccess && y < filling->box.height; y++) {
            char *dst = (char *)filling->dst.base + z * filling->dst.slice + y * filling->dst.pitch;
            size_t count = filling->box.width / filling->pattern_size;
            error = cw_rt_status_error(
                native ? backend->fill_async(native, dst, filling->pattern, filling->pattern_size, count)
                       : backend->fill(filling->owner->backend, dst, filling->pattern, filling->pattern_size, count));
        }
    }
    return error;
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

/* The bytes from the first to the last that the box touches on this side. */
static bool span(const struct cw_rt_side *side, const struct cw_rt_box *box, size_t *bytes) {
    size_t rows, slices;
    return !__builtin_mul_overflow(box->height - 1, side->pitch, &rows) &&
           !__builtin_mul_overflow(box->depth - 1, side->slice, &slices) &&
           !__builtin_add_overflow(rows, slices, bytes) && !__builtin_add_overflow(*bytes, box->width, bytes);
}

/* What one side is, and that the box stays inside it. */
static cudaError_t check_side(const struct cw_rt_side *side, const struct cw_rt_box *box, const char *name,
                              struct cw_rt_range *range, struct cw_rt_device **owner) {
    size_t bytes;
    if (!side->base) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s pointer is NULL", name);
    }
    if (!span(side, box, &bytes)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu x %zu x %zu bytes", box->width, box->height, box->depth);
    }
    *range = cw_rt_memory_find(side->base, owner);
    if (!*owner) {
        return cudaSuccess;
    }
    size_t offset = (uintptr_t)side->base - range->base;
    if (bytes > range->size - offset) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "the %s's %zu bytes at %p reach past the end of an allocation of %zu bytes at %p", name,
                          bytes, side->base, range->size, (void *)range->base);
    }
    return cudaSuccess;
}

static cudaError_t require_device(const struct cw_rt_range *range, const void *pointer, const char *name) {
    if (range->kind != CW_RT_MEMORY_UNKNOWN) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "the %s %p is not memory of the device", name, pointer);
}

cudaError_t cw_rt_copy_check(struct cw_rt_device *device, struct cw_rt_side to, struct cw_rt_side from,
                             struct cw_rt_box box, enum cudaMemcpyKind kind, struct cw_rt_copy_plan *plan) {
    struct cw_rt_transfer *transfer = &plan->transfer;
    struct cw_rt_range dst = {0}, src = {0};
    struct cw_rt_device *dst_owner = NULL, *src_owner = NULL;
    if ((int)kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "there is no kind %d of copy", (int)kind);
    }
    *transfer = (struct cw_rt_transfer){.owner = device, .dst = to, .src = from, .box = box};
    cudaError_t error = check_side(&transfer->dst, &transfer->box, "destination", &dst, &dst_owner);
    if (error == cudaSuccess) {
        error = check_side(&transfer->src, &transfer->box, "source", &src, &src_owner);
    }
    if (error == cudaSuccess && (kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice)) {
        error = require_device(&dst, transfer->dst.base, "destination");
    }
    if (error == cudaSuccess && (kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice)) {
        error = require_device(&src, transfer->src.base, "source");
    }
    if (error != cudaSuccess) {
        return error;
    }
    bool dst_device = cw_rt_memory_on_device(dst.kind);
    bool src_device = cw_rt_memory_on_device(src.kind);
    transfer->host_only = !dst_device && !src_device;
    transfer->kind = !dst_device  ? CW_COPY_DEVICE_TO_HOST
                     : src_device ? CW_COPY_DEVICE_TO_DEVICE
                                  : CW_COPY_HOST_TO_DEVICE;
    plan->dst_kind = dst.kind;
    plan->src_kind = src.kind;
    plan->dst_owner = dst_owner;
    plan->src_owner = src_owner;
    if (dst_device && src_device && dst_owner != src_owner && !dst_owner->facts.unified_memory) {
        transfer->from = src_owner;
        error = cw_rt_device_open(src_owner);
    }
    if (dst_device || src_device) {
        transfer->owner = dst_device ? dst_owner : src_owner;
    }
    return error;
}

/* ---- Queueing ------------------------------------------------------------------------------------------------ */

static cudaError_t no_memory(void) {
    return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
}

/* Copies the source behind the transfer in the operation's payload, so that it is free for the caller. */
static void stage(struct cw_rt_transfer *transfer, char *room) {
    for (size_t z = 0; z < transfer->box.depth; z++) {
        for (size_t y = 0; y < transfer->box.height; y++) {
            memcpy(room + (z * transfer->box.height + y) * transfer->box.width,
                   (const char *)transfer->src.base + z * transfer->src.slice + y * transfer->src.pitch,
                   transfer->box.width);
        }
    }
    transfer->src = (struct cw_rt_side){room, transfer->box.width, transfer->box.width * transfer->box.height};
}

/* CUDA C++ Programming Guide, "Peer-to-Peer Memory Copy": in the default stream a copy with another device's memory waits
 * for that device's earlier work, and its later work waits for the copy. True when there was another device to wait for. */
static bool wait_for_device(struct cw_rt_operation *operation, const struct CUstream_st *stream,
                            struct cw_rt_device *owner) {
    if (!owner || owner == stream->device || !owner->legacy_stream) {
        return false;
    }
    (void)cw_rt_operation_depend(operation, owner->legacy_stream, cw_rt_stream_mark(owner->legacy_stream));
    return true;
}

static void let_wait(struct cw_rt_device *owner, struct CUstream_st *stream, uint64_t number) {
    struct cw_rt_operation *marker = owner && owner != stream->device ? cw_rt_operation_take(0) : NULL;
    if (marker && cw_rt_operation_depend(marker, stream, number)) {
        (void)cw_rt_queue(owner->legacy_stream, marker, CW_RT_ASYNC, NULL);
    } else if (marker) {
        cw_rt_operation_give(marker);
    }
}

static cudaError_t queue_transfer(struct cw_rt_copy_plan *plan, struct CUstream_st *stream, enum cw_rt_timing timing) {
    struct cw_rt_transfer *transfer = &plan->transfer;
    bool pageable_src = plan->src_kind == CW_RT_MEMORY_UNKNOWN, pageable_dst = plan->dst_kind == CW_RT_MEMORY_UNKNOWN;
    size_t bytes = transfer->box.width * transfer->box.height * transfer->box.depth;
    bool small = bytes <= SMALL_BYTES;
    bool staged = timing == CW_RT_STREAMED && pageable_src && !pageable_dst && small;
    enum cw_rt_submit_mode mode = small ? CW_RT_INLINE : CW_RT_ASYNC;
    if (timing == CW_RT_BLOCKING || pageable_dst || (pageable_src && !staged)) {
        mode = CW_RT_WAIT;
    }
    size_t head = (sizeof *transfer + 15) / 16 * 16;
    struct cw_rt_operation *operation = cw_rt_operation_take(head + (staged ? bytes : 0));
    if (!operation) {
        return no_memory();
    }
    if (staged) {
        stage(transfer, (char *)operation->payload + head);
    }
    flatten(&transfer->box, &transfer->dst, &transfer->src);
    *(struct cw_rt_transfer *)operation->payload = *transfer;
    operation->execute = cw_rt_transfer_run;
    if (!transfer->host_only && !transfer->from && transfer->owner == stream->device) {
        operation->flags = CW_RT_ISSUES;
    }
    uint64_t number = 0;
    bool apart = stream->legacy && wait_for_device(operation, stream, plan->dst_owner);
    apart |= stream->legacy && wait_for_device(operation, stream, plan->src_owner);
    cudaError_t error = cw_rt_submit(stream, operation, mode, &number);
    if (apart && error == cudaSuccess && mode != CW_RT_WAIT) {
        let_wait(plan->dst_owner, stream, number);
        let_wait(plan->src_owner, stream, number);
    }
    if (mode == CW_RT_WAIT) {
        cw_rt_device_flush(stream->device);
    }
    return error;
}

/* A side in the words of CUDA's general form of a copy. */
static struct cudaPitchedPtr pitched(const struct cw_rt_side *side, const struct cw_rt_box *box) {
    size_t pitch = side->pitch ? side->pitch : box->width;
    return (struct cudaPitchedPtr){side->base, pitch, box->width, side->slice ? side->slice / pitch : box->height};
}

static cudaError_t capture_copy(struct CUstream_st *stream, struct cw_rt_side dst, struct cw_rt_side src,
                                struct cw_rt_box box, enum cudaMemcpyKind kind) {
    struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeMemcpy};
    params.memcpy.copyParams = (struct cudaMemcpy3DParms){.srcPtr = pitched(&src, &box),
                                                          .dstPtr = pitched(&dst, &box),
                                                          .extent = {box.width, box.height, box.depth},
                                                          .kind = kind};
    return cw_rt_capture_add(stream, &params);
}

cudaError_t cw_rt_copy(struct cw_rt_side dst, struct cw_rt_side src, struct cw_rt_box box, enum cudaMemcpyKind kind,
                       cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_device *device;
    struct CUstream_st *queue;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, stream, &queue);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (box.width == 0 || box.height == 0 || box.depth == 0) {
        return (int)kind >= cudaMemcpyHostToHost && kind <= cudaMemcpyDefault
                   ? cudaSuccess
                   : cw_rt_fail(cudaErrorInvalidMemcpyDirection, "there is no kind %d of copy", (int)kind);
    }
    if (timing != CW_RT_BLOCKING && cw_rt_stream_capturing(queue)) {
        return capture_copy(queue, dst, src, box, kind);
    }
    struct cw_rt_copy_plan plan;
    error = cw_rt_copy_check(device, dst, src, box, kind, &plan);
    return error != cudaSuccess ? error : queue_transfer(&plan, queue, timing);
}

cudaError_t cw_rt_fill_check(struct cw_rt_side dst, struct cw_rt_box box, uint32_t pattern, uint32_t pattern_size,
                             struct cw_rt_filling *filling, enum cw_rt_memory *memory) {
    struct cw_rt_range range;
    struct cw_rt_device *owner;
    cudaError_t error = check_side(&dst, &box, "destination", &range, &owner);
    if (error == cudaSuccess) {
        error = require_device(&range, dst.base, "destination");
    }
    if (error == cudaSuccess) {
        *filling = (struct cw_rt_filling){owner, dst, box, pattern, pattern_size};
        flatten(&filling->box, &filling->dst, NULL);
        *memory = range.kind;
    }
    return error;
}

/* Fill nodes have two dimensions: one a slice. */
static cudaError_t capture_fill(struct CUstream_st *stream, struct cw_rt_side dst, uint32_t pattern,
                                uint32_t pattern_size, struct cw_rt_box box) {
    cudaError_t error = cudaSuccess;
    for (size_t z = 0; error == cudaSuccess && z < box.depth; z++) {
        struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeMemset};
        params.memset = (struct cudaMemsetParamsV2){(char *)dst.base + z * dst.slice, dst.pitch, pattern, pattern_size,
                                                    box.width / pattern_size,         box.height};
        error = cw_rt_capture_add(stream, &params);
    }
    return error;
}

cudaError_t cw_rt_fill(struct cw_rt_side dst, int value, struct cw_rt_box box, cudaStream_t stream,
                       enum cw_rt_timing timing) {
    return cw_rt_fill_pattern(dst, (uint8_t)value, 1, box, stream, timing);
}

cudaError_t cw_rt_fill_pattern(struct cw_rt_side dst, uint32_t pattern, uint32_t pattern_size, struct cw_rt_box box,
                               cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_device *device;
    struct CUstream_st *queue;
    struct cw_rt_filling filling;
    enum cw_rt_memory memory;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, stream, &queue);
    }
    if (error != cudaSuccess || box.width == 0 || box.height == 0 || box.depth == 0) {
        return error;
    }
    if (cw_rt_stream_capturing(queue)) {
        return capture_fill(queue, dst, pattern, pattern_size, box);
    }
    error = cw_rt_fill_check(dst, box, pattern, pattern_size, &filling, &memory);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof filling);
    if (!operation) {
        return no_memory();
    }
    bool small = box.width * box.height * box.depth <= SMALL_BYTES;
    enum cw_rt_submit_mode mode = small ? CW_RT_INLINE : CW_RT_ASYNC;
    /* Memory that the host may look at right away. */
    if (timing == CW_RT_BLOCKING && memory >= CW_RT_MEMORY_MANAGED) {
        mode = CW_RT_WAIT;
    }
    *(struct cw_rt_filling *)operation->payload = filling;
    operation->execute = cw_rt_filling_run;
    if (filling.owner == queue->device) {
        operation->flags = CW_RT_ISSUES;
    }
    return cw_rt_submit(queue, operation, mode, NULL);
}
