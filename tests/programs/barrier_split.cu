// SPDX-License-Identifier: Apache-2.0
// Arriving at a block's barrier apart from waiting for it: cooperative groups, and PTX's bar.arrive between warps that produce
// and warps that consume; threads that end after they have arrived.
// RUN:
// EXPECT: block: ok
// EXPECT: late waiter: ok
// EXPECT: ended: ok
// EXPECT: warps: ok
// EXPECT: odd block: ok
// NVCC: skip `late waiter` relies on arrivals that count before anybody waits, which CUDA leaves open
// NVIDIA-HANGS: `late waiter` relies on arrivals that count before anybody waits, which CUDA leaves open
#include "check.h"
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

/* What is stored before the arrival is there behind the wait; phases follow each other. */
__global__ void block(int *out) {
    __shared__ int data[2][256];
    cg::thread_block block = cg::this_thread_block();
    int sum = 0;
    for (int turn = 0; turn < 10; turn++) {
        data[turn & 1][threadIdx.x] = turn * 1000 + threadIdx.x;
        cg::thread_block::arrival_token token = block.barrier_arrive();
        sum += turn; /* something of one's own */
        block.barrier_wait(cg::thread_block::arrival_token(token));
        sum += data[turn & 1][blockDim.x - 1 - threadIdx.x];
    }
    out[threadIdx.x] = sum;
}

/* The first warp goes through the barrier while the second has arrived and not yet waits. */
__global__ void late_waiter(int *out) {
    __shared__ volatile int through;
    cg::thread_block block = cg::this_thread_block();
    if (threadIdx.x == 0) through = 0;
    block.sync();
    auto token = block.barrier_arrive();
    if (threadIdx.x >= 32)
        while (through == 0) {}
    block.barrier_wait(cg::thread_block::arrival_token(token));
    through = 1;
    out[threadIdx.x] = through;
}

/* Half of the threads end behind their arrival, which counts once. */
__global__ void ended(int *out) {
    __shared__ int data[64];
    cg::thread_block block = cg::this_thread_block();
    data[threadIdx.x] = threadIdx.x;
    auto token = block.barrier_arrive();
    if (threadIdx.x % 2) return;
    block.barrier_wait(cg::thread_block::arrival_token(token));
    data[threadIdx.x] += data[threadIdx.x + 1];
    block.sync();
    out[threadIdx.x / 2] = data[threadIdx.x] + data[(threadIdx.x + 2) % 64];
}

__device__ void arrive(int id, int count) { asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(count) : "memory"); }
__device__ void sync(int id, int count) { asm volatile("barrier.cta.sync %0, %1;" ::"r"(id), "r"(count) : "memory"); }

/* PTX ISA, "bar": producers wait for an empty buffer and announce a full one, consumers the other way round. */
__global__ void warps(int *out, int turns) {
    __shared__ int buffer[2][32];
    enum { full = 1, empty = 3 };
    int lane = threadIdx.x % 32;
    if (threadIdx.x < 32) {
        for (int turn = 0; turn < turns; turn++) {
            sync(empty + turn % 2, 64);
            buffer[turn % 2][lane] = turn * 100 + lane;
            arrive(full + turn % 2, 64);
        }
    } else {
        int sum = 0;
        arrive(empty, 64);
        arrive(empty + 1, 64);
        for (int turn = 0; turn < turns; turn++) {
            sync(full + turn % 2, 64);
            sum += buffer[turn % 2][31 - lane];
            if (turn + 2 < turns) arrive(empty + turn % 2, 64);
        }
        out[lane] = sum;
    }
}

/* A last warp of five threads counts as a whole one. */
__global__ void odd_block(int *out) {
    __shared__ int data[32];
    if (threadIdx.x < 32) {
        data[threadIdx.x] = 3 * threadIdx.x;
        arrive(5, 64);
    } else {
        sync(5, 64);
        out[threadIdx.x - 32] = data[threadIdx.x - 32];
    }
}

int main() {
    int *out;
    CHECK(cudaMallocManaged(&out, 256 * sizeof *out));
    block<<<1, 256>>>(out);
    CHECK(cudaDeviceSynchronize());
    bool ok = true;
    for (int i = 0; i < 256; i++) ok &= out[i] == 45 * 1001 + 10 * (255 - i);
    printf("block: %s\n", ok ? "ok" : "wrong");

    late_waiter<<<1, 64>>>(out);
    CHECK(cudaDeviceSynchronize());
    printf("late waiter: %s\n", out[0] == 1 && out[63] == 1 ? "ok" : "wrong");

    ended<<<3, 64>>>(out);
    CHECK(cudaDeviceSynchronize());
    ok = true;
    for (int i = 0; i < 32; i++) ok &= out[i] == 4 * i + 1 + 4 * ((i + 1) % 32) + 1;
    printf("ended: %s\n", ok ? "ok" : "wrong");

    warps<<<2, 64>>>(out, 7);
    CHECK(cudaDeviceSynchronize());
    ok = true;
    for (int i = 0; i < 32; i++) ok &= out[i] == 2100 + 7 * (31 - i);
    printf("warps: %s\n", ok ? "ok" : "wrong");

    odd_block<<<1, 37>>>(out);
    CHECK(cudaDeviceSynchronize());
    printf("odd block: %s\n", out[0] == 0 && out[4] == 12 ? "ok" : "wrong");
    return 0;
}
