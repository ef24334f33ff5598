/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reference.c: the driver API's texture and surface references (CUDA Driver API, "Texture Reference Management [DEPRECATED]",
 * "Surface Reference Management [DEPRECATED]"), which modules of old programs hold; what is set takes effect at the next
 * launch (runtime/reference.h). A handle belongs to its module and goes with it.
 */
#include <string.h>

#include "runtime/array.h"
#include "runtime/driver/array.h"
#include "runtime/driver/driver.h"
#include "runtime/loading.h"
#include "runtime/reference.h"

#define FLAGS (CU_TRSF_READ_AS_INTEGER | CU_TRSF_NORMALIZED_COORDINATES | CU_TRSF_SRGB | CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION)

/* ---- Handles ----------------------------------------------------------------------------------------------------- */

static cudaError_t get_reference(void **place, CUmodule module, const char *name, bool is_surface) {
    struct cw_rt_device *device;
    struct cw_rt_reference *reference = NULL;
    void *variable;
    if (!place || !name) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the reference or its name is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_module_reference((struct cw_rt_loaded *)module, name, is_surface, &variable);
    }
    if (error == cudaSuccess) {
        error = cw_rt_reference_at(device, variable, NULL, is_surface, true, &reference);
    }
    if (error == cudaSuccess) {
        *place = reference;
    }
    return error;
}

CUresult cuModuleGetTexRef(CUtexref *reference, CUmodule module, const char *name) {
    return CW_DRIVER(get_reference((void **)reference, module, name, false));
}

CUresult cuModuleGetSurfRef(CUsurfref *reference, CUmodule module, const char *name) {
    return CW_DRIVER(get_reference((void **)reference, module, name, true));
}

static cudaError_t create(CUtexref *place) {
    struct cw_rt_device *device;
    struct cw_rt_reference *reference = NULL;
    cudaError_t error = cw_driver_place(place, "texture reference");
    if (error == cudaSuccess) {
        error = cw_rt_device_current(&device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_reference_at(device, NULL, NULL, false, true, &reference);
    }
    if (error == cudaSuccess) {
        *place = (CUtexref)reference;
    }
    return error;
}

CUresult cuTexRefCreate(CUtexref *reference) {
    return CW_DRIVER(create(reference));
}

static cudaError_t destroy(CUtexref handle) {
    struct cw_rt_reference *reference = (struct cw_rt_reference *)handle;
    cudaError_t error = cw_rt_reference_check(reference, false);
    if (error == cudaSuccess && reference->variable) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the reference belongs to its module");
    }
    if (error == cudaSuccess) {
        cw_rt_reference_destroy(reference);
    }
    return error;
}

