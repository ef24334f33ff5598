/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda.c: the backend for NVIDIA GPUs, by NVIDIA's own driver: libcudawasm-backend-cuda.so. It knows nothing of compilers:
 * what it loads is PTX (src/target/ptx) or the vendor's machine code. No toolkit is needed to build or to use it.
 *
 * The driver's calls work on the calling thread's context. Each member sets its device's first, if the thread's is another.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cuda/device.h"

/* CUdevice_attribute, whose numbers the runtime API's enum cudaDeviceAttr has too. */
enum attribute {
    MAX_THREADS = 1,
    CLOCK = 13,
    PROCESSORS = 16,
    MEMORY_CLOCK = 36,
    BUS_WIDTH = 37,
    L2_BYTES = 38,
    MAJOR = 75,
    MINOR = 76,
    CAN_USE_HOST_POINTER = 91,
    SHARED_OPTIN = 97,
    CLUSTER_LAUNCH = 120,
};

#define CLUSTER_BLOCKS 16u /* what the driver may allow when it is asked to */

/* How often a device was closed: a context that was made later may lie where one was that is gone. */
static _Atomic unsigned generation;

void cw_cuda_enter(const struct cw_backend_device *device) {
    static _Thread_local void *current;
    static _Thread_local unsigned current_generation;
    unsigned now = atomic_load_explicit(&generation, memory_order_acquire);
    if (current != device->context || current_generation != now) {
        (void)cw_cuda_driver()->context_set(device->context);
        current = device->context;
        current_generation = now;
    }
}

static int probe(void) {
    return cw_cuda_driver() ? 1000 : 0;
}

static const struct cw_backend backend;

static cw_status image_create(struct cw_backend_device *device, const struct cw_image *image,
                              const struct cw_sampler *sampler, uint64_t *object) {
    return cw_described_create(&device->images, &backend, device, image, sampler, object);
}

static void image_destroy(struct cw_backend_device *device, uint64_t object) {
    cw_described_destroy(&device->images, object);
}

static uint32_t device_count(void) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    return driver ? (uint32_t)driver->count : 0;
}

static int ask(const struct cw_backend_device *device, int attribute) {
    int value = 0;
    return cw_cuda_driver()->device_attribute(&value, attribute, device->handle) == CW_CUDA_SUCCESS ? value : 0;
}

static void device_close(struct cw_backend_device *device) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    if (device->context) {
        cw_cuda_enter(device);
        cw_cuda_grid_close(device);
        cw_described_fini(&device->images, &backend, device);
        if (device->stream) {
            (void)driver->stream_destroy(device->stream);
        }
        /* A kernel that faulted leaves the context useless for all. The reset is what CUDA has for it; seen on an H200, the driver gives
         * the process no context any more all the same, not by cuCtxCreate either. */
        bool lost = driver->context_wait() != CW_CUDA_SUCCESS;
        (void)driver->context_set(NULL);
        atomic_fetch_add_explicit(&generation, 1, memory_order_release);
        (void)driver->context_release(device->handle);
        if (lost) {
            (void)driver->context_reset(device->handle);
        }
    }
    pthread_mutex_destroy(&device->lock);
    free(device);
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **result) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_backend_device *device = driver ? calloc(1, sizeof *device) : NULL;
    if (!device) {
        return driver ? CW_ERROR_OUT_OF_MEMORY : CW_ERROR_NOT_FOUND;
    }
    pthread_mutex_init(&device->lock, NULL);
    cw_described_init(&device->images);
    int code = driver->device_get(&device->handle, (int)ordinal);
    if (code == CW_CUDA_SUCCESS) {
        code = driver->context_retain(&device->context, device->handle);
    }
    if (code == CW_CUDA_SUCCESS) {
        (void)driver->device_name(device->name, (int)sizeof device->name, device->handle);
        device->capability = ask(device, MAJOR) * 10 + ask(device, MINOR);
        cw_cuda_enter(device);
        code = driver->stream_create(&device->stream, 1u, 0);
    }
    if (code != CW_CUDA_SUCCESS) {
        device_close(device);
        return cw_cuda_status(code);
    }
    *result = device;
    return CW_OK;
}

