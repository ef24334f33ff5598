// SPDX-License-Identifier: Apache-2.0
// __syncthreads_count, _and and _or: the predicate of every thread of the block reaches every thread.
// EXPECT: block of 1: ok
// EXPECT: block of 40: ok
// EXPECT: block of 255: ok
// EXPECT: block of 1024: ok
// EXPECT: loop until no thread moves: 9 rounds, 45 45 45
#include "check.h"

__global__ void predicates(int *wrong) {
    int t = threadIdx.x, n = blockDim.x;
    for (int limit = 0; limit <= n; limit += n / 7 + 1) {
        int below = __syncthreads_count(t < limit);
        int all = __syncthreads_and(t < limit);
        int any = __syncthreads_or(t < limit);
        int odd = __syncthreads_count((t & 1) * 256);
        int value = __syncthreads_or(t == n - 1 ? -8 : 0);
        if (below != limit || (all != 0) != (limit == n) || (any != 0) != (limit > 0) || odd != n / 2 || value == 0)
            atomicAdd(wrong, 1);
    }
}

__global__ void settle(int *out) {
    __shared__ int heap[10];
    int t = threadIdx.x, rounds = 0;
    heap[t] = t;
    __syncthreads();
    bool moved;
    do {
        int left = t > 0 ? heap[t - 1] : 0;
        __syncthreads();
        moved = left > 0 && t == rounds + 1;
        if (moved || (rounds == 0 && t == 1)) {
            heap[t] += t > 0 ? left : 0;
            moved = true;
        }
        rounds++;
    } while (__syncthreads_or(moved && rounds < 9));
    if (t == 0) {
        out[0] = rounds;
        out[1] = heap[9];
    }
    int total = __syncthreads_count(heap[t] == t * (t + 1) / 2);
    if (t == 0) {
        out[2] = total == 10 ? 45 : total;
        out[3] = heap[8] + 9;
    }
}

int main() {
    for (int n : {1, 40, 255, 1024}) {
        Array<int> wrong(1);
        predicates<<<3, n>>>(wrong);
        CHECK_LAUNCH();
        std::printf("block of %d: %s\n", n, wrong.host()[0] ? "wrong" : "ok");
    }
    Array<int> out(4);
    settle<<<1, 10>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("loop until no thread moves: %d rounds, %d %d %d\n", o[0], o[1], o[2], o[3]);
    return 0;
}
