/* SPDX-License-Identifier: Apache-2.0 */
/* Blocked for the caches (a panel of B is packed once and used by all rows) and for registers (ROWS by COLUMNS elements
 * of C at a time). */
#include "matmul.h"

#if defined(__AVX512F__)
enum { ROWS = 8, COLUMNS = 32 };
#elif defined(__AVX__)
enum { ROWS = 4, COLUMNS = 16 };
#else
enum { ROWS = 4, COLUMNS = 8 };
#endif
enum { DEPTH = 256 };

/* c[ROWS][COLUMNS] += a[ROWS][depth] panel[depth][COLUMNS] */
static inline void multiply(size_t n, size_t depth, const float *restrict a, const float *restrict panel,
                            float *restrict c) {
    float sum[ROWS][COLUMNS] = {{0}};
    for (size_t k = 0; k < depth; k++) {
#pragma GCC unroll 8
        for (size_t i = 0; i < ROWS; i++) {
            const float factor = a[i * n + k];
#pragma omp simd
            for (size_t j = 0; j < COLUMNS; j++) {
                sum[i][j] += factor * panel[k * COLUMNS + j];
            }
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
#pragma omp simd
        for (size_t j = 0; j < COLUMNS; j++) {
            c[i * n + j] += sum[i][j];
        }
    }
}

static void run(void *context) {
    const struct matmul *p = context;
    const size_t n = p->n;
    memset(p->c, 0, n * n * sizeof *p->c);
    for (size_t k0 = 0; k0 < n; k0 += DEPTH) {
        const size_t depth = n - k0 < DEPTH ? n - k0 : DEPTH;
#pragma omp parallel for
        for (size_t j = 0; j < n; j += COLUMNS) {
            float panel[DEPTH * COLUMNS] __attribute__((aligned(64)));
            for (size_t k = 0; k < depth; k++) {
                memcpy(panel + k * COLUMNS, p->b + (k0 + k) * n + j, COLUMNS * sizeof *panel);
            }
            for (size_t i = 0; i < n; i += ROWS) {
                multiply(n, depth, p->a + i * n + k0, panel, p->c + i * n + j);
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
