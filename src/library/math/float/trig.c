/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trig.c: circular functions and their inverses without doubles.
 *
 * Arguments are reduced modulo pi/2. Up to 6000 by subtracting multiples of pi/2 in parts of so few bits that the products are exact
 * (Cody and Waite); beyond, behind a branch, by multiplying the significand with a window of the bits of 2/pi in integers (Payne and
 * Hanek). Either way what remains is a sum of two floats.
 */
#include "library/math/float/turn.h"

#define FEW 6000.0f

/* |x| <= FEW, so quarters have 12 bits, as each part of pi/2 but the last. No float of that size is nearer than 2^-26 to a multiple
 * of pi/2; the rest has an error below 2^-51. */
INLINE struct turn_f reduce_few(float x) {
    struct turn_f t;
    float k = nearest_f(x * 0x1.45f306p-1f, &t.quarters);
    float r = mad_f(k, -0x1.fb4p-12f, mad_f(k, -0x1.92p+0f, x));
    struct pair_f s = sum_f(r, k * -0x1.444p-24f);
    t.rest = sum_ordered_f(s.hi, mad_f(k, -0x1.68c234p-39f, s.lo));
    return t;
}

INLINE struct turn_f reduce_f(float x) {
    struct turn_f t = reduce_few(x);
    if (__builtin_fabsf(x) > FEW) {
        t = reduce_many(x);
    }
    return t;
}

/* sin and cos of a reduced argument: (sin(r)/r - 1)/r^2 to 2^-30, (cos(r) - 1 + r^2/2)/r^4 to 2^-33. */
INLINE struct pair_f sine_parts(struct pair_f r) {
    float z = r.hi * r.hi;
    float p = POLYNOMIAL_F(z, -0x1.555556p-3f, 0x1.111166p-7f, -0x1.a04a36p-13f, 0x1.784598p-19f);
    return (struct pair_f){r.hi, mad_f(z * r.hi, p, r.lo)};
}

INLINE struct pair_f cosine_parts(struct pair_f r) {
    float z = r.hi * r.hi, half = 0.5f * z, w = 1 - half;
    float p = POLYNOMIAL_F(z, 0x1.555556p-5f, -0x1.6c1752p-10f, 0x1.a065b6p-16f, -0x1.332626p-22f);
    return (struct pair_f){w, ((1 - w) - half) + mad_f(z * z, p, -r.hi * r.lo)};
}

/* sin (offset 0) or cos (offset 1). */
INLINE float turn_sine(struct turn_f t, int offset) {
    int quarters = t.quarters + offset;
    struct pair_f s = sine_parts(t.rest), c = cosine_parts(t.rest);
    float r = quarters & 1 ? c.hi + c.lo : s.hi + s.lo;
    return quarters & 2 ? -r : r;
}

/* Infinity has no sine: x - x is NaN for it and for NaN. */
INLINE float finite_or_nan_f(float x, float result) {
    return __builtin_fabsf(x) < INFINITY_F ? result : x - x;
}

/* The sine of a zero is that zero, with its sign. */
INLINE float keep_zero_f(float x, float result) {
    return x == 0 ? x : result;
}

float __nv_sinf(float a) {
    return finite_or_nan_f(a, keep_zero_f(a, turn_sine(reduce_f(a), 0)));
}

float __nv_cosf(float a) {
    return finite_or_nan_f(a, turn_sine(reduce_f(a), 1));
}

void __nv_sincosf(float a, float *sine, float *cosine) {
    struct turn_f t = reduce_f(a);
    *sine = finite_or_nan_f(a, keep_zero_f(a, turn_sine(t, 0)));
    *cosine = finite_or_nan_f(a, turn_sine(t, 1));
}

/* With the quotient's rest, from the parts of the divisor and the dividend. */
float __nv_tanf(float a) {
    struct turn_f t = reduce_f(a);
    struct pair_f s = sine_parts(t.rest), c = cosine_parts(t.rest);
    bool odd = t.quarters & 1;
    float over = odd ? -(c.hi + c.lo) : s.hi + s.lo, under = odd ? s.hi + s.lo : c.hi + c.lo;
    return finite_or_nan_f(a, keep_zero_f(a, over / under));
}

/* CUDA's __sinf and __cosf promise little beyond [-pi, pi]. */
INLINE struct turn_f reduce_fast(float a) {
    return reduce_few(__builtin_fabsf(a) < 0x1p22f ? a : 0);
}

float __nv_fast_sinf(float a) {
    return finite_or_nan_f(a, keep_zero_f(a, turn_sine(reduce_fast(a), 0)));
}

float __nv_fast_cosf(float a) {
    return finite_or_nan_f(a, turn_sine(reduce_fast(a), 1));
}

void __nv_fast_sincosf(float a, float *sine, float *cosine) {
    *sine = __nv_fast_sinf(a);
    *cosine = __nv_fast_cosf(a);
}

float __nv_fast_tanf(float a) {
    return __nv_fast_sinf(a) / __nv_fast_cosf(a);
}

/* ---- Of multiples of pi -------------------------------------------------------------------------------------- */

