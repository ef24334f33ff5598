/* SPDX-License-Identifier: Apache-2.0 */
/*
 * special.c: zeros with their signs, infinities, domain errors and NaN, as the CUDA Math API documents them for each
 * function. A row checks the double and the float version.
 */
#include "declare.h"

#include <math.h>
#include <stdio.h>

static unsigned failures, compared;

static void check(const char *name, double a, double b, double got, double wanted) {
    compared++;
    if ((isnan(got) && isnan(wanted)) || (got == wanted && signbit(got) == signbit(wanted))) {
        return;
    }
    failures++;
    printf("%s(%g, %g) gives %g, not %g\n", name, a, b, got, wanted);
}

#define ONE(name, a, wanted)                                                                                           \
    check("__nv_" #name, a, 0, __nv_##name(a), wanted);                                                                \
    check("__nv_" #name "f", a, 0, (double)__nv_##name##f((float)(a)), (double)(float)(wanted));
#define TWO(name, a, b, wanted)                                                                                        \
    check("__nv_" #name, a, b, __nv_##name(a, b), wanted);                                                             \
    check("__nv_" #name "f", a, b, (double)__nv_##name##f((float)(a), (float)(b)), (double)(float)(wanted));
/* The first argument is an integer. */
#define ORDER(name, n, a, wanted)                                                                                      \
    check("__nv_" #name, n, a, __nv_##name(n, a), wanted);                                                             \
    check("__nv_" #name "f", n, a, (double)__nv_##name##f(n, (float)(a)), (double)(float)(wanted));
/* Zeros, infinities and NaN map to themselves. */
#define ODD(name)                                                                                                      \
    ONE(name, 0.0, 0.0)                                                                                                \
    ONE(name, -0.0, -0.0)                                                                                              \
    ONE(name, INFINITY, INFINITY)                                                                                      \
    ONE(name, -INFINITY, -INFINITY)
#define ZEROS(name)                                                                                                    \
    ONE(name, 0.0, 0.0)                                                                                                \
    ONE(name, -0.0, -0.0)
#define INFINITIES(name, minus, plus)                                                                                  \
    ONE(name, -INFINITY, minus)                                                                                        \
    ONE(name, INFINITY, plus)

/* One row a property, several in a line, as in the tables of the documentation. */
/* clang-format off */
static void exponentials(void) {
    ONE(exp, 0.0, 1)
    ONE(exp, -0.0, 1) INFINITIES(exp, 0.0, INFINITY) ONE(exp2, 0.0, 1) ONE(exp2, -0.0, 1)
    INFINITIES(exp2, 0.0, INFINITY) ONE(exp10, 0.0, 1) ONE(exp10, -0.0, 1) INFINITIES(exp10, 0.0, INFINITY)
    ONE(exp2, 10, 1024) ONE(exp2, -3, 0.125) ONE(exp10, 2, 100) ZEROS(expm1) INFINITIES(expm1, -1, INFINITY)
    ONE(log, 0.0, -INFINITY) ONE(log, -0.0, -INFINITY) ONE(log, 1, 0.0) ONE(log, -1, NAN)
    INFINITIES(log, NAN, INFINITY) ONE(log2, 0.0, -INFINITY) ONE(log2, -0.0, -INFINITY)
    ONE(log2, 1, 0.0) ONE(log2, -1, NAN) INFINITIES(log2, NAN, INFINITY) ONE(log10, 0.0, -INFINITY)
    ONE(log10, -0.0, -INFINITY) ONE(log10, 1, 0.0) ONE(log10, -1, NAN)
    INFINITIES(log10, NAN, INFINITY) ONE(log2, 8, 3) ONE(log2, 0.25, -2) ONE(log10, 1000, 3)
    ZEROS(log1p) ONE(log1p, -1, -INFINITY) ONE(log1p, -2, NAN)
    INFINITIES(log1p, NAN, INFINITY)
    check("__nv_fast_logf", 0, 0, (double)__nv_fast_logf(0), -INFINITY);
    check("__nv_fast_powf", -2, 2, (double)__nv_fast_powf(-2, 2), NAN);
    check("__nv_fast_expf", -INFINITY, 0, (double)__nv_fast_expf(-INFINITY), 0);
    check("__nv_fast_sinf", INFINITY, 0, (double)__nv_fast_sinf(INFINITY), NAN);
}

static void powers(void) {
    static const double any[] = {-INFINITY, -2.5, -1, -0.5, -0.0, 0.0, 0.5, 1, 3, INFINITY, NAN};
    for (unsigned i = 0; i < sizeof any / sizeof *any; i++) {
        TWO(pow, any[i], 0.0, 1)
        TWO(pow, any[i], -0.0, 1) TWO(pow, 1, any[i], 1) check("__nv_powi", any[i], 0, __nv_powi(any[i], 0), 1);
        check("__nv_powif", any[i], 0, (double)__nv_powif((float)any[i], 0), 1);
    }
    TWO(pow, 0.0, -3, INFINITY)
    TWO(pow, -0.0, -3, -INFINITY) TWO(pow, 0.0, -2, INFINITY) TWO(pow, -0.0, -2, INFINITY) TWO(pow, 0.0, 3, 0.0)
    TWO(pow, -0.0, 3, -0.0) TWO(pow, 0.0, 2, 0.0) TWO(pow, -0.0, 2, 0.0) TWO(pow, -0.0, 0.5, 0.0)
    TWO(pow, -0.0, -0.5, INFINITY) TWO(pow, -0.0, -INFINITY, INFINITY) TWO(pow, -0.0, INFINITY, 0.0)
    TWO(pow, -1, INFINITY, 1) TWO(pow, -1, -INFINITY, 1) TWO(pow, 0.5, -INFINITY, INFINITY)
    TWO(pow, -0.5, -INFINITY, INFINITY) TWO(pow, 2, -INFINITY, 0.0) TWO(pow, -2, -INFINITY, 0.0)
    TWO(pow, 0.5, INFINITY, 0.0) TWO(pow, -0.5, INFINITY, 0.0) TWO(pow, 2, INFINITY, INFINITY)
    TWO(pow, -2, INFINITY, INFINITY) TWO(pow, -INFINITY, -3, -0.0) TWO(pow, -INFINITY, -2, 0.0)
    TWO(pow, -INFINITY, -0.5, 0.0) TWO(pow, -INFINITY, 3, -INFINITY)
    TWO(pow, -INFINITY, 2, INFINITY) TWO(pow, -INFINITY, 0.5, INFINITY)
    TWO(pow, INFINITY, -1, 0.0) TWO(pow, INFINITY, 1, INFINITY)
    TWO(pow, -2, 0.5, NAN) TWO(pow, -2, 3, -8) TWO(pow, -2, 2, 4)
    TWO(pow, NAN, 2, NAN) TWO(pow, 2, NAN, NAN)
    TWO(pow, -2, 0x1p70, INFINITY) TWO(pow, -0.999, -0x1p100, INFINITY)
    check("__nv_powi", 2, -2, __nv_powi(2, -2), 0.25);
    check("__nv_powif", -2, 3, (double)__nv_powif(-2, 3), -8);
    check("__nv_powi", -1, 0, __nv_powi(-1, -2147483647 - 1), 1);
    check("__nv_powif", -1, 0, (double)__nv_powif(-1, 2147483647), -1);
}

static void circular(void) {
    ZEROS(sin)
    INFINITIES(sin, NAN, NAN) ONE(cos, 0.0, 1) ONE(cos, -0.0, 1) INFINITIES(cos, NAN, NAN) ZEROS(tan)
    INFINITIES(tan, NAN, NAN) ZEROS(sinpi) INFINITIES(sinpi, NAN, NAN) INFINITIES(cospi, NAN, NAN)
    ONE(cospi, 0.0, 1) ONE(cospi, 1, -1) ONE(cospi, 0.5, 0.0) ONE(cospi, 2, 1) ONE(sinpi, 0.5, 1)
    ONE(sinpi, -0.5, -1) ZEROS(asin) ONE(asin, 1.5, NAN) ONE(asin, -1.5, NAN) ONE(asin, 1, M_PI_2)
    ONE(asin, -1, -M_PI_2) ONE(acos, 1, 0.0) ONE(acos, -1, M_PI) ONE(acos, 1.5, NAN)
    ONE(acos, -1.5, NAN) ZEROS(atan) INFINITIES(atan, -M_PI_2, M_PI_2) TWO(atan2, 0.0, 1, 0.0)
    TWO(atan2, -0.0, 1, -0.0) TWO(atan2, 0.0, -1, M_PI) TWO(atan2, -0.0, -1, -M_PI)
    TWO(atan2, 0.0, 0.0, 0.0) TWO(atan2, -0.0, 0.0, -0.0) TWO(atan2, 0.0, -0.0, M_PI)
    TWO(atan2, -0.0, -0.0, -M_PI) TWO(atan2, 1, 0.0, M_PI_2)
    TWO(atan2, -1, -0.0, -M_PI_2) TWO(atan2, 1, INFINITY, 0.0)
    TWO(atan2, 1, -INFINITY, M_PI) TWO(atan2, -1, INFINITY, -0.0)
    TWO(atan2, INFINITY, 1, M_PI_2) TWO(atan2, -INFINITY, -1, -M_PI_2)
    TWO(atan2, INFINITY, INFINITY, M_PI_4)
    TWO(atan2, -INFINITY, -INFINITY, -3 * M_PI_4)
    TWO(atan2, INFINITY, -INFINITY, 3 * M_PI_4)
    TWO(atan2, NAN, 1, NAN) TWO(atan2, 1, NAN, NAN)
}

static void hyperbolic(void) {
    ODD(sinh)
    ODD(asinh) ZEROS(tanh) INFINITIES(tanh, -1, 1) ONE(cosh, 0.0, 1) ONE(cosh, -0.0, 1)
    INFINITIES(cosh, INFINITY, INFINITY) ONE(acosh, 1, 0.0) ONE(acosh, 0.5, NAN) INFINITIES(acosh, NAN, INFINITY)
    ZEROS(atanh) ONE(atanh, 1, INFINITY) ONE(atanh, -1, -INFINITY) ONE(atanh, 1.5, NAN)
    INFINITIES(atanh, NAN, NAN) ONE(sinh, 1e30, INFINITY) ONE(cosh, -1e30, INFINITY) ONE(tanh, 1e30, 1)
}

static void roots(void) {
    ZEROS(sqrt)
    INFINITIES(sqrt, NAN, INFINITY) ONE(sqrt, -1, NAN) ONE(rsqrt, 0.0, INFINITY) ONE(rsqrt, -0.0, -INFINITY)
    INFINITIES(rsqrt, NAN, 0.0) ONE(rsqrt, -1, NAN) ODD(cbrt) ONE(cbrt, 27, 3) ONE(cbrt, -8, -2)
    ONE(rcbrt, 0.0, INFINITY) ONE(rcbrt, -0.0, -INFINITY) INFINITIES(rcbrt, -0.0, 0.0)
    TWO(hypot, INFINITY, NAN, INFINITY) TWO(hypot, NAN, -INFINITY, INFINITY) TWO(hypot, 0.0, -0.0, 0.0)
    TWO(hypot, 3, 4, 5) TWO(hypot, NAN, 1, NAN) TWO(rhypot, INFINITY, NAN, 0.0)
    TWO(rhypot, 0.0, 0.0, INFINITY) TWO(rhypot, NAN, 1, NAN)
    check("__nv_norm3d", 0, 0, __nv_norm3d(1, NAN, INFINITY), INFINITY);
    check("__nv_norm3df", 0, 0, (double)__nv_norm3df(1, NAN, INFINITY), INFINITY);
    check("__nv_rnorm4d", 0, 0, __nv_rnorm4d(0, 0, 0, 0), INFINITY);
    check("__nv_rnorm4df", 0, 0, (double)__nv_rnorm4df(0, 0, 0, 0), INFINITY);
    check("__nv_norm4d", 0, 0, __nv_norm4d(1, 1, 1, NAN), NAN);
}

static void errors(void) {
    ZEROS(erf)
    INFINITIES(erf, -1, 1) ONE(erfc, 0.0, 1) INFINITIES(erfc, 2, 0.0) ONE(erfcx, 0.0, 1)
    INFINITIES(erfcx, INFINITY, 0.0) ZEROS(erfinv) ONE(erfinv, 1, INFINITY) ONE(erfinv, -1, -INFINITY)
    ONE(erfinv, 1.5, NAN) INFINITIES(erfinv, NAN, NAN) ONE(erfcinv, 0.0, INFINITY) ONE(erfcinv, -0.0, INFINITY)
    ONE(erfcinv, 2, -INFINITY) ONE(erfcinv, 1, 0.0) ONE(erfcinv, -1, NAN) ONE(erfcinv, 3, NAN)
    INFINITIES(erfcinv, NAN, NAN) ONE(normcdf, 0.0, 0.5) INFINITIES(normcdf, 0.0, 1)
    ONE(normcdfinv, 0.0, -INFINITY) ONE(normcdfinv, -0.0, -INFINITY) ONE(normcdfinv, 1, INFINITY)
    ONE(normcdfinv, 0.5, 0.0) ONE(normcdfinv, -1, NAN) ONE(normcdfinv, 2, NAN)
    INFINITIES(normcdfinv, NAN, NAN) ONE(tgamma, 0.0, INFINITY) ONE(tgamma, -0.0, -INFINITY)
    ONE(tgamma, -1, NAN) ONE(tgamma, -200, NAN) INFINITIES(tgamma, NAN, INFINITY)
    ONE(tgamma, 1, 1) ONE(tgamma, 5, 24) ONE(tgamma, -200.5, -0.0)
    ONE(tgamma, -201.5, 0.0) ONE(lgamma, 1, 0.0) ONE(lgamma, 2, 0.0)
    ONE(lgamma, 0.0, INFINITY) ONE(lgamma, -0.0, INFINITY)
    ONE(lgamma, -3, INFINITY) INFINITIES(lgamma, INFINITY, INFINITY)
}

static void bessel(void) {
    ONE(j0, 0.0, 1)
    INFINITIES(j0, 0.0, 0.0) ZEROS(j1) INFINITIES(j1, -0.0, 0.0) ONE(y0, 0.0, -INFINITY) ONE(y0, -1, NAN)
    INFINITIES(y0, NAN, 0.0) ONE(y1, 0.0, -INFINITY) ONE(y1, -1, NAN) INFINITIES(y1, NAN, 0.0)
    ORDER(jn, 2, INFINITY, 0.0) ORDER(jn, -1, 1.0, NAN) ORDER(jn, 3, NAN, NAN) ORDER(jn, 5, 0.0, 0.0)
    ORDER(jn, 1000000, 1.0, 0.0) ORDER(yn, 2, 0.0, -INFINITY) ORDER(yn, -1, 1.0, NAN) ORDER(yn, 2, -1.0, NAN)
    ORDER(yn, 3, NAN, NAN) ORDER(yn, 3, INFINITY, 0.0) ONE(cyl_bessel_i0, 0.0, 1)
    INFINITIES(cyl_bessel_i0, INFINITY, INFINITY) ZEROS(cyl_bessel_i1)
    INFINITIES(cyl_bessel_i1, -INFINITY, INFINITY)
}

/* Every function of one argument gives NaN for NaN. */
static void not_a_number(void) {
    #define NAN_TO_NAN(name) ONE(name, NAN, NAN)
    NAN_TO_NAN(exp)
    NAN_TO_NAN(exp2) NAN_TO_NAN(exp10) NAN_TO_NAN(expm1) NAN_TO_NAN(log) NAN_TO_NAN(log2) NAN_TO_NAN(log10)
    NAN_TO_NAN(log1p) NAN_TO_NAN(sin) NAN_TO_NAN(cos) NAN_TO_NAN(tan) NAN_TO_NAN(sinpi) NAN_TO_NAN(cospi)
    NAN_TO_NAN(asin) NAN_TO_NAN(acos) NAN_TO_NAN(atan) NAN_TO_NAN(sinh) NAN_TO_NAN(cosh) NAN_TO_NAN(tanh)
    NAN_TO_NAN(asinh) NAN_TO_NAN(acosh) NAN_TO_NAN(atanh) NAN_TO_NAN(sqrt) NAN_TO_NAN(rsqrt)
    NAN_TO_NAN(cbrt) NAN_TO_NAN(rcbrt) NAN_TO_NAN(erf) NAN_TO_NAN(erfc) NAN_TO_NAN(erfcx)
    NAN_TO_NAN(erfinv) NAN_TO_NAN(erfcinv) NAN_TO_NAN(normcdf) NAN_TO_NAN(normcdfinv)
    NAN_TO_NAN(tgamma) NAN_TO_NAN(lgamma) NAN_TO_NAN(j0) NAN_TO_NAN(j1) NAN_TO_NAN(y0)
    NAN_TO_NAN(y1) NAN_TO_NAN(cyl_bessel_i0) NAN_TO_NAN(cyl_bessel_i1)
    check("__nv_nan", 0, 0, __nv_nan((const signed char *)""), NAN);
    check("__nv_nanf", 0, 0, (double)__nv_nanf((const signed char *)"1"), NAN);
    TWO(fmin, NAN, 1, 1)
    TWO(fmin, 1, NAN, 1) TWO(fmax, NAN, 1, 1) TWO(fmax, 1, NAN, 1) TWO(fmax, NAN, NAN, NAN) TWO(fmod, INFINITY, 1, NAN)
    TWO(fmod, 1, 0.0, NAN) TWO(fmod, -0.0, 1, -0.0) TWO(fmod, 5, INFINITY, 5)
}

/* clang-format on */
int main(void) {
    exponentials();
    powers();
    circular();
    hyperbolic();
    roots();
    errors();
    bessel();
    not_a_number();
    printf("%u compared, %u differ\n", compared, failures);
    return failures != 0;
}
