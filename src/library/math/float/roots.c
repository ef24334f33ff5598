/* SPDX-License-Identifier: Apache-2.0 */
/* roots.c: reciprocal cube roots and Euclidean norms without doubles. */
#include "library/math/float/core.h"
#include "library/math/libclc.h"

/* From 1 over the cube root, by one Newton step with an exact remainder; the argument is scaled so that its powers stay in range. */
float __nv_rcbrtf(float a) {
    float x = __builtin_fabsf(a);
    bool large = x > 0x1p60f, small = x < 0x1p-60f;
    float m = x * (large ? 0x1p-60f : small ? 0x1p60f : 1);
    float y = 1 / clc_cbrtf(m);
    struct pair_f p = pair_times_f(pair_times_f(product_f(m, y), y), y);
    float better = mad_f(y * (-1.0f / 3), (p.hi - 1) + p.lo, y) * (large ? 0x1p-20f : small ? 0x1p20f : 1);
    float r = x > 0 && x < INFINITY_F ? better : 1 / x;
    return is_nan_f(a) ? a : __builtin_copysignf(r, a);
}

/* ---- Norms --------------------------------------------------------------------------------------------------- */

/* A power of two that brings the largest magnitude so near to 1 that no square that counts overflows or underflows. */
INLINE float norm_scale_f(float largest) {
    int e = (int)(float_bits(largest) >> 23) - 127;
    e = e < -110 ? -110 : e > 110 ? 110 : e;
    return power2_f(-e);
}

INLINE float larger_f(float a, float b) {
    return a > b ? a : b;
}

INLINE bool is_infinite_f(float a) {
    return __builtin_fabsf(a) == INFINITY_F;
}

struct squares_f {
    float scale;
    struct pair_f sum;
    bool infinite;
};

INLINE struct pair_f add_square(struct pair_f s, float a) {
    struct pair_f p = product_f(a, a), t = sum_f(s.hi, p.hi);
    return sum_ordered_f(t.hi, t.lo + (s.lo + p.lo));
}

/* The sum of the squares of four values times the square of a scale. An infinity wins over NaN (CUDA: hypotf). */
INLINE struct squares_f squares_of(float a, float b, float c, float d) {
    struct squares_f s;
    float m = larger_f(larger_f(__builtin_fabsf(a), __builtin_fabsf(b)), larger_f(__builtin_fabsf(c), __builtin_fabsf(d)));
    float k = s.scale = norm_scale_f(m);
    s.infinite = is_infinite_f(a) || is_infinite_f(b) || is_infinite_f(c) || is_infinite_f(d);
    s.sum = add_square(add_square(add_square(product_f(a * k, a * k), b * k), c * k), d * k);
    return s;
}

INLINE float root_of(struct squares_f s) {
    float r = __builtin_sqrtf(s.sum.hi) / s.scale;
    return s.infinite ? INFINITY_F : r;
}

/* 1/sqrt, with one Newton step for what two roundings leave. */
INLINE float inverse_root_of(struct squares_f s) {
    float r = 1 / __builtin_sqrtf(s.sum.hi);
    struct pair_f p = product_f(r, s.sum.hi);
    float e = __builtin_fmaf(-r, p.hi, 1) - r * mad_f(r, s.sum.lo, p.lo);
    float better = mad_f(0.5f * r, e, r);
    better = r > 0 && r < INFINITY_F ? better : r;
    return s.infinite ? 0 : better * s.scale;
}

float __nv_hypotf(float a, float b) {
    return root_of(squares_of(a, b, 0, 0));
}

float __nv_rhypotf(float a, float b) {
    return inverse_root_of(squares_of(a, b, 0, 0));
}

float __nv_norm3df(float a, float b, float c) {
    return root_of(squares_of(a, b, c, 0));
}

float __nv_rnorm3df(float a, float b, float c) {
    return inverse_root_of(squares_of(a, b, c, 0));
}

float __nv_norm4df(float a, float b, float c, float d) {
    return root_of(squares_of(a, b, c, d));
}

float __nv_rnorm4df(float a, float b, float c, float d) {
    return inverse_root_of(squares_of(a, b, c, d));
}

INLINE struct squares_f squares_of_array(int count, const float *values) {
    struct squares_f s = {0};
    float largest = 0;
    for (int i = 0; i < count; i++) {
        largest = larger_f(__builtin_fabsf(values[i]), largest);
    }
    s.scale = norm_scale_f(largest);
    for (int i = 0; i < count; i++) {
        s.sum = add_square(s.sum, values[i] * s.scale);
    }
    s.infinite = largest == INFINITY_F;
    return s;
}

float __nv_normf(int count, const float *values) {
    return root_of(squares_of_array(count, values));
}

float __nv_rnormf(int count, const float *values) {
    return inverse_root_of(squares_of_array(count, values));
}
