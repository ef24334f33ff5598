// SPDX-License-Identifier: Apache-2.0
// Every function of the CUDA Math API's chapters on single and double precision mathematical functions, by its documented
// name, against long double on the host. With an argument the program prints each function's largest error in units in
// the last place; the bounds are those of the CUDA C++ Programming Guide, "Mathematical Functions". tests/math measures
// the same functions against MPFR over whole ranges.
// EXPECT: 68 functions of float, 68 of double, 28 of other shapes
// NVCC: before 13 the bounds are wider
// TIMEOUT: 120
#include "check.h"
#include <cmath>
#include <cstring>
#include <limits>

typedef long double Wide;

static const Wide pi = 3.14159265358979323846264338327950288L, root2 = 1.41421356237309504880168872420969808L;
static Wide turn_sin(Wide x) {
    Wide nearest = std::rint(2 * x), rest = (x - nearest / 2) * pi;
    int quadrant = (int)((long long)nearest & 3);
    Wide value = quadrant & 1 ? std::cos(rest) : std::sin(rest);
    return quadrant & 2 ? -value : value;
}
static Wide inverse_erfc(Wide y) {
    Wide x = 0, small = y < 1 ? y : 2 - y, t = std::sqrt(-2 * std::log(small / 2));
    x = -0.70711L * ((2.30753L + t * 0.27061L) / (1 + t * (0.99229L + t * 0.04481L)) - t);
    for (int i = 0; i < 6; i++) {
        Wide error = erfcl(x) - small;
        x += error / (2 / std::sqrt(pi) * std::exp(-x * x) - x * error);
    }
    return y < 1 ? x : -x;
}
static Wide inverse_erf(Wide y) {
    Wide x = y;
    if (std::fabs(y) > 0.5L)
        return inverse_erfc(1 - y);
    for (int i = 0; i < 8; i++)
        x -= (erfl(x) - y) / (2 / std::sqrt(pi) * std::exp(-x * x));
    return x;
}
/* The series; all terms are positive. */
static Wide bessel_i(int order, Wide x) {
    Wide term = order ? x / 2 : 1, sum = term;
    for (int k = 1; k < 500; k++)
        sum += term *= x * x / 4 / (k * (Wide)(k + order));
    return sum;
}

/* The function without its f, arguments, reference of x and y (and z), bounds of float and double in ulps, range. A
 * bound below 0 is an absolute one, in units of 1e-7 for float and 1e-13 for double. */
