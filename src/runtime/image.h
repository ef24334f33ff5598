/* SPDX-License-Identifier: Apache-2.0 */
/* image.h: from CUDA's resource, texture and view descriptors to what a backend's textures and surfaces are made of. */
#ifndef CW_RUNTIME_IMAGE_H
#define CW_RUNTIME_IMAGE_H

#include "cuda/texture_types.h"
#include "cudawasm/cw_backend.h"
#include "runtime/format.h"

struct cw_rt_device;

/* An image, and what its elements are. */
struct cw_rt_image {
    struct cw_image image;
    struct cw_rt_format format;
};

/* The image of a resource, whole, or as `view` (NULL: none) says. */
cudaError_t cw_rt_image_of(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                           const struct cudaResourceViewDesc *view, struct cw_rt_image *image);
/* How a texture reads that image. */
cudaError_t cw_rt_sampler_of(const struct cudaResourceDesc *resource, const struct cudaTextureDesc *texture,
                             const struct cw_rt_image *image, struct cw_sampler *sampler);
/* A texture object, a surface object of the device; and one less. */
cudaError_t cw_rt_texture_make(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                               const struct cudaTextureDesc *texture, const struct cudaResourceViewDesc *view,
                               unsigned long long *number);
cudaError_t cw_rt_surface_make(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                               unsigned long long *number);
void cw_rt_object_drop(uint64_t number, bool is_surface);
/* Forgets every texture and surface object of the device. */
void cw_rt_images_close(struct cw_rt_device *device);

#endif
