/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_fp8.h: 8-bit floating-point numbers e4m3 and e5m2, and scale factors e8m0: CUDA Math API, "FP8 Intrinsics".
 * They are formats to store and convert; arithmetic is done in wider types.
 */
#ifndef __CUDA_FP8_H__
#define __CUDA_FP8_H__

#include "cw/narrow/convert.h"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;

typedef enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE } __nv_saturation_t;
typedef enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 } __nv_fp8_interpretation_t;

#if defined(__cplusplus)

/* ---- Conversions of e4m3 and e5m2 ---- */

CW_HALF __nv_fp8_storage_t __nv_cvt_double_to_fp8(const double x, const __nv_saturation_t saturate,
                                                  const __nv_fp8_interpretation_t fp8_interpretation) {
    const struct __cw_narrow_format e4m3 = CW_FORMAT_E4M3, e5m2 = CW_FORMAT_E5M2;
    return (__nv_fp8_storage_t)__cw_to_narrow(x, fp8_interpretation == __NV_E5M2 ? e5m2 : e4m3,
                                              saturate == __NV_SATFINITE);
}
CW_HALF __nv_fp8x2_storage_t __nv_cvt_double2_to_fp8x2(const double2 x, const __nv_saturation_t saturate,
                                                       const __nv_fp8_interpretation_t fp8_interpretation) {
    return (__nv_fp8x2_storage_t)(__nv_cvt_double_to_fp8(x.x, saturate, fp8_interpretation) |
                                  __nv_cvt_double_to_fp8(x.y, saturate, fp8_interpretation) << 8);
}

CW_HALF __half_raw __nv_cvt_fp8_to_halfraw(const __nv_fp8_storage_t x,
                                           const __nv_fp8_interpretation_t fp8_interpretation) {
    const struct __cw_narrow_format e4m3 = CW_FORMAT_E4M3;
    unsigned int magnitude = x & 0x7fu;
    __half_raw half;
    if (fp8_interpretation == __NV_E5M2) /* the upper byte of a half */
        half.x = (unsigned short)(magnitude > 0x7cu ? 0x7fffu : (unsigned int)x << 8);
    else
        half.x = (unsigned short)(magnitude == 0x7fu ? 0x7fffu : __cw_float_to_half(__cw_from_narrow(x, e4m3)));
    return half;
}
CW_HALF __half2_raw __nv_cvt_fp8x2_to_halfraw2(const __nv_fp8x2_storage_t x,
                                               const __nv_fp8_interpretation_t fp8_interpretation) {
    __half2_raw pair;
    pair.x = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)(x & 0xffu), fp8_interpretation).x;
    pair.y = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)(x >> 8), fp8_interpretation).x;
    return pair;
}

/* One and two of every other source type, each by way of double. */
#define CW_FP8_FROM(from, type, value, from2, type2, first, second)                                                    \
    CW_HALF __nv_fp8_storage_t __nv_cvt_##from##_to_fp8(const type x, const __nv_saturation_t saturate,                \
                                                        const __nv_fp8_interpretation_t fp8_interpretation) {          \
        return __nv_cvt_double_to_fp8(value, saturate, fp8_interpretation);                                            \
    }                                                                                                                  \
    CW_HALF __nv_fp8x2_storage_t __nv_cvt_##from2##_to_fp8x2(const type2 x, const __nv_saturation_t saturate,          \
                                                             const __nv_fp8_interpretation_t fp8_interpretation) {     \
        return __nv_cvt_double2_to_fp8x2(make_double2(first, second), saturate, fp8_interpretation);                   \
    }
CW_FP8_FROM(float, float, (double)x, float2, float2, (double)x.x, (double)x.y)
CW_FP8_FROM(halfraw, __half_raw, (double)__cw_half_to_float(x.x), halfraw2, __half2_raw,
            (double)__cw_half_to_float(x.x), (double)__cw_half_to_float(x.y))
CW_FP8_FROM(bfloat16raw, __nv_bfloat16_raw, (double)__cw_bfloat16_to_float(x.x), bfloat16raw2, __nv_bfloat162_raw,
            (double)__cw_bfloat16_to_float(x.x), (double)__cw_bfloat16_to_float(x.y))
#undef CW_FP8_FROM

/* ---- Scale factors: code c is 2^(c - 127), 255 is NaN, and there is no sign ---- */

