/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert.h: conversions with a chosen rounding and reinterpretations: CUDA Math API, "Type Casting Intrinsics".
 * A plain conversion to an integer saturates and turns NaN into 0, as CUDA's do: the compiler sees to that.
 */
#ifndef CW_CUDA_DEVICE_CONVERT_H
#define CW_CUDA_DEVICE_CONVERT_H

#include "define.h"
#include "../../device_types.h"
#include <__clang_cuda_libdevice_declares.h>

/* ---- Floating point to integers: round in floating point, then convert exactly ---- */

#define CW_TO_INTEGER(from, source, f, to, target)                                                                     \
    CW_DEVICE target __##from##2##to##_rn(source x) { return (target)__builtin_rint##f(x); }                           \
    CW_DEVICE target __##from##2##to##_rz(source x) { return (target)x; }                                              \
    CW_DEVICE target __##from##2##to##_ru(source x) { return (target)__builtin_ceil##f(x); }                           \
    CW_DEVICE target __##from##2##to##_rd(source x) { return (target)__builtin_floor##f(x); }

CW_TO_INTEGER(float, float, f, int, int)
CW_TO_INTEGER(float, float, f, uint, unsigned int)
CW_TO_INTEGER(float, float, f, ll, long long)
CW_TO_INTEGER(float, float, f, ull, unsigned long long)
CW_TO_INTEGER(double, double, , int, int)
CW_TO_INTEGER(double, double, , uint, unsigned int)
CW_TO_INTEGER(double, double, , ll, long long)
CW_TO_INTEGER(double, double, , ull, unsigned long long)
#undef CW_TO_INTEGER

/* ---- To floating point ---- */

#define CW_TO_FLOATING(from, source, to, target)                                                                       \
    CW_DEVICE target __##from##2##to##_rn(source x) { return (target)x; }                                              \
    CW_DEVICE target __##from##2##to##_rz(source x) { return __nv_##from##2##to##_rz(x); }                             \
    CW_DEVICE target __##from##2##to##_ru(source x) { return __nv_##from##2##to##_ru(x); }                             \
    CW_DEVICE target __##from##2##to##_rd(source x) { return __nv_##from##2##to##_rd(x); }

CW_TO_FLOATING(int, int, float, float)
CW_TO_FLOATING(uint, unsigned int, float, float)
CW_TO_FLOATING(ll, long long, float, float)
CW_TO_FLOATING(ull, unsigned long long, float, float)
CW_TO_FLOATING(ll, long long, double, double)
CW_TO_FLOATING(ull, unsigned long long, double, double)
CW_TO_FLOATING(double, double, float, float)
#undef CW_TO_FLOATING
CW_DEVICE double __int2double_rn(int x) { return (double)x; }
CW_DEVICE double __uint2double_rn(unsigned int x) { return (double)x; }

/* ---- Reinterpretation ---- */

#define CW_REINTERPRET(name, source, target)                                                                           \
    CW_DEVICE target name(source x) {                                                                                  \
        target y;                                                                                                      \
        __builtin_memcpy(&y, &x, sizeof y);                                                                            \
        return y;                                                                                                      \
    }
CW_REINTERPRET(__float_as_int, float, int)
CW_REINTERPRET(__float_as_uint, float, unsigned int)
CW_REINTERPRET(__int_as_float, int, float)
CW_REINTERPRET(__uint_as_float, unsigned int, float)
CW_REINTERPRET(__double_as_longlong, double, long long)
CW_REINTERPRET(__longlong_as_double, long long, double)
#undef CW_REINTERPRET
CW_DEVICE int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
CW_DEVICE int __double2loint(double x) { return (int)__double_as_longlong(x); }
CW_DEVICE double __hiloint2double(int high, int low) {
    return __longlong_as_double((long long)(((unsigned long long)(unsigned int)high << 32) | (unsigned int)low));
}

/* ---- The names without underscores ---- */

CW_DEVICE int float_as_int(float x) { return __float_as_int(x); }
CW_DEVICE float int_as_float(int x) { return __int_as_float(x); }

#define CW_BY_MODE(name, source, target)                                                                               \
    CW_DEVICE target name(source x, enum cudaRoundMode mode) {                                                         \
        return mode == cudaRoundNearest  ? __##name##_rn(x)                                                            \
               : mode == cudaRoundPosInf ? __##name##_ru(x)                                                            \
               : mode == cudaRoundMinInf ? __##name##_rd(x)                                                            \
                                         : __##name##_rz(x);                                                           \
    }
CW_BY_MODE(float2int, float, int)
CW_BY_MODE(float2uint, float, unsigned int)
CW_BY_MODE(int2float, int, float)
CW_BY_MODE(uint2float, unsigned int, float)
#undef CW_BY_MODE

#endif
