/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_opencl.h"
#include "black_scholes.h"

struct device {
    struct opencl opencl;
    cl_kernel kernel;
    size_t n;
};

static void run(void *context) {
    struct device *d = context;
    const size_t local = 128, global = opencl_round_up(d->n, local);
    opencl_launch(&d->opencl, d->kernel, 1, &global, &local);
    opencl_wait(&d->opencl);
}

int main(int argc, char **argv) {
    struct bench bench;
    struct device d = {0};
    bench_start(&bench, argc, argv);
    struct black_scholes p = black_scholes_make(bench.size);
    const size_t bytes = p.n * sizeof(float);
    const int n = (int)p.n;
    const float rate = BS_RATE, volatility = BS_VOLATILITY;
    opencl_start(&d.opencl, BENCH_CL);
    cl_mem price = opencl_array_of(&d.opencl, p.price, bytes), strike = opencl_array_of(&d.opencl, p.strike, bytes);
    cl_mem years = opencl_array_of(&d.opencl, p.years, bytes);
    cl_mem call = opencl_array(&d.opencl, bytes), put = opencl_array(&d.opencl, bytes);
    d.n = p.n;
    d.kernel = opencl_kernel(&d.opencl, "black_scholes");
    OPENCL_ARGUMENT(d.kernel, 0, price);
    OPENCL_ARGUMENT(d.kernel, 1, strike);
    OPENCL_ARGUMENT(d.kernel, 2, years);
    OPENCL_ARGUMENT(d.kernel, 3, call);
    OPENCL_ARGUMENT(d.kernel, 4, put);
    OPENCL_ARGUMENT(d.kernel, 5, rate);
    OPENCL_ARGUMENT(d.kernel, 6, volatility);
    OPENCL_ARGUMENT(d.kernel, 7, n);
    bench_measure(&bench, NULL, run, &d);
    opencl_read(&d.opencl, p.call, call, bytes);
    opencl_read(&d.opencl, p.put, put, bytes);
    return black_scholes_finish(&bench, &p);
}
