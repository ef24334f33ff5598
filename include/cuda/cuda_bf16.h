/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_bf16.h: bfloat16 numbers: CUDA Math API, "Bfloat16 Precision Intrinsics". */
#ifndef __CUDA_BF16_H__
#define __CUDA_BF16_H__

#include "host_defines.h"

typedef struct __align__(2) {
    unsigned short x;
} __nv_bfloat16_raw;
typedef struct __align__(4) {
    unsigned short x;
    unsigned short y;
} __nv_bfloat162_raw;

#if !defined(__cplusplus)

/* C may hold and pass the numbers. */
typedef struct __align__(2) __nv_bfloat16 {
    unsigned short __x;
} __nv_bfloat16;
typedef struct __align__(4) __nv_bfloat162 {
    __nv_bfloat16 x;
    __nv_bfloat16 y;
} __nv_bfloat162;
typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

#else

#include "cuda_runtime.h"
#include "cuda_fp16.h"
#include "cw/half/convert.h"

#if defined(__CUDA__)
#define CW_HALF_MEMBER __attribute__((host, device, always_inline, nodebug)) inline
#else
#define CW_HALF_MEMBER __attribute__((always_inline)) inline
#endif

/* ---- The types ---- */

struct __align__(2) __nv_bfloat16 {
    unsigned short __x;

