// SPDX-License-Identifier: Apache-2.0
// The limits of kernels that launch kernels, each with CUDA's error, which is the launching thread's last one; and what else
// device code may ask of the runtime.
// EXPECT: depth 24 cudaErrorLaunchMaxDepthExceeded
// EXPECT: pending 10 of 30 cudaErrorLaunchPendingCountExceeded
// EXPECT: after more room 30
// EXPECT: shape cudaErrorInvalidConfiguration, then cudaSuccess
// EXPECT: zero cudaErrorInvalidConfiguration
// EXPECT: bounds cudaErrorLaunchOutOfResources
// EXPECT: shared cudaErrorInvalidValue
// EXPECT: stream flags cudaErrorInvalidValue
// EXPECT: event flags cudaErrorInvalidValue
// EXPECT: dead stream cudaErrorInvalidResourceHandle
// EXPECT: threads have errors of their own: 16 of 32
// EXPECT: name cudaErrorInvalidValue: invalid argument
// EXPECT: device 0 of 1, warp 32, unknown attribute 1
// EXPECT: limit 10
// EXPECT: attributes 16 256
// EXPECT: occupancy same as the host's
// NVCC: skip limits and errors are this device's
#include <cstdio>
#include "check.h"

__global__ void nothing() {}
__global__ void __launch_bounds__(256) bounded(float *out) {
    __shared__ float four[4];
    four[threadIdx.x % 4] = 1;
    __syncthreads();
    if (out) *out = four[0];
}

__global__ void deeper(int *deepest, cudaError_t *error) {
    ++*deepest;
    deeper<<<1, 1>>>(deepest, error);
    cudaError_t last = cudaGetLastError();
    if (last != cudaSuccess) *error = last;
}

__global__ void add_one(int *sum) { atomicAdd(sum, 1); }
__global__ void pending(int *sum, cudaError_t *error) {
    for (int i = 0; i < 30; i++) {
        add_one<<<1, 1, 0, cudaStreamTailLaunch>>>(sum); // none begins before this grid ends
        if (cudaPeekAtLastError() != cudaSuccess) *error = cudaGetLastError();
    }
}

__global__ void errors(cudaError_t *out) {
    nothing<<<1, 1025>>>();
    out[0] = cudaGetLastError();
    out[1] = cudaGetLastError();
    nothing<<<0, 1>>>();
    out[2] = cudaGetLastError();
    bounded<<<1, 257>>>(nullptr);
    out[3] = cudaGetLastError();
    nothing<<<1, 1, 166913>>>();
    out[4] = cudaGetLastError();
    cudaStream_t stream;
    out[5] = cudaStreamCreateWithFlags(&stream, cudaStreamDefault);
    cudaEvent_t event;
    out[6] = cudaEventCreateWithFlags(&event, cudaEventDefault);
    cudaGetLastError();
    cudaStream_t none = (cudaStream_t)64;
    out[7] = cudaStreamDestroy(none);
    cudaGetLastError();
}

__global__ void own_errors(int *count) {
    if (threadIdx.x % 2) nothing<<<1, 2000>>>();
    __syncthreads();
    if (cudaGetLastError() != cudaSuccess) atomicAdd(count, 1);
}

struct Answers {
    int device, devices, warp, blocks[3], grid, block;
    cudaError_t unknown;
    size_t limit, shared;
    int threads;
};

__global__ void ask(Answers *out) {
    printf("name %s: %s\n", cudaGetErrorName(cudaErrorInvalidValue), cudaGetErrorString(cudaErrorInvalidValue));
    cudaGetDevice(&out->device);
    cudaGetDeviceCount(&out->devices);
    cudaDeviceGetAttribute(&out->warp, cudaDevAttrWarpSize, 0);
    int none;
    out->unknown = cudaDeviceGetAttribute(&none, (cudaDeviceAttr)5000, 0);
    cudaDeviceGetLimit(&out->limit, cudaLimitDevRuntimePendingLaunchCount);
    cudaFuncAttributes attributes;
    cudaFuncGetAttributes(&attributes, bounded);
    out->shared = attributes.sharedSizeBytes;
    out->threads = attributes.maxThreadsPerBlock;
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&out->blocks[0], bounded, 96, 0);
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&out->blocks[1], bounded, 64, 20000);
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&out->blocks[2], bounded, 257, 0);
    cudaOccupancyMaxPotentialBlockSize(&out->grid, &out->block, bounded, 100, 200);
}

int main() {
    int *count;
    cudaError_t *error;
    CHECK(cudaMallocManaged(&count, sizeof *count));
    CHECK(cudaMallocManaged(&error, 16 * sizeof *error));
    *count = -1; // the host's grid is at depth 0
    deeper<<<1, 1>>>(count, error);
    CHECK_LAUNCH();
    std::printf("depth %d %s\n", *count, cudaGetErrorName(*error));
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 10));
    *count = 0;
    pending<<<1, 1>>>(count, error);
    CHECK_LAUNCH();
    std::printf("pending %d of 30 %s\n", *count, cudaGetErrorName(*error));
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 2048));
    *count = 0;
    pending<<<1, 1>>>(count, error);
    CHECK_LAUNCH();
    std::printf("after more room %d\n", *count);
    errors<<<1, 1>>>(error);
    CHECK_LAUNCH();
    std::printf("shape %s, then %s\n", cudaGetErrorName(error[0]), cudaGetErrorName(error[1]));
    const char *const names[] = {"zero", "bounds", "shared", "stream flags", "event flags", "dead stream"};
    for (int i = 0; i < 6; i++)
        std::printf("%s %s\n", names[i], cudaGetErrorName(error[2 + i]));
    *count = 0;
    own_errors<<<1, 32>>>(count);
    CHECK_LAUNCH();
    std::printf("threads have errors of their own: %d of 32\n", *count);
    Answers *answers;
    CHECK(cudaMallocManaged(&answers, sizeof *answers));
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 10));
    ask<<<1, 1>>>(answers);
    CHECK_LAUNCH();
    std::printf("device %d of %d, warp %d, unknown attribute %d\n", answers->device, answers->devices, answers->warp,
                (int)answers->unknown);
    std::printf("limit %zu\n", answers->limit);
    std::printf("attributes %zu %d\n", answers->shared, answers->threads);
    int blocks[3], grid, block;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks[0], bounded, 96, 0));
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks[1], bounded, 64, 20000));
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks[2], bounded, 257, 0));
    CHECK(cudaOccupancyMaxPotentialBlockSize(&grid, &block, bounded, 100, 200));
    bool same = blocks[0] == answers->blocks[0] && blocks[1] == answers->blocks[1] && blocks[2] == answers->blocks[2] &&
                grid == answers->grid && block == answers->block;
    std::printf("occupancy %s\n", same ? "same as the host's" : "differs from the host's");
    return 0;
}
