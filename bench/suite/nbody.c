/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies as a structure of arrays; a group of bodies goes through all others in registers, so that each load serves
 * all of the group. */
#include "nbody.h"

enum { GROUP = 64 };

static float *arrays[4]; /* x, y, z, mass */

static void run(void *context) {
    const struct nbody *p = context;
    const size_t n = p->n;
    const float *restrict x = arrays[0], *restrict y = arrays[1], *restrict z = arrays[2], *restrict mass = arrays[3];
#pragma omp parallel for
    for (size_t start = 0; start < n; start += GROUP) {
        float fx[GROUP] = {0}, fy[GROUP] = {0}, fz[GROUP] = {0};
        for (size_t j = 0; j < n; j++) {
            const float xj = x[j], yj = y[j], zj = z[j], mj = mass[j];
#pragma omp simd
            for (size_t i = 0; i < GROUP; i++) {
                const float dx = xj - x[start + i], dy = yj - y[start + i], dz = zj - z[start + i];
                const float square = dx * dx + dy * dy + dz * dz + NBODY_SOFTENING * NBODY_SOFTENING;
                const float inverse = 1.0f / sqrtf(square);
                const float factor = mj * (inverse * inverse * inverse);
                fx[i] += dx * factor;
                fy[i] += dy * factor;
                fz[i] += dz * factor;
            }
        }
        for (size_t i = 0; i < GROUP; i++) {
            p->forces[4 * (start + i)] = fx[i];
            p->forces[4 * (start + i) + 1] = fy[i];
            p->forces[4 * (start + i) + 2] = fz[i];
        }
    }
}

int main(int argc, char **argv) {
    struct bench bench;
    bench_start(&bench, argc, argv);
    struct nbody p = nbody_make(bench.size);
    for (size_t k = 0; k < 4; k++) {
        arrays[k] = bench_floats(p.n);
        for (size_t i = 0; i < p.n; i++) {
            arrays[k][i] = p.bodies[4 * i + k];
        }
    }
    bench_measure(&bench, NULL, run, &p);
    return nbody_finish(&bench, &p);
}
