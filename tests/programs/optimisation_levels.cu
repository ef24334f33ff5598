// SPDX-License-Identifier: Apache-2.0
// The same answer at every optimisation level and language standard.
// RUN: -O0
// RUN: -O1
// RUN: -O2
// RUN: -O3
// RUN: -std=c++14
// RUN: -std=c++20
// EXPECT: checksum 835740454
#include "check.h"

__device__ unsigned mix(unsigned value, int rounds) {
    for (int i = 0; i < rounds; i++)
        value = (value ^ (value >> 15)) * 0x2c1b3c6du + static_cast<unsigned>(i);
    return value;
}

__global__ void checksum(unsigned *result) {
    __shared__ unsigned parts[100];
    parts[threadIdx.x] = mix(blockIdx.x * blockDim.x + threadIdx.x, 5 + threadIdx.x % 3);
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned sum = 0;
        for (unsigned i = 0; i < blockDim.x; i++)
            sum = sum * 31 + parts[i];
        atomicXor(result, sum);
    }
}

int main() {
    Array<unsigned> result(1);
    checksum<<<9, 100>>>(result);
    CHECK_LAUNCH();
    std::printf("checksum %u\n", result.host()[0]);
    return 0;
}
