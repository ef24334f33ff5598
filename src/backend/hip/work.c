/* SPDX-License-Identifier: Apache-2.0 */
/* work.c: what a HIP device does: memory, streams, events, modules, launches. Addresses are one space with the host's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/hip/device.h"

#define COPY_DEFAULT 4 /* hipMemcpyDefault: by the addresses */
#define STREAM_NON_BLOCKING 1u
#define EVENT_DISABLE_TIMING 2u
#define HOST_PORTABLE_MAPPED 3u
#define ATTACH_GLOBAL 1u
#define EXTRA_POINTER ((void *)1) /* HIP_LAUNCH_PARAM_BUFFER_POINTER, ..._SIZE, ..._END */
#define EXTRA_SIZE ((void *)2)
#define EXTRA_END ((void *)3)

/* ---- Memory -------------------------------------------------------------------------------------------------- */

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    cw_hip_enter(device);
    return cw_hip_status(cw_hip_driver()->memory_alloc(pointer, size));
}

static cw_status managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    cw_hip_enter(device);
    return cw_hip_status(cw_hip_driver()->memory_alloc_managed(pointer, size, ATTACH_GLOBAL));
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    cw_hip_enter(device);
    (void)cw_hip_driver()->memory_free(pointer);
}

static void memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    size_t unused = 0, total = 0;
    cw_hip_enter(device);
    (void)cw_hip_driver()->memory_info(&unused, &total);
    *free_bytes = unused;
    *total_bytes = total;
}

static cw_status host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    cw_hip_enter(device);
    return cw_hip_status(cw_hip_driver()->host_alloc(pointer, size, HOST_PORTABLE_MAPPED));
}

static void host_free(struct cw_backend_device *device, void *pointer) {
    cw_hip_enter(device);
    (void)cw_hip_driver()->host_free(pointer);
}

static int copy_on(void *stream, void *dst, const void *src, size_t size) {
    return cw_hip_driver()->copy_async(dst, src, size, COPY_DEFAULT, stream);
}

static int fill_on(void *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    const struct cw_hip_driver *hip = cw_hip_driver();
    return pattern_size == 1   ? hip->fill8(dst, (unsigned char)pattern, count, stream)
           : pattern_size == 2 ? hip->fill16(dst, (unsigned short)pattern, count, stream)
                               : hip->fill32(dst, (int)pattern, count, stream);
}

static cw_status finish(struct cw_backend_device *device, int result) {
    return cw_hip_status(result == CW_HIP_SUCCESS ? cw_hip_driver()->stream_wait(device->stream) : result);
}

static cw_status copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                      enum cw_copy_kind kind) {
    (void)kind;
    cw_hip_enter(device);
    return finish(device, copy_on(device->stream, dst, src, size));
}

static cw_status fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                      size_t count) {
    cw_hip_enter(device);
    return finish(device, fill_on(device->stream, dst, pattern, pattern_size, count));
}

static cw_status copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size,
                            enum cw_copy_kind kind) {
    (void)kind;
    cw_hip_enter(stream->device);
    return cw_hip_status(copy_on(stream->handle, dst, src, size));
}

static cw_status fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size,
                            size_t count) {
    cw_hip_enter(stream->device);
    return cw_hip_status(fill_on(stream->handle, dst, pattern, pattern_size, count));
}

/* ---- Peers ---------------------------------------------------------------------------------------------------- */

static bool peer_can(struct cw_backend_device *device, struct cw_backend_device *peer) {
    int can = 0;
    return cw_hip_driver()->peer_can(&can, device->ordinal, peer->ordinal) == CW_HIP_SUCCESS && can != 0;
}

static cw_status peer_enable(struct cw_backend_device *device, struct cw_backend_device *peer) {
    cw_hip_enter(device);
    int result = cw_hip_driver()->peer_enable(peer->ordinal, 0);
    return cw_hip_status(result == CW_HIP_PEER_ALREADY_ENABLED ? CW_HIP_SUCCESS : result);
}

static void peer_disable(struct cw_backend_device *device, struct cw_backend_device *peer) {
    cw_hip_enter(device);
    (void)cw_hip_driver()->peer_disable(peer->ordinal);
}

/* ---- Streams and events -------------------------------------------------------------------------------------- */

