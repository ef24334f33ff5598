/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.c: the driver API's mipmapped arrays, textures and surfaces: the runtime's, under other descriptors. The
 * handles are the same, so an object of one API serves the other.
 */
#include <string.h>

#include "runtime/array.h"
#include "runtime/driver/array.h"
#include "runtime/driver/driver.h"

/* ---- Mipmapped arrays -------------------------------------------------------------------------------------------- */

static cudaError_t create_mipmap(CUmipmappedArray *place, const CUDA_ARRAY3D_DESCRIPTOR *wanted, unsigned levels) {
    struct cudaChannelFormatDesc desc;
    cudaMipmappedArray_t mipmap = NULL;
    cudaError_t error = cw_driver_place(place, "mipmapped array");
    if (error == cudaSuccess && !wanted) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the description is NULL");
    }
    if (error == cudaSuccess) {
        error = cw_driver_channels(wanted->Format, wanted->NumChannels, &desc);
    }
    if (error == cudaSuccess) {
        struct cudaExtent extent = {wanted->Width, wanted->Height, wanted->Depth};
        error = cudaMallocMipmappedArray(&mipmap, &desc, extent, levels, wanted->Flags);
    }
    if (error == cudaSuccess) {
        *place = (CUmipmappedArray)mipmap;
    }
    return error;
}

CUresult cuMipmappedArrayCreate(CUmipmappedArray *mipmap, const CUDA_ARRAY3D_DESCRIPTOR *description, unsigned levels) {
    return CW_DRIVER(create_mipmap(mipmap, description, levels));
}

CUresult cuMipmappedArrayGetLevel(CUarray *array, CUmipmappedArray mipmap, unsigned level) {
    return CW_DRIVER(cudaGetMipmappedArrayLevel((cudaArray_t *)array, (cudaMipmappedArray_const_t)mipmap, level));
}

static cudaError_t destroy_mipmap(CUmipmappedArray mipmap) {
    return mipmap ? cudaFreeMipmappedArray((cudaMipmappedArray_t)mipmap)
                  : cw_rt_fail(cudaErrorInvalidResourceHandle, "the mipmapped array is NULL");
}

CUresult cuMipmappedArrayDestroy(CUmipmappedArray mipmap) {
    return CW_DRIVER(destroy_mipmap(mipmap));
}

/* ---- Descriptors ------------------------------------------------------------------------------------------------- */

_Static_assert((int)CU_RESOURCE_TYPE_PITCH2D == (int)cudaResourceTypePitch2D, "resource types have the same numbers");
_Static_assert((int)CU_TR_ADDRESS_MODE_BORDER == (int)cudaAddressModeBorder, "address modes have the same numbers");
_Static_assert((int)CU_TR_FILTER_MODE_LINEAR == (int)cudaFilterModeLinear, "filter modes have the same numbers");
_Static_assert((int)CU_RES_VIEW_FORMAT_UNSIGNED_BC7 == (int)cudaResViewFormatUnsignedBlockCompressed7,
               "view formats have the same numbers");

static cudaError_t to_resource(const CUDA_RESOURCE_DESC *from, struct cudaResourceDesc *to) {
    if (!from || from->flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "the resource is NULL or has flags");
    }
    *to = (struct cudaResourceDesc){.resType = (enum cudaResourceType)from->resType};
    switch (from->resType) {
    case CU_RESOURCE_TYPE_ARRAY:
        to->res.array.array = (cudaArray_t)from->res.array.hArray;
        return cudaSuccess;
    case CU_RESOURCE_TYPE_MIPMAPPED_ARRAY:
        to->res.mipmap.mipmap = (cudaMipmappedArray_t)from->res.mipmap.hMipmappedArray;
        return cudaSuccess;
    case CU_RESOURCE_TYPE_LINEAR:
        to->res.linear.devPtr = cw_driver_pointer(from->res.linear.devPtr);
        to->res.linear.sizeInBytes = from->res.linear.sizeInBytes;
        return cw_driver_channels(from->res.linear.format, from->res.linear.numChannels, &to->res.linear.desc);
    case CU_RESOURCE_TYPE_PITCH2D:
        to->res.pitch2D.devPtr = cw_driver_pointer(from->res.pitch2D.devPtr);
        to->res.pitch2D.width = from->res.pitch2D.width;
        to->res.pitch2D.height = from->res.pitch2D.height;
        to->res.pitch2D.pitchInBytes = from->res.pitch2D.pitchInBytes;
        return cw_driver_channels(from->res.pitch2D.format, from->res.pitch2D.numChannels, &to->res.pitch2D.desc);
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "%d is no type of resource", (int)from->resType);
    }
}

