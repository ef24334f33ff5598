// SPDX-License-Identifier: Apache-2.0
// Programs that live by forward progress: threads, warps, blocks, kernels and the host that wait for each other by polling
// memory, in the forms that solvers, queues, locks and persistent kernels use.
// TIMEOUT: 120
// EXPECT: software grid barrier 0 wrong
// EXPECT: triangular solve, a warp a row 0 wrong
// EXPECT: triangular solve, a thread a row 0 wrong
// EXPECT: work queue 8191
// EXPECT: lock around barriers 640
// EXPECT: lock in a warp 2048
// EXPECT: lock by exchange 1024
// EXPECT: ring of blocks 0 wrong
// EXPECT: warps as producers and consumers 0 wrong
// EXPECT: reader and writer kernels 5050
// EXPECT: host raises a flag 77
// EXPECT: copy raises a flag 78
// EXPECT: hash table 3000 keys
// EXPECT: sense reversal 0 wrong
#include <cstdio>
#include <vector>
#include "check.h"

// ---- A barrier of all resident blocks, made of atomics ----

__device__ unsigned arrived;
__device__ volatile unsigned generation;

__device__ void grid_barrier() {
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned mine = generation;
        __threadfence();
        if (atomicAdd(&arrived, 1u) == gridDim.x - 1) {
            arrived = 0;
            __threadfence();
            generation = mine + 1;
        } else {
            while (generation == mine) {}
        }
        __threadfence();
    }
    __syncthreads();
}

__global__ void barrier_rounds(unsigned *cells, int *wrong, int rounds) {
    for (int i = 1; i <= rounds; i++) {
        if (threadIdx.x == 0) cells[blockIdx.x] = (unsigned)i;
        grid_barrier();
        if (cells[(blockIdx.x + threadIdx.x) % gridDim.x] != (unsigned)i) atomicAdd(wrong, 1);
        grid_barrier();
    }
}

// ---- Sparse lower triangular systems without levels: Liu and others, "A Synchronization-Free Algorithm for Parallel Sparse
// Triangular Solves"; the diagonal is 1 ----

