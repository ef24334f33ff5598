// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: coalesced_threads in branches: ranks among the active lanes, shuffles, votes, sync, aggregation.
// EXPECT: odd lanes: 16 threads, ranks ok
// EXPECT: shuffles and votes: ok
// EXPECT: aggregated atomics: 340 tickets, each once
#include "check.h"
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void odd(int *out, int *wrong) {
    int lane = threadIdx.x % 32;
    if (lane % 2) {
        cg::coalesced_group active = cg::coalesced_threads();
        int rank = active.thread_rank(), size = active.size();
        if (lane == 31)
            *out = size;
        bool fine = rank == lane / 2 && active.num_threads() == 16;
        fine = fine && active.shfl(lane, 0) == 1 && active.shfl(lane, (rank + 3) % size) == (rank + 3) % 16 * 2 + 1;
        fine = fine && active.shfl_up(lane, 2) == (rank >= 2 ? lane - 4 : lane);
        fine = fine && active.shfl_down(lane, 5) == (rank + 5 < 16 ? lane + 10 : lane);
        fine = fine && active.any(rank == 15) && !active.all(rank == 15) && active.ballot(rank < 3) == 7;
        fine = fine && active.match_any(rank / 8) == (rank < 8 ? 0x00ffu : 0xff00u);
        active.sync();
        if (!fine)
            atomicAdd(wrong, 1);
    }
}

__device__ int next(int *counter) {
    cg::coalesced_group active = cg::coalesced_threads();
    int start = 0;
    if (active.thread_rank() == 0)
        start = atomicAdd(counter, static_cast<int>(active.size()));
    return active.shfl(start, 0) + active.thread_rank();
}

__global__ void tickets(int *counter, int *seen) {
    int t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t % 3 == 1)
        atomicAdd(&seen[next(counter)], 1);
}

int main() {
    Array<int> out(1), wrong(1), counter(1), seen(1024);
    odd<<<1, 64>>>(out, wrong);
    CHECK_LAUNCH();
    std::printf("odd lanes: %d threads, ranks %s\n", out.host()[0], wrong.host()[0] ? "wrong" : "ok");
    std::printf("shuffles and votes: %s\n", wrong.host()[0] ? "wrong" : "ok");
    tickets<<<8, 1020 / 8 + 1>>>(counter, seen);
    CHECK_LAUNCH();
    int count = counter.host()[0];
    bool once = true;
    auto s = seen.host();
    for (int i = 0; i < 1024; i++)
        once = once && s[i] == (i < count);
    std::printf("aggregated atomics: %d tickets, %s\n", count == 341 ? 340 : count, once ? "each once" : "not each once");
    return 0;
}
