/* SPDX-License-Identifier: Apache-2.0 */
/*
 * per_thread.c: the names that the driver API's functions go by in programs compiled for per-thread default streams.
 * Each is the plain function, told what stream 0 means; runtime/per_thread.c does the same for the runtime API.
 */
#include "cuda/cuda.h"
#include "runtime/thread.h"

#define ROW(name, suffix, parameters, arguments)                                                                       \
    CW_CUDA_API CUresult name##suffix parameters;                                                                      \
    CUresult name##suffix parameters {                                                                                 \
        struct cw_rt_thread *thread = cw_rt_thread();                                                                  \
        thread->per_thread = true;                                                                                     \
        CUresult result = name arguments;                                                                              \
        thread->per_thread = false;                                                                                    \
        return result;                                                                                                 \
    }

ROW(cuMemPrefetchAsync, _ptsz, (CUdeviceptr devPtr, size_t count, CUdevice dstDevice, CUstream hStream),
    (devPtr, count, dstDevice, hStream))
ROW(cuMemPrefetchAsync_v2, _ptsz,
    (CUdeviceptr devPtr, size_t count, CUmemLocation location, unsigned int flags, CUstream hStream),
    (devPtr, count, location, flags, hStream))
ROW(cuMemAllocAsync, _ptsz, (CUdeviceptr * dptr, size_t bytesize, CUstream hStream), (dptr, bytesize, hStream))
ROW(cuMemAllocFromPoolAsync, _ptsz, (CUdeviceptr * dptr, size_t bytesize, CUmemoryPool pool, CUstream hStream),
    (dptr, bytesize, pool, hStream))
ROW(cuMemFreeAsync, _ptsz, (CUdeviceptr dptr, CUstream hStream), (dptr, hStream))
ROW(cuMemcpy, _ptds, (CUdeviceptr dst, CUdeviceptr src, size_t ByteCount), (dst, src, ByteCount))
ROW(cuMemcpyPeer, _ptds,
    (CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, size_t ByteCount),
    (dstDevice, dstContext, srcDevice, srcContext, ByteCount))
ROW(cuMemcpyHtoD_v2, _ptds, (CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount),
    (dstDevice, srcHost, ByteCount))
ROW(cuMemcpyDtoH_v2, _ptds, (void *dstHost, CUdeviceptr srcDevice, size_t ByteCount), (dstHost, srcDevice, ByteCount))
ROW(cuMemcpyDtoD_v2, _ptds, (CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount),
    (dstDevice, srcDevice, ByteCount))
ROW(cuMemcpyDtoA_v2, _ptds, (CUarray dstArray, size_t dstOffset, CUdeviceptr srcDevice, size_t ByteCount),
    (dstArray, dstOffset, srcDevice, ByteCount))
ROW(cuMemcpyAtoD_v2, _ptds, (CUdeviceptr dstDevice, CUarray srcArray, size_t srcOffset, size_t ByteCount),
    (dstDevice, srcArray, srcOffset, ByteCount))
ROW(cuMemcpyHtoA_v2, _ptds, (CUarray dstArray, size_t dstOffset, const void *srcHost, size_t ByteCount),
    (dstArray, dstOffset, srcHost, ByteCount))
ROW(cuMemcpyAtoH_v2, _ptds, (void *dstHost, CUarray srcArray, size_t srcOffset, size_t ByteCount),
    (dstHost, srcArray, srcOffset, ByteCount))
ROW(cuMemcpyAtoA_v2, _ptds, (CUarray dstArray, size_t dstOffset, CUarray srcArray, size_t srcOffset, size_t ByteCount),
    (dstArray, dstOffset, srcArray, srcOffset, ByteCount))
ROW(cuMemcpy2D_v2, _ptds, (const CUDA_MEMCPY2D *pCopy), (pCopy))
ROW(cuMemcpy2DUnaligned_v2, _ptds, (const CUDA_MEMCPY2D *pCopy), (pCopy))
ROW(cuMemcpy3D_v2, _ptds, (const CUDA_MEMCPY3D *pCopy), (pCopy))
ROW(cuMemcpy3DPeer, _ptds, (const CUDA_MEMCPY3D_PEER *pCopy), (pCopy))
ROW(cuMemcpyAsync, _ptsz, (CUdeviceptr dst, CUdeviceptr src, size_t ByteCount, CUstream hStream),
    (dst, src, ByteCount, hStream))
