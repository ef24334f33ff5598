/* SPDX-License-Identifier: Apache-2.0 */
/* spmv: a sparse matrix in compressed rows times a vector; rows have 16 to 80 elements at random columns near the
 * diagonal. Size: rows. Bound by memory. */
#include "bench.h"

struct spmv {
    size_t n, elements;
    int *starts, *columns;
    float *values, *x, *y;
};

static inline struct spmv spmv_make(size_t n) {
    struct spmv p;
    const uint64_t reach = n < 4096 ? n : 4096;
    p.n = n;
    p.starts = (int *)bench_bytes((n + 1) * sizeof(int));
    p.starts[0] = 0;
    for (size_t i = 0; i < n; i++) {
        p.starts[i + 1] = p.starts[i] + 16 + (int)(bench_random(1, i) % 65);
    }
    p.elements = (size_t)p.starts[n];
    p.columns = (int *)bench_bytes(p.elements * sizeof(int));
    p.values = bench_random_floats(p.elements, 2, -1, 1);
    p.x = bench_random_floats(n, 3, -1, 1);
    p.y = bench_zero_floats(n);
    BENCH_PARALLEL
    for (size_t i = 0; i < n; i++) {
        const uint64_t low = i < reach / 2 ? 0 : i - reach / 2 < n - reach ? i - reach / 2 : n - reach;
        const int count = p.starts[i + 1] - p.starts[i];
        for (int k = 0; k < count; k++) {
            /* Ascending, as compressed rows usually are: one in each part of the reach. */
            const uint64_t part = reach / (uint64_t)count ? reach / (uint64_t)count : 1;
            const uint64_t at = low + (uint64_t)k * reach / (uint64_t)count;
            const uint64_t column = at + bench_random(4, (uint64_t)(p.starts[i] + k)) % part;
            p.columns[p.starts[i] + k] = (int)(column < n ? column : n - 1);
        }
    }
    return p;
}

static inline int spmv_finish(const struct bench *bench, const struct spmv *p) {
    struct bench_check check = {0, 0, 0, bench_sum(p->y, p->n)};
    for (size_t i = 0; i < p->n; i++) {
        double sum = 0;
        for (int k = p->starts[i]; k < p->starts[i + 1]; k++) {
            sum += (double)p->values[k] * (double)p->x[p->columns[k]];
        }
        bench_compare(&check, i, p->y[i], sum, 3e-5);
    }
    return bench_finish(bench, 8.0 * (double)p->elements + 12.0 * (double)p->n, 2.0 * (double)p->elements, &check);
}
