// SPDX-License-Identifier: Apache-2.0
// Settings that programs make and that change nothing they can see: cache and shared memory configurations, flags, stream
// priorities, limits, peer functions with one device.
// EXPECT: cache configuration: cudaSuccess cudaSuccess
// EXPECT: flags: cudaSuccess
// EXPECT: priorities in order: yes, stream with priority runs: 5
// EXPECT: stack limit read back: yes, printf buffer read back: yes
// EXPECT: chosen device 0, name by PCI address: yes
// EXPECT: peer access to itself: 0, copy to itself: 5
// EXPECT: synchronise and reset: cudaSuccess cudaSuccess
#include "check.h"

__global__ void store(int *out) { *out = 5; }

int main() {
    cudaError_t a = cudaDeviceSetCacheConfig(cudaFuncCachePreferL1), b = cudaFuncSetCacheConfig(store, cudaFuncCachePreferShared);
    std::printf("cache configuration: %s %s\n", cudaGetErrorName(a), cudaGetErrorName(b));
    unsigned flags;
    std::printf("flags: %s\n", cudaGetErrorName(cudaGetDeviceFlags(&flags)));
    int least, greatest;
    CHECK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    cudaStream_t stream;
    CHECK(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, greatest));
    int *value, *copy, host = 0;
    CHECK(cudaMalloc(&value, sizeof(int)));
    CHECK(cudaMalloc(&copy, sizeof(int)));
    store<<<1, 1, 0, stream>>>(value);
    CHECK(cudaStreamSynchronize(stream));
    CHECK(cudaMemcpy(&host, value, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("priorities in order: %s, stream with priority runs: %d\n", least >= greatest ? "yes" : "no", host);
    size_t stack, fifo;
    CHECK(cudaDeviceSetLimit(cudaLimitStackSize, 4096));
    CHECK(cudaDeviceSetLimit(cudaLimitPrintfFifoSize, 4 << 20));
    CHECK(cudaDeviceGetLimit(&stack, cudaLimitStackSize));
    CHECK(cudaDeviceGetLimit(&fifo, cudaLimitPrintfFifoSize));
    std::printf("stack limit read back: %s, printf buffer read back: %s\n", stack >= 4096 ? "yes" : "no",
                fifo >= 4 << 20 ? "yes" : "no");
    int chosen = -1, again = -1;
    cudaDeviceProp wanted = {};
    CHECK(cudaChooseDevice(&chosen, &wanted));
    char address[64];
    CHECK(cudaDeviceGetPCIBusId(address, sizeof address, 0));
    CHECK(cudaDeviceGetByPCIBusId(&again, address));
    std::printf("chosen device %d, name by PCI address: %s\n", chosen, again == 0 ? "yes" : "no");
    int peer = -1;
    CHECK(cudaDeviceCanAccessPeer(&peer, 0, 0));
    CHECK(cudaMemcpyPeer(copy, 0, value, 0, sizeof(int)));
    CHECK(cudaMemcpy(&host, copy, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("peer access to itself: %d, copy to itself: %d\n", peer, host);
    CHECK(cudaStreamDestroy(stream));
    a = cudaDeviceSynchronize();
    std::printf("synchronise and reset: %s %s\n", cudaGetErrorName(a), cudaGetErrorName(cudaDeviceReset()));
    return 0;
}
