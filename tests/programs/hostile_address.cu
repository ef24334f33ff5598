// SPDX-License-Identifier: Apache-2.0
// Addresses that are nobody's: the launch ends in cudaErrorIllegalAddress or, where devices don't report it, in nothing; the host's memory and other
// allocations stay as they are, and the device works again after a reset. Memory that there is not is an error that the program survives.
// NVCC: skip NVIDIA's driver gives a process no new context after a fault
// EXPECT: near zero: contained
// EXPECT: far away: contained
// EXPECT: behind the heap: contained
// EXPECT: by an index: contained
// EXPECT: more memory than there is: out of memory
// EXPECT: after it: ok
#include <cstdio>
#include <vector>

__global__ void poke(unsigned *seen, unsigned long long address) {
    unsigned *nowhere = reinterpret_cast<unsigned *>(address);
    seen[threadIdx.x] = nowhere[threadIdx.x];
    nowhere[threadIdx.x] = 0xdeadbeefu;
}

__global__ void poke_index(unsigned *own, long long index) {
    own[threadIdx.x] = own[index];
    own[index + threadIdx.x] = 0xdeadbeefu;
}

__global__ void fill(unsigned *out, unsigned value) {
    out[blockIdx.x * blockDim.x + threadIdx.x] = value + threadIdx.x;
}

static const unsigned count = 1 << 16;
static std::vector<unsigned> canary(count, 0x12345678u);

static bool works() {
    unsigned *memory;
    std::vector<unsigned> got(count);
    if (cudaMalloc(&memory, count * sizeof(unsigned)) != cudaSuccess)
        return false;
    fill<<<count / 256, 256>>>(memory, 77);
    bool fine = cudaMemcpy(got.data(), memory, count * sizeof(unsigned), cudaMemcpyDeviceToHost) == cudaSuccess;
    for (unsigned i = 0; i < count && fine; i++)
        fine = got[i] == 77 + i % 256;
    cudaFree(memory);
    return fine;
}

template <class Launch> static void contained(const char *what, Launch launch) {
    unsigned *seen, *other;
    std::vector<unsigned> got(count);
    cudaMalloc(&seen, 256 * sizeof(unsigned));
    cudaMalloc(&other, count * sizeof(unsigned));
    fill<<<count / 256, 256>>>(other, 5);
    cudaDeviceSynchronize();
    launch(seen);
    cudaError_t status = cudaDeviceSynchronize();
    bool fine = status == cudaSuccess || status == cudaErrorIllegalAddress;
    if (status == cudaSuccess) {
        cudaMemcpy(got.data(), other, count * sizeof(unsigned), cudaMemcpyDeviceToHost);
        for (unsigned i = 0; i < count; i++)
            fine = fine && got[i] == 5 + i % 256;
    }
    for (unsigned word : canary)
        fine = fine && word == 0x12345678u;
    cudaDeviceReset();
    printf("%s: %s\n", what, !fine ? cudaGetErrorString(status) : works() ? "contained" : "the device is gone");
}

int main() {
    contained("near zero", [](unsigned *seen) { poke<<<1, 32>>>(seen, 0x100); });
    contained("far away", [](unsigned *seen) { poke<<<1, 32>>>(seen, 0x4000000000000800ull); });
    contained("behind the heap", [](unsigned *seen) { poke<<<1, 32>>>(seen, 0x40000000e0000000ull); });
    contained("by an index", [](unsigned *seen) { poke_index<<<1, 32>>>(seen, 0x1000000038000000ll); });
    void *huge = nullptr;
    printf("more memory than there is: %s\n", cudaGetErrorString(cudaMalloc(&huge, sizeof(size_t) > 4 ? static_cast<size_t>(1ull << 46) : ~size_t(0) - 65536)));
    printf("after it: %s\n", works() ? "ok" : "wrong");
}
