// SPDX-License-Identifier: Apache-2.0
// One thread's printf calls come out in order, across kernels of a stream too; host output after a synchronisation follows.
// EXPECT: first kernel, line 0
// EXPECT: first kernel, line 1
// EXPECT: first kernel, line 2
// EXPECT: second kernel, line 0
// EXPECT: second kernel, line 1
// EXPECT: second kernel, line 2
// EXPECT: host
// EXPECT: after an event
// EXPECT: host again
#include "check.h"

__global__ void lines(const char *unused, int which) {
    for (int i = 0; i < 3; i++)
        printf("%s kernel, line %d\n", which == 1 ? "first" : "second", i);
}
__global__ void last() { printf("after an event\n"); }

int main() {
    lines<<<1, 1>>>(nullptr, 1);
    lines<<<1, 1>>>(nullptr, 2);
    CHECK(cudaDeviceSynchronize());
    std::printf("host\n");
    std::fflush(stdout);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    last<<<1, 1, 0, stream>>>();
    CHECK(cudaStreamSynchronize(stream));
    std::printf("host again\n");
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
