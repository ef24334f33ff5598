// SPDX-License-Identifier: Apache-2.0
// cudaMallocAsync and cudaFreeAsync: memory that lives in stream order.
// EXPECT: 50 rounds: ok
#include "check.h"

__global__ void fill(int *values, int count, int value) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        values[i] = value + i;
}

int main() {
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    const int count = 1000;
    std::vector<int> host(count * 50);
    for (int round = 0; round < 50; round++) {
        int *values;
        CHECK(cudaMallocAsync((void **)&values, count * sizeof(int), stream));
        fill<<<8, 125, 0, stream>>>(values, count, round * 7);
        CHECK(cudaMemcpyAsync(&host[round * count], values, count * sizeof(int), cudaMemcpyDeviceToHost, stream));
        CHECK(cudaFreeAsync(values, stream));
    }
    CHECK(cudaStreamSynchronize(stream));
    bool fine = true;
    for (int i = 0; i < count * 50; i++)
        fine = fine && host[i] == i / count * 7 + i % count;
    std::printf("50 rounds: %s\n", fine ? "ok" : "wrong");
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
