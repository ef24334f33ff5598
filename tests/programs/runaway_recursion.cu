// SPDX-License-Identifier: Apache-2.0
// Recursion without end is reported with the kernel's name and becomes an error code, not a dead process.
// NVCC: skip hardware reports an illegal address here
// EXPECT: cudaErrorHardwareStackError
// EXPECT: the host goes on
// EXPECT-ERROR: descend_from
// EXPECT-ERROR: (?i)stack
// NVIDIA: cudaErrorIllegalAddress
// NVIDIA: the host goes on
#include "check.h"

__device__ __noinline__ int descend(volatile int *values, int depth) {
    volatile int local[16];
    local[depth & 15] = values[depth & 31];
    int below = descend(values, depth + 1);
    return below + local[(depth + 1) & 15];
}

__global__ void descend_from(int *values) { values[threadIdx.x] = descend(values, threadIdx.x); }

int main() {
    Array<int> values(32);
    descend_from<<<1, 2>>>(values);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    std::printf("the host goes on\n");
    return 0;
}
