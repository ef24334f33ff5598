/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h, for devices: takes the place of backend/cpu/image.h when texture.c and surface.c of the CPU backend are compiled
 * for other devices. A handle is the address of the object's description in the device's memory.
 */
#ifndef CW_LIBRARY_IMAGE_DEVICE_IMAGE_H
#define CW_LIBRARY_IMAGE_DEVICE_IMAGE_H

#define cw_cpu_image_find cw_cpu_image_find_in_table
#include_next <backend/cpu/image.h>
#undef cw_cpu_image_find

static inline const struct cw_cpu_image *cw_cpu_image_find(uint64_t object, uint32_t use) {
    const struct cw_cpu_image *image = (const struct cw_cpu_image *)(uintptr_t)object;
    return image && image->use == use ? image : 0;
}

#endif
