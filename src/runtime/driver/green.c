/* SPDX-License-Identifier: Apache-2.0 */
/*
 * green.c: resources of devices and green contexts (CUDA Driver API reference, "Green Contexts"), and tensor maps, which a device
 * of compute capability 8.0 has none of.
 *
 * A resource is a row of multiprocessors, here of processors, by the first one and how many. A green context is a context whose
 * kernels run on as many processors; which ones the operating system decides, as threads move. Any number of processors makes
 * a partition, where NVIDIA's architectures ask for multiples of 2 to 8.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/event.h"
#include "runtime/stream.h"

#define RESOURCE_MARK 0x63777264u

/* In CUdevResource's padding, whose contents are the driver's own. */
struct inside {
    uint32_t mark, first;
    int32_t device;
};

struct CUdevResourceDesc_st {
    int device;
    uint32_t processors;
    struct CUdevResourceDesc_st *next;
};

struct CUgreenCtx_st {
    struct CUgreenCtx_st *next;
    CUcontext context;
    CUdevResource resource;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUdevResourceDesc_st *descriptions; /* each once: CUDA has no function that would free one */
static struct CUgreenCtx_st *contexts; /* all there ever were: handles are looked at after they were destroyed */

/* ---- Resources --------------------------------------------------------------------------------------------------- */

static cudaError_t wrong_type(CUdevResourceType type) {
    return cw_rt_fail(cudaErrorInvalidResourceType, "there is no resource of type %d: multiprocessors are 1", (int)type);
}

static CUdevResource make_resource(int device, uint32_t first, uint32_t count) {
    struct inside inside = {RESOURCE_MARK, first, device};
    CUdevResource resource;
    memset(&resource, 0, sizeof resource);
    resource.type = CU_DEV_RESOURCE_TYPE_SM;
    resource.sm.smCount = count;
    memcpy(resource._internal_padding, &inside, sizeof inside);
    return resource;
}

static cudaError_t read_resource(const CUdevResource *resource, struct inside *inside) {
    if (!resource) {
        return cw_rt_fail(cudaErrorInvalidValue, "the resource is NULL");
    }
    if (resource->type != CU_DEV_RESOURCE_TYPE_SM) {
        return wrong_type(resource->type);
    }
    memcpy(inside, resource->_internal_padding, sizeof *inside);
    if (inside->mark != RESOURCE_MARK || resource->sm.smCount == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "the resource was not made by the driver");
    }
    return cudaSuccess;
}

static uint32_t processors_of(const struct cw_rt_device *device) {
    return device->facts.processors ? device->facts.processors : 1;
}

static cudaError_t device_resource(CUdevice ordinal, CUdevResource *place, CUdevResourceType type) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "resource");
    if (error == cudaSuccess) {
        error = cw_rt_device_at(ordinal, &device);
    }
    if (error == cudaSuccess && type != CU_DEV_RESOURCE_TYPE_SM) {
        error = wrong_type(type);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess) {
        *place = make_resource(ordinal, 0, processors_of(device));
    }
    return error;
}

CUresult cuDeviceGetDevResource(CUdevice device, CUdevResource *resource, CUdevResourceType type) {
    return CW_DRIVER_PLAIN(device_resource(device, resource, type));
}

static cudaError_t live_context(CUcontext context) {
    return cw_rt_context_known(context) && atomic_load(&context->live)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorDeviceUninitialized, "the handle is no context that lives");
}

static cudaError_t context_resource(CUcontext context, CUdevResource *place, CUdevResourceType type) {
    cudaError_t error = cw_driver_place(place, "resource");
    if (error == cudaSuccess) {
        error = live_context(context);
    }
    if (error == cudaSuccess && context->green && type == CU_DEV_RESOURCE_TYPE_SM) {
        *place = context->green->resource;
        return cudaSuccess;
    }
    return error == cudaSuccess ? device_resource(context->device->ordinal, place, type) : error;
}

CUresult cuCtxGetDevResource(CUcontext context, CUdevResource *resource, CUdevResourceType type) {
    return CW_DRIVER_PLAIN(context_resource(context, resource, type));
}

