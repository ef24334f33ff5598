/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.cu: what kernels.ptx was made of: nvcc 13.0 -ptx -rdc=true -arch=sm_80 kernels.cu. */
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;

__constant__ int factor;
__device__ int blocks;
__managed__ int total = 100;

extern "C" __global__ void scale(int *values, int count, char unused, const int *offsets) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        values[i] = values[i] * factor + offsets[i];
        atomicAdd(&total, 1);
    }
    if (threadIdx.x == 0) {
        atomicAdd(&blocks, 1);
    }
}

/* What nvcc makes of it goes beyond CUDA's own words: the grid's barrier by the driver's registers, tiles of more than a warp by
 * the system's shared memory, a launch by its device runtime. */
extern "C" __global__ void child(int *out, int value) {
    out[2 + threadIdx.x] = value + (int)threadIdx.x;
}

extern "C" __global__ void meet(int *out) {
    __shared__ cg::block_tile_memory<128> memory;
    cg::grid_group grid = cg::this_grid();
    auto tile = cg::tiled_partition<64>(cg::this_thread_block(memory));
    int sum = cg::reduce(tile, (int)threadIdx.x, cg::plus<int>());
    if (threadIdx.x == 64) {
        atomicAdd(out, sum);
    }
    grid.sync();
    if (grid.thread_rank() == 0) {
        out[1] = out[0];
        child<<<1, 2>>>(out, 40);
    }
}
