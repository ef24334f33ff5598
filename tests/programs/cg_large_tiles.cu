// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: tiles of 64 and more threads, which span warps and use block_tile_memory.
// EXPECT: tile 64: ok
// EXPECT: tile 128: ok
#include "check.h"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;

template <int Size> __global__ void tile(int *wrong) {
    __shared__ cg::block_tile_memory<256> memory;
    cg::thread_block block = cg::this_thread_block(memory);
    auto tile = cg::tiled_partition<Size>(block);
    int t = threadIdx.x, rank = t % Size, first = t - rank;
    bool fine = static_cast<int>(tile.thread_rank()) == rank && tile.size() == Size &&
                static_cast<int>(tile.meta_group_rank()) == t / Size && tile.meta_group_size() == 256 / Size;
    tile.sync();
    fine = fine && tile.shfl(t, 3) == first + 3;
    fine = fine && tile.any(rank == 40) != 0 && tile.all(rank < Size - 1) == 0;
    fine = fine && cg::reduce(tile, t, cg::plus<int>()) == Size * first + Size * (Size - 1) / 2;
    if (!fine)
        atomicAdd(wrong, 1);
}

template <int Size> static void test() {
    Array<int> wrong(1);
    tile<Size><<<3, 256>>>(wrong);
    CHECK_LAUNCH();
    std::printf("tile %d: %s\n", Size, wrong.host()[0] ? "wrong" : "ok");
}

int main() {
    test<64>();
    test<128>();
    return 0;
}
