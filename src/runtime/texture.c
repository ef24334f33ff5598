/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texture.c: texture and surface objects: making them, and telling what they were made of. The backend gives the number
 * that kernels see; what it was made of is kept here, found by that number.
 */
#include <pthread.h>
#include <stdbool.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/device.h"
#include "runtime/image.h"
#include "runtime/slots.h"
#include "runtime/thread.h"

#define BUCKETS 1024u

struct object {
    struct object *next; /* in its bucket */
    struct cw_rt_device *device;
    uint64_t number;
    bool is_surface, has_view;
    struct cudaResourceDesc resource;
    struct cudaTextureDesc texture;
    struct cudaResourceViewDesc view;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_slots slots = {.slot_size = sizeof(struct object)};
static struct object *buckets[BUCKETS];

/* ---- The table, with the lock held ---------------------------------------------------------------------------- */

static struct object **find(uint64_t number, bool is_surface) {
    struct object **at = &buckets[number % BUCKETS];
    while (*at && ((*at)->number != number || (*at)->is_surface != is_surface)) {
        at = &(*at)->next;
    }
    return at;
}

static void take_out(struct object **at) {
    struct object *object = *at;
    *at = object->next;
    cw_rt_slots_give(&slots, object);
}

/* ---- Making -------------------------------------------------------------------------------------------------- */

static cudaError_t add(struct cw_rt_device *device, const struct object *wanted, const struct cw_image *image,
                       const struct cw_sampler *sampler, unsigned long long *number) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (!backend->image_create || !backend->image_destroy) {
        return cw_rt_fail(cudaErrorNotSupported, "the backend %s has no textures and surfaces", backend->name);
    }
    pthread_mutex_lock(&lock);
    struct object *object = cw_rt_slots_take(&slots);
    cw_status status = CW_ERROR_OUT_OF_MEMORY;
    if (object) {
        *object = *wanted;
        object->device = device;
        status = backend->image_create(device->backend, image, sampler, &object->number);
        if (status == CW_OK) {
            struct object **bucket = &buckets[object->number % BUCKETS];
            object->next = *bucket;
            *bucket = object;
            *number = object->number;
        } else {
            cw_rt_slots_give(&slots, object);
        }
    }
    pthread_mutex_unlock(&lock);
    return status == CW_OK
               ? cudaSuccess
               : cw_rt_fail(cudaErrorMemoryAllocation, "another texture or surface object: %s", cw_status_text(status));
}

cudaError_t cw_rt_texture_make(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                               const struct cudaTextureDesc *texture, const struct cudaResourceViewDesc *view,
                               unsigned long long *number) {
    struct cw_rt_image image;
    struct cw_sampler sampler;
    cudaError_t error = cw_rt_image_of(device, resource, view, &image);
    if (error == cudaSuccess) {
        error = cw_rt_sampler_of(resource, texture, &image, &sampler);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct object wanted = {.resource = *resource, .texture = *texture, .has_view = view != NULL};
    if (view) {
        wanted.view = *view;
    }
    return add(device, &wanted, &image.image, &sampler, number);
}

static cudaError_t create_texture(cudaTextureObject_t *number, const struct cudaResourceDesc *resource,
                                  const struct cudaTextureDesc *texture, const struct cudaResourceViewDesc *view) {
    struct cw_rt_device *device = NULL;
    if (!number || !resource || !texture) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "the place for the object, its resource or its texture descriptor is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error == cudaSuccess ? cw_rt_texture_make(device, resource, texture, view, number) : error;
}

cudaError_t cudaCreateTextureObject(cudaTextureObject_t *texture, const struct cudaResourceDesc *resource,
                                    const struct cudaTextureDesc *desc, const struct cudaResourceViewDesc *view) {
    return cw_rt_record(create_texture(texture, resource, desc, view));
}

/* Arrays made without cudaArraySurfaceLoadStore pass: CUDA's list of errors here has none for them, programs rely on it
 * (NVIDIA's sample bindlessTexture), and any array can be written. */
cudaError_t cw_rt_surface_make(struct cw_rt_device *device, const struct cudaResourceDesc *resource,
                               unsigned long long *number) {
    struct cw_rt_image image;
    if (resource->resType != cudaResourceTypeArray) {
        return cw_rt_fail(cudaErrorInvalidValue, "surfaces are made of arrays, and the resource has type %d",
                          (int)resource->resType);
    }
    cudaError_t error = cw_rt_image_of(device, resource, NULL, &image);
    if (error != cudaSuccess) {
        return error;
    }
    struct object wanted = {.resource = *resource, .is_surface = true};
    return add(device, &wanted, &image.image, NULL, number);
}

static cudaError_t create_surface(cudaSurfaceObject_t *number, const struct cudaResourceDesc *resource) {
    struct cw_rt_device *device = NULL;
    if (!number || !resource) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the object or its resource is NULL");
    }
    cudaError_t error = cw_rt_device_current(&device);
    return error == cudaSuccess ? cw_rt_surface_make(device, resource, number) : error;
}

