/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.h: reading texture objects (CUDA C++ Programming Guide, "Texture Functions"). Each function comes in two forms,
 * `value = tex2D<T>(texture, ...)` and `tex2D(&value, texture, ...)`, and, where CUDA documents it for sparse arrays, with
 * a `bool *isResident`: nothing is sparse here, so every texel is resident.
 */
#ifndef CW_CUDA_DEVICE_TEXTURE_H
#define CW_CUDA_DEVICE_TEXTURE_H

#include "define.h"
#include "../../texture_types.h"
#include "../../vector_types.h"

/* ---- From the four 32-bit channels that a read gives to the type that the program names ---- */

template <class T> struct __cw_texel {
    static_assert(sizeof(T) == 0, "textures are read as char, short, int, their unsigned forms or float, or as vectors of "
                                  "1, 2 or 4 of them");
};

#define CW_TEXEL_INTEGER(type)                                                                                         \
    template <> struct __cw_texel<type> {                                                                              \
        CW_DEVICE type from(const unsigned int *c) { return (type)c[0]; }                                              \
    };
#define CW_TEXEL_VECTORS(name, type)                                                                                   \
    template <> struct __cw_texel<name##1> {                                                                           \
        CW_DEVICE name##1 from(const unsigned int *c) { return name##1{__cw_texel<type>::from(c)}; }                   \
    };                                                                                                                 \
    template <> struct __cw_texel<name##2> {                                                                           \
        CW_DEVICE name##2 from(const unsigned int *c) {                                                                \
            return name##2{__cw_texel<type>::from(c), __cw_texel<type>::from(c + 1)};                                  \
        }                                                                                                              \
    };                                                                                                                 \
    template <> struct __cw_texel<name##4> {                                                                           \
        CW_DEVICE name##4 from(const unsigned int *c) {                                                                \
            return name##4{__cw_texel<type>::from(c), __cw_texel<type>::from(c + 1), __cw_texel<type>::from(c + 2),    \
                           __cw_texel<type>::from(c + 3)};                                                             \
        }                                                                                                              \
    };

CW_TEXEL_INTEGER(char)
CW_TEXEL_INTEGER(signed char)
CW_TEXEL_INTEGER(unsigned char)
CW_TEXEL_INTEGER(short)
CW_TEXEL_INTEGER(unsigned short)
CW_TEXEL_INTEGER(int)
CW_TEXEL_INTEGER(unsigned int)
template <> struct __cw_texel<float> {
    CW_DEVICE float from(const unsigned int *c) { return __builtin_bit_cast(float, c[0]); }
};
CW_TEXEL_VECTORS(char, signed char)
CW_TEXEL_VECTORS(uchar, unsigned char)
CW_TEXEL_VECTORS(short, short)
CW_TEXEL_VECTORS(ushort, unsigned short)
CW_TEXEL_VECTORS(int, int)
CW_TEXEL_VECTORS(uint, unsigned int)
CW_TEXEL_VECTORS(float, float)

#undef CW_TEXEL_INTEGER
#undef CW_TEXEL_VECTORS

/* ---- The functions ---- */

#define CW_LIST(...) __VA_ARGS__

/* name, parameters after the object, the same as arguments, and the intrinsic's name and operands. */
#define CW_TEXTURE_READ(name, parameters, arguments, intrinsic, operands)                                              \
    template <class T> CW_DEVICE T name(cudaTextureObject_t texture, CW_LIST parameters) {                             \
        unsigned int channels[4];                                                                                      \
        intrinsic(channels, (long long)texture, CW_LIST operands);                                                     \
        return __cw_texel<T>::from(channels);                                                                          \
    }                                                                                                                  \
    template <class T> CW_DEVICE void name(T *result, cudaTextureObject_t texture, CW_LIST parameters) {               \
        *result = name<T>(texture, CW_LIST arguments);                                                                 \
    }

#define CW_TEXTURE_RESIDENT(name, parameters, arguments)                                                               \
    template <class T> CW_DEVICE T name(cudaTextureObject_t texture, CW_LIST parameters, bool *isResident) {           \
        *isResident = true;                                                                                            \
        return name<T>(texture, CW_LIST arguments);                                                                    \
    }                                                                                                                  \
    template <class T>                                                                                                 \
    CW_DEVICE void name(T *result, cudaTextureObject_t texture, CW_LIST parameters, bool *isResident) {                \
        *isResident = true;                                                                                            \
        *result = name<T>(texture, CW_LIST arguments);                                                                 \
    }

