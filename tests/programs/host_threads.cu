// SPDX-License-Identifier: Apache-2.0
// Several host threads use the runtime at once: allocations, launches on own streams and the default stream, copies.
// EXPECT: 8 threads x 25 rounds: ok
#include "check.h"
#include <atomic>
#include <thread>

__global__ void compute(int *values, int count, int seed) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        values[i] = i * seed + seed;
}

static std::atomic<int> wrong{0};

static void work(int id) {
    cudaStream_t stream = 0;
    if (id % 2)
        CHECK(cudaStreamCreate(&stream));
    for (int round = 0; round < 25; round++) {
        int count = 100 + id * 17 + round;
        std::vector<int> host(count);
        int *device;
        CHECK(cudaMalloc(&device, count * sizeof(int)));
        compute<<<(count + 31) / 32, 32, 0, stream>>>(device, count, id * 100 + round);
        CHECK(cudaGetLastError());
        CHECK(cudaMemcpyAsync(host.data(), device, count * sizeof(int), cudaMemcpyDeviceToHost, stream));
        CHECK(cudaStreamSynchronize(stream));
        for (int i = 0; i < count; i++)
            wrong += host[i] != i * (id * 100 + round) + id * 100 + round;
        CHECK(cudaFree(device));
    }
    if (stream)
        CHECK(cudaStreamDestroy(stream));
}

int main() {
    std::vector<std::thread> threads;
    for (int id = 0; id < 8; id++)
        threads.emplace_back(work, id);
    for (std::thread &t : threads)
        t.join();
    std::printf("8 threads x 25 rounds: %s\n", wrong ? "wrong" : "ok");
    return 0;
}
