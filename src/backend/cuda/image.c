/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.c: texture and surface objects. Kernels read them in software (src/library/image): the object is the address of a
 * description in the device's memory. A description that was destroyed stays as it is until KEPT others were, so that
 * kernels in flight go on.
 */
#include <stdlib.h>

#include "backend/cpu/texel.h"
#include "backend/cuda/device.h"

#define KEPT 64u

struct cw_cuda_image {
    struct cw_cuda_image *next;       /* of all */
    struct cw_cuda_image *next_freed;
    uint64_t address;
};

/* With the lock: a place in the device's memory. */
static struct cw_cuda_image *take(struct cw_backend_device *device) {
    struct cw_cuda_image *image = device->freed_first;
    if (image && device->freed_count > KEPT) {
        device->freed_first = image->next_freed;
        device->freed_count--;
        return image;
    }
    image = calloc(1, sizeof *image);
    if (image && cw_cuda_driver()->memory_alloc(&image->address, sizeof(struct cw_cpu_image)) != CW_CUDA_SUCCESS) {
        free(image);
        image = NULL;
    }
    if (image) {
        image->next = device->images;
        device->images = image;
    }
    return image;
}

static void give(struct cw_backend_device *device, struct cw_cuda_image *image) {
    image->next_freed = NULL;
    if (device->freed_first) {
        device->freed_last->next_freed = image;
    } else {
        device->freed_first = image;
    }
    device->freed_last = image;
    device->freed_count++;
}

cw_status cw_cuda_image_create(struct cw_backend_device *device, const struct cw_image *image,
                               const struct cw_sampler *sampler, uint64_t *object) {
    struct cw_cpu_image made = {.use = sampler ? CW_CPU_IMAGE_TEXTURE : CW_CPU_IMAGE_SURFACE, .image = *image};
    if (sampler) {
        made.sampler = *sampler;
    }
    cw_cpu_texel_prepare(&made);
    cw_cuda_enter(device);
    pthread_mutex_lock(&device->lock);
    struct cw_cuda_image *place = take(device);
    pthread_mutex_unlock(&device->lock);
    if (!place) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *object = place->address;
    return cw_cuda_copy(device, (void *)(uintptr_t)place->address, &made, sizeof made, CW_COPY_HOST_TO_DEVICE);
}

void cw_cuda_image_destroy(struct cw_backend_device *device, uint64_t object) {
    pthread_mutex_lock(&device->lock);
    struct cw_cuda_image *image = device->images;
    while (image && image->address != object) {
        image = image->next;
    }
    if (image) {
        give(device, image);
    }
    pthread_mutex_unlock(&device->lock);
}

void cw_cuda_images_close(struct cw_backend_device *device) {
    for (struct cw_cuda_image *image = device->images, *next; image; image = next) {
        next = image->next;
        (void)cw_cuda_driver()->memory_free(image->address);
        free(image);
    }
    device->images = device->freed_first = device->freed_last = NULL;
    device->freed_count = 0;
}