/* Groups of `least` processors from the front; the rest remains. */
static cudaError_t split(CUdevResource *result, unsigned *groups, const CUdevResource *input, CUdevResource *remaining,
                         unsigned flags, unsigned least) {
    const unsigned known = CU_DEV_SM_RESOURCE_SPLIT_IGNORE_SM_COSCHEDULING |
                           CU_DEV_SM_RESOURCE_SPLIT_MAX_POTENTIAL_CLUSTER_SIZE;
    struct inside inside;
    cudaError_t error = cw_driver_place(groups, "number of groups");
    if (error == cudaSuccess) {
        error = read_resource(input, &inside);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (flags & ~known) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    uint32_t have = input->sm.smCount, size = least ? least : 1;
    if (size > have) {
        return cw_rt_fail(cudaErrorInvalidResourceConfiguration, "groups of %u multiprocessors out of %u", size, have);
    }
    uint32_t first = inside.first, count = have / size;
    if (result) {
        count = *groups < count ? *groups : count;
        for (uint32_t i = 0; i < count; i++) {
            result[i] = make_resource(inside.device, first + i * size, size);
        }
        if (remaining) {
            *remaining = make_resource(inside.device, first + count * size, have - count * size);
            remaining->type = have > count * size ? CU_DEV_RESOURCE_TYPE_SM : CU_DEV_RESOURCE_TYPE_INVALID;
        }
    }
    *groups = count;
    return cudaSuccess;
}

CUresult cuDevSmResourceSplitByCount(CUdevResource *result, unsigned *groups, const CUdevResource *input,
                                     CUdevResource *remaining, unsigned flags, unsigned least) {
    return CW_DRIVER_PLAIN(split(result, groups, input, remaining, flags, least));
}

/* The description of so many of a device's processors; NULL without memory. */
static CUdevResourceDesc find_description(CUdevice device, uint32_t processors) {
    pthread_mutex_lock(&lock);
    CUdevResourceDesc one = descriptions;
    while (one && (one->device != device || one->processors != processors)) {
        one = one->next;
    }
    if (!one && (one = malloc(sizeof *one))) {
        *one = (struct CUdevResourceDesc_st){device, processors, descriptions};
        descriptions = one;
    }
    pthread_mutex_unlock(&lock);
    return one;
}

/* Several resources of one device are one that has the processors of all of them. */
static cudaError_t describe(CUdevResourceDesc *place, const CUdevResource *resources, unsigned count) {
    uint32_t processors = 0;
    struct inside one, first = {0};
    cudaError_t error = cw_driver_place(place, "description");
    if (error == cudaSuccess && (count == 0 || !resources)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%u resources at %p", count, (const void *)resources);
    }
    for (unsigned i = 0; error == cudaSuccess && i < count; i++) {
        error = read_resource(&resources[i], &one);
        first = i == 0 ? one : first;
        if (error == cudaSuccess && one.device != first.device) {
            error = cw_rt_fail(cudaErrorInvalidResourceConfiguration, "resources of several devices");
        }
        processors += error == cudaSuccess ? resources[i].sm.smCount : 0;
    }
    if (error != cudaSuccess) {
        return error;
    }
    *place = find_description(first.device, processors);
    return *place ? cudaSuccess : cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a description of resources");
}

CUresult cuDevResourceGenerateDesc(CUdevResourceDesc *description, CUdevResource *resources, unsigned count) {
    return CW_DRIVER_PLAIN(describe(description, resources, count));
}

/* ---- Contexts ---------------------------------------------------------------------------------------------------- */

/* A green context that lives: CUDA's error for others is CUDA_ERROR_INVALID_HANDLE. */
static cudaError_t check(CUgreenCtx green) {
    bool known = false;
    pthread_mutex_lock(&lock);
    for (const struct CUgreenCtx_st *one = contexts; one && !known; one = one->next) {
        known = one == green;
    }
    pthread_mutex_unlock(&lock);
    return known && atomic_load(&green->context->live)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidResourceHandle, "%p is no green context that lives", (void *)green);
}

static cudaError_t create(CUgreenCtx *place, CUdevResourceDesc description, CUdevice ordinal, unsigned flags) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "green context");
    if (error == cudaSuccess && (!description || description->device != ordinal)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the description is not one of device %d's resources", ordinal);
    }
    if (error == cudaSuccess && flags != CU_GREEN_CTX_DEFAULT_STREAM) {
        error = cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x: CU_GREEN_CTX_DEFAULT_STREAM is required", flags);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(ordinal, &device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess && !device->facts.partitions) {
        error = cw_rt_fail(cudaErrorNotSupported, "the device %s can't keep kernels to some of its processors",
                           device->facts.name);
    }
    if (error != cudaSuccess) {
        return error;
    }
    CUgreenCtx green = calloc(1, sizeof *green);
    CUcontext context = green ? cw_rt_context_create(device, 0, description->processors) : NULL;
    if (!context) {
        free(green);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a context");
    }
    green->context = context;
    green->resource = make_resource(ordinal, 0, description->processors);
    context->green = green;
    pthread_mutex_lock(&lock);
    green->next = contexts;
    contexts = green;
    pthread_mutex_unlock(&lock);
    *place = green;
    return cudaSuccess;
}

