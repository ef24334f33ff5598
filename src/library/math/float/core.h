/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core.h: what the float functions without doubles share: unevaluated sums of two floats, exponentials and logarithms.
 *
 * For devices that have no doubles, or slow ones. The functions keep CUDA's error bounds (CUDA C++ Programming Guide,
 * "Mathematical Functions") in float arithmetic alone: where a plain float would lose too much, a value is a sum of two
 * (Dekker, "A Floating-Point Technique for Extending the Available Precision", 1971), or its factors have few enough bits for
 * exact products. A device whose fma() rounds twice loses about one more unit in the last place where `product_f` is used.
 *
 * Polynomials are near-minimax fits, to floats, of the expressions given with them, on the intervals given with them.
 */
#ifndef CW_LIBRARY_MATH_FLOAT_CORE_H
#define CW_LIBRARY_MATH_FLOAT_CORE_H

#include "library/math/device.h"

#define LN2_HIGH 0x1.62e4p-1f /* 15 bits, so that multiples up to 2^9 are exact */
#define LN2_LOW 0x1.7f7d1cp-20f
#define LOG2E_F 0x1.715476p+0f
#define LOG2E_LOW_F 0x1.4ae0cp-26f
#define HALF_PI_F 0x1.921fb6p+0f
#define HALF_PI_LOW_F -0x1.777a5cp-25f
#define PI_F 0x1.921fb6p+1f
#define PI_LOW_F -0x1.777a5cp-24f

struct pair_f {
    float hi, lo;
};

/* Exact a+b if |a| >= |b| or a is 0. */
INLINE struct pair_f sum_ordered_f(float a, float b) {
    float hi = a + b;
    return (struct pair_f){hi, b - (hi - a)};
}

/* Exact a+b. */
INLINE struct pair_f sum_f(float a, float b) {
    float hi = a + b, t = hi - a;
    return (struct pair_f){hi, (a - (hi - t)) + (b - t)};
}

/* Exact a*b, unless it underflows. */
INLINE struct pair_f product_f(float a, float b) {
    float hi = a * b;
    return (struct pair_f){hi, __builtin_fmaf(a, b, -hi)};
}

INLINE struct pair_f pair_plus_f(struct pair_f a, float b) {
    struct pair_f s = sum_f(a.hi, b);
    return sum_ordered_f(s.hi, s.lo + a.lo);
}

INLINE struct pair_f pair_times_f(struct pair_f a, float b) {
    struct pair_f p = product_f(a.hi, b);
    return sum_ordered_f(p.hi, mad_f(a.lo, b, p.lo));
}

INLINE struct pair_f pair_product_f(struct pair_f a, struct pair_f b) {
    struct pair_f p = product_f(a.hi, b.hi);
    return sum_ordered_f(p.hi, mad_f(a.hi, b.lo, mad_f(a.lo, b.hi, p.lo)));
}

/* The upper 12 bits of a float: products of two such are exact. */
INLINE float upper_f(float x) {
    return bits_float(float_bits(x) & 0xfffff000);
}

/* Exact x*x, unless it underflows, on devices whose fma() rounds twice, too. */
INLINE struct pair_f square_f(float x) {
    float high = upper_f(x), z = high * high, rest = (x - high) * (x + high);
    return sum_ordered_f(z, rest);
}

/* x to the nearest integer, |x| < 2^22, by adding 1.5 * 2^23: unlike a conversion it is harmless for NaN. */
INLINE float nearest_f(float x, int *n) {
    float t = x + 0x1.8p23f;
    *n = (int)(float_bits(t) - float_bits(0x1.8p23f));
    return t - 0x1.8p23f;
}

