/* SPDX-License-Identifier: Apache-2.0 */
/*
 * per_thread.c: the names that functions go by in programs compiled for per-thread default streams: NAME_ptsz where a
 * stream is an argument, NAME_ptds where one is implied. Each is the plain function, told what stream 0 means.
 */
#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "runtime/thread.h"

#define ROW(name, suffix, parameters, arguments)                                                                       \
    CW_API cudaError_t name##suffix parameters;                                                                        \
    cudaError_t name##suffix parameters {                                                                              \
        struct cw_rt_thread *thread = cw_rt_thread();                                                                  \
        thread->per_thread = true;                                                                                     \
        cudaError_t error = name arguments;                                                                            \
        thread->per_thread = false;                                                                                    \
        return error;                                                                                                  \
    }

ROW(cudaMemcpy, _ptds, (void *dst, const void *src, size_t count, enum cudaMemcpyKind kind), (dst, src, count, kind))
ROW(cudaMemcpyToSymbol, _ptds,
    (const void *symbol, const void *src, size_t count, size_t offset, enum cudaMemcpyKind kind),
    (symbol, src, count, offset, kind))
ROW(cudaMemcpyFromSymbol, _ptds, (void *dst, const void *symbol, size_t count, size_t offset, enum cudaMemcpyKind kind),
    (dst, symbol, count, offset, kind))
ROW(cudaMemcpy2D, _ptds,
    (void *dst, size_t dpitch, const void *src, size_t spitch, size_t width, size_t height, enum cudaMemcpyKind kind),
    (dst, dpitch, src, spitch, width, height, kind))
ROW(cudaMemcpyToArray, _ptds,
    (cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src, size_t count, enum cudaMemcpyKind kind),
    (dst, wOffset, hOffset, src, count, kind))
ROW(cudaMemcpy2DToArray, _ptds,
    (cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src, size_t spitch, size_t width, size_t height,
     enum cudaMemcpyKind kind),
    (dst, wOffset, hOffset, src, spitch, width, height, kind))
ROW(cudaMemcpyFromArray, _ptds,
    (void *dst, cudaArray_const_t src, size_t wOffset, size_t hOffset, size_t count, enum cudaMemcpyKind kind),
    (dst, src, wOffset, hOffset, count, kind))
ROW(cudaMemcpy2DFromArray, _ptds,
    (void *dst, size_t dpitch, cudaArray_const_t src, size_t wOffset, size_t hOffset, size_t width, size_t height,
     enum cudaMemcpyKind kind),
    (dst, dpitch, src, wOffset, hOffset, width, height, kind))
ROW(cudaMemcpyArrayToArray, _ptds,
    (cudaArray_t dst, size_t wOffsetDst, size_t hOffsetDst, cudaArray_const_t src, size_t wOffsetSrc, size_t hOffsetSrc,
     size_t count, enum cudaMemcpyKind kind),
    (dst, wOffsetDst, hOffsetDst, src, wOffsetSrc, hOffsetSrc, count, kind))
ROW(cudaMemcpy2DArrayToArray, _ptds,
    (cudaArray_t dst, size_t wOffsetDst, size_t hOffsetDst, cudaArray_const_t src, size_t wOffsetSrc, size_t hOffsetSrc,
     size_t width, size_t height, enum cudaMemcpyKind kind),
    (dst, wOffsetDst, hOffsetDst, src, wOffsetSrc, hOffsetSrc, width, height, kind))
ROW(cudaMemcpy3D, _ptds, (const struct cudaMemcpy3DParms *p), (p))
ROW(cudaMemcpy3DPeer, _ptds, (const struct cudaMemcpy3DPeerParms *p), (p))
ROW(cudaMemset, _ptds, (void *devPtr, int value, size_t count), (devPtr, value, count))
ROW(cudaMemset2D, _ptds, (void *devPtr, size_t pitch, int value, size_t width, size_t height),
    (devPtr, pitch, value, width, height))
ROW(cudaMemset3D, _ptds, (struct cudaPitchedPtr pitchedDevPtr, int value, struct cudaExtent extent),
    (pitchedDevPtr, value, extent))