ROW(cuMemcpyPeerAsync, _ptsz,
    (CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice, CUcontext srcContext, size_t ByteCount,
     CUstream hStream),
    (dstDevice, dstContext, srcDevice, srcContext, ByteCount, hStream))
ROW(cuMemcpyHtoDAsync_v2, _ptsz, (CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount, CUstream hStream),
    (dstDevice, srcHost, ByteCount, hStream))
ROW(cuMemcpyDtoHAsync_v2, _ptsz, (void *dstHost, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream),
    (dstHost, srcDevice, ByteCount, hStream))
ROW(cuMemcpyDtoDAsync_v2, _ptsz, (CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream),
    (dstDevice, srcDevice, ByteCount, hStream))
ROW(cuMemcpyHtoAAsync_v2, _ptsz,
    (CUarray dstArray, size_t dstOffset, const void *srcHost, size_t ByteCount, CUstream hStream),
    (dstArray, dstOffset, srcHost, ByteCount, hStream))
ROW(cuMemcpyAtoHAsync_v2, _ptsz,
    (void *dstHost, CUarray srcArray, size_t srcOffset, size_t ByteCount, CUstream hStream),
    (dstHost, srcArray, srcOffset, ByteCount, hStream))
ROW(cuMemcpy2DAsync_v2, _ptsz, (const CUDA_MEMCPY2D *pCopy, CUstream hStream), (pCopy, hStream))
ROW(cuMemcpy3DAsync_v2, _ptsz, (const CUDA_MEMCPY3D *pCopy, CUstream hStream), (pCopy, hStream))
ROW(cuMemcpy3DPeerAsync, _ptsz, (const CUDA_MEMCPY3D_PEER *pCopy, CUstream hStream), (pCopy, hStream))
ROW(cuMemsetD8_v2, _ptds, (CUdeviceptr dstDevice, unsigned char uc, size_t N), (dstDevice, uc, N))
ROW(cuMemsetD16_v2, _ptds, (CUdeviceptr dstDevice, unsigned short us, size_t N), (dstDevice, us, N))
ROW(cuMemsetD32_v2, _ptds, (CUdeviceptr dstDevice, unsigned int ui, size_t N), (dstDevice, ui, N))
ROW(cuMemsetD2D8_v2, _ptds, (CUdeviceptr dstDevice, size_t dstPitch, unsigned char uc, size_t Width, size_t Height),
    (dstDevice, dstPitch, uc, Width, Height))
ROW(cuMemsetD2D16_v2, _ptds, (CUdeviceptr dstDevice, size_t dstPitch, unsigned short us, size_t Width, size_t Height),
    (dstDevice, dstPitch, us, Width, Height))
ROW(cuMemsetD2D32_v2, _ptds, (CUdeviceptr dstDevice, size_t dstPitch, unsigned int ui, size_t Width, size_t Height),
    (dstDevice, dstPitch, ui, Width, Height))
ROW(cuMemsetD8Async, _ptsz, (CUdeviceptr dstDevice, unsigned char uc, size_t N, CUstream hStream),
    (dstDevice, uc, N, hStream))
ROW(cuMemsetD16Async, _ptsz, (CUdeviceptr dstDevice, unsigned short us, size_t N, CUstream hStream),
    (dstDevice, us, N, hStream))
ROW(cuMemsetD32Async, _ptsz, (CUdeviceptr dstDevice, unsigned int ui, size_t N, CUstream hStream),
    (dstDevice, ui, N, hStream))
ROW(cuMemsetD2D8Async, _ptsz,
    (CUdeviceptr dstDevice, size_t dstPitch, unsigned char uc, size_t Width, size_t Height, CUstream hStream),
    (dstDevice, dstPitch, uc, Width, Height, hStream))
ROW(cuMemsetD2D16Async, _ptsz,
    (CUdeviceptr dstDevice, size_t dstPitch, unsigned short us, size_t Width, size_t Height, CUstream hStream),
    (dstDevice, dstPitch, us, Width, Height, hStream))
ROW(cuMemsetD2D32Async, _ptsz,
    (CUdeviceptr dstDevice, size_t dstPitch, unsigned int ui, size_t Width, size_t Height, CUstream hStream),
    (dstDevice, dstPitch, ui, Width, Height, hStream))
