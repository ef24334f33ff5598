/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half/convert.h: conversions between float, double and the two 16-bit floating-point formats, on host and device,
 * in every rounding mode. Values are passed as their bits. The common ones are instructions on the device; the rest
 * is integer code.
 *
 * A 16-bit format here is `exponent_bits` and `mantissa_bits` wide: 5 and 10 for half, 8 and 7 for bfloat16.
 */
#ifndef CW_CUDA_HALF_CONVERT_H
#define CW_CUDA_HALF_CONVERT_H

#include "../../cuda_runtime.h"

#if defined(__CUDA__)
#define CW_HALF static __inline__ __attribute__((host, device, always_inline, nodebug, unused))
#define CW_HALF_DEVICE static __inline__ __attribute__((device, always_inline, nodebug, unused))
#else
#define CW_HALF static __inline__ __attribute__((always_inline, unused))
#endif

enum __cw_rounding { __cw_nearest, __cw_toward_zero, __cw_upward, __cw_downward };

CW_HALF unsigned int __cw_float_bits(float value) {
    unsigned int bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
CW_HALF float __cw_bits_float(unsigned int bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

/* One more unit in the last place if rounding `rest`, the bits below it of which `half` is the upper half, says so. */
CW_HALF unsigned int __cw_round_up(unsigned int kept, unsigned int rest, unsigned int half, unsigned int sign,
                                   enum __cw_rounding mode) {
    if (rest == 0) return 0;
    if (mode == __cw_nearest) return rest > half || (rest == half && (kept & 1u));
    if (mode == __cw_upward) return sign == 0;
    if (mode == __cw_downward) return sign != 0;
    return 0;
}

CW_HALF unsigned short __cw_float_to_half_mode(float value, enum __cw_rounding mode) {
    unsigned int bits = __cw_float_bits(value), sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return 0x7fff;
    if (magnitude == 0x7f800000u) return (unsigned short)(sign | 0x7c00u);
    if (magnitude >= 0x47800000u) { /* 65536 and more: infinity or the largest number */
        unsigned int up = mode == __cw_nearest || (mode == __cw_upward && !sign) || (mode == __cw_downward && sign);
        return (unsigned short)(sign | (up ? 0x7c00u : 0x7bffu));
    }
    unsigned int kept, rest, half;
    if (magnitude >= 0x38800000u) { /* normal */
        kept = (magnitude - 0x38000000u) >> 13;
        rest = magnitude & 0x1fffu;
        half = 0x1000u;
    } else { /* subnormal: the mantissa moves right until the exponent is the least one */
        unsigned int exponent = magnitude >> 23, shift = 126u - exponent;
        unsigned int mantissa = exponent ? (magnitude & 0x7fffffu) | 0x800000u : magnitude & 0x7fffffu;
        if (shift > 25u) {
            kept = 0;
            rest = magnitude != 0;
            half = 2;
        } else {
            kept = mantissa >> shift;
            rest = mantissa & ((1u << shift) - 1u);
            half = 1u << (shift - 1u);
        }
    }
    return (unsigned short)(sign | (kept + __cw_round_up(kept, rest, half, sign, mode)));
}

CW_HALF unsigned short __cw_float_to_bfloat16_mode(float value, enum __cw_rounding mode) {
    unsigned int bits = __cw_float_bits(value), sign = bits >> 31;
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return (unsigned short)((bits >> 16) + __cw_round_up(bits >> 16, bits & 0xffffu, 0x8000u, sign, mode));
}

CW_HALF unsigned short __cw_float_to_half(float value) {
#if defined(__CUDA_ARCH__)
/* Where contraction is allowed, LLVM rounds a double that was just rounded to float only once. */
#pragma clang fp contract(off)
    _Float16 half = (_Float16)value;
    unsigned short bits;
    __builtin_memcpy(&bits, &half, sizeof bits);
    return __builtin_isnan(value) ? (unsigned short)0x7fff : bits;
#else
    return __cw_float_to_half_mode(value, __cw_nearest);
#endif
}
CW_HALF unsigned short __cw_float_to_bfloat16(float value) { return __cw_float_to_bfloat16_mode(value, __cw_nearest); }

CW_HALF float __cw_half_to_float(unsigned short bits) {
#if defined(__CUDA_ARCH__)
    _Float16 half;
    __builtin_memcpy(&half, &bits, sizeof half);
    return (float)half;
#else
    unsigned int sign = (bits & 0x8000u) << 16, magnitude = bits & 0x7fffu;
    if (magnitude >= 0x7c00u) return __cw_bits_float(sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13));
    if (magnitude >= 0x400u) return __cw_bits_float(sign | ((magnitude << 13) + 0x38000000u));
    float tiny = (float)magnitude * 5.9604644775390625e-8f; /* 2 to the -24 */
    return sign ? -tiny : tiny;
#endif
}
CW_HALF float __cw_bfloat16_to_float(unsigned short bits) { return __cw_bits_float((unsigned int)bits << 16); }

/* double to float, rounded to odd: a second rounding, to 11 bits or fewer, then gives what one rounding would have. */
CW_HALF float __cw_double_to_float_odd(double value) {
    float near = (float)value;
    double back = (double)near;
    if (back == value || value != value) return near;
    unsigned int bits = __cw_float_bits(near);
    bool away = (back < 0.0 ? -back : back) > (value < 0.0 ? -value : value);
    return __cw_bits_float((away ? bits - 1u : bits) | 1u);
}

/* a * b + c with one rounding at the end. The product is exact in double; what the sum loses (Knuth's two-sum finds it)
 * makes its last bit odd, so that the roundings to follow see that something was there. */
CW_HALF float __cw_fma_odd(float a, float b, float c) {
#if defined(__clang__)
#pragma clang fp contract(off) reassociate(off)
#endif
    double product = (double)a * (double)b, addend = (double)c, sum = product + addend, back = sum - product;
    double lost = (product - (sum - back)) + (addend - back);
    unsigned long long bits;
    __builtin_memcpy(&bits, &sum, sizeof bits);
    if ((lost < 0.0 || lost > 0.0) && !(bits & 1u)) {
        bits = (lost > 0.0) == (sum > 0.0) ? bits + 1 : bits - 1;
        __builtin_memcpy(&sum, &bits, sizeof sum);
    }
    return __cw_double_to_float_odd(sum);
}

/* Near the bottom of float's range its subnormal numbers have too few bits for a second rounding. */
#define CW_FLOAT_SMALL 0x1p-110f
CW_HALF float __cw_product_odd(float a, float b) {
    float product = a * b;
    return __builtin_fabsf(product) < CW_FLOAT_SMALL ? __cw_double_to_float_odd((double)a * (double)b) : product;
}
CW_HALF float __cw_quotient_odd(float a, float b) {
    float quotient = a / b;
    return __builtin_fabsf(quotient) < CW_FLOAT_SMALL ? __cw_double_to_float_odd((double)a / (double)b) : quotient;
}

/* A truncated float as an integer of 8 bits, saturated; NaN becomes 0. */
CW_HALF signed char __cw_float_to_char(float value) {
    return (signed char)(value > -128.0f ? (value < 127.0f ? (int)value : 127) : value <= -128.0f ? -128 : 0);
}
CW_HALF unsigned char __cw_float_to_uchar(float value) {
    return (unsigned char)(value > 0.0f ? (value < 255.0f ? (int)value : 255) : 0);
}

#endif