ROW(cudaMemcpyAsync, _ptsz, (void *dst, const void *src, size_t count, enum cudaMemcpyKind kind, cudaStream_t stream),
    (dst, src, count, kind, stream))
ROW(cudaMemcpyToSymbolAsync, _ptsz,
    (const void *symbol, const void *src, size_t count, size_t offset, enum cudaMemcpyKind kind, cudaStream_t stream),
    (symbol, src, count, offset, kind, stream))
ROW(cudaMemcpyFromSymbolAsync, _ptsz,
    (void *dst, const void *symbol, size_t count, size_t offset, enum cudaMemcpyKind kind, cudaStream_t stream),
    (dst, symbol, count, offset, kind, stream))
ROW(cudaMemcpy2DAsync, _ptsz,
    (void *dst, size_t dpitch, const void *src, size_t spitch, size_t width, size_t height, enum cudaMemcpyKind kind,
     cudaStream_t stream),
    (dst, dpitch, src, spitch, width, height, kind, stream))
ROW(cudaMemcpyToArrayAsync, _ptsz,
    (cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src, size_t count, enum cudaMemcpyKind kind,
     cudaStream_t stream),
    (dst, wOffset, hOffset, src, count, kind, stream))
ROW(cudaMemcpy2DToArrayAsync, _ptsz,
    (cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src, size_t spitch, size_t width, size_t height,
     enum cudaMemcpyKind kind, cudaStream_t stream),
    (dst, wOffset, hOffset, src, spitch, width, height, kind, stream))
ROW(cudaMemcpyFromArrayAsync, _ptsz,
    (void *dst, cudaArray_const_t src, size_t wOffset, size_t hOffset, size_t count, enum cudaMemcpyKind kind,
     cudaStream_t stream),
    (dst, src, wOffset, hOffset, count, kind, stream))
ROW(cudaMemcpy2DFromArrayAsync, _ptsz,
    (void *dst, size_t dpitch, cudaArray_const_t src, size_t wOffset, size_t hOffset, size_t width, size_t height,
     enum cudaMemcpyKind kind, cudaStream_t stream),
    (dst, dpitch, src, wOffset, hOffset, width, height, kind, stream))
ROW(cudaMemcpy3DAsync, _ptsz, (const struct cudaMemcpy3DParms *p, cudaStream_t stream), (p, stream))
ROW(cudaMemcpy3DPeerAsync, _ptsz, (const struct cudaMemcpy3DPeerParms *p, cudaStream_t stream), (p, stream))
ROW(cudaMemsetAsync, _ptsz, (void *devPtr, int value, size_t count, cudaStream_t stream),
    (devPtr, value, count, stream))
ROW(cudaMemset2DAsync, _ptsz, (void *devPtr, size_t pitch, int value, size_t width, size_t height, cudaStream_t stream),
    (devPtr, pitch, value, width, height, stream))
ROW(cudaMemset3DAsync, _ptsz,
    (struct cudaPitchedPtr pitchedDevPtr, int value, struct cudaExtent extent, cudaStream_t stream),
    (pitchedDevPtr, value, extent, stream))
ROW(cudaMemPrefetchAsync, _ptsz, (const void *devPtr, size_t count, int dstDevice, cudaStream_t stream),
    (devPtr, count, dstDevice, stream))
ROW(cudaMemPrefetchAsync_v2, _ptsz,
    (const void *devPtr, size_t count, struct cudaMemLocation location, unsigned int flags, cudaStream_t stream),
    (devPtr, count, location, flags, stream))
ROW(cudaMallocAsync, _ptsz, (void **devPtr, size_t size, cudaStream_t hStream), (devPtr, size, hStream))
ROW(cudaFreeAsync, _ptsz, (void *devPtr, cudaStream_t hStream), (devPtr, hStream))
ROW(cudaMallocFromPoolAsync, _ptsz, (void **ptr, size_t size, cudaMemPool_t memPool, cudaStream_t stream),
    (ptr, size, memPool, stream))
