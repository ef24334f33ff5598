/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels here call functions and read variables of other files; the same static names are there too. */
#include <cstdio>

#include "device.h"

static __device__ int hidden = 1000;
int more();

__global__ void sum(int *out)
{
    *out = scaled(threadIdx.x + 1) + offset + table[2] + member(1) + hidden;
}

int main()
{
    int *out, host = 0, five = 5;
    cudaMalloc(&out, sizeof(int));
    cudaMemcpyToSymbol(offset, &five, sizeof five);
    sum<<<1, 1>>>(out);
    twice<<<1, 1>>>(out);
    cudaMemcpy(&host, out, sizeof(int), cudaMemcpyDeviceToHost);
    printf("%d %d %s\n", host, more(), cudaGetErrorString(cudaGetLastError()));
    return 0;
}
