// SPDX-License-Identifier: Apache-2.0
// Threads of one warp that wait for each other in loops: independent thread scheduling lets them finish.
// EXPECT: chain forward: 0 1 2 3 ... 31
// EXPECT: chain backward: ok
// EXPECT: producer and consumer in one warp: 5050
// EXPECT: ticket lock: 6400
#include "check.h"

__global__ void chain(int *order, bool backward) {
    __shared__ volatile int turn;
    int lane = threadIdx.x, mine = backward ? 31 - lane : lane;
    if (lane == 0)
        turn = 0;
    __syncthreads();
    while (turn != mine) {
    }
    order[mine] = lane;
    __threadfence_block();
    turn = mine + 1;
}

__global__ void producer_consumer(int *out) {
    __shared__ int slot;
    __shared__ volatile int full;
    if (threadIdx.x == 0)
        full = 0;
    __syncthreads();
    if (threadIdx.x == 3) {
        for (int i = 1; i <= 100; i++) {
            while (full) {
            }
            *(volatile int *)&slot = i;
            __threadfence_block();
            full = 1;
        }
    } else if (threadIdx.x == 21) {
        int sum = 0;
        for (int i = 1; i <= 100; i++) {
            while (!full) {
            }
            __threadfence_block();
            sum += *(volatile int *)&slot;
            full = 0;
        }
        *out = sum;
    }
}

__device__ unsigned next_ticket, now_serving;
__device__ int guarded;

__global__ void ticket_lock() {
    for (int i = 0; i < 50; i++) {
        unsigned ticket = atomicAdd(&next_ticket, 1u);
        while (atomicAdd(&now_serving, 0u) != ticket) {
        }
        __threadfence();
        guarded = guarded + 1;
        __threadfence();
        atomicAdd(&now_serving, 1u);
    }
}

int main() {
    Array<int> order(32);
    chain<<<1, 32>>>(order, false);
    CHECK_LAUNCH();
    auto o = order.host();
    std::printf("chain forward: %d %d %d %d ... %d\n", o[0], o[1], o[2], o[3], o[31]);
    chain<<<1, 32>>>(order, true);
    CHECK_LAUNCH();
    o = order.host();
    bool fine = true;
    for (int i = 0; i < 32; i++)
        fine = fine && o[i] == 31 - i;
    std::printf("chain backward: %s\n", fine ? "ok" : "wrong");
    Array<int> out(1);
    producer_consumer<<<1, 32>>>(out);
    CHECK_LAUNCH();
    std::printf("producer and consumer in one warp: %d\n", out.host()[0]);
    ticket_lock<<<2, 64>>>();
    CHECK_LAUNCH();
    int total;
    CHECK(cudaMemcpyFromSymbol(&total, guarded, sizeof total));
    std::printf("ticket lock: %d\n", total);
    return 0;
}
