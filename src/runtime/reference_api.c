/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference_api.c: texture and surface references by the structures that the host sees (CUDA Runtime API 11, "Texture Reference
 * Management", "Surface Reference Management").
 */
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/reference.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

/* The reference that the host's structure stands for, on the current device. */
static cudaError_t find(const void *host, bool is_surface, struct cw_rt_reference **reference) {
    struct cw_rt_device *device;
    struct cw_rt_found found;
    void *variable;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess) {
        return error;
    }
    if (!host || !cw_rt_registry_find(host, false, device->ordinal, &found) ||
        found.kind != (is_surface ? CW_RT_SYMBOL_SURFACE : CW_RT_SYMBOL_TEXTURE)) {
        return cw_rt_fail(is_surface ? cudaErrorInvalidSurface : cudaErrorInvalidTexture, "%p is no %s reference", host,
                          is_surface ? "surface" : "texture");
    }
    error = cw_rt_reference_variable(device, host, &variable);
    return error != cudaSuccess ? error : cw_rt_reference_at(device, variable, host, is_surface, found.size != 0, reference);
}

/* What a bind function was given. */
struct binding {
    const void *memory; /* or an array, or a mipmapped array */
    const struct cudaChannelFormatDesc *desc;
    size_t size, width, height, pitch;
    size_t *offset;
};

static cudaError_t bind_linear(struct cw_rt_reference *reference, void *context) {
    const struct binding *to = context;
    return cw_rt_reference_linear(reference, to->memory, to->desc, to->size, to->offset);
}

static cudaError_t bind_pitched(struct cw_rt_reference *reference, void *context) {
    const struct binding *to = context;
    return cw_rt_reference_pitched(reference, to->memory, to->desc, to->width, to->height, to->pitch, to->offset);
}

static bool same_channels(const struct cudaChannelFormatDesc *a, const struct cudaChannelFormatDesc *b) {
    return a->x == b->x && a->y == b->y && a->z == b->z && a->w == b->w && a->f == b->f;
}

static cudaError_t check_channels(const struct cudaArray *array, const struct cudaChannelFormatDesc *desc) {
    return !desc || desc->f == cudaChannelFormatKindNone || same_channels(desc, &array->desc)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the array's elements have another format");
}

static cudaError_t bind_array(struct cw_rt_reference *reference, void *context) {
    const struct binding *to = context;
    struct cudaResourceDesc resource;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = (cudaArray_t)(uintptr_t)to->memory;
    cudaError_t error = cw_rt_array_check(to->memory);
    if (error == cudaSuccess) {
        error = check_channels(to->memory, to->desc);
    }
    return error != cudaSuccess ? error : cw_rt_reference_bind(reference, &resource, 0, NULL);
}

static cudaError_t bind_mipmap(struct cw_rt_reference *reference, void *context) {
    const struct binding *to = context;
    struct cudaResourceDesc resource;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = (cudaMipmappedArray_t)(uintptr_t)to->memory;
    cudaError_t error = cw_rt_mipmap_check(to->memory);
    if (error == cudaSuccess) {
        error = check_channels(resource.res.mipmap.mipmap->levels[0], to->desc);
    }
    return error != cudaSuccess ? error : cw_rt_reference_bind(reference, &resource, 0, NULL);
}

static cudaError_t change(const void *host, bool is_surface, bool needs_desc,
                          cudaError_t (*work)(struct cw_rt_reference *reference, void *context), struct binding *to) {
    struct cw_rt_reference *reference;
    cudaError_t error = find(host, is_surface, &reference);
    if (error == cudaSuccess && needs_desc && !to->desc) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the description of the elements is NULL");
    }
    return error != cudaSuccess ? error : cw_rt_reference_change(reference, work, to);
}

cudaError_t cudaBindTexture(size_t *offset, const struct textureReference *texref, const void *pointer,
                            const struct cudaChannelFormatDesc *desc, size_t size) {
    struct binding to = {.memory = pointer, .desc = desc, .size = size, .offset = offset};
    return cw_rt_record(change(texref, false, true, bind_linear, &to));
}

cudaError_t cudaBindTexture2D(size_t *offset, const struct textureReference *texref, const void *pointer,
                              const struct cudaChannelFormatDesc *desc, size_t width, size_t height, size_t pitch) {
    struct binding to = {
        .memory = pointer, .desc = desc, .width = width, .height = height, .pitch = pitch, .offset = offset};
    return cw_rt_record(change(texref, false, true, bind_pitched, &to));
}

cudaError_t cudaBindTextureToArray(const struct textureReference *texref, cudaArray_const_t array,
                                   const struct cudaChannelFormatDesc *desc) {
    struct binding to = {.memory = array, .desc = desc};
    return cw_rt_record(change(texref, false, false, bind_array, &to));
}

cudaError_t cudaBindTextureToMipmappedArray(const struct textureReference *texref, cudaMipmappedArray_const_t mipmap,
                                            const struct cudaChannelFormatDesc *desc) {
    struct binding to = {.memory = mipmap, .desc = desc};
    return cw_rt_record(change(texref, false, false, bind_mipmap, &to));
}

cudaError_t cudaBindSurfaceToArray(const struct surfaceReference *surfref, cudaArray_const_t array,
                                   const struct cudaChannelFormatDesc *desc) {
    struct binding to = {.memory = array, .desc = desc};
    return cw_rt_record(change(surfref, true, false, bind_array, &to));
}

static cudaError_t unbind(struct cw_rt_reference *reference, void *context) {
    (void)context;
    cw_rt_reference_unbind(reference);
    return cudaSuccess;
}

cudaError_t cudaUnbindTexture(const struct textureReference *texref) {
    return cw_rt_record(change(texref, false, false, unbind, NULL));
}

static cudaError_t get_offset(struct cw_rt_reference *reference, void *context) {
    struct binding *to = context;
    if (!reference->bound) {
        return cw_rt_fail(cudaErrorInvalidTextureBinding, "nothing is bound to the texture reference");
    }
    *to->offset = reference->offset;
    return cudaSuccess;
}

static cudaError_t alignment_offset(size_t *offset, const struct textureReference *texref) {
    struct binding to = {.offset = offset};
    return offset ? change(texref, false, false, get_offset, &to)
                  : cw_rt_fail(cudaErrorInvalidValue, "the place for the offset is NULL");
}

cudaError_t cudaGetTextureAlignmentOffset(size_t *offset, const struct textureReference *texref) {
    return cw_rt_record(alignment_offset(offset, texref));
}

/* The host's structure is the symbol itself. */
static cudaError_t get_reference(const void **place, const void *symbol, bool is_surface) {
    struct cw_rt_reference *reference;
    cudaError_t error = place ? find(symbol, is_surface, &reference)
                              : cw_rt_fail(cudaErrorInvalidValue, "the place for the reference is NULL");
    if (error == cudaSuccess) {
        *place = symbol;
    }
    return error;
}

cudaError_t cudaGetTextureReference(const struct textureReference **texref, const void *symbol) {
    return cw_rt_record(get_reference((const void **)texref, symbol, false));
}

cudaError_t cudaGetSurfaceReference(const struct surfaceReference **surfref, const void *symbol) {
    return cw_rt_record(get_reference((const void **)surfref, symbol, true));
}