/* sin(pi r) and cos(pi r) for |r| <= 1/4: (sin(pi r)/r - pi)/r^2 to 2^-33 of the sine, (cos(pi r) - 1)/r^2 to 2^-31. pi and r in two
 * parts, the first of 12 bits, so that their product is exact. From 2^24 on all floats are even integers. Where the sine is zero
 * its sign is x's, and the cosine's zeros are positive (CUDA: sinpif, cospif). */
INLINE float sine_of_pi(float x, int offset) {
    float d = __builtin_fabsf(x) < 0x1p24f ? x : 0, n = __builtin_rintf(2 * d), r = mad_f(n, -0.5f, d), z = r * r;
    int quarters = (int)n + offset;
    float high = upper_f(r);
    float tail = z * r * POLYNOMIAL_F(z, -0x1.4abbcep+2f, 0x1.466b82p+1f, -0x1.32b468p-1f, 0x1.4664dp-4f);
    float sine = mad_f(high, 0x1.92p+1f, mad_f(r - high, 0x1.92p+1f, mad_f(r, 0x1.fb5444p-11f, tail)));
    float cosine = mad_f(z, POLYNOMIAL_F(z, -0x1.3bd3ccp+2f, 0x1.03c1b6p+2f, -0x1.55b692p+0f, 0x1.d62638p-3f), 1);
    float s = quarters & 1 ? cosine : sine;
    s = quarters & 2 ? -s : s;
    s = s == 0 ? (offset ? 0 : __builtin_copysignf(0, x)) : s;
    return finite_or_nan_f(x, s);
}

float __nv_sinpif(float a) {
    return sine_of_pi(a, 0);
}

float __nv_cospif(float a) {
    return sine_of_pi(a, 1);
}

void __nv_sincospif(float a, float *sine, float *cosine) {
    *sine = sine_of_pi(a, 0);
    *cosine = sine_of_pi(a, 1);
}

/* ---- Inverses ------------------------------------------------------------------------------------------------ */

/* asin(t) - t for |t| <= 0.575: (asin(t)/t - 1)/t^2 to 2^-31 of asin(t)/t. */
INLINE float asin_tail(float t) {
    float z = t * t;
    return t * z * POLYNOMIAL_F(z, 0x1.55555cp-3f, 0x1.332f4ep-4f, 0x1.6e7bdap-5f, 0x1.df8582p-6f, 0x1.dfede8p-6f, -0x1.597db8p-8f,
                                0x1.8b6f38p-5f);
}

/* asin(|x|) for |x| > 0.57 is pi/2 - 2 asin(sqrt((1 - |x|)/2)), where neither has a larger unit in the last place than the
 * difference; outside [-1, 1] the root is NaN. */
float __nv_asinf(float a) {
    float x = __builtin_fabsf(a);
    bool large = x > 0.57f;
    float t = large ? __builtin_sqrtf(mad_f(x, -0.5f, 0.5f)) : x, tail = asin_tail(t);
    float r = large ? HALF_PI_F - (2 * (t + tail) - HALF_PI_LOW_F) : t + tail;
    return __builtin_copysignf(r, a);
}

float __nv_acosf(float a) {
    float x = __builtin_fabsf(a);
    bool large = x > 0.57f;
    float t = large ? __builtin_sqrtf(mad_f(x, -0.5f, 0.5f)) : a, tail = asin_tail(t);
    float inner = a < 0 ? PI_F - (2 * (t + tail) - PI_LOW_F) : 2 * (t + tail);
    return large ? inner : HALF_PI_F - (t + (tail - HALF_PI_LOW_F));
}

/* atan(t) for 0 <= t <= 1: (atan(t)/t - 1)/t^2 to 2^-28 of atan(t)/t. */
INLINE float atan_of(float t) {
    float z = t * t;
    float p = POLYNOMIAL_F(z, -0x1.55554p-2f, 0x1.999244p-3f, -0x1.2423dap-3f, 0x1.c0aa64p-4f, -0x1.58573ep-4f, 0x1.db1d92p-5f,
                           -0x1.ff40c4p-6f, 0x1.65eddep-7f, -0x1.d66908p-10f);
    return mad_f(t * z, p, t);
}

float __nv_atanf(float a) {
    float x = __builtin_fabsf(a);
    bool large = x > 1;
    float r = atan_of(large ? 1 / x : x);
    r = large ? HALF_PI_F - (r - HALF_PI_LOW_F) : r;
    return __builtin_copysignf(r, a);
}

/* |y/x|'s angle or its complement, added to a multiple of pi/2. Equal operands include two zeros, whose angle is 0, and two infinities. */
float __nv_atan2f(float y, float x) {
    float ax = __builtin_fabsf(x), ay = __builtin_fabsf(y);
    bool steep = ay > ax, left = sign_set_f(x);
    float low = steep ? ax : ay, high = steep ? ay : ax;
    float r = low == high ? (low == 0 ? 0 : 0x1.921fb6p-1f) : atan_of(low / high);
    float base = steep ? HALF_PI_F : left ? PI_F : 0, base_low = steep ? HALF_PI_LOW_F : left ? PI_LOW_F : 0;
    float angle = __builtin_copysignf(base + (base_low + (steep == left ? r : -r)), y);
    angle = steep || left ? angle : __builtin_copysignf(r, y);
    return is_nan_f(x) || is_nan_f(y) ? x + y : angle;
}
