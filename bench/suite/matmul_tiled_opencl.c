/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "matmul.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local[2] = {32, 32}, global[2] = {d->n, d->n};
    opencl_launch(&d->opencl, d->kernel, 2, global, local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct matmul p = matmul_make(bench.size);
    const size_t bytes = p.n * p.n * sizeof(float);
    const int n = (int)p.n;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem a = opencl_array_of(&d.opencl, p.a, bytes), b = opencl_array_of(&d.opencl, p.b, bytes);
    cl_mem c = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "matmul_tiled");
    OPENCL_ARGUMENT(d.kernel, 0, a);
    OPENCL_ARGUMENT(d.kernel, 1, b);
    OPENCL_ARGUMENT(d.kernel, 2, c);
    OPENCL_ARGUMENT(d.kernel, 3, n);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.c, c, bytes);
    return matmul_finish(&bench, &p);
}
