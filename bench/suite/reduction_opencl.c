/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "reduction.h"

struct device {
    struct opencl opencl;
    cl_kernel first, second;
    size_t groups;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local = 512, global = d->groups * local;
    opencl_launch(&d->opencl, d->first, 1, &global, &local);
    opencl_launch(&d->opencl, d->second, 1, &local, &local);
    opencl_wait(&d->opencl);
}

static cl_kernel kernel_of(const struct opencl *opencl, cl_mem in, cl_mem out, int n) {
    cl_kernel kernel = opencl_kernel(opencl, "reduce");
    OPENCL_ARGUMENT(kernel, 0, in);
    OPENCL_ARGUMENT(kernel, 1, out);
    OPENCL_ARGUMENT(kernel, 2, n);
    CL_CHECK(clSetKernelArg(kernel, 3, 512 * sizeof(float), NULL));
    return kernel;
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct reduction p = reduction_make(bench.size);
    opencl_start(&d.opencl, BENCH_CL);
    d.groups = (p.n + 511) / 512 < 1024 ? (p.n + 511) / 512 : 1024;
    cl_mem x = opencl_array_of(&d.opencl, p.x, p.n * sizeof(float));
    cl_mem partial = opencl_array(&d.opencl, d.groups * sizeof(float));
    cl_mem result = opencl_array(&d.opencl, sizeof(float));
    d.first = kernel_of(&d.opencl, x, partial, (int)p.n);
    d.second = kernel_of(&d.opencl, partial, result, (int)d.groups);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, &p.result, result, sizeof(float));
    return reduction_finish(&bench, &p);
}
