// SPDX-License-Identifier: Apache-2.0
// A comparison that is made in one basic block of a loop and decides a divergent branch in another; nothing else reads its operands.
// EXPECT: 0 wrong values
#include "check.h"

__global__ void split(int *low, int *high, int *turned, const int *change, int bound, int rounds) {
    for (int k = 0; k < rounds; k++) {
        bool below = int(threadIdx.x) + k * int(gridDim.y) < bound;
        if (change[k & 3]) turned[threadIdx.x] = k;
        if (below) high[threadIdx.x] += k * k;
        else low[threadIdx.x] = low[threadIdx.x] * 3 - k;
    }
}

int main() {
    const int threads = 96, bound = 70, rounds = 9;
    Array<int> low(threads), high(threads), turned(threads), change(std::vector<int>{0, 1, 0, 0});
    CHECK(cudaMemset(low, 0, threads * sizeof(int)));
    CHECK(cudaMemset(high, 0, threads * sizeof(int)));
    split<<<1, threads>>>(low, high, turned, change, bound, rounds);
    CHECK_LAUNCH();
    int wrong = 0;
    for (int t = 0; t < threads; t++) {
        int l = 0, h = 0;
        for (int k = 0; k < rounds; k++) {
            if (t + k < bound) h += k * k;
            else l = l * 3 - k;
        }
        wrong += low.host()[t] != l || high.host()[t] != h || turned.host()[t] != 5;
    }
    std::printf("%d wrong values\n", wrong);
    return 0;
}
