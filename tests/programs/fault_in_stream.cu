// SPDX-License-Identifier: Apache-2.0
// A fault in one stream: work queued behind it and on other streams gets the error too, nothing
// hangs, and the error comes out of whichever call waits first.
// TIMEOUT: 30
// EXPECT: stream: cudaErrorIllegalAddress
// EXPECT: other stream: cudaErrorIllegalAddress
// EXPECT: event: cudaErrorIllegalAddress
// EXPECT: copy: cudaErrorIllegalAddress
#include "check.h"

__global__ void fault(int *bad) { *bad = 1; }
__global__ void add(int *out) { atomicAdd(out, 1); }

int main() {
    cudaStream_t a, b;
    cudaEvent_t event;
    CHECK(cudaStreamCreate(&a));
    CHECK(cudaStreamCreate(&b));
    CHECK(cudaEventCreate(&event));
    Array<int> out(1);
    fault<<<1, 1, 0, a>>>(reinterpret_cast<int *>(40));
    for (int i = 0; i < 10; i++)
        add<<<1, 1, 0, a>>>(out);
    cudaEventRecord(event, a);
    cudaStreamWaitEvent(b, event, 0);
    add<<<1, 1, 0, b>>>(out);
    std::printf("stream: %s\n", cudaGetErrorName(cudaStreamSynchronize(a)));
    std::printf("other stream: %s\n", cudaGetErrorName(cudaStreamSynchronize(b)));
    std::printf("event: %s\n", cudaGetErrorName(cudaEventSynchronize(event)));
    int value;
    std::printf("copy: %s\n", cudaGetErrorName(cudaMemcpy(&value, out, sizeof value, cudaMemcpyDeviceToHost)));
    return 0;
}
