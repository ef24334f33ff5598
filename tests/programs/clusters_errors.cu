// SPDX-License-Identifier: Apache-2.0
// Thread block clusters gone wrong: dimensions that no launch may have, that contradict the kernel's, or that don't divide the grid; what the
// functions about them answer; and threads of a cluster that can never meet.
// EXPECT: device has clusters 1
// EXPECT: no whole number cudaErrorInvalidClusterSize
// EXPECT: contradiction cudaErrorInvalidClusterSize
// EXPECT: zero cudaErrorInvalidValue
// EXPECT: nine cudaErrorInvalidClusterSize
// EXPECT: nine, allowed cudaSuccess
// EXPECT: seventeen cudaErrorInvalidClusterSize
// EXPECT: kernel's own cudaErrorInvalidClusterSize
// EXPECT: preferred cudaErrorInvalidValue
// EXPECT: policy cudaErrorInvalidValue
// EXPECT: set cudaSuccess cudaErrorInvalidClusterSize cudaSuccess
// EXPECT: said by the kernel cudaErrorNotPermitted
// EXPECT: potential cudaSuccess 8
// EXPECT: active cudaErrorInvalidClusterSize
// EXPECT: active more than none 1
// EXPECT: graph cudaErrorInvalidClusterSize
// EXPECT: deadlock cudaErrorLaunchTimeout
// EXPECT-ERROR: never_meet.*deadlocked.*1 thread waits at barrier 5 for 64, 63 threads wait at the barrier of the cluster of 2
// NVCC: skip NVIDIA's device hangs in a deadlock, and some of the numbers are ours
#include <cooperative_groups.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

__global__ void any(int *) {}
__global__ void other(int *) {}
__global__ void __cluster_dims__(2, 1, 1) pairs(int *) {}

/* One thread of each even block waits for its block, whose others wait for the cluster. */
__global__ void __cluster_dims__(2, 1, 1) never_meet(int *out) {
    if (blockIdx.x % 2 == 0 && threadIdx.x == 3) __barrier_sync_count(5, 64);
    cg::this_cluster().sync();
    *out = 1;
}

static cudaLaunchAttribute attribute(unsigned x) {
    cudaLaunchAttribute made = {};
    made.id = cudaLaunchAttributeClusterDimension;
    made.val.clusterDim.x = x;
    made.val.clusterDim.y = made.val.clusterDim.z = 1;
    return made;
}

static cudaError_t launch(void (*kernel)(int *), unsigned blocks, const std::vector<cudaLaunchAttribute> &said) {
    cudaLaunchConfig_t config = {};
    config.gridDim = blocks;
    config.blockDim = 32;
    config.attrs = const_cast<cudaLaunchAttribute *>(said.data());
    config.numAttrs = (unsigned)said.size();
    cudaError_t error = cudaLaunchKernelEx(&config, kernel, static_cast<int *>(nullptr));
    cudaGetLastError();
    return error;
}

static void show(const char *what, cudaError_t error) { std::printf("%s %s\n", what, cudaGetErrorName(error)); }

int main() {
    int value = 0;
    CHECK(cudaDeviceGetAttribute(&value, cudaDevAttrClusterLaunch, 0));
    std::printf("device has clusters %d\n", value);
    show("no whole number", launch(any, 7, {attribute(2)}));
    show("contradiction", launch(pairs, 8, {attribute(4)}));
    show("zero", launch(any, 8, {attribute(0)}));
    show("nine", launch(any, 18, {attribute(9)}));
    CHECK(cudaFuncSetAttribute(any, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    show("nine, allowed", launch(any, 18, {attribute(9)}));
    show("seventeen", launch(any, 34, {attribute(17)}));
    pairs<<<3, 32>>>(nullptr);
    show("kernel's own", cudaGetLastError());
    cudaLaunchAttribute wish = {};
    wish.id = cudaLaunchAttributePreferredClusterDimension;
    wish.val.preferredClusterDim.x = 3;
    wish.val.preferredClusterDim.y = wish.val.preferredClusterDim.z = 1;
    show("preferred", launch(any, 12, {attribute(2), wish}));
    wish.id = cudaLaunchAttributeClusterSchedulingPolicyPreference;
    wish.val.clusterSchedulingPolicyPreference = static_cast<cudaClusterSchedulingPolicy>(7);
    show("policy", launch(any, 12, {attribute(2), wish}));
    std::printf("set %s", cudaGetErrorName(cudaFuncSetAttribute(other, cudaFuncAttributeRequiredClusterWidth, 3)));
    std::printf(" %s", cudaGetErrorName(launch(other, 8, {})));
    std::printf(" %s\n", cudaGetErrorName(launch(other, 9, {attribute(3)})));
    show("said by the kernel", cudaFuncSetAttribute(pairs, cudaFuncAttributeRequiredClusterWidth, 2));
    cudaGetLastError();
    cudaLaunchAttribute said = attribute(32);
    cudaLaunchConfig_t config = {};
    config.gridDim = config.blockDim = 32;
    config.attrs = &said;
    config.numAttrs = 1;
    cudaError_t error = cudaOccupancyMaxPotentialClusterSize(&value, other, &config);
    std::printf("potential %s %d\n", cudaGetErrorName(error), value);
    show("active", cudaOccupancyMaxActiveClusters(&value, other, &config));
    said = attribute(2);
    CHECK(cudaOccupancyMaxActiveClusters(&value, other, &config));
    std::printf("active more than none %d\n", value > 0);
    cudaGraph_t graph;
    cudaGraphNode_t node;
    CHECK(cudaGraphCreate(&graph, 0));
    cudaKernelNodeParams params = {};
    int *null = nullptr;
    void *arguments[] = {&null};
    params.func = (void *)any;
    params.gridDim = 5;
    params.blockDim = 32;
    params.kernelParams = arguments;
    CHECK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    show("graph", cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeClusterDimension, &said.val));
    CHECK(cudaGraphDestroy(graph));
    cudaGetLastError();
    int *out;
    CHECK(cudaMalloc(&out, 4));
    never_meet<<<4, 64>>>(out);
    show("deadlock", cudaDeviceSynchronize());
    return 0;
}
