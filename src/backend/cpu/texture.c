/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.c: reading textures.
 *
 * CUDA C++ Programming Guide, "Texture Fetching": a coordinate is scaled to texels (normalised ones times the size) and
 * brought into range by the address mode; point filtering takes the texel floor(x); linear filtering takes the texels
 * floor(x - 0.5) and the next one along each axis, weighed by the fraction of x - 0.5, which has 8 bits behind the point.
 * "Cubemap Textures" has the table of faces. Sizes of levels, and what lies outside, are checked here: no coordinate and
 * no handle makes a read outside of an image.
 */
#include <stdbool.h>

#include "backend/cpu/block.h"
#include "backend/cpu/coordinate.h"
#include "backend/cpu/fault.h"
#include "backend/cpu/services.h"
#include "backend/cpu/texel.h"

/* Before a loop over texels or samples, which stays a loop: where this is compiled for other devices (library/image), every call becomes
 * part of its kernel, with what decodes a texel in it once. */
#ifdef __clang__
#define CW_CPU_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define CW_CPU_ROLLED
#endif

/* What the numbers of `kind` say (intrinsics.def). */
static inline uint32_t dimensions(uint32_t kind) {
    return (kind & 15u) == 12 ? 2 : kind & 15u;
}

static inline bool is_cube(uint32_t kind) {
    return (kind & 15u) == 12;
}

static inline bool is_layered(uint32_t kind) {
    return (kind & 0xf0u) != 0;
}

#define FIND(texture, image)                                                                                           \
    const struct cw_cpu_image *image = cw_cpu_image_find(texture, CW_CPU_IMAGE_TEXTURE);                               \
    if (!image) {                                                                                                      \
        no_texture(texture, CW_CPU_CALLER);                                                              \
    }

static _Noreturn void no_texture(uint64_t texture, const void *pc) {
    cw_cpu_fault_raise(cw_cpu_state_of(cw_cpu_self()), CW_FAULT_ILLEGAL_ADDRESS, pc,
                       "read the texture object 0x%llx, which does not exist", (unsigned long long)texture);
}

/* ---- Cubemaps ----------------------------------------------------------------------------------------------------- */

/* A direction as face, major axis and the two coordinates across. Where axes tie, z goes before y and y before x. */
struct direction {
    int32_t face;
    float major, s, t;
};

static inline float magnitude(float x) {
    return x < 0 ? -x : x;
}

/* The components of (x, y, z) that are s, t and the major axis of `face`. */
static struct direction on_face(int32_t face, float x, float y, float z) {
    switch (face) {
    case 0:
        return (struct direction){face, x, -z, -y};
    case 1:
        return (struct direction){face, -x, z, -y};
    case 2:
        return (struct direction){face, y, x, z};
    case 3:
        return (struct direction){face, -y, x, -z};
    case 4:
        return (struct direction){face, z, x, -y};
    default:
        return (struct direction){face, -z, -x, -y};
    }
}

static struct direction find_face(float x, float y, float z) {
    float ax = magnitude(x), ay = magnitude(y), az = magnitude(z);
    if (az >= ax && az >= ay) {
        return on_face(z < 0 ? 5 : 4, x, y, z);
    }
    if (ay >= ax) {
        return on_face(y < 0 ? 3 : 2, x, y, z);
    }
    return on_face(x < 0 ? 1 : 0, x, y, z);
}

/* From -1..1 on a face to 0..1; a direction that is none is the face's middle. */
static inline float across(float s, float major) {
    float at = 0.5f * (s / major) + 0.5f;
    return at >= 0 ? at <= 1 ? at : 1.0f : at < 0 ? 0.0f : 0.5f;
}

static const char *texel_at(const struct cw_cpu_image *image, const struct cw_image_level *level, uint32_t slice,
                            int32_t x, int32_t y) {
    return (const char *)level->base + slice * level->slice + (uint64_t)(uint32_t)y * level->pitch +
           (uint64_t)(uint32_t)x * image->texel_bytes;
}

/* A texel of a face, by its layer's first slice. */
struct place {
    int32_t face, x, y;
};

