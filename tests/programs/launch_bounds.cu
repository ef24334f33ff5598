// SPDX-License-Identifier: Apache-2.0
// __launch_bounds__: within them a kernel runs, beyond them the launch fails, and the attributes tell the bound.
// EXPECT: 128 threads: no error, result 8128
// EXPECT: 129 threads: cudaErrorInvalidValue or cudaErrorLaunchOutOfResources
// EXPECT: result untouched: 8128
// EXPECT: maxThreadsPerBlock 128, without bounds 1024
#include "check.h"

__global__ void __launch_bounds__(128) bounded(int *out) { atomicAdd(out, threadIdx.x); }
__global__ void unbounded(int *out) { *out = 0; }

int main() {
    Array<int> out(1);
    bounded<<<1, 128>>>(out);
    cudaError_t error = cudaGetLastError();
    std::printf("128 threads: %s, result %d\n", cudaGetErrorString(error), out.host()[0]);
    bounded<<<1, 129>>>(out);
    error = cudaGetLastError();
    bool refused = error == cudaErrorInvalidValue || error == cudaErrorLaunchOutOfResources;
    std::printf("129 threads: %s\n", refused ? "cudaErrorInvalidValue or cudaErrorLaunchOutOfResources" : cudaGetErrorName(error));
    CHECK(cudaDeviceSynchronize());
    std::printf("result untouched: %d\n", out.host()[0]);
    cudaFuncAttributes a, b;
    CHECK(cudaFuncGetAttributes(&a, bounded));
    CHECK(cudaFuncGetAttributes(&b, unbounded));
    std::printf("maxThreadsPerBlock %d, without bounds %d\n", a.maxThreadsPerBlock, b.maxThreadsPerBlock);
    return 0;
}
