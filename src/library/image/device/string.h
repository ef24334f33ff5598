/* SPDX-License-Identifier: Apache-2.0 */
/* string.h, for devices, which have no C library: what texture.c and surface.c use of it. Their sizes are those of texels and of
 * surface accesses, so copies are of whole words where the addresses allow. */
#ifndef CW_LIBRARY_IMAGE_DEVICE_STRING_H
#define CW_LIBRARY_IMAGE_DEVICE_STRING_H

#include <stddef.h>
#include <stdint.h>

static inline void *memcpy(void *to, const void *from, size_t size) {
    size_t word = size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
    word = ((uintptr_t)to | (uintptr_t)from) % word ? 1 : word;
    for (size_t i = 0; i < size; i += word) {
        if (word == 4) {
            *(uint32_t *)((char *)to + i) = *(const uint32_t *)((const char *)from + i);
        } else if (word == 2) {
            *(uint16_t *)((char *)to + i) = *(const uint16_t *)((const char *)from + i);
        } else {
            ((char *)to)[i] = ((const char *)from)[i];
        }
    }
    return to;
}

static inline void *memset(void *to, int value, size_t size) {
    for (size_t i = 0; i < size; i++) {
        ((char *)to)[i] = (char)value;
    }
    return to;
}

#endif
