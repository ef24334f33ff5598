// SPDX-License-Identifier: Apache-2.0
// Memory fences of every scope: data written before a fence is seen by whoever sees the flag written after it.
// EXPECT: later block reads what an earlier one wrote: ok
// EXPECT: within a block: ok
// EXPECT: host flag: data 42
#include "check.h"

__global__ void pass_on(volatile int *data, volatile int *flags, int *out) {
    int block = blockIdx.x;
    if (threadIdx.x == 0) {
        int value = 1;
        if (block > 0) {
            while (flags[block - 1] == 0) {
            }
            __threadfence();
            value = data[block - 1] * 3 % 1000 + block;
        }
        data[block] = value;
        __threadfence();
        flags[block] = 1;
        out[block] = value;
    }
}

__global__ void in_block(int *out) {
    __shared__ volatile int data[4], flags[4];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    if (threadIdx.x < 4)
        flags[threadIdx.x] = 0;
    __syncthreads();
    if (lane == 0) {
        int value = 5;
        if (warp > 0) {
            while (!flags[warp - 1]) {
            }
            __threadfence_block();
            value = data[warp - 1] * 2;
        }
        data[warp] = value;
        __threadfence_block();
        flags[warp] = 1;
        out[warp] = value;
    }
}

__global__ void to_host(volatile int *data, volatile int *flag) {
    *data = 42;
    __threadfence_system();
    *flag = 1;
}

int main() {
    const int blocks = 50;
    Array<int> data(blocks), flags(blocks), out(blocks);
    pass_on<<<blocks, 32>>>(data.data, flags.data, out);
    CHECK_LAUNCH();
    std::vector<int> want(blocks, 1);
    for (int i = 1; i < blocks; i++)
        want[i] = want[i - 1] * 3 % 1000 + i;
    same("later block reads what an earlier one wrote", out.host(), want);
    Array<int> few(4);
    in_block<<<1, 128>>>(few);
    CHECK_LAUNCH();
    same("within a block", few.host(), std::vector<int>{5, 10, 20, 40});
    int *pinned;
    CHECK(cudaHostAlloc(&pinned, 2 * sizeof(int), cudaHostAllocMapped));
    pinned[0] = pinned[1] = 0;
    int *mapped;
    CHECK(cudaHostGetDevicePointer((void **)&mapped, pinned, 0));
    to_host<<<1, 1>>>(mapped, mapped + 1);
    CHECK(cudaGetLastError());
    while (*(volatile int *)&pinned[1] == 0) {
    }
    std::printf("host flag: data %d\n", *(volatile int *)&pinned[0]);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaFreeHost(pinned));
    return 0;
}
