/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe: what this machine can do at best, with all cores: bytes a second by STREAM's triad (McCalpin 1995), and float
 * operations a second by multiply-adds that stay in registers. Arrays have the size of the suite's large ones, so that
 * caches don't serve them.
 *
 * Prints {"bytes_per_second": ..., "operations_per_second": ..., "threads": ...}. Argument: elements of an array.
 */
#include <omp.h>

#include "bench.h"

/* As many chains as hide the latency of a multiply-add on today's cores, in the registers that there are. */
#if defined(__AVX512F__)
enum { BYTES = 64, CHAINS = 16 };
#elif defined(__AVX__)
enum { BYTES = 32, CHAINS = 12 };
#else
enum { BYTES = 16, CHAINS = 12 };
#endif
enum { STEPS = 100000, ROUNDS = 15 };

typedef float vector __attribute__((vector_size(BYTES)));

static float multiply_add(float seed) {
    vector sums[CHAINS];
    float all = 0;
    const vector factor = (vector){0} + (0.5f + seed), term = (vector){0} + (0.25f + seed);
    for (int c = 0; c < CHAINS; c++) {
        sums[c] = (vector){0} + (float)c;
    }
    for (int i = 0; i < STEPS; i++) {
#pragma GCC unroll 16
        for (int c = 0; c < CHAINS; c++) {
            sums[c] = sums[c] * factor + term;
        }
    }
    for (int c = 0; c < CHAINS; c++) {
        all += sums[c][0];
    }
    return all;
}

static double operations_per_second(void) {
    volatile float seed = 1e-6f, sink = 0;
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        float sum = 0;
        const double start = bench_now_ms();
#pragma omp parallel reduction(+ : sum)
        sum += multiply_add(seed);
        const double ms = bench_now_ms() - start;
        const double operations = 2.0 * STEPS * CHAINS * (BYTES / sizeof(float)) * omp_get_max_threads();
        sink = sink + sum;
        best = operations / ms > best ? operations / ms : best;
    }
    return best * 1e3;
}

static double bytes_per_second(size_t n) {
    const float *restrict b = bench_random_floats(n, 1, -1, 1), *restrict c = bench_random_floats(n, 2, -1, 1);
    float *restrict a = bench_zero_floats(n);
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = bench_now_ms();
#pragma omp parallel for simd
        for (size_t i = 0; i < n; i++) {
            a[i] = b[i] + 3.0f * c[i];
        }
        const double ms = bench_now_ms() - start;
        best = 12.0 * (double)n / ms > best ? 12.0 * (double)n / ms : best;
    }
    return best * 1e3;
}

int main(int argc, char **argv) {
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (n == 0) {
        fprintf(stderr, "%s: how many elements?\n", argv[0]);
        return 2;
    }
    printf("{\"bytes_per_second\": %.6g, \"operations_per_second\": %.6g, \"threads\": %d}\n", bytes_per_second(n),
           operations_per_second(), omp_get_max_threads());
    return 0;
}
