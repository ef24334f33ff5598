// SPDX-License-Identifier: Apache-2.0
// A 5x5 filter over 8192 x 8192 values, straight from memory, with a bounds check a tap: what compilers must unroll and
// whose checks they must simplify. Prints "guarded_convolution_ms median".
#include <algorithm>
#include <cstdio>
#include <vector>

__constant__ float filter[25];

__global__ void convolve(const float *__restrict__ in, float *__restrict__ out, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    float sum = 0;
    for (int dy = -2; dy <= 2; dy++) {
        for (int dx = -2; dx <= 2; dx++) {
            int xx = x + dx, yy = y + dy;
            if (xx >= 0 && xx < width && yy >= 0 && yy < height)
                sum += in[yy * width + xx] * filter[(dy + 2) * 5 + dx + 2];
        }
    }
    out[y * width + x] = sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? std::atoi(argv[1]) : 8192;
    float taps[25], *in, *out, ms;
    for (int i = 0; i < 25; i++)
        taps[i] = float(i + 1) / 325;
    std::vector<float> host(size_t(n) * n), times;
    for (size_t i = 0; i < host.size(); i++)
        host[i] = float(i % 17);
    cudaMemcpyToSymbol(filter, taps, sizeof taps);
    cudaMalloc(&in, host.size() * sizeof(float));
    cudaMalloc(&out, host.size() * sizeof(float));
    cudaMemcpy(in, host.data(), host.size() * sizeof(float), cudaMemcpyHostToDevice);
    cudaEvent_t start, stop;
    cudaEventCreate(&start);
    cudaEventCreate(&stop);
    dim3 block(32, 8), grid((n + 31) / 32, (n + 7) / 8);
    for (int i = 0; i < 25; i++) {
        cudaEventRecord(start);
        convolve<<<grid, block>>>(in, out, n, n);
        cudaEventRecord(stop);
        cudaEventSynchronize(stop);
        cudaEventElapsedTime(&ms, start, stop);
        times.push_back(ms);
    }
    std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
    std::printf("guarded_convolution_ms %.4f\n", times[times.size() / 2]);
    return cudaGetLastError() != cudaSuccess;
}
