// SPDX-License-Identifier: Apache-2.0
// PTX's sured takes elements of 4 or 8 bytes; those of a surface of bytes are an illegal address, not a reduction that is left out.
// EXPECT: an illegal memory access was encountered
// EXPECT-ERROR: reduced an element of 1 bytes of a surface, where reductions take 4 or 8
// NVCC: skip the words are our own
#include <cstdio>
#include <cuda_runtime.h>

__global__ void reduce(cudaSurfaceObject_t surface) {
    asm volatile("sured.p.and.1d.b32.trap [%0, {%1}], %2;" ::"l"(surface), "r"((int)threadIdx.x), "r"(1) : "memory");
}

int main() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<unsigned char>();
    cudaMallocArray(&array, &format, 8, 0, cudaArraySurfaceLoadStore);
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t surface;
    cudaCreateSurfaceObject(&surface, &resource);
    reduce<<<1, 8>>>(surface);
    std::printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    return 0;
}
