/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rounding.c: arithmetic with a rounding direction in its name (CUDA Math API, "Intrinsics": __fadd_rd, __dmul_ru, ...).
 * Exact for every input, subnormals and overflow included.
 *
 * Float operations have exact or nearly exact results in double. Double operations use exact remainders of scaled
 * operands; the double fused multiply-add works on 128-bit integers.
 */
#include "library/math/directed.h"

/* ---- float --------------------------------------------------------------------------------------------------- */

/* The zero that an exact sum of 0 has: negative when rounding down, unless both terms are positive zeros. */
INLINE double zero_sum(double a, double b, double s, enum direction direction) {
    bool both_plus = double_bits(a) == 0 && double_bits(b) == 0;
    return direction == DOWN && s == 0 && !both_plus ? -0.0 : s;
}

INLINE float add_f(double a, double b, enum direction direction) {
    struct pair s = sum(a, b);
    return narrow(zero_sum(a, b, s.hi, direction), s.lo, direction);
}

/* The product of two floats is exact in double. */
INLINE float multiply_f(float a, float b, enum direction direction) {
    return narrow((double)a * b, 0, direction);
}

INLINE float fma_f(float a, float b, float c, enum direction direction) {
    return add_f((double)a * b, c, direction);
}

/* r*b is exact in double, so comparing it with a tells on which side of a/b the quotient r lies. */
INLINE float divide_f(float a, float b, enum direction direction) {
    float r = a / b;
    double back = (double)r * __builtin_fabs((double)b), want = sign_set_f(b) ? -(double)a : (double)a;
    bool finite = __builtin_fabsf(a) < INFINITY_F && __builtin_fabsf(b) < INFINITY_F && b != 0;
    return direct_f(r, finite && back > want, finite && back < want, direction);
}

INLINE float root_f(float a, enum direction direction) {
    float r = __builtin_sqrtf(a);
    double back = (double)r * r;
    bool finite = a < INFINITY_F;
    return direct_f(r, finite && back > a, finite && back < a, direction);
}

#define FLOAT_OPERATIONS(suffix, direction)                                                                            \
    float __nv_fadd_##suffix(float a, float b) {                                                                       \
        return add_f(a, b, direction);                                                                                 \
    }                                                                                                                  \
    float __nv_fsub_##suffix(float a, float b) {                                                                       \
        return add_f(a, -b, direction);                                                                                \
    }                                                                                                                  \
    float __nv_fmul_##suffix(float a, float b) {                                                                       \
        return multiply_f(a, b, direction);                                                                            \
    }                                                                                                                  \
    float __nv_fdiv_##suffix(float a, float b) {                                                                       \
        return divide_f(a, b, direction);                                                                              \
    }                                                                                                                  \
    float __nv_frcp_##suffix(float a) {                                                                                \
        return divide_f(1, a, direction);                                                                              \
    }                                                                                                                  \
    float __nv_fsqrt_##suffix(float a) {                                                                               \
        return root_f(a, direction);                                                                                   \
    }                                                                                                                  \
    float __nv_fmaf_##suffix(float a, float b, float c) {                                                              \
        return fma_f(a, b, c, direction);                                                                              \
    }                                                                                                                  \
    float __nv_fmaf_ieee_##suffix(float a, float b, float c) {                                                         \
        return fma_f(a, b, c, direction);                                                                              \
    }

FLOAT_OPERATIONS(rz, TO_ZERO)
FLOAT_OPERATIONS(ru, UP)
FLOAT_OPERATIONS(rd, DOWN)

float __nv_fadd_rn(float a, float b) {
    return a + b;
}

float __nv_fsub_rn(float a, float b) {
    return a - b;
}

float __nv_fmul_rn(float a, float b) {
    return a * b;
}

float __nv_fdiv_rn(float a, float b) {
    return a / b;
}

float __nv_frcp_rn(float a) {
    return 1 / a;
}

float __nv_fsqrt_rn(float a) {
    return __builtin_sqrtf(a);
}

float __nv_fmaf_rn(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}

float __nv_fmaf_ieee_rn(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}

/* In double the error is below 2^-52, and no float's reciprocal root lies so near to the middle of two floats (all
 * 2^24 significands over two binades were tried). */
float __nv_frsqrt_rn(float a) {
    return (float)(1 / __builtin_sqrt((double)a));
}

/* ---- double -------------------------------------------------------------------------------------------------- */

