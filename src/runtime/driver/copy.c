/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: the driver API's copies and fills. Copies of one row go to the runtime's; the general forms become the two sides
 * and the box that every copy of the runtime is (runtime/copy.h). */
#include "runtime/copy.h"
#include "runtime/array.h"
#include "runtime/driver/driver.h"

/* ---- One row ----------------------------------------------------------------------------------------------------- */

CUresult cuMemcpy(CUdeviceptr dst, CUdeviceptr src, size_t size) {
    return CW_DRIVER(cudaMemcpy(cw_driver_pointer(dst), cw_driver_pointer(src), size, cudaMemcpyDefault));
}

CUresult cuMemcpyAsync(CUdeviceptr dst, CUdeviceptr src, size_t size, CUstream stream) {
    return CW_DRIVER(cudaMemcpyAsync(cw_driver_pointer(dst), cw_driver_pointer(src), size, cudaMemcpyDefault, stream));
}

CUresult cuMemcpyHtoD(CUdeviceptr dst, const void *src, size_t size) {
    return CW_DRIVER(cudaMemcpy(cw_driver_pointer(dst), src, size, cudaMemcpyHostToDevice));
}

CUresult cuMemcpyHtoDAsync(CUdeviceptr dst, const void *src, size_t size, CUstream stream) {
    return CW_DRIVER(cudaMemcpyAsync(cw_driver_pointer(dst), src, size, cudaMemcpyHostToDevice, stream));
}

CUresult cuMemcpyDtoH(void *dst, CUdeviceptr src, size_t size) {
    return CW_DRIVER(cudaMemcpy(dst, cw_driver_pointer(src), size, cudaMemcpyDeviceToHost));
}

CUresult cuMemcpyDtoHAsync(void *dst, CUdeviceptr src, size_t size, CUstream stream) {
    return CW_DRIVER(cudaMemcpyAsync(dst, cw_driver_pointer(src), size, cudaMemcpyDeviceToHost, stream));
}

CUresult cuMemcpyDtoD(CUdeviceptr dst, CUdeviceptr src, size_t size) {
    return CW_DRIVER(cudaMemcpy(cw_driver_pointer(dst), cw_driver_pointer(src), size, cudaMemcpyDeviceToDevice));
}

CUresult cuMemcpyDtoDAsync(CUdeviceptr dst, CUdeviceptr src, size_t size, CUstream stream) {
    return CW_DRIVER(
        cudaMemcpyAsync(cw_driver_pointer(dst), cw_driver_pointer(src), size, cudaMemcpyDeviceToDevice, stream));
}

static cudaError_t check_context(CUcontext context) {
    return cw_rt_context_known(context) && atomic_load(&context->live)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorDeviceUninitialized, "a context of the copy is none that lives");
}

static cudaError_t copy_peer(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src, CUcontext src_context,
                             size_t size, CUstream stream, bool async) {
    cudaError_t error = check_context(dst_context);
    if (error == cudaSuccess) {
        error = check_context(src_context);
    }
    if (error != cudaSuccess) {
        return error;
    }
    int to = dst_context->device->ordinal, from = src_context->device->ordinal;
    return async ? cudaMemcpyPeerAsync(cw_driver_pointer(dst), to, cw_driver_pointer(src), from, size, stream)
                 : cudaMemcpyPeer(cw_driver_pointer(dst), to, cw_driver_pointer(src), from, size);
}

CUresult cuMemcpyPeer(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src, CUcontext src_context, size_t size) {
    return CW_DRIVER(copy_peer(dst, dst_context, src, src_context, size, NULL, false));
}

CUresult cuMemcpyPeerAsync(CUdeviceptr dst, CUcontext dst_context, CUdeviceptr src, CUcontext src_context, size_t size,
                           CUstream stream) {
    return CW_DRIVER(copy_peer(dst, dst_context, src, src_context, size, stream, true));
}

/* ---- Two and three dimensions ------------------------------------------------------------------------------------ */

/* One side as the structs describe it. */
struct side {
    const char *name;
    CUmemorytype type;
    const void *host;
    CUdeviceptr device;
    CUarray array;
    size_t x, y, z, pitch, height;
};

