/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coordinate.h: from a texture coordinate to the texels it means, along one axis: CUDA C++ Programming Guide, "Texture
 * Fetching". Whatever the coordinate, the texels lie within the image or are the border's colour.
 */
#ifndef CW_BACKEND_CPU_COORDINATE_H
#define CW_BACKEND_CPU_COORDINATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cudawasm/cw_backend.h"

#define CW_CPU_FAR 0x1p30f /* texels: nearer than what int32_t holds, farther than any image */

static inline float cw_cpu_whole_below(float x) {
    if (!(x < 0x1p23f && x > -0x1p23f)) {
        return x; /* whole already, or no number */
    }
    float whole = (float)(int32_t)x;
    return whole > x ? whole - 1.0f : whole;
}

/* In 1/256, rounded: 256 is exact, too, and weighs the next texel alone. */
static inline float cw_cpu_weight(float fraction) {
    return (float)(int32_t)(fraction * 256.0f + 0.5f) * 0x1p-8f;
}

/* A coordinate in texels of a level of `size`, within +-CW_CPU_FAR. */
static inline float cw_cpu_texels(float x, uint32_t size, uint32_t whole_size, uint32_t mode, bool normalized) {
    if (!normalized) {
        x = size == whole_size ? x : x * ((float)size / (float)whole_size);
    } else {
        if (mode == CW_ADDRESS_WRAP) {
            x -= cw_cpu_whole_below(x);
        } else if (mode == CW_ADDRESS_MIRROR) {
            x -= 2.0f * cw_cpu_whole_below(0.5f * x);
            x = x > 1.0f ? 2.0f - x : x;
        }
        x *= (float)size;
    }
    return x >= -CW_CPU_FAR ? x <= CW_CPU_FAR ? x : CW_CPU_FAR : x < 0 ? -CW_CPU_FAR : 0.0f;
}

/* The texel that stands for texel `i` along one axis, -1 for the border's colour. */
static inline int32_t cw_cpu_address(int32_t i, uint32_t size, uint32_t mode) {
    if ((uint32_t)i < size) {
        return i;
    }
    switch (mode) {
    case CW_ADDRESS_BORDER:
        return -1;
    case CW_ADDRESS_WRAP:
        return i < 0 ? (int32_t)size - 1 : 0; /* the coordinate itself lies within the image */
    default:
        return i < 0 ? 0 : (int32_t)size - 1;
    }
}

/* The texels that one axis brings in. */
struct cw_cpu_taps {
    int32_t index[2];
    float weight[2];
};

static inline struct cw_cpu_taps cw_cpu_linear_taps(float x, uint32_t size, uint32_t mode) {
    x -= 0.5f;
    float low = cw_cpu_whole_below(x);
    float high = cw_cpu_weight(x - low);
    int32_t i = (int32_t)low;
    return (struct cw_cpu_taps){{cw_cpu_address(i, size, mode), cw_cpu_address(i + 1, size, mode)},
                                {1.0f - high, high}};
}

#endif
