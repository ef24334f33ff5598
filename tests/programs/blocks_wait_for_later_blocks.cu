// SPDX-License-Identifier: Apache-2.0
// Blocks that wait for blocks of a higher index, as programs do that know their whole grid to be resident: a barrier over
// the grid made of atomics, a ping-pong between the first and the last block, and whole blocks of threads that all wait.
// TIMEOUT: 40
// EXPECT: grid barrier: ok
// EXPECT: ping-pong: 100
// EXPECT: all threads wait: 8 blocks of 32, 5 of 100, 4 of 256
#include "check.h"

__device__ unsigned arrived;
__device__ volatile unsigned generation;

__device__ void grid_barrier() {
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned mine = generation;
        __threadfence();
        if (atomicAdd(&arrived, 1u) == gridDim.x - 1) {
            arrived = 0;
            __threadfence();
            generation = mine + 1;
        } else {
            while (generation == mine) {
            }
        }
        __threadfence();
    }
    __syncthreads();
}

__global__ void sweep(volatile int *values, int steps) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, count = gridDim.x * blockDim.x;
    for (int step = 0; step < steps; step++) {
        int next = (values[(i + 1) % count] + values[(i + count - 1) % count]) % 1009;
        grid_barrier();
        values[i] = next;
        grid_barrier();
    }
}

__global__ void ping_pong(volatile int *ball, int rounds) {
    if (threadIdx.x != 0)
        return;
    int side = blockIdx.x == 0 ? 0 : blockIdx.x == gridDim.x - 1 ? 1 : -1;
    if (side < 0)
        return;
    for (int i = side; i < rounds; i += 2) {
        while (*ball != i) {
        }
        *ball = i + 1;
    }
}

__global__ void all_wait(volatile int *flag, int *passed) {
    if (blockIdx.x == gridDim.x - 1 && threadIdx.x == blockDim.x - 1)
        *flag = 1;
    while (*flag == 0) {
    }
    atomicAdd(passed, 1);
}

static bool all_pass(int blocks, int threads) {
    Array<int> values(2);
    all_wait<<<blocks, threads>>>(values.data, values + 1);
    CHECK_LAUNCH();
    return values.host()[1] == blocks * threads;
}

int main() {
    const int blocks = 6, threads = 70, count = blocks * threads;
    std::vector<int> values(count), next(count);
    for (int i = 0; i < count; i++)
        values[i] = i * i % 101;
    Array<int> device(values), ball(1);
    sweep<<<blocks, threads>>>(device.data, 9);
    CHECK_LAUNCH();
    for (int step = 0; step < 9; step++) {
        for (int i = 0; i < count; i++)
            next[i] = (values[(i + 1) % count] + values[(i + count - 1) % count]) % 1009;
        values = next;
    }
    same("grid barrier", device.host(), values);
    ping_pong<<<5, 32>>>(ball.data, 100);
    CHECK_LAUNCH();
    std::printf("ping-pong: %d\n", ball.host()[0]);
    if (all_pass(8, 32) && all_pass(5, 100) && all_pass(4, 256))
        std::printf("all threads wait: 8 blocks of 32, 5 of 100, 4 of 256\n");
    return 0;
}