/* `rounding` is cudaRoundZero or cudaRoundPosInf, of the magnitude. */
CW_HALF __nv_fp8_storage_t __nv_cvt_double_to_e8m0(const double x, const __nv_saturation_t saturate,
                                                   const enum cudaRoundMode rounding) {
    unsigned long long bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    bits &= 0x7fffffffffffffffull;
    if (bits > 0x7ff0000000000000ull) return 0xff;
    int exponent = (int)(bits >> 52) - 1023 + 127;
    if (rounding == cudaRoundPosInf && (bits & 0xfffffffffffffull) != 0) exponent++;
    if (exponent < 0) return 0;
    if (exponent > 254) return saturate == __NV_SATFINITE ? 254 : 255;
    return (__nv_fp8_storage_t)exponent;
}
CW_HALF __nv_bfloat16_raw __nv_cvt_e8m0_to_bf16raw(const __nv_fp8_storage_t x) {
    __nv_bfloat16_raw value;
    value.x = (unsigned short)(x == 0xff ? 0x7fffu : x == 0 ? 0x0040u : (unsigned int)x << 7);
    return value;
}
CW_HALF __nv_bfloat162_raw __nv_cvt_e8m0x2_to_bf162raw(const __nv_fp8x2_storage_t x) {
    __nv_bfloat162_raw pair;
    pair.x = __nv_cvt_e8m0_to_bf16raw((__nv_fp8_storage_t)(x & 0xffu)).x;
    pair.y = __nv_cvt_e8m0_to_bf16raw((__nv_fp8_storage_t)(x >> 8)).x;
    return pair;
}
#define CW_E8M0_FROM(from, type, value, from2, type2, first, second)                                                   \
    CW_HALF __nv_fp8_storage_t __nv_cvt_##from##_to_e8m0(const type x, const __nv_saturation_t saturate,               \
                                                         const enum cudaRoundMode rounding) {                          \
        return __nv_cvt_double_to_e8m0(value, saturate, rounding);                                                     \
    }                                                                                                                  \
    CW_E8M0_PAIR(from2, type2, first, second)
#define CW_E8M0_PAIR(from2, type2, first, second)                                                                      \
    CW_HALF __nv_fp8x2_storage_t __nv_cvt_##from2##_to_e8m0x2(const type2 x, const __nv_saturation_t saturate,         \
                                                              const enum cudaRoundMode rounding) {                     \
        return (__nv_fp8x2_storage_t)(__nv_cvt_double_to_e8m0(first, saturate, rounding) |                             \
                                      __nv_cvt_double_to_e8m0(second, saturate, rounding) << 8);                       \
    }
CW_E8M0_PAIR(double2, double2, x.x, x.y)
CW_E8M0_FROM(float, float, (double)x, float2, float2, (double)x.x, (double)x.y)
CW_E8M0_FROM(bfloat16raw, __nv_bfloat16_raw, (double)__cw_bfloat16_to_float(x.x), bfloat162raw, __nv_bfloat162_raw,
             (double)__cw_bfloat16_to_float(x.x), (double)__cw_bfloat16_to_float(x.y))
#undef CW_E8M0_FROM
#undef CW_E8M0_PAIR

/* ---- The classes: constructors saturate; conversions to integers saturate and turn NaN into 0 ---- */

#define CW_FP8_CLASS(kind, KIND)                                                                                       \
    struct __nv_fp8_##kind {                                                                                           \
        __nv_fp8_storage_t __x;                                                                                        \
        CW_NARROW_CONSTRUCTORS(__nv_fp8_##kind, __cw_encode_##kind)                                                    \
        CW_NARROW_CONVERSIONS(__cw_decode_##kind(__x))                                                                 \
    };                                                                                                                 \
    CW_NARROW_PAIR(__nv_fp8x2_##kind, __nv_fp8x2_storage_t, 8, __cw_encode_##kind, __cw_decode_##kind)                 \
    CW_NARROW_FOUR(__nv_fp8x4_##kind, __nv_fp8x4_storage_t, 8, __cw_encode_##kind, __cw_decode_##kind)

CW_HALF unsigned int __cw_encode_e4m3(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E4M3); }
CW_HALF unsigned int __cw_encode_e5m2(double x) { return __nv_cvt_double_to_fp8(x, __NV_SATFINITE, __NV_E5M2); }
CW_HALF unsigned int __cw_encode_e8m0(double x) { return __nv_cvt_double_to_e8m0(x, __NV_SATFINITE, cudaRoundPosInf); }
CW_HALF float __cw_decode_e4m3(unsigned int x) {
    return __cw_half_to_float(__nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, __NV_E4M3).x);
}
CW_HALF float __cw_decode_e5m2(unsigned int x) {
    return __cw_half_to_float(__nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, __NV_E5M2).x);
}
CW_HALF float __cw_decode_e8m0(unsigned int x) {
    return __cw_bfloat16_to_float(__nv_cvt_e8m0_to_bf16raw((__nv_fp8_storage_t)x).x);
}
CW_FP8_CLASS(e4m3, E4M3)
CW_FP8_CLASS(e5m2, E5M2)
CW_FP8_CLASS(e8m0, E8M0)
#undef CW_FP8_CLASS

#endif
#endif
