/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime_templates.h: the C++ overloads of the runtime API: typed pointers, symbols by reference, kernels by their own
 * type, and CUDA 13's signatures beside CUDA 12's. Part of cuda_runtime.h.
 */
#ifndef CW_CUDA_RUNTIME_TEMPLATES_H
#define CW_CUDA_RUNTIME_TEMPLATES_H

#include "../cuda_runtime_api.h"

#if defined(__CUDA__)
#define CW_TEMPLATE static __inline__ __attribute__((host, unused))
#else
#define CW_TEMPLATE static __inline__ __attribute__((unused))
#endif

/* ---- Allocation ---- */

template <class T> CW_TEMPLATE cudaError_t cudaMalloc(T **devPtr, size_t size) {
    return cudaMalloc((void **)(void *)devPtr, size);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMallocManaged(T **devPtr, size_t size, unsigned int flags = cudaMemAttachGlobal) {
    return cudaMallocManaged((void **)(void *)devPtr, size, flags);
}
template <class T> CW_TEMPLATE cudaError_t cudaMallocHost(T **ptr, size_t size, unsigned int flags = 0) {
    return cudaHostAlloc((void **)(void *)ptr, size, flags);
}
CW_TEMPLATE cudaError_t cudaMallocHost(void **ptr, size_t size, unsigned int flags) {
    return cudaHostAlloc(ptr, size, flags);
}
template <class T> CW_TEMPLATE cudaError_t cudaHostAlloc(T **ptr, size_t size, unsigned int flags) {
    return cudaHostAlloc((void **)(void *)ptr, size, flags);
}
template <class T> CW_TEMPLATE cudaError_t cudaHostGetDevicePointer(T **pDevice, void *pHost, unsigned int flags) {
    return cudaHostGetDevicePointer((void **)(void *)pDevice, pHost, flags);
}
template <class T> CW_TEMPLATE cudaError_t cudaMallocPitch(T **devPtr, size_t *pitch, size_t width, size_t height) {
    return cudaMallocPitch((void **)(void *)devPtr, pitch, width, height);
}
template <class T> CW_TEMPLATE cudaError_t cudaMallocAsync(T **ptr, size_t size, cudaStream_t stream) {
    return cudaMallocAsync((void **)(void *)ptr, size, stream);
}
CW_TEMPLATE cudaError_t cudaMallocAsync(void **ptr, size_t size, cudaMemPool_t memPool, cudaStream_t stream) {
    return cudaMallocFromPoolAsync(ptr, size, memPool, stream);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMallocAsync(T **ptr, size_t size, cudaMemPool_t memPool, cudaStream_t stream) {
    return cudaMallocFromPoolAsync((void **)(void *)ptr, size, memPool, stream);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMallocFromPoolAsync(T **ptr, size_t size, cudaMemPool_t memPool, cudaStream_t stream) {
    return cudaMallocFromPoolAsync((void **)(void *)ptr, size, memPool, stream);
}
template <class T>
CW_TEMPLATE cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, T *devPtr, size_t length = 0,
                                                 unsigned int flags = cudaMemAttachSingle) {
    return cudaStreamAttachMemAsync(stream, (void *)devPtr, length, flags);
}

/* ---- CUDA 13's signatures ---- */

CW_TEMPLATE cudaError_t cudaMemPrefetchAsync(const void *devPtr, size_t count, cudaMemLocation location,
                                             unsigned int flags, cudaStream_t stream = 0) {
    return cudaMemPrefetchAsync_v2(devPtr, count, location, flags, stream);
}
CW_TEMPLATE cudaError_t cudaMemAdvise(const void *devPtr, size_t count, cudaMemoryAdvise advice,
                                      cudaMemLocation location) {
    return cudaMemAdvise_v2(devPtr, count, advice, location);
}

CW_TEMPLATE cudaError_t cudaGraphAddNode(cudaGraphNode_t *pGraphNode, cudaGraph_t graph,
                                         const cudaGraphNode_t *pDependencies, const cudaGraphEdgeData *dependencyData,
                                         size_t numDependencies, cudaGraphNodeParams *nodeParams) {
    return cudaGraphAddNode_v2(pGraphNode, graph, pDependencies, dependencyData, numDependencies, nodeParams);
}
CW_TEMPLATE cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t *from,
                                                 const cudaGraphNode_t *to, const cudaGraphEdgeData *edgeData,
                                                 size_t numDependencies) {
    return cudaGraphAddDependencies_v2(graph, from, to, edgeData, numDependencies);
}
CW_TEMPLATE cudaError_t cudaGraphRemoveDependencies(cudaGraph_t graph, const cudaGraphNode_t *from,
                                                    const cudaGraphNode_t *to, const cudaGraphEdgeData *edgeData,
                                                    size_t numDependencies) {
    return cudaGraphRemoveDependencies_v2(graph, from, to, edgeData, numDependencies);
}
CW_TEMPLATE cudaError_t cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t *from, cudaGraphNode_t *to,
                                          cudaGraphEdgeData *edgeData, size_t *numEdges) {
    return cudaGraphGetEdges_v2(graph, from, to, edgeData, numEdges);
}
CW_TEMPLATE cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t *pDependencies,
                                                     cudaGraphEdgeData *edgeData, size_t *pNumDependencies) {
    return cudaGraphNodeGetDependencies_v2(node, pDependencies, edgeData, pNumDependencies);
}
CW_TEMPLATE cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t node, cudaGraphNode_t *pDependentNodes,
                                                       cudaGraphEdgeData *edgeData, size_t *pNumDependentNodes) {
    return cudaGraphNodeGetDependentNodes_v2(node, pDependentNodes, edgeData, pNumDependentNodes);
}
CW_TEMPLATE cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus *captureStatus_out,
                                                 unsigned long long *id_out, cudaGraph_t *graph_out,
                                                 const cudaGraphNode_t **dependencies_out,
                                                 const cudaGraphEdgeData **edgeData_out,
                                                 size_t *numDependencies_out) {
    return cudaStreamGetCaptureInfo_v3(stream, captureStatus_out, id_out, graph_out, dependencies_out, edgeData_out,
                                       numDependencies_out);
}
CW_TEMPLATE cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t *dependencies,
                                                            const cudaGraphEdgeData *dependencyData,
                                                            size_t numDependencies, unsigned int flags) {
    return cudaStreamUpdateCaptureDependencies_v2(stream, dependencies, dependencyData, numDependencies, flags);
}

