/* SPDX-License-Identifier: Apache-2.0 */
/* convolution_2d: an image with a filter of 7 by 7; outside of the image is zero. Size: rows and columns. Bound by
 * arithmetic. */
#include "bench.h"

#define RADIUS 3
#define TAPS (2 * RADIUS + 1)

struct convolution_2d {
    size_t n;
    float *in, *out;
    float filter[TAPS * TAPS];
};

static inline struct convolution_2d convolution_2d_make(size_t n) {
    struct convolution_2d p;
    p.n = n;
    p.in = bench_random_floats(n * n, 1, -1, 1);
    p.out = bench_zero_floats(n * n);
    for (size_t i = 0; i < TAPS * TAPS; i++) {
        p.filter[i] = bench_uniform(2, i, -1, 1);
    }
    return p;
}

static inline int convolution_2d_finish(const struct bench *bench, const struct convolution_2d *p) {
    const size_t n = p->n, stride = bench_stride(bench, n * n, 1000000);
    struct bench_check check = {0, 0, 0, bench_sum(p->out, n * n)};
    for (size_t i = 0; i < n * n; i += stride) {
        const long x = (long)(i % n), y = (long)(i / n), end = (long)n;
        double sum = 0;
        for (long dy = -RADIUS; dy <= RADIUS; dy++) {
            for (long dx = -RADIUS; dx <= RADIUS; dx++) {
                if (x + dx >= 0 && x + dx < end && y + dy >= 0 && y + dy < end) {
                    sum +=
                        (double)p->filter[(dy + RADIUS) * TAPS + dx + RADIUS] * (double)p->in[(y + dy) * end + x + dx];
                }
            }
        }
        bench_compare(&check, i, p->out[i], sum, 2e-5);
    }
    return bench_finish(bench, 8.0 * (double)(n * n), 2.0 * TAPS * TAPS * (double)(n * n), &check);
}