static void from_resource(const struct cudaResourceDesc *from, CUDA_RESOURCE_DESC *to) {
    memset(to, 0, sizeof *to);
    to->resType = (CUresourcetype)from->resType;
    switch (from->resType) {
    case cudaResourceTypeArray:
        to->res.array.hArray = (CUarray)from->res.array.array;
        break;
    case cudaResourceTypeMipmappedArray:
        to->res.mipmap.hMipmappedArray = (CUmipmappedArray)from->res.mipmap.mipmap;
        break;
    case cudaResourceTypeLinear:
        to->res.linear.devPtr = cw_driver_address(from->res.linear.devPtr);
        to->res.linear.sizeInBytes = from->res.linear.sizeInBytes;
        cw_driver_format(&from->res.linear.desc, &to->res.linear.format, &to->res.linear.numChannels);
        break;
    case cudaResourceTypePitch2D:
        to->res.pitch2D.devPtr = cw_driver_address(from->res.pitch2D.devPtr);
        to->res.pitch2D.width = from->res.pitch2D.width;
        to->res.pitch2D.height = from->res.pitch2D.height;
        to->res.pitch2D.pitchInBytes = from->res.pitch2D.pitchInBytes;
        cw_driver_format(&from->res.pitch2D.desc, &to->res.pitch2D.format, &to->res.pitch2D.numChannels);
        break;
    }
}

#define TEXTURE_FLAGS                                                                                                  \
    (CU_TRSF_READ_AS_INTEGER | CU_TRSF_NORMALIZED_COORDINATES | CU_TRSF_SRGB |                                         \
     CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION | CU_TRSF_SEAMLESS_CUBEMAP)

static cudaError_t to_texture(const CUDA_TEXTURE_DESC *from, struct cudaTextureDesc *to) {
    if (!from || (from->flags & ~(unsigned)TEXTURE_FLAGS)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the texture's description is NULL or has unknown flags");
    }
    *to = (struct cudaTextureDesc){
        .filterMode = (enum cudaTextureFilterMode)from->filterMode,
        .readMode = from->flags & CU_TRSF_READ_AS_INTEGER ? cudaReadModeElementType : cudaReadModeNormalizedFloat,
        .sRGB = (from->flags & CU_TRSF_SRGB) != 0,
        .normalizedCoords = (from->flags & CU_TRSF_NORMALIZED_COORDINATES) != 0,
        .maxAnisotropy = from->maxAnisotropy,
        .mipmapFilterMode = (enum cudaTextureFilterMode)from->mipmapFilterMode,
        .mipmapLevelBias = from->mipmapLevelBias,
        .minMipmapLevelClamp = from->minMipmapLevelClamp,
        .maxMipmapLevelClamp = from->maxMipmapLevelClamp,
        .disableTrilinearOptimization = (from->flags & CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION) != 0,
        .seamlessCubemap = (from->flags & CU_TRSF_SEAMLESS_CUBEMAP) != 0,
    };
    memcpy(to->borderColor, from->borderColor, sizeof to->borderColor);
    for (int i = 0; i < 3; i++) {
        to->addressMode[i] = (enum cudaTextureAddressMode)from->addressMode[i];
    }
    return cudaSuccess;
}

static void from_texture(const struct cudaTextureDesc *from, CUDA_TEXTURE_DESC *to) {
    *to = (CUDA_TEXTURE_DESC){
        .filterMode = (CUfilter_mode)from->filterMode,
        .flags = (from->readMode == cudaReadModeElementType ? CU_TRSF_READ_AS_INTEGER : 0u) |
                 (from->normalizedCoords ? CU_TRSF_NORMALIZED_COORDINATES : 0u) | (from->sRGB ? CU_TRSF_SRGB : 0u) |
                 (from->disableTrilinearOptimization ? CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION : 0u) |
                 (from->seamlessCubemap ? CU_TRSF_SEAMLESS_CUBEMAP : 0u),
        .maxAnisotropy = from->maxAnisotropy,
        .mipmapFilterMode = (CUfilter_mode)from->mipmapFilterMode,
        .mipmapLevelBias = from->mipmapLevelBias,
        .minMipmapLevelClamp = from->minMipmapLevelClamp,
        .maxMipmapLevelClamp = from->maxMipmapLevelClamp,
    };
    memcpy(to->borderColor, from->borderColor, sizeof to->borderColor);
    for (int i = 0; i < 3; i++) {
        to->addressMode[i] = (CUaddress_mode)from->addressMode[i];
    }
}

/* ---- Textures ---------------------------------------------------------------------------------------------------- */

