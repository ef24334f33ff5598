/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: the complementary error function, the normal distribution, and their inverses, without doubles. */
#include "library/math/float/core.h"

#define ROOT_TWO 0x1.6a09e6p+0f
#define ROOT_TWO_LOW 0x1.9fcef4p-26f

/* e^(x^2) erfc(x) for x >= 0: below 1/2 a polynomial in x, to 2^-31; else (1+2x) times it, to 2^-25, as one in (x-4)/(x+4), which
 * maps [0, inf) to [-1, 1) but is sensitive to its rounding near -1. */
INLINE float erfcx_of(float x) {
    float near = x < 0x1p60f ? x : 0x1p60f, t = (near - 4) / (near + 4), first = x < 0.5f ? x : 0.5f;
    float small = POLYNOMIAL_F(first, -0x1.20dd74p+0f, 0x1.ffff9cp-1f, -0x1.81200cp-1f, 0x1.ff7696p-2f, -0x1.312a8ep-2f,
                               0x1.41762cp-3f, -0x1.0db7e4p-4f, 0x1.0cfb3ep-6f, -0x1.41d884p-11f);
    float p = POLYNOMIAL_F(t, 0x1.3ba592p+0f, -0x1.1df1aep-3f, 0x1.f7ee0cp-7f, 0x1.16ed52p-4f, -0x1.9dd41p-4f, 0x1.7fe9b4p-4f,
                           -0x1.0fc184p-4f, 0x1.309b1p-5f, -0x1.096002p-6f, 0x1.487dfp-8f, -0x1.7477b8p-11f, -0x1.b230fp-13f,
                           0x1.9bec8cp-14f);
    return x < 0.5f ? mad_f(first, small, 1) : 0.5f * p / (0.5f + x);
}

/* Above 11 the result is less than the least float; below -5 it is 2. The square in two parts, since its error grows in the
 * exponential. */
float __nv_erfcf(float a) {
    float x = __builtin_fabsf(a);
    x = x < 11 ? x : 11;
    struct pair_f z = square_f(x);
    struct exponential_f e = exp_pair_f(-z.hi, -z.lo);
    float c = erfcx_of(x), tail = scale_f(mad_f(c, e.hi + e.lo, c), e.power);
    float r = a < 0 ? 2 - tail : tail;
    return is_nan_f(a) ? a : r;
}

float __nv_erfcxf(float a) {
    float x = __builtin_fabsf(a), tail = erfcx_of(x), near = x < 12 ? x : 12;
    struct pair_f z = square_f(near);
    float r = a < 0 ? exp_scaled_f(z.hi, z.lo, 1) - tail : tail;
    return is_nan_f(a) ? a : r;
}

/* erfcx(|x|/sqrt(2)) e^(-x^2/2) / 2 is the smaller of the two tails. */
float __nv_normcdff(float a) {
    float x = __builtin_fabsf(a);
    x = x < 15 ? x : 15;
    struct pair_f z = square_f(x);
    struct exponential_f e = exp_pair_f(-0.5f * z.hi, -0.5f * z.lo);
    float c = erfcx_of(x * (0.5f * ROOT_TWO)), tail = scale_f(mad_f(c, e.hi + e.lo, c), e.power - 1);
    float r = a < 0 ? tail : 1 - tail;
    return is_nan_f(a) ? a : r;
}

/* ---- Inverses ------------------------------------------------------------------------------------------------ */

/* erfcinv(e^-w^2) = w - g(w) for 0 < q <= 1/2; g to 2^-25 of it, a polynomial for each of four ranges of w. q = 2^exponent (1+f). The
 * root's remainder is added, since w's own error would show. Returns w and g, added with the sign by the caller. */
