// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "bench_cuda.h"
#include "monte_carlo.h"

constexpr int threads = 256;

__device__ float payoff(float normal) {
    return fmaxf(MC_PRICE * expf(MC_DRIFT + MC_SPREAD * normal) - MC_STRIKE, 0.0f);
}

__global__ void monte_carlo(float *sums, int n) {
    float sum = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        uint32_t x[4];
        philox(i, x);
#pragma unroll
        for (int k = 0; k < 4; k += 2) {
            float radius = sqrtf(-2.0f * logf(philox_uniform(x[k])));
            float sine, cosine;
            sincosf(6.2831853f * philox_uniform(x[k + 1]), &sine, &cosine);
            sum += payoff(radius * cosine) + payoff(radius * sine);
        }
    }
    __shared__ float warps[threads / 32];
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_xor_sync(0xffffffff, sum, offset);
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x < 32) {
        sum = threadIdx.x < threads / 32 ? warps[threadIdx.x] : 0.0f;
        for (int offset = 16; offset > 0; offset /= 2)
            sum += __shfl_xor_sync(0xffffffff, sum, offset);
        if (threadIdx.x == 0)
            sums[blockIdx.x] = sum;
    }
}

struct device {
    int n, blocks;
    float *sums;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    monte_carlo<<<d->blocks, threads>>>(d->sums, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct monte_carlo p = {bench.size, 0};
    int blocks = min(1024, divide_up(int(p.n), threads));
    device d = {int(p.n), blocks, device_array<float>(blocks)};
    bench_measure(&bench, nullptr, run, &d);
    std::vector<float> sums(blocks);
    to_host(sums.data(), d.sums, blocks);
    for (float sum : sums)
        p.sum += sum;
    return monte_carlo_finish(&bench, &p);
}
