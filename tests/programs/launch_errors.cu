// SPDX-License-Identifier: Apache-2.0
// Launches that CUDA refuses: each with its code, no thread runs, and the next launch is fine.
// EXPECT: 1025 threads: cudaErrorInvalidConfiguration
// EXPECT: block 1x1x65: cudaErrorInvalidConfiguration
// EXPECT: block 32x32x2: cudaErrorInvalidConfiguration
// EXPECT: empty grid: cudaErrorInvalidConfiguration
// EXPECT: empty block: cudaErrorInvalidConfiguration
// EXPECT: grid y 65536: cudaErrorInvalidConfiguration
// EXPECT: grid z 65536: cudaErrorInvalidConfiguration
// EXPECT: 1 GB of shared memory: cudaErrorInvalidValue
// EXPECT: a good launch: cudaSuccess
// EXPECT: threads that ran: 32
// NVCC: before 13 bad launch shapes are cudaErrorInvalidValue
#include "check.h"

__global__ void count(int *out) { atomicAdd(out, 1); }

static void report(const char *name) {
    cudaError_t error = cudaGetLastError();
    std::printf("%s: %s\n", name, cudaGetErrorName(error));
}

int main() {
    Array<int> out(1);
    count<<<1, 1025>>>(out);
    report("1025 threads");
    count<<<1, dim3(1, 1, 65)>>>(out);
    report("block 1x1x65");
    count<<<1, dim3(32, 32, 2)>>>(out);
    report("block 32x32x2");
    count<<<0, 32>>>(out);
    report("empty grid");
    count<<<1, 0>>>(out);
    report("empty block");
    count<<<dim3(1, 65536), 1>>>(out);
    report("grid y 65536");
    count<<<dim3(1, 1, 65536), 1>>>(out);
    report("grid z 65536");
    count<<<1, 32, 1u << 30>>>(out);
    report("1 GB of shared memory");
    count<<<1, 32>>>(out);
    report("a good launch");
    CHECK(cudaDeviceSynchronize());
    std::printf("threads that ran: %d\n", out.host()[0]);
    return 0;
}
