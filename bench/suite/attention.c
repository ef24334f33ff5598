/* SPDX-License-Identifier: Apache-2.0 */
/* Four queries go together through the keys, a tile at a time; scores of a tile are computed from its transposed keys, so
 * that all inner loops run along rows. */
#include <float.h>

#include "attention.h"

enum { ROWS = 4, TILE = 64 };

/* scores[ROWS][TILE] = q keys^T, keys transposed: [WIDTH][TILE] */
static inline void score(const float *restrict q, const float *restrict keys, float scores[restrict ROWS][TILE]) {
    float sum[ROWS][TILE] = {{0}};
    for (size_t d = 0; d < WIDTH; d++) {
#pragma GCC unroll 4
        for (size_t r = 0; r < ROWS; r++) {
            const float factor = q[r * WIDTH + d] * 0.125f;
#pragma omp simd
            for (size_t j = 0; j < TILE; j++) {
                sum[r][j] += factor * keys[d * TILE + j];
            }
        }
    }
    memcpy(scores, sum, sizeof sum);
}

/* sums[ROWS][WIDTH] = sums correction + scores values */
static inline void gather(float scores[restrict ROWS][TILE], const float *restrict values,
                          const float *restrict correction, float sums[restrict ROWS][WIDTH]) {
    float sum[ROWS][WIDTH];
    for (size_t r = 0; r < ROWS; r++) {
#pragma omp simd
        for (size_t d = 0; d < WIDTH; d++) {
            sum[r][d] = sums[r][d] * correction[r];
        }
    }
    for (size_t j = 0; j < TILE; j++) {
#pragma GCC unroll 4
        for (size_t r = 0; r < ROWS; r++) {
            const float factor = scores[r][j];
#pragma omp simd
            for (size_t d = 0; d < WIDTH; d++) {
                sum[r][d] += factor * values[j * WIDTH + d];
            }
        }
    }
    memcpy(sums, sum, sizeof sum);
}

static void rows_of(const struct attention *p, size_t head, size_t row, const float *transposed) {
    const float *q = p->q + head + row * WIDTH, *v = p->v + head;
    float scores[ROWS][TILE], sums[ROWS][WIDTH] = {{0}}, largest[ROWS], total[ROWS] = {0}, correction[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        largest[r] = -FLT_MAX;
    }
    for (size_t start = 0; start < p->n; start += TILE) {
        score(q, transposed + start * WIDTH, scores);
        for (size_t r = 0; r < ROWS; r++) {
            float most = largest[r], sum = 0;
#pragma omp simd reduction(max : most)
            for (size_t j = 0; j < TILE; j++) {
                most = scores[r][j] > most ? scores[r][j] : most;
            }
#pragma omp simd reduction(+ : sum)
            for (size_t j = 0; j < TILE; j++) {
                scores[r][j] = expf(scores[r][j] - most);
                sum += scores[r][j];
            }
            correction[r] = expf(largest[r] - most);
            total[r] = total[r] * correction[r] + sum;
            largest[r] = most;
        }
        gather(scores, v + start * WIDTH, correction, sums);
    }
    for (size_t r = 0; r < ROWS; r++) {
        float *restrict out = p->out + head + (row + r) * WIDTH;
        const float factor = 1.0f / total[r];
#pragma omp simd
        for (size_t d = 0; d < WIDTH; d++) {
            out[d] = sums[r][d] * factor;
        }
    }
}

static float *transposed_keys; /* [HEADS][n / TILE][WIDTH][TILE] */

static void run(void *context) {
    const struct attention *p = context;
    const size_t n = p->n;
#pragma omp parallel
    {
#pragma omp for
        for (size_t tile = 0; tile < HEADS * n / TILE; tile++) {
            const float *restrict from = p->k + tile * TILE * WIDTH;
            float *restrict to = transposed_keys + tile * TILE * WIDTH;
            for (size_t d = 0; d < WIDTH; d++) {
#pragma omp simd
                for (size_t j = 0; j < TILE; j++) {
                    to[d * TILE + j] = from[j * WIDTH + d];
                }
            }
        }
#pragma omp for
        for (size_t row = 0; row < HEADS * n; row += ROWS) {
            const size_t head = row / n * n * WIDTH;
            rows_of(p, head, row % n, transposed_keys + head);
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct attention p = attention_make(bench.size);
    transposed_keys = bench_floats(HEADS * p.n * WIDTH);
    bench_measure(&bench, NULL, run, &p);
    return attention_finish(&bench, &p);
}
