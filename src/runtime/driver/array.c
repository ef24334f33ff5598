/* SPDX-License-Identifier: Apache-2.0 */
/* array.c: the driver API's arrays: the runtime's, described by a format and a number of channels. */
#include "runtime/driver/array.h"

#include "runtime/driver/driver.h"

/* ---- Formats ----------------------------------------------------------------------------------------------------- */

struct format {
    CUarray_format format;
    int bits;
    enum cudaChannelFormatKind kind;
};

static const struct format formats[] = {
    {CU_AD_FORMAT_UNSIGNED_INT8, 8, cudaChannelFormatKindUnsigned},
    {CU_AD_FORMAT_UNSIGNED_INT16, 16, cudaChannelFormatKindUnsigned},
    {CU_AD_FORMAT_UNSIGNED_INT32, 32, cudaChannelFormatKindUnsigned},
    {CU_AD_FORMAT_SIGNED_INT8, 8, cudaChannelFormatKindSigned},
    {CU_AD_FORMAT_SIGNED_INT16, 16, cudaChannelFormatKindSigned},
    {CU_AD_FORMAT_SIGNED_INT32, 32, cudaChannelFormatKindSigned},
    {CU_AD_FORMAT_HALF, 16, cudaChannelFormatKindFloat},
    {CU_AD_FORMAT_FLOAT, 32, cudaChannelFormatKindFloat},
};
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

/* Normalised formats have their channels in their names: both APIs list them in the same order. */
static bool is_normalised(CUarray_format format) {
    return format >= CU_AD_FORMAT_UNORM_INT8X1 && format <= CU_AD_FORMAT_SNORM_INT16X4;
}

static cudaError_t normalised_channels(CUarray_format format, unsigned channels, struct cudaChannelFormatDesc *desc) {
    unsigned index = (unsigned)format - CU_AD_FORMAT_UNORM_INT8X1;
    int bits = index / 3 % 2 ? 16 : 8;
    if (channels != 1u << index % 3) {
        return cw_rt_fail(cudaErrorInvalidValue, "%u channels in format 0x%x", channels, (unsigned)format);
    }
    *desc = (struct cudaChannelFormatDesc){
        bits, channels > 1 ? bits : 0, channels > 2 ? bits : 0, channels > 2 ? bits : 0,
        (enum cudaChannelFormatKind)(cudaChannelFormatKindUnsignedNormalized8X1 + index)};
    return cudaSuccess;
}

cudaError_t cw_driver_channels(CUarray_format format, unsigned channels, struct cudaChannelFormatDesc *desc) {
    if (is_normalised(format)) {
        return normalised_channels(format, channels, desc);
    }
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (formats[i].format == format && (channels == 1 || channels == 2 || channels == 4)) {
            int bits = formats[i].bits;
            *desc = (struct cudaChannelFormatDesc){bits, channels > 1 ? bits : 0, channels > 2 ? bits : 0,
                                                   channels > 2 ? bits : 0, formats[i].kind};
            return cudaSuccess;
        }
    }
    if (format == CU_AD_FORMAT_UNORM_INT_101010_2 ||
        (format >= CU_AD_FORMAT_BC1_UNORM && format <= CU_AD_FORMAT_YUV444_16bit_SemiPlanar)) {
        return cw_rt_fail(cudaErrorNotSupported, "arrays of block-compressed, planar and packed formats (0x%x) are not there",
                          (unsigned)format);
    }
    return cw_rt_fail(cudaErrorInvalidValue, "there are no arrays of %u channels in format 0x%x", channels,
                      (unsigned)format);
}

void cw_driver_format(const struct cudaChannelFormatDesc *desc, CUarray_format *format, unsigned *channels) {
    *channels = (unsigned)(desc->x > 0) + (desc->y > 0) + (desc->z > 0) + (desc->w > 0);
    *format = CU_AD_FORMAT_FLOAT;
    if (desc->f >= cudaChannelFormatKindUnsignedNormalized8X1 && desc->f <= cudaChannelFormatKindSignedNormalized16X4) {
        *format = (CUarray_format)(CU_AD_FORMAT_UNORM_INT8X1 +
                                   ((unsigned)desc->f - cudaChannelFormatKindUnsignedNormalized8X1));
    }
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (formats[i].bits == desc->x && formats[i].kind == desc->f) {
            *format = formats[i].format;
        }
    }
}

/* ---- Arrays ------------------------------------------------------------------------------------------------------ */

static cudaError_t create(CUarray *place, const CUDA_ARRAY3D_DESCRIPTOR *wanted) {
    struct cudaChannelFormatDesc desc;
    cudaArray_t array = NULL;
    cudaError_t error = cw_driver_place(place, "array");
    if (error == cudaSuccess) {
        error = cw_driver_channels(wanted->Format, wanted->NumChannels, &desc);
    }
    if (error == cudaSuccess) {
        error = cudaMalloc3DArray(&array, &desc, (struct cudaExtent){wanted->Width, wanted->Height, wanted->Depth},
                                  wanted->Flags);
    }
    if (error == cudaSuccess) {
        *place = (CUarray)array;
    }
    return error;
}