#define FUNCTIONS(X1, X2, X3) \
    X1(acos, acosl(x), 2, 2, -1, 1) \
    X1(acosh, acoshl(x), 4, 3, 1, 100) \
    X1(asin, asinl(x), 2, 2, -1, 1) \
    X1(asinh, asinhl(x), 3, 3, -100, 100) \
    X2(atan2, atan2l(x, y), 3, 2, -10, 10) \
    X1(atan, atanl(x), 2, 2, -100, 100) \
    X1(atanh, atanhl(x), 3, 2, -1, 1) \
    X1(cbrt, cbrtl(x), 1, 1, -1000, 1000) \
    X1(ceil, ceill(x), 0, 0, -10, 10) \
    X2(copysign, copysignl(x, y), 0, 0, -10, 10) \
    X1(cos, cosl(x), 2, 2, -100, 100) \
    X1(cosh, coshl(x), 2, 1, -50, 50) \
    X1(cospi, turn_sin(x + 0.5L), 1, 2, -20, 20) \
    X1(cyl_bessel_i0, bessel_i(0, x), 6, 6, -50, 50) \
    X1(cyl_bessel_i1, bessel_i(1, x), 6, 6, -50, 50) \
    X1(erfc, erfcl(x), 4, 5, -5, 9) \
    X1(erfcinv, inverse_erfc(x), 4, 6, 0.001, 1.99) \
    X1(erfcx, expl(x * x) * erfcl(x), 4, 4, -5, 8) \
    X1(erf, erfl(x), 2, 2, -4, 4) \
    X1(erfinv, inverse_erf(x), 2, 5, -0.99, 0.99) \
    X1(exp10, powl(10, x), 2, 1, -30, 30) \
    X1(exp2, exp2l(x), 2, 1, -100, 100) \
    X1(exp, expl(x), 2, 1, -80, 80) \
    X1(expm1, expm1l(x), 1, 1, -10, 50) \
    X1(fabs, fabsl(x), 0, 0, -10, 10) \
    X2(fdim, fdiml(x, y), 0.5, 0.5, -10, 10) \
    X2(fdivide, x / y, 2, 0.5, -10, 10) \
    X1(floor, floorl(x), 0, 0, -10, 10) \
    X3(fma, fmal(x, y, z), 0.5001, 0.5001, -10, 10) \
    X2(fmax, fmaxl(x, y), 0, 0, -10, 10) \
    X2(fmin, fminl(x, y), 0, 0, -10, 10) \
    X2(fmod, fmodl(x, y), 0, 0, -100, 100) \
    X2(hypot, hypotl(x, y), 3, 2, -100, 100) \
    X1(j0, j0l(x), -22, -50, -30, 30) \
    X1(j1, j1l(x), -22, -50, -30, 30) \
    X1(lgamma, lgammal(x), 6, 4, 0.01, 100) \
    X1(log10, log10l(x), 2, 1, 0.001, 1000) \
    X1(log1p, log1pl(x), 1, 1, -0.99, 10) \
    X1(log2, log2l(x), 1, 1, 0.001, 1000) \
    X1(logb, logbl(x), 0, 0, 0.001, 1000) \
    X1(log, logl(x), 1, 1, 0.001, 1000) \
    X1(nearbyint, nearbyintl(x), 0, 0, -10, 10) \
    X3(norm3d, sqrtl(x * x + y * y + z * z), 3, 2, -10, 10) \
    X1(normcdf, erfcl(-x / root2) / 2, 5, 5, -8, 8) \
    X1(normcdfinv, -root2 * inverse_erfc(2 * x), 5, 8, 0.001, 0.999) \
    X2(pow, powl(x, y), 4, 2, 0.01, 20) \
    X1(rcbrt, 1 / cbrtl(x), 1, 1, 0.01, 1000) \
    X2(remainder, remainderl(x, y), 0, 0, -100, 100) \
    X2(rhypot, 1 / hypotl(x, y), 2, 1, -100, 100) \
    X1(rint, rintl(x), 0, 0, -10, 10) \
    X3(rnorm3d, 1 / sqrtl(x * x + y * y + z * z), 2, 1, -10, 10) \
    X1(round, roundl(x), 0, 0, -10, 10) \
    X1(rsqrt, 1 / sqrtl(x), 2, 1, 0.001, 1000) \
    X1(sin, sinl(x), 2, 2, -100, 100) \
    X1(sinh, sinhl(x), 3, 2, -50, 50) \
    X1(sinpi, turn_sin(x), 1, 2, -20, 20) \
    X1(sqrt, sqrtl(x), 0.5001, 0.5001, 0.001, 1000) \
    X1(tan, tanl(x), 4, 2, -1.5, 1.5) \
    X1(tanh, tanhl(x), 2, 1, -10, 10) \
    X1(tgamma, tgammal(x), 5, 10, 0.01, 30) \
    X1(trunc, truncl(x), 0, 0, -10, 10) \
    X1(y0, y0l(x), -22, -50, 0.01, 30) \
    X1(y1, y1l(x), -22, -500, 0.1, 30) \
    X2(max, fmaxl(x, y), 0, 0, -10, 10) \
    X2(min, fminl(x, y), 0, 0, -10, 10)

enum Function {
#define X(name, reference, f, d, low, high) F_##name,
    FUNCTIONS(X, X, X)
#undef X
    F_nextafter,
    F_norm4d,
    F_rnorm4d,
    FUNCTION_COUNT
};

/* max and min are the same name for both types; the others end in f for float. */
#define maxf max
#define minf min

