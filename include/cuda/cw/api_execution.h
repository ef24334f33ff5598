/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_execution.h: launches, function attributes and occupancy; and the entry points that compilers' host objects call.
 * Part of cuda_runtime_api.h.
 */
#ifndef CW_CUDA_API_EXECUTION_H
#define CW_CUDA_API_EXECUTION_H

CW_EXTERN_C_BEGIN

/* ---- Execution control ---- */
CW_CUDA_API cudaError_t cudaLaunchKernel(const void *func, dim3 gridDim, dim3 blockDim, void **args, size_t sharedMem,
                                         cudaStream_t stream);
CW_CUDA_API cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *func, void **args);
CW_CUDA_API cudaError_t cudaLaunchCooperativeKernel(const void *func, dim3 gridDim, dim3 blockDim, void **args,
                                                    size_t sharedMem, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaLaunchCooperativeKernelMultiDevice(struct cudaLaunchParams *launchParamsList,
                                                               unsigned int numDevices, unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t fn, void *userData);
CW_CUDA_API cudaError_t cudaFuncSetCacheConfig(const void *func, enum cudaFuncCache cacheConfig);
CW_CUDA_API cudaError_t cudaFuncSetSharedMemConfig(const void *func, enum cudaSharedMemConfig config);
CW_CUDA_API cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes *attr, const void *func);
CW_CUDA_API cudaError_t cudaFuncSetAttribute(const void *func, enum cudaFuncAttribute attr, int value);
CW_CUDA_API cudaError_t cudaFuncGetName(const char **name, const void *func);
CW_CUDA_API cudaError_t cudaFuncGetParamInfo(const void *func, size_t paramIndex, size_t *paramOffset,
                                             size_t *paramSize);
CW_CUDA_API cudaError_t cudaSetDoubleForDevice(double *d);
CW_CUDA_API cudaError_t cudaSetDoubleForHost(double *d);

/* ---- Occupancy ---- */
CW_CUDA_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, const void *func, int blockSize,
                                                                      size_t dynamicSMemSize);
CW_CUDA_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *numBlocks, const void *func,
                                                                               int blockSize, size_t dynamicSMemSize,
                                                                               unsigned int flags);
CW_CUDA_API cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t *dynamicSmemSize, const void *func,
                                                                  int numBlocks, int blockSize);
CW_CUDA_API cudaError_t cudaOccupancyMaxPotentialClusterSize(int *clusterSize, const void *func,
                                                             const cudaLaunchConfig_t *launchConfig);
CW_CUDA_API cudaError_t cudaOccupancyMaxActiveClusters(int *numClusters, const void *func,
                                                       const cudaLaunchConfig_t *launchConfig);

/* ---- What compiled host code calls ---- */
CW_CUDA_API unsigned int __cudaPushCallConfiguration(dim3 gridDim, dim3 blockDim, size_t sharedMem __dv(0),
                                                     struct CUstream_st *stream __dv(0));
CW_CUDA_API cudaError_t __cudaPopCallConfiguration(dim3 *gridDim, dim3 *blockDim, size_t *sharedMem, void *stream);

CW_EXTERN_C_END

#endif
