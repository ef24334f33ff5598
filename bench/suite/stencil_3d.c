/* SPDX-License-Identifier: Apache-2.0 */
#include "stencil_3d.h"

static void run(void *context) {
    const struct stencil_3d *p = context;
    const size_t n = p->n, plane = n * n;
#pragma omp parallel for collapse(2)
    for (size_t z = 1; z < n - 1; z++) {
        for (size_t y = 1; y < n - 1; y++) {
            const float *restrict in = p->in + z * plane + y * n;
            float *restrict out = p->out + z * plane + y * n;
#pragma omp simd
            for (size_t x = 1; x < n - 1; x++) {
                out[x] = STENCIL_CENTRE * in[x] + STENCIL_SIDE * (in[x - 1] + in[x + 1] + *(in + x - n) + in[x + n] +
                                                                  *(in + x - plane) + in[x + plane]);
            }
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct stencil_3d p = stencil_3d_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return stencil_3d_finish(&bench, &p);
}
