// SPDX-License-Identifier: Apache-2.0
// Pinned and mapped host memory: kernels read and write it through its device pointer, flags, registered memory.
// EXPECT: mapped: ok
// EXPECT: flags: mapped yes
// EXPECT: registered: ok
// EXPECT: portable write-combined: 3
#include "check.h"

__global__ void transform(const int *in, int *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = in[i] + 1000;
}

int main() {
    const int count = 500;
    int *in, *out, *device_in, *device_out;
    CHECK(cudaHostAlloc((void **)&in, count * sizeof(int), cudaHostAllocMapped));
    CHECK(cudaHostAlloc((void **)&out, count * sizeof(int), cudaHostAllocMapped | cudaHostAllocPortable));
    CHECK(cudaHostGetDevicePointer((void **)&device_in, in, 0));
    CHECK(cudaHostGetDevicePointer((void **)&device_out, out, 0));
    std::vector<int> want(count);
    for (int i = 0; i < count; i++) {
        in[i] = i;
        want[i] = i + 1000;
    }
    transform<<<4, 125>>>(device_in, device_out, count);
    CHECK_LAUNCH();
    same("mapped", std::vector<int>(out, out + count), want);
    unsigned flags = 0;
    CHECK(cudaHostGetFlags(&flags, in));
    std::printf("flags: mapped %s\n", flags & cudaHostAllocMapped ? "yes" : "no");
    std::vector<int> memory(count * 2);
    CHECK(cudaHostRegister(memory.data(), memory.size() * sizeof(int), cudaHostRegisterMapped));
    int *registered;
    CHECK(cudaHostGetDevicePointer((void **)&registered, memory.data(), 0));
    for (int i = 0; i < count; i++)
        memory[i] = i;
    transform<<<4, 125>>>(registered, registered + count, count);
    CHECK_LAUNCH();
    same("registered", std::vector<int>(memory.begin() + count, memory.end()), want);
    CHECK(cudaHostUnregister(memory.data()));
    int *combined;
    CHECK(cudaHostAlloc((void **)&combined, 64, cudaHostAllocWriteCombined));
    combined[0] = 3;
    Array<int> value(1);
    CHECK(cudaMemcpy(value, combined, sizeof(int), cudaMemcpyHostToDevice));
    std::printf("portable write-combined: %d\n", value.host()[0]);
    CHECK(cudaFreeHost(combined));
    CHECK(cudaFreeHost(in));
    CHECK(cudaFreeHost(out));
    return 0;
}
