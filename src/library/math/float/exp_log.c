/* SPDX-License-Identifier: Apache-2.0 */
/* exp_log.c: exponentials, logarithms and powers without doubles. */
#include "library/math/float/core.h"

float __nv_expm1f(float a) {
    float r = expm1_scaled_f(clamp_f(a, -30, 90), 0);
    return a == 0 ? a : r;
}

/* ---- Logarithms ---------------------------------------------------------------------------------------------- */

/* The logarithm of zeros, negative values, infinities and NaN; else the result. */
INLINE float log_or_special_f(float a, float result) {
    float special = a == 0 ? -INFINITY_F : a < 0 ? NAN_F : a;
    return a > 0 && a < INFINITY_F ? result : special;
}

float __nv_logf(float a) {
    float exponent, f = split_f(a, &exponent);
    return log_or_special_f(a, log_of_f(f, exponent));
}

/* log(1+f) times a constant c, as an exact product of upper halves and the rest, plus `whole`. */
INLINE float scaled_log_f(float f, float c, float c_low, float whole, float whole_low) {
    float high = upper_f(f), low = mad_f(f * f, log1p_tail_f(f), f - high);
    float p = high * c, rest = mad_f(low, c, mad_f(high + low, c_low, whole_low));
    struct pair_f s = sum_f(whole, p);
    return s.hi + (s.lo + rest);
}

/* log2(e) and log10(e) in two parts, the first of 12 bits; log10(2) likewise, of 11. */
float __nv_log2f(float a) {
    float exponent, f = split_f(a, &exponent);
    return log_or_special_f(a, scaled_log_f(f, 0x1.714p+0f, 0x1.47652cp-12f, exponent, 0));
}

float __nv_log10f(float a) {
    float exponent, f = split_f(a, &exponent);
    return log_or_special_f(a, scaled_log_f(f, 0x1.bcap-2f, 0x1.7b1526p-14f, exponent * 0x1.344p-2f, exponent * 0x1.3509f8p-18f));
}

float __nv_log1pf(float a) {
    float r = log1p_of_f(a, 0);
    r = a < INFINITY_F ? r : a;
    r = a <= -1 ? NAN_F : r;
    r = a == 0 ? a : r;
    return a == -1 ? -INFINITY_F : r;
}

/* ---- Powers -------------------------------------------------------------------------------------------------- */

/* log2(x) for positive finite x to about 2^-32, in two parts, the first of 12 bits. x = 2^k m with m in [sqrt(1/2), sqrt(2)), and
 * log(m) = 2 atanh(s) = 2/3 s (3 + s^2 + s^4 P(s^2)) with s = (m-1)/(m+1); P to 2^-25 of it. Each factor is cut to 12 bits and the rest
 * carried along, so that no product that counts is rounded. */
INLINE struct pair_f log2_pair_f(float x) {
    bool small = x < 0x1p-126f;
    uint32_t b = float_bits(small ? x * 0x1p23f : x) - 0x3f3504f3;
    int k = (int)b >> 23;
    float n = (float)(small ? k - 23 : k), m = bits_float((b & 0x7fffff) + 0x3f3504f3), f = m - 1;
    float d = m + 1, d_high = upper_f(d), d_low = m - (d_high - 1), inverse = 1 / d, s = f * inverse;
    float s_high = upper_f(s), s_low = (mad_f(-s_high, d_high, f) - s_high * d_low) * inverse;
    float z = s * s, z_high = s_high * s_high;
    float p = POLYNOMIAL_F(z, 0x1.333334p-1f, 0x1.b6d9d6p-2f, 0x1.559ed4p-2f, 0x1.1aa1e8p-2f);
    float r = mad_f(z * z, p, s_low * (s_high + s)), t_high = upper_f(3 + z_high + r);
    float t_low = r - ((t_high - 3) - z_high);
    float u = s_high * t_high, v = mad_f(s_low, t_high, t_low * s), w_high = upper_f(u + v), w_low = v - (w_high - u);
    float l_high = w_high * 0x1.ec6p-1f, l_low = mad_f(w_high, 0x1.09dc3ap-13f, w_low * 0x1.ec709ep-1f);
    float high = upper_f(n + (l_high + l_low));
    return (struct pair_f){high, l_low - ((high - n) - l_high)};
}

/* 2^(x+low) for |x| <= 200: (2^r - 1)/r to 2^-29 on |r| <= 1/2. */
INLINE float exp2_pair_f(float x, float low) {
    int k;
    float r = (x - nearest_f(x, &k)) + low;
    float p =
        POLYNOMIAL_F(r, 0x1.62e43p-1f, 0x1.ebfbdcp-3f, 0x1.c6aee6p-5f, 0x1.3b2d5p-7f, 0x1.5f3f3p-10f, 0x1.41fb2ep-13f);
    return scale_f(mad_f(r, p, 1), k);
}

/* C's rules for pow (C17 F.10.4.4); y = y.hi + y.lo, an integer and odd as told. */
INLINE float power_of_f(float x, struct pair_f y, bool integer, bool odd) {
    float ax = __builtin_fabsf(x), ay = __builtin_fabsf(y.hi);
    struct pair_f l = log2_pair_f(ax);
    l.hi = ax == 0 ? -INFINITY_F : ax < INFINITY_F ? l.hi : ax;
    float y_high = ay < 0x1p-100f ? y.hi : upper_f(y.hi), product = y_high * l.hi, t = clamp_f(product, -200, 200);
    float low = mad_f(y.hi, l.lo, ((y.hi - y_high) + y.lo) * l.hi);
    float r = exp2_pair_f(t, t == product ? low : 0);
    r = ax == 1 && ay == INFINITY_F ? 1 : r;
    r = is_nan_f(product) && ax != 1 ? product : r;
    r = x < 0 && !integer && ax < INFINITY_F ? NAN_F : r;
    r = odd ? __builtin_copysignf(r, x) : r;
    r = is_nan_f(x) || is_nan_f(y.hi) ? x + y.hi : r;
    return y.hi == 0 || x == 1 ? 1 : r;
}

/* From 2^24 on all floats are even integers; halves of odd integers are none. */
float __nv_powf(float x, float y) {
    bool integer = __builtin_truncf(y) == y;
    bool odd = integer && __builtin_fabsf(y) < 0x1p24f && __builtin_truncf(y * 0.5f) != y * 0.5f;
    return power_of_f(x, (struct pair_f){y, 0}, integer, odd);
}

/* The upper 24 bits of an int and the lower 8 are floats. */
float __nv_powif(float x, int n) {
    return power_of_f(x, sum_f((float)(n & ~255), (float)(n & 255)), true, n & 1);
}

/* ---- Fast versions ------------------------------------------------------------------------------------------- */

float __nv_fast_logf(float a) {
    return __nv_logf(a);
}

float __nv_fast_log2f(float a) {
    return __nv_log2f(a);
}

float __nv_fast_log10f(float a) {
    return __nv_log10f(a);
}

/* exp2f(y * __log2f(x)), as documented: NaN for negative x. */
float __nv_fast_powf(float a, float b) {
    return exp2_pair_f(clamp_f(b * __nv_log2f(a), -200, 200), 0);
}
