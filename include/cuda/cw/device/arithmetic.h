/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arithmetic.h: arithmetic with a chosen rounding, fast approximations and classification of float and double: CUDA
 * Math API, "Single Precision Intrinsics" and "Double Precision Intrinsics".
 *
 * Round-to-nearest forms are plain operations that may not be contracted into fused ones. Directed roundings and
 * fast approximations are functions of the math library.
 */
#ifndef CW_CUDA_DEVICE_ARITHMETIC_H
#define CW_CUDA_DEVICE_ARITHMETIC_H

#include "define.h"
#include <__clang_cuda_libdevice_declares.h>

/* prefix, result type, the operation */
#define CW_NEAREST2(name, type, operation)                                                                             \
    CW_DEVICE type name(type a, type b) { _Pragma("clang fp contract(off) reassociate(off)") return a operation b; }
#define CW_DIRECTED1(name, type)                                                                                       \
    CW_DEVICE type __##name(type a) { return __nv_##name(a); }
#define CW_DIRECTED2(name, type)                                                                                       \
    CW_DEVICE type __##name(type a, type b) { return __nv_##name(a, b); }
#define CW_DIRECTED3(name, type)                                                                                       \
    CW_DEVICE type __##name(type a, type b, type c) { return __nv_##name(a, b, c); }

/* ---- float ---- */

CW_NEAREST2(__fadd_rn, float, +)
CW_DIRECTED2(fadd_rz, float)
CW_DIRECTED2(fadd_ru, float)
CW_DIRECTED2(fadd_rd, float)
CW_NEAREST2(__fsub_rn, float, -)
CW_DIRECTED2(fsub_rz, float)
CW_DIRECTED2(fsub_ru, float)
CW_DIRECTED2(fsub_rd, float)
CW_NEAREST2(__fmul_rn, float, *)
CW_DIRECTED2(fmul_rz, float)
CW_DIRECTED2(fmul_ru, float)
CW_DIRECTED2(fmul_rd, float)
CW_NEAREST2(__fdiv_rn, float, /)
CW_DIRECTED2(fdiv_rz, float)
CW_DIRECTED2(fdiv_ru, float)
CW_DIRECTED2(fdiv_rd, float)
CW_DEVICE float __frcp_rn(float a) { return __fdiv_rn(1.0f, a); }
CW_DEVICE float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
CW_DIRECTED1(frcp_rz, float)
CW_DIRECTED1(frcp_ru, float)
CW_DIRECTED1(frcp_rd, float)
CW_DIRECTED1(fsqrt_rz, float)
CW_DIRECTED1(fsqrt_ru, float)
CW_DIRECTED1(fsqrt_rd, float)
CW_DEVICE float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
CW_DIRECTED3(fmaf_rz, float)
CW_DIRECTED3(fmaf_ru, float)
CW_DIRECTED3(fmaf_rd, float)
/* The forms that never flush denormals: as the plain ones, which do not either. */
CW_DEVICE float __fmaf_ieee_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
CW_DEVICE float __fmaf_ieee_rz(float a, float b, float c) { return __nv_fmaf_rz(a, b, c); }
CW_DEVICE float __fmaf_ieee_ru(float a, float b, float c) { return __nv_fmaf_ru(a, b, c); }
CW_DEVICE float __fmaf_ieee_rd(float a, float b, float c) { return __nv_fmaf_rd(a, b, c); }
CW_DEVICE float __frsqrt_rn(float a) { return __nv_frsqrt_rn(a); }
/* NaN becomes 0. */
CW_DEVICE float __saturatef(float a) { return __builtin_fminf(__builtin_fmaxf(a, 0.0f), 1.0f); }
CW_DEVICE float saturate(float a) { return __saturatef(a); }

/* ---- double ---- */

CW_NEAREST2(__dadd_rn, double, +)
CW_DIRECTED2(dadd_rz, double)
CW_DIRECTED2(dadd_ru, double)
CW_DIRECTED2(dadd_rd, double)
CW_NEAREST2(__dsub_rn, double, -)
CW_DIRECTED2(dsub_rz, double)
CW_DIRECTED2(dsub_ru, double)
CW_DIRECTED2(dsub_rd, double)
CW_NEAREST2(__dmul_rn, double, *)
CW_DIRECTED2(dmul_rz, double)
CW_DIRECTED2(dmul_ru, double)
CW_DIRECTED2(dmul_rd, double)
CW_NEAREST2(__ddiv_rn, double, /)
CW_DIRECTED2(ddiv_rz, double)
CW_DIRECTED2(ddiv_ru, double)
CW_DIRECTED2(ddiv_rd, double)
CW_DEVICE double __drcp_rn(double a) { return __ddiv_rn(1.0, a); }
CW_DEVICE double __dsqrt_rn(double a) { return __builtin_sqrt(a); }
CW_DIRECTED1(drcp_rz, double)
CW_DIRECTED1(drcp_ru, double)
CW_DIRECTED1(drcp_rd, double)
CW_DIRECTED1(dsqrt_rz, double)
CW_DIRECTED1(dsqrt_ru, double)
CW_DIRECTED1(dsqrt_rd, double)
CW_DEVICE double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
CW_DIRECTED3(fma_rz, double)
CW_DIRECTED3(fma_ru, double)
CW_DIRECTED3(fma_rd, double)

#undef CW_NEAREST2
#undef CW_DIRECTED1
#undef CW_DIRECTED2
#undef CW_DIRECTED3

/* ---- Fast approximations ---- */

CW_DEVICE float __sinf(float a) { return __nv_fast_sinf(a); }
CW_DEVICE float __cosf(float a) { return __nv_fast_cosf(a); }
CW_DEVICE float __tanf(float a) { return __nv_fast_tanf(a); }
CW_DEVICE void __sincosf(float a, float *s, float *c) { __nv_fast_sincosf(a, s, c); }
CW_DEVICE float __expf(float a) { return __nv_fast_expf(a); }
CW_DEVICE float __exp10f(float a) { return __nv_fast_exp10f(a); }
CW_DEVICE float __logf(float a) { return __nv_fast_logf(a); }
CW_DEVICE float __log2f(float a) { return __nv_fast_log2f(a); }
CW_DEVICE float __log10f(float a) { return __nv_fast_log10f(a); }
CW_DEVICE float __powf(float a, float b) { return __nv_fast_powf(a, b); }
CW_DEVICE float __fdividef(float a, float b) { return __nv_fast_fdividef(a, b); }
CW_DEVICE float __tanhf(float a) { return __nv_tanhf(a); }
CW_DEVICE float __exp2f(float a) { return __nv_exp2f(a); }

/* ---- Classification: what clang's <cmath> overloads call ---- */

CW_DEVICE int __isnanf(float a) { return __builtin_isnan(a); }
CW_DEVICE int __isinff(float a) { return __builtin_isinf(a); }
CW_DEVICE int __finitef(float a) { return __builtin_isfinite(a); }
CW_DEVICE int __signbitf(float a) { return __builtin_signbitf(a); }
CW_DEVICE int __isnan(double a) { return __builtin_isnan(a); }
CW_DEVICE int __isinf(double a) { return __builtin_isinf(a); }
CW_DEVICE int __finite(double a) { return __builtin_isfinite(a); }
CW_DEVICE int __isfinited(double a) { return __builtin_isfinite(a); }
CW_DEVICE int __signbitd(double a) { return __builtin_signbit(a); }
CW_DEVICE int __signbit(double a) { return __builtin_signbit(a); }

#endif
