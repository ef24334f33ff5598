/* SPDX-License-Identifier: Apache-2.0 */
#include "layer_norm.h"

static void run(void *context) {
    const struct layer_norm *p = context;
    const float *restrict weight = p->weight, *restrict bias = p->bias;
#pragma omp parallel for
    for (size_t row = 0; row < p->n; row++) {
        const float *restrict x = p->in + row * COLUMNS;
        float *restrict y = p->out + row * COLUMNS;
        float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t i = 0; i < COLUMNS; i++) {
            sum += x[i];
        }
        const float mean = sum / COLUMNS;
#pragma omp simd reduction(+ : squares)
        for (size_t i = 0; i < COLUMNS; i++) {
            squares += (x[i] - mean) * (x[i] - mean);
        }
        const float factor = 1.0f / sqrtf(squares / COLUMNS + LAYER_NORM_EPSILON);
#pragma omp simd
        for (size_t i = 0; i < COLUMNS; i++) {
            y[i] = (x[i] - mean) * factor * weight[i] + bias[i];
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct layer_norm p = layer_norm_make(bench.size);
    bench_measure(&bench, NULL, run, &p);
    return layer_norm_finish(&bench, &p);
}
