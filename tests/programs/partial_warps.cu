// SPDX-License-Identifier: Apache-2.0
// Blocks that don't fill their last warp: collectives among the lanes that exist, 2-D and 3-D blocks cut into warps by
// linear index, lanes that have returned.
// EXPECT: block of 40: ballots ffffffff 000000ff, sums 496 284
// EXPECT: block of 7: ballot 0000007f, sum 21
// EXPECT: block of 5 x 9 x 3: lanes and warps ok
// EXPECT: after an early return: 00000fff, maximum 11
#include "check.h"

__global__ void sums(unsigned *out) {
    unsigned t = threadIdx.x, lane = t % 32, count = blockDim.x - t / 32 * 32;
    unsigned mask = count >= 32 ? 0xffffffffu : (1u << count) - 1;
    unsigned ballot = __ballot_sync(mask, 1), sum = t;
    for (int step = 16; step > 0; step /= 2) {
        unsigned other = __shfl_down_sync(mask, sum, step);
        if (lane + step < count)
            sum += other;
    }
    if (lane == 0) {
        out[t / 32 * 2] = ballot;
        out[t / 32 * 2 + 1] = sum;
    }
}

__global__ void shapes(int *wrong) {
    unsigned t = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x, total = blockDim.x * blockDim.y * blockDim.z;
    unsigned count = total - t / 32 * 32, mask = count >= 32 ? 0xffffffffu : (1u << count) - 1;
    unsigned first = __shfl_sync(mask, t, 0), next = __shfl_down_sync(mask, t, 1);
    bool last = t % 32 == 31 || t + 1 == total;
    if (first != t / 32 * 32 || (!last && next != t + 1))
        atomicAdd(wrong, 1);
}

__global__ void early(unsigned *out) {
    unsigned lane = threadIdx.x;
    if (lane >= 12)
        return;
    unsigned ballot = __ballot_sync(0xfff, 1);
    unsigned maximum = lane;
    for (int step = 8; step > 0; step /= 2)
        maximum = max(maximum, __shfl_xor_sync(0xfff, maximum, step));
    if (lane == 11) {
        out[0] = ballot;
        out[1] = maximum;
    }
}

int main() {
    Array<unsigned> out(4);
    sums<<<1, 40>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("block of 40: ballots %08x %08x, sums %u %u\n", o[0], o[2], o[1], o[3]);
    sums<<<1, 7>>>(out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("block of 7: ballot %08x, sum %u\n", o[0], o[1]);
    Array<int> wrong(1);
    shapes<<<2, dim3(5, 9, 3)>>>(wrong);
    CHECK_LAUNCH();
    std::printf("block of 5 x 9 x 3: lanes and warps %s\n", wrong.host()[0] ? "wrong" : "ok");
    early<<<1, 32>>>(out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("after an early return: %08x, maximum %u\n", o[0], o[1]);
    return 0;
}
