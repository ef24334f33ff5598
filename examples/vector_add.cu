// SPDX-License-Identifier: Apache-2.0
// vector_add: the smallest complete CUDA program: allocate, copy, launch, copy back, check.
#include <cstdio>
#include <vector>

__global__ void add(const float *a, const float *b, float *sum, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        sum[i] = a[i] + b[i];
}

int main() {
    const int count = 1 << 20;
    const size_t bytes = count * sizeof(float);
    std::vector<float> a(count), b(count), sum(count);
    for (int i = 0; i < count; i++) {
        a[i] = 0.5f * i;
        b[i] = 1.5f * i;
    }

    float *device_a, *device_b, *device_sum;
    cudaMalloc(&device_a, bytes);
    cudaMalloc(&device_b, bytes);
    cudaMalloc(&device_sum, bytes);
    cudaMemcpy(device_a, a.data(), bytes, cudaMemcpyHostToDevice);
    cudaMemcpy(device_b, b.data(), bytes, cudaMemcpyHostToDevice);

    add<<<(count + 255) / 256, 256>>>(device_a, device_b, device_sum, count);

    // This copy waits for the kernel, and reports what went wrong in it.
    cudaError_t error = cudaMemcpy(sum.data(), device_sum, bytes, cudaMemcpyDeviceToHost);
    if (error != cudaSuccess) {
        std::fprintf(stderr, "vector_add: %s\n", cudaGetErrorString(error));
        return 1;
    }
    int wrong = 0;
    for (int i = 0; i < count; i++)
        wrong += sum[i] != a[i] + b[i];
    std::printf("%d sums, %d wrong\n", count, wrong);

    cudaFree(device_a);
    cudaFree(device_b);
    cudaFree(device_sum);
    return wrong != 0;
}