/* The texel beside a face's edge, on the neighbour: the one that the direction through its middle meets. */
static struct place neighbour(uint32_t width, struct place outside) {
    float size = (float)width;
    float s = (2.0f * (float)outside.x + 1.0f) / size - 1.0f, t = (2.0f * (float)outside.y + 1.0f) / size - 1.0f;
    float x, y, z;
    switch (outside.face) {
    case 0:
        x = 1, y = -t, z = -s;
        break;
    case 1:
        x = -1, y = -t, z = s;
        break;
    case 2:
        x = s, y = 1, z = t;
        break;
    case 3:
        x = s, y = -1, z = -t;
        break;
    case 4:
        x = s, y = -t, z = 1;
        break;
    default:
        x = -s, y = -t, z = -1;
        break;
    }
    struct direction other = find_face(x, y, z);
    return (struct place){other.face, cw_cpu_address((int32_t)(across(other.s, other.major) * size), width, CW_ADDRESS_CLAMP),
                          cw_cpu_address((int32_t)(across(other.t, other.major) * size), width, CW_ADDRESS_CLAMP)};
}

/* A texel of a face or beside it. Beside a corner three faces meet: what they have there is averaged. */
static void seamless_texel(const struct cw_cpu_image *image, const struct cw_image_level *level, uint32_t first,
                           struct place place, union cw_cpu_texel *texel) {
    int32_t inside_x = cw_cpu_address(place.x, level->width, CW_ADDRESS_CLAMP),
            inside_y = cw_cpu_address(place.y, level->width, CW_ADDRESS_CLAMP);
    bool corner = place.x != inside_x && place.y != inside_y;
    CW_CPU_ROLLED
    for (int i = 0; i < (corner ? 3 : 1); i++) {
        struct place at = {place.face, corner && i != 1 ? inside_x : place.x, corner && i != 2 ? inside_y : place.y};
        union cw_cpu_texel part;
        if (at.x != inside_x || at.y != inside_y) {
            at = neighbour(level->width, at);
        }
        cw_cpu_texel_load(image, texel_at(image, level, first + (uint32_t)at.face, at.x, at.y), &part);
        for (int c = 0; c < 4; c++) {
            texel->f[c] = i ? texel->f[c] + part.f[c] : part.f[c];
        }
    }
    for (int c = 0; c < 4 && corner; c++) {
        texel->f[c] /= 3.0f;
    }
}

static void sample_seamless(const struct cw_cpu_image *image, const struct cw_image_level *level, uint32_t first,
                            int32_t face, float s, float t, union cw_cpu_texel *result) {
    float x = s * (float)level->width - 0.5f, y = t * (float)level->width - 0.5f;
    float low_x = cw_cpu_whole_below(x), low_y = cw_cpu_whole_below(y);
    float a = cw_cpu_weight(x - low_x), b = cw_cpu_weight(y - low_y);
    float sum[4] = {0};
    CW_CPU_ROLLED
    for (int tap = 0; tap < 4; tap++) {
        union cw_cpu_texel texel;
        seamless_texel(image, level, first, (struct place){face, (int32_t)low_x + (tap & 1), (int32_t)low_y + (tap >> 1)}, &texel);
        float w = (tap & 1 ? a : 1.0f - a) * (tap >> 1 ? b : 1.0f - b);
        for (int c = 0; c < 4; c++) {
            sum[c] += w * texel.f[c];
        }
    }
    memcpy(result->f, sum, sizeof sum);
}

/* ---- One level ---------------------------------------------------------------------------------------------------- */

/* What to read: coordinates as the program gave them, or those on a cubemap's face, which are normalised. */
struct request {
    float at[3];
    uint32_t dimensions;
    uint32_t slice; /* layer and face, when not of three dimensions */
    int32_t face;   /* -1: no cubemap */
};

static inline void load_or_border(const struct cw_cpu_image *image, const struct cw_image_level *level, uint32_t slice,
                                  const int32_t at[3], union cw_cpu_texel *texel) {
    if ((at[0] | at[1] | at[2]) < 0) {
        memcpy(texel->u, image->sampler.border, sizeof texel->u);
    } else {
        cw_cpu_texel_load(image, texel_at(image, level, slice + (uint32_t)at[2], at[0], at[1]), texel);
    }
}

