// SPDX-License-Identifier: Apache-2.0
// The legacy default stream: its work waits for the blocking streams and they wait for it; non-blocking streams stay apart.
// EXPECT: default stream waits for both streams: 12
// EXPECT: streams wait for the default stream: 24 24
// EXPECT: memcpy sees the stream's work: 7
// EXPECT: non-blocking stream does not wait: cudaSuccess
#include "check.h"
#include <atomic>
#include <chrono>
#include <thread>

static std::atomic<bool> released{false};

static void wait_for_release(void *) {
    while (!released)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
static void pause(void *) { std::this_thread::sleep_for(std::chrono::milliseconds(30)); }

__global__ void store(int *out, int value) { *out = value; }
__global__ void sum(const int *a, const int *b, int *out) { *out = *a + *b; }
__global__ void twice(const int *in, int *out) { *out = 2 * *in; }

int main() {
    cudaStream_t a, b, apart;
    CHECK(cudaStreamCreate(&a));
    CHECK(cudaStreamCreate(&b));
    CHECK(cudaStreamCreateWithFlags(&apart, cudaStreamNonBlocking));
    Array<int> values(8);
    CHECK(cudaLaunchHostFunc(a, pause, nullptr));
    store<<<1, 1, 0, a>>>(values + 0, 5);
    CHECK(cudaLaunchHostFunc(b, pause, nullptr));
    store<<<1, 1, 0, b>>>(values + 1, 7);
    sum<<<1, 1>>>(values + 0, values + 1, values + 2);
    twice<<<1, 1, 0, a>>>(values + 2, values + 3);
    twice<<<1, 1, 0, b>>>(values + 2, values + 4);
    CHECK(cudaDeviceSynchronize());
    auto v = values.host();
    std::printf("default stream waits for both streams: %d\n", v[2]);
    std::printf("streams wait for the default stream: %d %d\n", v[3], v[4]);
    CHECK(cudaLaunchHostFunc(a, pause, nullptr));
    store<<<1, 1, 0, a>>>(values + 5, 7);
    int copied = 0;
    CHECK(cudaMemcpy(&copied, values + 5, sizeof copied, cudaMemcpyDeviceToHost));
    std::printf("memcpy sees the stream's work: %d\n", copied);
    CHECK(cudaLaunchHostFunc(0, wait_for_release, nullptr));
    store<<<1, 1, 0, apart>>>(values + 6, 1);
    std::printf("non-blocking stream does not wait: %s\n", cudaGetErrorName(cudaStreamSynchronize(apart)));
    released = true;
    CHECK(cudaDeviceSynchronize());
    for (cudaStream_t s : {a, b, apart})
        CHECK(cudaStreamDestroy(s));
    return 0;
}
