/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bitonic_sort: unsigned integers, ascending, by Batcher's network (Knuth, The Art of Computer Programming 3, 5.3.4).
 * Size: elements, a power of two, 1024 at least. Before each sample the keys are put back, which isn't timed.
 */
#include "bench.h"

struct bitonic_sort {
    size_t n;
    uint32_t *in, *out;
};

static inline struct bitonic_sort bitonic_sort_make(size_t n) {
    if (n < 1024 || (n & (n - 1))) {
        fprintf(stderr, "the size must be a power of two, 1024 at least\n");
        exit(2);
    }
    struct bitonic_sort p = {n, (uint32_t *)bench_bytes(n * sizeof(uint32_t)),
                             (uint32_t *)bench_bytes(n * sizeof(uint32_t))};
    for (size_t i = 0; i < n; i++) {
        p.in[i] = (uint32_t)bench_random(1, i);
        p.out[i] = 0;
    }
    return p;
}

static inline int bitonic_sort_order(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static inline int bitonic_sort_finish(const struct bench *bench, const struct bitonic_sort *p) {
    struct bench_check check = {0, 0, 0, 0};
    double sum = 0, steps = 0;
    qsort(p->in, p->n, sizeof *p->in, bitonic_sort_order);
    for (size_t i = 0; i < p->n; i++) {
        bench_compare(&check, i, p->out[i], p->in[i], 0);
        sum += (double)p->out[i] * (double)(i % 1000);
    }
    for (size_t size = 2; size <= p->n; size *= 2) {
        for (size_t stride = size / 2; stride > 0; stride /= 2) {
            steps++;
        }
    }
    check.checksum = sum;
    return bench_finish(bench, 8.0 * (double)p->n, steps * (double)p->n, &check);
}
