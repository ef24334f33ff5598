// SPDX-License-Identifier: Apache-2.0
// __syncthreads() in loops: stencil sweeps, scans with halving strides, many barriers, sizes that fill no warp.
// EXPECT: stencil of 200: ok
// EXPECT: scan of 1: ok
// EXPECT: scan of 33: ok
// EXPECT: scan of 255: ok
// EXPECT: scan of 1024: ok
// EXPECT: rotated 1000 times: ok
#include "check.h"

__global__ void stencil(int *values, int steps) {
    __shared__ int now[200], next[200];
    int t = threadIdx.x;
    now[t] = values[t];
    __syncthreads();
    for (int i = 0; i < steps; i++) {
        int left = t > 0 ? now[t - 1] : 0, right = t < 199 ? now[t + 1] : 0;
        next[t] = (left + 2 * now[t] + right) % 1009;
        __syncthreads();
        now[t] = next[t];
        __syncthreads();
    }
    values[t] = now[t];
}

__global__ void scan(const int *in, int *out) {
    extern __shared__ int shared[];
    int t = threadIdx.x, count = blockDim.x;
    shared[t] = in[t];
    for (int step = 1; step < count; step *= 2) {
        __syncthreads();
        int value = t >= step ? shared[t - step] : 0;
        __syncthreads();
        shared[t] += value;
    }
    out[t] = shared[t];
}

__global__ void rotate(int *out) {
    __shared__ int ring[97];
    int t = threadIdx.x;
    int mine = t;
    for (int i = 0; i < 1000; i++) {
        ring[(t + 1) % 97] = mine;
        __syncthreads();
        mine = ring[t];
        __syncthreads();
    }
    out[t] = mine;
}

int main() {
    std::vector<int> values(200), next(200), want;
    for (int i = 0; i < 200; i++)
        values[i] = i * 7 % 31;
    Array<int> device(values);
    stencil<<<1, 200>>>(device, 25);
    CHECK_LAUNCH();
    for (int step = 0; step < 25; step++) {
        for (int t = 0; t < 200; t++)
            next[t] = ((t > 0 ? values[t - 1] : 0) + 2 * values[t] + (t < 199 ? values[t + 1] : 0)) % 1009;
        values = next;
    }
    same("stencil of 200", device.host(), values);
    for (int count : {1, 33, 255, 1024}) {
        std::vector<int> in(count), sums(count);
        int sum = 0;
        for (int i = 0; i < count; i++)
            sums[i] = sum += in[i] = (i * 13) % 17 - 5;
        Array<int> device_in(in), out(count);
        scan<<<1, count, count * sizeof(int)>>>(device_in, out);
        CHECK_LAUNCH();
        char name[40];
        std::snprintf(name, sizeof name, "scan of %d", count);
        same(name, out.host(), sums);
    }
    Array<int> out(97);
    rotate<<<1, 97>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 97; t++)
        want.push_back((t + 97 * 11 - 1000) % 97);
    same("rotated 1000 times", out.host(), want);
    return 0;
}
