/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loading.h: images turned into modules of a device: the best artifact of a container, or one that the compiler makes
 * of its bitcode now. Happens once an image and device; a failure is remembered, and said once.
 */
#ifndef CW_RUNTIME_LOADING_H
#define CW_RUNTIME_LOADING_H

#include "base/text.h"
#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"
#include "module/module.h"
#include "runtime/device.h"

/* A kernel on a device; what cudaFunction_t points to. Lives until its device is reset. */
struct CUfunc_st {
    struct cw_rt_device *device;
    const struct cw_kernel *row;
    struct cw_backend_kernel *backend;
    struct cw_kernel_facts facts;
    /* cudaFuncSetAttribute */
    _Atomic int dynamic_shared_max;
    _Atomic int carveout;
};

struct cw_rt_loaded {
    struct cw_rt_loaded *next;
    cudaError_t error; /* and `reason`, when it could not be loaded */
    char *reason;
    struct cw_table table;
    struct cw_backend_module *module;
    struct CUfunc_st *kernels; /* one a row of the table */
};

/* The kernel that a host address stands for. cudaErrorInvalidDeviceFunction when it is none. */
cudaError_t cw_rt_kernel_find(struct cw_rt_device *device, const void *host, struct CUfunc_st **kernel);
/* How many blocks of that many threads and bytes of dynamic shared memory one multiprocessor holds at once; 0 when none
 * fits (function.c). */
uint32_t cw_rt_kernel_active_blocks(const struct CUfunc_st *kernel, uint32_t block_size, size_t dynamic_shared);
/* Address and size of a device variable. cudaErrorInvalidSymbol when `host` is none. */
cudaError_t cw_rt_variable_find(struct cw_rt_device *device, const void *host, void **pointer, size_t *size);
/* Unloads everything from a device on which nothing runs. */
void cw_rt_unload(struct cw_rt_device *device);

/* Lowers bitcode for a backend's target: a container with table and artifact, out of the cache if it is there (compile.c).
 * False, and a sentence in `reason`, when that can't be done. */
bool cw_rt_compile(struct cw_backend_device *device, const struct cw_backend *backend, const void *bitcode, size_t size,
                   struct cw_text *container, struct cw_text *reason);

#endif