CUresult cuTexRefDestroy(CUtexref reference) {
    return CW_DRIVER(destroy(reference));
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

/* What a function was given; each uses what it needs. */
struct setting {
    const void *memory;
    struct cudaChannelFormatDesc desc;
    size_t size, width, height, pitch;
    size_t *offset;
    int index, number;
    float low, high;
    const float *colour;
};

typedef cudaError_t (*setter)(struct cw_rt_reference *reference, void *context);

static cudaError_t change_any(void *handle, bool is_surface, setter work, struct setting *setting) {
    cudaError_t error = cw_rt_reference_check(handle, is_surface);
    return error == cudaSuccess ? cw_rt_reference_change(handle, work, setting) : error;
}

static cudaError_t change(CUtexref handle, setter work, struct setting setting) {
    return change_any(handle, false, work, &setting);
}

static cudaError_t bind_array(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    struct cudaResourceDesc resource;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = (cudaArray_t)(uintptr_t)to->memory;
    return cw_rt_reference_bind(reference, &resource, 0, NULL);
}

static cudaError_t set_array(void *handle, bool is_surface, CUarray array, unsigned flags) {
    struct setting setting = {.memory = array};
    if (flags != (is_surface ? 0u : CU_TRSA_OVERRIDE_FORMAT)) {
        return cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x: textures take CU_TRSA_OVERRIDE_FORMAT, surfaces none", flags);
    }
    return change_any(handle, is_surface, bind_array, &setting);
}

CUresult cuTexRefSetArray(CUtexref reference, CUarray array, unsigned flags) {
    return CW_DRIVER(set_array(reference, false, array, flags));
}

CUresult cuSurfRefSetArray(CUsurfref reference, CUarray array, unsigned flags) {
    return CW_DRIVER(set_array(reference, true, array, flags));
}

static cudaError_t bind_mipmap(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    struct cudaResourceDesc resource;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = (cudaMipmappedArray_t)(uintptr_t)to->memory;
    return cw_rt_reference_bind(reference, &resource, 0, NULL);
}

static cudaError_t set_mipmap(CUtexref reference, CUmipmappedArray mipmap, unsigned flags) {
    return flags == CU_TRSA_OVERRIDE_FORMAT
               ? change(reference, bind_mipmap, (struct setting){.memory = mipmap})
               : cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x: CU_TRSA_OVERRIDE_FORMAT must be set", flags);
}

CUresult cuTexRefSetMipmappedArray(CUtexref reference, CUmipmappedArray mipmap, unsigned flags) {
    return CW_DRIVER(set_mipmap(reference, mipmap, flags));
}

/* The format of linear memory is the reference's own; 32-bit floats until cuTexRefSetFormat says otherwise. */
static const struct cudaChannelFormatDesc *format_of(struct cw_rt_reference *reference) {
    static const struct cudaChannelFormatDesc usual = {32, 0, 0, 0, cudaChannelFormatKindFloat};
    return reference->format.x ? &reference->format : &usual;
}

/* Address 0 unbinds. */
static cudaError_t bind_linear(struct cw_rt_reference *reference, void *context) {
    struct setting *to = context;
    if (!to->memory) {
        cw_rt_reference_unbind(reference);
        if (to->offset) {
            *to->offset = 0;
        }
        return cudaSuccess;
    }
    return cw_rt_reference_linear(reference, to->memory, format_of(reference), to->size, to->offset);
}

CUresult cuTexRefSetAddress(size_t *offset, CUtexref reference, CUdeviceptr pointer, size_t bytes) {
    return CW_DRIVER(change(reference, bind_linear,
                            (struct setting){.memory = cw_driver_pointer(pointer), .size = bytes, .offset = offset}));
}

static cudaError_t bind_pitched(struct cw_rt_reference *reference, void *context) {
    struct setting *to = context;
    cudaError_t error =
        cw_rt_reference_pitched(reference, to->memory, &to->desc, to->width, to->height, to->pitch, NULL);
    if (error == cudaSuccess) {
        reference->format = to->desc;
    }
    return error;
}

static cudaError_t set_address_2d(CUtexref reference, const CUDA_ARRAY_DESCRIPTOR *desc, CUdeviceptr pointer, size_t pitch) {
    struct setting setting = {.memory = cw_driver_pointer(pointer), .pitch = pitch};
    if (!desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "the description is NULL");
    }
    setting.width = desc->Width;
    setting.height = desc->Height;
    cudaError_t error = cw_driver_channels(desc->Format, desc->NumChannels, &setting.desc);
    return error == cudaSuccess ? change(reference, bind_pitched, setting) : error;
}

CUresult cuTexRefSetAddress2D(CUtexref reference, const CUDA_ARRAY_DESCRIPTOR *desc, CUdeviceptr pointer, size_t pitch) {
    return CW_DRIVER(set_address_2d(reference, desc, pointer, pitch));
}

/* Also of memory that is bound already. */
static cudaError_t put_format(struct cw_rt_reference *reference, void *context) {
    reference->format = ((const struct setting *)context)->desc;
    if (reference->bound && reference->resource.resType == cudaResourceTypeLinear) {
        reference->resource.res.linear.desc = reference->format;
        reference->changed = true;
    }
    return cudaSuccess;
}

