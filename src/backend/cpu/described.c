/* SPDX-License-Identifier: Apache-2.0 */
/* described.c: see described.h. */
#include "backend/cpu/described.h"

#include <stdlib.h>

#include "backend/cpu/texel.h"

struct cw_described_image {
    struct cw_described_image *next; /* of all */
    struct cw_described_image *next_freed;
    void *address;
};

void cw_described_init(struct cw_described *described) {
    *described = (struct cw_described){.lock = PTHREAD_MUTEX_INITIALIZER};
}

/* With the lock: a place in the device's memory. */
static struct cw_described_image *take(struct cw_described *described, const struct cw_backend *backend,
                                       struct cw_backend_device *device) {
    struct cw_described_image *image = described->freed_first;
    if (image && described->freed_count > CW_DESCRIBED_KEPT) {
        described->freed_first = image->next_freed;
        described->freed_count--;
        return image;
    }
    image = calloc(1, sizeof *image);
    if (image && backend->memory_alloc(device, sizeof(struct cw_cpu_image), &image->address) != CW_OK) {
        free(image);
        image = NULL;
    }
    if (image) {
        image->next = described->all;
        described->all = image;
    }
    return image;
}

static void give(struct cw_described *described, struct cw_described_image *image) {
    image->next_freed = NULL;
    if (described->freed_first) {
        described->freed_last->next_freed = image;
    } else {
        described->freed_first = image;
    }
    described->freed_last = image;
    described->freed_count++;
}

cw_status cw_described_create(struct cw_described *described, const struct cw_backend *backend,
                              struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object) {
    struct cw_cpu_image made = {.use = sampler ? CW_CPU_IMAGE_TEXTURE : CW_CPU_IMAGE_SURFACE, .image = *image};
    if (sampler) {
        made.sampler = *sampler;
    }
    cw_cpu_texel_prepare(&made);
    pthread_mutex_lock(&described->lock);
    struct cw_described_image *place = take(described, backend, device);
    pthread_mutex_unlock(&described->lock);
    if (!place) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *object = (uint64_t)(uintptr_t)place->address;
    return backend->copy(device, place->address, &made, sizeof made, CW_COPY_HOST_TO_DEVICE);
}

void cw_described_destroy(struct cw_described *described, uint64_t object) {
    pthread_mutex_lock(&described->lock);
    struct cw_described_image *image = described->all;
    while (image && (uint64_t)(uintptr_t)image->address != object) {
        image = image->next;
    }
    if (image) {
        give(described, image);
    }
    pthread_mutex_unlock(&described->lock);
}

void cw_described_fini(struct cw_described *described, const struct cw_backend *backend,
                       struct cw_backend_device *device) {
    for (struct cw_described_image *image = described->all, *next; image; image = next) {
        next = image->next;
        backend->memory_free(device, image->address);
        free(image);
    }
    pthread_mutex_destroy(&described->lock);
}
