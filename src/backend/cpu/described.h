/* SPDX-License-Identifier: Apache-2.0 */
/*
 * described.h: texture and surface objects of devices that read them in software (src/library/image): an object is the address of a
 * struct cw_cpu_image in the device's memory. A description that was destroyed stays as it is until CW_DESCRIBED_KEPT others were, so that
 * kernels in flight go on. Any thread.
 */
#ifndef CW_BACKEND_CPU_DESCRIBED_H
#define CW_BACKEND_CPU_DESCRIBED_H

#include <pthread.h>

#include "cudawasm/cw_backend.h"

#define CW_DESCRIBED_KEPT 64u

struct cw_described_image;

struct cw_described {
    struct cw_described_image *all;
    struct cw_described_image *freed_first, *freed_last; /* destroyed, to be used again in that order */
    uint32_t freed_count;
    pthread_mutex_t lock;
};

void cw_described_init(struct cw_described *described);
/* `backend` allocates and copies. As image_create and image_destroy. */
cw_status cw_described_create(struct cw_described *described, const struct cw_backend *backend,
                              struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object);
void cw_described_destroy(struct cw_described *described, uint64_t object);
/* Frees the descriptions; nothing runs on the device any more. */
void cw_described_fini(struct cw_described *described, const struct cw_backend *backend,
                       struct cw_backend_device *device);

#endif
