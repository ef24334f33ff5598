// SPDX-License-Identifier: Apache-2.0
// A kernel that reads a texture object which doesn't exist fails by name, not by what happens to be in memory; a surface
// object is none.
// EXPECT: an illegal memory access was encountered
// EXPECT: an illegal memory access was encountered
// EXPECT-ERROR: kernel `read.*read the texture object 0x1234, which does not exist at .*texture_missing\.cu:%LINE(access), block \(0,0,0\), thread \(0,0,0\)
// NVCC: skip hardware reads something, without a word
#include <cstdio>
#include <cuda_runtime.h>

__global__ void read(cudaTextureObject_t texture, float *out) {
    out[threadIdx.x] = tex2D<float>(texture, 0.5f, 0.5f); // access
}

static void try_object(cudaTextureObject_t texture) {
    float *out;
    cudaMalloc(&out, 128);
    read<<<1, 32>>>(texture, out);
    std::printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    cudaDeviceReset();
}

int main() {
    try_object(0x1234);
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    cudaMallocArray(&array, &format, 8, 8, cudaArraySurfaceLoadStore);
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t surface;
    cudaCreateSurfaceObject(&surface, &resource);
    try_object(surface);
    return 0;
}
