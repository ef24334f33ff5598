// SPDX-License-Identifier: Apache-2.0
// A failed assert prints CUDA's line to stderr and comes back as cudaErrorAssert, which then sticks.
// EXPECT: synchronise: cudaErrorAssert (710)
// EXPECT: later calls: cudaErrorAssert cudaErrorAssert
// EXPECT-ERROR: assert_fails\.cu:%LINE(failing): .*check_value.*block: \[1,0,0\], thread: \[2,0,0\] Assertion `value < limit && "too large"` failed\.
#include "check.h"
#include <cassert>

__device__ __noinline__ void check_value(int value, int limit) {
    assert(value < limit && "too large"); // failing
}

__global__ void kernel(int limit) { check_value(blockIdx.x * blockDim.x + threadIdx.x, limit); }

int main() {
    kernel<<<2, 3>>>(5);
    cudaError_t error = cudaDeviceSynchronize();
    std::printf("synchronise: %s (%d)\n", cudaGetErrorName(error), static_cast<int>(error));
    void *pointer;
    cudaError_t later = cudaMalloc(&pointer, 16), again = cudaDeviceSynchronize();
    std::printf("later calls: %s %s\n", cudaGetErrorName(later), cudaGetErrorName(again));
    return 0;
}
