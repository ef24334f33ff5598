// SPDX-License-Identifier: Apache-2.0
// __activemask(): in code that a warp runs together it names all lanes; in a branch, those that took it, after they were
// brought together with __syncwarp; leader election and warp-aggregated atomics built on it.
// EXPECT: together: ffffffff
// EXPECT: in a branch: 0000ffff
// EXPECT: block of 40: ffffffff 000000ff
// EXPECT: aggregated counter 128, every ticket once: yes
#include "check.h"

__global__ void masks(unsigned *out) {
    int t = threadIdx.x, lane = t % 32;
    __syncwarp();
    unsigned together = __activemask();
    if (lane == 0)
        out[t / 32] = together;
    if (t < 16) {
        __syncwarp(0xffff);
        unsigned branch = __activemask();
        if (lane == 4)
            out[2] = branch;
    }
}

__device__ int aggregated_increment(int *counter) {
    unsigned active = __activemask();
    int lane = threadIdx.x % 32, leader = __ffs(active) - 1, start = 0;
    if (lane == leader)
        start = atomicAdd(counter, __popc(active));
    start = __shfl_sync(active, start, leader);
    return start + __popc(active & ((1u << lane) - 1));
}

__global__ void tickets(int *counter, int *seen) {
    if (threadIdx.x % 2)
        atomicAdd(&seen[aggregated_increment(counter)], 1);
}

int main() {
    Array<unsigned> out(3);
    masks<<<1, 32>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("together: %08x\nin a branch: %08x\n", o[0], o[2]);
    masks<<<1, 40>>>(out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("block of 40: %08x %08x\n", o[0], o[1]);
    Array<int> counter(1), seen(256);
    tickets<<<2, 128>>>(counter, seen);
    CHECK_LAUNCH();
    bool once = true;
    auto s = seen.host();
    for (int i = 0; i < 256; i++)
        once = once && s[i] == (i < 128);
    std::printf("aggregated counter %d, every ticket once: %s\n", counter.host()[0], once ? "yes" : "no");
    return 0;
}
