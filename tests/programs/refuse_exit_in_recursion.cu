// SPDX-License-Identifier: Apache-2.0
// exit ends the thread from functions that can be inlined into kernels, and from no others.
// EXPECT-COMPILE-ERROR: refuse_exit_in_recursion\.cu:%LINE(ends).*exit in '_Z5leavei', which calls itself
#include <cstdio>

__device__ int leave(int n) {
    if (n == 0) asm volatile("exit;"); // ends
    return leave(n - 1) + leave(n - 2);
}

__global__ void kernel(int *out) { out[threadIdx.x] = leave((int)threadIdx.x); }

int main() {
    int *out;
    cudaMalloc(&out, 128);
    kernel<<<1, 32>>>(out);
    std::printf("must not run\n");
    return 0;
}
