/* SPDX-License-Identifier: Apache-2.0 */
/* reference.c: references in MPFR. Where MPFR has no such function, a series or Newton's method in it. */
#include "reference.h"

#include <math.h>

#define ARGUMENT(x, value)                                                                                             \
    mpfr_t x;                                                                                                          \
    mpfr_init2(x, REFERENCE_BITS);                                                                                     \
    mpfr_set_d(x, value, MPFR_RNDN)

#define UNARY(name, function)                                                                                          \
    void reference_##name(mpfr_t out, const double *in) {                                                              \
        ARGUMENT(x, in[0]);                                                                                            \
        function(out, x, MPFR_RNDN);                                                                                   \
        mpfr_clear(x);                                                                                                 \
    }

#define BINARY(name, function)                                                                                         \
    void reference_##name(mpfr_t out, const double *in) {                                                              \
        ARGUMENT(x, in[0]);                                                                                            \
        ARGUMENT(y, in[1]);                                                                                            \
        function(out, x, y, MPFR_RNDN);                                                                                \
        mpfr_clears(x, y, (mpfr_ptr)0);                                                                                \
    }

UNARY(exp, mpfr_exp)
UNARY(exp2, mpfr_exp2)
UNARY(exp10, mpfr_exp10)
UNARY(expm1, mpfr_expm1)
UNARY(log, mpfr_log)
UNARY(log2, mpfr_log2)
UNARY(log10, mpfr_log10)
UNARY(log1p, mpfr_log1p)
UNARY(sin, mpfr_sin)
UNARY(cos, mpfr_cos)
UNARY(tan, mpfr_tan)
UNARY(sinpi, mpfr_sinpi)
UNARY(cospi, mpfr_cospi)
UNARY(asin, mpfr_asin)
UNARY(acos, mpfr_acos)
UNARY(atan, mpfr_atan)
UNARY(sinh, mpfr_sinh)
UNARY(cosh, mpfr_cosh)
UNARY(tanh, mpfr_tanh)
UNARY(asinh, mpfr_asinh)
UNARY(acosh, mpfr_acosh)
UNARY(atanh, mpfr_atanh)
UNARY(sqrt, mpfr_sqrt)
UNARY(cbrt, mpfr_cbrt)
UNARY(erf, mpfr_erf)
UNARY(erfc, mpfr_erfc)
UNARY(tgamma, mpfr_gamma)
UNARY(j0, mpfr_j0)
UNARY(j1, mpfr_j1)
UNARY(y0, mpfr_y0)
UNARY(y1, mpfr_y1)
BINARY(pow, mpfr_pow)
BINARY(powi, mpfr_pow)
BINARY(atan2, mpfr_atan2)
BINARY(hypot, mpfr_hypot)
BINARY(fdividef, mpfr_div)

/* Unlike MPFR's, the reciprocal root of -0 is -infinity. */
void reference_rsqrt(mpfr_t out, const double *in) {
    reference_sqrt(out, in);
    mpfr_ui_div(out, 1, out, MPFR_RNDN);
}

void reference_rcbrt(mpfr_t out, const double *in) {
    reference_cbrt(out, in);
    mpfr_ui_div(out, 1, out, MPFR_RNDN);
}

void reference_fma(mpfr_t out, const double *in) {
    ARGUMENT(x, in[0]);
    ARGUMENT(y, in[1]);
    ARGUMENT(z, in[2]);
    mpfr_fma(out, x, y, z, MPFR_RNDN);
    mpfr_clears(x, y, z, (mpfr_ptr)0);
}

void reference_lgamma(mpfr_t out, const double *in) {
    ARGUMENT(x, in[0]);
    int sign;
    mpfr_lgamma(out, &sign, x, MPFR_RNDN);
    mpfr_clear(x);
}

/* ---- Norms --------------------------------------------------------------------------------------------------- */

static void norm(mpfr_t out, const double *in, int count) {
    mpfr_t x, s;
    mpfr_inits2(3 * REFERENCE_BITS, x, s, (mpfr_ptr)0);
    mpfr_set_zero(s, 1);
    int infinite = 0;
    for (int i = 0; i < count; i++) {
        infinite |= isinf(in[i]);
        mpfr_set_d(x, in[i], MPFR_RNDN);
        mpfr_sqr(x, x, MPFR_RNDN);
        mpfr_add(s, s, x, MPFR_RNDN);
    }
    if (infinite) {
        mpfr_set_inf(s, 1);
    }
    mpfr_sqrt(out, s, MPFR_RNDN);
    mpfr_clears(x, s, (mpfr_ptr)0);
}

