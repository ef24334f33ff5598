/* SPDX-License-Identifier: Apache-2.0 */
/* Tile by tile, through a buffer in the first cache: rows of a large matrix lie in the same sets of a cache. */
#include "transpose.h"

enum { TILE = 32 };

static void run(void *context) {
    const struct transpose *p = context;
    const size_t n = p->n;
#pragma omp parallel for collapse(2)
    for (size_t by = 0; by < n; by += TILE) {
        for (size_t bx = 0; bx < n; bx += TILE) {
            float tile[TILE][TILE] __attribute__((aligned(64)));
            const float *restrict in = p->in + by * n + bx;
            float *restrict out = p->out + bx * n + by;
            for (size_t y = 0; y < TILE; y++) {
#pragma omp simd
                for (size_t x = 0; x < TILE; x++) {
                    tile[x][y] = in[y * n + x];
                }
            }
            for (size_t x = 0; x < TILE; x++) {
#pragma omp simd
                for (size_t y = 0; y < TILE; y++) {
                    out[x * n + y] = tile[x][y];
                }
            }
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct transpose p = transpose_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return transpose_finish(&bench, &p);
}
