/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused.c: functions of the driver API that CUDA-WASM does not have, by name. They are for prebuilt programs alone: one that
 * mentions such a function must still start, and be told when it calls it. cuda.h does not declare them, and
 * cuGetProcAddress does not find them, so that programs which ask first go another way.
 *
 * The functions have different parameters; none of them is looked at, which C's calling conventions allow.
 */
#include "runtime/driver/driver.h"

#define REFUSE(name, what)                                                                                             \
    CW_CUDA_API CUresult name(void);                                                                                   \
    CUresult name(void) {                                                                                              \
        return CW_DRIVER_ALWAYS(cw_rt_fail(cudaErrorNotSupported, #name " is not supported: " what));                  \
    }

#define GRAPHICS "CUDA-WASM maps no mipmaps of OpenGL's"
REFUSE(cuGraphicsResourceGetMappedMipmappedArray, GRAPHICS)

#define EXTERNAL "images and semaphores of graphics APIs can't be imported; buffers can, by cuImportExternalMemory"
REFUSE(cuDeviceGetNvSciSyncAttributes, EXTERNAL)
REFUSE(cuExternalMemoryGetMappedMipmappedArray, EXTERNAL)
REFUSE(cuGraphAddExternalSemaphoresSignalNode, EXTERNAL)
REFUSE(cuGraphAddExternalSemaphoresWaitNode, EXTERNAL)
REFUSE(cuGraphExecExternalSemaphoresSignalNodeSetParams, EXTERNAL)
REFUSE(cuGraphExecExternalSemaphoresWaitNodeSetParams, EXTERNAL)
REFUSE(cuGraphExternalSemaphoresSignalNodeGetParams, EXTERNAL)
REFUSE(cuGraphExternalSemaphoresSignalNodeSetParams, EXTERNAL)
REFUSE(cuGraphExternalSemaphoresWaitNodeGetParams, EXTERNAL)
REFUSE(cuGraphExternalSemaphoresWaitNodeSetParams, EXTERNAL)

#define PARTS "it came with CUDA 13; cuDevSmResourceSplitByCount and cuCtxGetDevResource are CUDA 12's"
REFUSE(cuDevSmResourceSplit, PARTS)
REFUSE(cuStreamGetDevResource, PARTS)

#define SPECIAL "it serves special hardware of NVIDIA's, which no device here has"
REFUSE(cuDeviceGetCliqueCount, SPECIAL)
REFUSE(cuDeviceGetCliqueInfo, SPECIAL)
REFUSE(cuDeviceGetFabricClusterUuid, SPECIAL)
REFUSE(cuFabricCpyBatchAsync, SPECIAL)
REFUSE(cuFlushGPUDirectRDMAWrites, SPECIAL)
REFUSE(cuLogicalEndpointAddDevice, SPECIAL)
REFUSE(cuLogicalEndpointBindAddr, SPECIAL)
REFUSE(cuLogicalEndpointBindMem, SPECIAL)
REFUSE(cuLogicalEndpointCreate, SPECIAL)
REFUSE(cuLogicalEndpointDestroy, SPECIAL)
REFUSE(cuLogicalEndpointExport, SPECIAL)
REFUSE(cuLogicalEndpointGetLimits, SPECIAL)
REFUSE(cuLogicalEndpointIdRelease, SPECIAL)
REFUSE(cuLogicalEndpointIdReserve, SPECIAL)
REFUSE(cuLogicalEndpointImport, SPECIAL)
REFUSE(cuLogicalEndpointQuery, SPECIAL)
REFUSE(cuLogicalEndpointUnbind, SPECIAL)
REFUSE(cuMemBatchDecompressAsync, SPECIAL)
REFUSE(cuMemGetHandleForAddressRange, SPECIAL)
REFUSE(cuMemMapArrayAsync, SPECIAL)
REFUSE(cuMulticastBindAddr_v2, SPECIAL)
REFUSE(cuMulticastBindMem_v2, SPECIAL)
REFUSE(cuTensorMapEncodeIm2colWide, SPECIAL)
REFUSE(cuTensorMapSetAllocationClass, SPECIAL)

#define PROCESS "CUDA-WASM has no checkpoints, core dumps, logs and notifications of the driver's"
REFUSE(cuCheckpointOperationComplete, PROCESS)
REFUSE(cuCheckpointProcessCheckpoint, PROCESS)
REFUSE(cuCheckpointProcessGetRestoreThreadId, PROCESS)
REFUSE(cuCheckpointProcessGetState, PROCESS)
REFUSE(cuCheckpointProcessLock, PROCESS)
REFUSE(cuCheckpointProcessRestore, PROCESS)
REFUSE(cuCheckpointProcessUnlock, PROCESS)
REFUSE(cuCoredumpDeregisterCompleteCallback, PROCESS)
REFUSE(cuCoredumpDeregisterStartCallback, PROCESS)
REFUSE(cuCoredumpGetAttribute, PROCESS)
REFUSE(cuCoredumpGetAttributeGlobal, PROCESS)
REFUSE(cuCoredumpRegisterCompleteCallback, PROCESS)
REFUSE(cuCoredumpRegisterStartCallback, PROCESS)
REFUSE(cuCoredumpSetAttribute, PROCESS)
REFUSE(cuCoredumpSetAttributeGlobal, PROCESS)
REFUSE(cuDeviceRegisterAsyncNotification, PROCESS)
REFUSE(cuDeviceUnregisterAsyncNotification, PROCESS)
REFUSE(cuLogsCurrent, PROCESS)
REFUSE(cuLogsDumpToFile, PROCESS)
REFUSE(cuLogsDumpToMemory, PROCESS)
REFUSE(cuLogsRegisterCallback, PROCESS)
REFUSE(cuLogsUnregisterCallback, PROCESS)

#define NEW "it came with CUDA 13, and CUDA-WASM follows CUDA 12.9"
REFUSE(cuCtxGetDevice_v2, NEW)
REFUSE(cuCtxSynchronize_v2, NEW)
REFUSE(cuDeviceGetHostAtomicCapabilities, NEW)
REFUSE(cuDeviceGetP2PAtomicCapabilities, NEW)
REFUSE(cuFuncGetParamCount, NEW)
REFUSE(cuGraphAddNode_v3, NEW)
REFUSE(cuGraphExecGetId, NEW)
REFUSE(cuGraphGetId, NEW)
REFUSE(cuGraphNodeGetContainingGraph, NEW)
REFUSE(cuGraphNodeGetLocalId, NEW)
REFUSE(cuGraphNodeGetParams, NEW)
REFUSE(cuGraphNodeGetToolsId, NEW)
REFUSE(cuGraphNodeSetParams_v2, NEW)
REFUSE(cuKernelGetParamCount, NEW)
REFUSE(cuLaunchHostFunc_v2, NEW)
REFUSE(cuMemDiscardAndPrefetchBatchAsync, NEW)
REFUSE(cuMemDiscardBatchAsync, NEW)
REFUSE(cuMemGetDefaultMemPool, NEW)
REFUSE(cuMemGetLocationInfo, NEW)
REFUSE(cuMemGetMemPool, NEW)
REFUSE(cuMemPrefetchBatchAsync, NEW)
REFUSE(cuMemSetMemPool, NEW)
REFUSE(cuMemcpy3DBatchAsync_v2, NEW)
REFUSE(cuMemcpy3DWithAttributesAsync, NEW)
REFUSE(cuMemcpyBatchAsync_v2, NEW)
REFUSE(cuMemcpyWithAttributesAsync, NEW)
REFUSE(cuStreamBeginCaptureToCig, NEW)
REFUSE(cuStreamBeginRecaptureToGraph, NEW)
REFUSE(cuStreamEndCaptureToCig, NEW)