static cudaError_t pitched_side(const struct side *side, const void *base, struct cw_rt_box box,
                                struct cw_rt_side *out) {
    size_t pitch = side->pitch ? side->pitch : side->x + box.width;
    size_t rows = side->height ? side->height : side->y + box.height;
    size_t slice, z, y;
    if (box.height * box.depth > 1 && pitch < side->x + box.width) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s's pitch %zu does not fit rows of %zu bytes from byte %zu on",
                          side->name, pitch, box.width, side->x);
    }
    if (box.depth > 1 && rows < side->y + box.height) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s's height %zu does not fit %zu rows from row %zu on",
                          side->name, rows, box.height, side->y);
    }
    if (__builtin_mul_overflow(pitch, rows, &slice) || __builtin_mul_overflow(slice, side->z, &z) ||
        __builtin_mul_overflow(pitch, side->y, &y)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the %s's position is out of range", side->name);
    }
    *out = (struct cw_rt_side){(char *)(uintptr_t)base + z + y + side->x, pitch, slice};
    return cudaSuccess;
}

/* `device`: what cudaMemcpyKind says of this side; unified addresses are looked up. */
static cudaError_t make_side(const struct side *side, struct cw_rt_box box, struct cw_rt_side *out, int *device) {
    switch (side->type) {
    case CU_MEMORYTYPE_HOST:
        *device = 0;
        return pitched_side(side, side->host, box, out);
    case CU_MEMORYTYPE_DEVICE:
        *device = 1;
        return pitched_side(side, cw_driver_pointer(side->device), box, out);
    case CU_MEMORYTYPE_UNIFIED:
        *device = -1;
        return pitched_side(side, cw_driver_pointer(side->device), box, out);
    case CU_MEMORYTYPE_ARRAY:
        *device = 1;
        return cw_rt_array_bytes((cudaArray_const_t)side->array, side->x, side->y, side->z, box, out);
    }
    return cw_rt_fail(cudaErrorInvalidValue, "the %s has no type %d of memory", side->name, (int)side->type);
}

