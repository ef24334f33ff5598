// SPDX-License-Identifier: Apache-2.0
// A fault leaves an error that every later call reports, until cudaDeviceReset gives a working device again.
// EXPECT: fault: cudaErrorIllegalAddress
// EXPECT: malloc: cudaErrorIllegalAddress
// EXPECT: launch: cudaErrorIllegalAddress
// EXPECT: get last error does not clear it: cudaErrorIllegalAddress cudaErrorIllegalAddress
// EXPECT: reset: cudaSuccess
// EXPECT: afterwards: 42
// NVCC: skip a process cannot go on after a fault on hardware
// NVIDIA: fault: cudaErrorIllegalAddress
// NVIDIA: malloc: cudaErrorIllegalAddress
// NVIDIA: launch: cudaErrorIllegalAddress
// NVIDIA: get last error does not clear it: cudaErrorIllegalAddress cudaErrorIllegalAddress
// NVIDIA: reset: cudaSuccess
// NVIDIA-EXIT: 2
#include "check.h"

__global__ void fault(int *pointer) { *pointer = 1; }
__global__ void store(int *pointer) { *pointer = 42; }

int main() {
    fault<<<1, 1>>>(reinterpret_cast<int *>(8));
    std::printf("fault: %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    int *pointer = nullptr;
    std::printf("malloc: %s\n", cudaGetErrorName(cudaMalloc(&pointer, 4)));
    store<<<1, 1>>>(pointer);
    std::printf("launch: %s\n", cudaGetErrorName(cudaGetLastError()));
    const char *again = cudaGetErrorName(cudaDeviceSynchronize());
    std::printf("get last error does not clear it: %s %s\n", again, cudaGetErrorName(cudaDeviceSynchronize()));
    std::printf("reset: %s\n", cudaGetErrorName(cudaDeviceReset()));
    cudaGetLastError();
    int value = 0;
    CHECK(cudaMalloc(&pointer, 4));
    store<<<1, 1>>>(pointer);
    CHECK(cudaMemcpy(&value, pointer, 4, cudaMemcpyDeviceToHost));
    std::printf("afterwards: %d\n", value);
    return 0;
}
