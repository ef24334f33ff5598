/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turn.h: large arguments of circular functions modulo pi/2: the significand times a window of the bits of 2/pi, in integers (Payne and
 * Hanek, "Radian Reduction for Trigonometric Functions", 1983).
 */
#ifndef CW_LIBRARY_MATH_FLOAT_TURN_H
#define CW_LIBRARY_MATH_FLOAT_TURN_H

#include "library/math/float/core.h"

/* x = quarters * pi/2 + rest, |rest| <= pi/4 (a little more by rounding); quarters modulo 4 count. */
struct turn_f {
    struct pair_f rest;
    int quarters;
};

/* Bits of 2/pi, 32 zeros before them. */
static const uint32_t two_over_pi_bits[] = {0,          0xa2f9836e, 0x4e441529, 0xfc2757d1,
                                            0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab};

/* x = m 2^e. The window begins with the bit of 2/pi that times 2^e is 2, so its product with m, modulo 2^96, is x in quarters,
 * modulo 4, with 94 bits of fraction. */
SLOW struct turn_f reduce_many(float x) {
    uint32_t bits = float_bits(x), m = (bits & 0x7fffff) | 0x800000;
    int e = (int)(bits >> 23 & 255) - 150, from = (e < -30 ? -30 : e) + 30, word = from >> 5, shift = from & 31;
    word = word > 4 ? 4 : word;
    uint32_t w[3];
#pragma unroll
    for (int i = 0; i < 3; i++) {
        uint64_t two = (uint64_t)two_over_pi_bits[word + i] << 32 | two_over_pi_bits[word + i + 1];
        w[i] = (uint32_t)(two << shift >> 32);
    }
    uint64_t middle = (uint64_t)m * w[1] + ((uint64_t)m * w[2] >> 32);
    uint32_t top = m * w[0] + (uint32_t)(middle >> 32), low = (uint32_t)middle;
    struct turn_f t;
    t.quarters = (int)((top + 0x20000000) >> 30);
    /* The fraction of a quarter: 32 bits with their sign, and 30 more. Of the 32 the upper 24 are a float, and the rest is another. */
    int32_t high = (int32_t)(top << 2 | low >> 30);
    low <<= 2;
    struct pair_f f = sum_f((float)(high & ~255) * 0x1p-32f, mad_f((float)low, 0x1p-64f, (float)(high & 255) * 0x1p-32f));
    f = pair_product_f(f, (struct pair_f){HALF_PI_F, HALF_PI_LOW_F});
    bool negative = bits >> 31;
    t.rest = (struct pair_f){negative ? -f.hi : f.hi, negative ? -f.lo : f.lo};
    t.quarters = negative ? -t.quarters : t.quarters;
    return t;
}

#endif
