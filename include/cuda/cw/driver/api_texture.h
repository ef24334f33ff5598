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

/* ---- Texture and surface references, deprecated: what is set takes effect at the next launch ---- */
CW_CUDA_API CUresult CUDAAPI cuModuleGetTexRef(CUtexref *pTexRef, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuModuleGetSurfRef(CUsurfref *pSurfRef, CUmodule hmod, const char *name);
CW_CUDA_API CUresult CUDAAPI cuTexRefCreate(CUtexref *pTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefDestroy(CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetArray(CUtexref hTexRef, CUarray hArray, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetMipmappedArray(CUtexref hTexRef, CUmipmappedArray hMipmappedArray, unsigned int
                                                       Flags);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetAddress(size_t *ByteOffset, CUtexref hTexRef, CUdeviceptr dptr, size_t bytes);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetAddress2D(CUtexref hTexRef, const CUDA_ARRAY_DESCRIPTOR *desc, CUdeviceptr dptr,
                                                  size_t Pitch);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetFormat(CUtexref hTexRef, CUarray_format fmt, int NumPackedComponents);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetAddressMode(CUtexref hTexRef, int dim, CUaddress_mode am);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetFilterMode(CUtexref hTexRef, CUfilter_mode fm);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetMipmapFilterMode(CUtexref hTexRef, CUfilter_mode fm);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetMipmapLevelBias(CUtexref hTexRef, float bias);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetMipmapLevelClamp(CUtexref hTexRef, float minMipmapLevelClamp, float
                                                         maxMipmapLevelClamp);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetMaxAnisotropy(CUtexref hTexRef, unsigned int maxAniso);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetBorderColor(CUtexref hTexRef, float *pBorderColor);
CW_CUDA_API CUresult CUDAAPI cuTexRefSetFlags(CUtexref hTexRef, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetAddress(CUdeviceptr *pdptr, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetArray(CUarray *phArray, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetMipmappedArray(CUmipmappedArray *phMipmappedArray, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetAddressMode(CUaddress_mode *pam, CUtexref hTexRef, int dim);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetFilterMode(CUfilter_mode *pfm, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetFormat(CUarray_format *pFormat, int *pNumChannels, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetMipmapFilterMode(CUfilter_mode *pfm, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetMipmapLevelBias(float *pbias, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetMipmapLevelClamp(float *pminMipmapLevelClamp, float *pmaxMipmapLevelClamp,
                                                         CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetMaxAnisotropy(int *pmaxAniso, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetBorderColor(float *pBorderColor, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuTexRefGetFlags(unsigned int *pFlags, CUtexref hTexRef);
CW_CUDA_API CUresult CUDAAPI cuSurfRefSetArray(CUsurfref hSurfRef, CUarray hArray, unsigned int Flags);
CW_CUDA_API CUresult CUDAAPI cuSurfRefGetArray(CUarray *phArray, CUsurfref hSurfRef);
CW_CUDA_API CUresult CUDAAPI cuParamSetTexRef(CUfunction hfunc, int texunit, CUtexref hTexRef);

CW_EXTERN_C_END

#endif
