// SPDX-License-Identifier: Apache-2.0
// cudaGetLastError clears the error, cudaPeekAtLastError doesn't; errors are per thread; names and strings of codes.
// EXPECT: at the start: cudaSuccess
// EXPECT: returned cudaErrorInvalidValue, peek cudaErrorInvalidValue, peek cudaErrorInvalidValue
// EXPECT: get cudaErrorInvalidValue, then cudaSuccess
// EXPECT: success does not clear: cudaErrorInvalidConfiguration
// EXPECT: another thread sees cudaSuccess, this one cudaErrorInvalidDevice
// EXPECT: cudaErrorMemoryAllocation 2 out of memory
// EXPECT: cudaErrorInvalidConfiguration 9 invalid configuration argument
// EXPECT: cudaErrorIllegalAddress 700 an illegal memory access was encountered
// EXPECT: unknown code: unrecognized error code
// NVCC: before 13 bad launch shapes are cudaErrorInvalidValue
#include "check.h"
#include <thread>

__global__ void nothing() {}

static const char *get() { return cudaGetErrorName(cudaGetLastError()); }
static const char *peek() { return cudaGetErrorName(cudaPeekAtLastError()); }

int main() {
    std::printf("at the start: %s\n", get());
    int *pointer = nullptr;
    const char *name = cudaGetErrorName(cudaMalloc(static_cast<void **>(nullptr), 4));
    const char *first = peek(), *second = peek();
    std::printf("returned %s, peek %s, peek %s\n", name, first, second);
    first = get();
    std::printf("get %s, then %s\n", first, get());
    nothing<<<1, 2000>>>();
    CHECK(cudaMalloc(&pointer, 4));
    std::printf("success does not clear: %s\n", get());
    CHECK(cudaFree(pointer));
    cudaSetDevice(1000);
    const char *other = nullptr;
    std::thread([&] { other = peek(); }).join();
    std::printf("another thread sees %s, this one %s\n", other, get());
    for (cudaError_t code : {cudaErrorMemoryAllocation, cudaErrorInvalidConfiguration, cudaErrorIllegalAddress})
        std::printf("%s %d %s\n", cudaGetErrorName(code), static_cast<int>(code), cudaGetErrorString(code));
    std::printf("unknown code: %s\n", cudaGetErrorString(static_cast<cudaError_t>(12345)));
    return 0;
}
