// SPDX-License-Identifier: Apache-2.0
// __match_any_sync and __match_all_sync of 32- and 64-bit values, whole warps and subsets.
// EXPECT: any of lane % 5: ok
// EXPECT: any of 64 bits: ok
// EXPECT: any of float bits: ok
// EXPECT: all: 0 0 ffffffff 1
// EXPECT: all within a subset: 0f0f0f0f 1, 00000000 0
// EXPECT: histogram by peers: 7 6 6 7 6
#include "check.h"

__global__ void any(int kind, unsigned *out) {
    int lane = threadIdx.x;
    unsigned result = 0;
    if (kind == 0)
        result = __match_any_sync(0xffffffff, lane % 5);
    else if (kind == 1)
        result = __match_any_sync(0xffffffff, static_cast<unsigned long long>(lane % 3) << 40 | (lane % 2));
    else
        result = __match_any_sync(0xffffffff, lane % 4 * 0.5f);
    out[lane] = result;
}

__global__ void all(unsigned *out) {
    int lane = threadIdx.x, predicate = 9;
    unsigned different = __match_all_sync(0xffffffff, lane / 31, &predicate);
    if (lane == 3) {
        out[0] = different;
        out[1] = predicate;
    }
    unsigned equal = __match_all_sync(0xffffffff, 7.0, &predicate);
    if (lane == 3) {
        out[2] = equal;
        out[3] = predicate;
    }
    unsigned mask = lane & 4 ? 0xf0f0f0f0 : 0x0f0f0f0f;
    unsigned subset = __match_all_sync(mask, lane & 4 ? lane : 0, &predicate);
    if (lane == 0 || lane == 4) {
        out[4 + lane / 2] = subset;
        out[5 + lane / 2] = predicate;
    }
}

__global__ void histogram(unsigned *bins) {
    int lane = threadIdx.x, bin = lane * 3 % 5;
    unsigned peers = __match_any_sync(0xffffffff, bin);
    if (lane == __ffs(peers) - 1)
        atomicAdd(&bins[bin], __popc(peers));
}

int main() {
    const char *names[] = {"any of lane % 5", "any of 64 bits", "any of float bits"};
    const int periods[] = {5, 6, 4};
    for (int kind = 0; kind < 3; kind++) {
        Array<unsigned> out(32);
        any<<<1, 32>>>(kind, out);
        CHECK_LAUNCH();
        std::vector<unsigned> want(32, 0);
        for (int a = 0; a < 32; a++)
            for (int b = 0; b < 32; b++)
                want[a] |= static_cast<unsigned>(a % periods[kind] == b % periods[kind]) << b;
        same(names[kind], out.host(), want);
    }
    Array<unsigned> out(8), bins(5);
    all<<<1, 32>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("all: %x %u %x %u\n", o[0], o[1], o[2], o[3]);
    std::printf("all within a subset: %08x %u, %08x %u\n", o[4], o[5], o[6], o[7]);
    histogram<<<1, 32>>>(bins);
    CHECK_LAUNCH();
    std::printf("histogram by peers:");
    for (unsigned b : bins.host())
        std::printf(" %u", b);
    std::printf("\n");
    return 0;
}
