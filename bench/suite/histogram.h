/* SPDX-License-Identifier: Apache-2.0 */
/* histogram: how often each of 256 values occurs among bytes. Size: bytes, a multiple of 4. */
#include "bench.h"

enum { BINS = 256 };

struct histogram {
    size_t n;
    uint8_t *in;
    uint32_t bins[BINS];
};

static inline struct histogram histogram_make(size_t n) {
    struct histogram p;
    if (n % 4) {
        fprintf(stderr, "the size must be a multiple of 4\n");
        exit(2);
    }
    memset(&p, 0, sizeof p);
    p.n = n;
    p.in = (uint8_t *)bench_bytes(n);
    BENCH_PARALLEL
    for (size_t i = 0; i < n; i++) {
        const uint64_t random = bench_random(1, i);
        p.in[i] = (uint8_t)((random & 0xff) * (random >> 8 & 0xff) >> 8); /* small values more often, as in images */
    }
    return p;
}

static inline int histogram_finish(const struct bench *bench, const struct histogram *p) {
    struct bench_check check = {0, 0, 0, 0};
    uint32_t bins[BINS] = {0};
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        bins[p->in[i]]++;
    }
    for (size_t i = 0; i < BINS; i++) {
        bench_compare(&check, i, p->bins[i], bins[i], 0);
        sum += (double)i * p->bins[i];
    }
    check.checksum = sum;
    return bench_finish(bench, (double)p->n, (double)p->n, &check);
}
