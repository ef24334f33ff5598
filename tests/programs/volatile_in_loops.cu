// SPDX-License-Identifier: Apache-2.0
// Threads read volatile memory in loops that they leave at different turns, in blocks of many warps: each takes a bit of its own.
// EXPECT: every thread has a bit: yes
// EXPECT: bits taken: 256
#include "check.h"
#include <set>

__device__ unsigned free_bit(unsigned word) {
    return ~word ? __ffs(~word) - 1 : 32;
}

__global__ void take(unsigned *words, int count, int *taken) {
    int mine = -1;
    for (int k = count; k-- > 0 && mine < 0;) {
        unsigned value = *(volatile unsigned *)&words[k];
        for (unsigned at = free_bit(value); at < 32; at = free_bit(value)) {
            unsigned old = atomicCAS(&words[k], value, value | 1u << at);
            if (old == value) {
                mine = k * 32 + at;
                break;
            }
            value = old;
        }
    }
    taken[threadIdx.x] = mine;
}

int main() {
    Array<unsigned> words(64);
    Array<int> taken(256);
    CHECK(cudaMemset(words, 0, 64 * sizeof(unsigned)));
    take<<<1, 256>>>(words, 64, taken);
    CHECK_LAUNCH();
    std::set<int> different;
    for (int bit : taken.host())
        if (bit >= 0)
            different.insert(bit);
    std::printf("every thread has a bit: %s\n", different.size() == 256 ? "yes" : "no");
    int count = 0;
    for (unsigned word : words.host())
        count += __builtin_popcount(word);
    std::printf("bits taken: %d\n", count);
    return 0;
}
