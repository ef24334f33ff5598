/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gl.h: the few things that interoperability asks of OpenGL. The library links no OpenGL: its functions are those that the
 * program brought into the process. Everything works on the context that is current on the calling thread, and leaves its
 * state as it was.
 */
#ifndef CW_RUNTIME_GL_H
#define CW_RUNTIME_GL_H

#include <stddef.h>

#include "cuda/driver_types.h"

/* A texture's level 0, in OpenGL's words. */
struct cw_rt_gl_image {
    unsigned name, target;
    unsigned format, type; /* of transfers */
    struct cudaChannelFormatDesc desc;
    struct cudaExtent extent; /* depth 0 for a plane */
};

/* cudaErrorOperatingSystem when the process has no OpenGL, cudaErrorInvalidGraphicsContext when no context is current. */
cudaError_t cw_rt_gl_ready(void);

/* cudaErrorInvalidResourceHandle when `buffer` is none. */
cudaError_t cw_rt_gl_buffer_size(unsigned buffer, size_t *bytes);
cudaError_t cw_rt_gl_buffer_read(unsigned buffer, void *memory, size_t bytes);
cudaError_t cw_rt_gl_buffer_write(unsigned buffer, const void *memory, size_t bytes);

/* Finds size and format. cudaErrorNotSupported for targets and formats that can't be shared. */
cudaError_t cw_rt_gl_image_describe(unsigned name, unsigned target, struct cw_rt_gl_image *image);
/* Rows without padding, the first one first. */
cudaError_t cw_rt_gl_image_read(const struct cw_rt_gl_image *image, void *memory);
cudaError_t cw_rt_gl_image_write(const struct cw_rt_gl_image *image, const void *memory);

#endif