/* The newest architecture that LLVM 22 knows and that runs here: PTX for an older one runs on newer devices. */
static int compile_for(int capability) {
    static const int known[] = {70, 72, 75, 80, 86, 87, 89, 90, 100, 101, 103, 120, 121};
    int best = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        best = known[i] <= capability ? known[i] : best;
    }
    return best;
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    size_t memory = 0;
    *facts = (struct cw_device_facts){0};
    snprintf(facts->name, sizeof facts->name, "%s", device->name);
    (void)driver->device_memory(&memory, device->handle);
    facts->total_memory = memory;
    facts->shared_per_block = (uint64_t)ask(device, SHARED_OPTIN);
    facts->processors = (uint32_t)ask(device, PROCESSORS);
    facts->clock_khz = (uint32_t)ask(device, CLOCK);
    facts->memory_clock_khz = (uint32_t)ask(device, MEMORY_CLOCK);
    facts->memory_bus_bits = (uint32_t)ask(device, BUS_WIDTH);
    facts->cache_bytes = (uint32_t)ask(device, L2_BYTES);
    facts->max_threads_per_block = (uint32_t)ask(device, MAX_THREADS);
    facts->capability = (uint32_t)device->capability;
    facts->cluster_blocks = driver->launch_with && ask(device, CLUSTER_LAUNCH) ? CLUSTER_BLOCKS : 0;
    facts->reads_host_memory = ask(device, CAN_USE_HOST_POINTER) != 0;
    snprintf(facts->target_cpu, sizeof facts->target_cpu, "sm_%d", compile_for(device->capability));
    snprintf(facts->driver, sizeof facts->driver, "CUDA %d.%d", driver->version / 1000, driver->version % 1000 / 10);
    (void)driver->device_bus(facts->bus_id, (int)sizeof facts->bus_id, device->handle);
    (void)driver->device_uuid(facts->uuid, device->handle);
}

/* CUlimit has the order of enum cudaLimit. */
static cw_status device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    static const int limits[] = {[CW_LIMIT_STACK] = 0,
                                 [CW_LIMIT_PRINTF_FIFO] = 1,
                                 [CW_LIMIT_MALLOC_HEAP] = 2,
                                 [CW_LIMIT_PENDING_LAUNCHES] = 4};
    cw_cuda_enter(device);
    return cw_cuda_status(cw_cuda_driver()->context_limit(limits[limit], (size_t)value));
}

/* What the hardware is like. What CUDA's software offers on it is the runtime's business. */
static cw_status device_attribute(struct cw_backend_device *device, uint32_t attribute, int *value) {
    static const unsigned char known[] = {1,  2,  3,  4,  5,  6,  7,  10, 12, 13, 14, 16,  17,  18,  19,  20, 32,
                                          33, 34, 35, 36, 37, 38, 39, 40, 50, 75, 76, 81,  82,  83,  86,  87,  89, 90, 97,
                                          106, 111};
    for (size_t i = 0; i < sizeof known; i++) {
        if (known[i] == attribute) {
            return cw_cuda_status(cw_cuda_driver()->device_attribute(value, (int)attribute, device->handle));
        }
    }
    return CW_ERROR_NOT_FOUND;
}

static bool peer_can(struct cw_backend_device *device, struct cw_backend_device *peer) {
    int can = 0;
    return cw_cuda_driver()->peer_can(&can, device->handle, peer->handle) == CW_CUDA_SUCCESS && can != 0;
}

static cw_status peer_enable(struct cw_backend_device *device, struct cw_backend_device *peer) {
    cw_cuda_enter(device);
    int result = cw_cuda_driver()->peer_enable(peer->context, 0);
    return cw_cuda_status(result == CW_CUDA_PEER_ALREADY_ENABLED ? CW_CUDA_SUCCESS : result);
}

