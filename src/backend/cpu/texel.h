/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texel.h: from the bytes of a texel to four 32-bit channels.
 *
 * CUDA C++ Programming Guide, "Texture Fetching" and the reference of cudaTextureDesc: integers stay integers, widened to
 * 32 bits, or become floats in [0, 1] (unsigned: divided by the largest value) or [-1, 1] (signed: divided by the largest,
 * where the smallest counts as -1). Halves always become floats. Channels that an image lacks are 0, 0 and 1.
 */
#ifndef CW_BACKEND_CPU_TEXEL_H
#define CW_BACKEND_CPU_TEXEL_H

#include <stdint.h>
#include <string.h>

#include "backend/cpu/image.h"

union cw_cpu_texel {
    uint32_t u[4];
    int32_t i[4];
    float f[4];
};

/* Fills `decode`, `texel_bytes` and `last` from the image and the sampler. */
void cw_cpu_texel_prepare(struct cw_cpu_image *image);

/* What an 8-bit code means, filled by cw_cpu_texel_prepare: divided by 255, and by sRGB (IEC 61966-2-1). Where this is compiled for
 * other devices (library/image) they are constants. */
#ifndef CW_CPU_TABLES_DECLARED
extern float cw_cpu_unorm8[256], cw_cpu_srgb[256];
#endif

/* Exact; infinities and NaNs stay what they are. */
static inline float cw_cpu_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, exponent = half >> 10 & 31u, fraction = half & 0x3ffu;
    union {
        uint32_t u;
        float f;
    } bits;
    if (exponent == 0) { /* zero or subnormal: fraction times 2^-24 */
        bits.f = (float)fraction * 0x1p-24f;
        bits.u |= sign;
    } else {
        bits.u = sign | (exponent == 31 ? 255u : exponent + 112u) << 23 | fraction << 13;
    }
    return bits.f;
}

#define CW_CPU_EACH_CHANNEL(type, member, expression)                                                                  \
    for (uint32_t c = 0; c < channels; c++) {                                                                          \
        type v;                                                                                                        \
        memcpy(&v, bytes + c * sizeof v, sizeof v);                                                                    \
        texel->member[c] = (expression);                                                                               \
    }                                                                                                                  \
    break

/* The texel at `bytes`; constant `decode` and `channels` leave only their own code. */
static inline __attribute__((always_inline)) void cw_cpu_texel_load_as(enum cw_cpu_decode decode, uint32_t channels,
                                                                       uint32_t last, const char *bytes,
                                                                       union cw_cpu_texel *texel) {
    texel->u[0] = texel->u[1] = texel->u[2] = 0;
    texel->u[3] = last;
    switch (decode) {
    case CW_CPU_DECODE_32:
        CW_CPU_EACH_CHANNEL(uint32_t, u, v);
    case CW_CPU_DECODE_UINT8:
        CW_CPU_EACH_CHANNEL(uint8_t, u, v);
    case CW_CPU_DECODE_SINT8:
        CW_CPU_EACH_CHANNEL(int8_t, i, v);
    case CW_CPU_DECODE_UINT16:
        CW_CPU_EACH_CHANNEL(uint16_t, u, v);
    case CW_CPU_DECODE_SINT16:
        CW_CPU_EACH_CHANNEL(int16_t, i, v);
    case CW_CPU_DECODE_FLOAT16:
        CW_CPU_EACH_CHANNEL(uint16_t, f, cw_cpu_half_to_float(v));
    case CW_CPU_DECODE_UNORM8:
        CW_CPU_EACH_CHANNEL(uint8_t, f, cw_cpu_unorm8[v]);
    case CW_CPU_DECODE_SNORM8:
        CW_CPU_EACH_CHANNEL(int8_t, f, v < -127 ? -1.0f : (float)v / 127.0f);
    case CW_CPU_DECODE_UNORM16:
        CW_CPU_EACH_CHANNEL(uint16_t, f, (float)v / 65535.0f);
    case CW_CPU_DECODE_SNORM16:
        CW_CPU_EACH_CHANNEL(int16_t, f, v < -32767 ? -1.0f : (float)v / 32767.0f);
    case CW_CPU_DECODE_SRGB8:
        CW_CPU_EACH_CHANNEL(uint8_t, f, c == 3 ? cw_cpu_unorm8[v] : cw_cpu_srgb[v]);
    }
}

#undef CW_CPU_EACH_CHANNEL

static inline void cw_cpu_texel_load(const struct cw_cpu_image *image, const char *bytes, union cw_cpu_texel *texel) {
    cw_cpu_texel_load_as((enum cw_cpu_decode)image->decode, image->image.channels, image->last, bytes, texel);
}

#endif
