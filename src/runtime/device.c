/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: opening, failing and resetting devices. See device.h. */
#include "runtime/device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wish.h"
#include "cuda/cuda_runtime_api.h"
#include "runtime/answers.h"
#include "runtime/array.h"
#include "runtime/capture.h"
#include "runtime/chain.h"
#include "runtime/context.h"
#include "runtime/event.h"
#include "runtime/graph.h"
#include "runtime/graphics.h"
#include "runtime/image.h"
#include "runtime/loading.h"
#include "runtime/memory.h"
#include "runtime/pool.h"
#include "runtime/reference.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

/* How long the end of the process waits for kernels that make no progress. */
#define EXIT_PATIENCE_NS 5000000000u

static struct cw_rt_device devices[CW_RT_DEVICES_MAX];
static int device_count;
static pthread_once_t devices_once = PTHREAD_ONCE_INIT;

static const struct cw_rt_limits default_limits = {
    .stack = 1024,
    .printf_fifo = 1u << 20,
    .malloc_heap = 8u << 20,
    .sync_depth = 2,
    .pending_launches = 2048,
    .l2_fetch = 64,
};

/* The numbers listed, in that order, up to the first entry that names no device, as CUDA_VISIBLE_DEVICES is read (CUDA C++ Programming
 * Guide, "CUDA Environment Variables"). All `count` without a list. Returns how many. */
static uint32_t read_list(const char *list, uint32_t count, uint32_t *numbers) {
    bool seen[CW_RT_DEVICES_MAX] = {false};
    uint32_t found = 0;
    for (; !list && found < count; found++) {
        numbers[found] = found;
    }
    while (list && *list) {
        char *end;
        unsigned long number = strtoul(list, &end, 10);
        if (end == list || number >= count || seen[number] || (*end && *end != ',')) {
            break;
        }
        seen[number] = true;
        numbers[found++] = (uint32_t)number;
        list = *end ? end + 1 : end;
    }
    return found;
}

/* CUDA_WASM_DEVICES chooses among the backend's devices (the CPU's is how many it makes), CUDA_VISIBLE_DEVICES among those. */
static int choose_visible(const struct cw_backend *backend, uint32_t count) {
    uint32_t wished[CW_RT_DEVICES_MAX], visible[CW_RT_DEVICES_MAX];
    char list[256];
    bool listed = strcmp(backend->name, "cpu") != 0 && cw_wish_for(backend->name, list, sizeof list) && list[0];
    count = read_list(listed ? list : NULL, count, wished);
    count = read_list(backend->heeds_visible_devices ? NULL : getenv("CUDA_VISIBLE_DEVICES"), count, visible);
    for (uint32_t i = 0; i < count; i++) {
        devices[i].physical = wished[visible[i]];
    }
    return (int)count;
}

static void count_devices(void) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    uint32_t count = backend->device_count();
    device_count = choose_visible(backend, count < CW_RT_DEVICES_MAX ? count : CW_RT_DEVICES_MAX);
    for (int i = 0; i < device_count; i++) {
        devices[i].ordinal = i;
        devices[i].limits = default_limits;
        pthread_mutex_init(&devices[i].lock, NULL);
        cw_rt_allocations_init(&devices[i].allocations);
    }
}

cudaError_t cw_rt_device_count(int *count) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_once(&devices_once, count_devices);
    *count = device_count;
    return device_count > 0 ? cudaSuccess
                            : cw_rt_fail(cudaErrorNoDevice, "the %s backend has no device", backend->name);
}

cudaError_t cw_rt_device_at(int ordinal, struct cw_rt_device **device) {
    int count;
    cudaError_t error = cw_rt_device_count(&count);
    if (error != cudaSuccess) {
        return error;
    }
    if (ordinal < 0 || ordinal >= count) {
        return cw_rt_fail(cudaErrorInvalidDevice, "there is no device %d; there are %d", ordinal, count);
    }
    *device = &devices[ordinal];
    return cudaSuccess;
}

static cudaError_t open_locked(struct cw_rt_device *device) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    device->backend = cw_rt_chain_opened(backend, device->physical);
    cw_status status = device->backend ? CW_OK : backend->device_open(device->physical, &device->backend);
    if (status != CW_OK) {
        return cw_rt_fail(status == CW_ERROR_OUT_OF_MEMORY ? cudaErrorMemoryAllocation : cudaErrorDevicesUnavailable,
                          "the %s backend can't open device %d: %s", backend->name, device->ordinal,
                          cw_status_text(status));
    }
    memset(&device->facts, 0, sizeof device->facts);
    backend->device_facts(device->backend, &device->facts);
    device->native = backend->stream_create != NULL;
    if (backend->device_answers) {
        backend->device_answers(device->backend, cw_rt_answer, device);
    }
    error = cw_rt_stream_create(device, cudaStreamDefault, 0, &device->legacy_stream);
    if (error != cudaSuccess) {
        backend->device_close(device->backend);
        device->backend = NULL;
        return error;
    }
    device->legacy_stream->legacy = true;
    atomic_store_explicit(&device->opened, true, memory_order_release);
    return cudaSuccess;
}

cudaError_t cw_rt_device_open(struct cw_rt_device *device) {
    if (atomic_load_explicit(&device->opened, memory_order_acquire)) {
        return cudaSuccess;
    }
    pthread_mutex_lock(&device->lock);
    cudaError_t error = device->backend ? cudaSuccess : open_locked(device);
    pthread_mutex_unlock(&device->lock);
    return error;
}

