/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.c: see image.h. What each descriptor must be is the CUDA Runtime API's text on cudaCreateTextureObject; alignments
 * and sizes are the device's properties.
 */
#include "runtime/image.h"

#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/memory.h"
#include "runtime/thread.h"

/* ---- Memory -------------------------------------------------------------------------------------------------- */

/* `bytes` from `pointer` on must be memory that the runtime knows, in one allocation or in some that touch. */
static cudaError_t check_memory(const void *pointer, size_t bytes, size_t alignment) {
    struct cw_rt_device *owner;
    if (!pointer || (uintptr_t)pointer % alignment != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "the pointer %p is not aligned to %zu bytes", pointer, alignment);
    }
    uintptr_t at = (uintptr_t)pointer, end = at + bytes;
    while (at < end) {
        struct cw_rt_range range = cw_rt_memory_find((const void *)at, &owner);
        if (range.kind == CW_RT_MEMORY_UNKNOWN) {
            return cw_rt_fail(cudaErrorInvalidValue, "%p with %zu bytes is not memory of the device", pointer, bytes);
        }
        at = range.base + range.size;
    }
    return cudaSuccess;
}

static cudaError_t image_of_linear(const struct cudaDeviceProp *prop, const struct cudaResourceDesc *resource,
                                   struct cw_rt_image *image) {
    size_t bytes = resource->res.linear.sizeInBytes;
    cudaError_t error = cw_rt_format_of(&resource->res.linear.desc, &image->format);
    if (error != cudaSuccess) {
        return error;
    }
    size_t count = bytes / image->format.bytes;
    if (count == 0 || count > (size_t)prop->maxTexture1DLinear) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu elements in linear memory; from 1 to %d are possible", count,
                          prop->maxTexture1DLinear);
    }
    error = check_memory(resource->res.linear.devPtr, bytes, prop->textureAlignment);
    image->image.levels[0] = (struct cw_image_level){resource->res.linear.devPtr, (uint32_t)count, 1, 1, bytes, bytes};
    return error;
}

static cudaError_t image_of_pitched(const struct cudaDeviceProp *prop, const struct cudaResourceDesc *resource,
                                    struct cw_rt_image *image) {
    size_t width = resource->res.pitch2D.width, height = resource->res.pitch2D.height;
    size_t pitch = resource->res.pitch2D.pitchInBytes;
    cudaError_t error = cw_rt_format_of(&resource->res.pitch2D.desc, &image->format);
    if (error != cudaSuccess) {
        return error;
    }
    if (width == 0 || height == 0 || width > (size_t)prop->maxTexture2DLinear[0] ||
        height > (size_t)prop->maxTexture2DLinear[1]) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu x %zu elements in pitched memory; up to %d x %d are possible",
                          width, height, prop->maxTexture2DLinear[0], prop->maxTexture2DLinear[1]);
    }
    if (pitch < width * image->format.bytes || pitch % prop->texturePitchAlignment != 0 ||
        pitch > (size_t)prop->maxTexture2DLinear[2]) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "a pitch of %zu bytes for rows of %zu: it must be a multiple of %zu and at most %d", pitch,
                          width * image->format.bytes, prop->texturePitchAlignment, prop->maxTexture2DLinear[2]);
    }
    size_t bytes = (height - 1) * pitch + width * image->format.bytes;
    error = check_memory(resource->res.pitch2D.devPtr, bytes, prop->textureAlignment);
    image->image.levels[0] = (struct cw_image_level){
        resource->res.pitch2D.devPtr, (uint32_t)width, (uint32_t)height, 1, pitch, pitch * height};
    return error;
}

/* ---- Arrays -------------------------------------------------------------------------------------------------- */

static struct cw_image_level level_of(const struct cudaArray *array) {
    size_t pitch = array->extent.width * array->format.bytes;
    return (struct cw_image_level){
        array->base,        (uint32_t)array->extent.width, (uint32_t)array->rows, (uint32_t)array->slices, pitch,
        pitch * array->rows};
}

static cudaError_t image_of_array(const struct cudaArray *array, struct cw_rt_image *image) {
    cudaError_t error = cw_rt_array_check(array);
    if (error == cudaSuccess) {
        image->format = array->format;
        image->image.levels[0] = level_of(array);
    }
    return error;
}

