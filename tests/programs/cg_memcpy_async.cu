// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: asynchronous copies by blocks, tiles and coalesced groups, of bytes and of elements with layouts, and
// the ways to wait for them; the split barrier of a block.
// EXPECT: block 0 wrong
// EXPECT: tiles 0 wrong
// EXPECT: stages 0 wrong
// EXPECT: layouts 0 wrong
// EXPECT: odd bytes 0 wrong
// EXPECT: split barrier 0 wrong
// NVCC: skip hardware copies no odd bytes
#include <cooperative_groups.h>
#include <cooperative_groups/memcpy_async.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

__global__ void by_block(const int *in, int *wrong, int count) {
    extern __shared__ int buffer[];
    auto block = cg::this_thread_block();
    cg::memcpy_async(block, buffer, in + blockIdx.x * count, sizeof(int) * count);
    cg::wait(block);
    for (int i = (int)block.thread_rank(); i < count; i += (int)block.num_threads())
        if (buffer[count - 1 - i] != (int)blockIdx.x * count + count - 1 - i) atomicAdd(wrong, 1);
}

__global__ void by_tiles(const int *in, int *wrong) {
    __shared__ int buffer[8][64];
    auto tile = cg::tiled_partition<16>(cg::this_thread_block());
    unsigned rank = tile.meta_group_rank();
    cg::memcpy_async(tile, buffer[rank], in + rank * 64, 256);
    cg::wait(tile);
    for (unsigned i = 0; i < 64; i++)
        if (buffer[rank][i] != (int)(rank * 64 + i)) atomicAdd(wrong, 1);
}

// Two stages: while one is worked on, the next one is on its way.
__global__ void in_stages(const int *in, int *wrong, int count) {
    __shared__ int buffer[2][128];
    auto block = cg::this_thread_block();
    cg::memcpy_async(block, buffer[0], in, sizeof buffer[0]);
    for (int stage = 0; stage < count; stage++) {
        if (stage + 1 < count) {
            cg::memcpy_async(block, buffer[(stage + 1) % 2], in + (stage + 1) * 128, sizeof buffer[0]);
            cg::wait_prior<1>(block);
        } else {
            cg::wait(block);
        }
        if (buffer[stage % 2][127 - threadIdx.x] != stage * 128 + 127 - (int)threadIdx.x) atomicAdd(wrong, 1);
        block.sync();
    }
}

struct Three {
    int part[3];
};

__global__ void with_layouts(const Three *in, int *wrong) {
    __shared__ Three buffer[100];
    auto block = cg::this_thread_block();
    if (threadIdx.x < 100) buffer[threadIdx.x] = {{-1, -1, -1}};
    block.sync();
    cg::memcpy_async(block, buffer, 60, in, 80); // as many elements as both have
    cg::wait(block);
    if (threadIdx.x < 100) {
        int expected = threadIdx.x < 60 ? (int)threadIdx.x * 3 + 1 : -1;
        if (buffer[threadIdx.x].part[1] != expected) atomicAdd(wrong, 1);
    }
}

__global__ void odd_bytes(const char *in, int *wrong) {
    __shared__ char buffer[80];
    if (threadIdx.x < 80) buffer[threadIdx.x] = 0;
    __syncthreads();
    if (threadIdx.x < 40 && threadIdx.x % 2) {
        auto group = cg::coalesced_threads();
        if (threadIdx.x < 32) cg::memcpy_async(group, buffer + 1, in + 3, 53);
        cg::wait(group);
    }
    __syncthreads();
    if (threadIdx.x < 53 && buffer[threadIdx.x + 1] != in[threadIdx.x + 3]) atomicAdd(wrong, 1);
    if (threadIdx.x == 64 && (buffer[0] != 0 || buffer[54] != 0)) atomicAdd(wrong, 1);
}

__global__ void split_barrier(int *wrong) {
    __shared__ int cells[96];
    auto block = cg::this_thread_block();
    int sum = 0;
    for (int round = 1; round <= 20; round++) {
        cells[threadIdx.x] = round * (int)threadIdx.x;
        auto token = block.barrier_arrive();
        sum += round; // work of one's own
        block.barrier_wait(std::move(token));
        unsigned other = 95 - threadIdx.x;
        if (cells[other] != round * (int)other) atomicAdd(wrong, 1);
        block.sync();
    }
    if (sum != 210) atomicAdd(wrong, 1);
}

static int *wrong;
static void verdict(const char *name) {
    CHECK_LAUNCH();
    std::printf("%s %d wrong\n", name, *wrong);
    *wrong = 0;
}

int main() {
    int *in;
    CHECK(cudaMallocManaged(&in, 8192 * sizeof *in));
    CHECK(cudaMallocManaged(&wrong, sizeof *wrong));
    *wrong = 0;
    for (int i = 0; i < 8192; i++)
        in[i] = i;
    by_block<<<4, 96, 500 * sizeof(int)>>>(in, wrong, 500);
    verdict("block");
    by_tiles<<<2, 128>>>(in, wrong);
    verdict("tiles");
    in_stages<<<2, 128>>>(in, wrong, 10);
    verdict("stages");
    with_layouts<<<1, 128>>>((const Three *)in, wrong);
    verdict("layouts");
    odd_bytes<<<1, 96>>>((const char *)in, wrong);
    verdict("odd bytes");
    split_barrier<<<3, 96>>>(wrong);
    verdict("split barrier");
    return 0;
}
