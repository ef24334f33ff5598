/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hyperbolic.c: hyperbolic functions and their inverses.
 *
 * libclc's double sinh and cosh index their tables with a converted argument, which is out of bounds for huge values and
 * NaN, so they only get arguments up to where the result is infinite.
 */
#include "library/math/float_core.h"
#include "library/math/libclc.h"

/* ---- float --------------------------------------------------------------------------------------------------- */

/* With m = e^|x| - 1: sinh = (m + m/(m+1))/2. */
float __nv_sinhf(float a)
{
    double x = (double)__builtin_fabsf(a), m = expm1_core(x < 100 ? x : 100);
    float r = __builtin_copysignf((float)(0.5 * (m + m / (m + 1))), a);
    return is_nan_f(a) ? a : r;
}

float __nv_coshf(float a)
{
    double x = (double)__builtin_fabsf(a), e = exp_core(x < 100 ? x : 100);
    return is_nan_f(a) ? a : (float)(0.5 * (e + 1 / e));
}

/* With m = e^2|x| - 1: tanh = m/(m+2), which is 1 from 20 on. */
float __nv_tanhf(float a)
{
    double x = (double)__builtin_fabsf(a), m = expm1_core(2 * (x < 20 ? x : 20));
    float r = __builtin_copysignf((float)(m / (m + 2)), a);
    return is_nan_f(a) ? a : r;
}

/* log(x + sqrt(x^2+1)), as log(1 + (x + x^2/(1 + sqrt(x^2+1)))). */
float __nv_asinhf(float a)
{
    double x = (double)__builtin_fabsf(a), z = x * x;
    double r = log1p_core(x + z / (1 + __builtin_sqrt(z + 1)));
    return __builtin_fabsf(a) < INFINITY_F ? __builtin_copysignf((float)r, a) : a;
}

/* log(x + sqrt(x^2-1)), as log(1 + (t + sqrt(2t + t^2))) with t = x-1. */
float __nv_acoshf(float a)
{
    double t = (double)a - 1;
    float r = (float)log1p_core(t + __builtin_sqrt(t * (t + 2)));
    r = a < INFINITY_F ? r : a;
    return a < 1 ? NAN_F : r;
}

/* log((1+x)/(1-x))/2, as log(1 + 2x/(1-x))/2. */
float __nv_atanhf(float a)
{
    double x = (double)__builtin_fabsf(a);
    float r = (float)(0.5 * log1p_core(2 * x / (1 - x)));
    r = x < 1 ? r : x == 1 ? INFINITY_F : NAN_F;
    return __builtin_copysignf(r, a);
}

/* ---- double -------------------------------------------------------------------------------------------------- */

INLINE double within(double a, double limit)
{
    double x = a < -limit ? -limit : a;
    x = x > limit ? limit : x;
    return is_nan(a) ? 0 : x;
}

double __nv_sinh(double a)
{
    double r = clc_sinh(within(a, 720));
    return is_nan(a) ? a : r;
}

double __nv_cosh(double a)
{
    double r = clc_cosh(within(a, 720));
    return is_nan(a) ? a : r;
}

double __nv_tanh(double a)
{
    double r = clc_tanh(within(a, 30));
    return is_nan(a) ? a : r;
}

double __nv_asinh(double a)
{
    return clc_asinh(a);
}

double __nv_acosh(double a)
{
    return clc_acosh(a);
}

double __nv_atanh(double a)
{
    return clc_atanh(a);
}
