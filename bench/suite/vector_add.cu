// SPDX-License-Identifier: Apache-2.0
#include "bench_cuda.h"
#include "vector_add.h"

__global__ void vector_add(const float *a, const float *b, float *c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        c[i] = a[i] + b[i];
}

struct device {
    int n;
    float *a, *b, *c;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    vector_add<<<divide_up(d->n, 256), 256>>>(d->a, d->b, d->c, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct vector_add p = vector_add_make(bench.size);
    device d = {int(p.n), to_device(p.a, p.n), to_device(p.b, p.n), device_array<float>(p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.c, d.c, p.n);
    return vector_add_finish(&bench, &p);
}
