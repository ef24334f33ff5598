/* SPDX-License-Identifier: Apache-2.0 */
/* roots.c: square and cube roots, their reciprocals, Euclidean norms. */
#include "library/math/device.h"
#include "library/math/libclc.h"

float __nv_sqrtf(float a) {
    return __builtin_sqrtf(a);
}

double __nv_sqrt(double a) {
    return __builtin_sqrt(a);
}

float __nv_rsqrtf(float a) {
    return 1 / __builtin_sqrtf(a);
}

/* 1/sqrt(a) rounds twice; one Newton step with an exact remainder leaves little more than one rounding. */
double __nv_rsqrt(double a) {
    double r = 1 / __builtin_sqrt(a);
    struct pair p = product(r, a);
    double e = fma_d(-r, p.hi, 1) - r * p.lo;
    double better = fma_d(0.5 * r, e, r);
    return a > 0 && a < INFINITY_D ? better : r;
}

float __nv_cbrtf(float a) {
    return clc_cbrtf(a);
}

double __nv_cbrt(double a) {
    return clc_cbrt(a);
}

float __nv_rcbrtf(float a) {
    return (float)(1 / clc_cbrt((double)a));
}

double __nv_rcbrt(double a) {
    double r = 1 / clc_cbrt(a);
    /* a r^3 - 1 in an order that neither overflows nor underflows. */
    struct pair p = pair_times(pair_times(product(a, r), r), r);
    double better = fma_d(r * (-1.0 / 3), (p.hi - 1) + p.lo, r);
    double x = __builtin_fabs(a);
    return x > 0 && x < INFINITY_D ? better : r;
}

/* ---- Norms, float -------------------------------------------------------------------------------------------- */

/* Squares of floats neither overflow nor underflow in double. An infinity wins over NaN (CUDA: hypotf). */
INLINE float root_of_squares(double sum_of_squares, bool infinite) {
    return infinite ? INFINITY_F : (float)__builtin_sqrt(sum_of_squares);
}

INLINE float inverse_of_squares(double sum_of_squares, bool infinite) {
    return infinite ? 0 : (float)(1 / __builtin_sqrt(sum_of_squares));
}

INLINE bool is_infinite_f(float a) {
    return __builtin_fabsf(a) == INFINITY_F;
}

INLINE double square(float a) {
    return (double)a * (double)a;
}

float __nv_hypotf(float a, float b) {
    return root_of_squares(square(a) + square(b), is_infinite_f(a) || is_infinite_f(b));
}

float __nv_rhypotf(float a, float b) {
    return inverse_of_squares(square(a) + square(b), is_infinite_f(a) || is_infinite_f(b));
}

float __nv_norm3df(float a, float b, float c) {
    return root_of_squares(square(a) + square(b) + square(c), is_infinite_f(a) || is_infinite_f(b) || is_infinite_f(c));
}

float __nv_rnorm3df(float a, float b, float c) {
    return inverse_of_squares(square(a) + square(b) + square(c),
                              is_infinite_f(a) || is_infinite_f(b) || is_infinite_f(c));
}

float __nv_norm4df(float a, float b, float c, float d) {
    return root_of_squares((square(a) + square(b)) + (square(c) + square(d)),
                           is_infinite_f(a) || is_infinite_f(b) || is_infinite_f(c) || is_infinite_f(d));
}

float __nv_rnorm4df(float a, float b, float c, float d) {
    return inverse_of_squares((square(a) + square(b)) + (square(c) + square(d)),
                              is_infinite_f(a) || is_infinite_f(b) || is_infinite_f(c) || is_infinite_f(d));
}

float __nv_normf(int count, const float *values) {
    double s = 0;
    bool infinite = false;
    for (int i = 0; i < count; i++) {
        s += square(values[i]);
        infinite |= is_infinite_f(values[i]);
    }
    return root_of_squares(s, infinite);
}

float __nv_rnormf(int count, const float *values) {
    double s = 0;
    bool infinite = false;
    for (int i = 0; i < count; i++) {
        s += square(values[i]);
        infinite |= is_infinite_f(values[i]);
    }
    return inverse_of_squares(s, infinite);
}

