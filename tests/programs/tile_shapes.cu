// SPDX-License-Identifier: Apache-2.0
// Kernels on tiles run four rows of one or two vectors side by side where blocks allow, and in other forms elsewhere: blocks of every
// shape must come to the same results.
// EXPECT: 32 shapes, 0 wrong
#include <cstdio>

__global__ void sums(const int *in, int *out, int width) {
    extern __shared__ int tile[];
    int columns = blockDim.x, rows = blockDim.y;
    int x = blockIdx.x * columns + threadIdx.x, y = blockIdx.y * rows + threadIdx.y;
    int sum = 0;
    for (int step = 0; step < 3; step++) {
        tile[threadIdx.y * columns + threadIdx.x] = in[(y + step) * width + x];
        __syncthreads();
        for (int k = 0; k < columns; k++)
            sum += tile[threadIdx.y * columns + k] * (k + 1);
        for (int k = 0; k < rows; k++)
            sum -= tile[k * columns + threadIdx.x] * (k + 2);
        __syncthreads();
    }
    out[y * width + x] = sum;
}

int main() {
    const int xs[] = {1, 5, 8, 16, 32, 33, 48, 64}, ys[] = {1, 3, 4, 8};
    const int width = 3 * 64, height = 2 * 8 + 3;
    int *in, *out, wrong = 0, shapes = 0;
    cudaMallocManaged(&in, width * height * sizeof *in);
    cudaMallocManaged(&out, width * height * sizeof *out);
    for (int i = 0; i < width * height; i++)
        in[i] = i * 37 % 101 - 50;
    for (int bx : xs) {
        for (int by : ys) {
            sums<<<dim3(3, 2), dim3(bx, by), bx * by * sizeof(int)>>>(in, out, width);
            cudaDeviceSynchronize();
            bool right = true;
            for (int y = 0; y < 2 * by; y++) {
                for (int x = 0; x < 3 * bx; x++) {
                    int want = 0, x0 = x / bx * bx, y0 = y / by * by;
                    for (int step = 0; step < 3; step++) {
                        for (int k = 0; k < bx; k++)
                            want += in[(y + step) * width + x0 + k] * (k + 1);
                        for (int k = 0; k < by; k++)
                            want -= in[(y0 + k + step) * width + x] * (k + 2);
                    }
                    right &= out[y * width + x] == want;
                }
            }
            if (!right)
                printf("blocks of %d by %d are wrong\n", bx, by);
            wrong += !right;
            shapes++;
        }
    }
    printf("%d shapes, %d wrong\n", shapes, wrong);
}