__global__ void solve_by_warps(int n, const int *first, const int *column, const double *value, const double *b,
                               volatile double *x, volatile int *ready) {
    int row = (int)(blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = (int)threadIdx.x % 32;
    if (row >= n) return;
    double sum = 0;
    for (int k = first[row] + lane; k < first[row + 1]; k += 32) {
        while (!ready[column[k]]) {}
        __threadfence();
        sum += value[k] * x[column[k]];
    }
    for (int offset = 16; offset; offset /= 2)
        sum += __shfl_down_sync(0xffffffffu, sum, offset);
    if (lane == 0) {
        x[row] = b[row] - sum;
        __threadfence();
        ready[row] = 1;
    }
}

__global__ void solve_by_threads(int n, const int *first, const int *column, const double *value, const double *b,
                                 double *x, int *ready) {
    int row = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (row >= n) return;
    double sum = b[row];
    int k = first[row];
    bool done = false;
    while (!done) { // the rows that this one needs may be this warp's own
        while (k < first[row + 1] && atomicAdd(&ready[column[k]], 0) != 0) {
            sum -= value[k] * *(volatile double *)&x[column[k]];
            k++;
        }
        if (k == first[row + 1]) {
            x[row] = sum;
            __threadfence();
            atomicExch(&ready[row], 1);
            done = true;
        }
    }
}

// ---- A queue of tasks that make tasks ----

__global__ void work(int *queue, int *head, int *tail, int *left, int *sum) {
    while (atomicAdd(left, 0) > 0) {
        int at = *(volatile int *)head;
        if (at >= atomicAdd(tail, 0) || atomicCAS(head, at, at + 1) != at) continue;
        int task;
        while ((task = atomicExch(&queue[at], 0)) == 0) {}
        atomicAdd(sum, 1);
        if (task < 4096) {
            atomicAdd(left, 2);
            for (int child = 2 * task; child <= 2 * task + 1; child++)
                atomicExch(&queue[atomicAdd(tail, 1)], child);
        }
        atomicSub(left, 1);
    }
}

// ---- Locks ----

__global__ void lock_around_barriers(int *lock, int *count) {
    __shared__ int before;
    if (threadIdx.x == 0)
        while (atomicCAS(lock, 0, 1) != 0) {}
    __syncthreads();
    if (threadIdx.x == 0) before = *(volatile int *)count;
    __syncthreads();
    if (threadIdx.x == 63) *(volatile int *)count = before + 64;
    __syncthreads();
    __threadfence();
    if (threadIdx.x == 0) atomicExch(lock, 0);
}

// The lanes of a warp contend; the one that has the lock gives way inside of it.
__global__ void lock_in_warp(int *lock, int *count) {
    bool done = false;
    while (!done) {
        if (atomicCAS(lock, 0, 1) == 0) {
            int before = *(volatile int *)count;
            *(volatile int *)count = before + 1;
            if (*(volatile int *)count != before + 1) *(volatile int *)count = -1000000;
            __threadfence();
            done = true;
            atomicExch(lock, 0);
        }
    }
}

__global__ void lock_by_exchange(volatile int *lock, int *count) {
    for (;;) {
        if (*lock == 0 && atomicExch((int *)lock, 1) == 0) break;
        __nanosleep(20);
    }
    int before = *(volatile int *)count;
    __nanosleep(0);
    *(volatile int *)count = before + 1;
    __threadfence();
    *lock = 0;
}

// ---- Blocks in a ring: each waits for the one before it, the first for the last ----

__global__ void ring(volatile int *token, int *wrong, int laps) {
    for (int lap = 0; lap < laps; lap++) {
        if (threadIdx.x == 0)
            while (*token != lap * (int)gridDim.x + (int)blockIdx.x) {}
        __syncthreads();
        if (*token != lap * (int)gridDim.x + (int)blockIdx.x) atomicAdd(wrong, 1);
        __syncthreads();
        if (threadIdx.x == 0) *token = *token + 1;
    }
}

__global__ void warps(int *wrong) {
    __shared__ int buffer[2][32];
    __shared__ volatile int full[2];
    if (threadIdx.x < 2) full[threadIdx.x] = 0;
    __syncthreads();
    unsigned lane = threadIdx.x % 32;
    for (int i = 0; i < 50; i++) {
        int slot = i % 2;
        if (threadIdx.x < 32) {
            while (full[slot]) {}
            buffer[slot][lane] = i * 100 + (int)lane;
            __threadfence_block();
            __syncwarp();
            if (lane == 0) full[slot] = 1;
        } else {
            while (!full[slot]) {}
            __threadfence_block();
            if (buffer[slot][31 - lane] != i * 100 + 31 - (int)lane) atomicAdd(wrong, 1);
            __syncwarp();
            if (lane == 0) full[slot] = 0;
        }
        __syncwarp();
    }
}

// ---- Kernels, the host and copies ----

__global__ void writer(volatile int *slot) {
    for (int i = 1; i <= 100; i++) {
        while (*slot != 0) {}
        *slot = i;
    }
}
__global__ void reader(volatile int *slot, int *sum) {
    for (int i = 1; i <= 100; i++) {
        int got;
        while ((got = *slot) == 0) {}
        *sum += got;
        __threadfence();
        *slot = 0;
    }
}

__global__ void wait_for(volatile int *flag, int *out) {
    while (*flag == 0) {}
    *out = *flag;
}

// ---- A hash table of linked lists that are locked by their heads ----

__global__ void insert(int *heads, int *next, int *keys, int buckets, int count) {
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= count) return;
    int bucket = keys[i] % buckets;
    int head = *(volatile int *)&heads[bucket];
    for (;;) {
        next[i] = head;
        __threadfence();
        int seen = atomicCAS(&heads[bucket], head, i + 1);
        if (seen == head) return;
        head = seen;
    }
}

// ---- A barrier of warps in a block with a sense that flips ----

__global__ void sense_reversal(int *cells, int *wrong) {
    __shared__ int count;
    __shared__ volatile int sense;
    if (threadIdx.x == 0) {
        count = 0;
        sense = 0;
    }
    __syncthreads();
    int mine = 0;
    for (int i = 1; i <= 20; i++) {
        cells[threadIdx.x] = i;
        __threadfence_block();
        mine = !mine;
        if (atomicAdd(&count, 1) == (int)blockDim.x - 1) {
            count = 0;
            __threadfence_block();
            sense = mine;
        } else {
            while (sense != mine) {}
        }
        if (*(volatile int *)&cells[(threadIdx.x + 1) % blockDim.x] < i) atomicAdd(wrong, 1);
    }
}

// ---- The host's side ----

static void verdict(const char *name, const int *value, const char *unit) {
    CHECK_LAUNCH();
    std::printf("%s %d%s\n", name, *value, unit);
}

