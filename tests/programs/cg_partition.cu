// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: labeled_partition and binary_partition of tiles and coalesced groups.
// EXPECT: labels: ok
// EXPECT: binary: ok
// EXPECT: within a branch: ok
#include "check.h"
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void labels(int *out) {
    auto tile = cg::tiled_partition<32>(cg::this_thread_block());
    int t = threadIdx.x, label = t * t % 5;
    auto group = cg::labeled_partition(tile, label);
    int leader = group.shfl(t, 0);
    out[t] = static_cast<int>(group.size()) * 10000 + static_cast<int>(group.thread_rank()) * 100 + leader;
}

__global__ void binary(int *out) {
    auto tile = cg::tiled_partition<16>(cg::this_thread_block());
    int t = threadIdx.x;
    auto group = cg::binary_partition(tile, t % 3 == 0);
    int last = group.shfl(t, group.size() - 1);
    out[t] = static_cast<int>(group.size()) * 10000 + static_cast<int>(group.thread_rank()) * 100 + last;
}

__global__ void branch(int *out) {
    int t = threadIdx.x;
    out[t] = -1;
    if (t % 32 >= 10) {
        cg::coalesced_group active = cg::coalesced_threads();
        auto group = cg::labeled_partition(active, t % 4);
        out[t] = static_cast<int>(group.size()) * 100 + static_cast<int>(group.thread_rank());
    }
}

int main() {
    Array<int> out(64);
    std::vector<int> want(64);
    labels<<<1, 64>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 64; t++) {
        int size = 0, rank = 0, leader = -1;
        for (int o = t / 32 * 32; o < t / 32 * 32 + 32; o++)
            if (o * o % 5 == t * t % 5) {
                size++;
                rank += o < t;
                leader = leader < 0 ? o : leader;
            }
        want[t] = size * 10000 + rank * 100 + leader;
    }
    same("labels", out.host(), want);
    binary<<<1, 64>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 64; t++) {
        int size = 0, rank = 0, last = 0;
        for (int o = t / 16 * 16; o < t / 16 * 16 + 16; o++)
            if ((o % 3 == 0) == (t % 3 == 0)) {
                size++;
                rank += o < t;
                last = o;
            }
        want[t] = size * 10000 + rank * 100 + last;
    }
    same("binary", out.host(), want);
    branch<<<1, 64>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 64; t++) {
        int size = 0, rank = 0;
        for (int o = t / 32 * 32 + 10; o < t / 32 * 32 + 32; o++)
            if (o % 4 == t % 4) {
                size++;
                rank += o < t;
            }
        want[t] = t % 32 >= 10 ? size * 100 + rank : -1;
    }
    same("within a branch", out.host(), want);
    return 0;
}
