// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: thread_block with its ranks, indices and sync, passed to functions, thread_group, this_grid's ranks.
// EXPECT: ranks and sizes: ok
// EXPECT: reversed through sync: ok
// EXPECT: as a generic group: 2016 2016
// EXPECT: grid: 210 threads, 6 blocks, last rank 209
#include "check.h"
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void ranks(int *wrong) {
    cg::thread_block block = cg::this_thread_block();
    unsigned rank = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    bool fine = block.thread_rank() == rank && block.size() == blockDim.x * blockDim.y * blockDim.z &&
                block.num_threads() == block.size() && block.group_index().x == blockIdx.x &&
                block.thread_index().y == threadIdx.y && block.dim_threads().z == blockDim.z;
    if (!fine)
        atomicAdd(wrong, 1);
}

__device__ void reverse(const cg::thread_block &block, int *shared, int *values) {
    unsigned t = block.thread_rank();
    shared[t] = values[t];
    block.sync();
    values[t] = shared[block.size() - 1 - t];
}

__global__ void reverse_kernel(int *values) {
    __shared__ int shared[200];
    reverse(cg::this_thread_block(), shared, values);
}

template <typename Group> __device__ int sum(const Group &group, int *shared, int value) {
    unsigned lane = group.thread_rank();
    for (unsigned step = group.size() / 2; step > 0; step /= 2) {
        shared[lane] = value;
        group.sync();
        if (lane < step)
            value += shared[lane + step];
        group.sync();
    }
    return value;
}

__global__ void generic(int *out) {
    __shared__ int shared[64];
    cg::thread_block block = cg::this_thread_block();
    int first = sum(block, shared, block.thread_rank());
    cg::thread_group group = block;
    int second = sum(group, shared, group.thread_rank());
    cg::sync(block);
    if (block.thread_rank() == 0) {
        out[0] = first;
        out[1] = second;
    }
}

__global__ void grid(unsigned long long *out) {
    cg::grid_group whole = cg::this_grid();
    if (whole.thread_rank() == whole.size() - 1) {
        out[0] = whole.size();
        out[1] = whole.num_blocks();
        out[2] = whole.thread_rank();
    }
}

int main() {
    Array<int> wrong(1);
    ranks<<<3, dim3(5, 7, 3)>>>(wrong);
    CHECK_LAUNCH();
    std::printf("ranks and sizes: %s\n", wrong.host()[0] ? "wrong" : "ok");
    std::vector<int> values(200), want(200);
    for (int i = 0; i < 200; i++)
        want[199 - i] = values[i] = i * i;
    Array<int> device(values), out(2);
    reverse_kernel<<<1, 200>>>(device);
    CHECK_LAUNCH();
    same("reversed through sync", device.host(), want);
    generic<<<1, 64>>>(out);
    CHECK_LAUNCH();
    std::printf("as a generic group: %d %d\n", out.host()[0], out.host()[1]);
    Array<unsigned long long> facts(3);
    grid<<<dim3(3, 2), 35>>>(facts);
    CHECK_LAUNCH();
    auto f = facts.host();
    std::printf("grid: %llu threads, %llu blocks, last rank %llu\n", f[0], f[1], f[2]);
    return 0;
}
