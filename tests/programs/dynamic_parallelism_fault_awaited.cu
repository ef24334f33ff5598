// SPDX-License-Identifier: Apache-2.0
// A kernel that polls for what a failing kernel would have stored ends with that failure instead of waiting for ever; so do
// the other blocks of its grid, which wait at the grid's barrier.
// EXPECT: cudaErrorLaunchFailure
// EXPECT-ERROR: kernel `child.*` executed a trap at .*dynamic_parallelism_fault_awaited\.cu:%LINE(trap)
// NVCC: skip NVIDIA's message differs
#include <cooperative_groups.h>
#include <cstdio>

__global__ void child(int *flag) {
    if (threadIdx.x == 1) __trap(); // trap
    if (threadIdx.x == 2) *flag = 1;
}

__global__ void parent(int *flag) {
    if (blockIdx.x == 1) {
        child<<<1, 2>>>(flag);
        while (*(volatile int *)flag == 0) {}
    }
    cooperative_groups::this_grid().sync();
}

int main() {
    int *flag;
    cudaMallocManaged(&flag, sizeof *flag);
    *flag = 0;
    void *arguments[] = {&flag};
    cudaLaunchCooperativeKernel((void *)parent, dim3(4), dim3(1), arguments, 0, 0);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
