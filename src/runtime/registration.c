/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registration.c: the entry points that host objects of clang and nvcc call from their constructors, and around a
 * <<<>>>; and our own, which objects that embed a container call.
 */
#include <stddef.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "module/fatbin.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/registry.h"
#include "runtime/thread.h"


/* No header declares these: compilers know them by name. */
CW_API void **__cudaRegisterFatBinary(void *wrapper);
CW_API void __cudaRegisterFatBinaryEnd(void **handle);
CW_API void __cudaUnregisterFatBinary(void **handle);
/* clang declares it to return int, which WebAssembly, where callers and functions must agree, holds it to. */
CW_API int __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit,
                                   void *tid, void *bid, void *block_dim, void *grid_dim, int *warp_size);
CW_API void __cudaRegisterVar(void **handle, char *host, char *device, const char *name, int external, size_t size,
                              int constant, int global);
CW_API void __cw_register_managed(void **handle, char *host, char *device, const char *name, int external, size_t size,
                                  int constant, int global);
CW_API /* nvcc's host code sees the variable through the pointer at `host`, and calls __cudaInitModule before it first looks. */
void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external,
                                     size_t size, int constant, int global);
CW_API char __cudaInitModule(void **handle);
CW_API void __cudaRegisterTexture(void **handle, const void *host, const void **device, const char *name, int dimensions,
                                  int normalised, int external);
CW_API void __cudaRegisterSurface(void **handle, const void *host, const void **device, const char *name, int dimensions,
                                  int external);
CW_API cudaError_t __cudaGetKernel(cudaKernel_t *kernel, const void *host);
CW_API cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                                      cudaStream_t stream);
CW_API cudaError_t __cudaLaunchKernel_ptsz(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                                           cudaStream_t stream);
CW_API void __cw_register_container(const uint8_t id[16], const void *bytes, size_t size);
CW_API void __cw_register_linked(const void *container, void (*register_unit)(void **handle));
CW_API void __cw_unregister_linked(const void *container);

void **__cudaRegisterFatBinary(void *wrapper) {
    const struct cw_fatbin_wrapper *known = wrapper;
    /* A foreign wrapper is reported when something of it is launched: it may never be. */
    const void *data = known && known->magic == CW_FATBIN_WRAPPER_MAGIC ? known->data : NULL;
    struct cw_rt_image *image = cw_rt_registry_add_image(data);
    if (!image) {
        cw_rt_say("out of memory while registering kernels");
    } else if (data && known->version == 2 && memcmp(data, &(uint32_t){CW_FATBIN_MAGIC}, 4) == 0) {
        image->units = known->units;
    }
    return (void **)image;
}

void __cudaRegisterFatBinaryEnd(void **handle) {
    (void)handle;
}

void __cudaUnregisterFatBinary(void **handle) {
    if (handle) {
        cw_rt_registry_remove_image((struct cw_rt_image *)handle);
    }
}

int __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit,
                            void *tid, void *bid, void *block_dim, void *grid_dim, int *warp_size) {
    (void)device;
    (void)thread_limit;
    (void)tid;
    (void)bid;
    (void)block_dim;
    (void)grid_dim;
    (void)warp_size;
    if (handle) {
        cw_rt_registry_add_symbol((struct cw_rt_image *)handle, host, name, CW_RT_SYMBOL_KERNEL);
    }
    return 0;
}

void __cudaRegisterVar(void **handle, char *host, char *device, const char *name, int external, size_t size,
                       int constant, int global) {
    (void)device;
    (void)external;
    (void)size;
    (void)constant;
    (void)global;
    if (handle) {
        cw_rt_registry_add_symbol((struct cw_rt_image *)handle, host, name, CW_RT_SYMBOL_VARIABLE);
    }
}

/* nvcc's host code sees the variable through the pointer at `host`, and calls __cudaInitModule before it first looks. */
void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external, size_t size,
                              int constant, int global) {
    (void)device;
    (void)external;
    (void)constant;
    (void)global;
    void *room = handle ? cw_rt_registry_make_managed((struct cw_rt_image *)handle, name, size) : NULL;
    if (!room) {
        cw_rt_say("out of memory while registering %s", name);
    }
    *host = room;
}

/* What the compiler makes of __cudaRegisterVar for a managed variable: `host` is the variable itself, with its value. */
void __cw_register_managed(void **handle, char *host, char *device, const char *name, int external, size_t size,
                           int constant, int global) {
    (void)device;
    (void)external;
    (void)constant;
    (void)global;
    if (handle) {
        cw_rt_registry_add_managed((struct cw_rt_image *)handle, host, name, size);
    }
}

