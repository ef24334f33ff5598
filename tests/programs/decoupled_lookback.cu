// SPDX-License-Identifier: Apache-2.0
// Blocks that wait for blocks: a prefix sum in one launch, where each block looks back at the status of its predecessors
// until it has their total (Merrill and Garland, decoupled look-back).
// EXPECT: 200 elements: ok
// EXPECT: 65537 elements: ok
// EXPECT: 300000 elements: ok
#include "check.h"

enum : unsigned long long { aggregate = 1ull << 62, inclusive = 2ull << 62, status_mask = 3ull << 62 };

__device__ unsigned next_tile;

__global__ void prefix_sum(const unsigned *in, unsigned *out, int count, volatile unsigned long long *status) {
    __shared__ unsigned tile, before, sums[256];
    int t = threadIdx.x;
    if (t == 0)
        tile = atomicAdd(&next_tile, 1u);
    __syncthreads();
    int i = tile * 256 + t;
    unsigned value = i < count ? in[i] : 0;
    sums[t] = value;
    for (int step = 1; step < 256; step *= 2) {
        __syncthreads();
        unsigned other = t >= step ? sums[t - step] : 0;
        __syncthreads();
        sums[t] += other;
    }
    __syncthreads();
    if (t == 0) {
        unsigned total = sums[255], sum = 0;
        if (tile > 0) {
            status[tile] = aggregate | total;
            __threadfence();
            for (int look = static_cast<int>(tile) - 1;; look--) {
                unsigned long long seen;
                do {
                    seen = status[look];
                } while ((seen & status_mask) == 0);
                sum += static_cast<unsigned>(seen);
                if ((seen & status_mask) == inclusive)
                    break;
            }
        }
        __threadfence();
        status[tile] = inclusive | static_cast<unsigned long long>(sum + total);
        before = sum;
    }
    __syncthreads();
    if (i < count)
        out[i] = before + sums[t];
}

int main() {
    for (int count : {200, 65537, 300000}) {
        std::vector<unsigned> in(count), want(count);
        unsigned sum = 0;
        Random random(17);
        for (int i = 0; i < count; i++)
            want[i] = sum += in[i] = random.next() % 1000;
        int tiles = (count + 255) / 256;
        Array<unsigned> device_in(in), out(count);
        Array<unsigned long long> status(tiles);
        const unsigned zero = 0;
        CHECK(cudaMemcpyToSymbol(next_tile, &zero, sizeof zero));
        prefix_sum<<<tiles, 256>>>(device_in, out, count, status.data);
        CHECK_LAUNCH();
        char name[40];
        std::snprintf(name, sizeof name, "%d elements", count);
        same(name, out.host(), want);
    }
    return 0;
}
