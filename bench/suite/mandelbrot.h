/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mandelbrot: iterations until a point of the plane escapes, at most 256. Size: rows and columns, a multiple of 32.
 * Bound by arithmetic; 8 operations an iteration. Points near the set's edge are chaotic, so that a few may differ with how products and
 * sums are fused: the check compares with the iteration in double and lets one pixel in a hundred differ.
 */
#include "bench.h"

enum { MANDELBROT_LIMIT = 256 };
#define MANDELBROT_LEFT (-2.1f)
#define MANDELBROT_BOTTOM (-1.3f)
#define MANDELBROT_EDGE 2.6f

struct mandelbrot {
    size_t n;
    int *counts;
};

static inline struct mandelbrot mandelbrot_make(size_t n) {
    if (n % 32) {
        fprintf(stderr, "the size must be a multiple of 32\n");
        exit(2);
    }
    struct mandelbrot p = {n, (int *)bench_bytes(n * n * sizeof(int))};
    memset(p.counts, 0, n * n * sizeof(int));
    return p;
}

static inline int mandelbrot_finish(const struct bench *bench, const struct mandelbrot *p) {
    const size_t n = p->n, stride = bench_stride(bench, n * n, 200000);
    struct bench_check check = {0, 0, 0, 0};
    const float step = MANDELBROT_EDGE / (float)n;
    size_t compared = 0, differ = 0;
    double iterations = 0;
    for (size_t i = 0; i < n * n; i++) {
        iterations += p->counts[i];
    }
    for (size_t i = 0; i < n * n; i += stride) {
        const double cx = MANDELBROT_LEFT + (double)(i % n) * (double)step;
        const double cy = MANDELBROT_BOTTOM + (double)(i / n) * (double)step;
        double x = 0, y = 0;
        int count = 0;
        for (; count < MANDELBROT_LIMIT && x * x + y * y <= 4; count++) {
            const double next = x * x - y * y + cx;
            y = 2 * x * y + cy;
            x = next;
        }
        compared++;
        differ += count != p->counts[i];
    }
    bench_compare(&check, 0, (double)differ, 0, 0.01 * (double)compared);
    check.compared = compared;
    check.checksum = iterations;
    return bench_finish(bench, 4.0 * (double)(n * n), 8.0 * iterations, &check);
}
