/* SPDX-License-Identifier: Apache-2.0 */
#include "dot.h"

static void run(void *context) {
    struct dot *p = context;
    const size_t n = p->n;
    const float *restrict x = p->x, *restrict y = p->y;
    float sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * y[i];
    }
    p->result = sum;
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct dot p = dot_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return dot_finish(&bench, &p);
}
