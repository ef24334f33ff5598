/* SPDX-License-Identifier: Apache-2.0 */
/* saxpy: y = a x + y, in place, once a sample. Size: elements. Bound by memory. */
#include "bench.h"

#define SAXPY_A 0.5f

struct saxpy {
    size_t n;
    float *x, *y, *y0; /* y0: what y was before the first sample */
    long runs;         /* how often y has been added to */
};

static inline struct saxpy saxpy_make(size_t n) {
    struct saxpy p = {n, bench_random_floats(n, 1, -1, 1), bench_random_floats(n, 2, -1, 1),
                      bench_random_floats(n, 2, -1, 1), 0};
    return p;
}

static inline int saxpy_finish(const struct bench *bench, const struct saxpy *p) {
    /* The forms of this kernel take different numbers of samples: the sum is brought back to one. */
    struct bench_check check = {0, 0, 0, 0};
    const double runs = (double)p->runs;
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        bench_compare(&check, i, p->y[i], (double)p->y0[i] + runs * (double)SAXPY_A * (double)p->x[i],
                      1e-7 * (runs + 2) * (runs + 2));
        sum += fabs(((double)p->y[i] - (double)p->y0[i]) / runs);
    }
    check.checksum = sum;
    return bench_finish(bench, 12.0 * (double)p->n, 2.0 * (double)p->n, &check);
}
