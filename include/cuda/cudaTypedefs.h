/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cudaTypedefs.h: the types of pointers to the driver API's functions, for cuGetProcAddress: PFN_NAME_vVERSION for the form
 * that came with that version of CUDA, PFN_NAME for the one that programs get by name (CUDA Driver API reference, "Driver
 * Entry Point Access").
 */
#ifndef CUDATYPEDEFS_H
#define CUDATYPEDEFS_H

#include <cuda.h>

/* The type of the function as cuda.h declares it; those that C++ overloads are written out. */
#define CW_TYPEDEF(name, type) typedef __typeof__(name) *type

CW_TYPEDEF(cuArray3DCreate, PFN_cuArray3DCreate_v3020);
CW_TYPEDEF(cuArray3DGetDescriptor, PFN_cuArray3DGetDescriptor_v3020);
CW_TYPEDEF(cuArrayCreate, PFN_cuArrayCreate_v3020);
CW_TYPEDEF(cuArrayDestroy, PFN_cuArrayDestroy_v2000);
CW_TYPEDEF(cuArrayGetDescriptor, PFN_cuArrayGetDescriptor_v3020);
CW_TYPEDEF(cuArrayGetMemoryRequirements, PFN_cuArrayGetMemoryRequirements_v11060);
CW_TYPEDEF(cuArrayGetPlane, PFN_cuArrayGetPlane_v11020);
CW_TYPEDEF(cuArrayGetSparseProperties, PFN_cuArrayGetSparseProperties_v11010);
CW_TYPEDEF(cuCtxAttach, PFN_cuCtxAttach_v2000);
typedef CUresult(CUDAAPI *PFN_cuCtxCreate_v3020)(CUcontext *pctx, unsigned int flags, CUdevice dev);
CW_TYPEDEF(cuCtxCreate_v3, PFN_cuCtxCreate_v11040);
CW_TYPEDEF(cuCtxCreate_v4, PFN_cuCtxCreate_v12050);
CW_TYPEDEF(cuCtxDestroy, PFN_cuCtxDestroy_v4000);
CW_TYPEDEF(cuCtxDetach, PFN_cuCtxDetach_v2000);
CW_TYPEDEF(cuCtxDisablePeerAccess, PFN_cuCtxDisablePeerAccess_v4000);
CW_TYPEDEF(cuCtxEnablePeerAccess, PFN_cuCtxEnablePeerAccess_v4000);
CW_TYPEDEF(cuCtxFromGreenCtx, PFN_cuCtxFromGreenCtx_v12040);
CW_TYPEDEF(cuCtxGetApiVersion, PFN_cuCtxGetApiVersion_v3020);
CW_TYPEDEF(cuCtxGetCacheConfig, PFN_cuCtxGetCacheConfig_v3020);
CW_TYPEDEF(cuCtxGetCurrent, PFN_cuCtxGetCurrent_v4000);
CW_TYPEDEF(cuCtxGetDevResource, PFN_cuCtxGetDevResource_v12040);
CW_TYPEDEF(cuCtxGetDevice, PFN_cuCtxGetDevice_v2000);
CW_TYPEDEF(cuCtxGetExecAffinity, PFN_cuCtxGetExecAffinity_v11040);
CW_TYPEDEF(cuCtxGetFlags, PFN_cuCtxGetFlags_v7000);
CW_TYPEDEF(cuCtxGetId, PFN_cuCtxGetId_v12000);
CW_TYPEDEF(cuCtxGetLimit, PFN_cuCtxGetLimit_v3010);
CW_TYPEDEF(cuCtxGetSharedMemConfig, PFN_cuCtxGetSharedMemConfig_v4020);
CW_TYPEDEF(cuCtxGetStreamPriorityRange, PFN_cuCtxGetStreamPriorityRange_v5050);
CW_TYPEDEF(cuCtxPopCurrent, PFN_cuCtxPopCurrent_v4000);
CW_TYPEDEF(cuCtxPushCurrent, PFN_cuCtxPushCurrent_v4000);
CW_TYPEDEF(cuCtxRecordEvent, PFN_cuCtxRecordEvent_v12050);
CW_TYPEDEF(cuCtxResetPersistingL2Cache, PFN_cuCtxResetPersistingL2Cache_v11000);
CW_TYPEDEF(cuCtxSetCacheConfig, PFN_cuCtxSetCacheConfig_v3020);
CW_TYPEDEF(cuCtxSetCurrent, PFN_cuCtxSetCurrent_v4000);
CW_TYPEDEF(cuCtxSetFlags, PFN_cuCtxSetFlags_v12010);
CW_TYPEDEF(cuCtxSetLimit, PFN_cuCtxSetLimit_v3010);
CW_TYPEDEF(cuCtxSetSharedMemConfig, PFN_cuCtxSetSharedMemConfig_v4020);
CW_TYPEDEF(cuCtxSynchronize, PFN_cuCtxSynchronize_v2000);
CW_TYPEDEF(cuCtxWaitEvent, PFN_cuCtxWaitEvent_v12050);
CW_TYPEDEF(cuDestroyExternalMemory, PFN_cuDestroyExternalMemory_v10000);
CW_TYPEDEF(cuDestroyExternalSemaphore, PFN_cuDestroyExternalSemaphore_v10000);
CW_TYPEDEF(cuDevResourceGenerateDesc, PFN_cuDevResourceGenerateDesc_v12040);
CW_TYPEDEF(cuDevSmResourceSplitByCount, PFN_cuDevSmResourceSplitByCount_v12040);
CW_TYPEDEF(cuDeviceCanAccessPeer, PFN_cuDeviceCanAccessPeer_v4000);
CW_TYPEDEF(cuDeviceComputeCapability, PFN_cuDeviceComputeCapability_v2000);
CW_TYPEDEF(cuDeviceGet, PFN_cuDeviceGet_v2000);
CW_TYPEDEF(cuDeviceGetAttribute, PFN_cuDeviceGetAttribute_v2000);
CW_TYPEDEF(cuDeviceGetByPCIBusId, PFN_cuDeviceGetByPCIBusId_v4010);
CW_TYPEDEF(cuDeviceGetCount, PFN_cuDeviceGetCount_v2000);
CW_TYPEDEF(cuDeviceGetDefaultMemPool, PFN_cuDeviceGetDefaultMemPool_v11020);
CW_TYPEDEF(cuDeviceGetDevResource, PFN_cuDeviceGetDevResource_v12040);
CW_TYPEDEF(cuDeviceGetExecAffinitySupport, PFN_cuDeviceGetExecAffinitySupport_v11040);
CW_TYPEDEF(cuDeviceGetGraphMemAttribute, PFN_cuDeviceGetGraphMemAttribute_v2000);
CW_TYPEDEF(cuDeviceGetLuid, PFN_cuDeviceGetLuid_v10000);
CW_TYPEDEF(cuDeviceGetMemPool, PFN_cuDeviceGetMemPool_v11020);
CW_TYPEDEF(cuDeviceGetName, PFN_cuDeviceGetName_v2000);
CW_TYPEDEF(cuDeviceGetP2PAttribute, PFN_cuDeviceGetP2PAttribute_v8000);
CW_TYPEDEF(cuDeviceGetPCIBusId, PFN_cuDeviceGetPCIBusId_v4010);
CW_TYPEDEF(cuDeviceGetProperties, PFN_cuDeviceGetProperties_v2000);
CW_TYPEDEF(cuDeviceGetTexture1DLinearMaxWidth, PFN_cuDeviceGetTexture1DLinearMaxWidth_v11010);
CW_TYPEDEF(cuDeviceGetUuid, PFN_cuDeviceGetUuid_v11040);
CW_TYPEDEF(cuDeviceGraphMemTrim, PFN_cuDeviceGraphMemTrim_v2000);
CW_TYPEDEF(cuDevicePrimaryCtxGetState, PFN_cuDevicePrimaryCtxGetState_v7000);
CW_TYPEDEF(cuDevicePrimaryCtxRelease, PFN_cuDevicePrimaryCtxRelease_v11000);
CW_TYPEDEF(cuDevicePrimaryCtxReset, PFN_cuDevicePrimaryCtxReset_v11000);
CW_TYPEDEF(cuDevicePrimaryCtxRetain, PFN_cuDevicePrimaryCtxRetain_v7000);
CW_TYPEDEF(cuDevicePrimaryCtxSetFlags, PFN_cuDevicePrimaryCtxSetFlags_v11000);
CW_TYPEDEF(cuDeviceSetGraphMemAttribute, PFN_cuDeviceSetGraphMemAttribute_v2000);
CW_TYPEDEF(cuDeviceSetMemPool, PFN_cuDeviceSetMemPool_v11020);
CW_TYPEDEF(cuDeviceTotalMem, PFN_cuDeviceTotalMem_v3020);
CW_TYPEDEF(cuDriverGetVersion, PFN_cuDriverGetVersion_v2020);
CW_TYPEDEF(cuEventCreate, PFN_cuEventCreate_v2000);
CW_TYPEDEF(cuEventDestroy, PFN_cuEventDestroy_v4000);
CW_TYPEDEF(cuEventElapsedTime, PFN_cuEventElapsedTime_v2000);
CW_TYPEDEF(cuEventQuery, PFN_cuEventQuery_v2000);
CW_TYPEDEF(cuEventRecord, PFN_cuEventRecord_v2000);
CW_TYPEDEF(cuEventRecord, PFN_cuEventRecord_v7000_ptsz);
CW_TYPEDEF(cuEventRecordWithFlags, PFN_cuEventRecordWithFlags_v11010);
CW_TYPEDEF(cuEventRecordWithFlags, PFN_cuEventRecordWithFlags_v11010_ptsz);
CW_TYPEDEF(cuEventSynchronize, PFN_cuEventSynchronize_v2000);
CW_TYPEDEF(cuExternalMemoryGetMappedBuffer, PFN_cuExternalMemoryGetMappedBuffer_v10000);
CW_TYPEDEF(cuFuncGetAttribute, PFN_cuFuncGetAttribute_v2020);
CW_TYPEDEF(cuFuncGetModule, PFN_cuFuncGetModule_v11000);
CW_TYPEDEF(cuFuncGetName, PFN_cuFuncGetName_v12030);
CW_TYPEDEF(cuFuncGetParamInfo, PFN_cuFuncGetParamInfo_v12040);
CW_TYPEDEF(cuFuncIsLoaded, PFN_cuFuncIsLoaded_v12040);
CW_TYPEDEF(cuFuncLoad, PFN_cuFuncLoad_v12040);
CW_TYPEDEF(cuFuncSetAttribute, PFN_cuFuncSetAttribute_v9000);
CW_TYPEDEF(cuFuncSetBlockShape, PFN_cuFuncSetBlockShape_v2000);
CW_TYPEDEF(cuFuncSetCacheConfig, PFN_cuFuncSetCacheConfig_v3000);
CW_TYPEDEF(cuFuncSetSharedMemConfig, PFN_cuFuncSetSharedMemConfig_v4020);
CW_TYPEDEF(cuFuncSetSharedSize, PFN_cuFuncSetSharedSize_v2000);
CW_TYPEDEF(cuGetErrorName, PFN_cuGetErrorName_v6000);
CW_TYPEDEF(cuGetErrorString, PFN_cuGetErrorString_v6000);
CW_TYPEDEF(cuGetExportTable, PFN_cuGetExportTable_v3000);
CW_TYPEDEF(cuGetProcAddress, PFN_cuGetProcAddress_v12000);
CW_TYPEDEF(cuGraphAddBatchMemOpNode, PFN_cuGraphAddBatchMemOpNode_v11070);
CW_TYPEDEF(cuGraphAddChildGraphNode, PFN_cuGraphAddChildGraphNode_v10000);
typedef CUresult(CUDAAPI *PFN_cuGraphAddDependencies_v10000)(CUgraph hGraph, const CUgraphNode *from,
                                                             const CUgraphNode *to, size_t numDependencies);
CW_TYPEDEF(cuGraphAddDependencies_v2, PFN_cuGraphAddDependencies_v12030);
CW_TYPEDEF(cuGraphAddEmptyNode, PFN_cuGraphAddEmptyNode_v10000);
CW_TYPEDEF(cuGraphAddEventRecordNode, PFN_cuGraphAddEventRecordNode_v10000);
CW_TYPEDEF(cuGraphAddEventWaitNode, PFN_cuGraphAddEventWaitNode_v10000);
CW_TYPEDEF(cuGraphAddHostNode, PFN_cuGraphAddHostNode_v10000);
CW_TYPEDEF(cuGraphAddKernelNode, PFN_cuGraphAddKernelNode_v12000);
CW_TYPEDEF(cuGraphAddMemAllocNode, PFN_cuGraphAddMemAllocNode_v10000);
CW_TYPEDEF(cuGraphAddMemFreeNode, PFN_cuGraphAddMemFreeNode_v10000);
CW_TYPEDEF(cuGraphAddMemcpyNode, PFN_cuGraphAddMemcpyNode_v10000);
CW_TYPEDEF(cuGraphAddMemsetNode, PFN_cuGraphAddMemsetNode_v10000);
typedef CUresult(CUDAAPI *PFN_cuGraphAddNode_v10000)(CUgraphNode *phGraphNode, CUgraph hGraph,
                                                     const CUgraphNode *dependencies, size_t numDependencies,
                                                     CUgraphNodeParams *nodeParams);
CW_TYPEDEF(cuGraphAddNode_v2, PFN_cuGraphAddNode_v12030);
CW_TYPEDEF(cuGraphBatchMemOpNodeGetParams, PFN_cuGraphBatchMemOpNodeGetParams_v11070);
CW_TYPEDEF(cuGraphBatchMemOpNodeSetParams, PFN_cuGraphBatchMemOpNodeSetParams_v11070);
CW_TYPEDEF(cuGraphChildGraphNodeGetGraph, PFN_cuGraphChildGraphNodeGetGraph_v10000);
CW_TYPEDEF(cuGraphClone, PFN_cuGraphClone_v10000);
CW_TYPEDEF(cuGraphConditionalHandleCreate, PFN_cuGraphConditionalHandleCreate_v10000);
CW_TYPEDEF(cuGraphCreate, PFN_cuGraphCreate_v10000);
CW_TYPEDEF(cuGraphDebugDotPrint, PFN_cuGraphDebugDotPrint_v10000);
CW_TYPEDEF(cuGraphDestroy, PFN_cuGraphDestroy_v10000);
CW_TYPEDEF(cuGraphDestroyNode, PFN_cuGraphDestroyNode_v10000);
CW_TYPEDEF(cuGraphEventRecordNodeGetEvent, PFN_cuGraphEventRecordNodeGetEvent_v10000);
CW_TYPEDEF(cuGraphEventRecordNodeSetEvent, PFN_cuGraphEventRecordNodeSetEvent_v10000);
CW_TYPEDEF(cuGraphEventWaitNodeGetEvent, PFN_cuGraphEventWaitNodeGetEvent_v10000);
CW_TYPEDEF(cuGraphEventWaitNodeSetEvent, PFN_cuGraphEventWaitNodeSetEvent_v10000);
CW_TYPEDEF(cuGraphExecBatchMemOpNodeSetParams, PFN_cuGraphExecBatchMemOpNodeSetParams_v11070);
CW_TYPEDEF(cuGraphExecChildGraphNodeSetParams, PFN_cuGraphExecChildGraphNodeSetParams_v10000);
CW_TYPEDEF(cuGraphExecDestroy, PFN_cuGraphExecDestroy_v10000);
CW_TYPEDEF(cuGraphExecEventRecordNodeSetEvent, PFN_cuGraphExecEventRecordNodeSetEvent_v10000);
CW_TYPEDEF(cuGraphExecEventWaitNodeSetEvent, PFN_cuGraphExecEventWaitNodeSetEvent_v10000);
CW_TYPEDEF(cuGraphExecGetFlags, PFN_cuGraphExecGetFlags_v10000);
CW_TYPEDEF(cuGraphExecHostNodeSetParams, PFN_cuGraphExecHostNodeSetParams_v10000);
CW_TYPEDEF(cuGraphExecKernelNodeSetParams, PFN_cuGraphExecKernelNodeSetParams_v12000);
CW_TYPEDEF(cuGraphExecMemcpyNodeSetParams, PFN_cuGraphExecMemcpyNodeSetParams_v10000);
CW_TYPEDEF(cuGraphExecMemsetNodeSetParams, PFN_cuGraphExecMemsetNodeSetParams_v10000);
CW_TYPEDEF(cuGraphExecNodeSetParams, PFN_cuGraphExecNodeSetParams_v10000);
CW_TYPEDEF(cuGraphExecUpdate, PFN_cuGraphExecUpdate_v12000);
typedef CUresult(CUDAAPI *PFN_cuGraphGetEdges_v10000)(CUgraph hGraph, CUgraphNode *from, CUgraphNode *to,
                                                      size_t *numEdges);
CW_TYPEDEF(cuGraphGetEdges_v2, PFN_cuGraphGetEdges_v12030);
CW_TYPEDEF(cuGraphGetNodes, PFN_cuGraphGetNodes_v10000);
CW_TYPEDEF(cuGraphGetRootNodes, PFN_cuGraphGetRootNodes_v10000);
CW_TYPEDEF(cuGraphHostNodeGetParams, PFN_cuGraphHostNodeGetParams_v10000);
CW_TYPEDEF(cuGraphHostNodeSetParams, PFN_cuGraphHostNodeSetParams_v10000);
CW_TYPEDEF(cuGraphInstantiateWithFlags, PFN_cuGraphInstantiateWithFlags_v10000);
CW_TYPEDEF(cuGraphInstantiateWithParams, PFN_cuGraphInstantiateWithParams_v10000);
CW_TYPEDEF(cuGraphInstantiateWithParams, PFN_cuGraphInstantiateWithParams_v10000_ptsz);
CW_TYPEDEF(cuGraphKernelNodeCopyAttributes, PFN_cuGraphKernelNodeCopyAttributes_v10000);
CW_TYPEDEF(cuGraphKernelNodeGetAttribute, PFN_cuGraphKernelNodeGetAttribute_v10000);
CW_TYPEDEF(cuGraphKernelNodeGetParams, PFN_cuGraphKernelNodeGetParams_v12000);
CW_TYPEDEF(cuGraphKernelNodeSetAttribute, PFN_cuGraphKernelNodeSetAttribute_v10000);
CW_TYPEDEF(cuGraphKernelNodeSetParams, PFN_cuGraphKernelNodeSetParams_v12000);
CW_TYPEDEF(cuGraphLaunch, PFN_cuGraphLaunch_v10000);
CW_TYPEDEF(cuGraphLaunch, PFN_cuGraphLaunch_v10000_ptsz);
CW_TYPEDEF(cuGraphMemAllocNodeGetParams, PFN_cuGraphMemAllocNodeGetParams_v10000);
CW_TYPEDEF(cuGraphMemFreeNodeGetParams, PFN_cuGraphMemFreeNodeGetParams_v10000);
CW_TYPEDEF(cuGraphMemcpyNodeGetParams, PFN_cuGraphMemcpyNodeGetParams_v10000);
CW_TYPEDEF(cuGraphMemcpyNodeSetParams, PFN_cuGraphMemcpyNodeSetParams_v10000);
CW_TYPEDEF(cuGraphMemsetNodeGetParams, PFN_cuGraphMemsetNodeGetParams_v10000);
CW_TYPEDEF(cuGraphMemsetNodeSetParams, PFN_cuGraphMemsetNodeSetParams_v10000);
CW_TYPEDEF(cuGraphNodeFindInClone, PFN_cuGraphNodeFindInClone_v10000);
typedef CUresult(CUDAAPI *PFN_cuGraphNodeGetDependencies_v10000)(CUgraphNode hNode, CUgraphNode *dependencies,
                                                                 size_t *numDependencies);
CW_TYPEDEF(cuGraphNodeGetDependencies_v2, PFN_cuGraphNodeGetDependencies_v12030);
typedef CUresult(CUDAAPI *PFN_cuGraphNodeGetDependentNodes_v10000)(CUgraphNode hNode, CUgraphNode *dependentNodes,
                                                                   size_t *numDependentNodes);
CW_TYPEDEF(cuGraphNodeGetDependentNodes_v2, PFN_cuGraphNodeGetDependentNodes_v12030);
CW_TYPEDEF(cuGraphNodeGetEnabled, PFN_cuGraphNodeGetEnabled_v10000);
CW_TYPEDEF(cuGraphNodeGetType, PFN_cuGraphNodeGetType_v10000);
CW_TYPEDEF(cuGraphNodeSetEnabled, PFN_cuGraphNodeSetEnabled_v10000);
CW_TYPEDEF(cuGraphNodeSetParams, PFN_cuGraphNodeSetParams_v10000);
CW_TYPEDEF(cuGraphReleaseUserObject, PFN_cuGraphReleaseUserObject_v10000);
typedef CUresult(CUDAAPI *PFN_cuGraphRemoveDependencies_v10000)(CUgraph hGraph, const CUgraphNode *from,
                                                                const CUgraphNode *to, size_t numDependencies);
CW_TYPEDEF(cuGraphRemoveDependencies_v2, PFN_cuGraphRemoveDependencies_v12030);
CW_TYPEDEF(cuGraphRetainUserObject, PFN_cuGraphRetainUserObject_v10000);
CW_TYPEDEF(cuGraphUpload, PFN_cuGraphUpload_v10000);
CW_TYPEDEF(cuGraphUpload, PFN_cuGraphUpload_v10000_ptsz);
CW_TYPEDEF(cuGraphicsMapResources, PFN_cuGraphicsMapResources_v3000);
CW_TYPEDEF(cuGraphicsMapResources, PFN_cuGraphicsMapResources_v3000_ptsz);
CW_TYPEDEF(cuGraphicsResourceGetMappedPointer, PFN_cuGraphicsResourceGetMappedPointer_v3020);
CW_TYPEDEF(cuGraphicsResourceSetMapFlags, PFN_cuGraphicsResourceSetMapFlags_v6050);
CW_TYPEDEF(cuGraphicsSubResourceGetMappedArray, PFN_cuGraphicsSubResourceGetMappedArray_v3000);
CW_TYPEDEF(cuGraphicsUnmapResources, PFN_cuGraphicsUnmapResources_v3000);
CW_TYPEDEF(cuGraphicsUnmapResources, PFN_cuGraphicsUnmapResources_v3000_ptsz);
CW_TYPEDEF(cuGraphicsUnregisterResource, PFN_cuGraphicsUnregisterResource_v3000);
CW_TYPEDEF(cuGreenCtxCreate, PFN_cuGreenCtxCreate_v12040);
CW_TYPEDEF(cuGreenCtxDestroy, PFN_cuGreenCtxDestroy_v12040);
CW_TYPEDEF(cuGreenCtxGetDevResource, PFN_cuGreenCtxGetDevResource_v12040);
CW_TYPEDEF(cuGreenCtxGetId, PFN_cuGreenCtxGetId_v12090);
CW_TYPEDEF(cuGreenCtxRecordEvent, PFN_cuGreenCtxRecordEvent_v12040);
CW_TYPEDEF(cuGreenCtxStreamCreate, PFN_cuGreenCtxStreamCreate_v12050);
CW_TYPEDEF(cuGreenCtxWaitEvent, PFN_cuGreenCtxWaitEvent_v12040);
CW_TYPEDEF(cuImportExternalMemory, PFN_cuImportExternalMemory_v10000);
CW_TYPEDEF(cuImportExternalSemaphore, PFN_cuImportExternalSemaphore_v10000);
CW_TYPEDEF(cuInit, PFN_cuInit_v2000);
CW_TYPEDEF(cuIpcCloseMemHandle, PFN_cuIpcCloseMemHandle_v4010);
CW_TYPEDEF(cuIpcGetEventHandle, PFN_cuIpcGetEventHandle_v4010);
CW_TYPEDEF(cuIpcGetMemHandle, PFN_cuIpcGetMemHandle_v4010);
CW_TYPEDEF(cuIpcOpenEventHandle, PFN_cuIpcOpenEventHandle_v4010);
CW_TYPEDEF(cuIpcOpenMemHandle, PFN_cuIpcOpenMemHandle_v11000);
CW_TYPEDEF(cuKernelGetAttribute, PFN_cuKernelGetAttribute_v12000);
CW_TYPEDEF(cuKernelGetFunction, PFN_cuKernelGetFunction_v12000);
CW_TYPEDEF(cuKernelGetLibrary, PFN_cuKernelGetLibrary_v12050);
CW_TYPEDEF(cuKernelGetName, PFN_cuKernelGetName_v12030);
CW_TYPEDEF(cuKernelGetParamInfo, PFN_cuKernelGetParamInfo_v12040);
CW_TYPEDEF(cuKernelSetAttribute, PFN_cuKernelSetAttribute_v12000);
CW_TYPEDEF(cuKernelSetCacheConfig, PFN_cuKernelSetCacheConfig_v12000);
CW_TYPEDEF(cuLaunch, PFN_cuLaunch_v2000);
CW_TYPEDEF(cuLaunchCooperativeKernel, PFN_cuLaunchCooperativeKernel_v9000);
CW_TYPEDEF(cuLaunchCooperativeKernel, PFN_cuLaunchCooperativeKernel_v9000_ptsz);
CW_TYPEDEF(cuLaunchCooperativeKernelMultiDevice, PFN_cuLaunchCooperativeKernelMultiDevice_v9000);
CW_TYPEDEF(cuLaunchGrid, PFN_cuLaunchGrid_v2000);
CW_TYPEDEF(cuLaunchGridAsync, PFN_cuLaunchGridAsync_v2000);
CW_TYPEDEF(cuLaunchHostFunc, PFN_cuLaunchHostFunc_v10000);
CW_TYPEDEF(cuLaunchHostFunc, PFN_cuLaunchHostFunc_v10000_ptsz);
CW_TYPEDEF(cuLaunchKernel, PFN_cuLaunchKernel_v4000);
CW_TYPEDEF(cuLaunchKernel, PFN_cuLaunchKernel_v7000_ptsz);
CW_TYPEDEF(cuLaunchKernelEx, PFN_cuLaunchKernelEx_v11060);
CW_TYPEDEF(cuLaunchKernelEx, PFN_cuLaunchKernelEx_v11060_ptsz);
CW_TYPEDEF(cuLibraryEnumerateKernels, PFN_cuLibraryEnumerateKernels_v12040);
CW_TYPEDEF(cuLibraryGetGlobal, PFN_cuLibraryGetGlobal_v12000);
CW_TYPEDEF(cuLibraryGetKernel, PFN_cuLibraryGetKernel_v12000);
CW_TYPEDEF(cuLibraryGetKernelCount, PFN_cuLibraryGetKernelCount_v12040);
CW_TYPEDEF(cuLibraryGetManaged, PFN_cuLibraryGetManaged_v12000);
CW_TYPEDEF(cuLibraryGetModule, PFN_cuLibraryGetModule_v12000);
CW_TYPEDEF(cuLibraryGetUnifiedFunction, PFN_cuLibraryGetUnifiedFunction_v12000);
CW_TYPEDEF(cuLibraryLoadData, PFN_cuLibraryLoadData_v12000);
CW_TYPEDEF(cuLibraryLoadFromFile, PFN_cuLibraryLoadFromFile_v12000);
CW_TYPEDEF(cuLibraryUnload, PFN_cuLibraryUnload_v12000);
CW_TYPEDEF(cuLinkAddData, PFN_cuLinkAddData_v6050);
CW_TYPEDEF(cuLinkAddFile, PFN_cuLinkAddFile_v6050);
CW_TYPEDEF(cuLinkComplete, PFN_cuLinkComplete_v5050);
CW_TYPEDEF(cuLinkCreate, PFN_cuLinkCreate_v6050);
CW_TYPEDEF(cuLinkDestroy, PFN_cuLinkDestroy_v5050);
CW_TYPEDEF(cuMemAddressFree, PFN_cuMemAddressFree_v10020);
CW_TYPEDEF(cuMemAddressReserve, PFN_cuMemAddressReserve_v10020);
typedef CUresult(CUDAAPI *PFN_cuMemAdvise_v8000)(CUdeviceptr devPtr, size_t count, CUmem_advise advice,
                                                 CUdevice device);
CW_TYPEDEF(cuMemAdvise_v2, PFN_cuMemAdvise_v12020);
CW_TYPEDEF(cuMemAlloc, PFN_cuMemAlloc_v3020);
CW_TYPEDEF(cuMemAllocAsync, PFN_cuMemAllocAsync_v11020);
CW_TYPEDEF(cuMemAllocAsync, PFN_cuMemAllocAsync_v11020_ptsz);
CW_TYPEDEF(cuMemAllocFromPoolAsync, PFN_cuMemAllocFromPoolAsync_v11020);
CW_TYPEDEF(cuMemAllocFromPoolAsync, PFN_cuMemAllocFromPoolAsync_v11020_ptsz);
CW_TYPEDEF(cuMemAllocHost, PFN_cuMemAllocHost_v3020);
CW_TYPEDEF(cuMemAllocManaged, PFN_cuMemAllocManaged_v6000);
CW_TYPEDEF(cuMemAllocPitch, PFN_cuMemAllocPitch_v3020);
CW_TYPEDEF(cuMemCreate, PFN_cuMemCreate_v10020);
CW_TYPEDEF(cuMemExportToShareableHandle, PFN_cuMemExportToShareableHandle_v10020);
CW_TYPEDEF(cuMemFree, PFN_cuMemFree_v3020);
CW_TYPEDEF(cuMemFreeAsync, PFN_cuMemFreeAsync_v11020);
CW_TYPEDEF(cuMemFreeAsync, PFN_cuMemFreeAsync_v11020_ptsz);
CW_TYPEDEF(cuMemFreeHost, PFN_cuMemFreeHost_v2000);
CW_TYPEDEF(cuMemGetAccess, PFN_cuMemGetAccess_v10020);
CW_TYPEDEF(cuMemGetAddressRange, PFN_cuMemGetAddressRange_v3020);
CW_TYPEDEF(cuMemGetAllocationGranularity, PFN_cuMemGetAllocationGranularity_v10020);
CW_TYPEDEF(cuMemGetAllocationPropertiesFromHandle, PFN_cuMemGetAllocationPropertiesFromHandle_v10020);
CW_TYPEDEF(cuMemGetInfo, PFN_cuMemGetInfo_v3020);
CW_TYPEDEF(cuMemHostAlloc, PFN_cuMemHostAlloc_v2020);
CW_TYPEDEF(cuMemHostGetDevicePointer, PFN_cuMemHostGetDevicePointer_v3020);
CW_TYPEDEF(cuMemHostGetFlags, PFN_cuMemHostGetFlags_v2030);
CW_TYPEDEF(cuMemHostRegister, PFN_cuMemHostRegister_v6050);
CW_TYPEDEF(cuMemHostUnregister, PFN_cuMemHostUnregister_v4000);
CW_TYPEDEF(cuMemImportFromShareableHandle, PFN_cuMemImportFromShareableHandle_v10020);
CW_TYPEDEF(cuMemMap, PFN_cuMemMap_v10020);
CW_TYPEDEF(cuMemPoolCreate, PFN_cuMemPoolCreate_v11020);
CW_TYPEDEF(cuMemPoolDestroy, PFN_cuMemPoolDestroy_v11020);
CW_TYPEDEF(cuMemPoolExportPointer, PFN_cuMemPoolExportPointer_v11020);
CW_TYPEDEF(cuMemPoolExportToShareableHandle, PFN_cuMemPoolExportToShareableHandle_v11020);
CW_TYPEDEF(cuMemPoolGetAccess, PFN_cuMemPoolGetAccess_v11020);
CW_TYPEDEF(cuMemPoolGetAttribute, PFN_cuMemPoolGetAttribute_v11020);
CW_TYPEDEF(cuMemPoolImportFromShareableHandle, PFN_cuMemPoolImportFromShareableHandle_v11020);
CW_TYPEDEF(cuMemPoolImportPointer, PFN_cuMemPoolImportPointer_v11020);
CW_TYPEDEF(cuMemPoolSetAccess, PFN_cuMemPoolSetAccess_v11020);
CW_TYPEDEF(cuMemPoolSetAttribute, PFN_cuMemPoolSetAttribute_v11020);
CW_TYPEDEF(cuMemPoolTrimTo, PFN_cuMemPoolTrimTo_v11020);
typedef CUresult(CUDAAPI *PFN_cuMemPrefetchAsync_v8000)(CUdeviceptr devPtr, size_t count, CUdevice dstDevice,
                                                        CUstream hStream);
typedef CUresult(CUDAAPI *PFN_cuMemPrefetchAsync_v8000_ptsz)(CUdeviceptr devPtr, size_t count, CUdevice dstDevice,
                                                             CUstream hStream);
CW_TYPEDEF(cuMemPrefetchAsync_v2, PFN_cuMemPrefetchAsync_v12020);
CW_TYPEDEF(cuMemPrefetchAsync_v2, PFN_cuMemPrefetchAsync_v12020_ptsz);
CW_TYPEDEF(cuMemRangeGetAttribute, PFN_cuMemRangeGetAttribute_v8000);
CW_TYPEDEF(cuMemRangeGetAttributes, PFN_cuMemRangeGetAttributes_v8000);
CW_TYPEDEF(cuMemRelease, PFN_cuMemRelease_v10020);
CW_TYPEDEF(cuMemRetainAllocationHandle, PFN_cuMemRetainAllocationHandle_v11000);
CW_TYPEDEF(cuMemSetAccess, PFN_cuMemSetAccess_v10020);
CW_TYPEDEF(cuMemUnmap, PFN_cuMemUnmap_v10020);
CW_TYPEDEF(cuMemcpy, PFN_cuMemcpy_v4000);
CW_TYPEDEF(cuMemcpy, PFN_cuMemcpy_v7000_ptds);
CW_TYPEDEF(cuMemcpy2D, PFN_cuMemcpy2D_v3020);
CW_TYPEDEF(cuMemcpy2D, PFN_cuMemcpy2D_v7000_ptds);
CW_TYPEDEF(cuMemcpy2DAsync, PFN_cuMemcpy2DAsync_v3020);
CW_TYPEDEF(cuMemcpy2DAsync, PFN_cuMemcpy2DAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpy2DUnaligned, PFN_cuMemcpy2DUnaligned_v3020);
CW_TYPEDEF(cuMemcpy2DUnaligned, PFN_cuMemcpy2DUnaligned_v7000_ptds);
CW_TYPEDEF(cuMemcpy3D, PFN_cuMemcpy3D_v3020);
CW_TYPEDEF(cuMemcpy3D, PFN_cuMemcpy3D_v7000_ptds);
CW_TYPEDEF(cuMemcpy3DAsync, PFN_cuMemcpy3DAsync_v3020);
CW_TYPEDEF(cuMemcpy3DAsync, PFN_cuMemcpy3DAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpy3DBatchAsync, PFN_cuMemcpy3DBatchAsync_v12080);
CW_TYPEDEF(cuMemcpy3DBatchAsync, PFN_cuMemcpy3DBatchAsync_v12080_ptsz);
CW_TYPEDEF(cuMemcpy3DPeer, PFN_cuMemcpy3DPeer_v4000);
CW_TYPEDEF(cuMemcpy3DPeer, PFN_cuMemcpy3DPeer_v7000_ptds);
CW_TYPEDEF(cuMemcpy3DPeerAsync, PFN_cuMemcpy3DPeerAsync_v4000);
CW_TYPEDEF(cuMemcpy3DPeerAsync, PFN_cuMemcpy3DPeerAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyAsync, PFN_cuMemcpyAsync_v4000);
CW_TYPEDEF(cuMemcpyAsync, PFN_cuMemcpyAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyAtoA, PFN_cuMemcpyAtoA_v3020);
CW_TYPEDEF(cuMemcpyAtoA, PFN_cuMemcpyAtoA_v7000_ptds);
CW_TYPEDEF(cuMemcpyAtoD, PFN_cuMemcpyAtoD_v3020);
CW_TYPEDEF(cuMemcpyAtoD, PFN_cuMemcpyAtoD_v7000_ptds);
CW_TYPEDEF(cuMemcpyAtoH, PFN_cuMemcpyAtoH_v3020);
CW_TYPEDEF(cuMemcpyAtoH, PFN_cuMemcpyAtoH_v7000_ptds);
CW_TYPEDEF(cuMemcpyAtoHAsync, PFN_cuMemcpyAtoHAsync_v3020);
CW_TYPEDEF(cuMemcpyAtoHAsync, PFN_cuMemcpyAtoHAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyBatchAsync, PFN_cuMemcpyBatchAsync_v12080);
CW_TYPEDEF(cuMemcpyBatchAsync, PFN_cuMemcpyBatchAsync_v12080_ptsz);
CW_TYPEDEF(cuMemcpyDtoA, PFN_cuMemcpyDtoA_v3020);
CW_TYPEDEF(cuMemcpyDtoA, PFN_cuMemcpyDtoA_v7000_ptds);
CW_TYPEDEF(cuMemcpyDtoD, PFN_cuMemcpyDtoD_v3020);
CW_TYPEDEF(cuMemcpyDtoD, PFN_cuMemcpyDtoD_v7000_ptds);
CW_TYPEDEF(cuMemcpyDtoDAsync, PFN_cuMemcpyDtoDAsync_v3020);
CW_TYPEDEF(cuMemcpyDtoDAsync, PFN_cuMemcpyDtoDAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyDtoH, PFN_cuMemcpyDtoH_v3020);
CW_TYPEDEF(cuMemcpyDtoH, PFN_cuMemcpyDtoH_v7000_ptds);
CW_TYPEDEF(cuMemcpyDtoHAsync, PFN_cuMemcpyDtoHAsync_v3020);
CW_TYPEDEF(cuMemcpyDtoHAsync, PFN_cuMemcpyDtoHAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyHtoA, PFN_cuMemcpyHtoA_v3020);
CW_TYPEDEF(cuMemcpyHtoA, PFN_cuMemcpyHtoA_v7000_ptds);
CW_TYPEDEF(cuMemcpyHtoAAsync, PFN_cuMemcpyHtoAAsync_v3020);
CW_TYPEDEF(cuMemcpyHtoAAsync, PFN_cuMemcpyHtoAAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyHtoD, PFN_cuMemcpyHtoD_v3020);
CW_TYPEDEF(cuMemcpyHtoD, PFN_cuMemcpyHtoD_v7000_ptds);
CW_TYPEDEF(cuMemcpyHtoDAsync, PFN_cuMemcpyHtoDAsync_v3020);
CW_TYPEDEF(cuMemcpyHtoDAsync, PFN_cuMemcpyHtoDAsync_v7000_ptsz);
CW_TYPEDEF(cuMemcpyPeer, PFN_cuMemcpyPeer_v4000);
CW_TYPEDEF(cuMemcpyPeer, PFN_cuMemcpyPeer_v7000_ptds);
CW_TYPEDEF(cuMemcpyPeerAsync, PFN_cuMemcpyPeerAsync_v4000);
CW_TYPEDEF(cuMemcpyPeerAsync, PFN_cuMemcpyPeerAsync_v7000_ptsz);
CW_TYPEDEF(cuMemsetD16, PFN_cuMemsetD16_v3020);
CW_TYPEDEF(cuMemsetD16, PFN_cuMemsetD16_v7000_ptds);
CW_TYPEDEF(cuMemsetD16Async, PFN_cuMemsetD16Async_v3020);
CW_TYPEDEF(cuMemsetD16Async, PFN_cuMemsetD16Async_v7000_ptsz);
CW_TYPEDEF(cuMemsetD2D16, PFN_cuMemsetD2D16_v3020);
CW_TYPEDEF(cuMemsetD2D16, PFN_cuMemsetD2D16_v7000_ptds);
CW_TYPEDEF(cuMemsetD2D16Async, PFN_cuMemsetD2D16Async_v3020);
CW_TYPEDEF(cuMemsetD2D16Async, PFN_cuMemsetD2D16Async_v7000_ptsz);
CW_TYPEDEF(cuMemsetD2D32, PFN_cuMemsetD2D32_v3020);
CW_TYPEDEF(cuMemsetD2D32, PFN_cuMemsetD2D32_v7000_ptds);
CW_TYPEDEF(cuMemsetD2D32Async, PFN_cuMemsetD2D32Async_v3020);
CW_TYPEDEF(cuMemsetD2D32Async, PFN_cuMemsetD2D32Async_v7000_ptsz);
CW_TYPEDEF(cuMemsetD2D8, PFN_cuMemsetD2D8_v3020);
CW_TYPEDEF(cuMemsetD2D8, PFN_cuMemsetD2D8_v7000_ptds);
CW_TYPEDEF(cuMemsetD2D8Async, PFN_cuMemsetD2D8Async_v3020);
CW_TYPEDEF(cuMemsetD2D8Async, PFN_cuMemsetD2D8Async_v7000_ptsz);
CW_TYPEDEF(cuMemsetD32, PFN_cuMemsetD32_v3020);
CW_TYPEDEF(cuMemsetD32, PFN_cuMemsetD32_v7000_ptds);
CW_TYPEDEF(cuMemsetD32Async, PFN_cuMemsetD32Async_v3020);
CW_TYPEDEF(cuMemsetD32Async, PFN_cuMemsetD32Async_v7000_ptsz);
CW_TYPEDEF(cuMemsetD8, PFN_cuMemsetD8_v3020);
CW_TYPEDEF(cuMemsetD8, PFN_cuMemsetD8_v7000_ptds);
CW_TYPEDEF(cuMemsetD8Async, PFN_cuMemsetD8Async_v3020);
CW_TYPEDEF(cuMemsetD8Async, PFN_cuMemsetD8Async_v7000_ptsz);
CW_TYPEDEF(cuMipmappedArrayCreate, PFN_cuMipmappedArrayCreate_v5000);
CW_TYPEDEF(cuMipmappedArrayDestroy, PFN_cuMipmappedArrayDestroy_v5000);
CW_TYPEDEF(cuMipmappedArrayGetLevel, PFN_cuMipmappedArrayGetLevel_v5000);
CW_TYPEDEF(cuMipmappedArrayGetMemoryRequirements, PFN_cuMipmappedArrayGetMemoryRequirements_v11060);
CW_TYPEDEF(cuMipmappedArrayGetSparseProperties, PFN_cuMipmappedArrayGetSparseProperties_v11010);
CW_TYPEDEF(cuModuleEnumerateFunctions, PFN_cuModuleEnumerateFunctions_v12040);
CW_TYPEDEF(cuModuleGetFunction, PFN_cuModuleGetFunction_v2000);
CW_TYPEDEF(cuModuleGetFunctionCount, PFN_cuModuleGetFunctionCount_v12040);
CW_TYPEDEF(cuModuleGetGlobal, PFN_cuModuleGetGlobal_v3020);
CW_TYPEDEF(cuModuleGetLoadingMode, PFN_cuModuleGetLoadingMode_v11070);
CW_TYPEDEF(cuModuleGetSurfRef, PFN_cuModuleGetSurfRef_v3000);
CW_TYPEDEF(cuModuleGetTexRef, PFN_cuModuleGetTexRef_v2000);
CW_TYPEDEF(cuModuleLoad, PFN_cuModuleLoad_v2000);
CW_TYPEDEF(cuModuleLoadData, PFN_cuModuleLoadData_v2000);
CW_TYPEDEF(cuModuleLoadDataEx, PFN_cuModuleLoadDataEx_v2010);
CW_TYPEDEF(cuModuleLoadFatBinary, PFN_cuModuleLoadFatBinary_v2000);
CW_TYPEDEF(cuModuleUnload, PFN_cuModuleUnload_v2000);
CW_TYPEDEF(cuMulticastAddDevice, PFN_cuMulticastAddDevice_v12010);
CW_TYPEDEF(cuMulticastBindAddr, PFN_cuMulticastBindAddr_v12010);
CW_TYPEDEF(cuMulticastBindMem, PFN_cuMulticastBindMem_v12010);
CW_TYPEDEF(cuMulticastCreate, PFN_cuMulticastCreate_v12010);
CW_TYPEDEF(cuMulticastGetGranularity, PFN_cuMulticastGetGranularity_v12010);
CW_TYPEDEF(cuMulticastUnbind, PFN_cuMulticastUnbind_v12010);
CW_TYPEDEF(cuOccupancyAvailableDynamicSMemPerBlock, PFN_cuOccupancyAvailableDynamicSMemPerBlock_v10020);
CW_TYPEDEF(cuOccupancyMaxActiveBlocksPerMultiprocessor, PFN_cuOccupancyMaxActiveBlocksPerMultiprocessor_v6050);
CW_TYPEDEF(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags,
           PFN_cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags_v7000);
CW_TYPEDEF(cuOccupancyMaxActiveClusters, PFN_cuOccupancyMaxActiveClusters_v11070);
CW_TYPEDEF(cuOccupancyMaxPotentialBlockSize, PFN_cuOccupancyMaxPotentialBlockSize_v6050);
CW_TYPEDEF(cuOccupancyMaxPotentialBlockSizeWithFlags, PFN_cuOccupancyMaxPotentialBlockSizeWithFlags_v7000);
CW_TYPEDEF(cuOccupancyMaxPotentialClusterSize, PFN_cuOccupancyMaxPotentialClusterSize_v11070);
CW_TYPEDEF(cuParamSetSize, PFN_cuParamSetSize_v2000);
CW_TYPEDEF(cuParamSetTexRef, PFN_cuParamSetTexRef_v2000);
CW_TYPEDEF(cuParamSetf, PFN_cuParamSetf_v2000);
CW_TYPEDEF(cuParamSeti, PFN_cuParamSeti_v2000);
CW_TYPEDEF(cuParamSetv, PFN_cuParamSetv_v2000);
CW_TYPEDEF(cuPointerGetAttribute, PFN_cuPointerGetAttribute_v4000);
CW_TYPEDEF(cuPointerGetAttributes, PFN_cuPointerGetAttributes_v7000);
CW_TYPEDEF(cuPointerSetAttribute, PFN_cuPointerSetAttribute_v6000);
CW_TYPEDEF(cuProfilerStart, PFN_cuProfilerStart_v4000);
CW_TYPEDEF(cuProfilerStop, PFN_cuProfilerStop_v4000);
CW_TYPEDEF(cuSignalExternalSemaphoresAsync, PFN_cuSignalExternalSemaphoresAsync_v10000);
CW_TYPEDEF(cuStreamAddCallback, PFN_cuStreamAddCallback_v5000);
CW_TYPEDEF(cuStreamAddCallback, PFN_cuStreamAddCallback_v7000_ptsz);
CW_TYPEDEF(cuStreamAttachMemAsync, PFN_cuStreamAttachMemAsync_v6000);
CW_TYPEDEF(cuStreamAttachMemAsync, PFN_cuStreamAttachMemAsync_v7000_ptsz);
CW_TYPEDEF(cuStreamBatchMemOp, PFN_cuStreamBatchMemOp_v11070);
CW_TYPEDEF(cuStreamBatchMemOp, PFN_cuStreamBatchMemOp_v11070_ptsz);
CW_TYPEDEF(cuStreamBeginCapture, PFN_cuStreamBeginCapture_v10010);
CW_TYPEDEF(cuStreamBeginCapture, PFN_cuStreamBeginCapture_v10010_ptsz);
CW_TYPEDEF(cuStreamBeginCaptureToGraph, PFN_cuStreamBeginCaptureToGraph_v12030);
CW_TYPEDEF(cuStreamBeginCaptureToGraph, PFN_cuStreamBeginCaptureToGraph_v12030_ptsz);
CW_TYPEDEF(cuStreamCopyAttributes, PFN_cuStreamCopyAttributes_v11000);
CW_TYPEDEF(cuStreamCopyAttributes, PFN_cuStreamCopyAttributes_v11000_ptsz);
CW_TYPEDEF(cuStreamCreate, PFN_cuStreamCreate_v2000);
CW_TYPEDEF(cuStreamCreateWithPriority, PFN_cuStreamCreateWithPriority_v5050);
CW_TYPEDEF(cuStreamDestroy, PFN_cuStreamDestroy_v4000);
CW_TYPEDEF(cuStreamEndCapture, PFN_cuStreamEndCapture_v10000);
CW_TYPEDEF(cuStreamEndCapture, PFN_cuStreamEndCapture_v10000_ptsz);
CW_TYPEDEF(cuStreamGetAttribute, PFN_cuStreamGetAttribute_v11000);
CW_TYPEDEF(cuStreamGetAttribute, PFN_cuStreamGetAttribute_v11000_ptsz);
typedef CUresult(CUDAAPI *PFN_cuStreamGetCaptureInfo_v11030)(CUstream hStream, CUstreamCaptureStatus *captureStatus_out,
                                                             cuuint64_t *id_out, CUgraph *graph_out,
                                                             const CUgraphNode **dependencies_out,
                                                             size_t *numDependencies_out);
typedef CUresult(CUDAAPI *PFN_cuStreamGetCaptureInfo_v11030_ptsz)(CUstream hStream,
                                                                  CUstreamCaptureStatus *captureStatus_out,
                                                                  cuuint64_t *id_out, CUgraph *graph_out,
                                                                  const CUgraphNode **dependencies_out,
                                                                  size_t *numDependencies_out);
CW_TYPEDEF(cuStreamGetCaptureInfo_v3, PFN_cuStreamGetCaptureInfo_v12030);
CW_TYPEDEF(cuStreamGetCaptureInfo_v3, PFN_cuStreamGetCaptureInfo_v12030_ptsz);
CW_TYPEDEF(cuStreamGetCtx_v2, PFN_cuStreamGetCtx_v12050);
CW_TYPEDEF(cuStreamGetCtx_v2, PFN_cuStreamGetCtx_v12050_ptsz);
CW_TYPEDEF(cuStreamGetCtx, PFN_cuStreamGetCtx_v9020);
CW_TYPEDEF(cuStreamGetCtx, PFN_cuStreamGetCtx_v9020_ptsz);
CW_TYPEDEF(cuStreamGetDevice, PFN_cuStreamGetDevice_v12080);
CW_TYPEDEF(cuStreamGetDevice, PFN_cuStreamGetDevice_v12080_ptsz);
CW_TYPEDEF(cuStreamGetFlags, PFN_cuStreamGetFlags_v5050);
CW_TYPEDEF(cuStreamGetFlags, PFN_cuStreamGetFlags_v7000_ptsz);
CW_TYPEDEF(cuStreamGetGreenCtx, PFN_cuStreamGetGreenCtx_v12040);
CW_TYPEDEF(cuStreamGetId, PFN_cuStreamGetId_v12000);
CW_TYPEDEF(cuStreamGetId, PFN_cuStreamGetId_v12000_ptsz);
CW_TYPEDEF(cuStreamGetPriority, PFN_cuStreamGetPriority_v5050);
CW_TYPEDEF(cuStreamGetPriority, PFN_cuStreamGetPriority_v7000_ptsz);
CW_TYPEDEF(cuStreamIsCapturing, PFN_cuStreamIsCapturing_v10000);
CW_TYPEDEF(cuStreamIsCapturing, PFN_cuStreamIsCapturing_v10000_ptsz);
CW_TYPEDEF(cuStreamQuery, PFN_cuStreamQuery_v2000);
CW_TYPEDEF(cuStreamQuery, PFN_cuStreamQuery_v7000_ptsz);
CW_TYPEDEF(cuStreamSetAttribute, PFN_cuStreamSetAttribute_v11000);
CW_TYPEDEF(cuStreamSetAttribute, PFN_cuStreamSetAttribute_v11000_ptsz);
CW_TYPEDEF(cuStreamSynchronize, PFN_cuStreamSynchronize_v2000);
CW_TYPEDEF(cuStreamSynchronize, PFN_cuStreamSynchronize_v7000_ptsz);
typedef CUresult(CUDAAPI *PFN_cuStreamUpdateCaptureDependencies_v11030)(CUstream hStream, CUgraphNode *dependencies,
                                                                        size_t numDependencies, unsigned int flags);
typedef CUresult(CUDAAPI *PFN_cuStreamUpdateCaptureDependencies_v11030_ptsz)(CUstream hStream,
                                                                             CUgraphNode *dependencies,
                                                                             size_t numDependencies,
                                                                             unsigned int flags);
CW_TYPEDEF(cuStreamUpdateCaptureDependencies_v2, PFN_cuStreamUpdateCaptureDependencies_v12030);
CW_TYPEDEF(cuStreamUpdateCaptureDependencies_v2, PFN_cuStreamUpdateCaptureDependencies_v12030_ptsz);
CW_TYPEDEF(cuStreamWaitEvent, PFN_cuStreamWaitEvent_v3020);
CW_TYPEDEF(cuStreamWaitEvent, PFN_cuStreamWaitEvent_v7000_ptsz);
CW_TYPEDEF(cuStreamWaitValue32, PFN_cuStreamWaitValue32_v11070);
CW_TYPEDEF(cuStreamWaitValue32, PFN_cuStreamWaitValue32_v11070_ptsz);
CW_TYPEDEF(cuStreamWaitValue64, PFN_cuStreamWaitValue64_v11070);
CW_TYPEDEF(cuStreamWaitValue64, PFN_cuStreamWaitValue64_v11070_ptsz);
CW_TYPEDEF(cuStreamWriteValue32, PFN_cuStreamWriteValue32_v11070);
CW_TYPEDEF(cuStreamWriteValue32, PFN_cuStreamWriteValue32_v11070_ptsz);
CW_TYPEDEF(cuStreamWriteValue64, PFN_cuStreamWriteValue64_v11070);
CW_TYPEDEF(cuStreamWriteValue64, PFN_cuStreamWriteValue64_v11070_ptsz);
CW_TYPEDEF(cuSurfObjectCreate, PFN_cuSurfObjectCreate_v5000);
CW_TYPEDEF(cuSurfObjectDestroy, PFN_cuSurfObjectDestroy_v5000);
CW_TYPEDEF(cuSurfObjectGetResourceDesc, PFN_cuSurfObjectGetResourceDesc_v5000);
CW_TYPEDEF(cuSurfRefGetArray, PFN_cuSurfRefGetArray_v3000);
CW_TYPEDEF(cuSurfRefSetArray, PFN_cuSurfRefSetArray_v3000);
CW_TYPEDEF(cuTensorMapEncodeIm2col, PFN_cuTensorMapEncodeIm2col_v12000);
CW_TYPEDEF(cuTensorMapEncodeTiled, PFN_cuTensorMapEncodeTiled_v12000);
CW_TYPEDEF(cuTensorMapReplaceAddress, PFN_cuTensorMapReplaceAddress_v12000);
CW_TYPEDEF(cuTexObjectCreate, PFN_cuTexObjectCreate_v5000);
CW_TYPEDEF(cuTexObjectDestroy, PFN_cuTexObjectDestroy_v5000);
CW_TYPEDEF(cuTexObjectGetResourceDesc, PFN_cuTexObjectGetResourceDesc_v5000);
CW_TYPEDEF(cuTexObjectGetResourceViewDesc, PFN_cuTexObjectGetResourceViewDesc_v5000);
CW_TYPEDEF(cuTexObjectGetTextureDesc, PFN_cuTexObjectGetTextureDesc_v5000);
CW_TYPEDEF(cuTexRefCreate, PFN_cuTexRefCreate_v2000);
CW_TYPEDEF(cuTexRefDestroy, PFN_cuTexRefDestroy_v2000);
CW_TYPEDEF(cuTexRefGetAddress, PFN_cuTexRefGetAddress_v3020);
CW_TYPEDEF(cuTexRefGetAddressMode, PFN_cuTexRefGetAddressMode_v2000);
CW_TYPEDEF(cuTexRefGetArray, PFN_cuTexRefGetArray_v2000);
CW_TYPEDEF(cuTexRefGetBorderColor, PFN_cuTexRefGetBorderColor_v8000);
CW_TYPEDEF(cuTexRefGetFilterMode, PFN_cuTexRefGetFilterMode_v2000);
CW_TYPEDEF(cuTexRefGetFlags, PFN_cuTexRefGetFlags_v2000);
CW_TYPEDEF(cuTexRefGetFormat, PFN_cuTexRefGetFormat_v2000);
CW_TYPEDEF(cuTexRefGetMaxAnisotropy, PFN_cuTexRefGetMaxAnisotropy_v5000);
CW_TYPEDEF(cuTexRefGetMipmapFilterMode, PFN_cuTexRefGetMipmapFilterMode_v5000);
CW_TYPEDEF(cuTexRefGetMipmapLevelBias, PFN_cuTexRefGetMipmapLevelBias_v5000);
CW_TYPEDEF(cuTexRefGetMipmapLevelClamp, PFN_cuTexRefGetMipmapLevelClamp_v5000);
CW_TYPEDEF(cuTexRefGetMipmappedArray, PFN_cuTexRefGetMipmappedArray_v5000);
CW_TYPEDEF(cuTexRefSetAddress, PFN_cuTexRefSetAddress_v3020);
CW_TYPEDEF(cuTexRefSetAddress2D, PFN_cuTexRefSetAddress2D_v4010);
CW_TYPEDEF(cuTexRefSetAddressMode, PFN_cuTexRefSetAddressMode_v2000);
CW_TYPEDEF(cuTexRefSetArray, PFN_cuTexRefSetArray_v2000);
CW_TYPEDEF(cuTexRefSetBorderColor, PFN_cuTexRefSetBorderColor_v8000);
CW_TYPEDEF(cuTexRefSetFilterMode, PFN_cuTexRefSetFilterMode_v2000);
CW_TYPEDEF(cuTexRefSetFlags, PFN_cuTexRefSetFlags_v2000);
CW_TYPEDEF(cuTexRefSetFormat, PFN_cuTexRefSetFormat_v2000);
CW_TYPEDEF(cuTexRefSetMaxAnisotropy, PFN_cuTexRefSetMaxAnisotropy_v5000);
CW_TYPEDEF(cuTexRefSetMipmapFilterMode, PFN_cuTexRefSetMipmapFilterMode_v5000);
CW_TYPEDEF(cuTexRefSetMipmapLevelBias, PFN_cuTexRefSetMipmapLevelBias_v5000);
CW_TYPEDEF(cuTexRefSetMipmapLevelClamp, PFN_cuTexRefSetMipmapLevelClamp_v5000);
CW_TYPEDEF(cuTexRefSetMipmappedArray, PFN_cuTexRefSetMipmappedArray_v5000);
CW_TYPEDEF(cuThreadExchangeStreamCaptureMode, PFN_cuThreadExchangeStreamCaptureMode_v10010);
CW_TYPEDEF(cuThreadExchangeStreamCaptureMode, PFN_cuThreadExchangeStreamCaptureMode_v10010_ptsz);
CW_TYPEDEF(cuUserObjectCreate, PFN_cuUserObjectCreate_v11030);
CW_TYPEDEF(cuUserObjectRelease, PFN_cuUserObjectRelease_v11030);
CW_TYPEDEF(cuUserObjectRetain, PFN_cuUserObjectRetain_v11030);
CW_TYPEDEF(cuWaitExternalSemaphoresAsync, PFN_cuWaitExternalSemaphoresAsync_v10000);

#undef CW_TYPEDEF

#define PFN_cuArray3DCreate PFN_cuArray3DCreate_v3020
#define PFN_cuArray3DGetDescriptor PFN_cuArray3DGetDescriptor_v3020
#define PFN_cuArrayCreate PFN_cuArrayCreate_v3020
#define PFN_cuArrayDestroy PFN_cuArrayDestroy_v2000
#define PFN_cuArrayGetDescriptor PFN_cuArrayGetDescriptor_v3020
#define PFN_cuArrayGetMemoryRequirements PFN_cuArrayGetMemoryRequirements_v11060
#define PFN_cuArrayGetPlane PFN_cuArrayGetPlane_v11020
#define PFN_cuArrayGetSparseProperties PFN_cuArrayGetSparseProperties_v11010
#define PFN_cuCtxAttach PFN_cuCtxAttach_v2000
#define PFN_cuCtxCreate PFN_cuCtxCreate_v3020
#define PFN_cuCtxDestroy PFN_cuCtxDestroy_v4000
#define PFN_cuCtxDetach PFN_cuCtxDetach_v2000
#define PFN_cuCtxDisablePeerAccess PFN_cuCtxDisablePeerAccess_v4000
#define PFN_cuCtxEnablePeerAccess PFN_cuCtxEnablePeerAccess_v4000
#define PFN_cuCtxFromGreenCtx PFN_cuCtxFromGreenCtx_v12040
#define PFN_cuCtxGetApiVersion PFN_cuCtxGetApiVersion_v3020
#define PFN_cuCtxGetCacheConfig PFN_cuCtxGetCacheConfig_v3020
#define PFN_cuCtxGetCurrent PFN_cuCtxGetCurrent_v4000
#define PFN_cuCtxGetDevResource PFN_cuCtxGetDevResource_v12040
#define PFN_cuCtxGetDevice PFN_cuCtxGetDevice_v2000
#define PFN_cuCtxGetExecAffinity PFN_cuCtxGetExecAffinity_v11040
#define PFN_cuCtxGetFlags PFN_cuCtxGetFlags_v7000
#define PFN_cuCtxGetId PFN_cuCtxGetId_v12000
#define PFN_cuCtxGetLimit PFN_cuCtxGetLimit_v3010
#define PFN_cuCtxGetSharedMemConfig PFN_cuCtxGetSharedMemConfig_v4020
#define PFN_cuCtxGetStreamPriorityRange PFN_cuCtxGetStreamPriorityRange_v5050
#define PFN_cuCtxPopCurrent PFN_cuCtxPopCurrent_v4000
#define PFN_cuCtxPushCurrent PFN_cuCtxPushCurrent_v4000
#define PFN_cuCtxRecordEvent PFN_cuCtxRecordEvent_v12050
#define PFN_cuCtxResetPersistingL2Cache PFN_cuCtxResetPersistingL2Cache_v11000
#define PFN_cuCtxSetCacheConfig PFN_cuCtxSetCacheConfig_v3020
#define PFN_cuCtxSetCurrent PFN_cuCtxSetCurrent_v4000
#define PFN_cuCtxSetFlags PFN_cuCtxSetFlags_v12010
#define PFN_cuCtxSetLimit PFN_cuCtxSetLimit_v3010
#define PFN_cuCtxSetSharedMemConfig PFN_cuCtxSetSharedMemConfig_v4020
#define PFN_cuCtxSynchronize PFN_cuCtxSynchronize_v2000
#define PFN_cuCtxWaitEvent PFN_cuCtxWaitEvent_v12050
#define PFN_cuDestroyExternalMemory PFN_cuDestroyExternalMemory_v10000
#define PFN_cuDestroyExternalSemaphore PFN_cuDestroyExternalSemaphore_v10000
#define PFN_cuDevResourceGenerateDesc PFN_cuDevResourceGenerateDesc_v12040
#define PFN_cuDevSmResourceSplitByCount PFN_cuDevSmResourceSplitByCount_v12040
#define PFN_cuDeviceCanAccessPeer PFN_cuDeviceCanAccessPeer_v4000
#define PFN_cuDeviceComputeCapability PFN_cuDeviceComputeCapability_v2000
#define PFN_cuDeviceGet PFN_cuDeviceGet_v2000
#define PFN_cuDeviceGetAttribute PFN_cuDeviceGetAttribute_v2000
#define PFN_cuDeviceGetByPCIBusId PFN_cuDeviceGetByPCIBusId_v4010
#define PFN_cuDeviceGetCount PFN_cuDeviceGetCount_v2000
#define PFN_cuDeviceGetDefaultMemPool PFN_cuDeviceGetDefaultMemPool_v11020
#define PFN_cuDeviceGetDevResource PFN_cuDeviceGetDevResource_v12040
#define PFN_cuDeviceGetExecAffinitySupport PFN_cuDeviceGetExecAffinitySupport_v11040
#define PFN_cuDeviceGetGraphMemAttribute PFN_cuDeviceGetGraphMemAttribute_v2000
#define PFN_cuDeviceGetLuid PFN_cuDeviceGetLuid_v10000
#define PFN_cuDeviceGetMemPool PFN_cuDeviceGetMemPool_v11020
#define PFN_cuDeviceGetName PFN_cuDeviceGetName_v2000
#define PFN_cuDeviceGetP2PAttribute PFN_cuDeviceGetP2PAttribute_v8000
#define PFN_cuDeviceGetPCIBusId PFN_cuDeviceGetPCIBusId_v4010
#define PFN_cuDeviceGetProperties PFN_cuDeviceGetProperties_v2000
#define PFN_cuDeviceGetTexture1DLinearMaxWidth PFN_cuDeviceGetTexture1DLinearMaxWidth_v11010
#define PFN_cuDeviceGetUuid PFN_cuDeviceGetUuid_v11040
#define PFN_cuDeviceGraphMemTrim PFN_cuDeviceGraphMemTrim_v2000
#define PFN_cuDevicePrimaryCtxGetState PFN_cuDevicePrimaryCtxGetState_v7000
#define PFN_cuDevicePrimaryCtxRelease PFN_cuDevicePrimaryCtxRelease_v11000
#define PFN_cuDevicePrimaryCtxReset PFN_cuDevicePrimaryCtxReset_v11000
#define PFN_cuDevicePrimaryCtxRetain PFN_cuDevicePrimaryCtxRetain_v7000
#define PFN_cuDevicePrimaryCtxSetFlags PFN_cuDevicePrimaryCtxSetFlags_v11000
#define PFN_cuDeviceSetGraphMemAttribute PFN_cuDeviceSetGraphMemAttribute_v2000
#define PFN_cuDeviceSetMemPool PFN_cuDeviceSetMemPool_v11020
#define PFN_cuDeviceTotalMem PFN_cuDeviceTotalMem_v3020
#define PFN_cuDriverGetVersion PFN_cuDriverGetVersion_v2020
#define PFN_cuEventCreate PFN_cuEventCreate_v2000
#define PFN_cuEventDestroy PFN_cuEventDestroy_v4000
#define PFN_cuEventElapsedTime PFN_cuEventElapsedTime_v2000
#define PFN_cuEventQuery PFN_cuEventQuery_v2000
#define PFN_cuEventRecord PFN_cuEventRecord_v2000
#define PFN_cuEventRecordWithFlags PFN_cuEventRecordWithFlags_v11010
#define PFN_cuEventSynchronize PFN_cuEventSynchronize_v2000
#define PFN_cuExternalMemoryGetMappedBuffer PFN_cuExternalMemoryGetMappedBuffer_v10000
#define PFN_cuFuncGetAttribute PFN_cuFuncGetAttribute_v2020
#define PFN_cuFuncGetModule PFN_cuFuncGetModule_v11000
#define PFN_cuFuncGetName PFN_cuFuncGetName_v12030
#define PFN_cuFuncGetParamInfo PFN_cuFuncGetParamInfo_v12040
#define PFN_cuFuncIsLoaded PFN_cuFuncIsLoaded_v12040
#define PFN_cuFuncLoad PFN_cuFuncLoad_v12040
#define PFN_cuFuncSetAttribute PFN_cuFuncSetAttribute_v9000
#define PFN_cuFuncSetBlockShape PFN_cuFuncSetBlockShape_v2000
#define PFN_cuFuncSetCacheConfig PFN_cuFuncSetCacheConfig_v3000
#define PFN_cuFuncSetSharedMemConfig PFN_cuFuncSetSharedMemConfig_v4020
#define PFN_cuFuncSetSharedSize PFN_cuFuncSetSharedSize_v2000
#define PFN_cuGetErrorName PFN_cuGetErrorName_v6000
#define PFN_cuGetErrorString PFN_cuGetErrorString_v6000
#define PFN_cuGetExportTable PFN_cuGetExportTable_v3000
#define PFN_cuGetProcAddress PFN_cuGetProcAddress_v12000
#define PFN_cuGraphAddBatchMemOpNode PFN_cuGraphAddBatchMemOpNode_v11070
#define PFN_cuGraphAddChildGraphNode PFN_cuGraphAddChildGraphNode_v10000
#define PFN_cuGraphAddDependencies PFN_cuGraphAddDependencies_v10000
#define PFN_cuGraphAddEmptyNode PFN_cuGraphAddEmptyNode_v10000
#define PFN_cuGraphAddEventRecordNode PFN_cuGraphAddEventRecordNode_v10000
#define PFN_cuGraphAddEventWaitNode PFN_cuGraphAddEventWaitNode_v10000
#define PFN_cuGraphAddHostNode PFN_cuGraphAddHostNode_v10000
#define PFN_cuGraphAddKernelNode PFN_cuGraphAddKernelNode_v12000
#define PFN_cuGraphAddMemAllocNode PFN_cuGraphAddMemAllocNode_v10000
#define PFN_cuGraphAddMemFreeNode PFN_cuGraphAddMemFreeNode_v10000
#define PFN_cuGraphAddMemcpyNode PFN_cuGraphAddMemcpyNode_v10000
#define PFN_cuGraphAddMemsetNode PFN_cuGraphAddMemsetNode_v10000
#define PFN_cuGraphAddNode PFN_cuGraphAddNode_v10000
#define PFN_cuGraphBatchMemOpNodeGetParams PFN_cuGraphBatchMemOpNodeGetParams_v11070
#define PFN_cuGraphBatchMemOpNodeSetParams PFN_cuGraphBatchMemOpNodeSetParams_v11070
#define PFN_cuGraphChildGraphNodeGetGraph PFN_cuGraphChildGraphNodeGetGraph_v10000
#define PFN_cuGraphClone PFN_cuGraphClone_v10000
#define PFN_cuGraphConditionalHandleCreate PFN_cuGraphConditionalHandleCreate_v10000
#define PFN_cuGraphCreate PFN_cuGraphCreate_v10000
#define PFN_cuGraphDebugDotPrint PFN_cuGraphDebugDotPrint_v10000
#define PFN_cuGraphDestroy PFN_cuGraphDestroy_v10000
#define PFN_cuGraphDestroyNode PFN_cuGraphDestroyNode_v10000
#define PFN_cuGraphEventRecordNodeGetEvent PFN_cuGraphEventRecordNodeGetEvent_v10000
#define PFN_cuGraphEventRecordNodeSetEvent PFN_cuGraphEventRecordNodeSetEvent_v10000
#define PFN_cuGraphEventWaitNodeGetEvent PFN_cuGraphEventWaitNodeGetEvent_v10000
#define PFN_cuGraphEventWaitNodeSetEvent PFN_cuGraphEventWaitNodeSetEvent_v10000
#define PFN_cuGraphExecBatchMemOpNodeSetParams PFN_cuGraphExecBatchMemOpNodeSetParams_v11070
#define PFN_cuGraphExecChildGraphNodeSetParams PFN_cuGraphExecChildGraphNodeSetParams_v10000
#define PFN_cuGraphExecDestroy PFN_cuGraphExecDestroy_v10000
#define PFN_cuGraphExecEventRecordNodeSetEvent PFN_cuGraphExecEventRecordNodeSetEvent_v10000
#define PFN_cuGraphExecEventWaitNodeSetEvent PFN_cuGraphExecEventWaitNodeSetEvent_v10000
#define PFN_cuGraphExecGetFlags PFN_cuGraphExecGetFlags_v10000
#define PFN_cuGraphExecHostNodeSetParams PFN_cuGraphExecHostNodeSetParams_v10000
#define PFN_cuGraphExecKernelNodeSetParams PFN_cuGraphExecKernelNodeSetParams_v12000
#define PFN_cuGraphExecMemcpyNodeSetParams PFN_cuGraphExecMemcpyNodeSetParams_v10000
#define PFN_cuGraphExecMemsetNodeSetParams PFN_cuGraphExecMemsetNodeSetParams_v10000
#define PFN_cuGraphExecNodeSetParams PFN_cuGraphExecNodeSetParams_v10000
#define PFN_cuGraphExecUpdate PFN_cuGraphExecUpdate_v12000
#define PFN_cuGraphGetEdges PFN_cuGraphGetEdges_v10000
#define PFN_cuGraphGetNodes PFN_cuGraphGetNodes_v10000
#define PFN_cuGraphGetRootNodes PFN_cuGraphGetRootNodes_v10000
#define PFN_cuGraphHostNodeGetParams PFN_cuGraphHostNodeGetParams_v10000
#define PFN_cuGraphHostNodeSetParams PFN_cuGraphHostNodeSetParams_v10000
#define PFN_cuGraphInstantiateWithFlags PFN_cuGraphInstantiateWithFlags_v10000
#define PFN_cuGraphInstantiateWithParams PFN_cuGraphInstantiateWithParams_v10000
#define PFN_cuGraphKernelNodeCopyAttributes PFN_cuGraphKernelNodeCopyAttributes_v10000
#define PFN_cuGraphKernelNodeGetAttribute PFN_cuGraphKernelNodeGetAttribute_v10000
#define PFN_cuGraphKernelNodeGetParams PFN_cuGraphKernelNodeGetParams_v12000
#define PFN_cuGraphKernelNodeSetAttribute PFN_cuGraphKernelNodeSetAttribute_v10000
#define PFN_cuGraphKernelNodeSetParams PFN_cuGraphKernelNodeSetParams_v12000
#define PFN_cuGraphLaunch PFN_cuGraphLaunch_v10000
#define PFN_cuGraphMemAllocNodeGetParams PFN_cuGraphMemAllocNodeGetParams_v10000
#define PFN_cuGraphMemFreeNodeGetParams PFN_cuGraphMemFreeNodeGetParams_v10000
#define PFN_cuGraphMemcpyNodeGetParams PFN_cuGraphMemcpyNodeGetParams_v10000
#define PFN_cuGraphMemcpyNodeSetParams PFN_cuGraphMemcpyNodeSetParams_v10000
#define PFN_cuGraphMemsetNodeGetParams PFN_cuGraphMemsetNodeGetParams_v10000
#define PFN_cuGraphMemsetNodeSetParams PFN_cuGraphMemsetNodeSetParams_v10000
#define PFN_cuGraphNodeFindInClone PFN_cuGraphNodeFindInClone_v10000
#define PFN_cuGraphNodeGetDependencies PFN_cuGraphNodeGetDependencies_v10000
#define PFN_cuGraphNodeGetDependentNodes PFN_cuGraphNodeGetDependentNodes_v10000
#define PFN_cuGraphNodeGetEnabled PFN_cuGraphNodeGetEnabled_v10000
#define PFN_cuGraphNodeGetType PFN_cuGraphNodeGetType_v10000
#define PFN_cuGraphNodeSetEnabled PFN_cuGraphNodeSetEnabled_v10000
#define PFN_cuGraphNodeSetParams PFN_cuGraphNodeSetParams_v10000
#define PFN_cuGraphReleaseUserObject PFN_cuGraphReleaseUserObject_v10000
#define PFN_cuGraphRemoveDependencies PFN_cuGraphRemoveDependencies_v10000
#define PFN_cuGraphRetainUserObject PFN_cuGraphRetainUserObject_v10000
#define PFN_cuGraphUpload PFN_cuGraphUpload_v10000
#define PFN_cuGraphicsMapResources PFN_cuGraphicsMapResources_v3000
#define PFN_cuGraphicsResourceGetMappedPointer PFN_cuGraphicsResourceGetMappedPointer_v3020
#define PFN_cuGraphicsResourceSetMapFlags PFN_cuGraphicsResourceSetMapFlags_v6050
#define PFN_cuGraphicsSubResourceGetMappedArray PFN_cuGraphicsSubResourceGetMappedArray_v3000
#define PFN_cuGraphicsUnmapResources PFN_cuGraphicsUnmapResources_v3000
#define PFN_cuGraphicsUnregisterResource PFN_cuGraphicsUnregisterResource_v3000
#define PFN_cuGreenCtxCreate PFN_cuGreenCtxCreate_v12040
#define PFN_cuGreenCtxDestroy PFN_cuGreenCtxDestroy_v12040
#define PFN_cuGreenCtxGetDevResource PFN_cuGreenCtxGetDevResource_v12040
#define PFN_cuGreenCtxGetId PFN_cuGreenCtxGetId_v12090
#define PFN_cuGreenCtxRecordEvent PFN_cuGreenCtxRecordEvent_v12040
#define PFN_cuGreenCtxStreamCreate PFN_cuGreenCtxStreamCreate_v12050
#define PFN_cuGreenCtxWaitEvent PFN_cuGreenCtxWaitEvent_v12040
#define PFN_cuImportExternalMemory PFN_cuImportExternalMemory_v10000
#define PFN_cuImportExternalSemaphore PFN_cuImportExternalSemaphore_v10000
#define PFN_cuInit PFN_cuInit_v2000
#define PFN_cuIpcCloseMemHandle PFN_cuIpcCloseMemHandle_v4010
#define PFN_cuIpcGetEventHandle PFN_cuIpcGetEventHandle_v4010
#define PFN_cuIpcGetMemHandle PFN_cuIpcGetMemHandle_v4010
#define PFN_cuIpcOpenEventHandle PFN_cuIpcOpenEventHandle_v4010
#define PFN_cuIpcOpenMemHandle PFN_cuIpcOpenMemHandle_v11000
#define PFN_cuKernelGetAttribute PFN_cuKernelGetAttribute_v12000
#define PFN_cuKernelGetFunction PFN_cuKernelGetFunction_v12000
#define PFN_cuKernelGetLibrary PFN_cuKernelGetLibrary_v12050
#define PFN_cuKernelGetName PFN_cuKernelGetName_v12030
#define PFN_cuKernelGetParamInfo PFN_cuKernelGetParamInfo_v12040
#define PFN_cuKernelSetAttribute PFN_cuKernelSetAttribute_v12000
#define PFN_cuKernelSetCacheConfig PFN_cuKernelSetCacheConfig_v12000
#define PFN_cuLaunch PFN_cuLaunch_v2000
#define PFN_cuLaunchCooperativeKernel PFN_cuLaunchCooperativeKernel_v9000
#define PFN_cuLaunchCooperativeKernelMultiDevice PFN_cuLaunchCooperativeKernelMultiDevice_v9000
#define PFN_cuLaunchGrid PFN_cuLaunchGrid_v2000
#define PFN_cuLaunchGridAsync PFN_cuLaunchGridAsync_v2000
#define PFN_cuLaunchHostFunc PFN_cuLaunchHostFunc_v10000
#define PFN_cuLaunchKernel PFN_cuLaunchKernel_v4000
#define PFN_cuLaunchKernelEx PFN_cuLaunchKernelEx_v11060
#define PFN_cuLibraryEnumerateKernels PFN_cuLibraryEnumerateKernels_v12040
#define PFN_cuLibraryGetGlobal PFN_cuLibraryGetGlobal_v12000
#define PFN_cuLibraryGetKernel PFN_cuLibraryGetKernel_v12000
#define PFN_cuLibraryGetKernelCount PFN_cuLibraryGetKernelCount_v12040
#define PFN_cuLibraryGetManaged PFN_cuLibraryGetManaged_v12000
#define PFN_cuLibraryGetModule PFN_cuLibraryGetModule_v12000
#define PFN_cuLibraryGetUnifiedFunction PFN_cuLibraryGetUnifiedFunction_v12000
#define PFN_cuLibraryLoadData PFN_cuLibraryLoadData_v12000
#define PFN_cuLibraryLoadFromFile PFN_cuLibraryLoadFromFile_v12000
#define PFN_cuLibraryUnload PFN_cuLibraryUnload_v12000
#define PFN_cuLinkAddData PFN_cuLinkAddData_v6050
#define PFN_cuLinkAddFile PFN_cuLinkAddFile_v6050
#define PFN_cuLinkComplete PFN_cuLinkComplete_v5050
#define PFN_cuLinkCreate PFN_cuLinkCreate_v6050
#define PFN_cuLinkDestroy PFN_cuLinkDestroy_v5050
#define PFN_cuMemAddressFree PFN_cuMemAddressFree_v10020
#define PFN_cuMemAddressReserve PFN_cuMemAddressReserve_v10020
#define PFN_cuMemAdvise PFN_cuMemAdvise_v8000
#define PFN_cuMemAlloc PFN_cuMemAlloc_v3020
#define PFN_cuMemAllocAsync PFN_cuMemAllocAsync_v11020
#define PFN_cuMemAllocFromPoolAsync PFN_cuMemAllocFromPoolAsync_v11020
#define PFN_cuMemAllocHost PFN_cuMemAllocHost_v3020
#define PFN_cuMemAllocManaged PFN_cuMemAllocManaged_v6000
#define PFN_cuMemAllocPitch PFN_cuMemAllocPitch_v3020
#define PFN_cuMemCreate PFN_cuMemCreate_v10020
#define PFN_cuMemExportToShareableHandle PFN_cuMemExportToShareableHandle_v10020
#define PFN_cuMemFree PFN_cuMemFree_v3020
#define PFN_cuMemFreeAsync PFN_cuMemFreeAsync_v11020
#define PFN_cuMemFreeHost PFN_cuMemFreeHost_v2000
#define PFN_cuMemGetAccess PFN_cuMemGetAccess_v10020
#define PFN_cuMemGetAddressRange PFN_cuMemGetAddressRange_v3020
#define PFN_cuMemGetAllocationGranularity PFN_cuMemGetAllocationGranularity_v10020
#define PFN_cuMemGetAllocationPropertiesFromHandle PFN_cuMemGetAllocationPropertiesFromHandle_v10020
#define PFN_cuMemGetInfo PFN_cuMemGetInfo_v3020
#define PFN_cuMemHostAlloc PFN_cuMemHostAlloc_v2020
#define PFN_cuMemHostGetDevicePointer PFN_cuMemHostGetDevicePointer_v3020
#define PFN_cuMemHostGetFlags PFN_cuMemHostGetFlags_v2030
#define PFN_cuMemHostRegister PFN_cuMemHostRegister_v6050
#define PFN_cuMemHostUnregister PFN_cuMemHostUnregister_v4000
#define PFN_cuMemImportFromShareableHandle PFN_cuMemImportFromShareableHandle_v10020
#define PFN_cuMemMap PFN_cuMemMap_v10020
#define PFN_cuMemPoolCreate PFN_cuMemPoolCreate_v11020
#define PFN_cuMemPoolDestroy PFN_cuMemPoolDestroy_v11020
#define PFN_cuMemPoolExportPointer PFN_cuMemPoolExportPointer_v11020
#define PFN_cuMemPoolExportToShareableHandle PFN_cuMemPoolExportToShareableHandle_v11020
#define PFN_cuMemPoolGetAccess PFN_cuMemPoolGetAccess_v11020
#define PFN_cuMemPoolGetAttribute PFN_cuMemPoolGetAttribute_v11020
#define PFN_cuMemPoolImportFromShareableHandle PFN_cuMemPoolImportFromShareableHandle_v11020
#define PFN_cuMemPoolImportPointer PFN_cuMemPoolImportPointer_v11020
#define PFN_cuMemPoolSetAccess PFN_cuMemPoolSetAccess_v11020
#define PFN_cuMemPoolSetAttribute PFN_cuMemPoolSetAttribute_v11020
#define PFN_cuMemPoolTrimTo PFN_cuMemPoolTrimTo_v11020
#define PFN_cuMemPrefetchAsync PFN_cuMemPrefetchAsync_v8000
#define PFN_cuMemRangeGetAttribute PFN_cuMemRangeGetAttribute_v8000
#define PFN_cuMemRangeGetAttributes PFN_cuMemRangeGetAttributes_v8000
#define PFN_cuMemRelease PFN_cuMemRelease_v10020
#define PFN_cuMemRetainAllocationHandle PFN_cuMemRetainAllocationHandle_v11000
#define PFN_cuMemSetAccess PFN_cuMemSetAccess_v10020
#define PFN_cuMemUnmap PFN_cuMemUnmap_v10020
#define PFN_cuMemcpy PFN_cuMemcpy_v4000
#define PFN_cuMemcpy2D PFN_cuMemcpy2D_v3020
#define PFN_cuMemcpy2DAsync PFN_cuMemcpy2DAsync_v3020
#define PFN_cuMemcpy2DUnaligned PFN_cuMemcpy2DUnaligned_v3020
#define PFN_cuMemcpy3D PFN_cuMemcpy3D_v3020
#define PFN_cuMemcpy3DAsync PFN_cuMemcpy3DAsync_v3020
#define PFN_cuMemcpy3DBatchAsync PFN_cuMemcpy3DBatchAsync_v12080
#define PFN_cuMemcpy3DPeer PFN_cuMemcpy3DPeer_v4000
#define PFN_cuMemcpy3DPeerAsync PFN_cuMemcpy3DPeerAsync_v4000
#define PFN_cuMemcpyAsync PFN_cuMemcpyAsync_v4000
#define PFN_cuMemcpyAtoA PFN_cuMemcpyAtoA_v3020
#define PFN_cuMemcpyAtoD PFN_cuMemcpyAtoD_v3020
#define PFN_cuMemcpyAtoH PFN_cuMemcpyAtoH_v3020
#define PFN_cuMemcpyAtoHAsync PFN_cuMemcpyAtoHAsync_v3020
#define PFN_cuMemcpyBatchAsync PFN_cuMemcpyBatchAsync_v12080
#define PFN_cuMemcpyDtoA PFN_cuMemcpyDtoA_v3020
#define PFN_cuMemcpyDtoD PFN_cuMemcpyDtoD_v3020
#define PFN_cuMemcpyDtoDAsync PFN_cuMemcpyDtoDAsync_v3020
#define PFN_cuMemcpyDtoH PFN_cuMemcpyDtoH_v3020
#define PFN_cuMemcpyDtoHAsync PFN_cuMemcpyDtoHAsync_v3020
#define PFN_cuMemcpyHtoA PFN_cuMemcpyHtoA_v3020
#define PFN_cuMemcpyHtoAAsync PFN_cuMemcpyHtoAAsync_v3020
#define PFN_cuMemcpyHtoD PFN_cuMemcpyHtoD_v3020
#define PFN_cuMemcpyHtoDAsync PFN_cuMemcpyHtoDAsync_v3020
#define PFN_cuMemcpyPeer PFN_cuMemcpyPeer_v4000
#define PFN_cuMemcpyPeerAsync PFN_cuMemcpyPeerAsync_v4000
#define PFN_cuMemsetD16 PFN_cuMemsetD16_v3020
#define PFN_cuMemsetD16Async PFN_cuMemsetD16Async_v3020
#define PFN_cuMemsetD2D16 PFN_cuMemsetD2D16_v3020
#define PFN_cuMemsetD2D16Async PFN_cuMemsetD2D16Async_v3020
#define PFN_cuMemsetD2D32 PFN_cuMemsetD2D32_v3020
#define PFN_cuMemsetD2D32Async PFN_cuMemsetD2D32Async_v3020
#define PFN_cuMemsetD2D8 PFN_cuMemsetD2D8_v3020
#define PFN_cuMemsetD2D8Async PFN_cuMemsetD2D8Async_v3020
#define PFN_cuMemsetD32 PFN_cuMemsetD32_v3020
#define PFN_cuMemsetD32Async PFN_cuMemsetD32Async_v3020
#define PFN_cuMemsetD8 PFN_cuMemsetD8_v3020
#define PFN_cuMemsetD8Async PFN_cuMemsetD8Async_v3020
#define PFN_cuMipmappedArrayCreate PFN_cuMipmappedArrayCreate_v5000
#define PFN_cuMipmappedArrayDestroy PFN_cuMipmappedArrayDestroy_v5000
#define PFN_cuMipmappedArrayGetLevel PFN_cuMipmappedArrayGetLevel_v5000
#define PFN_cuMipmappedArrayGetMemoryRequirements PFN_cuMipmappedArrayGetMemoryRequirements_v11060
#define PFN_cuMipmappedArrayGetSparseProperties PFN_cuMipmappedArrayGetSparseProperties_v11010
#define PFN_cuModuleEnumerateFunctions PFN_cuModuleEnumerateFunctions_v12040
#define PFN_cuModuleGetFunction PFN_cuModuleGetFunction_v2000
#define PFN_cuModuleGetFunctionCount PFN_cuModuleGetFunctionCount_v12040
#define PFN_cuModuleGetGlobal PFN_cuModuleGetGlobal_v3020
#define PFN_cuModuleGetLoadingMode PFN_cuModuleGetLoadingMode_v11070
#define PFN_cuModuleGetSurfRef PFN_cuModuleGetSurfRef_v3000
#define PFN_cuModuleGetTexRef PFN_cuModuleGetTexRef_v2000
#define PFN_cuModuleLoad PFN_cuModuleLoad_v2000
#define PFN_cuModuleLoadData PFN_cuModuleLoadData_v2000
#define PFN_cuModuleLoadDataEx PFN_cuModuleLoadDataEx_v2010
#define PFN_cuModuleLoadFatBinary PFN_cuModuleLoadFatBinary_v2000
#define PFN_cuModuleUnload PFN_cuModuleUnload_v2000
#define PFN_cuMulticastAddDevice PFN_cuMulticastAddDevice_v12010
#define PFN_cuMulticastBindAddr PFN_cuMulticastBindAddr_v12010
#define PFN_cuMulticastBindMem PFN_cuMulticastBindMem_v12010
#define PFN_cuMulticastCreate PFN_cuMulticastCreate_v12010
#define PFN_cuMulticastGetGranularity PFN_cuMulticastGetGranularity_v12010
#define PFN_cuMulticastUnbind PFN_cuMulticastUnbind_v12010
#define PFN_cuOccupancyAvailableDynamicSMemPerBlock PFN_cuOccupancyAvailableDynamicSMemPerBlock_v10020
#define PFN_cuOccupancyMaxActiveBlocksPerMultiprocessor PFN_cuOccupancyMaxActiveBlocksPerMultiprocessor_v6050
#define PFN_cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags                                                       \
    PFN_cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags_v7000
#define PFN_cuOccupancyMaxActiveClusters PFN_cuOccupancyMaxActiveClusters_v11070
#define PFN_cuOccupancyMaxPotentialBlockSize PFN_cuOccupancyMaxPotentialBlockSize_v6050
#define PFN_cuOccupancyMaxPotentialBlockSizeWithFlags PFN_cuOccupancyMaxPotentialBlockSizeWithFlags_v7000
#define PFN_cuOccupancyMaxPotentialClusterSize PFN_cuOccupancyMaxPotentialClusterSize_v11070
#define PFN_cuParamSetSize PFN_cuParamSetSize_v2000
#define PFN_cuParamSetTexRef PFN_cuParamSetTexRef_v2000
#define PFN_cuParamSetf PFN_cuParamSetf_v2000
#define PFN_cuParamSeti PFN_cuParamSeti_v2000
#define PFN_cuParamSetv PFN_cuParamSetv_v2000
#define PFN_cuPointerGetAttribute PFN_cuPointerGetAttribute_v4000
#define PFN_cuPointerGetAttributes PFN_cuPointerGetAttributes_v7000
#define PFN_cuPointerSetAttribute PFN_cuPointerSetAttribute_v6000
#define PFN_cuProfilerStart PFN_cuProfilerStart_v4000
#define PFN_cuProfilerStop PFN_cuProfilerStop_v4000
#define PFN_cuSignalExternalSemaphoresAsync PFN_cuSignalExternalSemaphoresAsync_v10000
#define PFN_cuStreamAddCallback PFN_cuStreamAddCallback_v5000
#define PFN_cuStreamAttachMemAsync PFN_cuStreamAttachMemAsync_v6000
#define PFN_cuStreamBatchMemOp PFN_cuStreamBatchMemOp_v11070
#define PFN_cuStreamBeginCapture PFN_cuStreamBeginCapture_v10010
#define PFN_cuStreamBeginCaptureToGraph PFN_cuStreamBeginCaptureToGraph_v12030
#define PFN_cuStreamCopyAttributes PFN_cuStreamCopyAttributes_v11000
#define PFN_cuStreamCreate PFN_cuStreamCreate_v2000
#define PFN_cuStreamCreateWithPriority PFN_cuStreamCreateWithPriority_v5050
#define PFN_cuStreamDestroy PFN_cuStreamDestroy_v4000
#define PFN_cuStreamEndCapture PFN_cuStreamEndCapture_v10000
#define PFN_cuStreamGetAttribute PFN_cuStreamGetAttribute_v11000
#define PFN_cuStreamGetCaptureInfo PFN_cuStreamGetCaptureInfo_v11030
#define PFN_cuStreamGetCtx PFN_cuStreamGetCtx_v12050
#define PFN_cuStreamGetDevice PFN_cuStreamGetDevice_v12080
#define PFN_cuStreamGetFlags PFN_cuStreamGetFlags_v5050
#define PFN_cuStreamGetGreenCtx PFN_cuStreamGetGreenCtx_v12040
#define PFN_cuStreamGetId PFN_cuStreamGetId_v12000
#define PFN_cuStreamGetPriority PFN_cuStreamGetPriority_v5050
#define PFN_cuStreamIsCapturing PFN_cuStreamIsCapturing_v10000
#define PFN_cuStreamQuery PFN_cuStreamQuery_v2000
#define PFN_cuStreamSetAttribute PFN_cuStreamSetAttribute_v11000
#define PFN_cuStreamSynchronize PFN_cuStreamSynchronize_v2000
#define PFN_cuStreamUpdateCaptureDependencies PFN_cuStreamUpdateCaptureDependencies_v11030
#define PFN_cuStreamWaitEvent PFN_cuStreamWaitEvent_v3020
#define PFN_cuStreamWaitValue32 PFN_cuStreamWaitValue32_v11070
#define PFN_cuStreamWaitValue64 PFN_cuStreamWaitValue64_v11070
#define PFN_cuStreamWriteValue32 PFN_cuStreamWriteValue32_v11070
#define PFN_cuStreamWriteValue64 PFN_cuStreamWriteValue64_v11070
#define PFN_cuSurfObjectCreate PFN_cuSurfObjectCreate_v5000
#define PFN_cuSurfObjectDestroy PFN_cuSurfObjectDestroy_v5000
#define PFN_cuSurfObjectGetResourceDesc PFN_cuSurfObjectGetResourceDesc_v5000
#define PFN_cuSurfRefGetArray PFN_cuSurfRefGetArray_v3000
#define PFN_cuSurfRefSetArray PFN_cuSurfRefSetArray_v3000
#define PFN_cuTensorMapEncodeIm2col PFN_cuTensorMapEncodeIm2col_v12000
#define PFN_cuTensorMapEncodeTiled PFN_cuTensorMapEncodeTiled_v12000
#define PFN_cuTensorMapReplaceAddress PFN_cuTensorMapReplaceAddress_v12000
#define PFN_cuTexObjectCreate PFN_cuTexObjectCreate_v5000
#define PFN_cuTexObjectDestroy PFN_cuTexObjectDestroy_v5000
#define PFN_cuTexObjectGetResourceDesc PFN_cuTexObjectGetResourceDesc_v5000
#define PFN_cuTexObjectGetResourceViewDesc PFN_cuTexObjectGetResourceViewDesc_v5000
#define PFN_cuTexObjectGetTextureDesc PFN_cuTexObjectGetTextureDesc_v5000
#define PFN_cuTexRefCreate PFN_cuTexRefCreate_v2000
#define PFN_cuTexRefDestroy PFN_cuTexRefDestroy_v2000
#define PFN_cuTexRefGetAddress PFN_cuTexRefGetAddress_v3020
#define PFN_cuTexRefGetAddressMode PFN_cuTexRefGetAddressMode_v2000
#define PFN_cuTexRefGetArray PFN_cuTexRefGetArray_v2000
#define PFN_cuTexRefGetBorderColor PFN_cuTexRefGetBorderColor_v8000
#define PFN_cuTexRefGetFilterMode PFN_cuTexRefGetFilterMode_v2000
#define PFN_cuTexRefGetFlags PFN_cuTexRefGetFlags_v2000
#define PFN_cuTexRefGetFormat PFN_cuTexRefGetFormat_v2000
#define PFN_cuTexRefGetMaxAnisotropy PFN_cuTexRefGetMaxAnisotropy_v5000
#define PFN_cuTexRefGetMipmapFilterMode PFN_cuTexRefGetMipmapFilterMode_v5000
#define PFN_cuTexRefGetMipmapLevelBias PFN_cuTexRefGetMipmapLevelBias_v5000
#define PFN_cuTexRefGetMipmapLevelClamp PFN_cuTexRefGetMipmapLevelClamp_v5000
#define PFN_cuTexRefGetMipmappedArray PFN_cuTexRefGetMipmappedArray_v5000
#define PFN_cuTexRefSetAddress PFN_cuTexRefSetAddress_v3020
#define PFN_cuTexRefSetAddress2D PFN_cuTexRefSetAddress2D_v4010
#define PFN_cuTexRefSetAddressMode PFN_cuTexRefSetAddressMode_v2000
#define PFN_cuTexRefSetArray PFN_cuTexRefSetArray_v2000
#define PFN_cuTexRefSetBorderColor PFN_cuTexRefSetBorderColor_v8000
#define PFN_cuTexRefSetFilterMode PFN_cuTexRefSetFilterMode_v2000
#define PFN_cuTexRefSetFlags PFN_cuTexRefSetFlags_v2000
#define PFN_cuTexRefSetFormat PFN_cuTexRefSetFormat_v2000
#define PFN_cuTexRefSetMaxAnisotropy PFN_cuTexRefSetMaxAnisotropy_v5000
#define PFN_cuTexRefSetMipmapFilterMode PFN_cuTexRefSetMipmapFilterMode_v5000
#define PFN_cuTexRefSetMipmapLevelBias PFN_cuTexRefSetMipmapLevelBias_v5000
#define PFN_cuTexRefSetMipmapLevelClamp PFN_cuTexRefSetMipmapLevelClamp_v5000
#define PFN_cuTexRefSetMipmappedArray PFN_cuTexRefSetMipmappedArray_v5000
#define PFN_cuThreadExchangeStreamCaptureMode PFN_cuThreadExchangeStreamCaptureMode_v10010
#define PFN_cuUserObjectCreate PFN_cuUserObjectCreate_v11030
#define PFN_cuUserObjectRelease PFN_cuUserObjectRelease_v11030
#define PFN_cuUserObjectRetain PFN_cuUserObjectRetain_v11030
#define PFN_cuWaitExternalSemaphoresAsync PFN_cuWaitExternalSemaphoresAsync_v10000

#endif
