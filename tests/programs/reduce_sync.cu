// SPDX-License-Identifier: Apache-2.0
// __reduce_{add,min,max,and,or,xor}_sync, signed and unsigned, over whole warps and subsets (compute capability 8.0).
// EXPECT: unsigned: add 496 min 0 max 31
// EXPECT: signed: add -16 min -16 max 15
// EXPECT: bits: and 00000f00 or 00000f1f xor 00000000
// EXPECT: subset of odd lanes: add 256 min 1 max 31, even lanes: 0
// EXPECT: wraps around: 4294967264
#include "check.h"

__global__ void reduce(unsigned *out) {
    unsigned lane = threadIdx.x;
    const unsigned all = 0xffffffff;
    unsigned results[] = {__reduce_add_sync(all, lane),
                          __reduce_min_sync(all, lane),
                          __reduce_max_sync(all, lane),
                          (unsigned)__reduce_add_sync(all, (int)lane - 16),
                          (unsigned)__reduce_min_sync(all, (int)lane - 16),
                          (unsigned)__reduce_max_sync(all, (int)lane - 16),
                          __reduce_and_sync(all, lane | 0xf00),
                          __reduce_or_sync(all, lane | 0xf00),
                          __reduce_xor_sync(all, lane | 0xf00),
                          __reduce_add_sync(all, 0xffffffffu)};
    if (lane == 13)
        for (int i = 0; i < 10; i++)
            out[i] = results[i];
    unsigned odd = 0;
    if (lane % 2) {
        odd = __reduce_add_sync(0xaaaaaaaa, lane) << 16 | __reduce_min_sync(0xaaaaaaaa, lane) << 8 |
              __reduce_max_sync(0xaaaaaaaa, lane);
    }
    if (lane == 5 || lane == 6)
        out[5 + lane] = odd;
}

int main() {
    Array<unsigned> out(12);
    reduce<<<1, 32>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("unsigned: add %u min %u max %u\n", o[0], o[1], o[2]);
    std::printf("signed: add %d min %d max %d\n", (int)o[3], (int)o[4], (int)o[5]);
    std::printf("bits: and %08x or %08x xor %08x\n", o[6], o[7], o[8]);
    std::printf("subset of odd lanes: add %u min %u max %u, even lanes: %u\n", o[10] >> 16, o[10] >> 8 & 255, o[10] & 255, o[11]);
    std::printf("wraps around: %u\n", o[9]);
    return 0;
}
