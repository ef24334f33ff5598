/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extremes.h: minimum and maximum of two and three, of a sum, bounded below by zero (`relu`), and with a word on which
 * operand won: CUDA Math API, "SIMD Intrinsics", __vi*. Of 32-bit integers, and of the two halfwords of a register. They
 * are functions of both sides.
 */
#ifndef CW_CUDA_DEVICE_EXTREMES_H
#define CW_CUDA_DEVICE_EXTREMES_H

#include "define.h"

#define CW_LARGER(a, b) ((a) > (b) ? (a) : (b))
#define CW_SMALLER(a, b) ((a) < (b) ? (a) : (b))

/* Element types of 32 and 16 bits. Sums wrap around, as the register's lanes do. */
#define CW_SCALAR(type, suffix)                                                                                        \
    CW_BOTH type __vimax3_##suffix(type a, type b, type c) { return CW_LARGER(CW_LARGER(a, b), c); }                   \
    CW_BOTH type __vimin3_##suffix(type a, type b, type c) { return CW_SMALLER(CW_SMALLER(a, b), c); }                 \
    CW_BOTH type __viaddmax_##suffix(type a, type b, type c) {                                                         \
        type sum = (type)((unsigned int)a + (unsigned int)b);                                                          \
        return CW_LARGER(sum, c);                                                                                      \
    }                                                                                                                  \
    CW_BOTH type __viaddmin_##suffix(type a, type b, type c) {                                                         \
        type sum = (type)((unsigned int)a + (unsigned int)b);                                                          \
        return CW_SMALLER(sum, c);                                                                                     \
    }                                                                                                                  \
    CW_BOTH type __vibmax_##suffix(type a, type b, bool *first) {                                                      \
        *first = a >= b;                                                                                               \
        return CW_LARGER(a, b);                                                                                        \
    }                                                                                                                  \
    CW_BOTH type __vibmin_##suffix(type a, type b, bool *first) {                                                      \
        *first = a <= b;                                                                                               \
        return CW_SMALLER(a, b);                                                                                       \
    }
CW_SCALAR(int, s32)
CW_SCALAR(unsigned int, u32)
#undef CW_SCALAR

CW_BOTH int __vimax_s32_relu(int a, int b) { return __vimax3_s32(a, b, 0); }
CW_BOTH int __vimin_s32_relu(int a, int b) { return CW_LARGER(CW_SMALLER(a, b), 0); }
CW_BOTH int __vimax3_s32_relu(int a, int b, int c) { return CW_LARGER(__vimax3_s32(a, b, c), 0); }
CW_BOTH int __vimin3_s32_relu(int a, int b, int c) { return CW_LARGER(__vimin3_s32(a, b, c), 0); }
CW_BOTH int __viaddmax_s32_relu(int a, int b, int c) { return CW_LARGER(__viaddmax_s32(a, b, c), 0); }
CW_BOTH int __viaddmin_s32_relu(int a, int b, int c) { return CW_LARGER(__viaddmin_s32(a, b, c), 0); }

/* Two lanes: `expression` of the elements x, y and z of one lane. */
#define CW_LANES3(name, element, expression)                                                                           \
    CW_BOTH unsigned int name(unsigned int a, unsigned int b, unsigned int c) {                                        \
        unsigned int result = 0;                                                                                       \
        for (int i = 0; i < 32; i += 16) {                                                                             \
            int x = (element)(a >> i), y = (element)(b >> i), z = (element)(c >> i);                                   \
            result |= (unsigned int)(unsigned short)(expression) << i;                                                 \
        }                                                                                                              \
        return result;                                                                                                 \
    }
#define CW_LANES2(name, element, expression)                                                                           \
    CW_BOTH unsigned int name(unsigned int a, unsigned int b) {                                                        \
        unsigned int result = 0;                                                                                       \
        for (int i = 0; i < 32; i += 16) {                                                                             \
            int x = (element)(a >> i), y = (element)(b >> i);                                                          \
            result |= (unsigned int)(unsigned short)(expression) << i;                                                 \
        }                                                                                                              \
        return result;                                                                                                 \
    }
#define CW_LANES_CHOICE(name, element, comparison)                                                                     \
    CW_BOTH unsigned int name(unsigned int a, unsigned int b, bool *high_first, bool *low_first) {                     \
        *low_first = (element)a comparison(element) b;                                                                 \
        *high_first = (element)(a >> 16) comparison(element)(b >> 16);                                                 \
        return ((*high_first ? a : b) & 0xffff0000u) | ((*low_first ? a : b) & 0xffffu);                               \
    }
#define CW_PACKED(element, suffix)                                                                                     \
    CW_LANES3(__vimax3_##suffix, element, CW_LARGER(CW_LARGER(x, y), z))                                               \
    CW_LANES3(__vimin3_##suffix, element, CW_SMALLER(CW_SMALLER(x, y), z))                                             \
    CW_LANES3(__viaddmax_##suffix, element, CW_LARGER((element)(x + y), z))                                            \
    CW_LANES3(__viaddmin_##suffix, element, CW_SMALLER((element)(x + y), z))                                           \
    CW_LANES_CHOICE(__vibmax_##suffix, element, >=)                                                                    \
    CW_LANES_CHOICE(__vibmin_##suffix, element, <=)
CW_PACKED(short, s16x2)
CW_PACKED(unsigned short, u16x2)
CW_LANES2(__vimax_s16x2_relu, short, CW_LARGER(CW_LARGER(x, y), 0))
CW_LANES2(__vimin_s16x2_relu, short, CW_LARGER(CW_SMALLER(x, y), 0))
CW_LANES3(__vimax3_s16x2_relu, short, CW_LARGER(CW_LARGER(CW_LARGER(x, y), z), 0))
CW_LANES3(__vimin3_s16x2_relu, short, CW_LARGER(CW_SMALLER(CW_SMALLER(x, y), z), 0))
CW_LANES3(__viaddmax_s16x2_relu, short, CW_LARGER(CW_LARGER((short)(x + y), z), 0))
CW_LANES3(__viaddmin_s16x2_relu, short, CW_LARGER(CW_SMALLER((short)(x + y), z), 0))

#undef CW_LANES2
#undef CW_LANES3
#undef CW_LANES_CHOICE
#undef CW_PACKED
#undef CW_LARGER
#undef CW_SMALLER

#endif