ROW(cuStreamGetPriority, _ptsz, (CUstream hStream, int *priority), (hStream, priority))
ROW(cuStreamGetDevice, _ptsz, (CUstream hStream, CUdevice *device), (hStream, device))
ROW(cuStreamGetFlags, _ptsz, (CUstream hStream, unsigned int *flags), (hStream, flags))
ROW(cuStreamGetId, _ptsz, (CUstream hStream, unsigned long long *streamId), (hStream, streamId))
ROW(cuStreamGetCtx, _ptsz, (CUstream hStream, CUcontext *pctx), (hStream, pctx))
ROW(cuStreamGetCtx_v2, _ptsz, (CUstream hStream, CUcontext *pctx, CUgreenCtx *pGreenCtx), (hStream, pctx, pGreenCtx))
ROW(cuStreamWaitEvent, _ptsz, (CUstream hStream, CUevent hEvent, unsigned int Flags), (hStream, hEvent, Flags))
ROW(cuStreamAddCallback, _ptsz, (CUstream hStream, CUstreamCallback callback, void *userData, unsigned int flags),
    (hStream, callback, userData, flags))
ROW(cuStreamAttachMemAsync, _ptsz, (CUstream hStream, CUdeviceptr dptr, size_t length, unsigned int flags),
    (hStream, dptr, length, flags))
ROW(cuStreamQuery, _ptsz, (CUstream hStream), (hStream))
ROW(cuStreamSynchronize, _ptsz, (CUstream hStream), (hStream))
ROW(cuStreamCopyAttributes, _ptsz, (CUstream dst, CUstream src), (dst, src))
ROW(cuStreamGetAttribute, _ptsz, (CUstream hStream, CUstreamAttrID attr, CUstreamAttrValue *value_out),
    (hStream, attr, value_out))
ROW(cuStreamSetAttribute, _ptsz, (CUstream hStream, CUstreamAttrID attr, const CUstreamAttrValue *value),
    (hStream, attr, value))
ROW(cuStreamWaitValue32_v2, _ptsz, (CUstream stream, CUdeviceptr addr, cuuint32_t value, unsigned int flags),
    (stream, addr, value, flags))
ROW(cuStreamWaitValue64_v2, _ptsz, (CUstream stream, CUdeviceptr addr, cuuint64_t value, unsigned int flags),
    (stream, addr, value, flags))
ROW(cuStreamWriteValue32_v2, _ptsz, (CUstream stream, CUdeviceptr addr, cuuint32_t value, unsigned int flags),
    (stream, addr, value, flags))
ROW(cuStreamWriteValue64_v2, _ptsz, (CUstream stream, CUdeviceptr addr, cuuint64_t value, unsigned int flags),
    (stream, addr, value, flags))
ROW(cuStreamBatchMemOp_v2, _ptsz,
    (CUstream stream, unsigned int count, CUstreamBatchMemOpParams *paramArray, unsigned int flags),
    (stream, count, paramArray, flags))
ROW(cuEventRecord, _ptsz, (CUevent hEvent, CUstream hStream), (hEvent, hStream))
ROW(cuEventRecordWithFlags, _ptsz, (CUevent hEvent, CUstream hStream, unsigned int flags), (hEvent, hStream, flags))
ROW(cuLaunchKernel, _ptsz,
    (CUfunction f, unsigned int gridDimX, unsigned int gridDimY, unsigned int gridDimZ, unsigned int blockDimX,
     unsigned int blockDimY, unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream, void **kernelParams,
     void **extra),
    (f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams, extra))
ROW(cuLaunchKernelEx, _ptsz, (const CUlaunchConfig *config, CUfunction f, void **kernelParams, void **extra),
    (config, f, kernelParams, extra))
ROW(cuLaunchCooperativeKernel, _ptsz,
    (CUfunction f, unsigned int gridDimX, unsigned int gridDimY, unsigned int gridDimZ, unsigned int blockDimX,
     unsigned int blockDimY, unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream,
     void **kernelParams),
    (f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams))
ROW(cuSignalExternalSemaphoresAsync, _ptsz,
    (const CUexternalSemaphore *extSemArray, const CUDA_EXTERNAL_SEMAPHORE_SIGNAL_PARAMS *paramsArray, unsigned int numExtSems, CUstream hStream),
    (extSemArray, paramsArray, numExtSems, hStream))
