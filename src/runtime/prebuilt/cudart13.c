/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cudart13.c: functions of the runtime API that CUDA 13 changed under their old names, for programs that its nvcc built
 * (aliases.cmake). Most are what CUDA 12 calls NAME_v2. Source: driver_types.h and cuda_runtime_api.h of CUDA 13.0.
 */
#include <stddef.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/prebuilt/versions.h"
#include "runtime/thread.h"

/* ---- Versions: a program of CUDA 13 stops at a driver that says 12 ------------------------------------------------- */

CW_VERSIONED cudaError_t cw_cudart13_cudaRuntimeGetVersion(int *version) {
    return cw_prebuilt_version(version, 13000);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaDriverGetVersion(int *version) {
    return cw_prebuilt_version(version, 13000);
}

/* ---- Device properties: members left out, others added, in CUDA 13's order ---------------------------------------- */

struct properties {
    char name[256];
    cudaUUID_t uuid;
    char luid[8];
    unsigned int luidDeviceNodeMask;
    size_t totalGlobalMem, sharedMemPerBlock;
    int regsPerBlock, warpSize;
    size_t memPitch;
    int maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3];
    size_t totalConstMem;
    int major, minor;
    size_t textureAlignment, texturePitchAlignment;
    int multiProcessorCount, integrated, canMapHostMemory;
    int maxTexture1D, maxTexture1DMipmap, maxTexture2D[2], maxTexture2DMipmap[2], maxTexture2DLinear[3];
    int maxTexture2DGather[2], maxTexture3D[3], maxTexture3DAlt[3], maxTextureCubemap, maxTexture1DLayered[2];
    int maxTexture2DLayered[3], maxTextureCubemapLayered[2], maxSurface1D, maxSurface2D[2], maxSurface3D[3];
    int maxSurface1DLayered[2], maxSurface2DLayered[3], maxSurfaceCubemap, maxSurfaceCubemapLayered[2];
    size_t surfaceAlignment;
    int concurrentKernels, ECCEnabled, pciBusID, pciDeviceID, pciDomainID, tccDriver, asyncEngineCount;
    int unifiedAddressing, memoryBusWidth, l2CacheSize, persistingL2CacheMaxSize, maxThreadsPerMultiProcessor;
    int streamPrioritiesSupported, globalL1CacheSupported, localL1CacheSupported;
    size_t sharedMemPerMultiprocessor;
    int regsPerMultiprocessor, managedMemory, isMultiGpuBoard, multiGpuBoardGroupID, hostNativeAtomicSupported;
    int pageableMemoryAccess, concurrentManagedAccess, computePreemptionSupported, canUseHostPointerForRegisteredMem;
    int cooperativeLaunch;
    size_t sharedMemPerBlockOptin;
    int pageableMemoryAccessUsesHostPageTables, directManagedMemAccessFromHost, maxBlocksPerMultiProcessor;
    int accessPolicyMaxWindowSize;
    size_t reservedSharedMemPerBlock;
    int hostRegisterSupported, sparseCudaArraySupported, hostRegisterReadOnlySupported;
    int timelineSemaphoreInteropSupported, memoryPoolsSupported, gpuDirectRDMASupported;
    unsigned int gpuDirectRDMAFlushWritesOptions;
    int gpuDirectRDMAWritesOrdering;
    unsigned int memoryPoolSupportedHandleTypes;
    int deferredMappingCudaArraySupported, ipcEventSupported, clusterLaunch, unifiedFunctionPointers;
    int deviceNumaConfig, deviceNumaId, mpsEnabled, hostNumaId;
    unsigned int gpuPciDeviceID, gpuPciSubsystemID;
    int hostNumaMultinodeIpcSupported, reserved[56];
};
_Static_assert(sizeof(struct properties) == 1008, "the size of CUDA 13's cudaDeviceProp");

