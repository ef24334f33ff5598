/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/api.h: the driver API's functions for errors, devices, contexts, modules and libraries. What a function does, its
 * parameters and errors are CUDA's (CUDA Driver API reference). A function that the library lacks fails to link, with its
 * name. Part of cuda.h.
 */
#ifndef CW_CUDA_DRIVER_API_H
#define CW_CUDA_DRIVER_API_H

CW_EXTERN_C_BEGIN

/* ---- Errors, start, version, entry points ---- */
CW_CUDA_API CUresult CUDAAPI cuGetErrorString(CUresult error, const char **pStr);
CW_CUDA_API CUresult CUDAAPI cuGetErrorName(CUresult error, const char **pStr);
CW_CUDA_API CUresult CUDAAPI cuInit(unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuDriverGetVersion(int *driverVersion);
CW_CUDA_API CUresult CUDAAPI cuGetExportTable(const void **ppExportTable, const CUuuid *pExportTableId);
CW_CUDA_API CUresult CUDAAPI cuGetProcAddress(const char *symbol, void **pfn, int cudaVersion, cuuint64_t flags,
                                              CUdriverProcAddressQueryResult *symbolStatus);

/* ---- Devices ---- */
CW_CUDA_API CUresult CUDAAPI cuDeviceGet(CUdevice *device, int ordinal);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetCount(int *count);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetName(char *name, int len, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetUuid(CUuuid *uuid, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetLuid(char *luid, unsigned int *deviceNodeMask, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceTotalMem(size_t *bytes, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetAttribute(int *pi, CUdevice_attribute attrib, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetProperties(CUdevprop *prop, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceComputeCapability(int *major, int *minor, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetByPCIBusId(CUdevice *dev, const char *pciBusId);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetPCIBusId(char *pciBusId, int len, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceCanAccessPeer(int *canAccessPeer, CUdevice dev, CUdevice peerDev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetP2PAttribute(int *value, CUdevice_P2PAttribute attrib, CUdevice srcDevice,
                                                     CUdevice dstDevice);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetExecAffinitySupport(int *pi, CUexecAffinityType type, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetTexture1DLinearMaxWidth(size_t *maxWidthInElements, CUarray_format format,
                                                                unsigned numChannels, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetDefaultMemPool(CUmemoryPool *pool_out, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceGetMemPool(CUmemoryPool *pool, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDeviceSetMemPool(CUdevice dev, CUmemoryPool pool);

/* ---- Contexts ---- */
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxRetain(CUcontext *pctx, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxRelease(CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxSetFlags(CUdevice dev, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxGetState(CUdevice dev, unsigned int *flags, int *active);
CW_CUDA_API CUresult CUDAAPI cuDevicePrimaryCtxReset(CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxCreate(CUcontext *pctx, unsigned int flags, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxCreate_v3(CUcontext *pctx, CUexecAffinityParam *paramsArray, int numParams,
                                            unsigned int flags, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxCreate_v4(CUcontext *pctx, CUctxCreateParams *ctxCreateParams, unsigned int flags,
                                            CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuCtxDestroy(CUcontext ctx);
CW_CUDA_API CUresult CUDAAPI cuCtxPushCurrent(CUcontext ctx);
CW_CUDA_API CUresult CUDAAPI cuCtxPopCurrent(CUcontext *pctx);
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
CW_CUDA_API CUresult CUDAAPI cuCtxResetPersistingL2Cache(void);
CW_CUDA_API CUresult CUDAAPI cuCtxGetExecAffinity(CUexecAffinityParam *pExecAffinity, CUexecAffinityType type);
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
CW_CUDA_API CUresult CUDAAPI cuModuleGetLoadingMode(CUmoduleLoadingMode *mode);
CW_CUDA_API CUresult CUDAAPI cuModuleGetFunction(CUfunction *hfunc, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuModuleGetFunctionCount(unsigned int *count, CUmodule mod);
CW_CUDA_API CUresult CUDAAPI cuModuleEnumerateFunctions(CUfunction *functions, unsigned int numFunctions, CUmodule mod);
CW_CUDA_API CUresult CUDAAPI cuModuleGetGlobal(CUdeviceptr *dptr, size_t *bytes, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuLinkCreate(unsigned int numOptions, CUjit_option *options, void **optionValues,
                                          CUlinkState *stateOut);
CW_CUDA_API CUresult CUDAAPI cuLinkAddData(CUlinkState state, CUjitInputType type, void *data, size_t size,
                                           const char *name, unsigned int numOptions, CUjit_option *options,
                                           void **optionValues);
CW_CUDA_API CUresult CUDAAPI cuLinkAddFile(CUlinkState state, CUjitInputType type, const char *path,
                                           unsigned int numOptions, CUjit_option *options, void **optionValues);
CW_CUDA_API CUresult CUDAAPI cuLinkComplete(CUlinkState state, void **cubinOut, size_t *sizeOut);
CW_CUDA_API CUresult CUDAAPI cuLinkDestroy(CUlinkState state);

/* ---- Libraries ---- */
CW_CUDA_API CUresult CUDAAPI cuLibraryLoadData(CUlibrary *library, const void *code, CUjit_option *jitOptions,
                                               void **jitOptionsValues, unsigned int numJitOptions,
                                               CUlibraryOption *libraryOptions, void **libraryOptionValues,
                                               unsigned int numLibraryOptions);
CW_CUDA_API CUresult CUDAAPI cuLibraryLoadFromFile(CUlibrary *library, const char *fileName, CUjit_option *jitOptions,
                                                   void **jitOptionsValues, unsigned int numJitOptions,
                                                   CUlibraryOption *libraryOptions, void **libraryOptionValues,
                                                   unsigned int numLibraryOptions);
CW_CUDA_API CUresult CUDAAPI cuLibraryUnload(CUlibrary library);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetKernel(CUkernel *pKernel, CUlibrary library, const char *name);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetKernelCount(unsigned int *count, CUlibrary lib);
CW_CUDA_API CUresult CUDAAPI cuLibraryEnumerateKernels(CUkernel *kernels, unsigned int numKernels, CUlibrary lib);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetModule(CUmodule *pMod, CUlibrary library);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetGlobal(CUdeviceptr *dptr, size_t *bytes, CUlibrary library, const char *name);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetManaged(CUdeviceptr *dptr, size_t *bytes, CUlibrary library, const char *name);
CW_CUDA_API CUresult CUDAAPI cuLibraryGetUnifiedFunction(void **fptr, CUlibrary library, const char *symbol);
CW_CUDA_API CUresult CUDAAPI cuKernelGetFunction(CUfunction *pFunc, CUkernel kernel);
CW_CUDA_API CUresult CUDAAPI cuKernelGetLibrary(CUlibrary *pLib, CUkernel kernel);
CW_CUDA_API CUresult CUDAAPI cuKernelGetAttribute(int *pi, CUfunction_attribute attrib, CUkernel kernel, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuKernelSetAttribute(CUfunction_attribute attrib, int val, CUkernel kernel, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuKernelSetCacheConfig(CUkernel kernel, CUfunc_cache config, CUdevice dev);
CW_CUDA_API CUresult CUDAAPI cuKernelGetName(const char **name, CUkernel hfunc);
CW_CUDA_API CUresult CUDAAPI cuKernelGetParamInfo(CUkernel kernel, size_t paramIndex, size_t *paramOffset,
                                                  size_t *paramSize);

CW_EXTERN_C_END

#endif
