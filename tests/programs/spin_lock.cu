// SPDX-License-Identifier: Apache-2.0
// A spin lock of atomicCAS and atomicExch: between blocks, and between the lanes of one warp, which only independent thread
// scheduling lets pass.
// EXPECT: one thread a block: 200
// EXPECT: all lanes of all warps: 2560 2560
// EXPECT: lock per bucket: 1000
#include "check.h"

struct Lock {
    int state;
    __device__ void acquire() {
        while (atomicCAS(&state, 0, 1) != 0) {
        }
        __threadfence();
    }
    __device__ void release() {
        __threadfence();
        atomicExch(&state, 0);
    }
};

__global__ void one_per_block(Lock *lock, volatile int *counter) {
    if (threadIdx.x == 0) {
        lock->acquire();
        *counter = *counter + 1;
        lock->release();
    }
}

__global__ void every_lane(Lock *lock, volatile int *counters) {
    lock->acquire();
    counters[0] = counters[0] + 1;
    counters[1] = counters[1] + 1;
    lock->release();
}

__global__ void buckets(Lock *locks, volatile int *counts) {
    int bucket = threadIdx.x * 7 % 13;
    bool done = false;
    while (!done) {
        if (atomicCAS(&locks[bucket].state, 0, 1) == 0) {
            __threadfence();
            counts[bucket] = counts[bucket] + 1;
            locks[bucket].release();
            done = true;
        }
    }
}

int main() {
    Array<Lock> locks(13);
    Array<int> counters(13);
    one_per_block<<<200, 32>>>(locks, counters.data);
    CHECK_LAUNCH();
    std::printf("one thread a block: %d\n", counters.host()[0]);
    Array<int> two(2);
    every_lane<<<20, 128>>>(locks, two.data);
    CHECK_LAUNCH();
    std::printf("all lanes of all warps: %d %d\n", two.host()[0], two.host()[1]);
    Array<int> counts(13);
    buckets<<<8, 125>>>(locks, counts.data);
    CHECK_LAUNCH();
    int total = 0;
    for (int n : counts.host())
        total += n;
    std::printf("lock per bucket: %d\n", total);
    return 0;
}
