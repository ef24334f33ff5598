// SPDX-License-Identifier: Apache-2.0
// Host code throws and catches around kernels whose threads wait for each other one by one: in WebAssembly those are fibers, of which
// host code knows nothing.
// EXPECT: inner is gone
// EXPECT: outer is gone
// EXPECT: caught sum 16640
// EXPECT: again
// EXPECT: thrown inside the library
// EXPECT: asserted: cudaErrorAssert
// EXPECT-ERROR: never
#include <cassert>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

__device__ __noinline__ int wait_for_all(int value) {
    __syncthreads();
    return value + 1;
}

// A barrier in a function that is not inlined, in a branch: threads wait one by one.
__global__ void waits(int *out) {
    __shared__ int shared[64];
    shared[threadIdx.x] = wait_for_all(threadIdx.x);
    wait_for_all(0);
    for (int i = 0; i < 3; i++) {
        int other = shared[63 - threadIdx.x];
        wait_for_all(0);
        shared[threadIdx.x] += other;
        wait_for_all(0);
    }
    out[threadIdx.x] = shared[threadIdx.x];
}

__global__ void asserts(int n) {
    assert(n < 5 && "never");
}

struct Noisy {
    const char *name;
    ~Noisy() { std::printf("%s is gone\n", name); }
};

static int launch(int depth) {
    Noisy noisy{depth ? "outer" : "inner"};
    if (depth) return launch(depth - 1);
    int *out;
    std::vector<int> host(64);
    cudaMalloc(&out, 256);
    waits<<<1, 64>>>(out);
    if (cudaMemcpy(host.data(), out, 256, cudaMemcpyDefault) != cudaSuccess) throw std::runtime_error("copy");
    cudaFree(out);
    int sum = 0;
    for (int value : host) sum += value;
    throw std::out_of_range("sum " + std::to_string(sum));
}

int main() {
    try {
        launch(1);
    } catch (const std::logic_error &error) {
        std::printf("caught %s\n", error.what());
        try {
            throw;
        } catch (...) {
            std::printf("again\n");
        }
    }
    try {
        (void)std::vector<int>(3).at(7);
    } catch (const std::exception &error) {
        std::printf("thrown inside the library\n");
    }
    try {
        asserts<<<1, 32>>>(7);
        cudaError_t error = cudaDeviceSynchronize();
        if (error) throw error;
    } catch (cudaError_t error) {
        std::printf("asserted: %s\n", cudaGetErrorName(error));
    }
    return 0;
}
