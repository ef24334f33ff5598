/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/api.h: the driver API's functions. The ones whose parameters once changed are exported under a versioned name,
 * as by CUDA's driver. A function that the library lacks fails to link, with its name. Part of cuda.h.
 */
#ifndef CW_CUDA_DRIVER_API_H
#define CW_CUDA_DRIVER_API_H

#define cuGetProcAddress cuGetProcAddress_v2
#define cuDeviceTotalMem cuDeviceTotalMem_v2
#define cuDevicePrimaryCtxRelease cuDevicePrimaryCtxRelease_v2
#define cuDevicePrimaryCtxSetFlags cuDevicePrimaryCtxSetFlags_v2
#define cuDevicePrimaryCtxReset cuDevicePrimaryCtxReset_v2
#define cuCtxCreate cuCtxCreate_v2
#define cuCtxDestroy cuCtxDestroy_v2
#define cuCtxPushCurrent cuCtxPushCurrent_v2
#define cuCtxPopCurrent cuCtxPopCurrent_v2
#define cuModuleGetGlobal cuModuleGetGlobal_v2
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
#define cuMemcpyHtoD cuMemcpyHtoD_v2
#define cuMemcpyDtoH cuMemcpyDtoH_v2
#define cuMemcpyDtoD cuMemcpyDtoD_v2
#define cuMemcpyHtoDAsync cuMemcpyHtoDAsync_v2
#define cuMemcpyDtoHAsync cuMemcpyDtoHAsync_v2
#define cuMemcpyDtoDAsync cuMemcpyDtoDAsync_v2
#define cuMemcpy2D cuMemcpy2D_v2
#define cuMemcpy2DUnaligned cuMemcpy2DUnaligned_v2
#define cuMemcpy2DAsync cuMemcpy2DAsync_v2
#define cuMemcpy3D cuMemcpy3D_v2
#define cuMemcpy3DAsync cuMemcpy3DAsync_v2
#define cuMemsetD8 cuMemsetD8_v2
#define cuMemsetD16 cuMemsetD16_v2
#define cuMemsetD32 cuMemsetD32_v2
#define cuMemsetD2D8 cuMemsetD2D8_v2
#define cuMemsetD2D16 cuMemsetD2D16_v2
#define cuMemsetD2D32 cuMemsetD2D32_v2
#define cuArrayCreate cuArrayCreate_v2
#define cuArray3DCreate cuArray3DCreate_v2
#define cuArrayGetDescriptor cuArrayGetDescriptor_v2
#define cuStreamDestroy cuStreamDestroy_v2
#define cuStreamBeginCapture cuStreamBeginCapture_v2
#define cuEventDestroy cuEventDestroy_v2

CW_EXTERN_C_BEGIN