ROW(cudaStreamQuery, _ptsz, (cudaStream_t stream), (stream))
ROW(cudaStreamGetFlags, _ptsz, (cudaStream_t hStream, unsigned int *flags), (hStream, flags))
ROW(cudaStreamGetId, _ptsz, (cudaStream_t hStream, unsigned long long *streamId), (hStream, streamId))
ROW(cudaStreamGetDevice, _ptsz, (cudaStream_t hStream, int *device), (hStream, device))
ROW(cudaStreamGetPriority, _ptsz, (cudaStream_t hStream, int *priority), (hStream, priority))
ROW(cudaStreamSynchronize, _ptsz, (cudaStream_t stream), (stream))
ROW(cudaStreamWaitEvent, _ptsz, (cudaStream_t stream, cudaEvent_t event, unsigned int flags), (stream, event, flags))
ROW(cudaStreamAddCallback, _ptsz,
    (cudaStream_t stream, cudaStreamCallback_t callback, void *userData, unsigned int flags),
    (stream, callback, userData, flags))
ROW(cudaStreamAttachMemAsync, _ptsz, (cudaStream_t stream, void *devPtr, size_t length, unsigned int flags),
    (stream, devPtr, length, flags))
ROW(cudaStreamIsCapturing, _ptsz, (cudaStream_t stream, enum cudaStreamCaptureStatus *pCaptureStatus),
    (stream, pCaptureStatus))
ROW(cudaEventRecord, _ptsz, (cudaEvent_t event, cudaStream_t stream), (event, stream))
ROW(cudaEventRecordWithFlags, _ptsz, (cudaEvent_t event, cudaStream_t stream, unsigned int flags),
    (event, stream, flags))
ROW(cudaLaunchKernel, _ptsz,
    (const void *func, dim3 gridDim, dim3 blockDim, void **args, size_t sharedMem, cudaStream_t stream),
    (func, gridDim, blockDim, args, sharedMem, stream))
ROW(cudaLaunchKernelExC, _ptsz, (const cudaLaunchConfig_t *config, const void *func, void **args), (config, func, args))
ROW(cudaLaunchHostFunc, _ptsz, (cudaStream_t stream, cudaHostFn_t fn, void *userData), (stream, fn, userData))
ROW(cudaLaunchCooperativeKernel, _ptsz,
    (const void *func, dim3 gridDim, dim3 blockDim, void **args, size_t sharedMem, cudaStream_t stream),
    (func, gridDim, blockDim, args, sharedMem, stream))
ROW(cudaStreamCopyAttributes, _ptsz, (cudaStream_t dst, cudaStream_t src), (dst, src))
ROW(cudaStreamGetAttribute, _ptsz, (cudaStream_t stream, cudaLaunchAttributeID attr, cudaLaunchAttributeValue *value),
    (stream, attr, value))
ROW(cudaStreamSetAttribute, _ptsz,
    (cudaStream_t stream, cudaLaunchAttributeID attr, const cudaLaunchAttributeValue *value), (stream, attr, value))
ROW(cudaStreamBeginCapture, _ptsz, (cudaStream_t stream, enum cudaStreamCaptureMode mode), (stream, mode))
ROW(cudaStreamBeginCaptureToGraph, _ptsz,
    (cudaStream_t stream, cudaGraph_t graph, const cudaGraphNode_t *dependencies,
     const cudaGraphEdgeData *dependencyData, size_t numDependencies, enum cudaStreamCaptureMode mode),
    (stream, graph, dependencies, dependencyData, numDependencies, mode))
ROW(cudaStreamEndCapture, _ptsz, (cudaStream_t stream, cudaGraph_t *pGraph), (stream, pGraph))
ROW(cudaStreamGetCaptureInfo_v2, _ptsz,
    (cudaStream_t stream, enum cudaStreamCaptureStatus *captureStatus_out, unsigned long long *id_out,
     cudaGraph_t *graph_out, const cudaGraphNode_t **dependencies_out, size_t *numDependencies_out),
    (stream, captureStatus_out, id_out, graph_out, dependencies_out, numDependencies_out))
ROW(cudaStreamGetCaptureInfo_v3, _ptsz,
    (cudaStream_t stream, enum cudaStreamCaptureStatus *captureStatus_out, unsigned long long *id_out,
     cudaGraph_t *graph_out, const cudaGraphNode_t **dependencies_out, const cudaGraphEdgeData **edgeData_out,
     size_t *numDependencies_out),
    (stream, captureStatus_out, id_out, graph_out, dependencies_out, edgeData_out, numDependencies_out))
