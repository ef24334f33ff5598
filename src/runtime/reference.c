/* SPDX-License-Identifier: Apache-2.0 */
/* reference.c: see reference.h. */
#include "runtime/reference.h"

#include <pthread.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/image.h"
#include "runtime/memory.h"
#include "runtime/slots.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

_Atomic unsigned cw_rt_references_bound;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_slots slots = {.slot_size = sizeof(struct cw_rt_reference)};
static struct cw_rt_reference *references;

/* ---- References, with the lock held ----------------------------------------------------------------------------- */

static void set_bound(struct cw_rt_reference *reference, bool bound) {
    if (reference->bound != bound) {
        reference->bound = bound;
        if (bound) {
            atomic_fetch_add(&cw_rt_references_bound, 1);
        } else {
            atomic_fetch_sub(&cw_rt_references_bound, 1);
        }
    }
    reference->changed = true;
}

void cw_rt_reference_unbind(struct cw_rt_reference *reference) {
    set_bound(reference, false);
    reference->resource = (struct cudaResourceDesc){0};
    reference->offset = 0;
}

static void take_out(struct cw_rt_reference **link) {
    struct cw_rt_reference *reference = *link;
    *link = reference->next;
    set_bound(reference, false);
    if (reference->number) {
        cw_rt_object_drop(reference->number, reference->is_surface);
    }
    reference->live = false;
    cw_rt_slots_give(&slots, reference);
}

/* What the host's structure says, which may have changed since the reference was bound. */
static void read_host(struct cw_rt_reference *reference) {
    const struct textureReference *host = reference->host;
    if (!host || reference->is_surface) {
        return;
    }
    struct cudaTextureDesc wanted = reference->texture;
    for (int i = 0; i < 3; i++) {
        wanted.addressMode[i] = host->addressMode[i];
    }
    wanted.filterMode = host->filterMode;
    wanted.sRGB = host->sRGB;
    wanted.normalizedCoords = host->normalized;
    wanted.maxAnisotropy = host->maxAnisotropy;
    wanted.mipmapFilterMode = host->mipmapFilterMode;
    wanted.mipmapLevelBias = host->mipmapLevelBias;
    wanted.minMipmapLevelClamp = host->minMipmapLevelClamp;
    wanted.maxMipmapLevelClamp = host->maxMipmapLevelClamp;
    wanted.disableTrilinearOptimization = host->disableTrilinearOptimization;
    if (memcmp(&wanted, &reference->texture, sizeof wanted) != 0) {
        reference->texture = wanted;
        reference->changed = true;
    }
}

/* Makes the object that the reference describes, and writes its number to the variable. */
static cudaError_t write_number(struct cw_rt_device *device, struct cw_rt_reference *reference) {
    const struct cw_backend *backend;
    unsigned long long number = 0;
    cudaError_t error = cw_rt_backend(&backend);
    if (error == cudaSuccess) {
        error = reference->is_surface
                    ? cw_rt_surface_make(device, &reference->resource, &number)
                    : cw_rt_texture_make(device, &reference->resource, &reference->texture, NULL, &number);
    }
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(device);
    uint64_t word = number;
    if (backend->copy(device->backend, reference->variable, &word, sizeof word, CW_COPY_HOST_TO_DEVICE) != CW_OK) {
        cw_rt_object_drop(number, reference->is_surface);
        return cw_rt_fail(cudaErrorUnknown, "a texture reference can't be written on the device");
    }
    if (reference->number) {
        cw_rt_object_drop(reference->number, reference->is_surface);
    }
    reference->number = number;
    reference->changed = false;
    return cudaSuccess;
}

cudaError_t cw_rt_references_write(struct cw_rt_device *device) {
    cudaError_t error = cudaSuccess;
    pthread_mutex_lock(&lock);
    for (struct cw_rt_reference *one = references; one && error == cudaSuccess; one = one->next) {
        if (one->device != device || !one->bound || !one->variable) {
            continue;
        }
        read_host(one);
        if (one->changed) {
            error = write_number(device, one);
        }
    }
    pthread_mutex_unlock(&lock);
    return error;
}

/* ---- Finding and forgetting ------------------------------------------------------------------------------------- */

cudaError_t cw_rt_reference_at(struct cw_rt_device *device, void *variable, const void *host, bool is_surface,
                               bool to_float, struct cw_rt_reference **reference) {
    pthread_mutex_lock(&lock);
    struct cw_rt_reference *one = variable ? references : NULL;
    while (one && (one->variable != variable || one->device != device)) {
        one = one->next;
    }
    if (!one && (one = cw_rt_slots_take(&slots))) {
        *one = (struct cw_rt_reference){.next = references,
                                        .live = true,
                                        .is_surface = is_surface,
                                        .device = device,
                                        .variable = variable,
                                        .host = host};
        one->texture.readMode = to_float ? cudaReadModeNormalizedFloat : cudaReadModeElementType;
        references = one;
    }
    pthread_mutex_unlock(&lock);
    *reference = one;
    return one ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another texture reference");
}

static bool is_live(const struct cw_rt_reference *reference, bool is_surface) {
    return reference && cw_rt_slots_owns(&slots, reference) && reference->live && reference->is_surface == is_surface;
}

cudaError_t cw_rt_reference_check(const struct cw_rt_reference *reference, bool is_surface) {
    pthread_mutex_lock(&lock);
    bool live = is_live(reference, is_surface);
    pthread_mutex_unlock(&lock);
    return live ? cudaSuccess
                : cw_rt_fail(cudaErrorInvalidResourceHandle, "%p is no %s reference, or its module was unloaded",
                             (const void *)reference, is_surface ? "surface" : "texture");
}