static cudaError_t set_format(CUtexref reference, CUarray_format format, int channels) {
    struct setting setting = {0};
    cudaError_t error = cw_driver_channels(format, channels < 0 ? 0 : (unsigned)channels, &setting.desc);
    return error == cudaSuccess ? change(reference, put_format, setting) : error;
}

CUresult cuTexRefSetFormat(CUtexref reference, CUarray_format format, int channels) {
    return CW_DRIVER(set_format(reference, format, channels));
}

static cudaError_t put_address_mode(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    if (to->index < 0 || to->index > 2 || to->number < 0 || to->number > CU_TR_ADDRESS_MODE_BORDER) {
        return cw_rt_fail(cudaErrorInvalidValue, "address mode %d of dimension %d", to->number, to->index);
    }
    reference->texture.addressMode[to->index] = (enum cudaTextureAddressMode)to->number;
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetAddressMode(CUtexref reference, int dimension, CUaddress_mode mode) {
    return CW_DRIVER(change(reference, put_address_mode, (struct setting){.index = dimension, .number = (int)mode}));
}

static cudaError_t put_filter(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    if (to->number < 0 || to->number > CU_TR_FILTER_MODE_LINEAR) {
        return cw_rt_fail(cudaErrorInvalidValue, "%d is no filter mode", to->number);
    }
    if (to->index) {
        reference->texture.mipmapFilterMode = (enum cudaTextureFilterMode)to->number;
    } else {
        reference->texture.filterMode = (enum cudaTextureFilterMode)to->number;
    }
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetFilterMode(CUtexref reference, CUfilter_mode mode) {
    return CW_DRIVER(change(reference, put_filter, (struct setting){.number = (int)mode}));
}

CUresult cuTexRefSetMipmapFilterMode(CUtexref reference, CUfilter_mode mode) {
    return CW_DRIVER(change(reference, put_filter, (struct setting){.index = 1, .number = (int)mode}));
}

static cudaError_t put_bias(struct cw_rt_reference *reference, void *context) {
    reference->texture.mipmapLevelBias = ((const struct setting *)context)->low;
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetMipmapLevelBias(CUtexref reference, float bias) {
    return CW_DRIVER(change(reference, put_bias, (struct setting){.low = bias}));
}

static cudaError_t put_clamp(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    reference->texture.minMipmapLevelClamp = to->low;
    reference->texture.maxMipmapLevelClamp = to->high;
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetMipmapLevelClamp(CUtexref reference, float low, float high) {
    return CW_DRIVER(change(reference, put_clamp, (struct setting){.low = low, .high = high}));
}

static cudaError_t put_anisotropy(struct cw_rt_reference *reference, void *context) {
    reference->texture.maxAnisotropy = (unsigned)((const struct setting *)context)->number;
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetMaxAnisotropy(CUtexref reference, unsigned anisotropy) {
    return CW_DRIVER(change(reference, put_anisotropy, (struct setting){.number = (int)anisotropy}));
}

static cudaError_t put_border(struct cw_rt_reference *reference, void *context) {
    const struct setting *to = context;
    if (!to->colour) {
        return cw_rt_fail(cudaErrorInvalidValue, "the border's colour is NULL");
    }
    memcpy(reference->texture.borderColor, to->colour, sizeof reference->texture.borderColor);
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetBorderColor(CUtexref reference, float *colour) {
    return CW_DRIVER(change(reference, put_border, (struct setting){.colour = colour}));
}

static cudaError_t put_flags(struct cw_rt_reference *reference, void *context) {
    unsigned flags = (unsigned)((const struct setting *)context)->number;
    struct cudaTextureDesc *texture = &reference->texture;
    if (flags & ~(unsigned)FLAGS) {
        return cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x", flags);
    }
    texture->readMode = flags & CU_TRSF_READ_AS_INTEGER ? cudaReadModeElementType : cudaReadModeNormalizedFloat;
    texture->normalizedCoords = (flags & CU_TRSF_NORMALIZED_COORDINATES) != 0;
    texture->sRGB = (flags & CU_TRSF_SRGB) != 0;
    texture->disableTrilinearOptimization = (flags & CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION) != 0;
    reference->changed = true;
    return cudaSuccess;
}

CUresult cuTexRefSetFlags(CUtexref reference, unsigned flags) {
    return CW_DRIVER(change(reference, put_flags, (struct setting){.number = (int)flags}));
}

/* Old launches name the references that a kernel reads; it finds them itself. */
static cudaError_t set_parameter(CUfunction function, int unit, CUtexref reference) {
    struct cw_rt_device *device;
    struct CUfunc_st *kernel;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, function, &kernel);
    }
    if (error == cudaSuccess && unit != CU_PARAM_TR_DEFAULT) {
        error = cw_rt_fail(cudaErrorInvalidValue, "texture unit %d: it must be CU_PARAM_TR_DEFAULT", unit);
    }
    return error == cudaSuccess ? cw_rt_reference_check((struct cw_rt_reference *)reference, false) : error;
}

CUresult cuParamSetTexRef(CUfunction function, int unit, CUtexref reference) {
    return CW_DRIVER(set_parameter(function, unit, reference));
}

/* ---- Asking ------------------------------------------------------------------------------------------------------ */

static cudaError_t copy_out(struct cw_rt_reference *reference, void *copy) {
    *(struct cw_rt_reference *)copy = *reference;
    return cudaSuccess;
}

/* A copy of what the reference is. */
static cudaError_t look(void *handle, bool is_surface, const void *place, struct cw_rt_reference *copy) {
    cudaError_t error = cw_driver_place(place, "answer");
    if (error == cudaSuccess) {
        error = cw_rt_reference_check(handle, is_surface);
    }
    return error == cudaSuccess ? cw_rt_reference_change(handle, copy_out, copy) : error;
}

static cudaError_t bound_to(const struct cw_rt_reference *copy, enum cudaResourceType type) {
    return copy->bound && copy->resource.resType == type
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "nothing of that sort is bound to the reference");
}

static cudaError_t get_address(CUdeviceptr *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error != cudaSuccess) {
        return error;
    }
    bool pitched = copy.bound && copy.resource.resType == cudaResourceTypePitch2D;
    error = pitched ? cudaSuccess : bound_to(&copy, cudaResourceTypeLinear);
    if (error == cudaSuccess) {
        *place = cw_driver_address(pitched ? copy.resource.res.pitch2D.devPtr : copy.resource.res.linear.devPtr);
    }
    return error;
}

CUresult cuTexRefGetAddress(CUdeviceptr *pointer, CUtexref reference) {
    return CW_DRIVER(get_address(pointer, reference));
}

static cudaError_t get_array(CUarray *place, void *handle, bool is_surface) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, is_surface, place, &copy);
    if (error == cudaSuccess) {
        error = bound_to(&copy, cudaResourceTypeArray);
    }
    if (error == cudaSuccess) {
        *place = (CUarray)copy.resource.res.array.array;
    }
    return error;
}

