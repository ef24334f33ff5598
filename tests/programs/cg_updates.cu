// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: reductions and scans that update an atomic object, over tiles of every size and coalesced groups;
// invoke_one and its broadcast; the deprecated group of several grids; a group of any kind by its base.
// NVCC: skip the atomic object here is a stand-in for cuda::atomic
// EXPECT: reduce update 0 wrong
// EXPECT: reduce store 0 wrong
// EXPECT: scan update 0 wrong
// EXPECT: large scan 0 wrong
// EXPECT: coalesced 0 wrong
// EXPECT: invoke 0 wrong
// EXPECT: several grids 0 wrong
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

// What the group functions need of cuda::atomic<unsigned>.
struct Atomic {
    unsigned value;
    __device__ unsigned load() const { return *(volatile const unsigned *)&value; }
    __device__ void store(unsigned v) { *(volatile unsigned *)&value = v; }
    __device__ bool compare_exchange_weak(unsigned &expected, unsigned desired) {
        unsigned old = atomicCAS(&value, expected, desired);
        bool done = old == expected;
        expected = old;
        return done;
    }
};

template <unsigned Size> __device__ void reduce_updates(cg::thread_block block, Atomic *cells, unsigned *wrong) {
    auto tile = cg::tiled_partition<Size>(block);
    if (block.thread_rank() == 0) cells[0].value = cells[1].value = 0;
    block.sync();
    cg::reduce_update_async(tile, cells[0], block.thread_rank(), cg::plus<unsigned>());
    cg::reduce_update_async(tile, cells[1], block.thread_rank(), cg::greater<unsigned>());
    block.sync();
    unsigned n = block.num_threads();
    if (cells[0].value != n * (n - 1) / 2 || cells[1].value != n - 1) atomicAdd(wrong, 1u);
    block.sync();
}

__global__ void reduce_update(Atomic *cells, unsigned *wrong) {
    auto block = cg::this_thread_block();
    reduce_updates<1>(block, cells, wrong);
    reduce_updates<4>(block, cells, wrong);
    reduce_updates<32>(block, cells, wrong);
    reduce_updates<64>(block, cells, wrong);
    reduce_updates<256>(block, cells, wrong);
}

__global__ void reduce_store(Atomic *cells, unsigned *wrong) {
    auto tile = cg::tiled_partition<16>(cg::this_thread_block());
    cg::reduce_store_async(tile, cells[tile.meta_group_rank()], 1u << tile.thread_rank(), cg::bit_or<unsigned>());
    __syncthreads();
    if (cells[tile.meta_group_rank()].value != 0xffff || tile.meta_group_size() != 16) atomicAdd(wrong, 1u);
}

// Each group takes a run of places, in the order in which the groups come.
template <unsigned Size> __device__ void take_places(cg::thread_block block, Atomic *cell, unsigned *seen, unsigned *wrong) {
    auto tile = cg::tiled_partition<Size>(block);
    if (block.thread_rank() == 0) cell->value = 100;
    seen[block.thread_rank()] = 0;
    block.sync();
    unsigned place = cg::exclusive_scan_update(tile, *cell, 1u, cg::plus<unsigned>());
    unsigned first = tile.shfl(place, 0);
    if (place != first + tile.thread_rank() || place < 100 || place >= 100 + block.num_threads()) atomicAdd(wrong, 1u);
    else atomicAdd(&seen[place - 100], 1u);
    block.sync();
    if (seen[block.thread_rank()] != 1 || cell->value != 100 + block.num_threads()) atomicAdd(wrong, 1u);
    block.sync();
    unsigned end = cg::inclusive_scan_update(tile, *cell, 2u);
    if (end != tile.shfl(end, 0) + 2 * tile.thread_rank()) atomicAdd(wrong, 1u);
    block.sync();
    if (cell->value != 100 + 3 * block.num_threads()) atomicAdd(wrong, 1u);
    block.sync();
}

__global__ void scan_update(Atomic *cells, unsigned *seen, unsigned *wrong) {
    auto block = cg::this_thread_block();
    take_places<2>(block, cells, seen, wrong);
    take_places<16>(block, cells, seen, wrong);
    take_places<32>(block, cells, seen, wrong);
}