/* Runs of members that both structs have in the same order: first and last one. */
#define RUN_LIST(X)                                                                                                    \
    X(name, maxGridSize)                                                                                               \
    X(totalConstMem, minor)                                                                                            \
    X(textureAlignment, texturePitchAlignment)                                                                         \
    X(multiProcessorCount, multiProcessorCount)                                                                        \
    X(integrated, canMapHostMemory)                                                                                    \
    X(maxTexture1D, maxTexture1DMipmap)                                                                                \
    X(maxTexture2D, maxSurfaceCubemapLayered)                                                                          \
    X(surfaceAlignment, asyncEngineCount)                                                                              \
    X(unifiedAddressing, unifiedAddressing)                                                                            \
    X(memoryBusWidth, localL1CacheSupported)                                                                           \
    X(sharedMemPerMultiprocessor, hostNativeAtomicSupported)                                                           \
    X(pageableMemoryAccess, cooperativeLaunch)                                                                         \
    X(sharedMemPerBlockOptin, unifiedFunctionPointers)

struct run {
    size_t ours, theirs, size;
};
#define END(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))
#define SIZE(type, first, last) (END(type, last) - offsetof(type, first))
#define CHECK(first, last)                                                                                             \
    _Static_assert(SIZE(struct cudaDeviceProp, first, last) == SIZE(struct properties, first, last), #first);
RUN_LIST(CHECK)

static const struct run runs[] = {
#define ROW(first, last)                                                                                               \
    {offsetof(struct cudaDeviceProp, first), offsetof(struct properties, first), SIZE(struct properties, first, last)},
    RUN_LIST(ROW)
#undef ROW
};
enum { RUN_COUNT = sizeof runs / sizeof runs[0] };

CW_VERSIONED cudaError_t cw_cudart13_cudaGetDeviceProperties(void *properties, int device) {
    struct cudaDeviceProp ours;
    cudaError_t error = cudaGetDeviceProperties(&ours, device);
    if (error != cudaSuccess) {
        return error;
    }
    if (!properties) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "prop is NULL"));
    }
    struct properties theirs = {.deviceNumaId = -1, .hostNumaId = -1};
    for (int i = 0; i < RUN_COUNT; i++) {
        memcpy((char *)&theirs + runs[i].theirs, (const char *)&ours + runs[i].ours, runs[i].size);
    }
    memcpy(properties, &theirs, sizeof theirs);
    return cudaSuccess;
}

CW_VERSIONED cudaError_t cw_cudart13_cudaChooseDevice(int *device, const void *properties) {
    struct cudaDeviceProp wanted = {0};
    for (int i = 0; properties && i < RUN_COUNT; i++) {
        memcpy((char *)&wanted + runs[i].ours, (const char *)properties + runs[i].theirs, runs[i].size);
    }
    return cudaChooseDevice(device, properties ? &wanted : NULL);
}

/* CUDA 13's struct has eight more words behind CUDA 12's. */
CW_VERSIONED cudaError_t cw_cudart13_cudaPointerGetAttributes(void *attributes, const void *pointer) {
    struct {
        struct cudaPointerAttributes known;
        long reserved[8];
    } all = {0};
    cudaError_t error = cudaPointerGetAttributes(attributes ? &all.known : NULL, pointer);
    if (error == cudaSuccess) {
        memcpy(attributes, &all, sizeof all);
    }
    return error;
}

/* ---- Managed memory -------------------------------------------------------------------------------------------- */

CW_VERSIONED cudaError_t cw_cudart13_cudaMemPrefetchAsync(const void *pointer, size_t count,
                                                          struct cudaMemLocation location, unsigned flags,
                                                          cudaStream_t stream) {
    return cudaMemPrefetchAsync_v2(pointer, count, location, flags, stream);
}
CW_VERSIONED_PTSZ(cudart13, cudaMemPrefetchAsync,
                  (const void *pointer, size_t count, struct cudaMemLocation location, unsigned flags,
                   cudaStream_t stream),
                  (pointer, count, location, flags, stream))

CW_VERSIONED cudaError_t cw_cudart13_cudaMemAdvise(const void *pointer, size_t count, enum cudaMemoryAdvise advice,
                                                   struct cudaMemLocation location) {
    return cudaMemAdvise_v2(pointer, count, advice, location);
}

/* ---- Batches of copies: CUDA 13 tells no more which one failed ----------------------------------------------------- */

