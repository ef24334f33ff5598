/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtc/math.h: the C++ library's overloads of the math functions (<cmath>, C++17 [c.math.syn]) for sources that NVRTC
 * compiles, where there is no C++ library: for float, for integers, which count as double, and for mixed arguments.
 */
#ifndef CW_CUDA_RTC_MATH_H
#define CW_CUDA_RTC_MATH_H

#include "../device/define.h"

/* ---- One argument of type float, two, and of an integer type ---- */

template <bool condition, typename T> struct __cw_rtc_if {};
template <typename T> struct __cw_rtc_if<true, T> {
    typedef T type;
};
#define CW_RTC_INTEGER(T, result) typename __cw_rtc_if<__is_integral(T), result>::type
/* Two numbers that are not both float, nor both double. */
template <typename T, typename U> struct __cw_rtc_mixed {
    static const bool value = __is_arithmetic(T) && __is_arithmetic(U) &&
                              !(__is_same(T, float) && __is_same(U, float)) &&
                              !(__is_same(T, double) && __is_same(U, double));
};
#define CW_RTC_MIXED(T, U, result) typename __cw_rtc_if<__cw_rtc_mixed<T, U>::value, result>::type

#define CW_RTC_FLOAT1(name)                                                                                            \
    CW_DEVICE float name(float x) { return name##f(x); }
#define CW_RTC_FLOAT2(name)                                                                                            \
    CW_DEVICE float name(float x, float y) { return name##f(x, y); }
#define CW_RTC_DOUBLE1(name)                                                                                           \
    template <typename T> CW_DEVICE CW_RTC_INTEGER(T, double) name(T x) { return ::name((double)x); }
#define CW_RTC_DOUBLE2(name)                                                                                           \
    template <typename T, typename U> CW_DEVICE CW_RTC_MIXED(T, U, double) name(T x, U y) {                            \
        return ::name((double)x, (double)y);                                                                           \
    }

/* Those that device/math.h overloads for float already. */
#define CW_RTC_MORE1(X)                                                                                                \
    X(acosh) X(asinh) X(atanh) X(cbrt) X(erf) X(erfc) X(exp2) X(expm1) X(lgamma) X(log1p) X(log2) X(logb)              \
    X(nearbyint) X(rint) X(round) X(tgamma) X(trunc)
#define CW_RTC_BOTH1(X)                                                                                                \
    X(acos) X(asin) X(atan) X(ceil) X(cos) X(cosh) X(exp) X(fabs) X(floor) X(log) X(log10) X(sin) X(sinh) X(sqrt)      \
    X(tan) X(tanh)
#define CW_RTC_MORE2(X) X(copysign) X(fdim) X(fmax) X(fmin) X(hypot) X(nextafter) X(remainder)
#define CW_RTC_BOTH2(X) X(atan2) X(fmod) X(pow)

CW_RTC_BOTH1(CW_RTC_FLOAT1)
CW_RTC_BOTH2(CW_RTC_FLOAT2)
CW_RTC_BOTH1(CW_RTC_DOUBLE1)
CW_RTC_MORE1(CW_RTC_DOUBLE1)
CW_RTC_BOTH2(CW_RTC_DOUBLE2)
CW_RTC_MORE2(CW_RTC_DOUBLE2)

CW_DEVICE float frexp(float x, int *exponent) { return frexpf(x, exponent); }
CW_DEVICE float ldexp(float x, int exponent) { return ldexpf(x, exponent); }
CW_DEVICE float modf(float x, float *whole) { return modff(x, whole); }
CW_DEVICE float abs(float x) { return fabsf(x); }
CW_DEVICE double abs(double x) { return fabs(x); }
CW_DEVICE long abs(long x) { return labs(x); }
CW_DEVICE long long abs(long long x) { return llabs(x); }

/* ---- Classification ---- */

#define CW_RTC_CLASS(name, builtin)                                                                                    \
    CW_DEVICE bool name(float x) { return builtin(x); }                                                                \
    CW_DEVICE bool name(double x) { return builtin(x); }                                                               \
    template <typename T> CW_DEVICE CW_RTC_INTEGER(T, bool) name(T x) { return builtin((double)x); }
CW_RTC_CLASS(isfinite, __builtin_isfinite)
CW_RTC_CLASS(isinf, __builtin_isinf)
CW_RTC_CLASS(isnan, __builtin_isnan)
CW_RTC_CLASS(isnormal, __builtin_isnormal)
CW_RTC_CLASS(signbit, __builtin_signbit)
#define CW_RTC_COMPARE(name)                                                                                           \
    CW_DEVICE bool name(float x, float y) { return __builtin_##name(x, y); }                                           \
    CW_DEVICE bool name(double x, double y) { return __builtin_##name(x, y); }
CW_RTC_COMPARE(isgreater)
CW_RTC_COMPARE(isgreaterequal)
CW_RTC_COMPARE(isless)
CW_RTC_COMPARE(islessequal)
CW_RTC_COMPARE(islessgreater)
CW_RTC_COMPARE(isunordered)

#undef CW_RTC_FLOAT1
#undef CW_RTC_FLOAT2
#undef CW_RTC_DOUBLE1
#undef CW_RTC_DOUBLE2
#undef CW_RTC_MORE1
#undef CW_RTC_BOTH1
#undef CW_RTC_MORE2
#undef CW_RTC_BOTH2
#undef CW_RTC_CLASS
#undef CW_RTC_COMPARE
#undef CW_RTC_INTEGER
#undef CW_RTC_MIXED

#endif
