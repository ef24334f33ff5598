/* SPDX-License-Identifier: Apache-2.0 */
/* transpose: a square matrix, out of place. Size: rows, a multiple of 32. Bound by memory. */
#include "bench.h"

struct transpose {
    size_t n;
    float *in, *out;
};

static inline struct transpose transpose_make(size_t n) {
    if (n % 32) {
        fprintf(stderr, "the size must be a multiple of 32\n");
        exit(2);
    }
    struct transpose p = {n, bench_random_floats(n * n, 1, -1, 1), bench_zero_floats(n * n)};
    return p;
}

static inline int transpose_finish(const struct bench *bench, const struct transpose *p) {
    const size_t n = p->n;
    struct bench_check check = {0, 0, 0, bench_sum(p->out, n * n)};
    for (size_t i = 0; i < n * n; i++) {
        bench_compare(&check, i, p->out[i], p->in[i % n * n + i / n], 0);
    }
    return bench_finish(bench, 8.0 * (double)(n * n), 0, &check);
}
