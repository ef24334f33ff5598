/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graphics.c: graphics resources: OpenGL's buffers and textures, for kernels to use (CUDA Runtime API, "Graphics
 * Interoperability" and "OpenGL Interoperability").
 *
 * OpenGL's memory is not the device's, so a resource has memory of its own on the device: mapping copies OpenGL's contents
 * into it, unless they are to be discarded, and unmapping copies it back, unless it was only read. Both happen during the
 * call, on the thread whose context it is; unmapping waits for the stream first. So each side sees the other's work as
 * CUDA says, and a resource costs a copy each way.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/device.h"
#include "runtime/gl.h"
#include "runtime/graphics.h"
#include "runtime/slots.h"
#include "runtime/thread.h"

#define REGISTER_FLAGS 31u

struct cudaGraphicsResource {
    bool live, mapped, is_image;
    struct cw_rt_device *device;
    unsigned flags; /* enum cudaGraphicsMapFlags */
    unsigned buffer;
    size_t bytes;
    void *memory;      /* a buffer's */
    cudaArray_t array; /* an image's */
    struct cw_rt_gl_image image;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_slots slots = {.slot_size = sizeof(struct cudaGraphicsResource)};

static cudaError_t check(const struct cudaGraphicsResource *resource) {
    pthread_mutex_lock(&lock);
    bool live = resource && cw_rt_slots_owns(&slots, resource) && resource->live;
    pthread_mutex_unlock(&lock);
    return live ? cudaSuccess
                : cw_rt_fail(cudaErrorInvalidResourceHandle, "the graphics resource was unregistered or never was one");
}

/* ---- Registering --------------------------------------------------------------------------------------------- */

static void release(struct cudaGraphicsResource *resource) {
    if (resource->is_image) {
        cudaFreeArray(resource->array);
    } else {
        cudaFree(resource->memory);
    }
}

/* Keeps a resource whose memory was made. */
static cudaError_t keep(struct cudaGraphicsResource *made, struct cudaGraphicsResource **result) {
    pthread_mutex_lock(&lock);
    struct cudaGraphicsResource *resource = cw_rt_slots_take(&slots);
    if (resource) {
        *resource = *made;
        resource->live = true;
    }
    pthread_mutex_unlock(&lock);
    if (!resource) {
        release(made);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another graphics resource");
    }
    *result = resource;
    return cudaSuccess;
}

static cudaError_t begin(struct cudaGraphicsResource **result, unsigned flags, struct cudaGraphicsResource *made) {
    if (!result || (flags & ~REGISTER_FLAGS)) {
        return cw_rt_fail(cudaErrorInvalidValue, "no place for the resource, or unknown flags 0x%x", flags);
    }
    *made = (struct cudaGraphicsResource){
        .flags = flags & (cudaGraphicsRegisterFlagsReadOnly | cudaGraphicsRegisterFlagsWriteDiscard)};
    return cw_rt_device_current(&made->device);
}

static cudaError_t register_buffer(struct cudaGraphicsResource **result, unsigned buffer, unsigned flags) {
    struct cudaGraphicsResource made;
    cudaError_t error = begin(result, flags, &made);
    if (error == cudaSuccess) {
        error = cw_rt_gl_buffer_size(buffer, &made.bytes);
    }
    if (error == cudaSuccess) {
        made.buffer = buffer;
        error = cudaMalloc(&made.memory, made.bytes ? made.bytes : 1);
    }
    return error != cudaSuccess ? error : keep(&made, result);
}

cudaError_t cudaGraphicsGLRegisterBuffer(struct cudaGraphicsResource **resource, unsigned buffer, unsigned flags) {
    return cw_rt_record(register_buffer(resource, buffer, flags));
}

static cudaError_t register_image(struct cudaGraphicsResource **result, unsigned name, unsigned target,
                                  unsigned flags) {
    struct cudaGraphicsResource made;
    cudaError_t error = begin(result, flags, &made);
    if (error == cudaSuccess) {
        error = cw_rt_gl_image_describe(name, target, &made.image);
    }
    if (error == cudaSuccess) {
        const struct cudaExtent *extent = &made.image.extent;
        unsigned array_flags = flags & cudaGraphicsRegisterFlagsSurfaceLoadStore ? cudaArraySurfaceLoadStore : 0;
        array_flags |= flags & cudaGraphicsRegisterFlagsTextureGather ? cudaArrayTextureGather : 0;
        made.is_image = true;
        error = cudaMalloc3DArray(&made.array, &made.image.desc, *extent, array_flags);
    }
    if (error == cudaSuccess) {
        made.bytes = made.image.extent.width * made.array->format.bytes * made.array->rows * made.array->slices;
        made.memory = made.array->base;
        error = keep(&made, result);
    }
    return error;
}

cudaError_t cudaGraphicsGLRegisterImage(struct cudaGraphicsResource **resource, unsigned image, unsigned target,
                                        unsigned flags) {
    return cw_rt_record(register_image(resource, image, target, flags));
}

static cudaError_t unregister(struct cudaGraphicsResource *resource) {
    cudaError_t error = check(resource);
    if (error != cudaSuccess) {
        return error;
    }
    release(resource);
    pthread_mutex_lock(&lock);
    resource->live = false;
    cw_rt_slots_give(&slots, resource);
    pthread_mutex_unlock(&lock);
    return cudaSuccess;
}

cudaError_t cudaGraphicsUnregisterResource(cudaGraphicsResource_t resource) {
    return cw_rt_record(unregister(resource));
}

cudaError_t cudaGraphicsResourceSetMapFlags(cudaGraphicsResource_t resource, unsigned flags) {
    cudaError_t error = check(resource);
    if (error == cudaSuccess && flags > cudaGraphicsMapFlagsWriteDiscard) {
        error = cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    if (error == cudaSuccess && resource->mapped) {
        error = cw_rt_fail(cudaErrorUnknown, "the graphics resource is mapped");
    }
    if (error == cudaSuccess) {
        resource->flags = flags;
    }
    return cw_rt_record(error);
}

/* ---- Mapping ------------------------------------------------------------------------------------------------- */

/* Contents between OpenGL and host memory. */
static cudaError_t exchange(const struct cudaGraphicsResource *resource, void *memory, bool from_gl) {
    if (resource->is_image) {
        return from_gl ? cw_rt_gl_image_read(&resource->image, memory) : cw_rt_gl_image_write(&resource->image, memory);
    }
    return from_gl ? cw_rt_gl_buffer_read(resource->buffer, memory, resource->bytes)
                   : cw_rt_gl_buffer_write(resource->buffer, memory, resource->bytes);
}

/* The same with the resource's memory, which OpenGL reaches itself where it is the host's, too. Nothing runs on it. */
static cudaError_t transfer(const struct cudaGraphicsResource *resource, bool from_gl) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess || resource->bytes == 0) {
        return error;
    }
    if (resource->device->facts.unified_memory) {
        return exchange(resource, resource->memory, from_gl);
    }
    void *staging = malloc(resource->bytes);
    if (!staging) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "%zu bytes between OpenGL and the device", resource->bytes);
    }
    struct cw_backend_device *device = resource->device->backend;
    if (from_gl) {
        error = exchange(resource, staging, true);
        if (error == cudaSuccess) {
            error = cw_rt_status_error(
                backend->copy(device, resource->memory, staging, resource->bytes, CW_COPY_HOST_TO_DEVICE));
        }
    } else {
        error = cw_rt_status_error(
            backend->copy(device, staging, resource->memory, resource->bytes, CW_COPY_DEVICE_TO_HOST));
        if (error == cudaSuccess) {
            error = exchange(resource, staging, false);
        }
    }
    free(staging);
    return error;
}

