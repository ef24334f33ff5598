/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exact.c: the functions that have one right answer: arithmetic and conversions with a rounding direction (against this
 * machine's own rounding modes), remainders and parts of numbers (against libm, whose versions are exact), integer
 * functions (against plain loops), and pairs of functions that must agree.
 */
#include "declare.h"

#include <fenv.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned failures;
static unsigned long long compared;

static uint64_t random_state = 1;

static uint64_t random_bits(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t bits_f(float x) {
    uint32_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static uint64_t bits_d(double x) {
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

/* Doubles that make trouble: few significant bits, exponents near a random one, edges of the formats. */
static double trouble(void) {
    static const double edges[] = {
        0,
        0x1p-1074,
        0x1p-1022,
        0x0.fffffffffffffp-1022,
        0x1p-149,
        0x1p-126,
        0x1.fffffcp-127,
        0.5,
        0x1.fffffffffffffp-2,
        1,
        0x1.fffffffffffffp-1,
        1.5,
        2,
        2.5,
        3,
        0x1.fffffep127,
        0x1.ffffffp127,
        0x1p128,
        0x1.fffffffffffffp1023,
        0x1p31,
        0x1.fffffffcp30,
        0x1.fffffffdp30,
        0x1p32,
        0x1p52,
        0x1p53,
        0x1p63,
        0x1.fffffffffffffp62,
        0x1p64,
        INFINITY,
        NAN,
    };
    uint64_t way = random_bits() % 4, b = random_bits();
    double x;
    if (way == 0) {
        memcpy(&x, &b, sizeof x);
    } else if (way == 1) {
        x = edges[b % (sizeof edges / sizeof *edges)];
    } else {
        x = ldexp((double)(b >> (way == 2 ? 11 : 58)), (int)(random_bits() % 160) - 80 - (way == 2 ? 53 : 6));
    }
    return random_bits() & 1 ? -x : x;
}

static float trouble_f(void) {
    uint32_t b = (uint32_t)random_bits();
    float x;
    memcpy(&x, &b, sizeof x);
    return random_bits() & 3 ? (float)trouble() : x;
}

static void check_d(const char *name, double got, double wanted, double a, double b, double c) {
    compared++;
    if (bits_d(got) == bits_d(wanted) || (isnan(got) && isnan(wanted))) {
        return;
    }
    if (failures++ < 40) {
        printf("%s(%a, %a, %a) gives %a, not %a\n", name, a, b, c, got, wanted);
    }
}

static void check_f(const char *name, float got, float wanted, double a, double b, double c) {
    compared++;
    if (bits_f(got) == bits_f(wanted) || (isnan(got) && isnan(wanted))) {
        return;
    }
    if (failures++ < 40) {
        printf("%s(%a, %a, %a) gives %a, not %a\n", name, a, b, c, (double)got, (double)wanted);
    }
}

static void check_i(const char *name, long long got, long long wanted, double a, double b) {
    compared++;
    if (got != wanted && failures++ < 40) {
        printf("%s(%a, %a) gives %lld, not %lld\n", name, a, b, got, wanted);
    }
}

/* The expression under a rounding mode; its operands are volatile, so that it is computed there and then. */
#define IN_MODE(mode, result, expression)                                                                              \
    do {                                                                                                               \
        fesetround(mode);                                                                                              \
        result = (expression);                                                                                         \
        fesetround(FE_TONEAREST);                                                                                      \
    } while (0)

/* ---- Directed arithmetic and conversions ---------------------------------------------------------------------- */

#define DIRECTED(suffix, mode)                                                                                         \
    static void directed_##suffix(void) {                                                                              \
        volatile float a = trouble_f(), b = trouble_f(), c = trouble_f(), r;                                           \
        volatile double x = trouble(), y = trouble(), z = trouble(), s;                                                \
        volatile int i = (int)random_bits();                                                                           \
        volatile unsigned u = (unsigned)random_bits();                                                                 \
        volatile long long l = (long long)random_bits() >> (random_bits() % 64);                                       \
        volatile unsigned long long v = (unsigned long long)random_bits() >> (random_bits() % 64);                     \
        double da = (double)a, db = (double)b, dc = (double)c;                                                         \
        IN_MODE(mode, r, a + b);                                                                                       \
        check_f("fadd_" #suffix, __nv_fadd_##suffix(a, b), r, da, db, 0);                                              \
        IN_MODE(mode, r, a - b);                                                                                       \
        check_f("fsub_" #suffix, __nv_fsub_##suffix(a, b), r, da, db, 0);                                              \
        IN_MODE(mode, r, a * b);                                                                                       \
        check_f("fmul_" #suffix, __nv_fmul_##suffix(a, b), r, da, db, 0);                                              \
        IN_MODE(mode, r, a / b);                                                                                       \
        check_f("fdiv_" #suffix, __nv_fdiv_##suffix(a, b), r, da, db, 0);                                              \
        IN_MODE(mode, r, 1 / a);                                                                                       \
        check_f("frcp_" #suffix, __nv_frcp_##suffix(a), r, da, 0, 0);                                                  \
        IN_MODE(mode, r, sqrtf(a));                                                                                    \
        check_f("fsqrt_" #suffix, __nv_fsqrt_##suffix(a), r, da, 0, 0);                                                \
        IN_MODE(mode, r, fmaf(a, b, c));                                                                               \
        check_f("fmaf_" #suffix, __nv_fmaf_##suffix(a, b, c), r, da, db, dc);                                          \
        check_f("fmaf_ieee_" #suffix, __nv_fmaf_ieee_##suffix(a, b, c), r, da, db, dc);                                \
        IN_MODE(mode, s, x + y);                                                                                       \
        check_d("dadd_" #suffix, __nv_dadd_##suffix(x, y), s, x, y, 0);                                                \
        IN_MODE(mode, s, x - y);                                                                                       \
        check_d("dsub_" #suffix, __nv_dsub_##suffix(x, y), s, x, y, 0);                                                \
        IN_MODE(mode, s, x * y);                                                                                       \
        check_d("dmul_" #suffix, __nv_dmul_##suffix(x, y), s, x, y, 0);                                                \
        IN_MODE(mode, s, x / y);                                                                                       \
        check_d("ddiv_" #suffix, __nv_ddiv_##suffix(x, y), s, x, y, 0);                                                \
        IN_MODE(mode, s, 1 / x);                                                                                       \
        check_d("drcp_" #suffix, __nv_drcp_##suffix(x), s, x, 0, 0);                                                   \
        IN_MODE(mode, s, sqrt(x));                                                                                     \
        check_d("dsqrt_" #suffix, __nv_dsqrt_##suffix(x), s, x, 0, 0);                                                 \
        IN_MODE(mode, s, fma(x, y, z));                                                                                \
        check_d("fma_" #suffix, __nv_fma_##suffix(x, y, z), s, x, y, z);                                               \
        z = -x * y;                                                                                                    \
        IN_MODE(mode, s, fma(x, y, z));                                                                                \
        check_d("fma_" #suffix, __nv_fma_##suffix(x, y, z), s, x, y, z);                                               \
        IN_MODE(mode, r, (float)x);                                                                                    \
        check_f("double2float_" #suffix, __nv_double2float_##suffix(x), r, x, 0, 0);                                   \
        IN_MODE(mode, r, (float)i);                                                                                    \
        check_f("int2float_" #suffix, __nv_int2float_##suffix(i), r, i, 0, 0);                                         \
        IN_MODE(mode, r, (float)u);                                                                                    \
        check_f("uint2float_" #suffix, __nv_uint2float_##suffix(u), r, u, 0, 0);                                       \
        IN_MODE(mode, r, (float)l);                                                                                    \
        check_f("ll2float_" #suffix, __nv_ll2float_##suffix(l), r, (double)l, 0, 0);                                   \
        IN_MODE(mode, r, unsigned_to_float(v));                                                                        \
        check_f("ull2float_" #suffix, __nv_ull2float_##suffix(v), r, (double)v, 0, 0);                                 \
        IN_MODE(mode, s, (double)l);                                                                                   \
        check_d("ll2double_" #suffix, __nv_ll2double_##suffix(l), s, (double)l, 0, 0);                                 \
        IN_MODE(mode, s, unsigned_to_double(v));                                                                       \
        check_d("ull2double_" #suffix, __nv_ull2double_##suffix(v), s, (double)v, 0, 0);                               \
        IN_MODE(mode, r, rintf(a));                                                                                    \
        check_i("float2int_" #suffix, __nv_float2int_##suffix(a), isnan(a) ? 0 : saturate((double)r, 31), da, 0);      \
        check_i("float2uint_" #suffix, __nv_float2uint_##suffix(a),                                                    \
                isnan(a) ? 0 : (unsigned)saturate_unsigned((double)r, 32), da, 0);                                     \
        check_i("float2ll_" #suffix, __nv_float2ll_##suffix(a), isnan(a) ? INT64_MIN : saturate((double)r, 63), da,    \
                0);                                                                                                    \
        check_i("float2ull_" #suffix, (long long)__nv_float2ull_##suffix(a),                                           \
                isnan(a) ? INT64_MIN : (long long)saturate_unsigned((double)r, 64), da, 0);                            \
        IN_MODE(mode, s, rint(x));                                                                                     \
        check_i("double2int_" #suffix, __nv_double2int_##suffix(x), isnan(x) ? INT32_MIN : saturate(s, 31), x, 0);     \
        check_i("double2uint_" #suffix, __nv_double2uint_##suffix(x),                                                  \
                isnan(x) ? 0x80000000 : (unsigned)saturate_unsigned(s, 32), x, 0);                                     \
        check_i("double2ll_" #suffix, __nv_double2ll_##suffix(x), isnan(x) ? INT64_MIN : saturate(s, 63), x, 0);       \
        check_i("double2ull_" #suffix, (long long)__nv_double2ull_##suffix(x),                                         \
                isnan(x) ? INT64_MIN : (long long)saturate_unsigned(s, 64), x, 0);                                     \
    }

/* An integral value to a signed integer of `bits`+1 bits, or an unsigned one of `bits`. */
static long long saturate(double x, int bits) {
    double limit = ldexp(1, bits);
    return x >= limit   ? (long long)((UINT64_C(1) << bits) - 1)
           : x < -limit ? -(long long)((UINT64_C(1) << bits) - 1) - 1
                        : (long long)x;
}

static uint64_t saturate_unsigned(double x, int bits) {
    return x >= ldexp(1, bits) ? (bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1) : x <= 0 ? 0 : (uint64_t)x;
}

/* Conversions of 64-bit unsigned integers in the current mode, in steps that round once: compilers' own sequences are
 * right for rounding to nearest only. The lowest bit keeps what halving drops. */
static float unsigned_to_float(unsigned long long v) {
    volatile long long half = (long long)(v >> 1 | (v & 1));
    return v >> 63 ? (float)half * 2 : (float)(long long)v;
}

static double unsigned_to_double(unsigned long long v) {
    volatile long long half = (long long)(v >> 1 | (v & 1));
    return v >> 63 ? (double)half * 2 : (double)(long long)v;
}

DIRECTED(rn, FE_TONEAREST)
DIRECTED(rz, FE_TOWARDZERO)
DIRECTED(ru, FE_UPWARD)
DIRECTED(rd, FE_DOWNWARD)

/* 1/sqrt(a), correctly rounded: against a long double. */
static void reciprocal_root(void) {
    float a = fabsf(trouble_f());
    check_f("frsqrt_rn", __nv_frsqrt_rn(a), (float)(1 / sqrtl((long double)a)), (double)a, 0, 0);
}

/* ---- Nearest integers, remainders, parts ----------------------------------------------------------------------- */

#define SAME_F(name) check_f(#name "f", __nv_##name##f(a), name##f(a), (double)a, 0, 0)
#define SAME_D(name) check_d(#name, __nv_##name(x), name(x), x, 0, 0)
#define SAME_F2(name) check_f(#name "f", __nv_##name##f(a, b), name##f(a, b), (double)a, (double)b, 0)
#define SAME_D2(name) check_d(#name, __nv_##name(x, y), name(x, y), x, y, 0)

static void nearest(void) {
    float a = trouble_f();
    double x = trouble();
    SAME_F(floor), SAME_F(ceil), SAME_F(trunc), SAME_F(rint), SAME_F(nearbyint), SAME_F(round), SAME_F(fabs),
        SAME_F(logb);
    SAME_D(floor), SAME_D(ceil), SAME_D(trunc), SAME_D(rint), SAME_D(nearbyint), SAME_D(round), SAME_D(fabs),
        SAME_D(logb);
    check_i("llrint", __nv_llrint(x), isnan(x) ? INT64_MIN : saturate(rint(x), 63), x, 0);
    check_i("llrintf", __nv_llrintf(a), isnan(a) ? INT64_MIN : saturate((double)rintf(a), 63), (double)a, 0);
    check_i("llround", __nv_llround(x), isnan(x) ? INT64_MIN : saturate(round(x), 63), x, 0);
    check_i("llroundf", __nv_llroundf(a), isnan(a) ? INT64_MIN : saturate((double)roundf(a), 63), (double)a, 0);
}

static void remainders(void) {
    float a = trouble_f(), b = trouble_f();
    double x = trouble(), y = trouble();
    if (random_bits() & 1) {
        a *= 0x1p-10f;
        b = a * (float)(1 + random_bits() % 1000);
        y = x * (double)(1 + random_bits() % 1000);
    }
    SAME_F2(fmod), SAME_F2(remainder), SAME_D2(fmod), SAME_D2(remainder);
    int got = 0, wanted = 0;
    float f = __nv_remquof(a, b, &got);
    check_f("remquof", f, remquof(a, b, &wanted), (double)a, (double)b, 0);
    if (!isnan(f) && isfinite(b)) {
        check_i("remquof", got, (wanted < 0 ? -(-wanted & 7) : wanted & 7), (double)a, (double)b);
    }
    double d = __nv_remquo(x, y, &got);
    check_d("remquo", d, remquo(x, y, &wanted), x, y, 0);
    if (!isnan(d) && isfinite(y)) {
        check_i("remquo", got, (wanted < 0 ? -(-wanted & 7) : wanted & 7), x, y);
    }
}

static void parts(void) {
    float a = trouble_f(), b = trouble_f(), whole_f = 0, wanted_f = 0;
    double x = trouble(), y = trouble(), whole = 0, wanted = 0;
    int n = (int)(random_bits() % 5000) - 2500, e = 0, f = 0;
    SAME_F2(copysign), SAME_F2(nextafter), SAME_F2(fdim);
    SAME_D2(copysign), SAME_D2(nextafter), SAME_D2(fdim);
    /* C leaves the order of zeros open; CUDA puts -0 below +0. */
    bool less_f = a < b || (a == b && signbit(a)), less = x < y || (x == y && signbit(x));
    check_f("fminf", __nv_fminf(a, b), isnan(a) ? b : isnan(b) || less_f ? a : b, (double)a, (double)b, 0);
    check_f("fmaxf", __nv_fmaxf(a, b), isnan(a) ? b : isnan(b) || !less_f ? a : b, (double)a, (double)b, 0);
    check_d("fmin", __nv_fmin(x, y), isnan(x) ? y : isnan(y) || less ? x : y, x, y, 0);
    check_d("fmax", __nv_fmax(x, y), isnan(x) ? y : isnan(y) || !less ? x : y, x, y, 0);
    check_f("frexpf", __nv_frexpf(a, &e), frexpf(a, &f), (double)a, 0, 0);
    check_i("frexpf", e, isfinite(a) ? f : 0, (double)a, 0);
    check_d("frexp", __nv_frexp(x, &e), frexp(x, &f), x, 0, 0);
    check_i("frexp", e, isfinite(x) ? f : 0, x, 0);
    check_f("modff", __nv_modff(a, &whole_f), modff(a, &wanted_f), (double)a, 0, 0);
    check_f("modff", whole_f, wanted_f, (double)a, 0, 0);
    check_d("modf", __nv_modf(x, &whole), modf(x, &wanted), x, 0, 0);
    check_d("modf", whole, wanted, x, 0, 0);
    check_f("ldexpf", __nv_ldexpf(a, n / 8), ldexpf(a, n / 8), (double)a, n / 8, 0);
    check_d("ldexp", __nv_ldexp(x, n), ldexp(x, n), x, n, 0);
    check_f("scalbnf", __nv_scalbnf(a, n / 8), scalbnf(a, n / 8), (double)a, n / 8, 0);
    check_d("scalbn", __nv_scalbn(x, n), scalbn(x, n), x, n, 0);
    check_d("ldexp", __nv_ldexp(x, INT32_MAX), ldexp(x, INT32_MAX), x, 0, 0);
    check_d("ldexp", __nv_ldexp(x, INT32_MIN), ldexp(x, INT32_MIN), x, 0, 0);
    check_i("ilogbf", __nv_ilogbf(a), a == 0 || isnan(a) ? INT32_MIN : isinf(a) ? INT32_MAX : ilogbf(a), (double)a, 0);
    check_i("ilogb", __nv_ilogb(x), x == 0 || isnan(x) ? INT32_MIN : isinf(x) ? INT32_MAX : ilogb(x), x, 0);
    check_i("isnan", __nv_isnanf(a) * 2 + __nv_isnand(x), !!isnan(a) * 2 + !!isnan(x), (double)a, x);
    check_i("isinf", __nv_isinff(a) * 2 + __nv_isinfd(x), !!isinf(a) * 2 + !!isinf(x), (double)a, x);
    check_i("finite", __nv_finitef(a) * 2 + __nv_isfinited(x), !!isfinite(a) * 2 + !!isfinite(x), (double)a, x);
    check_i("signbit", __nv_signbitf(a) * 2 + __nv_signbitd(x), !!signbit(a) * 2 + !!signbit(x), (double)a, x);
    check_f("saturatef", __nv_saturatef(a), isnan(a) ? 0 : fminf(fmaxf(0, a), 1) + 0, (double)a, 0, 0);
    check_f("fmaf", __nv_fmaf(a, b, (float)y), fmaf(a, b, (float)y), (double)a, (double)b, y);
    check_i("casts", __nv_float_as_int(a) ^ (int)__nv_float_as_uint(a), 0, (double)a, 0);
    check_f("casts", __nv_int_as_float((int)bits_f(a)), a, (double)a, 0, 0);
    check_f("casts", __nv_uint_as_float(bits_f(a)), a, (double)a, 0, 0);
    check_d("casts", __nv_longlong_as_double((long long)__nv_double_as_longlong(x)), x, x, 0, 0);
    check_d("casts", __nv_hiloint2double(__nv_double2hiint(x), __nv_double2loint(x)), x, x, 0, 0);
    check_d("int2double", __nv_int2double_rn(n) + __nv_uint2double_rn((unsigned)n), (double)n + (double)(unsigned)n, n,
            0, 0);
    double r = __nv_rcp64h(x);
    if (fabs(x) > 0x1p-1000 && fabs(x) < 0x1p1000) {
        check_i("rcp64h", fabs(r * x - 1) < 0x1p-19 && (uint32_t)bits_d(r) == 0, 1, x, 0);
    }
}

/* ---- Half precision -------------------------------------------------------------------------------------------- */

/* The half nearest to a, the even one of two, found among all: slow and sure. */
static unsigned nearest_half(float a) {
    double x = fabs((double)a);
    if (isnan(a)) {
        return 0x7fff;
    }
    unsigned sign = signbit(a) ? 0x8000 : 0, low = 0, high = 0x7c00;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        double value = middle < 0x400 ? ldexp(middle, -24) : ldexp(0x400 + (middle & 0x3ff), (int)(middle >> 10) - 25);
        if (value <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double below = low < 0x400 ? ldexp(low, -24) : ldexp(0x400 + (low & 0x3ff), (int)(low >> 10) - 25);
    double above = high < 0x400 ? ldexp(high, -24) : ldexp(0x400 + (high & 0x3ff), (int)(high >> 10) - 25);
    bool up = x - below > above - x || (x - below == above - x && (low & 1)) || isinf(a);
    return sign | (up ? high : low);
}

static void halves(void) {
    float a = trouble_f();
    if (random_bits() & 1) {
        a = ldexpf((float)(random_bits() >> 40), (int)(random_bits() % 48) - 50);
    }
    check_i("float2half_rn", __nv_float2half_rn(a), nearest_half(a), (double)a, 0);
}

static void every_half(void) {
    for (unsigned h = 0; h < 0x10000; h++) {
        unsigned magnitude = h & 0x7fff;
        double value =
            magnitude < 0x400 ? ldexp(magnitude, -24) : ldexp(0x400 + (magnitude & 0x3ff), (int)(magnitude >> 10) - 25);
        value = magnitude > 0x7c00 ? NAN : magnitude == 0x7c00 ? INFINITY : value;
        check_f("half2float", __nv_half2float((unsigned short)h), (float)(h & 0x8000 ? -value : value), h, 0, 0);
    }
}

/* ---- Integers -------------------------------------------------------------------------------------------------- */

static int count_bits(uint64_t v, int from, int step, int width) {
    int n = 0;
    for (int i = from; n < width && !(v >> i & 1); i += step) {
        n++;
    }
    return n;
}

static void integers(void) {
    int a = (int)(random_bits() >> (32 + random_bits() % 32)), b = (int)(random_bits() >> 32), c = (int)random_bits();
    a = random_bits() % 8 == 0 ? INT32_MIN : random_bits() & 1 ? -a : a;
    unsigned ua = (unsigned)a, ub = (unsigned)b, uc = (unsigned)c;
    long long l = (long long)(random_bits() >> random_bits() % 64), m = (long long)random_bits();
    l = random_bits() % 8 == 0 ? INT64_MIN : l;
    unsigned long long ul = (unsigned long long)l, um = (unsigned long long)m;
    long long wa = a, wb = b;
    check_i("abs", __nv_abs(a), (int)(unsigned)(wa < 0 ? -wa : wa), a, 0);
    check_i("llabs", __nv_llabs(l), l < 0 ? (long long)(0 - ul) : l, (double)l, 0);
    check_i("min", __nv_min(a, b) + wa, (a < b ? wa : wb) + wa, a, b);
    check_i("max", __nv_max(a, b), a > b ? a : b, a, b);
    check_i("umin", __nv_umin(ua, ub), ua < ub ? ua : ub, ua, ub);
    check_i("umax", __nv_umax(ua, ub), ua > ub ? ua : ub, ua, ub);
    check_i("llmin", __nv_llmin(l, m), l < m ? l : m, (double)l, (double)m);
    check_i("llmax", __nv_llmax(l, m), l > m ? l : m, (double)l, (double)m);
    check_i("ullmin", (long long)__nv_ullmin(ul, um), (long long)(ul < um ? ul : um), (double)l, (double)m);
    check_i("ullmax", (long long)__nv_ullmax(ul, um), (long long)(ul > um ? ul : um), (double)l, (double)m);
    uint64_t reversed = 0, reversed32 = 0;
    int ones = 0, ones32 = 0;
    for (int i = 0; i < 64; i++) {
        reversed |= (ul >> i & 1) << (63 - i);
        ones += (int)(ul >> i & 1);
        reversed32 |= i < 32 ? (uint64_t)(ua >> i & 1) << (31 - i) : 0;
        ones32 += i < 32 ? (int)(ua >> i & 1) : 0;
    }
    check_i("brev", __nv_brev(a), (int)reversed32, a, 0);
    check_i("brevll", __nv_brevll(l), (long long)reversed, (double)l, 0);
    check_i("popc", __nv_popc(ua), ones32, a, 0);
    check_i("popcll", __nv_popcll(ul), ones, (double)l, 0);
    check_i("clz", __nv_clz(a), count_bits(ua, 31, -1, 32), a, 0);
    check_i("clzll", __nv_clzll(l), count_bits(ul, 63, -1, 64), (double)l, 0);
    check_i("ffs", __nv_ffs(a), a == 0 ? 0 : count_bits(ua, 0, 1, 32) + 1, a, 0);
    check_i("ffsll", __nv_ffsll(l), l == 0 ? 0 : count_bits(ul, 0, 1, 64) + 1, (double)l, 0);
    check_i("clz", __nv_clz(0) + __nv_clzll(0) + __nv_ffs(0) + __nv_ffsll(0), 96, 0, 0);
    check_i("mulhi", __nv_mulhi(a, b), (int)(wa * wb >> 32), a, b);
    check_i("umulhi", __nv_umulhi(ua, ub), (unsigned)((uint64_t)ua * ub >> 32), a, b);
    check_i("mul64hi", __nv_mul64hi(l, m), (long long)((__int128)l * m >> 64), (double)l, (double)m);
    check_i("umul64hi", (long long)__nv_umul64hi(ul, um), (long long)((unsigned __int128)ul * um >> 64), (double)l,
            (double)m);
    check_i("mul24", __nv_mul24(a, b), (int)((int64_t)((int)(ua << 8) >> 8) * ((int)(ub << 8) >> 8)), a, b);
    check_i("umul24", __nv_umul24(ua, ub), (unsigned)((uint64_t)(ua & 0xffffff) * (ub & 0xffffff)), a, b);
    check_i("hadd", __nv_hadd(a, b), (wa + wb) >> 1, a, b);
    check_i("rhadd", __nv_rhadd(a, b), (wa + wb + 1) >> 1, a, b);
    check_i("uhadd", (unsigned)__nv_uhadd(ua, ub), (long long)(((uint64_t)ua + ub) >> 1), a, b);
    check_i("urhadd", __nv_urhadd(ua, ub), (long long)(((uint64_t)ua + ub + 1) >> 1), a, b);
    check_i("sad", __nv_sad(a, b, c), (int)(unsigned)((wa > wb ? wa - wb : wb - wa) + c), a, b);
    check_i("usad", __nv_usad(ua, ub, uc), (unsigned)((ua > ub ? ua - ub : ub - ua) + uc), a, b);
    unsigned char bytes[8];
    memcpy(bytes, &ua, 4);
    memcpy(bytes + 4, &ub, 4);
    unsigned picked = 0;
    for (int i = 0; i < 4; i++) {
        picked |= (unsigned)bytes[uc >> 4 * i & 7] << 8 * i;
    }
    check_i("byte_perm", __nv_byte_perm(a, b, c & 0x7777), (int)picked, a, b);
    check_i("byte_perm", __nv_byte_perm((int)0x80ff017f, 0, 0xba98), (int)0xffff0000, 0, 0);
}

/* ---- Functions that must agree --------------------------------------------------------------------------------- */

static void agreements(void) {
    float a = trouble_f(), s = 0, c = 0, values_f[3] = {a, trouble_f(), trouble_f()};
    double x = trouble(), sd = 0, cd = 0, values[3] = {x, trouble(), trouble()};
    __nv_sincosf(a, &s, &c);
    check_f("sincosf", s, __nv_sinf(a), (double)a, 0, 0);
    check_f("sincosf", c, __nv_cosf(a), (double)a, 0, 0);
    __nv_fast_sincosf(a, &s, &c);
    check_f("fast_sincosf", s, __nv_fast_sinf(a), (double)a, 0, 0);
    check_f("fast_sincosf", c, __nv_fast_cosf(a), (double)a, 0, 0);
    __nv_sincospif(a, &s, &c);
    check_f("sincospif", s, __nv_sinpif(a), (double)a, 0, 0);
    check_f("sincospif", c, __nv_cospif(a), (double)a, 0, 0);
    __nv_sincos(x, &sd, &cd);
    check_d("sincos", sd, __nv_sin(x), x, 0, 0);
    check_d("sincos", cd, __nv_cos(x), x, 0, 0);
    __nv_sincospi(x, &sd, &cd);
    check_d("sincospi", sd, __nv_sinpi(x), x, 0, 0);
    check_d("sincospi", cd, __nv_cospi(x), x, 0, 0);
    check_f("normf", __nv_normf(3, values_f), __nv_norm3df(values_f[0], values_f[1], values_f[2]), (double)a, 0, 0);
    check_f("rnormf", __nv_rnormf(3, values_f), __nv_rnorm3df(values_f[0], values_f[1], values_f[2]), (double)a, 0, 0);
    check_f("normf", __nv_normf(0, values_f), 0, 0, 0, 0);
    double n = __nv_norm(3, values), wanted = __nv_norm3d(values[0], values[1], values[2]);
    check_i("norm", fabs(n - wanted) <= wanted * 0x1p-51 || n == wanted || (isnan(n) && isnan(wanted)), 1, x,
            values[1]);
    n = __nv_rnorm(3, values), wanted = __nv_rnorm3d(values[0], values[1], values[2]);
    check_i("rnorm", fabs(n - wanted) <= wanted * 0x1p-51 || n == wanted || (isnan(n) && isnan(wanted)), 1, x,
            values[1]);
}

int main(void) {
    static const struct {
        const char *name;
        void (*run)(void);
        int turns;
    } groups[] = {
        {"rounded to nearest", directed_rn, 30000},
        {"toward zero", directed_rz, 30000},
        {"up", directed_ru, 30000},
        {"down", directed_rd, 30000},
        {"1/sqrt", reciprocal_root, 300000},
        {"nearest integers", nearest, 100000},
        {"remainders", remainders, 50000},
        {"parts", parts, 50000},
        {"half precision", halves, 50000},
        {"every half", every_half, 1},
        {"integers", integers, 50000},
        {"agreements", agreements, 20000},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        unsigned before = failures;
        compared = 0;
        for (int k = 0; k < groups[i].turns; k++) {
            groups[i].run();
        }
        printf("%-20s %9llu compared, %u differ\n", groups[i].name, compared, failures - before);
    }
    return failures != 0;
}