static void mix_texels(const struct cw_cpu_image *image, const struct cw_image_level *level, uint32_t slice,
                       uint32_t dimension_count, const struct cw_cpu_taps taps[3], union cw_cpu_texel *result) {
    uint32_t channels = image->image.channels;
    union cw_cpu_texel texel;
    float sum[4] = {0, 0, 0, 0};
    CW_CPU_ROLLED
    for (uint32_t tap = 0; tap < 1u << dimension_count; tap++) {
        bool x = tap & 1u, y = tap & 2u, z = tap & 4u;
        int32_t at[3] = {x ? taps[0].index[1] : taps[0].index[0], y ? taps[1].index[1] : taps[1].index[0],
                         z ? taps[2].index[1] : taps[2].index[0]};
        float row = (y ? taps[1].weight[1] : taps[1].weight[0]) * (z ? taps[2].weight[1] : taps[2].weight[0]);
        float weight = row * (x ? taps[0].weight[1] : taps[0].weight[0]);
        load_or_border(image, level, slice, at, &texel);
        for (uint32_t c = 0; c < 4; c++) {
            sum[c] += c < channels ? weight * texel.f[c] : 0;
        }
    }
    result->u[3] = image->last;
    memcpy(result->f, sum, sizeof sum[0] * 3);
    if (channels == 4) {
        result->f[3] = sum[3];
    }
}

/* Axes are written out, not a loop over them: what belongs to an axis stays in registers on every device. */
struct axes {
    struct cw_cpu_taps taps[3];
    int32_t at[3];
};

static inline void find_on_axis(const struct cw_cpu_image *image, const struct request *request, uint32_t axis, uint32_t size,
                                uint32_t whole_size, struct axes *found) {
    const struct cw_sampler *sampler = &image->sampler;
    bool on_cube = request->face >= 0;
    found->taps[axis] = (struct cw_cpu_taps){{0}, {1.0f}};
    found->at[axis] = 0;
    if (axis >= request->dimensions) {
        return;
    }
    uint32_t mode = on_cube ? (uint32_t)CW_ADDRESS_CLAMP : sampler->address[axis];
    float x = cw_cpu_texels(request->at[axis], size, whole_size, mode, sampler->normalized || on_cube);
    if (sampler->linear) {
        found->taps[axis] = cw_cpu_linear_taps(x, size, mode);
    } else {
        found->at[axis] = cw_cpu_address((int32_t)cw_cpu_whole_below(x), size, mode);
    }
}

static void sample_level(const struct cw_cpu_image *image, const struct request *request, uint32_t index,
                         union cw_cpu_texel *result) {
    const struct cw_sampler *sampler = &image->sampler;
    const struct cw_image_level *level = &image->image.levels[index], *whole = &image->image.levels[0];
    if (request->face >= 0 && sampler->linear && sampler->seamless && level->slices == whole->slices) {
        sample_seamless(image, level, request->slice - (uint32_t)request->face, request->face, request->at[0],
                        request->at[1], result);
        return;
    }
    uint32_t slice = request->slice < level->slices ? request->slice : level->slices - 1;
    struct axes found;
    find_on_axis(image, request, 0, level->width, whole->width, &found);
    find_on_axis(image, request, 1, level->height, whole->height, &found);
    find_on_axis(image, request, 2, level->slices, whole->slices, &found);
    if (sampler->linear) {
        mix_texels(image, level, slice, request->dimensions, found.taps, result);
    } else {
        load_or_border(image, level, slice, found.at, result);
    }
}

/* ---- Levels of detail --------------------------------------------------------------------------------------------- */

static void sample_at(const struct cw_cpu_image *image, const struct request *request, float lod,
                      union cw_cpu_texel *result) {
    const struct cw_sampler *sampler = &image->sampler;
    uint32_t last = image->image.level_count - 1;
    lod += sampler->bias;
    lod = lod < sampler->max_level ? lod : sampler->max_level;
    lod = lod > sampler->min_level ? lod : sampler->min_level;
    lod = lod < (float)last ? lod : (float)last;
    lod = lod > 0 ? lod : 0;
    uint32_t fine = (uint32_t)(sampler->linear_mip ? lod : lod + 0.5f);
    float coarse_weight = sampler->linear_mip ? cw_cpu_weight(lod - (float)fine) : 0;
    CW_CPU_ROLLED
    for (uint32_t i = 0; i < (coarse_weight > 0 ? 2u : 1u); i++) {
        union cw_cpu_texel texel;
        sample_level(image, request, fine + i, &texel);
        for (uint32_t c = 0; c < 4; c++) {
            if (i == 0) {
                result->u[c] = texel.u[c];
            } else if (c < image->image.channels) {
                result->f[c] = (1.0f - coarse_weight) * result->f[c] + coarse_weight * texel.f[c];
            }
        }
    }
}

