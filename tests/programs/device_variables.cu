// SPDX-License-Identifier: Apache-2.0
// __device__ variables: initial values, state kept across launches, arrays, symbol copies in both directions, pointers to
// other device variables, copies between symbols.
// EXPECT: counter after 3 launches of 100: 300
// EXPECT: table: 0 10 20 30 40 50 60 70
// EXPECT: from symbol at an offset: 50 60
// EXPECT: pointer in a device variable: 50, after 51
// EXPECT: device to device through symbols: 10 20 30
// EXPECT: initialised pointer: 5.5
// EXPECT: size 32, large array untouched: 0 0
#include "check.h"

__device__ unsigned counter;
__device__ int table[8] = {0, 10, 20, 30, 40, 50, 60, 70};
__device__ int copy[3];
__device__ int *where;
__device__ double value = 5.5;
__device__ double *value_pointer = &value;
__device__ char large[1 << 20];

__global__ void count() { atomicAdd(&counter, 1u); }
__global__ void point() { where = &table[5]; }
__global__ void increment(int *old) { *old = (*where)++; }
__global__ void follow(double *out) { *out = *value_pointer; }

int main() {
    for (int i = 0; i < 3; i++)
        count<<<4, 25>>>();
    unsigned total = 0;
    CHECK(cudaMemcpyFromSymbol(&total, counter, sizeof total));
    std::printf("counter after 3 launches of 100: %u\n", total);
    int host[8];
    CHECK(cudaMemcpyFromSymbol(host, table, sizeof host));
    std::printf("table:");
    for (int v : host)
        std::printf(" %d", v);
    int two[2];
    CHECK(cudaMemcpyFromSymbol(two, table, sizeof two, 5 * sizeof(int), cudaMemcpyDeviceToHost));
    std::printf("\nfrom symbol at an offset: %d %d\n", two[0], two[1]);
    Array<int> old(1);
    point<<<1, 1>>>();
    increment<<<1, 1>>>(old);
    CHECK_LAUNCH();
    CHECK(cudaMemcpyFromSymbol(two, table, sizeof(int), 5 * sizeof(int)));
    std::printf("pointer in a device variable: %d, after %d\n", old.host()[0], two[0]);
    int *table_address;
    CHECK(cudaGetSymbolAddress((void **)&table_address, table));
    CHECK(cudaMemcpyToSymbol(copy, table_address + 1, 3 * sizeof(int), 0, cudaMemcpyDeviceToDevice));
    CHECK(cudaMemcpyFromSymbol(host, copy, sizeof copy));
    std::printf("device to device through symbols: %d %d %d\n", host[0], host[1], host[2]);
    Array<double> out(1);
    follow<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("initialised pointer: %g\n", out.host()[0]);
    size_t size;
    CHECK(cudaGetSymbolSize(&size, table));
    char last[2] = {1, 1};
    CHECK(cudaMemcpyFromSymbol(last, large, 2, sizeof large - 2));
    std::printf("size %zu, large array untouched: %d %d\n", size, last[0], last[1]);
    return 0;
}
