/* SPDX-License-Identifier: Apache-2.0 */
#include "reduction.h"

static void run(void *context) {
    struct reduction *p = context;
    const size_t n = p->n;
    const float *restrict x = p->x;
    float sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    p->result = sum;
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct reduction p = reduction_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return reduction_finish(&bench, &p);
}
