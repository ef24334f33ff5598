// SPDX-License-Identifier: Apache-2.0
// Asserts that hold cost nothing but their evaluation, and NDEBUG removes them.
// RUN:
// RUN: -O0
// EXPECT: assert evaluated 64 times
#include "check.h"
#include <cassert>

__device__ bool touch(int *counter) {
    atomicAdd(counter, 1);
    return true;
}

__global__ void kernel(int *counter) {
    assert(touch(counter));
    assert(threadIdx.x < blockDim.x && "text beside the condition");
}

int main() {
    Array<int> counter(1);
    kernel<<<2, 32>>>(counter);
    CHECK_LAUNCH();
    std::printf("assert evaluated %d times\n", counter.host()[0]);
    return 0;
}
