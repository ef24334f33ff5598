/* SPDX-License-Identifier: Apache-2.0 */
/*
 * narrow/convert.h: conversions to and from floating-point formats of 4, 6 and 8 bits, on host and device. Values are
 * passed as their bits: one sign bit, the exponent, the mantissa. Source: OCP 8-bit Floating Point Specification and OCP
 * Microscaling Formats Specification, which the CUDA Math API's FP8, FP6 and FP4 chapters refer to.
 *
 * A conversion rounds once, to nearest with ties to even, from a double: every other source type is exact in double.
 */
#ifndef CW_CUDA_NARROW_CONVERT_H
#define CW_CUDA_NARROW_CONVERT_H

#include "../../cuda_bf16.h"
#include "../../cuda_fp16.h"

#if defined(__cplusplus)

/* What overflow and NaN become, and which code is the largest finite number's. */
struct __cw_narrow_format {
    int width, mantissa_bits, bias;
    unsigned int largest;
    unsigned int overflow; /* without saturation */
    unsigned int nan;
};

#define CW_FORMAT_E4M3 {8, 3, 7, 0x7eu, 0x7fu, 0x7fu}
#define CW_FORMAT_E5M2 {8, 2, 15, 0x7bu, 0x7cu, 0x7fu}
#define CW_FORMAT_E2M3 {6, 3, 1, 0x1fu, 0x1fu, 0x1fu}
#define CW_FORMAT_E3M2 {6, 2, 3, 0x1fu, 0x1fu, 0x1fu}
#define CW_FORMAT_E2M1 {4, 1, 1, 0x7u, 0x7u, 0x7u}

/* Saturation turns infinity into the largest finite number too. NaN has no sign. */
CW_HALF unsigned int __cw_to_narrow(double value, struct __cw_narrow_format format, bool saturate) {
    unsigned long long bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    unsigned int sign = (unsigned int)(bits >> 63) << (format.width - 1);
    unsigned long long magnitude = bits & 0x7fffffffffffffffull;
    if (magnitude > 0x7ff0000000000000ull) return format.nan;
    int exponent = (int)(magnitude >> 52) - 1023, least = 1 - format.bias;
    int place = exponent > least ? exponent : least;
    int shift = 52 - format.mantissa_bits + (place - exponent);
    unsigned int code = 0;
    if (shift < 64) {
        unsigned long long mantissa = (magnitude & 0xfffffffffffffull) | 0x10000000000000ull;
        unsigned long long kept = mantissa >> shift, rest = mantissa & ((1ull << shift) - 1);
        unsigned long long half = 1ull << (shift - 1);
        kept += rest > half || (rest == half && (kept & 1));
        /* A carry out of the mantissa moves into the exponent by itself. */
        unsigned long long full = kept + ((unsigned long long)(place + format.bias - 1) << format.mantissa_bits);
        code = full > format.largest ? format.largest + 1 : (unsigned int)full;
    }
    if (code > format.largest) code = saturate ? format.largest : format.overflow;
    return sign | code;
}

/* The value of a code that is neither infinite nor NaN. */
CW_HALF float __cw_from_narrow(unsigned int code, struct __cw_narrow_format format) {
    unsigned int sign = code >> (format.width - 1) & 1u, magnitude = code & ((1u << (format.width - 1)) - 1u);
    unsigned int exponent = magnitude >> format.mantissa_bits,
                 mantissa = magnitude & ((1u << format.mantissa_bits) - 1u);
    float value;
    if (exponent == 0) /* a multiple of 2^(1 - bias - mantissa_bits) */
        value = (float)mantissa * __cw_bits_float((unsigned int)(128 - format.bias - format.mantissa_bits) << 23);
    else
        value = __cw_bits_float(((exponent - (unsigned int)format.bias + 127u) << 23) |
                                (mantissa << (23 - format.mantissa_bits)));
    return sign ? -value : value;
}

#if defined(__CUDA__)
#define CW_NARROW_MEMBER __attribute__((host, device, always_inline, nodebug)) inline
#else
#define CW_NARROW_MEMBER __attribute__((always_inline)) inline
#endif

/* A float to an integer type with its bounds as limits, NaN to 0: what the classes' conversions promise. */
template <class Integer> CW_HALF Integer __cw_narrow_to_integer(float value, Integer low, Integer high) {
    if (value != value) return 0;
    double wide = (double)value;
    if (wide <= (double)low) return low;
    if (wide >= (double)high) return high;
    return (Integer)value;
}

/* The members that every class of one number has. FLOAT is the number as a float, ENCODE a code from a double. */
#define CW_NARROW_FROM(name, type, value, ENCODE)                                                                      \
    CW_NARROW_MEMBER explicit name(const type v) : __x((decltype(__x))ENCODE(value)) {}
#define CW_NARROW_CONSTRUCTORS(name, ENCODE)                                                                           \
    name() = default;                                                                                                  \
    CW_NARROW_FROM(name, __half, (double)__half2float(v), ENCODE)                                                      \
    CW_NARROW_FROM(name, __nv_bfloat16, (double)__bfloat162float(v), ENCODE)                                           \
    CW_NARROW_FROM(name, float, (double)v, ENCODE)                                                                     \
    CW_NARROW_FROM(name, double, v, ENCODE)                                                                            \
    CW_NARROW_FROM(name, short, (double)v, ENCODE)                                                                     \
    CW_NARROW_FROM(name, unsigned short, (double)v, ENCODE)                                                            \
    CW_NARROW_FROM(name, int, (double)v, ENCODE)                                                                       \
    CW_NARROW_FROM(name, unsigned int, (double)v, ENCODE)                                                              \
    CW_NARROW_FROM(name, long, (double)v, ENCODE)                                                                      \
    CW_NARROW_FROM(name, unsigned long, (double)v, ENCODE)                                                             \
    CW_NARROW_FROM(name, long long, (double)v, ENCODE)                                                                 \
    CW_NARROW_FROM(name, unsigned long long, (double)v, ENCODE)

