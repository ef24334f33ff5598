/* SPDX-License-Identifier: Apache-2.0 */
/* reduction: the sum of an array. Size: elements. Bound by memory. */
#include "bench.h"

struct reduction {
    size_t n;
    float *x;
    float result;
};

static inline struct reduction reduction_make(size_t n) {
    struct reduction p = {n, bench_random_floats(n, 1, 0, 1), 0};
    return p;
}

static inline int reduction_finish(const struct bench *bench, const struct reduction *p) {
    struct bench_check check = {0, 0, 0, (double)p->result};
    const double sum = bench_sum(p->x, p->n);
    /* A sum of a million floats in a row loses this much. */
    bench_compare(&check, 0, p->result, sum, 1e-3 * sum);
    return bench_finish(bench, 4.0 * (double)p->n, (double)p->n, &check);
}