CW_VERSIONED cudaError_t cw_cudart13_cudaMemcpyBatchAsync(void **dsts, void **srcs, size_t *sizes, size_t count,
                                                          struct cudaMemcpyAttributes *attributes, size_t *indices,
                                                          size_t attribute_count, cudaStream_t stream) {
    size_t failed;
    return cudaMemcpyBatchAsync(dsts, srcs, sizes, count, attributes, indices, attribute_count, &failed, stream);
}
CW_VERSIONED_PTSZ(cudart13, cudaMemcpyBatchAsync,
                  (void **dsts, void **srcs, size_t *sizes, size_t count, struct cudaMemcpyAttributes *attributes,
                   size_t *indices, size_t attribute_count, cudaStream_t stream),
                  (dsts, srcs, sizes, count, attributes, indices, attribute_count, stream))

CW_VERSIONED cudaError_t cw_cudart13_cudaMemcpy3DBatchAsync(size_t count, struct cudaMemcpy3DBatchOp *operations,
                                                            unsigned long long flags, cudaStream_t stream) {
    size_t failed;
    return cudaMemcpy3DBatchAsync(count, operations, &failed, flags, stream);
}
CW_VERSIONED_PTSZ(cudart13, cudaMemcpy3DBatchAsync,
                  (size_t count, struct cudaMemcpy3DBatchOp *operations, unsigned long long flags, cudaStream_t stream),
                  (count, operations, flags, stream))

/* ---- Capture and graphs: with data for edges ------------------------------------------------------------------------ */

CW_VERSIONED cudaError_t cw_cudart13_cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus *status,
                                                              unsigned long long *id, cudaGraph_t *graph,
                                                              const cudaGraphNode_t **dependencies,
                                                              const cudaGraphEdgeData **edges, size_t *count) {
    return cudaStreamGetCaptureInfo_v3(stream, status, id, graph, dependencies, edges, count);
}
CW_VERSIONED_PTSZ(cudart13, cudaStreamGetCaptureInfo,
                  (cudaStream_t stream, enum cudaStreamCaptureStatus *status, unsigned long long *id, cudaGraph_t *graph,
                   const cudaGraphNode_t **dependencies, const cudaGraphEdgeData **edges, size_t *count),
                  (stream, status, id, graph, dependencies, edges, count))

CW_VERSIONED cudaError_t cw_cudart13_cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t *nodes,
                                                                         const cudaGraphEdgeData *edges, size_t count,
                                                                         unsigned flags) {
    return cudaStreamUpdateCaptureDependencies_v2(stream, nodes, edges, count, flags);
}
CW_VERSIONED_PTSZ(cudart13, cudaStreamUpdateCaptureDependencies,
                  (cudaStream_t stream, cudaGraphNode_t *nodes, const cudaGraphEdgeData *edges, size_t count,
                   unsigned flags),
                  (stream, nodes, edges, count, flags))

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphAddNode(cudaGraphNode_t *node, cudaGraph_t graph,
                                                      const cudaGraphNode_t *dependencies,
                                                      const cudaGraphEdgeData *edges, size_t count,
                                                      struct cudaGraphNodeParams *params) {
    return cudaGraphAddNode_v2(node, graph, dependencies, edges, count, params);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t *from,
                                                              const cudaGraphNode_t *to, const cudaGraphEdgeData *edges,
                                                              size_t count) {
    return cudaGraphAddDependencies_v2(graph, from, to, edges, count);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphRemoveDependencies(cudaGraph_t graph, const cudaGraphNode_t *from,
                                                                 const cudaGraphNode_t *to,
                                                                 const cudaGraphEdgeData *edges, size_t count) {
    return cudaGraphRemoveDependencies_v2(graph, from, to, edges, count);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t *from, cudaGraphNode_t *to,
                                                       cudaGraphEdgeData *edges, size_t *count) {
    return cudaGraphGetEdges_v2(graph, from, to, edges, count);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t *dependencies,
                                                                  cudaGraphEdgeData *edges, size_t *count) {
    return cudaGraphNodeGetDependencies_v2(node, dependencies, edges, count);
}

CW_VERSIONED cudaError_t cw_cudart13_cudaGraphNodeGetDependentNodes(cudaGraphNode_t node, cudaGraphNode_t *dependents,
                                                                    cudaGraphEdgeData *edges, size_t *count) {
    return cudaGraphNodeGetDependentNodes_v2(node, dependents, edges, count);
}
