/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "convolution_2d.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local[2] = {32, 8}, global[2] = {opencl_round_up(d->n, 32), opencl_round_up(d->n, 8)};
    opencl_launch(&d->opencl, d->kernel, 2, global, local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct convolution_2d p = convolution_2d_make(bench.size);
    const size_t bytes = p.n * p.n * sizeof(float);
    const int n = (int)p.n;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem in = opencl_array_of(&d.opencl, p.in, bytes), out = opencl_array(&d.opencl, bytes);
    cl_mem filter = opencl_array_of(&d.opencl, p.filter, sizeof p.filter);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "convolution_2d");
    OPENCL_ARGUMENT(d.kernel, 0, in);
    OPENCL_ARGUMENT(d.kernel, 1, out);
    OPENCL_ARGUMENT(d.kernel, 2, filter);
    OPENCL_ARGUMENT(d.kernel, 3, n);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.out, out, bytes);
    return convolution_2d_finish(&bench, &p);
}
