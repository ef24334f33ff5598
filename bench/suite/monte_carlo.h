/* SPDX-License-Identifier: Apache-2.0 */
/*
 * monte_carlo: the price of a European call from random paths. Random numbers come from Philox4x32-10 (Salmon, Moraes,
 * Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011), normal ones by Box and Muller. Size: calls of the
 * generator, four paths each. Bound by arithmetic: 10 rounds of 10 operations, and for each pair of paths 12 more.
 */
#include "bench.h"

#ifdef __CUDACC__
#define MC_FUNCTION __host__ __device__ static inline
#else
#define MC_FUNCTION static inline
#endif

#define MC_PRICE 100.0f
#define MC_STRIKE 105.0f
#define MC_DRIFT (-0.025f) /* (rate - volatility^2 / 2) years, for 0.02, 0.3 and one year */
#define MC_SPREAD 0.3f     /* volatility sqrt(years) */

struct monte_carlo {
    size_t n;
    double sum; /* of all payoffs */
};

MC_FUNCTION void philox_round(uint32_t x[4], uint32_t key0, uint32_t key1) {
    const uint64_t a = (uint64_t)0xD2511F53u * x[0], b = (uint64_t)0xCD9E8D57u * x[2];
    const uint32_t x1 = x[1], x3 = x[3];
    x[0] = (uint32_t)(b >> 32) ^ x1 ^ key0;
    x[1] = (uint32_t)b;
    x[2] = (uint32_t)(a >> 32) ^ x3 ^ key1;
    x[3] = (uint32_t)a;
}

/* The four numbers of a counter, for the key 2026. */
MC_FUNCTION void philox(uint32_t counter, uint32_t x[4]) {
    uint32_t key0 = 2026, key1 = 0;
    x[0] = counter;
    x[1] = x[2] = x[3] = 0;
    for (int i = 0; i < 10; i++) {
        philox_round(x, key0, key1);
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/* In (0, 1]. */
MC_FUNCTION float philox_uniform(uint32_t x) {
    return (float)(x >> 8) * (1.0f / 16777216.0f) + (0.5f / 16777216.0f);
}

static inline int monte_carlo_finish(const struct bench *bench, const struct monte_carlo *p) {
    struct bench_check check = {0, 0, 0, p->sum};
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        uint32_t x[4];
        philox((uint32_t)i, x);
        for (int k = 0; k < 4; k += 2) {
            const double radius = sqrt(-2 * log((double)philox_uniform(x[k])));
            const double angle = 6.283185307179586477 * (double)philox_uniform(x[k + 1]);
            const double normals[2] = {radius * cos(angle), radius * sin(angle)};
            for (int j = 0; j < 2; j++) {
                const double end =
                    (double)MC_PRICE * exp((double)MC_DRIFT + (double)MC_SPREAD * normals[j]) - (double)MC_STRIKE;
                sum += end > 0 ? end : 0;
            }
        }
    }
    bench_compare(&check, 0, p->sum, sum, 1e-5 * fabs(sum));
    return bench_finish(bench, 0, (100.0 + 2 * 12.0) * (double)p->n, &check);
}
