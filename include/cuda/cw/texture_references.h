/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture_references.h: texture and surface references, which CUDA 12 removed (CUDA C++ Programming Guide 11, "Texture Reference
 * API", "Surface Reference API"; CUDA Runtime API 11, "Texture Reference Management"). Programs don't include it: a source
 * that names `texture`, `surface` or one of their functions and finds no declaration is compiled with it, so that
 * programs of today may use the names as they like.
 *
 * clang knows such classes by an attribute. On the device a reference is a variable of 64 bits, the number of the object that
 * is bound to it; on the host it is the structure whose fields the program sets, registered under the same name.
 */
#ifndef CW_CUDA_TEXTURE_REFERENCES_H
#define CW_CUDA_TEXTURE_REFERENCES_H

#include "../cuda_runtime.h"

#include "api_reference.h"

#ifdef __cplusplus

/* ---- The classes ---- */

template <class T, int texType = cudaTextureType1D, enum cudaTextureReadMode mode = cudaReadModeElementType>
struct __attribute__((device_builtin_texture_type)) texture : public textureReference {
    texture(int norm = 0, enum cudaTextureFilterMode fMode = cudaFilterModePoint,
            enum cudaTextureAddressMode aMode = cudaAddressModeClamp)
        : texture(norm, fMode, aMode, cudaCreateChannelDesc<T>()) {}
    texture(int norm, enum cudaTextureFilterMode fMode, enum cudaTextureAddressMode aMode,
            struct cudaChannelFormatDesc desc) {
        normalized = norm;
        filterMode = fMode;
        addressMode[0] = addressMode[1] = addressMode[2] = aMode;
        channelDesc = desc;
        sRGB = 0;
        maxAnisotropy = 0;
        mipmapFilterMode = cudaFilterModePoint;
        mipmapLevelBias = minMipmapLevelClamp = maxMipmapLevelClamp = 0;
        disableTrilinearOptimization = 0;
    }
};

template <class T, int dim = cudaTextureType1D>
struct __attribute__((device_builtin_surface_type)) surface : public surfaceReference {
    surface() { channelDesc = cudaCreateChannelDesc<T>(); }
    /* What the functions for surface objects take. */
    __attribute__((device, always_inline, nodebug)) operator cudaSurfaceObject_t() const { return *(const cudaSurfaceObject_t *)(const void *)this; }
};
template <int dim> struct __attribute__((device_builtin_surface_type)) surface<void, dim> : public surfaceReference {
    surface() { channelDesc = cudaChannelFormatDesc{0, 0, 0, 0, cudaChannelFormatKindNone}; }
    __attribute__((device, always_inline, nodebug)) operator cudaSurfaceObject_t() const { return *(const cudaSurfaceObject_t *)(const void *)this; }
};

/* ---- Reading: the functions for texture objects, with the type that the reference has ---- */

/* What a read of elements T gives: with normalised reads a float a channel. */
template <class T, enum cudaTextureReadMode mode> struct __cw_reference_read {
    typedef T type;
};
#define CW_NORMALISED(name, type_of_it)                                                                                \
    template <> struct __cw_reference_read<name, cudaReadModeNormalizedFloat> {                                        \
        typedef type_of_it type;                                                                                       \
    };
#define CW_NORMALISED_VECTORS(name)                                                                                    \
    CW_NORMALISED(name##1, float1) CW_NORMALISED(name##2, float2) CW_NORMALISED(name##4, float4)
CW_NORMALISED(char, float)
CW_NORMALISED(signed char, float)
CW_NORMALISED(unsigned char, float)
CW_NORMALISED(short, float)
CW_NORMALISED(unsigned short, float)
CW_NORMALISED_VECTORS(char)
CW_NORMALISED_VECTORS(uchar)
CW_NORMALISED_VECTORS(short)
CW_NORMALISED_VECTORS(ushort)
#undef CW_NORMALISED
#undef CW_NORMALISED_VECTORS

#define CW_LIST(...) __VA_ARGS__

#define CW_REFERENCE_READ(name, kind, parameters, arguments)                                                           \
    template <class T, enum cudaTextureReadMode mode>                                                                  \
    CW_DEVICE typename __cw_reference_read<T, mode>::type name(const texture<T, kind, mode> &reference,                \
                                                               CW_LIST parameters) {                                   \
        return name<typename __cw_reference_read<T, mode>::type>(                                                      \
            *(const cudaTextureObject_t *)(const void *)&reference, CW_LIST arguments);                                \
    }
#define CW_REFERENCE_KIND(name, kind, parameters, arguments, V)                                                        \
    CW_REFERENCE_READ(name, kind, parameters, arguments)                                                               \
    CW_REFERENCE_READ(name##Lod, kind, (CW_LIST parameters, float level), (CW_LIST arguments, level))                  \
    CW_REFERENCE_READ(name##Grad, kind, (CW_LIST parameters, V dPdx, V dPdy), (CW_LIST arguments, dPdx, dPdy))

CW_REFERENCE_READ(tex1Dfetch, cudaTextureType1D, (int x), (x))
CW_REFERENCE_KIND(tex1D, cudaTextureType1D, (float x), (x), float)
CW_REFERENCE_KIND(tex2D, cudaTextureType2D, (float x, float y), (x, y), float2)
CW_REFERENCE_KIND(tex3D, cudaTextureType3D, (float x, float y, float z), (x, y, z), float4)
CW_REFERENCE_KIND(tex1DLayered, cudaTextureType1DLayered, (float x, int layer), (x, layer), float)
CW_REFERENCE_KIND(tex2DLayered, cudaTextureType2DLayered, (float x, float y, int layer), (x, y, layer), float2)
CW_REFERENCE_KIND(texCubemap, cudaTextureTypeCubemap, (float x, float y, float z), (x, y, z), float4)
CW_REFERENCE_KIND(texCubemapLayered, cudaTextureTypeCubemapLayered, (float x, float y, float z, int layer),
                  (x, y, z, layer), float4)

template <class T, enum cudaTextureReadMode mode> struct __cw_reference_gather; /* four texels of one channel */
#define CW_GATHERED(element, type_of_it)                                                                               \
    template <> struct __cw_reference_gather<element, cudaReadModeElementType> {                                       \
        typedef type_of_it type;                                                                                       \
    };
#define CW_GATHERED_ALL(name, element)                                                                                 \
    CW_GATHERED(element, name##4)                                                                                      \
    CW_GATHERED(name##1, name##4) CW_GATHERED(name##2, name##4) CW_GATHERED(name##4, name##4)
CW_GATHERED(char, char4)
CW_GATHERED_ALL(char, signed char)
CW_GATHERED_ALL(uchar, unsigned char)
CW_GATHERED_ALL(short, short)
CW_GATHERED_ALL(ushort, unsigned short)
CW_GATHERED_ALL(int, int)
CW_GATHERED_ALL(uint, unsigned int)
CW_GATHERED_ALL(float, float)
#undef CW_GATHERED
#undef CW_GATHERED_ALL
template <class T> struct __cw_reference_gather<T, cudaReadModeNormalizedFloat> {
    typedef float4 type;
};
template <class T, enum cudaTextureReadMode mode>
CW_DEVICE typename __cw_reference_gather<T, mode>::type
tex2Dgather(const texture<T, cudaTextureType2D, mode> &reference, float x, float y, int comp = 0) {
    return tex2Dgather<typename __cw_reference_gather<T, mode>::type>(
        *(const cudaTextureObject_t *)(const void *)&reference, x, y, comp);
}

#undef CW_LIST
#undef CW_REFERENCE_READ
#undef CW_REFERENCE_KIND

/* ---- Binding, with the reference by its own type ---- */

#define CW_TEMPLATE static __inline__ __attribute__((host, unused))
#define CW_REFERENCE template <class T, int kind, enum cudaTextureReadMode mode> CW_TEMPLATE cudaError_t
#define CW_REFERENCE_TYPE const struct texture<T, kind, mode> &

CW_REFERENCE cudaBindTexture(size_t *offset, CW_REFERENCE_TYPE tex, const void *devPtr,
                             const struct cudaChannelFormatDesc &desc, size_t size = 0xFFFFFFFFu) {
    return cudaBindTexture(offset, (const textureReference *)&tex, devPtr, &desc, size);
}
CW_REFERENCE cudaBindTexture(size_t *offset, CW_REFERENCE_TYPE tex, const void *devPtr, size_t size = 0xFFFFFFFFu) {
    return cudaBindTexture(offset, (const textureReference *)&tex, devPtr, &tex.channelDesc, size);
}
CW_REFERENCE cudaBindTexture2D(size_t *offset, CW_REFERENCE_TYPE tex, const void *devPtr,
                               const struct cudaChannelFormatDesc &desc, size_t width, size_t height, size_t pitch) {
    return cudaBindTexture2D(offset, (const textureReference *)&tex, devPtr, &desc, width, height, pitch);
}
CW_REFERENCE cudaBindTexture2D(size_t *offset, CW_REFERENCE_TYPE tex, const void *devPtr, size_t width, size_t height,
                               size_t pitch) {
    return cudaBindTexture2D(offset, (const textureReference *)&tex, devPtr, &tex.channelDesc, width, height, pitch);
}
CW_REFERENCE cudaBindTextureToArray(CW_REFERENCE_TYPE tex, cudaArray_const_t array,
                                    const struct cudaChannelFormatDesc &desc) {
    return cudaBindTextureToArray((const textureReference *)&tex, array, &desc);
}
CW_REFERENCE cudaBindTextureToArray(CW_REFERENCE_TYPE tex, cudaArray_const_t array) {
    return cudaBindTextureToArray((const textureReference *)&tex, array, (const cudaChannelFormatDesc *)0);
}
CW_REFERENCE cudaBindTextureToMipmappedArray(CW_REFERENCE_TYPE tex, cudaMipmappedArray_const_t mipmappedArray,
                                             const struct cudaChannelFormatDesc &desc) {
    return cudaBindTextureToMipmappedArray((const textureReference *)&tex, mipmappedArray, &desc);
}
CW_REFERENCE cudaBindTextureToMipmappedArray(CW_REFERENCE_TYPE tex, cudaMipmappedArray_const_t mipmappedArray) {
    return cudaBindTextureToMipmappedArray((const textureReference *)&tex, mipmappedArray,
                                           (const cudaChannelFormatDesc *)0);
}
CW_REFERENCE cudaUnbindTexture(CW_REFERENCE_TYPE tex) {
    return cudaUnbindTexture((const textureReference *)&tex);
}
CW_REFERENCE cudaGetTextureAlignmentOffset(size_t *offset, CW_REFERENCE_TYPE tex) {
    return cudaGetTextureAlignmentOffset(offset, (const textureReference *)&tex);
}
CW_REFERENCE cudaGetTextureReference(const struct textureReference **texref, CW_REFERENCE_TYPE symbol) {
    return cudaGetTextureReference(texref, (const void *)&symbol);
}

template <class T, int kind>
CW_TEMPLATE cudaError_t cudaBindSurfaceToArray(const struct surface<T, kind> &surf, cudaArray_const_t array,
                                               const struct cudaChannelFormatDesc &desc) {
    return cudaBindSurfaceToArray((const surfaceReference *)&surf, array, &desc);
}
template <class T, int kind>
CW_TEMPLATE cudaError_t cudaBindSurfaceToArray(const struct surface<T, kind> &surf, cudaArray_const_t array) {
    return cudaBindSurfaceToArray((const surfaceReference *)&surf, array, (const cudaChannelFormatDesc *)0);
}
template <class T, int kind>
CW_TEMPLATE cudaError_t cudaGetSurfaceReference(const struct surfaceReference **surfref,
                                                const struct surface<T, kind> &symbol) {
    return cudaGetSurfaceReference(surfref, (const void *)&symbol);
}

#undef CW_TEMPLATE
#undef CW_REFERENCE
#undef CW_REFERENCE_TYPE

#endif
#endif