/* The first value of a managed variable is in the device code. */
char __cudaInitModule(void **handle) {
    struct cw_rt_device *device;
    struct cw_rt_loaded *loaded;
    struct cw_rt_image *image = (struct cw_rt_image *)handle;
    if (!image || !cw_rt_registry_must_fill(image)) {
        return 1;
    }
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_image_load(device, image, &loaded);
    }
    return cw_rt_record(error) == cudaSuccess;
}

/* Of the host's structures; `normalised`: what is read becomes a float from 0 or -1 to 1. */
void __cudaRegisterTexture(void **handle, const void *host, const void **device, const char *name, int dimensions,
                           int normalised, int external) {
    (void)device;
    (void)dimensions;
    (void)external;
    if (handle) {
        cw_rt_registry_add_reference((struct cw_rt_image *)handle, host, name, CW_RT_SYMBOL_TEXTURE, normalised != 0);
    }
}

void __cudaRegisterSurface(void **handle, const void *host, const void **device, const char *name, int dimensions,
                           int external) {
    (void)device;
    (void)dimensions;
    (void)external;
    if (handle) {
        cw_rt_registry_add_reference((struct cw_rt_image *)handle, host, name, CW_RT_SYMBOL_SURFACE, false);
    }
}

/* Newer nvcc's stubs go through a handle. The host address is as good a handle as any, and launches take it. */
cudaError_t cudaGetKernel(cudaKernel_t *kernel, const void *host) {
    struct cw_rt_found found;
    if (!kernel) {
        return cw_rt_record(cw_rt_fail(cudaErrorInvalidValue, "the place for the kernel is NULL"));
    }
    if (!cw_rt_registry_find(host, true, 0, &found)) {
        return cw_rt_record(
            cw_rt_fail(cudaErrorInvalidDeviceFunction, "%p is not the address of a __global__ function", host));
    }
    *kernel = (cudaKernel_t)(uintptr_t)host;
    return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t *kernel, const void *host) {
    return cudaGetKernel(kernel, host);
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                               cudaStream_t stream) {
    return cudaLaunchKernel(kernel, grid, block, args, shared, stream);
}

cudaError_t __cudaLaunchKernel_ptsz(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                                    cudaStream_t stream) {
    return cudaLaunchKernel(kernel, grid, block, args, shared, stream ? stream : cudaStreamPerThread);
}

void __cw_register_container(const uint8_t id[16], const void *bytes, size_t size) {
    cw_rt_registry_add_container(id, bytes, size);
}

/* Separate compilation: the units of one device link register their kernels and variables with one image. */
void __cw_register_linked(const void *container, void (*register_unit)(void **handle)) {
    struct cw_rt_image *image = cw_rt_registry_find_image(container);
    if (!image) {
        image = cw_rt_registry_add_image(container);
    }
    if (image) {
        register_unit((void **)image);
    } else {
        cw_rt_say("out of memory while registering kernels");
    }
}

void __cw_unregister_linked(const void *container) {
    struct cw_rt_image *image = cw_rt_registry_find_image(container);
    if (image) {
        cw_rt_registry_remove_image(image);
    }
}

/* ---- <<<>>> -------------------------------------------------------------------------------------------------- */

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared, struct CUstream_st *stream) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (thread->configuration_count == CW_RT_CONFIGURATIONS_MAX) {
        cw_rt_record(
            cw_rt_fail(cudaErrorMissingConfiguration, "<<<>>> nested deeper than %u", CW_RT_CONFIGURATIONS_MAX));
        return 1;
    }
    thread->configurations[thread->configuration_count++] = (struct cw_rt_configuration){grid, block, shared, stream};
    return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3 *grid, dim3 *block, size_t *shared, void *stream) {
    struct cw_rt_thread *thread = cw_rt_thread();
    if (thread->configuration_count == 0) {
        return cw_rt_record(cw_rt_fail(cudaErrorMissingConfiguration, "a kernel's stub was called without <<<>>>"));
    }
    const struct cw_rt_configuration *top = &thread->configurations[--thread->configuration_count];
    *grid = top->grid;
    *block = top->block;
    *shared = top->shared;
    *(cudaStream_t *)stream = top->stream;
    return cudaSuccess;
}
