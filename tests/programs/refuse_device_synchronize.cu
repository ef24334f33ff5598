// SPDX-License-Identifier: Apache-2.0
// Waiting for launched kernels on the device is the first version of dynamic parallelism, which CUDA 12 has no more: device
// code has no cudaDeviceSynchronize, as nvcc says too.
// EXPECT-COMPILE-ERROR: refuse_device_synchronize\.cu:%LINE(wait):.*cudaDeviceSynchronize
#include <cstdio>

__global__ void child() {}

__global__ void parent() {
    child<<<1, 1>>>();
    cudaDeviceSynchronize(); // wait
}

int main() {
    parent<<<1, 1>>>();
    std::printf("must not run\n");
    return 0;
}
