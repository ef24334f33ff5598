/* SPDX-License-Identifier: Apache-2.0 */
#include "spmv.h"

static void run(void *context) {
    const struct spmv *p = context;
    const int *restrict starts = p->starts, *restrict columns = p->columns;
    const float *restrict values = p->values, *restrict x = p->x;
    float *restrict y = p->y;
#pragma omp parallel for
    for (size_t i = 0; i < p->n; i++) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int k = starts[i]; k < starts[i + 1]; k++) {
            sum += values[k] * x[columns[k]];
        }
        y[i] = sum;
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct spmv p = spmv_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return spmv_finish(&bench, &p);
}
