// SPDX-License-Identifier: Apache-2.0
// Runaway recursion in a block whose threads wait for each other, and a deep recursion beside it that fits.
// NVCC: skip hardware reports an illegal address here
// EXPECT: 2000 frames: 2001000
// EXPECT: without end: cudaErrorHardwareStackError
// EXPECT-ERROR: (?i)stack
// NVIDIA-EXIT: 2
#include "check.h"

__device__ __noinline__ int descend(volatile int *values, int depth, int limit) {
    volatile int local[8];
    local[depth & 7] = depth;
    if (depth == limit)
        return local[depth & 7];
    values[threadIdx.x] = depth;
    return descend(values, depth + 1, limit) + local[depth & 7];
}

__global__ void kernel(int *values, int limit) {
    __syncthreads();
    int sum = threadIdx.x == 33 ? descend(values, 1, limit) : 0;
    __syncthreads();
    values[threadIdx.x] = sum;
}

int main() {
    Array<int> values(64);
    kernel<<<1, 64>>>(values, 2000);
    CHECK_LAUNCH();
    std::printf("2000 frames: %d\n", values.host()[33]);
    kernel<<<1, 64>>>(values, -1);
    std::printf("without end: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
