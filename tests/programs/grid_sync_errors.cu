// SPDX-License-Identifier: Apache-2.0
// Grid-wide synchronisation gone wrong: more blocks than fit at once, no cooperative launch, and a block that ends while
// the others wait for it.
// EXPECT: fits cudaSuccess
// EXPECT: one more cudaErrorCooperativeLaunchTooLarge
// EXPECT: several devices cudaErrorNotSupported
// EXPECT: one device cudaSuccess
// EXPECT: deadlock cudaErrorLaunchTimeout
// EXPECT-ERROR: skips_one.*deadlocked
// EXPECT-ERROR: 4 blocks 1 ended without
// NVCC: skip NVIDIA's device hangs when a block skips the barrier, and refuses launches over its own devices only
#include <cooperative_groups.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

__global__ void meets() { cg::this_grid().sync(); }

__global__ void skips_one(int *out) {
    if (blockIdx.x == 2) return;
    cg::this_grid().sync();
    *out = 1;
}

int main() {
    int processors, fit;
    CHECK(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0));
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&fit, meets, 512, 0));
    unsigned most = (unsigned)(fit * processors);
    std::printf("fits %s\n", cudaGetErrorName(cudaLaunchCooperativeKernel((void *)meets, dim3(most > 8 ? 8 : most), dim3(512), nullptr, 0, 0)));
    std::printf("one more %s\n",
                cudaGetErrorName(cudaLaunchCooperativeKernel((void *)meets, dim3(most + 1), dim3(512), nullptr, 0, 0)));
    cudaGetLastError();
    cudaLaunchParams list[2] = {};
    list[0].func = (void *)meets;
    list[0].gridDim = dim3(3);
    list[0].blockDim = dim3(64);
    list[1] = list[0];
    std::printf("several devices %s\n", cudaGetErrorName(cudaLaunchCooperativeKernelMultiDevice(list, 2, 0)));
    cudaGetLastError();
    std::printf("one device %s\n", cudaGetErrorName(cudaLaunchCooperativeKernelMultiDevice(list, 1, 0)));
    CHECK(cudaDeviceSynchronize());
    int *out;
    CHECK(cudaMalloc(&out, 4));
    void *arguments[] = {&out};
    CHECK(cudaLaunchCooperativeKernel((void *)skips_one, dim3(4), dim3(64), arguments, 0, 0));
    std::printf("deadlock %s\n", cudaGetErrorName(cudaDeviceSynchronize()));
    return 0;
}
