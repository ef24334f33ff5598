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

/* To nearest, ties to even. */
static inline uint16_t cw_cpu_float_to_half(float value) {
    union {
        float f;
        uint32_t u;
    } bits = {value};
    uint32_t sign = bits.u >> 16 & 0x8000u, magnitude = bits.u & 0x7fffffffu;
    if (magnitude > 0x7f800000u) {
        return 0x7fff;
    }
    if (magnitude >= 0x477ff000u) { /* 65520 and more */
        return (uint16_t)(sign | 0x7c00u);
    }
    if (magnitude < 0x38800000u) { /* below the smallest normal half: a multiple of 2^-24, which adding 0.5 leaves in the last bits */
        bits.u = magnitude;
        bits.f += 0.5f;
        return (uint16_t)(sign | (bits.u - 0x3f000000u));
    }
    return (uint16_t)(sign | ((magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1u)) >> 13));
}

/* What cw_image_question asks of an image, be it a texture or a surface. */
static inline int32_t cw_cpu_image_answer(const struct cw_cpu_image *image, uint32_t question, int32_t level) {
    static const uint16_t types[] = {
        [CW_TEXEL_UINT8] = 0x10da, [CW_TEXEL_SINT8] = 0x10d7, [CW_TEXEL_UINT16] = 0x10db, [CW_TEXEL_SINT16] = 0x10d8,
        [CW_TEXEL_UINT32] = 0x10dc, [CW_TEXEL_SINT32] = 0x10d9, [CW_TEXEL_FLOAT16] = 0x10dd, [CW_TEXEL_FLOAT32] = 0x10de};
    static const uint16_t normalized[] = {[CW_TEXEL_UINT8] = 0x10d2, [CW_TEXEL_SINT8] = 0x10d0, [CW_TEXEL_UINT16] = 0x10d3, [CW_TEXEL_SINT16] = 0x10d1};
    uint32_t count = image->image.level_count ? image->image.level_count : 1;
    const struct cw_image_level *at = &image->image.levels[level < 0 ? 0 : (uint32_t)level < count ? (uint32_t)level : count - 1];
    switch (question) {
    case CW_IMAGE_WIDTH:
        return (int32_t)at->width;
    case CW_IMAGE_HEIGHT:
        return (int32_t)at->height;
    case CW_IMAGE_DEPTH:
    case CW_IMAGE_ARRAY_SIZE: /* slices are either */
        return (int32_t)at->slices;
    case CW_IMAGE_LEVEL_COUNT:
        return (int32_t)count;
    case CW_IMAGE_SAMPLE_COUNT:
        return 1;
    case CW_IMAGE_CHANNEL_TYPE:
        return image->use == CW_CPU_IMAGE_TEXTURE && image->sampler.to_float && image->image.texel <= CW_TEXEL_SINT16
                   ? normalized[image->image.texel]
                   : types[image->image.texel];
    case CW_IMAGE_CHANNEL_ORDER:
        return image->image.channels == 1 ? 0x10b0 : image->image.channels == 2 ? 0x10b2 : 0x10b5;
    case CW_IMAGE_MEMORY_LAYOUT:
        return 0;
    default:
        return -1;
    }
}

/* Linear and array memory is aligned to its elements. */
#ifndef CW_CPU_CHANNEL
#define CW_CPU_CHANNEL(type, v, bytes, c) \
    type v;                               \
    memcpy(&v, (bytes) + (c) * sizeof v, sizeof v)
#endif

#define CW_CPU_EACH_CHANNEL(type, member, expression)                                                                  \
    for (uint32_t c = 0; c < channels; c++) {                                                                          \
        CW_CPU_CHANNEL(type, v, bytes, c);                                                                             \
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
