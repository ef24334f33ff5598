/* SPDX-License-Identifier: Apache-2.0 */
/*
 * array_copy.c: the copies that name CUDA arrays. Positions along a row are bytes in the two-dimensional copy functions
 * and elements in the three-dimensional ones (CUDA's rule).
 */
#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/thread.h"

cudaError_t cw_rt_array_element(cudaArray_const_t array, size_t *bytes) {
    cudaError_t error = cw_rt_array_check(array);
    if (error == cudaSuccess) {
        *bytes = array->format.bytes;
    }
    return error;
}

cudaError_t cw_rt_array_bytes(cudaArray_const_t array, size_t x, size_t y, size_t z, struct cw_rt_box box,
                              struct cw_rt_side *side) {
    cudaError_t error = cw_rt_array_check(array);
    if (error != cudaSuccess) {
        return error;
    }
    size_t pitch = array->extent.width * array->format.bytes;
    size_t slice = pitch * array->rows;
    if (x > pitch || box.width > pitch - x || y > array->rows || box.height > array->rows - y || z >= array->slices ||
        box.depth > array->slices - z) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "%zu bytes of %zu rows of %zu slices from (%zu, %zu, %zu) leave an array of %zu x %zu x %zu",
                          box.width, box.height, box.depth, x, y, z, pitch, array->rows, array->slices);
    }
    *side = (struct cw_rt_side){(char *)array->base + z * slice + y * pitch + x, pitch, slice};
    return cudaSuccess;
}

cudaError_t cw_rt_array_side(cudaArray_const_t array, const struct cudaPos *pos, struct cw_rt_box box,
                             struct cw_rt_side *side) {
    size_t x;
    size_t element = 1;
    cudaError_t error = cw_rt_array_element(array, &element);
    if (error == cudaSuccess && __builtin_mul_overflow(pos->x, element, &x)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "element %zu of a row", pos->x);
    }
    return error != cudaSuccess ? error : cw_rt_array_bytes(array, x, pos->y, pos->z, box, side);
}

/* One row needs no pitch: programs give 0 for it. */
static cudaError_t check_pitch(size_t pitch, size_t width, size_t height) {
    return pitch >= width || (pitch == 0 && height <= 1)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidPitchValue, "a pitch of %zu does not fit rows of %zu bytes", pitch, width);
}

static cudaError_t to_array(cudaArray_t dst, size_t x, size_t y, const void *src, size_t pitch, size_t width,
                            size_t height, enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to, from = {(void *)(uintptr_t)src, pitch, 0};
    cudaError_t error = check_pitch(pitch, width, height);
    if (error == cudaSuccess) {
        error = cw_rt_array_bytes(dst, x, y, 0, (struct cw_rt_box){width, height, 1}, &to);
    }
    if (error != cudaSuccess) {
        return error;
    }
    return cw_rt_copy(to, from, (struct cw_rt_box){width, height, 1}, kind, stream, timing);
}

static cudaError_t from_array(void *dst, size_t pitch, cudaArray_const_t src, size_t x, size_t y, size_t width,
                              size_t height, enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side to = {dst, pitch, 0}, from;
    cudaError_t error = check_pitch(pitch, width, height);
    if (error == cudaSuccess) {
        error = cw_rt_array_bytes(src, x, y, 0, (struct cw_rt_box){width, height, 1}, &from);
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
    cudaError_t error = cw_rt_array_bytes(dst, dst_x, dst_y, 0, (struct cw_rt_box){width, height, 1}, &to);
    if (error == cudaSuccess) {
        error = cw_rt_array_bytes(src, src_x, src_y, 0, (struct cw_rt_box){width, height, 1}, &from);
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
    cudaError_t error = cw_rt_array_bytes(array, x, y, 0, (struct cw_rt_box){0, 0, 1}, side);
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
