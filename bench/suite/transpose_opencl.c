/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "transpose.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local[2] = {32, 8}, global[2] = {d->n, d->n / 4};
    opencl_launch(&d->opencl, d->kernel, 2, global, local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct transpose p = transpose_make(bench.size);
    const size_t bytes = p.n * p.n * sizeof(float);
    const int n = (int)p.n;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem in = opencl_array_of(&d.opencl, p.in, bytes), out = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "transpose");
    OPENCL_ARGUMENT(d.kernel, 0, in);
    OPENCL_ARGUMENT(d.kernel, 1, out);
    OPENCL_ARGUMENT(d.kernel, 2, n);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.out, out, bytes);
    return transpose_finish(&bench, &p);
}
