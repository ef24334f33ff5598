// SPDX-License-Identifier: Apache-2.0
// What nvcc and gcc only warn of compiles, too: lists in braces that narrow their values, on both sides, and text beside a
// macro without a space between, which C++11's grammar takes for one literal with a suffix.
// EXPECT: device: 7 0.5
// EXPECT: host: 44
// EXPECT: literals: 7 a5b
#include "check.h"
#include <cinttypes>

#define FIVE "5"

__global__ void narrow(unsigned short a, int b, double c, int *sum, float *half) {
    uchar4 v = {(unsigned short)(a + 0), a, (unsigned short)b, 3};
    *sum = v.x + v.y + v.z + v.w;
    float list[2] = {c, 2.0};
    *half = list[0];
}

int main() {
    int *sum;
    float *half;
    CHECK(cudaMallocManaged(&sum, sizeof *sum));
    CHECK(cudaMallocManaged(&half, sizeof *half));
    narrow<<<1, 1>>>(1, 2, 0.5, sum, half);
    CHECK(cudaDeviceSynchronize());
    printf("device: %d %g\n", *sum, *half);
    int large = 300;
    unsigned char bytes[2] = {large, large};
    printf("host: %d\n", bytes[0]);
    uint64_t seven = 7;
    printf("literals: %"PRIu64" %s\n", seven, "a"FIVE"b");
    CHECK(cudaFree(sum));
    CHECK(cudaFree(half));
    return 0;
}
