/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accuracy.c: measures each math function's largest error against MPFR and fails when one is above its bound.
 *
 *     test-math-accuracy [--part] [-n SAMPLES] [NAME...]
 *
 * --part: the archive need not have them all. The error of a result is its distance to the true value in units of the last place that the true value has in the
 * result's format (the least subnormal's for tiny values). Samples are the same in every run. Special values are part of
 * them, so infinities and NaNs in the wrong place show as infinite errors; signs of zeros are special.c's business.
 */
#include "reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { F1, F2, F3, F4, FI, FN, D1, D2, D3, D4, DI, DN };
enum flag { EVERYWHERE = 1, SIGNED = 2, PERIODIC = 4, ABSOLUTE = 8, POSITIVE = 16, SLOW = 32 };

struct check {
    const char *name;
    void (*function)(void);
    enum kind kind;
    reference *wanted;
    double bound, low, high;
    unsigned flags;
};

typedef float type_F1(float);
typedef float type_F2(float, float);
typedef float type_F3(float, float, float);
typedef float type_F4(float, float, float, float);
typedef float type_FI(float, int);
typedef float type_FN(int, float);
typedef double type_D1(double);
typedef double type_D2(double, double);
typedef double type_D3(double, double, double);
typedef double type_D4(double, double, double, double);
typedef double type_DI(double, int);
typedef double type_DN(int, double);

/* Weak: a function that the archive does not have is not measured. */
#define CW_CHECK(function, kind, reference, bound, low, high, flags) extern __attribute__((weak)) type_##kind function;
#include "functions.def"

