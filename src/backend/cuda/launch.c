/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: kernel launches. Parameters go to the driver by their addresses (CUDA Driver API, cuLaunchKernel): a packed buffer, which
 * it takes too, was refused on hardware for parameters aligned to 128 bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "backend/cuda/device.h"

#define PARAMETERS_FEW 64u
#define FUNCTION_MAX_DYNAMIC_SHARED 8
#define FUNCTION_NON_PORTABLE_CLUSTER 14
#define PORTABLE_BLOCKS 8u /* of a cluster: more must be asked for, too */
#define WITHOUT_ASKING 49152 /* bytes of shared memory that every kernel may have */

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

static int allow_cluster(struct cw_backend_kernel *kernel, struct cw_dim3 cluster) {
    return cluster.x * cluster.y * cluster.z <= PORTABLE_BLOCKS
               ? CW_CUDA_SUCCESS
               : cw_cuda_driver()->function_set(kernel->function, FUNCTION_NON_PORTABLE_CLUSTER, 1);
}

/* What the driver's newer functions take (CUDA Driver API, cuLaunchKernelEx). `attributes`: room for two. */
static struct cw_cuda_launch configuration(const struct cw_launch *launch, void *stream,
                                           struct cw_cuda_launch_attribute attributes[2]) {
    unsigned count = 0;
    if (launch->cluster.x) {
        attributes[count++] = (struct cw_cuda_launch_attribute){
            .id = CW_CUDA_CLUSTER_DIMENSION, .value = {{launch->cluster.x, launch->cluster.y, launch->cluster.z}}};
    }
    if (launch->cooperative) {
        attributes[count++] = (struct cw_cuda_launch_attribute){.id = CW_CUDA_COOPERATIVE, .value = {{1}}};
    }
    return (struct cw_cuda_launch){.grid = {launch->grid.x, launch->grid.y, launch->grid.z},
                                   .block = {launch->block.x, launch->block.y, launch->block.z},
                                   .shared = launch->dynamic_shared,
                                   .stream = stream,
                                   .attributes = attributes,
                                   .attribute_count = count};
}

static int launch_with_clusters(const struct cw_launch *launch, void *stream, void **addresses) {
    struct cw_cuda_launch_attribute attributes[2];
    struct cw_cuda_launch config = configuration(launch, stream, attributes);
    int result = allow_cluster(launch->kernel, launch->cluster);
    return result == CW_CUDA_SUCCESS ? cw_cuda_driver()->launch_with(&config, launch->kernel->function, addresses, NULL)
                                     : result;
}

int32_t cw_cuda_kernel_clusters(struct cw_backend_kernel *kernel, const struct cw_launch *launch, bool potential) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    struct cw_cuda_launch_attribute attributes[2];
    struct cw_cuda_launch config = configuration(launch, NULL, attributes);
    int answer = -1, result = CW_CUDA_NOT_SUPPORTED;
    cw_cuda_enter(kernel->device);
    if (driver->clusters_active && driver->cluster_potential && allow_cluster(kernel, launch->cluster) == CW_CUDA_SUCCESS) {
        result = (potential ? driver->cluster_potential : driver->clusters_active)(&answer, kernel->function, &config);
    }
    return result == CW_CUDA_SUCCESS ? answer : -1;
}

/* Parameters by their addresses: the driver knows where in its buffer each one belongs. `words` is the one behind the source's, of
 * kernels that take it. */
static int launch_by_address(const struct cw_launch *launch, void *stream, uint64_t *words) {
    const struct cw_cuda_driver *driver = cw_cuda_driver();
    void *few[PARAMETERS_FEW];
    uint32_t count = launch->param_count;
    void **addresses = count < PARAMETERS_FEW ? few : malloc((count + 1) * sizeof *addresses);
    if (!addresses) {
        return CW_CUDA_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < count; i++) {
        addresses[i] = (char *)(uintptr_t)launch->params + launch->layout[i].offset;
    }
    addresses[count] = words;
    int result = launch->cluster.x ? launch_with_clusters(launch, stream, addresses)
                 : launch->cooperative
                     ? driver->launch_cooperative(launch->kernel->function, launch->grid.x, launch->grid.y,
                                                  launch->grid.z, launch->block.x, launch->block.y, launch->block.z,
                                                  launch->dynamic_shared, stream, addresses)
                     : driver->launch(launch->kernel->function, launch->grid.x, launch->grid.y, launch->grid.z,
                                      launch->block.x, launch->block.y, launch->block.z, launch->dynamic_shared,
                                      stream, addresses, NULL);
    if (addresses != few) {
        free(addresses);
    }
    return result;
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
    return launch_by_address(launch, stream, &words);
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
