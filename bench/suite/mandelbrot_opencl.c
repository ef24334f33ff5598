/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "mandelbrot.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local[2] = {16, 16}, global[2] = {d->n, d->n};
    opencl_launch(&d->opencl, d->kernel, 2, global, local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct mandelbrot p = mandelbrot_make(bench.size);
    const size_t bytes = p.n * p.n * sizeof(int);
    const int n = (int)p.n, limit = MANDELBROT_LIMIT;
    const float left = MANDELBROT_LEFT, bottom = MANDELBROT_BOTTOM, step = MANDELBROT_EDGE / (float)n;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem counts = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "mandelbrot");
    OPENCL_ARGUMENT(d.kernel, 0, counts);
    OPENCL_ARGUMENT(d.kernel, 1, n);
    OPENCL_ARGUMENT(d.kernel, 2, left);
    OPENCL_ARGUMENT(d.kernel, 3, bottom);
    OPENCL_ARGUMENT(d.kernel, 4, step);
    OPENCL_ARGUMENT(d.kernel, 5, limit);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.counts, counts, bytes);
    return mandelbrot_finish(&bench, &p);
}