CUresult cuGreenCtxCreate(CUgreenCtx *green, CUdevResourceDesc description, CUdevice device, unsigned flags) {
    return CW_DRIVER_PLAIN(create(green, description, device, flags));
}

static cudaError_t destroy(CUgreenCtx green) {
    cudaError_t error = check(green);
    return error == cudaSuccess ? cw_rt_context_destroy(green->context) : error;
}

CUresult cuGreenCtxDestroy(CUgreenCtx green) {
    return CW_DRIVER_PLAIN(destroy(green));
}

static cudaError_t get_id(CUgreenCtx green, unsigned long long *place) {
    cudaError_t error = cw_driver_place(place, "id");
    if (error == cudaSuccess) {
        error = check(green);
    }
    if (error == cudaSuccess) {
        *place = green->context->id;
    }
    return error;
}

CUresult cuGreenCtxGetId(CUgreenCtx green, unsigned long long *id) {
    return CW_DRIVER_PLAIN(get_id(green, id));
}

static cudaError_t get_context(CUgreenCtx green, CUcontext *place) {
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        error = check(green);
    }
    if (error == cudaSuccess) {
        *place = green->context;
    }
    return error;
}

CUresult cuCtxFromGreenCtx(CUcontext *context, CUgreenCtx green) {
    return CW_DRIVER_PLAIN(get_context(green, context));
}

static cudaError_t green_resource(CUgreenCtx green, CUdevResource *place, CUdevResourceType type) {
    cudaError_t error = check(green);
    return error == cudaSuccess ? context_resource(green->context, place, type) : error;
}

CUresult cuGreenCtxGetDevResource(CUgreenCtx green, CUdevResource *resource, CUdevResourceType type) {
    return CW_DRIVER_PLAIN(green_resource(green, resource, type));
}

/* ---- Streams ----------------------------------------------------------------------------------------------------- */

/* A stream of a context that need not be current. */
static cudaError_t make_stream(CUcontext context, int priority, CUstream *stream) {
    if (!cw_rt_context_push(context)) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a stack of contexts");
    }
    cudaError_t error = cudaStreamCreateWithPriority(stream, cudaStreamNonBlocking, priority);
    cw_rt_context_pop();
    return error;
}

/* What is submitted to `stream` from now on comes behind what `before` has now. */
static cudaError_t come_behind(CUstream stream, struct CUstream_st *const *before, size_t count) {
    struct cw_rt_operation *operation = cw_rt_operation_take(0);
    bool fits = operation != NULL;
    for (size_t i = 0; fits && i < count; i++) {
        fits = before[i] == stream || cw_rt_operation_depend(operation, before[i], cw_rt_stream_mark(before[i]));
    }
    if (!fits) {
        if (operation) {
            cw_rt_operation_give(operation);
        }
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    return cw_rt_queue(stream, operation, CW_RT_ASYNC, NULL);
}

static cudaError_t create_stream(CUstream *place, CUgreenCtx green, unsigned flags, int priority) {
    cudaError_t error = cw_driver_place(place, "stream");
    if (error == cudaSuccess) {
        error = check(green);
    }
    if (error == cudaSuccess && flags != CU_STREAM_NON_BLOCKING) {
        error = cw_rt_fail(cudaErrorInvalidValue, "flags 0x%x: CU_STREAM_NON_BLOCKING is required", flags);
    }
    if (error == cudaSuccess) {
        error = make_stream(green->context, priority, place);
    }
    struct CUstream_st *hub = error == cudaSuccess ? atomic_load(&green->context->hub) : NULL;
    return hub ? come_behind(*place, &hub, 1) : error;
}

CUresult cuGreenCtxStreamCreate(CUstream *stream, CUgreenCtx green, unsigned flags, int priority) {
    return CW_DRIVER_PLAIN(create_stream(stream, green, flags, priority));
}

/* Where the work of a context's streams meets. */
static cudaError_t find_hub(CUcontext context, struct CUstream_st **hub) {
    pthread_mutex_lock(&lock);
    *hub = atomic_load(&context->hub);
    cudaError_t error = cudaSuccess;
    if (!*hub) {
        error = make_stream(context, 0, hub);
        if (error == cudaSuccess) {
            atomic_store(&context->hub, *hub);
        }
    }
    pthread_mutex_unlock(&lock);
    return error;
}

static cudaError_t meet(CUcontext context, CUevent event, bool wait) {
    struct CUstream_st *hub;
    size_t count;
    cudaError_t error = live_context(context);
    if (error == cudaSuccess) {
        error = cw_rt_event_check(event);
    }
    if (error == cudaSuccess) {
        error = find_hub(context, &hub);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct CUstream_st **streams = cw_rt_streams_of_context(context->device, context->id, &count);
    if (!streams) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for the context's streams");
    }
    if (wait) {
        error = cw_rt_event_wait(hub, event);
        for (size_t i = 0; error == cudaSuccess && i < count; i++) {
            error = streams[i] == hub ? cudaSuccess : cw_rt_event_wait(streams[i], event);
        }
    } else {
        error = come_behind(hub, streams, count);
        if (error == cudaSuccess) {
            error = cw_rt_event_record(event, hub);
        }
    }
    free(streams);
    return error;
}

static cudaError_t green_meet(CUgreenCtx green, CUevent event, bool wait) {
    cudaError_t error = check(green);
    return error == cudaSuccess ? meet(green->context, event, wait) : error;
}

CUresult cuGreenCtxRecordEvent(CUgreenCtx green, CUevent event) {
    return CW_DRIVER_PLAIN(green_meet(green, event, false));
}

CUresult cuGreenCtxWaitEvent(CUgreenCtx green, CUevent event) {
    return CW_DRIVER_PLAIN(green_meet(green, event, true));
}

CUresult cuCtxRecordEvent(CUcontext context, CUevent event) {
    return CW_DRIVER_PLAIN(meet(context, event, false));
}

CUresult cuCtxWaitEvent(CUcontext context, CUevent event) {
    return CW_DRIVER_PLAIN(meet(context, event, true));
}

/* The context that a stream was created in; default streams are of the current one. */
static cudaError_t owner_of(CUstream handle, CUcontext *owner) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess) {
        CUcontext context = stream->legacy || stream->per_thread ? NULL : cw_rt_context_by_id(stream->context);
        *owner = context ? context : cw_rt_thread()->context;
    }
    return error;
}

