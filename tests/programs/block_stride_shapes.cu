// SPDX-License-Identifier: Apache-2.0
// Loops that stride by the block run with as much of the block side by side as registers hold, and blocks of other sizes in other
// forms: every size must come to the same sums.
// EXPECT: 22 shapes, 0 wrong
#include <cstdio>

__global__ void sums(const int *in, int n, int *out) {
    __shared__ int parts[1024];
    int sum = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        sum += in[i] * (i % 3 + 1);
    parts[threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.x == 0) {
        int all = 0;
        for (int k = 0; k < blockDim.x; k++)
            all += parts[k];
        out[blockIdx.x] = all;
    }
}

__global__ void grid_sums(const int *in, int n, int *out) {
    int sum = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        sum += in[i] * (i % 3 + 1);
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    if (threadIdx.x % 32 == 0)
        atomicAdd(out, sum);
}

int main() {
    const int n = 10007, sizes[] = {1, 7, 16, 32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 512, 544, 576, 640, 768, 1000, 1008, 1023, 1024};
    int *in, *out, wrong = 0, want = 0, shapes = 0;
    cudaMallocManaged(&in, n * sizeof *in);
    cudaMallocManaged(&out, 4 * sizeof *out);
    for (int i = 0; i < n; i++) {
        in[i] = i * 7 % 1001 - 300;
        want += in[i] * (i % 3 + 1);
    }
    for (int size : sizes) {
        sums<<<3, size>>>(in, n, out);
        cudaDeviceSynchronize();
        bool right = out[0] == want && out[1] == want && out[2] == want;
        if (size % 32 == 0) {
            out[3] = 0;
            grid_sums<<<3, size>>>(in, n, out + 3);
            cudaDeviceSynchronize();
            right &= out[3] == want;
        }
        if (!right)
            printf("blocks of %d are wrong\n", size);
        wrong += !right;
        shapes++;
    }
    printf("%d shapes, %d wrong\n", shapes, wrong);
}
