/* SPDX-License-Identifier: Apache-2.0 */
/* stencil_3d: one step of heat flow, 7 points, on a cube whose faces stay as they are. Size: points along an edge.
 * Bound by memory. */
#include "bench.h"

#define STENCIL_CENTRE 0.4f
#define STENCIL_SIDE 0.1f

struct stencil_3d {
    size_t n;
    float *in, *out;
};

static inline struct stencil_3d stencil_3d_make(size_t n) {
    struct stencil_3d p = {n, bench_random_floats(n * n * n, 1, -1, 1), bench_random_floats(n * n * n, 1, -1, 1)};
    return p;
}

static inline int stencil_3d_finish(const struct bench *bench, const struct stencil_3d *p) {
    const size_t n = p->n, row = n, plane = n * n;
    struct bench_check check = {0, 0, 0, bench_sum(p->out, n * n * n)};
    for (size_t i = 0; i < n * n * n; i++) {
        const size_t x = i % n, y = i / n % n, z = i / plane;
        const float *in = p->in + i;
        double want = in[0];
        if (x > 0 && x < n - 1 && y > 0 && y < n - 1 && z > 0 && z < n - 1) {
            want = (double)STENCIL_CENTRE * want + (double)STENCIL_SIDE * ((double)in[1] + *(in - 1) + in[row] +
                                                                           *(in - row) + in[plane] + *(in - plane));
        }
        bench_compare(&check, i, p->out[i], want, 1e-6);
    }
    return bench_finish(bench, 8.0 * (double)(n * n * n), 8.0 * (double)(n * n * n), &check);
}
