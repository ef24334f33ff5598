// SPDX-License-Identifier: Apache-2.0
// The float math functions against the host's double ones: each within the largest error that CUDA's guide lists for it
// ("Mathematical Functions", in units in the last place).
// EXPECT: 47 functions, all within their bounds
#include "check.h"
#include <cmath>

struct Row {
    const char *name;
    int bound; // ulp
    double (*reference)(double);
    float low, high;
};

#define FUNCTIONS(X)                                                                                                 \
    X(sinf, 2, std::sin, -10, 10)                                                                                    \
    X(cosf, 2, std::cos, -10, 10)                                                                                    \
    X(tanf, 4, std::tan, -1.5f, 1.5f)                                                                                \
    X(asinf, 4, std::asin, -1, 1)                                                                                    \
    X(acosf, 3, std::acos, -1, 1)                                                                                    \
    X(atanf, 2, std::atan, -20, 20)                                                                                  \
    X(sinhf, 3, std::sinh, -10, 10)                                                                                  \
    X(coshf, 2, std::cosh, -10, 10)                                                                                  \
    X(tanhf, 2, std::tanh, -4, 4)                                                                                    \
    X(asinhf, 3, std::asinh, -50, 50)                                                                                \
    X(acoshf, 4, std::acosh, 1, 50)                                                                                  \
    X(atanhf, 3, std::atanh, -0.99f, 0.99f)                                                                          \
    X(expf, 2, std::exp, -20, 20)                                                                                    \
    X(exp2f, 2, std::exp2, -20, 20)                                                                                  \
    X(exp10f, 2, reference_exp10, -10, 10)                                                                           \
    X(expm1f, 1, std::expm1, -5, 5)                                                                                  \
    X(logf, 1, std::log, 0.001f, 1000)                                                                               \
    X(log2f, 1, std::log2, 0.001f, 1000)                                                                             \
    X(log10f, 2, std::log10, 0.001f, 1000)                                                                           \
    X(log1pf, 1, std::log1p, -0.9f, 100)                                                                             \
    X(logbf, 0, std::logb, 0.001f, 1000)                                                                             \
    X(sqrtf, 0, std::sqrt, 0, 1000)                                                                                  \
    X(rsqrtf, 2, reference_rsqrt, 0.001f, 1000)                                                                      \
    X(cbrtf, 1, std::cbrt, -1000, 1000)                                                                              \
    X(rcbrtf, 1, reference_rcbrt, 0.1f, 1000)                                                                        \
    X(erff, 2, std::erf, -3, 3)                                                                                      \
    X(erfcf, 4, std::erfc, -3, 5)                                                                                    \
    X(tgammaf, 5, std::tgamma, 0.1f, 20)                                                                             \
    X(lgammaf, 6, std::lgamma, 3, 100)                                                                               \
    X(floorf, 0, std::floor, -100, 100)                                                                              \
    X(ceilf, 0, std::ceil, -100, 100)                                                                                \
    X(truncf, 0, std::trunc, -100, 100)                                                                              \
    X(roundf, 0, std::round, -100, 100)                                                                              \
    X(rintf, 0, std::rint, -100, 100)                                                                                \
    X(nearbyintf, 0, std::nearbyint, -100, 100)                                                                      \
    X(fabsf, 0, std::fabs, -100, 100)                                                                                \
    X(sinpif, 2, reference_sinpi, -3, 3)                                                                             \
    X(cospif, 2, reference_cospi, -3, 3)

#define FUNCTIONS2(X)                                                                                                \
    X(powf, 4, std::pow)                                                                                             \
    X(atan2f, 3, std::atan2)                                                                                         \
    X(hypotf, 3, std::hypot)                                                                                         \
    X(fmodf, 0, std::fmod)                                                                                           \
    X(remainderf, 0, std::remainder)                                                                                 \
    X(fmaxf, 0, std::fmax)                                                                                           \
    X(fminf, 0, std::fmin)                                                                                           \
    X(fdimf, 0, std::fdim)                                                                                           \
    X(copysignf, 0, std::copysign)

static double reference_exp10(double x) { return std::pow(10.0, x); }
static double reference_rsqrt(double x) { return 1.0 / std::sqrt(x); }
static double reference_rcbrt(double x) { return 1.0 / std::cbrt(x); }
static double reference_sinpi(double x) { return std::sin(3.14159265358979323846 * std::remainder(x, 2.0)); }
static double reference_cospi(double x) { return std::cos(3.14159265358979323846 * std::remainder(x, 2.0)); }

#define KERNEL(function, ...)                                                                                        \
    __global__ void run_##function(const float *x, float *y, int count) {                                            \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                                               \
        if (i < count)                                                                                               \
            y[i] = function(x[i]);                                                                                   \
    }
FUNCTIONS(KERNEL)
#define KERNEL2(function, ...)                                                                                       \
    __global__ void run_##function(const float *x, const float *z, float *y, int count) {                            \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                                               \
        if (i < count)                                                                                               \
            y[i] = function(x[i], z[i]);                                                                             \
    }
FUNCTIONS2(KERNEL2)

static const int count = 2000;
static int tested, failed;

static void judge(const char *name, int bound, const std::vector<double> &want, const std::vector<float> &have) {
    double worst = 0;
    int where = 0;
    for (int i = 0; i < count; i++) {
        float nearest = static_cast<float>(want[i]);
        double unit = std::fabs(static_cast<double>(std::nextafterf(nearest, INFINITY)) - nearest);
        // A reference in double rounded to float has half a unit of its own; near zero of sinpi and cospi the host's pi
        // shows, hence the floor.
        double error = std::fabs(have[i] - want[i]) / std::fmax(unit, 1e-9);
        if (!(error <= worst)) {
            worst = error;
            where = i;
        }
    }
    tested++;
    if (!(worst <= bound + 0.5)) {
        failed++;
        std::printf("%s: %.2f ulp, allowed %d; have %.9g want %.9g\n", name, worst, bound, have[where], want[where]);
    }
}

int main() {
    std::vector<float> x(count), z(count);
    std::vector<double> want(count);
    Array<float> y(count);
#define RUN(function, bound, reference, low, high)                                                                   \
    {                                                                                                                \
        for (int i = 0; i < count; i++) {                                                                            \
            x[i] = static_cast<float>(low + (static_cast<double>(high) - low) * i / (count - 1));                    \
            want[i] = reference(static_cast<double>(x[i]));                                                          \
        }                                                                                                            \
        Array<float> device_x(x);                                                                                    \
        run_##function<<<(count + 127) / 128, 128>>>(device_x, y, count);                                            \
        CHECK_LAUNCH();                                                                                              \
        judge(#function, bound, want, y.host());                                                                     \
    }
    FUNCTIONS(RUN)
    Random random(2);
#define RUN2(function, bound, reference)                                                                             \
    {                                                                                                                \
        for (int i = 0; i < count; i++) {                                                                            \
            x[i] = random.unit() * 20.0f + 0.01f;                                                                    \
            z[i] = random.unit() * 8.0f - 4.0f;                                                                      \
            want[i] = reference(static_cast<double>(x[i]), static_cast<double>(z[i]));                               \
        }                                                                                                            \
        Array<float> device_x(x), device_z(z);                                                                       \
        run_##function<<<(count + 127) / 128, 128>>>(device_x, device_z, y, count);                                  \
        CHECK_LAUNCH();                                                                                              \
        judge(#function, bound, want, y.host());                                                                     \
    }
    FUNCTIONS2(RUN2)
    std::printf("%d functions, %s within their bounds\n", tested, failed ? "not all" : "all");
    return failed != 0;
}
