// SPDX-License-Identifier: Apache-2.0
// A surface access outside of the surface in boundary mode trap, the default, ends the launch; the message says where.
// EXPECT: an illegal memory access was encountered
// EXPECT-ERROR: kernel `write.*wrote 4 bytes of a surface at byte 32 of row 1 of slice 0, outside of its 32 bytes x 2 x 1 at .*surface_trap\.cu:%LINE(access), block \(0,0,0\), thread \(8,0,0\)
// NVCC: skip the words are our own
#include <cstdio>
#include <cuda_runtime.h>

__global__ void write(cudaSurfaceObject_t surface) {
    surf2Dwrite(1.0f, surface, (int)threadIdx.x * 4, 1); // access
}

int main() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    cudaMallocArray(&array, &format, 8, 2, cudaArraySurfaceLoadStore);
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t surface;
    cudaCreateSurfaceObject(&surface, &resource);
    write<<<1, 9>>>(surface);
    std::printf("%s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    return 0;
}
