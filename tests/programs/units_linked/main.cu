// SPDX-License-Identifier: Apache-2.0
// Device code of two sources, linked: functions, variables and constants of one are used by kernels of the other, called directly and
// through a pointer, and a function of the other waits for all threads of the block.
// RUN: -rdc=true
// EXPECT: shared counter 64, table 3 5 7
// EXPECT: reversed 0: 189, 63: 0
// EXPECT: by pointer 49
// EXPECT: the other's own: 1
// NVCC: -rdc=true
#include <cstdio>

extern __device__ int counter;
extern __constant__ int table[3];
extern __device__ int (*chosen)(int);
__device__ int reversed_sum(int *shared, int value);
int run_own();

__global__ void count() {
    atomicAdd(&counter, table[threadIdx.x % 3] > 0);
}

__global__ void reverse(int *out) {
    __shared__ int values[64];
    out[threadIdx.x] = reversed_sum(values, threadIdx.x);
}

__global__ void through(int *out) {
    *out = chosen(7);
}

int main() {
    int values[3] = {3, 5, 7}, *out, host[64], total = 0;
    cudaMemcpyToSymbol(table, values, sizeof values);
    cudaMalloc(&out, sizeof host);
    count<<<1, 64>>>();
    cudaMemcpyFromSymbol(&total, counter, sizeof total);
    cudaMemcpyFromSymbol(values, table, sizeof values);
    std::printf("shared counter %d, table %d %d %d\n", total, values[0], values[1], values[2]);
    reverse<<<1, 64>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDefault);
    std::printf("reversed 0: %d, 63: %d\n", host[0], host[63]);
    through<<<1, 1>>>(out);
    cudaMemcpy(host, out, sizeof(int), cudaMemcpyDefault);
    std::printf("by pointer %d\n", host[0]);
    std::printf("the other's own: %d\n", run_own());
    return 0;
}
