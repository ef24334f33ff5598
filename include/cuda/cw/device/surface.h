/* SPDX-License-Identifier: Apache-2.0 */
/*
 * surface.h: reading and writing surface objects (CUDA C++ Programming Guide, "Surface Functions"): x counts bytes.
 */
#ifndef CW_CUDA_DEVICE_SURFACE_H
#define CW_CUDA_DEVICE_SURFACE_H

#include "define.h"
#include "../../surface_types.h"

template <class T> struct __cw_surface_size {
    static_assert(sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8 || sizeof(T) == 16,
                  "surfaces are read and written by 1, 2, 4, 8 or 16 bytes");
    static const int value = sizeof(T);
};

#define CW_LIST(...) __VA_ARGS__

/* name, kind, parameters after the object, the same as arguments, and as x, y, z, layer. */
#define CW_SURFACE_KIND(name, kind, parameters, arguments, position)                                                   \
    template <class T>                                                                                                 \
    CW_DEVICE T name##read(cudaSurfaceObject_t surface, CW_LIST parameters,                                            \
                           cudaSurfaceBoundaryMode boundary = cudaBoundaryModeTrap) {                                  \
        T value;                                                                                                       \
        __cw_surface_load(&value, (long long)surface, kind, CW_LIST position, __cw_surface_size<T>::value, boundary);  \
        return value;                                                                                                  \
    }                                                                                                                  \
    template <class T>                                                                                                 \
    CW_DEVICE void name##read(T *result, cudaSurfaceObject_t surface, CW_LIST parameters,                              \
                              cudaSurfaceBoundaryMode boundary = cudaBoundaryModeTrap) {                               \
        *result = name##read<T>(surface, CW_LIST arguments, boundary);                                                 \
    }                                                                                                                  \
    template <class T>                                                                                                 \
    CW_DEVICE void name##write(T value, cudaSurfaceObject_t surface, CW_LIST parameters,                               \
                               cudaSurfaceBoundaryMode boundary = cudaBoundaryModeTrap) {                              \
        __cw_surface_store(&value, (long long)surface, kind, CW_LIST position, __cw_surface_size<T>::value, boundary); \
    }

CW_SURFACE_KIND(surf1D, cudaSurfaceType1D, (int x), (x), (x, 0, 0, 0))
CW_SURFACE_KIND(surf2D, cudaSurfaceType2D, (int x, int y), (x, y), (x, y, 0, 0))
CW_SURFACE_KIND(surf3D, cudaSurfaceType3D, (int x, int y, int z), (x, y, z), (x, y, z, 0))
CW_SURFACE_KIND(surf1DLayered, cudaSurfaceType1DLayered, (int x, int layer), (x, layer), (x, 0, 0, layer))
CW_SURFACE_KIND(surf2DLayered, cudaSurfaceType2DLayered, (int x, int y, int layer), (x, y, layer), (x, y, 0, layer))
CW_SURFACE_KIND(surfCubemap, cudaSurfaceTypeCubemap, (int x, int y, int face), (x, y, face), (x, y, 0, face))
CW_SURFACE_KIND(surfCubemapLayered, cudaSurfaceTypeCubemapLayered, (int x, int y, int layerFace), (x, y, layerFace),
                (x, y, 0, layerFace))

#undef CW_LIST
#undef CW_SURFACE_KIND

#endif
