/* SPDX-License-Identifier: Apache-2.0 */
/* Memory-bound loops in OpenMP, the peer of bench/memory.cu: same sizes, same order, same checksums. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static float *allocate(int n) {
    float *data = aligned_alloc(4096, ((size_t)n * sizeof(float) + 4095) / 4096 * 4096);
    if (!data) exit(1);
    return data;
}

#define MEASURE(name, result, loop)                                                                     \
    do {                                                                                                \
        double times[11], sum = 0;                                                                      \
        for (int run = 0; run < 15; run++) {                                                            \
            double start = now_ms();                                                                    \
            loop;                                                                                       \
            if (run >= 4) times[run - 4] = now_ms() - start;                                            \
        }                                                                                               \
        qsort(times, 11, sizeof *times, compare);                                                       \
        for (int k = 0; k < n; k++) sum += (result)[k];                                                 \
        printf("%s %.4f %.4f %.6e\n", name, times[0], times[5], sum);                                   \
    } while (0)

static void fill(float *restrict x, float value, int n) {
#pragma omp parallel for simd
    for (int i = 0; i < n; i++) x[i] = value + (float)(i & 1023);
}

static void copy(const float *restrict x, float *restrict z, int n) {
#pragma omp parallel for simd
    for (int i = 0; i < n; i++) z[i] = x[i];
}

static void saxpy(float a, const float *restrict x, float *restrict y, int n) {
#pragma omp parallel for simd
    for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];
}

static void triad(const float *restrict x, const float *restrict y, float *restrict z, int n) {
#pragma omp parallel for simd
    for (int i = 0; i < n; i++) z[i] = x[i] + 3.0f * y[i];
}

static void square(const float *restrict x, float *restrict z, int n) {
#pragma omp parallel for simd
    for (int i = 0; i < n; i++) z[i] = x[i] * x[i] + 1.0f;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1 << 25;
    float *x = allocate(n), *y = allocate(n), *z = allocate(n);
    fill(x, 1.0f, n);
    fill(y, 2.0f, n);
    fill(z, 0.0f, n);
    MEASURE("copy", z, copy(x, z, n));
    MEASURE("saxpy", y, saxpy(1e-3f, x, y, n));
    MEASURE("triad", z, triad(x, y, z, n));
    MEASURE("grid_stride", z, square(x, z, n));
    free(x);
    free(y);
    free(z);
    return 0;
}
