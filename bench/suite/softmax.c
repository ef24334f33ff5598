/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>

#include "softmax.h"

static void run(void *context) {
    const struct softmax *p = context;
#pragma omp parallel for
    for (size_t row = 0; row < p->n; row++) {
        const float *restrict x = p->in + row * COLUMNS;
        float *restrict y = p->out + row * COLUMNS;
        float largest = -FLT_MAX, sum = 0;
#pragma omp simd reduction(max : largest)
        for (size_t i = 0; i < COLUMNS; i++) {
            largest = x[i] > largest ? x[i] : largest;
        }
#pragma omp simd reduction(+ : sum)
        for (size_t i = 0; i < COLUMNS; i++) {
            y[i] = expf(x[i] - largest);
            sum += y[i];
        }
        const float factor = 1.0f / sum;
#pragma omp simd
        for (size_t i = 0; i < COLUMNS; i++) {
            y[i] *= factor;
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct softmax p = softmax_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return softmax_finish(&bench, &p);
}