/* ---- Device variables: the host's shadow of the variable stands for it ---- */

template <class T>
CW_TEMPLATE cudaError_t cudaMemcpyToSymbol(const T &symbol, const void *src, size_t count, size_t offset = 0,
                                           cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return cudaMemcpyToSymbol((const void *)&symbol, src, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMemcpyToSymbolAsync(const T &symbol, const void *src, size_t count, size_t offset = 0,
                                                cudaMemcpyKind kind = cudaMemcpyHostToDevice, cudaStream_t stream = 0) {
    return cudaMemcpyToSymbolAsync((const void *)&symbol, src, count, offset, kind, stream);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMemcpyFromSymbol(void *dst, const T &symbol, size_t count, size_t offset = 0,
                                             cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return cudaMemcpyFromSymbol(dst, (const void *)&symbol, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaMemcpyFromSymbolAsync(void *dst, const T &symbol, size_t count, size_t offset = 0,
                                                  cudaMemcpyKind kind = cudaMemcpyDeviceToHost,
                                                  cudaStream_t stream = 0) {
    return cudaMemcpyFromSymbolAsync(dst, (const void *)&symbol, count, offset, kind, stream);
}
template <class T> CW_TEMPLATE cudaError_t cudaGetSymbolAddress(void **devPtr, const T &symbol) {
    return cudaGetSymbolAddress(devPtr, (const void *)&symbol);
}
template <class T, class S> CW_TEMPLATE cudaError_t cudaGetSymbolAddress(T **devPtr, const S &symbol) {
    return cudaGetSymbolAddress((void **)(void *)devPtr, (const void *)&symbol);
}
template <class T> CW_TEMPLATE cudaError_t cudaGetSymbolSize(size_t *size, const T &symbol) {
    return cudaGetSymbolSize(size, (const void *)&symbol);
}

/* ---- Events and graphs ---- */

CW_TEMPLATE cudaError_t cudaEventCreate(cudaEvent_t *event, unsigned int flags) {
    return cudaEventCreateWithFlags(event, flags);
}
CW_TEMPLATE cudaError_t cudaGraphInstantiate(cudaGraphExec_t *pGraphExec, cudaGraph_t graph,
                                             cudaGraphNode_t *pErrorNode, char *pLogBuffer, size_t bufferSize) {
    if (pErrorNode) *pErrorNode = 0;
    if (pLogBuffer && bufferSize) pLogBuffer[0] = 0;
    return cudaGraphInstantiate(pGraphExec, graph, 0ull);
}
CW_TEMPLATE cudaError_t cudaGraphExecUpdate(cudaGraphExec_t hGraphExec, cudaGraph_t hGraph,
                                            cudaGraphNode_t *hErrorNode_out,
                                            cudaGraphExecUpdateResult *updateResult_out) {
    cudaGraphExecUpdateResultInfo info;
    cudaError_t error = cudaGraphExecUpdate(hGraphExec, hGraph, &info);
    if (hErrorNode_out) *hErrorNode_out = info.errorNode;
    if (updateResult_out) *updateResult_out = info.result;
    return error;
}

template <class T>
CW_TEMPLATE cudaError_t cudaGraphAddMemcpyNodeToSymbol(cudaGraphNode_t *pGraphNode, cudaGraph_t graph,
                                                       const cudaGraphNode_t *pDependencies, size_t numDependencies,
                                                       const T &symbol, const void *src, size_t count,
                                                       size_t offset = 0,
                                                       cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return cudaGraphAddMemcpyNodeToSymbol(pGraphNode, graph, pDependencies, numDependencies, (const void *)&symbol, src,
                                          count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaGraphAddMemcpyNodeFromSymbol(cudaGraphNode_t *pGraphNode, cudaGraph_t graph,
                                                         const cudaGraphNode_t *pDependencies, size_t numDependencies,
                                                         void *dst, const T &symbol, size_t count, size_t offset = 0,
                                                         cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return cudaGraphAddMemcpyNodeFromSymbol(pGraphNode, graph, pDependencies, numDependencies, dst,
                                            (const void *)&symbol, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaGraphMemcpyNodeSetParamsToSymbol(cudaGraphNode_t node, const T &symbol, const void *src,
                                                             size_t count, size_t offset = 0,
                                                             cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return cudaGraphMemcpyNodeSetParamsToSymbol(node, (const void *)&symbol, src, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaGraphMemcpyNodeSetParamsFromSymbol(cudaGraphNode_t node, void *dst, const T &symbol,
                                                               size_t count, size_t offset = 0,
                                                               cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return cudaGraphMemcpyNodeSetParamsFromSymbol(node, dst, (const void *)&symbol, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaGraphExecMemcpyNodeSetParamsToSymbol(cudaGraphExec_t hGraphExec, cudaGraphNode_t node,
                                                                 const T &symbol, const void *src, size_t count,
                                                                 size_t offset = 0,
                                                                 cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return cudaGraphExecMemcpyNodeSetParamsToSymbol(hGraphExec, node, (const void *)&symbol, src, count, offset, kind);
}
template <class T>
CW_TEMPLATE cudaError_t cudaGraphExecMemcpyNodeSetParamsFromSymbol(cudaGraphExec_t hGraphExec, cudaGraphNode_t node,
                                                                   void *dst, const T &symbol, size_t count,
                                                                   size_t offset = 0,
                                                                   cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return cudaGraphExecMemcpyNodeSetParamsFromSymbol(hGraphExec, node, dst, (const void *)&symbol, count, offset,
                                                      kind);
}

/* ---- Launches and function attributes ---- */

template <class T>
CW_TEMPLATE cudaError_t cudaLaunchKernel(T *func, dim3 gridDim, dim3 blockDim, void **args, size_t sharedMem = 0,
                                         cudaStream_t stream = 0) {
    return cudaLaunchKernel((const void *)func, gridDim, blockDim, args, sharedMem, stream);
}
template <class T>
CW_TEMPLATE cudaError_t cudaLaunchCooperativeKernel(T *func, dim3 gridDim, dim3 blockDim, void **args,
                                                    size_t sharedMem = 0, cudaStream_t stream = 0) {
    return cudaLaunchCooperativeKernel((const void *)func, gridDim, blockDim, args, sharedMem, stream);
}
#if __cplusplus >= 201103L
/* The arguments are converted to the kernel's parameter types first: the launch copies what their addresses hold. */
template <class... Parameters, class... Arguments>
CW_TEMPLATE cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t *config, void (*kernel)(Parameters...),
                                           Arguments &&...arguments) {
    return [&](Parameters... values) {
        void *addresses[sizeof...(Parameters) + 1] = {(void *)&values..., 0};
        return cudaLaunchKernelExC(config, (const void *)kernel, addresses);
    }(static_cast<Arguments &&>(arguments)...);
}
#endif
template <class T> CW_TEMPLATE cudaError_t cudaFuncSetCacheConfig(T *func, cudaFuncCache cacheConfig) {
    return cudaFuncSetCacheConfig((const void *)func, cacheConfig);
}
template <class T> CW_TEMPLATE cudaError_t cudaFuncSetSharedMemConfig(T *func, cudaSharedMemConfig config) {
    return cudaFuncSetSharedMemConfig((const void *)func, config);
}
template <class T> CW_TEMPLATE cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attr, T *entry) {
    return cudaFuncGetAttributes(attr, (const void *)entry);
}
template <class T> CW_TEMPLATE cudaError_t cudaFuncSetAttribute(T *func, cudaFuncAttribute attr, int value) {
    return cudaFuncSetAttribute((const void *)func, attr, value);
}
template <class T> CW_TEMPLATE cudaError_t cudaFuncGetName(const char **name, T *func) {
    return cudaFuncGetName(name, (const void *)func);
}
template <class T> CW_TEMPLATE cudaError_t cudaGetKernel(cudaKernel_t *kernelPtr, T *func) {
    return cudaGetKernel(kernelPtr, (const void *)func);
}
template <class T> CW_TEMPLATE cudaError_t cudaGetFuncBySymbol(cudaFunction_t *functionPtr, T *func) {
    return cudaGetFuncBySymbol(functionPtr, (const void *)func);
}

/* ---- Occupancy ---- */

template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, T func, int blockSize,
                                                                      size_t dynamicSMemSize) {
    return cudaOccupancyMaxActiveBlocksPerMultiprocessor(numBlocks, (const void *)func, blockSize, dynamicSMemSize);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *numBlocks, T func, int blockSize,
                                                                               size_t dynamicSMemSize,
                                                                               unsigned int flags) {
    return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(numBlocks, (const void *)func, blockSize,
                                                                  dynamicSMemSize, flags);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t *dynamicSmemSize, T *func, int numBlocks,
                                                                  int blockSize) {
    return cudaOccupancyAvailableDynamicSMemPerBlock(dynamicSmemSize, (const void *)func, numBlocks, blockSize);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxPotentialClusterSize(int *clusterSize, T *func,
                                                             const cudaLaunchConfig_t *config) {
    return cudaOccupancyMaxPotentialClusterSize(clusterSize, (const void *)func, config);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxActiveClusters(int *numClusters, T *func, const cudaLaunchConfig_t *config) {
    return cudaOccupancyMaxActiveClusters(numClusters, (const void *)func, config);
}

/* The block size with the most resident threads, larger blocks first among equals, and the grid that fills the device
 * with it. `blockSizeToDynamicSMemSize` gives the dynamic shared memory of a block of a size. */
template <class BlockSizeToSharedMemory, class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(
    int *minGridSize, int *blockSize, T func, BlockSizeToSharedMemory blockSizeToDynamicSMemSize,
    int blockSizeLimit = 0, unsigned int flags = 0) {
    if (!minGridSize || !blockSize || !func) return cudaErrorInvalidValue;

    int device = 0, processors = 0, threads_max = 0, warp = 0, block_max = 0;
    cudaFuncAttributes attributes;
    cudaError_t error = cudaGetDevice(&device);
    if (error == cudaSuccess)
        error = cudaDeviceGetAttribute(&threads_max, cudaDevAttrMaxThreadsPerMultiProcessor, device);
    if (error == cudaSuccess) error = cudaDeviceGetAttribute(&warp, cudaDevAttrWarpSize, device);
    if (error == cudaSuccess) error = cudaDeviceGetAttribute(&block_max, cudaDevAttrMaxThreadsPerBlock, device);
    if (error == cudaSuccess) error = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    if (error == cudaSuccess) error = cudaFuncGetAttributes(&attributes, (const void *)func);
    if (error != cudaSuccess) return error;

    if (block_max > attributes.maxThreadsPerBlock) block_max = attributes.maxThreadsPerBlock;
    if (blockSizeLimit != 0 && block_max > blockSizeLimit) block_max = blockSizeLimit;

    int best_block = 0, best_blocks = 0, best_threads = 0;
    for (int rounded = (block_max + warp - 1) / warp * warp; rounded > 0; rounded -= warp) {
        int size = rounded < block_max ? rounded : block_max;
        int blocks = 0;
        error = cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&blocks, (const void *)func, size,
                                                                       (size_t)blockSizeToDynamicSMemSize(size), flags);
        if (error != cudaSuccess) return error;
        if (size * blocks > best_threads) {
            best_threads = size * blocks;
            best_block = size;
            best_blocks = blocks;
        }
        if (best_threads == threads_max) break;
    }
    *minGridSize = best_blocks * processors;
    *blockSize = best_block;
    return cudaSuccess;
}

struct __cw_constant_shared_memory {
    size_t bytes;
#if defined(__CUDA__)
    __attribute__((host, device))
#endif
    size_t operator()(int) const {
        return bytes;
    }
};

template <class BlockSizeToSharedMemory, class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMem(
    int *minGridSize, int *blockSize, T func, BlockSizeToSharedMemory blockSizeToDynamicSMemSize,
    int blockSizeLimit = 0) {
    return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(
        minGridSize, blockSize, func, blockSizeToDynamicSMemSize, blockSizeLimit, cudaOccupancyDefault);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxPotentialBlockSize(int *minGridSize, int *blockSize, T func,
                                                           size_t dynamicSMemSize = 0, int blockSizeLimit = 0) {
    __cw_constant_shared_memory shared = {dynamicSMemSize};
    return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(minGridSize, blockSize, func, shared, blockSizeLimit,
                                                                   cudaOccupancyDefault);
}
template <class T>
CW_TEMPLATE cudaError_t cudaOccupancyMaxPotentialBlockSizeWithFlags(int *minGridSize, int *blockSize, T func,
                                                                    size_t dynamicSMemSize = 0, int blockSizeLimit = 0,
                                                                    unsigned int flags = 0) {
    __cw_constant_shared_memory shared = {dynamicSMemSize};
    return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(minGridSize, blockSize, func, shared, blockSizeLimit,
                                                                   flags);
}

#undef CW_TEMPLATE

#endif
