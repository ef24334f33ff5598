// SPDX-License-Identifier: Apache-2.0
// Partial sums in shared memory, one a block; a second launch adds them up.
#include "bench_cuda.h"
#include "dot.h"

constexpr int threads = 256;

__global__ void dot(const float *x, const float *y, float *partial, int n) {
    __shared__ float cache[threads];
    float sum = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    cache[threadIdx.x] = sum;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            cache[threadIdx.x] += cache[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        partial[blockIdx.x] = cache[0];
}

__global__ void add_up(const float *partial, float *result, int n) {
    __shared__ float cache[threads];
    float sum = 0.0f;
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        sum += partial[i];
    cache[threadIdx.x] = sum;
    __syncthreads();
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            cache[threadIdx.x] += cache[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        *result = cache[0];
}

struct device {
    int n, blocks;
    float *x, *y, *partial, *result;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    dot<<<d->blocks, threads>>>(d->x, d->y, d->partial, d->n);
    add_up<<<1, threads>>>(d->partial, d->result, d->blocks);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct dot p = dot_make(bench.size);
    int blocks = min(1024, divide_up(int(p.n), threads));
    device d = {int(p.n), blocks, to_device(p.x, p.n), to_device(p.y, p.n), device_array<float>(blocks),
                device_array<float>(1)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(&p.result, d.result, 1);
    return dot_finish(&bench, &p);
}
