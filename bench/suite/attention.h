/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attention: softmax(Q K^T / sqrt(64)) V for 8 heads of width 64, without a mask, in one pass over the keys (Milakov and
 * Gimelshein, Online normalizer calculation for softmax, 2018; Dao et al., FlashAttention, 2022). Size: rows of a head's
 * queries and keys, a multiple of 64. Bound by arithmetic; an exponential counts as one operation.
 */
#include "bench.h"

#define HEADS 8
#define WIDTH 64

struct attention {
    size_t n;
    float *q, *k, *v, *out; /* [HEADS][n][WIDTH] */
};

static inline struct attention attention_make(size_t n) {
    if (n % 64) {
        fprintf(stderr, "the size must be a multiple of 64\n");
        exit(2);
    }
    const size_t elements = HEADS * n * WIDTH;
    struct attention p = {n, bench_random_floats(elements, 1, -2, 2), bench_random_floats(elements, 2, -2, 2),
                          bench_random_floats(elements, 3, -1, 1), bench_zero_floats(elements)};
    return p;
}

static inline int attention_finish(const struct bench *bench, const struct attention *p) {
    const size_t n = p->n, stride = bench_stride(bench, HEADS * n, 200);
    struct bench_check check = {0, 0, 0, bench_sum(p->out, HEADS * n * WIDTH)};
    for (size_t row = 0; row < HEADS * n; row += stride) {
        const float *q = p->q + row * WIDTH, *k = p->k + row / n * n * WIDTH, *v = p->v + row / n * n * WIDTH;
        double sum = 0, out[WIDTH] = {0};
        for (size_t j = 0; j < n; j++) {
            double score = 0;
            for (size_t d = 0; d < WIDTH; d++) {
                score += (double)q[d] * (double)k[j * WIDTH + d];
            }
            const double weight = exp(score / 8);
            sum += weight;
            for (size_t d = 0; d < WIDTH; d++) {
                out[d] += weight * (double)v[j * WIDTH + d];
            }
        }
        for (size_t d = 0; d < WIDTH; d++) {
            bench_compare(&check, row * WIDTH + d, p->out[row * WIDTH + d], out[d] / sum, 2e-5);
        }
    }
    return bench_finish(bench, 16.0 * HEADS * WIDTH * (double)n, (4.0 * WIDTH + 1) * HEADS * (double)n * (double)n,
                        &check);
}
