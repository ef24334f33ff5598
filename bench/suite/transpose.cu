// SPDX-License-Identifier: Apache-2.0
// A tile passes through shared memory, whose rows are one longer so that columns lie in different banks.
#include "bench_cuda.h"
#include "transpose.h"

constexpr int tile = 32;
constexpr int rows = 8;

__global__ void transpose(const float *in, float *out, int n) {
    __shared__ float cache[tile][tile + 1];
    int x = blockIdx.x * tile + threadIdx.x;
    int y = blockIdx.y * tile + threadIdx.y;
    for (int j = 0; j < tile; j += rows)
        cache[threadIdx.y + j][threadIdx.x] = in[(y + j) * n + x];
    __syncthreads();
    x = blockIdx.y * tile + threadIdx.x;
    y = blockIdx.x * tile + threadIdx.y;
    for (int j = 0; j < tile; j += rows)
        out[(y + j) * n + x] = cache[threadIdx.x][threadIdx.y + j];
}

struct device {
    int n;
    float *in, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    transpose<<<dim3(d->n / tile, d->n / tile), dim3(tile, rows)>>>(d->in, d->out, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct transpose p = transpose_make(bench.size);
    device d = {int(p.n), to_device(p.in, p.n * p.n), device_array<float>(p.n * p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, p.n * p.n);
    return transpose_finish(&bench, &p);
}