static void stream_destroy(struct cw_backend_stream *stream) {
    cw_hip_enter(stream->device);
    if (stream->marker) {
        (void)cw_hip_driver()->event_destroy(stream->marker);
    }
    if (stream->handle) {
        (void)cw_hip_driver()->stream_destroy(stream->handle);
    }
    free(stream);
}

static cw_status stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **result) {
    struct cw_backend_stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    stream->device = device;
    cw_hip_enter(device);
    int code = cw_hip_driver()->stream_create(&stream->handle, STREAM_NON_BLOCKING, priority);
    if (code == CW_HIP_SUCCESS) {
        code = cw_hip_driver()->event_create(&stream->marker, EVENT_DISABLE_TIMING);
    }
    if (code != CW_HIP_SUCCESS) {
        stream_destroy(stream);
        return cw_hip_status(code);
    }
    *result = stream;
    return CW_OK;
}

static cw_status stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    cw_hip_enter(stream->device);
    return cw_hip_fault(cw_hip_driver()->stream_wait(stream->handle), stream->device, "work", fault);
}

static bool stream_idle(struct cw_backend_stream *stream) {
    cw_hip_enter(stream->device);
    return cw_hip_driver()->stream_query(stream->handle) != CW_HIP_NOT_READY;
}

static cw_status stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    cw_hip_enter(stream->device);
    int result = cw_hip_driver()->event_record(other->marker, other->handle);
    return cw_hip_status(result == CW_HIP_SUCCESS ? cw_hip_driver()->stream_follow(stream->handle, other->marker, 0)
                                                  : result);
}

static cw_status event_create(struct cw_backend_device *device, struct cw_backend_event **result) {
    struct cw_backend_event *event = calloc(1, sizeof *event);
    if (!event) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    event->device = device;
    cw_hip_enter(device);
    cw_status status = cw_hip_status(cw_hip_driver()->event_create(&event->handle, 0));
    if (status != CW_OK) {
        free(event);
        return status;
    }
    *result = event;
    return CW_OK;
}

static void event_destroy(struct cw_backend_event *event) {
    cw_hip_enter(event->device);
    (void)cw_hip_driver()->event_destroy(event->handle);
    free(event);
}

static cw_status event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    cw_hip_enter(event->device);
    return cw_hip_status(cw_hip_driver()->event_record(event->handle, stream->handle));
}

static cw_status event_wait(struct cw_backend_event *event) {
    cw_hip_enter(event->device);
    return cw_hip_status(cw_hip_driver()->event_wait(event->handle));
}

static bool event_idle(struct cw_backend_event *event) {
    cw_hip_enter(event->device);
    return cw_hip_driver()->event_query(event->handle) != CW_HIP_NOT_READY;
}

static cw_status event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    cw_hip_enter(event->device);
    return cw_hip_status(cw_hip_driver()->stream_follow(stream->handle, event->handle, 0));
}

static cw_status event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    float time = 0;
    cw_hip_enter(from->device);
    cw_status status = cw_hip_status(cw_hip_driver()->event_elapsed(&time, from->handle, to->handle));
    *ms = (double)time;
    return status;
}

/* ---- Modules ------------------------------------------------------------------------------------------------- */

/* Code objects run on the processor that they were made for. */
static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    (void)features;
    return strcmp(cpu[0] ? cpu : "gfx90a", device->node.architecture) == 0 ? 1 : 0;
}

static cw_status module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **result, char *error, size_t error_size) {
    struct cw_backend_module *module = calloc(1, sizeof *module);
    (void)size;
    if (!module) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    cw_hip_enter(device);
    int code = cw_hip_driver()->module_load(&module->handle, artifact);
    if (code != CW_HIP_SUCCESS) {
        snprintf(error, error_size, "HIP refuses them: %s (%d)", cw_hip_driver()->error_text(code), code);
        free(module);
        return code == CW_HIP_OUT_OF_MEMORY ? CW_ERROR_OUT_OF_MEMORY : CW_ERROR_BAD_MODULE;
    }
    module->device = device;
    pthread_mutex_init(&module->lock, NULL);
    *result = module;
    return CW_OK;
}

