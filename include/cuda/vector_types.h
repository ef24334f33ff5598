/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector_types.h: CUDA's built-in vector types and dim3, with the sizes and alignments that the CUDA C++ Programming
 * Guide gives ("Built-in Vector Types"). They are plain structs, so they stay trivially copyable and usable from C.
 */
#ifndef __VECTOR_TYPES_H__
#define __VECTOR_TYPES_H__

#include "host_defines.h"

/* The anonymous structs are what C and C++ name by a typedef below. */
#define CW_VECTOR1(name, type)                                                                                         \
    struct name {                                                                                                      \
        type x;                                                                                                        \
    };                                                                                                                 \
    typedef struct name name
#define CW_VECTOR2(name, type, alignment)                                                                              \
    struct __align__(alignment) name {                                                                                 \
        type x, y;                                                                                                     \
    };                                                                                                                 \
    typedef struct name name
#define CW_VECTOR3(name, type)                                                                                         \
    struct name {                                                                                                      \
        type x, y, z;                                                                                                  \
    };                                                                                                                 \
    typedef struct name name
#define CW_VECTOR4(name, type, alignment)                                                                              \
    struct __align__(alignment) name {                                                                                 \
        type x, y, z, w;                                                                                               \
    };                                                                                                                 \
    typedef struct name name

/* name, element, alignment of the pair, alignment of the quadruple */
#define CW_VECTOR_FAMILY(name, type, align2, align4)                                                                   \
    CW_VECTOR1(name##1, type);                                                                                         \
    CW_VECTOR2(name##2, type, align2);                                                                                 \
    CW_VECTOR3(name##3, type);                                                                                         \
    CW_VECTOR4(name##4, type, align4)

CW_VECTOR_FAMILY(char, signed char, 2, 4);
CW_VECTOR_FAMILY(uchar, unsigned char, 2, 4);
CW_VECTOR_FAMILY(short, short, 4, 8);
CW_VECTOR_FAMILY(ushort, unsigned short, 4, 8);
CW_VECTOR_FAMILY(int, int, 8, 16);
CW_VECTOR_FAMILY(uint, unsigned int, 8, 16);
CW_VECTOR_FAMILY(long, long int, 2 * sizeof(long int), 16);
CW_VECTOR_FAMILY(ulong, unsigned long int, 2 * sizeof(long int), 16);
CW_VECTOR_FAMILY(longlong, long long int, 16, 16);
CW_VECTOR_FAMILY(ulonglong, unsigned long long int, 16, 16);
CW_VECTOR_FAMILY(float, float, 8, 16);
CW_VECTOR_FAMILY(double, double, 16, 16);

/* CUDA 13's quadruples of 8-byte elements with their alignment in the name. */
CW_VECTOR4(long4_16a, long int, 16);
CW_VECTOR4(long4_32a, long int, 32);
CW_VECTOR4(ulong4_16a, unsigned long int, 16);
CW_VECTOR4(ulong4_32a, unsigned long int, 32);
CW_VECTOR4(longlong4_16a, long long int, 16);
CW_VECTOR4(longlong4_32a, long long int, 32);
CW_VECTOR4(ulonglong4_16a, unsigned long long int, 16);
CW_VECTOR4(ulonglong4_32a, unsigned long long int, 32);
CW_VECTOR4(double4_16a, double, 16);
CW_VECTOR4(double4_32a, double, 32);

#undef CW_VECTOR1
#undef CW_VECTOR2
#undef CW_VECTOR3
#undef CW_VECTOR4
#undef CW_VECTOR_FAMILY

struct dim3 {
    unsigned int x, y, z;
#if defined(__cplusplus)
#if __cplusplus >= 201103L
    __host__ __device__ constexpr dim3(unsigned int vx = 1, unsigned int vy = 1, unsigned int vz = 1)
        : x(vx), y(vy), z(vz) {}
    __host__ __device__ constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    __host__ __device__ constexpr operator uint3() const { return uint3{x, y, z}; }
#else
    __host__ __device__ dim3(unsigned int vx = 1, unsigned int vy = 1, unsigned int vz = 1) : x(vx), y(vy), z(vz) {}
    __host__ __device__ dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    __host__ __device__ operator uint3() const {
        uint3 v = {x, y, z};
        return v;
    }
#endif
#endif
};
typedef struct dim3 dim3;

#endif
