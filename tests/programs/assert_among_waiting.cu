// SPDX-License-Identifier: Apache-2.0
// One thread's failed assert ends a launch whose other threads wait for it at a barrier and in other blocks.
// TIMEOUT: 30
// EXPECT: cudaErrorAssert
// EXPECT-ERROR: assert_among_waiting\.cu:%LINE(failing): .*block: \[2,1,0\], thread: \[3,4,1\] Assertion `.*` failed\.
#include "check.h"
#include <cassert>

__global__ void kernel(volatile int *flag) {
    bool bad = blockIdx.x == 2 && blockIdx.y == 1 && threadIdx.x == 3 && threadIdx.y == 4 && threadIdx.z == 1;
    assert(!bad); // failing
    __syncthreads();
    if (blockIdx.x == 0)
        while (*flag == 0) {
        }
}

int main() {
    Array<int> flag(1);
    kernel<<<dim3(3, 2), dim3(5, 6, 2)>>>(flag.data);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