static void reciprocal(mpfr_t out) {
    mpfr_ui_div(out, 1, out, MPFR_RNDN);
}

void reference_norm3d(mpfr_t out, const double *in) {
    norm(out, in, 3);
}

void reference_norm4d(mpfr_t out, const double *in) {
    norm(out, in, 4);
}

void reference_rhypot(mpfr_t out, const double *in) {
    norm(out, in, 2);
    reciprocal(out);
}

void reference_rnorm3d(mpfr_t out, const double *in) {
    norm(out, in, 3);
    reciprocal(out);
}

void reference_rnorm4d(mpfr_t out, const double *in) {
    norm(out, in, 4);
    reciprocal(out);
}

/* ---- The error function's family ----------------------------------------------------------------------------- */

/* exp(x^2) erfc(x); beyond 10^4 the asymptotic series (1 - 1/(2x^2) + 3/(2x^2)^2 - ...) / (x sqrt(pi)), since MPFR's
 * exponents do not reach far enough. */
void reference_erfcx(mpfr_t out, const double *in) {
    mpfr_t x, t;
    mpfr_inits2(2 * REFERENCE_BITS, x, t, (mpfr_ptr)0);
    mpfr_set_d(x, in[0], MPFR_RNDN);
    if (in[0] > 1e4) {
        mpfr_set_ui(out, 1, MPFR_RNDN);
        for (int k = 7; k >= 1; k--) {
            mpfr_mul_ui(out, out, (unsigned long)(2 * k - 1), MPFR_RNDN);
            mpfr_div(out, out, x, MPFR_RNDN);
            mpfr_div(out, out, x, MPFR_RNDN);
            mpfr_div_ui(out, out, 2, MPFR_RNDN);
            mpfr_ui_sub(out, 1, out, MPFR_RNDN);
        }
        mpfr_const_pi(t, MPFR_RNDN);
        mpfr_sqrt(t, t, MPFR_RNDN);
        mpfr_mul(t, t, x, MPFR_RNDN);
        mpfr_div(out, out, t, MPFR_RNDN);
    } else if (in[0] < -1e4) {
        mpfr_set_inf(out, 1);
    } else {
        mpfr_erfc(t, x, MPFR_RNDN);
        mpfr_sqr(x, x, MPFR_RNDN);
        mpfr_exp(x, x, MPFR_RNDN);
        mpfr_mul(out, x, t, MPFR_RNDN);
    }
    mpfr_clears(x, t, (mpfr_ptr)0);
}

/* The x with erfc(x) == q, 0 < q <= 1, by Newton's method on log(erfc(x)) from the tail's asymptotic form. log erfc is
 * concave, so that the steps converge from any start on the curve's right. */
static void erfc_inverse(mpfr_t x, const mpfr_t q) {
    mpfr_t f, d, target;
    mpfr_inits2(2 * REFERENCE_BITS, f, d, target, (mpfr_ptr)0);
    mpfr_log(target, q, MPFR_RNDN);
    mpfr_set_d(x, sqrt(-mpfr_get_d(target, MPFR_RNDN)), MPFR_RNDN);
    for (int i = 0; i < 60; i++) {
        mpfr_erfc(f, x, MPFR_RNDN);
        mpfr_sqr(d, x, MPFR_RNDN);
        mpfr_neg(d, d, MPFR_RNDN);
        mpfr_exp(d, d, MPFR_RNDN);
        mpfr_div(d, d, f, MPFR_RNDN); /* -d/dx log erfc, times sqrt(pi)/2 */
        mpfr_log(f, f, MPFR_RNDN);
        mpfr_sub(f, f, target, MPFR_RNDN);
        mpfr_div(f, f, d, MPFR_RNDN);
        mpfr_const_pi(d, MPFR_RNDN);
        mpfr_sqrt(d, d, MPFR_RNDN);
        mpfr_div_ui(d, d, 2, MPFR_RNDN);
        mpfr_mul(f, f, d, MPFR_RNDN);
        mpfr_add(x, x, f, MPFR_RNDN);
        if (mpfr_zero_p(f) || mpfr_get_exp(f) < mpfr_get_exp(x) - REFERENCE_BITS) {
            break;
        }
    }
    mpfr_clears(f, d, target, (mpfr_ptr)0);
}