static void module_unload(struct cw_backend_module *module) {
    cw_hip_enter(module->device);
    (void)cw_hip_driver()->module_unload(module->handle);
    for (struct cw_backend_kernel *kernel = module->kernels, *next; kernel; kernel = next) {
        next = kernel->next;
        free(kernel);
    }
    pthread_mutex_destroy(&module->lock);
    free(module);
}

static cw_status find_locked(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **result) {
    void *function;
    for (*result = module->kernels; *result; *result = (*result)->next) {
        if (strcmp((*result)->name, name) == 0) {
            return CW_OK;
        }
    }
    cw_hip_enter(module->device);
    cw_status status = cw_hip_status(cw_hip_driver()->module_function(&function, module->handle, name));
    if (status != CW_OK) {
        return status;
    }
    struct cw_backend_kernel *kernel = calloc(1, sizeof *kernel + strlen(name) + 1);
    if (!kernel) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    strcpy(kernel->name, name);
    kernel->module = module;
    kernel->function = function;
    kernel->next = module->kernels;
    *result = module->kernels = kernel;
    return CW_OK;
}

static cw_status kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    pthread_mutex_lock(&module->lock);
    cw_status status = find_locked(module, name, kernel);
    pthread_mutex_unlock(&module->lock);
    return status;
}

static void kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    (void)kernel;
    *facts = (struct cw_kernel_facts){.max_threads = 1024};
}

static cw_status variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    cw_hip_enter(module->device);
    return cw_hip_status(cw_hip_driver()->module_global(pointer, size, module->handle, name));
}

/* ---- Launches ------------------------------------------------------------------------------------------------ */

static int launch_on(struct cw_backend_device *device, void *stream, const struct cw_launch *launch) {
    size_t size = launch->param_bytes;
    void *extra[] = {EXTRA_POINTER, (void *)(uintptr_t)launch->params, EXTRA_SIZE, &size, EXTRA_END};
    cw_hip_enter(device);
    return cw_hip_driver()->launch(launch->kernel->function, launch->grid.x, launch->grid.y, launch->grid.z,
                                   launch->block.x, launch->block.y, launch->block.z, launch->dynamic_shared, stream,
                                   NULL, extra);
}

/* No kernel that synchronises its grid is compiled for these devices, so a cooperative launch asks for nothing more. */
static cw_status launch(struct cw_backend_device *device, const struct cw_launch *request, struct cw_fault *fault) {
    int result = launch_on(device, device->stream, request);
    if (result == CW_HIP_SUCCESS) {
        result = cw_hip_driver()->stream_wait(device->stream);
    }
    return cw_hip_fault(result, device, request->kernel->name, fault);
}

static cw_status launch_async(struct cw_backend_stream *stream, const struct cw_launch *request,
                              struct cw_fault *fault) {
    return cw_hip_fault(launch_on(stream->device, stream->handle, request), stream->device, request->kernel->name,
                        fault);
}

void cw_hip_fill_backend(struct cw_backend *backend) {
    backend->memory_alloc = memory_alloc;
    backend->memory_free = memory_free;
    backend->memory_info = memory_info;
    backend->managed_alloc = managed_alloc;
    backend->host_alloc = host_alloc;
    backend->host_free = host_free;
    backend->copy = copy;
    backend->fill = fill;
    backend->copy_async = copy_async;
    backend->fill_async = fill_async;
    backend->peer_can = peer_can;
    backend->peer_enable = peer_enable;
    backend->peer_disable = peer_disable;
    backend->stream_create = stream_create;
    backend->stream_destroy = stream_destroy;
    backend->stream_wait = stream_wait;
    backend->stream_idle = stream_idle;
    backend->stream_follow = stream_follow;
    backend->event_create = event_create;
    backend->event_destroy = event_destroy;
    backend->event_record = event_record;
    backend->event_wait = event_wait;
    backend->event_idle = event_idle;
    backend->event_follow = event_follow;
    backend->event_elapsed = event_elapsed;
    backend->artifact_score = artifact_score;
    backend->module_load = module_load;
    backend->module_unload = module_unload;
    backend->kernel_find = kernel_find;
    backend->kernel_facts = kernel_facts;
    backend->variable_find = variable_find;
    backend->launch = launch;
    backend->launch_async = launch_async;
}
