// SPDX-License-Identifier: Apache-2.0
// Memory-bound kernels, the CUDA side: prints "name best_ms median_ms checksum" lines that bench/memory_openmp.c matches.
// Argument: elements of each array.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

__global__ void fill(float *x, float value, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        x[i] = value + (i & 1023);
}

__global__ void copy(const float *x, float *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        y[i] = x[i];
}

__global__ void saxpy(float a, const float *x, float *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        y[i] = a * x[i] + y[i];
}

__global__ void triad(const float *x, const float *y, float *z, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        z[i] = x[i] + 3.0f * y[i];
}

__global__ void stride(const float *x, float *y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        y[i] = x[i] * x[i] + 1.0f;
}

template <class Body> static void measure(const char *name, const float *result, int n, Body body) {
    std::vector<double> times;
    for (int i = 0; i < 15; i++) {
        auto start = std::chrono::steady_clock::now();
        body();
        cudaDeviceSynchronize();
        std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        if (i >= 4)
            times.push_back(time.count());
    }
    std::sort(times.begin(), times.end());
    std::vector<float> host(n);
    cudaMemcpy(host.data(), result, n * sizeof(float), cudaMemcpyDeviceToHost);
    double sum = 0;
    for (float value : host)
        sum += value;
    std::printf("%s %.4f %.4f %.6e\n", name, times.front(), times[times.size() / 2], sum);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? std::atoi(argv[1]) : 1 << 25;
    float *x, *y, *z;
    cudaMalloc(&x, n * sizeof(float));
    cudaMalloc(&y, n * sizeof(float));
    cudaMalloc(&z, n * sizeof(float));
    int blocks = (n + 255) / 256;
    fill<<<blocks, 256>>>(x, 1.0f, n);
    fill<<<blocks, 256>>>(y, 2.0f, n);
    measure("copy", z, n, [=] { copy<<<blocks, 256>>>(x, z, n); });
    measure("saxpy", y, n, [=] { saxpy<<<blocks, 256>>>(1e-3f, x, y, n); });
    measure("triad", z, n, [=] { triad<<<blocks, 256>>>(x, y, z, n); });
    measure("grid_stride", z, n, [=] { stride<<<256, 256>>>(x, z, n); });
    return cudaGetLastError() != cudaSuccess;
}
