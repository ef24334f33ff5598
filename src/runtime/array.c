/* SPDX-License-Identifier: Apache-2.0 */
/*
 * array.c: CUDA arrays as storage: allocating, asking, and the copies that name them. Positions along a row are bytes in
 * the two-dimensional copy functions and elements in the three-dimensional ones (CUDA's rule).
 */
#include "runtime/array.h"

#include <pthread.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/slots.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

struct cudaArray {
    bool live;
    struct cw_rt_device *device;
    struct cudaChannelFormatDesc desc;
    struct cudaExtent extent; /* as asked for: 0 in height or depth means fewer dimensions */
    unsigned flags;
    size_t element; /* bytes */
    size_t rows, slices;
    void *base;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_slots slots = {.slot_size = sizeof(struct cudaArray)};

static bool is_array(cudaArray_const_t array) {
    pthread_mutex_lock(&lock);
    bool live = array && cw_rt_slots_owns(&slots, array) && array->live;
    pthread_mutex_unlock(&lock);
    return live;
}

static cudaError_t check(cudaArray_const_t array) {
    return is_array(array) ? cudaSuccess
                           : cw_rt_fail(cudaErrorInvalidResourceHandle, "the array was freed or never was one");
}

/* ---- Allocating ---------------------------------------------------------------------------------------------- */

static cudaError_t element_size(const struct cudaChannelFormatDesc *desc, size_t *bytes) {
    const int widths[4] = {desc->x, desc->y, desc->z, desc->w};
    int channels = 0, bits = 0;
    for (int i = 0; i < 4; i++) {
        if (widths[i] == 0) {
            continue;
        }
        if (channels != i || widths[i] != widths[0] || (widths[i] != 8 && widths[i] != 16 && widths[i] != 32)) {
            return cw_rt_fail(cudaErrorInvalidChannelDescriptor, "channels of %d, %d, %d and %d bits", desc->x, desc->y,
                              desc->z, desc->w);
        }
        channels++;
        bits += widths[i];
    }
    if (channels == 0 || channels == 3 || (int)desc->f < 0 || desc->f > cudaChannelFormatKindFloat) {
        return cw_rt_fail(cudaErrorInvalidChannelDescriptor, "%d channels of kind %d", channels, (int)desc->f);
    }
    *bytes = (size_t)bits / 8;
    return cudaSuccess;
}

static cudaError_t malloc_array(cudaArray_t *result, const struct cudaChannelFormatDesc *desc, struct cudaExtent extent,
                                unsigned flags) {
    struct cw_rt_device *device;
    size_t element = 0, bytes;
    void *base;
    if (!result || !desc || extent.width == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "an array needs a place for its handle, a format and a width");
    }
    if (flags & ~(unsigned)(cudaArrayLayered | cudaArraySurfaceLoadStore | cudaArrayTextureGather)) {
        return cw_rt_fail(cudaErrorNotSupported, "arrays with flags 0x%x", flags);
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = element_size(desc, &element);
    }
    if (error != cudaSuccess) {
        return error;
    }
    size_t rows = extent.height ? extent.height : 1;
    size_t slices = extent.depth ? extent.depth : 1;
    if (!cw_rt_memory_product(extent.width, rows, slices, &bytes) || __builtin_mul_overflow(bytes, element, &bytes)) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu x %zu x %zu elements", extent.width, rows, slices);
    }
    error = cw_rt_memory_alloc(device, bytes, CW_RT_MEMORY_ARRAY, 0, &base);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct cudaArray *array = cw_rt_slots_take(&slots);
    if (array) {
        *array = (struct cudaArray){true, device, *desc, extent, flags, element, rows, slices, base};
    }
    pthread_mutex_unlock(&lock);
    if (!array) {
        struct cw_rt_range range;
        const struct cw_backend *backend;
        if (cw_rt_backend(&backend) == cudaSuccess &&
            cw_rt_allocations_remove(&device->allocations, base, 1u << CW_RT_MEMORY_ARRAY, &range)) {
            cw_rt_memory_release(device, backend, &range);
        }
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another array");
    }
    *result = array;
    return cudaSuccess;
}

cudaError_t cudaMallocArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc, size_t width, size_t height,
                            unsigned flags) {
    return cw_rt_record(malloc_array(array, desc, (struct cudaExtent){width, height, 0}, flags));
}

cudaError_t cudaMalloc3DArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc, struct cudaExtent extent,
                              unsigned flags) {
    return cw_rt_record(malloc_array(array, desc, extent, flags));
}

static cudaError_t free_array(cudaArray_t array) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    struct cw_rt_range range;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess || !array) {
        return error;
    }
    error = check(array);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(array->device);
    pthread_mutex_lock(&lock);
    bool live = array->live;
    array->live = false;
    if (live) {
        cw_rt_slots_give(&slots, array);
    }
    device = array->device;
    void *base = array->base;
    pthread_mutex_unlock(&lock);
    if (live && cw_rt_allocations_remove(&device->allocations, base, 1u << CW_RT_MEMORY_ARRAY, &range)) {
        cw_rt_memory_release(device, backend, &range);
    }
    return cudaSuccess;
}