static cudaError_t create_texture(CUtexObject *place, const CUDA_RESOURCE_DESC *resource,
                                  const CUDA_TEXTURE_DESC *texture, const CUDA_RESOURCE_VIEW_DESC *view) {
    struct cudaResourceDesc resource_desc;
    struct cudaTextureDesc texture_desc;
    struct cudaResourceViewDesc view_desc = {0};
    cudaTextureObject_t object = 0;
    cudaError_t error = cw_driver_place(place, "texture object");
    if (error == cudaSuccess) {
        error = to_resource(resource, &resource_desc);
    }
    if (error == cudaSuccess) {
        error = to_texture(texture, &texture_desc);
    }
    if (error == cudaSuccess && view) {
        view_desc = (struct cudaResourceViewDesc){(enum cudaResourceViewFormat)view->format,
                                                  view->width,
                                                  view->height,
                                                  view->depth,
                                                  view->firstMipmapLevel,
                                                  view->lastMipmapLevel,
                                                  view->firstLayer,
                                                  view->lastLayer};
    }
    if (error == cudaSuccess) {
        error = cudaCreateTextureObject(&object, &resource_desc, &texture_desc, view ? &view_desc : NULL);
    }
    if (error == cudaSuccess) {
        *place = object;
    }
    return error;
}

CUresult cuTexObjectCreate(CUtexObject *object, const CUDA_RESOURCE_DESC *resource, const CUDA_TEXTURE_DESC *texture,
                           const CUDA_RESOURCE_VIEW_DESC *view) {
    return CW_DRIVER(create_texture(object, resource, texture, view));
}

CUresult cuTexObjectDestroy(CUtexObject object) {
    return CW_DRIVER(cudaDestroyTextureObject(object));
}

static cudaError_t get_resource(CUDA_RESOURCE_DESC *place, uint64_t object, bool is_surface) {
    struct cudaResourceDesc resource;
    cudaError_t error = cw_driver_place(place, "resource");
    if (error == cudaSuccess) {
        error = is_surface ? cudaGetSurfaceObjectResourceDesc(&resource, object)
                           : cudaGetTextureObjectResourceDesc(&resource, object);
    }
    if (error == cudaSuccess) {
        from_resource(&resource, place);
    }
    return error;
}

CUresult cuTexObjectGetResourceDesc(CUDA_RESOURCE_DESC *resource, CUtexObject object) {
    return CW_DRIVER(get_resource(resource, object, false));
}

static cudaError_t get_texture(CUDA_TEXTURE_DESC *place, CUtexObject object) {
    struct cudaTextureDesc texture;
    cudaError_t error = cw_driver_place(place, "texture's description");
    if (error == cudaSuccess) {
        error = cudaGetTextureObjectTextureDesc(&texture, object);
    }
    if (error == cudaSuccess) {
        from_texture(&texture, place);
    }
    return error;
}

CUresult cuTexObjectGetTextureDesc(CUDA_TEXTURE_DESC *texture, CUtexObject object) {
    return CW_DRIVER(get_texture(texture, object));
}

static cudaError_t get_view(CUDA_RESOURCE_VIEW_DESC *place, CUtexObject object) {
    struct cudaResourceViewDesc view;
    cudaError_t error = cw_driver_place(place, "view");
    if (error == cudaSuccess) {
        error = cudaGetTextureObjectResourceViewDesc(&view, object);
    }
    if (error == cudaSuccess) {
        *place = (CUDA_RESOURCE_VIEW_DESC){.format = (CUresourceViewFormat)view.format,
                                           .width = view.width,
                                           .height = view.height,
                                           .depth = view.depth,
                                           .firstMipmapLevel = view.firstMipmapLevel,
                                           .lastMipmapLevel = view.lastMipmapLevel,
                                           .firstLayer = view.firstLayer,
                                           .lastLayer = view.lastLayer};
    }
    return error;
}

CUresult cuTexObjectGetResourceViewDesc(CUDA_RESOURCE_VIEW_DESC *view, CUtexObject object) {
    return CW_DRIVER(get_view(view, object));
}

/* ---- Surfaces ---------------------------------------------------------------------------------------------------- */

static cudaError_t create_surface(CUsurfObject *place, const CUDA_RESOURCE_DESC *resource) {
    struct cudaResourceDesc desc;
    cudaSurfaceObject_t object = 0;
    cudaError_t error = cw_driver_place(place, "surface object");
    if (error == cudaSuccess) {
        error = to_resource(resource, &desc);
    }
    if (error == cudaSuccess) {
        error = cudaCreateSurfaceObject(&object, &desc);
    }
    if (error == cudaSuccess) {
        *place = object;
    }
    return error;
}

CUresult cuSurfObjectCreate(CUsurfObject *object, const CUDA_RESOURCE_DESC *resource) {
    return CW_DRIVER(create_surface(object, resource));
}

CUresult cuSurfObjectDestroy(CUsurfObject object) {
    return CW_DRIVER(cudaDestroySurfaceObject(object));
}

CUresult cuSurfObjectGetResourceDesc(CUDA_RESOURCE_DESC *resource, CUsurfObject object) {
    return CW_DRIVER(get_resource(resource, object, true));
}