static cudaError_t image_of_mipmap(const struct cudaMipmappedArray *mipmap, struct cw_rt_image *image) {
    cudaError_t error = cw_rt_mipmap_check(mipmap);
    if (error != cudaSuccess) {
        return error;
    }
    image->format = mipmap->levels[0]->format;
    image->image.level_count = mipmap->level_count;
    for (unsigned i = 0; i < mipmap->level_count; i++) {
        image->image.levels[i] = level_of(mipmap->levels[i]);
    }
    return cudaSuccess;
}

/* ---- Views --------------------------------------------------------------------------------------------------- */

static cudaError_t apply_format(const struct cudaResourceViewDesc *view, struct cw_rt_image *image) {
    struct cw_rt_format format = {0};
    if (view->format == cudaResViewFormatNone) {
        return cw_rt_fail(cudaErrorInvalidValue, "a view needs a format");
    }
    cudaError_t error = cw_rt_format_of_view(view->format, &format);
    if (error == cudaSuccess && format.bytes != image->format.bytes) {
        error = cw_rt_fail(cudaErrorInvalidValue, "a view of elements of %zu bytes over ones of %zu", format.bytes,
                           image->format.bytes);
    }
    image->format = format;
    return error;
}

/* Layers of a layered array; for cubemaps a layer is six slices. Depth slices can't be left out. */
static cudaError_t apply_layers(const struct cudaResourceViewDesc *view, const struct cudaArray *array,
                                struct cw_rt_image *image) {
    if (!(array->flags & cudaArrayLayered)) {
        return view->firstLayer == 0 && view->lastLayer == 0
                   ? cudaSuccess
                   : cw_rt_fail(cudaErrorInvalidValue, "layers %u to %u of an array that is not layered",
                                view->firstLayer, view->lastLayer);
    }
    uint32_t each = array->flags & cudaArrayCubemap ? 6 : 1, layers = (uint32_t)array->slices / each;
    if (view->firstLayer > view->lastLayer || view->lastLayer >= layers) {
        return cw_rt_fail(cudaErrorInvalidValue, "layers %u to %u of %u", view->firstLayer, view->lastLayer, layers);
    }
    for (uint32_t i = 0; i < image->image.level_count; i++) {
        struct cw_image_level *level = &image->image.levels[i];
        level->base = (char *)level->base + (size_t)view->firstLayer * each * level->slice;
        level->slices = (view->lastLayer - view->firstLayer + 1) * each;
    }
    return cudaSuccess;
}

static cudaError_t apply_levels(const struct cudaResourceViewDesc *view, struct cw_rt_image *image) {
    struct cw_image *levels = &image->image;
    if (view->firstMipmapLevel > view->lastMipmapLevel || view->lastMipmapLevel >= levels->level_count) {
        return cw_rt_fail(cudaErrorInvalidValue, "mipmap levels %u to %u of %u", view->firstMipmapLevel,
                          view->lastMipmapLevel, levels->level_count);
    }
    levels->level_count = view->lastMipmapLevel - view->firstMipmapLevel + 1;
    memmove(levels->levels, levels->levels + view->firstMipmapLevel, levels->level_count * sizeof levels->levels[0]);
    return cudaSuccess;
}

static cudaError_t apply_view(const struct cudaResourceViewDesc *view, const struct cudaResourceDesc *resource,
                              struct cw_rt_image *image) {
    if (resource->resType != cudaResourceTypeArray && resource->resType != cudaResourceTypeMipmappedArray) {
        return cw_rt_fail(cudaErrorInvalidValue, "views are for arrays and mipmapped arrays");
    }
    const struct cudaArray *array =
        resource->resType == cudaResourceTypeArray ? resource->res.array.array : resource->res.mipmap.mipmap->levels[0];
    if (view->width != array->extent.width || view->height != array->extent.height ||
        view->depth != array->extent.depth) {
        return cw_rt_fail(cudaErrorInvalidValue, "a view of %zu x %zu x %zu over an array of %zu x %zu x %zu",
                          view->width, view->height, view->depth, array->extent.width, array->extent.height,
                          array->extent.depth);
    }
    cudaError_t error = apply_format(view, image);
    if (error == cudaSuccess) {
        error = apply_layers(view, array, image);
    }
    return error != cudaSuccess ? error : apply_levels(view, image);
}

