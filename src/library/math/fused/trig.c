/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trig.c: sine and cosine for devices without fast doubles whose fma() rounds once, within CUDA's 2 units in the last place.
 *
 * Three fused steps subtract a multiple k of pi/2 in three floats: the first is exact, since x and k times a float in [1, 2) are multiples
 * of a unit that the difference, below 1, has room for; the others round once each, relative to what is left. The third float makes
 * up for what the second cancels, up to k = 2^16. All three are rounded down, so that a zero keeps its sign. Infinity and NaN become NaN on this way by themselves.
 */
#include "library/math/float/turn.h"

#define FEW 100000.0f

INLINE float rest_of_few(float x, int *quarters) {
    float k = nearest_f(x * 0x1.45f306p-1f, quarters);
    float r = __builtin_fmaf(k, -0x1.921fb4p+0f, x);
    r = __builtin_fmaf(k, -0x1.4442dp-24f, r);
    return __builtin_fmaf(k, -0x1.846988p-48f, r);
}

INLINE float rest_of(float x, int *quarters) {
    float r = rest_of_few(x, quarters);
    if (__builtin_fabsf(x) > FEW) {
        struct turn_f t = reduce_many(x);
        *quarters = t.quarters;
        r = __builtin_fabsf(x) < INFINITY_F ? t.rest.hi : x - x;
    }
    return r;
}

/* (sin(r)/r - 1)/r^2 to 2^-27 of the sine on |r| <= pi/4. The product that zeros of either sign make positive keeps theirs. */
INLINE float sine_of(float r) {
    float z = r * r, p = POLYNOMIAL_F(z, -0x1.555546p-3f, 0x1.110778p-7f, -0x1.9953d8p-13f);
    return __builtin_fmaf(__builtin_fmaf(z, r, 0.0f), p, r);
}

/* (cos(r) - 1)/r^2 to 2^-32 of the cosine. */
INLINE float cosine_of(float r) {
    float z = r * r, p = POLYNOMIAL_F(z, -0.5f, 0x1.55554ap-5f, -0x1.6c0c2ep-10f, 0x1.99eabcp-16f);
    return __builtin_fmaf(z, p, 1.0f);
}

INLINE float signed_by(float x, int quarters) {
    return quarters & 2 ? -x : x;
}

float __nv_sinf(float a) {
    int q;
    float r = rest_of(a, &q);
    return signed_by(q & 1 ? cosine_of(r) : sine_of(r), q);
}

float __nv_cosf(float a) {
    int q;
    float r = rest_of(a, &q);
    return signed_by(q & 1 ? sine_of(r) : cosine_of(r), q + 1);
}

void __nv_sincosf(float a, float *sine, float *cosine) {
    int q;
    float r = rest_of(a, &q), s = sine_of(r), c = cosine_of(r);
    *sine = signed_by(q & 1 ? c : s, q);
    *cosine = signed_by(q & 1 ? s : c, q + 1);
}
