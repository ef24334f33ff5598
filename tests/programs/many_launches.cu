// SPDX-License-Identifier: Apache-2.0
// Tens of thousands of small launches, allocations and copies, on several streams, keep their order and leak nothing visible.
// EXPECT: launches: 20000 20000 20000
// EXPECT: allocations reused: yes
// EXPECT: streams and events: 500
#include "check.h"

__global__ void count(int *out) { *out += 1; }

int main() {
    cudaStream_t streams[3];
    Array<int> out(3);
    for (cudaStream_t &s : streams)
        CHECK(cudaStreamCreate(&s));
    for (int i = 0; i < 20000; i++)
        for (int s = 0; s < 3; s++)
            count<<<1, 1, 0, streams[s]>>>(out + s);
    CHECK(cudaDeviceSynchronize());
    auto o = out.host();
    std::printf("launches: %d %d %d\n", o[0], o[1], o[2]);
    size_t before, after, total;
    CHECK(cudaMemGetInfo(&before, &total));
    for (int i = 0; i < 3000; i++) {
        void *a, *b;
        CHECK(cudaMalloc(&a, 1 << 20));
        CHECK(cudaMallocHost(&b, 1 << 12));
        CHECK(cudaFree(a));
        CHECK(cudaFreeHost(b));
    }
    CHECK(cudaMemGetInfo(&after, &total));
    std::printf("allocations reused: %s\n", after + (size_t(1) << 30) > before ? "yes" : "no");
    int done = 0;
    for (int i = 0; i < 500; i++) {
        cudaStream_t stream;
        cudaEvent_t event;
        CHECK(cudaStreamCreate(&stream));
        CHECK(cudaEventCreate(&event));
        count<<<1, 1, 0, stream>>>(out);
        CHECK(cudaEventRecord(event, stream));
        CHECK(cudaEventSynchronize(event));
        done += cudaEventQuery(event) == cudaSuccess;
        CHECK(cudaEventDestroy(event));
        CHECK(cudaStreamDestroy(stream));
    }
    std::printf("streams and events: %d\n", done);
    return 0;
}
