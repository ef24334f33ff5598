// SPDX-License-Identifier: Apache-2.0
// Kernels can't launch graphs: the call is refused at compile time, as a call of a host function.
// EXPECT-COMPILE-ERROR: cudaGraphLaunch
#include <cuda_runtime.h>

__global__ void again(cudaGraphExec_t exec) { cudaGraphLaunch(exec, 0); }

int main() {
    again<<<1, 1>>>(nullptr);
    return cudaDeviceSynchronize() != cudaSuccess;
}