#define CW_NARROW_TO(type, low, high, FLOAT)                                                                           \
    CW_NARROW_MEMBER explicit operator type() const {                                                                  \
        return __cw_narrow_to_integer<type>(FLOAT, (type)(low), (type)(high));                                         \
    }
#define CW_NARROW_CONVERSIONS(FLOAT)                                                                                   \
    CW_NARROW_MEMBER explicit operator __half() const { return __float2half(FLOAT); }                                  \
    CW_NARROW_MEMBER explicit operator __nv_bfloat16() const { return __float2bfloat16(FLOAT); }                       \
    CW_NARROW_MEMBER explicit operator float() const { return FLOAT; }                                                 \
    CW_NARROW_MEMBER explicit operator double() const { return (double)FLOAT; }                                        \
    CW_NARROW_MEMBER explicit operator bool() const { return FLOAT != 0.0f; }                                          \
    CW_NARROW_TO(char, (char)-1 < 0 ? -128 : 0, (char)-1 < 0 ? 127 : 255, FLOAT)                                       \
    CW_NARROW_TO(signed char, -128, 127, FLOAT)                                                                        \
    CW_NARROW_TO(unsigned char, 0, 255, FLOAT)                                                                         \
    CW_NARROW_TO(short, -32768, 32767, FLOAT)                                                                          \
    CW_NARROW_TO(unsigned short, 0, 65535, FLOAT)                                                                      \
    CW_NARROW_TO(int, -2147483647 - 1, 2147483647, FLOAT)                                                              \
    CW_NARROW_TO(unsigned int, 0, 4294967295u, FLOAT)                                                                  \
    CW_NARROW_TO(long, 1ul << (8 * sizeof(long) - 1), ~0ul >> 1, FLOAT)                                                \
    CW_NARROW_TO(unsigned long, 0, ~0ul, FLOAT)                                                                        \
    CW_NARROW_TO(long long, 1ull << 63, ~0ull >> 1, FLOAT)                                                             \
    CW_NARROW_TO(unsigned long long, 0, ~0ull, FLOAT)

/* Classes of two and four numbers of `width` bits each (the distance of their codes), the first in the lowest bits. */
#define CW_NARROW_PAIR(name, storage, width, ENCODE, DECODE)                                                           \
    struct name {                                                                                                      \
        storage __x;                                                                                                   \
        name() = default;                                                                                              \
        CW_NARROW_MEMBER explicit name(const double2 v) : __x((storage)(ENCODE(v.x) | ENCODE(v.y) << (width))) {}      \
        CW_NARROW_MEMBER explicit name(const float2 v) : name(make_double2((double)v.x, (double)v.y)) {}               \
        CW_NARROW_MEMBER explicit name(const __half2 v) : name(__half22float2(v)) {}                                   \
        CW_NARROW_MEMBER explicit name(const __nv_bfloat162 v) : name(__bfloat1622float2(v)) {}                        \
        CW_NARROW_MEMBER explicit operator float2() const {                                                            \
            return make_float2(DECODE((unsigned int)__x & ((1u << (width)) - 1u)),                                     \
                               DECODE((unsigned int)__x >> (width) & ((1u << (width)) - 1u)));                         \
        }                                                                                                              \
        CW_NARROW_MEMBER explicit operator __half2() const { return __float22half2_rn((float2) * this); }              \
        CW_NARROW_MEMBER explicit operator __nv_bfloat162() const { return __float22bfloat162_rn((float2) * this); }   \
    };
#define CW_NARROW_FOUR(name, storage, width, ENCODE, DECODE)                                                           \
    struct name {                                                                                                      \
        storage __x;                                                                                                   \
        name() = default;                                                                                              \
        CW_NARROW_MEMBER explicit name(const double4 v)                                                                \
            : __x((storage)(ENCODE(v.x) | ENCODE(v.y) << (width) | ENCODE(v.z) << 2 * (width) |                        \
                            ENCODE(v.w) << 3 * (width))) {}                                                            \
        CW_NARROW_MEMBER explicit name(const float4 v)                                                                 \
            : name(make_double4((double)v.x, (double)v.y, (double)v.z, (double)v.w)) {}                                \
        CW_NARROW_MEMBER explicit name(const __half2 low, const __half2 high)                                          \
            : name(make_float4(__low2float(low), __high2float(low), __low2float(high), __high2float(high))) {}         \
        CW_NARROW_MEMBER explicit name(const __nv_bfloat162 low, const __nv_bfloat162 high)                            \
            : name(make_float4(__low2float(low), __high2float(low), __low2float(high), __high2float(high))) {}         \
        CW_NARROW_MEMBER explicit operator float4() const {                                                            \
            const unsigned int mask = (1u << (width)) - 1u;                                                            \
            return make_float4(DECODE((unsigned int)__x & mask), DECODE((unsigned int)__x >> (width) & mask),          \
                               DECODE((unsigned int)__x >> 2 * (width) & mask),                                        \
                               DECODE((unsigned int)__x >> 3 * (width) & mask));                                       \
        }                                                                                                              \
    };
#endif

#endif
