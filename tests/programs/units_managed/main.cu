// SPDX-License-Identifier: Apache-2.0
// Two sources whose device code is linked: managed variables of one are used by the other on both sides, and a kernel of one
// launches a kernel of the other.
// RUN: -rdc=true
// EXPECT: before 5 2
// EXPECT: child 12 7
// EXPECT: after 24 5 8
// NVCC: -rdc=true
#include <cstdio>

extern __managed__ int counter;
extern __managed__ float table[4];
__global__ void child(int value);
int own_counter();

__global__ void parent() {
    counter += 2;
    table[1] += 3;
    child<<<1, 1>>>(counter);
}

int main() {
    std::printf("before %d %.0f\n", counter, table[1]);
    counter = 10;
    parent<<<1, 1>>>();
    if (cudaDeviceSynchronize() != cudaSuccess) return 1;
    std::printf("after %d %.0f %d\n", counter, table[1], own_counter());
    return 0;
}
