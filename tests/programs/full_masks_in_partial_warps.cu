// SPDX-License-Identifier: Apache-2.0
// Programs often name all 32 lanes although the block fills no whole warp, or lanes have returned: the lanes that are not
// there neither count nor hold up the others.
// EXPECT: block of 40: ballots ffffffff 000000ff
// EXPECT: votes: all 1 any 1, sum of the last warp 28
// EXPECT: after a return: 0000ffff, then 000000ff
#include "check.h"

__global__ void partial(unsigned *out) {
    int t = threadIdx.x, warp = t / 32, count = blockDim.x - warp * 32;
    unsigned ballot = __ballot_sync(0xffffffff, 1);
    int all = __all_sync(0xffffffff, 1), any = __any_sync(0xffffffff, t == 39);
    __syncwarp();
    int sum = t % 32;
    for (int step = 16; step > 0; step /= 2) {
        int other = __shfl_down_sync(0xffffffff, sum, step);
        if (t % 32 + step < count)
            sum += other;
    }
    if (t % 32 == 0) {
        out[warp] = ballot;
        out[2] = all;
        if (warp == 1) {
            out[3] = any;
            out[4] = sum;
        }
    }
}

__global__ void returning(unsigned *out) {
    int lane = threadIdx.x;
    if (lane >= 16)
        return;
    unsigned first = __ballot_sync(0xffffffff, 1);
    if (lane >= 8)
        return;
    unsigned second = __ballot_sync(0xffffffff, 1);
    if (lane == 3) {
        out[0] = first;
        out[1] = second;
    }
}

int main() {
    Array<unsigned> out(5);
    partial<<<1, 40>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("block of 40: ballots %08x %08x\n", o[0], o[1]);
    std::printf("votes: all %u any %u, sum of the last warp %u\n", o[2], o[3], o[4]);
    returning<<<1, 32>>>(out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("after a return: %08x, then %08x\n", o[0], o[1]);
    return 0;
}
