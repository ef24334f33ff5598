// SPDX-License-Identifier: Apache-2.0
// Texture references, which CUDA 12 removed, are no words of the language: texture objects replace them.
// EXPECT-COMPILE-ERROR: %LINE(reference).*no template named 'texture'
#include <cstdio>
#include <cuda_runtime.h>

texture<float, 2, cudaReadModeElementType> image; // reference

__global__ void kernel(float *out) { out[threadIdx.x] = tex2D(image, threadIdx.x + 0.5f, 0.5f); }

int main() {
    float *out;
    cudaMalloc(&out, 128);
    kernel<<<1, 32>>>(out);
    std::printf("must not run\n");
    return 0;
}
