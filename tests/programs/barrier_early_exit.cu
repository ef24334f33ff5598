// SPDX-License-Identifier: Apache-2.0
// Threads that have returned count as arrived: a barrier waits only for the threads that still live.
// EXPECT: half return before the barrier: ok
// EXPECT: one leaves each round: 100 99 98 97
// EXPECT: whole warps leave: 32
// EXPECT: count among the living: 70
#include "check.h"

__global__ void half(int *out, int count) {
    __shared__ int shared[256];
    int t = threadIdx.x;
    if (t >= count)
        return;
    shared[t] = t * 2;
    __syncthreads();
    out[t] = shared[count - 1 - t];
}

__global__ void leaving(int *out) {
    __shared__ int living;
    int t = threadIdx.x;
    for (int round = 0; round < 4; round++) {
        if (t == 0)
            living = 0;
        __syncthreads();
        atomicAdd(&living, 1);
        __syncthreads();
        if (t == 0)
            out[round] = living;
        __syncthreads();
        if (t == 99 - round)
            return;
    }
}

__global__ void warps_leave(int *out) {
    __shared__ int sum;
    int warp = threadIdx.x / 32;
    if (threadIdx.x == 0)
        sum = 0;
    __syncthreads();
    if (warp != 0)
        return;
    for (int i = 0; i < 10; i++) {
        if (threadIdx.x == i)
            sum += 1;
        __syncthreads();
    }
    atomicAdd(&sum, 1);
    __syncthreads();
    if (threadIdx.x == 5)
        *out = sum - 10;
}

__global__ void count_living(int *out) {
    if (threadIdx.x % 10 >= 7)
        return;
    int n = __syncthreads_count(1);
    if (threadIdx.x == 0)
        *out = n;
}

int main() {
    Array<int> out(256);
    half<<<1, 256>>>(out, 131);
    CHECK_LAUNCH();
    std::vector<int> want(256, 0);
    for (int t = 0; t < 131; t++)
        want[t] = (130 - t) * 2;
    same("half return before the barrier", out.host(), want);
    leaving<<<1, 100>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("one leaves each round: %d %d %d %d\n", o[0], o[1], o[2], o[3]);
    warps_leave<<<2, 128>>>(out);
    CHECK_LAUNCH();
    std::printf("whole warps leave: %d\n", out.host()[0]);
    count_living<<<1, 100>>>(out);
    CHECK_LAUNCH();
    std::printf("count among the living: %d\n", out.host()[0]);
    return 0;
}
