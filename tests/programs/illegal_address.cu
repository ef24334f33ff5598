// SPDX-License-Identifier: Apache-2.0
// A store through a bad pointer: the report names kernel, block, thread and source line; the process goes on.
// EXPECT: cudaErrorIllegalAddress
// EXPECT: the host goes on
// EXPECT-ERROR: scatter
// EXPECT-ERROR: [bB]lock\D{0,3}2\D{1,2}1\D{1,2}0
// EXPECT-ERROR: [tT]hread\D{0,3}5\D{1,2}0\D{1,2}0
// EXPECT-ERROR: illegal_address\.cu:%LINE(fault)
// NVCC: skip the words are our own
#include "check.h"

__device__ __noinline__ void put(int *where, int value) {
    *where = value; // fault
}

__global__ void scatter(int *out) {
    bool bad = blockIdx.x == 2 && blockIdx.y == 1 && threadIdx.x == 5;
    int *where = bad ? reinterpret_cast<int *>(16) : &out[threadIdx.x];
    put(where, 1);
}

int main() {
    Array<int> out(32);
    scatter<<<dim3(3, 2), 32>>>(out);
    std::printf("%s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    std::printf("the host goes on\n");
    return 0;
}
