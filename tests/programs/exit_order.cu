// SPDX-License-Identifier: Apache-2.0
// The runtime serves global constructors and destructors, and exit() while a kernel runs.
// EXPECT: main
// EXPECT: kernel printed
// EXPECT-EXIT: 3
#include "check.h"

struct Global {
    int *pointer = nullptr;
    Global() { CHECK(cudaMalloc(&pointer, 16)); }
    ~Global() { cudaFree(pointer); }
};
static Global global;

__global__ void speak() { printf("kernel printed\n"); }

__global__ void work(int *out, int rounds) {
    int x = 1;
    for (int i = 0; i < rounds; i++)
        x = x * 1664525 + 1013904223;
    *out = x;
}

int main() {
    std::printf("main\n");
    std::fflush(stdout);
    speak<<<1, 1>>>();
    CHECK(cudaDeviceSynchronize());
    work<<<8, 32>>>(global.pointer, 1000000);
    CHECK(cudaGetLastError());
    std::exit(3); // while the kernel runs
}
