/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dense.c: the float functions without doubles, over all floats at a stride, against our double functions, whose own errors are
 * far below a float's last place. Fails when one is above CUDA's bound.
 *
 *     test-math-dense [STRIDE [NAME...]]     1: every float; a prime is best. Counted by bit patterns, so every exponent gets its share.
 *
 * accuracy.c holds both against MPFR, and has the functions of several arguments.
 */
#include "declare.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *name;
    float (*narrow)(float);
    double (*wide)(double);
    double bound; /* ulps; CUDA C++ Programming Guide, "Mathematical Functions" */
};

#define ROW(name, bound) {#name, __nv_##name##f, __nv_##name, bound},
static const struct row rows[] = {
    ROW(expm1, 1) ROW(log, 1) ROW(log2, 1) ROW(log10, 2) ROW(log1p, 1) ROW(sin, 2) ROW(cos, 2) ROW(tan, 4) ROW(sinpi, 1)
    ROW(cospi, 1) ROW(asin, 2) ROW(acos, 2) ROW(atan, 2) ROW(sinh, 3) ROW(cosh, 2) ROW(tanh, 2) ROW(asinh, 3) ROW(acosh, 4)
    ROW(atanh, 3) ROW(rcbrt, 1) ROW(erfc, 4) ROW(erfcx, 4) ROW(erfinv, 2) ROW(erfcinv, 4) ROW(normcdf, 5) ROW(normcdfinv, 5)
};

/* In units of the last place that the true value has as a float. */
static double error_of(float got, double wanted) {
    if (isnan(wanted) || isnan(got)) {
        return isnan(wanted) && isnan(got) ? 0 : INFINITY;
    }
    bool overflows = fabs(wanted) >= 0x1.ffffffp127;
    if (isinf(got) && overflows) {
        return (got > 0) == (wanted > 0) ? 0 : INFINITY;
    }
    if (isinf(got) || overflows) {
        double reached = isinf(got) ? copysign(0x1p128, (double)got) : (double)got;
        return fabs(reached - wanted) * 0x1p-104;
    }
    int exponent;
    frexp(wanted, &exponent);
    exponent = wanted == 0 || exponent < -125 ? -125 : exponent;
    return fabs((double)got - wanted) * ldexp(1, 24 - exponent);
}

static bool measure(const struct row *row, uint64_t stride) {
    double worst = 0;
    float at = 0;
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += stride) {
        uint32_t pattern = (uint32_t)bits;
        float x;
        memcpy(&x, &pattern, sizeof x);
        double error = error_of(row->narrow(x), row->wide((double)x));
        if (error > worst) {
            worst = error;
            at = x;
        }
    }
    printf("%-12s %8.4f of %g ulp at %a%s\n", row->name, worst, row->bound, (double)at, worst > row->bound ? " FAILED" : "");
    fflush(stdout);
    return worst <= row->bound;
}

int main(int argc, char **argv) {
    uint64_t stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 40009;
    bool good = stride > 0;
    for (size_t i = 0; good && i < sizeof rows / sizeof *rows; i++) {
        bool wanted = argc < 3;
        for (int k = 2; k < argc; k++) {
            wanted |= strcmp(argv[k], rows[i].name) == 0;
        }
        good = !wanted || measure(&rows[i], stride);
    }
    return good ? 0 : 1;
}
