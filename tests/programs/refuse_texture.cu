// SPDX-License-Identifier: Apache-2.0
// Texture reads are refused by name.
// EXPECT-COMPILE-ERROR: (?i)tex1Dfetch|texture
#include <cstdio>
#include <cuda_runtime.h>

__global__ void kernel(cudaTextureObject_t texture, float *out) { out[threadIdx.x] = tex1Dfetch<float>(texture, threadIdx.x); }

int main() {
    float *out;
    cudaMalloc(&out, 128);
    kernel<<<1, 32>>>(0, out);
    std::printf("must not run\n");
    return 0;
}