/* ---- Errors, start, version ---- */
CW_CUDA_API CUresult CUDAAPI cuGetErrorString(CUresult error, const char **pStr);
CW_CUDA_API CUresult CUDAAPI cuGetErrorName(CUresult error, const char **pStr);
CW_CUDA_API CUresult CUDAAPI cuInit(unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuDriverGetVersion(int *driverVersion);
CW_CUDA_API CUresult CUDAAPI cuGetProcAddress_v2(const char *symbol, void **pfn, int cudaVersion, cuuint64_t flags,
                                                 int *symbolStatus);

/* ---- Devices ---- */
CW_CUDA_API CUresult CUDAAPI cuDeviceGet(CUdevice *device, int ordinal);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetCount(int *count);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetName(char *name, int len, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetUuid(CUuuid *uuid, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetLuid(char *luid, unsigned int *deviceNodeMask, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceTotalMem_v2(size_t *bytes, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetAttribute(int *pi, CUdevice_attribute attrib, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceComputeCapability(int *major, int *minor, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetByPCIBusId(CUdevice *dev, const char *pciBusId);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetPCIBusId(char *pciBusId, int len, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceCanAccessPeer(int *canAccessPeer, CUdevice dev, CUdevice peerDev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetP2PAttribute(int *value, CUdevice_P2PAttribute attrib, CUdevice srcDevice,
                                                     CUdevice dstDevice);

/* ---- Contexts ---- */
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext *pctx, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxRelease_v2(CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxSetFlags_v2(CUdevice dev, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxGetState(CUdevice dev, unsigned int *flags, int *active);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxReset_v2(CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxCreate_v2(CUcontext *pctx, unsigned int flags, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxDestroy_v2(CUcontext ctx);
CW_CUDA_API CUresult CUDAAPI cuCtxPushCurrent_v2(CUcontext ctx);
CW_CUDA_API CUresult CUDAAPI cuCtxPopCurrent_v2(CUcontext *pctx);
CW_CUDA_API CUresult CUDAAPI cuCtxSetCurrent(CUcontext ctx);
CW_CUDA_API CUresult CUDAAPI cuCtxGetCurrent(CUcontext *pctx);
CW_CUDA_API CUresult CUDAAPI cuCtxGetDevice(CUdevice *device);
CW_CUDA_API CUresult CUDAAPI cuCtxGetFlags(unsigned int *flags);
CW_CUDA_API CUresult CUDAAPI cuCtxSetFlags(unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuCtxGetId(CUcontext ctx, unsigned long long *ctxId);
CW_CUDA_API CUresult CUDAAPI cuCtxSynchronize(void);
CW_CUDA_API CUresult CUDAAPI cuCtxSetLimit(CUlimit limit, size_t value);
CW_CUDA_API CUresult CUDAAPI cuCtxGetLimit(size_t *pvalue, CUlimit limit);
CW_CUDA_API CUresult CUDAAPI cuCtxGetCacheConfig(CUfunc_cache *pconfig);
CW_CUDA_API CUresult CUDAAPI cuCtxSetCacheConfig(CUfunc_cache config);
CW_CUDA_API CUresult CUDAAPI cuCtxGetSharedMemConfig(CUsharedconfig *pConfig);
CW_CUDA_API CUresult CUDAAPI cuCtxSetSharedMemConfig(CUsharedconfig config);
CW_CUDA_API CUresult CUDAAPI cuCtxGetApiVersion(CUcontext ctx, unsigned int *version);
CW_CUDA_API CUresult CUDAAPI cuCtxGetStreamPriorityRange(int *leastPriority, int *greatestPriority);
CW_CUDA_API CUresult CUDAAPI cuCtxEnablePeerAccess(CUcontext peerContext, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuCtxDisablePeerAccess(CUcontext peerContext);
CW_CUDA_API CUresult CUDAAPI cuCtxAttach(CUcontext *pctx, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuCtxDetach(CUcontext ctx);

/* ---- Modules ---- */
CW_CUDA_API CUresult CUDAAPI cuModuleLoad(CUmodule *module, const char *fname);
CW_CUDA_API CUresult CUDAAPI cuModuleLoadData(CUmodule *module, const void *image);
CW_CUDA_API CUresult CUDAAPI cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned int numOptions,
                                                CUjit_option *options, void **optionValues);
CW_CUDA_API CUresult CUDAAPI cuModuleLoadFatBinary(CUmodule *module, const void *fatCubin);
CW_CUDA_API CUresult CUDAAPI cuModuleUnload(CUmodule hmod);
CW_CUDA_API CUresult CUDAAPI cuModuleGetFunction(CUfunction *hfunc, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuModuleGetFunctionCount(unsigned int *count, CUmodule mod);
CW_CUDA_API CUresult CUDAAPI cuModuleGetGlobal_v2(CUdeviceptr *dptr, size_t *bytes, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuModuleGetTexRef(CUtexref *pTexRef, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuModuleGetSurfRef(CUsurfref *pSurfRef, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuLinkCreate_v2(unsigned int numOptions, CUjit_option *options, void **optionValues,
                                             CUlinkState *stateOut);
CW_CUDA_API CUresult CUDAAPI cuLinkAddData_v2(CUlinkState state, CUjitInputType type, void *data, size_t size,
                                              const char *name, unsigned int numOptions, CUjit_option *options,
                                              void **optionValues);
CW_CUDA_API CUresult CUDAAPI cuLinkAddFile_v2(CUlinkState state, CUjitInputType type, const char *path,
                                              unsigned int numOptions, CUjit_option *options, void **optionValues);
CW_CUDA_API CUresult CUDAAPI cuLinkComplete(CUlinkState state, void **cubinOut, size_t *sizeOut);
CW_CUDA_API CUresult CUDAAPI cuLinkDestroy(CUlinkState state);

/* ---- Memory ---- */
CW_CUDA_API CUresult CUDAAPI cuMemGetInfo_v2(size_t *free, size_t *total);
CW_CUDA_API CUresult CUDAAPI cuMemAlloc_v2(CUdeviceptr *dptr, size_t bytesize);
CW_CUDA_API CUresult CUDAAPI cuMemAllocPitch_v2(CUdeviceptr *dptr, size_t *pPitch, size_t WidthInBytes, size_t Height,
                                                unsigned int ElementSizeBytes);
CW_CUDA_API CUresult CUDAAPI cuMemFree_v2(CUdeviceptr dptr);
CW_CUDA_API CUresult CUDAAPI cuMemGetAddressRange_v2(CUdeviceptr *pbase, size_t *psize, CUdeviceptr dptr);
CW_CUDA_API CUresult CUDAAPI cuMemAllocHost_v2(void **pp, size_t bytesize);
CW_CUDA_API CUresult CUDAAPI cuMemFreeHost(void *p);
CW_CUDA_API CUresult CUDAAPI cuMemHostAlloc(void **pp, size_t bytesize, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuMemHostGetDevicePointer_v2(CUdeviceptr *pdptr, void *p, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuMemHostGetFlags(unsigned int *pFlags, void *p);
CW_CUDA_API CUresult CUDAAPI cuMemAllocManaged(CUdeviceptr *dptr, size_t bytesize, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuMemHostRegister_v2(void *p, size_t bytesize, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuMemHostUnregister(void *p);
CW_CUDA_API CUresult CUDAAPI cuMemAllocAsync(CUdeviceptr *dptr, size_t bytesize, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemFreeAsync(CUdeviceptr dptr, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemPrefetchAsync(CUdeviceptr devPtr, size_t count, CUdevice dstDevice, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemAdvise(CUdeviceptr devPtr, size_t count, CUmem_advise advice, CUdevice device);
CW_CUDA_API CUresult CUDAAPI cuPointerGetAttribute(void *data, CUpointer_attribute attribute, CUdeviceptr ptr);
CW_CUDA_API CUresult CUDAAPI cuPointerSetAttribute(const void *value, CUpointer_attribute attribute, CUdeviceptr ptr);
CW_CUDA_API CUresult CUDAAPI cuPointerGetAttributes(unsigned int numAttributes, CUpointer_attribute *attributes,
                                                    void **data, CUdeviceptr ptr);

/* ---- Copies and fills ---- */
CW_CUDA_API CUresult CUDAAPI cuMemcpy(CUdeviceptr dst, CUdeviceptr src, size_t ByteCount);
CW_CUDA_API CUresult CUDAAPI cuMemcpyAsync(CUdeviceptr dst, CUdeviceptr src, size_t ByteCount, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemcpyPeer(CUdeviceptr dstDevice, CUcontext dstContext, CUdeviceptr srcDevice,
                                          CUcontext srcContext, size_t ByteCount);
CW_CUDA_API CUresult CUDAAPI cuMemcpyHtoD_v2(CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount);
CW_CUDA_API CUresult CUDAAPI cuMemcpyDtoH_v2(void *dstHost, CUdeviceptr srcDevice, size_t ByteCount);
CW_CUDA_API CUresult CUDAAPI cuMemcpyDtoD_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount);
CW_CUDA_API CUresult CUDAAPI cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount,
                                                  CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemcpyDtoHAsync_v2(void *dstHost, CUdeviceptr srcDevice, size_t ByteCount,
                                                  CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount,
                                                  CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemcpy2D_v2(const CUDA_MEMCPY2D *pCopy);
CW_CUDA_API CUresult CUDAAPI cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *pCopy);
CW_CUDA_API CUresult CUDAAPI cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *pCopy, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemcpy3D_v2(const CUDA_MEMCPY3D *pCopy);
CW_CUDA_API CUresult CUDAAPI cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *pCopy, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemsetD8_v2(CUdeviceptr dstDevice, unsigned char uc, size_t N);
CW_CUDA_API CUresult CUDAAPI cuMemsetD16_v2(CUdeviceptr dstDevice, unsigned short us, size_t N);
CW_CUDA_API CUresult CUDAAPI cuMemsetD32_v2(CUdeviceptr dstDevice, unsigned int ui, size_t N);
CW_CUDA_API CUresult CUDAAPI cuMemsetD2D8_v2(CUdeviceptr dstDevice, size_t dstPitch, unsigned char uc, size_t Width,
                                             size_t Height);
CW_CUDA_API CUresult CUDAAPI cuMemsetD2D16_v2(CUdeviceptr dstDevice, size_t dstPitch, unsigned short us, size_t Width,
                                              size_t Height);
CW_CUDA_API CUresult CUDAAPI cuMemsetD2D32_v2(CUdeviceptr dstDevice, size_t dstPitch, unsigned int ui, size_t Width,
                                              size_t Height);
CW_CUDA_API CUresult CUDAAPI cuMemsetD8Async(CUdeviceptr dstDevice, unsigned char uc, size_t N, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemsetD16Async(CUdeviceptr dstDevice, unsigned short us, size_t N, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuMemsetD32Async(CUdeviceptr dstDevice, unsigned int ui, size_t N, CUstream hStream);

/* ---- Arrays ---- */
CW_CUDA_API CUresult CUDAAPI cuArrayCreate_v2(CUarray *pHandle, const CUDA_ARRAY_DESCRIPTOR *pAllocateArray);
CW_CUDA_API CUresult CUDAAPI cuArray3DCreate_v2(CUarray *pHandle, const CUDA_ARRAY3D_DESCRIPTOR *pAllocateArray);
CW_CUDA_API CUresult CUDAAPI cuArrayGetDescriptor_v2(CUDA_ARRAY_DESCRIPTOR *pArrayDescriptor, CUarray hArray);
CW_CUDA_API CUresult CUDAAPI cuArrayDestroy(CUarray hArray);

/* ---- Streams and events ---- */
CW_CUDA_API CUresult CUDAAPI cuStreamCreate(CUstream *phStream, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuStreamCreateWithPriority(CUstream *phStream, unsigned int flags, int priority);
CW_CUDA_API CUresult CUDAAPI cuStreamGetPriority(CUstream hStream, int *priority);
CW_CUDA_API CUresult CUDAAPI cuStreamGetFlags(CUstream hStream, unsigned int *flags);
CW_CUDA_API CUresult CUDAAPI cuStreamGetCtx(CUstream hStream, CUcontext *pctx);
CW_CUDA_API CUresult CUDAAPI cuStreamWaitEvent(CUstream hStream, CUevent hEvent, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuStreamAddCallback(CUstream hStream, CUstreamCallback callback, void *userData,
                                                 unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamQuery(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamSynchronize(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamDestroy_v2(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode);
CW_CUDA_API CUresult CUDAAPI cuStreamEndCapture(CUstream hStream, CUgraph *phGraph);
CW_CUDA_API CUresult CUDAAPI cuStreamIsCapturing(CUstream hStream, CUstreamCaptureStatus *captureStatus);
CW_CUDA_API CUresult CUDAAPI cuEventCreate(CUevent *phEvent, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuEventRecord(CUevent hEvent, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuEventQuery(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventSynchronize(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventDestroy_v2(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventElapsedTime(float *pMilliseconds, CUevent hStart, CUevent hEnd);

/* ---- Execution ---- */
CW_CUDA_API CUresult CUDAAPI cuFuncGetAttribute(int *pi, CUfunction_attribute attrib, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value);
CW_CUDA_API CUresult CUDAAPI cuFuncSetCacheConfig(CUfunction hfunc, CUfunc_cache config);
CW_CUDA_API CUresult CUDAAPI cuFuncSetSharedMemConfig(CUfunction hfunc, CUsharedconfig config);
CW_CUDA_API CUresult CUDAAPI cuFuncGetModule(CUmodule *hmod, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuFuncGetName(const char **name, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuLaunchKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY,
                                            unsigned int gridDimZ, unsigned int blockDimX, unsigned int blockDimY,
                                            unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream,
                                            void **kernelParams, void **extra);
CW_CUDA_API CUresult CUDAAPI cuLaunchCooperativeKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY,
                                                       unsigned int gridDimZ, unsigned int blockDimX,
                                                       unsigned int blockDimY, unsigned int blockDimZ,
                                                       unsigned int sharedMemBytes, CUstream hStream,
                                                       void **kernelParams);
CW_CUDA_API CUresult CUDAAPI cuLaunchHostFunc(CUstream hStream, CUhostFn fn, void *userData);

/* ---- Occupancy ---- */
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, CUfunction func, int blockSize,
                                                                         size_t dynamicSMemSize);
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *numBlocks, CUfunction func,
                                                                                  int blockSize, size_t dynamicSMemSize,
                                                                                  unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxPotentialBlockSize(int *minGridSize, int *blockSize, CUfunction func,
                                                              CUoccupancyB2DSize blockSizeToDynamicSMemSize,
                                                              size_t dynamicSMemSize, int blockSizeLimit);
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxPotentialBlockSizeWithFlags(int *minGridSize, int *blockSize,
                                                                       CUfunction func,
                                                                       CUoccupancyB2DSize blockSizeToDynamicSMemSize,
                                                                       size_t dynamicSMemSize, int blockSizeLimit,
                                                                       unsigned int flags);

/* ---- Profiler ---- */
CW_CUDA_API CUresult CUDAAPI cuProfilerStart(void);
CW_CUDA_API CUresult CUDAAPI cuProfilerStop(void);

CW_EXTERN_C_END

#endif