/* log2(x) / 2 to 12 bits behind the point. */
static float half_log2(float x) {
    union {
        float f;
        uint32_t u;
    } bits = {x};
    if (!(x >= 0x1p-126f)) {
        return -CW_CPU_FAR;
    }
    float result = (float)(int32_t)(bits.u >> 23) - 127.0f, bit = 0.5f;
    bits.u = (bits.u & 0x7fffffu) | 0x3f800000u;
    float mantissa = bits.f;
    for (int i = 0; i < 13; i++, bit *= 0.5f) {
        mantissa *= mantissa;
        if (mantissa >= 2.0f) {
            mantissa *= 0.5f;
            result += bit;
        }
    }
    return 0.5f * result;
}

static float squared(const struct cw_cpu_image *image, const struct request *request, const float d[3]) {
    const struct cw_image_level *level = &image->image.levels[0];
    bool scaled = image->sampler.normalized || request->face >= 0;
    float x = scaled ? d[0] * (float)level->width : d[0];
    float y = scaled ? d[1] * (float)level->height : d[1];
    float z = scaled ? d[2] * (float)level->slices : d[2];
    return x * x + (request->dimensions > 1 ? y * y : 0) + (request->dimensions > 2 ? z * z : 0);
}

/* The level where the longer derivative is a texel long. With anisotropy, in two dimensions, the one where the longer is
 * as many texels long as samples are taken along it (OpenGL's EXT_texture_filter_anisotropic). */
static void sample_grad(const struct cw_cpu_image *image, const struct request *request, const float a[3],
                        const float b[3], union cw_cpu_texel *result) {
    float a2 = squared(image, request, a), b2 = squared(image, request, b);
    const float *longer = a2 > b2 ? a : b;
    float most = a2 > b2 ? a2 : b2, least = a2 > b2 ? b2 : a2;
    uint32_t samples = 1;
    if (image->sampler.linear && request->dimensions == 2 && request->face < 0) {
        CW_CPU_ROLLED
        while (samples < image->sampler.max_anisotropy && (float)(samples * samples) * least < most) {
            samples++;
        }
    }
    float lod = half_log2(most / (float)(samples * samples));
    float sum[4] = {0};
    CW_CPU_ROLLED
    for (uint32_t i = 1; i <= samples; i++) {
        struct request moved = *request;
        float along = (float)i / (float)(samples + 1) - 0.5f;
        if (samples > 1) {
            moved.at[0] += along * longer[0];
            moved.at[1] += along * longer[1];
        }
        sample_at(image, &moved, lod, result);
        for (int c = 0; c < 4; c++) {
            sum[c] += result->f[c];
        }
    }
    for (uint32_t c = 0; c < image->image.channels && samples > 1; c++) {
        result->f[c] = sum[c] / (float)samples;
    }
}

/* ---- Two dimensions, one level -------------------------------------------------------------------------------------- */

/* What nearly every read is: the same as above, shorter, with code of their own for the commonest elements where code may be long. */
#ifndef CW_CPU_SHORT

static inline __attribute__((always_inline)) void mix_flat(const struct cw_cpu_image *image, uint32_t slice,
                                                           const struct cw_cpu_taps *x, const struct cw_cpu_taps *y,
                                                           enum cw_cpu_decode decode, uint32_t channels,
                                                           union cw_cpu_texel *result) {
    const struct cw_image_level *level = &image->image.levels[0];
    float sum[4] = {0, 0, 0, 0};
    for (int tap = 0; tap < 4; tap++) {
        int i = tap & 1, j = tap >> 1;
        union cw_cpu_texel texel;
        if ((x->index[i] | y->index[j]) < 0) {
            memcpy(texel.u, image->sampler.border, sizeof texel.u);
        } else {
            const char *bytes = texel_at(image, level, slice, x->index[i], y->index[j]);
            cw_cpu_texel_load_as(decode, channels, image->last, bytes, &texel);
        }
        for (uint32_t c = 0; c < channels; c++) {
            sum[c] += x->weight[i] * y->weight[j] * texel.f[c];
        }
    }
    if (channels != 4) {
        result->u[3] = image->last;
    }
    memcpy(result->f, sum, sizeof sum[0] * (channels == 4 ? 4 : 3));
}