cudaError_t cudaCreateSurfaceObject(cudaSurfaceObject_t *surface, const struct cudaResourceDesc *resource) {
    return cw_rt_record(create_surface(surface, resource));
}

/* ---- Destroying ---------------------------------------------------------------------------------------------- */

static cudaError_t no_object(uint64_t number, bool is_surface) {
    return cw_rt_fail(cudaErrorInvalidValue, "0x%llx is no %s object, or was destroyed", (unsigned long long)number,
                      is_surface ? "surface" : "texture");
}

/* False when there is no such object. */
static bool drop(const struct cw_backend *backend, uint64_t number, bool is_surface) {
    pthread_mutex_lock(&lock);
    struct object **at = find(number, is_surface);
    bool found = *at != NULL;
    if (found) {
        backend->image_destroy((*at)->device->backend, number);
        take_out(at);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

void cw_rt_object_drop(uint64_t number, bool is_surface) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) == cudaSuccess) {
        (void)drop(backend, number, is_surface);
    }
}

static cudaError_t destroy(uint64_t number, bool is_surface) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess || number == 0) { /* as with other handles, none is nothing to destroy */
        return error;
    }
    return drop(backend, number, is_surface) ? cudaSuccess : no_object(number, is_surface);
}

cudaError_t cudaDestroyTextureObject(cudaTextureObject_t texture) {
    return cw_rt_record(destroy(texture, false));
}

cudaError_t cudaDestroySurfaceObject(cudaSurfaceObject_t surface) {
    return cw_rt_record(destroy(surface, true));
}

void cw_rt_images_close(struct cw_rt_device *device) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < BUCKETS; i++) {
        for (struct object **at = &buckets[i]; *at;) {
            if ((*at)->device == device) {
                backend->image_destroy(device->backend, (*at)->number);
                take_out(at);
            } else {
                at = &(*at)->next;
            }
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- Asking -------------------------------------------------------------------------------------------------- */

static cudaError_t look_up(uint64_t number, bool is_surface, const void *place, struct object *found) {
    if (!place) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the descriptor is NULL");
    }
    pthread_mutex_lock(&lock);
    struct object *object = *find(number, is_surface);
    if (object) {
        *found = *object;
    }
    pthread_mutex_unlock(&lock);
    return object ? cudaSuccess : no_object(number, is_surface);
}

cudaError_t cudaGetTextureObjectResourceDesc(struct cudaResourceDesc *resource, cudaTextureObject_t texture) {
    struct object found;
    cudaError_t error = look_up(texture, false, resource, &found);
    if (error == cudaSuccess) {
        *resource = found.resource;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGetTextureObjectTextureDesc(struct cudaTextureDesc *desc, cudaTextureObject_t texture) {
    struct object found;
    cudaError_t error = look_up(texture, false, desc, &found);
    if (error == cudaSuccess) {
        *desc = found.texture;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGetTextureObjectResourceViewDesc(struct cudaResourceViewDesc *view, cudaTextureObject_t texture) {
    struct object found;
    cudaError_t error = look_up(texture, false, view, &found);
    if (error == cudaSuccess && !found.has_view) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the texture was made without a view");
    }
    if (error == cudaSuccess) {
        *view = found.view;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGetSurfaceObjectResourceDesc(struct cudaResourceDesc *resource, cudaSurfaceObject_t surface) {
    struct object found;
    cudaError_t error = look_up(surface, true, resource, &found);
    if (error == cudaSuccess) {
        *resource = found.resource;
    }
    return cw_rt_record(error);
}
