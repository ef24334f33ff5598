// SPDX-License-Identifier: Apache-2.0
// Threads that can never meet are reported, not left to hang: some wait at a block barrier, the others in a collective of
// their warp that names lanes which stand at the barrier.
// NVCC: skip hardware hangs here, or goes on without a word
// EXPECT: cudaErrorLaunchTimeout
// EXPECT: the host goes on
// EXPECT-ERROR: never_meet
// EXPECT-ERROR: (?i)deadlock|never meet|can't meet|cannot meet
#include "check.h"

__global__ void never_meet(int *out) {
    if (threadIdx.x < 16) {
        __syncthreads();
        out[threadIdx.x] = 1;
    } else {
        out[threadIdx.x] = __shfl_sync(0xffffffff, threadIdx.x, 0);
        __syncthreads();
    }
}

int main() {
    Array<int> out(32);
    never_meet<<<1, 32>>>(out);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    std::printf("the host goes on\n");
    return 0;
}