__global__ void singles(int function, const float *in, float *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    float x = in[3 * i], y = in[3 * i + 1], z = in[3 * i + 2];
    switch (function) {
#define X1(name, ...) case F_##name: out[i] = name##f(x); break;
#define X2(name, ...) case F_##name: out[i] = name##f(x, y); break;
#define X3(name, ...) case F_##name: out[i] = name##f(x, y, z); break;
        FUNCTIONS(X1, X2, X3)
    case F_nextafter: out[i] = nextafterf(x, y); break;
    case F_norm4d: out[i] = norm4df(x, y, z, x); break;
    case F_rnorm4d: out[i] = rnorm4df(x, y, z, x); break;
    }
}
__global__ void doubles(int function, const double *in, double *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    double x = in[3 * i], y = in[3 * i + 1], z = in[3 * i + 2];
    switch (function) {
#define fdivide(x, y) ((x) / (y))
#undef X1
#undef X2
#undef X3
#define X1(name, ...) case F_##name: out[i] = name(x); break;
#define X2(name, ...) case F_##name: out[i] = name(x, y); break;
#define X3(name, ...) case F_##name: out[i] = name(x, y, z); break;
        FUNCTIONS(X1, X2, X3)
#undef fdivide
    case F_nextafter: out[i] = nextafter(x, y); break;
    case F_norm4d: out[i] = norm4d(x, y, z, x); break;
    case F_rnorm4d: out[i] = rnorm4d(x, y, z, x); break;
    }
}

/* The functions with results or arguments of other kinds: each case sets one bit if it is right. */
template <typename T> __device__ bool near(T a, T b) { return fabs(a - b) <= (T)1e-6 * fabs(b); }
__global__ void others(unsigned *right) {
    int e, q;
    float f, sf, cf;
    double d, s, c;
    const float three[3] = {2, 3, 6};
    const double wide[3] = {2, 3, 6};
    unsigned bits = 0;
    int at = 0;
#define RIGHT(condition) bits |= (unsigned)(condition) << at++
    RIGHT(frexpf(10.0f, &e) == 0.625f && e == 4);
    RIGHT(frexp(10.0, &e) == 0.625 && e == 4);
    RIGHT(modff(-2.75f, &f) == -0.75f && f == -2);
    RIGHT(modf(-2.75, &d) == -0.75 && d == -2);
    RIGHT(remquof(29.0f, 3.0f, &q) == -1 && (q & 7) == 2);
    RIGHT(remquo(29.0, 3.0, &q) == -1 && (q & 7) == 2);
    RIGHT((sincosf(1.0f, &sf, &cf), near(sf, 0.84147098f) && near(cf, 0.54030231f)));
    RIGHT((sincos(1.0, &s, &c), near(s, 0.8414709848) && near(c, 0.5403023059)));
    RIGHT((sincospif(0.25f, &sf, &cf), near(sf, 0.70710678f) && near(cf, 0.70710678f)));
    RIGHT((sincospi(0.25, &s, &c), near(s, 0.7071067812) && near(c, 0.7071067812)));
    RIGHT(ldexpf(3.0f, 5) == 96 && ldexp(3.0, 5) == 96);
    RIGHT(scalbnf(3.0f, -5) == 0.09375f && scalbn(3.0, -5) == 0.09375);
    RIGHT(scalblnf(3.0f, -5) == 0.09375f && scalbln(3.0, -5) == 0.09375);
    RIGHT(ilogbf(0.3f) == -2 && ilogb(0.3) == -2);
    RIGHT(lrintf(2.5f) == 2 && lrint(-3.5) == -4);
    RIGHT(llrintf(2.5f) == 2 && llrint(-3.5) == -4);
    RIGHT(lroundf(2.5f) == 3 && lround(-3.5) == -4);
    RIGHT(llroundf(2.5f) == 3 && llround(-3.5) == -4);
    RIGHT(isnan(nanf("")) && isnan(nan("")) && isinf(1.0f / 0.0f) && isinf(-1.0 / 0.0));
    RIGHT(isfinite(1.0f) && !isfinite(1.0 / 0.0) && signbit(-0.0f) && !signbit(0.0));
    RIGHT(normf(3, three) == 7 && norm(3, wide) == 7);
    RIGHT(near(rnormf(3, three), 1 / 7.0f) && near(rnorm(3, wide), 1 / 7.0));
    RIGHT(near(jnf(2, 3.0f), 0.48609126f) && near(jn(2, 3.0), 0.4860912606));
    RIGHT(near(ynf(2, 3.0f), -0.16040039f) && near(yn(2, 3.0), -0.1604003935));
    RIGHT(min(3u, 5u) == 3 && max(3ull, 5ull) == 5 && min(-3ll, 5ll) == -3 && max(-3, 5) == 5);
    RIGHT(umin(3u, 5u) == 3 && umax(3u, 5u) == 5 && llmin(-3, 5) == -3 && llmax(-3, 5) == 5 && ullmin(3, 5) == 3 &&
          ullmax(3, 5) == 5);
    RIGHT(abs(-3) == 3 && labs(-3l) == 3 && llabs(-3ll) == 3 && abs(-3.5) == 3.5 && abs(-3.5f) == 3.5f);
    RIGHT(fdividef(6.0f, 3.0f) == 2 && fdimf(5.0f, 3.0f) == 2 && fdim(3.0, 5.0) == 0);
    *right = bits;
}

