/* SPDX-License-Identifier: Apache-2.0 */
/* hyperbolic.c: hyperbolic functions and their inverses. */
#include "library/math/double_core.h"
#include "library/math/libclc.h"

/* ---- float --------------------------------------------------------------------------------------------------- */

/* With m = e^|x| - 1: sinh = (m + m/(m+1))/2. */
float __nv_sinhf(float a) {
    double x = (double)__builtin_fabsf(a), m = expm1_core(x < 100 ? x : 100);
    float r = __builtin_copysignf((float)(0.5 * (m + m / (m + 1))), a);
    return is_nan_f(a) ? a : r;
}

float __nv_coshf(float a) {
    double x = (double)__builtin_fabsf(a), e = exp_core(x < 100 ? x : 100);
    return is_nan_f(a) ? a : (float)(0.5 * (e + 1 / e));
}

/* With m = e^2|x| - 1: tanh = m/(m+2), which is 1 from 20 on. */
float __nv_tanhf(float a) {
    double x = (double)__builtin_fabsf(a), m = expm1_core(2 * (x < 20 ? x : 20));
    float r = __builtin_copysignf((float)(m / (m + 2)), a);
    return is_nan_f(a) ? a : r;
}

/* log(x + sqrt(x^2+1)), as log(1 + (x + x^2/(1 + sqrt(x^2+1)))). */
float __nv_asinhf(float a) {
    double x = (double)__builtin_fabsf(a), z = x * x;
    double r = log1p_core(x + z / (1 + __builtin_sqrt(z + 1)));
    return __builtin_fabsf(a) < INFINITY_F ? __builtin_copysignf((float)r, a) : a;
}

/* log(x + sqrt(x^2-1)), as log(1 + (t + sqrt(2t + t^2))) with t = x-1. */
float __nv_acoshf(float a) {
    double t = (double)a - 1;
    float r = (float)log1p_core(t + __builtin_sqrt(t * (t + 2)));
    r = a < INFINITY_F ? r : a;
    return a < 1 ? NAN_F : r;
}

/* log((1+x)/(1-x))/2, as log(1 + 2x/(1-x))/2. */
float __nv_atanhf(float a) {
    double x = (double)__builtin_fabsf(a);
    float r = (float)(0.5 * log1p_core(2 * x / (1 - x)));
    r = x < 1 ? r : x == 1 ? INFINITY_F : NAN_F;
    return __builtin_copysignf(r, a);
}

/* ---- double -------------------------------------------------------------------------------------------------- */

/* From 22 on e^-x no longer shows in e^x + e^-x. */
INLINE double half_exp(double x) {
    struct exponential e = exp_pair(x < 720 ? x : 720, 0);
    struct pair s = exp_significand(e);
    return scale(s.hi + s.lo, e.power - 1);
}

INLINE struct pair plus(struct pair a, double b) {
    struct pair s = sum(a.hi, b);
    return sum_ordered(s.hi, s.lo + a.lo);
}

/* With m = e^|x| - 1: sinh = (m + m/(m+1))/2. */
double __nv_sinh(double a) {
    double x = __builtin_fabs(a);
    struct pair m = expm1_pair(x < 22 ? x : 22), q = pair_quotient(m, plus(m, 1)), s = pair_sum(m, q);
    double r = __builtin_copysign(x < 22 ? 0.5 * (s.hi + s.lo) : half_exp(x), a);
    return is_nan(a) || a == 0 ? a : r;
}

double __nv_cosh(double a) {
    double x = __builtin_fabs(a);
    struct pair e = plus(expm1_pair(x < 22 ? x : 22), 1), s = pair_sum(e, pair_quotient((struct pair){1, 0}, e));
    double r = x < 22 ? 0.5 * (s.hi + s.lo) : half_exp(x);
    return is_nan(a) ? a : r;
}

/* With m = e^2|x| - 1: tanh = m/(m+2). */
double __nv_tanh(double a) {
    double x = __builtin_fabs(a);
    struct pair m = expm1_pair(2 * (x < 22 ? x : 22)), q = pair_quotient(m, plus(m, 2));
    double r = __builtin_copysign(q.hi + q.lo, a);
    return is_nan(a) || a == 0 ? a : r;
}

double __nv_asinh(double a) {
    return clc_asinh(a);
}

double __nv_acosh(double a) {
    return clc_acosh(a);
}

double __nv_atanh(double a) {
    return clc_atanh(a);
}
