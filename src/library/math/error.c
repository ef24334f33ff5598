/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: the error function, the normal distribution, and their inverses. */
#include "library/math/double_core.h"
#include "library/math/libclc.h"

#define HALF_ROOT_PI 0x1.c5bf891b4ef6bp-1 /* sqrt(pi)/2 */
#define ROOT_HALF 0x1.6a09e667f3bcdp-1

double __nv_erf(double a) {
    return a == 0 ? a : clc_erf(a);
}

double __nv_erfc(double a) {
    return clc_erfc(a);
}

/* For negative x: 2 e^(x^2) - erfcx(-x); the square in two parts, since its error grows in the exponential. */
double __nv_erfcx(double a) {
    double x = __builtin_fabs(a), tail = erfcx_core(x);
    double near = x < 27 ? x : 27;
    struct pair z = product(near, near);
    struct exponential e = exp_pair(z.hi, z.lo);
    struct pair s = exp_significand(e);
    double r = a < 0 ? scale(s.hi + s.lo, e.power + 1) - tail : tail;
    return is_nan(a) ? a : r;
}

/* erfcx(|x|/sqrt(2)) e^(-x^2/2) / 2 is the smaller of the two tails. */
double __nv_normcdf(double a) {
    double x = clamp(__builtin_fabs(a), 0, 40);
    struct pair z = product(x, x);
    struct exponential e = exp_pair(-0.5 * z.hi, -0.5 * z.lo);
    struct pair s = exp_significand(e);
    double tail = scale(0.5 * erfcx_core(x * ROOT_HALF) * (s.hi + s.lo), e.power);
    double r = a < 0 ? tail : 1 - tail;
    return is_nan(a) ? a : r;
}

/* ---- Inverses ------------------------------------------------------------------------------------------------ */

/* erfcinv(e^-w^2) to 2^-18, a polynomial for each of four ranges of w. */
INLINE double tail_estimate(double w) {
    double c1 = POLYNOMIAL(w - 1.5, 0x1.251c47473edeep+0, 0x1.0a1d1ceb8d218p+0, 0x1.91c30f79e39e0p-6,
                           -0x1.d8022aece3607p-6, 0x1.4cf2b2c7e80a4p-6, -0x1.b21f2f858e203p-7, 0x1.79478eac8b7dbp-8);
    double c2 = POLYNOMIAL(w - 3.625, 0x1.ae90b96389a14p+1, 0x1.0905c52f54717p+0, -0x1.3ecce2cdf7583p-8,
                           0x1.1321956a4d473p-11, 0x1.a687edb40a045p-14, -0x1.59771a72c9c87p-14);
    double c3 = POLYNOMIAL(w - 8.5, 0x1.0ade48b74bb9dp+3, 0x1.031639c20a9c8p+0, -0x1.0b04ae86c7936p-10,
                           0x1.728e473d70e93p-14, -0x1.2c77009a97204p-17, 0x1.bcdf0615a7264p-21);
    double c4 = POLYNOMIAL(w - 19.75, 0x1.3a8eca2516acdp+4, 0x1.00d7c8dc4a679p+0, -0x1.17dfcc6a9c36ep-13,
                           0x1.73d10689e13e7p-18, -0x1.42a9df4289802p-22, 0x1.0734f1f43d354p-26);
    return w < 2.25 ? c1 : w < 5 ? c2 : w < 12 ? c3 : c4;
}

/* erfcinv(q) for 0 < q <= 1/2: the estimate, and one step of Halley's method on log(erfc(x)/q), which is nearly a parabola.
 * The ratio is erfcx(x) / (q e^(x^2)), so that nothing underflows; it is within 2^-8 of 1, and its logarithm a short
 * series. With h = 2 / (sqrt(pi) erfcx(x)) the derivatives are -h and h (2x - h). */
INLINE double tail_inverse(double q) {
    double x = tail_estimate(__builtin_sqrt(-__nv_log(q)));
    struct pair z = product(x, x);
    struct exponential e = exp_pair(z.hi, z.lo);
    int half = e.power >> 1;
    double m = q * power2(half) * power2(e.power - half), wanted = m + m * (e.m.hi + e.m.lo), now = erfcx_core(x);
    double s = (now - wanted) / (now + wanted), l = 2 * s * mad(s * s, mad(s * s, 0.2, 1.0 / 3), 1);
    double h = 1 / (HALF_ROOT_PI * now), step = l / h;
    return x + step / mad(0.5 * step, h - 2 * x, 1);
}

