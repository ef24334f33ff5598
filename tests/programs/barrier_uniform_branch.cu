// SPDX-License-Identifier: Apache-2.0
// __syncthreads() under conditions that the whole block shares: by block, by parameter, by a value read from memory, in a
// loop with a computed trip count, in a switch, after a shared decision.
// EXPECT: by block: 5 10 5 10
// EXPECT: switch: 6 15 120 -1
// EXPECT: loop until done: 7 rounds, sum 1
// EXPECT: different counts per block: 1 2 3 4 5 6 7 8
#include "check.h"

__global__ void by_block(int *out) {
    __shared__ int value[64];
    value[threadIdx.x] = 1;
    if (blockIdx.x % 2) {
        __syncthreads();
        if (threadIdx.x < 10)
            atomicAdd(&out[blockIdx.x], value[63 - threadIdx.x]);
        __syncthreads();
    } else {
        if (threadIdx.x < 5)
            atomicAdd(&out[blockIdx.x], value[threadIdx.x]);
    }
}

__global__ void by_switch(const int *kinds, int *out) {
    __shared__ int values[5];
    int t = threadIdx.x;
    if (t < 5)
        values[t] = t + 1;
    int result = -1;
    switch (kinds[blockIdx.x]) {
    case 0:
        __syncthreads();
        result = values[0] + values[1] + values[2];
        break;
    case 1:
        __syncthreads();
        if (t == 0)
            values[0] += values[4];
        __syncthreads();
        result = values[0] + values[3] + values[4];
        break;
    case 2:
        __syncthreads();
        result = values[0] * values[1] * values[2] * values[3] * values[4];
        break;
    default:
        break;
    }
    if (t == 33)
        out[blockIdx.x] = result;
}

__global__ void until_done(int *out) {
    __shared__ int values[100], active;
    int t = threadIdx.x, rounds = 0;
    values[t] = t == 0 ? 100 : 0;
    if (t == 0)
        active = 100;
    __syncthreads();
    while (active > 1) {
        __syncthreads();
        if (t == 0)
            active = (active + 1) / 2;
        rounds++;
        __syncthreads();
    }
    if (t == 57) {
        out[0] = rounds;
        out[1] = active;
    }
}

__global__ void counts(int *out) {
    __shared__ int total;
    if (threadIdx.x == 0)
        total = 0;
    for (int i = 0; i <= blockIdx.x; i++) {
        __syncthreads();
        if (threadIdx.x == i % blockDim.x)
            total++;
        __syncthreads();
    }
    if (threadIdx.x == 0)
        out[blockIdx.x] = total;
}

int main() {
    Array<int> out(8);
    by_block<<<4, 64>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("by block: %d %d %d %d\n", o[0], o[1], o[2], o[3]);
    Array<int> kinds(std::vector<int>{0, 1, 2, 7});
    by_switch<<<4, 40>>>(kinds, out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("switch: %d %d %d %d\n", o[0], o[1], o[2], o[3]);
    until_done<<<1, 100>>>(out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("loop until done: %d rounds, sum %d\n", o[0], o[1]);
    counts<<<8, 50>>>(out);
    CHECK_LAUNCH();
    std::printf("different counts per block:");
    for (int v : out.host())
        std::printf(" %d", v);
    std::printf("\n");
    return 0;
}