    __nv_bfloat16() = default;
    CW_HALF_MEMBER constexpr __nv_bfloat16(const __nv_bfloat16_raw &raw) : __x(raw.x) {}
    CW_HALF_MEMBER explicit __nv_bfloat16(const __half &h) : __x(__cw_float_to_bfloat16(__cw_half_to_float(h.__x))) {}
    CW_HALF_MEMBER __nv_bfloat16 &operator=(const __nv_bfloat16_raw &raw) {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER operator __nv_bfloat16_raw() const {
        __nv_bfloat16_raw raw;
        raw.x = __x;
        return raw;
    }
    CW_HALF_MEMBER operator __nv_bfloat16_raw() const volatile {
        __nv_bfloat16_raw raw;
        raw.x = __x;
        return raw;
    }
    CW_HALF_MEMBER volatile __nv_bfloat16 &operator=(const __nv_bfloat16_raw &raw) volatile {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER volatile __nv_bfloat16 &operator=(const volatile __nv_bfloat16_raw &raw) volatile {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER operator float() const { return __cw_bfloat16_to_float(__x); }

#define CW_FROM(type, value)                                                                                           \
    CW_HALF_MEMBER __nv_bfloat16(type v) : __x(__cw_float_to_bfloat16(value)) {}                                       \
    CW_HALF_MEMBER __nv_bfloat16 &operator=(type v) {                                                                  \
        __x = __cw_float_to_bfloat16(value);                                                                           \
        return *this;                                                                                                  \
    }
    CW_FROM(float, v)
    CW_FROM(double, __cw_double_to_float_odd(v))
    CW_FROM(short, (float)v)
    CW_FROM(unsigned short, (float)v)
    CW_FROM(int, __cw_double_to_float_odd((double)v))
    CW_FROM(unsigned int, __cw_double_to_float_odd((double)v))
    CW_FROM(long, __cw_double_to_float_odd((double)v))
    CW_FROM(unsigned long, __cw_double_to_float_odd((double)v))
    CW_FROM(long long, __cw_double_to_float_odd((double)v))
    CW_FROM(unsigned long long, __cw_double_to_float_odd((double)v))
#undef CW_FROM

#define CW_TO(type)                                                                                                    \
    CW_HALF_MEMBER operator type() const { return (type)__cw_bfloat16_to_float(__x); }
    CW_TO(char)
    CW_TO(signed char)
    CW_TO(unsigned char)
    CW_TO(short)
    CW_TO(unsigned short)
    CW_TO(int)
    CW_TO(unsigned int)
    CW_TO(long)
    CW_TO(unsigned long)
    CW_TO(long long)
    CW_TO(unsigned long long)
#undef CW_TO
    CW_HALF_MEMBER operator bool() const { return (__x & 0x7fffu) != 0; }
};

struct __align__(4) __nv_bfloat162 {
    __nv_bfloat16 x;
    __nv_bfloat16 y;

    __nv_bfloat162() = default;
    CW_HALF_MEMBER __nv_bfloat162(const __nv_bfloat16 &a, const __nv_bfloat16 &b) : x(a), y(b) {}
    CW_HALF_MEMBER __nv_bfloat162(const __nv_bfloat162_raw &raw) {
        x.__x = raw.x;
        y.__x = raw.y;
    }
    /* No assignment from __nv_bfloat162_raw: the constructor does it, and `pair = {}` stays unambiguous. */
    CW_HALF_MEMBER operator __nv_bfloat162_raw() const {
        __nv_bfloat162_raw raw;
        raw.x = x.__x;
        raw.y = y.__x;
        return raw;
    }
};

typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

CW_HALF_MEMBER __half::__half(const __nv_bfloat16 &b) : __x(__cw_float_to_half(__cw_bfloat16_to_float(b.__x))) {}

#undef CW_HALF_MEMBER

/* ---- Bits ---- */

CW_HALF __nv_bfloat16 __bfloat16_from_bits(unsigned short bits) {
    __nv_bfloat16 h;
    h.__x = bits;
    return h;
}
CW_HALF __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) { return __bfloat16_from_bits(bits); }
CW_HALF __nv_bfloat16 __short_as_bfloat16(short bits) { return __bfloat16_from_bits((unsigned short)bits); }
CW_HALF unsigned short __bfloat16_as_ushort(__nv_bfloat16 h) { return h.__x; }
CW_HALF short __bfloat16_as_short(__nv_bfloat16 h) { return (short)h.__x; }

#define CUDART_INF_BF16 __ushort_as_bfloat16((unsigned short)0x7f80u)
#define CUDART_NAN_BF16 __ushort_as_bfloat16((unsigned short)0x7fffu)
#define CUDART_MIN_DENORM_BF16 __ushort_as_bfloat16((unsigned short)0x0001u)
#define CUDART_MAX_NORMAL_BF16 __ushort_as_bfloat16((unsigned short)0x7f7fu)
#define CUDART_NEG_ZERO_BF16 __ushort_as_bfloat16((unsigned short)0x8000u)
#define CUDART_ZERO_BF16 __ushort_as_bfloat16((unsigned short)0x0000u)
#define CUDART_ONE_BF16 __ushort_as_bfloat16((unsigned short)0x3f80u)

/* ---- To and from float and double ---- */

CW_HALF __nv_bfloat16 __float2bfloat16(float f) { return __bfloat16_from_bits(__cw_float_to_bfloat16(f)); }
CW_HALF __nv_bfloat16 __float2bfloat16_rn(float f) { return __bfloat16_from_bits(__cw_float_to_bfloat16(f)); }
CW_HALF __nv_bfloat16 __float2bfloat16_rz(float f) {
    return __bfloat16_from_bits(__cw_float_to_bfloat16_mode(f, __cw_toward_zero));
}
CW_HALF __nv_bfloat16 __float2bfloat16_ru(float f) {
    return __bfloat16_from_bits(__cw_float_to_bfloat16_mode(f, __cw_upward));
}
CW_HALF __nv_bfloat16 __float2bfloat16_rd(float f) {
    return __bfloat16_from_bits(__cw_float_to_bfloat16_mode(f, __cw_downward));
}
CW_HALF __nv_bfloat16 __double2bfloat16(double d) { return __float2bfloat16(__cw_double_to_float_odd(d)); }
CW_HALF float __bfloat162float(__nv_bfloat16 h) { return __cw_bfloat16_to_float(h.__x); }
CW_HALF signed char __bfloat162char_rz(__nv_bfloat16 h) { return __cw_float_to_char(__cw_bfloat16_to_float(h.__x)); }
CW_HALF unsigned char __bfloat162uchar_rz(__nv_bfloat16 h) {
    return __cw_float_to_uchar(__cw_bfloat16_to_float(h.__x));
}

/* ---- To and from integers ---- */

/* Conversions saturate, and NaN becomes 0; the host's do what its C does beyond the range. */
#define CW_INTEGER(name, type)                                                                                         \
    CW_HALF type __bfloat162##name##_rz(__nv_bfloat16 h) { return (type)__cw_bfloat16_to_float(h.__x); }               \
    CW_HALF type __bfloat162##name##_rn(__nv_bfloat16 h) {                                                             \
        return (type)__builtin_rintf(__cw_bfloat16_to_float(h.__x));                                                   \
    }                                                                                                                  \
    CW_HALF type __bfloat162##name##_ru(__nv_bfloat16 h) {                                                             \
        return (type)__builtin_ceilf(__cw_bfloat16_to_float(h.__x));                                                   \
    }                                                                                                                  \
    CW_HALF type __bfloat162##name##_rd(__nv_bfloat16 h) {                                                             \
        return (type)__builtin_floorf(__cw_bfloat16_to_float(h.__x));                                                  \
    }                                                                                                                  \
    CW_HALF __nv_bfloat16 __##name##2bfloat16_rn(type v) { return __double2bfloat16((double)v); }                      \
    CW_HALF __nv_bfloat16 __##name##2bfloat16_rz(type v) {                                                             \
        return __float2bfloat16_rz(__cw_double_to_float_odd((double)v));                                               \
    }                                                                                                                  \
    CW_HALF __nv_bfloat16 __##name##2bfloat16_ru(type v) {                                                             \
        return __float2bfloat16_ru(__cw_double_to_float_odd((double)v));                                               \
    }                                                                                                                  \
    CW_HALF __nv_bfloat16 __##name##2bfloat16_rd(type v) {                                                             \
        return __float2bfloat16_rd(__cw_double_to_float_odd((double)v));                                               \
    }
