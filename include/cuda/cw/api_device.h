/* SPDX-License-Identifier: Apache-2.0 */
/* api_device.h: devices, errors, versions and peers. Part of cuda_runtime_api.h. */
#ifndef CW_CUDA_API_DEVICE_H
#define CW_CUDA_API_DEVICE_H

CW_EXTERN_C_BEGIN

/* CUDA 12 exports the function under a name that tells its struct from CUDA 11's. */
#define cudaGetDeviceProperties cudaGetDeviceProperties_v2

/* ---- Device management ---- */
CW_CUDA_API cudaError_t cudaDeviceReset(void);
CW_CUDA_API cudaError_t cudaDeviceSynchronize(void);
CW_CUDA_API cudaError_t cudaDeviceSetLimit(enum cudaLimit limit, size_t value);
CW_CUDA_API cudaError_t cudaDeviceGetLimit(size_t *pValue, enum cudaLimit limit);
CW_CUDA_API cudaError_t cudaDeviceGetCacheConfig(enum cudaFuncCache *pCacheConfig);
CW_CUDA_API cudaError_t cudaDeviceSetCacheConfig(enum cudaFuncCache cacheConfig);
CW_CUDA_API cudaError_t cudaDeviceGetSharedMemConfig(enum cudaSharedMemConfig *pConfig);
CW_CUDA_API cudaError_t cudaDeviceSetSharedMemConfig(enum cudaSharedMemConfig config);
CW_CUDA_API cudaError_t cudaDeviceGetStreamPriorityRange(int *leastPriority, int *greatestPriority);
CW_CUDA_API cudaError_t cudaDeviceGetTexture1DLinearMaxWidth(size_t *maxWidthInElements,
                                                             const struct cudaChannelFormatDesc *fmtDesc, int device);
CW_CUDA_API cudaError_t cudaDeviceGetByPCIBusId(int *device, const char *pciBusId);
CW_CUDA_API cudaError_t cudaDeviceGetPCIBusId(char *pciBusId, int len, int device);
CW_CUDA_API cudaError_t cudaDeviceFlushGPUDirectRDMAWrites(enum cudaFlushGPUDirectRDMAWritesTarget target,
                                                           enum cudaFlushGPUDirectRDMAWritesScope scope);
CW_CUDA_API cudaError_t cudaGetDeviceCount(int *count);
CW_CUDA_API cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *prop, int device);
CW_CUDA_API cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attr, int device);
CW_CUDA_API cudaError_t cudaDeviceGetP2PAttribute(int *value, enum cudaDeviceP2PAttr attr, int srcDevice,
                                                  int dstDevice);
CW_CUDA_API cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t *memPool, int device);
CW_CUDA_API cudaError_t cudaDeviceSetMemPool(int device, cudaMemPool_t memPool);
CW_CUDA_API cudaError_t cudaDeviceGetMemPool(cudaMemPool_t *memPool, int device);
CW_CUDA_API cudaError_t cudaChooseDevice(int *device, const struct cudaDeviceProp *prop);
CW_CUDA_API cudaError_t cudaInitDevice(int device, unsigned int deviceFlags, unsigned int flags);
CW_CUDA_API cudaError_t cudaSetDevice(int device);
CW_CUDA_API cudaError_t cudaGetDevice(int *device);
CW_CUDA_API cudaError_t cudaSetValidDevices(int *device_arr, int len);
CW_CUDA_API cudaError_t cudaSetDeviceFlags(unsigned int flags);
CW_CUDA_API cudaError_t cudaGetDeviceFlags(unsigned int *flags);

/* ---- Thread management, deprecated by CUDA ---- */
CW_CUDA_API cudaError_t cudaThreadExit(void);
CW_CUDA_API cudaError_t cudaThreadSynchronize(void);
CW_CUDA_API cudaError_t cudaThreadSetLimit(enum cudaLimit limit, size_t value);
CW_CUDA_API cudaError_t cudaThreadGetLimit(size_t *pValue, enum cudaLimit limit);
CW_CUDA_API cudaError_t cudaThreadGetCacheConfig(enum cudaFuncCache *pCacheConfig);
CW_CUDA_API cudaError_t cudaThreadSetCacheConfig(enum cudaFuncCache cacheConfig);

