/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "nbody.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local = 256;
    opencl_launch(&d->opencl, d->kernel, 1, &d->n, &local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct nbody p = nbody_make(bench.size);
    const size_t bytes = 4 * p.n * sizeof(float);
    const int n = (int)p.n;
    const float softening = NBODY_SOFTENING * NBODY_SOFTENING;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem bodies = opencl_array_of(&d.opencl, p.bodies, bytes), forces = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "nbody");
    OPENCL_ARGUMENT(d.kernel, 0, bodies);
    OPENCL_ARGUMENT(d.kernel, 1, forces);
    OPENCL_ARGUMENT(d.kernel, 2, n);
    OPENCL_ARGUMENT(d.kernel, 3, softening);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.forces, forces, bytes);
    return nbody_finish(&bench, &p);
}