/* erfinv(y) for |y| <= 1/2: erfinv(y)/y to 2^-57 in y^2. */
INLINE double central_inverse(double y) {
    double z = y * y;
    return y * POLYNOMIAL(z, 0x1.c5bf891b4ef6bp-1, 0x1.db29fb2fee699p-3, 0x1.053c2c0aadc0dp-3, 0x1.62847c50cf953p-4,
                          0x1.0a1316c6bf71bp-4, 0x1.a7c8cfa8d0644p-5, 0x1.5ee2018749963p-5, 0x1.2b3739990b57bp-5,
                          0x1.fdf88ff166a00p-6, 0x1.03ad444c2bb9ep-5, 0x1.07dd0af7aa2f5p-7, 0x1.30ba835e87a3ep-4,
                          -0x1.3d0636d408321p-4, 0x1.d2c9b0498d89ep-4);
}

double __nv_erfinv(double a) {
    double y = __builtin_fabs(a);
    if (y <= 0.5) {
        return central_inverse(a);
    }
    double r = y < 1 ? tail_inverse(1 - y) : y == 1 ? INFINITY_D : NAN_D;
    return __builtin_copysign(r, a);
}

/* 1-q and 2-q are exact where they are used. */
double __nv_erfcinv(double q) {
    if (__builtin_fabs(1 - q) <= 0.5) {
        return central_inverse(1 - q);
    }
    double tail = q < 1 ? q : 2 - q;
    double r = tail > 0 ? tail_inverse(tail) : tail == 0 ? INFINITY_D : NAN_D;
    return q < 1 ? r : -r;
}

double __nv_normcdfinv(double p) {
    if (__builtin_fabs(p - 0.5) <= 0.25) {
        /* 2p-1 is exact; so is the rounding of the constant's product but for one ulp. */
        return 2 * ROOT_HALF * central_inverse(2 * p - 1);
    }
    double tail = p < 0.5 ? 2 * p : 2 * (1 - p);
    double r = tail > 0 ? 2 * ROOT_HALF * tail_inverse(tail) : tail == 0 ? INFINITY_D : NAN_D;
    return p < 0.5 ? -r : r;
}

/* ---- float --------------------------------------------------------------------------------------------------- */

/* Below 1 erf(x)/x - 1 as a polynomial in x^2, to 2^-29; else 1 - e^-q with q = -log(erfc(x)), to 2^-29 of the result, up to
 * 4, where it is 1. */
float __nv_erff(float a) {
    float x = __builtin_fabsf(a), z = x * x, u = (x > 4 ? 4 : x) - 2;
    float p = POLYNOMIAL_F(z, 0x1.06eba8p-3f, -0x1.81273ep-2f, 0x1.ce2cf2p-4f, -0x1.b7f8acp-6f, 0x1.54027ap-8f,
                           -0x1.a3de3p-11f, 0x1.4922dap-14f);
    float q = POLYNOMIAL_F(u, 0x1.575b32p+2f, 0x1.1ac32p+2f, 0x1.d8f63ap-1f, 0x1.0e23bp-6f, -0x1.d08e74p-9f,
                           0x1.74b55ep-11f, -0x1.871f86p-13f);
    float small = mad_f(x, p, x), large = 1 - __nv_expf(-q);
    return __builtin_copysignf(x < 1 ? small : large, a);
}

/* Above 11 the result is less than the least float; below -5 it is 2. */
float __nv_erfcf(float a) {
    double x = (double)__builtin_fabsf(a);
    x = x < 11 ? x : 11;
    double tail = erfcx_core(x) * exp_core(-x * x);
    float r = (float)(a < 0 ? 2 - tail : tail);
    return is_nan_f(a) ? a : r;
}

float __nv_erfcxf(float a) {
    double x = (double)__builtin_fabsf(a), tail = erfcx_core(x), near = x < 12 ? x : 12;
    float r = (float)(a < 0 ? 2 * exp_core(near * near) - tail : tail);
    return is_nan_f(a) ? a : r;
}

float __nv_normcdff(float a) {
    double x = (double)__builtin_fabsf(a);
    x = x < 15 ? x : 15;
    double tail = 0.5 * erfcx_core(x * ROOT_HALF) * exp_core(-0.5 * x * x);
    float r = (float)(a < 0 ? tail : 1 - tail);
    return is_nan_f(a) ? a : r;
}

float __nv_erfinvf(float a) {
    return (float)__nv_erfinv((double)a);
}

float __nv_erfcinvf(float a) {
    return (float)__nv_erfcinv((double)a);
}

float __nv_normcdfinvf(float a) {
    return (float)__nv_normcdfinv((double)a);
}