static cudaError_t stream_green(CUstream handle, CUgreenCtx *place) {
    CUcontext owner;
    cudaError_t error = cw_driver_place(place, "green context");
    if (error == cudaSuccess) {
        error = owner_of(handle, &owner);
    }
    if (error == cudaSuccess) {
        *place = owner->green;
    }
    return error;
}

CUresult cuStreamGetGreenCtx(CUstream stream, CUgreenCtx *green) {
    return CW_DRIVER(stream_green(stream, green));
}

static cudaError_t stream_contexts(CUstream handle, CUcontext *place, CUgreenCtx *green) {
    CUcontext owner;
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        error = owner_of(handle, &owner);
    }
    if (error == cudaSuccess) {
        *place = owner->green && green ? NULL : owner;
        if (green) {
            *green = owner->green;
        }
    }
    return error;
}

CUresult cuStreamGetCtx_v2(CUstream stream, CUcontext *context, CUgreenCtx *green) {
    return CW_DRIVER(stream_contexts(stream, context, green));
}

/* ---- Tensor maps ------------------------------------------------------------------------------------------------- */

static cudaError_t refuse_map(const CUtensorMap *map) {
    cudaError_t error = cw_driver_place(map, "tensor map");
    return error == cudaSuccess ? cw_rt_fail(cudaErrorNotSupported,
                                             "tensor maps need compute capability 9.0; this device has less")
                                : error;
}

CUresult cuTensorMapEncodeTiled(CUtensorMap *map, CUtensorMapDataType type, cuuint32_t rank, void *address,
                                const cuuint64_t *dims, const cuuint64_t *strides, const cuuint32_t *box,
                                const cuuint32_t *element_strides, CUtensorMapInterleave interleave,
                                CUtensorMapSwizzle swizzle, CUtensorMapL2promotion promotion,
                                CUtensorMapFloatOOBfill fill) {
    (void)type, (void)rank, (void)address, (void)dims, (void)strides, (void)box, (void)element_strides;
    (void)interleave, (void)swizzle, (void)promotion, (void)fill;
    return CW_DRIVER_PLAIN(refuse_map(map));
}

CUresult cuTensorMapEncodeIm2col(CUtensorMap *map, CUtensorMapDataType type, cuuint32_t rank, void *address,
                                 const cuuint64_t *dims, const cuuint64_t *strides, const int *lower, const int *upper,
                                 cuuint32_t channels, cuuint32_t pixels, const cuuint32_t *element_strides,
                                 CUtensorMapInterleave interleave, CUtensorMapSwizzle swizzle,
                                 CUtensorMapL2promotion promotion, CUtensorMapFloatOOBfill fill) {
    (void)type, (void)rank, (void)address, (void)dims, (void)strides, (void)lower, (void)upper, (void)channels;
    (void)pixels, (void)element_strides, (void)interleave, (void)swizzle, (void)promotion, (void)fill;
    return CW_DRIVER_PLAIN(refuse_map(map));
}

CUresult cuTensorMapReplaceAddress(CUtensorMap *map, void *address) {
    (void)address;
    return CW_DRIVER_PLAIN(refuse_map(map));
}
