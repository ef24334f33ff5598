// SPDX-License-Identifier: Apache-2.0
// The CUDA programming guide's product: tiles of both factors pass through shared memory, a thread computes one element.
#include "bench_cuda.h"
#include "matmul.h"

constexpr int tile = 32;

__global__ void matmul_tiled(const float *a, const float *b, float *c, int n) {
    __shared__ float as[tile][tile];
    __shared__ float bs[tile][tile];
    int tx = threadIdx.x, ty = threadIdx.y;
    int row = blockIdx.y * tile + ty;
    int column = blockIdx.x * tile + tx;
    float sum = 0.0f;
    for (int m = 0; m < n / tile; m++) {
        as[ty][tx] = a[row * n + m * tile + tx];
        bs[ty][tx] = b[(m * tile + ty) * n + column];
        __syncthreads();
#pragma unroll
        for (int k = 0; k < tile; k++)
            sum += as[ty][k] * bs[k][tx];
        __syncthreads();
    }
    c[row * n + column] = sum;
}

struct device {
    int n;
    float *a, *b, *c;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    dim3 threads(tile, tile), blocks(d->n / tile, d->n / tile);
    matmul_tiled<<<blocks, threads>>>(d->a, d->b, d->c, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct matmul p = matmul_make(bench.size);
    size_t elements = p.n * p.n;
    device d = {int(p.n), to_device(p.a, elements), to_device(p.b, elements), device_array<float>(elements)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.c, d.c, elements);
    return matmul_finish(&bench, &p);
}