cudaError_t cw_rt_image_of(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                           const struct cudaResourceViewDesc *view, struct cw_rt_image *image) {
    struct cudaDeviceProp prop;
    *image = (struct cw_rt_image){.image.level_count = 1};
    cudaError_t error = cudaGetDeviceProperties(&prop, device->ordinal);
    if (error != cudaSuccess) {
        return error;
    }
    switch (resource->resType) {
    case cudaResourceTypeArray:
        error = image_of_array(resource->res.array.array, image);
        break;
    case cudaResourceTypeMipmappedArray:
        error = image_of_mipmap(resource->res.mipmap.mipmap, image);
        break;
    case cudaResourceTypeLinear:
        error = image_of_linear(&prop, resource, image);
        break;
    case cudaResourceTypePitch2D:
        error = image_of_pitched(&prop, resource, image);
        break;
    default:
        error = cw_rt_fail(cudaErrorInvalidValue, "%d is no type of resource", (int)resource->resType);
    }
    if (error == cudaSuccess && view) {
        error = apply_view(view, resource, image);
    }
    image->image.texel = image->format.texel;
    image->image.channels = image->format.channels;
    return error;
}

/* ---- Samplers ------------------------------------------------------------------------------------------------ */

static cudaError_t check_words(const struct cudaTextureDesc *texture) {
    for (int i = 0; i < 3; i++) {
        if (texture->addressMode[i] > cudaAddressModeBorder) {
            return cw_rt_fail(cudaErrorInvalidValue, "%d is no address mode", (int)texture->addressMode[i]);
        }
    }
    if (texture->filterMode > cudaFilterModeLinear || texture->mipmapFilterMode > cudaFilterModeLinear) {
        return cw_rt_fail(cudaErrorInvalidValue, "%d or %d is no filter mode", (int)texture->filterMode,
                          (int)texture->mipmapFilterMode);
    }
    return texture->readMode <= cudaReadModeNormalizedFloat
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "%d is no read mode", (int)texture->readMode);
}

cudaError_t cw_rt_sampler_of(const struct cudaResourceDesc *resource, const struct cudaTextureDesc *texture,
                             const struct cw_rt_image *image, struct cw_sampler *sampler) {
    static const enum cw_address_mode modes[] = {
        [cudaAddressModeWrap] = CW_ADDRESS_WRAP,
        [cudaAddressModeClamp] = CW_ADDRESS_CLAMP,
        [cudaAddressModeMirror] = CW_ADDRESS_MIRROR,
        [cudaAddressModeBorder] = CW_ADDRESS_BORDER,
    };
    const struct cw_rt_format *format = &image->format;
    cudaError_t error = check_words(texture);
    if (error != cudaSuccess) {
        return error;
    }
    if (resource->resType == cudaResourceTypeMipmappedArray && !texture->normalizedCoords) {
        return cw_rt_fail(cudaErrorInvalidValue, "mipmapped arrays are read with normalised coordinates");
    }
    if (format->normalized && texture->readMode != cudaReadModeNormalizedFloat) {
        return cw_rt_fail(cudaErrorInvalidNormSetting, "normalised formats are read with cudaReadModeNormalizedFloat");
    }
    bool small = image->image.texel <= CW_TEXEL_SINT16; /* CUDA leaves 32-bit integers as they are */
    bool to_float = small && texture->readMode == cudaReadModeNormalizedFloat;
    /* CUDA ignores filter and address modes over linear memory, which is read by element. */
    bool linear = texture->filterMode == cudaFilterModeLinear && resource->resType != cudaResourceTypeLinear;
    bool mip = texture->mipmapFilterMode == cudaFilterModeLinear && image->image.level_count > 1;
    if ((linear || mip) && !to_float && !cw_rt_format_is_float(format)) {
        return cw_rt_fail(cudaErrorInvalidFilterSetting,
                          "linear filtering gives floats, and this texture is read as integers");
    }
    *sampler = (struct cw_sampler){
        .linear = linear,
        .linear_mip = mip,
        .to_float = to_float,
        .srgb = texture->sRGB != 0,
        .normalized = texture->normalizedCoords != 0,
        .seamless = texture->seamlessCubemap != 0,
        .max_anisotropy = texture->maxAnisotropy < 1    ? 1
                          : texture->maxAnisotropy > 16 ? 16
                                                        : texture->maxAnisotropy,
        .bias = texture->mipmapLevelBias,
        .min_level = texture->minMipmapLevelClamp,
        .max_level = texture->maxMipmapLevelClamp,
    };
    memcpy(sampler->border, texture->borderColor, sizeof sampler->border);
    for (int i = 0; i < 3; i++) {
        bool folds = texture->addressMode[i] == cudaAddressModeWrap || texture->addressMode[i] == cudaAddressModeMirror;
        sampler->address[i] = folds && !sampler->normalized ? CW_ADDRESS_CLAMP : modes[texture->addressMode[i]];
    }
    return cudaSuccess;
}
