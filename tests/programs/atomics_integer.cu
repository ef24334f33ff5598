// SPDX-License-Identifier: Apache-2.0
// Atomics on int and unsigned in global memory: every operation, its result and the values it returns.
// EXPECT: int: add 31250 sub -31250 min -500 max 499 exch in range
// EXPECT: unsigned: add 124750 sub 4294842546 min 3 max 502
// EXPECT: bits: and f0000000 or 000003ff xor 00000000
// EXPECT: returned values form a permutation: yes
#include "check.h"

__global__ void signed_operations(int *v) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, value = i - 500;
    atomicAdd(&v[0], value % 2 ? 125 : -0);
    atomicSub(&v[1], value % 2 ? 125 : 0);
    atomicMin(&v[2], value);
    atomicMax(&v[3], value);
    atomicExch(&v[4], value);
}

__global__ void unsigned_operations(unsigned *v) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&v[0], i);
    atomicSub(&v[1], i);
    atomicMin(&v[2], i + 3);
    atomicMax(&v[3], i + 3);
    atomicAnd(&v[4], ~(1u << i % 28));
    atomicOr(&v[5], 1u << i % 10);
    atomicXor(&v[6], i * 2654435761u);
    atomicXor(&v[6], i * 2654435761u);
}

__global__ void tickets(int *counter, int *seen) { atomicAdd(&seen[atomicAdd(counter, 1)], 1); }

int main() {
    Array<int> ints(5);
    signed_operations<<<8, 125>>>(ints);
    CHECK_LAUNCH();
    auto s = ints.host();
    std::printf("int: add %d sub %d min %d max %d exch %s\n", s[0] / 2, s[1] / 2, s[2], s[3],
                s[4] >= -500 && s[4] < 500 ? "in range" : "wrong");
    Array<unsigned> words(std::vector<unsigned>{0, 0, ~0u, 0, ~0u, 0, 0});
    unsigned_operations<<<4, 125>>>(words);
    CHECK_LAUNCH();
    auto u = words.host();
    std::printf("unsigned: add %u sub %u min %u max %u\n", u[0], u[1], u[2], u[3]);
    std::printf("bits: and %08x or %08x xor %08x\n", u[4], u[5], u[6]);
    Array<int> counter(1), seen(1000);
    tickets<<<8, 125>>>(counter, seen);
    CHECK_LAUNCH();
    bool once = true;
    for (int n : seen.host())
        once = once && n == 1;
    std::printf("returned values form a permutation: %s\n", once ? "yes" : "no");
    return 0;
}