/* erfinv near 0, where 1-|y| has lost y: Newton's method on erf. */
static void erf_inverse(mpfr_t x, const mpfr_t y) {
    mpfr_t f, d;
    mpfr_inits2(2 * REFERENCE_BITS, f, d, (mpfr_ptr)0);
    mpfr_set(x, y, MPFR_RNDN);
    for (int i = 0; i < 60; i++) {
        mpfr_erf(f, x, MPFR_RNDN);
        mpfr_sub(f, y, f, MPFR_RNDN);
        mpfr_sqr(d, x, MPFR_RNDN);
        mpfr_exp(d, d, MPFR_RNDN);
        mpfr_mul(f, f, d, MPFR_RNDN);
        mpfr_const_pi(d, MPFR_RNDN);
        mpfr_sqrt(d, d, MPFR_RNDN);
        mpfr_div_ui(d, d, 2, MPFR_RNDN);
        mpfr_mul(f, f, d, MPFR_RNDN);
        mpfr_add(x, x, f, MPFR_RNDN);
        if (mpfr_zero_p(f) || mpfr_get_exp(f) < mpfr_get_exp(x) - REFERENCE_BITS) {
            break;
        }
    }
    mpfr_clears(f, d, (mpfr_ptr)0);
}

void reference_erfinv(mpfr_t out, const double *in) {
    if (!(fabs(in[0]) < 1)) {
        fabs(in[0]) == 1 ? mpfr_set_inf(out, in[0] > 0 ? 1 : -1) : mpfr_set_nan(out);
        return;
    }
    if (in[0] == 0) {
        mpfr_set_zero(out, 1);
        return;
    }
    mpfr_t y, x;
    mpfr_inits2(2 * REFERENCE_BITS, y, x, (mpfr_ptr)0);
    mpfr_set_d(y, fabs(in[0]), MPFR_RNDN);
    if (fabs(in[0]) < 0.5) {
        erf_inverse(x, y);
    } else {
        mpfr_ui_sub(y, 1, y, MPFR_RNDN);
        erfc_inverse(x, y);
    }
    mpfr_set(out, x, MPFR_RNDN);
    if (in[0] < 0) {
        mpfr_neg(out, out, MPFR_RNDN);
    }
    mpfr_clears(y, x, (mpfr_ptr)0);
}

/* erfcinv(q) for q in (0, 2), with q given exactly. */
static void erfc_inverse_any(mpfr_t out, const mpfr_t q) {
    mpfr_t y, x;
    mpfr_inits2(2 * REFERENCE_BITS, y, x, (mpfr_ptr)0);
    mpfr_ui_sub(y, 1, q, MPFR_RNDN);
    int negative = mpfr_sgn(y) < 0;
    if (mpfr_zero_p(y)) {
        mpfr_set_zero(x, 1);
    } else if (mpfr_cmpabs(y, q) < 0 && mpfr_cmp_d(q, 0.5) > 0 && mpfr_cmp_d(q, 1.5) < 0) {
        mpfr_abs(y, y, MPFR_RNDN);
        erf_inverse(x, y);
    } else {
        if (negative) {
            mpfr_ui_sub(y, 2, q, MPFR_RNDN);
        } else {
            mpfr_set(y, q, MPFR_RNDN);
        }
        erfc_inverse(x, y);
    }
    if (negative) {
        mpfr_neg(x, x, MPFR_RNDN);
    }
    mpfr_set(out, x, MPFR_RNDN);
    mpfr_clears(y, x, (mpfr_ptr)0);
}

void reference_erfcinv(mpfr_t out, const double *in) {
    if (!(in[0] > 0 && in[0] < 2)) {
        in[0] == 0 ? mpfr_set_inf(out, 1) : in[0] == 2 ? mpfr_set_inf(out, -1) : mpfr_set_nan(out);
        return;
    }
    mpfr_t q;
    mpfr_init2(q, 2 * REFERENCE_BITS);
    mpfr_set_d(q, in[0], MPFR_RNDN);
    erfc_inverse_any(out, q);
    mpfr_clear(q);
}