ROW(cuWaitExternalSemaphoresAsync, _ptsz,
    (const CUexternalSemaphore *extSemArray, const CUDA_EXTERNAL_SEMAPHORE_WAIT_PARAMS *paramsArray, unsigned int numExtSems, CUstream hStream),
    (extSemArray, paramsArray, numExtSems, hStream))
ROW(cuLaunchHostFunc, _ptsz, (CUstream hStream, CUhostFn fn, void *userData), (hStream, fn, userData))
ROW(cuStreamBeginCapture_v2, _ptsz, (CUstream hStream, CUstreamCaptureMode mode), (hStream, mode))
ROW(cuStreamBeginCaptureToGraph, _ptsz,
    (CUstream hStream, CUgraph hGraph, const CUgraphNode *dependencies, const CUgraphEdgeData *dependencyData,
     size_t numDependencies, CUstreamCaptureMode mode),
    (hStream, hGraph, dependencies, dependencyData, numDependencies, mode))
ROW(cuStreamEndCapture, _ptsz, (CUstream hStream, CUgraph *phGraph), (hStream, phGraph))
ROW(cuStreamIsCapturing, _ptsz, (CUstream hStream, CUstreamCaptureStatus *captureStatus), (hStream, captureStatus))
ROW(cuStreamGetCaptureInfo_v2, _ptsz,
    (CUstream hStream, CUstreamCaptureStatus *captureStatus_out, cuuint64_t *id_out, CUgraph *graph_out,
     const CUgraphNode **dependencies_out, size_t *numDependencies_out),
    (hStream, captureStatus_out, id_out, graph_out, dependencies_out, numDependencies_out))
ROW(cuStreamUpdateCaptureDependencies, _ptsz,
    (CUstream hStream, CUgraphNode *dependencies, size_t numDependencies, unsigned int flags),
    (hStream, dependencies, numDependencies, flags))
ROW(cuStreamGetCaptureInfo_v3, _ptsz,
    (CUstream hStream, CUstreamCaptureStatus *captureStatus_out, cuuint64_t *id_out, CUgraph *graph_out,
     const CUgraphNode **dependencies_out, const CUgraphEdgeData **edgeData_out, size_t *numDependencies_out),
    (hStream, captureStatus_out, id_out, graph_out, dependencies_out, edgeData_out, numDependencies_out))
ROW(cuStreamUpdateCaptureDependencies_v2, _ptsz,
    (CUstream hStream, CUgraphNode *dependencies, const CUgraphEdgeData *edgeData, size_t numDependencies,
     unsigned int flags),
    (hStream, dependencies, edgeData, numDependencies, flags))
ROW(cuThreadExchangeStreamCaptureMode, _ptsz, (CUstreamCaptureMode * mode), (mode))
ROW(cuGraphInstantiateWithParams, _ptsz,
    (CUgraphExec * phGraphExec, CUgraph hGraph, CUDA_GRAPH_INSTANTIATE_PARAMS *instantiateParams),
    (phGraphExec, hGraph, instantiateParams))
ROW(cuGraphUpload, _ptsz, (CUgraphExec hGraphExec, CUstream hStream), (hGraphExec, hStream))
ROW(cuGraphLaunch, _ptsz, (CUgraphExec hGraphExec, CUstream hStream), (hGraphExec, hStream))
ROW(cuMemcpyBatchAsync, _ptsz, (CUdeviceptr *dsts, CUdeviceptr *srcs, size_t *sizes, size_t count, CUmemcpyAttributes
    *attrs, size_t *attrsIdxs, size_t numAttrs, size_t *failIdx, CUstream hStream), (dsts, srcs, sizes, count, attrs,
    attrsIdxs, numAttrs, failIdx, hStream))
ROW(cuMemcpy3DBatchAsync, _ptsz, (size_t numOps, CUDA_MEMCPY3D_BATCH_OP *opList, size_t *failIdx, unsigned long long
    flags, CUstream hStream), (numOps, opList, failIdx, flags, hStream))
ROW(cuGraphicsMapResources, _ptsz, (unsigned int count, CUgraphicsResource *resources, CUstream hStream), (count,
    resources, hStream))
ROW(cuGraphicsUnmapResources, _ptsz, (unsigned int count, CUgraphicsResource *resources, CUstream hStream), (count,
    resources, hStream))
