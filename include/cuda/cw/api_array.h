/* SPDX-License-Identifier: Apache-2.0 */
/* api_array.h: arrays, texture and surface objects, graphics resources. Part of cuda_runtime_api.h. */
#ifndef CW_CUDA_API_ARRAY_H
#define CW_CUDA_API_ARRAY_H

CW_EXTERN_C_BEGIN

/* ---- Arrays ---- */
CW_CUDA_API cudaError_t cudaMallocArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc, size_t width,
                                        size_t height __dv(0), unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaMalloc3DArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc,
                                          struct cudaExtent extent, unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaMallocMipmappedArray(cudaMipmappedArray_t *mipmappedArray,
                                                 const struct cudaChannelFormatDesc *desc, struct cudaExtent extent,
                                                 unsigned int numLevels, unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaGetMipmappedArrayLevel(cudaArray_t *levelArray, cudaMipmappedArray_const_t mipmappedArray,
                                                   unsigned int level);
CW_CUDA_API cudaError_t cudaFreeArray(cudaArray_t array);
CW_CUDA_API cudaError_t cudaFreeMipmappedArray(cudaMipmappedArray_t mipmappedArray);
CW_CUDA_API cudaError_t cudaArrayGetInfo(struct cudaChannelFormatDesc *desc, struct cudaExtent *extent,
                                         unsigned int *flags, cudaArray_t array);
CW_CUDA_API cudaError_t cudaArrayGetPlane(cudaArray_t *pPlaneArray, cudaArray_t hArray, unsigned int planeIdx);
CW_CUDA_API cudaError_t cudaArrayGetMemoryRequirements(struct cudaArrayMemoryRequirements *memoryRequirements,
                                                       cudaArray_t array, int device);
CW_CUDA_API cudaError_t cudaMipmappedArrayGetMemoryRequirements(struct cudaArrayMemoryRequirements *memoryRequirements,
                                                                cudaMipmappedArray_t mipmap, int device);
CW_CUDA_API cudaError_t cudaArrayGetSparseProperties(struct cudaArraySparseProperties *sparseProperties,
                                                     cudaArray_t array);
CW_CUDA_API cudaError_t cudaMipmappedArrayGetSparseProperties(struct cudaArraySparseProperties *sparseProperties,
                                                              cudaMipmappedArray_t mipmap);

/* ---- Copies ---- */
CW_CUDA_API cudaError_t cudaMemcpy2DToArray(cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src,
                                            size_t spitch, size_t width, size_t height, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpy2DToArrayAsync(cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src,
                                                 size_t spitch, size_t width, size_t height, enum cudaMemcpyKind kind,
                                                 cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpy2DFromArray(void *dst, size_t dpitch, cudaArray_const_t src, size_t wOffset,
                                              size_t hOffset, size_t width, size_t height, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpy2DFromArrayAsync(void *dst, size_t dpitch, cudaArray_const_t src, size_t wOffset,
                                                   size_t hOffset, size_t width, size_t height,
                                                   enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpy2DArrayToArray(cudaArray_t dst, size_t wOffsetDst, size_t hOffsetDst,
                                                 cudaArray_const_t src, size_t wOffsetSrc, size_t hOffsetSrc,
                                                 size_t width, size_t height,
                                                 enum cudaMemcpyKind kind __dv(cudaMemcpyDeviceToDevice));
CW_CUDA_API cudaError_t cudaMemcpyToArray(cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src,
                                          size_t count, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpyFromArray(void *dst, cudaArray_const_t src, size_t wOffset, size_t hOffset,
                                            size_t count, enum cudaMemcpyKind kind);
CW_CUDA_API cudaError_t cudaMemcpyArrayToArray(cudaArray_t dst, size_t wOffsetDst, size_t hOffsetDst,
                                               cudaArray_const_t src, size_t wOffsetSrc, size_t hOffsetSrc,
                                               size_t count, enum cudaMemcpyKind kind __dv(cudaMemcpyDeviceToDevice));
CW_CUDA_API cudaError_t cudaMemcpyToArrayAsync(cudaArray_t dst, size_t wOffset, size_t hOffset, const void *src,
                                               size_t count, enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaMemcpyFromArrayAsync(void *dst, cudaArray_const_t src, size_t wOffset, size_t hOffset,
                                                 size_t count, enum cudaMemcpyKind kind, cudaStream_t stream __dv(0));

/* ---- Texture and surface objects ---- */
CW_CUDA_API cudaError_t cudaGetChannelDesc(struct cudaChannelFormatDesc *desc, cudaArray_const_t array);
CW_CUDA_API struct cudaChannelFormatDesc cudaCreateChannelDesc(int x, int y, int z, int w,
                                                               enum cudaChannelFormatKind f);
CW_CUDA_API cudaError_t cudaCreateTextureObject(cudaTextureObject_t *pTexObject,
                                                const struct cudaResourceDesc *pResDesc,
                                                const struct cudaTextureDesc *pTexDesc,
                                                const struct cudaResourceViewDesc *pResViewDesc);
CW_CUDA_API cudaError_t cudaDestroyTextureObject(cudaTextureObject_t texObject);
CW_CUDA_API cudaError_t cudaGetTextureObjectResourceDesc(struct cudaResourceDesc *pResDesc,
                                                         cudaTextureObject_t texObject);
CW_CUDA_API cudaError_t cudaGetTextureObjectTextureDesc(struct cudaTextureDesc *pTexDesc,
                                                        cudaTextureObject_t texObject);
CW_CUDA_API cudaError_t cudaGetTextureObjectResourceViewDesc(struct cudaResourceViewDesc *pResViewDesc,
                                                             cudaTextureObject_t texObject);
CW_CUDA_API cudaError_t cudaCreateSurfaceObject(cudaSurfaceObject_t *pSurfObject,
                                                const struct cudaResourceDesc *pResDesc);
CW_CUDA_API cudaError_t cudaDestroySurfaceObject(cudaSurfaceObject_t surfObject);
CW_CUDA_API cudaError_t cudaGetSurfaceObjectResourceDesc(struct cudaResourceDesc *pResDesc,
                                                         cudaSurfaceObject_t surfObject);

/* ---- Graphics resources ---- */
CW_CUDA_API cudaError_t cudaGraphicsUnregisterResource(cudaGraphicsResource_t resource);
CW_CUDA_API cudaError_t cudaGraphicsResourceSetMapFlags(cudaGraphicsResource_t resource, unsigned int flags);
CW_CUDA_API cudaError_t cudaGraphicsMapResources(int count, cudaGraphicsResource_t *resources,
                                                 cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaGraphicsUnmapResources(int count, cudaGraphicsResource_t *resources,
                                                   cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaGraphicsResourceGetMappedPointer(void **devPtr, size_t *size,
                                                             cudaGraphicsResource_t resource);
CW_CUDA_API cudaError_t cudaGraphicsSubResourceGetMappedArray(cudaArray_t *array, cudaGraphicsResource_t resource,
                                                              unsigned int arrayIndex, unsigned int mipLevel);

CW_EXTERN_C_END

#endif
