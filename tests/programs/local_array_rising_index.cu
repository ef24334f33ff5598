// SPDX-License-Identifier: Apache-2.0
// EXPECT: 512 of 512, 512 of 512, 512 of 512
// A local array whose index rises from thread to thread: by itself, masked, and as the last of three.
#include <cstdio>

__global__ void rising(unsigned *out) {
    unsigned n = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned values[32];
    for (unsigned i = 0; i < 32; i++)
        values[i] = n * 100 + i;
    out[n] = values[threadIdx.x & 31];
}

__global__ void under_masks(unsigned *out) {
    unsigned n = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned values[32];
    for (unsigned i = 0; i < 32; i++)
        values[i] = n * 100 + i;
    if (n % 3)
        values[threadIdx.x & 31] += 5000;
    unsigned sum = 0;
    for (unsigned i = 0; i < 32; i++)
        sum += values[i];
    out[n] = sum;
}

/* The element's address is computed from the rising address of the row. */
__global__ void last_of_three(unsigned *out) {
    unsigned n = blockIdx.x * blockDim.x + threadIdx.x, sum = 0;
    unsigned cube[256][2][2];
    for (unsigned i = 0; i < 2; i++)
        for (unsigned j = 0; j < 2; j++)
            cube[blockIdx.x][i][j] = n * 10 + 2 * i + j;
    __syncthreads();
    for (unsigned i = 0; i < 2; i++)
        sum += cube[blockIdx.x][i][threadIdx.x] << i;
    out[n] = sum;
}

template <class Expected> static void compare(unsigned *device, Expected expected, const char *end) {
    static unsigned out[512];
    int right = 0;
    cudaMemcpy(out, device, sizeof out, cudaMemcpyDeviceToHost);
    for (unsigned n = 0; n < 512; n++)
        right += out[n] == expected(n);
    std::printf("%d of 512%s", right, end);
}

int main() {
    unsigned *device;
    cudaMalloc(&device, 512 * sizeof *device);
    rising<<<4, 128>>>(device);
    compare(device, [](unsigned n) { return n * 100 + (n % 128 & 31); }, ", ");
    under_masks<<<4, 128>>>(device);
    compare(device, [](unsigned n) { return 32 * n * 100 + 31 * 16 + (n % 3 ? 5000 : 0); }, ", ");
    last_of_three<<<256, 2>>>(device);
    compare(device, [](unsigned n) { return 3 * (n * 10 + n % 2) + 4; }, "\n");
    return cudaGetLastError() != cudaSuccess;
}
