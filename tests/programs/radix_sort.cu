// SPDX-License-Identifier: Apache-2.0
// Radix sort, four bits a pass: block histograms, a scan over them, stable scatter by ballots.
// EXPECT: 10007 keys with values: ok
// EXPECT: stable: ok
#include "check.h"
#include <algorithm>

const int threads = 128;

__global__ void histogram(const unsigned *keys, int count, int shift, unsigned *counts) {
    __shared__ unsigned local[16];
    if (threadIdx.x < 16)
        local[threadIdx.x] = 0;
    __syncthreads();
    int i = blockIdx.x * threads + threadIdx.x;
    if (i < count)
        atomicAdd(&local[keys[i] >> shift & 15], 1u);
    __syncthreads();
    if (threadIdx.x < 16)
        counts[threadIdx.x * gridDim.x + blockIdx.x] = local[threadIdx.x];
}

__global__ void exclusive_scan(unsigned *values, int count) {
    __shared__ unsigned shared[256];
    __shared__ unsigned carry;
    if (threadIdx.x == 0)
        carry = 0;
    for (int start = 0; start < count; start += 256) {
        int i = start + threadIdx.x;
        unsigned mine = i < count ? values[i] : 0, sum = mine;
        shared[threadIdx.x] = sum;
        for (int step = 1; step < 256; step *= 2) {
            __syncthreads();
            unsigned other = threadIdx.x >= step ? shared[threadIdx.x - step] : 0;
            __syncthreads();
            shared[threadIdx.x] = sum += other;
        }
        unsigned before = carry;
        if (i < count)
            values[i] = before + sum - mine;
        __syncthreads();
        if (threadIdx.x == 255)
            carry = before + sum;
        __syncthreads();
    }
}

__global__ void scatter(const unsigned *keys, const unsigned *values, int count, int shift, const unsigned *offsets,
                        unsigned *out_keys, unsigned *out_values) {
    __shared__ unsigned warp_counts[threads / 32][16];
    int i = blockIdx.x * threads + threadIdx.x, warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    unsigned key = i < count ? keys[i] : 0, digit = i < count ? key >> shift & 15 : 16, rank = 0;
    for (unsigned d = 0; d < 16; d++) {
        unsigned peers = __ballot_sync(0xffffffff, digit == d);
        if (digit == d)
            rank = __popc(peers & ((1u << lane) - 1));
        if (lane == 0)
            warp_counts[warp][d] = __popc(peers);
    }
    __syncthreads();
    if (i >= count)
        return;
    for (int w = 0; w < warp; w++)
        rank += warp_counts[w][digit];
    unsigned to = offsets[digit * gridDim.x + blockIdx.x] + rank;
    out_keys[to] = key;
    out_values[to] = values[i];
}

int main() {
    const int count = 10007, blocks = (count + threads - 1) / threads;
    Random random(13);
    std::vector<unsigned> keys(count), values(count);
    for (int i = 0; i < count; i++) {
        keys[i] = random.next() % 5000 * 70001;
        values[i] = i;
    }
    Array<unsigned> a(keys), b(count), va(values), vb(count), counts(16 * blocks);
    unsigned *in = a, *out = b, *in_values = va, *out_values = vb;
    for (int shift = 0; shift < 32; shift += 4) {
        histogram<<<blocks, threads>>>(in, count, shift, counts);
        exclusive_scan<<<1, 256>>>(counts, 16 * blocks);
        scatter<<<blocks, threads>>>(in, in_values, count, shift, counts, out, out_values);
        std::swap(in, out);
        std::swap(in_values, out_values);
    }
    CHECK_LAUNCH();
    std::vector<unsigned> order = values, want;
    std::stable_sort(order.begin(), order.end(), [&](unsigned x, unsigned y) { return keys[x] < keys[y]; });
    for (unsigned i : order)
        want.push_back(keys[i]);
    same("10007 keys with values", a.host(), want);
    same("stable", va.host(), order);
    return 0;
}
