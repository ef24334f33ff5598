// SPDX-License-Identifier: Apache-2.0
// The machine as four devices: each with memory, streams and variables of its own; peers, copies between them, and the
// errors of mixing them up.
// ENV: CUDA_WASM_DEVICES=4
// ENV: CUDA_WASM_MEMORY=1G
// EXPECT: devices 4, memory 256 MiB each
// EXPECT: variables of their own: 10 11 12 13
// EXPECT: peers ok
// EXPECT: copies ok
// EXPECT: kernels reach peers: 5 6 7 8
// EXPECT: errors ok
// EXPECT: memory by device ok
// NVCC: skip needs four devices
#include "check.h"

__device__ int number;
__global__ void set_number(int value) { number = value; }
__global__ void get_number(int *to) { *to = number; }
__global__ void add(int *data, int value) { data[threadIdx.x] += value + static_cast<int>(threadIdx.x); }

int main() {
    int count = 0, host[4];
    CHECK(cudaGetDeviceCount(&count));
    cudaDeviceProp prop;
    CHECK(cudaGetDeviceProperties(&prop, 3));
    std::printf("devices %d, memory %d MiB each\n", count, static_cast<int>(prop.totalGlobalMem >> 20));

    int *data[4];
    cudaStream_t streams[4];
    for (int i = 0; i < count; i++) {
        CHECK(cudaSetDevice(i));
        CHECK(cudaMalloc(&data[i], 1024));
        CHECK(cudaMemset(data[i], 0, 1024));
        CHECK(cudaStreamCreate(&streams[i]));
        set_number<<<1, 1, 0, streams[i]>>>(10 + i);
        get_number<<<1, 1, 0, streams[i]>>>(data[i]);
        CHECK(cudaGetLastError());
    }
    for (int i = 0; i < count; i++)
        CHECK(cudaMemcpy(&host[i], data[i], sizeof(int), cudaMemcpyDeviceToHost));
    std::printf("variables of their own: %d %d %d %d\n", host[0], host[1], host[2], host[3]);

    int can = 0, self = 1, rank = -1, access = 0;
    CHECK(cudaDeviceCanAccessPeer(&can, 0, 1));
    CHECK(cudaDeviceCanAccessPeer(&self, 2, 2));
    CHECK(cudaDeviceGetP2PAttribute(&rank, cudaDevP2PAttrPerformanceRank, 0, 1));
    CHECK(cudaDeviceGetP2PAttribute(&access, cudaDevP2PAttrAccessSupported, 0, 1));
    CHECK(cudaSetDevice(0));
    bool ok = can == 1 && self == 0 && rank == 0 && access == 1;
    ok = ok && cudaDeviceDisablePeerAccess(1) == cudaErrorPeerAccessNotEnabled;
    ok = ok && cudaDeviceEnablePeerAccess(1, 0) == cudaSuccess;
    ok = ok && cudaDeviceEnablePeerAccess(1, 0) == cudaErrorPeerAccessAlreadyEnabled;
    ok = ok && cudaDeviceEnablePeerAccess(0, 0) == cudaErrorInvalidDevice;
    ok = ok && cudaDeviceEnablePeerAccess(2, 1) == cudaErrorInvalidValue;
    ok = ok && cudaDeviceEnablePeerAccess(9, 0) == cudaErrorInvalidDevice;
    ok = ok && cudaDeviceCanAccessPeer(&can, 0, 9) == cudaErrorInvalidDevice;
    ok = ok && cudaDeviceDisablePeerAccess(1) == cudaSuccess;
    cudaGetLastError();
    std::printf("peers %s\n", ok ? "ok" : "wrong");

    CHECK(cudaMemcpyPeer(data[0] + 1, 0, data[1], 1, sizeof(int)));
    CHECK(cudaMemcpyPeerAsync(data[0] + 2, 0, data[2], 2, sizeof(int), streams[0]));
    CHECK(cudaMemcpyAsync(data[0] + 3, data[3], sizeof(int), cudaMemcpyDefault, streams[0]));
    cudaMemcpy3DPeerParms box = {};
    box.srcPtr = make_cudaPitchedPtr(data[3], 16, 16, 2);
    box.srcDevice = 3;
    box.dstPtr = make_cudaPitchedPtr(data[0] + 8, 32, 16, 2);
    box.dstDevice = 0;
    box.extent = make_cudaExtent(4, 2, 1);
    CHECK(cudaMemcpy3DPeerAsync(&box, streams[0]));
    CHECK(cudaStreamSynchronize(streams[0]));
    CHECK(cudaMemcpy(host, data[0], sizeof host, cudaMemcpyDeviceToHost));
    ok = host[0] == 10 && host[1] == 11 && host[2] == 12 && host[3] == 13;
    CHECK(cudaMemcpy(host, data[0] + 8, sizeof(int), cudaMemcpyDeviceToHost));
    std::printf("copies %s\n", ok && host[0] == 13 ? "ok" : "wrong");

    CHECK(cudaSetDevice(2));
    CHECK(cudaMemset(data[1], 0, 4 * sizeof(int)));
    add<<<1, 4, 0, streams[2]>>>(data[1], 5);
    CHECK(cudaStreamSynchronize(streams[2]));
    CHECK(cudaMemcpy(host, data[1], sizeof host, cudaMemcpyDeviceToHost));
    std::printf("kernels reach peers: %d %d %d %d\n", host[0], host[1], host[2], host[3]);

    cudaEvent_t event;
    cudaPointerAttributes attributes;
    int of_stream = -1;
    CHECK(cudaEventCreate(&event));
    add<<<1, 1, 0, streams[1]>>>(data[1], 1);
    ok = cudaGetLastError() == cudaErrorInvalidResourceHandle; // the stream is another device's
    ok = ok && cudaEventRecord(event, streams[1]) == cudaErrorInvalidResourceHandle;
    ok = ok && cudaEventRecord(event, streams[2]) == cudaSuccess;
    ok = ok && cudaStreamWaitEvent(streams[1], event, 0) == cudaSuccess; // waiting for another device's is fine
    ok = ok && cudaPointerGetAttributes(&attributes, data[3]) == cudaSuccess && attributes.device == 3;
    ok = ok && cudaStreamGetDevice(streams[1], &of_stream) == cudaSuccess && of_stream == 1;
    ok = ok && cudaSetDevice(4) == cudaErrorInvalidDevice;
    cudaGetLastError();
    std::printf("errors %s\n", ok ? "ok" : "wrong");

    void *large;
    ok = cudaMalloc(&large, 200 << 20) == cudaSuccess;
    void *more;
    ok = ok && cudaMalloc(&more, 200 << 20) == cudaErrorMemoryAllocation; // this device is full,
    CHECK(cudaSetDevice(3));
    ok = ok && cudaMalloc(&more, 200 << 20) == cudaSuccess; // that one is not
    ok = ok && cudaFree(large) == cudaSuccess; // freeing works from everywhere
    CHECK(cudaDeviceReset());
    ok = ok && cudaFree(more) == cudaErrorInvalidValue;
    CHECK(cudaMemcpy(host, data[1], sizeof host, cudaMemcpyDeviceToHost));
    std::printf("memory by device %s\n", ok && host[3] == 8 ? "ok" : "wrong");
    return 0;
}
