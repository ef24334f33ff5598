/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: the table of texture and surface objects: see image.h. */
#include "backend/cpu/image.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "backend/cpu/texel.h"

#define FRESH_MIN                                                                                                      \
    4096u /* slots are not used again while there are fewer: so long do stale handles keep their meaning */

struct cw_cpu_image *_Atomic cw_cpu_images;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t used = 1; /* slots ever given out; slot 0 never is */
static uint32_t *freed;   /* a ring of slots to use again, the one destroyed longest ago first */
static uint32_t freed_first, freed_count, freed_capacity;

static struct cw_cpu_image *table(void) {
    struct cw_cpu_image *images = atomic_load_explicit(&cw_cpu_images, memory_order_relaxed);
    if (!images) {
        void *memory = mmap(NULL, sizeof *images * CW_CPU_IMAGES_MAX, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        images = memory == MAP_FAILED ? NULL : memory;
        atomic_store_explicit(&cw_cpu_images, images, memory_order_release);
    }
    return images;
}

/* Room for every slot that is in use to be destroyed, so that destroying can't fail. */
static bool reserve_ring(void) {
    if (used < freed_capacity) {
        return true;
    }
    uint32_t capacity = freed_capacity ? 2 * freed_capacity : 64;
    uint32_t *ring = malloc(capacity * sizeof *ring);
    if (!ring) {
        return false;
    }
    for (uint32_t i = 0; i < freed_count; i++) {
        ring[i] = freed[(freed_first + i) % freed_capacity];
    }
    free(freed);
    freed = ring;
    freed_first = 0;
    freed_capacity = capacity;
    return true;
}

/* A slot, or 0. */
static uint32_t take(void) {
    bool fresh = used < CW_CPU_IMAGES_MAX && (freed_count == 0 || used < FRESH_MIN);
    if (!table() || (!fresh && freed_count == 0) || !reserve_ring()) {
        return 0;
    }
    if (fresh) {
        return used++;
    }
    uint32_t slot = freed[freed_first];
    freed_first = (freed_first + 1) % freed_capacity;
    freed_count--;
    return slot;
}

cw_status cw_cpu_image_create(struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object) {
    (void)device;
    struct cw_cpu_image made = {.use = sampler ? CW_CPU_IMAGE_TEXTURE : CW_CPU_IMAGE_SURFACE, .image = *image};
    if (sampler) {
        made.sampler = *sampler;
    }
    cw_cpu_texel_prepare(&made);
    pthread_mutex_lock(&lock);
    uint32_t slot = take();
    if (slot) {
        atomic_load_explicit(&cw_cpu_images, memory_order_relaxed)[slot] = made;
    }
    pthread_mutex_unlock(&lock);
    *object = slot;
    return slot ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

void cw_cpu_image_destroy(struct cw_backend_device *device, uint64_t object) {
    (void)device;
    pthread_mutex_lock(&lock);
    freed[(freed_first + freed_count) % freed_capacity] = (uint32_t)object;
    freed_count++;
    pthread_mutex_unlock(&lock);
}