static void peer_disable(struct cw_backend_device *device, struct cw_backend_device *peer) {
    cw_cuda_enter(device);
    (void)cw_cuda_driver()->peer_disable(peer->context);
}

/* The driver writes what kernels print when the host waits for a stream or an event; there is nothing to add. */
static void output_flush(struct cw_backend_device *device) {
    (void)device;
}

static const struct cw_backend backend = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "cuda",
    .target = "ptx",
    .probe = probe,
    .device_count = device_count,
    .device_open = device_open,
    .device_close = device_close,
    .device_facts = device_facts,
    .device_limit = device_limit,
    .device_attribute = device_attribute,
    .memory_alloc = cw_cuda_memory_alloc,
    .memory_free = cw_cuda_memory_free,
    .memory_info = cw_cuda_memory_info,
    .copy = cw_cuda_copy,
    .fill = cw_cuda_fill,
    .artifact_score = cw_cuda_artifact_score,
    .module_load = cw_cuda_module_load,
    .module_unload = cw_cuda_module_unload,
    .kernel_find = cw_cuda_kernel_find,
    .kernel_facts = cw_cuda_kernel_facts,
    .kernel_active_blocks = cw_cuda_kernel_active_blocks,
    .kernel_clusters = cw_cuda_kernel_clusters,
    .variable_find = cw_cuda_variable_find,
    .launch = cw_cuda_launch,
    .output_flush = output_flush,
    .stream_create = cw_cuda_stream_create,
    .stream_destroy = cw_cuda_stream_destroy,
    .stream_wait = cw_cuda_stream_wait,
    .stream_idle = cw_cuda_stream_idle,
    .stream_follow = cw_cuda_stream_follow,
    .launch_async = cw_cuda_launch_async,
    .fill_async = cw_cuda_fill_async,
    .copy_async = cw_cuda_copy_async,
    .copy_rows_async = cw_cuda_copy_rows_async,
    .event_create = cw_cuda_event_create,
    .event_destroy = cw_cuda_event_destroy,
    .event_record = cw_cuda_event_record,
    .event_wait = cw_cuda_event_wait,
    .event_idle = cw_cuda_event_idle,
    .event_follow = cw_cuda_event_follow,
    .event_elapsed = cw_cuda_event_elapsed,
    .host_alloc = cw_cuda_host_alloc,
    .host_free = cw_cuda_host_free,
    .host_register = cw_cuda_host_register,
    .host_unregister = cw_cuda_host_unregister,
    .managed_alloc = cw_cuda_managed_alloc,
    .image_create = image_create,
    .image_destroy = image_destroy,
    .device_state = cw_cuda_device_state,
    .problem = cw_cuda_problem,
    .copy_peer = cw_cuda_copy_peer,
    .heeds_visible_devices = 1,
    .peer_can = peer_can,
    .peer_enable = peer_enable,
    .peer_disable = peer_disable,
    .words_async = cw_cuda_words_async,
    .pages_granularity = cw_cuda_pages_granularity,
    .pages_create = cw_cuda_pages_create,
    .pages_destroy = cw_cuda_pages_destroy,
    .pages_export = cw_cuda_pages_export,
    .pages_import = cw_cuda_pages_import,
    .range_reserve = cw_cuda_range_reserve,
    .range_free = cw_cuda_range_free,
    .range_map = cw_cuda_range_map,
    .range_unmap = cw_cuda_range_unmap,
    .range_access = cw_cuda_range_access,
    .memory_export = cw_cuda_memory_export,
    .memory_import = cw_cuda_memory_import,
    .memory_handle = cw_cuda_memory_handle,
    .memory_open = cw_cuda_memory_open,
    .memory_alloc_shareable = cw_cuda_memory_alloc_shareable,
};

const struct cw_backend *cw_backend_entry(void) {
    return &backend;
}
