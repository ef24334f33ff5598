/* SPDX-License-Identifier: Apache-2.0 */
/* api_memory.h: memory, copies, symbols and pools. Part of cuda_runtime_api.h. */
#ifndef CW_CUDA_API_MEMORY_H
#define CW_CUDA_API_MEMORY_H

CW_EXTERN_C_BEGIN

/* ---- Allocation ---- */
CW_CUDA_API cudaError_t cudaMalloc(void **devPtr, size_t size);
CW_CUDA_API cudaError_t cudaMallocManaged(void **devPtr, size_t size, unsigned int flags);
CW_CUDA_API cudaError_t cudaMallocHost(void **ptr, size_t size);
CW_CUDA_API cudaError_t cudaMallocPitch(void **devPtr, size_t *pitch, size_t width, size_t height);
CW_CUDA_API cudaError_t cudaMalloc3D(struct cudaPitchedPtr *pitchedDevPtr, struct cudaExtent extent);
CW_CUDA_API cudaError_t cudaFree(void *devPtr);
CW_CUDA_API cudaError_t cudaFreeHost(void *ptr);
CW_CUDA_API cudaError_t cudaHostAlloc(void **pHost, size_t size, unsigned int flags);
CW_CUDA_API cudaError_t cudaHostRegister(void *ptr, size_t size, unsigned int flags);
CW_CUDA_API cudaError_t cudaHostUnregister(void *ptr);
CW_CUDA_API cudaError_t cudaHostGetDevicePointer(void **pDevice, void *pHost, unsigned int flags);
CW_CUDA_API cudaError_t cudaHostGetFlags(unsigned int *pFlags, void *pHost);
CW_CUDA_API cudaError_t cudaMemGetInfo(size_t *free, size_t *total);
CW_CUDA_API cudaError_t cudaPointerGetAttributes(struct cudaPointerAttributes *attributes, const void *ptr);