static cudaError_t check_all(int count, cudaGraphicsResource_t *resources, bool mapped) {
    if (count < 1 || !resources) {
        return cw_rt_fail(cudaErrorInvalidValue, "%d graphics resources", count);
    }
    for (int i = 0; i < count; i++) {
        cudaError_t error = check(resources[i]);
        if (error == cudaSuccess && resources[i]->mapped != mapped) {
            error =
                cw_rt_fail(cudaErrorUnknown, "graphics resource %d is %s", i, mapped ? "not mapped" : "mapped already");
        }
        if (error != cudaSuccess) {
            return error;
        }
    }
    return cudaSuccess;
}

static cudaError_t map(int count, cudaGraphicsResource_t *resources) {
    cudaError_t error = check_all(count, resources, false);
    for (int i = 0; error == cudaSuccess && i < count; i++) {
        if (!(resources[i]->flags & cudaGraphicsMapFlagsWriteDiscard)) {
            error = transfer(resources[i], true);
        }
    }
    for (int i = 0; error == cudaSuccess && i < count; i++) {
        resources[i]->mapped = true;
    }
    return error;
}

cudaError_t cudaGraphicsMapResources(int count, cudaGraphicsResource_t *resources, cudaStream_t stream) {
    (void)stream; /* the copy is done when the call returns, so before all later work of any stream */
    return cw_rt_record(map(count, resources));
}

static cudaError_t unmap(int count, cudaGraphicsResource_t *resources, cudaStream_t stream) {
    cudaError_t error = check_all(count, resources, true);
    if (error == cudaSuccess) {
        error = cudaStreamSynchronize(stream);
    }
    for (int i = 0; error == cudaSuccess && i < count; i++) {
        resources[i]->mapped = false;
        if (!(resources[i]->flags & cudaGraphicsMapFlagsReadOnly)) {
            error = transfer(resources[i], false);
        }
    }
    return error;
}

cudaError_t cudaGraphicsUnmapResources(int count, cudaGraphicsResource_t *resources, cudaStream_t stream) {
    return cw_rt_record(unmap(count, resources, stream));
}