cudaError_t cw_rt_reference_change(struct cw_rt_reference *reference,
                                   cudaError_t (*change)(struct cw_rt_reference *reference, void *context),
                                   void *context) {
    pthread_mutex_lock(&lock);
    cudaError_t error = change(reference, context);
    pthread_mutex_unlock(&lock);
    return error;
}

void cw_rt_reference_destroy(struct cw_rt_reference *reference) {
    pthread_mutex_lock(&lock);
    struct cw_rt_reference **link = &references;
    while (*link && *link != reference) {
        link = &(*link)->next;
    }
    if (*link) {
        take_out(link);
    }
    pthread_mutex_unlock(&lock);
}

void cw_rt_references_forget(const void *variable) {
    pthread_mutex_lock(&lock);
    for (struct cw_rt_reference **link = &references; *link;) {
        if ((*link)->variable == variable) {
            take_out(link);
        } else {
            link = &(*link)->next;
        }
    }
    pthread_mutex_unlock(&lock);
}

void cw_rt_references_close(struct cw_rt_device *device) {
    pthread_mutex_lock(&lock);
    for (struct cw_rt_reference **link = &references; *link;) {
        if ((*link)->device == device) {
            take_out(link);
        } else {
            link = &(*link)->next;
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- Binding memory, with the lock held ------------------------------------------------------------------------- */

/* "The offset that must be applied to texture fetches" is for addresses that the hardware could not take. */
static cudaError_t align(const struct cw_rt_reference *reference, const void **pointer, size_t *taken, const size_t *place,
                         size_t *alignment) {
    struct cudaDeviceProp prop;
    cudaError_t error = cudaGetDeviceProperties(&prop, reference->device->ordinal);
    if (error != cudaSuccess) {
        return error;
    }
    *alignment = prop.textureAlignment;
    *taken = (uintptr_t)*pointer % prop.textureAlignment;
    *pointer = (const char *)*pointer - *taken;
    return *taken == 0 || place
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the address is not aligned to %zu bytes, and there is no place for an offset",
                            prop.textureAlignment);
}

cudaError_t cw_rt_reference_bind(struct cw_rt_reference *reference, const struct cudaResourceDesc *resource, size_t taken,
                                 size_t *offset) {
    struct cw_rt_image image;
    struct cw_sampler sampler;
    read_host(reference);
    cudaError_t error = cw_rt_image_of(reference->device, resource, NULL, &image);
    if (error == cudaSuccess && !reference->is_surface && reference->host) {
        error = cw_rt_sampler_of(resource, &reference->texture, &image, &sampler);
    }
    if (error != cudaSuccess) {
        return error;
    }
    /* An array's handle may be another array's by now. */
    bool memory = resource->resType == cudaResourceTypeLinear || resource->resType == cudaResourceTypePitch2D;
    bool same = memory && reference->bound && memcmp(resource, &reference->resource, sizeof *resource) == 0;
    bool changed = reference->changed;
    set_bound(reference, true);
    reference->changed = changed || !same;
    reference->resource = *resource;
    reference->offset = taken;
    if (offset) {
        *offset = taken;
    }
    return cudaSuccess;
}

cudaError_t cw_rt_reference_linear(struct cw_rt_reference *reference, const void *pointer,
                                   const struct cudaChannelFormatDesc *desc, size_t size, size_t *offset) {
    struct cw_rt_device *owner;
    struct cw_rt_format format;
    struct cudaDeviceProp prop;
    struct cudaResourceDesc resource;
    size_t taken, alignment;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypeLinear;
    struct cw_rt_range range = cw_rt_memory_find(pointer, &owner);
    cudaError_t error = cw_rt_format_of(desc, &format);
    if (error == cudaSuccess) {
        error = cudaGetDeviceProperties(&prop, reference->device->ordinal);
    }
    if (error == cudaSuccess && (!pointer || range.kind == CW_RT_MEMORY_UNKNOWN)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%p is not memory of the device", pointer);
    }
    if (error != cudaSuccess) {
        return error;
    }
    size_t left = range.base + range.size - (uintptr_t)pointer;
    size = size < left ? size : left;
    error = align(reference, &pointer, &taken, offset, &alignment);
    uint64_t most = (uint64_t)prop.maxTexture1DLinear * format.bytes; /* more than 32 bits hold */
    size = size + taken < most ? size + taken : (size_t)most;
    if (error != cudaSuccess) {
        return error;
    }
    resource.res.linear.devPtr = (void *)(uintptr_t)pointer;
    resource.res.linear.desc = *desc;
    resource.res.linear.sizeInBytes = size;
    return cw_rt_reference_bind(reference, &resource, taken, offset);
}

cudaError_t cw_rt_reference_pitched(struct cw_rt_reference *reference, const void *pointer,
                                    const struct cudaChannelFormatDesc *desc, size_t width, size_t height, size_t pitch,
                                    size_t *offset) {
    struct cw_rt_format format;
    struct cudaResourceDesc resource;
    size_t taken, alignment;
    memset(&resource, 0, sizeof resource);
    resource.resType = cudaResourceTypePitch2D;
    cudaError_t error = cw_rt_format_of(desc, &format);
    if (error == cudaSuccess) {
        error = align(reference, &pointer, &taken, offset, &alignment);
    }
    if (error != cudaSuccess) {
        return error;
    }
    resource.res.pitch2D.devPtr = (void *)(uintptr_t)pointer;
    resource.res.pitch2D.desc = *desc;
    resource.res.pitch2D.width = width + taken / format.bytes;
    resource.res.pitch2D.height = height;
    resource.res.pitch2D.pitchInBytes = pitch;
    return cw_rt_reference_bind(reference, &resource, taken, offset);
}