__global__ void large_scan(Atomic *cells, unsigned *seen, unsigned *wrong) {
    __shared__ cg::block_tile_memory<256> memory;
    auto block = cg::this_thread_block(memory);
    take_places<128>(block, cells, seen, wrong);
    auto tile = cg::tiled_partition<64>(block);
    unsigned sum = cg::inclusive_scan(tile, tile.thread_rank());
    if (sum != tile.thread_rank() * (tile.thread_rank() + 1) / 2) atomicAdd(wrong, 1u);
    if (cg::exclusive_scan(tile, 3u) != 3 * tile.thread_rank()) atomicAdd(wrong, 1u);
}

__global__ void coalesced(Atomic *cells, unsigned *wrong) {
    if (threadIdx.x == 0) cells[0].value = 0;
    __syncthreads();
    if (threadIdx.x % 3 == 1) {
        cg::coalesced_group group = cg::coalesced_threads();
        unsigned place = cg::exclusive_scan_update(group, cells[0], 1u);
        if (place >= 85 || place - group.thread_rank() != group.shfl(place, 0)) atomicAdd(wrong, 1u);
        cg::reduce_update_async(group, cells[1], threadIdx.x, cg::greater<unsigned>());
    }
    __syncthreads();
    if (cells[0].value != 85 || cells[1].value != 253) atomicAdd(wrong, 1u);
}

__global__ void invoke(Atomic *cells, unsigned *wrong) {
    auto tile = cg::tiled_partition<8>(cg::this_thread_block());
    unsigned calls = 0;
    cg::invoke_one(tile, [&](unsigned by) { calls += by; }, 5u);
    if (calls != (tile.thread_rank() == 0 ? 5 : 0)) atomicAdd(wrong, 1u);
    unsigned sum = tile.shfl(calls, 0);
    unsigned got = cg::invoke_one_broadcast(tile, [](Atomic *cell) { return atomicAdd(&cell->value, 1u) + 1; }, &cells[tile.meta_group_rank()]);
    if (sum != 5 || got != 1) atomicAdd(wrong, 1u);
    __syncthreads();
    if (cells[tile.meta_group_rank()].value != 1) atomicAdd(wrong, 1u);
}

__global__ void several_grids(unsigned *cells, unsigned *wrong) {
    auto all = cg::this_multi_grid();
    cells[all.thread_rank()] = 1;
    all.sync();
    unsigned sum = 0;
    for (unsigned i = 0; i < all.num_threads(); i++)
        sum += cells[i];
    if (sum != 96 || all.num_grids() != 1 || all.grid_rank() != 0 || !all.is_valid()) atomicAdd(wrong, 1u);
}

static unsigned *wrong;
static void verdict(const char *name) {
    CHECK_LAUNCH();
    std::printf("%s %u wrong\n", name, *wrong);
    *wrong = 0;
}

int main() {
    Atomic *cells;
    unsigned *seen;
    CHECK(cudaMallocManaged(&cells, 4096));
    CHECK(cudaMallocManaged(&seen, 4096));
    CHECK(cudaMallocManaged(&wrong, 4));
    *wrong = 0;
    reduce_update<<<1, 256>>>(cells, wrong);
    verdict("reduce update");
    reduce_store<<<1, 256>>>(cells, wrong);
    verdict("reduce store");
    scan_update<<<1, 256>>>(cells, seen, wrong);
    verdict("scan update");
    large_scan<<<1, 256>>>(cells, seen, wrong);
    verdict("large scan");
    CHECK(cudaMemset(cells, 0, 4096));
    coalesced<<<1, 256>>>(cells, wrong);
    verdict("coalesced");
    CHECK(cudaMemset(cells, 0, 4096));
    invoke<<<1, 128>>>(cells, wrong);
    verdict("invoke");
    void *arguments[] = {&seen, &wrong};
    CHECK(cudaLaunchCooperativeKernel((void *)several_grids, dim3(3), dim3(32), arguments, 0, 0));
    verdict("several grids");
    return 0;
}
