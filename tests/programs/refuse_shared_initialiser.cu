// SPDX-License-Identifier: Apache-2.0
// __shared__ variables can't be initialised, and kernels can't be called like functions.
// EXPECT-COMPILE-ERROR: refuse_shared_initialiser\.cu:%LINE(shared):\d+: error: .*initializ
// EXPECT-COMPILE-ERROR: refuse_shared_initialiser\.cu:%LINE(call):\d+: error: call to global function 'kernel' not configured
#include <cstdio>

__global__ void kernel(int *out) {
    __shared__ int counter = 5; // shared
    *out = counter;
}

int main() {
    kernel(nullptr); // call
    std::printf("must not run\n");
    return 0;
}