/* ---- Error handling ---- */
CW_CUDA_API cudaError_t cudaGetLastError(void);
CW_CUDA_API cudaError_t cudaPeekAtLastError(void);
CW_CUDA_API const char *cudaGetErrorName(cudaError_t error);
CW_CUDA_API const char *cudaGetErrorString(cudaError_t error);

/* ---- Version management ---- */
CW_CUDA_API cudaError_t cudaDriverGetVersion(int *driverVersion);
CW_CUDA_API cudaError_t cudaRuntimeGetVersion(int *runtimeVersion);

/* ---- Peer devices ---- */
CW_CUDA_API cudaError_t cudaDeviceCanAccessPeer(int *canAccessPeer, int device, int peerDevice);
CW_CUDA_API cudaError_t cudaDeviceEnablePeerAccess(int peerDevice, unsigned int flags);
CW_CUDA_API cudaError_t cudaDeviceDisablePeerAccess(int peerDevice);

/* ---- Other processes ---- */
CW_CUDA_API cudaError_t cudaIpcGetEventHandle(cudaIpcEventHandle_t *handle, cudaEvent_t event);
CW_CUDA_API cudaError_t cudaIpcOpenEventHandle(cudaEvent_t *event, cudaIpcEventHandle_t handle);
CW_CUDA_API cudaError_t cudaIpcGetMemHandle(cudaIpcMemHandle_t *handle, void *devPtr);
CW_CUDA_API cudaError_t cudaIpcOpenMemHandle(void **devPtr, cudaIpcMemHandle_t handle, unsigned int flags);
CW_CUDA_API cudaError_t cudaIpcCloseMemHandle(void *devPtr);

/* ---- Memory and semaphores of graphics APIs ---- */
#ifndef cudaSignalExternalSemaphoresAsync
#define cudaSignalExternalSemaphoresAsync cudaSignalExternalSemaphoresAsync_v2
#define cudaWaitExternalSemaphoresAsync cudaWaitExternalSemaphoresAsync_v2
#endif
CW_CUDA_API cudaError_t cudaImportExternalMemory(cudaExternalMemory_t *extMem_out,
                                                 const struct cudaExternalMemoryHandleDesc *memHandleDesc);
CW_CUDA_API cudaError_t cudaExternalMemoryGetMappedBuffer(void **devPtr, cudaExternalMemory_t extMem,
                                                          const struct cudaExternalMemoryBufferDesc *bufferDesc);
CW_CUDA_API cudaError_t cudaExternalMemoryGetMappedMipmappedArray(
    cudaMipmappedArray_t *mipmap, cudaExternalMemory_t extMem,
    const struct cudaExternalMemoryMipmappedArrayDesc *mipmapDesc);
CW_CUDA_API cudaError_t cudaDestroyExternalMemory(cudaExternalMemory_t extMem);
CW_CUDA_API cudaError_t cudaImportExternalSemaphore(cudaExternalSemaphore_t *extSem_out,
                                                    const struct cudaExternalSemaphoreHandleDesc *semHandleDesc);
CW_CUDA_API cudaError_t cudaSignalExternalSemaphoresAsync(const cudaExternalSemaphore_t *extSemArray,
                                                          const struct cudaExternalSemaphoreSignalParams *paramsArray,
                                                          unsigned int numExtSems, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaWaitExternalSemaphoresAsync(const cudaExternalSemaphore_t *extSemArray,
                                                        const struct cudaExternalSemaphoreWaitParams *paramsArray,
                                                        unsigned int numExtSems, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaDestroyExternalSemaphore(cudaExternalSemaphore_t extSem);

/* ---- Notifications ---- */
CW_CUDA_API cudaError_t cudaDeviceRegisterAsyncNotification(int device, cudaAsyncCallback callbackFunc, void *userData,
                                                            cudaAsyncCallbackHandle_t *callback);
CW_CUDA_API cudaError_t cudaDeviceUnregisterAsyncNotification(int device, cudaAsyncCallbackHandle_t callback);

/* ---- Profiler ---- */
CW_CUDA_API cudaError_t cudaProfilerStart(void);
CW_CUDA_API cudaError_t cudaProfilerStop(void);

CW_EXTERN_C_END

#endif
