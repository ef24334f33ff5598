// SPDX-License-Identifier: Apache-2.0
// The double math functions against the host's, in units in the last place; the host's own error adds one to CUDA's bound.
// EXPECT: 40 functions, all within their bounds
#include "check.h"
#include <cmath>

#define FUNCTIONS(X)                                                                                                 \
    X(sin, 2, -10, 10)                                                                                               \
    X(cos, 2, -10, 10)                                                                                               \
    X(tan, 2, -1.5, 1.5)                                                                                             \
    X(asin, 2, -1, 1)                                                                                                \
    X(acos, 2, -1, 1)                                                                                                \
    X(atan, 2, -20, 20)                                                                                              \
    X(sinh, 2, -300, 300)                                                                                            \
    X(cosh, 1, -300, 300)                                                                                            \
    X(tanh, 1, -4, 4)                                                                                                \
    X(asinh, 3, -50, 50)                                                                                             \
    X(acosh, 3, 1, 50)                                                                                               \
    X(atanh, 2, -0.99, 0.99)                                                                                         \
    X(exp, 1, -300, 300)                                                                                             \
    X(exp2, 1, -300, 300)                                                                                            \
    X(expm1, 1, -5, 5)                                                                                               \
    X(log, 1, 0.001, 1e6)                                                                                            \
    X(log2, 1, 0.001, 1e6)                                                                                           \
    X(log10, 1, 0.001, 1e6)                                                                                          \
    X(log1p, 1, -0.9, 100)                                                                                           \
    X(sqrt, 0, 0, 1000)                                                                                              \
    X(cbrt, 1, -1000, 1000)                                                                                          \
    X(erf, 2, -3, 3)                                                                                                 \
    X(erfc, 5, -3, 20)                                                                                               \
    X(tgamma, 10, 0.1, 50)                                                                                           \
    X(lgamma, 4, 3, 100)                                                                                             \
    X(floor, 0, -100, 100)                                                                                           \
    X(ceil, 0, -100, 100)                                                                                            \
    X(trunc, 0, -100, 100)                                                                                           \
    X(round, 0, -100, 100)                                                                                           \
    X(rint, 0, -100, 100)                                                                                            \
    X(nearbyint, 0, -100, 100)                                                                                       \
    X(fabs, 0, -100, 100)                                                                                            \
    X(logb, 0, 0.001, 1e6)

#define FUNCTIONS2(X)                                                                                                \
    X(pow, 2)                                                                                                        \
    X(atan2, 2)                                                                                                      \
    X(hypot, 2)                                                                                                      \
    X(fmod, 0)                                                                                                       \
    X(remainder, 0)                                                                                                  \
    X(fmax, 0)                                                                                                       \
    X(fdim, 0)

#define KERNEL(function, ...)                                                                                        \
    __global__ void run_##function(const double *x, double *y, int count) {                                          \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                                               \
        if (i < count)                                                                                               \
            y[i] = function(x[i]);                                                                                   \
    }
FUNCTIONS(KERNEL)
#define KERNEL2(function, ...)                                                                                       \
    __global__ void run_##function(const double *x, const double *z, double *y, int count) {                         \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                                               \
        if (i < count)                                                                                               \
            y[i] = function(x[i], z[i]);                                                                             \
    }
FUNCTIONS2(KERNEL2)

static const int count = 2000;
static int tested, failed;

static void judge(const char *name, int bound, const std::vector<double> &want, const std::vector<double> &have) {
    double worst = 0;
    int where = 0;
    for (int i = 0; i < count; i++) {
        double unit = std::fabs(std::nextafter(want[i], INFINITY) - want[i]);
        double error = std::fabs(have[i] - want[i]) / unit;
        if (!(error <= worst)) {
            worst = error;
            where = i;
        }
    }
    tested++;
    if (!(worst <= (bound ? bound + 1.0 : 0.0))) {
        failed++;
        std::printf("%s: %.2f ulp, allowed %d; have %.17g want %.17g\n", name, worst, bound, have[where], want[where]);
    }
}

int main() {
    std::vector<double> x(count), z(count), want(count);
    Array<double> y(count);
#define RUN(function, bound, low, high)                                                                              \
    {                                                                                                                \
        for (int i = 0; i < count; i++) {                                                                            \
            x[i] = low + (static_cast<double>(high) - low) * i / (count - 1);                                        \
            want[i] = std::function(x[i]);                                                                           \
        }                                                                                                            \
        Array<double> device_x(x);                                                                                   \
        run_##function<<<(count + 127) / 128, 128>>>(device_x, y, count);                                            \
        CHECK_LAUNCH();                                                                                              \
        judge(#function, bound, want, y.host());                                                                     \
    }
    FUNCTIONS(RUN)
    Random random(4);
#define RUN2(function, bound)                                                                                        \
    {                                                                                                                \
        for (int i = 0; i < count; i++) {                                                                            \
            x[i] = random.unit() * 20.0 + 0.01;                                                                      \
            z[i] = random.unit() * 8.0 - 4.0;                                                                        \
            want[i] = std::function(x[i], z[i]);                                                                     \
        }                                                                                                            \
        Array<double> device_x(x), device_z(z);                                                                      \
        run_##function<<<(count + 127) / 128, 128>>>(device_x, device_z, y, count);                                  \
        CHECK_LAUNCH();                                                                                              \
        judge(#function, bound, want, y.host());                                                                     \
    }
    FUNCTIONS2(RUN2)
    std::printf("%d functions, %s within their bounds\n", tested, failed ? "not all" : "all");
    return failed != 0;
}
