/* SPDX-License-Identifier: Apache-2.0 */
/*
 * math.h: what CUDA's device math has beyond clang's <math.h> and <cmath> wrappers: overloads for float of CUDA's own
 * functions, and min and max of every pair of types, on the device and on the host.
 */
#ifndef CW_CUDA_DEVICE_MATH_H
#define CW_CUDA_DEVICE_MATH_H

#include "define.h"

/* ---- C++ overloads for float that clang declares and leaves to CUDA's headers ---- */

#define CW_FLOAT1(name)                                                                                                \
    CW_DEVICE float name(float x) { return name##f(x); }
#define CW_FLOAT2(name)                                                                                                \
    CW_DEVICE float name(float x, float y) { return name##f(x, y); }
CW_FLOAT1(acosh)
CW_FLOAT1(asinh)
CW_FLOAT1(atanh)
CW_FLOAT1(cbrt)
CW_FLOAT1(erf)
CW_FLOAT1(erfc)
CW_FLOAT1(exp2)
CW_FLOAT1(expm1)
CW_FLOAT1(lgamma)
CW_FLOAT1(log1p)
CW_FLOAT1(log2)
CW_FLOAT1(logb)
CW_FLOAT1(nearbyint)
CW_FLOAT1(rint)
CW_FLOAT1(round)
CW_FLOAT1(tgamma)
CW_FLOAT1(trunc)
CW_FLOAT2(copysign)
CW_FLOAT2(fdim)
CW_FLOAT2(fmax)
CW_FLOAT2(fmin)
CW_FLOAT2(hypot)
CW_FLOAT2(nextafter)
CW_FLOAT2(remainder)
#undef CW_FLOAT1
#undef CW_FLOAT2
CW_DEVICE float fma(float x, float y, float z) { return fmaf(x, y, z); }
CW_DEVICE int ilogb(float x) { return ilogbf(x); }
CW_DEVICE long lrint(float x) { return lrintf(x); }
CW_DEVICE long lround(float x) { return lroundf(x); }
CW_DEVICE long long llrint(float x) { return llrintf(x); }
CW_DEVICE long long llround(float x) { return llroundf(x); }
CW_DEVICE float remquo(float x, float y, int *quotient) { return remquof(x, y, quotient); }
CW_DEVICE float scalbn(float x, int n) { return scalbnf(x, n); }
CW_DEVICE float scalbln(float x, long n) { return scalblnf(x, n); }
/* The one quiet NaN that device code makes; the tag is not read. */
CW_DEVICE double nan(const char *) { return __builtin_nan(""); }
CW_DEVICE float nanf(const char *) { return __builtin_nanf(""); }

/* ---- CUDA's own functions of float, under the name of the double one ---- */

CW_DEVICE float rsqrt(float x) { return rsqrtf(x); }
CW_DEVICE float rcbrt(float x) { return rcbrtf(x); }
CW_DEVICE float sinpi(float x) { return sinpif(x); }
CW_DEVICE float cospi(float x) { return cospif(x); }
CW_DEVICE void sincospi(float x, float *s, float *c) { sincospif(x, s, c); }
CW_DEVICE void sincos(float x, float *s, float *c) { sincosf(x, s, c); }
CW_DEVICE float erfinv(float x) { return erfinvf(x); }
CW_DEVICE float erfcinv(float x) { return erfcinvf(x); }
CW_DEVICE float erfcx(float x) { return erfcxf(x); }
CW_DEVICE float normcdf(float x) { return normcdff(x); }
CW_DEVICE float normcdfinv(float x) { return normcdfinvf(x); }
CW_DEVICE float exp10(float x) { return exp10f(x); }
CW_DEVICE float j0(float x) { return j0f(x); }
CW_DEVICE float j1(float x) { return j1f(x); }
CW_DEVICE float jn(int n, float x) { return jnf(n, x); }
CW_DEVICE float y0(float x) { return y0f(x); }
CW_DEVICE float y1(float x) { return y1f(x); }
CW_DEVICE float yn(int n, float x) { return ynf(n, x); }
CW_DEVICE float cyl_bessel_i0(float x) { return cyl_bessel_i0f(x); }
CW_DEVICE float cyl_bessel_i1(float x) { return cyl_bessel_i1f(x); }
CW_DEVICE float rhypot(float x, float y) { return rhypotf(x, y); }
CW_DEVICE float norm3d(float a, float b, float c) { return norm3df(a, b, c); }
CW_DEVICE float norm4d(float a, float b, float c, float d) { return norm4df(a, b, c, d); }
CW_DEVICE float norm(int n, const float *x) { return normf(n, x); }
CW_DEVICE float rnorm3d(float a, float b, float c) { return rnorm3df(a, b, c); }
CW_DEVICE float rnorm4d(float a, float b, float c, float d) { return rnorm4df(a, b, c, d); }
CW_DEVICE float rnorm(int n, const float *x) { return rnormf(n, x); }
CW_DEVICE float fdivide(float x, float y) { return fdividef(x, y); }

/* ---- Minimum and maximum ---- */

/* Clang's wrappers have the device's int ones; these macros make the rest. */
#define CW_EXTREMES_AS(attributes, type_a, type_b, type)                                                               \
    attributes type min(type_a a, type_b b) {                                                                          \
        type x = (type)a, y = (type)b;                                                                                 \
        return x < y ? x : y;                                                                                          \
    }                                                                                                                  \
    attributes type max(type_a a, type_b b) {                                                                          \
        type x = (type)a, y = (type)b;                                                                                 \
        return x > y ? x : y;                                                                                          \
    }
#define CW_EXTREMES(type_a, type_b, type)                                                                              \
    CW_EXTREMES_AS(CW_DEVICE, type_a, type_b, type)                                                                    \
    CW_EXTREMES_AS(CW_HOST, type_a, type_b, type)
#define CW_EXTREMES_FAMILY(signed_type, unsigned_type)                                                                 \
    CW_EXTREMES(unsigned_type, unsigned_type, unsigned_type)                                                           \
    CW_EXTREMES(signed_type, unsigned_type, unsigned_type)                                                             \
    CW_EXTREMES(unsigned_type, signed_type, unsigned_type)

CW_EXTREMES_AS(CW_HOST, int, int, int)
CW_EXTREMES_FAMILY(int, unsigned int)
CW_EXTREMES(long, long, long)
CW_EXTREMES_FAMILY(long, unsigned long)
CW_EXTREMES(long long, long long, long long)
CW_EXTREMES_FAMILY(long long, unsigned long long)

/* A NaN is passed over in favour of the other operand, as by fmin and fmax. */
#define CW_EXTREMES_FLOATING(attributes, type_a, type_b, type, f)                                                      \
    attributes type min(type_a a, type_b b) { return __builtin_fmin##f((type)a, (type)b); }                            \
    attributes type max(type_a a, type_b b) { return __builtin_fmax##f((type)a, (type)b); }
#define CW_EXTREMES_FLOATING_BOTH(type_a, type_b, type, f)                                                             \
    CW_EXTREMES_FLOATING(CW_DEVICE, type_a, type_b, type, f)                                                           \
    CW_EXTREMES_FLOATING(CW_HOST, type_a, type_b, type, f)
CW_EXTREMES_FLOATING_BOTH(float, float, float, f)
CW_EXTREMES_FLOATING_BOTH(double, double, double, )
CW_EXTREMES_FLOATING_BOTH(float, double, double, )
CW_EXTREMES_FLOATING_BOTH(double, float, double, )

#undef CW_EXTREMES_AS
#undef CW_EXTREMES
#undef CW_EXTREMES_FAMILY
#undef CW_EXTREMES_FLOATING
#undef CW_EXTREMES_FLOATING_BOTH

#endif
