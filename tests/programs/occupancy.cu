// SPDX-License-Identifier: Apache-2.0
// The occupancy functions: plausible numbers that hold together, and suggested block sizes that launch.
// EXPECT: at least one block: yes
// EXPECT: more shared memory, not more blocks: yes
// EXPECT: suggested size launches and is a multiple of 32: yes
// EXPECT: within the kernel's launch bounds: yes
// EXPECT: with a function of the block size: yes
#include "check.h"

__global__ void kernel(int *out) {
    if (threadIdx.x == 0)
        atomicAdd(out, 1);
}
__global__ void __launch_bounds__(96) bounded(int *out) { *out = 1; }

int main() {
    int few = 0, many = 0;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&many, kernel, 128, 0));
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&few, kernel, 128, 40000));
    std::printf("at least one block: %s\n", many >= 1 && few >= 1 ? "yes" : "no");
    std::printf("more shared memory, not more blocks: %s\n", few <= many ? "yes" : "no");
    int grid = 0, block = 0;
    CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &block, kernel, 0, 0));
    Array<int> out(1);
    kernel<<<grid, block>>>(out);
    CHECK_LAUNCH();
    std::printf("suggested size launches and is a multiple of 32: %s\n",
                out.host()[0] == grid && block % 32 == 0 && block > 0 ? "yes" : "no");
    CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &block, bounded));
    std::printf("within the kernel's launch bounds: %s\n", block > 0 && block <= 96 ? "yes" : "no");
    CHECK(cudaOccupancyMaxPotentialBlockSizeVariableSMem(&grid, &block, kernel, [](int threads) { return threads * 8; }));
    kernel<<<grid, block, block * 8>>>(out);
    CHECK_LAUNCH();
    std::printf("with a function of the block size: %s\n", block > 0 ? "yes" : "no");
    return 0;
}