CUresult cuTexRefGetArray(CUarray *array, CUtexref reference) {
    return CW_DRIVER(get_array(array, reference, false));
}

CUresult cuSurfRefGetArray(CUarray *array, CUsurfref reference) {
    return CW_DRIVER(get_array(array, reference, true));
}

static cudaError_t get_mipmap(CUmipmappedArray *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        error = bound_to(&copy, cudaResourceTypeMipmappedArray);
    }
    if (error == cudaSuccess) {
        *place = (CUmipmappedArray)copy.resource.res.mipmap.mipmap;
    }
    return error;
}

CUresult cuTexRefGetMipmappedArray(CUmipmappedArray *mipmap, CUtexref reference) {
    return CW_DRIVER(get_mipmap(mipmap, reference));
}

static cudaError_t get_address_mode(CUaddress_mode *place, CUtexref handle, int dimension) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess && (dimension < 0 || dimension > 2)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "dimension %d", dimension);
    }
    if (error == cudaSuccess) {
        *place = (CUaddress_mode)copy.texture.addressMode[dimension];
    }
    return error;
}

CUresult cuTexRefGetAddressMode(CUaddress_mode *mode, CUtexref reference, int dimension) {
    return CW_DRIVER(get_address_mode(mode, reference, dimension));
}

