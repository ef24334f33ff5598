// SPDX-License-Identifier: Apache-2.0
// What nvcc takes and clang's parser does not: special registers of PTX behind one sign, and `#pragma unroll` before what is no
// loop; typeof under a -std without GNU's extensions.
// RUN: -std=c++17
// EXPECT: lanes: 496
// EXPECT: threads: 32
// EXPECT: sums: 6 1
#include "check.h"

#define THREADS(to) \
    asm volatile("{ mov.u32 %0, %ntid.x; " \
                 "}" : "=r"(to)::"memory")

__global__ void lanes(unsigned *sum, unsigned *threads) {
    unsigned lane, count;
    asm("mov.u32 %0, %laneid;" : "=r"(lane));
    THREADS(count);
    atomicAdd(sum, lane);
    *threads = count;
}

__global__ void pragmas(int *out) {
#pragma unroll
    int sum = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        sum += i;
    }
#pragma unroll 2
    if (sum == 6) {
        out[1] = 1;
    }
    typeof(out[0]) result = sum;
    out[0] = result;
}

int main() {
    unsigned *sums;
    int *out;
    CHECK(cudaMallocManaged(&sums, 2 * sizeof *sums));
    CHECK(cudaMallocManaged(&out, 2 * sizeof *out));
    CHECK(cudaMemset(sums, 0, 2 * sizeof *sums));
    lanes<<<1, 32>>>(&sums[0], &sums[1]);
    pragmas<<<1, 1>>>(out);
    CHECK(cudaDeviceSynchronize());
    printf("lanes: %u\nthreads: %u\nsums: %d %d\n", sums[0], sums[1], out[0], out[1]);
    CHECK(cudaFree(sums));
    CHECK(cudaFree(out));
    return 0;
}