static void sample_flat(const struct cw_cpu_image *image, float x, float y, uint32_t slice,
                        union cw_cpu_texel *result) {
    const struct cw_sampler *sampler = &image->sampler;
    const struct cw_image_level *level = &image->image.levels[0];
    uint32_t mode_x = sampler->address[0], mode_y = sampler->address[1];
    x = cw_cpu_texels(x, level->width, level->width, mode_x, sampler->normalized);
    y = cw_cpu_texels(y, level->height, level->height, mode_y, sampler->normalized);
    if (!sampler->linear) {
        int32_t at[3] = {cw_cpu_address((int32_t)cw_cpu_whole_below(x), level->width, mode_x),
                         cw_cpu_address((int32_t)cw_cpu_whole_below(y), level->height, mode_y), 0};
        load_or_border(image, level, slice, at, result);
        return;
    }
    struct cw_cpu_taps taps_x = cw_cpu_linear_taps(x, level->width, mode_x);
    struct cw_cpu_taps taps_y = cw_cpu_linear_taps(y, level->height, mode_y);
    enum cw_cpu_decode decode = (enum cw_cpu_decode)image->decode;
    uint32_t channels = image->image.channels;
    if (decode == CW_CPU_DECODE_32 && channels == 1) {
        mix_flat(image, slice, &taps_x, &taps_y, CW_CPU_DECODE_32, 1, result);
    } else if (decode == CW_CPU_DECODE_32 && channels == 4) {
        mix_flat(image, slice, &taps_x, &taps_y, CW_CPU_DECODE_32, 4, result);
    } else if (decode == CW_CPU_DECODE_UNORM8 && channels == 1) {
        mix_flat(image, slice, &taps_x, &taps_y, CW_CPU_DECODE_UNORM8, 1, result);
    } else if (decode == CW_CPU_DECODE_UNORM8 && channels == 4) {
        mix_flat(image, slice, &taps_x, &taps_y, CW_CPU_DECODE_UNORM8, 4, result);
    } else {
        mix_flat(image, slice, &taps_x, &taps_y, decode, channels, result);
    }
}

#endif

/* ---- Services ----------------------------------------------------------------------------------------------------- */

static inline uint32_t clamp_layer(int32_t layer, uint32_t count) {
    return layer < 0 ? 0 : (uint32_t)layer < count ? (uint32_t)layer : count - 1;
}

/* Whatever the kind, the slices that it names are there: a kind that isn't the image's reads something of the image. */
static inline void make_request(const struct cw_cpu_image *image, uint32_t kind, float x, float y, float z,
                                int32_t layer, struct request *request, struct direction *direction) {
    uint32_t slices = image->image.levels[0].slices;
    *request = (struct request){{x, y, z}, dimensions(kind), 0, -1};
    if (is_layered(kind)) {
        request->slice = clamp_layer(layer, is_cube(kind) && slices >= 6 ? slices / 6 : slices);
    }
    if (is_cube(kind) && slices >= 6 && image->image.levels[0].width == image->image.levels[0].height) {
        *direction = find_face(x, y, z);
        request->at[0] = across(direction->s, direction->major);
        request->at[1] = across(direction->t, direction->major);
        request->slice = request->slice * 6 + (uint32_t)direction->face;
        request->face = direction->face;
    }
}

void cw_cpu_texture_sample(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer) {
    FIND(texture, image)
    struct request request;
    struct direction direction;
    union cw_cpu_texel texel;
#ifndef CW_CPU_SHORT
    if (kind == 2 && image->image.level_count == 1) {
        sample_flat(image, x, y, 0, result);
        return;
    }
#endif
    make_request(image, kind, x, y, z, layer, &request, &direction);
#ifndef CW_CPU_SHORT
    if (request.dimensions == 2 && request.face < 0 && image->image.level_count == 1) {
        sample_flat(image, x, y, request.slice, result);
        return;
    }
#endif
    sample_at(image, &request, 0, &texel);
    memcpy(result, &texel, sizeof texel);
}

void cw_cpu_texture_sample_lod(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer,
                               float level) {
    FIND(texture, image)
    struct request request;
    struct direction direction;
    union cw_cpu_texel texel;
    make_request(image, kind, x, y, z, layer, &request, &direction);
    sample_at(image, &request, level, &texel);
    memcpy(result, &texel, sizeof texel);
}

/* How the coordinates on the face move when the direction moves by (x, y, z): the quotient rule. */
static void derive_on_face(const struct direction *direction, float x, float y, float z, float moved[3]) {
    struct direction d = on_face(direction->face, x, y, z);
    float major = direction->major > 0 ? direction->major : 1.0f;
    moved[0] = 0.5f * (d.s * major - direction->s * d.major) / (major * major);
    moved[1] = 0.5f * (d.t * major - direction->t * d.major) / (major * major);
}

