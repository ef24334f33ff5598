// SPDX-License-Identifier: Apache-2.0
// Code that asks which architecture it is compiled for, and brings its own atomicAdd for those that lack one.
// RUN: -arch=sm_52
// RUN: -gencode arch=compute_52,code=sm_52 -gencode arch=compute_52,code=compute_52
// EXPECT: 128 by the program's own function, architecture 520
// NVCC: skip the device at hand is newer
#include <cstdio>

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 600
__device__ int own;

__device__ double atomicAdd(double *address, double value)
{
    unsigned long long *bits = (unsigned long long *)address, old = *bits, assumed;
    own = __CUDA_ARCH__;
    do {
        assumed = old;
        old = atomicCAS(bits, assumed, __double_as_longlong(value + __longlong_as_double(assumed)));
    } while (assumed != old);
    return __longlong_as_double(old);
}
#else
__device__ int own;
#endif

__global__ void add(double *sum, int *architecture)
{
    atomicAdd(sum, 1.0);
    *architecture = own;
}

int main()
{
    double *sum;
    int *architecture;
    cudaMallocManaged(&sum, sizeof *sum);
    cudaMallocManaged(&architecture, sizeof *architecture);
    *sum = 0;
    add<<<4, 32>>>(sum, architecture);
    cudaDeviceSynchronize();
    printf("%g by the program's own function, architecture %d\n", *sum, *architecture);
}
