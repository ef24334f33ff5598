// SPDX-License-Identifier: Apache-2.0
// Monte Carlo: a generator state a thread, 64-bit arithmetic, warp reductions, one atomic a warp; the count is exact.
// EXPECT: hits agree with the host: yes
// EXPECT: pi is about 3.14
#include "check.h"

__host__ __device__ unsigned next(unsigned long long &state) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    unsigned shifted = static_cast<unsigned>(((state >> 18) ^ state) >> 27), rotation = static_cast<unsigned>(state >> 59);
    return shifted >> rotation | shifted << (-rotation & 31);
}

__host__ __device__ int hits_of(int thread, int tries) {
    unsigned long long state = thread * 0x9e3779b97f4a7c15ull + 1;
    int hits = 0;
    for (int i = 0; i < tries; i++) {
        unsigned long long x = next(state) >> 1, y = next(state) >> 1;
        hits += x * x + y * y < 1ull << 62;
    }
    return hits;
}

__global__ void sample(int tries, unsigned *hits) {
    int mine = hits_of(blockIdx.x * blockDim.x + threadIdx.x, tries);
    for (int step = 16; step > 0; step /= 2)
        mine += __shfl_down_sync(0xffffffff, mine, step);
    if (threadIdx.x % 32 == 0)
        atomicAdd(hits, static_cast<unsigned>(mine));
}

int main() {
    const int blocks = 20, threads = 128, tries = 400;
    Array<unsigned> hits(1);
    sample<<<blocks, threads>>>(tries, hits);
    CHECK_LAUNCH();
    unsigned want = 0;
    for (int t = 0; t < blocks * threads; t++)
        want += hits_of(t, tries);
    std::printf("hits agree with the host: %s\n", hits.host()[0] == want ? "yes" : "no");
    std::printf("pi is about %.2f\n", 4.0 * hits.host()[0] / (blocks * threads * static_cast<double>(tries)));
    return 0;
}
