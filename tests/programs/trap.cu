// SPDX-License-Identifier: Apache-2.0
// __trap() ends the launch with an error that sticks until the device is reset.
// NVCC: skip hardware reports __trap as cudaErrorLaunchFailure or cudaErrorIllegalInstruction, by generation
// EXPECT: not reached by any thread: no error
// EXPECT: reached: cudaErrorLaunchFailure
// EXPECT: sticks: cudaErrorLaunchFailure
// EXPECT-ERROR: trap_if
#include "check.h"

__global__ void trap_if(int index) {
    if (static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x) == index)
        __trap();
}

int main() {
    trap_if<<<4, 64>>>(-1);
    std::printf("not reached by any thread: %s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    trap_if<<<4, 64>>>(200);
    std::printf("reached: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    std::printf("sticks: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
