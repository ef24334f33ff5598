/* SPDX-License-Identifier: Apache-2.0 */
#include "black_scholes.h"

static inline float normal(float d) {
    const float a1 = 0.31938153f, a2 = -0.356563782f, a3 = 1.781477937f, a4 = -1.821255978f, a5 = 1.330274429f;
    const float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    const float tail =
        0.39894228040143267794f * expf(-0.5f * d * d) * (k * (a1 + k * (a2 + k * (a3 + k * (a4 + k * a5)))));
    return d > 0 ? 1.0f - tail : tail;
}

static void run(void *context) {
    const struct black_scholes *p = context;
    const size_t n = p->n;
    const float *restrict price = p->price, *restrict strike = p->strike, *restrict years = p->years;
    float *restrict call = p->call, *restrict put = p->put;
    const float rate = BS_RATE, volatility = BS_VOLATILITY;
#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++) {
        const float s = price[i], x = strike[i], t = years[i];
        const float root = sqrtf(t);
        const float d1 = (logf(s / x) + (rate + 0.5f * volatility * volatility) * t) / (volatility * root);
        const float d2 = d1 - volatility * root;
        const float n1 = normal(d1), n2 = normal(d2);
        const float later = x * expf(-rate * t);
        call[i] = s * n1 - later * n2;
        put[i] = later * (1.0f - n2) - s * (1.0f - n1);
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct black_scholes p = black_scholes_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return black_scholes_finish(&bench, &p);
}
