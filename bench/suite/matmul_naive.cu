// SPDX-License-Identifier: Apache-2.0
#include "bench_cuda.h"
#include "matmul.h"

__global__ void matmul_naive(const float *a, const float *b, float *c, int n) {
    int row = blockIdx.y * blockDim.y + threadIdx.y;
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (row < n && column < n) {
        float sum = 0.0f;
        for (int k = 0; k < n; k++)
            sum += a[row * n + k] * b[k * n + column];
        c[row * n + column] = sum;
    }
}

struct device {
    int n;
    float *a, *b, *c;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    dim3 threads(16, 16), blocks(divide_up(d->n, 16), divide_up(d->n, 16));
    matmul_naive<<<blocks, threads>>>(d->a, d->b, d->c, d->n);
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
