// SPDX-License-Identifier: Apache-2.0
// Synchronising the grid of an ordinary launch ends that launch, with a message that says how to launch it.
// EXPECT: cudaErrorLaunchFailure
// EXPECT-ERROR: cudaLaunchCooperativeKernel
// NVCC: skip the words are our own
#include <cooperative_groups.h>
#include <cstdio>

__global__ void kernel(int *out) {
    cooperative_groups::this_grid().sync();
    *out = 1;
}

int main() {
    int *out;
    cudaMalloc(&out, 4);
    kernel<<<2, 32>>>(out);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
