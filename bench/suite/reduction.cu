// SPDX-License-Identifier: Apache-2.0
// Each thread sums a grid-stride part, warps reduce with shuffles, the first warp reduces the block; a second launch
// does the same to the blocks' sums.
#include "bench_cuda.h"
#include "reduction.h"

constexpr int threads = 512;

__inline__ __device__ float warp_sum(float value) {
    for (int offset = warpSize / 2; offset > 0; offset /= 2)
        value += __shfl_down_sync(0xffffffff, value, offset);
    return value;
}

__inline__ __device__ float block_sum(float value) {
    __shared__ float shared[32];
    int lane = threadIdx.x % warpSize;
    int warp = threadIdx.x / warpSize;
    value = warp_sum(value);
    if (lane == 0)
        shared[warp] = value;
    __syncthreads();
    value = threadIdx.x < blockDim.x / warpSize ? shared[lane] : 0.0f;
    if (warp == 0)
        value = warp_sum(value);
    return value;
}

__global__ void reduce(const float *in, float *out, int n) {
    float sum = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
        sum += in[i];
    sum = block_sum(sum);
    if (threadIdx.x == 0)
        out[blockIdx.x] = sum;
}

struct device {
    int n, blocks;
    float *x, *partial, *result;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    reduce<<<d->blocks, threads>>>(d->x, d->partial, d->n);
    reduce<<<1, 1024>>>(d->partial, d->result, d->blocks);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct reduction p = reduction_make(bench.size);
    int blocks = min(1024, divide_up(int(p.n), threads));
    device d = {int(p.n), blocks, to_device(p.x, p.n), device_array<float>(blocks), device_array<float>(1)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(&p.result, d.result, 1);
    return reduction_finish(&bench, &p);
}
