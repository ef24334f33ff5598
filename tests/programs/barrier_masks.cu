// SPDX-License-Identifier: Apache-2.0
// Barriers within control flow that the threads of a block agree on, or that have ended, but in which no compiler can see it:
// conditions from memory, returns before barriers, loops left from within, switches.
// EXPECT: return before barriers: ok
// EXPECT: conditions from memory: ok
// EXPECT: loop left from within: ok
// EXPECT: return in a loop: ok
// EXPECT: switch: ok
// EXPECT: turns without their rest: ok
// EXPECT: barrier that counts: ok
#include <algorithm>
#include "check.h"

__global__ void ended(int *out, const int *in, int n) {
    __shared__ int values[128];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    values[threadIdx.x] = in[i];
    __syncthreads();
    int last = min((int)blockDim.x, n - (int)(blockIdx.x * blockDim.x));
    for (int round = 0; round < 3; round++) {
        int next = values[(threadIdx.x + 1) % last];
        __syncthreads();
        values[threadIdx.x] += next;
        __syncthreads();
    }
    out[i] = values[threadIdx.x];
}

__global__ void from_memory(int *out, const int *limits) {
    __shared__ int values[64], rounds;
    values[threadIdx.x] = threadIdx.x;
    if (threadIdx.x == 0)
        rounds = limits[blockIdx.x];
    __syncthreads();
    for (int round = 0; round < rounds; round++) {
        int next = values[(threadIdx.x + 1) % 64];
        __syncthreads();
        values[threadIdx.x] = next;
        __syncthreads();
    }
    if (limits[blockIdx.x] % 2) {
        values[threadIdx.x] *= 2;
        __syncthreads();
    } else {
        values[threadIdx.x] += 1000;
        __syncthreads();
    }
    out[blockIdx.x * 64 + threadIdx.x] = values[63 - threadIdx.x];
}

__global__ void left(int *out) {
    __shared__ int sum;
    int turns = 0;
    if (threadIdx.x == 0)
        sum = 0;
    while (true) {
        __syncthreads();
        if (sum >= 500)
            break;
        __syncthreads();
        atomicAdd(&sum, 1);
        turns++;
    }
    out[threadIdx.x] = turns;
}

__global__ void returned(int *out, const int *stop) {
    __shared__ int ring[64];
    ring[threadIdx.x] = 1;
    __syncthreads();
    for (int turn = 0; turn < 40; turn++) {
        if (stop[turn] == 1) {
            out[threadIdx.x] = ring[threadIdx.x];
            return;
        }
        int other = ring[(threadIdx.x + 5) % 64];
        __syncthreads();
        ring[threadIdx.x] += other;
        __syncthreads();
    }
    out[threadIdx.x] = -1;
}

__global__ void chosen(int *out, const int *which) {
    __shared__ int values[32];
    int result = 0;
    values[threadIdx.x] = threadIdx.x;
    __syncthreads();
    for (int i = 0; i < 4; i++) {
        switch (which[i]) {
        case 0:
            result += values[31 - threadIdx.x];
            __syncthreads();
            values[threadIdx.x]++;
            break;
        case 1:
            result += 100;
            break;
        case 7:
            __syncthreads();
            result += values[(threadIdx.x + 1) % 32] * 10;
        default:
            result += 1;
        }
        __syncthreads();
    }
    out[threadIdx.x] = result;
}

__global__ void skipped(int *out, const int *skip) {
    __shared__ int values[32];
    values[threadIdx.x] = 1;
    int count = 0;
    for (int i = 0; i < 6; i++) {
        __syncthreads();
        if (threadIdx.x % 3 == i % 3)
            continue;
        count += values[(threadIdx.x + i) % 32];
        if (skip[i])
            continue;
        count += 100;
    }
    __syncthreads();
    out[threadIdx.x] = count;
}

__global__ void counted(int *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    int rounds = 0;
    while (__syncthreads_or(rounds < (int)blockIdx.x + 2))
        rounds++;
    out[i] = rounds * 1000 + __syncthreads_count(threadIdx.x % 2) + (__syncthreads_and(1) ? 500 : 0);
}

template <typename F> static void fill(Array<int> &array, F value) {
    std::vector<int> values(array.size);
    for (size_t i = 0; i < values.size(); i++)
        values[i] = value((int)i);
    CHECK(cudaMemcpy(array.data, values.data(), values.size() * sizeof(int), cudaMemcpyHostToDevice));
}

int main() {
    const int n = 300;
    Array<int> in(n), out(n);
    fill(in, [](int i) { return i * 7 % 31; });
    ended<<<3, 128>>>(out, in, n);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int block = 0; block < 3; block++) {
        int size = std::min(128, n - block * 128);
        std::vector<int> values(size), next(size);
        for (int t = 0; t < size; t++)
            values[t] = (block * 128 + t) * 7 % 31;
        for (int round = 0; round < 3; round++, values = next)
            for (int t = 0; t < size; t++)
                next[t] = values[t] + values[(t + 1) % size];
        want.insert(want.end(), values.begin(), values.end());
    }
    same("return before barriers", out.host(), want);

    Array<int> limits(4), moved(256);
    fill(limits, [](int i) { return i * 3; });
    from_memory<<<4, 64>>>(moved, limits);
    CHECK_LAUNCH();
    want.clear();
    for (int block = 0; block < 4; block++)
        for (int t = 0; t < 64; t++) {
            int value = (63 - t + block * 3) % 64;
            want.push_back(block * 3 % 2 ? value * 2 : value + 1000);
        }
    same("conditions from memory", moved.host(), want);

    Array<int> row(64);
    left<<<1, 64>>>(row);
    CHECK_LAUNCH();
    same("loop left from within", row.host(), std::vector<int>(64, 8));

    Array<int> stop(40);
    fill(stop, [](int i) { return i == 5; });
    returned<<<1, 64>>>(row, stop);
    CHECK_LAUNCH();
    same("return in a loop", row.host(), std::vector<int>(64, 32));

    Array<int> which(4), lanes(32);
    fill(which, [](int i) { return i == 0 ? 7 : i == 1 ? 0 : i == 2 ? 1 : 0; });
    chosen<<<1, 32>>>(lanes, which);
    CHECK_LAUNCH();
    want.clear();
    for (int t = 0; t < 32; t++)
        want.push_back((t + 1) % 32 * 10 + 1 + (31 - t) + 100 + (31 - t + 1));
    same("switch", lanes.host(), want);

    Array<int> skip(6);
    fill(skip, [](int i) { return i % 2; });
    skipped<<<1, 32>>>(lanes, skip);
    CHECK_LAUNCH();
    want.clear();
    for (int t = 0; t < 32; t++) {
        int count = 0;
        for (int i = 0; i < 6; i++)
            count += t % 3 == i % 3 ? 0 : i % 2 ? 1 : 101;
        want.push_back(count);
    }
    same("turns without their rest", lanes.host(), want);

    counted<<<3, 128>>>(out, n);
    CHECK_LAUNCH();
    want.clear();
    for (int i = 0; i < n; i++)
        want.push_back((i / 128 + 2) * 1000 + std::min(128, n - i / 128 * 128) / 2 + 500);
    same("barrier that counts", out.host(), want);
}
