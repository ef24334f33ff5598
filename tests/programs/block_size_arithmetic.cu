// SPDX-License-Identifier: Apache-2.0
// Arithmetic on the block's size alone that overflows, divides by zero or shifts too far for some sizes, behind conditions or as unsigned numbers
// may: shaders know the size when they are compiled, and their languages refuse constant expressions that do so.
// EXPECT: 1 threads: 4294967169 2147483647 5 3 4294967295 bc820821 0
// EXPECT: 2 threads: 4294967170 4294967294 5 3 4294967295 bc842108 0
// EXPECT: 64 threads: 4294967232 4294967232 5 3 7 7f800000 0
// EXPECT: 128 threads: 0 4294967168 5 3 1 3c800000 0
// EXPECT: 256 threads: 128 4294967040 5 3 0 3baaaaab 0
// EXPECT: no error
#include <cstdio>

__global__ void sizes(unsigned *out, int n) {
    int threads = int(blockDim.x);
    float size = float(blockDim.x), at_most_3 = size > 3.0f ? 3.0f : size;
    if (threadIdx.x != 0)
        return;
    out[0] = blockDim.x - 128u;
    out[1] = blockDim.x * 0x7fffffffu;
    out[2] = (blockDim.x << 28) * 16u + 5u;
    out[3] = n / ((int(blockDim.y) - 1) | 1);
    out[4] = threads == 64 ? 7 : 100 / (threads - 64);
    out[5] = __float_as_uint(1.0f / (size - 64.0f));
    out[6] = threads > 30 && threads < 62 ? blockDim.x >> (threads - 30) : at_most_3 == float(n + 1);
}

int main() {
    unsigned *out, got[7];
    cudaMalloc(&out, sizeof got);
    for (int threads : {1, 2, 64, 128, 256}) {
        sizes<<<1, threads>>>(out, 3);
        cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
        printf("%d threads: %u %u %u %u %u %x %u\n", threads, got[0], got[1], got[2], got[3], got[4], got[5], got[6]);
    }
    printf("%s\n", cudaGetErrorString(cudaGetLastError()));
}