cudaError_t cudaFreeArray(cudaArray_t array) {
    return cw_rt_record(free_array(array));
}

void cw_rt_arrays_close(struct cw_rt_device *device) {
    struct cudaArray *array;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; (array = cw_rt_slots_at(&slots, i)); i++) {
        if (array->live && array->device == device) {
            array->live = false;
            cw_rt_slots_give(&slots, array);
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- Asking -------------------------------------------------------------------------------------------------- */

cudaError_t cudaArrayGetInfo(struct cudaChannelFormatDesc *desc, struct cudaExtent *extent, unsigned *flags,
                             cudaArray_t array) {
    cudaError_t error = check(array);
    if (error != cudaSuccess) {
        return cw_rt_record(error);
    }
    if (desc) {
        *desc = array->desc;
    }
    if (extent) {
        *extent = array->extent;
    }
    if (flags) {
        *flags = array->flags;
    }
    return cudaSuccess;
}

cudaError_t cudaGetChannelDesc(struct cudaChannelFormatDesc *desc, cudaArray_const_t array) {
    cudaError_t error = desc ? check(array) : cw_rt_fail(cudaErrorInvalidValue, "the place for the format is NULL");
    if (error == cudaSuccess) {
        *desc = array->desc;
    }
    return cw_rt_record(error);
}

struct cudaChannelFormatDesc cudaCreateChannelDesc(int x, int y, int z, int w, enum cudaChannelFormatKind f) {
    return (struct cudaChannelFormatDesc){x, y, z, w, f};
}

/* ---- Copying ------------------------------------------------------------------------------------------------- */

cudaError_t cw_rt_array_element(cudaArray_const_t array, size_t *bytes) {
    cudaError_t error = check(array);
    if (error == cudaSuccess) {
        *bytes = array->element;
    }
    return error;
}

/* The same with the position along the row in bytes. */
static cudaError_t side_at(cudaArray_const_t array, size_t x, size_t y, size_t z, size_t width, size_t height,
                           struct cw_rt_side *side) {
    cudaError_t error = check(array);
    if (error != cudaSuccess) {
        return error;
    }
    size_t pitch = array->extent.width * array->element;
    size_t slice = pitch * array->rows;
    if (x > pitch || width > pitch - x || y > array->rows || height > array->rows - y || z >= array->slices) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes of %zu rows from (%zu, %zu, %zu) leave an array of %zu x %zu x %zu", width, height,
                          x, y, z, pitch, array->rows, array->slices);
    }
    *side = (struct cw_rt_side){(char *)array->base + z * slice + y * pitch + x, pitch, slice};
    return cudaSuccess;
}

cudaError_t cw_rt_array_side(cudaArray_const_t array, const struct cudaPos *pos, size_t width, size_t height,
                             struct cw_rt_side *side) {
    size_t x;
    size_t element = 1;
    cudaError_t error = cw_rt_array_element(array, &element);
    if (error == cudaSuccess && __builtin_mul_overflow(pos->x, element, &x)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "element %zu of a row", pos->x);
    }
    return error != cudaSuccess ? error : side_at(array, x, pos->y, pos->z, width, height, side);
}

static cudaError_t check_pitch(size_t pitch, size_t width) {
    return pitch >= width
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidPitchValue, "a pitch of %zu does not fit rows of %zu bytes", pitch, width);
}

static cudaError_t to_array(cudaArray_t dst, size_t x, size_t y, const void *src, size_t pitch, size_t width,
                            size_t height, enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to, from = {(void *)(uintptr_t)src, pitch, 0};
    cudaError_t error = check_pitch(pitch, width);
    if (error == cudaSuccess) {
        error = side_at(dst, x, y, 0, width, height, &to);
    }
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_copy(to, from, (struct cw_rt_box){width, height, 1}, kind, stream, timing);
}

static cudaError_t from_array(void *dst, size_t pitch, cudaArray_const_t src, size_t x, size_t y, size_t width,
                              size_t height, enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to = {dst, pitch, 0}, from;
    cudaError_t error = check_pitch(pitch, width);
    if (error == cudaSuccess) {
        error = side_at(src, x, y, 0, width, height, &from);
    }
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_copy(to, from, (struct cw_rt_box){width, height, 1}, kind, stream, timing);
}

