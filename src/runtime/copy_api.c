/* SPDX-License-Identifier: Apache-2.0 */
/* copy_api.c: cudaMemcpy and cudaMemset in their one-, two- and three-dimensional forms, between peers, and of device
 * variables. Copies with arrays are in array.c. */
#include <stdint.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/copy.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

/* Copies only read a source, but CUDA's structs hold it without const. */
static struct cw_rt_side row_of(const void *pointer) {
    return (struct cw_rt_side){(void *)(uintptr_t)pointer, 0, 0};
}

/* ---- One dimension ------------------------------------------------------------------------------------------- */

static cudaError_t copy_1d(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind, cudaStream_t stream,
                           enum cw_rt_timing timing) {
    return cw_rt_copy(row_of(dst), row_of(src), (struct cw_rt_box){count, 1, 1}, kind, stream, timing);
}

cudaError_t cudaMemcpy(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind) {
    return cw_rt_record(copy_1d(dst, src, count, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyAsync(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(copy_1d(dst, src, count, kind, stream, CW_RT_STREAMED));
}

static cudaError_t copy_peer(void *dst, int dst_device, const void *src, int src_device, size_t count,
                             cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(dst_device, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_at(src_device, &device);
    }
    return error != cudaSuccess ? error : copy_1d(dst, src, count, cudaMemcpyDeviceToDevice, stream, timing);
}

cudaError_t cudaMemcpyPeer(void *dst, int dst_device, const void *src, int src_device, size_t count) {
    return cw_rt_record(copy_peer(dst, dst_device, src, src_device, count, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyPeerAsync(void *dst, int dst_device, const void *src, int src_device, size_t count,
                                cudaStream_t stream) {
    return cw_rt_record(copy_peer(dst, dst_device, src, src_device, count, stream, CW_RT_STREAMED));
}

/* ---- Two dimensions ------------------------------------------------------------------------------------------ */

static cudaError_t check_pitch(size_t pitch, size_t width, const char *name) {
    if (pitch >= width && pitch <= CW_RT_MAX_PITCH) {
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidPitchValue, "the %s's pitch %zu does not fit rows of %zu bytes", name, pitch,
                      width);
}

static cudaError_t copy_2d(void *dst, size_t dst_pitch, const void *src, size_t src_pitch, size_t width, size_t height,
                           enum cudaMemcpyKind kind, cudaStream_t stream, enum cw_rt_timing timing) {
    cudaError_t error = check_pitch(dst_pitch, width, "destination");
    if (error == cudaSuccess) {
        error = check_pitch(src_pitch, width, "source");
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_side to = {dst, dst_pitch, 0};
    struct cw_rt_side from = {(void *)(uintptr_t)src, src_pitch, 0};
    return cw_rt_copy(to, from, (struct cw_rt_box){width, height, 1}, kind, stream, timing);
}

cudaError_t cudaMemcpy2D(void *dst, size_t dst_pitch, const void *src, size_t src_pitch, size_t width, size_t height,
                         enum cudaMemcpyKind kind) {
    return cw_rt_record(copy_2d(dst, dst_pitch, src, src_pitch, width, height, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpy2DAsync(void *dst, size_t dst_pitch, const void *src, size_t src_pitch, size_t width,
                              size_t height, enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(copy_2d(dst, dst_pitch, src, src_pitch, width, height, kind, stream, CW_RT_STREAMED));
}

/* ---- Three dimensions ---------------------------------------------------------------------------------------- */

/* One side of a 3-D copy: an array or pitched memory, never both. `element` is the size of what positions count. */
static cudaError_t side_3d(cudaArray_t array, const struct cudaPitchedPtr *pitched, const struct cudaPos *pos,
                           struct cw_rt_box box, const char *name, struct cw_rt_side *side) {
    size_t slice, offset_z, offset_y;
    if ((array != NULL) == (pitched->ptr != NULL)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s must be either an array or memory", name);
    }
    if (array) {
        return cw_rt_array_side(array, pos, box, side);
    }
    if (pitched->pitch < box.width || (pitched->pitch > CW_RT_MAX_PITCH && box.height > 1)) {
        return cw_rt_fail(cudaErrorInvalidPitchValue, "the %s's pitch %zu does not fit rows of %zu bytes", name,
                          pitched->pitch, box.width);
    }
    if (__builtin_mul_overflow(pitched->pitch, pitched->ysize, &slice) ||
        __builtin_mul_overflow(slice, pos->z, &offset_z) || __builtin_mul_overflow(pitched->pitch, pos->y, &offset_y)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s's position is out of range", name);
    }
    *side = (struct cw_rt_side){(char *)pitched->ptr + offset_z + offset_y + pos->x, pitched->pitch, slice};
    return cudaSuccess;
}

cudaError_t cw_rt_copy_sides(const struct cudaMemcpy3DParms *p, struct cw_rt_side *dst, struct cw_rt_side *src,
                             struct cw_rt_box *box) {
    size_t width;
    if (!p) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    /* With an array in it the extent counts elements. */
    size_t element = 1;
    cudaError_t error = cudaSuccess;
    if (p->dstArray || p->srcArray) {
        error = cw_rt_array_element(p->dstArray ? p->dstArray : p->srcArray, &element);
    }
    if (error == cudaSuccess && p->dstArray && p->srcArray) {
        size_t other = 0;
        error = cw_rt_array_element(p->srcArray, &other);
        if (error == cudaSuccess && other != element) {
            error = cw_rt_fail(cudaErrorInvalidValue, "a copy of elements of %zu bytes to ones of %zu", other, element);
        }
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (__builtin_mul_overflow(p->extent.width, element, &width)) {
        return cw_rt_fail(cudaErrorInvalidValue, "rows of %zu elements", p->extent.width);
    }
    *box = (struct cw_rt_box){width, p->extent.height, p->extent.depth};
    if (p->extent.width == 0 || p->extent.height == 0 || p->extent.depth == 0) {
        return cudaSuccess;
    }
    error = side_3d(p->dstArray, &p->dstPtr, &p->dstPos, *box, "destination", dst);
    return error != cudaSuccess ? error : side_3d(p->srcArray, &p->srcPtr, &p->srcPos, *box, "source", src);
}

static cudaError_t copy_3d(const struct cudaMemcpy3DParms *p, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_side dst, src;
    struct cw_rt_box box = {0};
    cudaError_t error = cw_rt_copy_sides(p, &dst, &src, &box);
    if (error != cudaSuccess || box.width == 0 || box.height == 0 || box.depth == 0) {
        return error;
    }
    return cw_rt_copy(dst, src, box, p->kind, stream, timing);
}

cudaError_t cudaMemcpy3D(const struct cudaMemcpy3DParms *p) {
    return cw_rt_record(copy_3d(p, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpy3DAsync(const struct cudaMemcpy3DParms *p, cudaStream_t stream) {
    return cw_rt_record(copy_3d(p, stream, CW_RT_STREAMED));
}

static cudaError_t copy_3d_peer(const struct cudaMemcpy3DPeerParms *p, cudaStream_t stream, enum cw_rt_timing timing) {
    struct cw_rt_device *device;
    if (!p) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    cudaError_t error = cw_rt_device_at(p->dstDevice, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_at(p->srcDevice, &device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct cudaMemcpy3DParms plain = {p->srcArray, p->srcPos, p->srcPtr, p->dstArray,
                                      p->dstPos,   p->dstPtr, p->extent, cudaMemcpyDeviceToDevice};
    return copy_3d(&plain, stream, timing);
}

cudaError_t cudaMemcpy3DPeer(const struct cudaMemcpy3DPeerParms *p) {
    return cw_rt_record(copy_3d_peer(p, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpy3DPeerAsync(const struct cudaMemcpy3DPeerParms *p, cudaStream_t stream) {
    return cw_rt_record(copy_3d_peer(p, stream, CW_RT_STREAMED));
}

/* ---- Device variables ---------------------------------------------------------------------------------------- */

/* The bytes [offset, offset + count) of a variable. */
static cudaError_t find_bytes(const void *symbol, size_t offset, size_t count, char **bytes) {
    struct cw_rt_device *device;
    void *pointer = NULL;
    size_t size = 0;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_variable_find(device, symbol, &pointer, &size);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (offset > size || count > size - offset) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at offset %zu of a variable of %zu bytes", count, offset,
                          size);
    }
    *bytes = (char *)pointer + offset;
    return cudaSuccess;
}

static cudaError_t to_symbol(const void *symbol, const void *src, size_t count, size_t offset, enum cudaMemcpyKind kind,
                             cudaStream_t stream, enum cw_rt_timing timing) {
    char *bytes = NULL;
    if (kind != cudaMemcpyHostToDevice && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy to a device variable has kind %d", (int)kind);
    }
    cudaError_t error = find_bytes(symbol, offset, count, &bytes);
    return error != cudaSuccess ? error : copy_1d(bytes, src, count, kind, stream, timing);
}

static cudaError_t from_symbol(void *dst, const void *symbol, size_t count, size_t offset, enum cudaMemcpyKind kind,
                               cudaStream_t stream, enum cw_rt_timing timing) {
    char *bytes = NULL;
    if (kind != cudaMemcpyDeviceToHost && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy from a device variable has kind %d", (int)kind);
    }
    cudaError_t error = find_bytes(symbol, offset, count, &bytes);
    return error != cudaSuccess ? error : copy_1d(dst, bytes, count, kind, stream, timing);
}

cudaError_t cudaMemcpyToSymbol(const void *symbol, const void *src, size_t count, size_t offset,
                               enum cudaMemcpyKind kind) {
    return cw_rt_record(to_symbol(symbol, src, count, offset, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyToSymbolAsync(const void *symbol, const void *src, size_t count, size_t offset,
                                    enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(to_symbol(symbol, src, count, offset, kind, stream, CW_RT_STREAMED));
}

cudaError_t cudaMemcpyFromSymbol(void *dst, const void *symbol, size_t count, size_t offset, enum cudaMemcpyKind kind) {
    return cw_rt_record(from_symbol(dst, symbol, count, offset, kind, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemcpyFromSymbolAsync(void *dst, const void *symbol, size_t count, size_t offset,
                                      enum cudaMemcpyKind kind, cudaStream_t stream) {
    return cw_rt_record(from_symbol(dst, symbol, count, offset, kind, stream, CW_RT_STREAMED));
}

static cudaError_t symbol_info(const void *symbol, void **pointer, size_t *size) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    return error != cudaSuccess ? error : cw_rt_variable_find(device, symbol, pointer, size);
}

cudaError_t cudaGetSymbolAddress(void **pointer, const void *symbol) {
    size_t size;
    if (!pointer) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the place for the address is NULL"));
    }
    return cw_rt_record(symbol_info(symbol, pointer, &size));
}

cudaError_t cudaGetSymbolSize(size_t *size, const void *symbol) {
    void *pointer;
    if (!size) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the place for the size is NULL"));
    }
    return cw_rt_record(symbol_info(symbol, &pointer, size));
}

/* ---- Filling ------------------------------------------------------------------------------------------------- */

static cudaError_t fill_1d(void *pointer, int value, size_t count, cudaStream_t stream, enum cw_rt_timing timing) {
    return cw_rt_fill(row_of(pointer), value, (struct cw_rt_box){count, 1, 1}, stream, timing);
}

cudaError_t cudaMemset(void *pointer, int value, size_t count) {
    return cw_rt_record(fill_1d(pointer, value, count, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemsetAsync(void *pointer, int value, size_t count, cudaStream_t stream) {
    return cw_rt_record(fill_1d(pointer, value, count, stream, CW_RT_STREAMED));
}

static cudaError_t fill_3d(void *pointer, size_t pitch, size_t slice, int value, struct cw_rt_box box,
                           cudaStream_t stream, enum cw_rt_timing timing) {
    if (pitch < box.width && box.height * box.depth > 1) {
        return cw_rt_fail(cudaErrorInvalidValue, "a pitch of %zu does not fit rows of %zu bytes", pitch, box.width);
    }
    return cw_rt_fill((struct cw_rt_side){pointer, pitch, slice}, value, box, stream, timing);
}

cudaError_t cudaMemset2D(void *pointer, size_t pitch, int value, size_t width, size_t height) {
    return cw_rt_record(fill_3d(pointer, pitch, 0, value, (struct cw_rt_box){width, height, 1}, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemset2DAsync(void *pointer, size_t pitch, int value, size_t width, size_t height,
                              cudaStream_t stream) {
    return cw_rt_record(
        fill_3d(pointer, pitch, 0, value, (struct cw_rt_box){width, height, 1}, stream, CW_RT_STREAMED));
}

static cudaError_t fill_pitched(const struct cudaPitchedPtr *p, int value, const struct cudaExtent *extent,
                                cudaStream_t stream, enum cw_rt_timing timing) {
    size_t slice;
    if (__builtin_mul_overflow(p->pitch, p->ysize, &slice)) {
        return cw_rt_fail(cudaErrorInvalidValue, "slices of %zu rows of %zu bytes", p->ysize, p->pitch);
    }
    return fill_3d(p->ptr, p->pitch, slice, value, (struct cw_rt_box){extent->width, extent->height, extent->depth},
                   stream, timing);
}

cudaError_t cudaMemset3D(struct cudaPitchedPtr pitched, int value, struct cudaExtent extent) {
    return cw_rt_record(fill_pitched(&pitched, value, &extent, NULL, CW_RT_BLOCKING));
}

cudaError_t cudaMemset3DAsync(struct cudaPitchedPtr pitched, int value, struct cudaExtent extent, cudaStream_t stream) {
    return cw_rt_record(fill_pitched(&pitched, value, &extent, stream, CW_RT_STREAMED));
}
