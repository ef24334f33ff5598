/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "vector_add.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local = 256, global = opencl_round_up(d->n, local);
    opencl_launch(&d->opencl, d->kernel, 1, &global, &local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct vector_add p = vector_add_make(bench.size);
    const size_t bytes = p.n * sizeof(float);
    const int n = (int)p.n;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem a = opencl_array_of(&d.opencl, p.a, bytes), b = opencl_array_of(&d.opencl, p.b, bytes);
    cl_mem c = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "vector_add");
    OPENCL_ARGUMENT(d.kernel, 0, a);
    OPENCL_ARGUMENT(d.kernel, 1, b);
    OPENCL_ARGUMENT(d.kernel, 2, c);
    OPENCL_ARGUMENT(d.kernel, 3, n);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.c, c, bytes);
    return vector_add_finish(&bench, &p);
}
