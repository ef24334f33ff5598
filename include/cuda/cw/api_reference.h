/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_reference.h: binding texture and surface references, by the structures that the host sees (CUDA Runtime API 11, "Texture
 * Reference Management", "Surface Reference Management"). CUDA 12's headers have none of it, so cuda_runtime_api.h does
 * not include this; texture_references.h does, and the runtime.
 */
#ifndef CW_CUDA_API_REFERENCE_H
#define CW_CUDA_API_REFERENCE_H

#include "../cuda_runtime_api.h"

struct textureReference {
    int normalized; /* coordinates go from 0 to 1 */
    enum cudaTextureFilterMode filterMode;
    enum cudaTextureAddressMode addressMode[3];
    struct cudaChannelFormatDesc channelDesc;
    int sRGB;
    unsigned int maxAnisotropy;
    enum cudaTextureFilterMode mipmapFilterMode;
    float mipmapLevelBias;
    float minMipmapLevelClamp;
    float maxMipmapLevelClamp;
    int disableTrilinearOptimization;
    int __cudaReserved[14];
};

struct surfaceReference {
    struct cudaChannelFormatDesc channelDesc;
};

CW_EXTERN_C_BEGIN

/* The functions read the fields of a reference when it is bound and again before each launch, as their CUDA forms do. An address
 * that is not aligned to textureAlignment is rounded down; `offset`, in bytes, is what was taken off, and must be there then. */
CW_CUDA_API cudaError_t cudaBindTexture(size_t *offset, const struct textureReference *texref, const void *devPtr,
                                        const struct cudaChannelFormatDesc *desc,
                                        size_t size __dv(0xFFFFFFFFu));
CW_CUDA_API cudaError_t cudaBindTexture2D(size_t *offset, const struct textureReference *texref,
                                            const void *devPtr, const struct cudaChannelFormatDesc *desc,
                                            size_t width, size_t height, size_t pitch);
CW_CUDA_API cudaError_t cudaBindTextureToArray(const struct textureReference *texref, cudaArray_const_t array,
                                                 const struct cudaChannelFormatDesc *desc);
CW_CUDA_API cudaError_t cudaBindTextureToMipmappedArray(const struct textureReference *texref,
                                                          cudaMipmappedArray_const_t mipmappedArray,
                                                          const struct cudaChannelFormatDesc *desc);
CW_CUDA_API cudaError_t cudaUnbindTexture(const struct textureReference *texref);
CW_CUDA_API cudaError_t cudaGetTextureAlignmentOffset(size_t *offset, const struct textureReference *texref);
CW_CUDA_API cudaError_t cudaGetTextureReference(const struct textureReference **texref, const void *symbol);
CW_CUDA_API cudaError_t cudaBindSurfaceToArray(const struct surfaceReference *surfref, cudaArray_const_t array,
                                                 const struct cudaChannelFormatDesc *desc);
CW_CUDA_API cudaError_t cudaGetSurfaceReference(const struct surfaceReference **surfref, const void *symbol);

CW_EXTERN_C_END

#endif
