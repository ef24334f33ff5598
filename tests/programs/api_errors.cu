// SPDX-License-Identifier: Apache-2.0
// Bad arguments of the memory and device functions: CUDA's codes, and a process that goes on.
// EXPECT: malloc too much: cudaErrorMemoryAllocation
// EXPECT: malloc of nothing: cudaSuccess null
// EXPECT: free null: cudaSuccess
// EXPECT: free of a host variable: cudaErrorInvalidValue
// EXPECT: free twice: cudaSuccess cudaErrorInvalidValue
// EXPECT: free inside an allocation: cudaErrorInvalidValue
// EXPECT: copy of nothing: cudaSuccess
// EXPECT: set device 99: cudaErrorInvalidDevice
// EXPECT: properties of device -1: cudaErrorInvalidDevice
// EXPECT: 2-D copy wider than its pitch: cudaErrorInvalidPitchValue
// EXPECT: event times before recording: cudaErrorInvalidResourceHandle
// EXPECT: symbol copy too long: cudaErrorInvalidValue
// EXPECT: free of pinned memory twice: cudaSuccess cudaErrorInvalidValue
#include "check.h"

__device__ int variable;

int main() {
    auto report = [](const char *name, cudaError_t error) { std::printf("%s: %s\n", name, cudaGetErrorName(error)); };
    void *pointer = nullptr;
    report("malloc too much", cudaMalloc(&pointer, size_t(1) << 60));
    pointer = &pointer;
    cudaError_t error = cudaMalloc(&pointer, 0);
    std::printf("malloc of nothing: %s %s\n", cudaGetErrorName(error), pointer ? "not null" : "null");
    report("free null", cudaFree(nullptr));
    int host = 0;
    report("free of a host variable", cudaFree(&host));
    CHECK(cudaMalloc(&pointer, 100));
    error = cudaFree(pointer);
    std::printf("free twice: %s %s\n", cudaGetErrorName(error), cudaGetErrorName(cudaFree(pointer)));
    CHECK(cudaMalloc(&pointer, 100));
    report("free inside an allocation", cudaFree(static_cast<char *>(pointer) + 4));
    report("copy of nothing", cudaMemcpy(pointer, &host, 0, cudaMemcpyHostToDevice));
    report("set device 99", cudaSetDevice(99));
    cudaDeviceProp properties;
    report("properties of device -1", cudaGetDeviceProperties(&properties, -1));
    report("2-D copy wider than its pitch", cudaMemcpy2D(pointer, 10, &host, 20, 15, 2, cudaMemcpyHostToDevice));
    cudaEvent_t first, second;
    CHECK(cudaEventCreate(&first));
    CHECK(cudaEventCreate(&second));
    float time;
    report("event times before recording", cudaEventElapsedTime(&time, first, second));
    int large[4] = {};
    report("symbol copy too long", cudaMemcpyToSymbol(variable, large, sizeof large));
    void *pinned;
    CHECK(cudaMallocHost(&pinned, 64));
    error = cudaFreeHost(pinned);
    std::printf("free of pinned memory twice: %s %s\n", cudaGetErrorName(error), cudaGetErrorName(cudaFreeHost(pinned)));
    CHECK(cudaFree(pointer));
    CHECK(cudaEventDestroy(first));
    CHECK(cudaEventDestroy(second));
    return 0;
}
