/* SPDX-License-Identifier: Apache-2.0 */
/* driver/api_execution.h: the driver API's functions for streams, events, functions, launches, occupancy and profiling.
 * Part of cuda.h. */
#ifndef CW_CUDA_DRIVER_API_EXECUTION_H
#define CW_CUDA_DRIVER_API_EXECUTION_H

CW_EXTERN_C_BEGIN

/* ---- Streams and events ---- */
CW_CUDA_API CUresult CUDAAPI cuStreamCreate(CUstream *phStream, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuStreamCreateWithPriority(CUstream *phStream, unsigned int flags, int priority);
CW_CUDA_API CUresult CUDAAPI cuStreamGetPriority(CUstream hStream, int *priority);
CW_CUDA_API CUresult CUDAAPI cuStreamGetDevice(CUstream hStream, CUdevice *device);
CW_CUDA_API CUresult CUDAAPI cuStreamGetFlags(CUstream hStream, unsigned int *flags);
CW_CUDA_API CUresult CUDAAPI cuStreamGetId(CUstream hStream, unsigned long long *streamId);
CW_CUDA_API CUresult CUDAAPI cuStreamGetCtx(CUstream hStream, CUcontext *pctx);
CW_CUDA_API CUresult CUDAAPI cuStreamWaitEvent(CUstream hStream, CUevent hEvent, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuStreamAddCallback(CUstream hStream, CUstreamCallback callback, void *userData,
                                                 unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamAttachMemAsync(CUstream hStream, CUdeviceptr dptr, size_t length,
                                                    unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamQuery(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamSynchronize(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamDestroy(CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuStreamCopyAttributes(CUstream dst, CUstream src);
CW_CUDA_API CUresult CUDAAPI cuStreamGetAttribute(CUstream hStream, CUstreamAttrID attr, CUstreamAttrValue *value_out);
CW_CUDA_API CUresult CUDAAPI cuStreamSetAttribute(CUstream hStream, CUstreamAttrID attr,
                                                  const CUstreamAttrValue *value);
CW_CUDA_API CUresult CUDAAPI cuStreamWaitValue32(CUstream stream, CUdeviceptr addr, cuuint32_t value,
                                                 unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamWaitValue64(CUstream stream, CUdeviceptr addr, cuuint64_t value,
                                                 unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamWriteValue32(CUstream stream, CUdeviceptr addr, cuuint32_t value,
                                                  unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamWriteValue64(CUstream stream, CUdeviceptr addr, cuuint64_t value,
                                                  unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuStreamBatchMemOp(CUstream stream, unsigned int count,
                                                CUstreamBatchMemOpParams *paramArray, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuEventCreate(CUevent *phEvent, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuEventRecord(CUevent hEvent, CUstream hStream);
CW_CUDA_API CUresult CUDAAPI cuEventRecordWithFlags(CUevent hEvent, CUstream hStream, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuEventQuery(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventSynchronize(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventDestroy(CUevent hEvent);
CW_CUDA_API CUresult CUDAAPI cuEventElapsedTime(float *pMilliseconds, CUevent hStart, CUevent hEnd);

/* ---- Functions and launches ---- */
CW_CUDA_API CUresult CUDAAPI cuFuncGetAttribute(int *pi, CUfunction_attribute attrib, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value);
CW_CUDA_API CUresult CUDAAPI cuFuncSetCacheConfig(CUfunction hfunc, CUfunc_cache config);
CW_CUDA_API CUresult CUDAAPI cuFuncSetSharedMemConfig(CUfunction hfunc, CUsharedconfig config);
CW_CUDA_API CUresult CUDAAPI cuFuncGetModule(CUmodule *hmod, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuFuncGetName(const char **name, CUfunction hfunc);
CW_CUDA_API CUresult CUDAAPI cuFuncGetParamInfo(CUfunction func, size_t paramIndex, size_t *paramOffset,
                                                size_t *paramSize);
CW_CUDA_API CUresult CUDAAPI cuFuncIsLoaded(CUfunctionLoadingState *state, CUfunction function);
CW_CUDA_API CUresult CUDAAPI cuFuncLoad(CUfunction function);
CW_CUDA_API CUresult CUDAAPI cuLaunchKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY,
                                            unsigned int gridDimZ, unsigned int blockDimX, unsigned int blockDimY,
                                            unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream,
                                            void **kernelParams, void **extra);
CW_CUDA_API CUresult CUDAAPI cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction f, void **kernelParams,
                                              void **extra);
CW_CUDA_API CUresult CUDAAPI cuLaunchCooperativeKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY,
                                                       unsigned int gridDimZ, unsigned int blockDimX,
                                                       unsigned int blockDimY, unsigned int blockDimZ,
                                                       unsigned int sharedMemBytes, CUstream hStream,
                                                       void **kernelParams);
CW_CUDA_API CUresult CUDAAPI cuLaunchCooperativeKernelMultiDevice(CUDA_LAUNCH_PARAMS *launchParamsList, unsigned int
                                             numDevices, unsigned int flags);
CW_CUDA_API CUresult CUDAAPI cuLaunchHostFunc(CUstream hStream, CUhostFn fn, void *userData);

/* The launch interface of CUDA 3, still exported by NVIDIA's driver. */
CW_CUDA_API CUresult CUDAAPI cuFuncSetBlockShape(CUfunction hfunc, int x, int y, int z);
CW_CUDA_API CUresult CUDAAPI cuFuncSetSharedSize(CUfunction hfunc, unsigned int bytes);
CW_CUDA_API CUresult CUDAAPI cuParamSetSize(CUfunction hfunc, unsigned int numbytes);
CW_CUDA_API CUresult CUDAAPI cuParamSeti(CUfunction hfunc, int offset, unsigned int value);
CW_CUDA_API CUresult CUDAAPI cuParamSetf(CUfunction hfunc, int offset, float value);
CW_CUDA_API CUresult CUDAAPI cuParamSetv(CUfunction hfunc, int offset, void *ptr, unsigned int numbytes);
CW_CUDA_API CUresult CUDAAPI cuLaunch(CUfunction f);
CW_CUDA_API CUresult CUDAAPI cuLaunchGrid(CUfunction f, int grid_width, int grid_height);
CW_CUDA_API CUresult CUDAAPI cuLaunchGridAsync(CUfunction f, int grid_width, int grid_height, CUstream hStream);

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
CW_CUDA_API CUresult CUDAAPI cuOccupancyAvailableDynamicSMemPerBlock(size_t *dynamicSmemSize, CUfunction func,
                                                                     int numBlocks, int blockSize);
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxActiveClusters(int *numClusters, CUfunction func,
                                                          const CUlaunchConfig *config);
CW_CUDA_API CUresult CUDAAPI cuOccupancyMaxPotentialClusterSize(int *clusterSize, CUfunction func,
                                                                const CUlaunchConfig *config);

/* ---- Profiler ---- */
CW_CUDA_API CUresult CUDAAPI cuProfilerStart(void);
CW_CUDA_API CUresult CUDAAPI cuProfilerStop(void);

CW_EXTERN_C_END

#endif
