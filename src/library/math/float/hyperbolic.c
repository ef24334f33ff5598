/* SPDX-License-Identifier: Apache-2.0 */
/* hyperbolic.c: hyperbolic functions and their inverses without doubles. */
#include "library/math/float/core.h"

/* With m = e^|x| - 1: sinh = (m + m/(m+1))/2, which is m/2 where m is large. */
float __nv_sinhf(float a) {
    float x = __builtin_fabsf(a), m = expm1_scaled_f(x < 92 ? x : 92, -1);
    float r = x < 20 ? m + m / mad_f(m, 2, 1) : m;
    r = __builtin_copysignf(x < 0x1p-12f ? x : r, a);
    return is_nan_f(a) ? a : r;
}

/* Half of e^x + e^-x. */
float __nv_coshf(float a) {
    float x = __builtin_fabsf(a), e = exp_scaled_f(x < 92 ? x : 92, 0, -1);
    return is_nan_f(a) ? a : e + 0.25f / e;
}

/* (tanh(x)/x - 1)/x^2 to 2^-29 of tanh(x)/x up to 0.55; from there 1 - 2/(e^2x + 1), which is 1 from 10 on. */
float __nv_tanhf(float a) {
    float x = __builtin_fabsf(a), z = x * x;
    float p = POLYNOMIAL_F(z, -0x1.55554ap-2f, 0x1.110dp-3f, -0x1.b92358p-5f, 0x1.5918a4p-6f, -0x1.9a79bap-8f);
    float large = 1 - 2 / (exp_scaled_f(2 * (x < 10 ? x : 10), 0, 0) + 1);
    float r = __builtin_copysignf(x < 0.55f ? mad_f(x * z, p, x) : large, a);
    return is_nan_f(a) ? a : r;
}

/* log(x + sqrt(x^2+1)), as log(1 + (x + x^2/(1 + sqrt(x^2+1)))); log(2x) where the 1 no longer shows. */
float __nv_asinhf(float a) {
    float x = __builtin_fabsf(a), near = x < 0x1p60f ? x : 0, z = near * near;
    float inner = near + z / (1 + __builtin_sqrtf(z + 1));
    float r = log1p_of_f(x < 0x1p60f ? inner : x, x < 0x1p60f ? 0 : 1);
    r = __builtin_copysignf(x < 0x1p-12f ? x : r, a);
    return __builtin_fabsf(a) < INFINITY_F ? r : a;
}

/* log(x + sqrt(x^2-1)), as log(1 + (t + sqrt(2t + t^2))) with t = x-1. */
float __nv_acoshf(float a) {
    float t = (a < 0x1p60f ? a : 1) - 1;
    float inner = t + __builtin_sqrtf(mad_f(t, t, 2 * t));
    float r = log1p_of_f(a < 0x1p60f ? inner : a, a < 0x1p60f ? 0 : 1);
    r = a < INFINITY_F ? r : a;
    return a < 1 ? NAN_F : r;
}

/* log((1+x)/(1-x))/2, as log(1 + 2x/(1-x))/2. */
float __nv_atanhf(float a) {
    float x = __builtin_fabsf(a);
    float r = 0.5f * log1p_of_f(2 * x / (1 - x), 0);
    r = x < 0x1p-12f ? x : r;
    r = x < 1 ? r : x == 1 ? INFINITY_F : NAN_F;
    return __builtin_copysignf(r, a);
}
