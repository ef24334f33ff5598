/* SPDX-License-Identifier: Apache-2.0 */
/* format.c: see format.h. Source: CUDA Runtime API, cudaChannelFormatKind and cudaResourceViewFormat. */
#include "runtime/format.h"

#include "runtime/thread.h"

static const size_t texel_bytes[] = {
    [CW_TEXEL_UINT8] = 1,  [CW_TEXEL_SINT8] = 1,  [CW_TEXEL_UINT16] = 2,  [CW_TEXEL_SINT16] = 2,
    [CW_TEXEL_UINT32] = 4, [CW_TEXEL_SINT32] = 4, [CW_TEXEL_FLOAT16] = 2, [CW_TEXEL_FLOAT32] = 4,
};

static struct cw_rt_format make(enum cw_texel texel, unsigned channels, bool normalized) {
    return (struct cw_rt_format){texel, channels, normalized, texel_bytes[texel] * channels};
}

/* The texel of channels of `bits`; false when there is none. */
static bool find_texel(enum cudaChannelFormatKind kind, int bits, enum cw_texel *texel, bool *normalized) {
    bool is_unsigned = false;
    *normalized = false;
    switch (kind) {
    case cudaChannelFormatKindFloat:
        *texel = bits == 16 ? CW_TEXEL_FLOAT16 : CW_TEXEL_FLOAT32;
        return bits == 16 || bits == 32;
    case cudaChannelFormatKindUnsignedNormalized8X1:
    case cudaChannelFormatKindUnsignedNormalized8X2:
    case cudaChannelFormatKindUnsignedNormalized8X4:
        *normalized = true;
        *texel = CW_TEXEL_UINT8;
        return bits == 8;
    case cudaChannelFormatKindUnsignedNormalized16X1:
    case cudaChannelFormatKindUnsignedNormalized16X2:
    case cudaChannelFormatKindUnsignedNormalized16X4:
        *normalized = true;
        *texel = CW_TEXEL_UINT16;
        return bits == 16;
    case cudaChannelFormatKindSignedNormalized8X1:
    case cudaChannelFormatKindSignedNormalized8X2:
    case cudaChannelFormatKindSignedNormalized8X4:
        *normalized = true;
        *texel = CW_TEXEL_SINT8;
        return bits == 8;
    case cudaChannelFormatKindSignedNormalized16X1:
    case cudaChannelFormatKindSignedNormalized16X2:
    case cudaChannelFormatKindSignedNormalized16X4:
        *normalized = true;
        *texel = CW_TEXEL_SINT16;
        return bits == 16;
    case cudaChannelFormatKindUnsigned:
        is_unsigned = true;
        break;
    case cudaChannelFormatKindSigned:
        break;
    default:
        return false;
    }
    switch (bits) {
    case 8:
        *texel = is_unsigned ? CW_TEXEL_UINT8 : CW_TEXEL_SINT8;
        return true;
    case 16:
        *texel = is_unsigned ? CW_TEXEL_UINT16 : CW_TEXEL_SINT16;
        return true;
    case 32:
        *texel = is_unsigned ? CW_TEXEL_UINT32 : CW_TEXEL_SINT32;
        return true;
    default:
        return false;
    }
}

/* The channels that a normalised kind has in its name; 0 for the others. */
static unsigned channels_of_kind(enum cudaChannelFormatKind kind) {
    if (kind < cudaChannelFormatKindUnsignedNormalized8X1 || kind > cudaChannelFormatKindSignedNormalized16X4) {
        return 0;
    }
    return 1u << (kind - cudaChannelFormatKindUnsignedNormalized8X1) % 3;
}

cudaError_t cw_rt_format_of(const struct cudaChannelFormatDesc *desc, struct cw_rt_format *format) {
    const int widths[4] = {desc->x, desc->y, desc->z, desc->w};
    unsigned channels = 0;
    enum cw_texel texel;
    bool normalized;
    if (desc->f == cudaChannelFormatKindNV12 || desc->f > cudaChannelFormatKindSignedNormalized16X4) {
        return cw_rt_fail(cudaErrorNotSupported,
                          "elements of kind %d (planar, packed or block-compressed) are not supported: only those that "
                          "are 1, 2 or 4 channels of 8, 16 or 32 bits",
                          (int)desc->f);
    }
    while (channels < 4 && widths[channels] != 0) {
        channels++;
    }
    bool equal = channels == 1 || channels == 2 || channels == 4;
    for (unsigned i = 0; i < 4; i++) {
        equal = equal && widths[i] == (i < channels ? widths[0] : 0);
    }
    unsigned named = channels_of_kind(desc->f);
    if (!equal || (named && named != channels) || !find_texel(desc->f, widths[0], &texel, &normalized)) {
        return cw_rt_fail(cudaErrorInvalidChannelDescriptor, "channels of %d, %d, %d and %d bits of kind %d", desc->x,
                          desc->y, desc->z, desc->w, (int)desc->f);
    }
    *format = make(texel, channels, normalized);
    return cudaSuccess;
}

cudaError_t cw_rt_format_of_view(enum cudaResourceViewFormat view, struct cw_rt_format *format) {
    /* Three formats each, of 1, 2 and 4 channels, from cudaResViewFormatUnsignedChar1 on. */
    static const enum cw_texel texels[] = {CW_TEXEL_UINT8,  CW_TEXEL_SINT8,  CW_TEXEL_UINT16,  CW_TEXEL_SINT16,
                                           CW_TEXEL_UINT32, CW_TEXEL_SINT32, CW_TEXEL_FLOAT16, CW_TEXEL_FLOAT32};
    if (view >= cudaResViewFormatUnsignedBlockCompressed1 && view <= cudaResViewFormatUnsignedBlockCompressed7) {
        return cw_rt_fail(cudaErrorNotSupported,
                          "views of block-compressed elements are not supported: decompress them before the upload");
    }
    if (view < cudaResViewFormatUnsignedChar1 || view > cudaResViewFormatFloat4) {
        return cw_rt_fail(cudaErrorInvalidValue, "%d is no view format", (int)view);
    }
    unsigned index = (unsigned)view - cudaResViewFormatUnsignedChar1;
    *format = make(texels[index / 3], 1u << index % 3, false);
    return cudaSuccess;
}