INLINE struct pair_f tail_inverse_f(float q) {
    float exponent, f = split_f(q, &exponent);
    float l = -log_of_f(f, exponent), w = __builtin_sqrtf(l);
    float high = upper_f(w), rest = (mad_f(-high, high, l) - (w - high) * (w + high)) * 0.5f / w;
    float g1 = POLYNOMIAL_F(w - 1.1875f, 0x1.749a9ep-2f, -0x1.99a21ep-7f, -0x1.17d746p-4f, 0x1.1f3142p-4f, -0x1.9094a2p-5f,
                            0x1.b4cc34p-6f, -0x1.4b305p-7f, 0x1.5a3c3ep-11f);
    float g2 = POLYNOMIAL_F(w - 2, 0x1.53c672p-2f, -0x1.95f03ap-5f, -0x1.d54ddep-11f, 0x1.d4f70ep-8f, -0x1.5095cep-8f,
                            0x1.6ada68p-9f, -0x1.6d18bap-10f, 0x1.2ab24p-11f);
    float g3 = POLYNOMIAL_F(w - 3.75f, 0x1.070b46p-2f, -0x1.17365p-5f, 0x1.30294ap-8f, -0x1.f5402ep-12f, -0x1.ec64f2p-17f,
                            0x1.ead48p-16f, -0x1.b49a08p-17f, 0x1.9c125ep-18f, -0x1.df63f6p-20f);
    float g4 = POLYNOMIAL_F(w - 7.625f, 0x1.5fc314p-3f, -0x1.cd33aap-7f, 0x1.54e9a2p-10f, -0x1.02f59cp-13f, 0x1.861e3p-17f,
                            -0x1.1b417ep-20f, 0x1.700e66p-24f, -0x1.36cfc6p-28f);
    float g = w < 1.5f ? g1 : w < 2.5f ? g2 : w < 5 ? g3 : g4;
    return sum_ordered_f(w, rest - g);
}

/* erfinv(y) for |y| <= 1/2: erfinv(y)/y to 2^-28 in y^2, the constant in two parts, and y too, the first of 12 bits each. */
INLINE struct pair_f central_inverse_f(float y) {
    float z = y * y, high = upper_f(y);
    float p = z * POLYNOMIAL_F(z, 0x1.db29fep-3f, 0x1.053b4cp-3f, 0x1.62bb5cp-4f, 0x1.06cd4ap-4f, 0x1.dd0efap-5f, 0x1.dbfdf6p-7f,
                               0x1.85e6acp-4f);
    float rest = mad_f(y, 0x1.f1236ap-14f + p, (y - high) * 0x1.c5bp-1f);
    return sum_ordered_f(high * 0x1.c5bp-1f, rest);
}

float __nv_erfinvf(float a) {
    float y = __builtin_fabsf(a);
    struct pair_f c = central_inverse_f(a), t = tail_inverse_f(y > 0.5f ? 1 - y : 0.5f);
    float r = y < 1 ? t.hi + t.lo : y == 1 ? INFINITY_F : NAN_F;
    r = __builtin_copysignf(r, a);
    float central = a == 0 ? a : c.hi + c.lo;
    return y <= 0.5f ? central : r;
}

/* 1-q and 2-q are exact where they are used. */
float __nv_erfcinvf(float q) {
    struct pair_f c = central_inverse_f(1 - q);
    float tail = q < 1 ? q : 2 - q;
    struct pair_f t = tail_inverse_f(tail > 0 && tail < 0.5f ? tail : 0.5f);
    float r = tail > 0 ? t.hi + t.lo : tail == 0 ? INFINITY_F : NAN_F;
    r = q < 1 ? r : -r;
    return __builtin_fabsf(1 - q) <= 0.5f ? c.hi + c.lo : r;
}

float __nv_normcdfinvf(float p) {
    struct pair_f c = central_inverse_f(2 * p - 1);
    float tail = p < 0.5f ? 2 * p : 2 * (1 - p);
    struct pair_f t = tail_inverse_f(tail > 0 && tail < 0.5f ? tail : 0.5f);
    float r = tail > 0 ? mad_f(t.hi, ROOT_TWO, mad_f(t.lo, ROOT_TWO, t.hi * ROOT_TWO_LOW)) : tail == 0 ? INFINITY_F : NAN_F;
    r = p < 0.5f ? -r : r;
    return __builtin_fabsf(p - 0.5f) <= 0.25f ? mad_f(c.hi, ROOT_TWO, mad_f(c.lo, ROOT_TWO, c.hi * ROOT_TWO_LOW)) : r;
}
