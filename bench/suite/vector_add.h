/* SPDX-License-Identifier: Apache-2.0 */
/* vector_add: c = a + b. Size: elements. Bound by memory. */
#include "bench.h"

struct vector_add {
    size_t n;
    float *a, *b, *c;
};

static inline struct vector_add vector_add_make(size_t n) {
    struct vector_add p = {n, bench_random_floats(n, 1, -1, 1), bench_random_floats(n, 2, -1, 1), bench_zero_floats(n)};
    return p;
}

static inline int vector_add_finish(const struct bench *bench, const struct vector_add *p) {
    struct bench_check check = {0, 0, 0, bench_sum(p->c, p->n)};
    for (size_t i = 0; i < p->n; i++) {
        bench_compare(&check, i, p->c[i], (double)p->a[i] + (double)p->b[i], 3e-7);
    }
    return bench_finish(bench, 12.0 * (double)p->n, (double)p->n, &check);
}
