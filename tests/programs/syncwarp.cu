// SPDX-License-Identifier: Apache-2.0
// __syncwarp() orders the lanes' memory accesses: exchange through shared memory without a block barrier, subsets, loops.
// EXPECT: rotation: ok
// EXPECT: subsets: ok
// EXPECT: tree reduction per warp: 496 1520 2544
#include "check.h"

__global__ void rotate(int *out) {
    __shared__ int shared[96];
    int t = threadIdx.x, base = t / 32 * 32, lane = t % 32, value = t;
    for (int i = 0; i < 50; i++) {
        shared[t] = value;
        __syncwarp();
        value = shared[base + (lane + 1) % 32];
        __syncwarp();
    }
    out[t] = value;
}

__global__ void subsets(int *out) {
    __shared__ int shared[32];
    int lane = threadIdx.x;
    if (lane % 3 == 0) {
        const unsigned mask = 0x49249249; // lanes 0, 3, 6 ... 30
        for (int i = 0; i < 4; i++) {
            shared[lane] = lane + i;
            __syncwarp(mask);
            int other = shared[(lane + 3) % 33];
            __syncwarp(mask);
            out[lane] += other;
        }
    } else {
        out[lane] = -lane;
    }
}

__global__ void reduce(int *out) {
    __shared__ int shared[96];
    int t = threadIdx.x, lane = t % 32;
    shared[t] = t;
    for (int step = 16; step > 0; step /= 2) {
        __syncwarp();
        if (lane < step)
            shared[t] += shared[t + step];
    }
    if (lane == 0)
        out[t / 32] = shared[t];
}

int main() {
    Array<int> out(96);
    rotate<<<1, 96>>>(out);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int t = 0; t < 96; t++)
        want.push_back(t / 32 * 32 + (t + 50) % 32);
    same("rotation", out.host(), want);
    Array<int> few(32);
    subsets<<<1, 32>>>(few);
    CHECK_LAUNCH();
    std::vector<int> want_few;
    for (int lane = 0; lane < 32; lane++)
        want_few.push_back(lane % 3 ? -lane : 4 * ((lane + 3) % 33) + 6);
    same("subsets", few.host(), want_few);
    reduce<<<1, 96>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("tree reduction per warp: %d %d %d\n", o[0], o[1], o[2]);
    return 0;
}
