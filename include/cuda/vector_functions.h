/* SPDX-License-Identifier: Apache-2.0 */
/* vector_functions.h: make_<vector type>, for host and device, C and C++. */
#ifndef __VECTOR_FUNCTIONS_H__
#define __VECTOR_FUNCTIONS_H__

#include "vector_types.h"

#if defined(__CUDA__)
#define CW_MAKE static __inline__ __attribute__((host, device, always_inline, nodebug, unused))
#else
#define CW_MAKE static __inline__ __attribute__((always_inline, unused))
#endif

#define CW_MAKE1(name, type)                                                                                           \
    CW_MAKE name make_##name(type x) {                                                                                 \
        name v;                                                                                                        \
        v.x = x;                                                                                                       \
        return v;                                                                                                      \
    }
#define CW_MAKE2(name, type)                                                                                           \
    CW_MAKE name make_##name(type x, type y) {                                                                         \
        name v;                                                                                                        \
        v.x = x;                                                                                                       \
        v.y = y;                                                                                                       \
        return v;                                                                                                      \
    }
#define CW_MAKE3(name, type)                                                                                           \
    CW_MAKE name make_##name(type x, type y, type z) {                                                                 \
        name v;                                                                                                        \
        v.x = x;                                                                                                       \
        v.y = y;                                                                                                       \
        v.z = z;                                                                                                       \
        return v;                                                                                                      \
    }
#define CW_MAKE4(name, type)                                                                                           \
    CW_MAKE name make_##name(type x, type y, type z, type w) {                                                         \
        name v;                                                                                                        \
        v.x = x;                                                                                                       \
        v.y = y;                                                                                                       \
        v.z = z;                                                                                                       \
        v.w = w;                                                                                                       \
        return v;                                                                                                      \
    }
#define CW_MAKE_FAMILY(name, type)                                                                                     \
    CW_MAKE1(name##1, type) CW_MAKE2(name##2, type) CW_MAKE3(name##3, type) CW_MAKE4(name##4, type)

CW_MAKE_FAMILY(char, signed char)
CW_MAKE_FAMILY(uchar, unsigned char)
CW_MAKE_FAMILY(short, short)
CW_MAKE_FAMILY(ushort, unsigned short)
CW_MAKE_FAMILY(int, int)
CW_MAKE_FAMILY(uint, unsigned int)
CW_MAKE_FAMILY(long, long int)
CW_MAKE_FAMILY(ulong, unsigned long int)
CW_MAKE_FAMILY(longlong, long long int)
CW_MAKE_FAMILY(ulonglong, unsigned long long int)
CW_MAKE_FAMILY(float, float)
CW_MAKE_FAMILY(double, double)
CW_MAKE4(long4_16a, long int)
CW_MAKE4(long4_32a, long int)
CW_MAKE4(ulong4_16a, unsigned long int)
CW_MAKE4(ulong4_32a, unsigned long int)
CW_MAKE4(longlong4_16a, long long int)
CW_MAKE4(longlong4_32a, long long int)
CW_MAKE4(ulonglong4_16a, unsigned long long int)
CW_MAKE4(ulonglong4_32a, unsigned long long int)
CW_MAKE4(double4_16a, double)
CW_MAKE4(double4_32a, double)

#undef CW_MAKE
#undef CW_MAKE1
#undef CW_MAKE2
#undef CW_MAKE3
#undef CW_MAKE4
#undef CW_MAKE_FAMILY

#endif
