// SPDX-License-Identifier: Apache-2.0
// A surface's x counts bytes: one that is not a multiple of the element's size is a misaligned address.
// EXPECT: misaligned address
// EXPECT-ERROR: read 4 bytes of a surface at byte 1 of a row, which is not a multiple of it .x counts bytes.
// NVCC: skip the words are our own
#include <cstdio>
#include <cuda_runtime.h>

__global__ void read(cudaSurfaceObject_t surface, float *out) { out[threadIdx.x] = surf1Dread<float>(surface, (int)threadIdx.x); }

int main() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    cudaMallocArray(&array, &format, 8, 0, cudaArraySurfaceLoadStore);
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t surface;
    cudaCreateSurfaceObject(&surface, &resource);
    float *out;
    cudaMalloc(&out, 32);
    read<<<1, 8>>>(surface, out);
    std::printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    return 0;
}
