// SPDX-License-Identifier: Apache-2.0
// Exceptions, RAII and run-time type information in host code around launches.
// EXPECT: caught: kernel failed: invalid configuration argument
// EXPECT: released 2, then a good launch: 7
// EXPECT: dynamic_cast works
// NVCC: before 13 bad launch shapes are cudaErrorInvalidValue
#include "check.h"
#include <memory>
#include <stdexcept>
#include <string>

static int released;

class Buffer {
    int *pointer = nullptr;

  public:
    Buffer() {
        if (cudaMalloc(&pointer, sizeof(int)) != cudaSuccess)
            throw std::bad_alloc();
    }
    virtual ~Buffer() {
        cudaFree(pointer);
        released++;
    }
    int *get() const { return pointer; }
};
class Named : public Buffer {};

__global__ void store(int *out, int value) { *out = value; }

static int run(int threads) {
    Buffer first;
    std::unique_ptr<Buffer> second = std::make_unique<Named>();
    store<<<1, threads>>>(first.get(), 7);
    cudaError_t error = cudaGetLastError();
    if (error != cudaSuccess)
        throw std::runtime_error(std::string("kernel failed: ") + cudaGetErrorString(error));
    int value;
    CHECK(cudaMemcpy(&value, first.get(), sizeof value, cudaMemcpyDeviceToHost));
    return value;
}

int main() {
    try {
        run(5000);
        std::printf("not reached\n");
    } catch (const std::exception &problem) {
        std::printf("caught: %s\n", problem.what());
    }
    int before = released;
    std::printf("released %d, then a good launch: %d\n", before, run(1));
    std::unique_ptr<Buffer> buffer = std::make_unique<Named>();
    std::printf("dynamic_cast %s\n", dynamic_cast<Named *>(buffer.get()) ? "works" : "fails");
    return 0;
}
