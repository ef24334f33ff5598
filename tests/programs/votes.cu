// SPDX-License-Identifier: Apache-2.0
// __all_sync, __any_sync, __ballot_sync, with full and partial masks; lane numbers from ballots.
// EXPECT: ballots: 55555555 ffff0000 00000001 80000000 00000000 ffffffff
// EXPECT: all and any: 01 01 01 01 00 11
// EXPECT: half masks: 00000101 04040000
// EXPECT: all within a subset: 1 0
// EXPECT: compaction kept 86 of 256: ok
#include "check.h"

__global__ void votes(unsigned *ballots, int *all_any) {
    int lane = threadIdx.x;
    bool predicates[] = {lane % 2 == 0, lane >= 16, lane == 0, lane == 31, false, true};
    for (int i = 0; i < 6; i++) {
        unsigned ballot = __ballot_sync(0xffffffff, predicates[i] ? 4 : 0);
        int all = __all_sync(0xffffffff, predicates[i]), any = __any_sync(0xffffffff, predicates[i] ? -1 : 0);
        if (lane == 7) {
            ballots[i] = ballot;
            all_any[i] = all * 10 + any;
        }
    }
}

__global__ void subsets(unsigned *out) {
    int lane = threadIdx.x;
    unsigned mask = lane < 16 ? 0x0000ffff : 0xffff0000;
    unsigned ballot = __ballot_sync(mask, lane < 16 ? lane % 8 == 0 : lane % 8 == 2);
    int all = __all_sync(mask, lane < 16 || lane % 2);
    if (lane % 16 == 0) {
        out[lane / 16] = ballot;
        out[2 + lane / 16] = all;
    }
}

__global__ void compact(const int *in, int *out, int *used) {
    int value = in[blockIdx.x * blockDim.x + threadIdx.x], lane = threadIdx.x % 32;
    unsigned keep = __ballot_sync(0xffffffff, value % 3 == 0);
    int start = 0;
    if (lane == 0)
        start = atomicAdd(used, __popc(keep));
    start = __shfl_sync(0xffffffff, start, 0);
    if (value % 3 == 0)
        out[start + __popc(keep & ((1u << lane) - 1))] = value;
}

int main() {
    Array<unsigned> ballots(6);
    Array<int> all_any(6);
    votes<<<1, 32>>>(ballots, all_any);
    CHECK_LAUNCH();
    std::printf("ballots:");
    for (unsigned b : ballots.host())
        std::printf(" %08x", b);
    std::printf("\nall and any:");
    for (int v : all_any.host())
        std::printf(" %02d", v);
    subsets<<<1, 32>>>(ballots);
    CHECK_LAUNCH();
    auto b = ballots.host();
    std::printf("\nhalf masks: %08x %08x\nall within a subset: %u %u\n", b[0], b[1], b[2], b[3]);
    std::vector<int> in(256), seen(256, 0);
    for (int i = 0; i < 256; i++)
        in[i] = i;
    Array<int> device_in(in), out(256), used(1);
    compact<<<2, 128>>>(device_in, out, used);
    CHECK_LAUNCH();
    int count = used.host()[0];
    auto o = out.host();
    bool fine = true;
    for (int i = 0; i < count; i++)
        fine = fine && o[i] % 3 == 0 && !seen[o[i]]++;
    std::printf("compaction kept %d of 256: %s\n", count, fine ? "ok" : "wrong");
    return 0;
}
