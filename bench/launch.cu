// SPDX-License-Identifier: Apache-2.0
// Launch costs: an empty one-block kernel launched and waited for; many launched before one wait; blocks by the thousand.
// Prints "name median_us" lines.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

__global__ void empty() {}

__global__ void touch(int *out) {
    if (threadIdx.x == 0)
        out[blockIdx.x] = 1;
}

template <class Body> static double median_us(int samples, int calls, Body body) {
    std::vector<double> times;
    for (int i = 0; i < samples; i++) {
        auto start = std::chrono::steady_clock::now();
        for (int k = 0; k < calls; k++)
            body();
        std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
        times.push_back(time.count() / calls);
    }
    std::nth_element(times.begin(), times.begin() + samples / 2, times.end());
    return times[samples / 2];
}

int main() {
    empty<<<1, 1>>>();
    cudaDeviceSynchronize();
    std::printf("launch_and_wait %.3f\n", median_us(2001, 1, [] {
                    empty<<<1, 1>>>();
                    cudaDeviceSynchronize();
                }));
    std::printf("launch_and_wait_256_threads %.3f\n", median_us(2001, 1, [] {
                    empty<<<1, 256>>>();
                    cudaDeviceSynchronize();
                }));
    std::printf("launch_in_a_row %.3f\n", median_us(51, 1, [] {
                                              for (int i = 0; i < 1000; i++)
                                                  empty<<<1, 1>>>();
                                              cudaDeviceSynchronize();
                                          }) / 1000);
    int *out;
    cudaMalloc(&out, 4096 * sizeof *out);
    std::printf("launch_4096_blocks %.3f\n", median_us(101, 1, [out] {
                    touch<<<4096, 32>>>(out);
                    cudaDeviceSynchronize();
                }));
    cudaFree(out);
    return cudaGetLastError() != cudaSuccess;
}
