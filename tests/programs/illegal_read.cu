// SPDX-License-Identifier: Apache-2.0
// A load far outside of any allocation is reported as well, also in a kernel that shares work through barriers.
// EXPECT: cudaErrorIllegalAddress
// EXPECT-ERROR: gather
// EXPECT-ERROR: illegal_read\.cu:%LINE(fault)
// NVCC: skip the words are our own
#include "check.h"

__global__ void gather(const int *in, size_t offset, int *out) {
    __shared__ int shared[64];
    shared[threadIdx.x] = threadIdx.x;
    __syncthreads();
    if (threadIdx.x == 40)
        shared[0] = in[offset]; // fault
    __syncthreads();
    out[threadIdx.x] = shared[63 - threadIdx.x];
}

int main() {
    Array<int> in(64), out(64);
    const size_t far = sizeof(size_t) > 4 ? static_cast<size_t>(1ull << 50) : size_t(1) << 29;
    gather<<<1, 64>>>(in, far, out);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
