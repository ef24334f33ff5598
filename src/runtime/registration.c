/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registration.c: the entry points that host objects of clang and nvcc call from their constructors, and around a
 * <<<>>>; and our own, which objects that embed a container call.
 */
#include <stddef.h>

#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

#define WRAPPER_MAGIC 0x466243b1

/* What clang and nvcc emit for a translation unit with device code. */
struct wrapper {
    int magic;
    int version;
    const void *data;
    void *unused;
};

/* No header declares these: compilers know them by name. */
CW_API void **__cudaRegisterFatBinary(void *wrapper);
CW_API void __cudaRegisterFatBinaryEnd(void **handle);
CW_API void __cudaUnregisterFatBinary(void **handle);
CW_API void __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit,
                                   void *tid, void *bid, void *block_dim, void *grid_dim, int *warp_size);
CW_API void __cudaRegisterVar(void **handle, char *host, char *device, const char *name, int external, size_t size,
                              int constant, int global);
CW_API void __cw_register_managed(void **handle, char *host, char *device, const char *name, int external, size_t size,
                                  int constant, int global);
CW_API void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external,
                                     size_t size, int constant, int global);
CW_API char __cudaInitModule(void **handle);
CW_API cudaError_t __cudaGetKernel(cudaKernel_t *kernel, const void *host);
CW_API cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                                      cudaStream_t stream);
CW_API cudaError_t __cudaLaunchKernel_ptsz(cudaKernel_t kernel, dim3 grid, dim3 block, void **args, size_t shared,
                                           cudaStream_t stream);
CW_API void __cw_register_container(const uint8_t id[16], const void *bytes, size_t size);
CW_API void __cw_register_linked(const void *container, void (*register_unit)(void **handle));
CW_API void __cw_unregister_linked(const void *container);

void **__cudaRegisterFatBinary(void *wrapper) {
    const struct wrapper *known = wrapper;
    /* A foreign wrapper is reported when something of it is launched: it may never be. */
    const void *data = known && known->magic == WRAPPER_MAGIC ? known->data : NULL;
    struct cw_rt_image *image = cw_rt_registry_add_image(data);
    if (!image) {
        cw_rt_say("out of memory while registering kernels");
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

void __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit,
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

void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external, size_t size,
                              int constant, int global) {
    (void)device;
    (void)external;
    (void)size;
    (void)constant;
    (void)global;
    cw_rt_say("the __managed__ variable %s was compiled by nvcc; its source must be compiled by cuda-wasm", name);
    (void)handle;
    (void)host;
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

char __cudaInitModule(void **handle) {
    (void)handle;
    return 1;
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
