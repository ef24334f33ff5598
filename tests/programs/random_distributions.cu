// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's distributions with every generator: mean and variance within five standard errors, uniform and Poisson
// numbers by a chi-square test as well, bounds of uniform numbers.
// EXPECT: uniform: ok
// EXPECT: uniform, double: ok
// EXPECT: normal: ok
// EXPECT: normal, double: ok
// EXPECT: log-normal: ok
// EXPECT: log-normal, double: ok
// EXPECT: two and four at once: ok
// EXPECT: Poisson of 0.5: ok
// EXPECT: Poisson of 20: ok
// EXPECT: Poisson of 500: ok
// EXPECT: Poisson of 5000: ok
// TIMEOUT: 120
#include "check.h"
#include <cmath>
#include <curand_kernel.h>

const int threads = 256, each = 64, count = threads * each;

enum What { UNIFORM, UNIFORM_DOUBLE, NORMAL, NORMAL_DOUBLE, LOG_NORMAL, LOG_NORMAL_DOUBLE, POISSON };

template <typename State> __device__ double draw(State *s, int what, double lambda) {
    switch (what) {
    case UNIFORM: return curand_uniform(s);
    case UNIFORM_DOUBLE: return curand_uniform_double(s);
    case NORMAL: return curand_normal(s);
    case NORMAL_DOUBLE: return curand_normal_double(s);
    case LOG_NORMAL: return curand_log_normal(s, 0.5f, 0.25f);
    case LOG_NORMAL_DOUBLE: return curand_log_normal_double(s, 0.5, 0.25);
    default: return curand_poisson(s, lambda);
    }
}
template <typename State> __global__ void pseudo(double *out, int what, double lambda) {
    State s;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    curand_init(31, i, 0, &s);
    for (int k = 0; k < each; k++)
        out[i * each + k] = draw(&s, what, lambda);
}
/* The van der Corput sequence; its points are more even than random ones. */
template <typename State, typename Word> __global__ void quasi(double *out, int what, double lambda) {
    Word v[8 * sizeof(Word)];
    for (int k = 0; k < 8 * (int)sizeof(Word); k++)
        v[k] = (Word)1 << (8 * sizeof(Word) - 1 - k);
    State s;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    curand_init(v, (Word)(1 + i * each), &s);
    for (int k = 0; k < each; k++)
        out[i * each + k] = draw(&s, what, lambda);
}
__global__ void several(double *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, at = i * each;
    curandStatePhilox4_32_10_t p;
    curandStateMRG32k3a_t m;
    curandState x;
    curand_init(7, i, 0, &p), curand_init(7, i, 0, &m), curand_init(7, i, 0, &x);
    while (at < (i + 1) * each) {
        float4 a = curand_normal4(&p);
        double4 b = curand_normal4_double(&p);
        float2 c = curand_normal2(&m), d = curand_normal2(&x);
        double2 e = curand_normal2_double(&m), f = curand_normal2_double(&x);
        float4 g = curand_log_normal4(&p, 0, 1);
        double2 h = curand_log_normal2_double(&p, 0, 1);
        double all[16] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w, c.x, c.y, d.x, d.y, e.x, e.y, f.x, f.y};
        all[3] = log(g.x), all[7] = log(g.w), all[9] = log(h.x), all[11] = log(h.y);
        for (int k = 0; k < 16; k++)
            out[at++] = all[k];
    }
}

