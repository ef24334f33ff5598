/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host/math.h: CUDA's math functions that the host's libm lacks, for host code: CUDA offers them on both sides. They
 * are written from libm's functions, in double where float has no better way, and have no bound of their own.
 */
#ifndef CW_CUDA_HOST_MATH_H
#define CW_CUDA_HOST_MATH_H

#include <math.h>

#include "../device/define.h"

#define CW_HOST_PI 3.14159265358979323846

CW_HOST double rsqrt(double x) { return 1.0 / sqrt(x); }
CW_HOST float rsqrtf(float x) { return (float)(1.0 / sqrt((double)x)); }
CW_HOST double rcbrt(double x) { return 1.0 / cbrt(x); }
CW_HOST float rcbrtf(float x) { return (float)(1.0 / cbrt((double)x)); }
CW_HOST double fdivide(double x, double y) { return x / y; }
CW_HOST float fdividef(float x, float y) { return x / y; }
CW_HOST double rhypot(double x, double y) { return 1.0 / hypot(x, y); }
CW_HOST float rhypotf(float x, float y) { return (float)(1.0 / hypot((double)x, (double)y)); }

/* sin and cos of pi x: reduced exactly to [-1/4, 1/4] half turns first, so that huge and half-integer x are exact. */
CW_HOST void sincospi(double x, double *s, double *c) {
    double half = rint(2.0 * x);
    double rest = (x - 0.5 * half) * CW_HOST_PI;
    double sine = ::sin(rest), cosine = ::cos(rest);
    int quadrant = isfinite(half) ? (int)fmod(half, 4.0) & 3 : 0;
    double out_s = quadrant & 1 ? cosine : sine;
    double out_c = quadrant & 1 ? sine : cosine;
    out_s = quadrant & 2 ? -out_s : out_s;
    out_c = (quadrant + 1) & 2 ? -out_c : out_c;
    *s = out_s == 0.0 ? copysign(0.0, x) : out_s;
    *c = out_c == 0.0 ? 0.0 : out_c;
}
CW_HOST double sinpi(double x) {
    double s, c;
    sincospi(x, &s, &c);
    return s;
}
CW_HOST double cospi(double x) {
    double s, c;
    sincospi(x, &s, &c);
    return c;
}
CW_HOST void sincospif(float x, float *s, float *c) {
    double wide_s, wide_c;
    sincospi((double)x, &wide_s, &wide_c);
    *s = (float)wide_s;
    *c = (float)wide_c;
}
CW_HOST float sinpif(float x) { return (float)sinpi((double)x); }
CW_HOST float cospif(float x) { return (float)cospi((double)x); }

CW_HOST double norm3d(double a, double b, double c) { return hypot(hypot(a, b), c); }
CW_HOST double norm4d(double a, double b, double c, double d) { return hypot(hypot(a, b), hypot(c, d)); }
CW_HOST double rnorm3d(double a, double b, double c) { return 1.0 / norm3d(a, b, c); }
CW_HOST double rnorm4d(double a, double b, double c, double d) { return 1.0 / norm4d(a, b, c, d); }
CW_HOST float norm3df(float a, float b, float c) { return (float)norm3d(a, b, c); }
CW_HOST float norm4df(float a, float b, float c, float d) { return (float)norm4d(a, b, c, d); }
CW_HOST float rnorm3df(float a, float b, float c) { return (float)rnorm3d(a, b, c); }
CW_HOST float rnorm4df(float a, float b, float c, float d) { return (float)rnorm4d(a, b, c, d); }
CW_HOST double norm(int n, const double *x) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum = hypot(sum, x[i]);
    return sum;
}
CW_HOST float normf(int n, const float *x) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum = hypot(sum, (double)x[i]);
    return (float)sum;
}
CW_HOST double rnorm(int n, const double *x) { return 1.0 / norm(n, x); }
CW_HOST float rnormf(int n, const float *x) { return 1.0f / normf(n, x); }

CW_HOST double normcdf(double x) { return 0.5 * erfc(-x * 0.70710678118654752440); }
CW_HOST float normcdff(float x) { return (float)normcdf((double)x); }

