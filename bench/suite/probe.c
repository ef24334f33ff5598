/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe: what this machine can do at best, with all cores. Bytes a second as STREAM counts them (McCalpin 1995): by its
 * triad, whose stores make the caches fetch what they overwrite; by updating an array in place, where they don't; and by
 * reading only. Float operations a second by multiply-adds that stay in registers. Arrays have the size of the suite's
 * large ones, so that caches don't serve them.
 *
 * Prints one JSON object of rates. Argument: elements of an array.
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

static int descending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The upper quartile: other programs slow some rounds down, and a virtual machine's clock may jump in others. */
static double settle(double rates[ROUNDS]) {
    qsort(rates, ROUNDS, sizeof *rates, descending);
    return rates[ROUNDS / 4];
}

static double operations_per_second(void) {
    volatile float seed = 1e-6f, sink = 0;
    double rates[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        float sum = 0;
        const double start = bench_now_ms();
#pragma omp parallel reduction(+ : sum)
        sum += multiply_add(seed);
        const double ms = bench_now_ms() - start;
        const double operations =
            2.0 * (double)((size_t)STEPS * CHAINS * BYTES / sizeof(float)) * omp_get_max_threads();
        sink = sink + sum;
        rates[round] = operations / ms * 1e3;
    }
    return settle(rates);
}

enum { TRIAD, UPDATE, READ, PATTERNS };

static float sweep(int pattern, size_t n, float *restrict a, const float *restrict b, const float *restrict c) {
    float sum = 0;
    switch (pattern) {
    case TRIAD:
#pragma omp parallel for simd
        for (size_t i = 0; i < n; i++) {
            a[i] = b[i] + 3.0f * c[i];
        }
        break;
    case UPDATE:
#pragma omp parallel for simd
        for (size_t i = 0; i < n; i++) {
            a[i] = 0.25f * a[i] + b[i];
        }
        break;
    default:
#pragma omp parallel for simd reduction(+ : sum)
        for (size_t i = 0; i < n; i++) {
            sum += b[i];
        }
        break;
    }
    return sum;
}

int main(int argc, char **argv) {
    static const double bytes[PATTERNS] = {12, 12, 4};
    double rates[PATTERNS][ROUNDS];
    volatile float sink = 0;
    const size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (n == 0) {
        fprintf(stderr, "%s: how many elements?\n", argv[0]);
        return 2;
    }
    float *a = bench_zero_floats(n), *b = bench_random_floats(n, 1, -1, 1), *c = bench_random_floats(n, 2, -1, 1);
    for (int round = 0; round < ROUNDS; round++) {
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            const double start = bench_now_ms();
            sink = sink + sweep(pattern, n, a, b, c);
            rates[pattern][round] = bytes[pattern] * (double)n / (bench_now_ms() - start) * 1e3;
        }
    }
    printf("{\"triad_bytes_per_second\": %.6g, \"update_bytes_per_second\": %.6g, \"read_bytes_per_second\": %.6g, "
           "\"operations_per_second\": %.6g, \"threads\": %d}\n",
           settle(rates[TRIAD]), settle(rates[UPDATE]), settle(rates[READ]), operations_per_second(),
           omp_get_max_threads());
    return 0;
}
