/* SPDX-License-Identifier: Apache-2.0 */
/* cuda_fp16.h: half precision numbers: CUDA Math API, "Half Precision Intrinsics". */
#ifndef __CUDA_FP16_H__
#define __CUDA_FP16_H__

#include "host_defines.h"

typedef struct __align__(2) {
    unsigned short x;
} __half_raw;
typedef struct __align__(4) {
    unsigned short x;
    unsigned short y;
} __half2_raw;

#if !defined(__cplusplus)

/* C may hold and pass the numbers. */
typedef struct __align__(2) __half {
    unsigned short __x;
} __half;
typedef struct __align__(4) __half2 {
    __half x;
    __half y;
} __half2;
typedef __half half;
typedef __half2 half2;

#else

#include "cuda_runtime.h"
#include "cw/half/convert.h"

#if defined(__CUDA__)
#define CW_HALF_MEMBER __attribute__((host, device, always_inline, nodebug)) inline
#else
#define CW_HALF_MEMBER __attribute__((always_inline)) inline
#endif

/* ---- The types ---- */

struct __nv_bfloat16;

struct __align__(2) __half {
    unsigned short __x;

    __half() = default;
    CW_HALF_MEMBER constexpr __half(const __half_raw &raw) : __x(raw.x) {}
    /* Defined by cuda_bf16.h. */
    CW_HALF_MEMBER explicit __half(const __nv_bfloat16 &b);
    CW_HALF_MEMBER __half &operator=(const __half_raw &raw) {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER operator __half_raw() const {
        __half_raw raw;
        raw.x = __x;
        return raw;
    }
    CW_HALF_MEMBER operator __half_raw() const volatile {
        __half_raw raw;
        raw.x = __x;
        return raw;
    }
    CW_HALF_MEMBER volatile __half &operator=(const __half_raw &raw) volatile {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER volatile __half &operator=(const volatile __half_raw &raw) volatile {
        __x = raw.x;
        return *this;
    }
    CW_HALF_MEMBER operator float() const { return __cw_half_to_float(__x); }

#define CW_FROM(type, value)                                                                                           \
    CW_HALF_MEMBER __half(type v) : __x(__cw_float_to_half(value)) {}                                                  \
    CW_HALF_MEMBER __half &operator=(type v) {                                                                         \
        __x = __cw_float_to_half(value);                                                                               \
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
    CW_HALF_MEMBER operator type() const { return (type)__cw_half_to_float(__x); }
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

struct __align__(4) __half2 {
    __half x;
    __half y;

    __half2() = default;
    CW_HALF_MEMBER __half2(const __half &a, const __half &b) : x(a), y(b) {}
    CW_HALF_MEMBER __half2(const __half2_raw &raw) {
        x.__x = raw.x;
        y.__x = raw.y;
    }
    /* No assignment from __half2_raw: the constructor does it, and `pair = {}` stays unambiguous. */
    CW_HALF_MEMBER operator __half2_raw() const {
        __half2_raw raw;
        raw.x = x.__x;
        raw.y = y.__x;
        return raw;
    }
};

#if !defined(CUDA_NO_HALF)
typedef __half half;
typedef __half2 half2;
typedef __half __nv_half;
typedef __half2 __nv_half2;
#endif

#undef CW_HALF_MEMBER

/* ---- Bits ---- */

CW_HALF __half __half_from_bits(unsigned short bits) {
    __half h;
    h.__x = bits;
    return h;
}
CW_HALF __half __ushort_as_half(unsigned short bits) { return __half_from_bits(bits); }
CW_HALF __half __short_as_half(short bits) { return __half_from_bits((unsigned short)bits); }
CW_HALF unsigned short __half_as_ushort(__half h) { return h.__x; }
CW_HALF short __half_as_short(__half h) { return (short)h.__x; }

#define CUDART_INF_FP16 __ushort_as_half((unsigned short)0x7c00u)
#define CUDART_NAN_FP16 __ushort_as_half((unsigned short)0x7fffu)
#define CUDART_MIN_DENORM_FP16 __ushort_as_half((unsigned short)0x0001u)
#define CUDART_MAX_NORMAL_FP16 __ushort_as_half((unsigned short)0x7bffu)
#define CUDART_NEG_ZERO_FP16 __ushort_as_half((unsigned short)0x8000u)
#define CUDART_ZERO_FP16 __ushort_as_half((unsigned short)0x0000u)
#define CUDART_ONE_FP16 __ushort_as_half((unsigned short)0x3c00u)

/* ---- To and from float and double ---- */

CW_HALF __half __float2half(float f) { return __half_from_bits(__cw_float_to_half(f)); }
CW_HALF __half __float2half_rn(float f) { return __half_from_bits(__cw_float_to_half(f)); }
CW_HALF __half __float2half_rz(float f) { return __half_from_bits(__cw_float_to_half_mode(f, __cw_toward_zero)); }
CW_HALF __half __float2half_ru(float f) { return __half_from_bits(__cw_float_to_half_mode(f, __cw_upward)); }
CW_HALF __half __float2half_rd(float f) { return __half_from_bits(__cw_float_to_half_mode(f, __cw_downward)); }
CW_HALF __half __double2half(double d) { return __float2half(__cw_double_to_float_odd(d)); }
CW_HALF float __half2float(__half h) { return __cw_half_to_float(h.__x); }
CW_HALF signed char __half2char_rz(__half h) { return __cw_float_to_char(__cw_half_to_float(h.__x)); }
CW_HALF unsigned char __half2uchar_rz(__half h) { return __cw_float_to_uchar(__cw_half_to_float(h.__x)); }

/* ---- To and from integers ---- */

/* Conversions saturate, and NaN becomes 0; the host's do what its C does beyond the range. */
#define CW_INTEGER(name, type)                                                                                         \
    CW_HALF type __half2##name##_rz(__half h) { return (type)__cw_half_to_float(h.__x); }                              \
    CW_HALF type __half2##name##_rn(__half h) { return (type)__builtin_rintf(__cw_half_to_float(h.__x)); }             \
    CW_HALF type __half2##name##_ru(__half h) { return (type)__builtin_ceilf(__cw_half_to_float(h.__x)); }             \
    CW_HALF type __half2##name##_rd(__half h) { return (type)__builtin_floorf(__cw_half_to_float(h.__x)); }            \
    CW_HALF __half __##name##2half_rn(type v) { return __double2half((double)v); }                                     \
    CW_HALF __half __##name##2half_rz(type v) { return __float2half_rz(__cw_double_to_float_odd((double)v)); }         \
    CW_HALF __half __##name##2half_ru(type v) { return __float2half_ru(__cw_double_to_float_odd((double)v)); }         \
    CW_HALF __half __##name##2half_rd(type v) { return __float2half_rd(__cw_double_to_float_odd((double)v)); }
CW_INTEGER(short, short)
CW_INTEGER(ushort, unsigned short)
CW_INTEGER(int, int)
CW_INTEGER(uint, unsigned int)
CW_INTEGER(ll, long long)
CW_INTEGER(ull, unsigned long long)
#undef CW_INTEGER

/* ---- Pairs ---- */

CW_HALF __half2 __halves2half2(__half a, __half b) { return __half2(a, b); }
CW_HALF __half2 __half2half2(__half a) { return __half2(a, a); }
CW_HALF __half2 make_half2(__half a, __half b) { return __half2(a, b); }
CW_HALF __half2 __float2half2_rn(float f) { return __half2(__float2half(f), __float2half(f)); }
CW_HALF __half2 __floats2half2_rn(float a, float b) { return __half2(__float2half(a), __float2half(b)); }
CW_HALF __half2 __float22half2_rn(float2 f) { return __half2(__float2half(f.x), __float2half(f.y)); }
CW_HALF float2 __half22float2(__half2 h) { return make_float2(__half2float(h.x), __half2float(h.y)); }
CW_HALF __half __low2half(__half2 h) { return h.x; }
CW_HALF __half __high2half(__half2 h) { return h.y; }
CW_HALF __half2 __low2half2(__half2 h) { return __half2(h.x, h.x); }
CW_HALF __half2 __high2half2(__half2 h) { return __half2(h.y, h.y); }
CW_HALF __half2 __lows2half2(__half2 a, __half2 b) { return __half2(a.x, b.x); }
CW_HALF __half2 __highs2half2(__half2 a, __half2 b) { return __half2(a.y, b.y); }
CW_HALF __half2 __lowhigh2highlow(__half2 h) { return __half2(h.y, h.x); }

/* ---- Arithmetic, comparison, math ---- */

#define CW_H __half
#define CW_H2 __half2
#define CW_TO_FLOAT(h) __cw_half_to_float((h).__x)
#define CW_FROM_FLOAT(f) __half_from_bits(__cw_float_to_half(f))
#define CW_FROM_BITS(u) __half_from_bits(u)
#define CW_BITS(h) ((h).__x)
#define CW_PRODUCT(x, y) ((x) * (y))
#define CW_QUOTIENT(x, y) ((x) / (y))
#define CW_H_NAN ((unsigned short)0x7fff)
#if defined(__CUDA_NO_HALF_OPERATORS__)
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
