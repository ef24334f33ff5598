/* SPDX-License-Identifier: Apache-2.0 */
/* nbody: accelerations of bodies under gravity, every pair, softened. Size: bodies, a multiple of 256. Bound by
 * arithmetic; 20 operations a pair, as is usual (the inverse square root counts as one). */
#include "bench.h"

#define NBODY_SOFTENING 0.01f

struct nbody {
    size_t n;
    float *bodies; /* x, y, z, mass */
    float *forces; /* x, y, z, 0 */
};

static inline struct nbody nbody_make(size_t n) {
    if (n % 256) {
        fprintf(stderr, "the size must be a multiple of 256\n");
        exit(2);
    }
    struct nbody p = {n, bench_random_floats(4 * n, 1, -1, 1), bench_zero_floats(4 * n)};
    for (size_t i = 0; i < n; i++) {
        p.bodies[4 * i + 3] = bench_uniform(2, i, 0.1f, 1);
    }
    return p;
}

static inline int nbody_finish(const struct bench *bench, const struct nbody *p) {
    const size_t n = p->n, stride = bench_stride(bench, n, 256);
    struct bench_check check = {0, 0, 0, bench_sum(p->forces, 4 * n)};
    for (size_t i = 0; i < n; i += stride) {
        double force[3] = {0, 0, 0}, size[3] = {0, 0, 0};
        for (size_t j = 0; j < n; j++) {
            double d[3], square = (double)NBODY_SOFTENING * (double)NBODY_SOFTENING;
            for (size_t k = 0; k < 3; k++) {
                d[k] = (double)p->bodies[4 * j + k] - (double)p->bodies[4 * i + k];
                square += d[k] * d[k];
            }
            const double factor = (double)p->bodies[4 * j + 3] / (square * sqrt(square));
            for (size_t k = 0; k < 3; k++) {
                force[k] += d[k] * factor;
                size[k] += fabs(d[k] * factor);
            }
        }
        for (size_t k = 0; k < 3; k++) {
            bench_compare(&check, 4 * i + k, p->forces[4 * i + k], force[k], 1e-5 * size[k]);
        }
    }
    return bench_finish(bench, 32.0 * (double)n, 20.0 * (double)n * (double)n, &check);
}
