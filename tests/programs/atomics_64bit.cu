// SPDX-License-Identifier: Apache-2.0
// 64-bit atomics: unsigned long long add, exch, CAS, min, max, and, or, xor, and long long min and max.
// EXPECT: add 4294967296000 exch 1
// EXPECT: min 7 max 6993000000007, signed min -5000000000 max 4990000000
// EXPECT: and fffffc0000000000 or 000003ff00000000 xor 0
// EXPECT: cas-built sum of squares: 332833500
#include "check.h"

typedef unsigned long long Word;

__global__ void operations(Word *v, long long *s) {
    Word i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&v[0], 1ull << 32);
    atomicExch(&v[1], 1ull);
    atomicMin(&v[2], i * 7000000000ull + 7);
    atomicMax(&v[3], i * 7000000000ull + 7);
    atomicAnd(&v[4], ~(1ull << i % 42));
    atomicOr(&v[5], 1ull << (32 + i % 10));
    atomicXor(&v[6], i << 35);
    atomicXor(&v[6], i << 35);
    long long value = (static_cast<long long>(i) - 500) * 10000000;
    atomicMin(&s[0], value);
    atomicMax(&s[1], value);
    Word old = v[7], assumed;
    do {
        assumed = old;
        old = atomicCAS(&v[7], assumed, assumed + i * i);
    } while (old != assumed);
}

int main() {
    Array<Word> words(std::vector<Word>{0, 0, ~0ull, 0, ~0ull, 0, 0, 0});
    Array<long long> longs(2);
    operations<<<8, 125>>>(words, longs);
    CHECK_LAUNCH();
    auto u = words.host();
    auto s = longs.host();
    std::printf("add %llu exch %llu\n", u[0], u[1]);
    std::printf("min %llu max %llu, signed min %lld max %lld\n", u[2], u[3], s[0], s[1]);
    std::printf("and %016llx or %016llx xor %llx\n", u[4], u[5], u[6]);
    std::printf("cas-built sum of squares: %llu\n", u[7]);
    return 0;
}
