/* SPDX-License-Identifier: Apache-2.0 */
/* parts.c: signs, exponents, significands, classes; minimum and maximum. All exact. */
#include "library/math/device.h"

float __nv_fabsf(float a) {
    return __builtin_fabsf(a);
}

double __nv_fabs(double a) {
    return __builtin_fabs(a);
}

float __nv_copysignf(float a, float b) {
    return __builtin_copysignf(a, b);
}

double __nv_copysign(double a, double b) {
    return __builtin_copysign(a, b);
}

float __nv_fmaf(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}

double __nv_fma(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

/* A NaN operand is ignored, and -0 is less than +0: equal operands differ in sign at most, so that `or` gives the lesser
 * one's bits and `and` the greater one's. The comparison gives b when either is a NaN, as processors' instructions do. */
float __nv_fminf(float a, float b) {
    float r = a < b ? a : b;
    r = a == b ? bits_float(float_bits(a) | float_bits(b)) : r;
    return is_nan_f(b) ? a : r;
}

float __nv_fmaxf(float a, float b) {
    float r = a > b ? a : b;
    r = a == b ? bits_float(float_bits(a) & float_bits(b)) : r;
    return is_nan_f(b) ? a : r;
}

double __nv_fmin(double a, double b) {
    double r = a < b ? a : b;
    r = a == b ? bits_double(double_bits(a) | double_bits(b)) : r;
    return is_nan(b) ? a : r;
}

double __nv_fmax(double a, double b) {
    double r = a > b ? a : b;
    r = a == b ? bits_double(double_bits(a) & double_bits(b)) : r;
    return is_nan(b) ? a : r;
}

float __nv_fdimf(float a, float b) {
    return a <= b ? 0 : a - b;
}

double __nv_fdim(double a, double b) {
    return a <= b ? 0 : a - b;
}

/* To [0, 1], NaN to 0. */
float __nv_saturatef(float a) {
    float low = a > 0 ? a : 0;
    return low < 1 ? low : 1;
}

int __nv_isnanf(float a) {
    return is_nan_f(a);
}

int __nv_isnand(double a) {
    return is_nan(a);
}

int __nv_isinff(float a) {
    return __builtin_fabsf(a) == INFINITY_F;
}

int __nv_isinfd(double a) {
    return __builtin_fabs(a) == INFINITY_D;
}

int __nv_finitef(float a) {
    return __builtin_fabsf(a) < INFINITY_F;
}

int __nv_isfinited(double a) {
    return is_finite(a);
}

int __nv_signbitf(float a) {
    return sign_set_f(a);
}

int __nv_signbitd(double a) {
    return sign_set(a);
}

/* CUDA's NaNs carry no payload from the string. */
float __nv_nanf(const signed char *tag) {
    (void)tag;
    return bits_float(0x7fffffff);
}

double __nv_nan(const signed char *tag) {
    (void)tag;
    return bits_double(0x7fffffffffffffff);
}

/* ---- Exponents ----------------------------------------------------------------------------------------------- */

/* The exponent of a finite non-zero value as if subnormals had none of their own. */
INLINE int exponent_f(float a) {
    float x = __builtin_fabsf(a);
    bool small = x < 0x1p-126f;
    return (int)(float_bits(small ? x * 0x1p24f : x) >> 23) - 127 - (small ? 24 : 0);
}

INLINE int exponent(double a) {
    double x = __builtin_fabs(a);
    bool small = x < 0x1p-1022;
    return (int)(double_bits(small ? x * 0x1p54 : x) >> 52) - 1023 - (small ? 54 : 0);
}

int __nv_ilogbf(float a) {
    float x = __builtin_fabsf(a);
    return x == INFINITY_F ? INT32_MAX : x > 0 ? exponent_f(a) : INT32_MIN;
}

int __nv_ilogb(double a) {
    double x = __builtin_fabs(a);
    return x == INFINITY_D ? INT32_MAX : x > 0 ? exponent(a) : INT32_MIN;
}

float __nv_logbf(float a) {
    float x = __builtin_fabsf(a);
    float r = x < INFINITY_F ? (float)exponent_f(a) : x;
    return x == 0 ? -INFINITY_F : r;
}

double __nv_logb(double a) {
    double x = __builtin_fabs(a);
    double r = x < INFINITY_D ? exponent(a) : x;
    return x == 0 ? -INFINITY_D : r;
}

float __nv_frexpf(float a, int *exponent_out) {
    float x = __builtin_fabsf(a);
    bool ordinary = x > 0 && x < INFINITY_F, small = x < 0x1p-126f;
    uint32_t b = float_bits(small ? a * 0x1p24f : a);
    *exponent_out = ordinary ? exponent_f(a) + 1 : 0;
    return ordinary ? bits_float((b & 0x807fffff) | 0x3f000000) : a + a;
}

double __nv_frexp(double a, int *exponent_out) {
    double x = __builtin_fabs(a);
    bool ordinary = x > 0 && x < INFINITY_D, small = x < 0x1p-1022;
    uint64_t b = double_bits(small ? a * 0x1p54 : a);
    *exponent_out = ordinary ? exponent(a) + 1 : 0;
    return ordinary ? bits_double((b & 0x800fffffffffffff) | 0x3fe0000000000000) : a + a;
}

/* The significand is brought to [1, 2) first, so that the last of three exact or single-rounding products rounds once. */
float __nv_ldexpf(float a, int n) {
    float x = __builtin_fabsf(a);
    if (!(x > 0 && x < INFINITY_F)) {
        return a + a;
    }
    int e = exponent_f(a), total;
    bool small = x < 0x1p-126f;
    float m = bits_float((float_bits(small ? a * 0x1p24f : a) & 0x807fffff) | 0x3f800000);
    n = n < -400 ? -400 : n > 400 ? 400 : n;
    total = e + n;
    total = total < -200 ? -200 : total > 200 ? 200 : total;
    return scale_f(m, total);
}

double __nv_ldexp(double a, int n) {
    double x = __builtin_fabs(a);
    if (!(x > 0 && x < INFINITY_D)) {
        return a + a;
    }
    int e = exponent(a), total;
    bool small = x < 0x1p-1022;
    double m = bits_double((double_bits(small ? a * 0x1p54 : a) & 0x800fffffffffffff) | 0x3ff0000000000000);
    n = n < -3000 ? -3000 : n > 3000 ? 3000 : n;
    total = e + n;
    total = total < -1500 ? -1500 : total > 1500 ? 1500 : total;
    return scale(m, total);
}

float __nv_scalbnf(float a, int n) {
    return __nv_ldexpf(a, n);
}

double __nv_scalbn(double a, int n) {
    return __nv_ldexp(a, n);
}

float __nv_modff(float a, float *integral) {
    float t = __builtin_truncf(a);
    *integral = t;
    return __builtin_copysignf(__builtin_fabsf(a) == INFINITY_F ? 0 : a - t, a);
}

double __nv_modf(double a, double *integral) {
    double t = __builtin_trunc(a);
    *integral = t;
    return __builtin_copysign(__builtin_fabs(a) == INFINITY_D ? 0 : a - t, a);
}

float __nv_nextafterf(float a, float b) {
    uint32_t bits = float_bits(a);
    bool away = (a < b) == (a > 0);
    float step = bits_float(away ? bits + 1 : bits - 1);
    float smallest = __builtin_copysignf(0x1p-149f, b);
    float r = a == b ? b : a == 0 ? smallest : step;
    return is_nan_f(a) || is_nan_f(b) ? a + b : r;
}

double __nv_nextafter(double a, double b) {
    uint64_t bits = double_bits(a);
    bool away = (a < b) == (a > 0);
    double step = bits_double(away ? bits + 1 : bits - 1);
    double smallest = __builtin_copysign(0x1p-1074, b);
    double r = a == b ? b : a == 0 ? smallest : step;
    return is_nan(a) || is_nan(b) ? a + b : r;
}