ROW(cudaStreamUpdateCaptureDependencies, _ptsz,
    (cudaStream_t stream, cudaGraphNode_t *dependencies, size_t numDependencies, unsigned int flags),
    (stream, dependencies, numDependencies, flags))
ROW(cudaStreamUpdateCaptureDependencies_v2, _ptsz,
    (cudaStream_t stream, cudaGraphNode_t *dependencies, const cudaGraphEdgeData *dependencyData,
     size_t numDependencies, unsigned int flags),
    (stream, dependencies, dependencyData, numDependencies, flags))
ROW(cudaGraphUpload, _ptsz, (cudaGraphExec_t graphExec, cudaStream_t stream), (graphExec, stream))
ROW(cudaGraphLaunch, _ptsz, (cudaGraphExec_t graphExec, cudaStream_t stream), (graphExec, stream))
ROW(cudaGraphInstantiateWithParams, _ptsz,
    (cudaGraphExec_t * pGraphExec, cudaGraph_t graph, cudaGraphInstantiateParams *instantiateParams),
    (pGraphExec, graph, instantiateParams))
ROW(cudaMemcpyBatchAsync, _ptsz,
    (void **dsts, void **srcs, size_t *sizes, size_t count, struct cudaMemcpyAttributes *attrs, size_t *attrsIdxs,
     size_t numAttrs, size_t *failIdx, cudaStream_t hStream),
    (dsts, srcs, sizes, count, attrs, attrsIdxs, numAttrs, failIdx, hStream))
ROW(cudaMemcpy3DBatchAsync, _ptsz,
    (size_t numOps, struct cudaMemcpy3DBatchOp *opList, size_t *failIdx, unsigned long long flags, cudaStream_t stream),
    (numOps, opList, failIdx, flags, stream))
ROW(cudaSignalExternalSemaphoresAsync_v2, _ptsz,
    (const cudaExternalSemaphore_t *extSemArray, const struct cudaExternalSemaphoreSignalParams *paramsArray,
     unsigned int numExtSems, cudaStream_t stream),
    (extSemArray, paramsArray, numExtSems, stream))
ROW(cudaWaitExternalSemaphoresAsync_v2, _ptsz,
    (const cudaExternalSemaphore_t *extSemArray, const struct cudaExternalSemaphoreWaitParams *paramsArray,
     unsigned int numExtSems, cudaStream_t stream),
    (extSemArray, paramsArray, numExtSems, stream))

/* Without a word of the caller's, drivers' functions are those for per-thread default streams, too. */
CW_API cudaError_t cudaGetDriverEntryPoint_ptsz(const char *symbol, void **funcPtr, unsigned long long flags,
                                                enum cudaDriverEntryPointQueryResult *driverStatus);
cudaError_t cudaGetDriverEntryPoint_ptsz(const char *symbol, void **funcPtr, unsigned long long flags,
                                         enum cudaDriverEntryPointQueryResult *driverStatus) {
    unsigned long long meant = flags == cudaEnableDefault ? cudaEnablePerThreadDefaultStream : flags;
    return cudaGetDriverEntryPoint(symbol, funcPtr, meant, driverStatus);
}

CW_API cudaError_t cudaGetDriverEntryPointByVersion_ptsz(const char *symbol, void **funcPtr, unsigned int cudaVersion,
                                                         unsigned long long flags,
                                                         enum cudaDriverEntryPointQueryResult *driverStatus);
cudaError_t cudaGetDriverEntryPointByVersion_ptsz(const char *symbol, void **funcPtr, unsigned int cudaVersion,
                                                  unsigned long long flags,
                                                  enum cudaDriverEntryPointQueryResult *driverStatus) {
    unsigned long long meant = flags == cudaEnableDefault ? cudaEnablePerThreadDefaultStream : flags;
    return cudaGetDriverEntryPointByVersion(symbol, funcPtr, cudaVersion, meant, driverStatus);
}
