/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simd.h: arithmetic on two halfwords or four bytes packed in a register: CUDA Math API, "SIMD Intrinsics". Each
 * function is a loop over the elements, which LLVM unrolls and, where the machine can, makes one instruction of.
 */
#ifndef CW_CUDA_DEVICE_SIMD_H
#define CW_CUDA_DEVICE_SIMD_H

#include "define.h"

/* `expression` of the elements x and y, as signed or unsigned integers; its low bits become the element. */
#define CW_SIMD2(name, element, unsigned_element, lanes, expression)                                                   \
    CW_DEVICE unsigned int name(unsigned int a, unsigned int b) {                                                      \
        unsigned int result = 0;                                                                                       \
        _Pragma("unroll") for (int i = 0; i < lanes; i++) {                                                            \
            int x = (element)(a >> (i * (32 / lanes))), y = (element)(b >> (i * (32 / lanes)));                        \
            result |= (unsigned int)(unsigned_element)(expression) << (i * (32 / lanes));                              \
        }                                                                                                              \
        return result;                                                                                                 \
    }
#define CW_SIMD1(name, element, unsigned_element, lanes, expression)                                                   \
    CW_DEVICE unsigned int name(unsigned int a) {                                                                      \
        unsigned int result = 0;                                                                                       \
        _Pragma("unroll") for (int i = 0; i < lanes; i++) {                                                            \
            int x = (element)(a >> (i * (32 / lanes)));                                                                \
            result |= (unsigned int)(unsigned_element)(expression) << (i * (32 / lanes));                              \
        }                                                                                                              \
        return result;                                                                                                 \
    }
#define CW_SIMD_SUM(name, element, lanes, expression)                                                                  \
    CW_DEVICE unsigned int name(unsigned int a, unsigned int b) {                                                      \
        unsigned int sum = 0;                                                                                          \
        _Pragma("unroll") for (int i = 0; i < lanes; i++) {                                                            \
            int x = (element)(a >> (i * (32 / lanes))), y = (element)(b >> (i * (32 / lanes)));                        \
            sum += (unsigned int)(expression);                                                                         \
        }                                                                                                              \
        return sum;                                                                                                    \
    }

#define CW_CLAMP(value, low, high) ((value) < (low) ? (low) : (value) > (high) ? (high) : (value))
#define CW_DISTANCE (x > y ? x - y : y - x)

/* lanes, signed and unsigned element, least and greatest signed, greatest unsigned */
#define CW_SIMD_FAMILY(n, s, u, smin, smax, umax)                                                                      \
    CW_SIMD2(__vadd##n, u, u, n, x + y)                                                                                \
    CW_SIMD2(__vaddss##n, s, u, n, CW_CLAMP(x + y, smin, smax))                                                        \
    CW_SIMD2(__vaddus##n, u, u, n, CW_CLAMP(x + y, 0, umax))                                                           \
    CW_SIMD2(__vsub##n, u, u, n, x - y)                                                                                \
    CW_SIMD2(__vsubss##n, s, u, n, CW_CLAMP(x - y, smin, smax))                                                        \
    CW_SIMD2(__vsubus##n, u, u, n, CW_CLAMP(x - y, 0, umax))                                                           \
    CW_SIMD2(__vabsdiffs##n, s, u, n, CW_DISTANCE)                                                                     \
    CW_SIMD2(__vabsdiffu##n, u, u, n, CW_DISTANCE)                                                                     \
    CW_SIMD2(__vavgs##n, s, u, n, (x + y + (x + y >= 0)) >> 1)                                                         \
    CW_SIMD2(__vavgu##n, u, u, n, (x + y + 1) >> 1)                                                                    \
    CW_SIMD2(__vhaddu##n, u, u, n, (x + y) >> 1)                                                                       \
    CW_SIMD2(__vmaxs##n, s, u, n, x > y ? x : y)                                                                       \
    CW_SIMD2(__vmaxu##n, u, u, n, x > y ? x : y)                                                                       \
    CW_SIMD2(__vmins##n, s, u, n, x < y ? x : y)                                                                       \
    CW_SIMD2(__vminu##n, u, u, n, x < y ? x : y)                                                                       \
    CW_SIMD2(__vcmpeq##n, u, u, n, x == y ? -1 : 0)                                                                    \
    CW_SIMD2(__vseteq##n, u, u, n, x == y)                                                                             \
    CW_SIMD2(__vcmpne##n, u, u, n, x != y ? -1 : 0)                                                                    \
    CW_SIMD2(__vsetne##n, u, u, n, x != y)                                                                             \
    CW_SIMD2(__vcmpges##n, s, u, n, x >= y ? -1 : 0)                                                                   \
    CW_SIMD2(__vsetges##n, s, u, n, x >= y)                                                                            \
    CW_SIMD2(__vcmpgeu##n, u, u, n, x >= y ? -1 : 0)                                                                   \
    CW_SIMD2(__vsetgeu##n, u, u, n, x >= y)                                                                            \
    CW_SIMD2(__vcmpgts##n, s, u, n, x > y ? -1 : 0)                                                                    \
    CW_SIMD2(__vsetgts##n, s, u, n, x > y)                                                                             \
    CW_SIMD2(__vcmpgtu##n, u, u, n, x > y ? -1 : 0)                                                                    \
    CW_SIMD2(__vsetgtu##n, u, u, n, x > y)                                                                             \
    CW_SIMD2(__vcmples##n, s, u, n, x <= y ? -1 : 0)                                                                   \
    CW_SIMD2(__vsetles##n, s, u, n, x <= y)                                                                            \
    CW_SIMD2(__vcmpleu##n, u, u, n, x <= y ? -1 : 0)                                                                   \
    CW_SIMD2(__vsetleu##n, u, u, n, x <= y)                                                                            \
    CW_SIMD2(__vcmplts##n, s, u, n, x < y ? -1 : 0)                                                                    \
    CW_SIMD2(__vsetlts##n, s, u, n, x < y)                                                                             \
    CW_SIMD2(__vcmpltu##n, u, u, n, x < y ? -1 : 0)                                                                    \
    CW_SIMD2(__vsetltu##n, u, u, n, x < y)                                                                             \
    CW_SIMD1(__vabs##n, s, u, n, x < 0 ? -x : x)                                                                       \
    CW_SIMD1(__vabsss##n, s, u, n, x == smin ? smax : x < 0 ? -x : x)                                                  \
    CW_SIMD1(__vneg##n, s, u, n, -x)                                                                                   \
    CW_SIMD1(__vnegss##n, s, u, n, x == smin ? smax : -x)                                                              \
    CW_SIMD_SUM(__vsads##n, s, n, CW_DISTANCE)                                                                         \
    CW_SIMD_SUM(__vsadu##n, u, n, CW_DISTANCE)

CW_SIMD_FAMILY(2, short, unsigned short, -32768, 32767, 65535)
CW_SIMD_FAMILY(4, signed char, unsigned char, -128, 127, 255)

#undef CW_SIMD1
#undef CW_SIMD2
#undef CW_SIMD_SUM
#undef CW_SIMD_FAMILY
#undef CW_CLAMP
#undef CW_DISTANCE

#endif
