// SPDX-License-Identifier: Apache-2.0
// With per-thread default streams stream 0 is the calling thread's own: threads don't wait for each other, it can capture
// and launch graphs, and pools follow its order. The same when the program defines the macro itself.
// RUN: -default-stream per-thread
// RUN: -D CUDA_API_PER_THREAD_DEFAULT_STREAM
// EXPECT: another thread's work does not hold this one's: yes
// EXPECT: captured in stream 0: 12
// EXPECT: memory of stream 0: same
// EXPECT: handles: 1 0
// NVCC: -default-stream per-thread
#include <atomic>
#include <thread>

#include "check.h"

__global__ void add(int *to, int value) { *to += value; }

static std::atomic<bool> go;
static void wait_for_go(void *) {
    while (!go)
        std::this_thread::yield();
}

int main() {
    int *data, host = 0;
    CHECK(cudaMalloc(&data, sizeof *data));
    CHECK(cudaMemset(data, 0, sizeof *data));
    std::thread other([] {
        CHECK(cudaLaunchHostFunc(0, wait_for_go, nullptr));
        CHECK(cudaStreamSynchronize(0));
    });
    add<<<1, 1>>>(data, 3);
    CHECK(cudaMemcpy(&host, data, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("another thread's work does not hold this one's: %s\n", !go && host == 3 ? "yes" : "no");
    go = true;
    other.join();

    cudaGraph_t graph;
    cudaGraphExec_t exec;
    CHECK(cudaStreamBeginCapture(0, cudaStreamCaptureModeGlobal));
    add<<<1, 1>>>(data, 4);
    add<<<1, 1>>>(data, 5);
    CHECK(cudaStreamEndCapture(0, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaMemcpy(&host, data, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("captured in stream 0: %d\n", host);

    void *a, *b;
    CHECK(cudaMallocAsync(&a, 1000, 0));
    CHECK(cudaFreeAsync(a, 0));
    CHECK(cudaMallocAsync(&b, 1000, 0));
    std::printf("memory of stream 0: %s\n", a == b ? "same" : "other");
    unsigned long long own = 0, per_thread = 0, legacy = 0;
    CHECK(cudaStreamGetId(0, &own));
    CHECK(cudaStreamGetId(cudaStreamPerThread, &per_thread));
    CHECK(cudaStreamGetId(cudaStreamLegacy, &legacy));
    std::printf("handles: %d %d\n", own == per_thread, own == legacy);
    return 0;
}