static cudaError_t check_mapped(cudaGraphicsResource_t resource, const void *place, bool is_image) {
    cudaError_t error = place ? check(resource) : cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
    if (error == cudaSuccess && !resource->mapped) {
        error = cw_rt_fail(cudaErrorUnknown, "the graphics resource is not mapped");
    }
    if (error == cudaSuccess && resource->is_image != is_image) {
        error = cw_rt_fail(cudaErrorUnknown, "the graphics resource is %s", is_image ? "a buffer" : "a texture");
    }
    return error;
}

cudaError_t cudaGraphicsResourceGetMappedPointer(void **pointer, size_t *size, cudaGraphicsResource_t resource) {
    cudaError_t error = check_mapped(resource, pointer, false);
    if (error == cudaSuccess) {
        *pointer = resource->memory;
        if (size) {
            *size = resource->bytes;
        }
    }
    return cw_rt_record(error);
}

cudaError_t cudaGraphicsSubResourceGetMappedArray(cudaArray_t *array, cudaGraphicsResource_t resource, unsigned index,
                                                  unsigned level) {
    cudaError_t error = check_mapped(resource, array, true);
    if (error == cudaSuccess && (index != 0 || level != 0)) {
        error =
            cw_rt_fail(cudaErrorInvalidValue, "element %u, level %u of a texture that has one of each", index, level);
    }
    if (error == cudaSuccess) {
        *array = resource->array;
    }
    return cw_rt_record(error);
}

void cw_rt_graphics_close(struct cw_rt_device *device) {
    struct cudaGraphicsResource *resource;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; (resource = cw_rt_slots_at(&slots, i)); i++) {
        if (resource->live && resource->device == device) {
            resource->live = false;
            cw_rt_slots_give(&slots, resource);
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- The older functions, by a buffer's name ------------------------------------------------------------------- */

static cudaError_t by_name(unsigned buffer, struct cudaGraphicsResource **found) {
    struct cudaGraphicsResource *resource;
    *found = NULL;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; !*found && (resource = cw_rt_slots_at(&slots, i)); i++) {
        if (resource->live && !resource->is_image && resource->buffer == buffer) {
            *found = resource;
        }
    }
    pthread_mutex_unlock(&lock);
    return *found ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "buffer %u is not registered", buffer);
}

cudaError_t cudaGLRegisterBufferObject(unsigned buffer) {
    struct cudaGraphicsResource *resource;
    return cw_rt_record(register_buffer(&resource, buffer, 0));
}

cudaError_t cudaGLSetBufferObjectMapFlags(unsigned buffer, unsigned flags) {
    struct cudaGraphicsResource *resource;
    cudaError_t error = by_name(buffer, &resource);
    return error == cudaSuccess ? cudaGraphicsResourceSetMapFlags(resource, flags) : cw_rt_record(error);
}

cudaError_t cudaGLMapBufferObjectAsync(void **pointer, unsigned buffer, cudaStream_t stream) {
    struct cudaGraphicsResource *resource;
    (void)stream;
    cudaError_t error = by_name(buffer, &resource);
    if (error == cudaSuccess) {
        error = map(1, &resource);
    }
    return error == cudaSuccess ? cudaGraphicsResourceGetMappedPointer(pointer, NULL, resource) : cw_rt_record(error);
}

cudaError_t cudaGLMapBufferObject(void **pointer, unsigned buffer) {
    return cudaGLMapBufferObjectAsync(pointer, buffer, NULL);
}

cudaError_t cudaGLUnmapBufferObjectAsync(unsigned buffer, cudaStream_t stream) {
    struct cudaGraphicsResource *resource;
    cudaError_t error = by_name(buffer, &resource);
    return cw_rt_record(error == cudaSuccess ? unmap(1, &resource, stream) : error);
}

cudaError_t cudaGLUnmapBufferObject(unsigned buffer) {
    return cudaGLUnmapBufferObjectAsync(buffer, NULL);
}

cudaError_t cudaGLUnregisterBufferObject(unsigned buffer) {
    struct cudaGraphicsResource *resource;
    cudaError_t error = by_name(buffer, &resource);
    return cw_rt_record(error == cudaSuccess ? unregister(resource) : error);
}

cudaError_t cudaGLSetGLDevice(int device) {
    return cudaSetDevice(device);
}

/* OpenGL's device is none of ours; every one of ours can share with it. */
static cudaError_t get_devices(unsigned *count, int *devices, unsigned room) {
    int all = 0;
    if (!count || (!devices && room)) {
        return cw_rt_fail(cudaErrorInvalidValue, "no place for the devices");
    }
    cudaError_t error = cw_rt_gl_ready();
    if (error == cudaSuccess) {
        error = cw_rt_device_count(&all);
    }
    if (error != cudaSuccess) {
        return error;
    }
    *count = (unsigned)all;
    for (int i = 0; i < all && (unsigned)i < room; i++) {
        devices[i] = i;
    }
    return cudaSuccess;
}

cudaError_t cudaGLGetDevices(unsigned *count, int *devices, unsigned room, int list) {
    (void)list; /* current or next frame: one device renders nothing for the other */
    return cw_rt_record(get_devices(count, devices, room));
}
