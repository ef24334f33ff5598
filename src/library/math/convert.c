/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert.c: conversions with a rounding direction, and bit casts (CUDA Math API, "Type Casting Intrinsics").
 *
 * Conversions to integers saturate. NaN becomes, as PTX's cvt says, 0 when the source is not double and the result has
 * no 64 bits, otherwise the result's highest bit alone.
 */
#include "library/math/directed.h"

INLINE double toward(double x, enum direction direction) {
    return direction == DOWN      ? __builtin_floor(x)
           : direction == UP      ? __builtin_ceil(x)
           : direction == TO_ZERO ? __builtin_trunc(x)
                                  : __builtin_rint(x);
}

INLINE float toward_f(float x, enum direction direction) {
    return direction == DOWN      ? __builtin_floorf(x)
           : direction == UP      ? __builtin_ceilf(x)
           : direction == TO_ZERO ? __builtin_truncf(x)
                                  : __builtin_rintf(x);
}

/* The operand of each conversion is clamped before it: a select cannot undo the poison of an out-of-range fptosi once
 * it is widened. The clamps are ordered so that NaN passes to the last select. */
INLINE int to_int(double x, int not_a_number) {
    double low = x > -0x1p31 ? x : -0x1p31, both = low < 0x1.fffffffcp30 ? low : 0x1.fffffffcp30;
    return is_nan(x) ? not_a_number : (int)both;
}

INLINE unsigned to_uint(double x, unsigned not_a_number) {
    double low = x > 0 ? x : 0, both = low < 0x1.fffffffep31 ? low : 0x1.fffffffep31;
    return is_nan(x) ? not_a_number : (unsigned)both;
}

INLINE int float_to_int(float x) {
    float low = x > -0x1p31f ? x : -0x1p31f, both = low < 0x1.fffffep30f ? low : 0x1.fffffep30f;
    int r = low >= 0x1p31f ? INT32_MAX : (int)both;
    return is_nan_f(x) ? 0 : r;
}

INLINE unsigned float_to_uint(float x) {
    float low = x > 0 ? x : 0, both = low < 0x1.fffffep31f ? low : 0x1.fffffep31f;
    unsigned r = low >= 0x1p32f ? UINT32_MAX : (unsigned)both;
    return is_nan_f(x) ? 0 : r;
}

INLINE long long to_ll(double x) {
    double low = x > -0x1p63 ? x : -0x1p63, both = low < 0x1.fffffffffffffp62 ? low : 0x1.fffffffffffffp62;
    long long r = low >= 0x1p63 ? INT64_MAX : (long long)both;
    return is_nan(x) ? INT64_MIN : r;
}

INLINE unsigned long long to_ull(double x) {
    double low = x > 0 ? x : 0, both = low < 0x1.fffffffffffffp63 ? low : 0x1.fffffffffffffp63;
    unsigned long long r = low >= 0x1p64 ? UINT64_MAX : (unsigned long long)both;
    return is_nan(x) ? UINT64_C(1) << 63 : r;
}

/* A 64-bit integer is the exact sum of its halves; `sum_ordered` keeps what rounding to double loses. */
INLINE struct pair ull_pair(unsigned long long a) {
    return sum_ordered((double)(uint32_t)(a >> 32) * 0x1p32, (double)(uint32_t)a);
}

INLINE struct pair ll_pair(long long a) {
    return sum_ordered((double)(int32_t)(a >> 32) * 0x1p32, (double)(uint32_t)a);
}

#define CONVERSIONS(suffix, direction)                                                                                 \
    int __nv_float2int_##suffix(float a) {                                                                             \
        return float_to_int(toward_f(a, direction));                                                                   \
    }                                                                                                                  \
    unsigned __nv_float2uint_##suffix(float a) {                                                                       \
        return float_to_uint(toward_f(a, direction));                                                                  \
    }                                                                                                                  \
    long long __nv_float2ll_##suffix(float a) {                                                                        \
        return to_ll((double)toward_f(a, direction));                                                                  \
    }                                                                                                                  \
    unsigned long long __nv_float2ull_##suffix(float a) {                                                              \
        return to_ull((double)toward_f(a, direction));                                                                 \
    }                                                                                                                  \
    int __nv_double2int_##suffix(double a) {                                                                           \
        return to_int(toward(a, direction), INT32_MIN);                                                                \
    }                                                                                                                  \
    unsigned __nv_double2uint_##suffix(double a) {                                                                     \
        return to_uint(toward(a, direction), UINT32_C(1) << 31);                                                       \
    }                                                                                                                  \
    long long __nv_double2ll_##suffix(double a) {                                                                      \
        return to_ll(toward(a, direction));                                                                            \
    }                                                                                                                  \
    unsigned long long __nv_double2ull_##suffix(double a) {                                                            \
        return to_ull(toward(a, direction));                                                                           \
    }

