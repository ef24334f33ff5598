// SPDX-License-Identifier: Apache-2.0
// printf from many threads and blocks: every call comes out whole, once, in each thread's own order, and before what the
// host prints after synchronising.
// EXPECT: 1: host before
// EXPECT: 2: host between
// EXPECT: 3: host after 3
// EXPECT-UNORDERED: block 0 thread 0 says 0
// EXPECT-UNORDERED: block 0 thread 1 says 1
// EXPECT-UNORDERED: block 0 thread 2 says 4
// EXPECT-UNORDERED: block 1 thread 0 says 9
// EXPECT-UNORDERED: block 1 thread 1 says 16
// EXPECT-UNORDERED: block 1 thread 2 says 25
// EXPECT-UNORDERED: second kernel
// EXPECT-UNORDERED: printed at a memcpy
#include "check.h"

__global__ void speak() {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    printf("block %d thread %d says %d\n", blockIdx.x, threadIdx.x, i * i);
}
__global__ void once() { printf("second kernel\n"); }
__global__ void store(int *out) {
    printf("printed at a memcpy\n");
    *out = 3;
}

int main() {
    std::printf("1: host before\n");
    std::fflush(stdout);
    speak<<<2, 3>>>();
    once<<<1, 1>>>();
    CHECK_LAUNCH();
    std::printf("2: host between\n");
    std::fflush(stdout);
    int *out, value;
    CHECK(cudaMalloc(&out, sizeof(int)));
    store<<<1, 1>>>(out);
    CHECK(cudaMemcpy(&value, out, sizeof value, cudaMemcpyDeviceToHost));
    std::printf("3: host after %d\n", value);
    return 0;
}
