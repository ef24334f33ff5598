// SPDX-License-Identifier: Apache-2.0
// Single-launch reduction: each block stores its part, a fence and an atomic counter let the last one add up all parts.
// EXPECT: 1 element: ok
// EXPECT: 255 elements: ok
// EXPECT: 1000003 elements: ok
// EXPECT: counter ready for the next launch: 0
#include "check.h"

__device__ unsigned finished;

template <int BlockSize> __device__ float block_sum(float value) {
    __shared__ float shared[BlockSize];
    shared[threadIdx.x] = value;
    __syncthreads();
#pragma unroll
    for (int step = BlockSize / 2; step > 0; step /= 2) {
        if (threadIdx.x < step)
            shared[threadIdx.x] += shared[threadIdx.x + step];
        __syncthreads();
    }
    return shared[0];
}

template <int BlockSize> __global__ void sum(const float *in, int count, volatile float *parts, float *out) {
    __shared__ bool is_last;
    float mine = 0.0f;
    for (int i = blockIdx.x * BlockSize + threadIdx.x; i < count; i += gridDim.x * BlockSize)
        mine += in[i];
    float part = block_sum<BlockSize>(mine);
    if (threadIdx.x == 0) {
        parts[blockIdx.x] = part;
        __threadfence();
        is_last = atomicInc(&finished, gridDim.x) == gridDim.x - 1;
    }
    __syncthreads();
    if (!is_last)
        return;
    float total = 0.0f;
    for (int i = threadIdx.x; i < gridDim.x; i += BlockSize)
        total += parts[i];
    total = block_sum<BlockSize>(total);
    if (threadIdx.x == 0) {
        *out = total;
        finished = 0;
    }
}

int main() {
    for (int count : {1, 255, 1000003}) {
        std::vector<float> in(count);
        double want = 0;
        for (int i = 0; i < count; i++)
            want += in[i] = static_cast<float>(i * 7 % 16);
        Array<float> device_in(in), parts(64), out(1);
        for (int repeat = 0; repeat < 3; repeat++)
            sum<128><<<37, 128>>>(device_in, count, parts.data, out);
        CHECK_LAUNCH();
        char name[40];
        std::snprintf(name, sizeof name, "%d element%s", count, count == 1 ? "" : "s");
        same(name, out.host(), std::vector<float>{static_cast<float>(want)});
    }
    unsigned counter = 9;
    CHECK(cudaMemcpyFromSymbol(&counter, finished, sizeof counter));
    std::printf("counter ready for the next launch: %u\n", counter);
    return 0;
}