static const struct check checks[] = {
#define CW_CHECK(function, kind, reference, bound, low, high, flags)                                                   \
    {#function, (void (*)(void))function, kind, reference_##reference, bound, low, high, flags},
#include "functions.def"
};

static bool is_float(enum kind kind) {
    return kind <= FN;
}

static int arity(enum kind kind) {
    static const int counts[] = {1, 2, 3, 4, 2, 2, 1, 2, 3, 4, 2, 2};
    return counts[kind];
}

static double call(const struct check *check, const double *x) {
    switch (check->kind) {
    case F1:
        return (double)((type_F1 *)check->function)((float)x[0]);
    case F2:
        return (double)((type_F2 *)check->function)((float)x[0], (float)x[1]);
    case F3:
        return (double)((type_F3 *)check->function)((float)x[0], (float)x[1], (float)x[2]);
    case F4:
        return (double)((type_F4 *)check->function)((float)x[0], (float)x[1], (float)x[2], (float)x[3]);
    case FI:
        return (double)((type_FI *)check->function)((float)x[0], (int)x[1]);
    case FN:
        return (double)((type_FN *)check->function)((int)x[0], (float)x[1]);
    case D1:
        return ((type_D1 *)check->function)(x[0]);
    case D2:
        return ((type_D2 *)check->function)(x[0], x[1]);
    case D3:
        return ((type_D3 *)check->function)(x[0], x[1], x[2]);
    case D4:
        return ((type_D4 *)check->function)(x[0], x[1], x[2], x[3]);
    case DI:
        return ((type_DI *)check->function)(x[0], (int)x[1]);
    case DN:
        return ((type_DN *)check->function)((int)x[0], x[1]);
    }
    return 0;
}

/* ---- Samples ------------------------------------------------------------------------------------------------- */

static uint64_t random_state;

static uint64_t random_bits(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double random_unit(void) {
    return (double)(random_bits() >> 11) * 0x1p-53;
}

static const double specials[] = {
    0.0,
    0x1p-149,
    0x1p-126,
    0x1.fffffcp-127,
    0x1p-1074,
    0x1p-1022,
    0x0.fffffffffffffp-1022,
    0x1p-60,
    1e-5,
    0.25,
    0.5,
    0.75,
    1,
    0x1.fffffep-1,
    0x1.000002p0,
    0x1.fffffffffffffp-1,
    0x1.0000000000001p0,
    1.5,
    2,
    2.5,
    3,
    4,
    5,
    7,
    8,
    10,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    87.5,
    88,
    88.72,
    88.73,
    89,
    103,
    104,
    126,
    127,
    128,
    149,
    150,
    170,
    171.5,
    172,
    255,
    256,
    708,
    709,
    709.78,
    709.79,
    710,
    744,
    745,
    746,
    1022,
    1023,
    1024,
    1074,
    1075,
    0x1p23,
    0x1.000002p23,
    0x1p24,
    0x1p31,
    0x1p52,
    0x1p53,
    0x1p63,
    1e10,
    1e20,
    1e30,
    0x1.fffffep127,
    1e100,
    1e300,
    0x1.fffffffffffffp1023,
    INFINITY,
    NAN,
};

/* One argument: in turn from the range, evenly and by exponent, from all bit patterns, near multiples of pi/2. */
static double sample_value(const struct check *check, uint64_t turn) {
    double x = 0;
    uint64_t way = turn % (check->flags & EVERYWHERE ? (check->flags & PERIODIC ? 5 : 4) : 2);
    if (way == 0) {
        x = check->low + (check->high - check->low) * random_unit();
    } else if (way == 1 && check->low > 0) {
        x = check->low * exp(log(check->high / check->low) * random_unit());
    } else if (way == 1) {
        x = check->low + (check->high - check->low) * random_unit() * random_unit();
    } else if (way == 2 && is_float(check->kind)) {
        uint32_t bits = (uint32_t)random_bits();
        float f;
        memcpy(&f, &bits, sizeof f);
        x = (double)f;
    } else if (way == 2) {
        uint64_t bits = random_bits();
        memcpy(&x, &bits, sizeof x);
    } else if (way == 3) {
        x = specials[random_bits() % (sizeof specials / sizeof *specials)];
    } else {
        /* A multiple of pi/2, large ones too, and one of its neighbours. */
        x = floor(exp(log(1e9) * random_unit())) * 0x1.921fb54442d18p+0;
        x = is_float(check->kind) ? (double)nextafterf((float)x, random_bits() & 1 ? INFINITY : 0) : x;
    }
    if (check->flags & SIGNED && random_bits() & 1) {
        x = -x;
    }
    if (check->flags & POSITIVE) {
        x = fabs(x);
    }
    return is_float(check->kind) ? (double)(float)x : x;
}

static void sample(const struct check *check, uint64_t index, double *x) {
    uint64_t count = sizeof specials / sizeof *specials;
    for (int i = 0; i < 4; i++) {
        x[i] = sample_value(check, index + (uint64_t)i * (random_bits() >> 60));
    }
    if (arity(check->kind) == 1 && check->flags & EVERYWHERE && index < 2 * count) {
        /* Each special value once with each sign. */
        x[0] = index < count ? specials[index] : -specials[index - count];
        x[0] = check->flags & POSITIVE ? fabs(x[0]) : x[0];
        x[0] = is_float(check->kind) ? (double)(float)x[0] : x[0];
    }
    if (check->kind == FI || check->kind == DI) {
        x[1] = (double)((int64_t)(random_bits() % 400) - 200);
    }
    if (check->kind == FN || check->kind == DN) {
        x[1] = x[0];
        x[0] = (double)(random_bits() % 129);
    }
}

/* ---- Errors -------------------------------------------------------------------------------------------------- */

/* The exponent of the last place that the value `wanted` has as a float or double. */
static long last_place(const mpfr_t wanted, bool narrow) {
    long bits = narrow ? 24 : 53, least = narrow ? -149 : -1074;
    if (mpfr_zero_p(wanted)) {
        return least;
    }
    long last = mpfr_get_exp(wanted) - bits;
    return last < least ? least : last;
}

static double error_of(const struct check *check, double got, mpfr_t wanted) {
    bool narrow = is_float(check->kind);
    if (mpfr_nan_p(wanted) || isnan(got)) {
        return mpfr_nan_p(wanted) && isnan(got) ? 0 : INFINITY;
    }
    /* Beyond the largest finite value by half its last place, infinity is right, and stands for the next power. */
    double largest_exponent = narrow ? 128 : 1024;
    if (mpfr_inf_p(wanted)) {
        return isinf(got) && (got > 0) == (mpfr_sgn(wanted) > 0) ? 0 : INFINITY;
    }
    mpfr_t difference, value;
    mpfr_inits2(REFERENCE_BITS + 1100, difference, value, (mpfr_ptr)0);
    bool overflows = mpfr_get_exp(wanted) > (long)largest_exponent && !mpfr_zero_p(wanted);
    if (isinf(got)) {
        mpfr_set_si_2exp(value, got > 0 ? 1 : -1, (long)largest_exponent, MPFR_RNDN);
    } else {
        mpfr_set_d(value, got, MPFR_RNDN);
    }
    double error;
    if (overflows && isinf(got)) {
        error = (got > 0) == (mpfr_sgn(wanted) > 0) ? 0 : INFINITY;
    } else {
        mpfr_sub(difference, value, wanted, MPFR_RNDN);
        mpfr_abs(difference, difference, MPFR_RNDN);
        if (!(check->flags & ABSOLUTE)) {
            mpfr_mul_2si(difference, difference, -last_place(wanted, narrow), MPFR_RNDN);
        }
        error = mpfr_get_d(difference, MPFR_RNDN);
    }
    mpfr_clears(difference, value, (mpfr_ptr)0);
    return error;
}

static bool measure(const struct check *check, uint64_t samples) {
    if (check->function == NULL) {
        printf("%-22s not in the archive\n", check->name);
        return false;
    }
    if (check->flags & SLOW) {
        samples = samples / 10 + 1;
    }
    double worst = -1, worst_in[4] = {0}, worst_got = 0;
    mpfr_t wanted;
    mpfr_init2(wanted, REFERENCE_BITS);
    random_state = 1;
    for (uint64_t i = 0; i < samples; i++) {
        double x[4];
        sample(check, i, x);
        double got = call(check, x);
        check->wanted(wanted, x);
        double error = error_of(check, got, wanted);
        if (error > worst) {
            worst = error;
            worst_got = got;
            memcpy(worst_in, x, sizeof x);
        }
    }
    bool good = worst <= check->bound;
    printf("%-22s %8llu  %10.4g %10.4g %s ", check->name, (unsigned long long)samples, worst, check->bound,
           check->flags & ABSOLUTE ? "abs" : "ulp");
    for (int i = 0; i < arity(check->kind); i++) {
        printf(" %a", worst_in[i]);
    }
    check->wanted(wanted, worst_in);
    printf(" -> %.17g", worst_got);
    if (!good) {
        mpfr_printf(", wanted %.25Rg  FAILED", wanted);
    }
    printf("\n");
    mpfr_clear(wanted);
    return good;
}

int main(int argc, char **argv) {
    uint64_t samples = 4000;
    int first = 1;
    bool part = argc > 1 && strcmp(argv[1], "--part") == 0;
    argc -= part;
    argv += part;
    if (argc > 2 && strcmp(argv[1], "-n") == 0) {
        samples = strtoull(argv[2], NULL, 10);
        first = 3;
    }
    printf("%-22s %8s  %10s %10s      at\n", "function", "samples", "largest", "bound");
    size_t measured = 0, failed = 0;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        bool wanted = first >= argc && !(part && checks[i].function == NULL);
        for (int k = first; k < argc; k++) {
            wanted |= strcmp(argv[k], checks[i].name) == 0;
        }
        if (wanted) {
            measured++;
            failed += !measure(&checks[i], samples);
        }
        fflush(stdout);
    }
    printf("%zu measured, %zu failed\n", measured, failed);
    return failed != 0 || measured == 0;
}
