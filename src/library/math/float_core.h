/* SPDX-License-Identifier: Apache-2.0 */
/*
 * float_core.h: elementary functions in double, to about 2^-36 relative error. Float functions that are made of them have
 * errors near half an ulp without tables, branches or compensated sums, at the price of half as many lanes.
 *
 * Polynomials are minimax fits (Remez) of the expressions given with them, on the intervals given with them.
 */
#ifndef CW_LIBRARY_MATH_FLOAT_CORE_H
#define CW_LIBRARY_MATH_FLOAT_CORE_H

#include "library/math/device.h"

/* x to the nearest integer, |x| < 2^22, by adding 1.5 * 2^23: unlike a conversion it is harmless for NaN. */
INLINE float nearest_f(float x, int *n) {
    float t = x + 0x1.8p23f;
    *n = (int)(float_bits(t) - float_bits(0x1.8p23f));
    return t - 0x1.8p23f;
}

/* The same in double, |x| < 2^31. */
INLINE double nearest(double x, int *n) {
    double t = x + 0x1.8p52;
    *n = (int)double_bits(t);
    return t - 0x1.8p52;
}

INLINE double clamp(double x, double low, double high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

/* e^r - 1 for |r| <= ln(2)/2: (e^r - 1 - r)/r^2 to 2^-37 of e^r - 1. Odd zeros keep their sign. */
INLINE double expm1_reduced(double r) {
    double p = POLYNOMIAL(r, 0x1.0000000017409p-1, 0x1.555555737a0c6p-3, 0x1.555554f2eebd1p-5, 0x1.1110b1c9b0951p-7,
                          0x1.6c17675ab528ep-10, 0x1.a17002441500dp-13, 0x1.a0039c1c77162p-16);
    return r * mad(r, p, 1);
}

/* e^x - 1 and 2^k with e^x == 2^k * (1 + the first), |x| <= 700 or NaN. */
INLINE double exp_parts(double x, double *power) {
    int k;
    double n = nearest(x * LOG2E, &k);
    *power = power2(k);
    return expm1_reduced(mad(n, -LN2, x));
}

/* e^x, |x| <= 700 or NaN. */
INLINE double exp_core(double x) {
    double power, m = exp_parts(x, &power);
    return mad(power, m, power);
}

/* e^x - 1, |x| <= 700 or NaN; accurate near 0, where it keeps the sign of a zero. */
INLINE double expm1_core(double x) {
    double power, m = exp_parts(x, &power);
    return power == 1 ? m : mad(power, m, power - 1);
}

/* 2^x, |x| <= 1000 or NaN. */
INLINE double exp2_core(double x) {
    int k;
    double n = nearest(x, &k), power = power2(k);
    return mad(power, expm1_reduced((x - n) * LN2), power);
}

/* log(1+f) for 1+f in [sqrt(1/2), sqrt(2)]: with s = f/(2+f), (log((1+s)/(1-s)) - 2s)/s^3 to 2^-43 of the logarithm. */
INLINE double log1p_reduced(double f) {
    double s = f / (2 + f), z = s * s;
    double p = POLYNOMIAL(z, 0x1.55555556289a2p-1, 0x1.9999968a6295cp-2, 0x1.24941fff8a343p-2, 0x1.c6261c6e91939p-3,
                          0x1.916213daa8f9ap-3);
    return s * mad(z, p, 2);
}

/* The exponent of a positive normal x as if the significand's interval began at sqrt(1/2), and that significand. */
INLINE double significand(double x, int *exponent) {
    uint64_t b = double_bits(x) - 0x3fe6a09e667f3bcd;
    *exponent = (int)((int64_t)b >> 52);
    return bits_double((b & 0xfffffffffffff) + 0x3fe6a09e667f3bcd);
}

/* log(x) and log2(x) for positive normal x; garbage for others, without a trap. */
INLINE double log_core(double x) {
    int k;
    double m = significand(x, &k);
    return mad(k, LN2, log1p_reduced(m - 1));
}

INLINE double log2_core(double x) {
    int k;
    double m = significand(x, &k);
    return mad(log1p_reduced(m - 1), LOG2E, k);
}

/* log(1+x), x > -1 and 1+x normal: without a loss near 0, where 1+x would drop bits of x. Keeps the sign of a zero. */
INLINE double log1p_core(double x) {
    int k;
    double m = significand(1 + x, &k), l = log1p_reduced(k == 0 ? x : m - 1);
    return k == 0 ? l : mad(k, LN2, l);
}

/* sin and cos for |r| <= pi/4: (sin(r)/r - 1)/r^2 to 2^-37, (cos(r) - 1 + r^2/2)/r^4 to 2^-43. */
INLINE double sin_reduced(double r) {
    double z = r * r;
    double p =
        POLYNOMIAL(z, -0x1.5555554cb2055p-3, 0x1.1111089078c00p-7, -0x1.a00f98e6ae3c4p-13, 0x1.6cd73347a79a1p-19);
    return r * mad(z, p, 1);
}

INLINE double cos_reduced(double r) {
    double z = r * r;
    double p =
        POLYNOMIAL(z, 0x1.5555554f48bdep-5, -0x1.6c16b892ba4cbp-10, 0x1.a0111c16cce4dp-16, -0x1.2429fc2f3af82p-22);
    return mad(z * z, p, mad(z, -0.5, 1));
}

/* atan(t) for 0 <= t <= 1: (atan(t)/t - 1)/t^2 to 2^-34. */
INLINE double atan_reduced(double t) {
    double z = t * t;
    double p = POLYNOMIAL(z, -0x1.55555498b1e89p-2, 0x1.99993e98c0959p-3, -0x1.248a9cf830ceap-3, 0x1.c675a138d01bfp-4,
                          -0x1.702e50a23012fp-4, 0x1.29c103cb9fe07p-4, -0x1.c0239ca90f9eep-5, 0x1.1c4cee8797697p-5,
                          -0x1.0dde49ccf8dc6p-6, 0x1.47a29d5c1ab1ep-8, -0x1.74edba140c8b9p-11);
    return t * mad(z, p, 1);
}

/* asin(t) for |t| <= 1/2: (asin(t)/t - 1)/t^2 to 2^-35. */
INLINE double asin_reduced(double t) {
    double z = t * t;
    double p = POLYNOMIAL(z, 0x1.55555609aee35p-3, 0x1.3332a7a2ac075p-4, 0x1.6ddb3d4ed48f8p-5, 0x1.ed51443ddee73p-6,
                          0x1.9367caa6dbed8p-6, 0x1.e8c156c7bc846p-8, 0x1.1c51d6b81bb7fp-5);
    return t * mad(z, p, 1);
}

#endif
