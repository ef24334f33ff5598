/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/names.h: the names that the driver API's functions are exported under, as by CUDA's driver: a version where their
 * parameters once changed, _ptds or _ptsz where a program is compiled for per-thread default streams. Part of cuda.h.
 */
#ifndef CW_CUDA_DRIVER_NAMES_H
#define CW_CUDA_DRIVER_NAMES_H

#if defined(CUDA_API_PER_THREAD_DEFAULT_STREAM)
#define CW_DRIVER_PTDS(name) name##_ptds
#define CW_DRIVER_PTSZ(name) name##_ptsz
#else
#define CW_DRIVER_PTDS(name) name
#define CW_DRIVER_PTSZ(name) name
#endif

#define cuGetProcAddress cuGetProcAddress_v2
#define cuDeviceGetUuid cuDeviceGetUuid_v2
#define cuDeviceTotalMem cuDeviceTotalMem_v2
#define cuDevicePrimaryCtxRelease cuDevicePrimaryCtxRelease_v2
#define cuDevicePrimaryCtxSetFlags cuDevicePrimaryCtxSetFlags_v2
#define cuDevicePrimaryCtxReset cuDevicePrimaryCtxReset_v2
#define cuCtxCreate cuCtxCreate_v2
#define cuCtxDestroy cuCtxDestroy_v2
#define cuCtxPushCurrent cuCtxPushCurrent_v2
#define cuCtxPopCurrent cuCtxPopCurrent_v2
#define cuModuleGetGlobal cuModuleGetGlobal_v2
#define cuTexRefSetAddress2D cuTexRefSetAddress2D_v3
#define cuTexRefGetAddress cuTexRefGetAddress_v2
#define cuTexRefSetAddress cuTexRefSetAddress_v2
#define cuLinkCreate cuLinkCreate_v2
#define cuLinkAddData cuLinkAddData_v2
#define cuLinkAddFile cuLinkAddFile_v2
#define cuMemGetInfo cuMemGetInfo_v2
#define cuMemAlloc cuMemAlloc_v2
#define cuMemAllocPitch cuMemAllocPitch_v2
#define cuMemFree cuMemFree_v2
#define cuMemGetAddressRange cuMemGetAddressRange_v2
#define cuMemAllocHost cuMemAllocHost_v2
#define cuMemHostGetDevicePointer cuMemHostGetDevicePointer_v2
#define cuMemHostRegister cuMemHostRegister_v2
#define cuMemPrefetchAsync CW_DRIVER_PTSZ(cuMemPrefetchAsync)
#define cuMemPrefetchAsync_v2 CW_DRIVER_PTSZ(cuMemPrefetchAsync_v2)
#define cuMemAllocAsync CW_DRIVER_PTSZ(cuMemAllocAsync)
#define cuMemAllocFromPoolAsync CW_DRIVER_PTSZ(cuMemAllocFromPoolAsync)
#define cuMemFreeAsync CW_DRIVER_PTSZ(cuMemFreeAsync)
#define cuIpcOpenMemHandle cuIpcOpenMemHandle_v2
#define cuMemcpy CW_DRIVER_PTDS(cuMemcpy)
#define cuMemcpyPeer CW_DRIVER_PTDS(cuMemcpyPeer)
#define cuMemcpyHtoD CW_DRIVER_PTDS(cuMemcpyHtoD_v2)
#define cuMemcpyDtoH CW_DRIVER_PTDS(cuMemcpyDtoH_v2)
#define cuMemcpyDtoD CW_DRIVER_PTDS(cuMemcpyDtoD_v2)
#define cuMemcpyDtoA CW_DRIVER_PTDS(cuMemcpyDtoA_v2)
#define cuMemcpyAtoD CW_DRIVER_PTDS(cuMemcpyAtoD_v2)
#define cuMemcpyHtoA CW_DRIVER_PTDS(cuMemcpyHtoA_v2)
#define cuMemcpyAtoH CW_DRIVER_PTDS(cuMemcpyAtoH_v2)
#define cuMemcpyAtoA CW_DRIVER_PTDS(cuMemcpyAtoA_v2)
#define cuMemcpy2D CW_DRIVER_PTDS(cuMemcpy2D_v2)
#define cuMemcpy2DUnaligned CW_DRIVER_PTDS(cuMemcpy2DUnaligned_v2)
#define cuMemcpy3D CW_DRIVER_PTDS(cuMemcpy3D_v2)
#define cuMemcpy3DPeer CW_DRIVER_PTDS(cuMemcpy3DPeer)
#define cuMemcpyAsync CW_DRIVER_PTSZ(cuMemcpyAsync)
#define cuMemcpyPeerAsync CW_DRIVER_PTSZ(cuMemcpyPeerAsync)
#define cuMemcpyHtoDAsync CW_DRIVER_PTSZ(cuMemcpyHtoDAsync_v2)
#define cuMemcpyDtoHAsync CW_DRIVER_PTSZ(cuMemcpyDtoHAsync_v2)
#define cuMemcpyDtoDAsync CW_DRIVER_PTSZ(cuMemcpyDtoDAsync_v2)
#define cuMemcpyHtoAAsync CW_DRIVER_PTSZ(cuMemcpyHtoAAsync_v2)
#define cuMemcpyAtoHAsync CW_DRIVER_PTSZ(cuMemcpyAtoHAsync_v2)
#define cuMemcpy2DAsync CW_DRIVER_PTSZ(cuMemcpy2DAsync_v2)
#define cuMemcpy3DAsync CW_DRIVER_PTSZ(cuMemcpy3DAsync_v2)
#define cuMemcpy3DPeerAsync CW_DRIVER_PTSZ(cuMemcpy3DPeerAsync)
#define cuMemsetD8 CW_DRIVER_PTDS(cuMemsetD8_v2)
#define cuMemsetD16 CW_DRIVER_PTDS(cuMemsetD16_v2)
#define cuMemsetD32 CW_DRIVER_PTDS(cuMemsetD32_v2)
#define cuMemsetD2D8 CW_DRIVER_PTDS(cuMemsetD2D8_v2)
#define cuMemsetD2D16 CW_DRIVER_PTDS(cuMemsetD2D16_v2)
#define cuMemsetD2D32 CW_DRIVER_PTDS(cuMemsetD2D32_v2)
#define cuMemsetD8Async CW_DRIVER_PTSZ(cuMemsetD8Async)
#define cuMemsetD16Async CW_DRIVER_PTSZ(cuMemsetD16Async)
#define cuMemsetD32Async CW_DRIVER_PTSZ(cuMemsetD32Async)
#define cuMemsetD2D8Async CW_DRIVER_PTSZ(cuMemsetD2D8Async)
#define cuMemsetD2D16Async CW_DRIVER_PTSZ(cuMemsetD2D16Async)
#define cuMemsetD2D32Async CW_DRIVER_PTSZ(cuMemsetD2D32Async)
#define cuArrayCreate cuArrayCreate_v2
#define cuArrayGetDescriptor cuArrayGetDescriptor_v2
#define cuArray3DCreate cuArray3DCreate_v2
#define cuArray3DGetDescriptor cuArray3DGetDescriptor_v2
#define cuStreamGetPriority CW_DRIVER_PTSZ(cuStreamGetPriority)
#define cuStreamGetDevice CW_DRIVER_PTSZ(cuStreamGetDevice)
#define cuStreamGetFlags CW_DRIVER_PTSZ(cuStreamGetFlags)
#define cuStreamGetId CW_DRIVER_PTSZ(cuStreamGetId)
#define cuStreamGetCtx CW_DRIVER_PTSZ(cuStreamGetCtx)
#define cuStreamGetCtx_v2 CW_DRIVER_PTSZ(cuStreamGetCtx_v2)
#define cuStreamWaitEvent CW_DRIVER_PTSZ(cuStreamWaitEvent)
#define cuStreamAddCallback CW_DRIVER_PTSZ(cuStreamAddCallback)
#define cuStreamAttachMemAsync CW_DRIVER_PTSZ(cuStreamAttachMemAsync)
#define cuStreamQuery CW_DRIVER_PTSZ(cuStreamQuery)
#define cuStreamSynchronize CW_DRIVER_PTSZ(cuStreamSynchronize)
#define cuStreamDestroy cuStreamDestroy_v2
#define cuStreamCopyAttributes CW_DRIVER_PTSZ(cuStreamCopyAttributes)
#define cuStreamGetAttribute CW_DRIVER_PTSZ(cuStreamGetAttribute)
#define cuStreamSetAttribute CW_DRIVER_PTSZ(cuStreamSetAttribute)
#define cuStreamWaitValue32 CW_DRIVER_PTSZ(cuStreamWaitValue32_v2)
#define cuStreamWaitValue64 CW_DRIVER_PTSZ(cuStreamWaitValue64_v2)
#define cuStreamWriteValue32 CW_DRIVER_PTSZ(cuStreamWriteValue32_v2)
#define cuStreamWriteValue64 CW_DRIVER_PTSZ(cuStreamWriteValue64_v2)
#define cuStreamBatchMemOp CW_DRIVER_PTSZ(cuStreamBatchMemOp_v2)
#define cuEventRecord CW_DRIVER_PTSZ(cuEventRecord)
#define cuEventRecordWithFlags CW_DRIVER_PTSZ(cuEventRecordWithFlags)
#define cuEventDestroy cuEventDestroy_v2
#define cuLaunchKernel CW_DRIVER_PTSZ(cuLaunchKernel)
#define cuLaunchKernelEx CW_DRIVER_PTSZ(cuLaunchKernelEx)
#define cuLaunchCooperativeKernel CW_DRIVER_PTSZ(cuLaunchCooperativeKernel)
#define cuSignalExternalSemaphoresAsync CW_DRIVER_PTSZ(cuSignalExternalSemaphoresAsync)
#define cuWaitExternalSemaphoresAsync CW_DRIVER_PTSZ(cuWaitExternalSemaphoresAsync)
#define cuLaunchHostFunc CW_DRIVER_PTSZ(cuLaunchHostFunc)
#define cuStreamBeginCapture CW_DRIVER_PTSZ(cuStreamBeginCapture_v2)
#define cuStreamBeginCaptureToGraph CW_DRIVER_PTSZ(cuStreamBeginCaptureToGraph)
#define cuStreamEndCapture CW_DRIVER_PTSZ(cuStreamEndCapture)
#define cuStreamIsCapturing CW_DRIVER_PTSZ(cuStreamIsCapturing)
#define cuStreamGetCaptureInfo CW_DRIVER_PTSZ(cuStreamGetCaptureInfo_v2)
#define cuStreamUpdateCaptureDependencies CW_DRIVER_PTSZ(cuStreamUpdateCaptureDependencies)
#define cuStreamGetCaptureInfo_v3 CW_DRIVER_PTSZ(cuStreamGetCaptureInfo_v3)
#define cuStreamUpdateCaptureDependencies_v2 CW_DRIVER_PTSZ(cuStreamUpdateCaptureDependencies_v2)
#define cuThreadExchangeStreamCaptureMode CW_DRIVER_PTSZ(cuThreadExchangeStreamCaptureMode)
#define cuGraphAddKernelNode cuGraphAddKernelNode_v2
#define cuGraphKernelNodeGetParams cuGraphKernelNodeGetParams_v2
#define cuGraphKernelNodeSetParams cuGraphKernelNodeSetParams_v2
#define cuGraphInstantiateWithParams CW_DRIVER_PTSZ(cuGraphInstantiateWithParams)
#define cuGraphExecKernelNodeSetParams cuGraphExecKernelNodeSetParams_v2
#define cuGraphExecUpdate cuGraphExecUpdate_v2
#define cuGraphUpload CW_DRIVER_PTSZ(cuGraphUpload)
#define cuGraphLaunch CW_DRIVER_PTSZ(cuGraphLaunch)
#define cuMemcpyBatchAsync CW_DRIVER_PTSZ(cuMemcpyBatchAsync)
#define cuMemcpy3DBatchAsync CW_DRIVER_PTSZ(cuMemcpy3DBatchAsync)
#define cuGraphicsResourceGetMappedPointer cuGraphicsResourceGetMappedPointer_v2
#define cuGraphicsResourceSetMapFlags cuGraphicsResourceSetMapFlags_v2
#define cuGraphicsMapResources CW_DRIVER_PTSZ(cuGraphicsMapResources)
#define cuGraphicsUnmapResources CW_DRIVER_PTSZ(cuGraphicsUnmapResources)

#endif
