// SPDX-License-Identifier: Apache-2.0
// Atomic sums and bit operations on 64 bits whose old values nobody wants, in global and in shared memory: carries and borrows
// between the halves.
// EXPECT: sums: ok
// EXPECT: differences: ok
// EXPECT: bits: ok
// EXPECT: shared: ok
#include "check.h"

typedef unsigned long long u64;

__global__ void count(u64 *sums, u64 *differences, u64 *bits) {
    u64 i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&sums[i % 3], 0xf0000001ull * (i + 1));
    atomicAdd(&differences[i % 2], ~(i << 20));
    atomicOr(&bits[0], 1ull << i % 64);
    atomicXor(&bits[1], 0x0101010101010101ull << i % 8);
    atomicAnd(&bits[2], ~(1ull << i % 40));
}

__global__ void shared(u64 *out) {
    __shared__ u64 sum;
    if (threadIdx.x == 0)
        sum = 5;
    __syncthreads();
    atomicAdd(&sum, 0xffffffffull);
    __syncthreads();
    if (threadIdx.x == 0)
        out[blockIdx.x] = sum;
}

int main() {
    const u64 threads = 4 * 128;
    Array<u64> sums(3), differences(std::vector<u64>{1ull << 60, 7}), bits(std::vector<u64>{0, 0, ~0ull});
    count<<<4, 128>>>(sums, differences, bits);
    CHECK_LAUNCH();
    std::vector<u64> want_sums(3), want_differences{1ull << 60, 7}, want_bits{0, 0, ~0ull};
    for (u64 i = 0; i < threads; i++) {
        want_sums[i % 3] += 0xf0000001ull * (i + 1);
        want_differences[i % 2] += ~(i << 20);
        want_bits[0] |= 1ull << i % 64;
        want_bits[1] ^= 0x0101010101010101ull << i % 8;
        want_bits[2] &= ~(1ull << i % 40);
    }
    same("sums", sums.host(), want_sums);
    same("differences", differences.host(), want_differences);
    same("bits", bits.host(), want_bits);
    Array<u64> out(2);
    shared<<<2, 96>>>(out);
    CHECK_LAUNCH();
    same("shared", out.host(), std::vector<u64>(2, 5 + 96 * 0xffffffffull));
}
