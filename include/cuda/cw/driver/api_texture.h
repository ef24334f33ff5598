/* SPDX-License-Identifier: Apache-2.0 */
/* driver/api_texture.h: the driver API's functions for mipmapped arrays, texture and surface objects. Part of cuda.h. */
#ifndef CW_CUDA_DRIVER_API_TEXTURE_H
#define CW_CUDA_DRIVER_API_TEXTURE_H

CW_EXTERN_C_BEGIN

/* ---- Mipmapped arrays ---- */
CW_CUDA_API CUresult CUDAAPI cuMipmappedArrayCreate(CUmipmappedArray *pHandle,
                                                    const CUDA_ARRAY3D_DESCRIPTOR *pMipmappedArrayDesc,
                                                    unsigned int numMipmapLevels);
CW_CUDA_API CUresult CUDAAPI cuMipmappedArrayGetLevel(CUarray *pLevelArray, CUmipmappedArray hMipmappedArray,
                                                      unsigned int level);
CW_CUDA_API CUresult CUDAAPI cuMipmappedArrayDestroy(CUmipmappedArray hMipmappedArray);

/* ---- Texture objects ---- */
CW_CUDA_API CUresult CUDAAPI cuTexObjectCreate(CUtexObject *pTexObject, const CUDA_RESOURCE_DESC *pResDesc,
                                               const CUDA_TEXTURE_DESC *pTexDesc,
                                               const CUDA_RESOURCE_VIEW_DESC *pResViewDesc);
CW_CUDA_API CUresult CUDAAPI cuTexObjectDestroy(CUtexObject texObject);
CW_CUDA_API CUresult CUDAAPI cuTexObjectGetResourceDesc(CUDA_RESOURCE_DESC *pResDesc, CUtexObject texObject);
CW_CUDA_API CUresult CUDAAPI cuTexObjectGetTextureDesc(CUDA_TEXTURE_DESC *pTexDesc, CUtexObject texObject);
CW_CUDA_API CUresult CUDAAPI cuTexObjectGetResourceViewDesc(CUDA_RESOURCE_VIEW_DESC *pResViewDesc,
                                                            CUtexObject texObject);

/* ---- Surface objects ---- */
CW_CUDA_API CUresult CUDAAPI cuSurfObjectCreate(CUsurfObject *pSurfObject, const CUDA_RESOURCE_DESC *pResDesc);
CW_CUDA_API CUresult CUDAAPI cuSurfObjectDestroy(CUsurfObject surfObject);
CW_CUDA_API CUresult CUDAAPI cuSurfObjectGetResourceDesc(CUDA_RESOURCE_DESC *pResDesc, CUsurfObject surfObject);

CW_EXTERN_C_END

#endif
