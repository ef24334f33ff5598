/* SPDX-License-Identifier: Apache-2.0 */
#include "vector_add.h"

static void run(void *context) {
    const struct vector_add *p = context;
    const size_t n = p->n;
    const float *restrict a = p->a, *restrict b = p->b;
    float *restrict c = p->c;
#pragma omp parallel for simd
    for (size_t i = 0; i < n; i++) {
        c[i] = a[i] + b[i];
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct vector_add p = vector_add_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return vector_add_finish(&bench, &p);
}
