// SPDX-License-Identifier: Apache-2.0
// A kernel must return void.
// EXPECT-COMPILE-ERROR: refuse_kernel_result\.cu:%LINE(kernel):\d+: error: kernel function type .* must have void return type
#include <cstdio>

__global__ int kernel(int *out) { // kernel
    return *out;
}

int main() {
    std::printf("must not run\n");
    return 0;
}
