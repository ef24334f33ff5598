/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/api_green.h: green contexts: contexts whose kernels run on some of a device's multiprocessors (CUDA Driver API reference,
 * "Green Contexts"); and tensor maps, for which a device of compute capability 8.0 answers CUDA_ERROR_NOT_SUPPORTED.
 * Part of cuda.h.
 */
#ifndef CW_CUDA_DRIVER_API_GREEN_H
#define CW_CUDA_DRIVER_API_GREEN_H

CW_EXTERN_C_BEGIN

/* ---- Resources ---- */
CW_CUDA_API CUresult CUDAAPI cuDeviceGetDevResource(CUdevice device, CUdevResource *resource, CUdevResourceType type);
CW_CUDA_API CUresult CUDAAPI cuCtxGetDevResource(CUcontext hCtx, CUdevResource *resource, CUdevResourceType type);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxGetDevResource(CUgreenCtx hCtx, CUdevResource *resource, CUdevResourceType type);
CW_CUDA_API CUresult CUDAAPI cuDevSmResourceSplitByCount(CUdevResource *result, unsigned int *nbGroups,
                                                         const CUdevResource *input, CUdevResource *remaining,
                                                         unsigned int useFlags, unsigned int minCount);
CW_CUDA_API CUresult CUDAAPI cuDevResourceGenerateDesc(CUdevResourceDesc *phDesc, CUdevResource *resources,
                                                       unsigned int nbResources);

/* ---- Contexts ---- */
CW_CUDA_API CUresult CUDAAPI cuGreenCtxCreate(CUgreenCtx *phCtx, CUdevResourceDesc desc, CUdevice dev,
                                              unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxDestroy(CUgreenCtx hCtx);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxGetId(CUgreenCtx greenCtx, unsigned long long *greenCtxId);
CW_CUDA_API CUresult CUDAAPI cuCtxFromGreenCtx(CUcontext *pContext, CUgreenCtx hCtx);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxStreamCreate(CUstream *phStream, CUgreenCtx greenCtx, unsigned int flags,
                                                    int priority);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxRecordEvent(CUgreenCtx hCtx, CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuGreenCtxWaitEvent(CUgreenCtx hCtx, CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuCtxRecordEvent(CUcontext hCtx, CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuCtxWaitEvent(CUcontext hCtx, CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuStreamGetGreenCtx(CUstream hStream, CUgreenCtx *phCtx);
CW_CUDA_API CUresult CUDAAPI cuStreamGetCtx_v2(CUstream hStream, CUcontext *pCtx, CUgreenCtx *pGreenCtx);

/* ---- Tensor maps ---- */
CW_CUDA_API CUresult CUDAAPI cuTensorMapEncodeTiled(CUtensorMap *tensorMap, CUtensorMapDataType tensorDataType,
                                                    cuuint32_t tensorRank, void *globalAddress,
                                                    const cuuint64_t *globalDim, const cuuint64_t *globalStrides,
                                                    const cuuint32_t *boxDim, const cuuint32_t *elementStrides,
                                                    CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
                                                    CUtensorMapL2promotion l2Promotion,
                                                    CUtensorMapFloatOOBfill oobFill);
CW_CUDA_API CUresult CUDAAPI cuTensorMapEncodeIm2col(
    CUtensorMap *tensorMap, CUtensorMapDataType tensorDataType, cuuint32_t tensorRank, void *globalAddress,
    const cuuint64_t *globalDim, const cuuint64_t *globalStrides, const int *pixelBoxLowerCorner,
    const int *pixelBoxUpperCorner, cuuint32_t channelsPerPixel, cuuint32_t pixelsPerColumn,
    const cuuint32_t *elementStrides, CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
    CUtensorMapL2promotion l2Promotion, CUtensorMapFloatOOBfill oobFill);
CW_CUDA_API CUresult CUDAAPI cuTensorMapReplaceAddress(CUtensorMap *tensorMap, void *globalAddress);

CW_EXTERN_C_END

#endif
