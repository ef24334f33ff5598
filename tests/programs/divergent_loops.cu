// SPDX-License-Identifier: Apache-2.0
// Loops that each lane leaves at another time, with warp collectives among the lanes that remain, and after the loop among
// all of them.
// EXPECT: shrinking ballots: ok
// EXPECT: shrinking ballots, unrolled: ok
// EXPECT: collective after a divergent loop: ok
// EXPECT: work until the warp is done: ok
// EXPECT: break out of a nested loop: ok
#include "check.h"

__global__ void shrinking(unsigned *out) {
    int lane = threadIdx.x;
    unsigned mask = 0xffffffff, last = 0;
    for (int i = 0; i <= lane; i++) {
        mask = __ballot_sync(mask, 1);
        last = mask;
        mask = __ballot_sync(mask, i < lane);
    }
    out[lane] = last;
}

// The same as compilers unroll it: lanes with no pair of iterations left are in the loop behind while the others are here.
__global__ void unrolled(unsigned *out) {
    int lane = threadIdx.x, i = 0;
    unsigned mask = 0xffffffff, last = 0;
    if (lane >= 1) {
        do {
            mask = __ballot_sync(mask, 1);
            mask = __ballot_sync(mask, i < lane);
            last = mask = __ballot_sync(mask, 1);
            mask = __ballot_sync(mask, i + 1 < lane);
            i += 2;
        } while (i < lane);
    }
    while (i <= lane) {
        last = mask = __ballot_sync(mask, 1);
        mask = __ballot_sync(mask, i < lane);
        i++;
    }
    out[lane] = last;
}

__global__ void after(int *out) {
    int lane = threadIdx.x, value = lane + 1;
    for (int i = 0; i < lane % 7 * 11; i++)
        value = value * 5 % 1013;
    int sum = value;
    for (int step = 16; step > 0; step /= 2)
        sum += __shfl_xor_sync(0xffffffff, sum, step);
    out[lane] = sum;
}

__global__ void until_done(int *out) {
    int lane = threadIdx.x, left = lane * 3 % 20, rounds = 0;
    while (__any_sync(0xffffffff, left > 0)) {
        if (left > 0)
            left--;
        rounds++;
    }
    out[lane] = rounds;
}

__global__ void nested(int *out) {
    int lane = threadIdx.x, total = 0;
    for (int i = 0; i < 8; i++) {
        for (int j = 0;; j++) {
            if (j == (lane + i) % 5)
                break;
            total += j + 1;
        }
        total += __popc(__ballot_sync(0xffffffff, total % 2));
    }
    out[lane] = total;
}

int main() {
    Array<unsigned> masks(32);
    shrinking<<<1, 32>>>(masks);
    CHECK_LAUNCH();
    std::vector<unsigned> want_masks;
    for (int lane = 0; lane < 32; lane++)
        want_masks.push_back(0xffffffffu << lane);
    same("shrinking ballots", masks.host(), want_masks);
    unrolled<<<1, 32>>>(masks);
    CHECK_LAUNCH();
    same("shrinking ballots, unrolled", masks.host(), want_masks);
    Array<int> out(32);
    after<<<1, 32>>>(out);
    CHECK_LAUNCH();
    int sum = 0;
    for (int lane = 0; lane < 32; lane++) {
        int value = lane + 1;
        for (int i = 0; i < lane % 7 * 11; i++)
            value = value * 5 % 1013;
        sum += value;
    }
    same("collective after a divergent loop", out.host(), std::vector<int>(32, sum));
    until_done<<<1, 32>>>(out);
    CHECK_LAUNCH();
    same("work until the warp is done", out.host(), std::vector<int>(32, 19));
    nested<<<1, 32>>>(out);
    CHECK_LAUNCH();
    std::vector<int> totals(32, 0);
    for (int i = 0; i < 8; i++) {
        int odd = 0;
        for (int lane = 0; lane < 32; lane++) {
            for (int j = 0; j < (lane + i) % 5; j++)
                totals[lane] += j + 1;
            odd += totals[lane] % 2;
        }
        for (int &t : totals)
            t += odd;
    }
    same("break out of a nested loop", out.host(), totals);
    return 0;
}
