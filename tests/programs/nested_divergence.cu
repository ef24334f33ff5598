// SPDX-License-Identifier: Apache-2.0
// Branches within branches, collectives at every level, in functions, with barriers between: reconvergence everywhere.
// EXPECT: three levels: ok
// EXPECT: recursion with collectives: ok
// EXPECT: with block barriers: ok
#include "check.h"

__global__ void levels(int *out) {
    int lane = threadIdx.x, result = 0;
    if (lane < 20) {
        unsigned outer = 0x000fffff;
        if (lane % 2) {
            unsigned inner = 0x000aaaaa;
            if (lane > 9) {
                result += __popc(__ballot_sync(inner & 0xfffffc00, 1));
            } else {
                result += 100 * __shfl_sync(inner & 0x3ff, lane, 3);
            }
            result += 1000 * __popc(__ballot_sync(inner, lane > 4));
        } else {
            result += 7;
        }
        result += 100000 * __any_sync(outer, lane == 19);
    }
    result += __shfl_sync(0xffffffff, lane, 31);
    out[lane] = result;
}

/* Adds up the lanes of each half of the mask, then of each half of that, until one lane is left. */
__device__ int halve(unsigned mask, int first, int count, int value) {
    int lane = threadIdx.x % 32, total = 0;
    for (int i = first; i < first + count; i++)
        total += __shfl_sync(mask, value, i);
    if (count == 1)
        return total;
    int half = count / 2;
    unsigned low = ((1u << half) - 1) << first;
    if (lane < first + half)
        return total + halve(low, first, half, value);
    return total + halve(mask & ~low, first + half, half, value);
}

__global__ void recursion(int *out) {
    int t = threadIdx.x;
    out[t] = halve(0xffffffff, 0, 32, t % 32);
}

__global__ void barriers(int *out) {
    __shared__ int shared[64];
    int t = threadIdx.x, lane = t % 32, value = 0;
    for (int i = 0; i < 5; i++) {
        if (lane % 2 == i % 2) {
            unsigned mask = i % 2 ? 0xaaaaaaaau : 0x55555555u;
            value += __reduce_add_sync(mask, static_cast<unsigned>(t));
        } else {
            value += 1;
        }
        shared[t] = value;
        __syncthreads();
        value = shared[63 - t] % 10007;
        __syncthreads();
    }
    out[t] = value;
}

int main() {
    Array<int> out(64);
    levels<<<1, 32>>>(out);
    CHECK_LAUNCH();
    std::vector<int> want(64, 0);
    for (int lane = 0; lane < 32; lane++) {
        want[lane] = 31;
        if (lane < 20)
            want[lane] += 100000 + (lane % 2 ? 8000 + (lane > 9 ? 5 : 300) : 7);
    }
    same("three levels", out.host(), want);
    recursion<<<1, 64>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 64; t++) {
        int lane = t % 32;
        want[t] = 0;
        for (int count = 32; count > 0; count /= 2)
            for (int i = 0; i < count; i++)
                want[t] += lane / count * count + i;
    }
    same("recursion with collectives", out.host(), want);
    barriers<<<1, 64>>>(out);
    CHECK_LAUNCH();
    std::vector<int> values(64, 0), next(64);
    for (int i = 0; i < 5; i++) {
        int sums[2] = {0, 0};
        for (int t = 0; t < 64; t++)
            if (t % 2 == i % 2)
                sums[t / 32] += t;
        for (int t = 0; t < 64; t++)
            values[t] += t % 2 == i % 2 ? sums[t / 32] : 1;
        for (int t = 0; t < 64; t++)
            next[t] = values[63 - t] % 10007;
        values = next;
    }
    same("with block barriers", out.host(), values);
    return 0;
}
