// SPDX-License-Identifier: Apache-2.0
// A kernel that launches a kernel is refused, by name or at its line.
// EXPECT-COMPILE-ERROR: refuse_dynamic_parallelism\.cu:%LINE(launch)|cudaLaunchDevice|cudaGetParameterBuffer|dynamic parallelism
#include <cstdio>

__global__ void child(int *out) { *out = 1; }

__global__ void parent(int *out) {
    child<<<1, 1>>>(out); // launch
}

int main() {
    int *out;
    cudaMalloc(&out, sizeof(int));
    parent<<<1, 1>>>(out);
    std::printf("must not run\n");
    return 0;
}
