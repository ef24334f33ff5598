/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.c: texture and surface objects. Kernels read them in software (src/library/image): the object is the address of a description in the
 * heap. A description that was destroyed stays as it is until KEPT others were, so that kernels in flight go on.
 */
#include <stdlib.h>

#include "backend/cpu/texel.h"
#include "backend/webgpu/webgpu.h"

#define KEPT 64u

struct cw_webgpu_image {
    struct cw_webgpu_image *next;       /* of all */
    struct cw_webgpu_image *next_freed; /* of those to be used again, the one that was destroyed longest ago first */
    void *address;
};

/* One to be used again, if there are enough. Wants the lock. */
static struct cw_webgpu_image *take_freed(struct cw_webgpu_images *images) {
    struct cw_webgpu_image *image = images->freed_count > KEPT ? images->freed_first : NULL;
    if (image) {
        images->freed_first = image->next_freed;
        images->freed_count--;
    }
    return image;
}

static struct cw_webgpu_image *take(struct cw_backend_device *device) {
    pthread_mutex_lock(&device->lock);
    struct cw_webgpu_image *image = take_freed(&device->images);
    pthread_mutex_unlock(&device->lock);
    if (image) return image;
    image = calloc(1, sizeof *image);
    if (!image || cw_webgpu_memory_alloc(device, sizeof(struct cw_cpu_image), &image->address) != CW_OK) {
        free(image);
        return NULL;
    }
    pthread_mutex_lock(&device->lock);
    image->next = device->images.first;
    device->images.first = image;
    pthread_mutex_unlock(&device->lock);
    return image;
}

cw_status cw_webgpu_image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler, uint64_t *object) {
    struct cw_cpu_image made = {.use = sampler ? CW_CPU_IMAGE_TEXTURE : CW_CPU_IMAGE_SURFACE, .image = *image};
    if (sampler) made.sampler = *sampler;
    cw_cpu_texel_prepare(&made);
    struct cw_webgpu_image *place = take(device);
    if (!place) return CW_ERROR_OUT_OF_MEMORY;
    *object = (uint64_t)(uintptr_t)place->address;
    return cw_webgpu_copy(device, place->address, &made, sizeof made, CW_COPY_HOST_TO_DEVICE);
}

void cw_webgpu_image_destroy(struct cw_backend_device *device, uint64_t object) {
    struct cw_webgpu_images *images = &device->images;
    pthread_mutex_lock(&device->lock);
    struct cw_webgpu_image *image = images->first;
    while (image && (uint64_t)(uintptr_t)image->address != object) image = image->next;
    if (image) {
        image->next_freed = NULL;
        if (images->freed_count) images->freed_last->next_freed = image;
        else images->freed_first = image;
        images->freed_last = image;
        images->freed_count++;
    }
    pthread_mutex_unlock(&device->lock);
}

/* Their memory goes with the heap. */
void cw_webgpu_images_end(struct cw_backend_device *device) {
    for (struct cw_webgpu_image *image = device->images.first, *next; image; image = next) {
        next = image->next;
        free(image);
    }
}
