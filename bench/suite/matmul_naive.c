/* SPDX-License-Identifier: Apache-2.0 */
/* The three loops, in the order whose inner loop runs along rows; nothing is blocked. */
#include "matmul.h"

static void run(void *context) {
    const struct matmul *p = context;
    const size_t n = p->n;
    const float *restrict a = p->a, *restrict b = p->b;
#pragma omp parallel for
    for (size_t i = 0; i < n; i++) {
        float *restrict row = p->c + i * n;
        memset(row, 0, n * sizeof *row);
        for (size_t k = 0; k < n; k++) {
            const float factor = a[i * n + k];
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                row[j] += factor * b[k * n + j];
            }
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct matmul p = matmul_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return matmul_finish(&bench, &p);
}