static void solve(int *wrong) {
    const int n = 600;
    std::vector<int> first{0}, column;
    std::vector<double> value, b(n, 1.0), x(n);
    for (int row = 0; row < n; row++) {
        for (int k = 1; k <= 5; k++)
            if (row >= k * k) {
                column.push_back(row - k * k);
                value.push_back(0.125 * k);
            }
        first.push_back((int)column.size());
    }
    for (int row = 0; row < n; row++) {
        x[row] = b[row];
        for (int k = first[row]; k < first[row + 1]; k++)
            x[row] -= value[k] * x[column[k]];
    }
    Array<int> d_first(first), d_column(column);
    Array<double> d_value(value), d_b(b);
    for (int variant = 0; variant < 2; variant++) {
        Array<double> d_x(n);
        Array<int> d_ready(n);
        CHECK(cudaMemset(d_ready, 0, n * sizeof(int)));
        if (variant == 0) {
            solve_by_warps<<<(n + 3) / 4, 128>>>(n, d_first, d_column, d_value, d_b, d_x, d_ready);
        } else {
            solve_by_threads<<<(n + 63) / 64, 64>>>(n, d_first, d_column, d_value, d_b, d_x, d_ready);
        }
        CHECK_LAUNCH();
        std::vector<double> got = d_x.host();
        for (int row = 0; row < n; row++)
            *wrong += !(got[row] - x[row] < 1e-9 * (1 + x[row] * x[row]) && x[row] - got[row] < 1e-9 * (1 + x[row] * x[row]));
        verdict(variant == 0 ? "triangular solve, a warp a row" : "triangular solve, a thread a row", wrong, " wrong");
        *wrong = 0;
    }
}

int main() {
    int *wrong, *cells, processors;
    CHECK(cudaMallocManaged(&wrong, 64));
    CHECK(cudaMallocManaged(&cells, 1 << 16));
    CHECK(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0));
    *wrong = 0;
    unsigned blocks = (unsigned)processors * 16 < 64 ? (unsigned)processors * 16 : 64;
    barrier_rounds<<<blocks, 64>>>((unsigned *)cells, wrong, 100);
    verdict("software grid barrier", wrong, " wrong");
    solve(wrong);

    CHECK(cudaMemset(cells, 0, 1 << 16));
    CHECK(cudaDeviceSynchronize());
    int *head = cells + 10000, *tail = cells + 10001, *left = cells + 10002, *sum = cells + 10003;
    cells[0] = 1;
    *tail = 1;
    *left = 1;
    work<<<8, 64>>>(cells, head, tail, left, sum);
    verdict("work queue", sum, "");

    cells[0] = cells[1] = 0;
    lock_around_barriers<<<10, 64>>>(cells, cells + 1);
    verdict("lock around barriers", cells + 1, "");
    cells[0] = cells[1] = 0;
    lock_in_warp<<<8, 256>>>(cells, cells + 1);
    verdict("lock in a warp", cells + 1, "");
    cells[0] = cells[1] = 0;
    lock_by_exchange<<<8, 128>>>(cells, cells + 1);
    verdict("lock by exchange", cells + 1, "");
    cells[0] = 0;
    ring<<<20, 32>>>(cells, wrong, 10);
    verdict("ring of blocks", wrong, " wrong");
    warps<<<4, 64>>>(wrong);
    verdict("warps as producers and consumers", wrong, " wrong");

    cudaStream_t one, two;
    CHECK(cudaStreamCreateWithFlags(&one, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&two, cudaStreamNonBlocking));
    cells[0] = cells[1] = 0;
    reader<<<1, 1, 0, one>>>(cells, cells + 1);
    writer<<<1, 1, 0, two>>>(cells);
    verdict("reader and writer kernels", cells + 1, "");
    int *flag;
    CHECK(cudaHostAlloc(&flag, 8, cudaHostAllocMapped));
    flag[0] = 0;
    wait_for<<<1, 1, 0, one>>>(flag, cells);
    CHECK(cudaStreamQuery(one) == cudaErrorNotReady ? cudaSuccess : cudaErrorUnknown);
    *(volatile int *)flag = 77;
    verdict("host raises a flag", cells, "");
    int *device_flag;
    CHECK(cudaMalloc(&device_flag, 4));
    CHECK(cudaMemset(device_flag, 0, 4));
    flag[1] = 78;
    wait_for<<<1, 1, 0, one>>>(device_flag, cells);
    CHECK(cudaMemcpyAsync(device_flag, flag + 1, 4, cudaMemcpyHostToDevice, two));
    verdict("copy raises a flag", cells, "");

    CHECK(cudaMemset(cells, 0, 1 << 16));
    CHECK(cudaDeviceSynchronize());
    int *heads = cells, *next = cells + 1000, *keys = cells + 5000, found = 0;
    for (int i = 0; i < 3000; i++)
        keys[i] = i * 7919;
    insert<<<24, 128>>>(heads, next, keys, 100, 3000);
    CHECK_LAUNCH();
    for (int bucket = 0; bucket < 100; bucket++)
        for (int at = heads[bucket]; at; at = next[at - 1])
            found += keys[at - 1] % 100 == bucket;
    verdict("hash table", &found, " keys");
    sense_reversal<<<1, 200>>>(cells, wrong);
    verdict("sense reversal", wrong, " wrong");
    return 0;
}