INLINE float clamp_f(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

INLINE float infinite_or_f(float a, float result) {
    return a < INFINITY_F ? result : a;
}

/* ---- Exponentials -------------------------------------------------------------------------------------------- */

/* e^(x+low) = 2^power * (1 + m), m as a sum; |x| < 200 or NaN, |low| tiny. (e^r - 1 - r)/r^2 to 2^-28 on |r| <= ln(2)/2. */
struct exponential_f {
    float hi, lo;
    int power;
};

INLINE struct exponential_f exp_pair_f(float x, float low) {
    struct exponential_f e;
    float n = nearest_f(x * LOG2E_F, &e.power);
    struct pair_f r = sum_f(mad_f(n, -LN2_HIGH, x), mad_f(n, -LN2_LOW, low));
    float p = POLYNOMIAL_F(r.hi, 0x1.fffffcp-2f, 0x1.55549p-3f, 0x1.5558f4p-5f, 0x1.123a6cp-7f, 0x1.6a2352p-10f);
    e.hi = r.hi;
    e.lo = mad_f(r.hi * r.hi, p, mad_f(r.lo, r.hi, r.lo));
    return e;
}

/* 2^extra e^(x+low). */
INLINE float exp_scaled_f(float x, float low, int extra) {
    struct exponential_f e = exp_pair_f(x, low);
    return scale_f(1 + (e.hi + e.lo), e.power + extra);
}

/* 2^extra (e^x - 1) for |x| <= 100 or NaN; keeps the sign of a zero. 2^power m is added to 2^power - 1 without
 * a loss. */
INLINE float expm1_scaled_f(float x, int extra) {
    struct exponential_f e = exp_pair_f(x, 0);
    int power = e.power > 120 ? 120 : e.power < -30 ? -30 : e.power;
    float h = power2_f(power);
    struct pair_f less = sum_f(h, -1), s = sum_f(less.hi, h * e.hi);
    float r = s.hi + mad_f(h, e.lo, s.lo + less.lo);
    float large = e.hi + e.lo + 1;
    r = e.power == 0 ? e.hi + e.lo : r;
    return e.power > 30 ? scale_f(large, e.power + extra) : r * power2_f(extra);
}

/* ---- Logarithms ---------------------------------------------------------------------------------------------- */

/* (log(1+f) - f)/f^2 to 2^-30 of log(1+f)/f for 1+f in [sqrt(1/2), sqrt(2)). */
INLINE float log1p_tail_f(float f) {
    return POLYNOMIAL_F(f, -0x1p-1f, 0x1.555546p-2f, -0x1.00000ap-2f, 0x1.99a546p-3f, -0x1.555ae4p-3f, 0x1.232cfap-3f,
                        -0x1.fc4dap-4f, 0x1.e7a54ep-4f, -0x1.dd651p-4f, 0x1.11c874p-4f);
}

/* a = 2^exponent (1+f), 1+f in [sqrt(1/2), sqrt(2)), for positive finite a, subnormal ones too. */
INLINE float split_f(float a, float *exponent) {
    bool small = a < 0x1p-126f;
    uint32_t b = float_bits(small ? a * 0x1p23f : a) - 0x3f3504f3;
    int k = (int)b >> 23;
    *exponent = (float)(small ? k - 23 : k);
    return bits_float((b & 0x7fffff) + 0x3f3504f3) - 1;
}

/* exponent * ln(2) + log(1+f). */
INLINE float log_of_f(float f, float exponent) {
    return mad_f(exponent, LN2_HIGH, mad_f(exponent, LN2_LOW, mad_f(f * f, log1p_tail_f(f), f)));
}

/* log(1+x) + more ln(2) for x > -1, finite: near 0 without a loss, where 1+x would drop bits of x; keeps the sign of a zero. */
INLINE float log1p_of_f(float x, float more) {
    bool huge = x >= 0x1p60f;
    int k = (int)(float_bits(1 + x) - 0x3f3504f3) >> 23;
    /* 1/2^k times 1+x, less 1: both terms are exact. */
    float inverse = power2_f(k > 100 ? -100 : k < -30 ? 30 : -k), exponent;
    struct pair_f near = sum_f(x * inverse, inverse - 1);
    float far = split_f(huge ? x : 1, &exponent);
    float n = (huge ? exponent : (float)k) + more, f = huge ? far : near.hi, low = huge ? 0 : near.lo;
    float tail = mad_f(f * f, log1p_tail_f(f), mad_f(low, -f, low));
    return n == 0 ? f + tail : mad_f(n, LN2_HIGH, mad_f(n, LN2_LOW, f + tail));
}

#endif
