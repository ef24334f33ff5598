/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.c: rounding to integral values, remainders (all exact). */
#include "library/math/device.h"

float __nv_floorf(float a) {
    return __builtin_floorf(a);
}

double __nv_floor(double a) {
    return __builtin_floor(a);
}

float __nv_ceilf(float a) {
    return __builtin_ceilf(a);
}

double __nv_ceil(double a) {
    return __builtin_ceil(a);
}

float __nv_truncf(float a) {
    return __builtin_truncf(a);
}

double __nv_trunc(double a) {
    return __builtin_trunc(a);
}

float __nv_rintf(float a) {
    return __builtin_rintf(a);
}

double __nv_rint(double a) {
    return __builtin_rint(a);
}

float __nv_nearbyintf(float a) {
    return __builtin_rintf(a);
}

double __nv_nearbyint(double a) {
    return __builtin_rint(a);
}

/* Halves away from zero: the distance to the truncated value is exact. */
float __nv_roundf(float a) {
    float t = __builtin_truncf(a);
    return __builtin_fabsf(a - t) >= 0.5f ? t + __builtin_copysignf(1, a) : t;
}

double __nv_round(double a) {
    double t = __builtin_trunc(a);
    return __builtin_fabs(a - t) >= 0.5 ? t + __builtin_copysign(1, a) : t;
}

long long __nv_llrintf(float a) {
    return __nv_float2ll_rn(a);
}

long long __nv_llrint(double a) {
    return __nv_double2ll_rn(a);
}

long long __nv_llroundf(float a) {
    return __nv_float2ll_rz(__nv_roundf(a));
}

long long __nv_llround(double a) {
    return __nv_double2ll_rz(__nv_round(a));
}

/* ---- Remainders ---------------------------------------------------------------------------------------------- */

/* |x| mod |y| for finite x and y, y not 0, and the low bits of the quotient's magnitude. */
struct division {
    double remainder;
    uint64_t quotient;
};

/* Long division, 11 quotient bits a turn. The quotient of two doubles has up to 2098 bits: rare and slow. */
SLOW struct division divide_long(double x, double y) {
    uint64_t bx = double_bits(x), by = double_bits(y);
    int ex = (int)(bx >> 52), ey = (int)(by >> 52);
    uint64_t mx = (bx & 0xfffffffffffff) | (ex > 0 ? UINT64_C(1) << 52 : 0);
    uint64_t my = (by & 0xfffffffffffff) | (ey > 0 ? UINT64_C(1) << 52 : 0);
    int left = (ex > 0 ? ex : 1) - (ey > 0 ? ey : 1);
    uint64_t quotient = mx / my, r = mx % my;
    while (left > 0) {
        int step = left < 11 ? left : 11;
        r <<= step;
        quotient = quotient << step | r / my;
        r %= my;
        left -= step;
    }
    /* r * 2^(ey - 1075), made from bits so that subnormals are right. */
    int shift = r != 0 ? __builtin_clzll(r) - 11 : 0;
    int e = (ey > 0 ? ey : 1) - shift;
    uint64_t normal = ((r << shift) & 0xfffffffffffff) | (uint64_t)(unsigned)(e > 0 ? e : 0) << 52;
    uint64_t small = r << ((ey > 0 ? ey : 1) - 1);
    return (struct division){bits_double(r == 0 ? 0 : e > 0 ? normal : small), quotient};
}

/* x and y are not negative. */
INLINE struct division divide(double x, double y) {
    if (x < y * 0x1p52 && y > 0x1p-900 && y < 0x1p960) {
        /* The quotient to nearest is at most one too high, and then the exact remainder is negative. */
        double q = __builtin_trunc(x / y), r = fma_d(-q, y, x);
        bool high = r < 0;
        return (struct division){high ? r + y : r, (uint64_t)q - high};
    }
    if (x < y) {
        return (struct division){x, 0};
    }
    return divide_long(x, y);
}

INLINE double modulo(double x, double y) {
    double ax = __builtin_fabs(x), ay = __builtin_fabs(y);
    if (!(ax < INFINITY_D) || !(ay > 0)) {
        return NAN_D;
    }
    if (ay == INFINITY_D) {
        return x;
    }
    return __builtin_copysign(divide(ax, ay).remainder, x);
}

/* x - n*y for the integer n nearest to x/y, the even one of two. */
INLINE double nearest_remainder(double x, double y, int *quotient) {
    double ax = __builtin_fabs(x), ay = __builtin_fabs(y);
    *quotient = 0;
    if (!(ax < INFINITY_D) || !(ay > 0)) {
        return NAN_D;
    }
    if (ay == INFINITY_D) {
        return x;
    }
    struct division d = divide(ax, ay);
    /* The distances to the multiples below and above are exact in double. */
    double other = ay - d.remainder;
    bool up = d.remainder > other || (d.remainder == other && (d.quotient & 1));
    double r = up ? -other : d.remainder;
    int low = (int)((d.quotient + up) & 7);
    *quotient = sign_set(x) != sign_set(y) ? -low : low;
    r = r == 0 ? 0 : r;
    return sign_set(x) ? -r : r;
}

double __nv_fmod(double x, double y) {
    return is_nan(y) ? y : modulo(x, y);
}

float __nv_fmodf(float x, float y) {
    return is_nan_f(y) ? y : (float)modulo((double)x, (double)y);
}

double __nv_remainder(double x, double y) {
    int quotient;
    return nearest_remainder(x, y, &quotient);
}

float __nv_remainderf(float x, float y) {
    int quotient;
    return (float)nearest_remainder((double)x, (double)y, &quotient);
}

/* The quotient has the sign of x/y and its low three bits (CUDA: remquo). */
double __nv_remquo(double x, double y, int *quotient) {
    return nearest_remainder(x, y, quotient);
}

float __nv_remquof(float x, float y, int *quotient) {
    return (float)nearest_remainder((double)x, (double)y, quotient);
}