cudaError_t cw_rt_device_current(struct cw_rt_device **device) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (thread->in_callback) {
        return cw_rt_fail(cudaErrorNotPermitted, "a stream's host function called CUDA, which CUDA does not allow");
    }
    cudaError_t error = cw_rt_device_at(thread->device, device);
    if (error == cudaSuccess) {
        error = cw_rt_context_enter(*device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (cw_rt_device_failure(*device) != cudaSuccess) {
        return cw_rt_device_check(*device);
    }
    return cw_rt_device_open(*device);
}

void cw_rt_device_select(struct cw_rt_device *device) {
    cw_rt_thread()->device = device->ordinal;
    cw_rt_context_select(cw_rt_context_primary(device));
    (void)cw_rt_context_enter(device); /* the primary context is one that may always be entered */
}

/* ---- Failing ------------------------------------------------------------------------------------------------- */

void cw_rt_device_fail(struct cw_rt_device *device, cudaError_t error, const char *message) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    bool first = cw_rt_device_failure(device) == cudaSuccess;
    if (first) {
        snprintf(device->failure_detail, sizeof device->failure_detail, "%s",
                 message && message[0] ? message : cudaGetErrorString(error));
        atomic_store_explicit(&device->failure, error, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
    if (first) {
        cw_rt_say("%s", device->failure_detail);
    }
}

cudaError_t cw_rt_device_check(struct cw_rt_device *device) {
    cudaError_t failure = cw_rt_device_failure(device);
    return failure == cudaSuccess ? failure : cw_rt_fail(failure, "%s", device->failure_detail);
}

cudaError_t cw_rt_device_sticky(void) {
    int ordinal = cw_rt_thread()->device;
    return ordinal < device_count ? cw_rt_device_failure(&devices[ordinal]) : cudaSuccess;
}

/* ---- Resetting ----------------------------------------------------------------------------------------------- */

static void free_ranges(struct cw_rt_device *device, const struct cw_backend *backend) {
    size_t count;
    struct cw_rt_range *ranges = cw_rt_allocations_take(&device->allocations, &count);
    for (size_t i = 0; i < count; i++) {
        cw_rt_memory_release(device, backend, &ranges[i]);
    }
    free(ranges);
}

cudaError_t cw_rt_device_reset(struct cw_rt_device *device) {
    const struct cw_backend *backend;
    cudaError_t error = cw_rt_backend(&backend);
    if (error != cudaSuccess) {
        return error;
    }
    if (atomic_load_explicit(&device->opened, memory_order_acquire)) {
        cw_rt_device_synchronize(device);
    }
    pthread_mutex_lock(&device->lock);
    if (device->backend) {
        backend->output_flush(device->backend);
        cw_rt_captures_close(device);
        cw_rt_graphs_close(device);
        cw_rt_streams_close(device);
        cw_rt_events_close(device);
        cw_rt_graphics_close(device);
        cw_rt_references_close(device);
        cw_rt_images_close(device);
        cw_rt_arrays_close(device);
        cw_rt_graph_memory_close(device);
        cw_rt_pools_close(device);
        cw_rt_unload(device);
        free_ranges(device, backend);
        atomic_store_explicit(&device->opened, false, memory_order_release);
        backend->device_close(device->backend);
        device->backend = NULL;
        device->legacy_stream = NULL;
    }
    cw_rt_contexts_reset(device);
    device->limits = default_limits;
    device->flags = 0;
    atomic_store_explicit(&device->peers, 0, memory_order_relaxed);
    device->cache_config = cudaFuncCachePreferNone;
    device->shared_config = cudaSharedMemBankSizeDefault;
    atomic_store_explicit(&device->failure, cudaSuccess, memory_order_release);
    pthread_mutex_unlock(&device->lock);
    return cudaSuccess;
}

/* ---- The rest ------------------------------------------------------------------------------------------------ */

void cw_rt_device_flush(struct cw_rt_device *device) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) == cudaSuccess) {
        backend->output_flush(device->backend);
    }
}

cudaError_t cw_rt_status_error(cw_status status) {
    switch (status) {
    case CW_OK:
        return cudaSuccess;
    case CW_ERROR_OUT_OF_MEMORY:
        return cudaErrorMemoryAllocation;
    case CW_ERROR_INVALID_ARGUMENT:
        return cudaErrorInvalidValue;
    case CW_ERROR_UNSUPPORTED:
        return cudaErrorNotSupported;
    default:
        return cudaErrorUnknown;
    }
}

/* The end of the process: what was launched still runs, and what it printed appears, as people expect of a program.
 * Devices stay open, because destructors of the program may still call CUDA. */
__attribute__((destructor)) static void process_ends(void) {
    /* A host function that ends the process can't wait for the stream that it is part of. */
    if (cw_rt_thread()->in_callback) {
        return;
    }
    for (int i = 0; i < device_count; i++) {
        struct cw_rt_device *device = &devices[i];
        if (!atomic_load_explicit(&device->opened, memory_order_acquire)) {
            continue;
        }
        if (!cw_rt_device_drain(device, EXIT_PATIENCE_NS)) {
            cw_rt_say("the program ends while kernels are running");
        } else {
            cw_rt_device_flush(device);
        }
    }
}
