// SPDX-License-Identifier: Apache-2.0
// Device properties and attributes: CUDA's fixed limits, plausible facts, properties and attributes that agree.
// EXPECT: at least one device, current 0
// EXPECT: has a name, memory and processors: yes
// EXPECT: warp 32, block 1024 (1024, 1024, 64), grid (2147483647, 65535, 65535)
// EXPECT: shared memory at least 48 KB, constant memory 65536
// EXPECT: compute capability at least 7.0: yes
// EXPECT: attributes agree: yes
// EXPECT: unified addressing, mapped memory, managed memory: 1 1 1
#include "check.h"

static int attribute(cudaDeviceAttr which) {
    int value = -1;
    CHECK(cudaDeviceGetAttribute(&value, which, 0));
    return value;
}

int main() {
    int count = 0, current = -1;
    CHECK(cudaGetDeviceCount(&count));
    CHECK(cudaSetDevice(0));
    CHECK(cudaGetDevice(&current));
    std::printf("%s, current %d\n", count >= 1 ? "at least one device" : "no device", current);
    cudaDeviceProp p;
    CHECK(cudaGetDeviceProperties(&p, 0));
    std::printf("has a name, memory and processors: %s\n",
                p.name[0] && p.totalGlobalMem > (1 << 20) && p.multiProcessorCount > 0 ? "yes" : "no");
    std::printf("warp %d, block %d (%d, %d, %d), grid (%d, %d, %d)\n", p.warpSize, p.maxThreadsPerBlock, p.maxThreadsDim[0],
                p.maxThreadsDim[1], p.maxThreadsDim[2], p.maxGridSize[0], p.maxGridSize[1], p.maxGridSize[2]);
    std::printf("shared memory %s 48 KB, constant memory %zu\n", p.sharedMemPerBlock >= 49152 ? "at least" : "below",
                p.totalConstMem);
    std::printf("compute capability at least 7.0: %s\n", p.major >= 7 ? "yes" : "no");
    bool agree = attribute(cudaDevAttrMaxThreadsPerBlock) == p.maxThreadsPerBlock && attribute(cudaDevAttrWarpSize) == p.warpSize &&
                 attribute(cudaDevAttrMultiProcessorCount) == p.multiProcessorCount &&
                 attribute(cudaDevAttrComputeCapabilityMajor) == p.major && attribute(cudaDevAttrComputeCapabilityMinor) == p.minor &&
                 attribute(cudaDevAttrMaxBlockDimZ) == p.maxThreadsDim[2] && attribute(cudaDevAttrMaxGridDimX) == p.maxGridSize[0] &&
                 static_cast<size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlock)) == p.sharedMemPerBlock;
    std::printf("attributes agree: %s\n", agree ? "yes" : "no");
    std::printf("unified addressing, mapped memory, managed memory: %d %d %d\n", p.unifiedAddressing, p.canMapHostMemory,
                p.managedMemory);
    return 0;
}
