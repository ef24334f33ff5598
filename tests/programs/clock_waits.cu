// SPDX-License-Identifier: Apache-2.0
// Threads that wait by the clock wait at the same time: one after another these would take minutes.
// EXPECT: all waited
#include "check.h"

__global__ void wait(long long cycles, int *done) {
    long long start = clock64();
    while (clock64() - start < cycles + threadIdx.x % 7) {}
    if (threadIdx.x % 3 == 0) { /* and some of them once more */
        unsigned again = clock();
        for (unsigned gone = 0; gone < cycles; gone = clock() - again) {}
    }
    atomicAdd(done, 1);
}

int main() {
    int *done, rate;
    CHECK(cudaMallocManaged(&done, sizeof *done));
    CHECK(cudaDeviceGetAttribute(&rate, cudaDevAttrClockRate, 0));
    *done = 0;
    wait<<<32, 512>>>(rate * 10LL, done); /* 10 ms */
    CHECK_LAUNCH();
    printf("%s\n", *done == 32 * 512 ? "all waited" : "some did not wait");
    return 0;
}