/* ---- Copies ---- */
CW_CUDA_API cudaError_t cudaMemcpy(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpyAsync(void *dst, const void *src, size_t count, enum cudaMemcpyKind kind,
                                        cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpyPeer(void *dst, int dstDevice, const void *src, int srcDevice, size_t count);
CW_CUDA_API cudaError_t cudaMemcpyPeerAsync(void *dst, int dstDevice, const void *src, int srcDevice, size_t count,
                                            cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpy2D(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width,
                                     size_t height, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpy2DAsync(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width,
                                          size_t height, enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpy3D(const struct cudaMemcpy3DParms *p);
CW_CUDA_API cudaError_t cudaMemcpy3DAsync(const struct cudaMemcpy3DParms *p, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpy3DPeer(const struct cudaMemcpy3DPeerParms *p);
CW_CUDA_API cudaError_t cudaMemcpy3DPeerAsync(const struct cudaMemcpy3DPeerParms *p, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpyBatchAsync(void **dsts, void **srcs, size_t *sizes, size_t count,
                                             struct cudaMemcpyAttributes *attrs, size_t *attrsIdxs, size_t numAttrs,
                                             size_t *failIdx, cudaStream_t hStream);

CW_CUDA_API cudaError_t cudaMemcpy3DBatchAsync(size_t numOps, struct cudaMemcpy3DBatchOp *opList, size_t *failIdx,
                                               unsigned long long flags, cudaStream_t stream);

/* ---- Device variables ---- */
CW_CUDA_API cudaError_t cudaMemcpyToSymbol(const void *symbol, const void *src, size_t count, size_t offset __dv(0),
                                           enum cudaMemcpyKind kind __dv(cudaMemcpyHostToDevice));
CW_CUDA_API cudaError_t cudaMemcpyFromSymbol(void *dst, const void *symbol, size_t count, size_t offset __dv(0),
                                             enum cudaMemcpyKind kind __dv(cudaMemcpyDeviceToHost));
CW_CUDA_API cudaError_t cudaMemcpyToSymbolAsync(const void *symbol, const void *src, size_t count, size_t offset,
                                                enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpyFromSymbolAsync(void *dst, const void *symbol, size_t count, size_t offset,
                                                  enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaGetSymbolAddress(void **devPtr, const void *symbol);
CW_CUDA_API cudaError_t cudaGetSymbolSize(size_t *size, const void *symbol);

/* ---- Filling ---- */
CW_CUDA_API cudaError_t cudaMemset(void *devPtr, int value, size_t count);
CW_CUDA_API cudaError_t cudaMemsetAsync(void *devPtr, int value, size_t count, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemset2D(void *devPtr, size_t pitch, int value, size_t width, size_t height);
CW_CUDA_API cudaError_t cudaMemset2DAsync(void *devPtr, size_t pitch, int value, size_t width, size_t height,
                                          cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemset3D(struct cudaPitchedPtr pitchedDevPtr, int value, struct cudaExtent extent);
CW_CUDA_API cudaError_t cudaMemset3DAsync(struct cudaPitchedPtr pitchedDevPtr, int value, struct cudaExtent extent,
                                          cudaStream_t stream __dv(0));

/* ---- Managed memory ---- */
CW_CUDA_API cudaError_t cudaMemPrefetchAsync(const void *devPtr, size_t count, int dstDevice,
                                             cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemPrefetchAsync_v2(const void *devPtr, size_t count, struct cudaMemLocation location,
                                                unsigned int flags, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemAdvise(const void *devPtr, size_t count, enum cudaMemoryAdvise advice, int device);
CW_CUDA_API cudaError_t cudaMemAdvise_v2(const void *devPtr, size_t count, enum cudaMemoryAdvise advice,
                                         struct cudaMemLocation location);
CW_CUDA_API cudaError_t cudaMemRangeGetAttribute(void *data, size_t dataSize, enum cudaMemRangeAttribute attribute,
                                                 const void *devPtr, size_t count);
CW_CUDA_API cudaError_t cudaMemRangeGetAttributes(void **data, size_t *dataSizes,
                                                  enum cudaMemRangeAttribute *attributes, size_t numAttributes,
                                                  const void *devPtr, size_t count);

/* ---- Stream-ordered allocation ---- */
CW_CUDA_API cudaError_t cudaMallocAsync(void **devPtr, size_t size, cudaStream_t hStream);
CW_CUDA_API cudaError_t cudaFreeAsync(void *devPtr, cudaStream_t hStream);
CW_CUDA_API cudaError_t cudaMallocFromPoolAsync(void **ptr, size_t size, cudaMemPool_t memPool, cudaStream_t stream);
CW_CUDA_API cudaError_t cudaMemPoolTrimTo(cudaMemPool_t memPool, size_t minBytesToKeep);
CW_CUDA_API cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t memPool, enum cudaMemPoolAttr attr, void *value);
CW_CUDA_API cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t memPool, enum cudaMemPoolAttr attr, void *value);
CW_CUDA_API cudaError_t cudaMemPoolSetAccess(cudaMemPool_t memPool, const struct cudaMemAccessDesc *descList,
                                             size_t count);
CW_CUDA_API cudaError_t cudaMemPoolGetAccess(enum cudaMemAccessFlags *flags, cudaMemPool_t memPool,
                                             struct cudaMemLocation *location);
CW_CUDA_API cudaError_t cudaMemPoolCreate(cudaMemPool_t *memPool, const struct cudaMemPoolProps *poolProps);
CW_CUDA_API cudaError_t cudaMemPoolDestroy(cudaMemPool_t memPool);
CW_CUDA_API cudaError_t cudaMemPoolExportToShareableHandle(void *shareableHandle, cudaMemPool_t memPool,
                                                           enum cudaMemAllocationHandleType handleType,
                                                           unsigned int flags);
CW_CUDA_API cudaError_t cudaMemPoolImportFromShareableHandle(cudaMemPool_t *memPool, void *shareableHandle,
                                                             enum cudaMemAllocationHandleType handleType,
                                                             unsigned int flags);
CW_CUDA_API cudaError_t cudaMemPoolExportPointer(struct cudaMemPoolPtrExportData *exportData, void *ptr);
CW_CUDA_API cudaError_t cudaMemPoolImportPointer(void **ptr, cudaMemPool_t memPool,
                                                 struct cudaMemPoolPtrExportData *exportData);

CW_EXTERN_C_END

#endif
