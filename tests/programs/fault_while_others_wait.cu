// SPDX-License-Identifier: Apache-2.0
// A fault ends the whole launch: also blocks that spin for a flag that never comes, and threads that wait at a barrier.
// TIMEOUT: 30
// EXPECT: spinning blocks: cudaErrorIllegalAddress
// EXPECT: threads at a barrier: cudaErrorIllegalAddress
// EXPECT: lanes in a collective: cudaErrorIllegalAddress
// EXPECT: good launch after a reset: 1
// NVCC: skip a process cannot go on after a fault on hardware
// NVIDIA: spinning blocks: cudaErrorIllegalAddress
// NVIDIA: threads at a barrier: cudaErrorDevicesUnavailable
// NVIDIA-EXIT: 2
#include "check.h"

__global__ void spin(volatile int *flag, int *bad) {
    if (blockIdx.x == 3 && threadIdx.x == 7)
        *bad = 1;
    while (*flag == 0) {
    }
}
__global__ void wait_at_barrier(int *bad) {
    if (threadIdx.x == 60)
        *bad = 1;
    __syncthreads();
}
__global__ void wait_in_warp(int *bad, int *out) {
    if (threadIdx.x == 9)
        *bad = 1;
    out[threadIdx.x] = __shfl_sync(0xffffffff, threadIdx.x, 9);
}
__global__ void store(int *out) { *out = 1; }

static void report(const char *name) {
    std::printf("%s: %s\n", name, cudaGetErrorName(cudaDeviceSynchronize()));
    CHECK(cudaDeviceReset());
    cudaGetLastError();
}

int main() {
    int *bad = reinterpret_cast<int *>(24), *memory;
    CHECK(cudaMalloc(&memory, 256));
    CHECK(cudaMemset(memory, 0, 256));
    spin<<<8, 32>>>(memory, bad);
    report("spinning blocks");
    wait_at_barrier<<<4, 96>>>(bad);
    report("threads at a barrier");
    CHECK(cudaMalloc(&memory, 256));
    wait_in_warp<<<1, 32>>>(bad, memory);
    report("lanes in a collective");
    Array<int> out(1);
    store<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("good launch after a reset: %d\n", out.host()[0]);
    return 0;
}
