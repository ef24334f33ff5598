/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphics.c: the driver API's face of resources shared with OpenGL (runtime/graphics.c). Both APIs' resources are the same
 * objects, and their flags have the same numbers. GLuint and GLenum are unsigned here: OpenGL's headers are not needed.
 */
#include "runtime/driver/driver.h"
#include "runtime/gl.h"

typedef struct cudaGraphicsResource *resource_t;

/* What cuda_gl_interop.h declares for the runtime API, and cudaGL.h for this one. */
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterBuffer(resource_t *resource, unsigned buffer, unsigned flags);
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterImage(resource_t *resource, unsigned image, unsigned target, unsigned flags);
CW_CUDA_API cudaError_t cudaGLRegisterBufferObject(unsigned buffer);
CW_CUDA_API cudaError_t cudaGLSetBufferObjectMapFlags(unsigned buffer, unsigned flags);
CW_CUDA_API cudaError_t cudaGLMapBufferObjectAsync(void **pointer, unsigned buffer, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnmapBufferObjectAsync(unsigned buffer, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnregisterBufferObject(unsigned buffer);
CW_CUDA_API cudaError_t cudaGLGetDevices(unsigned *count, int *devices, unsigned room, int list);

CW_CUDA_API CUresult cuGraphicsGLRegisterBuffer(CUgraphicsResource *resource, unsigned buffer, unsigned flags);
CW_CUDA_API CUresult cuGraphicsGLRegisterImage(CUgraphicsResource *resource, unsigned image, unsigned target, unsigned flags);
CW_CUDA_API CUresult cuGLGetDevices_v2(unsigned *count, CUdevice *devices, unsigned room, int list);
CW_CUDA_API CUresult cuGLCtxCreate_v2(CUcontext *context, unsigned flags, CUdevice device);
CW_CUDA_API CUresult cuGLInit(void);
CW_CUDA_API CUresult cuGLRegisterBufferObject(unsigned buffer);
CW_CUDA_API CUresult cuGLMapBufferObject_v2(CUdeviceptr *pointer, size_t *size, unsigned buffer);
CW_CUDA_API CUresult cuGLMapBufferObjectAsync_v2(CUdeviceptr *pointer, size_t *size, unsigned buffer, CUstream stream);
CW_CUDA_API CUresult cuGLUnmapBufferObject(unsigned buffer);
CW_CUDA_API CUresult cuGLUnmapBufferObjectAsync(unsigned buffer, CUstream stream);
CW_CUDA_API CUresult cuGLUnregisterBufferObject(unsigned buffer);
CW_CUDA_API CUresult cuGLSetBufferObjectMapFlags(unsigned buffer, unsigned flags);

_Static_assert((int)CU_GRAPHICS_REGISTER_FLAGS_TEXTURE_GATHER == (int)cudaGraphicsRegisterFlagsTextureGather, "flags have the same numbers");
_Static_assert((int)CU_GRAPHICS_MAP_RESOURCE_FLAGS_WRITE_DISCARD == (int)cudaGraphicsMapFlagsWriteDiscard, "flags have the same numbers");

/* ---- Resources --------------------------------------------------------------------------------------------------- */

CUresult cuGraphicsGLRegisterBuffer(CUgraphicsResource *resource, unsigned buffer, unsigned flags) {
    return CW_DRIVER(cudaGraphicsGLRegisterBuffer((resource_t *)resource, buffer, flags));
}

CUresult cuGraphicsGLRegisterImage(CUgraphicsResource *resource, unsigned image, unsigned target, unsigned flags) {
    return CW_DRIVER(cudaGraphicsGLRegisterImage((resource_t *)resource, image, target, flags));
}

CUresult cuGraphicsUnregisterResource(CUgraphicsResource resource) {
    return CW_DRIVER(cudaGraphicsUnregisterResource((resource_t)resource));
}

CUresult cuGraphicsResourceSetMapFlags(CUgraphicsResource resource, unsigned flags) {
    return CW_DRIVER(cudaGraphicsResourceSetMapFlags((resource_t)resource, flags));
}

CUresult cuGraphicsMapResources(unsigned count, CUgraphicsResource *resources, CUstream stream) {
    return CW_DRIVER(cudaGraphicsMapResources((int)count, (resource_t *)resources, stream));
}

CUresult cuGraphicsUnmapResources(unsigned count, CUgraphicsResource *resources, CUstream stream) {
    return CW_DRIVER(cudaGraphicsUnmapResources((int)count, (resource_t *)resources, stream));
}

CUresult cuGraphicsResourceGetMappedPointer(CUdeviceptr *pointer, size_t *size, CUgraphicsResource resource) {
    return CW_DRIVER(cudaGraphicsResourceGetMappedPointer((void **)pointer, size, (resource_t)resource));
}

CUresult cuGraphicsSubResourceGetMappedArray(CUarray *array, CUgraphicsResource resource, unsigned index, unsigned level) {
    return CW_DRIVER(cudaGraphicsSubResourceGetMappedArray((cudaArray_t *)array, (resource_t)resource, index, level));
}

/* ---- Devices and contexts ---------------------------------------------------------------------------------------- */

CUresult cuGLGetDevices_v2(unsigned *count, CUdevice *devices, unsigned room, int list) {
    return CW_DRIVER_PLAIN(cudaGLGetDevices(count, devices, room, list));
}

/* Every context shares with OpenGL. */
CUresult cuGLCtxCreate_v2(CUcontext *context, unsigned flags, CUdevice device) {
    return cuCtxCreate(context, flags, device);
}

CUresult cuGLInit(void) {
    return CW_DRIVER(cudaSuccess);
}

/* ---- The older functions, by a buffer's name --------------------------------------------------------------------- */

CUresult cuGLRegisterBufferObject(unsigned buffer) {
    return CW_DRIVER(cudaGLRegisterBufferObject(buffer));
}

CUresult cuGLSetBufferObjectMapFlags(unsigned buffer, unsigned flags) {
    return CW_DRIVER(cudaGLSetBufferObjectMapFlags(buffer, flags));
}

static cudaError_t map_buffer(CUdeviceptr *pointer, size_t *size, unsigned buffer, CUstream stream) {
    cudaError_t error = cw_driver_place(pointer, "address");
    if (error == cudaSuccess) {
        error = cudaGLMapBufferObjectAsync((void **)pointer, buffer, stream);
    }
    return error == cudaSuccess && size ? cw_rt_gl_buffer_size(buffer, size) : error;
}

CUresult cuGLMapBufferObjectAsync_v2(CUdeviceptr *pointer, size_t *size, unsigned buffer, CUstream stream) {
    return CW_DRIVER(map_buffer(pointer, size, buffer, stream));
}

CUresult cuGLMapBufferObject_v2(CUdeviceptr *pointer, size_t *size, unsigned buffer) {
    return CW_DRIVER(map_buffer(pointer, size, buffer, NULL));
}

CUresult cuGLUnmapBufferObjectAsync(unsigned buffer, CUstream stream) {
    return CW_DRIVER(cudaGLUnmapBufferObjectAsync(buffer, stream));
}

CUresult cuGLUnmapBufferObject(unsigned buffer) {
    return CW_DRIVER(cudaGLUnmapBufferObjectAsync(buffer, NULL));
}

CUresult cuGLUnregisterBufferObject(unsigned buffer) {
    return CW_DRIVER(cudaGLUnregisterBufferObject(buffer));
}
