/* SPDX-License-Identifier: Apache-2.0 */
/* layer_norm: rows of 768 columns to mean 0 and variance 1, then scaled and shifted by column. Size: rows. Bound by
 * memory. */
#include "bench.h"

#define COLUMNS 768
#define LAYER_NORM_EPSILON 1e-5f

struct layer_norm {
    size_t n;
    float *in, *weight, *bias, *out;
};

static inline struct layer_norm layer_norm_make(size_t n) {
    struct layer_norm p = {n, bench_random_floats(n * COLUMNS, 1, -1, 3), bench_random_floats(COLUMNS, 2, 0.5f, 1.5f),
                           bench_random_floats(COLUMNS, 3, -1, 1), bench_zero_floats(n * COLUMNS)};
    return p;
}

static inline int layer_norm_finish(const struct bench *bench, const struct layer_norm *p) {
    struct bench_check check = {0, 0, 0, bench_sum(p->out, p->n * COLUMNS)};
    for (size_t row = 0; row < p->n; row++) {
        const float *in = p->in + row * COLUMNS, *out = p->out + row * COLUMNS;
        double sum = 0, squares = 0;
        for (size_t i = 0; i < COLUMNS; i++) {
            sum += (double)in[i];
        }
        const double mean = sum / COLUMNS;
        for (size_t i = 0; i < COLUMNS; i++) {
            squares += ((double)in[i] - mean) * ((double)in[i] - mean);
        }
        const double factor = 1 / sqrt(squares / COLUMNS + (double)LAYER_NORM_EPSILON);
        for (size_t i = 0; i < COLUMNS; i++) {
            const double want = ((double)in[i] - mean) * factor * (double)p->weight[i] + (double)p->bias[i];
            bench_compare(&check, row * COLUMNS + i, out[i], want, 1e-5);
        }
    }
    return bench_finish(bench, 8.0 * COLUMNS * (double)p->n, 8.0 * COLUMNS * (double)p->n, &check);
}
