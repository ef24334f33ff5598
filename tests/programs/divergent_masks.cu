// SPDX-License-Identifier: Apache-2.0
// Subsets of one warp in different collectives at the same time, with different masks, kinds and numbers of steps.
// EXPECT: two halves: ok
// EXPECT: four kinds at once: ok
// EXPECT: the same call site with two masks: ok
#include "check.h"

__global__ void halves(int *out) {
    int lane = threadIdx.x, value = lane;
    if (lane < 16) {
        for (int step = 8; step > 0; step /= 2)
            value += __shfl_xor_sync(0x0000ffff, value, step);
    } else {
        for (int i = 0; i < 3; i++)
            value = max(value, __shfl_down_sync(0xffff0000, value, 1 << i));
        value = -value;
    }
    out[lane] = value;
}

__global__ void kinds(int *out) {
    int lane = threadIdx.x, result = 0;
    unsigned mask = 0x11111111u << (lane % 4);
    switch (lane % 4) {
    case 0: result = __shfl_sync(mask, lane * 10, (lane + 4) % 32); break;
    case 1: result = __popc(__ballot_sync(mask, lane > 8)); break;
    case 2: result = __any_sync(mask, lane == 14) + 2 * __all_sync(mask, lane < 31); break;
    case 3: result = __reduce_add_sync(mask, static_cast<unsigned>(lane)); break;
    }
    out[lane] = result;
}

__device__ __noinline__ int sum(unsigned mask, int value, int lane) {
    int total = 0;
    for (int i = 0; i < 32; i++) {
        if (mask >> i & 1)
            total += __shfl_sync(mask, value, i);
    }
    return total + lane * 0;
}

__global__ void one_site(int *out) {
    int lane = threadIdx.x;
    unsigned mask = lane % 5 == 0 ? 0x42108421u : ~0x42108421u;
    out[lane] = sum(mask, lane, lane);
}

int main() {
    Array<int> out(32);
    std::vector<int> want;
    halves<<<1, 32>>>(out);
    CHECK_LAUNCH();
    for (int lane = 0; lane < 32; lane++)
        want.push_back(lane < 16 ? 120 : -(lane + 7 > 31 ? 31 : lane + 7));
    same("two halves", out.host(), want);
    kinds<<<1, 32>>>(out);
    CHECK_LAUNCH();
    want.clear();
    for (int lane = 0; lane < 32; lane++) {
        const int results[] = {(lane + 4) % 32 * 10, 6, 1 + 2, 3 + 7 + 11 + 15 + 19 + 23 + 27 + 31};
        want.push_back(results[lane % 4]);
    }
    same("four kinds at once", out.host(), want);
    one_site<<<1, 32>>>(out);
    CHECK_LAUNCH();
    want.clear();
    for (int lane = 0; lane < 32; lane++)
        want.push_back(lane % 5 == 0 ? 0 + 5 + 10 + 15 + 20 + 25 + 30 : 496 - 105);
    same("the same call site with two masks", out.host(), want);
    return 0;
}
