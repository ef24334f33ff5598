/* SPDX-License-Identifier: Apache-2.0 */
/* dot: the dot product of two vectors. Size: elements. Bound by memory. */
#include "bench.h"

struct dot {
    size_t n;
    float *x, *y;
    float result;
};

static inline struct dot dot_make(size_t n) {
    struct dot p = {n, bench_random_floats(n, 1, 0, 1), bench_random_floats(n, 2, 0, 1), 0};
    return p;
}

static inline int dot_finish(const struct bench *bench, const struct dot *p) {
    struct bench_check check = {0, 0, 0, (double)p->result};
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        sum += (double)p->x[i] * (double)p->y[i];
    }
    /* A sum of a million floats in a row loses this much. */
    bench_compare(&check, 0, p->result, sum, 1e-3 * fabs(sum));
    return bench_finish(bench, 8.0 * (double)p->n, 2.0 * (double)p->n, &check);
}
