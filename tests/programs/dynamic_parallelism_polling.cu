// SPDX-License-Identifier: Apache-2.0
// Kernels that wait, by polling memory, for the kernels that they launched. CUDA promises no such progress, but its devices
// give it while there is room, and so does this one, on one processor too.
// EXPECT: sums 0 wrong
// EXPECT: chain 10
// NVCC: -rdc=true
#include <cstdio>
#include "check.h"

__global__ void add(int *sum, int value) {
    atomicAdd(sum, value);
    __threadfence();
    atomicAdd(sum + 1, 1);
}

__global__ void wait_for_sums(int *cells, int *wrong) {
    int *mine = cells + 2 * blockIdx.x;
    for (int round = 1; round <= 5; round++) {
        if (threadIdx.x == 0) {
            add<<<2, 8>>>(mine, round);
            while (*(volatile int *)(mine + 1) < 16 * round) {}
        }
        __syncthreads();
        if (*(volatile int *)mine != 16 * round * (round + 1) / 2) atomicAdd(wrong, 1);
        __syncthreads();
    }
}

__global__ void chain(volatile int *depth, int level) {
    if (level < 10) {
        chain<<<1, 1, 0, cudaStreamFireAndForget>>>(depth, level + 1);
        while (*depth < 10) {}
    } else {
        *depth = level;
    }
}

int main() {
    int *cells, *wrong;
    CHECK(cudaMallocManaged(&cells, 4096));
    CHECK(cudaMallocManaged(&wrong, sizeof *wrong));
    CHECK(cudaMemset(cells, 0, 4096));
    CHECK(cudaDeviceSynchronize());
    *wrong = 0;
    wait_for_sums<<<6, 32>>>(cells, wrong);
    CHECK_LAUNCH();
    std::printf("sums %d wrong\n", *wrong);
    cells[1000] = 0;
    chain<<<1, 1>>>(cells + 1000, 0);
    CHECK_LAUNCH();
    std::printf("chain %d\n", cells[1000]);
    return 0;
}
