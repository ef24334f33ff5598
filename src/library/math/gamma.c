/* SPDX-License-Identifier: Apache-2.0 */
/* gamma.c: the gamma function and its logarithm. */
#include "library/math/device.h"
#include "library/math/libclc.h"

/* gamma(x) for positive x as a product of two factors, the second 1 below 12, since the product overflows before gamma's
 * reciprocal underflows. Below 12 the argument is brought to [3/2, 5/2) by gamma(x+1) = x gamma(x), the factors
 * multiplied with compensation; gamma(2+u) to 2^-59. From 12 on Stirling's formula, gamma(x) = x^(x-1/2) e^-x S(1/x), S to
 * 2^-59, with the power in two halves. */
INLINE double gamma_factors(double x, double *other) {
    if (x < 12) {
        struct pair above = {1, 0}, below = {1, 0};
        for (; x >= 2.5; x -= 1) {
            above = pair_times(above, x - 1);
        }
        for (; x < 1.5; x += 1) {
            below = pair_times(below, x);
        }
        double g =
            POLYNOMIAL(x - 2, 0x1p+0, 0x1.b0ee6072093cep-2, 0x1.a5b978b96becfp-2, 0x1.4e23998464f16p-4,
                       0x1.301fbb0f2384fp-4, -0x1.17f374085c8eep-12, 0x1.6d7eeacd5bab8p-7, -0x1.75e6e92567e20p-9,
                       0x1.13c44861b0e4ap-9, -0x1.e21f12a799953p-11, 0x1.011b2661817e4p-11, -0x1.f94c3a1605f07p-13,
                       0x1.fe3eaf7e5581dp-14, -0x1.fdc461e4059dbp-15, 0x1.007c32a6d300cp-15, -0x1.016ae17fcedf1p-16,
                       0x1.e466580b83cb4p-18, -0x1.d7d1002469d87p-19, 0x1.60412f702f67dp-19, -0x1.75c9b27507038p-20);
        *other = 1;
        return g * above.hi / below.hi;
    }
    double s = POLYNOMIAL(1 / x, 0x1.40d931ff62706p+1, 0x1.abcc42a9d88a7p-3, 0x1.1d32d71ccb0c4p-7,
                          -0x1.b87930a63443ap-8, -0x1.2d90823b29515p-11, 0x1.01897b7de0313p-9, 0x1.81c94ba4b29e7p-13,
                          -0x1.a254f60a1dc2dp-10, 0x1.400b6b96740c0p-11);
    double root = clc_pow(x, 0.5 * x - 0.25);
    *other = root;
    return root * __nv_exp(-x) * s;
}

/* Negative arguments by reflection, gamma(x) = -pi / (x sin(pi x) gamma(-x)). Below -190 the value is less than the least
 * double; there the argument is replaced by one that is as near to an integer and has the sign of its interval. */
double __nv_tgamma(double a) {
    double x = __builtin_fabs(a), other;
    if (!(x >= 0x1p-60)) {
        return 1 / a; /* NaN as well */
    }
    if (a > 0) {
        double g = gamma_factors(x < 200 ? x : 200, &other);
        return g * other;
    }
    if (__builtin_trunc(a) == a) {
        return NAN_D;
    }
    bool odd = __builtin_trunc(0.5 * __builtin_floor(a)) != 0.5 * __builtin_floor(a);
    if (x > 190) {
        return odd ? -0.0 : 0;
    }
    double g = gamma_factors(x, &other);
    return -PI / (x * __nv_sinpi(x) * g) / other;
}

float __nv_tgammaf(float a) {
    return (float)__nv_tgamma((double)a);
}

double __nv_lgamma(double a) {
    return clc_lgamma(a);
}

/* Between its zeros below -2 the value is a small difference of large terms. */
float __nv_lgammaf(float a) {
    return (float)clc_lgamma((double)a);
}
