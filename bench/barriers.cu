// SPDX-License-Identifier: Apache-2.0
// A million threads that meet at barriers, and the cost of one barrier and one shuffle a thread. Prints "name value unit".
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

__global__ void meet(int *out, int rounds) {
    __shared__ int s[256];
    int t = threadIdx.x, value = t;
    for (int i = 0; i < rounds; i++) {
        s[t] = value;
        __syncthreads();
        value = s[(t + 1) % blockDim.x] + 1;
        __syncthreads();
    }
    out[blockIdx.x * blockDim.x + t] = value;
}

__global__ void exchange(int *out, int rounds) {
    int value = threadIdx.x;
    for (int i = 0; i < rounds; i++)
        value = __shfl_xor_sync(0xffffffffu, value, 1 + i % 31) + 1;
    out[blockIdx.x * blockDim.x + threadIdx.x] = value;
}

template <class Body> static double median_ms(Body body) {
    std::vector<double> times;
    for (int i = 0; i < 7; i++) {
        auto start = std::chrono::steady_clock::now();
        body();
        cudaDeviceSynchronize();
        std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        times.push_back(time.count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

int main() {
    const int threads = 1 << 20, rounds = 8;
    int *out;
    cudaMalloc(&out, threads * sizeof(int));
    double barriers = median_ms([=] { meet<<<threads / 256, 256>>>(out, rounds); });
    std::printf("million_threads_16_barriers %.2f ms\n", barriers);
    std::printf("barrier_per_thread %.2f ns\n", barriers * 1e6 / threads / (2 * rounds));
    double shuffles = median_ms([=] { exchange<<<threads / 256, 256>>>(out, 2 * rounds); });
    std::printf("million_threads_16_shuffles %.2f ms\n", shuffles);
    std::printf("shuffle_per_thread %.2f ns\n", shuffles * 1e6 / threads / (2 * rounds));
    cudaFree(out);
    return cudaGetLastError() != cudaSuccess;
}
