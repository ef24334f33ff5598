/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.c: texture and surface objects. Kernels read them in software (src/library/image): the object is the address of a
 * description in the device's memory. A description that was destroyed stays as it is until KEPT others were, so that
 * kernels in flight go on.
 */
#include <stdlib.h>

#include "backend/cpu/texel.h"
#include "backend/vulkan/device.h"

#define KEPT 64u

struct cw_vk_image {
    struct cw_vk_image *next; /* of all */
    struct cw_vk_image *next_freed;
    void *address;
};

/* A place in the device's memory. */
static struct cw_vk_image *take(struct cw_backend_device *device) {
    pthread_mutex_lock(&device->lock);
    struct cw_vk_image *image = device->freed_images > KEPT ? device->freed_first : NULL;
    if (image) {
        device->freed_first = image->next_freed;
        device->freed_images--;
    }
    pthread_mutex_unlock(&device->lock);
    if (image) {
        return image;
    }
    image = calloc(1, sizeof *image);
    if (image && cw_vk_memory_alloc(device, sizeof(struct cw_cpu_image), &image->address) != CW_OK) {
        free(image);
        image = NULL;
    }
    if (image) {
        pthread_mutex_lock(&device->lock);
        image->next = device->images;
        device->images = image;
        pthread_mutex_unlock(&device->lock);
    }
    return image;
}

cw_status cw_vk_image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler, uint64_t *object) {
    struct cw_cpu_image made = {.use = sampler ? CW_CPU_IMAGE_TEXTURE : CW_CPU_IMAGE_SURFACE, .image = *image};
    if (sampler) {
        made.sampler = *sampler;
    }
    cw_cpu_texel_prepare(&made);
    struct cw_vk_image *place = take(device);
    if (!place) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *object = (uint64_t)(uintptr_t)place->address;
    return cw_vk_copy(device, place->address, &made, sizeof made, CW_COPY_HOST_TO_DEVICE);
}

void cw_vk_image_destroy(struct cw_backend_device *device, uint64_t object) {
    pthread_mutex_lock(&device->lock);
    struct cw_vk_image *image = device->images;
    while (image && (uint64_t)(uintptr_t)image->address != object) {
        image = image->next;
    }
    if (image) {
        image->next_freed = NULL;
        if (device->freed_first) {
            device->freed_last->next_freed = image;
        } else {
            device->freed_first = image;
        }
        device->freed_last = image;
        device->freed_images++;
    }
    pthread_mutex_unlock(&device->lock);
}

/* Their memory goes with the heap. */
void cw_vk_images_fini(struct cw_backend_device *device) {
    for (struct cw_vk_image *image = device->images, *next; image; image = next) {
        next = image->next;
        free(image);
    }
    device->images = device->freed_first = device->freed_last = NULL;
    device->freed_images = 0;
}
