// SPDX-License-Identifier: Apache-2.0
#include "bench_cuda.h"
#include "saxpy.h"

__global__ void saxpy(int n, float a, const float *x, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        y[i] = a * x[i] + y[i];
}

struct device {
    struct saxpy *p;
    float *x, *y;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    int n = int(d->p->n);
    saxpy<<<divide_up(n, 256), 256>>>(n, SAXPY_A, d->x, d->y);
    finish_launches();
    d->p->runs++;
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct saxpy p = saxpy_make(bench.size);
    device d = {&p, to_device(p.x, p.n), to_device(p.y, p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.y, d.y, p.n);
    return saxpy_finish(&bench, &p);
}
