/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cudaGL.h: the driver API's side of sharing OpenGL's buffers and textures (CUDA Driver API, "OpenGL Interoperability"). The
 * context must be current on the calling thread. OpenGL's own header comes from the system.
 */
#ifndef CUDAGL_H
#define CUDAGL_H

#include <cuda.h>

#include <GL/gl.h>

CW_EXTERN_C_BEGIN

typedef enum CUGLDeviceList_enum {
    CU_GL_DEVICE_LIST_ALL = 0x01,
    CU_GL_DEVICE_LIST_CURRENT_FRAME = 0x02,
    CU_GL_DEVICE_LIST_NEXT_FRAME = 0x03
} CUGLDeviceList;

typedef enum CUGLmap_flags_enum {
    CU_GL_MAP_RESOURCE_FLAGS_NONE = 0x00,
    CU_GL_MAP_RESOURCE_FLAGS_READ_ONLY = 0x01,
    CU_GL_MAP_RESOURCE_FLAGS_WRITE_DISCARD = 0x02
} CUGLmap_flags;

#define cuGLGetDevices cuGLGetDevices_v2
#define cuGLCtxCreate cuGLCtxCreate_v2
#define cuGLMapBufferObject cuGLMapBufferObject_v2
#define cuGLMapBufferObjectAsync cuGLMapBufferObjectAsync_v2

CW_CUDA_API CUresult CUDAAPI cuGraphicsGLRegisterBuffer(CUgraphicsResource *pCudaResource, GLuint buffer,
                                                        unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuGraphicsGLRegisterImage(CUgraphicsResource *pCudaResource, GLuint image, GLenum target,
                                                       unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuGLGetDevices(unsigned int *pCudaDeviceCount, CUdevice *pCudaDevices,
                                            unsigned int cudaDeviceCount, CUGLDeviceList deviceList);

/* The older functions, by the buffer's own name. */
CW_CUDA_API CUresult CUDAAPI cuGLCtxCreate(CUcontext *pCtx, unsigned int Flags, CUdevice device);
CW_CUDA_API CUresult CUDAAPI cuGLInit(void);
CW_CUDA_API CUresult CUDAAPI cuGLRegisterBufferObject(GLuint buffer);
CW_CUDA_API CUresult CUDAAPI cuGLMapBufferObject(CUdeviceptr *dptr, size_t *size, GLuint buffer);
CW_CUDA_API CUresult CUDAAPI cuGLMapBufferObjectAsync(CUdeviceptr *dptr, size_t *size, GLuint buffer, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuGLUnmapBufferObject(GLuint buffer);
CW_CUDA_API CUresult CUDAAPI cuGLUnmapBufferObjectAsync(GLuint buffer, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuGLUnregisterBufferObject(GLuint buffer);
CW_CUDA_API CUresult CUDAAPI cuGLSetBufferObjectMapFlags(GLuint buffer, unsigned int Flags);

CW_EXTERN_C_END

#endif
