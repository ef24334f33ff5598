/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_fp4.h: 4-bit floating-point numbers e2m1: CUDA Math API, "FP4 Intrinsics".
 * A number takes the lower 4 bits of a byte; two share a byte. A result that is too large becomes the largest
 * number, NaN the largest positive one. Rounding is to nearest, the only mode that CUDA has for them.
 */
#ifndef __CUDA_FP4_H__
#define __CUDA_FP4_H__

#include "cw/narrow/convert.h"

typedef unsigned char __nv_fp4_storage_t;
typedef unsigned char __nv_fp4x2_storage_t;
typedef unsigned short __nv_fp4x4_storage_t;

typedef enum __nv_fp4_interpretation_t { __NV_E2M1 } __nv_fp4_interpretation_t;

#if defined(__cplusplus)

CW_HALF __nv_fp4_storage_t __nv_cvt_double_to_fp4(const double x, const __nv_fp4_interpretation_t fp4_interpretation,
                                                  const enum cudaRoundMode rounding) {
    const struct __cw_narrow_format e2m1 = CW_FORMAT_E2M1;
    (void)fp4_interpretation;
    (void)rounding;
    return (__nv_fp4_storage_t)__cw_to_narrow(x, e2m1, true);
}
CW_HALF __nv_fp4x2_storage_t __nv_cvt_double2_to_fp4x2(const double2 x,
                                                       const __nv_fp4_interpretation_t fp4_interpretation,
                                                       const enum cudaRoundMode rounding) {
    return (__nv_fp4x2_storage_t)(__nv_cvt_double_to_fp4(x.x, fp4_interpretation, rounding) |
                                  __nv_cvt_double_to_fp4(x.y, fp4_interpretation, rounding) << 4);
}
CW_HALF __half_raw __nv_cvt_fp4_to_halfraw(const __nv_fp4_storage_t x,
                                           const __nv_fp4_interpretation_t fp4_interpretation) {
    const struct __cw_narrow_format e2m1 = CW_FORMAT_E2M1;
    (void)fp4_interpretation;
    __half_raw half;
    half.x = __cw_float_to_half(__cw_from_narrow(x, e2m1));
    return half;
}
CW_HALF __half2_raw __nv_cvt_fp4x2_to_halfraw2(const __nv_fp4x2_storage_t x,
                                               const __nv_fp4_interpretation_t fp4_interpretation) {
    __half2_raw pair;
    pair.x = __nv_cvt_fp4_to_halfraw((__nv_fp4_storage_t)(x & 0xfu), fp4_interpretation).x;
    pair.y = __nv_cvt_fp4_to_halfraw((__nv_fp4_storage_t)(x >> 4), fp4_interpretation).x;
    return pair;
}

/* One and two of every other source type, each by way of double. */
#define CW_FP4_FROM(from, type, value, from2, type2, first, second)                                                    \
    CW_HALF __nv_fp4_storage_t __nv_cvt_##from##_to_fp4(                                                               \
        const type x, const __nv_fp4_interpretation_t fp4_interpretation, const enum cudaRoundMode rounding) {         \
        return __nv_cvt_double_to_fp4(value, fp4_interpretation, rounding);                                            \
    }                                                                                                                  \
    CW_HALF __nv_fp4x2_storage_t __nv_cvt_##from2##_to_fp4x2(                                                          \
        const type2 x, const __nv_fp4_interpretation_t fp4_interpretation, const enum cudaRoundMode rounding) {        \
        return __nv_cvt_double2_to_fp4x2(make_double2(first, second), fp4_interpretation, rounding);                   \
    }
CW_FP4_FROM(float, float, (double)x, float2, float2, (double)x.x, (double)x.y)
CW_FP4_FROM(halfraw, __half_raw, (double)__cw_half_to_float(x.x), halfraw2, __half2_raw,
            (double)__cw_half_to_float(x.x), (double)__cw_half_to_float(x.y))
CW_FP4_FROM(bfloat16raw, __nv_bfloat16_raw, (double)__cw_bfloat16_to_float(x.x), bfloat16raw2, __nv_bfloat162_raw,
            (double)__cw_bfloat16_to_float(x.x), (double)__cw_bfloat16_to_float(x.y))
#undef CW_FP4_FROM

#define CW_FP4_CLASS(kind, KIND)                                                                                       \
    CW_HALF unsigned int __cw_encode_##kind(double x) { return __nv_cvt_double_to_fp4(x, KIND, cudaRoundNearest); }    \
    CW_HALF float __cw_decode_##kind(unsigned int x) {                                                                 \
        return __cw_half_to_float(__nv_cvt_fp4_to_halfraw((__nv_fp4_storage_t)x, KIND).x);                             \
    }                                                                                                                  \
    struct __nv_fp4_##kind {                                                                                           \
        __nv_fp4_storage_t __x;                                                                                        \
        CW_NARROW_CONSTRUCTORS(__nv_fp4_##kind, __cw_encode_##kind)                                                    \
        CW_NARROW_CONVERSIONS(__cw_decode_##kind(__x))                                                                 \
    };                                                                                                                 \
    CW_NARROW_PAIR(__nv_fp4x2_##kind, __nv_fp4x2_storage_t, 4, __cw_encode_##kind, __cw_decode_##kind)                 \
    CW_NARROW_FOUR(__nv_fp4x4_##kind, __nv_fp4x4_storage_t, 4, __cw_encode_##kind, __cw_decode_##kind)
CW_FP4_CLASS(e2m1, __NV_E2M1)
#undef CW_FP4_CLASS

#endif
#endif
