/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: texture and surface objects of the CPU backend.
 *
 * A handle is an index into one table for the whole process, whose address never changes, so that a read costs a bound
 * check and no lock. Slots are filled before a kernel can have the handle, and destroying leaves them as they are: kernels
 * that are still running go on, and the slot that was destroyed longest ago is used again first. An index that was never
 * given out meets a slot of zeros, which is neither texture nor surface.
 */
#ifndef CW_BACKEND_CPU_IMAGE_H
#define CW_BACKEND_CPU_IMAGE_H

#include <stdatomic.h>
#include <stdint.h>

#include "cudawasm/cw_backend.h"

#if defined(__wasm__)
#define CW_CPU_IMAGES_MAX (1u << 12) /* there is no memory that is only reserved */
#else
#define CW_CPU_IMAGES_MAX (1u << 18)
#endif

enum cw_cpu_image_use { CW_CPU_IMAGE_NONE, CW_CPU_IMAGE_TEXTURE, CW_CPU_IMAGE_SURFACE };

/* How the bytes of a texel become channels: see texel.h. */
enum cw_cpu_decode {
    CW_CPU_DECODE_UINT8,
    CW_CPU_DECODE_SINT8,
    CW_CPU_DECODE_UINT16,
    CW_CPU_DECODE_SINT16,
    CW_CPU_DECODE_32, /* integers and floats as they are */
    CW_CPU_DECODE_FLOAT16,
    CW_CPU_DECODE_UNORM8,
    CW_CPU_DECODE_SNORM8,
    CW_CPU_DECODE_UNORM16,
    CW_CPU_DECODE_SNORM16,
    CW_CPU_DECODE_SRGB8,
};

struct cw_cpu_image {
    uint32_t use;    /* enum cw_cpu_image_use */
    uint32_t decode; /* enum cw_cpu_decode */
    uint32_t texel_bytes;
    uint32_t last; /* what channel 3 is when the image lacks it: 1 or 1.0f */
    struct cw_sampler sampler;
    struct cw_image image;
};

/* NULL until the first object is made. */
extern struct cw_cpu_image *_Atomic cw_cpu_images;

/* The object of that handle if it has that use, else NULL. */
static inline const struct cw_cpu_image *cw_cpu_image_find(uint64_t object, uint32_t use) {
    const struct cw_cpu_image *images = atomic_load_explicit(&cw_cpu_images, memory_order_acquire);
    return images && object < CW_CPU_IMAGES_MAX && images[object].use == use ? &images[object] : NULL;
}

/* cw_backend.image_create, image_destroy. */
cw_status cw_cpu_image_create(struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object);
void cw_cpu_image_destroy(struct cw_backend_device *device, uint64_t object);

#endif