cudaError_t cudaMemcpy2DToArray(cudaArray_t dst, size_t x, size_t y, const void *src, size_t pitch, size_t width,
                                size_t height, enum cudaMemcpyKind kind) {
    return cw_rt_record(to_array(dst, x, y, src, pitch, width, height, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpy2DToArrayAsync(cudaArray_t dst, size_t x, size_t y, const void *src, size_t pitch, size_t width,
                                     size_t height, enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(to_array(dst, x, y, src, pitch, width, height, kind, stream, CW_RT_STREAMED));
}

cudaError_t cudaMemcpy2DFromArray(void *dst, size_t pitch, cudaArray_const_t src, size_t x, size_t y, size_t width,
                                  size_t height, enum cudaMemcpyKind kind) {
    return cw_rt_record(from_array(dst, pitch, src, x, y, width, height, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpy2DFromArrayAsync(void *dst, size_t pitch, cudaArray_const_t src, size_t x, size_t y, size_t width,
                                       size_t height, enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(from_array(dst, pitch, src, x, y, width, height, kind, stream, CW_RT_STREAMED));
}

static cudaError_t array_to_array(cudaArray_t dst, size_t dst_x, size_t dst_y, cudaArray_const_t src, size_t src_x,
                                  size_t src_y, size_t width, size_t height, enum cudaMemcpyKind kind) {
    struct cw_rt_side to, from;
    if (kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy between arrays has kind %d", (int)kind);
    }
    cudaError_t error = side_at(dst, dst_x, dst_y, 0, width, height, &to);
    if (error == cudaSuccess) {
        error = side_at(src, src_x, src_y, 0, width, height, &from);
    }
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_copy(to, from, (struct cw_rt_box){width, height, 1}, kind, NULL, CW_RT_BLOCKING);
}

cudaError_t cudaMemcpy2DArrayToArray(cudaArray_t dst, size_t dst_x, size_t dst_y, cudaArray_const_t src, size_t src_x,
                                     size_t src_y, size_t width, size_t height, enum cudaMemcpyKind kind) {
    return cw_rt_record(array_to_array(dst, dst_x, dst_y, src, src_x, src_y, width, height, kind));
}

/* The old one-dimensional forms run over the ends of rows: storage has no padding, so bytes follow each other. */
static cudaError_t line_side(cudaArray_const_t array, size_t x, size_t y, size_t count, struct cw_rt_side *side) {
    cudaError_t error = side_at(array, x, y, 0, 0, 0, side);
    if (error != cudaSuccess) {
        return error;
    }
    size_t left = side->slice * array->slices - (y * side->pitch + x);
    if (count > left) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes where the array has %zu left", count, left);
    }
    return cudaSuccess;
}

static cudaError_t line_to_array(cudaArray_t dst, size_t x, size_t y, const void *src, size_t count,
                                 enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to, from = {(void *)(uintptr_t)src, 0, 0};
    cudaError_t error = line_side(dst, x, y, count, &to);
    return error != cudaSuccess ? error : cw_rt_copy(to, from, (struct cw_rt_box){count, 1, 1}, kind, stream, timing);
}

static cudaError_t line_from_array(void *dst, cudaArray_const_t src, size_t x, size_t y, size_t count,
                                   enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to = {dst, 0, 0}, from;
    cudaError_t error = line_side(src, x, y, count, &from);
    return error != cudaSuccess ? error : cw_rt_copy(to, from, (struct cw_rt_box){count, 1, 1}, kind, stream, timing);
}

static cudaError_t line_to_line(cudaArray_t dst, size_t dst_x, size_t dst_y, cudaArray_const_t src, size_t src_x,
                                size_t src_y, size_t count, enum cudaMemcpyKind kind) {
    struct cw_rt_side to, from;
    if (kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy between arrays has kind %d", (int)kind);
    }
    cudaError_t error = line_side(dst, dst_x, dst_y, count, &to);
    if (error == cudaSuccess) {
        error = line_side(src, src_x, src_y, count, &from);
    }
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_copy(to, from, (struct cw_rt_box){count, 1, 1}, kind, NULL, CW_RT_BLOCKING);
}

cudaError_t cudaMemcpyArrayToArray(cudaArray_t dst, size_t dst_x, size_t dst_y, cudaArray_const_t src, size_t src_x,
                                   size_t src_y, size_t count, enum cudaMemcpyKind kind) {
    return cw_rt_record(line_to_line(dst, dst_x, dst_y, src, src_x, src_y, count, kind));
}

cudaError_t cudaMemcpyToArray(cudaArray_t dst, size_t x, size_t y, const void *src, size_t count,
                              enum cudaMemcpyKind kind) {
    return cw_rt_record(line_to_array(dst, x, y, src, count, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyToArrayAsync(cudaArray_t dst, size_t x, size_t y, const void *src, size_t count,
                                   enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(line_to_array(dst, x, y, src, count, kind, stream, CW_RT_STREAMED));
}

cudaError_t cudaMemcpyFromArray(void *dst, cudaArray_const_t src, size_t x, size_t y, size_t count,
                                enum cudaMemcpyKind kind) {
    return cw_rt_record(line_from_array(dst, src, x, y, count, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyFromArrayAsync(void *dst, cudaArray_const_t src, size_t x, size_t y, size_t count,
                                     enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(line_from_array(dst, src, x, y, count, kind, stream, CW_RT_STREAMED));
}
