// SPDX-License-Identifier: Apache-2.0
// 1-, 2- and 3-D grids and blocks: every thread runs once, with its own indices, for shapes up to CUDA's limits.
// EXPECT: grid 1x1x1 block 1x1x1: 1 threads ok
// EXPECT: grid 3x1x1 block 1024x1x1: 3072 threads ok
// EXPECT: grid 1x2x1 block 1x1024x1: 2048 threads ok
// EXPECT: grid 2x1x2 block 1x1x64: 256 threads ok
// EXPECT: grid 5x3x2 block 7x5x3: 3150 threads ok
// EXPECT: grid 2x2x2 block 32x32x1: 8192 threads ok
// EXPECT: grid 3x3x3 block 4x4x64: 27648 threads ok
// EXPECT: grid 1x65535x1 block 1x1x1: 65535 threads ok
// EXPECT: grid 1x1x65535 block 2x1x1: 131070 threads ok
// EXPECT: grid 100003x1x1 block 3x1x1: 300009 threads ok
// EXPECT: grid 31x17x5 block 8x4x2: 168640 threads ok
#include "check.h"

__global__ void mark(unsigned *seen, unsigned *wrong) {
    unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    atomicAdd(&seen[block * (blockDim.x * blockDim.y * blockDim.z) + thread], 1u + thread % 7);
    if (threadIdx.x >= blockDim.x || threadIdx.y >= blockDim.y || threadIdx.z >= blockDim.z || blockIdx.x >= gridDim.x ||
        blockIdx.y >= gridDim.y || blockIdx.z >= gridDim.z || warpSize != 32)
        atomicAdd(wrong, 1u);
}

static void test(dim3 grid, dim3 block) {
    unsigned threads = block.x * block.y * block.z, count = grid.x * grid.y * grid.z * threads;
    Array<unsigned> seen(count), wrong(1);
    mark<<<grid, block>>>(seen, wrong);
    CHECK_LAUNCH();
    auto s = seen.host();
    bool fine = wrong.host()[0] == 0;
    for (unsigned i = 0; i < count; i++)
        fine = fine && s[i] == 1 + i % threads % 7;
    std::printf("grid %ux%ux%u block %ux%ux%u: %u threads %s\n", grid.x, grid.y, grid.z, block.x, block.y, block.z, count,
                fine ? "ok" : "wrong");
}

int main() {
    test(1, 1);
    test(3, 1024);
    test(dim3(1, 2), dim3(1, 1024));
    test(dim3(2, 1, 2), dim3(1, 1, 64));
    test(dim3(5, 3, 2), dim3(7, 5, 3));
    test(dim3(2, 2, 2), dim3(32, 32));
    test(dim3(3, 3, 3), dim3(4, 4, 64));
    test(dim3(1, 65535), 1);
    test(dim3(1, 1, 65535), 2);
    test(100003, 3);
    test(dim3(31, 17, 5), dim3(8, 4, 2));
    return 0;
}
