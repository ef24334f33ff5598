/* SPDX-License-Identifier: Apache-2.0 */
/* scan: inclusive prefix sums of unsigned integers, which wrap around. Size: elements. Bound by memory. */
#include "bench.h"

struct scan {
    size_t n;
    uint32_t *in, *out;
};

static inline struct scan scan_make(size_t n) {
    struct scan p = {n, (uint32_t *)bench_bytes(n * sizeof(uint32_t)), (uint32_t *)bench_bytes(n * sizeof(uint32_t))};
    BENCH_PARALLEL
    for (size_t i = 0; i < n; i++) {
        p.in[i] = (uint32_t)bench_random(1, i);
        p.out[i] = 0;
    }
    return p;
}

static inline int scan_finish(const struct bench *bench, const struct scan *p) {
    struct bench_check check = {0, 0, 0, 0};
    uint32_t sum = 0;
    double total = 0;
    for (size_t i = 0; i < p->n; i++) {
        sum += p->in[i];
        bench_compare(&check, i, p->out[i], sum, 0);
        total += p->out[i];
    }
    check.checksum = total;
    return bench_finish(bench, 8.0 * (double)p->n, (double)p->n, &check);
}
