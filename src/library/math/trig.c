/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trig.c: circular functions and their inverses.
 *
 * Arguments are reduced modulo pi/2 first. For floats in double and without a branch, whatever their size: the lowest bit of
 * a float has one of few weights, for each of which 2/pi times it, modulo 4, is in a table (Payne and Hanek's idea). For
 * doubles up to 2^20 by subtracting multiples of pi/2 in parts (Cody and Waite), beyond in libclc's way, out of line.
 */
#include "library/math/float_core.h"
#include "library/math/libclc.h"
#include "library/math/two_over_pi.h"

/* x = quarters * pi/2 + rest, |rest| <= pi/4 (a little more by rounding); quarters modulo 4 count. */
struct turn {
    double rest;
    int quarters;
};

/* Without a table: for |x| < 2^20. From there to 2^30 it loses accuracy, and beyond it gives 0. pi/2 in two parts, the first
 * of 33 bits. */
INLINE struct turn reduce_fast(float x) {
    double d = (double)x;
    d = __builtin_fabs(d) < 0x1p30 ? d : 0;
    struct turn t;
    double k = nearest(d * 0x1.45f306dc9c883p-1, &t.quarters);
    t.rest = mad(k, -0x1.0b4611a626331p-34, mad(k, -0x1.921fb544p+0, d));
    return t;
}

/* x = m * 2^e with an integer m of up to 24 bits, or a smaller m where the table ends. No float is nearer than 2^-30 to a
 * multiple of pi/2; the rest has an error below 2^-56. */
INLINE struct turn reduce(float x) {
    int exponent = (int)(float_bits(x) >> 23 & 255);
    exponent = exponent < 100 ? 100 : exponent > 254 ? 254 : exponent;
    double m = (double)x * power2(150 - exponent);
    double whole = m * two_over_pi[exponent - 100].multiple, small = m * two_over_pi[exponent - 100].rest;
    struct turn t;
    double k = nearest(whole + small, &t.quarters);
    t.rest = ((whole - k) + small) * (PI / 2);
    return t;
}

/* sin (offset 0) or cos (offset 1) from a reduced argument; in float from here: (sin(r)/r - 1)/r^2 to 2^-28,
 * (cos(r) - 1 + r^2/2)/r^4 to 2^-33. */
INLINE float turn_sin(struct turn t, int offset) {
    int quarters = t.quarters + offset;
    float r = (float)t.rest, z = r * r;
    float ps = POLYNOMIAL_F(z, -0x1.555546p-3f, 0x1.11075cp-7f, -0x1.994cfap-13f);
    float pc = POLYNOMIAL_F(z, 0x1.55554ap-5f, -0x1.6c0c86p-10f, 0x1.9a00cep-16f);
    float s = mad_f(r * z, ps, r), c = mad_f(z * z, pc, mad_f(z, -0.5f, 1));
    float result = quarters & 1 ? c : s;
    return quarters & 2 ? -result : result;
}

/* Infinity has no sine: x - x is NaN for it and for NaN. */
INLINE float finite_or_nan(float x, float result) {
    return __builtin_fabsf(x) < INFINITY_F ? result : x - x;
}

/* The sine of a zero is that zero, with its sign. */
INLINE float sine_of(float x, struct turn t) {
    float r = turn_sin(t, 0);
    r = x == 0 ? x : r;
    return finite_or_nan(x, r);
}

INLINE float cosine_of(float x, struct turn t) {
    return finite_or_nan(x, turn_sin(t, 1));
}

float __nv_sinf(float a) {
    return sine_of(a, reduce(a));
}

float __nv_cosf(float a) {
    return cosine_of(a, reduce(a));
}

void __nv_sincosf(float a, float *sine, float *cosine) {
    struct turn t = reduce(a);
    *sine = sine_of(a, t);
    *cosine = cosine_of(a, t);
}

/* CUDA's __sinf and __cosf promise little beyond [-pi, pi], so that the table is not needed. */
float __nv_fast_sinf(float a) {
    return sine_of(a, reduce_fast(a));
}

float __nv_fast_cosf(float a) {
    return cosine_of(a, reduce_fast(a));
}

void __nv_fast_sincosf(float a, float *sine, float *cosine) {
    struct turn t = reduce_fast(a);
    *sine = sine_of(a, t);
    *cosine = cosine_of(a, t);
}

float __nv_tanf(float a) {
    struct turn t = reduce(a);
    double s = sin_reduced(t.rest), c = cos_reduced(t.rest);
    bool odd = t.quarters & 1;
    float r = (float)((odd ? -c : s) / (odd ? s : c));
    r = a == 0 ? a : r;
    return finite_or_nan(a, r);
}

/* ---- Of multiples of pi, float ------------------------------------------------------------------------------- */

/* sin(pi x) (offset 0) or cos(pi x) (offset 1). From 2^24 on all floats are even integers. Where the sine is zero its
 * sign is x's, and the cosine's zeros are positive (CUDA: sinpif, cospif). */
INLINE float sin_of_pi(float x, int offset) {
    double d = (double)x;
    d = __builtin_fabs(d) < 0x1p24 ? d : 0;
    struct turn t;
    double k = nearest(2 * d, &t.quarters);
    double rest = mad(k, -0.5, d) * PI;
    int quarters = t.quarters + offset;
    double r = quarters & 1 ? cos_reduced(rest) : sin_reduced(rest);
    r = quarters & 2 ? -r : r;
    r = r == 0 ? (offset ? 0 : __builtin_copysign(0, (double)x)) : r;
    return finite_or_nan(x, (float)r);
}

float __nv_sinpif(float a) {
    return sin_of_pi(a, 0);
}

float __nv_cospif(float a) {
    return sin_of_pi(a, 1);
}

void __nv_sincospif(float a, float *sine, float *cosine) {
    *sine = sin_of_pi(a, 0);
    *cosine = sin_of_pi(a, 1);
}

/* ---- Inverses, float ----------------------------------------------------------------------------------------- */

/* asin(|x|) for |x| > 1/2 is pi/2 - 2 asin(sqrt((1 - |x|)/2)); outside [-1, 1] the root is NaN. */
float __nv_asinf(float a) {
    double x = (double)__builtin_fabsf(a);
    bool large = x > 0.5;
    double t = large ? __builtin_sqrt((1 - x) * 0.5) : x, r = asin_reduced(t);
    return __builtin_copysignf((float)(large ? mad(r, -2, PI / 2) : r), a);
}

float __nv_acosf(float a) {
    double x = (double)a, ax = __builtin_fabs(x);
    bool large = ax > 0.5;
    double t = large ? __builtin_sqrt((1 - ax) * 0.5) : x, r = asin_reduced(t);
    double inner = a < 0 ? mad(r, -2, PI) : 2 * r;
    return (float)(large ? inner : PI / 2 - r);
}

float __nv_atanf(float a) {
    double x = (double)__builtin_fabsf(a);
    bool large = x > 1;
    double r = atan_reduced(large ? 1 / x : x);
    return __builtin_copysignf((float)(large ? PI / 2 - r : r), a);
}

float __nv_atan2f(float y, float x) {
    double ax = (double)__builtin_fabsf(x), ay = (double)__builtin_fabsf(y);
    bool steep = ay > ax;
    double low = steep ? ax : ay, high = steep ? ay : ax;
    /* Equal operands include two zeros, whose angle is 0, and two infinities, whose angle is pi/4. */
    double t = low == high ? (low == 0 ? 0 : 1) : low / high;
    double r = atan_reduced(t);
    r = steep ? PI / 2 - r : r;
    r = sign_set_f(x) ? PI - r : r;
    float angle = __builtin_copysignf((float)r, y);
    return is_nan_f(x) || is_nan_f(y) ? x + y : angle;
}

/* ---- double -------------------------------------------------------------------------------------------------- */

/* Beyond 2^20 libclc's Payne and Hanek reduction; its results are good to 1.2 ulps. */
SLOW double sin_large(double x) {
    return clc_sin(x);
}

SLOW double cos_large(double x) {
    return clc_cos(x);
}

SLOW double tan_large(double x) {
    return clc_tan(x);
}

/* The rest of x modulo pi/2, |rest| <= pi/4 (a little more by rounding), as an unevaluated sum. */
struct turn_pair {
    struct pair rest;
    int quarters;
};

/* |x| <= 2^20. pi/2 in four parts: the first three have 33 bits or less, so that their multiples are exact, and the sums with
 * them lose nothing where the rest is small. */
INLINE struct turn_pair reduce_pair(double x) {
    struct turn_pair t;
    double k = nearest(x * 0x1.45f306dc9c883p-1, &t.quarters);
    struct pair s = sum(x - k * 0x1.921fb544p+0, -k * 0x1.0b4611a6p-34), u = sum(s.hi, -k * 0x1.3198a2ep-69);
    t.rest = sum_ordered(u.hi, u.lo + (s.lo - k * 0x1.b839a252049c1p-104));
    return t;
}

INLINE bool is_large(double x) {
    return __builtin_fabs(x) > 0x1p20 && __builtin_fabs(x) < INFINITY_D;
}

/* As sums of a large and a small term: (sin(r)/r - 1)/r^2 to 2^-57, (cos(r) - 1 + r^2/2)/r^4 to 2^-64. */
INLINE struct pair sin_pair(struct pair r) {
    double z = r.hi * r.hi;
    double p = POLYNOMIAL(z, -0x1.5555555555549p-3, 0x1.111111110f842p-7, -0x1.a01a019c0a293p-13, 0x1.71de3570fdcfdp-19,
                          -0x1.ae5e60c4e93b6p-26, 0x1.5d915e2ef2287p-33);
    return (struct pair){r.hi, mad(z * r.hi, p, r.lo * mad(z, -0.5, 1))};
}

INLINE struct pair cos_pair(struct pair r) {
    double z = r.hi * r.hi, w = 1 - 0.5 * z;
    double p = POLYNOMIAL(z, 0x1.555555555554cp-5, -0x1.6c16c16c15140p-10, 0x1.a01a019cab74cp-16,
                          -0x1.27e4f805342dap-22, 0x1.1ee9e8910c4a3p-29, -0x1.8facd18709329p-37);
    return (struct pair){w, ((1 - w) - 0.5 * z) + mad(z * z, p, -r.hi * r.lo)};
}

/* sin (offset 0) or cos (offset 1). */
INLINE double turn_pair_sin(struct turn_pair t, int offset) {
    int quarters = t.quarters + offset;
    struct pair s = sin_pair(t.rest), c = cos_pair(t.rest);
    double r = quarters & 1 ? c.hi + c.lo : s.hi + s.lo;
    return quarters & 2 ? -r : r;
}

INLINE double finite_or_nan_d(double x, double result) {
    return is_finite(x) ? result : x - x;
}

/* The sine of a zero is that zero, with its sign. */
INLINE double keep_zero(double x, double result) {
    return x == 0 ? x : result;
}

double __nv_sin(double a) {
    double r = turn_pair_sin(reduce_pair(a), 0);
    if (is_large(a)) {
        r = sin_large(a);
    }
    return finite_or_nan_d(a, keep_zero(a, r));
}

double __nv_cos(double a) {
    double r = turn_pair_sin(reduce_pair(a), 1);
    if (is_large(a)) {
        r = cos_large(a);
    }
    return finite_or_nan_d(a, r);
}

void __nv_sincos(double a, double *sine, double *cosine) {
    struct turn_pair t = reduce_pair(a);
    double s = turn_pair_sin(t, 0), c = turn_pair_sin(t, 1);
    if (is_large(a)) {
        s = sin_large(a);
        c = cos_large(a);
    }
    *sine = finite_or_nan_d(a, keep_zero(a, s));
    *cosine = finite_or_nan_d(a, c);
}

double __nv_tan(double a) {
    struct turn_pair t = reduce_pair(a);
    struct pair s = sin_pair(t.rest), c = cos_pair(t.rest);
    bool odd = t.quarters & 1;
    struct pair over = {odd ? -c.hi : s.hi, odd ? -c.lo : s.lo}, under = {odd ? s.hi : c.hi, odd ? s.lo : c.lo};
    struct pair q = pair_quotient(over, sum_ordered(under.hi, under.lo));
    double r = q.hi + q.lo;
    if (is_large(a)) {
        r = tan_large(a);
    }
    return finite_or_nan_d(a, keep_zero(a, r));
}

/* From 2^53 on all doubles are even integers. Zeros as in the float versions. */
INLINE double sin_of_pi_d(double x, int offset) {
    double a = __builtin_fabs(x) < 0x1p53 ? x : 0;
    double k = __builtin_rint(2 * a), r = a - 0.5 * k;
    struct turn_pair t;
    t.quarters = (int)(int64_t)k;
    t.rest = product(r, PI);
    t.rest.lo += r * PI_LOW;
    double result = turn_pair_sin(t, offset);
    result = result == 0 ? (offset ? 0 : __builtin_copysign(0, x)) : result;
    return finite_or_nan_d(x, result);
}

double __nv_sinpi(double a) {
    return sin_of_pi_d(a, 0);
}

double __nv_cospi(double a) {
    return sin_of_pi_d(a, 1);
}

void __nv_sincospi(double a, double *sine, double *cosine) {
    *sine = __nv_sinpi(a);
    *cosine = __nv_cospi(a);
}

double __nv_asin(double a) {
    return keep_zero(a, clc_asin(a));
}

double __nv_acos(double a) {
    return clc_acos(a);
}

double __nv_atan(double a) {
    return keep_zero(a, clc_atan(a));
}

double __nv_atan2(double y, double x) {
    return clc_atan2(y, x);
}