/* ---- Norms, double ------------------------------------------------------------------------------------------- */

/* A power of two that brings the largest magnitude near 1 (1 for zeros, infinities and NaN), kept within what can be
 * undone in one step. */
INLINE double norm_scale(double largest) {
    int e = (int)(double_bits(largest) >> 52) - 1023;
    e = e < -1000 ? -1000 : e > 1000 ? 1000 : e;
    return power2(-e);
}

INLINE double larger(double a, double b) {
    return a > b ? a : b;
}

/* sqrt(s) and 1/sqrt(s) of a sum in two parts, corrected once. */
INLINE double pair_root(struct pair s) {
    double r = __builtin_sqrt(s.hi);
    double better = r + (fma_d(-r, r, s.hi) + s.lo) / (2 * r);
    return r > 0 && r < INFINITY_D ? better : r;
}

INLINE double pair_inverse_root(struct pair s) {
    double r = 1 / __builtin_sqrt(s.hi);
    struct pair p = product(r, s.hi);
    double e = fma_d(-r, p.hi, 1) - r * (p.lo + r * s.lo);
    double better = fma_d(0.5 * r, e, r);
    return r > 0 && r < INFINITY_D ? better : r;
}

/* The sum of the squares of four values times the square of a scale. */
INLINE struct pair squares(double a, double b, double c, double d, double *scale_out) {
    a = __builtin_fabs(a);
    b = __builtin_fabs(b);
    c = __builtin_fabs(c);
    d = __builtin_fabs(d);
    double k = *scale_out = norm_scale(larger(larger(a, b), larger(c, d)));
    a *= k;
    b *= k;
    c *= k;
    d *= k;
    return pair_sum(pair_sum(product(a, a), product(b, b)), pair_sum(product(c, c), product(d, d)));
}

INLINE bool any_infinite(double a, double b, double c, double d) {
    return __builtin_fabs(a) == INFINITY_D || __builtin_fabs(b) == INFINITY_D || __builtin_fabs(c) == INFINITY_D ||
           __builtin_fabs(d) == INFINITY_D;
}

INLINE double norm(double a, double b, double c, double d) {
    double k;
    struct pair s = squares(a, b, c, d, &k);
    double r = pair_root(s) / k;
    return any_infinite(a, b, c, d) ? INFINITY_D : r;
}

INLINE double inverse_norm(double a, double b, double c, double d) {
    double k;
    struct pair s = squares(a, b, c, d, &k);
    double r = pair_inverse_root(s) * k;
    return any_infinite(a, b, c, d) ? 0 : r;
}

double __nv_hypot(double a, double b) {
    return norm(a, b, 0, 0);
}

double __nv_rhypot(double a, double b) {
    return inverse_norm(a, b, 0, 0);
}

double __nv_norm3d(double a, double b, double c) {
    return norm(a, b, c, 0);
}

double __nv_rnorm3d(double a, double b, double c) {
    return inverse_norm(a, b, c, 0);
}

double __nv_norm4d(double a, double b, double c, double d) {
    return norm(a, b, c, d);
}

double __nv_rnorm4d(double a, double b, double c, double d) {
    return inverse_norm(a, b, c, d);
}

INLINE struct pair array_squares(int count, const double *values, double *scale_out, bool *infinite) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
        largest = larger(__builtin_fabs(values[i]), largest);
    }
    double k = *scale_out = norm_scale(largest);
    struct pair s = {0, 0};
    for (int i = 0; i < count; i++) {
        s = pair_sum(s, product(values[i] * k, values[i] * k));
    }
    *infinite = largest == INFINITY_D;
    return s;
}

double __nv_norm(int count, const double *values) {
    double k;
    bool infinite;
    struct pair s = array_squares(count, values, &k, &infinite);
    double r = pair_root(s) / k;
    return infinite ? INFINITY_D : r;
}

double __nv_rnorm(int count, const double *values) {
    double k;
    bool infinite;
    struct pair s = array_squares(count, values, &k, &infinite);
    double r = pair_inverse_root(s) * k;
    return infinite ? 0 : r;
}
