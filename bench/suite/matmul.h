/* SPDX-License-Identifier: Apache-2.0 */
/* matmul: C = A B, square matrices by rows, for the naive and the tiled product. Size: rows, a multiple of 32. Bound by
 * arithmetic. */
#include "bench.h"

struct matmul {
    size_t n;
    float *a, *b, *c;
};

static inline struct matmul matmul_make(size_t n) {
    if (n % 32) {
        fprintf(stderr, "the size must be a multiple of 32\n");
        exit(2);
    }
    struct matmul p = {n, bench_random_floats(n * n, 1, -1, 1), bench_random_floats(n * n, 2, -1, 1),
                       bench_zero_floats(n * n)};
    return p;
}

static inline int matmul_finish(const struct bench *bench, const struct matmul *p) {
    const size_t n = p->n, stride = bench_stride(bench, n * n, 20000);
    struct bench_check check = {0, 0, 0, bench_sum(p->c, n * n)};
    for (size_t i = 0; i < n * n; i += stride) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            sum += (double)p->a[i / n * n + k] * (double)p->b[k * n + i % n];
        }
        bench_compare(&check, i, p->c[i], sum, 1e-6 * (double)n);
    }
    return bench_finish(bench, 12.0 * (double)(n * n), 2.0 * (double)n * (double)n * (double)n, &check);
}
