/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused.c: functions of NVIDIA's runtime libraries that CUDA-WASM does not have, by name. A prebuilt program that mentions
 * one must still start (the dynamic linker resolves every name before main when a program was linked with -z now), and
 * be told by the function itself when it calls it.
 *
 * The functions have different parameters; none of them is looked at, which C's calling conventions allow.
 */
#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "runtime/thread.h"

#define REFUSE(name, what)                                                                                             \
    CW_API cudaError_t name(void);                                                                                     \
    cudaError_t name(void) {                                                                                           \
        return cw_rt_record(cw_rt_fail(cudaErrorNotSupported, #name " is not supported: " what));                      \
    }

#define EGL "CUDA-WASM shares nothing with EGL; copy through host memory"
REFUSE(cudaEGLStreamConsumerAcquireFrame, EGL)
REFUSE(cudaEGLStreamConsumerConnect, EGL)
REFUSE(cudaEGLStreamConsumerConnectWithFlags, EGL)
REFUSE(cudaEGLStreamConsumerDisconnect, EGL)
REFUSE(cudaEGLStreamConsumerReleaseFrame, EGL)
REFUSE(cudaEGLStreamProducerConnect, EGL)
REFUSE(cudaEGLStreamProducerDisconnect, EGL)
REFUSE(cudaEGLStreamProducerPresentFrame, EGL)
REFUSE(cudaEGLStreamProducerReturnFrame, EGL)
REFUSE(cudaEventCreateFromEGLSync, EGL)
REFUSE(cudaGraphicsEGLRegisterImage, EGL)
REFUSE(cudaGraphicsResourceGetMappedEglFrame, EGL)

#define VDPAU "CUDA-WASM shares nothing with VDPAU; copy through host memory"
REFUSE(cudaGraphicsVDPAURegisterOutputSurface, VDPAU)
REFUSE(cudaGraphicsVDPAURegisterVideoSurface, VDPAU)
REFUSE(cudaVDPAUGetDevice, VDPAU)
REFUSE(cudaVDPAUSetVDPAUDevice, VDPAU)

REFUSE(cudaGraphicsResourceGetMappedMipmappedArray, "CUDA-WASM maps no mipmaps of OpenGL's")
REFUSE(cudaDeviceGetNvSciSyncAttributes, "NvSciSync is a library for NVIDIA's own systems")
REFUSE(cudaProfilerInitialize, "CUDA 12 removed it; cudaProfilerStart and cudaProfilerStop remain")
REFUSE(cudaGetExportTable, "NVIDIA does not document what its export tables hold")

#define NEW "it came with CUDA 13, and CUDA-WASM follows CUDA 12.9"
REFUSE(cudaDevResourceGenerateDesc, NEW)
REFUSE(cudaDevSmResourceSplit, NEW)
REFUSE(cudaDevSmResourceSplitByCount, NEW)
REFUSE(cudaDeviceGetDevResource, NEW)
REFUSE(cudaDeviceGetExecutionCtx, NEW)
REFUSE(cudaDeviceGetHostAtomicCapabilities, NEW)
REFUSE(cudaDeviceGetP2PAtomicCapabilities, NEW)
REFUSE(cudaExecutionCtxDestroy, NEW)
REFUSE(cudaExecutionCtxGetDevResource, NEW)
REFUSE(cudaExecutionCtxGetDevice, NEW)
REFUSE(cudaExecutionCtxGetId, NEW)
REFUSE(cudaExecutionCtxRecordEvent, NEW)
REFUSE(cudaExecutionCtxStreamCreate, NEW)
REFUSE(cudaExecutionCtxSynchronize, NEW)
REFUSE(cudaExecutionCtxWaitEvent, NEW)
REFUSE(cudaFuncGetParamCount, NEW)
REFUSE(cudaGraphConditionalHandleCreate_v2, NEW)
REFUSE(cudaGraphExecGetId, NEW)
REFUSE(cudaGraphGetId, NEW)
REFUSE(cudaGraphNodeGetContainingGraph, NEW)
REFUSE(cudaGraphNodeGetLocalId, NEW)
REFUSE(cudaGraphNodeGetParams, NEW)
REFUSE(cudaGraphNodeGetToolsId, NEW)
REFUSE(cudaGreenCtxCreate, NEW)
REFUSE(cudaLaunchHostFunc_v2, NEW)
REFUSE(cudaLaunchHostFunc_v2_ptsz, NEW)
REFUSE(cudaLogsCurrent, NEW)
REFUSE(cudaLogsDumpToFile, NEW)
REFUSE(cudaLogsDumpToMemory, NEW)
REFUSE(cudaLogsRegisterCallback, NEW)
REFUSE(cudaLogsUnregisterCallback, NEW)
REFUSE(cudaMemDiscardAndPrefetchBatchAsync, NEW)
REFUSE(cudaMemDiscardAndPrefetchBatchAsync_ptsz, NEW)
REFUSE(cudaMemDiscardBatchAsync, NEW)
REFUSE(cudaMemDiscardBatchAsync_ptsz, NEW)
REFUSE(cudaMemGetDefaultMemPool, NEW)
REFUSE(cudaMemGetLocationInfo, NEW)
REFUSE(cudaMemGetMemPool, NEW)
REFUSE(cudaMemPrefetchBatchAsync, NEW)
REFUSE(cudaMemPrefetchBatchAsync_ptsz, NEW)
REFUSE(cudaMemSetMemPool, NEW)
REFUSE(cudaMemcpy3DWithAttributesAsync, NEW)
REFUSE(cudaMemcpy3DWithAttributesAsync_ptsz, NEW)
REFUSE(cudaMemcpyWithAttributesAsync, NEW)
REFUSE(cudaMemcpyWithAttributesAsync_ptsz, NEW)
REFUSE(cudaStreamBeginRecaptureToGraph, NEW)
REFUSE(cudaStreamBeginRecaptureToGraph_ptsz, NEW)
REFUSE(cudaStreamGetDevResource, NEW)
REFUSE(cudaStreamGetDevResource_ptsz, NEW)
REFUSE(cudaSubgridCreate, NEW)
REFUSE(cudaSubgridWorkerGridCreate, NEW)
REFUSE(cudaSubgridWorksetCreate, NEW)
