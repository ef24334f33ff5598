// SPDX-License-Identifier: Apache-2.0
// Streams run at the same time: a host function of one stream waits for what a host function of another stream does, and
// the host goes on meanwhile; cudaStreamQuery and cudaEventQuery tell who is done.
// EXPECT: first stream busy: cudaErrorNotReady cudaErrorNotReady
// EXPECT: second stream got through
// EXPECT: after release: cudaSuccess cudaSuccess
// NVCC: skip allocating waits for the stream that waits
#include "check.h"
#include <atomic>
#include <chrono>
#include <thread>

static std::atomic<bool> released{false};

static void wait_for_release(void *) {
    while (!released)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
__global__ void store(int *out) { *out = 5; }

int main() {
    cudaStream_t first, second;
    cudaEvent_t event;
    CHECK(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
    CHECK(cudaEventCreate(&event));
    int *value;
    CHECK(cudaMalloc(&value, sizeof(int)));
    CHECK(cudaLaunchHostFunc(first, wait_for_release, nullptr));
    store<<<1, 1, 0, first>>>(value);
    CHECK(cudaEventRecord(event, first));
    cudaError_t stream_state = cudaStreamQuery(first), event_state = cudaEventQuery(event);
    std::printf("first stream busy: %s %s\n", cudaGetErrorName(stream_state), cudaGetErrorName(event_state));
    int *other;
    CHECK(cudaMalloc(&other, sizeof(int)));
    store<<<1, 1, 0, second>>>(other);
    CHECK(cudaStreamSynchronize(second));
    std::printf("second stream got through\n");
    released = true;
    CHECK(cudaEventSynchronize(event));
    CHECK(cudaStreamSynchronize(first));
    stream_state = cudaStreamQuery(first);
    event_state = cudaEventQuery(event);
    std::printf("after release: %s %s\n", cudaGetErrorName(stream_state), cudaGetErrorName(event_state));
    CHECK(cudaFree(value));
    CHECK(cudaFree(other));
    CHECK(cudaEventDestroy(event));
    CHECK(cudaStreamDestroy(first));
    CHECK(cudaStreamDestroy(second));
    return 0;
}
