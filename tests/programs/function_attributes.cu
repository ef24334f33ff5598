// SPDX-License-Identifier: Apache-2.0
// cudaFuncGetAttributes and cudaFuncSetAttribute: static shared memory, limits, more dynamic shared memory than 48 KB.
// EXPECT: static shared memory: 0 1040
// EXPECT: threads: 1024 256
// EXPECT: versions at least 70: yes
// EXPECT: 60000 bytes before: cudaErrorInvalidValue
// EXPECT: 60000 bytes after opting in: 15000
// EXPECT: more than the device has: cudaErrorInvalidValue
#include "check.h"

/* Numbers of CUDA 12.9 that programs hand on. */
static_assert(cudaKernelNodeAttributeClusterDimension == 4 && cudaKernelNodeAttributeMemSyncDomainMap == 9 &&
                  cudaKernelNodeAttributeMemSyncDomain == 10 && cudaKernelNodeAttributeDeviceUpdatableKernelNode == 13 &&
                  cudaKernelNodeAttributePreferredSharedMemoryCarveout == 14 && cudaJitCacheOptionCA == 2 &&
                  cudaPreferBinary == 1 && cudaDeviceNumaConfigNumaNode == 1 && cudaGraphKernelNodeFieldEnabled == 3 &&
                  sizeof(cudaMemFabricHandle_t) == 64,
              "");

__global__ void plain(int *out) { *out = 1; }
__global__ void __launch_bounds__(256) with_shared(int *out) {
    __shared__ int values[256];
    __shared__ double more[2];
    values[threadIdx.x] = threadIdx.x;
    more[threadIdx.x % 2] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = values[255 - threadIdx.x] + static_cast<int>(more[0] * 0 + more[1] * 0);
}
__global__ void large(int *out, int count) {
    extern __shared__ int shared[];
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        shared[i] = 1;
    __syncthreads();
    int sum = 0;
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        sum += shared[count - 1 - i];
    atomicAdd(out, sum);
}

int main() {
    cudaFuncAttributes a, b;
    CHECK(cudaFuncGetAttributes(&a, plain));
    CHECK(cudaFuncGetAttributes(&b, with_shared));
    std::printf("static shared memory: %zu %zu\n", a.sharedSizeBytes, b.sharedSizeBytes);
    std::printf("threads: %d %d\n", a.maxThreadsPerBlock, b.maxThreadsPerBlock);
    std::printf("versions at least 70: %s\n", a.ptxVersion >= 70 && a.binaryVersion >= 70 ? "yes" : "no");
    Array<int> out(1);
    large<<<1, 128, 60000>>>(out, 15000);
    std::printf("60000 bytes before: %s\n", cudaGetErrorName(cudaGetLastError()));
    CHECK(cudaFuncSetAttribute(large, cudaFuncAttributeMaxDynamicSharedMemorySize, 60000));
    large<<<1, 128, 60000>>>(out, 15000);
    CHECK_LAUNCH();
    std::printf("60000 bytes after opting in: %d\n", out.host()[0]);
    std::printf("more than the device has: %s\n",
                cudaGetErrorName(cudaFuncSetAttribute(large, cudaFuncAttributeMaxDynamicSharedMemorySize, 100 << 20)));
    return 0;
}