static cudaError_t copy_box(const struct side *dst, const struct side *src, struct cw_rt_box box, CUstream stream,
                            enum cw_rt_timing timing) {
    static const enum cudaMemcpyKind kinds[2][2] = {{cudaMemcpyHostToHost, cudaMemcpyHostToDevice},
                                                    {cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice}};
    struct cw_rt_side to, from;
    int to_device = -1, from_device = -1;
    if (box.width == 0 || box.height == 0 || box.depth == 0) {
        return cudaSuccess;
    }
    cudaError_t error = make_side(dst, box, &to, &to_device);
    if (error == cudaSuccess) {
        error = make_side(src, box, &from, &from_device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    enum cudaMemcpyKind kind = to_device < 0 || from_device < 0 ? cudaMemcpyDefault : kinds[from_device][to_device];
    return cw_rt_copy(to, from, box, kind, stream, timing);
}

static cudaError_t copy_2d(const CUDA_MEMCPY2D *p, CUstream stream, enum cw_rt_timing timing) {
    if (!p) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    struct side dst = {"destination",  p->dstMemoryType, p->dstHost, p->dstDevice, p->dstArray,
                       p->dstXInBytes, p->dstY,          0,          p->dstPitch,  0};
    struct side src = {"source",       p->srcMemoryType, p->srcHost, p->srcDevice, p->srcArray,
                       p->srcXInBytes, p->srcY,          0,          p->srcPitch,  0};
    return copy_box(&dst, &src, (struct cw_rt_box){p->WidthInBytes, p->Height, 1}, stream, timing);
}

CUresult cuMemcpy2D(const CUDA_MEMCPY2D *params) {
    return CW_DRIVER(copy_2d(params, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpy2DUnaligned(const CUDA_MEMCPY2D *params) {
    return CW_DRIVER(copy_2d(params, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpy2DAsync(const CUDA_MEMCPY2D *params, CUstream stream) {
    return CW_DRIVER(copy_2d(params, stream, CW_RT_STREAMED));
}

static cudaError_t copy_3d(const CUDA_MEMCPY3D *p, CUstream stream, enum cw_rt_timing timing) {
    if (!p || p->srcLOD || p->dstLOD) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL or name a level of detail, which must be 0");
    }
    struct side dst = {"destination",  p->dstMemoryType, p->dstHost, p->dstDevice, p->dstArray,
                       p->dstXInBytes, p->dstY,          p->dstZ,    p->dstPitch,  p->dstHeight};
    struct side src = {"source",       p->srcMemoryType, p->srcHost, p->srcDevice, p->srcArray,
                       p->srcXInBytes, p->srcY,          p->srcZ,    p->srcPitch,  p->srcHeight};
    return copy_box(&dst, &src, (struct cw_rt_box){p->WidthInBytes, p->Height, p->Depth}, stream, timing);
}

CUresult cuMemcpy3D(const CUDA_MEMCPY3D *params) {
    return CW_DRIVER(copy_3d(params, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpy3DAsync(const CUDA_MEMCPY3D *params, CUstream stream) {
    return CW_DRIVER(copy_3d(params, stream, CW_RT_STREAMED));
}

static cudaError_t copy_3d_peer(const CUDA_MEMCPY3D_PEER *p, CUstream stream, enum cw_rt_timing timing) {
    if (!p || p->srcLOD || p->dstLOD) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL or name a level of detail, which must be 0");
    }
    cudaError_t error = check_context(p->dstContext);
    if (error == cudaSuccess) {
        error = check_context(p->srcContext);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct side dst = {"destination",  p->dstMemoryType, p->dstHost, p->dstDevice, p->dstArray,
                       p->dstXInBytes, p->dstY,          p->dstZ,    p->dstPitch,  p->dstHeight};
    struct side src = {"source",       p->srcMemoryType, p->srcHost, p->srcDevice, p->srcArray,
                       p->srcXInBytes, p->srcY,          p->srcZ,    p->srcPitch,  p->srcHeight};
    return copy_box(&dst, &src, (struct cw_rt_box){p->WidthInBytes, p->Height, p->Depth}, stream, timing);
}

CUresult cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *params) {
    return CW_DRIVER(copy_3d_peer(params, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *params, CUstream stream) {
    return CW_DRIVER(copy_3d_peer(params, stream, CW_RT_STREAMED));
}

/* ---- Rows of one-dimensional arrays ------------------------------------------------------------------------------ */

static cudaError_t copy_line(const struct side *dst, const struct side *src, size_t size, CUstream stream,
                             enum cw_rt_timing timing) {
    return copy_box(dst, src, (struct cw_rt_box){size, 1, 1}, stream, timing);
}

static struct side array_side(const char *name, CUarray array, size_t offset) {
    return (struct side){.name = name, .type = CU_MEMORYTYPE_ARRAY, .array = array, .x = offset};
}

static struct side device_side(const char *name, CUdeviceptr pointer) {
    return (struct side){.name = name, .type = CU_MEMORYTYPE_DEVICE, .device = pointer};
}

static struct side host_side(const char *name, const void *pointer) {
    return (struct side){.name = name, .type = CU_MEMORYTYPE_HOST, .host = pointer};
}

CUresult cuMemcpyDtoA(CUarray dst, size_t offset, CUdeviceptr src, size_t size) {
    struct side to = array_side("destination", dst, offset), from = device_side("source", src);
    return CW_DRIVER(copy_line(&to, &from, size, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpyAtoD(CUdeviceptr dst, CUarray src, size_t offset, size_t size) {
    struct side to = device_side("destination", dst), from = array_side("source", src, offset);
    return CW_DRIVER(copy_line(&to, &from, size, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpyHtoA(CUarray dst, size_t offset, const void *src, size_t size) {
    struct side to = array_side("destination", dst, offset), from = host_side("source", src);
    return CW_DRIVER(copy_line(&to, &from, size, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpyAtoH(void *dst, CUarray src, size_t offset, size_t size) {
    struct side to = host_side("destination", dst), from = array_side("source", src, offset);
    return CW_DRIVER(copy_line(&to, &from, size, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpyAtoA(CUarray dst, size_t dst_offset, CUarray src, size_t src_offset, size_t size) {
    struct side to = array_side("destination", dst, dst_offset), from = array_side("source", src, src_offset);
    return CW_DRIVER(copy_line(&to, &from, size, NULL, CW_RT_BLOCKING));
}

CUresult cuMemcpyHtoAAsync(CUarray dst, size_t offset, const void *src, size_t size, CUstream stream) {
    struct side to = array_side("destination", dst, offset), from = host_side("source", src);
    return CW_DRIVER(copy_line(&to, &from, size, stream, CW_RT_STREAMED));
}

CUresult cuMemcpyAtoHAsync(void *dst, CUarray src, size_t offset, size_t size, CUstream stream) {
    struct side to = host_side("destination", dst), from = array_side("source", src, offset);
    return CW_DRIVER(copy_line(&to, &from, size, stream, CW_RT_STREAMED));
}

/* ---- Filling: widths count elements ------------------------------------------------------------------------------ */

static cudaError_t fill(CUdeviceptr dst, size_t pitch, uint32_t pattern, uint32_t element, size_t width, size_t height,
                        CUstream stream, enum cw_rt_timing timing) {
    size_t bytes;
    if (dst % element != 0 || (height > 1 && pitch % element != 0)) {
        return cw_rt_fail(cudaErrorInvalidValue, "elements of %u bytes at %p with a pitch of %zu are not aligned",
                          element, cw_driver_pointer(dst), pitch);
    }
    if (__builtin_mul_overflow(width, element, &bytes) || (height > 1 && pitch < bytes)) {
        return cw_rt_fail(cudaErrorInvalidValue, "a pitch of %zu does not fit rows of %zu elements of %u bytes", pitch,
                          width, element);
    }
    return cw_rt_fill_pattern((struct cw_rt_side){cw_driver_pointer(dst), pitch, 0}, pattern, element,
                              (struct cw_rt_box){bytes, height, 1}, stream, timing);
}

CUresult cuMemsetD8(CUdeviceptr dst, unsigned char value, size_t count) {
    return CW_DRIVER(fill(dst, 0, value, 1, count, 1, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD16(CUdeviceptr dst, unsigned short value, size_t count) {
    return CW_DRIVER(fill(dst, 0, value, 2, count, 1, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD32(CUdeviceptr dst, unsigned value, size_t count) {
    return CW_DRIVER(fill(dst, 0, value, 4, count, 1, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD2D8(CUdeviceptr dst, size_t pitch, unsigned char value, size_t width, size_t height) {
    return CW_DRIVER(fill(dst, pitch, value, 1, width, height, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD2D16(CUdeviceptr dst, size_t pitch, unsigned short value, size_t width, size_t height) {
    return CW_DRIVER(fill(dst, pitch, value, 2, width, height, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD2D32(CUdeviceptr dst, size_t pitch, unsigned value, size_t width, size_t height) {
    return CW_DRIVER(fill(dst, pitch, value, 4, width, height, NULL, CW_RT_BLOCKING));
}

CUresult cuMemsetD8Async(CUdeviceptr dst, unsigned char value, size_t count, CUstream stream) {
    return CW_DRIVER(fill(dst, 0, value, 1, count, 1, stream, CW_RT_STREAMED));
}

CUresult cuMemsetD16Async(CUdeviceptr dst, unsigned short value, size_t count, CUstream stream) {
    return CW_DRIVER(fill(dst, 0, value, 2, count, 1, stream, CW_RT_STREAMED));
}

CUresult cuMemsetD32Async(CUdeviceptr dst, unsigned value, size_t count, CUstream stream) {
    return CW_DRIVER(fill(dst, 0, value, 4, count, 1, stream, CW_RT_STREAMED));
}

CUresult cuMemsetD2D8Async(CUdeviceptr dst, size_t pitch, unsigned char value, size_t width, size_t height,
                           CUstream stream) {
    return CW_DRIVER(fill(dst, pitch, value, 1, width, height, stream, CW_RT_STREAMED));
}

CUresult cuMemsetD2D16Async(CUdeviceptr dst, size_t pitch, unsigned short value, size_t width, size_t height,
                            CUstream stream) {
    return CW_DRIVER(fill(dst, pitch, value, 2, width, height, stream, CW_RT_STREAMED));
}

CUresult cuMemsetD2D32Async(CUdeviceptr dst, size_t pitch, unsigned value, size_t width, size_t height,
                            CUstream stream) {
    return CW_DRIVER(fill(dst, pitch, value, 4, width, height, stream, CW_RT_STREAMED));
}
