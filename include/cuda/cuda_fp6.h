/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_fp6.h: 6-bit floating-point numbers e2m3 and e3m2: CUDA Math API, "FP6 Intrinsics".
 * A number takes the lower 6 bits of a byte, also in pairs and fours. A result that is too large becomes the largest
 * number, NaN the largest positive one. Rounding is to nearest, the only mode that CUDA has for them.
 */
#ifndef __CUDA_FP6_H__
#define __CUDA_FP6_H__

#include "cw/narrow/convert.h"

typedef unsigned char __nv_fp6_storage_t;
typedef unsigned short __nv_fp6x2_storage_t;
typedef unsigned int __nv_fp6x4_storage_t;

typedef enum __nv_fp6_interpretation_t { __NV_E2M3, __NV_E3M2 } __nv_fp6_interpretation_t;

#if defined(__cplusplus)

CW_HALF __nv_fp6_storage_t __nv_cvt_double_to_fp6(const double x, const __nv_fp6_interpretation_t fp6_interpretation,
                                                  const enum cudaRoundMode rounding) {
    const struct __cw_narrow_format e2m3 = CW_FORMAT_E2M3, e3m2 = CW_FORMAT_E3M2;
    (void)rounding;
    return (__nv_fp6_storage_t)__cw_to_narrow(x, fp6_interpretation == __NV_E3M2 ? e3m2 : e2m3, true);
}
CW_HALF __nv_fp6x2_storage_t __nv_cvt_double2_to_fp6x2(const double2 x,
                                                       const __nv_fp6_interpretation_t fp6_interpretation,
                                                       const enum cudaRoundMode rounding) {
    return (__nv_fp6x2_storage_t)(__nv_cvt_double_to_fp6(x.x, fp6_interpretation, rounding) |
                                  __nv_cvt_double_to_fp6(x.y, fp6_interpretation, rounding) << 8);
}
CW_HALF __half_raw __nv_cvt_fp6_to_halfraw(const __nv_fp6_storage_t x,
                                           const __nv_fp6_interpretation_t fp6_interpretation) {
    const struct __cw_narrow_format e2m3 = CW_FORMAT_E2M3, e3m2 = CW_FORMAT_E3M2;
    __half_raw half;
    half.x = __cw_float_to_half(__cw_from_narrow(x, fp6_interpretation == __NV_E3M2 ? e3m2 : e2m3));
    return half;
}
CW_HALF __half2_raw __nv_cvt_fp6x2_to_halfraw2(const __nv_fp6x2_storage_t x,
                                               const __nv_fp6_interpretation_t fp6_interpretation) {
    __half2_raw pair;
    pair.x = __nv_cvt_fp6_to_halfraw((__nv_fp6_storage_t)(x & 0xffu), fp6_interpretation).x;
    pair.y = __nv_cvt_fp6_to_halfraw((__nv_fp6_storage_t)(x >> 8), fp6_interpretation).x;
    return pair;
}

/* One and two of every other source type, each by way of double. */
#define CW_FP6_FROM(from, type, value, from2, type2, first, second)                                                    \
    CW_HALF __nv_fp6_storage_t __nv_cvt_##from##_to_fp6(                                                               \
        const type x, const __nv_fp6_interpretation_t fp6_interpretation, const enum cudaRoundMode rounding) {         \
        return __nv_cvt_double_to_fp6(value, fp6_interpretation, rounding);                                            \
    }                                                                                                                  \
    CW_HALF __nv_fp6x2_storage_t __nv_cvt_##from2##_to_fp6x2(                                                          \
        const type2 x, const __nv_fp6_interpretation_t fp6_interpretation, const enum cudaRoundMode rounding) {        \
        return __nv_cvt_double2_to_fp6x2(make_double2(first, second), fp6_interpretation, rounding);                   \
    }
CW_FP6_FROM(float, float, (double)x, float2, float2, (double)x.x, (double)x.y)
CW_FP6_FROM(halfraw, __half_raw, (double)__cw_half_to_float(x.x), halfraw2, __half2_raw,
            (double)__cw_half_to_float(x.x), (double)__cw_half_to_float(x.y))
CW_FP6_FROM(bfloat16raw, __nv_bfloat16_raw, (double)__cw_bfloat16_to_float(x.x), bfloat16raw2, __nv_bfloat162_raw,
            (double)__cw_bfloat16_to_float(x.x), (double)__cw_bfloat16_to_float(x.y))
#undef CW_FP6_FROM

#define CW_FP6_CLASS(kind, KIND)                                                                                       \
    CW_HALF unsigned int __cw_encode_##kind(double x) { return __nv_cvt_double_to_fp6(x, KIND, cudaRoundNearest); }    \
    CW_HALF float __cw_decode_##kind(unsigned int x) {                                                                 \
        return __cw_half_to_float(__nv_cvt_fp6_to_halfraw((__nv_fp6_storage_t)x, KIND).x);                             \
    }                                                                                                                  \
    struct __nv_fp6_##kind {                                                                                           \
        __nv_fp6_storage_t __x;                                                                                        \
        CW_NARROW_CONSTRUCTORS(__nv_fp6_##kind, __cw_encode_##kind)                                                    \
        CW_NARROW_CONVERSIONS(__cw_decode_##kind(__x))                                                                 \
    };                                                                                                                 \
    CW_NARROW_PAIR(__nv_fp6x2_##kind, __nv_fp6x2_storage_t, 8, __cw_encode_##kind, __cw_decode_##kind)                 \
    CW_NARROW_FOUR(__nv_fp6x4_##kind, __nv_fp6x4_storage_t, 8, __cw_encode_##kind, __cw_decode_##kind)
CW_FP6_CLASS(e2m3, __NV_E2M3)
CW_FP6_CLASS(e3m2, __NV_E3M2)
#undef CW_FP6_CLASS

#endif
#endif
