// SPDX-License-Identifier: Apache-2.0
// shfl.sync whose bound differs from lane to lane, as segmented reductions have it: PTX ISA 9.7.9.6.
// EXPECT: bounds: ok
// EXPECT: sums: ok
#include "check.h"

/* The section's formula for shfl.down, whose segments end at `last`. */
__device__ int down(int value, int distance, int last, bool *in_range) {
    int moved, valid;
    asm volatile("{ .reg .pred p; shfl.sync.down.b32 %0|p, %2, %3, %4, 0xffffffff; selp.b32 %1, 1, 0, p; }"
                 : "=r"(moved), "=r"(valid)
                 : "r"(value), "r"(distance), "r"(last));
    *in_range = valid;
    return moved;
}

/* Lane 31's bound is the usual one, and so takes the same form as a shuffle of whole warps would. */
__global__ void bounds(int *wrong) {
    int lane = threadIdx.x % 32, last = lane | 7;
    for (int distance = 0; distance < 8; distance++) {
        bool in_range;
        int moved = down(1000 + lane, distance, last, &in_range);
        bool expected = lane + distance <= last;
        if (in_range != expected || moved != 1000 + (expected ? lane + distance : lane)) atomicAdd(wrong, 1);
    }
}

/* Sums of runs that begin where the flags say, in each run's first lane. */
__global__ void sums(const int *flags, int *out) {
    int lane = threadIdx.x % 32, flag = flags[threadIdx.x], value = lane;
    unsigned starts = __ballot_sync(0xffffffff, flag) >> 1 & ~0u << lane | 0x80000000u;
    int last = __clz(__brev(starts));
    for (int distance = 1; distance < 32; distance *= 2) {
        bool in_range;
        int other = down(value, distance, last, &in_range);
        if (in_range) value += other;
    }
    out[threadIdx.x] = flag ? value : -1;
}

int main() {
    int *words;
    CHECK(cudaMallocManaged(&words, 256 * sizeof *words));
    words[0] = 0;
    bounds<<<1, 96>>>(words);
    CHECK_LAUNCH();
    printf("bounds: %s\n", words[0] == 0 ? "ok" : "wrong");
    int *flags = words, *out = words + 128;
    for (int i = 0; i < 128; i++) flags[i] = i % 32 == 0 || i % 5 == 0 || i == 127;
    sums<<<1, 128>>>(flags, out);
    CHECK_LAUNCH();
    bool ok = true;
    for (int i = 0; i < 128; i++) {
        int sum = 0;
        for (int k = i; k == i || (k % 32 != 0 && !flags[k]); k++) sum += k % 32;
        ok &= out[i] == (flags[i] ? sum : -1);
    }
    printf("sums: %s\n", ok ? "ok" : "wrong");
    return 0;
}
