// SPDX-License-Identifier: Apache-2.0
// `#pragma unroll` of a loop with 512 iterations and a branch in each: unrolled in part, compiled in a second.
// EXPECT: sums: ok
#include "check.h"

__global__ void fill(int n, float *x, float *y) {
    int lane = threadIdx.x & 31, warp = (threadIdx.x + blockIdx.x * blockDim.x) >> 5;
#pragma unroll
    for (int repeat = 0; repeat < 512; repeat++) {
        int i = warp * 16384 + repeat * 32 + lane;
        if (i < n) {
            x[i] = 1.0f;
            y[i] = float(repeat);
        }
    }
}

int main() {
    const int n = 50001;
    float *x, *y;
    CHECK(cudaMallocManaged(&x, n * sizeof(float)));
    CHECK(cudaMallocManaged(&y, n * sizeof(float)));
    fill<<<1, 128>>>(n, x, y);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += x[i] != 1.0f || y[i] != float(i % 16384 / 32);
    std::printf("sums: %s\n", wrong ? "wrong" : "ok");
    return 0;
}
