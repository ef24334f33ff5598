// SPDX-License-Identifier: Apache-2.0
// Kernels that only store to arrays larger than caches do it past them, where lines are whole: the results are the same, at any
// alignment, and what follows sees all of it.
// EXPECT: stored: 0 wrong
// EXPECT: in loops: 0 wrong
#include <cstdio>

constexpr int n = 20 << 20;

__global__ void add(const int *a, int *b, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        b[i] = a[i] * 3 + i;
}

__global__ void repeat(const int *a, int *b, int count) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        b[i] = a[i] ^ i;
}

int main() {
    int *a, *b;
    cudaMallocManaged(&a, n * sizeof *a);
    cudaMallocManaged(&b, n * sizeof *b);
    for (int i = 0; i < n; i++)
        a[i] = i * 7;
    int wrong = 0;
    for (int shift = 0; shift < 3; shift++) {
        int count = n - 100 - shift;
        add<<<(count + 255) / 256, 256>>>(a, b + shift, count);
        cudaDeviceSynchronize();
        for (int i = 0; i < count; i++)
            wrong += b[i + shift] != i * 22;
    }
    printf("stored: %d wrong\n", wrong);
    wrong = 0;
    for (int turn = 0; turn < 3; turn++) {
        repeat<<<512, 256>>>(a + turn, b, n - 3);
        cudaDeviceSynchronize();
        for (int i = 0; i < n - 3; i++)
            wrong += b[i] != (((i + turn) * 7) ^ i);
    }
    printf("in loops: %d wrong\n", wrong);
}
