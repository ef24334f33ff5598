/* SPDX-License-Identifier: Apache-2.0 */
/* reference.h: what the math functions should give, in MPFR's arbitrary precision. */
#ifndef CW_TEST_MATH_REFERENCE_H
#define CW_TEST_MATH_REFERENCE_H

#include <mpfr.h>

/* The precision of all references: far more than a double's 53, so that their own rounding does not show. */
#define REFERENCE_BITS 140

/* Sets `out` to the function's value at the arguments. NaN where the function has none. */
typedef void reference(mpfr_t out, const double *in);

#define CW_REFERENCES(X)                                                                                               \
    X(exp)                                                                                                             \
    X(exp2) X(exp10) X(expm1) X(log) X(log2) X(log10) X(log1p) X(pow) X(powi) X(sin) X(cos) X(tan) X(sinpi) X(cospi)   \
        X(asin) X(acos) X(atan) X(atan2) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) X(sqrt) X(rsqrt) X(cbrt)   \
            X(rcbrt) X(hypot) X(rhypot) X(norm3d) X(norm4d) X(rnorm3d) X(rnorm4d) X(erf) X(erfc) X(erfcx) X(erfinv)    \
                X(erfcinv) X(normcdf) X(normcdfinv) X(tgamma) X(lgamma) X(j0) X(j1) X(jn) X(y0) X(y1) X(yn)            \
                    X(cyl_bessel_i0) X(cyl_bessel_i1) X(fma) X(fdividef)

#define X(name) reference reference_##name;
CW_REFERENCES(X)
#undef X

#endif
