/* SPDX-License-Identifier: Apache-2.0 */
/* graphics.h: OpenGL's side of CUDA's API, as the program's header cuda_gl_interop.h declares it with OpenGL's own types,
 * which are these; and what the runtime does with graphics resources itself. */
#ifndef CW_RUNTIME_GRAPHICS_H
#define CW_RUNTIME_GRAPHICS_H

#include "cuda/cuda_runtime_api.h"

struct cw_rt_device;

CW_CUDA_API cudaError_t cudaGLGetDevices(unsigned *count, int *devices, unsigned room, int list);
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterImage(struct cudaGraphicsResource **resource, unsigned image,
                                                    unsigned target, unsigned flags);
CW_CUDA_API cudaError_t cudaGraphicsGLRegisterBuffer(struct cudaGraphicsResource **resource, unsigned buffer,
                                                     unsigned flags);
CW_CUDA_API cudaError_t cudaGLSetGLDevice(int device);
CW_CUDA_API cudaError_t cudaGLRegisterBufferObject(unsigned buffer);
CW_CUDA_API cudaError_t cudaGLSetBufferObjectMapFlags(unsigned buffer, unsigned flags);
CW_CUDA_API cudaError_t cudaGLMapBufferObject(void **pointer, unsigned buffer);
CW_CUDA_API cudaError_t cudaGLMapBufferObjectAsync(void **pointer, unsigned buffer, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnmapBufferObject(unsigned buffer);
CW_CUDA_API cudaError_t cudaGLUnmapBufferObjectAsync(unsigned buffer, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaGLUnregisterBufferObject(unsigned buffer);

/* Forgets every resource of the device; their memory goes with its allocations. */
void cw_rt_graphics_close(struct cw_rt_device *device);

#endif
