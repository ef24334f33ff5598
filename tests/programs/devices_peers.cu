// SPDX-License-Identifier: Apache-2.0
// All devices that there are work on one array: each on the share that suits its speed, the first one reads the others' memory by
// its own kernels where the hardware can, and by copies where it can't. A program for several devices runs on one, too.
// ENV: CUDA_WASM_DEVICES=2
// EXPECT: shares cover the range: ok
// EXPECT: each device its share: ok
// EXPECT: copies between devices: ok
// EXPECT: kernels read peers: ok
// EXPECT: kernels write peers: ok
// NVCC: skip cw_distribute_range is this runtime's own
#include <cstdint>
#include <vector>

#include "check.h"

extern "C" int cw_distribute_range(uint64_t count, int ordinal, uint64_t *first, uint64_t *share);

__global__ void fill(int *to, uint64_t first, uint64_t count) {
    for (uint64_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        to[i] = static_cast<int>(first + i);
}
__global__ void copy(int *to, const int *from, uint64_t count) {
    for (uint64_t i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        to[i] = from[i];
}

static bool rises(const std::vector<int> &values) {
    for (size_t i = 0; i < values.size(); i++)
        if (values[i] != static_cast<int>(i)) return false;
    return true;
}

static void say(const char *what, bool ok) { std::printf("%s: %s\n", what, ok ? "ok" : "wrong"); }

int main() {
    const uint64_t n = 1000003;
    int devices = 0;
    CHECK(cudaGetDeviceCount(&devices));
    std::vector<uint64_t> first(devices), share(devices);
    std::vector<int *> part(devices);
    uint64_t next = 0;
    bool ok = true;
    for (int d = 0; d < devices; d++) {
        ok = ok && cw_distribute_range(n, d, &first[d], &share[d]) == 0 && first[d] == next && share[d] > 0;
        next += share[d];
    }
    say("shares cover the range", ok && next == n);

    for (int d = 0; d < devices; d++) {
        CHECK(cudaSetDevice(d));
        CHECK(cudaMalloc(&part[d], share[d] * sizeof(int)));
        fill<<<64, 256>>>(part[d], first[d], share[d]);
        CHECK(cudaGetLastError());
    }
    std::vector<int> host(n);
    for (int d = 0; d < devices; d++) {
        CHECK(cudaSetDevice(d));
        CHECK(cudaMemcpy(&host[first[d]], part[d], share[d] * sizeof(int), cudaMemcpyDeviceToHost));
    }
    say("each device its share", rises(host));

    int *whole;
    CHECK(cudaSetDevice(0));
    CHECK(cudaMalloc(&whole, n * sizeof(int)));
    CHECK(cudaMemset(whole, 0xff, n * sizeof(int)));
    for (int d = 0; d < devices; d++)
        CHECK(cudaMemcpyPeer(whole + first[d], 0, part[d], d, share[d] * sizeof(int)));
    CHECK(cudaMemcpy(host.data(), whole, n * sizeof(int), cudaMemcpyDeviceToHost));
    say("copies between devices", rises(host));

    CHECK(cudaMemset(whole, 0xff, n * sizeof(int)));
    for (int d = 0; d < devices; d++) {
        int can = d == 0;
        if (d != 0) CHECK(cudaDeviceCanAccessPeer(&can, 0, d));
        if (can && d != 0) CHECK(cudaDeviceEnablePeerAccess(d, 0));
        if (can) copy<<<64, 256>>>(whole + first[d], part[d], share[d]);
        else CHECK(cudaMemcpyPeer(whole + first[d], 0, part[d], d, share[d] * sizeof(int)));
        CHECK(cudaGetLastError());
    }
    CHECK(cudaMemcpy(host.data(), whole, n * sizeof(int), cudaMemcpyDeviceToHost));
    say("kernels read peers", rises(host));

    CHECK(cudaMemset(whole, 0xff, n * sizeof(int)));
    CHECK(cudaDeviceSynchronize());
    for (int d = 0; d < devices; d++) {
        int can = d == 0;
        CHECK(cudaSetDevice(d));
        if (d != 0) CHECK(cudaDeviceCanAccessPeer(&can, d, 0));
        if (can && d != 0) CHECK(cudaDeviceEnablePeerAccess(0, 0));
        if (can) copy<<<64, 256>>>(whole + first[d], part[d], share[d]);
        else CHECK(cudaMemcpyPeer(whole + first[d], 0, part[d], d, share[d] * sizeof(int)));
        CHECK(cudaDeviceSynchronize());
    }
    CHECK(cudaSetDevice(0));
    CHECK(cudaMemcpy(host.data(), whole, n * sizeof(int), cudaMemcpyDeviceToHost));
    say("kernels write peers", rises(host));
    return 0;
}