void cw_cpu_texture_sample_grad(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer,
                                float ax, float ay, float az, float bx, float by, float bz) {
    FIND(texture, image)
    struct request request;
    struct direction direction;
    union cw_cpu_texel texel;
    float a[3] = {ax, ay, az}, b[3] = {bx, by, bz};
    make_request(image, kind, x, y, z, layer, &request, &direction);
    if (request.face >= 0) {
        derive_on_face(&direction, ax, ay, az, a);
        derive_on_face(&direction, bx, by, bz, b);
    }
    sample_grad(image, &request, a, b, &texel);
    memcpy(result, &texel, sizeof texel);
}

static void fetch(const struct cw_cpu_image *image, const struct cw_image_level *level, int32_t x, int32_t y, int32_t z, void *result) {
    union cw_cpu_texel texel = {.u = {0}};
    if ((uint32_t)x < level->width && (uint32_t)y < level->height && (uint32_t)z < level->slices) {
        cw_cpu_texel_load(image, texel_at(image, level, (uint32_t)z, x, y), &texel);
    }
    memcpy(result, &texel, sizeof texel);
}

void cw_cpu_texture_fetch(void *result, uint64_t texture, uint32_t kind, int32_t x, int32_t y, int32_t z) {
    FIND(texture, image)
    (void)kind;
    fetch(image, &image->image.levels[0], x, y, z, result);
}

void cw_cpu_texture_fetch_level(void *result, uint64_t texture, uint32_t kind, int32_t x, int32_t y, int32_t z,
                                int32_t level) {
    FIND(texture, image)
    uint32_t last = image->image.level_count - 1;
    (void)kind;
    fetch(image, &image->image.levels[level < 0 ? 0 : (uint32_t)level < last ? (uint32_t)level : last], x, y, z, result);
}

/* Of a cubemap the four texels lie on one face. */
void cw_cpu_texture_gather(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer,
                           uint32_t component) {
    FIND(texture, image)
    static const uint8_t corners[4] = {2, 3, 1, 0}; /* bit 0: the next texel along x; bit 1: along y */
    const struct cw_image_level *level = &image->image.levels[0];
    const struct cw_sampler *sampler = &image->sampler;
    struct request request;
    struct direction direction;
    make_request(image, kind, x, y, z, layer, &request, &direction);
    bool on_face = request.face >= 0, scaled = sampler->normalized || on_face;
    uint32_t mode_x = on_face ? (uint32_t)CW_ADDRESS_CLAMP : sampler->address[0], mode_y = on_face ? (uint32_t)CW_ADDRESS_CLAMP : sampler->address[1];
    struct cw_cpu_taps taps_x =
        cw_cpu_linear_taps(cw_cpu_texels(request.at[0], level->width, level->width, mode_x, scaled), level->width, mode_x);
    struct cw_cpu_taps taps_y = cw_cpu_linear_taps(
        cw_cpu_texels(request.at[1], level->height, level->height, mode_y, scaled), level->height, mode_y);
    union cw_cpu_texel texel, gathered;
    CW_CPU_ROLLED
    for (int i = 0; i < 4; i++) {
        int32_t at[3] = {taps_x.index[corners[i] & 1], taps_y.index[corners[i] >> 1], 0};
        load_or_border(image, level, request.slice, at, &texel);
        gathered.u[i] = texel.u[component & 3];
    }
    memcpy(result, &gathered, sizeof gathered);
}

static int32_t address_mode(uint32_t mode) {
    return mode == CW_ADDRESS_WRAP ? 0 : mode == CW_ADDRESS_MIRROR ? 1 : mode == CW_ADDRESS_CLAMP ? 3 : 4;
}

int32_t cw_cpu_texture_query(uint64_t texture, uint32_t question, int32_t level) {
    FIND(texture, image)
    const struct cw_sampler *sampler = &image->sampler;
    switch (question) {
    case CW_IMAGE_NORMALIZED:
        return (int32_t)sampler->normalized;
    case CW_IMAGE_FORCE_UNNORMALIZED:
        return 0;
    case CW_IMAGE_LINEAR:
        return (int32_t)sampler->linear;
    case CW_IMAGE_ADDRESS_0:
    case CW_IMAGE_ADDRESS_1:
    case CW_IMAGE_ADDRESS_2:
        return address_mode(sampler->address[question - CW_IMAGE_ADDRESS_0]);
    default:
        return cw_cpu_image_answer(image, question, level);
    }
}
