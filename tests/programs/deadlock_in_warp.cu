// SPDX-License-Identifier: Apache-2.0
// Lanes of one warp in collectives that name each other but can't complete are reported: the named lanes stand elsewhere.
// NVCC: skip hardware hangs here, or goes on without a word
// EXPECT: cudaErrorLaunchTimeout
// EXPECT-ERROR: cross_masks
// EXPECT-ERROR: (?i)deadlock|never meet|can't meet|cannot meet
// NVIDIA-HANGS: the lanes wait for each other for ever
#include "check.h"

__global__ void cross_masks(int *out) {
    // Lane 0 waits for lane 1, lane 1 for lane 2, lane 2 for lane 0: no mask ever has all its lanes.
    if (threadIdx.x == 0)
        __syncwarp(0x3);
    else if (threadIdx.x == 1)
        __syncwarp(0x6);
    else
        __syncwarp(0x5);
    out[threadIdx.x] = 1;
}

int main() {
    Array<int> out(3);
    cross_masks<<<1, 3>>>(out);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
