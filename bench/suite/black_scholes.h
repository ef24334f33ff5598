/* SPDX-License-Identifier: Apache-2.0 */
/*
 * black_scholes: European calls and puts (Black and Scholes 1973), the normal distribution by formula 26.2.17 of
 * Abramowitz and Stegun. Size: options. Operations are those written down, each exp, log, sqrt and division as one.
 */
#include "bench.h"

#define BS_RATE 0.02f
#define BS_VOLATILITY 0.30f

struct black_scholes {
    size_t n;
    float *price, *strike, *years, *call, *put;
};

static inline struct black_scholes black_scholes_make(size_t n) {
    struct black_scholes p = {n,
                              bench_random_floats(n, 1, 5, 30),
                              bench_random_floats(n, 2, 1, 100),
                              bench_random_floats(n, 3, 0.25f, 10),
                              bench_zero_floats(n),
                              bench_zero_floats(n)};
    return p;
}

static inline double black_scholes_normal(double d) {
    return 0.5 * erfc(-d * 0.70710678118654752440);
}

static inline int black_scholes_finish(const struct bench *bench, const struct black_scholes *p) {
    const size_t n = p->n, stride = bench_stride(bench, n, 500000);
    struct bench_check check = {0, 0, 0, bench_sum(p->call, n) + bench_sum(p->put, n)};
    for (size_t i = 0; i < n; i += stride) {
        const double s = p->price[i], x = p->strike[i], t = p->years[i], v = (double)BS_VOLATILITY;
        const double root = sqrt(t), d1 = (log(s / x) + ((double)BS_RATE + 0.5 * v * v) * t) / (v * root);
        const double later = x * exp(-(double)BS_RATE * t);
        const double call = s * black_scholes_normal(d1) - later * black_scholes_normal(d1 - v * root);
        bench_compare(&check, i, p->call[i], call, 1e-4);
        bench_compare(&check, i, p->put[i], call + later - s, 1e-4);
    }
    return bench_finish(bench, 20.0 * (double)n, 60.0 * (double)n, &check);
}
