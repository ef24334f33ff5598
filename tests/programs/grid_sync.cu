// SPDX-License-Identifier: Apache-2.0
// Grid-wide synchronisation in cooperative launches: every block sees what all blocks wrote before, thousands of times, with
// more blocks than processors; split arrival and waiting; the shape of the grid as a group; launches through
// cudaLaunchKernelExC; groups passed as thread_group.
// EXPECT: supported 1
// EXPECT: rounds 0 wrong
// EXPECT: split 0 wrong
// EXPECT: shapes 0 wrong
// EXPECT: early exits 0 wrong
// EXPECT: valid 1 0
// NVCC: skip group_index of a grid is ours alone
#include <cooperative_groups.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

// Each round every block stores a value that depends on the round; after the barrier each thread checks another block's.
__global__ void rounds(unsigned *cells, unsigned *wrong, int count) {
    cg::grid_group grid = cg::this_grid();
    unsigned block = (unsigned)grid.block_rank(), blocks = (unsigned)grid.num_blocks();
    for (int round = 1; round <= count; round++) {
        if (threadIdx.x == blockDim.x - 1) cells[block] = block * 77u + (unsigned)round;
        grid.sync();
        unsigned other = (block + threadIdx.x + (unsigned)round) % blocks;
        if (cells[other] != other * 77u + (unsigned)round) atomicAdd(wrong, 1u);
        grid.sync();
    }
}

__global__ void split(unsigned *cells, unsigned *sums, unsigned *wrong, int count) {
    cg::grid_group grid = cg::this_grid();
    unsigned block = (unsigned)grid.block_rank(), blocks = (unsigned)grid.num_blocks();
    unsigned mine = 0;
    for (int round = 0; round < count; round++) {
        if (threadIdx.x == 0) cells[block] = (unsigned)round + block;
        auto token = grid.barrier_arrive();
        mine += (unsigned)round * threadIdx.x; // work that needs nobody
        grid.barrier_wait(std::move(token));
        unsigned other = blocks - 1 - block;
        if (cells[other] != (unsigned)round + other) atomicAdd(wrong, 1u);
        cg::sync(grid);
    }
    sums[grid.thread_rank()] = mine;
}

__device__ unsigned long long through_base(const cg::thread_group &group) {
    group.sync();
    return group.thread_rank() * 1000000ull + group.size();
}

__global__ void shapes(unsigned *wrong) {
    cg::grid_group grid = cg::this_grid();
    bool good = grid.num_threads() == 2ull * 3 * 2 * 8 * 4 && grid.size() == grid.num_threads() &&
                grid.dim_blocks().x == 2 && grid.dim_blocks().y == 3 && grid.dim_blocks().z == 2 &&
                grid.group_dim().y == 3 && grid.block_index().z == blockIdx.z && grid.group_index().x == blockIdx.x &&
                grid.block_rank() == (blockIdx.z * 3u + blockIdx.y) * 2u + blockIdx.x &&
                grid.thread_rank() == grid.block_rank() * 32u + threadIdx.y * 8u + threadIdx.x;
    good = good && through_base(grid) == grid.thread_rank() * 1000000ull + grid.num_threads();
    if (!good) atomicAdd(wrong, 1u);
}

// Threads beyond the first that have ended count as arrived, as at __syncthreads.
__global__ void early_exits(unsigned *cells, unsigned *wrong) {
    cg::grid_group grid = cg::this_grid();
    if (threadIdx.x > 40) return;
    for (unsigned round = 0; round < 20; round++) {
        if (threadIdx.x == 0) cells[blockIdx.x] = round;
        grid.sync();
        if (cells[(blockIdx.x + 1) % gridDim.x] != round) atomicAdd(wrong, 1u);
        grid.sync();
    }
}

__global__ void valid(int *out) { *out = cg::this_grid().is_valid(); }

static unsigned *cells, *sums, *wrong;

static unsigned result() {
    CHECK(cudaDeviceSynchronize());
    unsigned value = *wrong;
    *wrong = 0;
    return value;
}

int main() {
    int supported, processors, fit;
    CHECK(cudaDeviceGetAttribute(&supported, cudaDevAttrCooperativeLaunch, 0));
    CHECK(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0));
    std::printf("supported %d\n", supported);
    CHECK(cudaMallocManaged(&cells, 1 << 20));
    CHECK(cudaMallocManaged(&sums, 1 << 20));
    CHECK(cudaMallocManaged(&wrong, 4));
    *wrong = 0;

    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&fit, rounds, 32, 0));
    unsigned blocks = (unsigned)(fit * processors);
    blocks = blocks > 200 ? 200 : blocks;
    int count = 1000;
    void *first[] = {&cells, &wrong, &count};
    CHECK(cudaLaunchCooperativeKernel(rounds, dim3(blocks), dim3(32), first, 0, 0));
    std::printf("rounds %u wrong\n", result());

    count = 100;
    void *second[] = {&cells, &sums, &wrong, &count};
    CHECK(cudaLaunchCooperativeKernel((void *)split, dim3(blocks / 4), dim3(96), second, 0, 0));
    std::printf("split %u wrong\n", result());

    cudaLaunchConfig_t config = {};
    cudaLaunchAttribute attribute;
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
    config.gridDim = dim3(2, 3, 2);
    config.blockDim = dim3(8, 4);
    config.attrs = &attribute;
    config.numAttrs = 1;
    CHECK(cudaLaunchKernelEx(&config, shapes, wrong));
    std::printf("shapes %u wrong\n", result());

    void *third[] = {&cells, &wrong};
    CHECK(cudaLaunchCooperativeKernel((void *)early_exits, dim3(4), dim3(100), third, 0, 0));
    std::printf("early exits %u wrong\n", result());

    int *out;
    CHECK(cudaMallocManaged(&out, 8));
    void *fourth[] = {&out};
    CHECK(cudaLaunchCooperativeKernel((void *)valid, dim3(1), dim3(1), fourth, 0, 0));
    valid<<<1, 1>>>(out + 1);
    CHECK(cudaDeviceSynchronize());
    std::printf("valid %d %d\n", out[0], out[1]);
    return 0;
}
