// SPDX-License-Identifier: Apache-2.0
// A kernel that another kernel launched fails: the launch by the host fails with it, the message names the kernel and the
// line, and nothing of the rest runs for ever.
// EXPECT: cudaErrorIllegalAddress
// EXPECT: still cudaErrorIllegalAddress
// EXPECT-ERROR: kernel `child.*` (read or )?wrote an illegal address .*dynamic_parallelism_fault\.cu:%LINE(store)
// NVCC: skip NVIDIA's message differs
#include <cstdio>

__global__ void child(int *where) {
    *where = 1; // store
}

__global__ void loop(int left) {
    if (left) loop<<<1, 1, 0, cudaStreamTailLaunch>>>(left - 1);
}

__global__ void parent() {
    loop<<<1, 1>>>(1000);
    if (threadIdx.x == 3) child<<<1, 1>>>((int *)16);
    loop<<<1, 1>>>(1000);
}

int main() {
    parent<<<2, 8>>>();
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    parent<<<2, 8>>>();
    std::printf("still %s\n", cudaGetErrorName(cudaGetLastError()));
    return 0;
}
