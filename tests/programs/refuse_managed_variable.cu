// SPDX-License-Identifier: Apache-2.0
// __managed__ variables are refused by name rather than ignored; cudaMallocManaged is the way.
// EXPECT-COMPILE-ERROR: __managed__
// EXPECT-COMPILE-ERROR: refuse_managed_variable\.cu:%LINE(variable)
#include <cstdio>

__device__ __managed__ int shared_with_the_host = 5; // variable

__global__ void kernel() { shared_with_the_host++; }

int main() {
    kernel<<<1, 1>>>();
    cudaDeviceSynchronize();
    std::printf("must not run %d\n", shared_with_the_host);
    return 0;
}
