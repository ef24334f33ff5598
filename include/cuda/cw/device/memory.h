/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.h: loads and stores with cache hints, address space predicates, and conversions between generic and specific
 * addresses. Cache hints change speed, never values, so all forms are plain accesses.
 */
#ifndef CW_CUDA_DEVICE_MEMORY_H
#define CW_CUDA_DEVICE_MEMORY_H

#include <stddef.h>

#include "define.h"
#include "../../vector_types.h"

#define CW_CACHED(type)                                                                                                \
    CW_DEVICE type __ldg(const type *address) { return *address; }                                                     \
    CW_DEVICE type __ldca(const type *address) { return *address; }                                                    \
    CW_DEVICE type __ldcg(const type *address) { return *address; }                                                    \
    CW_DEVICE type __ldcs(const type *address) { return *address; }                                                    \
    CW_DEVICE type __ldlu(const type *address) { return *address; }                                                    \
    CW_DEVICE void __stwb(type *address, type value) { *address = value; }                                             \
    CW_DEVICE void __stcg(type *address, type value) { *address = value; }                                             \
    CW_DEVICE void __stcs(type *address, type value) { *address = value; }

/* __ldcv and __stwt go to memory every time. */
#define CW_UNCACHED_SCALAR(type)                                                                                       \
    CW_DEVICE type __ldcv(const type *address) { return *(const volatile type *)address; }                             \
    CW_DEVICE void __stwt(type *address, type value) { *(volatile type *)address = value; }
#define CW_UNCACHED_VECTOR2(type)                                                                                      \
    CW_DEVICE type __ldcv(const type *address) {                                                                       \
        const volatile type *from = address;                                                                           \
        type value;                                                                                                    \
        value.x = from->x;                                                                                             \
        value.y = from->y;                                                                                             \
        return value;                                                                                                  \
    }                                                                                                                  \
    CW_DEVICE void __stwt(type *address, type value) {                                                                 \
        volatile type *to = address;                                                                                   \
        to->x = value.x;                                                                                               \
        to->y = value.y;                                                                                               \
    }
#define CW_UNCACHED_VECTOR4(type)                                                                                      \
    CW_DEVICE type __ldcv(const type *address) {                                                                       \
        const volatile type *from = address;                                                                           \
        type value;                                                                                                    \
        value.x = from->x;                                                                                             \
        value.y = from->y;                                                                                             \
        value.z = from->z;                                                                                             \
        value.w = from->w;                                                                                             \
        return value;                                                                                                  \
    }                                                                                                                  \
    CW_DEVICE void __stwt(type *address, type value) {                                                                 \
        volatile type *to = address;                                                                                   \
        to->x = value.x;                                                                                               \
        to->y = value.y;                                                                                               \
        to->z = value.z;                                                                                               \
        to->w = value.w;                                                                                               \
    }

#define CW_SCALAR(type) CW_CACHED(type) CW_UNCACHED_SCALAR(type)
#define CW_VECTOR2(type) CW_CACHED(type) CW_UNCACHED_VECTOR2(type)
#define CW_VECTOR4(type) CW_CACHED(type) CW_UNCACHED_VECTOR4(type)

CW_SCALAR(char)
CW_SCALAR(signed char)
CW_SCALAR(unsigned char)
CW_SCALAR(short)
CW_SCALAR(unsigned short)
CW_SCALAR(int)
CW_SCALAR(unsigned int)
CW_SCALAR(long)
CW_SCALAR(unsigned long)
CW_SCALAR(long long)
CW_SCALAR(unsigned long long)
CW_SCALAR(float)
CW_SCALAR(double)
CW_VECTOR2(char2)
CW_VECTOR2(uchar2)
CW_VECTOR2(short2)
CW_VECTOR2(ushort2)
CW_VECTOR2(int2)
CW_VECTOR2(uint2)
CW_VECTOR2(longlong2)
CW_VECTOR2(ulonglong2)
CW_VECTOR2(float2)
CW_VECTOR2(double2)
CW_VECTOR4(char4)
CW_VECTOR4(uchar4)
CW_VECTOR4(short4)
CW_VECTOR4(ushort4)
CW_VECTOR4(int4)
CW_VECTOR4(uint4)
CW_VECTOR4(float4)

#undef CW_SCALAR
#undef CW_VECTOR2
#undef CW_VECTOR4
#undef CW_CACHED
#undef CW_UNCACHED_SCALAR
#undef CW_UNCACHED_VECTOR2
#undef CW_UNCACHED_VECTOR4

/* ---- Address spaces ---- */

CW_DEVICE unsigned int __isGlobal(const void *pointer) { return (unsigned int)__cw_is_global((void *)pointer); }
CW_DEVICE unsigned int __isShared(const void *pointer) { return (unsigned int)__cw_is_shared((void *)pointer); }
CW_DEVICE unsigned int __isLocal(const void *pointer) { return (unsigned int)__cw_is_local((void *)pointer); }
CW_DEVICE unsigned int __isConstant(const void *pointer) { return (unsigned int)__cw_is_constant((void *)pointer); }
CW_DEVICE unsigned int __isGridConstant(const void *pointer) { return (unsigned int)__cw_is_constant((void *)pointer); }

#define CW_ADDRESS_SPACE(name, space)                                                                                  \
    CW_DEVICE size_t __cvta_generic_to_##name(const void *pointer) {                                                   \
        return (size_t)(__attribute__((address_space(space))) void *)pointer;                                          \
    }                                                                                                                  \
    CW_DEVICE void *__cvta_##name##_to_generic(size_t address) {                                                       \
        return (void *)(__attribute__((address_space(space))) void *)address;                                          \
    }

CW_ADDRESS_SPACE(global, 1)
CW_ADDRESS_SPACE(constant, 4)
CW_ADDRESS_SPACE(local, 5)

/* A kernel's parameters are reached by generic addresses alone here. */
CW_DEVICE size_t __cvta_generic_to_grid_constant(const void *pointer) { return (size_t)pointer; }
CW_DEVICE void *__cvta_grid_constant_to_generic(size_t address) { return (void *)address; }

/* A shared address is the distance from where the block's shared memory begins: programs keep it in 32 bits. */
CW_DEVICE size_t __cvta_generic_to_shared(const void *pointer) { return (size_t)pointer - (size_t)__cw_shared_window(); }
CW_DEVICE void *__cvta_shared_to_generic(size_t address) { return (char *)__cw_shared_window() + address; }

#undef CW_ADDRESS_SPACE

#endif
