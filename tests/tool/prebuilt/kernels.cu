/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.cu: what kernels.ptx was made of: nvcc 13.0 -ptx -arch=sm_80 kernels.cu. */
__constant__ int factor;
__device__ int blocks;
__managed__ int total = 100;

extern "C" __global__ void scale(int *values, int count, char unused, const int *offsets) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        values[i] = values[i] * factor + offsets[i];
        atomicAdd(&total, 1);
    }
    if (threadIdx.x == 0) {
        atomicAdd(&blocks, 1);
    }
}