static cudaError_t create_2d(CUarray *place, const CUDA_ARRAY_DESCRIPTOR *wanted) {
    if (!wanted) {
        return cw_rt_fail(cudaErrorInvalidValue, "the description is NULL");
    }
    CUDA_ARRAY3D_DESCRIPTOR whole = {wanted->Width, wanted->Height, 0, wanted->Format, wanted->NumChannels, 0};
    return create(place, &whole);
}

CUresult cuArrayCreate(CUarray *array, const CUDA_ARRAY_DESCRIPTOR *description) {
    return CW_DRIVER(create_2d(array, description));
}

CUresult cuArray3DCreate(CUarray *array, const CUDA_ARRAY3D_DESCRIPTOR *description) {
    return CW_DRIVER(description ? create(array, description) : create_2d(array, NULL));
}

static cudaError_t describe(CUDA_ARRAY3D_DESCRIPTOR *place, CUarray array) {
    struct cudaChannelFormatDesc desc;
    struct cudaExtent extent;
    cudaError_t error = cudaArrayGetInfo(&desc, &extent, &place->Flags, (cudaArray_t)array);
    if (error == cudaSuccess) {
        place->Width = extent.width;
        place->Height = extent.height;
        place->Depth = extent.depth;
        cw_driver_format(&desc, &place->Format, &place->NumChannels);
    }
    return error;
}

static cudaError_t describe_2d(CUDA_ARRAY_DESCRIPTOR *place, CUarray array) {
    CUDA_ARRAY3D_DESCRIPTOR whole = {0};
    cudaError_t error = cw_driver_place(place, "description");
    if (error == cudaSuccess) {
        error = describe(&whole, array);
    }
    if (error == cudaSuccess) {
        *place = (CUDA_ARRAY_DESCRIPTOR){whole.Width, whole.Height, whole.Format, whole.NumChannels};
    }
    return error;
}

CUresult cuArrayGetDescriptor(CUDA_ARRAY_DESCRIPTOR *description, CUarray array) {
    return CW_DRIVER(describe_2d(description, array));
}

CUresult cuArray3DGetDescriptor(CUDA_ARRAY3D_DESCRIPTOR *description, CUarray array) {
    return CW_DRIVER(description ? describe(description, array) : cw_driver_place(NULL, "description"));
}

static cudaError_t destroy(CUarray array) {
    return array ? cudaFreeArray((cudaArray_t)array) : cw_rt_fail(cudaErrorInvalidResourceHandle, "the array is NULL");
}

CUresult cuArrayDestroy(CUarray array) {
    return CW_DRIVER(destroy(array));
}

/* ---- What arrays need and are made of ---------------------------------------------------------------------------- */

_Static_assert(sizeof(CUDA_ARRAY_MEMORY_REQUIREMENTS) == sizeof(struct cudaArrayMemoryRequirements), "both APIs' are the same");
_Static_assert(sizeof(CUDA_ARRAY_SPARSE_PROPERTIES) == sizeof(struct cudaArraySparseProperties), "both APIs' are the same");

CUresult cuArrayGetPlane(CUarray *plane, CUarray array, unsigned index) {
    return CW_DRIVER(cudaArrayGetPlane((cudaArray_t *)plane, (cudaArray_t)array, index));
}

CUresult cuArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS *requirements, CUarray array, CUdevice device) {
    return CW_DRIVER(
        cudaArrayGetMemoryRequirements((struct cudaArrayMemoryRequirements *)requirements, (cudaArray_t)array, device));
}

CUresult cuMipmappedArrayGetMemoryRequirements(CUDA_ARRAY_MEMORY_REQUIREMENTS *requirements, CUmipmappedArray mipmap,
                                               CUdevice device) {
    return CW_DRIVER(cudaMipmappedArrayGetMemoryRequirements((struct cudaArrayMemoryRequirements *)requirements,
                                                             (cudaMipmappedArray_t)mipmap, device));
}

CUresult cuArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES *properties, CUarray array) {
    return CW_DRIVER(cudaArrayGetSparseProperties((struct cudaArraySparseProperties *)properties, (cudaArray_t)array));
}

CUresult cuMipmappedArrayGetSparseProperties(CUDA_ARRAY_SPARSE_PROPERTIES *properties, CUmipmappedArray mipmap) {
    return CW_DRIVER(cudaMipmappedArrayGetSparseProperties((struct cudaArraySparseProperties *)properties,
                                                           (cudaMipmappedArray_t)mipmap));
}
