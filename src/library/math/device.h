/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h: what the device math sources share. They are C17, compiled by clang to LLVM IR for nvptx64 (freestanding, no
 * contraction unless asked for by `mad`), and define libdevice's functions with clang's own prototypes.
 *
 * Rules: a function is pure but for the results that it stores through pointers; it calls only builtins that are one or
 * few instructions everywhere (fma, sqrt, floor, ceil, trunc, rint, fabs, copysign); selects are preferred to branches, so
 * that functions can be widened with the kernel that calls them; float functions use no tables. Rare slow paths are
 * SLOW (not inlined) and stand behind a branch.
 */
#ifndef CW_LIBRARY_MATH_DEVICE_H
#define CW_LIBRARY_MATH_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#define __DEVICE__
#include <__clang_cuda_libdevice_declares.h>

#define INLINE static inline __attribute__((always_inline))
#define SLOW static __attribute__((noinline))

#define PI 0x1.921fb54442d18p+1
#define PI_LOW 0x1.1a62633145c07p-53
#define LN2 0x1.62e42fefa39efp-1
#define LOG2E 0x1.71547652b82fep+0
#define INFINITY_F __builtin_inff()
#define INFINITY_D __builtin_inf()
#define NAN_F __builtin_nanf("")
#define NAN_D __builtin_nan("")
#define FLOAT_MAX 0x1.fffffep+127f
#define DOUBLE_MAX 0x1.fffffffffffffp+1023

/* ---- Bits ---------------------------------------------------------------------------------------------------- */

INLINE uint32_t float_bits(float x) {
    return __builtin_bit_cast(uint32_t, x);
}

INLINE float bits_float(uint32_t x) {
    return __builtin_bit_cast(float, x);
}

INLINE uint64_t double_bits(double x) {
    return __builtin_bit_cast(uint64_t, x);
}

INLINE double bits_double(uint64_t x) {
    return __builtin_bit_cast(double, x);
}

INLINE bool is_nan_f(float x) {
    return x != x;
}

INLINE bool is_nan(double x) {
    return x != x;
}

INLINE bool is_finite(double x) {
    return __builtin_fabs(x) < INFINITY_D;
}

INLINE bool sign_set_f(float x) {
    return float_bits(x) >> 31;
}

INLINE bool sign_set(double x) {
    return double_bits(x) >> 63;
}

/* ---- Arithmetic ---------------------------------------------------------------------------------------------- */

/* a*b+c, fused where the target is faster so. Only where either result will do. */
INLINE float mad_f(float a, float b, float c) {
#pragma STDC FP_CONTRACT ON
    return a * b + c;
}

INLINE double mad(double a, double b, double c) {
#pragma STDC FP_CONTRACT ON
    return a * b + c;
}

INLINE double fma_d(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}

/* An unevaluated sum: |lo| is at most half an ulp of hi. */
struct pair {
    double hi, lo;
};

/* Exact a+b if |a| >= |b| or a is 0. */
INLINE struct pair sum_ordered(double a, double b) {
    double hi = a + b;
    return (struct pair){hi, b - (hi - a)};
}

/* Exact a+b. */
INLINE struct pair sum(double a, double b) {
    double hi = a + b, t = hi - a;
    return (struct pair){hi, (a - (hi - t)) + (b - t)};
}

/* Exact a*b, unless it underflows. */
INLINE struct pair product(double a, double b) {
    double hi = a * b;
    return (struct pair){hi, fma_d(a, b, -hi)};
}

INLINE struct pair pair_times(struct pair a, double b) {
    struct pair p = product(a.hi, b);
    return sum_ordered(p.hi, p.lo + a.lo * b);
}

INLINE struct pair pair_plus(struct pair a, double b) {
    struct pair s = sum(a.hi, b);
    return sum_ordered(s.hi, s.lo + a.lo);
}

INLINE struct pair pair_sum(struct pair a, struct pair b) {
    struct pair s = sum(a.hi, b.hi);
    return sum_ordered(s.hi, s.lo + (a.lo + b.lo));
}

INLINE struct pair pair_product(struct pair a, struct pair b) {
    struct pair p = product(a.hi, b.hi);
    return sum_ordered(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

INLINE struct pair pair_quotient(struct pair a, struct pair b) {
    double q = a.hi / b.hi;
    double r = fma_d(-q, b.hi, a.hi) + (a.lo - q * b.lo);
    return sum_ordered(q, r / b.hi);
}

/* ---- Scaling by powers of two -------------------------------------------------------------------------------- */

/* 2^n for -126 <= n <= 127. */
INLINE float power2_f(int n) {
    return bits_float((uint32_t)(n + 127) << 23);
}

/* 2^n for -1022 <= n <= 1023. */
INLINE double power2(int n) {
    return bits_double((uint64_t)(n + 1023) << 52);
}

/* x * 2^n for -252 <= n <= 254 and 1/2 <= |x| < 4: rounded once, into the subnormals too. */
INLINE float scale_f(float x, int n) {
    int half = n >> 1;
    return x * power2_f(half) * power2_f(n - half);
}

/* x * 2^n for -2044 <= n <= 2046 and 1/2 <= |x| < 4: rounded once. */
INLINE double scale(double x, int n) {
    int half = n >> 1;
    return x * power2(half) * power2(n - half);
}

/* Horner's rule: c[count-1] is the coefficient of the highest power. The loop is unrolled when the call is inlined. */
INLINE double polynomial(double x, const double *c, int count) {
    double r = c[count - 1];
#pragma unroll
    for (int i = count - 2; i >= 0; i--) {
        r = mad(r, x, c[i]);
    }
    return r;
}

INLINE float polynomial_f(float x, const float *c, int count) {
    float r = c[count - 1];
#pragma unroll
    for (int i = count - 2; i >= 0; i--) {
        r = mad_f(r, x, c[i]);
    }
    return r;
}

#define POLYNOMIAL(x, ...)                                                                                             \
    polynomial(x, (const double[]){__VA_ARGS__}, (int)(sizeof(double[]){__VA_ARGS__} / sizeof(double)))
#define POLYNOMIAL_F(x, ...)                                                                                           \
    polynomial_f(x, (const float[]){__VA_ARGS__}, (int)(sizeof(float[]){__VA_ARGS__} / sizeof(float)))

#endif