CONVERSIONS(rn, NEAREST)
CONVERSIONS(rz, TO_ZERO)
CONVERSIONS(ru, UP)
CONVERSIONS(rd, DOWN)

#define NARROWINGS(suffix, direction)                                                                                  \
    float __nv_double2float_##suffix(double a) {                                                                       \
        return narrow(a, 0, direction);                                                                                \
    }                                                                                                                  \
    float __nv_int2float_##suffix(int a) {                                                                             \
        return narrow((double)a, 0, direction);                                                                        \
    }                                                                                                                  \
    float __nv_uint2float_##suffix(unsigned a) {                                                                       \
        return narrow((double)a, 0, direction);                                                                        \
    }                                                                                                                  \
    float __nv_ll2float_##suffix(long long a) {                                                                        \
        struct pair p = ll_pair(a);                                                                                    \
        return narrow(p.hi, p.lo, direction);                                                                          \
    }                                                                                                                  \
    float __nv_ull2float_##suffix(unsigned long long a) {                                                              \
        struct pair p = ull_pair(a);                                                                                   \
        return narrow(p.hi, p.lo, direction);                                                                          \
    }                                                                                                                  \
    double __nv_ll2double_##suffix(long long a) {                                                                      \
        struct pair p = ll_pair(a);                                                                                    \
        return direct(p.hi, p.lo < 0, p.lo > 0, direction);                                                            \
    }                                                                                                                  \
    double __nv_ull2double_##suffix(unsigned long long a) {                                                            \
        struct pair p = ull_pair(a);                                                                                   \
        return direct(p.hi, p.lo < 0, p.lo > 0, direction);                                                            \
    }

NARROWINGS(rz, TO_ZERO)
NARROWINGS(ru, UP)
NARROWINGS(rd, DOWN)

float __nv_double2float_rn(double a) {
    return (float)a;
}

float __nv_int2float_rn(int a) {
    return (float)a;
}

float __nv_uint2float_rn(unsigned a) {
    return (float)a;
}

float __nv_ll2float_rn(long long a) {
    return (float)a;
}

float __nv_ull2float_rn(unsigned long long a) {
    return (float)a;
}

double __nv_ll2double_rn(long long a) {
    return (double)a;
}

double __nv_ull2double_rn(unsigned long long a) {
    return (double)a;
}

double __nv_int2double_rn(int a) {
    return a;
}

double __nv_uint2double_rn(unsigned a) {
    return a;
}

/* ---- Half precision, in integer arithmetic: a fptrunc to half would become a library call on many targets. ---- */

unsigned short __nv_float2half_rn(float a) {
    uint32_t b = float_bits(a), sign = b >> 16 & 0x8000, magnitude = b & 0x7fffffff;
    /* Normal results: rebias by 112 exponents and round to nearest even in the 13 bits that go. */
    uint32_t normal = magnitude - (112u << 23);
    normal = (normal + 0xfff + (normal >> 13 & 1)) >> 13;
    /* Subnormal results: adding 2^-1 puts the last bit of the half at the last bit of the float, which rounds. */
    uint32_t small = float_bits(bits_float(magnitude) + 0.5f) - float_bits(0.5f);
    uint32_t r = magnitude < (113u << 23) ? small : normal;
    r = magnitude >= (143u << 23) ? 0x7c00 : r;
    r = magnitude > 0x7f800000 ? 0x7fff : sign | r;
    return (unsigned short)r;
}

float __nv_half2float(unsigned short h) {
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, magnitude = h & 0x7fff;
    /* A half's bits as a float's are the value scaled by 2^-112: exact for subnormals too. */
    float r = bits_float(magnitude << 13) * 0x1p112f;
    uint32_t b = magnitude >= 0x7c00 ? 0x7f800000 | magnitude << 13 : float_bits(r);
    return bits_float(sign | b);
}

/* ---- Bit casts ----------------------------------------------------------------------------------------------- */

int __nv_float_as_int(float a) {
    return (int)float_bits(a);
}

unsigned __nv_float_as_uint(float a) {
    return float_bits(a);
}

float __nv_int_as_float(int a) {
    return bits_float((uint32_t)a);
}

float __nv_uint_as_float(unsigned a) {
    return bits_float(a);
}

unsigned long long __nv_double_as_longlong(double a) {
    return double_bits(a);
}

double __nv_longlong_as_double(long long a) {
    return bits_double((uint64_t)a);
}

int __nv_double2hiint(double a) {
    return (int)(double_bits(a) >> 32);
}

int __nv_double2loint(double a) {
    return (int)double_bits(a);
}

double __nv_hiloint2double(int high, int low) {
    return bits_double((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
}