static cudaError_t get_filter(CUfilter_mode *place, CUtexref handle, bool mipmap) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        *place = (CUfilter_mode)(mipmap ? copy.texture.mipmapFilterMode : copy.texture.filterMode);
    }
    return error;
}

CUresult cuTexRefGetFilterMode(CUfilter_mode *mode, CUtexref reference) {
    return CW_DRIVER(get_filter(mode, reference, false));
}

CUresult cuTexRefGetMipmapFilterMode(CUfilter_mode *mode, CUtexref reference) {
    return CW_DRIVER(get_filter(mode, reference, true));
}

static cudaError_t get_format(CUarray_format *format, int *channels, CUtexref handle) {
    struct cw_rt_reference copy;
    CUarray_format found;
    unsigned count;
    cudaError_t error = look(handle, false, format ? (const void *)format : channels, &copy);
    if (error == cudaSuccess) {
        bool array = copy.bound && copy.resource.resType == cudaResourceTypeArray;
        cw_driver_format(array ? &copy.resource.res.array.array->desc : format_of(&copy), &found, &count);
        *(format ? format : &found) = found;
        *(channels ? channels : (int *)&count) = (int)count;
    }
    return error;
}

CUresult cuTexRefGetFormat(CUarray_format *format, int *channels, CUtexref reference) {
    return CW_DRIVER(get_format(format, channels, reference));
}

static cudaError_t get_bias(float *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        *place = copy.texture.mipmapLevelBias;
    }
    return error;
}

CUresult cuTexRefGetMipmapLevelBias(float *bias, CUtexref reference) {
    return CW_DRIVER(get_bias(bias, reference));
}

static cudaError_t get_clamp(float *low, float *high, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, low ? high : low, &copy);
    if (error == cudaSuccess) {
        *low = copy.texture.minMipmapLevelClamp;
        *high = copy.texture.maxMipmapLevelClamp;
    }
    return error;
}

CUresult cuTexRefGetMipmapLevelClamp(float *low, float *high, CUtexref reference) {
    return CW_DRIVER(get_clamp(low, high, reference));
}

static cudaError_t get_anisotropy(int *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        *place = (int)copy.texture.maxAnisotropy;
    }
    return error;
}

CUresult cuTexRefGetMaxAnisotropy(int *anisotropy, CUtexref reference) {
    return CW_DRIVER(get_anisotropy(anisotropy, reference));
}

static cudaError_t get_border(float *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        memcpy(place, copy.texture.borderColor, sizeof copy.texture.borderColor);
    }
    return error;
}

CUresult cuTexRefGetBorderColor(float *colour, CUtexref reference) {
    return CW_DRIVER(get_border(colour, reference));
}

static cudaError_t get_flags(unsigned *place, CUtexref handle) {
    struct cw_rt_reference copy;
    cudaError_t error = look(handle, false, place, &copy);
    if (error == cudaSuccess) {
        *place = (copy.texture.readMode == cudaReadModeElementType ? CU_TRSF_READ_AS_INTEGER : 0u) |
                 (copy.texture.normalizedCoords ? CU_TRSF_NORMALIZED_COORDINATES : 0u) |
                 (copy.texture.sRGB ? CU_TRSF_SRGB : 0u) |
                 (copy.texture.disableTrilinearOptimization ? CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION : 0u);
    }
    return error;
}

CUresult cuTexRefGetFlags(unsigned *flags, CUtexref reference) {
    return CW_DRIVER(get_flags(flags, reference));
}
