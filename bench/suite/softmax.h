/* SPDX-License-Identifier: Apache-2.0 */
/* softmax: of each row of a matrix with 1024 columns. Size: rows. Bound by memory; the operations count one for an
 * exponential. */
#include "bench.h"

#define COLUMNS 1024

struct softmax {
    size_t n;
    float *in, *out;
};

static inline struct softmax softmax_make(size_t n) {
    struct softmax p = {n, bench_random_floats(n * COLUMNS, 1, -8, 8), bench_zero_floats(n * COLUMNS)};
    return p;
}

static inline int softmax_finish(const struct bench *bench, const struct softmax *p) {
    const size_t stride = bench_stride(bench, p->n, 1000);
    struct bench_check check = {0, 0, 0, bench_sum(p->out, p->n * COLUMNS)};
    for (size_t row = 0; row < p->n; row += stride) {
        const float *in = p->in + row * COLUMNS;
        double sum = 0;
        for (size_t i = 0; i < COLUMNS; i++) {
            sum += exp((double)in[i]);
        }
        for (size_t i = 0; i < COLUMNS; i++) {
            const double want = exp((double)in[i]) / sum;
            bench_compare(&check, row * COLUMNS + i, p->out[row * COLUMNS + i], want, 1e-5 * want);
        }
    }
    return bench_finish(bench, 8.0 * COLUMNS * (double)p->n, 5.0 * COLUMNS * (double)p->n, &check);
}