static void root_half(mpfr_t out) {
    mpfr_set_d(out, 0.5, MPFR_RNDN);
    mpfr_sqrt(out, out, MPFR_RNDN);
}

/* erfc(-x/sqrt(2)) / 2 */
void reference_normcdf(mpfr_t out, const double *in) {
    mpfr_t x, r;
    mpfr_inits2(2 * REFERENCE_BITS + 64, x, r, (mpfr_ptr)0);
    mpfr_set_d(x, -in[0], MPFR_RNDN);
    root_half(r);
    mpfr_mul(x, x, r, MPFR_RNDN);
    mpfr_erfc(x, x, MPFR_RNDN);
    mpfr_div_ui(out, x, 2, MPFR_RNDN);
    mpfr_clears(x, r, (mpfr_ptr)0);
}

/* -sqrt(2) erfcinv(2p) */
void reference_normcdfinv(mpfr_t out, const double *in) {
    if (!(in[0] > 0 && in[0] < 1)) {
        in[0] == 0 ? mpfr_set_inf(out, -1) : in[0] == 1 ? mpfr_set_inf(out, 1) : mpfr_set_nan(out);
        return;
    }
    mpfr_t q, r;
    mpfr_inits2(2 * REFERENCE_BITS, q, r, (mpfr_ptr)0);
    mpfr_set_d(q, in[0], MPFR_RNDN);
    mpfr_mul_ui(q, q, 2, MPFR_RNDN);
    erfc_inverse_any(out, q);
    root_half(r);
    mpfr_mul_ui(r, r, 2, MPFR_RNDN);
    mpfr_mul(out, out, r, MPFR_RNDN);
    mpfr_neg(out, out, MPFR_RNDN);
    mpfr_clears(q, r, (mpfr_ptr)0);
}

/* ---- Bessel functions ---------------------------------------------------------------------------------------- */

void reference_jn(mpfr_t out, const double *in) {
    ARGUMENT(x, in[1]);
    in[0] < 0 ? mpfr_set_nan(out) : (void)mpfr_jn(out, (long)in[0], x, MPFR_RNDN);
    mpfr_clear(x);
}

void reference_yn(mpfr_t out, const double *in) {
    ARGUMENT(x, in[1]);
    in[0] < 0 ? mpfr_set_nan(out) : (void)mpfr_yn(out, (long)in[0], x, MPFR_RNDN);
    mpfr_clear(x);
}

/* The sum of (x/2)^(2k+n) / (k! (k+n)!): all terms have one sign, so that nothing cancels. */
static void modified_bessel(mpfr_t out, double argument, unsigned n) {
    if (isnan(argument) || isinf(argument)) {
        mpfr_set_d(out, n == 0 ? fabs(argument) : argument, MPFR_RNDN);
        return;
    }
    mpfr_t half, square, term, s;
    mpfr_inits2(REFERENCE_BITS + 40, half, square, term, s, (mpfr_ptr)0);
    mpfr_set_d(half, argument, MPFR_RNDN);
    mpfr_div_ui(half, half, 2, MPFR_RNDN);
    mpfr_sqr(square, half, MPFR_RNDN);
    n == 0 ? (void)mpfr_set_ui(term, 1, MPFR_RNDN) : (void)mpfr_set(term, half, MPFR_RNDN);
    mpfr_set(s, term, MPFR_RNDN);
    /* Beyond 2000 every result overflows double. */
    for (unsigned long k = 1; k < 20000 && fabs(argument) < 2000 && !mpfr_zero_p(term); k++) {
        mpfr_mul(term, term, square, MPFR_RNDN);
        mpfr_div_ui(term, term, k * (k + n), MPFR_RNDN);
        mpfr_add(s, s, term, MPFR_RNDN);
        if (mpfr_get_exp(term) < mpfr_get_exp(s) - REFERENCE_BITS - 20) {
            break;
        }
    }
    if (fabs(argument) >= 2000) {
        mpfr_set_inf(s, n == 0 || argument > 0 ? 1 : -1);
    }
    mpfr_set(out, s, MPFR_RNDN);
    mpfr_clears(half, square, term, s, (mpfr_ptr)0);
}

void reference_cyl_bessel_i0(mpfr_t out, const double *in) {
    modified_bessel(out, in[0], 0);
}

void reference_cyl_bessel_i1(mpfr_t out, const double *in) {
    modified_bessel(out, in[0], 1);
}
