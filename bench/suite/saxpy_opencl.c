/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "saxpy.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    struct saxpy *p;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local = 256, global = opencl_round_up(d->p->n, local);
    opencl_launch(&d->opencl, d->kernel, 1, &global, &local);
    opencl_wait(&d->opencl);
    d->p->runs++;
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct saxpy p = saxpy_make(bench.size);
    const size_t bytes = p.n * sizeof(float);
    const int n = (int)p.n;
    const float a = SAXPY_A;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem x = opencl_array_of(&d.opencl, p.x, bytes), y = opencl_array_of(&d.opencl, p.y, bytes);
    d.p = &p;
    d.kernel = opencl_kernel(&d.opencl, "saxpy");
    OPENCL_ARGUMENT(d.kernel, 0, n);
    OPENCL_ARGUMENT(d.kernel, 1, a);
    OPENCL_ARGUMENT(d.kernel, 2, x);
    OPENCL_ARGUMENT(d.kernel, 3, y);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.y, y, bytes);
    return saxpy_finish(&bench, &p);
}
