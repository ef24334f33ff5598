/* SPDX-License-Identifier: Apache-2.0 */
/* channel_descriptor.h: cudaCreateChannelDesc<T>, the description of a texture element of type T. */
#ifndef __CHANNEL_DESCRIPTOR_H__
#define __CHANNEL_DESCRIPTOR_H__

#include "cuda_runtime_api.h"

#if defined(__cplusplus)

/* A type that is no texture element has the description of nothing, as in CUDA. */
template <class T> static inline cudaChannelFormatDesc cudaCreateChannelDesc(void) {
    return cudaChannelFormatDesc{0, 0, 0, 0, cudaChannelFormatKindNone};
}

#define CW_CHANNEL(type, bits, y, z, w, kind)                                                                          \
    template <> inline cudaChannelFormatDesc cudaCreateChannelDesc<type>(void) {                                       \
        return cudaChannelFormatDesc{bits, (y) * (bits), (z) * (bits), (w) * (bits), cudaChannelFormatKind##kind};     \
    }
/* Triples are no texture elements. */
#define CW_CHANNEL_FAMILY(scalar, name, bits, kind)                                                                    \
    CW_CHANNEL(scalar, bits, 0, 0, 0, kind)                                                                            \
    CW_CHANNEL(name##1, bits, 0, 0, 0, kind)                                                                           \
    CW_CHANNEL(name##2, bits, 1, 0, 0, kind)                                                                           \
    CW_CHANNEL(name##4, bits, 1, 1, 1, kind)

CW_CHANNEL(char, 8, 0, 0, 0, Signed)
CW_CHANNEL_FAMILY(signed char, char, 8, Signed)
CW_CHANNEL_FAMILY(unsigned char, uchar, 8, Unsigned)
CW_CHANNEL_FAMILY(short, short, 16, Signed)
CW_CHANNEL_FAMILY(unsigned short, ushort, 16, Unsigned)
CW_CHANNEL_FAMILY(int, int, 32, Signed)
CW_CHANNEL_FAMILY(unsigned int, uint, 32, Unsigned)
CW_CHANNEL_FAMILY(float, float, 32, Float)

/* By format: the normalised ones that a type alone can't name. */
template <cudaChannelFormatKind kind> static inline cudaChannelFormatDesc cudaCreateChannelDesc(void) {
    return cudaChannelFormatDesc{0, 0, 0, 0, cudaChannelFormatKindNone};
}
#define CW_CHANNEL_KIND(kind, x, y, z, w)                                                                              \
    template <> inline cudaChannelFormatDesc cudaCreateChannelDesc<kind>(void) {                                       \
        return cudaChannelFormatDesc{x, y, z, w, kind};                                                                \
    }
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized8X1, 8, 0, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized8X2, 8, 8, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized8X4, 8, 8, 8, 8)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized8X1, 8, 0, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized8X2, 8, 8, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized8X4, 8, 8, 8, 8)
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized16X1, 16, 0, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized16X2, 16, 16, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindSignedNormalized16X4, 16, 16, 16, 16)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized16X1, 16, 0, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized16X2, 16, 16, 0, 0)
CW_CHANNEL_KIND(cudaChannelFormatKindUnsignedNormalized16X4, 16, 16, 16, 16)
CW_CHANNEL_KIND(cudaChannelFormatKindNV12, 8, 8, 8, 0)
#undef CW_CHANNEL_KIND

static inline cudaChannelFormatDesc cudaCreateChannelDescHalf(void) {
    return cudaChannelFormatDesc{16, 0, 0, 0, cudaChannelFormatKindFloat};
}
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf1(void) { return cudaCreateChannelDescHalf(); }
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf2(void) {
    return cudaChannelFormatDesc{16, 16, 0, 0, cudaChannelFormatKindFloat};
}
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf4(void) {
    return cudaChannelFormatDesc{16, 16, 16, 16, cudaChannelFormatKindFloat};
}

#undef CW_CHANNEL
#undef CW_CHANNEL_FAMILY

#endif
#endif
