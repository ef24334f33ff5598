// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

__device__ int counter;
__constant__ int table[3];

__device__ static int square(int x) {
    return x * x;
}
__device__ int (*chosen)(int) = square;

__device__ __noinline__ int reversed_sum(int *shared, int value) {
    shared[threadIdx.x] = 3 * value;
    __syncthreads();
    return shared[blockDim.x - 1 - threadIdx.x];
}

__global__ static void count(int *out) { // another kernel of that name
    *out = counter == 64;
}

int run_own() {
    int *out, result = 0;
    cudaMalloc(&out, sizeof(int));
    count<<<1, 1>>>(out);
    cudaMemcpy(&result, out, sizeof(int), cudaMemcpyDefault);
    return result;
}
