// SPDX-License-Identifier: Apache-2.0
// The first program of every CUDA course: allocate, copy in, launch, copy out, compare with the host.
// EXPECT: 1000003 sums, first 3.000000, last 3000009.000000
// EXPECT: vector_add: ok
#include "check.h"

__global__ void vector_add(const float *a, const float *b, float *sum, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        sum[i] = a[i] + b[i];
}

int main() {
    const int count = 1000003;
    std::vector<float> a(count), b(count), sum(count), want(count);
    for (int i = 0; i < count; i++) {
        a[i] = i + 1.0f;
        b[i] = 2.0f * i + 2.0f;
        want[i] = a[i] + b[i];
    }
    const size_t bytes = count * sizeof(float);
    float *device_a, *device_b, *device_sum;
    CHECK(cudaMalloc(&device_a, bytes));
    CHECK(cudaMalloc((void **)&device_b, bytes));
    CHECK(cudaMalloc(&device_sum, bytes));
    CHECK(cudaMemcpy(device_a, a.data(), bytes, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(device_b, b.data(), bytes, cudaMemcpyHostToDevice));
    vector_add<<<(count + 255) / 256, 256>>>(device_a, device_b, device_sum, count);
    CHECK(cudaGetLastError());
    CHECK(cudaMemcpy(sum.data(), device_sum, bytes, cudaMemcpyDeviceToHost));
    std::printf("%d sums, first %f, last %f\n", count, sum.front(), sum.back());
    same("vector_add", sum, want);
    CHECK(cudaFree(device_a));
    CHECK(cudaFree(device_b));
    CHECK(cudaFree(device_sum));
    return 0;
}
