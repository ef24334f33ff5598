/* SPDX-License-Identifier: Apache-2.0 */
/* double_core.h: e^x with a few bits more than a double has, and the scaled complementary error function: what double
 * functions of several families are made of. No tables, no branches. */
#ifndef CW_LIBRARY_MATH_DOUBLE_CORE_H
#define CW_LIBRARY_MATH_DOUBLE_CORE_H

#include "library/math/float_core.h"

/* e^(x+low) = 2^power * (1 + m), |m.hi| < 0.42. */
struct exponential {
    struct pair m;
    int power;
};

/* |x| < 2000 or NaN, |low| tiny. ln(2) in two parts, the first of 32 bits, so that its multiples are exact; then
 * (e^r - 1 - r - r^2/2)/r^3 to 2^-61 of e^r - 1 on |r| <= ln(2)/2. */
INLINE struct exponential exp_pair(double x, double low) {
    struct exponential e;
    double n = nearest(x * LOG2E, &e.power);
    struct pair r = sum(x - n * 0x1.62e42fefp-1, low - n * 0x1.473de6af278edp-34);
    double p = POLYNOMIAL(r.hi, 0x1.5555555555559p-3, 0x1.5555555555548p-5, 0x1.111111110f7b9p-7, 0x1.6c16c16c1cdabp-10,
                          0x1.a01a01af8d15dp-13, 0x1.a01a0182d92d9p-16, 0x1.71ddf9119120fp-19, 0x1.27e52b5d9971dp-22,
                          0x1.af5d9f2d221e5p-26, 0x1.1ef526a287807p-29);
    double q = r.hi * r.hi * mad(r.hi, p, 0.5);
    e.m = sum_ordered(r.hi, q);
    e.m.lo += r.lo * (1 + r.hi);
    return e;
}

/* 1 + m as an unevaluated sum. */
INLINE struct pair exp_significand(struct exponential e) {
    struct pair s = sum_ordered(1, e.m.hi);
    s.lo += e.m.lo;
    return s;
}

/* e^x - 1 as an unevaluated sum, for |x| <= 100 or NaN. */
INLINE struct pair expm1_pair(double x) {
    struct exponential e = exp_pair(x, 0);
    double h = power2(e.power);
    struct pair a = sum(h, -1), b = sum(a.hi, h * e.m.hi);
    b.lo += a.lo + h * e.m.lo;
    return e.power == 0 ? e.m : sum_ordered(b.hi, b.lo);
}

/* e^(x^2) erfc(x) for x >= 0: below 1/2 a polynomial in x, to 2^-54; else (1+2x) times it, to 2^-52, as one in
 * (x-4)/(x+4), which maps [0, inf) to [-1, 1) but is sensitive to its rounding near -1. */
INLINE double erfcx_core(double x) {
    double near = x < 0x1p60 ? x : 0x1p60, t = (near - 4) / (near + 4), first = x < 0.5 ? x : 0.5;
    double small = POLYNOMIAL(first, 0x1p+0, -0x1.20dd750429afep+0, 0x1.fffffffff918fp-1, -0x1.812746aedb1f2p-1,
                              0x1.ffffffb7f43b4p-2, -0x1.341f67451f420p-2, 0x1.5554f87629440p-3, -0x1.601ec6eb5b7fbp-4,
                              0x1.55225d0bd142bp-5, -0x1.379b46b21b403p-6, 0x1.09fabb10d8f64p-7, -0x1.94ef1a1f8e3dbp-9,
                              0x1.e1c1bfcf81536p-11, -0x1.40d2b68a85f53p-13);
    double p = POLYNOMIAL(t, 0x1.3ba5916e9fd7fp+0, -0x1.1df1ad154a1cep-3, 0x1.f7f5df66fb6a3p-7, 0x1.16ecefcf9ce1bp-4,
                          -0x1.9ddb23c3dd22dp-4, 0x1.7fee004eed641p-4, -0x1.0fb06dff20295p-4, 0x1.3079ede1bca54p-5,
                          -0x1.09623865d2a2cp-6, 0x1.49c676e9b059dp-8, -0x1.8d4aaf4de57fcp-11, -0x1.a1e16ba49a53ap-13,
                          0x1.3be164cd0f782p-13, -0x1.992891a1dedb3p-16, -0x1.78ae17c74f2aap-17, 0x1.7dd06bf4dcef6p-18,
                          0x1.4118eb22dd9edp-22, -0x1.ae8d4e74ec925p-21, 0x1.2e39bea16d1bdp-24, 0x1.8f1f0cdd6a28bp-24,
                          -0x1.13770bcf08adcp-26, -0x1.e02eaa5b8b504p-28, 0x1.9f6ee4b3b3778p-30);
    return x < 0.5 ? small : 0.5 * p / (0.5 + x);
}

#endif