/* Returns whether mean and variance are within five standard errors and, for equally likely bins, the counts too. */
static bool good(const char *name, const std::vector<double> &v, double mean, double variance, double kurtosis) {
    double sum = 0, squares = 0;
    for (double x : v)
        sum += x;
    double have = sum / count;
    for (double x : v)
        squares += (x - mean) * (x - mean);
    double spread = squares / count;
    bool mean_ok = std::fabs(have - mean) < 5 * std::sqrt(variance / count);
    bool spread_ok = std::fabs(spread - variance) < 5 * variance * std::sqrt((kurtosis - 1) / count);
    if (!mean_ok || !spread_ok)
        std::printf("%s: mean %g, should be %g; variance %g, should be %g\n", name, have, mean, spread, variance);
    return mean_ok && spread_ok;
}
static bool even(const char *name, const std::vector<double> &v) {
    std::vector<int> bins(100);
    for (double x : v) {
        if (!(x > 0 && x <= 1)) {
            std::printf("%s: %g is out of bounds\n", name, x);
            return false;
        }
        bins[x >= 1 ? 99 : (int)(x * 100)]++;
    }
    double chi = 0;
    for (int n : bins)
        chi += (n - count / 100.0) * (n - count / 100.0) / (count / 100.0);
    if (chi > 99 + 5 * std::sqrt(2 * 99.0))
        std::printf("%s: chi-square %g of 99 degrees\n", name, chi);
    return chi <= 99 + 5 * std::sqrt(2 * 99.0);
}
static bool poisson_even(const char *name, const std::vector<double> &v, double lambda) {
    std::vector<int> seen(20000);
    for (double x : v)
        seen[(int)x]++;
    double chi = 0, degrees = -1, expected = 0, found = 0;
    for (int k = 0; k < 20000; k++) {
        expected += count * std::exp(k * std::log(lambda) - lambda - std::lgamma(k + 1.0));
        found += seen[k];
        if (expected < 10)
            continue;
        chi += (found - expected) * (found - expected) / expected;
        degrees++, expected = 0, found = 0;
    }
    bool ok = chi <= degrees + 5 * std::sqrt(2 * degrees);
    if (!ok)
        std::printf("%s: chi-square %g of %g degrees\n", name, chi, degrees);
    return ok;
}

int main() {
    Array<double> out(count);
    auto with_each = [&](const char *title, int what, double lambda, auto check) {
        bool ok = true;
        auto one = [&](const char *name, auto kernel) {
            kernel<<<threads / 32, 32>>>(out.data, what, lambda);
            CHECK_LAUNCH();
            ok = check(name, out.host()) && ok;
        };
        one("XORWOW", pseudo<curandState>);
        one("MRG32k3a", pseudo<curandStateMRG32k3a_t>);
        one("Philox", pseudo<curandStatePhilox4_32_10_t>);
        one("Sobol32", quasi<curandStateSobol32_t, unsigned>);
        one("Sobol64", quasi<curandStateSobol64_t, unsigned long long>);
        std::printf("%s: %s\n", title, ok ? "ok" : "wrong");
    };
    auto uniform = [](const char *name, const std::vector<double> &v) {
        return good(name, v, 0.5, 1 / 12.0, 1.8) && even(name, v);
    };
    auto normal = [](const char *name, const std::vector<double> &v) { return good(name, v, 0, 1, 3); };
    const double s2 = 0.0625, ln_mean = std::exp(0.5 + s2 / 2), ln_variance = (std::exp(s2) - 1) * std::exp(1 + s2);
    auto log_normal = [&](const char *name, const std::vector<double> &v) {
        return good(name, v, ln_mean, ln_variance, 4.1);
    };
    with_each("uniform", UNIFORM, 0, uniform);
    with_each("uniform, double", UNIFORM_DOUBLE, 0, uniform);
    with_each("normal", NORMAL, 0, normal);
    with_each("normal, double", NORMAL_DOUBLE, 0, normal);
    with_each("log-normal", LOG_NORMAL, 0, log_normal);
    with_each("log-normal, double", LOG_NORMAL_DOUBLE, 0, log_normal);
    several<<<threads / 32, 32>>>(out.data);
    CHECK_LAUNCH();
    std::printf("two and four at once: %s\n", normal("several", out.host()) ? "ok" : "wrong");
    for (double lambda : {0.5, 20.0, 500.0, 5000.0}) {
        char title[32];
        std::snprintf(title, sizeof title, "Poisson of %g", lambda);
        with_each(title, POISSON, lambda, [&](const char *name, const std::vector<double> &v) {
            return good(name, v, lambda, lambda, 3 + 1 / lambda) && poisson_even(name, v, lambda);
        });
    }
    return 0;
}