CW_INTEGER(short, short)
CW_INTEGER(ushort, unsigned short)
CW_INTEGER(int, int)
CW_INTEGER(uint, unsigned int)
CW_INTEGER(ll, long long)
CW_INTEGER(ull, unsigned long long)
#undef CW_INTEGER

/* ---- Pairs ---- */

CW_HALF __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
CW_HALF __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 a) { return __nv_bfloat162(a, a); }
CW_HALF __nv_bfloat162 make_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
CW_HALF __nv_bfloat162 __float2bfloat162_rn(float f) {
    return __nv_bfloat162(__float2bfloat16(f), __float2bfloat16(f));
}
CW_HALF __nv_bfloat162 __floats2bfloat162_rn(float a, float b) {
    return __nv_bfloat162(__float2bfloat16(a), __float2bfloat16(b));
}
CW_HALF __nv_bfloat162 __float22bfloat162_rn(float2 f) {
    return __nv_bfloat162(__float2bfloat16(f.x), __float2bfloat16(f.y));
}
CW_HALF float2 __bfloat1622float2(__nv_bfloat162 h) {
    return make_float2(__bfloat162float(h.x), __bfloat162float(h.y));
}
CW_HALF __nv_bfloat16 __low2bfloat16(__nv_bfloat162 h) { return h.x; }
CW_HALF __nv_bfloat16 __high2bfloat16(__nv_bfloat162 h) { return h.y; }
CW_HALF __nv_bfloat162 __low2bfloat162(__nv_bfloat162 h) { return __nv_bfloat162(h.x, h.x); }
CW_HALF __nv_bfloat162 __high2bfloat162(__nv_bfloat162 h) { return __nv_bfloat162(h.y, h.y); }
CW_HALF __nv_bfloat162 __lows2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.x, b.x); }
CW_HALF __nv_bfloat162 __highs2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(a.y, b.y); }
CW_HALF __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 h) { return __nv_bfloat162(h.y, h.x); }

/* ---- Arithmetic, comparison, math ---- */

#define CW_H __nv_bfloat16
#define CW_H2 __nv_bfloat162
#define CW_TO_FLOAT(h) __cw_bfloat16_to_float((h).__x)
#define CW_FROM_FLOAT(f) __bfloat16_from_bits(__cw_float_to_bfloat16(f))
#define CW_FROM_BITS(u) __bfloat16_from_bits(u)
#define CW_BITS(h) ((h).__x)
#define CW_PRODUCT(x, y) __cw_product_odd(x, y)
#define CW_QUOTIENT(x, y) __cw_quotient_odd(x, y)
#define CW_H_NAN ((unsigned short)0x7fff)
#if defined(__CUDA_NO_BFLOAT16_OPERATORS__)
#define CW_NO_OPERATORS
#endif
#include "cw/half/functions.h"
#ifdef CW_NO_OPERATORS
#undef CW_NO_OPERATORS
#endif
#undef CW_H
#undef CW_H2
#undef CW_TO_FLOAT
#undef CW_FROM_FLOAT
#undef CW_FROM_BITS
#undef CW_BITS
#undef CW_H_NAN
#undef CW_PRODUCT
#undef CW_QUOTIENT

#endif

#endif
