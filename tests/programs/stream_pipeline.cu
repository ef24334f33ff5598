// SPDX-License-Identifier: Apache-2.0
// Asynchronous copies: pieces of an array go in, through a kernel and out again on four streams, from pinned and pageable
// memory, while the host waits only once.
// EXPECT: pinned memory: ok
// EXPECT: pageable memory: ok
// EXPECT: device to device: ok
// EXPECT: memset on a stream: ok
#include "check.h"

__global__ void transform(const int *in, int *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = in[i] * 3 + 1;
}

int main() {
    const int pieces = 4, piece = 25001, count = pieces * piece;
    cudaStream_t streams[pieces];
    for (cudaStream_t &s : streams)
        CHECK(cudaStreamCreate(&s));
    int *pinned_in, *pinned_out;
    CHECK(cudaMallocHost((void **)&pinned_in, count * sizeof(int)));
    CHECK(cudaHostAlloc((void **)&pinned_out, count * sizeof(int), cudaHostAllocDefault));
    std::vector<int> pageable_in(count), pageable_out(count), want(count);
    for (int i = 0; i < count; i++) {
        pinned_in[i] = pageable_in[i] = i ^ 0x55;
        want[i] = (i ^ 0x55) * 3 + 1;
    }
    Array<int> in(count), out(count), copy(count);
    auto run = [&](const int *host_in, int *host_out) {
        for (int p = 0; p < pieces; p++) {
            size_t at = static_cast<size_t>(p) * piece, bytes = piece * sizeof(int);
            CHECK(cudaMemcpyAsync(in + at, host_in + at, bytes, cudaMemcpyHostToDevice, streams[p]));
            transform<<<(piece + 127) / 128, 128, 0, streams[p]>>>(in + at, out + at, piece);
            CHECK(cudaMemcpyAsync(host_out + at, out + at, bytes, cudaMemcpyDeviceToHost, streams[p]));
        }
        CHECK(cudaDeviceSynchronize());
    };
    run(pinned_in, pinned_out);
    same("pinned memory", std::vector<int>(pinned_out, pinned_out + count), want);
    CHECK(cudaMemset(out, 0, count * sizeof(int)));
    run(pageable_in.data(), pageable_out.data());
    same("pageable memory", pageable_out, want);
    CHECK(cudaMemcpyAsync(copy, out, count * sizeof(int), cudaMemcpyDeviceToDevice, streams[1]));
    CHECK(cudaStreamSynchronize(streams[1]));
    same("device to device", copy.host(), want);
    CHECK(cudaMemsetAsync(copy, 0x11, count * sizeof(int), streams[2]));
    CHECK(cudaStreamSynchronize(streams[2]));
    same("memset on a stream", copy.host(), std::vector<int>(count, 0x11111111));
    for (cudaStream_t s : streams)
        CHECK(cudaStreamDestroy(s));
    CHECK(cudaFreeHost(pinned_in));
    CHECK(cudaFreeHost(pinned_out));
    return 0;
}
