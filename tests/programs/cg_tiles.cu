// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: tiles of 32, 16, 8, 4, 2 and 1 threads: ranks, shuffles, votes, match, sync; tiles of tiles.
// EXPECT: tile 32: ok
// EXPECT: tile 16: ok
// EXPECT: tile 8: ok
// EXPECT: tile 4: ok
// EXPECT: tile 2: ok
// EXPECT: tile 1: ok
// EXPECT: tile of a tile: ok
// EXPECT: run-time size: ok
#include "check.h"
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

template <int Size> __global__ void tile(int *wrong) {
    cg::thread_block block = cg::this_thread_block();
    cg::thread_block_tile<Size> tile = cg::tiled_partition<Size>(block);
    int t = threadIdx.x, rank = t % Size, first = t - rank;
    bool fine = static_cast<int>(tile.thread_rank()) == rank && tile.size() == Size && tile.num_threads() == Size &&
                static_cast<int>(tile.meta_group_rank()) == t / Size && tile.meta_group_size() == blockDim.x / Size;
    fine = fine && tile.shfl(t, 0) == first && tile.shfl(t, Size - 1 - rank) == first + Size - 1 - rank;
    fine = fine && tile.shfl_up(t, 1) == (rank >= 1 ? t - 1 : t);
    fine = fine && tile.shfl_down(t, 1) == (rank + 1 < Size ? t + 1 : t);
    if (Size > 1)
        fine = fine && tile.shfl_xor(t, 1) == (t ^ 1);
    fine = fine && tile.any(rank == 0) && tile.all(t >= first) && tile.all(rank > 0) == 0;
    unsigned every = Size == 32 ? 0xffffffffu : (1u << Size) - 1;
    fine = fine && tile.ballot(rank % 2 == 0) == (0x55555555u & every);
    fine = fine && tile.match_any(rank / 2) == (every & (3u << rank / 2 * 2));
    float sum = static_cast<float>(rank);
    for (int step = Size / 2; step > 0; step /= 2)
        sum += tile.shfl_xor(sum, step);
    fine = fine && sum == Size * (Size - 1) / 2;
    tile.sync();
    if (!fine)
        atomicAdd(wrong, 1);
}

__global__ void nested(int *wrong) {
    auto warp = cg::tiled_partition<32>(cg::this_thread_block());
    auto eight = cg::tiled_partition<8>(warp);
    auto two = cg::tiled_partition<2>(eight);
    int t = threadIdx.x;
    double value = t * 0.5;
    bool fine = eight.meta_group_rank() == t % 32 / 8 && eight.meta_group_size() == 4 && two.meta_group_size() == 4 &&
                two.shfl(value, 0) == t / 2 * 2 * 0.5 && eight.shfl(value, 7) == (t / 8 * 8 + 7) * 0.5;
    if (!fine)
        atomicAdd(wrong, 1);
}

__global__ void run_time(int size, int *out) {
    cg::thread_group group = cg::tiled_partition(cg::this_thread_block(), size);
    __shared__ int shared[64];
    shared[threadIdx.x] = threadIdx.x;
    group.sync();
    int base = threadIdx.x - group.thread_rank();
    out[threadIdx.x] = shared[base + (group.thread_rank() + 1) % group.size()];
}

template <int Size> static void test() {
    Array<int> wrong(1);
    tile<Size><<<2, 96>>>(wrong);
    CHECK_LAUNCH();
    std::printf("tile %d: %s\n", Size, wrong.host()[0] ? "wrong" : "ok");
}

int main() {
    test<32>();
    test<16>();
    test<8>();
    test<4>();
    test<2>();
    test<1>();
    Array<int> wrong(1), out(64);
    nested<<<1, 64>>>(wrong);
    CHECK_LAUNCH();
    std::printf("tile of a tile: %s\n", wrong.host()[0] ? "wrong" : "ok");
    bool fine = true;
    for (int size : {4, 16, 32}) {
        run_time<<<1, 64>>>(size, out);
        CHECK_LAUNCH();
        auto o = out.host();
        for (int t = 0; t < 64; t++)
            fine = fine && o[t] == t / size * size + (t % size + 1) % size;
    }
    std::printf("run-time size: %s\n", fine ? "ok" : "wrong");
    return 0;
}
