// SPDX-License-Identifier: Apache-2.0
// Kernels that never ask for threadIdx.y or threadIdx.z: threads that differ in them alone do the same, in step as in a warp, and plain
// additions to one element count once. What counts them or tells them apart still sees each one.
// EXPECT: sums along x: ok
// EXPECT: 64 threads wide, 3 blocks: ok
// EXPECT: atomics count every thread: 4096
// EXPECT: lanes tell threads apart: ok
// EXPECT: blockDim stays: 16 8 4
// EXPECT: the block's votes count every thread: 512
// EXPECT: threadIdx.y tells threads apart: ok
// EXPECT: calls count: 32
// NVCC: skip (adds by plain loads and stores in several warps, a race that hardware need not win)
#include "check.h"

#include <cstring>

__global__ void sums(const int *in, int *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int k = 0; k < count; k++)
        out[i] += in[k] + i;
}

__global__ void atomics(int *out) {
    atomicAdd(out, 1);
}

__global__ void lanes(int *out) {
    int lane;
    asm volatile("mov.u32 %0, %%laneid;" : "=r"(lane));
    out[lane] = lane + 1;
}

__global__ void shape(int *out) {
    out[0] = blockDim.x;
    out[1] = blockDim.y;
    out[2] = blockDim.z;
}

__global__ void votes(int *out) {
    out[0] = __syncthreads_count(1);
}

__global__ void rows(int *out) {
    out[threadIdx.y * blockDim.x + threadIdx.x] += 1 + threadIdx.y;
}

__device__ __noinline__ void count_one(int *out) {
    atomicAdd(out, 1);
}

__global__ void calls(int *out) {
    count_one(out);
}

int main() {
    int *in, *out;
    CHECK(cudaMallocManaged(&in, 1024 * sizeof(int)));
    CHECK(cudaMallocManaged(&out, 1024 * sizeof(int)));
    auto clear = [&] { memset(out, 0, 1024 * sizeof(int)); };
    auto done = [] { CHECK(cudaDeviceSynchronize()); };
    for (int k = 0; k < 1024; k++)
        in[k] = k % 7;

    auto added = [&](int threads, int count) {
        int sum = 0;
        for (int k = 0; k < count; k++)
            sum += in[k];
        for (int i = 0; i < threads; i++)
            if (out[i] != sum + count * i)
                return false;
        return true;
    };
    clear();
    sums<<<1, dim3(32, 8)>>>(in, out, 100);
    done();
    bool right = added(32, 100);
    clear();
    sums<<<1, dim3(20, 8, 2)>>>(in, out, 33);
    done();
    printf("sums along x: %s\n", right && added(20, 33) ? "ok" : "wrong");
    clear();
    sums<<<3, dim3(64, 2, 4)>>>(in, out, 10);
    done();
    printf("64 threads wide, 3 blocks: %s\n", added(192, 10) ? "ok" : "wrong");
    clear();
    atomics<<<8, dim3(16, 8, 4)>>>(out);
    done();
    printf("atomics count every thread: %d\n", out[0]);
    clear();
    lanes<<<1, dim3(8, 8)>>>(out);
    done();
    right = true;
    for (int k = 0; k < 32; k++)
        right = right && out[k] == k + 1;
    printf("lanes tell threads apart: %s\n", right ? "ok" : "wrong");
    shape<<<1, dim3(16, 8, 4)>>>(out);
    done();
    printf("blockDim stays: %d %d %d\n", out[0], out[1], out[2]);
    votes<<<1, dim3(16, 8, 4)>>>(out);
    done();
    printf("the block's votes count every thread: %d\n", out[0]);
    clear();
    rows<<<1, dim3(16, 8, 1)>>>(out);
    done();
    right = true;
    for (int k = 0; k < 128; k++)
        right = right && out[k] == 1 + k / 16;
    printf("threadIdx.y tells threads apart: %s\n", right ? "ok" : "wrong");
    clear();
    calls<<<1, dim3(4, 8)>>>(out);
    done();
    printf("calls count: %d\n", out[0]);
    return 0;
}
