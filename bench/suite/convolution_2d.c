/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in parallel; along a row, all taps of a piece are summed in registers. The border has a path of its own. */
#include "convolution_2d.h"

enum { PIECE = 64 };

static float at(const struct convolution_2d *p, long x, long y) {
    const long n = (long)p->n;
    float sum = 0;
    for (long dy = -RADIUS; dy <= RADIUS; dy++) {
        for (long dx = -RADIUS; dx <= RADIUS; dx++) {
            if (x + dx >= 0 && x + dx < n && y + dy >= 0 && y + dy < n) {
                sum += p->filter[(dy + RADIUS) * TAPS + dx + RADIUS] * p->in[(y + dy) * n + x + dx];
            }
        }
    }
    return sum;
}

static void run(void *context) {
    const struct convolution_2d *p = context;
    const long n = (long)p->n;
#pragma omp parallel for
    for (long y = 0; y < n; y++) {
        float *restrict out = p->out + y * n;
        long x = 0;
        if (y >= RADIUS && y < n - RADIUS) {
            for (; x < RADIUS; x++) {
                out[x] = at(p, x, y);
            }
            for (; x + PIECE <= n - RADIUS; x += PIECE) {
                const float *restrict in = p->in + (y - RADIUS) * n + x - RADIUS;
                float sum[PIECE] = {0};
                for (long dy = 0; dy < TAPS; dy++) {
#pragma GCC unroll 7
                    for (long dx = 0; dx < TAPS; dx++) {
                        const float factor = p->filter[dy * TAPS + dx];
#pragma omp simd
                        for (long i = 0; i < PIECE; i++) {
                            sum[i] += factor * in[dy * n + dx + i];
                        }
                    }
                }
                memcpy(out + x, sum, sizeof sum);
            }
        }
        for (; x < n; x++) {
            out[x] = at(p, x, y);
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct convolution_2d p = convolution_2d_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return convolution_2d_finish(&bench, &p);
}
