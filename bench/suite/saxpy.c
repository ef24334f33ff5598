/* SPDX-License-Identifier: Apache-2.0 */
#include "saxpy.h"

static void run(void *context) {
    struct saxpy *p = context;
    const size_t n = p->n;
    const float *restrict x = p->x;
    float *restrict y = p->y;
#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++) {
        y[i] = SAXPY_A * x[i] + y[i];
    }
    p->runs++;
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct saxpy p = saxpy_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return saxpy_finish(&bench, &p);
}
