/* SPDX-License-Identifier: Apache-2.0 */
/* exp_log.c: exponentials, logarithms and powers. */
#include "library/math/double_core.h"
#include "library/math/libclc.h"

/* ---- Exponentials, float ------------------------------------------------------------------------------------- */

/* The clamps keep the scale in reach of two factors; results beyond them are 0 or infinity all the same. NaN passes. */
INLINE float clamp_f(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

/* e^x = 2^k e^r; ln(2) in two parts, the first with 15 bits, so that k times it is exact without fused operations.
 * (e^r - 1 - r)/r^2 to 2^-28 on |r| <= ln(2)/2. */
float __nv_expf(float a) {
    int k;
    float x = clamp_f(a, -105, 90), n = nearest_f(x * 0x1.715476p+0f, &k);
    float r = mad_f(n, -0x1.7f7d1cp-20f, mad_f(n, -0x1.62e4p-1f, x));
    float p = POLYNOMIAL_F(r, 0x1.fffffcp-2f, 0x1.55549p-3f, 0x1.5558f4p-5f, 0x1.123a6cp-7f, 0x1.6a2352p-10f);
    return scale_f(1 + mad_f(r * r, p, r), k);
}

/* (2^r - 1)/r to 2^-29 on |r| <= 1/2. */
float __nv_exp2f(float a) {
    int k;
    float x = clamp_f(a, -151, 129), r = x - nearest_f(x, &k);
    float p =
        POLYNOMIAL_F(r, 0x1.62e43p-1f, 0x1.ebfbdcp-3f, 0x1.c6aee6p-5f, 0x1.3b2d5p-7f, 0x1.5f3f3p-10f, 0x1.41fb2ep-13f);
    return scale_f(mad_f(r, p, 1), k);
}

/* log10(2) in two parts, the first with 10 bits; (10^r - 1)/r to 2^-29 on |r| <= log10(2)/2. */
float __nv_exp10f(float a) {
    int k;
    float x = clamp_f(a, -46, 39), n = nearest_f(x * 0x1.a934fp+1f, &k);
    float r = mad_f(n, -0x1.3509f8p-18f, mad_f(n, -0x1.344p-2f, x));
    float p =
        POLYNOMIAL_F(r, 0x1.26bb1cp+1f, 0x1.53524ap+1f, 0x1.046f68p+1f, 0x1.2bd9d8p+0f, 0x1.158502p-1f, 0x1.a68b3ep-3f);
    return scale_f(mad_f(r, p, 1), k);
}

float __nv_expm1f(float a) {
    return (float)expm1_core(clamp((double)a, -100, 100));
}

/* ---- Logarithms, float --------------------------------------------------------------------------------------- */

/* a = 2^k (1+f) with 1+f in [2/3, 4/3); log(1+f) = f + q, (log(1+f) - f)/f^2 to 2^-27. The sum with k is left to the
 * caller, in double: three operations there cost less than compensation. `special` is set for what is not positive and
 * finite. */
struct logarithm {
    double exponent, log_significand;
    bool special;
};

INLINE struct logarithm split_log(float a) {
    bool small = a < 0x1p-126f;
    float x = small ? a * 0x1p23f : a;
    uint32_t b = float_bits(x) - 0x3f2aaaab;
    int k = (int)b >> 23;
    float f = bits_float((b & 0x7fffff) + 0x3f2aaaab) - 1;
    float p = POLYNOMIAL_F(f, -0x1p-1f, 0x1.555502p-2f, -0x1.fffe84p-3f, 0x1.99d1f2p-3f, -0x1.55a754p-3f,
                           0x1.1ebe68p-3f, -0x1.f25dd8p-4f, 0x1.1ed142p-3f, -0x1.0931e4p-3f);
    struct logarithm r;
    r.exponent = (double)(small ? k - 23 : k);
    r.log_significand = (double)f + (double)(f * f * p);
    r.special = !(a > 0 && a < INFINITY_F);
    return r;
}

/* The logarithm of zeros, negative values, infinities and NaN. */
INLINE float special_log(float a) {
    return a == 0 ? -INFINITY_F : a < 0 ? NAN_F : a;
}

float __nv_logf(float a) {
    struct logarithm l = split_log(a);
    return l.special ? special_log(a) : (float)mad(l.exponent, LN2, l.log_significand);
}

float __nv_log2f(float a) {
    struct logarithm l = split_log(a);
    return l.special ? special_log(a) : (float)mad(l.log_significand, LOG2E, l.exponent);
}

float __nv_log10f(float a) {
    struct logarithm l = split_log(a);
    double scaled = l.log_significand * 0x1.bcb7b1526e50ep-2;
    return l.special ? special_log(a) : (float)mad(l.exponent, 0x1.34413509f79ffp-2, scaled);
}

float __nv_log1pf(float a) {
    float r = (float)log1p_core((double)a);
    r = a < INFINITY_F ? r : a;
    r = a <= -1 ? NAN_F : r;
    return a == -1 ? -INFINITY_F : r;
}

/* ---- Powers, float ------------------------------------------------------------------------------------------- */

/* C's rules for pow (C17 F.10.4.4). The logarithm is exact to 2^-42, so that with an exponent of up to 150 the power of
 * two is off by less than 2^-34. y is a float or an int. */
INLINE float power_f(float x, double y) {
    double ax = (double)__builtin_fabsf(x), ay = __builtin_fabs(y);
    double l = log2_core(ax);
    l = ax == 0 ? -INFINITY_D : ax < INFINITY_D ? l : ax;
    double t = clamp(y * l, -400, 400);
    float r = (float)exp2_core(t);
    r = ax == 1 && ay == INFINITY_D ? 1 : r;
    /* From 2^53 on all are even integers; halves of odd integers are none. */
    bool integer = __builtin_trunc(y) == y;
    bool odd = integer && ay < 0x1p53 && __builtin_trunc(y * 0.5) != y * 0.5;
    r = x < 0 && !integer && ax < INFINITY_D ? NAN_F : r;
    r = odd ? __builtin_copysignf(r, x) : r;
    return y == 0 || x == 1 ? 1 : r;
}

float __nv_powf(float x, float y) {
    return power_f(x, (double)y);
}

float __nv_powif(float x, int n) {
    return power_f(x, n);
}

/* ---- double -------------------------------------------------------------------------------------------------- */

double __nv_exp(double a) {
    struct exponential e = exp_pair(clamp(a, -760, 720), 0);
    struct pair s = exp_significand(e);
    return scale(s.hi + s.lo, e.power);
}

double __nv_exp2(double a) {
    return clc_exp2(a);
}

double __nv_exp10(double a) {
    return clc_exp10(a);
}

/* Half of 2^k (1+m) - 1, so that 2^k stays in range up to the overflow. */
double __nv_expm1(double a) {
    struct exponential e = exp_pair(clamp(a, -60, 710), 0);
    double h = power2(e.power - 1);
    struct pair b = sum(h, -0.5), s = sum(b.hi, h * e.m.hi);
    double large = 2 * (s.hi + (s.lo + (b.lo + h * e.m.lo)));
    double r = e.power == 0 ? e.m.hi + e.m.lo : large;
    return a == 0 ? a : r;
}

/* log(1+f) = f - f^2/2 + s (f^2/2 + R(s^2)) with s = f/(2+f), R to 2^-58; k ln(2) in two parts, the first exact. */
double __nv_log(double a) {
    bool small = a < 0x1p-1022;
    int k;
    double m = significand(small ? a * 0x1p54 : a, &k), f = m - 1;
    double n = small ? k - 54 : k;
    double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double p = z * POLYNOMIAL(z, 0x1.5555555555597p-1, 0x1.999999997e3e2p-2, 0x1.2492494379572p-2, 0x1.c71c50b694e60p-3,
                              0x1.74668847d6d5ap-3, 0x1.3999f74b880bcp-3, 0x1.2f572127b08dcp-3);
    double r = n * 0x1.62e42fefp-1 - ((half - (s * (half + p) + n * 0x1.473de6af278edp-34)) - f);
    r = a < INFINITY_D ? r : a;
    r = a < 0 ? NAN_D : r;
    return a == 0 ? -INFINITY_D : r;
}

double __nv_log2(double a) {
    return clc_log2(a);
}

double __nv_log10(double a) {
    return clc_log10(a);
}

double __nv_log1p(double a) {
    return clc_log1p(a);
}

/* libclc's loses its way where the product with the logarithm overflows. An exponent of 2^70 already takes every base
 * but 1 to 0 or infinity, and is as even as all beyond. */
double __nv_pow(double x, double y) {
    return clc_pow(x, __builtin_fabs(y) < INFINITY_D ? clamp(y, -0x1p70, 0x1p70) : y);
}

double __nv_powi(double x, int n) {
    return clc_pow(x, n);
}