/* exp(x * x) * erfc(x); for large x by the continued fraction, where the product would be infinity times zero. */
CW_HOST double erfcx(double x) {
    if (x < 25.0) return exp(x * x) * erfc(x);
    double fraction = x;
    for (int k = 20; k > 0; k--)
        fraction = x + 0.5 * k / fraction;
    return 0.56418958354775628695 / fraction;
}
CW_HOST float erfcxf(float x) { return (float)erfcx((double)x); }

/* The inverse of erfc by Newton's method with Halley's correction from a logarithmic first guess. */
CW_HOST double erfcinv(double y) {
    if (!(y >= 0.0 && y <= 2.0)) return NAN;
    if (y == 0.0) return INFINITY;
    if (y == 2.0) return -INFINITY;
    double small = y < 1.0 ? y : 2.0 - y;
    double t = sqrt(-2.0 * log(0.5 * small));
    double x = -0.70711 * ((2.30753 + t * 0.27061) / (1.0 + t * (0.99229 + t * 0.04481)) - t);
    for (int i = 0; i < 4; i++) {
        double error = erfc(x) - small;
        x += error / (1.12837916709551257389 * exp(-x * x) - x * error);
    }
    return y < 1.0 ? x : -x;
}
CW_HOST float erfcinvf(float y) { return (float)erfcinv((double)y); }
/* Near zero 1 - y loses digits, so there the same iteration runs on erf itself. */
CW_HOST double erfinv(double y) {
    if (fabs(y) > 0.5) return erfcinv(1.0 - y);
    double x = y * 0.88622692545275801365;
    for (int i = 0; i < 5; i++) {
        double error = erf(x) - y;
        x -= error / (1.12837916709551257389 * exp(-x * x) + x * error);
    }
    return y == 0.0 ? y : x;
}
CW_HOST float erfinvf(float y) { return (float)erfinv((double)y); }
CW_HOST double normcdfinv(double y) { return -1.41421356237309504880 * erfcinv(2.0 * y); }
CW_HOST float normcdfinvf(float y) { return (float)normcdfinv((double)y); }

CW_HOST float rsqrt(float x) { return rsqrtf(x); }
CW_HOST float rcbrt(float x) { return rcbrtf(x); }
CW_HOST float fdivide(float x, float y) { return x / y; }
CW_HOST float rhypot(float x, float y) { return rhypotf(x, y); }
CW_HOST float sinpi(float x) { return sinpif(x); }
CW_HOST float cospi(float x) { return cospif(x); }
CW_HOST void sincospi(float x, float *s, float *c) { sincospif(x, s, c); }
CW_HOST float norm3d(float a, float b, float c) { return norm3df(a, b, c); }
CW_HOST float norm4d(float a, float b, float c, float d) { return norm4df(a, b, c, d); }
CW_HOST float rnorm3d(float a, float b, float c) { return rnorm3df(a, b, c); }
CW_HOST float rnorm4d(float a, float b, float c, float d) { return rnorm4df(a, b, c, d); }
CW_HOST float normcdf(float x) { return normcdff(x); }
CW_HOST float normcdfinv(float x) { return normcdfinvf(x); }
CW_HOST float erfcx(float x) { return erfcxf(x); }
CW_HOST float erfinv(float x) { return erfinvf(x); }
CW_HOST float erfcinv(float x) { return erfcinvf(x); }

CW_HOST unsigned int umin(unsigned int a, unsigned int b) { return a < b ? a : b; }
CW_HOST unsigned int umax(unsigned int a, unsigned int b) { return a > b ? a : b; }
CW_HOST long long llmin(long long a, long long b) { return a < b ? a : b; }
CW_HOST long long llmax(long long a, long long b) { return a > b ? a : b; }
CW_HOST unsigned long long ullmin(unsigned long long a, unsigned long long b) { return a < b ? a : b; }
CW_HOST unsigned long long ullmax(unsigned long long a, unsigned long long b) { return a > b ? a : b; }

#undef CW_HOST_PI

#endif
