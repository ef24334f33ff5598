/* SPDX-License-Identifier: Apache-2.0 */
#include <cuda_runtime.h>

__global__ void increment(int *values, int count)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        values[i]++;
}

__attribute__((visibility("default"))) int run_kernel(int count)
{
    int *values, sum = 0;
    if (cudaMallocManaged(&values, count * sizeof(int)) != cudaSuccess)
        return -1;
    for (int i = 0; i < count; i++)
        values[i] = i;
    increment<<<(count + 63) / 64, 64>>>(values, count);
    if (cudaDeviceSynchronize() != cudaSuccess)
        return -2;
    for (int i = 0; i < count; i++)
        sum += values[i];
    cudaFree(values);
    return sum;
}
