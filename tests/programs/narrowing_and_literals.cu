// SPDX-License-Identifier: Apache-2.0
// What nvcc and gcc only warn of compiles, too: lists in braces that narrow their values, on both sides, and text beside a
// macro without a space between, which C++11's grammar takes for one literal with a suffix. They accept `template` before a name
// whose arguments are deduced.
// EXPECT: device: 7 0.5
// EXPECT: deduced: 60
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

template <int count> struct Add {
    template <typename T> static __host__ __device__ T all(const T *from) { return from[0] + Add<count - 1>::template all(from + 1); }
};
template <> struct Add<0> {
    template <typename T> static __host__ __device__ T all(const T *) { return 0; }
};
template <int count> __global__ void deduced(int *sum) {
    const int values[] = {1, 9, 20};
    *sum = Add<count>::template all(values);
}

int main() {
    int *sum;
    float *half;
    CHECK(cudaMallocManaged(&sum, sizeof *sum));
    CHECK(cudaMallocManaged(&half, sizeof *half));
    narrow<<<1, 1>>>(1, 2, 0.5, sum, half);
    CHECK(cudaDeviceSynchronize());
    printf("device: %d %g\n", *sum, *half);
    deduced<3><<<1, 1>>>(sum);
    CHECK(cudaDeviceSynchronize());
    const int more[] = {10, 20};
    printf("deduced: %d\n", *sum + Add<2>::template all(more));
    int large = 300;
    unsigned char bytes[2] = {large, large};
    printf("host: %d\n", bytes[0]);
    uint64_t seven = 7;
    printf("literals: %"PRIu64" %s\n", seven, "a"FIVE"b");
    CHECK(cudaFree(sum));
    CHECK(cudaFree(half));
    return 0;
}