/* A kind's plain form, that with a level of detail, and that with derivatives of type V along two axes. */
#define CW_TEXTURE_KIND(name, kind, parameters, arguments, position, V, da, db)                                        \
    CW_TEXTURE_READ(name, parameters, arguments, __cw_texture_sample, (kind, CW_LIST position))                        \
    CW_TEXTURE_READ(name##Lod, (CW_LIST parameters, float level), (CW_LIST arguments, level),                          \
                    __cw_texture_sample_lod, (kind, CW_LIST position, level))                                          \
    CW_TEXTURE_READ(name##Grad, (CW_LIST parameters, V dPdx, V dPdy), (CW_LIST arguments, dPdx, dPdy),                 \
                    __cw_texture_sample_grad, (kind, CW_LIST position, CW_LIST da, CW_LIST db))

#define CW_TEXTURE_KIND_RESIDENT(name, parameters, arguments, V)                                                       \
    CW_TEXTURE_RESIDENT(name, parameters, arguments)                                                                   \
    CW_TEXTURE_RESIDENT(name##Lod, (CW_LIST parameters, float level), (CW_LIST arguments, level))                      \
    CW_TEXTURE_RESIDENT(name##Grad, (CW_LIST parameters, V dPdx, V dPdy), (CW_LIST arguments, dPdx, dPdy))

CW_TEXTURE_READ(tex1Dfetch, (int x), (x), __cw_texture_fetch, (cudaTextureType1D, x, 0, 0))

CW_TEXTURE_KIND(tex1D, cudaTextureType1D, (float x), (x), (x, 0, 0, 0), float, (dPdx, 0, 0), (dPdy, 0, 0))
CW_TEXTURE_KIND(tex2D, cudaTextureType2D, (float x, float y), (x, y), (x, y, 0, 0), float2, (dPdx.x, dPdx.y, 0),
                (dPdy.x, dPdy.y, 0))
CW_TEXTURE_KIND(tex3D, cudaTextureType3D, (float x, float y, float z), (x, y, z), (x, y, z, 0), float4,
                (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))
CW_TEXTURE_KIND(tex1DLayered, cudaTextureType1DLayered, (float x, int layer), (x, layer), (x, 0, 0, layer), float,
                (dPdx, 0, 0), (dPdy, 0, 0))
CW_TEXTURE_KIND(tex2DLayered, cudaTextureType2DLayered, (float x, float y, int layer), (x, y, layer), (x, y, 0, layer),
                float2, (dPdx.x, dPdx.y, 0), (dPdy.x, dPdy.y, 0))
CW_TEXTURE_KIND(texCubemap, cudaTextureTypeCubemap, (float x, float y, float z), (x, y, z), (x, y, z, 0), float4,
                (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))
CW_TEXTURE_KIND(texCubemapLayered, cudaTextureTypeCubemapLayered, (float x, float y, float z, int layer),
                (x, y, z, layer), (x, y, z, layer), float4, (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))

CW_TEXTURE_KIND_RESIDENT(tex2D, (float x, float y), (x, y), float2)
CW_TEXTURE_KIND_RESIDENT(tex3D, (float x, float y, float z), (x, y, z), float4)
CW_TEXTURE_KIND_RESIDENT(tex2DLayered, (float x, float y, int layer), (x, y, layer), float2)

template <class T> CW_DEVICE T tex2Dgather(cudaTextureObject_t texture, float x, float y, int comp = 0) {
    unsigned int channels[4];
    __cw_texture_gather(channels, (long long)texture, cudaTextureType2D, x, y, 0, 0, comp);
    return __cw_texel<T>::from(channels);
}
template <class T> CW_DEVICE void tex2Dgather(T *result, cudaTextureObject_t texture, float x, float y, int comp = 0) {
    *result = tex2Dgather<T>(texture, x, y, comp);
}
template <class T>
CW_DEVICE T tex2Dgather(cudaTextureObject_t texture, float x, float y, bool *isResident, int comp = 0) {
    *isResident = true;
    return tex2Dgather<T>(texture, x, y, comp);
}
template <class T>
CW_DEVICE void tex2Dgather(T *result, cudaTextureObject_t texture, float x, float y, bool *isResident, int comp = 0) {
    *isResident = true;
    *result = tex2Dgather<T>(texture, x, y, comp);
}

#undef CW_LIST
#undef CW_TEXTURE_READ
#undef CW_TEXTURE_RESIDENT
#undef CW_TEXTURE_KIND
#undef CW_TEXTURE_KIND_RESIDENT

#endif
