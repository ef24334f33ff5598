/* SPDX-License-Identifier: Apache-2.0 */
/* A group of points goes on together until all have escaped; rows differ in cost, so they are handed out one by one. */
#include "mandelbrot.h"

enum { GROUP = 32 };

static void group(int *restrict counts, size_t first, float cy, float step) {
    float cx[GROUP], x[GROUP] = {0}, y[GROUP] = {0};
    int count[GROUP] = {0};
#pragma omp simd
    for (int i = 0; i < GROUP; i++) {
        cx[i] = MANDELBROT_LEFT + (float)((int)first + i) * step;
    }
    for (int iteration = 0; iteration < MANDELBROT_LIMIT; iteration++) {
        int alive = 0;
#pragma omp simd reduction(+ : alive)
        for (int i = 0; i < GROUP; i++) {
            const int inside = x[i] * x[i] + y[i] * y[i] <= 4.0f;
            const float next = x[i] * x[i] - y[i] * y[i] + cx[i];
            const float other = 2.0f * x[i] * y[i] + cy;
            x[i] = inside ? next : x[i];
            y[i] = inside ? other : y[i];
            count[i] += inside;
            alive += inside;
        }
        if (!alive) {
            break;
        }
    }
    memcpy(counts + first, count, sizeof count);
}

static void run(void *context) {
    const struct mandelbrot *p = context;
    const size_t n = p->n;
    const float step = MANDELBROT_EDGE / (float)n;
#pragma omp parallel for schedule(dynamic)
    for (size_t row = 0; row < n; row++) {
        const float cy = MANDELBROT_BOTTOM + (float)(int)row * step;
        int *counts = p->counts + row * n;
        for (size_t column = 0; column < n; column += GROUP) {
            group(counts, column, cy, step);
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct mandelbrot p = mandelbrot_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return mandelbrot_finish(&bench, &p);
}
