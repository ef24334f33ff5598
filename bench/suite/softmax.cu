// SPDX-License-Identifier: Apache-2.0
// A block a row; maximum and sum by shuffles.
#include <cfloat>

#include "bench_cuda.h"
#include "softmax.h"

constexpr int threads = 256;

__device__ float block_max(float value) {
    __shared__ float warps[threads / 32];
    for (int offset = 16; offset > 0; offset /= 2)
        value = fmaxf(value, __shfl_xor_sync(0xffffffff, value, offset));
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = value;
    __syncthreads();
    value = warps[threadIdx.x % (threads / 32)];
    for (int offset = threads / 64; offset > 0; offset /= 2)
        value = fmaxf(value, __shfl_xor_sync(0xffffffff, value, offset));
    return value;
}

__device__ float block_sum(float value) {
    __shared__ float warps[threads / 32];
    for (int offset = 16; offset > 0; offset /= 2)
        value += __shfl_xor_sync(0xffffffff, value, offset);
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = value;
    __syncthreads();
    value = warps[threadIdx.x % (threads / 32)];
    for (int offset = threads / 64; offset > 0; offset /= 2)
        value += __shfl_xor_sync(0xffffffff, value, offset);
    return value;
}

__global__ void softmax(const float *in, float *out, int columns) {
    const float *x = in + size_t(blockIdx.x) * columns;
    float *y = out + size_t(blockIdx.x) * columns;
    float largest = -FLT_MAX;
    for (int i = threadIdx.x; i < columns; i += blockDim.x)
        largest = fmaxf(largest, x[i]);
    largest = block_max(largest);
    float sum = 0.0f;
    for (int i = threadIdx.x; i < columns; i += blockDim.x) {
        float value = expf(x[i] - largest);
        y[i] = value;
        sum += value;
    }
    float factor = 1.0f / block_sum(sum);
    for (int i = threadIdx.x; i < columns; i += blockDim.x)
        y[i] *= factor;
}

struct device {
    int rows;
    float *in, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    softmax<<<d->rows, threads>>>(d->in, d->out, COLUMNS);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct softmax p = softmax_make(bench.size);
    device d = {int(p.n), to_device(p.in, p.n * COLUMNS), device_array<float>(p.n * COLUMNS)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, p.n * COLUMNS);
    return softmax_finish(&bench, &p);
}
