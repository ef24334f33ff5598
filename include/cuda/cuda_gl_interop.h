/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_gl_interop.h: sharing OpenGL's buffers and textures with kernels (CUDA Runtime API, "OpenGL Interoperability"). The
 * context must be current on the calling thread. OpenGL's own header comes from the system.
 */
#ifndef __CUDA_GL_INTEROP_H__
#define __CUDA_GL_INTEROP_H__

#include "cuda_runtime_api.h"

#include <GL/gl.h>

CW_EXTERN_C_BEGIN

enum cudaGLDeviceList { cudaGLDeviceListAll = 1, cudaGLDeviceListCurrentFrame = 2, cudaGLDeviceListNextFrame = 3 };
enum cudaGLMapFlags { cudaGLMapFlagsNone = 0, cudaGLMapFlagsReadOnly = 1, cudaGLMapFlagsWriteDiscard = 2 };

CW_CUDA_API cudaError_t cudaGLGetDevices(unsigned int *pCudaDeviceCount, int *pCudaDevices,
                                         unsigned int cudaDeviceCount, enum cudaGLDeviceList deviceList);
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterImage(struct cudaGraphicsResource **resource, GLuint image, GLenum target,
                                                    unsigned int flags);
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterBuffer(struct cudaGraphicsResource **resource, GLuint buffer,
                                                     unsigned int flags);

/* The older functions, by the buffer's own name. */
CW_CUDA_API cudaError_t cudaGLSetGLDevice(int device);
CW_CUDA_API cudaError_t cudaGLRegisterBufferObject(GLuint bufObj);
CW_CUDA_API cudaError_t cudaGLSetBufferObjectMapFlags(GLuint bufObj, unsigned int flags);
CW_CUDA_API cudaError_t cudaGLMapBufferObject(void **devPtr, GLuint bufObj);
CW_CUDA_API cudaError_t cudaGLMapBufferObjectAsync(void **devPtr, GLuint bufObj, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnmapBufferObject(GLuint bufObj);
CW_CUDA_API cudaError_t cudaGLUnmapBufferObjectAsync(GLuint bufObj, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnregisterBufferObject(GLuint bufObj);

CW_EXTERN_C_END

#endif
