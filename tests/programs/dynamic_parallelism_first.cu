// SPDX-License-Identifier: Apache-2.0
// The first version of dynamic parallelism, on request: device code waits for what its block has launched, down to the depth
// that the host allows.
// RUN: -DCUDA_FORCE_CDP1_IF_SUPPORTED
// EXPECT: sums 0 wrong
// EXPECT: merge sort 0 wrong
// EXPECT: depth 2 cudaErrorSyncDepthExceeded
// EXPECT: depth 5 cudaErrorSyncDepthExceeded
// EXPECT: block 0 wrong
// NVCC: -rdc=true -DCUDA_FORCE_CDP1_IF_SUPPORTED
// NVCC: before 13 the first version of dynamic parallelism is gone
#include <cstdio>
#include "check.h"

__global__ void add(int *sum, int value) { atomicAdd(sum, value); }

__global__ void sums(int *cells, int *wrong) {
    int *mine = &cells[blockIdx.x];
    for (int round = 1; round <= 10; round++) {
        add<<<2, 8>>>(mine, round);
        if (cudaDeviceSynchronize() != cudaSuccess) atomicAdd(wrong, 1);
        if (*mine != 16 * round * (round + 1) / 2) atomicAdd(wrong, 1);
    }
}

__global__ void sort(int *data, int *scratch, int count) {
    if (count < 2) return;
    int half = count / 2;
    cudaStream_t stream;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    sort<<<1, 1>>>(data, scratch, half);
    sort<<<1, 1, 0, stream>>>(data + half, scratch + half, count - half);
    cudaDeviceSynchronize();
    cudaStreamDestroy(stream);
    for (int a = 0, b = half, to = 0; to < count; to++)
        scratch[to] = b == count || (a < half && data[a] <= data[b]) ? data[a++] : data[b++];
    for (int i = 0; i < count; i++)
        data[i] = scratch[i];
}

__global__ void deepest(int *depth, int level, cudaError_t *error) {
    if (level < 10) deepest<<<1, 1>>>(depth, level + 1, error);
    cudaError_t result = cudaDeviceSynchronize();
    if (result == cudaSuccess) atomicMax(depth, level + 1);
    else *error = result;
}

// One thread waits for what all threads of its block have launched.
__global__ void block(int *sum, int *wrong) {
    add<<<1, 4>>>(sum + blockIdx.x, (int)threadIdx.x);
    __syncthreads();
    if (threadIdx.x == 0) {
        cudaDeviceSynchronize();
        if (sum[blockIdx.x] != 4 * 31 * 32 / 2) atomicAdd(wrong, 1);
    }
}

int main() {
    int *cells, *wrong;
    cudaError_t *error;
    CHECK(cudaMallocManaged(&cells, 1 << 14));
    CHECK(cudaMallocManaged(&wrong, sizeof *wrong));
    CHECK(cudaMallocManaged(&error, sizeof *error));
    CHECK(cudaMemset(cells, 0, 1 << 14));
    *wrong = 0;
    sums<<<8, 1>>>(cells, wrong);
    CHECK_LAUNCH();
    std::printf("sums %d wrong\n", *wrong);
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimeSyncDepth, 12));
    const int count = 300;
    for (int i = 0; i < count; i++)
        cells[i] = i * 7919 % 1009;
    sort<<<1, 1>>>(cells, cells + 1000, count);
    CHECK_LAUNCH();
    for (int i = 1; i < count; i++)
        *wrong += cells[i - 1] > cells[i];
    std::printf("merge sort %d wrong\n", *wrong);
    for (int limit = 2; limit <= 5; limit += 3) {
        CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimeSyncDepth, (size_t)limit));
        cells[0] = 0;
        deepest<<<1, 1>>>(cells, 0, error);
        CHECK_LAUNCH();
        std::printf("depth %d %s\n", cells[0], cudaGetErrorName(*error));
    }
    CHECK(cudaMemset(cells, 0, 1 << 14));
    block<<<6, 32>>>(cells, wrong);
    CHECK_LAUNCH();
    std::printf("block %d wrong\n", *wrong);
    return 0;
}
