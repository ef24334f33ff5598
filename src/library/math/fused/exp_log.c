/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exp_log.c: logarithms for devices without fast doubles whose fma() rounds once, within CUDA's 1 unit in the last place: ln(2) is one
 * float, which is nearer to it than most (2^-28), and the product with the exponent isn't rounded.
 */
#include "library/math/float/core.h"

/* What zeros, negative values, infinities and NaN give; all of them, less 1, are large unsigned numbers. */
float __nv_logf(float a) {
    float exponent, f = split_f(a, &exponent);
    float p = POLYNOMIAL_F(f, -0x1.fffff8p-2f, 0x1.55555p-2f, -0x1.000432p-2f, 0x1.99a41ap-3f, -0x1.5425c4p-3f, 0x1.226dfcp-3f, -0x1.0f3fa8p-3f,
                           0x1.0860d4p-3f, -0x1.38472ep-4f);
    float r = __builtin_fmaf(exponent, 0x1.62e43p-1f, __builtin_fmaf(f * f, p, f));
    float special = a == 0 ? -INFINITY_F : a < 0 ? NAN_F : a;
    return float_bits(a) - 1u < 0x7f7fffffu ? r : special;
}
