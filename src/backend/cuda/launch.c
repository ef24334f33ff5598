/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: kernel launches. Parameters go to the driver as one packed buffer (CUDA Driver API, cuLaunchKernel, "extra"),
 * which is what the contract has; only cooperative launches, which have no such form, go by addresses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cuda/device.h"

#define END NULL
#define BUFFER_POINTER ((void *)1)
#define BUFFER_SIZE ((void *)2)
#define FUNCTION_MAX_DYNAMIC_SHARED 8
#define WITHOUT_ASKING 49152 /* bytes of shared memory that every kernel may have */
#define PARAMETER_BYTES_MAX 32768u

/* More than that must be asked for (CUDA C++ Programming Guide, "Shared Memory", of compute capability 7.0 on). */
static int allow_shared(struct cw_backend_kernel *kernel, uint32_t dynamic) {
    int wanted = (int)dynamic;
    if (wanted + kernel->static_shared <= WITHOUT_ASKING ||
        wanted <= atomic_load_explicit(&kernel->dynamic_max, memory_order_relaxed)) {
        return CW_CUDA_SUCCESS;
    }
    int result = cw_cuda_driver()->function_set(kernel->function, FUNCTION_MAX_DYNAMIC_SHARED, wanted);
    if (result == CW_CUDA_SUCCESS) {
        atomic_store_explicit(&kernel->dynamic_max, wanted, memory_order_relaxed);
    }
    return result;
}

/* The words of a barrier that no launch uses now: slots go round. Zeroed once; barriers leave them ready for the next. */
static int grid_barrier(struct cw_backend_device *device, uint64_t *words) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    int result = CW_CUDA_SUCCESS;
    pthread_mutex_lock(&device->lock);
    if (!device->grid_words) {
        result = driver->memory_alloc(&device->grid_words, CW_CUDA_GRID_SLOTS * 8u);
        if (result == CW_CUDA_SUCCESS) {
            result = driver->fill8(device->grid_words, 0, CW_CUDA_GRID_SLOTS * 8u, device->stream);
        }
        if (result == CW_CUDA_SUCCESS) {
            result = driver->stream_wait(device->stream);
        }
    }
    pthread_mutex_unlock(&device->lock);
    uint32_t slot = atomic_fetch_add_explicit(&device->grid_next, 1, memory_order_relaxed) % CW_CUDA_GRID_SLOTS;
    *words = device->grid_words + slot * 8u;
    return result;
}

void cw_cuda_grid_close(struct cw_backend_device *device) {
    if (device->grid_words) {
        (void)cw_cuda_driver()->memory_free(device->grid_words);
        device->grid_words = 0;
    }
}

static int launch_packed(const struct cw_launch *launch, void *stream, const void *params, size_t size) {
    void *extra[] = {BUFFER_POINTER, (void *)(uintptr_t)params, BUFFER_SIZE, &size, END};
    return cw_cuda_driver()->launch(launch->kernel->function, launch->grid.x, launch->grid.y, launch->grid.z,
                                    launch->block.x, launch->block.y, launch->block.z, launch->dynamic_shared, stream,
                                    NULL, extra);
}

static int launch_cooperative(const struct cw_launch *launch, void *stream, const void *params, uint64_t *words) {
    void **addresses = calloc(launch->param_count + 1, sizeof *addresses);
    if (!addresses) {
        return CW_CUDA_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < launch->param_count; i++) {
        addresses[i] = (char *)(uintptr_t)params + launch->layout[i].offset;
    }
    addresses[launch->param_count] = words;
    int result = cw_cuda_driver()->launch_cooperative(
        launch->kernel->function, launch->grid.x, launch->grid.y, launch->grid.z, launch->block.x, launch->block.y,
        launch->block.z, launch->dynamic_shared, stream, addresses);
    free(addresses);
    return result;
}

/* With the address of the barrier behind the source's parameters; 0 says that there is none. */
static int launch_grid(const struct cw_launch *launch, void *stream) {
    _Alignas(16) char params[PARAMETER_BYTES_MAX];
    size_t size = (launch->param_bytes + 7u) / 8u * 8u;
    uint64_t none = 0;
    if (size + sizeof none > sizeof params) {
        return CW_CUDA_OUT_OF_RESOURCES;
    }
    memcpy(params, launch->params, launch->param_bytes);
    memcpy(params + size, &none, sizeof none);
    return launch_packed(launch, stream, params, size + sizeof none);
}

static int launch_on(struct cw_backend_device *device, void *stream, const struct cw_launch *launch) {
    uint64_t words = 0;
    cw_cuda_enter(device);
    int result = allow_shared(launch->kernel, launch->dynamic_shared);
    if (result == CW_CUDA_SUCCESS && launch->cooperative && launch->kernel->grid) {
        result = grid_barrier(device, &words);
    }
    if (result != CW_CUDA_SUCCESS) {
        return result;
    }
    if (launch->cooperative) {
        return launch_cooperative(launch, stream, launch->params, &words);
    }
    return launch->kernel->grid ? launch_grid(launch, stream)
                                : launch_packed(launch, stream, launch->params, launch->param_bytes);
}

static cw_status report(const struct cw_launch *launch, int result, struct cw_fault *fault) {
    char what[512];
    if (result == CW_CUDA_SUCCESS) {
        return CW_OK;
    }
    snprintf(what, sizeof what, "the kernel %s on %s", launch->kernel->name, launch->kernel->device->name);
    return cw_cuda_fault(result, what, fault);
}

cw_status cw_cuda_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    int result = launch_on(device, device->stream, launch);
    if (result == CW_CUDA_SUCCESS) {
        result = cw_cuda_driver()->stream_wait(device->stream);
    }
    return report(launch, result, fault);
}

cw_status cw_cuda_launch_async(struct cw_backend_stream *stream, const struct cw_launch *launch,
                               struct cw_fault *fault) {
    stream->last = launch->kernel->name;
    return report(launch, launch_on(stream->device, stream->handle, launch), fault);
}