INLINE double add_d(double a, double b, enum direction direction) {
    bool swap = __builtin_fabs(a) < __builtin_fabs(b);
    struct pair s = sum_ordered(swap ? b : a, swap ? a : b);
    bool overflow = __builtin_fabs(s.hi) == INFINITY_D && is_finite(a) && is_finite(b);
    double r = zero_sum(a, b, s.hi, direction);
    return direct(r, overflow ? r > 0 : s.lo < 0, overflow ? r < 0 : s.lo > 0, direction);
}

/* A finite non-zero double as significand in [1, 2) times 2^exponent. */
struct parts {
    double significand;
    int exponent;
};

INLINE struct parts split(double x) {
    double ax = __builtin_fabs(x);
    bool small = ax < 0x1p-1022;
    uint64_t b = double_bits(small ? ax * 0x1p54 : ax);
    struct parts p;
    p.exponent = (int)(b >> 52) - 1023 - (small ? 54 : 0);
    p.significand = bits_double((b & 0xfffffffffffff) | 0x3ff0000000000000);
    return p;
}

/* A positive m * 2^exponent plus something below its last bit if `sticky`, m's highest bit being bit 62 or less,
 * rounded in a direction. m has 55 bits or more, its lowest being free for the sticky one, or the value is exact. */
INLINE double pack(bool negative, uint64_t m, bool sticky, int exponent, enum direction direction) {
    int shift = __builtin_clzll(m) - 1;
    m <<= shift;
    exponent -= shift;
    /* Now m is in [2^62, 2^63), and the result keeps its upper 53 bits, fewer among the subnormals. */
    int drop = 10;
    int low = -1074 - exponent;
    drop = low > drop ? low : drop;
    drop = drop > 63 ? 63 : drop;
    uint64_t kept = m >> drop;
    bool inexact = sticky || (m & ((UINT64_C(1) << drop) - 1)) != 0;
    bool away = direction == UP ? !negative : direction == DOWN ? negative : false;
    kept += inexact && away;
    int last = low > 10 ? -1074 : exponent + drop; /* the exponent of the last bit kept */
    /* The bit pattern: below 2^52 a subnormal's; else the exponent field counts from 1 at `last` == -1074, and a carry
     * into it is right as it is. */
    uint64_t bits = kept < (UINT64_C(1) << 52) ? kept : kept + ((uint64_t)(uint32_t)(last + 1074) << 52);
    bool overflow = last + 1074 > 2045 || bits >= 0x7ff0000000000000;
    bits = overflow ? 0x7ff0000000000000 - !away : bits;
    return bits_double(bits | (uint64_t)negative << 63);
}

INLINE bool ordinary(double x) {
    return is_finite(x) && x != 0;
}

/* A quotient, product or root of significands, truncated: q to nearest is one too high where the remainder is negative. */
INLINE double pack_remainder(bool negative, double q, double remainder, int exponent, enum direction direction) {
    q = remainder < 0 ? below(q) : q;
    uint64_t b = double_bits(q);
    uint64_t m = (b & 0xfffffffffffff) | 0x10000000000000;
    return pack(negative, m, remainder != 0, exponent + (int)(b >> 52) - 1075, direction);
}

INLINE double multiply_d(double a, double b, enum direction direction) {
    if (!ordinary(a) || !ordinary(b)) {
        return a * b;
    }
    struct parts x = split(a), y = split(b);
    struct pair p = product(x.significand, y.significand);
    return pack_remainder(sign_set(a) != sign_set(b), p.hi, p.lo, x.exponent + y.exponent, direction);
}

INLINE double divide_d(double a, double b, enum direction direction) {
    if (!ordinary(a) || !ordinary(b)) {
        return a / b;
    }
    struct parts x = split(a), y = split(b);
    double q = x.significand / y.significand;
    double remainder = fma_d(-q, y.significand, x.significand);
    return pack_remainder(sign_set(a) != sign_set(b), q, remainder, x.exponent - y.exponent, direction);
}

INLINE double root_d(double a, enum direction direction) {
    if (!ordinary(a) || a < 0) {
        return __builtin_sqrt(a);
    }
    struct parts x = split(a);
    int odd = x.exponent & 1;
    double m = odd ? 2 * x.significand : x.significand;
    double r = __builtin_sqrt(m);
    return pack_remainder(false, r, fma_d(-r, r, m), (x.exponent - odd) / 2, direction);
}

typedef unsigned __int128 uint128;

INLINE int leading_zeros(uint128 x) {
    uint64_t high = (uint64_t)(x >> 64), low = (uint64_t)x;
    return high != 0 ? __builtin_clzll(high) : 64 + (low != 0 ? __builtin_clzll(low) : 64);
}

