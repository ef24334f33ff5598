// SPDX-License-Identifier: Apache-2.0
// cudaStreamAddCallback and cudaLaunchHostFunc run on the host in stream order, once each, with their data.
// EXPECT: host function saw 10
// EXPECT: callback saw 20, status cudaSuccess, its stream: yes
// EXPECT: later kernel ran after both: 30
// EXPECT: order: 0 1 2 3 4 5 6 7 8 9
#include "check.h"

struct Seen {
    int *pinned;
    cudaStream_t stream;
    int host_value, callback_value;
    cudaError_t status;
    bool same_stream;
};

static void host_function(void *data) {
    Seen *seen = static_cast<Seen *>(data);
    seen->host_value = *seen->pinned;
    *seen->pinned = 20;
}
static void CUDART_CB callback(cudaStream_t stream, cudaError_t status, void *data) {
    Seen *seen = static_cast<Seen *>(data);
    seen->callback_value = *seen->pinned;
    seen->status = status;
    seen->same_stream = stream == seen->stream;
    *seen->pinned = 25;
}
static std::vector<int> order;
static void append(void *data) { order.push_back(static_cast<int>(reinterpret_cast<size_t>(data))); }

__global__ void store(int *out, int value) { *out = value; }
__global__ void add(int *out, int value) { *out += value; }

int main() {
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    Seen seen = {};
    seen.stream = stream;
    CHECK(cudaMallocHost((void **)&seen.pinned, sizeof(int)));
    Array<int> value(1);
    store<<<1, 1, 0, stream>>>(value, 10);
    CHECK(cudaMemcpyAsync(seen.pinned, value, sizeof(int), cudaMemcpyDeviceToHost, stream));
    CHECK(cudaLaunchHostFunc(stream, host_function, &seen));
    CHECK(cudaStreamAddCallback(stream, callback, &seen, 0));
    CHECK(cudaMemcpyAsync(value, seen.pinned, sizeof(int), cudaMemcpyHostToDevice, stream));
    add<<<1, 1, 0, stream>>>(value, 5);
    for (size_t i = 0; i < 10; i++)
        CHECK(cudaLaunchHostFunc(stream, append, reinterpret_cast<void *>(i)));
    CHECK(cudaStreamSynchronize(stream));
    std::printf("host function saw %d\n", seen.host_value);
    std::printf("callback saw %d, status %s, its stream: %s\n", seen.callback_value, cudaGetErrorName(seen.status),
                seen.same_stream ? "yes" : "no");
    std::printf("later kernel ran after both: %d\norder:", value.host()[0]);
    for (int i : order)
        std::printf(" %d", i);
    std::printf("\n");
    CHECK(cudaFreeHost(seen.pinned));
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