static Wide reference(int function, Wide x, Wide y, Wide z, bool single) {
    switch (function) {
#define X(name, reference, f, d, low, high) case F_##name: return reference;
        FUNCTIONS(X, X, X)
#undef X
    case F_nextafter: return single ? nextafterf((float)x, (float)y) : nextafter((double)x, (double)y);
    case F_norm4d: return sqrtl(x * x + y * y + z * z + x * x);
    default: return 1 / sqrtl(x * x + y * y + z * z + x * x);
    }
}

template <typename T> static Wide error_of(T have, Wide want, double bound) {
    if (std::isnan(have) || std::isnan(want))
        return std::isnan(have) == std::isnan((T)want) ? 0 : 1e30L;
    Wide difference = std::fabs((Wide)have - want);
    if (bound < 0)
        return difference / (sizeof(T) == 4 ? 1e-7L : 1e-13L);
    T rounded = std::fabs((T)want);
    Wide ulp = std::nextafter(rounded, std::numeric_limits<T>::infinity()) - (Wide)rounded;
    return difference / ulp;
}

template <typename T, typename Kernel>
static bool check(const char *name, Kernel kernel, int function, double bound, double low, double high, bool verbose) {
    const int count = 4096;
    Random random((unsigned)function + 1);
    std::vector<T> in(3 * count);
    for (T &x : in)
        x = (T)(low + (high - low) * ((double)random.next() + random.next() / 16777216.0) / 16777216.0);
    Array<T> from(in), to(count);
    kernel<<<count / 256, 256>>>(function, from, to, count);
    CHECK_LAUNCH();
    std::vector<T> have = to.host();
    Wide largest = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
        Wide error = error_of(have[i], reference(function, in[3 * i], in[3 * i + 1], in[3 * i + 2], sizeof(T) == 4), bound);
        if (error > largest)
            largest = error, at = i;
    }
    bool ok = largest <= std::fabs(bound);
    if (verbose || !ok)
        std::printf("%s%s: %.3Lf%s of %g, at %.17g, %.17g, %.17g\n", name, sizeof(T) == 4 ? "f" : "", largest,
                    bound < 0 ? " absolute" : " ulp", std::fabs(bound), (double)in[3 * at], (double)in[3 * at + 1],
                    (double)in[3 * at + 2]);
    return ok;
}

int main(int argc, char **argv) {
    (void)argv;
    bool verbose = argc > 1;
    int float_right = 0, double_right = 0;
#define X(name, reference, f, d, low, high) \
    float_right += check<float>(#name, singles, F_##name, f, low, high, verbose); \
    double_right += check<double>(#name, doubles, F_##name, d, low, high, verbose);
    FUNCTIONS(X, X, X)
    X(nextafter, , 0, 0, -10, 10)
    X(norm4d, , 3, 2, -10, 10)
    X(rnorm4d, , 2, 1, -10, 10)
    Array<unsigned> right(1);
    others<<<1, 1>>>(right);
    CHECK_LAUNCH();
    unsigned bits = right.host()[0];
    for (int i = 0; i < 28; i++)
        if (!(bits >> i & 1))
            std::printf("other function %d is wrong\n", i);
    std::printf("%d functions of float, %d of double, %d of other shapes\n", float_right, double_right,
                __builtin_popcount(bits));
    return 0;
}