/* A value's highest bit is brought to bit 125; then the smaller of two is shifted right, what falls off being kept in its
 * lowest bit. That bit is far below the result's last one unless the exponents are within 20 of each other, and then
 * nothing falls off, since no term has more than 106 bits. */
INLINE double fma_double(double a, double b, double c, enum direction direction) {
    if (ordinary(a) && ordinary(b) && !is_finite(c)) {
        return c + c;
    }
    if (!ordinary(a) || !ordinary(b)) {
        /* a*b is exact here: a zero, an infinity or NaN. */
        double p = a * b;
        bool cancels = p == 0 && c == 0 && sign_set(p) != sign_set(c);
        return cancels && direction == DOWN ? -0.0 : p + c;
    }
    if (c == 0) {
        return multiply_d(a, b, direction);
    }
    struct parts x = split(a), y = split(b), z = split(c);
    uint64_t mx = (double_bits(x.significand) & 0xfffffffffffff) | 0x10000000000000;
    uint64_t my = (double_bits(y.significand) & 0xfffffffffffff) | 0x10000000000000;
    uint64_t mz = (double_bits(z.significand) & 0xfffffffffffff) | 0x10000000000000;
    uint128 p = (uint128)mx * my << 20, t = (uint128)mz << 73;
    int ep = x.exponent + y.exponent - 124, et = z.exponent - 125;
    int up = leading_zeros(p) - 2;
    p <<= up;
    ep -= up;
    bool sp = sign_set(a) != sign_set(b), st = sign_set(c);
    bool swap = et > ep || (et == ep && t > p);
    uint128 large = swap ? t : p, small = swap ? p : t;
    int exponent = swap ? et : ep, distance = swap ? et - ep : ep - et;
    bool negative = swap ? st : sp;
    distance = distance > 127 ? 127 : distance;
    uint128 shifted = small >> distance;
    shifted |= (shifted << distance) != small;
    uint128 m = sp == st ? large + shifted : large - shifted;
    if (m == 0) {
        return direction == DOWN ? -0.0 : 0.0;
    }
    int shift = leading_zeros(m) - 1;
    m <<= shift;
    uint64_t high = (uint64_t)(m >> 64);
    return pack(negative, high, (uint64_t)m != 0, exponent - shift + 64, direction);
}

#define DOUBLE_OPERATIONS(suffix, direction)                                                                           \
    double __nv_dadd_##suffix(double a, double b) {                                                                    \
        return add_d(a, b, direction);                                                                                 \
    }                                                                                                                  \
    double __nv_dsub_##suffix(double a, double b) {                                                                    \
        return add_d(a, -b, direction);                                                                                \
    }                                                                                                                  \
    double __nv_dmul_##suffix(double a, double b) {                                                                    \
        return multiply_d(a, b, direction);                                                                            \
    }                                                                                                                  \
    double __nv_ddiv_##suffix(double a, double b) {                                                                    \
        return divide_d(a, b, direction);                                                                              \
    }                                                                                                                  \
    double __nv_drcp_##suffix(double a) {                                                                              \
        return divide_d(1, a, direction);                                                                              \
    }                                                                                                                  \
    double __nv_dsqrt_##suffix(double a) {                                                                             \
        return root_d(a, direction);                                                                                   \
    }                                                                                                                  \
    double __nv_fma_##suffix(double a, double b, double c) {                                                           \
        return fma_double(a, b, c, direction);                                                                         \
    }

DOUBLE_OPERATIONS(rz, TO_ZERO)
DOUBLE_OPERATIONS(ru, UP)
DOUBLE_OPERATIONS(rd, DOWN)

double __nv_dadd_rn(double a, double b) {
    return a + b;
}

double __nv_dsub_rn(double a, double b) {
    return a - b;
}

double __nv_dmul_rn(double a, double b) {
    return a * b;
}

double __nv_ddiv_rn(double a, double b) {
    return a / b;
}

double __nv_drcp_rn(double a) {
    return 1 / a;
}

double __nv_dsqrt_rn(double a) {
    return __builtin_sqrt(a);
}

double __nv_fma_rn(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

/* The upper half of 1/a, its lower half 0 (PTX: rcp.approx.ftz.f64): subnormals count as zeros, in and out. */
double __nv_rcp64h(double a) {
    double x = __builtin_fabs(a) < 0x1p-1022 ? __builtin_copysign(0, a) : a;
    double r = 1 / x;
    r = __builtin_fabs(r) < 0x1p-1022 ? __builtin_copysign(0, r) : r;
    return bits_double(is_nan(r) ? 0x7fffffff00000000 : double_bits(r) & 0xffffffff00000000);
}
